"""A comparison in, Markdown out, for the summary of a GitHub step and for one comment on a pull request that is replaced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from evals.gate.comparison import Change, Comparison
from evals.records import Item
from evals.report.difference import Piece, differences
from evals.report.phrases import OUTCOMES, about, label
from evals.report.plain import flat, many, number, signed
from evals.report.words import better, broken, counts, delta, kind, tallies, told, verdict, why

MARKER: Final = "<!-- footnote-evals -->"
"""The first line, by which the comment is found again."""
MOST: Final = 30
"""Changes, and findings, that are listed."""
BESIDE: Final = 10
"""Broken items whose answers are shown before and now."""
STATEMENTS: Final = 4
"""Statements of an answer that are shown, of those that differ."""
SAID: Final = 300
"""Characters of a statement."""
LONG: Final = 60_000
"""Characters in all: a comment may have 65,536."""
_ACTIVE: Final = re.compile(r"[\\`*_\[\]<>|~&$]")
_LINKING: Final = re.compile(r"(?<=[@#])(?=\w)|(?<=:)(?=//)|(?<=\bwww)(?=\.)|(?<=\bGH-)(?=\d)", re.IGNORECASE)


def text(comparison: Comparison) -> str:
    """The verdict, what may have caused it, findings, what changed, and folded away the answers and the figures.

    A part that would make it longer than LONG is left out, and a line says so.
    """
    parts = [f"{MARKER}\n## {escaped(verdict(comparison))}", escaped(why(comparison)), _suites(comparison), _findings(comparison), _changes(comparison)]
    parts += [_beside(comparison), _figures(comparison), "One item, sentence by sentence: `python -m evals explain ID`."]
    shown, room = [], LONG
    for part in filter(None, parts):
        fits = len(part) < room
        shown.append(part if fits else "What stood here is too long for a comment; the HTML report has it.")
        room -= len(shown[-1]) + 2
    return "\n\n".join(shown) + "\n"


def escaped(words: str, most: int | None = None) -> str:
    """A text as literal Markdown within a line: not at its start, where more has a meaning, and not within HTML.

    GitHub finds mentions, references and addresses in the rendered words, where no backslash helps: a zero-width space parts them.
    """
    return _ACTIVE.sub(r"\\\g<0>", _LINKING.sub("\u200b", flat(words, most)))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells are Markdown already; the columns after the first are set to the right where their heading ends in a colon."""
    marks = ["---:" if name.endswith(":") else "---" for name in head]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in ([n.rstrip(":") for n in head], marks, *rows))


def _suites(comparison: Comparison) -> str:
    before = tallies(comparison.baseline.items) if comparison.baseline else {}
    rows = [
        (escaped(suite), f"{passed:,} of {tried:,}", "{:,} of {:,}".format(*before[suite]) if suite in before else "-")
        for suite, (passed, tried) in tallies(comparison.run.items).items()
    ]
    return _table(("suite", "passed:", "before:"), rows)


def _findings(comparison: Comparison) -> str:
    if not comparison.findings:
        return ""
    lines = [f"- {f'**{kind(f)}**' if f.code else kind(f)} ({f.stage}): {escaped(f.text, 300)}" for f in comparison.findings[:MOST]]
    return "\n".join(["### What the gate says", "", *lines, *_more(len(comparison.findings), MOST)])


def _changes(comparison: Comparison) -> str:
    if not comparison.changes:
        return ""
    total = ", ".join(f"{count:,} {turn}" for turn, count in counts(comparison).items())
    rows = [(c.turn, escaped(c.item.id, 100), _happened(c), escaped(c.item.question, 160)) for c in comparison.changes[:MOST]]
    table = _table(("turn", "item", "what happened", "asked"), rows)
    return "\n".join(["### What changed", "", f"{total}.", "", table, "", *_more(len(comparison.changes), MOST)]).rstrip()


def _happened(change: Change) -> str:
    waived = [f"Waived: {change.waived}"] if change.waived else []
    return escaped(" ".join([*told(change), *waived]), 300) or "-"


def _more(count: int, shown: int) -> list[str]:
    return [f"and {count - shown:,} more"] if count > shown else []


def _beside(comparison: Comparison) -> str:
    """The answers of the worst broken items before and now, folded away."""
    shown = [_sides(c.old, c.new) for c in broken(comparison)[:BESIDE] if c.old and c.new]
    return _folded(f"Answers before and now, {many(len(shown), 'broken item')}", "\n\n".join(shown)) if shown else ""


def _folded(summary: str, inner: str) -> str:
    """The summary is HTML: no text of notes goes there."""
    return f"<details><summary>{summary}</summary>\n\n{inner}\n\n</details>"


def _sides(old: Item, new: Item) -> str:
    """The statements that differ, of either side."""
    before, now = differences([flat(s.whole, SAID) for s in old.said], [flat(s.whole, SAID) for s in new.said])
    lines = [*_differing("before", before, "del"), *_differing("now", now, "ins")]
    same = ["- Both say the same words."] if old.said and new.said and not lines else []
    return "\n".join([f"**{escaped(new.id, 100)}**, before: {_outcome(old)}; now: {_outcome(new)}", "", *lines, *same])


def _differing(name: str, texts: Sequence[Sequence[Piece]], tag: str) -> list[str]:
    found = [pieces for pieces in texts if any(differs for _, differs in pieces)]
    left = [f"- {name}: {many(len(found) - STATEMENTS, 'statement')} more"] if len(found) > STATEMENTS else []
    return [*(f"- {name}: {_marked(pieces, tag)}" for pieces in found[:STATEMENTS]), *left]


def _outcome(item: Item) -> str:
    return escaped(OUTCOMES.get(item.outcome, item.outcome), 100) or "no outcome"


def _marked(pieces: Sequence[Piece], tag: str) -> str:
    """Pieces as Markdown; space at the ends of a piece stays, which `escaped` would take away."""
    shown = []
    for words, differs in pieces:
        inner = f"{' ' * words[:1].isspace()}{escaped(words)}{' ' * (len(words) > 1 and words[-1:].isspace())}"
        shown.append(f"<{tag}>{inner}</{tag}>" if differs else inner)
    return "".join(shown)


def _figures(comparison: Comparison) -> str:
    if not comparison.figures:
        return ""
    rows = []
    for key, before, now in comparison.figures:
        moved = delta(before, now)
        name = f"{escaped(key.partition('/')[0])}: {escaped(label(key))}"
        unscored = f"{now.n:,} ({now.unscored:,} unscored)" if now.unscored else f"{now.n:,}"
        shown = f"{signed(moved, now.value)} {better(key, moved)}".strip()
        rows.append((name, number(before.value if before else None), number(now.value), shown, number(now.error), unscored, escaped(about(key))))
    return _folded(many(len(rows), "figure"), _table(("figure", "before:", "now:", "change:", "s.e.:", "n:", "what it is"), rows))
