"""The sentences of a note in, groups of what they say out: by section, and by note where its sections are entries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import Final

from tutor.facts.forms import sayings
from tutor.facts.line import read
from tutor.facts.lists import NUMBERED, Item, Path, lead_noun
from tutor.facts.names import LONGEST, article, is_name, mentions, points, same, spellings
from tutor.facts.nouns import Fact, Group
from tutor.facts.numbers import quantity
from tutor.text import fold
from tutor.types import Note, Passage, Span, Unit

_TITLE: Final = re.compile(r"[^:–—]+")
_ASIDE: Final = re.compile(
    r"\b(?:questions?|quiz|exercises?|practice|examples?|scenarios?|case stud(?:y|ies)|references|checkpoint|lab|exam tips?|flashcards?|answers?|further reading|objectives)\b",
    re.IGNORECASE,
)
"""Headings under which sentences speak of a made-up case, or ask."""
_SHARE: Final = 0.5
"""The share of a note's entries that say a label, from which on it is an attribute of them all."""
_LABELLED: Final = 300
"""Characters of what a label says of an entry."""


def prose(note: Note, passages: Sequence[Passage], parts: Mapping[int, Item], labels: frozenset[str], done: Set[Span]) -> Iterator[Group]:
    """Entries first: sections of a note that are each about the thing of their heading; then each section's other facts.
    `labels` are the terms, folded, that say what of an entry an item tells; units that are `done` say nothing more."""
    sections: dict[Path, list[Passage]] = {}
    for passage in passages:
        sections.setdefault(passage.heading, []).append(passage)
    said = {
        heading: [f for p in held for u in p.units if (u.start, u.end) not in done for f in _facts(note, p, u, parts.get(u.start), labels)]
        for heading, held in sections.items()
    }
    taken: set[Fact] = set()
    for parent, held in _entries(said).items():
        own = _attributes(held)
        taken.update(f for facts in held.values() for f in facts)
        if len(own) > 1:
            yield _entry_group(note, parent, own)
        else:
            taken.difference_update(f for facts in own.values() for f in facts)
    for heading, facts in said.items():
        rest = _alike([f for f in facts if f not in taken and f.kind != "cell"])
        if rest:
            where = f"{note.path}:{rest[0].unit[0]}:section"
            yield Group(where, "section", "", heading[-1] if heading else note.title, "", note.path, heading, tuple(replace(f, group=where) for f in rest))


def title(heading: str) -> str:
    """The thing that a heading names: without its number, and without what a colon adds."""
    match = _TITLE.match(NUMBERED.sub("", heading))
    return match.group().strip() if match else ""


def _entries(said: Mapping[Path, Sequence[Fact]]) -> dict[Path, dict[Path, list[Fact]]]:
    """The facts of each section that are about the thing of its heading, by the heading above."""
    found: dict[Path, dict[Path, list[Fact]]] = {}
    for heading, facts in said.items():
        own = [f for f in facts if heading and f.kind != "misconception" and same(f.thing, title(heading[-1]))]
        if own:
            found.setdefault(heading[:-1], {})[heading] = own
    return found


def _attributes(held: Mapping[Path, Sequence[Fact]]) -> dict[Path, list[Fact]]:
    """The entries with those labels only that a good part of them share; entries of labels alone need several."""
    count = Counter(a for facts in held.values() for a in {f.attribute for f in facts if f.kind == "cell"})
    kept = {h: [f for f in facts if f.kind != "cell" or count[f.attribute] >= max(3, _SHARE * len(held))] for h, facts in held.items()}
    return {h: facts for h, facts in kept.items() if facts}


def _entry_group(note: Note, parent: Path, held: Mapping[Path, Sequence[Fact]]) -> Group:
    where = f"{note.path}:{'/'.join(parent)}:entries"
    facts = tuple(replace(f, thing=title(heading[-1]), group=where) for heading, own in held.items() for f in own)
    above = parent[-1] if parent else note.title
    return Group(where, "section", lead_noun(f"{title(above)} are:"), above, "", note.path, parent, facts)


def _alike(facts: Sequence[Fact]) -> list[Fact]:
    """The facts with one spelling for each thing: the first one's."""
    known: dict[str, str] = {}
    found = []
    for fact in facts:
        name = next((known[s] for s in spellings(fact.thing) if s in known), fact.thing)
        known |= {s: name for s in spellings(fact.thing) if s not in known}
        found.append(fact if name == fact.thing else replace(fact, thing=name))
    return found


def _facts(note: Note, passage: Passage, unit: Unit, item: Item | None, labels: frozenset[str]) -> Iterator[Fact]:
    heading = passage.heading
    if unit.kind not in ("sentence", "item") or any(_ASIDE.search(h) for h in heading[1:] or heading):
        return
    labelled = item is not None and fold(item.term) in labels
    if item is not None and item.echoed and not labelled:
        return  # of a list of terms
    about = title(heading[-1]) if heading else note.title
    at = passage.headings_at[-1] if passage.headings_at else (passage.start, passage.start)
    found = False
    for line in (item.said if item else read(note.text, (unit.start, unit.end))).sentences():
        number = quantity(line)
        for s in (*sayings(line), *((number,) if number else ())):
            found = True
            thing, thing_at = (s.thing, s.thing_at) if s.thing else (about, at)
            yield Fact(s.kind, thing, s.attribute, s.value, "", note.path, heading, s.at, (unit.start, unit.end), thing_at, None, s.other)
    if item and labelled and not found and passage.headings_at and is_name(about):
        yield from _labelled(note, heading, item, about, at)


def _labelled(note: Note, heading: Path, item: Item, about: str, at: Span) -> Iterator[Fact]:
    """What a label says of its section's thing, without the thing's name where the sentence begins with it."""
    line = next(item.said.sentences(), item.said)
    start = _past(line.text, about)
    value, where = line.piece(start, len(line.text.rstrip(". ")))
    if value and not points(value) and len(value) <= _LABELLED and not mentions(value, about):
        place = (item.unit.start, item.unit.end)
        yield Fact("cell", about, item.term, value, "", note.path, heading, where, place, at, item.term_at)


def _past(text: str, name: str) -> int:
    """How many characters of a text name the thing that it begins with; 0 where it begins with another word."""
    here = article(text)
    ends = [here + m.end() for m in re.finditer(r"\S+", text[here : here + 100])][:LONGEST]
    return next((end for end in reversed(ends) if same(text[here:end], name)), 0)
