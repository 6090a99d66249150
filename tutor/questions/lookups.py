"""A column of a table in, questions out that ask for one thing's cell in it: the wrong options are the cells of other things."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tutor.facts import Fact, Group
from tutor.questions.columns import GENERIC, column, subject
from tutor.questions.draft import Choice, Draft
from tutor.questions.rivals import WRONG, taken
from tutor.questions.setting import Setting
from tutor.questions.tables import ASPECT, GRADE, SHORT, SITUATION, WHEN, distinct, form, worked
from tutor.questions.wording import lowered, raised, singular
from tutor.text import content_terms


def cells(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """What a thing's cell says, in the words of a person who asks."""
    noun = singular(lowered(group.noun, setting.common))
    if group.kind != "table" or SITUATION.match(noun) or ASPECT.fullmatch(noun) or worked(group) or GENERIC.fullmatch(noun):
        return
    facts = [f for f in group.facts if f.kind == "cell" and column(f.attribute) and len(f.value) > SHORT and not GRADE.fullmatch(f.value)]
    rng.shuffle(facts)
    for fact in facts:
        wanted, name = column(fact.attribute), subject(fact.thing, noun, setting)
        others = _others(fact, facts)
        if wanted is None or not name or set(content_terms(fact.thing)) & set(content_terms(fact.value)):
            continue
        others = [o for o in others if form(o.value) == form(fact.value)]
        if form(fact.value) == "word" or (WHEN.fullmatch(fact.attribute) and form(fact.value) != "clause"):
            continue
        found = taken(others, fact.value, lambda f: f.value, rng)
        if len(found) == WRONG:
            right = Choice(raised(fact.value.rstrip(".")), True, (fact,), setting.told(fact))
            wrong = (Choice(raised(f.value.rstrip(".")), False, (f,), setting.told(f)) for f in found)
            yield (Draft("multiple_choice", "cell", "value", wanted.ask.format(thing=name), (right, *wrong), about=fact.thing, difficulty="easy"),)


def _others(fact: Fact, facts: list[Fact]) -> list[Fact]:
    """Cells of the same column that are other answers, and other than one another."""
    kept: list[Fact] = []
    for other in facts:
        named = set(content_terms(fact.thing)) & set(content_terms(other.value))
        if other.attribute == fact.attribute and other.thing != fact.thing and not named and all(distinct(other.value, k.value) for k in (fact, *kept)):
            kept.append(other)
    return kept
