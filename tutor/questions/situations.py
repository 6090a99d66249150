"""Tables that answer a situation ("Need | Choose | Not | Why not") in; questions out that tell the situation."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Final

from tutor.exam import Difficulty, Need
from tutor.facts import Fact, Group
from tutor.facts.names import same
from tutor.questions.columns import CHOOSES
from tutor.questions.draft import Choice, Draft
from tutor.questions.rivals import WRONG, taken
from tutor.questions.setting import Setting
from tutor.questions.tables import SHORT, asks, distinct, spoken, worked
from tutor.questions.wording import lowered, raised, sentence, singular, topics
from tutor.text import fold

_REJECTED: Final = re.compile(r"(?:not|tempting|rival|instead of|wrong)\b", re.IGNORECASE)
_NONE: Final = re.compile(r"(?:none|no|same|any|either|both|depends|not|yes|all|see|as)\b", re.IGNORECASE)
_AGAINST: Final = re.compile(r"(?:why not|reason against|why it fails)", re.IGNORECASE)
_WANTED: Final = re.compile(r"(?:[a-z]+ )?(?:need|situation|scenario|access pattern|task|goal|requirement|use case|workload|job|question)")
_SYMPTOM: Final = re.compile(r"(?:[a-z]+ )?(?:symptom|problem|error|sign|trouble|message|failure|observation)")
_CHOOSE: Final = re.compile(r"(?:choose|pick|use|take|prefer|best|fits|answer with|first choice)\b", re.IGNORECASE)


def situated(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """What fits a situation: the wrong options are what the notes reject there, and what fits other situations."""
    attributes = group.attributes()
    row = singular(lowered(group.noun, setting.common))
    if group.kind != "table" or not attributes or worked(group):
        return
    rejected = next((a for a in attributes if _REJECTED.match(a)), "")
    against = next((a for a in attributes if _AGAINST.match(a)), "")
    facts = [f for f in group.facts if f.attribute == attributes[0] and f.kind == "cell"]
    rng.shuffle(facts)
    for fact in facts:
        if not names(fact.value) or topics(fact.value) & topics(fact.thing) or len(fact.thing.split()) < 2:
            continue
        wrong = _wrong(fact, group, facts, (rejected, against), setting, rng)
        if len(wrong) == WRONG:
            need = Need(row, fact.thing, lowered(fact.thing.rstrip(".?"), setting.common))
            stem = _stem(need.text, row, attributes[0], setting)
            right = Choice(raised(fact.value), True, (fact,), setting.told(fact))
            level: Difficulty = "hard" if wrong[0].facts[0].thing == fact.thing else "medium"
            if stem:
                yield (Draft("multiple_choice", "situation", "value", stem, (right, *wrong), (need,), fact.thing, level),)


def _stem(text: str, row: str, answer: str, setting: Setting) -> str:
    """What is asked of a row: a clause sets the scene, a question is asked itself, a symptom is named; "" where the row is
    in note form, as no one would say it, or where a person would not ask for the answer so."""
    low = lowered(answer, setting.common)
    chosen = "What" if _CHOOSE.match(answer) else f"Which {singular(low)}"
    if _WANTED.fullmatch(row) and CHOOSES.match(answer):
        if asks(text):
            return f"{chosen} answers this question: {text}?"
        return f"{sentence(text)} {chosen} fits best?" if spoken(text) else ""
    if _SYMPTOM.fullmatch(row) and re.fullmatch(r"(?:likely |probable |usual |typical |common )?cause", low):
        return f"What is the most likely cause of this {row}: {text}?"
    if _SYMPTOM.fullmatch(row) and re.fullmatch(r"(?:usual |first |likely )?(?:remedy|fix|cure|solution|response|action)", low):
        return f"What is the {low} for this {row}: {text}?"
    return ""


def names(value: str) -> bool:
    """Whether a cell names something to choose, and does not say that there is none, or that it is as in another row."""
    return len(value) > SHORT and not _NONE.match(value)


def _wrong(fact: Fact, group: Group, facts: list[Fact], columns: tuple[str, str], setting: Setting, rng: random.Random) -> list[Choice]:
    rejected, against = (group.cell(fact.thing, c) if c else None for c in columns)
    found: list[Choice] = []
    if rejected is not None and names(rejected.value) and not same(rejected.value, fact.value):
        found.append(
            Choice(raised(rejected.value), False, (rejected, *([against] if against else [])), " ".join(setting.told(f) for f in (rejected, against) if f), 0)
        )
    for other in facts:
        apart = distinct(other.value, fact.value) and all(distinct(other.value, c.text) for c in found)
        if other is not fact and names(other.value) and apart and f" {fold(other.value)} " not in f" {fold(fact.thing)} ":
            found.append(Choice(raised(other.value), False, (other,), setting.told(other), 0))
    rejected_first = found[:1] if found and found[0].facts[0] is rejected else []
    return [*rejected_first, *taken([c for c in found if c not in rejected_first], fact.value, lambda c: c.text, rng)][:WRONG]
