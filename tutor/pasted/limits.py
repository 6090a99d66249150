"""A stem's quantities and the tables that compare the options in, the options whose limit is too small out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tutor.extractive.teacher import columns
from tutor.ground.facts import Number, read
from tutor.index import Index
from tutor.pasted.evidence import NAMED, Saying, Sight, Stem, named
from tutor.text import content_words, sentences, terms
from tutor.types import Span

_BOUND: Final = re.compile(
    r"\b(?:within|under|less than|fewer than|at most|no more than|below|older than)\W+(?:\w+\W+){0,2}$|\b(?:every|each|last|past|previous|next|after|until)\W+$",
    re.IGNORECASE,
)
"""Before a quantity that is a deadline or a rhythm, and no load."""
_LIMIT: Final = re.compile(r"\b(?:largest|longest|biggest|max\w*|limit\w*|size|payload|time|timeout|duration|memory|capacity|request)\b", re.IGNORECASE)
_KINDS: Final = ("data", "time")

Place = tuple[str, Span | None, int]
"""A column: the note, where its header stands, and its place in the row."""


def exceeded(sights: Sequence[Sight], asked: Stem, index: Index) -> dict[int, Saying]:
    """The options that the stem asks too much of, each with the row that says so.

    A quantity of the stem counts against an option where a column of limits, in a table that another option stands in too,
    gives it less and the other one as much or more.
    """
    loads = [n for a, b in sentences(asked.text) for n in _loads(asked.text[a:b])]
    if not loads:
        return {}
    found: dict[int, Saying] = {}
    table = _cells(sights, asked, index)
    for load in loads:
        for given in table.values():
            most = {option: (limit, saying) for (option, kind), (limit, saying) in given.items() if kind == load.kind}
            if any(limit >= load.base for limit, _ in most.values()):
                for option, (limit, saying) in most.items():
                    if limit < load.base:
                        found.setdefault(option, saying)
    return found


def _loads(sentence: str) -> list[Number]:
    """The sizes and times of a sentence that something has to bear."""
    found = []
    for number in read(sentence).numbers:
        at = sentence.lower().find(number.text.split()[0])
        if number.kind in _KINDS and number.plain and not _BOUND.search(sentence[: max(at, 0)]):
            found.append(number)
    return found


def _cells(sights: Sequence[Sight], asked: Stem, index: Index) -> dict[Place, dict[tuple[int, str], tuple[float, Saying]]]:
    """For each column of limits that the stem speaks of, the largest limit by option and kind of quantity."""
    table: dict[Place, dict[tuple[int, str], tuple[float, Saying]]] = {}
    for option, sight in enumerate(sights):
        for saying in sight.sayings:
            passage, unit = saying.passage, saying.unit
            text = index.notes[passage.note].text
            heads = columns(text, unit.label, len(unit.cells)) if unit.cells else ()
            if not heads or named(sight.weights, text[slice(*unit.cells[0])]) < NAMED:
                continue
            for at, (head, cell) in enumerate(zip(heads[1:], unit.cells[1:], strict=True), 1):
                if not _LIMIT.search(head) or not any(t in asked.weights for w in content_words(head) for t in terms(w)):
                    continue
                for number in read(text[slice(*cell)]).numbers:
                    column = table.setdefault((passage.note, unit.label, at), {})
                    if number.kind in _KINDS and number.base >= column.get((option, number.kind), (0.0, saying))[0]:
                        column[(option, number.kind)] = (number.base, saying)
    return table
