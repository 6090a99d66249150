"""A comparison in, GitHub workflow commands out, which show it beside the lines of the gold questions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Final

from evals.gate.comparison import Comparison
from evals.report.plain import flat, many, plain
from evals.report.words import broken, told

MOST: Final = 10
"""Commands of one level: more of a step GitHub does not show."""
LENGTH: Final = 600
"""Characters of a message."""


def lines(comparison: Comparison, where: Mapping[str, tuple[PurePath, int]] | None = None) -> list[str]:
    """Commands for the findings and then for the items that broke, worst first; `where` names an item's file and line.

    An item that broke is an error where the gate fails, else a warning; what is beyond MOST is counted in a notice.
    """
    places = where or {}
    found: dict[str, list[str]] = {"error": [], "warning": []}
    for finding in comparison.findings:
        level = "error" if finding.code else "warning"
        found[level].append(command(level, finding.item or f"evals: {finding.stage}", finding.text, places.get(finding.item)))
    level = "error" if comparison.code else "warning"
    named = {f.item for f in comparison.findings if bool(f.code) == bool(comparison.code)}
    for change in broken(comparison):
        item = change.item
        if item.id not in named:
            message = f"{' '.join(told(change))} Asked: {item.question}"
            found[level].append(command(level, f"{item.id} broke", message, places.get(item.id)))
    left = sum(max(len(group) - MOST, 0) for group in found.values())
    rest = [command("notice", "evals", f"And {many(left, 'finding')} more; the step's summary has them.", None)] if left else []
    return [*found["error"][:MOST], *found["warning"][:MOST], *rest]


def command(level: str, title: str, message: str, place: tuple[PurePath, int] | None) -> str:
    """One workflow command, escaped as GitHub's toolkit does it."""
    at = f"file={_property(place[0].as_posix())},line={place[1]}," if place else ""
    return f"::{level} {at}title={_property(flat(title, LENGTH))}::{_data(flat(message, LENGTH))}"


def _data(text: str) -> str:
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
