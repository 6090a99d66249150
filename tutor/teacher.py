"""What a teacher is: a question and its evidence in, drafted answers out. Declared here for its consumers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from tutor.context import Evidence
from tutor.question import Query
from tutor.types import Answer, Depth, Turn

ALONE: Final = "This answer is from your notes alone."
"""Said where a model was asked for and something else answers."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a teacher is asked: the question, what to answer it from, the conversation before it, and how it is wanted.

    `said` is what the learner typed where that is not the question itself but a try at it, in Socratic steps."""

    query: Query
    evidence: Evidence
    history: tuple[Turn, ...] = ()
    depth: Depth = "explain"
    said: str = ""


class Teacher(Protocol):
    """Drafts answers. Whatever it drafts is checked before it is shown."""

    @property
    def mode(self) -> str:
        """What drafts: "notes-only", or a model's name."""
        ...

    def drafts(self, asking: Asking, /) -> Iterator[Answer]:
        """Answers from this evidence alone, each in place of the one before; the last one stands."""
        ...
