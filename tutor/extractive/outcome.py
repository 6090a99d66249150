"""Features of a question in, how far the notes answer it out: answered, closest or absent; and which words they lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tutor import weights
from tutor.extractive.answerable import FEATURES
from tutor.extractive.candidates import Candidate
from tutor.question import Query
from tutor.types import Outcome


@dataclass(frozen=True, slots=True)
class _Decisions:
    """What tells answerable from not, and near from off, each with its threshold: log odds."""

    linear: weights.Linear
    trees: weights.Trees
    threshold: float
    topical: weights.Linear
    near: float


@cache
def _decisions() -> _Decisions:
    data = weights.read("answerable")
    answerable, topical = data["answerable"], data["topical"]
    if not isinstance(answerable, dict) or not isinstance(topical, dict):
        raise ValueError("answerable.json must hold two models: run `python -m evals calibrate`")
    linear, boosted = weights.linear(answerable, FEATURES), weights.trees(answerable, FEATURES)
    return _Decisions(linear, boosted, float(answerable["threshold"]), weights.linear(topical, FEATURES), float(topical["threshold"]))


def decide(row: NDArray[np.float64]) -> Outcome:
    """The outcome for one question's features; the mean of two models' log odds decides whether the notes answer it."""
    made = _decisions()
    if (made.linear.score(row) + made.trees.score(row)) / 2 >= made.threshold:
        return "answered"
    return "closest" if made.topical.score(row) >= made.near else "absent"


def missing(query: Query, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """The words of a question that the notes never use; where there are none, those that nothing near the topic uses."""
    topic = [t for t in query.terms if not t.generic]
    never = [t.word for t in topic if not t.known]
    if never:
        return tuple(dict.fromkeys(never))
    said: frozenset[str] = frozenset().union(*(c.all_stems for c in candidates))
    apart = sorted((t for t in topic if t.stem not in said), key=lambda t: -t.weight)
    return tuple(dict.fromkeys(t.word for t in apart[:3]))
