"""The check of a sentence against the quotes it cites: words, numbers, names, denials and order; no model."""

from tutor.ground.verdict import Judgement, Verdict, judge

__all__ = ["Judgement", "Verdict", "judge"]
