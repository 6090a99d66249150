"""What a teacher is: a question and its evidence in, drafted answers out. Declared here for its consumers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from tutor.context import Evidence
from tutor.question import Query
from tutor.types import Answer, Depth, Turn


class Teacher(Protocol):
    """Drafts answers. Whatever it drafts is checked before it is shown."""

    mode: str

    def drafts(self, query: Query, evidence: Evidence, history: Sequence[Turn], depth: Depth, /) -> Iterator[Answer]:
        """Answers to the question from this evidence alone, each in place of the one before; the last one stands."""
        ...
