"""A pasted question in, an answer out: each option judged by the notes with a quote, and a choice where one set stands out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from tutor.embed import QuestionEncoder
from tutor.extractive.teacher import columns
from tutor.footnotes import Footnotes
from tutor.index import Index
from tutor.pasted import claims, limits
from tutor.pasted.evidence import NAMED, Saying, Stem, gather, share, stem
from tutor.pasted.fit import BEARS, Assessed, Cuts, assess, matrix, model
from tutor.pasted.reading import Pasted
from tutor.text import terms
from tutor.types import Answer, Heading, Hit, Judged, Outcome, Standing, Statement

KEYED: Final = "The key that came along with the question was not used."
NEAREST: Final = 3
UNKNOWN: Final = 2.0
"""What the cuts are multiplied by where the notes say too little of one of the other options: it may be the right one."""
LITTLE: Final = 3
"""Sayings below which that is so."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An option as judged: how the notes see it, and the saying that tells."""

    standing: Standing
    saying: Saying | None


def answer(pasted: Pasted, index: Index, encoder: QuestionEncoder) -> Answer:
    """The options judged, and the choice where the notes single one set out. Notes-only, whichever model is set: a choice
    that code cannot check is none."""
    asked = stem(pasted.stem, index, encoder)
    if claims.stated(pasted):
        findings = [Finding(*one) for one in claims.weigh(pasted, asked, index)]
        chosen = _by_claims(findings, pasted)
    else:
        findings, chosen = _by_needs(pasted, asked, index, encoder)
    return _composed(pasted, findings, chosen, index)


def _by_claims(findings: Sequence[Finding], pasted: Pasted) -> list[int]:
    """The statements that hold, or those that do not where these are asked for, if they are as many as asked."""
    wanted = "refuted" if pasted.negative else "supported"
    found = [i for i, f in enumerate(findings) if f.standing == wanted]
    others = [f.standing for f in findings if f.standing != wanted]
    sure = all(o == "supported" for o in others) if pasted.negative else True
    return found if sure and 0 < len(found) < len(findings) and len(found) == (pasted.asked or len(found)) else []


def _by_needs(pasted: Pasted, asked: Stem, index: Index, encoder: QuestionEncoder) -> tuple[list[Finding], list[int]]:
    """Options held against what the stem needs."""
    sights = gather(pasted, asked, index)
    assessed = assess(sights, asked, index, encoder)
    weights, cuts = model()
    scores = weights.scores(matrix(assessed))
    over = limits.exceeded(sights, asked, index)
    chosen = stands_out(pasted, assessed, scores.tolist(), frozenset(over), cuts)
    best = float(max((s for i, s in enumerate(scores) if i not in over), default=0.0))
    findings = []
    for at, one in enumerate(assessed):
        if at in over:
            findings.append(Finding("refuted", over[at]))
        elif one.refuting >= BEARS and one.refuting > one.fit:
            findings.append(Finding("refuted", one.against[0].saying))
        elif at in chosen or (float(scores[at]) >= cuts.score and float(scores[at]) > best - cuts.margin):
            findings.append(Finding("supported", one.favoring[0].saying if one.favoring else None))
        else:
            findings.append(Finding("silent", one.favoring[0].saying if one.favoring else None))
    return findings, chosen


def stands_out(pasted: Pasted, assessed: Sequence[Assessed], scores: Sequence[float], over: frozenset[int], cuts: Cuts) -> list[int]:
    """The options that the answer may be given by, in order; none where no set of the asked size is ahead by the margin.

    Nor where what does not hold is asked for: that notes say nothing of an option does not make it the exception.
    """
    if pasted.negative:
        return []
    order = sorted((i for i in range(len(scores)) if i not in over), key=lambda i: -scores[i])
    size = pasted.asked or _widest(order, scores)
    if not 0 < size < len(scores) or len(order) < size:
        return []
    chosen, rest = order[:size], order[size:]
    strict = UNKNOWN if any(assessed[i].known < NAMED or assessed[i].sayings < LITTLE for i in rest) else 1.0
    margin = min((scores[chosen[-1]] - scores[i] for i in rest), default=math.inf)
    fits = all(scores[i] >= strict * cuts.score / math.sqrt(size) and assessed[i].fit > assessed[i].refuting for i in chosen)
    return sorted(chosen) if fits and margin >= strict * cuts.margin * size else []


def _widest(order: Sequence[int], scores: Sequence[float]) -> int:
    """Before the widest gap, where all that apply are asked for."""
    gaps = [scores[a] - scores[b] for a, b in pairwise(order)]
    return int(np.argmax(gaps)) + 1 if gaps else 0


def _composed(pasted: Pasted, findings: Sequence[Finding], chosen: Sequence[int], index: Index) -> Answer:
    cited = Footnotes(index.notes)
    for saying in (f.saying for f in findings if f.saying):  # the statements' own words first, so that the numbers beside them do not skip
        cited.number(Hit(saying.passage, 0.0), (saying.unit.start, saying.unit.end))
    told = {i: _statement(f.saying, index, cited) for i, f in enumerate(findings) if f.saying}
    options = tuple(Judged(o.id, o.text, f.standing, told.get(i)) for i, (o, f) in enumerate(zip(pasted.options, findings, strict=True)))
    shown = [told[i] for i in chosen if i in told] if chosen else [s for i, s in told.items() if findings[i].standing != "silent"] or list(told.values())
    outcome: Outcome = "answered" if chosen else "closest" if shown else "absent"
    places = [f.saying.passage for f in findings if f.saying is not None and f.saying.passage.heading]
    nearest = tuple(dict.fromkeys(Heading(p.note, p.heading, p.headings_at[-1][0] if p.headings_at else p.start) for p in places))[:NEAREST]
    return Answer(
        pasted.stem,
        outcome,
        tuple(dict.fromkeys(shown)),
        tuple(cited.found),
        () if chosen else nearest,
        options=options,
        choice=tuple(pasted.options[i].id for i in chosen),
        remark=KEYED if pasted.keyed else "",
    )


def _statement(saying: Saying, index: Index, cited: Footnotes) -> Statement:
    """A saying's unit as it stands in the note; under its heading where it does not itself name what it speaks of."""
    passage, unit = saying.passage, saying.unit
    text, hit = index.notes[passage.note].text, Hit(passage, 0.0)
    numbers = [cited.number(hit, (unit.start, unit.end))]
    label = unit.label if unit.cells else None
    if label is None and passage.headings_at and not share(dict.fromkeys(terms(passage.heading[-1]), 1.0), set(terms(text[unit.start : unit.end]))):
        label = passage.headings_at[-1]
    if label is not None:
        numbers.append(cited.number(hit, label))
    return Statement(
        text[unit.start : unit.end],
        tuple(dict.fromkeys(numbers)),
        "row" if unit.cells else "point",
        text[slice(*label)] if label else "",
        cells=tuple(text[a:b] for a, b in unit.cells),
        columns=columns(text, unit.label, len(unit.cells)) if unit.cells else (),
    )
