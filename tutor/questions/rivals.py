"""A fact and what is right in, facts of other things out that may stand beside it as wrong options, the likeliest first."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from tutor.facts import Fact, Group
from tutor.facts.names import same
from tutor.questions.setting import Setting
from tutor.questions.wording import topics
from tutor.text import fold

MANY: Final = 6
T = TypeVar("T")
WRONG: Final = 3
"""Wrong options of a question."""
_OWN: Final = frozenset("amazon aws sagemaker ai azure google".split())
ALIKE: Final = 0.5
"""The share of a value's terms that another one may have before the two might both be true."""


def rivals(fact: Fact, key: str, group: Group, setting: Setting, rng: random.Random) -> list[Fact]:
    """Facts of the same attribute and group, each of another thing than the key, none named by the fact's own sentence,
    none of which the notes say anywhere what is so alike that both might hold. Those that the notes set against the key come first, then in a drawn order."""
    named = fold(f"{fact.value} {fact.other}")
    found: list[Fact] = []
    others = [f for f in group.facts if f.kind == ("choose" if fact.kind == "avoid" else fact.kind)]
    rng.shuffle(others)
    others.sort(key=lambda f: not _faced(f.thing, key, group))
    for other in others:
        if same(other.thing, key) or same(other.thing, fact.thing) or any(same(other.thing, f.thing) for f in found):
            continue
        if f" {fold(other.thing)} " in f" {named} " or f" {fold(key)} " in f" {fold(other.thing)} " or f" {fold(other.thing)} " in f" {fold(key)} ":
            continue
        if _OWN & set(fold(key).split()) and not set(fold(other.thing).split()) - _OWN:
            continue  # what the key is a part of
        if any(f.kind == "avoid" and same(f.other, key) and alike(f.value, fact.value) <= ALIKE for f in setting.says(other.thing) if f.other):
            continue  # what tells the two apart is a condition that is not asked of here
        if alike(fact.value, other.value) <= ALIKE and not any(alike(f.value, fact.value) > ALIKE for f in setting.says(other.thing) if f.kind != "avoid"):
            found.append(other)
    return found


def taken(rivals: Sequence[T], key: str, text: Callable[[T], str], rng: random.Random) -> list[T]:
    """WRONG of the rivals, or all where there are fewer: how many of them are longer than the key is drawn, so that the
    length of an option tells nothing. None where there are MANY rivals and the draw cannot be met by them: else the keys
    of a glossary, which are its shorter terms, would mostly be the shortest option."""
    longer = [r for r in rivals if len(text(r)) > len(key)]
    others = [r for r in rivals if r not in longer]
    wanted = rng.randrange(WRONG + 1)
    if len(rivals) >= MANY and (len(longer) < wanted or len(others) < WRONG - wanted):
        return []
    found = [*longer[:wanted], *others[: WRONG - wanted]]
    return [*found, *(r for r in rivals if r not in found)][:WRONG]


def _faced(thing: str, key: str, group: Group) -> bool:
    """Whether the notes themselves tell the two apart."""
    return any(
        f.kind == "contrast" and f.other and {same(f.thing, key), same(f.other, key)} == {True, False} and (same(f.thing, thing) or same(f.other, thing))
        for f in group.facts
    )


def alike(left: str, right: str) -> float:
    """The share of the terms of the shorter value that the other one has."""
    a, b = topics(left), topics(right)
    return len(a & b) / max(1, min(len(a), len(b)))
