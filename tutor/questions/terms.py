"""Definitions in; questions out that ask for the term, or for what a term means."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Final

from tutor.exam import Need
from tutor.facts import Fact, Group
from tutor.questions.draft import Choice, Draft
from tutor.questions.rivals import WRONG, rivals, taken
from tutor.questions.setting import Setting
from tutor.questions.wording import lowered, pronominal, raised, topics

SHORTEST: Final = 5
"""Words from which a definition tells its term from others."""
LONGEST: Final = 30


def named(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """Which term a definition belongs to."""
    for fact in _definitions(group, setting, rng):
        found = taken(rivals(fact, fact.thing, group, setting, rng), fact.thing, lambda f: f.thing, rng)
        if len(found) < WRONG or topics(fact.thing) & topics(fact.value):
            continue
        text = lowered(fact.value.rstrip("."), setting.common)
        asked = f"{_one(fact.thing)} does this describe: {text}?" if _one(fact.thing) else f"What is the name for {text}?"
        right = Choice(fact.thing, True, (fact,), setting.told(fact))
        wrong = tuple(Choice(f.thing, False, (f,), setting.told(f), 0) for f in found)
        yield (Draft("multiple_choice", "term", "thing", asked, (right, *wrong), (Need(fact.attribute, fact.value, text),), difficulty="easy"),)


def meant(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """What a term means: the wrong options define other terms."""
    for fact in _definitions(group, setting, rng):
        apart = [f for f in rivals(fact, fact.thing, group, setting, rng) if not topics(fact.thing) & topics(f.value)]
        found = taken(apart, fact.value, lambda f: f.value, rng)
        if len(found) < WRONG or topics(fact.thing) & topics(fact.value):
            continue
        right = Choice(raised(fact.value.rstrip(".")), True, (fact,), setting.told(fact))
        wrong = tuple(Choice(raised(f.value.rstrip(".")), False, (f,), setting.told(f)) for f in found)
        yield (
            Draft(
                "multiple_choice",
                "meaning",
                "value",
                f"Which of these describes {setting.named(fact)}?",
                (right, *wrong),
                about=fact.thing,
                difficulty="medium",
            ),
        )


def _one(thing: str) -> str:
    """What a product is asked for as; "" for what is none."""
    vendor = re.match(r"(Amazon|AWS|Azure|Google|SageMaker) ", thing)
    return (
        ""
        if vendor is None
        else "Which SageMaker AI feature"
        if vendor.group(1) == "SageMaker"
        else f"Which {vendor.group(1).replace('Amazon', 'AWS')} service"
    )


def _definitions(group: Group, setting: Setting, rng: random.Random) -> list[Fact]:
    found = [
        f
        for f in group.facts
        if f.kind == "definition" and SHORTEST <= len(f.value.split()) <= LONGEST and not pronominal(f.value) and setting.known(f.thing) and setting.clean(f)
    ]
    rng.shuffle(found)
    return found
