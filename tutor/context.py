"""Ranked passages in, the context out: the first passages whole, of many more the sentences that bear on the question.

A passage is found as a whole and rarely needed as a whole. So the budget goes to single units (sentences, items, rows)
of more than twice as many passages as would fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tutor import weights
from tutor.cues import defined_terms
from tutor.embed import QuestionEncoder
from tutor.index import Index
from tutor.question import Query
from tutor.retrieve import Ranked, coverage, soft_coverage
from tutor.text import fold, terms
from tutor.types import Hit, Passage, Unit

BUDGET: Final = 1500
WIDE: Final = 2.4
"""How many times the budget the passages hold from which units are taken."""
WHOLE: Final = 3
"""Passages that are kept whole."""
LISTED: Final = ("how", "list")
"""Kinds of questions that a list answers: its passages stay whole, so that no step is lost."""
JOINED: Final = 4
"""Characters between two units (a bullet, a pipe) that are read as one stretch; each is a token at most."""

FEATURES: Final = ("score", "coverage", "soft", "length", "defines", "defines_side", "defines_other")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answer is drafted from: the packed passages, and the ranking they were packed from. `carried` are the
    passages that the conversation's last answer cited, where the question follows up on it."""

    hits: tuple[Hit, ...]
    ranked: Ranked
    carried: tuple[Hit, ...] = ()


def pack(query: Query, ranked: Ranked, index: Index, encoder: QuestionEncoder, max_tokens: int = BUDGET) -> list[Hit]:
    """Passages and parts of passages, best passage first, whose texts have at most `max_tokens` tokens together."""
    hits = wide(ranked, index, max_tokens, 1.0 if query.kind in LISTED else WIDE)
    if sum(h.passage.tokens for h in hits) <= max_tokens:
        return hits
    head: list[Hit] = []
    left = max_tokens
    for hit in hits[:WHOLE]:
        if hit.passage.tokens <= left:
            head.append(hit)
            left -= hit.passage.tokens
    tail = hits[WHOLE:]
    chosen = _chosen(features(query, tail, index, encoder), tail, left)
    parts = (Hit(part, h.score, h.also) for h, kept in zip(tail, chosen, strict=True) for part in _parts(h.passage, kept, index.notes[h.passage.note].text))
    return [*head, *parts]


def wide(ranked: Ranked, index: Index, max_tokens: int, times: float = WIDE) -> list[Hit]:
    """The best passages, of at most `times` times `max_tokens`, none of them larger than `max_tokens`; those that say
    the same words are one hit, which names every note that says them."""
    kept: dict[str, tuple[int, float]] = {}
    also: dict[str, list[str]] = {}
    left = times * max_tokens
    for row, score in zip(ranked.rows, ranked.scores, strict=True):
        passage = index.passages[row]
        same = fold(passage.text)
        if same in kept:
            also.setdefault(same, []).append(passage.note)
        elif passage.tokens <= min(left, max_tokens):
            kept[same] = (row, float(score))
            also[same] = [note for note in index.notes_of(passage.text) if note != passage.note]
            left -= passage.tokens
    return [Hit(index.passages[row], score, tuple(dict.fromkeys(also.get(same, ())))) for same, (row, score) in kept.items()]


def features(query: Query, hits: Sequence[Hit], index: Index, encoder: QuestionEncoder) -> NDArray[np.float64]:
    """The features of every unit of the hits in order, shape (units, FEATURES)."""
    units = [(hit, unit) for hit in hits for unit in hit.passage.units]
    texts = [index.notes[hit.passage.note].text[unit.start : unit.end] for hit, unit in units]
    soft = soft_coverage(query, encoder, texts)
    topic = frozenset(t.stem for t in query.terms if t.weight > 0.2)
    headed = {hit.passage.heading: frozenset(t for h in hit.passage.heading for t in terms(h)) for hit in hits}
    rows = np.empty((len(units), len(FEATURES)))
    for i, ((hit, _), text) in enumerate(zip(units, texts, strict=True)):
        rows[i] = (
            hit.score,
            coverage(query, headed[hit.passage.heading] | frozenset(terms(text))),
            soft[i],
            np.log1p(len(text.split())),
            *_definition(query, topic, defined_terms(text)),
        )
    return rows


def _definition(query: Query, topic: frozenset[str], defined: frozenset[str]) -> tuple[float, float, float]:
    """How much of what a unit defines the question is about; how exactly it is one of the compared things; whether it
    is something else."""
    if not defined:
        return 0.0, 0.0, 0.0
    side = max((len(defined & s) / len(defined | s) for s in query.side_stems), default=0.0)
    return len(defined & topic) / len(defined), side, float(not defined & topic)


def _chosen(rows: NDArray[np.float64], hits: Sequence[Hit], left: int) -> list[tuple[Unit, ...]]:
    """For each hit the units of it that are taken: the best of all, as many as fit."""
    units = [(place, unit) for place, hit in enumerate(hits) for unit in hit.passage.units]
    kept: list[list[Unit]] = [[] for _ in hits]
    for i in np.argsort(-model().scores(rows), kind="stable") if units else ():
        place, unit = units[i]
        cost = unit.tokens + (JOINED if kept[place] else 0)
        if cost <= left:
            kept[place].append(unit)
            left -= cost
    return [tuple(sorted(k, key=lambda u: u.start)) for k in kept]


def _parts(passage: Passage, kept: Sequence[Unit], text: str) -> list[Passage]:
    """A passage's kept units as passages of their own; those that follow one another are one."""
    if len(kept) == len(passage.units) and kept and sum(u.tokens + JOINED for u in kept) >= passage.tokens:
        return [passage]
    runs: list[list[Unit]] = []
    for unit in kept:
        if runs and unit.start - runs[-1][-1].end <= JOINED:
            runs[-1].append(unit)
        else:
            runs.append([unit])
    return [_part(passage, run, text) for run in runs]


def _part(passage: Passage, run: Sequence[Unit], text: str) -> Passage:
    start, end = run[0].start, run[-1].end
    return replace(passage, start=start, end=end, text=text[start:end], units=tuple(run), tokens=sum(u.tokens + JOINED for u in run) - JOINED)


@cache
def model() -> weights.Linear:
    """The fitted choice of units."""
    return weights.linear(weights.read("context"), FEATURES)
