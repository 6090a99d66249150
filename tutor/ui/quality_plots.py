"""Figures and counts in, Vega-Lite charts out: a row each, its words above the line that bears its value."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tutor.quality import Figure
from tutor.ui import quality_words

WIDTH: Final = 56
"""Characters of a line of words: as many as a phone shows."""
LINE: Final = 16
"""Pixels of a line of words; what bears the value takes another, and so does the space to the next row."""
BLUE: Final = "#3f8db5"
"""Seen on a light page and on a dark one."""
FIELDS: Final = ("at", "low", "high", "now", "before")
"""The numbers of a row: where it stands, and what it bears."""

Chart = dict[str, Any]


def plotted(figure: Figure) -> bool:
    """Whether a figure is a share, or a difference of two, and so has its place on the common axis."""
    return figure.now is not None and max(abs(figure.now), abs(figure.before or 0.0)) <= 1


def intervals(figures: Sequence[Figure]) -> Chart:
    """A dot for the value of each figure, a line for its 95 % interval, and a ring for what the baseline had where that differs."""
    rows = []
    for figure in filter(plotted, figures):
        low, high = figure.interval or (figure.now, figure.now)
        words, before = f"{quality_words.value(figure.now)} · {quality_words.figure(figure)}", None if figure.before == figure.now else figure.before
        rows.append(_row(words, low, high) | {"now": figure.now, "before": before})
    return _chart(rows, 5, [_dots("before", filled=False), _dots("now", filled=True)])


def shares(counts: Sequence[tuple[str, int, int]]) -> Chart:
    """A bar for the share that passed, of each (words, passed, tried)."""
    return _chart([_row(f"{passed:,} of {tried:,} · {words}", 0.0, passed / tried) for words, passed, tried in counts], 8, [])


def _row(words: str, low: float | None, high: float | None) -> Chart:
    return {"words": textwrap.wrap(words, WIDTH, max_lines=3, placeholder="…"), "low": low, "high": high}


def _dots(field: str, filled: bool) -> Chart:
    mark = {"type": "point", "shape": "circle", "filled": filled, "size": 80, "strokeWidth": 2, "opacity": 1, "color": BLUE}
    return {"mark": mark, "encoding": {"x": {"field": field, "type": "quantitative"}}}


def _line(x: Chart, x2: Chart, width: int, opacity: float) -> Chart:
    mark = {"type": "rule", "strokeWidth": width, "opacity": opacity, "color": BLUE}
    return {"mark": mark, "encoding": {"x": x, "x2": x2}}


def _chart(rows: Sequence[Mapping[str, Any]], thick: int, dots: Sequence[Chart]) -> Chart:
    """Rows from top to bottom, each as high as its words need. The words are labels of the vertical axis, laid over the plot: so they
    have the type and colour of the page."""
    heights = [LINE * (len(row["words"]) + 2) for row in rows]
    tops = [sum(heights[:n]) for n in range(len(rows))]
    placed = [{**row, "at": top + high - 1.25 * LINE} for row, top, high in zip(rows, tops, heights, strict=True)]
    least = min(0.0, *(row[k] for row in rows for k in ("low", "before") if row.get(k) is not None))
    axis = {
        "values": tops, "labelExpr": "rows[indexof(tops, datum.value)].words", "labelAlign": "left", "labelBaseline": "top", "labelPadding": 0, "labelLimit": 0,
        "labelLineHeight": LINE, "labelFontSize": 13, "labelOverlap": False, "ticks": False, "domain": False, "grid": False, "title": None, "minExtent": 0, "maxExtent": 0,
    }  # fmt: skip
    ends = {"values": [0, 0.5, 1], "grid": False, "ticks": False, "domain": False, "title": None, "format": ".1f"}
    return {
        # Rows are a parameter and not data, which Streamlit would put through pandas: a second, the first time.
        "params": [{"name": "tops", "value": tops}, {"name": "rows", "value": placed}],
        "data": {"sequence": {"start": 0, "stop": len(rows), "as": "n"}},
        "transform": [{"calculate": f"rows[datum.n].{field}", "as": field} for field in FIELDS],
        "height": sum(heights) or LINE,
        "encoding": {
            "x": {"type": "quantitative", "scale": {"domain": [least, 1], "nice": False, "zero": False}, "axis": ends},
            "y": {"field": "at", "type": "quantitative", "scale": {"domain": [0, sum(heights) or LINE], "reverse": True, "nice": False}, "axis": axis},
        },
        "layer": [
            _line({"datum": least}, {"datum": 1}, 2, 0.18),
            _line({"field": "low", "type": "quantitative"}, {"field": "high"}, thick, 0.5 if dots else 0.9),
            *dots,
        ],
        "config": {"view": {"stroke": None}},
    }  # fmt: skip
