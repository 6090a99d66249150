"""A table in, questions out that ask for all the things that meet one need: two or three of those shown."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Final

from tutor.exam import Need
from tutor.facts import Fact, Group
from tutor.questions.columns import CHOOSES, GENERIC, column
from tutor.questions.draft import Choice, Draft
from tutor.questions.setting import Setting
from tutor.questions.tables import ASPECT, GRADE, SITUATION, distinct, sayable, worked
from tutor.questions.wording import counted, lowered, singular
from tutor.text import fold

SHOWN: Final = 5
KEYS: Final = (2, 3)


def sharing(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """Which things of a table share a value: every other option has another value, which refutes it."""
    if group.kind != "table" or ASPECT.fullmatch(group.noun) or worked(group):
        return
    attributes = list(group.attributes())
    rng.shuffle(attributes)
    for attribute in attributes:
        column = [f for f in group.facts if f.kind == "cell" and f.attribute == attribute]
        values = list(dict.fromkeys(fold(f.value) for f in column))
        rng.shuffle(values)
        for value in values:
            right = [f for f in column if fold(f.value) == value]
            wrong = [f for f in column if distinct(f.value, right[0].value)]
            if len(right) + len(wrong) < len(column) or not sayable(right[0]):
                continue  # of some thing it could not be told whether it belongs
            if not _askable(attribute, right[0].value, group, setting):
                continue
            if len(right) in KEYS and len(wrong) >= 2 and len(right) < len(wrong) + 2:
                yield (_draft(right, wrong, group, setting, rng),)


def _askable(attribute: str, value: str, group: Group, setting: Setting) -> bool:
    """Whether a person would ask which things have a value: it is chosen for situations, or the value of a noun of theirs."""
    if SITUATION.match(group.noun):
        return CHOOSES.match(attribute) is not None and value[:1].isupper() and lowered(value, setting.common) == value
    wanted = column(attribute)
    noun = singular(lowered(group.noun, setting.common))
    return (
        bool(wanted and wanted.noun and noun)
        and not GENERIC.fullmatch(noun.split()[-1])
        and not GRADE.fullmatch(value)
        and not re.match(r"(?:same|as|like|not)\b", value, re.IGNORECASE)
    )


def _draft(right: list[Fact], wrong: list[Fact], group: Group, setting: Setting, rng: random.Random) -> Draft:
    rng.shuffle(wrong)
    need = Need(right[0].attribute, right[0].value, lowered(right[0].value, setting.common))
    attribute = lowered(need.attribute, setting.common)
    choices = [Choice(f.thing, True, (f,), setting.told(f)) for f in right]
    choices += [Choice(f.thing, False, (f,), setting.told(f), 0) for f in wrong[: SHOWN - len(right)]]
    number = counted(len(right))
    things = lowered(group.noun, setting.common) or "of these"
    wanted = column(need.attribute)
    if SITUATION.match(group.noun):
        need = Need(need.attribute, need.value, need.value)
        asked = f"For which {number} of these {things} is {need.value} the right choice?"
    else:
        asked = f"For which {number} {things} is the {wanted.noun if wanted else attribute} {need.text}?"
    stem = f"{asked} (Select {number}.)"
    return Draft("multiple_response", "sharing", "thing", stem, tuple(choices), (need,), difficulty="medium")
