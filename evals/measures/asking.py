"""Notes and gold questions in, figures out: what reaches the context, what the answer says, when it abstains, how fast."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from evals.cases import GOLD, Case, read, sets
from ingest.build import ingest
from tutor import embed
from tutor.index import open_index
from tutor.session import Tutor
from tutor.settings import from_environment
from tutor.types import Answer, Hit


def measure(notes: Path = GOLD / "notes", gold: Sequence[Path] = (), index: Path | None = None, sealed: bool = False) -> dict[str, object]:
    """Figures over the cases of the gold files (none: our own), asked one by one of an index of `notes`; over the
    sealed cases alone, or over all the others.

    "any" is the share of answerable questions of which some evidence, or an alternative, is found; "all" of which each
    piece is. Times are wall milliseconds of `Tutor.ask`, in one process with an open index.
    """
    model = embed.find(from_environment().embedding)
    with tempfile.TemporaryDirectory(prefix="measure-") as folder:
        where = index or Path(folder)
        ingest(where, [notes], model, lambda _phase, _done, _total: None)
        opened = open_index(where, model)
        cases = [c for c in read(gold or sets()[0].files, opened.notes) if c.sealed == sealed]
        return figures(Tutor(opened, embed.question_encoder(model)), cases)


def figures(tutor: Tutor, cases: Sequence[Case]) -> dict[str, object]:
    """The figures for one tutor."""
    context, said, ranks, words, refused, over, times = [], [], [], [], [], [], []
    quotes = exact = 0
    for case in cases:
        began = time.perf_counter()
        answer = tutor.ask(case.question)
        times.append(1000 * (time.perf_counter() - began))
        quotes += len(answer.citations)
        exact += sum(tutor.note(c.note).text[c.start : c.end] == c.quote for c in answer.citations)
        if not case.answerable:
            refused.append(answer.abstained)
            continue
        over.append(answer.abstained)
        words.append(sum(len(s.text.split()) for s in answer.statements))
        said.append(evidence_said(case, answer))
        context.append(evidence_held(case, tutor.context(case.question)))
        ranks.append(reciprocal(case, tutor.search(case.question, k=10)))
    return {
        "questions": len(cases),
        "answerable": len(said),
        "context_any": _mean(a for a, _ in context),
        "context_all": _mean(b for _, b in context),
        "mrr10": _mean(ranks),
        "answer_any": _mean(a for a, _ in said),
        "answer_all": _mean(b for _, b in said),
        "words": _mean(words),
        "abstain_recall": _mean(refused),
        "over_abstain": _mean(over),
        "quotes": quotes,
        "quotes_exact": exact,
        "ask_p50_ms": round(float(np.percentile(times, 50)), 1) if times else None,
        "ask_p95_ms": round(float(np.percentile(times, 95)), 1) if times else None,
    }


def evidence_held(case: Case, hits: Sequence[Hit]) -> tuple[bool, bool]:
    """Whether passages hold any, and all, of a case's evidence."""
    places = [(h.passage.note, h.passage.start, h.passage.end) for h in hits]
    return found(case, [any(e.within(*place) for place in places) for e in (*case.evidence, *case.alternatives)])


def evidence_said(case: Case, answer: Answer) -> tuple[bool, bool]:
    """Whether an answer's quotes say any, and all, of a case's evidence."""
    return found(case, [any(e.said_by(c.note, c.start, c.end) for c in answer.citations) for e in (*case.evidence, *case.alternatives)])


def found(case: Case, by_piece: Sequence[bool]) -> tuple[bool, bool]:
    """Any and all, from whether each piece of evidence, then each alternative, was found. One piece may be replaced by
    an alternative; several all count."""
    main = by_piece[: len(case.evidence)]
    return any(by_piece), all(main) or (len(main) == 1 and any(by_piece))


def reciprocal(case: Case, hits: Sequence[Hit]) -> float:
    """One over the rank of the first passage that holds evidence; 0 where none does."""
    pieces = (*case.evidence, *case.alternatives)
    return next((1 / rank for rank, h in enumerate(hits, 1) if any(e.within(h.passage.note, h.passage.start, h.passage.end) for e in pieces)), 0.0)


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return round(float(np.mean(listed)), 3) if listed else None
