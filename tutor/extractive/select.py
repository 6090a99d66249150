"""Candidates with scores in, the statements of an answer out: few, different, within a number of words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tutor import weights
from tutor.extractive.candidates import FEATURES, Candidate
from tutor.question import Query

STATEMENTS: Final = 8
WORDS: Final = 165


@dataclass(frozen=True, slots=True)
class Settings:
    """How candidates crowd each other out. `alike`: the share of terms at which a second one says the same;
    `repeat`: what sharing terms with a chosen one costs; `sibling`: what belonging to a chosen one's list gains;
    `fall`: how far below the best a score may lie."""

    alike: float = 0.8
    repeat: float = 0.5
    sibling: float = 2.0
    fall: float = 9.0


@cache
def model() -> weights.Linear:
    """The fitted selector."""
    return weights.linear(weights.read("select"), FEATURES)


def select(
    query: Query, candidates: Sequence[Candidate], scores: NDArray[np.float64], most: int = STATEMENTS, words: int = WORDS, settings: Settings | None = None
) -> list[int]:
    """Choose candidates greedily, best first; returns their places in `candidates`.

    A candidate that says what a chosen one says is passed over (maximal marginal relevance, Carbonell and Goldstein
    1998, over shared terms); where the question asks how or for a list, a chosen item brings its list along.
    """
    s = settings or Settings()
    value = np.array(scores, dtype=np.float64)
    chosen: list[int] = []
    left = set(range(len(candidates)))
    used = 0
    lowest = float(value.max(initial=0.0)) - s.fall
    while left and len(chosen) < most:
        best = max(left, key=lambda i: (value[i], -i))
        left.discard(best)
        if chosen and value[best] < lowest:
            break
        size = len(candidates[best].text.split())
        if chosen and (used + size > words or any(_alike(candidates[best], candidates[i]) > s.alike for i in chosen)):
            continue
        chosen.append(best)
        used += size
        for i in left:
            shared = len(candidates[best].stems & candidates[i].stems) / max(1, len(candidates[i].stems))
            value[i] -= s.repeat * shared
            if query.kind in ("how", "list") and siblings(candidates[best], candidates[i]):
                value[i] += s.sibling
    return chosen


def _alike(one: Candidate, other: Candidate) -> float:
    return len(one.stems & other.stems) / max(1, min(len(one.stems), len(other.stems)))


def siblings(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates are items of one list."""
    a, b = one.hit.passage, other.hit.passage
    return (
        one.unit.kind in ("item", "step")
        and one.unit.kind == other.unit.kind
        and a.note == b.note
        and a.heading == b.heading
        and one.unit.label == other.unit.label
    )
