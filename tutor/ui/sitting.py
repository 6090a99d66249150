"""The quiz that a learner is in the midst of, kept for the session: its questions, what was answered, where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import streamlit as st

from tutor.errors import InputError
from tutor.exam import Difficulty, Grade, Question, QuestionKind
from tutor.exam_layout import Outcome, objection, outcome
from tutor.session import Tutor

KEPT: Final = "sitting"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a quiz was asked to be."""

    topic: str = ""
    kinds: tuple[QuestionKind, ...] = ()
    n: int = 5
    difficulty: Difficulty | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """What was answered to a question, and how it was marked; `reply` is what was said to the grade's follow-up."""

    attempt: str
    grade: Grade
    reply: str = ""


@dataclass(slots=True)
class Sitting:
    """A quiz under way. `done` is by place; `dropped` says why a question was left out, with the place it would have had."""

    number: int
    wanted: Wanted
    questions: list[Question]
    remark: str = ""
    at: int = 0
    done: dict[int, Done] = field(default_factory=dict)
    dropped: list[tuple[int, str]] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        """Whether the last question is behind."""
        return self.at >= len(self.questions)

    def outcomes(self) -> list[Outcome | None]:
        """How each question came out; None where it was not answered."""
        return [outcome(self.done[n].grade) if n in self.done else None for n in range(len(self.questions))]


def current() -> Sitting | None:
    """The quiz under way, if there is one."""
    found: Sitting | None = st.session_state.get(KEPT)
    return found


def begin(tutor: Tutor, wanted: Wanted) -> None:
    """Draw a quiz and sit down to it. Raises InputError where there is none to be had; the one before is kept then."""
    quiz = tutor.draw(wanted.topic, wanted.kinds or None, wanted.n, wanted.seed, wanted.difficulty)
    if not quiz.questions:
        raise InputError(quiz.remark)
    before = current()
    st.session_state[KEPT] = Sitting(before.number + 1 if before else 1, wanted, list(quiz.questions), quiz.remark)


def settle(tutor: Tutor, sitting: Sitting) -> None:
    """Hold the question that is up against the notes as they are now; one that is not valid is taken out, and why is kept."""
    while not sitting.ended and (why := objection(tutor.verify(sitting.questions[sitting.at]))):
        del sitting.questions[sitting.at]
        sitting.done.pop(sitting.at, None)
        sitting.dropped.append((sitting.at, why))


def mark(tutor: Tutor, sitting: Sitting, attempt: str, reply: str = "") -> None:
    """Mark an attempt at the question that is up. Raises InputError for none, and for one that cannot be marked."""
    if not attempt.strip():
        raise InputError("Answer first, or skip the question.")
    sitting.done[sitting.at] = Done(attempt, tutor.grade(sitting.questions[sitting.at], attempt, reply), reply)


def leave() -> None:
    """Leave the quiz; its number stays, so that the next one's widgets are new."""
    sitting = current()
    if sitting is not None:
        sitting.questions, sitting.done, sitting.dropped, sitting.at = [], {}, [], 0
