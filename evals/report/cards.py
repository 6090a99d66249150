"""A changed or failing item in, the part of the page that tells of it out: what happened, the answers before and now, what they rest on."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from typing import Final
from xml.etree import ElementTree as ET

from evals.gate.comparison import Change
from evals.records import Item, Place, Said
from evals.report.difference import Piece, differences
from evals.report.nodes import node
from evals.report.phrases import OUTCOMES, VERDICTS, spaced
from evals.report.plain import cut, flat, many
from evals.report.words import failing, moved, told

Quotes = Callable[[Place], str]
"""The words of a place; "" where they are not at hand."""
STATEMENTS: Final = 24
"""Statements of an answer that are shown."""
LONG: Final = 1_200
"""Characters of a statement or a question that are shown."""
QUOTED: Final = 400
"""Characters of a quote that are shown."""


def changed(change: Change, quotes: Quotes, *, is_open: bool = False) -> ET.Element:
    """A change: the question and what happened, and unless it is open the rest folded away."""
    old, new = change.old, change.new
    sentences = [*told(change), *([f"Waived: {flat(change.waived)}"] if change.waived else [])]
    scores = [node("p.scores", "; ".join(f"{name} {before} → {now}" for name, before, now in moved(change)))] if moved(change) else []
    if old and new:
        before, now = differences(_texts(old), _texts(new)) if bool(old.said) == bool(new.said) else (_whole(old), _whole(new))
        sides = [_side("Before", old, before, "del", quotes), _side("Now", new, now, "ins", quotes)]
    else:
        name = "Now" if new else "Before"
        sides = [_side(name, change.item, _whole(change.item), "span", quotes)]
    return _card(change.item, sentences, [*scores, node("div.sides", *sides)], is_open=is_open)


def failed(item: Item, quotes: Quotes) -> ET.Element:
    """An item that fails, folded."""
    side = _side("Now", item, _whole(item), "span", quotes)
    return _card(item, failing(item), [node("div.sides", side)], is_open=False)


def _card(item: Item, sentences: Sequence[str], body: Sequence[ET.Element], *, is_open: bool) -> ET.Element:
    heading = node("h3", cut(flat(item.question), LONG) or item.id)
    happened = node("p.happened", " ".join(sentences)) if sentences else node("p.happened.quiet", "Every check ends as before.")
    slices = " · ".join(
        filter(None, ("critical" if item.critical else "", spaced(item.kind), f"domain {item.domain}" if item.domain.isdecimal() else item.domain))
    )
    meta = node("p.meta", node("code", item.id), f" {slices}")
    again = node("p.again", "Sentence by sentence: ", node("code", f"python -m evals explain {shlex.quote(flat(item.id))}"))
    return node("details.card", node("summary", heading, happened), meta, *body, again, attributes={"open": ""} if is_open else {})


def _texts(item: Item) -> list[str]:
    """The texts of a side that are shown: its first statements, or for an item that says nothing, its outcome."""
    return [cut(flat(s.whole), LONG) for s in item.said[:STATEMENTS]] or [cut(_outcome(item), LONG)]


def _whole(item: Item) -> list[list[Piece]]:
    return [[(text, False)] for text in _texts(item)]


def _outcome(item: Item) -> str:
    return OUTCOMES.get(item.outcome) or flat(item.outcome)


def _side(name: str, item: Item, texts: Sequence[Sequence[Piece]], mark: str, quotes: Quotes) -> ET.Element:
    heading = node("h4", name, *([node("span.outcome", f" {_outcome(item)}")] if item.said and item.outcome else []))
    if not item.said:
        return node("section.side", heading, node("p.said", *_marked(texts[0], mark)) if any(texts) and item.outcome else node("p.quiet", "It says nothing."))
    statements = [_statement(s, pieces, mark, quotes) for s, pieces in zip(item.said[:STATEMENTS], texts, strict=True)]
    left = len(item.said) - len(statements)
    rest = [node("p.quiet", f"{many(left, 'statement')} more not shown here.")] if left else []
    return node("section.side", heading, node("ol", *statements), *rest)


def _statement(said: Said, pieces: Sequence[Piece], mark: str, quotes: Quotes) -> ET.Element:
    verdict = node("span.verdict" if said.verdict == "exact" else "span.verdict.other", VERDICTS.get(said.verdict) or spaced(said.verdict))
    return node("li", node("p.said", *_marked(pieces, mark)), node("p.rests", verdict, *_places(said, quotes)))


def _places(said: Said, quotes: Quotes) -> Iterator[str | ET.Element]:
    """Where a statement's citations point, each once, with the cited words that the statement does not have already."""
    if not said.cites:
        yield " cites nothing"
    shown = set()
    for place in said.cites:
        words = flat(quotes(place))
        seen = bool(words) and (words in flat(said.whole) or flat(said.text) in words)
        key = (place.note, seen or words or place.start)
        if key in shown:
            continue
        shown.add(key)
        yield " "
        yield node("cite", place.note)
        if not words:
            yield f" {place.start}-{place.end}, words not at hand"
        elif not seen:
            yield " "
            yield node("q", cut(words, QUOTED))


def _marked(pieces: Sequence[Piece], mark: str) -> list[str | ET.Element]:
    return [node(mark, text) if differs else text for text, differs in pieces]
