"""Things with different values of one attribute in, questions out that ask which value belongs to which."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from tutor.facts import Fact, Group
from tutor.questions.columns import GENERIC, column
from tutor.questions.draft import Choice, Draft
from tutor.questions.setting import Setting
from tutor.questions.tables import ASIDE, ASPECT, GRADE, SITUATION, WHEN, clausal, distinct, form, worked
from tutor.questions.wording import lowered, pronominal, raised, singular, topic, topics

FEWEST: Final = 3
MOST: Final = 4
"""Pairs of one question."""
LONGEST: Final = 26
"""Words of a value."""
_JOINS: Final = re.compile(r" (?:and|or|for|of) ")
_VENDOR: Final = re.compile(r"(?:Amazon|AWS) ")
_ASKED: Final = {
    "definition": "Match each {noun} with its description.",
    "choose": "Match each {noun} with the need that it fits.",
    "purpose": "Match each {noun} with what it is for.",
}


def pairs(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """One question for each attribute whose values tell the things apart."""
    if worked(group) or re.search(r"\bretired\b", f"{group.title} {group.note}", re.IGNORECASE) or ASPECT.fullmatch(group.noun):
        return
    attributes = list(group.attributes())
    rng.shuffle(attributes)
    for attribute in attributes:
        if (
            SITUATION.match(group.noun)
            or ASIDE.match(attribute)
            or not (column(attribute) or any(f.kind in _ASKED for f in group.facts if f.attribute == attribute))
        ):
            continue
        facts = [f for f in group.facts if f.attribute == attribute and f.kind in ("cell", *_ASKED) and _fits(f) and setting.clean(f)]
        if sum(bool(GRADE.fullmatch(f.value)) for f in facts) > 1:
            continue
        common = Counter(form(f.value) for f in facts).most_common(1)
        facts = [f for f in facts if f.kind in _ASKED or (form(f.value) == common[0][0] != "word")]
        rng.shuffle(facts)
        for at in range(0, len(facts), MOST):
            chosen = _apart(facts[at:])[:MOST]
            if len(chosen) >= FEWEST and at + len(chosen) <= len(facts):
                draft = _draft(chosen, group, setting)
                if "each item" not in draft.stem:
                    yield (draft,)


def _fits(fact: Fact) -> bool:
    said = topics(fact.thing) & topics(fact.value)
    if WHEN.fullmatch(fact.attribute) and not clausal(fact.value):
        return False
    return 1 <= len(fact.value.split()) <= LONGEST and not said and not pronominal(fact.value) and any(c.isalpha() for c in fact.value)


def _apart(facts: Sequence[Fact]) -> list[Fact]:
    """The facts whose values and things cannot be taken for one another's."""
    kept: list[Fact] = []
    for fact in facts:
        if all(
            distinct(fact.value, k.value) and fact.thing != k.thing and not topics(fact.thing) & topics(k.value) and not topics(k.thing) & topics(fact.value)
            for k in kept
        ):
            kept.append(fact)
    return kept


def _draft(facts: Sequence[Fact], group: Group, setting: Setting) -> Draft:
    kind, attribute = facts[0].kind, facts[0].attribute
    noun = ("service" if all(_VENDOR.match(f.thing) for f in facts) else "term") if kind == "definition" else singular(lowered(group.noun, setting.common))
    noun = "item" if not noun or _JOINS.search(noun) or (GENERIC.fullmatch(noun) and kind == "cell") else noun
    wanted = column(attribute)
    asked = _ASKED[kind].format(noun=noun) if kind in _ASKED else f"Match each {noun} with {wanted.match if wanted else 'what fits it'}."
    label = "" if noun in ("service", "term") else topic(group.title, setting.common)
    asked = f"{asked.rstrip('.')} (topic: {label})." if label and not topics(label) <= topics(asked) else asked
    choices = tuple(Choice(raised(f.value.rstrip(".")), True, (f,), setting.told(f), partner=raised(f.thing)) for f in facts)
    return Draft("matching", "pairs", "value", asked, choices, about=attribute, difficulty="medium" if len(facts) < MOST else "hard")
