"""What the notes say in a form that can be compared: facts, and groups of things that share attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tutor.types import Span

FactKind = Literal["cell", "definition", "choose", "avoid", "contrast", "number", "member", "step", "misconception", "reason", "purpose"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One cell of the matrix: the notes give `value` as the `attribute` of `thing`.

    `value` is the note's words without emphasis marks; `at` spans them in the note's text, `thing_at` the words that
    name the thing, `attribute_at` those that name the attribute (a table's header, a label), None where the sentence's
    own form does. `unit` spans the sentence, item, step or row as a whole: what a learner is shown. `group` names the
    Group it belongs to. `other` is a second thing that the sentence names: what an avoidance chooses instead, what a
    contrast confuses the thing with. `place` counts the facts of an ordered list from 0; it is -1 elsewhere.
    """

    kind: FactKind
    thing: str
    attribute: str
    value: str
    group: str
    note: str
    heading: tuple[str, ...]
    at: Span
    unit: Span
    thing_at: Span
    attribute_at: Span | None = None
    other: str = ""
    place: int = -1


GroupKind = Literal["table", "list", "steps", "section"]


@dataclass(frozen=True, slots=True)
class Group:
    """Things that can stand beside one another as options: the rows of a table, the terms of a list, the steps of a
    procedure, the entries of a section or a note.

    `noun` says what they are, in the notes' own words where those have a name for them ("inference options", "storage
    services"), "" where they have none; `title` is the heading it stands under; `lead` the sentence that leads in, as in
    the note. `facts` are in the note's order.
    """

    id: str
    kind: GroupKind
    noun: str
    title: str
    lead: str
    note: str
    heading: tuple[str, ...]
    facts: tuple[Fact, ...]

    def things(self) -> tuple[str, ...]:
        """The things, in order."""
        return tuple(dict.fromkeys(f.thing for f in self.facts))

    def attributes(self) -> tuple[str, ...]:
        """The attributes, in order."""
        return tuple(dict.fromkeys(f.attribute for f in self.facts))

    def cell(self, thing: str, attribute: str) -> Fact | None:
        """The fact of one thing and attribute."""
        return next((f for f in self.facts if f.thing == thing and f.attribute == attribute), None)


@dataclass(frozen=True, slots=True)
class Matrix:
    """All groups of an index, by id, in the notes' order. `cells` has the facts by (thing, attribute, value), `things` by
    thing."""

    groups: Mapping[str, Group]
    cells: Mapping[tuple[str, str, str], tuple[Fact, ...]] = field(init=False, repr=False)
    things: Mapping[str, tuple[Fact, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        cells: dict[tuple[str, str, str], list[Fact]] = {}
        things: dict[str, list[Fact]] = {}
        for fact in (f for g in self.groups.values() for f in g.facts):
            cells.setdefault((fact.thing, fact.attribute, fact.value), []).append(fact)
            things.setdefault(fact.thing, []).append(fact)
        object.__setattr__(self, "cells", {key: tuple(found) for key, found in cells.items()})
        object.__setattr__(self, "things", {thing: tuple(found) for thing, found in things.items()})
