"""A numbered procedure in, questions out that ask for its order."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from tutor.facts import Fact, Group
from tutor.questions.draft import Choice, Draft
from tutor.questions.setting import Setting
from tutor.questions.wording import pronominal, raised, topics
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
_AFTER: Final = re.compile(r"\b(?:after|afterwards|then|until|once|results?|remaining|remain|again)\b", re.IGNORECASE)
_KNOWN: Final = re.compile(r"\b(?:the|its|these|those|that|each|both) ((?:[\w-]+ ?){1,4})", re.IGNORECASE)
"""What a step speaks of as known."""
_SETTING_UP: Final = re.compile(r"(?:create|turn on|switch on|enable|set|choose|mark|allow|grant|name)\b", re.IGNORECASE)
"""A step that prepares, or that could stand anywhere: only an order word places it."""
_TAKEN: Final = re.compile(r"\bthe (?:same|gain|results?|remaining|rest|other|others)\b", re.IGNORECASE)
"""What an earlier step has brought up: with such a step no stretch can begin."""
_FREE: Final = re.compile(
    r"^(?:when|if|where|for|in case|optionally|avoid|never|always|keep|remember|prefer|mark|record|notify|document|log)\b|\b(?:every|always|if|console|at any time|one thing at a time|optional(?:ly)?|alternatively)\b|; if |\bif so\b",
    re.IGNORECASE,
)
"""A condition, an alternative, a choice or a rule for all the time: it has no one place."""
_MANUAL: Final = re.compile(r"\b(?:run|open|click|type|press|install|download) \S*[./_-]|\b\w+\.(?:py|sh|ya?ml|json|csv|ipynb|txt)\b|--\w", re.IGNORECASE)
"""Steps of an exercise at the keyboard: nobody has to know their order."""


def steps(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """One question a procedure, of a stretch of its steps of which each builds on the one before."""
    facts = sorted((f for f in group.facts if f.kind == "step" and f.place >= 0), key=lambda f: f.place)
    aim = _AIM.match(re.sub(r" without (?:fooling|deceiving) [a-z]+", "", group.lead.strip()))
    shown = _chain(facts, aim.group(1) if aim else "")[:MOST]
    if aim and not re.search(r"\bconsole\b", group.lead) and len(shown) >= FEWEST and len({fold(f.value) for f in shown}) == len(shown):
        begin = f"{raised(aim.group(1).strip())}, in which order are these steps taken?"
        choices = tuple(Choice(_said(f), True, (f,), f"{n}. {_said(f)}") for n, f in enumerate(shown, 1))
        yield (Draft("ordering", "steps", "step", begin, choices, about=group.lead, difficulty="hard" if len(shown) > FEWEST else "medium"),)


def _chain(facts: Sequence[Fact], aim: str) -> list[Fact]:
    """The longest stretch of steps whose order is no matter of taste: each uses what the one before it names, or says that
    it comes after; none is a condition, an alternative or a rule that holds all the time."""
    spread = Counter(term for f in facts for term in topics(f.value))
    topic = {term for term, count in spread.items() if 2 * count > len(facts)} | topics(aim)
    best: list[Fact] = []
    here: list[Fact] = []
    for fact in facts:
        if not _fits(fact):
            here = []
        elif here and fact.place == here[-1].place + 1 and _builds(fact.value, here[-1].value, topic):
            here.append(fact)
        else:
            here = [] if _TAKEN.search(fact.value) else [fact]
        best = max(best, list(here), key=len)
    return best


def _builds(later: str, earlier: str, topic: set[str]) -> bool:
    """Whether a step uses what the one before it names, as known, or says that it comes after. What all steps are about
    tells nothing, and steps that begin alike are members of a list."""
    if later.split(maxsplit=1)[0] == earlier.split(maxsplit=1)[0]:
        return False
    if _AFTER.search(later):
        return True
    known = topics(earlier) - topic
    return not _SETTING_UP.match(later) and any(known & topics(m.group(1)) for m in _KNOWN.finditer(later))


def _fits(fact: Fact) -> bool:
    text = fact.value
    return 2 <= len(text.split()) <= LONGEST and not any(p.search(text) for p in (_PLACED, _FREE, _MANUAL)) and not pronominal(text)


def _said(fact: Fact) -> str:
    return f"{fact.value.rstrip('.;')}."
