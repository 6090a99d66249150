"""What a teacher is: a question and its evidence in, a drafted answer out. Declared here for its consumer, `explain`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tutor.context import Evidence
from tutor.question import Query
from tutor.types import Answer, Turn


class Teacher(Protocol):
    """Drafts answers. Whatever it drafts is checked before it is shown."""

    mode: str

    def explain(self, query: Query, evidence: Evidence, history: Sequence[Turn], /) -> Answer:
        """An answer to the question from this evidence alone."""
        ...
