"""Questions and two pipelines over the same notes in, how often each finds their evidence within the same tokens out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from evals.bench import peer
from evals.bench.compared import gain, gain_row
from evals.cases import Case
from evals.measures.asking import evidence_held, reciprocal
from tutor.context import BUDGET
from tutor.embed import Count
from tutor.session import Tutor
from tutor.types import Hit, Passage

METRICS: Final = ("any", "all", "mrr10")
DEPTH: Final = 10
NOTES: Final = 20
"""From so many notes on, the questions on one note are a cluster; of fewer, the wordings of one question."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a pipeline brings for a question: passages within the budget, and its best passages in order."""

    packed: Sequence[Hit]
    ranked: Sequence[Hit]


Finder = Callable[[Sequence[str]], list[Found]]
"""Questions in, what a pipeline finds for each out."""


def ours(tutor: Tutor) -> Finder:
    """Our pipeline: the context that an answer is drafted from."""
    return lambda questions: [Found(tutor.context(q, BUDGET), tutor.search(q, k=DEPTH)) for q in questions]


def theirs(store: peer.Store, starts: Mapping[str, int], encode: peer.Encode, count: Count) -> Finder:
    """The other pipeline: of its chunks, nearest first, all that still fit, so that no question gets less for a fixed k. `starts` says
    where in its note each text begins that was split."""
    sizes = count([c.text for c in store.chunks])
    hits = [_hit(chunk, starts[chunk.note], tokens) for chunk, tokens in zip(store.chunks, sizes, strict=True)]

    def find(questions: Sequence[str]) -> list[Found]:
        orders = (peer.nearest(store.vectors, vector, len(hits)) for vector in encode(questions))
        ranked = ([hits[row] for row in order] for order in orders)
        return [Found(filled(best, BUDGET), best[:DEPTH]) for best in ranked]

    return find


def _hit(chunk: peer.Chunk, begins: int, tokens: int) -> Hit:
    return Hit(Passage(chunk.note, (), begins + chunk.start, begins + chunk.end, None, chunk.text, tokens=tokens), 0.0)


def filled(hits: Sequence[Hit], budget: int) -> list[Hit]:
    """Of hits in order, each that still fits into so many tokens."""
    kept: list[Hit] = []
    for hit in hits:
        if hit.passage.tokens <= budget:
            kept.append(hit)
            budget -= hit.passage.tokens
    return kept


def compare(cases: Sequence[Case], finders: tuple[Finder, Finder], count: Count) -> dict[str, Any]:
    """Both finders over the questions that the notes answer: gains, and how many tokens and passages each brings.

    "any" is the share of questions of which some evidence is in the packed passages, "all" of which each piece is; "mrr10" is the mean
    of one over the rank of the first of the ten best passages with evidence. The same code judges both.
    """
    asked = [c for c in cases if c.answerable]
    clusters, by = clustered(asked)
    found = [find([c.question for c in asked]) for find in finders]
    mine, other = ([_scores(c, f) for c, f in zip(asked, side, strict=True)] for side in found)
    gains = {name: gain(clusters, [row[name] for row in mine], [row[name] for row in other]) for name in METRICS}
    return {
        "questions": len(asked),
        "clusters": len(set(clusters)),
        "clustered_by": by,
        "gains": {name: gain_row(g) for name, g in gains.items()},
        "packed": {side: _packed(each, count) for side, each in zip(("ours", "theirs"), found, strict=True)},
    }


def clustered(cases: Sequence[Case]) -> tuple[list[str], str]:
    """For each case the cluster that it belongs to, and what the clusters are."""
    notes = [c.evidence[0].note for c in cases]
    return (notes, "notes") if len(set(notes)) >= NOTES else ([c.family for c in cases], "families")


def _scores(case: Case, found: Found) -> Mapping[str, float]:
    held_any, held_all = evidence_held(case, found.packed)
    return {"any": float(held_any), "all": float(held_all), "mrr10": reciprocal(case, found.ranked)}


def _packed(found: Sequence[Found], count: Count) -> dict[str, float]:
    tokens = [sum(count([h.passage.text for h in f.packed])) for f in found]
    passages = [len(f.packed) for f in found]
    return {"tokens": round(sum(tokens) / len(tokens), 1), "most": max(tokens), "pieces": round(sum(passages) / len(passages), 1)}
