"""A question and the conversation before it in, the question as it would read on its own out. By rule, English only."""

from tutor.followup.completion import complete
from tutor.followup.wish import depth

__all__ = ["complete", "depth"]
