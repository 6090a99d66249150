"""Features of a question in, how far the notes answer it out: answered, closest or absent; and which words they lack."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tutor import weights
from tutor.extractive.answerable import FEATURES
from tutor.extractive.candidates import Candidate
from tutor.question import Query
from tutor.types import Outcome


@cache
def _models() -> tuple[weights.Linear, float, weights.Linear, float]:
    """Answerable against not, and near against off, each with its threshold."""
    data = weights.read("answerable")
    answerable, topical = data["answerable"], data["topical"]
    if not isinstance(answerable, dict) or not isinstance(topical, dict):
        raise ValueError("answerable.json must hold two models: run `python -m evals calibrate`")
    return weights.linear(answerable, FEATURES), float(answerable["threshold"]), weights.linear(topical, FEATURES), float(topical["threshold"])


def decide(row: NDArray[np.float64]) -> Outcome:
    """The outcome for one question's features."""
    answerable, cut, topical, near = _models()
    if answerable.probability(list(row)) >= cut:
        return "answered"
    return "closest" if topical.probability(list(row)) >= near else "absent"


def missing(query: Query, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """The words of a question that the notes never use; where there are none, those that nothing near the topic uses."""
    topic = [t for t in query.terms if not t.generic]
    never = [t.word for t in topic if not t.known]
    if never:
        return tuple(dict.fromkeys(never))
    said: frozenset[str] = frozenset().union(*(c.all_stems for c in candidates))
    apart = sorted((t for t in topic if t.stem not in said), key=lambda t: -t.weight)
    return tuple(dict.fromkeys(t.word for t in apart[:3]))
