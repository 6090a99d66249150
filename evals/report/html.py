"""A comparison in, one self-contained page out that a person reads: how it ends, what changed and why, answers before and now.

The page has no script and asks nothing of any network: its policy allows its own style sheet and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, Literal
from xml.etree import ElementTree as ET

from evals.gate.comparison import Change, Comparison
from evals.metrics import Figure, slices
from evals.records import Item
from evals.report import plots
from evals.report.cards import Quotes, changed, failed
from evals.report.look import STYLE
from evals.report.nodes import node, table, written
from evals.report.phrases import TURNS, about, label, spaced
from evals.report.plain import flat, many, number, signed
from evals.report.words import better, counts, delta, kind, still_failing, tallies, told, verdict, why

LONG: Final = 2_000_000
"""Characters of the page, at most."""
SPARE: Final = 10_000
"""Of these, for the page's frame and for what is said of what was left out."""
FINDINGS: Final = 50
"""Findings of the gate that are shown."""
OPEN: Final = 10
"""Broken items that are shown unfolded."""
KNOWN: Final = 20
"""Items shown that failed before and still do."""


Row = tuple[str, Figure | None, Figure]


def page(comparison: Comparison, quotes: Quotes) -> str:
    """The page. `quotes` gives the words of a cited place, "" where they are not at hand. What would make the page longer
    than LONG is left out, the least bad first, and counted where it would stand."""
    top = [_head(comparison), _gate(comparison), _figures(comparison), _slices(comparison)]
    room = LONG - SPARE - len(STYLE) - sum(len(written(part)) for part in top)
    below = still_failing(comparison)
    known = _fitting((failed(item, quotes) for item in below[:KNOWN]), room // 4)
    room -= sum(len(written(card)) for card in known)
    body = node("main", *top, *_changes(comparison, quotes, room), _known(comparison, below, known), _closer())
    style = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
    head = node(
        "head",
        node("meta", attributes={"charset": "utf-8"}),
        node("meta", attributes={"http-equiv": "Content-Security-Policy", "content": policy}),
        node("meta", attributes={"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        node("meta", attributes={"name": "color-scheme", "content": "light dark"}),
        node("title", f"Evals: {verdict(comparison)}"),
        node("style", STYLE),
    )
    return f"<!doctype html>\n{written(node('html', head, node('body', body), attributes={'lang': 'en'}))}\n"


def _head(comparison: Comparison) -> ET.Element:
    run, base = comparison.run, comparison.baseline
    noise = "the same code gives the same answers, so every change is real" if run.mode == "exact" else "a live model, which changes by itself"
    tried = f"{many(len(run.items), 'item')} by {many(len(run.suites), 'suite')}; {run.spoke}: {noise}."
    blessed = ", ".join(f"{spaced(name)} {value}" for name, value in base.blessed.items()) if base else ""
    beside = [node("p", f"Baseline: {blessed}.")] if blessed else []
    title = node(f"h1.{'fails' if comparison.code else 'holds'}", verdict(comparison))
    total = [node("li", node("a", node("b", f"{n:,}"), f" {turn}", attributes={"href": f"#{turn}"})) for turn, n in counts(comparison).items()]
    jumps = [node("nav", node("ul.tally", *total), attributes={"aria-label": "What changed"})] if total else []
    return node("header", node("p.kicker", "Footnote evals"), title, node("p", tried), *beside, *jumps)


def _gate(comparison: Comparison) -> ET.Element:
    findings = [node("li", node(f"b.{kind(f)}", kind(f)), f" {flat(f.text, 1_000)} ", node("span.quiet", f.stage)) for f in comparison.findings[:FINDINGS]]
    if left := len(comparison.findings) - len(findings):
        findings.append(node("li.quiet", f"and {left:,} more"))
    said = node("ul.findings", *findings) if findings else node("p", "The gate has nothing to say.")
    return node("section", node("h2", "What the gate says"), said, *([node("p", why(comparison))] if comparison.baseline else []))


def _figures(comparison: Comparison) -> ET.Element:
    """What moved, or has nothing before, in a table; what stayed the same folded away."""
    still = [row for row in comparison.figures if delta(row[1], row[2]) == 0]
    rest = [row for row in comparison.figures if row not in still]
    key = node("p.key", node("span.ring", "○"), " before, ", node("span.dot", "●"), " now, each on its 95 % interval; from 0 to 1 where nothing else is said")
    parts = [key, _rows("Figures that moved", rest)] if rest else [node("p", "No figure moved." if still else "There are no figures.")]
    if still:
        parts.append(node("details.still", node("summary", f"{many(len(still), 'figure')} the same as before"), _rows("Figures that did not move", still)))
    return node("section.figures", node("h2", "Figures"), *parts)


def _rows(caption: str, figures: Sequence[Row]) -> ET.Element:
    head = ("figure", "with 95 % interval", "before", "now", "change", "s.e. now", "n")
    grouped = groupby(figures, key=lambda f: f[0].partition("/")[0])
    return table(caption, head, *(node("tbody", _suite(suite), *(_figure(*row) for row in rows)) for suite, rows in grouped))


def _suite(name: str) -> ET.Element:
    return node("tr.suite", node("th", spaced(name), attributes={"scope": "rowgroup", "colspan": "7"}))


def _figure(key: str, before: Figure | None, now: Figure) -> ET.Element:
    moved = delta(before, now)
    turn = better(key, moved)
    unscored = [node("small", f" {now.unscored:,} unscored")] if now.unscored else []
    cells = (
        node("td.plot", plots.dots(before, now)),
        node("td.was", _typeset(number(before.value if before else None))),
        node("td.now", _typeset(number(now.value))),
        node(f"td.moved.{turn or 'same'}", _typeset(signed(moved, now.value)), *([node("small", f" {turn}")] if turn else [])),
        node("td.error", _typeset(number(now.error))),
        node("td.count", f"{now.n:,}", *unscored),
    )
    return node("tr", node("th", label(key), node("small", about(key)), attributes={"scope": "row"}), *cells)


def _typeset(figure: str) -> str:
    """A figure with a minus sign for its hyphen, and an en dash where there is none."""
    return "–" if figure == "-" else figure.replace("-", "−")


def _slices(comparison: Comparison) -> ET.Element:
    old = comparison.baseline.items if comparison.baseline else ()
    parts = []
    for suite, (passed, tried) in tallies(comparison.run.items).items():
        kinds, kinds_moved = _slice(comparison.run.items, old, suite, "kind")
        domains, domains_moved = _slice(comparison.run.items, old, suite, "domain")
        heading = node("summary", node("h3", spaced(suite)), f" {passed:,} of {tried:,} pass")
        parts.append(node("details.slices", heading, node("div.sides", kinds, domains), attributes={"open": ""} if kinds_moved or domains_moved else {}))
    key = node("p.key", "A bar is the share that passes; a mark on it is where it ended before.")
    return node("section", node("h2", "By kind and domain"), key, *parts)


def _slice(items: Sequence[Item], old: Sequence[Item], suite: str, by: Literal["kind", "domain"]) -> tuple[ET.Element, bool]:
    """A table of passed of tried, and whether any of it moved."""
    now, before = slices(items, suite, by), slices(old, suite, by)
    rows, any_moved = [], False
    for name, (passed, tried) in now.items():
        was = before.get(name)
        moved = was is not None and was != (passed, tried)
        any_moved |= moved
        cells = (node("td", plots.share(was, (passed, tried))), node("td", f"{passed:,} of {tried:,}"), node("td", "{:,} of {:,}".format(*was) if was else "-"))
        rows.append(node("tr.moved" if moved else "tr", node("th", spaced(name) or "-", attributes={"scope": "row"}), *cells))
    return table(f"{spaced(suite)} by {by}", (by, "share", "pass now", "before"), node("tbody", *rows)), any_moved


def _changes(comparison: Comparison, quotes: Quotes, room: int) -> Iterator[ET.Element]:
    """A section for each turn, worst first, with as many cards as there is room for."""
    for turn, total in counts(comparison).items():
        listed = sorted((c for c in comparison.changes if c.turn == turn), key=_waived_or_quiet)
        unfolded = OPEN if turn == "broken" else 0
        cards = _fitting((changed(c, quotes, is_open=at < unfolded and not c.waived) for at, c in enumerate(listed)), room)
        room -= sum(len(written(card)) for card in cards)
        left = total - len(cards)
        rest = [node("p.quiet", f"{many(left, 'item')} more left out here, to keep this page small.")] if left else []
        yield node("section", node("h2", f"{TURNS[turn].capitalize()}: {total:,}"), *cards, *rest, attributes={"id": turn})


def _fitting(cards: Iterable[ET.Element], room: int) -> list[ET.Element]:
    """The first of the cards that together have no more characters than there is room for."""
    found = []
    for card in cards:
        room -= len(written(card))
        if room < 0:
            break
        found.append(card)
    return found


def _waived_or_quiet(change: Change) -> tuple[bool, bool]:
    """What nobody waived comes first, then what has something to tell; otherwise the order stays."""
    return bool(change.waived), not told(change)


def _known(comparison: Comparison, below: Sequence[Item], cards: Sequence[ET.Element]) -> ET.Element:
    title = f"Failing before and now: {len(below):,}" if comparison.baseline else f"Failing: {len(below):,}"
    if not below:
        return node("section", node("h2", title))
    shown = f"The worst {len(cards)} of {len(below):,}" if len(cards) < len(below) else "All of them"
    return node("section", node("h2", title), node("details.known", node("summary", shown), *cards))


def _closer() -> ET.Element:
    commands = (("python -m evals explain ID", "one item, sentence by sentence"), ("python -m evals check", "all of this again"))
    rows = [part for command, text in commands for part in (node("dt", node("code", command)), node("dd", text))]
    return node("section", node("h2", "Look closer"), node("dl", *rows))
