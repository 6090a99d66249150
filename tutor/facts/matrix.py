"""An open index in, the matrix of its facts out; a claim held against it again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tutor.exam import Claim
from tutor.facts.line import plain
from tutor.facts.lists import items, labels, lists
from tutor.facts.nouns import Fact, Group, Matrix
from tutor.facts.prose import prose
from tutor.facts.tables import tables
from tutor.index import Index
from tutor.text import hidden_count
from tutor.types import Citation, Note, Passage, Span

_FORMULA: Final = re.compile(r"\\|\$\$")
"""Marks of a formula's source, which no question can show."""


def build(index: Index) -> Matrix:
    """The facts of all notes. Linear in the notes' length; about a second for a course of 250,000 words."""
    passages: dict[str, list[Passage]] = {}
    for passage in index.passages:
        passages.setdefault(passage.note, []).append(passage)
    found: dict[str, Group] = {}
    for path, held in passages.items():
        note = index.notes[path]
        groups = sorted(_groups(note, held), key=lambda g: g.facts[0].unit)
        found |= {g.id: g for g in groups}
    return Matrix(found)


def _groups(note: Note, passages: Sequence[Passage]) -> Iterator[Group]:
    parts = items(note, passages)
    told = labels(passages, parts)
    listed = [*tables(note, passages), *lists(note, passages, parts, told)]
    done = {f.unit for group in listed for f in group.facts if f.kind != "member"}
    for group in (*listed, *prose(note, passages, parts, told, done)):
        facts = tuple(f for f in group.facts if _sound(f, note))
        if len(facts) < len(group.facts) and group.kind == "steps":
            continue  # an order with a gap is none
        if facts:
            yield group if len(facts) == len(group.facts) else _with(group, facts)


def _with(group: Group, facts: tuple[Fact, ...]) -> Group:
    return Group(group.id, group.kind, group.noun, group.title, group.lead, group.note, group.heading, facts)


def _sound(fact: Fact, note: Note) -> bool:
    """Whether a fact's words stand where it says, with nothing invisible among them."""
    return (
        bool(fact.thing and fact.value)
        and not _FORMULA.search(fact.value)
        and plain(note.text[slice(*fact.at)]) == fact.value
        and not hidden_count(fact.value + fact.thing)
    )


def holds(claim: Claim, citations: Sequence[Citation], matrix: Matrix) -> bool:
    """Whether the matrix has what a claim says, and all its words stand within the claim's citations."""
    cited = {c.number: c for c in citations}
    places = [cited[n] for n in claim.citations if n in cited]
    return any(_covered(f, places) for f in matrix.cells.get((claim.thing, claim.attribute, claim.value), ()))


def _covered(fact: Fact, places: Sequence[Citation]) -> bool:
    return all(_within(span, fact.note, places) for span in (fact.at, fact.thing_at, fact.attribute_at) if span is not None)


def _within(span: Span, note: str, places: Sequence[Citation]) -> bool:
    return any(c.note == note and c.start <= span[0] and span[1] <= c.end for c in places)
