"""Evidence in, the numbered sentences out that a model is shown and may cite, as many as its budget holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tutor.budget import Counter
from tutor.context import Evidence
from tutor.prompts import Line
from tutor.text import fold
from tutor.types import Citation, Hit, Note, Span, Unit

BUDGET: Final = 800
"""Tokens of evidence: what a laptop reads in some seconds, and more than an answer needs."""
LONGEST: Final = 120
"""Words of a unit above which it is no sentence to cite: a listing, say."""

Place = tuple[str, int]
"""A note and the offset at which a unit of it starts."""


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


def offer(cited: Sequence[Citation], evidence: Evidence, notes: Mapping[str, Note], count: Counter, budget: int = BUDGET) -> tuple[Source, ...]:
    """The sentences to show a model: first those `cited` by the answer from the notes alone, then those carried over
    from the conversation, then the packed ones in their order, up to `budget` tokens; no sentence twice."""
    units = {(h.passage.note, u.start): (h, u) for h in (*evidence.hits, *evidence.carried) for u in h.passage.units}
    first = [at for c in cited for at in units if at[0] == c.note and c.start <= at[1] < c.end]
    first += [(h.passage.note, u.start) for h in evidence.carried for u in h.passage.units]
    taken: dict[Place, tuple[Hit, Unit]] = {}
    said: set[str] = set()
    headed: set[object] = set()
    left = budget
    for at in dict.fromkeys((*first, *units)):
        hit, unit = units[at]
        text = _of(notes, hit, (unit.start, unit.end))
        folded = fold(text)
        if not folded or folded in said or len(text.split()) > LONGEST:
            continue
        above = {hit.passage.section: " > ".join(hit.passage.heading)} | ({(at[0], unit.label): _of(notes, hit, unit.label)} if unit.label else {})
        cost = count(f"[10.10] {text}\n") + sum(count(f"[10] {words}\n") for key, words in above.items() if key not in headed)
        if cost <= left:
            taken[at] = (hit, unit)
            said.add(folded)
            headed.update(above)
            left -= cost
    return _numbered(taken.values(), notes)


def _numbered(taken: Iterable[tuple[Hit, Unit]], notes: Mapping[str, Note]) -> tuple[Source, ...]:
    """Section by section as they were taken, each in its note's order."""
    sections: dict[object, list[tuple[Hit, Unit]]] = {}
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
