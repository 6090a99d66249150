"""The suite of retrieval: gold questions in, how early and how fully their evidence is found out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from evals.cases import Case, sets
from evals.measures.asking import evidence_held, reciprocal
from evals.records import Item, digest
from evals.suites import Scene
from tutor.types import Hit

DEPTH = 10


def items(scene: Scene) -> Iterator[Item]:
    """An item for each question that the notes answer: "retrieval/ID"."""
    for each in sets():
        tutor = scene.tutor(each.name)
        for case in scene.cases(each.name):
            if case.answerable:
                hits, packed = tutor.search(case.question, k=DEPTH), tutor.context(case.question)
                yield item(case, each.name, hits, packed)


def item(case: Case, name: str, hits: Sequence[Hit], packed: Sequence[Hit]) -> Item:
    """One question, with the passages found for it, best first, and those packed into its context."""
    ranks = first_ranks(case, hits)
    held_any, held_all = evidence_held(case, packed)
    scores = {
        "ndcg10": ndcg(ranks),
        "recall10": sum(r is not None for r in ranks) / len(ranks),
        "mrr10": reciprocal(case, hits),
        "evidence_any": held_any,
        "evidence_all": held_all,
    }
    outcome = " ".join(digest([h.passage.id for h in some])[:8] for some in (hits, packed))
    return Item(
        f"retrieval/{case.id}", case.kind, case.domain or name, case.family, case.question, case.sha, {"in_context": held_any}, scores, outcome=outcome,
        critical=case.critical,
    )  # fmt: skip


def first_ranks(case: Case, hits: Sequence[Hit]) -> list[int | None]:
    """The 1-based rank of the first passage that holds each piece of evidence; a single piece may be replaced by an alternative."""
    groups = [(e, *(case.alternatives if len(case.evidence) == 1 else ())) for e in case.evidence]
    return [
        next((rank for rank, h in enumerate(hits, 1) if any(e.within(h.passage.note, h.passage.start, h.passage.end) for e in group)), None) for group in groups
    ]


def ndcg(ranks: Sequence[int | None]) -> float:
    """Discounted gain of pieces at these ranks over that of the best order: gain 1, discount log2(1 + rank) (Järvelin and Kekäläinen
    2002, as trec_eval has it), cut at the tenth."""
    gained = math.fsum(1 / math.log2(1 + r) for r in ranks if r is not None and r <= DEPTH)
    return min(1.0, gained / math.fsum(1 / math.log2(1 + r) for r in range(1, 1 + min(DEPTH, len(ranks)))))
