"""A small note that has every structure which questions are made of: a table, choices, definitions, steps, beliefs; and
sound questions on it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from tutor.exam import Need, Question, QuestionKind
from tutor.facts import Fact
from tutor.questions import Deck
from tutor.questions.draft import Choice, Draft, Point, finish

NOTES = {
    "storage.md": """# Storage

## Kinds of storage

| Kind | Keeps | Shared by | Billed by |
| --- | --- | --- | --- |
| Object store | whole files | many readers anywhere | gigabytes kept |
| Block volume | raw disk sectors | a single machine | space reserved |
| File share | folders and names | machines of one network | throughput bought |
| Page cache | recently read blocks | processes of one host | nothing extra |
| Tape vault | sealed archives | nobody at once | years of custody |

## Plans of the archive

| Plan | Copies | Restored within | Kept in |
| --- | --- | --- | --- |
| Bronze | 1 disk | 40 hours | one hall |
| Silver | 2 disks | 15 hours | one hall |
| Gold | 3 disks | 6 hours | two towns |
| Platinum | 5 disks | 6 hours | two towns |
| Granite | 9 tapes | 70 hours | two towns |

## Choosing a store

- Choose an object store when clients on other continents download photographs.
- Choose a block volume when a database engine writes small records constantly.
- Choose a file share when several office computers edit common folders.
- Choose a tape vault when regulators demand twenty years of custody.
- Avoid a block volume when several hosts must write together; choose a file share instead.

## What the words mean

A checksum is a short number that changes when any byte of a file changes.
A snapshot is a frozen picture of a volume at one moment.
A quota is a limit on how much one person may keep.
A mirror is a second copy that is written at the same time.
A lease is a promise that nobody else may write for a while.

## Retire a volume

To retire a volume, follow these steps:

1. Stop the writers.
2. Take a snapshot for the archive.
3. Detach the volume from its machine.
4. Erase the blocks with random bytes.

## Beliefs

A common misconception is that a snapshot copies every byte of a volume; in fact, a snapshot copies only the blocks that changed.
A common misconception is that a mirror replaces a backup of old files; in fact, a mirror repeats every deletion at the same moment.
A common misconception is that deleting a file erases all the bytes; in fact, deleting a file only frees the space for other data.
A common misconception is that compression makes any file much smaller; in fact, compression hardly shrinks files that are encrypted.
A common misconception is that a quota protects the data from loss; in fact, a quota limits the space that one person takes up.
""",
}


def facts(deck: Deck, kind: str, attribute: str = "") -> list[Fact]:
    """The facts of the note of one kind, and of one column of a table."""
    return [f for g in deck.matrix.groups.values() for f in g.facts if f.kind == kind and attribute in ("", f.attribute)]


def sound(deck: Deck) -> dict[str, Question]:
    """Sound questions, one of each form that a proof can have, made of the note's facts whatever the makers prefer."""

    def told(fact: Fact) -> str:
        return deck.setting.told(fact)

    def finished(draft: Draft) -> Question:
        return finish(draft, deck.notes, random.Random(0))

    def things(kind: QuestionKind, stem: str, chosen: Sequence[Fact], right: int, need: Need, **more: Any) -> Question:
        choices = tuple(Choice(f.thing, n < right, (f,), told(f), -1 if n < right else 0) for n, f in enumerate(chosen))
        return finished(Draft(kind, "hand", "thing", stem, choices, (need,), **more))

    kept = {f.thing: f for f in facts(deck, "cell", "Keeps")}
    within = {f.thing: f for f in facts(deck, "cell", "Restored within")}
    halls = {f.thing: f for f in facts(deck, "cell", "Kept in")}
    chosen = facts(deck, "choose")
    meant = facts(deck, "definition")
    steps = facts(deck, "step")
    true, false = facts(deck, "misconception", "fact"), facts(deck, "misconception", "misconception")
    (avoided,) = facts(deck, "avoid")
    volume, archive = kept["Block volume"], halls["Gold"]
    fits = Need(chosen[0].attribute, chosen[0].value, chosen[0].value)
    rest = [f for f in chosen if f.thing.lower() not in (avoided.thing.lower(), avoided.other.lower())]
    wanted = Choice(avoided.other, True, (avoided,), told(avoided))
    instead = (wanted, *(Choice(f.thing, False, (f,), told(f), 0) for f in rest), Choice(chosen[1].thing, False, (chosen[1],), told(chosen[1]), 0))
    meaning = tuple(Choice(f"{f.value[0].upper()}{f.value[1:]}", n == 0, (f,), told(f)) for n, f in enumerate(meant[:4]))
    return {
        "cells": things("multiple_choice", "A team must keep raw disk sectors. Which kind fits best?", [volume, *(kept[t] for t in ("File share", "Page cache", "Object store"))], 1, Need("Keeps", volume.value, volume.value)),
        "hours": things("multiple_choice", "Which plan has 40 hours as the time that a file is restored within?", [within[t] for t in ("Bronze", "Silver", "Gold", "Granite")], 1, Need("Restored within", "40 hours", "40 hours")),
        "several": things("multiple_response", "Which TWO plans are kept in two towns? (Select TWO.)", [halls[t] for t in ("Gold", "Platinum", "Bronze", "Silver")], 2, Need("Kept in", archive.value, archive.value)),
        "case": things("case_study", "Which of these fits the first point best?", chosen[:4], 1, fits, scenario=f"A company lists what it wants of its storage: (1) {fits.text}. (2) The company wants a report each year."),
        "instead": finished(Draft("multiple_choice", "hand", "thing", f"A colleague suggests a block volume, but {avoided.value}. What fits instead?", instead, (Need(avoided.attribute, avoided.value, avoided.value),))),
        "meaning": finished(Draft("multiple_choice", "hand", "value", f"Which of these describes the word {meant[0].thing.lower()}?", meaning, about=meant[0].thing)),
        "true": finished(Draft("multiple_choice", "hand", "statement", "Which of these statements is true?", tuple(Choice(f"{f.value[0].upper()}{f.value[1:]}.", f.attribute == "fact", (f,), told(f)) for f in (true[0], *false[1:4])), about="fact")),
        "false": finished(Draft("multiple_choice", "hand", "statement", "Which of these statements is NOT true?", tuple(Choice(f"{f.value[0].upper()}{f.value[1:]}.", f.attribute == "misconception", (f,), told(f)) for f in (false[0], *true[1:4])), about="misconception")),
        "steps": finished(Draft("ordering", "hand", "step", "To retire a volume, in which order are these steps taken?", tuple(Choice(f"{f.value}.", True, (f,), f"{n}. {f.value}.") for n, f in enumerate(steps, 1)), about=steps[0].thing)),
        "pairs": finished(Draft("matching", "hand", "value", "Match each kind with what it keeps.", tuple(Choice(f.value, True, (f,), told(f), partner=f.thing) for f in list(kept.values())[:4]), about="Keeps")),
        "blank": finished(Draft("cloze", "hand", "words", "Fill in the blank: A(n) ____ is a limit on how much one person may keep.", reference="quota", points=(Point("quota", next(f for f in meant if f.thing.lower() == "quota")),))),
        "words": finished(Draft("free_text", "hand", "words", "Explain in your own words what a mirror is.", reference=told(meant[3]), points=(Point(told(meant[3]), meant[3]),))),
    }  # fmt: skip
