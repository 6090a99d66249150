"""Reasons, definitions and differences in, questions out that are answered in a few sentences and marked point by point."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tutor.facts import Fact, FactKind, Group
from tutor.facts.names import same
from tutor.questions.draft import Draft, Point
from tutor.questions.setting import Setting
from tutor.questions.wording import listed, lowered, plural, pronominal, raised
from tutor.text import content_terms

POINTS: Final = 4
"""Key points of one question at most."""
_ASPECTS: Final[Mapping[FactKind, tuple[str, str]]] = {
    "definition": ("what it is", "what they are"),
    "reason": ("why it matters", "why they matter"),
    "purpose": ("what it is used for", "what they are used for"),
    "choose": ("when to choose it", "when to choose them"),
    "avoid": ("when to avoid it", "when to avoid them"),
}
"""What is asked of one thing, and of several."""
_HALVES: Final = re.compile(r",? (?:whereas|while) ")
TELLING: Final = 8
"""Words of a definition that is worth a question of its own."""
SHORTEST: Final = 3
"""Words of one half of a difference."""


def explanations(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """Several things that the notes say of one subject, asked together."""
    things = list(group.things())
    rng.shuffle(things)
    for thing in things:
        found = [next((f for f in group.facts if f.kind == kind and f.thing == thing and _tells(f)), None) for kind in _ASPECTS]
        facts = [f for f in found if f is not None][:POINTS]
        if len(facts) > 1 or (facts and facts[0].kind == "reason"):
            name = setting.named(facts[0])
            several = plural(name)
            asked = listed(_ASPECTS[f.kind][several] for f in facts)
            yield (_draft([(setting.told(f), f) for f in facts], f"Explain {name} in your own words: {asked}.", thing, "explain"),)


def meanings(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """What one thing is, of which the notes say nothing else."""
    facts = [f for f in group.facts if f.kind == "definition" and sum(o.thing == f.thing for o in group.facts) == 1 and len(f.value.split()) >= TELLING]
    rng.shuffle(facts)
    for fact in facts:
        if not pronominal(fact.value):
            yield (
                _draft(
                    [(setting.told(fact), fact)], f"Explain in your own words what is meant by {lowered(fact.thing, setting.common)}.", fact.thing, "define"
                ),
            )


def differences(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """What tells two things apart that are taken for one another: a point for each of them."""
    facts = [f for f in group.facts if f.kind == "contrast" and f.other and not same(f.thing, f.other)]
    rng.shuffle(facts)
    for fact in facts:
        halves = [raised(h.strip().rstrip(".")) for h in _HALVES.split(fact.value, maxsplit=1)]
        if len(halves) == 2 and all(len(h.split()) >= SHORTEST and not pronominal(h) for h in halves):
            stem = f"What is the difference between {lowered(fact.thing, setting.common)} and {lowered(fact.other, setting.common)}?"
            yield (_draft([(f"{h}.", fact) for h in halves], stem, fact.thing, "differ"),)


def _tells(fact: Fact) -> bool:
    return len(content_terms(fact.value)) >= 3 and not pronominal(fact.value)


def _draft(told: Sequence[tuple[str, Fact]], stem: str, about: str, maker: str) -> Draft:
    points = tuple(Point(text, fact) for text, fact in told)
    reference = " ".join(p.text for p in points)
    return Draft("free_text", maker, "words", stem, about=about, reference=reference, points=points, difficulty="hard" if len(points) > 2 else "medium")
