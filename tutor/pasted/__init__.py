"""An exam question that a learner pasted in: its options recognised, and each judged by the notes."""

from tutor.pasted.judging import answer
from tutor.pasted.reading import Pasted, read

__all__ = ["Pasted", "answer", "read"]
