"""An index in, what its questions are like out: how many by kind, whether they are valid, what blind guessers get, time."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Final

import tutor
from tutor.exam import Question, QuestionKind
from tutor.questions import checks, guessing
from tutor.questions.draw import KINDS, MOST
from tutor.session import Tutor

GUESSED: Final = 300
"""Multiple-choice questions that the guessers answer."""
TIMED: Final = 20
"""Questions of the quiz that is timed."""


def measure(index: Path | None = None, seed: int = 0) -> dict[str, object]:
    """Draw every question that an index proves, and measure the set.

    `chance` is what guessing by the dice would get of the multiple-choice questions; `overlap` guesses the option with
    the most words in common with the stem, `longest` the longest one, each sharing a tie.
    """
    t = tutor.load(index, model="")
    began = time.perf_counter()
    t.quiz(n=TIMED, seed=seed + 1)
    cold = time.perf_counter() - began
    began = time.perf_counter()
    t.quiz(n=TIMED, seed=seed + 2)
    warm = time.perf_counter() - began
    drawn = {kind: everything(t, kind, seed) for kind in KINDS}
    all_questions = [q for questions in drawn.values() for q in questions]
    statuses = Counter(t.verify(q).status for q in all_questions)
    single = t.quiz(kinds=["multiple_choice"], n=GUESSED, seed=seed)
    return {
        "questions": len(all_questions),
        "by_kind": {kind: len(questions) for kind, questions in drawn.items()},
        "by_maker": dict(Counter(q.proof.maker.split(":")[0] for q in all_questions).most_common()),
        "by_difficulty": dict(Counter(q.difficulty for q in all_questions).most_common()),
        "status": dict(statuses),
        "set_findings": [f.text for f in checks.examine_set(single)],
        "guessed": len(single),
        "chance": round(sum(1 / len(q.options) for q in single) / max(1, len(single)), 3),
        "overlap": round(sum(map(guessing.overlap, single)) / max(1, len(single)), 3),
        "longest": round(sum(map(guessing.longest, single)) / max(1, len(single)), 3),
        "seconds_cold": round(cold, 2),
        "seconds_warm": round(warm, 2),
    }


def everything(t: Tutor, kind: QuestionKind, seed: int = 0) -> list[Question]:
    """The questions of a kind that the notes prove, MOST of them at most, in the order in which the seed draws them."""
    return t.quiz(kinds=[kind], n=MOST, seed=seed)
