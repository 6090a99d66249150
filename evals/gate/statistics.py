"""Paired outcomes in, what of their difference is more than chance out: McNemar's exact test and a cluster bootstrap."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

DRAWS: Final = 10_000


def mcnemar(worse: int, better: int) -> float:
    """The one-sided exact p-value of so many pairs that got worse, against so many that got better: the chance of at least
    `worse` heads among the discordant pairs (McNemar 1947, exact form)."""
    pairs = worse + better
    return sum(math.comb(pairs, k) for k in range(worse, pairs + 1)) / int(2**pairs)


def interval(deltas: Sequence[tuple[str, float]], alpha: float, draws: int = DRAWS, seed: int = 0) -> tuple[float, float]:
    """The alpha and 1 - alpha quantiles of the mean of (cluster, delta) pairs when whole clusters are drawn anew (Davison and
    Hinkley 1997, section 3.8). Raises ValueError for no pairs."""
    if not deltas:
        raise ValueError("an interval needs pairs")
    sums: dict[str, float] = defaultdict(float)
    sizes: dict[str, int] = defaultdict(int)
    for cluster, delta in sorted(deltas):
        sums[cluster] += delta
        sizes[cluster] += 1
    total, size = np.array(list(sums.values())), np.array(list(sizes.values()), dtype=float)
    drawn = np.random.default_rng(seed).integers(0, len(total), size=(draws, len(total)))
    means = total[drawn].sum(axis=1) / size[drawn].sum(axis=1)
    return float(np.quantile(means, alpha)), float(np.quantile(means, 1 - alpha))


def holm(values: Mapping[str, float]) -> dict[str, float]:
    """p-values adjusted for how many there are (Holm 1979)."""
    adjusted, highest = {}, 0.0
    for rank, (name, p) in enumerate(sorted(values.items(), key=lambda pair: pair[1])):
        highest = max(highest, min(1.0, p * (len(values) - rank)))
        adjusted[name] = highest
    return adjusted
