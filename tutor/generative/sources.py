"""Evidence in, the numbered sentences out that a model is shown and may cite, as many as its budget holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from tutor.budget import Counter
from tutor.context import Evidence
from tutor.prompts import Line
from tutor.text import fold
from tutor.types import Citation, Hit, Note, Span, Unit

BUDGET: Final = 900
"""Tokens of evidence: what a laptop reads in some seconds, and more than an answer needs."""
LONGEST: Final = 120
"""Words of a unit above which it is no sentence to cite: a listing, say."""

Quotable = tuple[Hit, Unit]
"""A unit, and the passage it stands in."""


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence of the notes under the id that the model knows it by; `label` is its lead-in or table header."""

    id: str
    hit: Hit
    span: Span
    text: str
    label: str = ""
    label_at: Span | None = None

    @property
    def quotes(self) -> tuple[str, ...]:
        """What a claim may rest on: the words, and those that give them their subject."""
        return (self.text, self.label) if self.label else (self.text,)

    @property
    def line(self) -> Line:
        """The source as it stands in a prompt."""
        passage = self.hit.passage
        return Line(self.id, self.text, " > ".join(passage.heading or (passage.note,)), self.label)


def wanted(cited: Sequence[Hit], at: Sequence[Citation], evidence: Evidence, ranked: Iterable[Quotable]) -> list[Quotable]:
    """What to show a model, most wanted first: the units that the answer from the notes alone cites (they stand in the
    `cited` passages), those carried over from the conversation, then in turn the one that answers best by itself
    (`ranked`) and the next of the best passage, so that neither judgement decides alone."""
    first = [(h, u) for c in at for h in cited for u in h.passage.units if h.passage.note == c.note and c.start <= u.start < c.end]
    carried = [(h, u) for h in evidence.carried for u in h.passage.units]
    packed = [(h, u) for h in evidence.hits for u in h.passage.units]
    turns = [q for pair in zip_longest(ranked, packed) for q in pair if q is not None]
    return [*first, *carried, *turns]


def offer(units: Iterable[Quotable], notes: Mapping[str, Note], count: Counter, budget: int = BUDGET) -> tuple[Source, ...]:
    """As many of the units, in their order, as `budget` tokens hold with the headings and lead-ins over them, numbered
    section by section; no sentence twice, and nothing that states
    nothing: no listing, no lead-in, no question."""
    taken: list[Quotable] = []
    said: set[str] = set()
    headed: set[object] = set()
    left = budget
    for hit, unit in units:
        text = _of(notes, hit, (unit.start, unit.end))
        folded = fold(text)
        if not folded or folded in said or len(text.split()) > LONGEST or text.endswith((":", "?")):
            continue
        label = {(hit.passage.note, unit.label): _of(notes, hit, unit.label)} if unit.label else {}
        above = {hit.passage.section: " > ".join(hit.passage.heading)} | label
        cost = count(f"[10.10] {text}\n") + sum(count(f"[10] {words}\n") for key, words in above.items() if key not in headed)
        if cost <= left:
            taken.append((hit, unit))
            said.add(folded)
            headed.update(above)
            left -= cost
    return _numbered(taken, notes)


def _numbered(taken: Iterable[Quotable], notes: Mapping[str, Note]) -> tuple[Source, ...]:
    """Section by section as they were taken, each in its note's order."""
    sections: dict[object, list[Quotable]] = {}
    for hit, unit in taken:
        sections.setdefault(hit.passage.section, []).append((hit, unit))
    return tuple(
        _source(f"{number}.{place}", hit, unit, notes)
        for number, units in enumerate(sections.values(), 1)
        for place, (hit, unit) in enumerate(sorted(units, key=lambda u: u[1].start), 1)
    )


def _source(name: str, hit: Hit, unit: Unit, notes: Mapping[str, Note]) -> Source:
    span = (unit.start, unit.end)
    return Source(name, hit, span, _of(notes, hit, span), _of(notes, hit, unit.label) if unit.label else "", unit.label)


def _of(notes: Mapping[str, Note], hit: Hit, span: Span) -> str:
    return notes[hit.passage.note].text[slice(*span)]
