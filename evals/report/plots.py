"""Figures in, small drawings out: a value before and now with its 95 % interval, and a share of a whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

from evals.metrics import Figure
from evals.report.nodes import node

WIDTH: Final = 180
LEFT: Final = 6
RIGHT: Final = WIDTH - LEFT
NORMAL: Final = 1.96
"""Standard errors on either side of a mean that hold 95 % of a normal distribution."""


def interval(figure: Figure) -> tuple[float, float] | None:
    """The 95 % interval of a figure; None where it has no value or no standard error."""
    if figure.value is None or figure.error is None:
        return None
    return figure.value - NORMAL * figure.error, figure.value + NORMAL * figure.error


def axis(figures: Sequence[Figure]) -> tuple[float, float]:
    """From where to where values are drawn: 0 to 1 where all are shares, else as far as they and their intervals reach, in
    round numbers, always with 0, and not below it where no value is."""
    values = [f.value for f in figures if f.value is not None]
    if all(0 <= v <= 1 for v in values):
        return 0.0, 1.0
    reach = [*values, *(end for f in figures for end in interval(f) or ())]
    low = _rounded(-min(reach)) if min(values) < 0 else 0.0
    return 0.0 - low, _rounded(max(reach))


def _rounded(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 and so on (and tenths of them) from a value on; 0 for one that is not above it."""
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if value <= step * power * (1 + 1e-9))


def dots(before: Figure | None, now: Figure) -> ET.Element:
    """Two lanes: a ring for before, a dot for now, each on its interval. What it shows stands in the table as numbers."""
    ends = axis([f for f in (before, now) if f])
    grid = [_line(x, x, 3, 23, "grid") for x in (LEFT, (LEFT + RIGHT) / 2, RIGHT)]
    lanes = [*(_lane(before, 8, "before", ends) if before else []), *_lane(now, 18, "now", ends)]
    if ends == (0.0, 1.0):
        return _drawing(26, [*grid, *lanes])
    labels = [_text(LEFT, "start", ends[0]), _text(RIGHT, "end", ends[1])]
    return _drawing(36, [*grid, *lanes, *labels])


def share(before: tuple[int, int] | None, now: tuple[int, int]) -> ET.Element:
    """A bar of what passed of what was tried, and a mark where it ended before."""
    full = WIDTH * now[0] / now[1] if now[1] else 0
    bars = [_box(WIDTH, "track"), _box(full, "bar")]
    if before and before[1] and before[0] * now[1] != now[0] * before[1]:
        at = WIDTH * before[0] / before[1]
        bars.append(_line(at, at, 0, 10, "mark"))
    return _drawing(10, bars)


def _lane(figure: Figure, y: float, name: str, ends: tuple[float, float]) -> list[ET.Element]:
    if figure.value is None:
        return []
    reach = interval(figure)
    whisker = [_line(_at(reach[0], ends), _at(reach[1], ends), y, y, name)] if reach else []
    place = {"cx": _number(_at(figure.value, ends)), "cy": _number(y), "r": "3.5"}
    return [*whisker, node(f"circle.{name}", attributes=place)]


def _at(value: float, ends: tuple[float, float]) -> float:
    low, high = ends
    return LEFT + (RIGHT - LEFT) * min(max((value - low) / (high - low), 0), 1)


def _line(x1: float, x2: float, y1: float, y2: float, name: str) -> ET.Element:
    return node(f"line.{name}", attributes={"x1": _number(x1), "x2": _number(x2), "y1": _number(y1), "y2": _number(y2)})


def _box(width: float, name: str) -> ET.Element:
    return node(f"rect.{name}", attributes={"y": "2", "width": _number(width), "height": "6", "rx": "2"})


def _text(x: float, anchor: str, value: float) -> ET.Element:
    return node("text", f"{value:g}", attributes={"x": _number(x), "y": "34", "text-anchor": anchor})


def _drawing(height: int, content: list[ET.Element]) -> ET.Element:
    size = {"viewBox": f"0 0 {WIDTH} {height}", "width": str(WIDTH), "height": str(height), "aria-hidden": "true", "focusable": "false"}
    return node("svg", *content, attributes=size)


def _number(value: float) -> str:
    return f"{value:.1f}"
