"""The nouns of the bench: one figure of both pipelines, round by round or with the interval of its difference; as rows for JSON and a table."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from evals.gate.statistics import interval
from tutor.errors import InputError

ALPHA: Final = 0.025
"""What the interval leaves out at each end."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The median, the least and the most of some rounds."""

    median: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Cost:
    """Something that costs less the better it is, in a unit: a value of each pipeline for each round, the same rounds in the same order."""

    name: str
    unit: str
    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.ours) != len(self.theirs) or not self.ours:
            raise InputError(f"{self.name} has {len(self.ours)} rounds of ours and {len(self.theirs)} of theirs; time both in each round.")
        if not all(math.isfinite(v) and v > 0 for v in (*self.ours, *self.theirs)):
            raise InputError(f"{self.name} was measured as {self.ours} and {self.theirs}, which are no costs.")

    @property
    def ratio(self) -> Spread:
        """Ours over theirs, round by round: below 1, ours costs less."""
        return spread([a / b for a, b in zip(self.ours, self.theirs, strict=True)])


@dataclass(frozen=True, slots=True)
class Gain:
    """A share of questions, or a mean over them: both pipelines' over the same questions, and ours minus theirs with its 95 % interval."""

    ours: float
    theirs: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """Ours minus theirs: above 0, ours finds more."""
        return self.ours - self.theirs


def spread(values: Sequence[float]) -> Spread:
    """The spread of one value or more."""
    return Spread(statistics.median(values), min(values), max(values))


def gain(clusters: Sequence[str], ours: Sequence[float], theirs: Sequence[float]) -> Gain:
    """Both means over the same questions, and the 95 % interval of their difference, whole clusters of questions drawn anew."""
    deltas = [(cluster, a - b) for cluster, a, b in zip(clusters, ours, theirs, strict=True)]
    return Gain(statistics.fmean(ours), statistics.fmean(theirs), *interval(deltas, ALPHA))


def cost_row(cost: Cost) -> dict[str, Any]:
    """A cost as JSON: its values by round, their medians, and the ratio."""
    made: dict[str, Any] = {"unit": cost.unit, "ratio": _rounded(cost.ratio)}
    for side, values in (("ours", cost.ours), ("theirs", cost.theirs)):
        made[side] = {"median": _significant(statistics.median(values)), "rounds": [_significant(v) for v in values]}
    return made


def gain_row(gained: Gain) -> dict[str, Any]:
    """A gain as JSON, at four decimals."""
    values = {"ours": gained.ours, "theirs": gained.theirs, "difference": gained.difference, "low": gained.low, "high": gained.high}
    return {name: round(value, 4) for name, value in values.items()}


def _rounded(found: Spread) -> dict[str, float]:
    return {"median": _significant(found.median), "least": _significant(found.least), "most": _significant(found.most)}


def _significant(value: float) -> float:
    """At four significant digits: a clock and a machine with other work have no more."""
    return float(f"{value:.4g}")


def table(result: Mapping[str, Any]) -> str:
    """A result for a person: evidence found, then what it costs."""
    lines: list[str] = []
    for name, found in result["sets"].items():
        evidence = found["evidence"]
        which = "sealed questions" if result["sealed"] else "questions, to which our weights are fitted" if evidence["fitted"] else "questions"
        lines.append(f"{name}: evidence of {evidence['questions']} {which}, within {result['budget']:,} tokens")
        lines.append(f"  {'passages':<32}{found['passages']['ours']:>10,}{found['passages']['theirs']:>10,}")
        lines.append(f"  {'':<32}{'ours':>10}{'theirs':>10}   ours - theirs (95 %, {evidence['clusters']} {evidence['clustered_by']})")
        lines += [
            f"  {metric:<32}{g['ours']:>10.3f}{g['theirs']:>10.3f}   {g['difference']:+.3f} ({g['low']:+.3f} to {g['high']:+.3f})"
            for metric, g in evidence["gains"].items()
        ]
        lines += _costs(f"{name}: whole processes", found["costs"])
    lines += _costs("a question in an open process", result["queries"])
    return "\n".join([*lines, *result["about"]])


def _costs(title: str, rows: Mapping[str, Any]) -> list[str]:
    if not rows:
        return []
    head = f"  {'':<32}{'ours':>10}{'theirs':>10}   ours / theirs (least to most)"
    made = [
        f"  {name + ', ' + c['unit']:<32}{c['ours']['median']:>10.4g}{c['theirs']['median']:>10.4g}   "
        f"{c['ratio']['median']:.3g} ({c['ratio']['least']:.3g} to {c['ratio']['most']:.3g})"
        for name, c in rows.items()
    ]
    return [title, head, *made]
