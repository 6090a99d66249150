"""A place in the notes in, the numbered sentences that a model is shown for a question out, and the one to ask about."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tutor.budget import Counter
from tutor.exam import Question
from tutor.facts.line import plain
from tutor.generative.sources import Quotable, Source, offer
from tutor.index import Index
from tutor.questions.draw import Section, Wish
from tutor.questions.syllabus import tags
from tutor.types import Citation, Hit, Passage, Unit

ENOUGH: Final = 4
"""Sentences of a section from which a question can be asked: one for each option."""
SHORTEST: Final = 6
"""Words of a sentence that is asked about."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a model is shown, and the id of the sentence that it is to ask about."""

    sources: tuple[Source, ...]
    about: str


def around(question: Question, index: Index, count: Counter) -> Material | None:
    """What a question was made of and what stands around it; None where its own sentence cannot be shown."""
    own = [q for c in question.proof.citations for q in _cited(c, index)]
    if not own:
        return None
    return _shown(own, own[0], index, count)


def about(section: Section, index: Index, count: Counter, rng: random.Random) -> Material | None:
    """A section and a sentence of it, drawn; None where it has too few sentences for a question."""
    units = [q for p in index.passages if p.section == section for q in _quotable(p)]
    telling = [q for q in units if q[1].kind in ("sentence", "item") and len(_words(q, index)) >= SHORTEST]
    if len(units) < ENOUGH or not telling:
        return None
    first = rng.choice(telling)
    return _shown([first], first, index, count)


def sections(wish: Wish, index: Index, rng: random.Random) -> Iterator[Section]:
    """The sections that a wish allows: the nearest to its topic first, else in a drawn order."""
    found = list(dict.fromkeys(p.section for p in index.passages))
    rng.shuffle(found)
    known = set(found)
    for section in found if wish.sections is None else [s for s in wish.sections if s in known]:
        if not wish.tag or wish.tag in tags(index.notes[section[0]], section[1]):
            yield section


def told(source: Source) -> str:
    """A sentence as an explanation says it: without marks, a row as its cells."""
    unit = _unit(source)
    if unit is None or not unit.cells:
        return plain(source.text)
    held = [source.text[a - unit.start : b - unit.start] for a, b in unit.cells]
    return " – ".join(cell for cell in map(plain, held) if cell)


def is_row(source: Source) -> bool:
    """Whether a sentence is a row of a table."""
    unit = _unit(source)
    return unit is not None and (bool(unit.cells) or unit.kind == "row")


def _unit(source: Source) -> Unit | None:
    return next((u for u in source.hit.passage.units if (u.start, u.end) == source.span), None)


def _shown(first: Sequence[Quotable], asked: Quotable, index: Index, count: Counter) -> Material | None:
    """First what must be seen, then the rest of the section, then the other sections of the note, those under the same
    heading first."""
    own = asked[0].passage
    beside = sorted(
        (p for p in index.passages if p.note == own.note),
        key=lambda p: (p.section != own.section, p.heading[:-1] != own.heading[:-1], abs(p.start - own.start)),
    )
    sources = offer([*first, *(q for p in beside for q in _quotable(p))], index.notes, count)
    named = next((s.id for s in sources if s.hit.passage.note == own.note and s.span == (asked[1].start, asked[1].end)), "")
    return Material(sources, named) if named and len(sources) >= ENOUGH else None


def _cited(citation: Citation, index: Index) -> Iterable[Quotable]:
    held = (p for p in index.passages if p.note == citation.note and p.start <= citation.start < p.end)
    return [q for p in held for q in _quotable(p) if q[1].start <= citation.start < q[1].end]


def _quotable(passage: Passage) -> list[Quotable]:
    return [(Hit(passage, 0.0), u) for u in passage.units if u.kind != "code"]


def _words(quotable: Quotable, index: Index) -> list[str]:
    hit, unit = quotable
    return index.notes[hit.passage.note].text[unit.start : unit.end].split()
