"""A comparison in, a short plain table for a terminal out, and the same as an object for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from evals.gate.comparison import Comparison
from evals.metrics import BY_KEY
from evals.records import dumps
from evals.report.phrases import label
from evals.report.plain import flat, number, signed
from evals.report.words import better, causes, counts, delta, kind, tallies, told, verdict, why
from tutor.types import digest

WORST: Final = 10
"""Changes that are listed where not every one is wanted."""
WIDTH: Final = 110
"""Characters of a question and of a finding, at most."""


def text(comparison: Comparison, *, every: bool = False) -> str:
    """Suites with passed of tried, figures with their change and standard error, findings, the worst changes or `every` one,
    the verdict."""
    blocks = [figures(comparison)]
    blocks.append(why(comparison))
    blocks.append("\n".join(f"{kind(f):8}{f.stage}: {flat(f.text, 2 * WIDTH)}" for f in comparison.findings))
    blocks.append(_changes(comparison, len(comparison.changes) if every else WORST))
    return "\n\n".join([*(b for b in blocks if b), verdict(comparison)])


def figures(comparison: Comparison) -> str:
    """The first two of these alone: what a run came to."""
    return "\n\n".join(b for b in (_suites(comparison), _figures(comparison)) if b)


def as_json(comparison: Comparison) -> dict[str, Any]:
    """What a program may ask of a comparison; `before`, `now` and `error` are null where there is no number. `run` is a digest of
    the run as it is written, by which a reader knows whether the two belong together."""
    listed = []
    for key, before, now in comparison.figures:
        metric = BY_KEY.get(key)
        described = {
            "metric": key,
            "label": label(key),
            "direction": metric.direction if metric else "",
            "over": metric.over if metric else "",
            "text": metric.text if metric else "",
        }
        values = {"before": before.value if before else None, "now": now.value, "n": now.n, "error": now.error, "unscored": now.unscored}
        listed.append(described | values)
    return {
        "run": digest(dumps(comparison.run)),
        "code": comparison.code,
        "verdict": verdict(comparison),
        "causes": causes(comparison),
        "findings": [{"stage": f.stage, "text": f.text, "code": f.code, "item": f.item} for f in comparison.findings],
        "figures": listed,
        "changes": [{"id": c.item.id, "turn": c.turn, "flipped": list(c.flipped), "waived": c.waived} for c in comparison.changes],
    }


def _suites(comparison: Comparison) -> str:
    before = tallies(comparison.baseline.items) if comparison.baseline else {}
    rows = [("suite", "passed", "of", "before")]
    for suite, (passed, tried) in tallies(comparison.run.items).items():
        rows.append((flat(suite), f"{passed:,}", f"{tried:,}", "{:,} of {:,}".format(*before[suite]) if suite in before else "-"))
    return aligned(rows)


def _figures(comparison: Comparison) -> str:
    if not comparison.figures:
        return ""
    rows = [("figure", "before", "now", "change", "", "s.e.", "n", "unscored")]
    for key, before, now in comparison.figures:
        moved = delta(before, now)
        suite = flat(key.partition("/")[0])
        shown = (number(before.value if before else None), number(now.value), signed(moved, now.value), better(key, moved), number(now.error), f"{now.n:,}")
        rows.append((f"{suite}: {label(key)}", *shown, str(now.unscored or "")))
    return aligned(rows)


def _changes(comparison: Comparison, most: int) -> str:
    if not comparison.changes:
        return ""
    lines = [", ".join(f"{count:,} {turn}" for turn, count in counts(comparison).items())]
    for change in comparison.changes[:most]:
        waived = f" (waived: {flat(change.waived, WIDTH)})" if change.waived else ""
        lines.append(f"{change.turn:8}  {flat(change.item.id)}{waived}  {flat(change.item.question, WIDTH)}")
        lines += [f"{'':10}{sentence}" for sentence in map(flat, told(change))]
    if len(comparison.changes) > most:
        lines.append(f"and {len(comparison.changes) - most:,} more")
    return "\n".join(lines)


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows, the first of them a heading, as columns: the first to the left, the others to the right, those with no entry left out."""
    columns = [c for at, c in enumerate(zip(*rows, strict=True)) if at == 0 or set(c[1:]) - {"", "-"}]
    widths = [max(map(len, column)) for column in columns]
    lines = zip(*columns, strict=True)
    return "\n".join("  ".join(c.rjust(w) if at else c.ljust(w) for at, (c, w) in enumerate(zip(line, widths, strict=True))).rstrip() for line in lines)
