"""A numbered procedure in, questions out that ask for its order."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Final

from tutor.facts import Fact, Group
from tutor.questions.draft import Choice, Draft
from tutor.questions.setting import Setting
from tutor.questions.wording import pronominal, raised
from tutor.text import fold

FEWEST: Final = 3
MOST: Final = 6
"""Steps of one question; of a longer procedure a stretch is asked."""
LONGEST: Final = 30
"""Words of a step."""
_PLACED: Final = re.compile(
    r"^(?:\W*)(?:first|second|third|fourth|fifth|last|then|next|finally|lastly|afterwards|now|step)\b|\b(?:previous|preceding|above|earlier|next) (?:step|one|bin|term)\b",
    re.IGNORECASE,
)
_AIM: Final = re.compile(r"^(to [^,:]{6,120}),", re.IGNORECASE)
_SEQUENCE: Final = re.compile(
    r"\b(?:steps?|order|process|procedure|workflow|stages?|phases?|pipeline|lifecycle|life cycle|sequence|how to|first to last)\b", re.IGNORECASE
)
_MANUAL: Final = re.compile(r"\b(?:run|open|click|type|press|install|download) \S*[./_-]|\b\w+\.(?:py|sh|ya?ml|json|csv|ipynb|txt)\b|--\w", re.IGNORECASE)
"""Steps of an exercise at the keyboard: nobody has to know their order."""


def steps(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """One question a procedure whose steps do not give their place away."""
    facts = sorted((f for f in group.facts if f.kind == "step" and f.place >= 0), key=lambda f: f.place)
    aim = _AIM.match(group.lead.strip())
    if not aim and not _SEQUENCE.search(f"{group.lead} {group.title}"):
        return  # a numbered list need not be an order
    if len(facts) < FEWEST or [f.place for f in facts] != list(range(facts[0].place, facts[0].place + len(facts))) or not (aim or group.title):
        return
    start = rng.randrange(len(facts) - MOST + 1) if len(facts) > MOST else 0
    shown = facts[start : start + MOST]
    if any(not _fits(f) or _MANUAL.search(f.value) for f in shown) or len({fold(f.value) for f in shown}) < len(shown):
        return
    begin = (
        f"{raised(aim.group(1).strip())}, in which order are these steps taken?" if aim else f"In which order do these steps come? The topic: {group.title}."
    )
    choices = tuple(Choice(_said(f), True, (f,), f"{n}. {_said(f)}") for n, f in enumerate(shown, 1))
    yield (Draft("ordering", "steps", "step", begin, choices, about=group.lead, difficulty="hard" if len(shown) > 4 else "medium"),)


def _fits(fact: Fact) -> bool:
    return 2 <= len(fact.value.split()) <= LONGEST and not _PLACED.search(fact.value) and not pronominal(fact.value)


def _said(fact: Fact) -> str:
    return f"{fact.value.rstrip('.;')}."
