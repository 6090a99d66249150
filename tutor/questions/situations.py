"""Tables that answer a situation ("Need | Choose | Not | Why not") in; questions out that tell the situation."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Final

from tutor.exam import Difficulty, Need
from tutor.facts import Fact, Group
from tutor.questions.draft import Choice, Draft
from tutor.questions.rivals import WRONG, taken
from tutor.questions.setting import Setting
from tutor.questions.tables import SHORT, SITUATION, distinct, worked
from tutor.questions.wording import lowered, singular
from tutor.text import content_terms, fold

_REJECTED: Final = re.compile(r"(?:not|tempting|rival|instead of|wrong)\b", re.IGNORECASE)
_NONE: Final = re.compile(r"(?:none|no|same|any|either|both|depends|not|yes|all|see|as)\b", re.IGNORECASE)
_AGAINST: Final = re.compile(r"(?:why not|reason against|why it fails)", re.IGNORECASE)
_BESIDE: Final = re.compile(r"(?:reason|why|deciding|note|example|remark|comment|not\b|tempting|rival|meaning|detail)", re.IGNORECASE)


def situated(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """What fits a situation: the wrong options are what the notes reject there, and what fits other situations."""
    attributes = group.attributes()
    if group.kind != "table" or not SITUATION.match(group.noun) or worked(group) or not attributes or _BESIDE.match(attributes[0]):
        return
    answer = attributes[0]
    rejected = next((a for a in attributes if _REJECTED.match(a)), "")
    against = next((a for a in attributes if _AGAINST.match(a)), "")
    facts = [f for f in group.facts if f.attribute == answer and f.kind == "cell"]
    rng.shuffle(facts)
    for fact in facts:
        if not names(fact.value) or set(content_terms(fact.value)) & set(content_terms(fact.thing)) or len(fact.thing.split()) < 2:
            continue
        wrong = _wrong(fact, group, facts, (rejected, against), setting, rng)
        if len(wrong) < WRONG:
            continue
        row = singular(lowered(group.noun, setting.common))
        need = Need(row, fact.thing, fact.thing.rstrip("."))
        right = Choice(fact.value, True, (fact,), setting.told(fact))
        level: Difficulty = "hard" if wrong[0].facts[0].thing == fact.thing else "medium"
        noun = "" if re.match(r"(?:choose|use|pick|take|do)\b", answer, re.IGNORECASE) else singular(lowered(answer, setting.common))
        asked = f"Which {noun} fits best?" if noun else "What fits best?"
        stem = f"A team asks: “{need.text}” {asked}" if need.text.endswith("?") else f"A team has this {row}: “{need.text}.” {asked}"
        yield (Draft("multiple_choice", "situation", "value", stem, (right, *wrong), (need,), fact.thing, level),)


def names(value: str) -> bool:
    """Whether a cell names something to choose, and does not say that there is none, or that it is as in another row."""
    return len(value) > SHORT and not _NONE.match(value)


def _wrong(fact: Fact, group: Group, facts: list[Fact], columns: tuple[str, str], setting: Setting, rng: random.Random) -> list[Choice]:
    rejected, against = (group.cell(fact.thing, c) if c else None for c in columns)
    found: list[Choice] = []
    if rejected is not None and distinct(rejected.value, fact.value):
        found.append(Choice(rejected.value, False, (rejected, *([against] if against else [])), " ".join(setting.told(f) for f in (rejected, against) if f), 0))
    for other in facts:
        apart = distinct(other.value, fact.value) and all(distinct(other.value, c.text) for c in found)
        if other is not fact and names(other.value) and apart and f" {fold(other.value)} " not in f" {fold(fact.thing)} ":
            found.append(Choice(other.value, False, (other,), setting.told(other), 0))
    rejected_first = found[:1] if found and found[0].facts[0] is rejected else []
    return [*rejected_first, *taken([c for c in found if c not in rejected_first], fact.value, lambda c: c.text, rng)][:WRONG]
