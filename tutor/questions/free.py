"""Reasons, definitions and differences in, questions out that are answered in a few sentences and marked point by point."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tutor.facts import Fact, FactKind, Group
from tutor.facts.names import same
from tutor.questions.draft import Draft, Point
from tutor.questions.setting import MANY, Setting
from tutor.questions.wording import lowered, plural, pronominal, raised, topics
from tutor.text import content_terms, fold

POINTS: Final = 4
"""Key points of one question at most."""
_ASPECTS: Final[tuple[FactKind, ...]] = ("definition", "reason", "purpose", "choose", "avoid")
_FIRST: Final[Mapping[FactKind, tuple[str, str]]] = {
    "definition": ("What is {name}", "What are {name}"),
    "reason": ("Why does {name} matter", "Why do {name} matter"),
    "purpose": ("What is {name} used for", "What are {name} used for"),
    "choose": ("When should {name} be chosen", "When should {name} be chosen"),
    "avoid": ("When should {name} be avoided", "When should {name} be avoided"),
}
_NEXT: Final[Mapping[FactKind, tuple[str, str]]] = {
    "reason": ("why does it matter", "why do they matter"),
    "purpose": ("what is it used for", "what are they used for"),
    "choose": ("when should it be chosen", "when should they be chosen"),
    "avoid": ("when should it be avoided", "when should they be avoided"),
}
"""What is asked of one thing, and of several."""
_HALVES: Final = re.compile(r",? (?:whereas|while) ")
_INSTEAD: Final = re.compile(r"[;,] (?:then )?(?:choose|use|prefer|pick|select|take) [^;]+$|; [^;]+ suits? (?:those|these|that)[^;]*$", re.IGNORECASE)
"""What an advice to avoid a thing adds: what to take instead is another question."""
_AVAILABLE: Final = re.compile(r"\b(?:new accounts?|new customers?|existing customers?|Region|exam|older)\b", re.IGNORECASE)
"""What is avoided because it is not to be had, which says nothing of the thing."""
_TWO: Final = re.compile(r", (?:and|but|while|whereas) (?:an? |the )?(?:[\w-]+ ){1,4}(?:is|are|means?|matters?|exists?)\b")
"""A sentence that goes on with another thing."""
COMMON: Final = 5
"""How often many notes name what a question asks nothing else of."""
TELLING: Final = 8
"""Words of a definition that is worth a question of its own."""
NAMING: Final = 6
"""Words of a half among which it names its thing."""
SHORTEST: Final = 3
"""Words of one half of a difference."""


def explanations(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """Several things that the notes say of one subject, asked together."""
    things = list(group.things())
    rng.shuffle(things)
    for thing in things:
        found = [f for kind in _ASPECTS if (f := _only(kind, thing, group, setting)) is not None][:POINTS]
        found = [f for f in found if f is found[0] or _general(f, found[0])]
        if len(found) > 1 and found[0].kind == "definition" and setting.definite(thing):
            name = setting.named(found[0])
            asked = [_FIRST[found[0].kind][plural(name)].format(name=name), *(_NEXT[f.kind][plural(name)] for f in found[1:])]
            yield (_draft([(_point(f, setting), f) for f in found], f"{', '.join(asked[:-1])}{', and ' if asked[1:] else ''}{asked[-1]}?", thing, "explain"),)


def _general(fact: Fact, definition: Fact) -> bool:
    """Whether a reason or an advice is of what the definition speaks of, and not one case among others."""
    return not re.search(r"\bonly\b|\d", fact.value) and bool(topics(fact.value) & topics(definition.value))


def _only(kind: FactKind, thing: str, group: Group, setting: Setting) -> Fact | None:
    """The one fact of a kind that the group tells of a thing; None where it tells several, or none that stands alone."""
    found = [f for f in group.facts if f.kind == kind and f.thing == thing]
    if found and kind == "avoid" and _AVAILABLE.search(found[0].value):
        return None
    if kind in ("choose", "avoid") and len({f.unit for f in setting.says(thing) if f.kind == kind}) > 1:
        return None  # other notes have further answers to the question
    if len(found) != 1 or not _tells(found[0]) or _TWO.search(setting.told(found[0])):
        return None
    return found[0]


def _point(fact: Fact, setting: Setting) -> str:
    """A key point of a fact, without what to take instead, which the question does not ask for."""
    told = setting.told(fact)
    return f"{_INSTEAD.sub('', told.rstrip('.'))}." if fact.kind == "avoid" else told


def meanings(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """What one thing is, of which the notes say nothing else."""
    facts = [f for f in group.facts if f.kind == "definition" and sum(o.thing == f.thing for o in group.facts) == 1 and len(f.value.split()) >= TELLING]
    rng.shuffle(facts)
    for fact in facts:
        name = setting.named(fact)
        if (
            (" " in fact.thing or group.kind == "list" or any(c.isupper() for c in fact.thing[1:]))
            and not pronominal(fact.value)
            and not _TWO.search(setting.told(fact))
            and (len(setting.notes) < MANY or setting.mentions(fact.thing) >= COMMON)
        ):
            yield (_draft([(setting.told(fact), fact)], f"What {'are' if plural(name) else 'is'} {name}? Explain in your own words.", fact.thing, "define"),)


def differences(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """What tells two things apart that are taken for one another: a point for each of them."""
    facts = [f for f in group.facts if f.kind == "contrast" and f.other and not same(f.thing, f.other)]
    rng.shuffle(facts)
    for fact in facts:
        halves = [raised(h.strip().rstrip(".")) for h in _HALVES.split(fact.value, maxsplit=1)]
        if len(halves) == 2 and _both(fact, halves) and all(len(h.split()) >= SHORTEST and not pronominal(h) for h in halves):
            accepted = tuple(
                tuple(setting.told(f) for f in setting.says(t) if f.kind == "definition" and fold(f.thing) == fold(t))[:1] for t in (fact.thing, fact.other)
            )
            stem = f"What is the difference between {lowered(fact.thing, setting.common)} and {lowered(fact.other, setting.common)}?"
            yield (_draft([(f"{h}.", fact) for h in halves], stem, fact.thing, "differ", accepted),)


def _tells(fact: Fact) -> bool:
    return len(content_terms(fact.value)) >= 3 and not pronominal(fact.value)


def _both(fact: Fact, halves: Sequence[str]) -> bool:
    """Whether each half is of the thing that the question names, and of no part of it."""
    return all(topics(name) & topics(" ".join(half.split()[:NAMING])) for name, half in zip((fact.thing, fact.other), halves, strict=True))


def _draft(told: Sequence[tuple[str, Fact]], stem: str, about: str, maker: str, accepted: Sequence[tuple[str, ...]] = ()) -> Draft:
    others = accepted or [()] * len(told)
    points = tuple(Point(text, fact, other) for (text, fact), other in zip(told, others, strict=True))
    reference = " ".join(p.text for p in points)
    return Draft("free_text", maker, "words", stem, about=about, reference=reference, points=points, difficulty="hard" if len(points) > 2 else "medium")
