"""A stem and what the notes say of each option in, features and a score for each option out: how well it meets the stem."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tutor import weights
from tutor.embed import QuestionEncoder
from tutor.index import Index
from tutor.pasted.evidence import DULL, EXAM, Saying, Sight, Stem, distinct, rarity
from tutor.question import GENERIC
from tutor.text import content_words, terms

FEATURES: Final = ("fit", "more", "chosen", "against")
"""The best saying in favor, the mean of the three best, the best one that says what to choose it for, the best one against."""
ALIKE: Final = 0.35
"""Below this two words are not near."""
BEARS: Final = 0.12
"""How well a saying must fit the stem to bear on it at all."""
SMALL: Final = 1.2
"""Added to what a saying holds, so that a short one does not fit by a single word."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A saying with how well it fits the stem, about 0 to 1."""

    saying: Saying
    fit: float


@dataclass(frozen=True, slots=True)
class Assessed:
    """An option's sayings, those for it and those against it, the best first, and its features in their order. `known` is as
    in Sight, and `sayings` counts all that the notes say of it."""

    favoring: tuple[Weighed, ...]
    against: tuple[Weighed, ...]
    features: tuple[float, ...]
    known: float
    sayings: int

    @property
    def fit(self) -> float:
        """How well the best saying in favor fits the stem."""
        return self.favoring[0].fit if self.favoring else 0.0

    @property
    def refuting(self) -> float:
        """How well the best saying against it fits the stem."""
        return self.against[0].fit if self.against else 0.0


@dataclass(frozen=True, slots=True)
class Cuts:
    """When options stand out: each has at least `score`, which is less the more of them are asked for, and more than the next one by `margin`, as often as there are to be."""

    margin: float
    score: float


@lru_cache(maxsize=1)
def model() -> tuple[weights.Linear, Cuts]:
    """The fitted weights and cuts."""
    data = weights.read("pasted")
    cuts = data["cuts"]
    if not isinstance(cuts, dict):
        raise ValueError("cuts must be a mapping: run `python -m evals calibrate pasted`")
    return weights.linear(data, FEATURES), Cuts(float(cuts["margin"]), float(cuts["score"]))


def assess(sights: Sequence[Sight], asked: Stem, index: Index, encoder: QuestionEncoder) -> list[Assessed]:
    """Each option's sayings held against the stem."""
    words = list(dict.fromkeys(w for s in sights for one in s.sayings for w in content_words(one.words)))
    near = dict(zip(words, encoder.nearness(words, [asked.text])[0].tolist(), strict=True)) if words else {}
    every = [_weighed(s, asked, index, near) for s in sights]
    return [_assessed(sight, one) for sight, one in zip(sights, every, strict=True)]


def matrix(assessed: Sequence[Assessed]) -> NDArray[np.float64]:
    """The features of a question's options, shape (options, features)."""
    return np.array([a.features for a in assessed], dtype=np.float64)


def _assessed(sight: Sight, every: Sequence[Weighed]) -> Assessed:
    favoring = tuple(w for w in every if w.saying.favors)
    against = tuple(w for w in every if not w.saying.favors)
    top = [w.fit for w in favoring[:3]]
    features = (
        top[0] if top else 0.0,
        sum(top) / 3,
        max((w.fit for w in favoring if w.saying.chooses), default=0.0),
        against[0].fit if against else 0.0,
    )
    return Assessed(favoring, against, features, sight.known, len(sight.sayings))


def _weighed(sight: Sight, asked: Stem, index: Index, near: dict[str, float]) -> list[Weighed]:
    """The sayings of an option, the one that fits the stem best first."""
    found = [Weighed(s, _fit(s, sight, asked, index, near)) for s in distinct(sight.sayings)]
    return sorted((w for w in found if w.fit > 0), key=lambda w: -w.fit)


def _fit(saying: Saying, sight: Sight, asked: Stem, index: Index, near: dict[str, float]) -> float:
    """The share of a saying that the stem says too, times the root of how much that is; words nearly alike count in part."""
    met = whole = 0.0
    for word in dict.fromkeys(content_words(saying.words)):
        stems = [t for t in terms(word) if t not in sight.weights]
        if not stems:
            continue
        weight = max(rarity(t, index) for t in stems) * (DULL if word in GENERIC or word in EXAM else 1.0)
        whole += weight
        met += weight * (1.0 if any(t in asked.weights for t in stems) else max(0.0, (near.get(word, 0.0) - ALIKE) / (1 - ALIKE)))
    return saying.about * met / (whole + SMALL) * math.sqrt(met)
