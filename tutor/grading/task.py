"""A free-text question in, what is marked out: its question, reference and key points, with where the notes say them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tutor.errors import InputError
from tutor.exam import KeyPoint, Question
from tutor.types import Citation

MOST: Final = 20
"""Key points of a question."""
LONGEST: Final = 2_000
"""Characters of a question, and of a key point."""
FULLEST: Final = 8_000
"""Characters of a reference answer."""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to be said: its text and accepted phrasings, and where the notes say it, None where that is not known."""

    text: str
    accepted: tuple[str, ...] = ()
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A question with its key points. `reference` is an answer in full, "" where there is none."""

    question: str
    reference: str
    points: tuple[Point, ...]


def read(question: Question | Mapping[str, object]) -> Task:
    """The task that a question sets: a Question of free text, or a mapping with `question`, `key_points` (texts, or mappings
    with a `text`) and perhaps `reference`. Raises InputError for any other."""
    if isinstance(question, Question):
        cited = {c.number: c for c in question.proof.citations}
        points = tuple(Point(p.text, p.accepted, next((cited[n] for n in p.citations if n in cited), None)) for p in question.key_points)
        return _checked(Task(f"{question.scenario} {question.stem}".strip(), question.reference, points))
    if not isinstance(question, Mapping):
        raise InputError("A question to grade is a Question, or a mapping with question, reference and key_points.")
    asked, reference, listed = question.get("question"), question.get("reference", ""), question.get("key_points")
    if not isinstance(asked, str) or not asked.strip():
        raise InputError("A question to grade needs its text under question.")
    if not isinstance(reference, str):
        raise InputError("The reference of a question must be a text.")
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        raise InputError("A question to grade needs its key points, a list of texts, under key_points.")
    return _checked(Task(asked, reference, tuple(_point(one) for one in listed)))


def _point(one: object) -> Point:
    if isinstance(one, KeyPoint):
        return Point(one.text, one.accepted)
    text = one.get("text") if isinstance(one, Mapping) else one
    if not isinstance(text, str):
        raise InputError("A key point is a text, or a mapping with a text.")
    return Point(text)


def _checked(task: Task) -> Task:
    if not task.points:
        raise InputError("This question has no key points, so there is nothing to mark an answer by.")
    if any(not any(c.isalnum() for c in p.text) for p in task.points):
        raise InputError("A key point of this question is empty.")
    if len(task.points) > MOST:
        raise InputError(f"This question has {len(task.points)} key points; at most {MOST} can be marked.")
    if max(len(task.question), *(len(p.text) for p in task.points)) > LONGEST or len(task.reference) > FULLEST:
        raise InputError(f"The question and each key point may have {LONGEST:,} characters, the reference {FULLEST:,}.")
    return task
