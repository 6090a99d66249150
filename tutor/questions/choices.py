"""Sentences that say when to choose a thing, or what to choose instead of it, in; questions out that give the need."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from tutor.exam import Difficulty, Need
from tutor.facts import Fact, Group
from tutor.facts.names import plural as plural_of
from tutor.facts.names import same
from tutor.questions.draft import Choice, Draft
from tutor.questions.rivals import WRONG, rivals, taken
from tutor.questions.setting import Setting
from tutor.questions.wording import counted, lowered, pronominal, raised, sentence, singular, topic, topics

WISH: Final = re.compile(r"\b(?:must|needs?|has to|have to|should|may not|cannot|wants?)\b")
"""What makes a condition a task: somebody wants or needs something."""
_SPOKEN: Final = re.compile(
    r"\b(?:you|your|yours|we|our)\b|, or (?!(?:other|similar|more)\b)(?:\w+ ){2,}|, (?:and|but) (?:it|they|this)\b|\bexam question|\bolder question",
    re.IGNORECASE,
)
"""A need that speaks to the reader, or joins two conditions of which either is enough: no one who asks says it so."""
PAIRS: Final = 6
"""Pairs of tasks that are asked of one group."""
SHORTEST: Final = 4
"""Words from which a need says enough."""


def chosen(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """What to choose when a need is given: the wrong options are chosen for other needs."""
    facts = [f for f in group.facts if f.kind == "choose" and _usable(f, f.thing)]
    rng.shuffle(facts)
    for fact in facts:
        found = taken(rivals(fact, fact.thing, group, setting, rng), fact.thing, lambda f: f.thing, rng)
        if len(found) < WRONG:
            continue
        need = _need(fact, setting)
        right = Choice(raised(fact.thing), True, (fact,), setting.told(fact))
        wrong = tuple(Choice(raised(f.thing), False, (f,), setting.told(f), 0) for f in found)
        level: Difficulty = "hard" if any(near(fact, f) for f in found) else "medium"
        asked = _asked(group, [c.text for c in (right, *wrong)], setting)
        if not asked:
            continue
        stem = f"{_scene(need.text, fact)} {asked}"
        yield (Draft("multiple_choice", "choose", "thing", stem, (right, *wrong), (need,), difficulty=level),)


def both(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """Which two things to choose for two tasks: each meets one of them, and the others neither."""
    facts = [f for f in group.facts if f.kind == "choose" and f.attribute.endswith("when") and _usable(f, f.thing) and WISH.search(f.value)]
    rng.shuffle(facts)
    pairs = list(combinations(facts, 2))
    rng.shuffle(pairs)
    for one, other in pairs[:PAIRS]:
        near = [rivals(f, f.thing, group, setting, rng) for f in (one, other)]
        found = [f for f in near[0] if f in near[1]][:WRONG]
        if len(found) < WRONG or same(one.thing, other.thing) or other not in near[0]:
            continue
        needs = _need(one, setting), _need(other, setting)
        right = [Choice(raised(f.thing), True, (f,), setting.told(f)) for f in (one, other)]
        wrong = [Choice(raised(f.thing), False, (f,), setting.told(f), n % 2) for n, f in enumerate(found)]
        noun = kind(group, [c.text for c in (*right, *wrong)])
        if noun:
            stem = f"A company has two tasks. In one, {needs[0].text}. In the other, {needs[1].text}. Which {counted(2)} {plural_of(noun)} should it choose? (Select {counted(2)}.)"
            yield (Draft("multiple_response", "both", "thing", stem, (*right, *wrong), needs, difficulty="hard"),)


def instead(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """What to choose instead of what a colleague suggests."""
    facts = [f for f in group.facts if f.kind == "avoid" and f.other and " or " not in f.other and _usable(f, f.other)]
    rng.shuffle(facts)
    for fact in facts:
        others = [f for f in rivals(fact, fact.other, group, setting, rng) if not same(f.thing, fact.thing)]
        found = taken(others, fact.other, lambda f: f.thing, rng)
        if len(found) < WRONG:
            continue
        need = _need(fact, setting)
        right = Choice(raised(fact.other), True, (fact,), setting.told(fact))
        wrong = tuple(Choice(raised(f.thing), False, (f,), setting.told(f), 0) for f in found)
        stem = f"A colleague suggests {fact.thing}, but {need.text}. What should the team choose instead?"
        yield (Draft("multiple_choice", "instead", "thing", stem, (right, *wrong), (need,), difficulty="medium"),)


def near(left: Fact, right: Fact) -> bool:
    """Whether two needs speak of much the same, so that telling them apart takes care."""
    a, b = topics(left.value), topics(right.value)
    return len(a & b) >= 2


def _usable(fact: Fact, key: str) -> bool:
    """Whether a need says enough, and does not name what meets it."""
    if _SPOKEN.search(fact.value):
        return False
    return len(fact.value.split()) >= SHORTEST and not pronominal(fact.value) and not topics(key) & topics(fact.value)


def _need(fact: Fact, setting: Setting) -> Need:
    return Need(fact.attribute, fact.value, lowered(fact.value.rstrip("."), setting.common))


def _scene(text: str, fact: Fact) -> str:
    if fact.attribute.endswith("for"):
        return f"A team needs something for {text}."
    return sentence(text)


def _asked(group: Group, options: Sequence[str], setting: Setting) -> str:
    """The question behind a need; "" where what the options are cannot be said."""
    noun = kind(group, options)
    label = "" if noun else topic(group.title, setting.common)
    return f"Which {noun} fits best?" if noun else f"Which of these fits best? (Topic: {label}.)" if label else ""


def kind(group: Group, options: Sequence[str]) -> str:
    """What options are, in one noun: the group's, unless it joins two things; services where all bear the vendor's name."""
    noun = singular(group.noun)
    if noun and not re.search(r" (?:and|or|for|of) ", noun):
        return noun
    return "service" if all(re.match(r"(?:Amazon|AWS) ", o) for o in options) else ""
