"""A point's numbers in, how probably it is said, and how probably its contrary, out; these in, its mark and the score out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from tutor import weights
from tutor.exam import MarkVerdict
from tutor.grading.features import FEATURES, Row, row
from tutor.grading.meaning import Floats

VALUES: Final[dict[MarkVerdict, float]] = {"covered": 1.0, "partly": 0.5, "missed": 0.0, "contradicted": -1.0}
"""What a mark counts. Who says the contrary of a point does not know another one the better for it: it takes one back."""


@dataclass(frozen=True, slots=True)
class Chance:
    """The estimated probabilities that a point is said, and that its contrary is."""

    covered: float
    contrary: float

    @property
    def value(self) -> float:
        """What the point counts on average."""
        return self.covered - self.contrary

    @property
    def variance(self) -> float:
        """How far what it counts may lie from that."""
        return max(0.0, self.covered + self.contrary - self.value**2)


@dataclass(frozen=True, slots=True)
class Bands:
    """From `high` on a point is covered; up to `low` it is not, and contradicted if its contrary has `contrary` at least.

    A score is given where its standard error is at most `bound`. A point whose new words are met by less than `met`
    (the feature recall_new) is at even odds at most: words of one's own are no answer by themselves.
    """

    low: float
    high: float
    contrary: float
    bound: float
    met: float


MET: Final = "recall_new"
"""How well the attempt meets the words of a point that the question does not give away."""
BESIDE: Final = ("own", "contrary", "others", "others_contrary")
"""What a point's probabilities are told by at last: its own odds of being said and turned round, and their means over the
question's other points, for who knows one mostly knows the next, and who mistakes one mistakes more."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Two sums of trees, for being said and for being turned round; how the points of one answer bear on each other (None
    for a single point); and the bands of their probabilities."""

    said: weights.Trees
    turned: weights.Trees
    beside: tuple[weights.Linear, weights.Linear] | None
    bands: Bands

    def chances(self, found: Sequence[Row]) -> list[Chance]:
        """The probabilities for the points of one answer. That of a contrary is no more than that its point is not said."""
        rows = [row(one.values) for one in found]
        odds = np.array([[self.said.score(values), self.turned.score(values)] for values in rows])
        if self.beside is not None:
            together = among(odds)
            odds = np.stack([one.scores(together) for one in self.beside], axis=1)
        made = []
        for one, (said, turned) in zip(found, odds.tolist(), strict=True):
            covered = min(_logistic(said), 1.0 if one.values[MET] >= self.bands.met else 0.5)
            made.append(Chance(covered, min(1.0 - covered, _logistic(turned))))
        return made

    def verdict(self, chance: Chance) -> MarkVerdict:
        """The mark that a chance gives; "unsure" between the bands."""
        if chance.covered >= self.bands.high:
            return "covered"
        if chance.covered <= self.bands.low:
            return "contradicted" if chance.contrary >= self.bands.contrary else "missed"
        return "unsure"


def among(odds: Floats) -> Floats:
    """Rows of BESIDE from the odds of one answer's points, shape (points, 2): its own where it is the only one."""
    count = len(odds)
    others = (odds.sum(axis=0) - odds) / (count - 1) if count > 1 else odds
    return np.hstack([odds, others])


@lru_cache(maxsize=2)
def judge(single: bool) -> Judge:
    """The judge of a question's one point, fitted to pupils' short answers, or of one point among several."""
    data: Any = weights.read("marking")["single" if single else "several"]
    beside = None if single else (weights.linear(data["beside"]["covered"], BESIDE), weights.linear(data["beside"]["contrary"], BESIDE))
    return Judge(weights.trees(data["covered"], FEATURES), weights.trees(data["contrary"], FEATURES), beside, Bands(**data["bands"]))


def score(verdicts: Sequence[MarkVerdict], chances: Sequence[Chance]) -> tuple[float, float]:
    """The score from the marks, 0 to 1, and its standard error. A mark counts by VALUES; where it is unsure, what its
    chance gives on average."""
    values = [VALUES.get(v, c.value) for v, c in zip(verdicts, chances, strict=True)]
    spread = math.sqrt(sum(c.variance for c in chances)) / len(chances)
    return min(1.0, max(0.0, sum(values) / len(values))), spread


def confidence(verdict: MarkVerdict, chance: Chance) -> float:
    """How probably a verdict is right; of an unsure one, what the likelier side has."""
    return {
        "covered": chance.covered,
        "missed": 1.0 - chance.covered,
        "contradicted": chance.contrary,
    }.get(verdict, max(chance.covered, 1.0 - chance.covered))


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
