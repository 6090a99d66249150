"""A question and its evidence in, how far the notes answer it out: answered, closest or absent, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tutor import weights
from tutor.extractive.candidates import Candidate
from tutor.index import Index
from tutor.question import Query
from tutor.retrieve import Ranked, coverage
from tutor.retrieve import FEATURES as RANK_FEATURES
from tutor.types import Outcome

FEATURES: Final = (
    "cosine", "cosine_three", "cosine_fall", "rank_score", "rank_fall", "soft", "best_coverage", "chosen_coverage", "passage_coverage", "three_coverage",
    "unknown", "unknown_any", "rarest_near", "rarest_chosen", "least_chosen", "pair_near", "score_fall", "number_missing", "terms", "long", "parts", "compare", "claim",
)  # fmt: skip


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


def features(query: Query, ranked: Ranked, index: Index, candidates: Sequence[Candidate], scores: NDArray[np.float64], chosen: Sequence[int]) -> NDArray[np.float64]:
    """What tells answerable questions from others, shape (FEATURES,)."""
    if not ranked.rows or not candidates:
        return np.zeros(len(FEATURES))
    cosine = np.sort(ranked.features[:, RANK_FEATURES.index("cosine")])[::-1]
    soft = ranked.features[:, RANK_FEATURES.index("soft_coverage")]
    near = [frozenset().union(*index.terms(row)) for row in ranked.rows[:3]]
    said = [c.stems | c.label_stems | c.heading_stems for c in candidates]
    first = [said[i] for i in chosen[:3]] or [frozenset()]
    topic = [t for t in query.terms if not t.generic] or list(query.terms)
    weight = sum(t.weight for t in topic) or 1.0
    rarest = max(topic, key=lambda t: t.weight, default=None)
    together = frozenset().union(*first)
    pairs = [(a.stem, b.stem) for a, b in pairwise(topic)]
    best = candidates[chosen[0]] if chosen else candidates[0]
    spread = np.sort(scores)[::-1]
    return np.array(
        [
            cosine[0],
            cosine[:3].mean(),
            cosine[0] - cosine[min(10, len(cosine) - 1)],
            ranked.scores[0],
            ranked.scores[0] - ranked.scores[min(10, len(ranked.scores) - 1)],
            soft.max(initial=0.0),
            max(coverage(query, s) for s in said),
            coverage(query, first[0]),
            max(coverage(query, n) for n in near),
            coverage(query, frozenset().union(*near)),
            sum(t.weight for t in topic if not t.known) / weight,
            float(any(not t.known for t in topic)),
            float(rarest is not None and any(rarest.stem in n for n in near)),
            float(rarest is not None and rarest.stem in together),
            min((max(t.stem in s for s in first) for t in topic), default=0),
            sum(any(a in n and b in n for n in near) for a, b in pairs) / max(1, len(pairs)),
            spread[0] - spread[min(8, len(spread) - 1)],
            float(query.kind == "number" and not any(ch.isdigit() for ch in best.text)),
            np.log1p(len(topic)),
            float(len(query.text.split()) > 18),
            float(len(query.parts) > 0),
            float(query.kind == "compare"),
            float(query.kind == "claim"),
        ],
        dtype=np.float64,
    )


def missing(query: Query, index: Index, candidates: Sequence[Candidate], chosen: Sequence[int]) -> tuple[str, ...]:
    """The words of a question that the notes lack: those they never use, else those they never use with the topic."""
    topic = [t for t in query.terms if not t.generic]
    never = [t.word for t in topic if not t.known]
    if never:
        return tuple(dict.fromkeys(never))
    said = frozenset().union(*(candidates[i].stems | candidates[i].label_stems | candidates[i].heading_stems for i in chosen)) if chosen else frozenset[str]()
    apart = sorted((t for t in topic if t.stem not in said), key=lambda t: -t.weight)
    return tuple(dict.fromkeys(t.word for t in apart[:3]))
