"""Our own notes and labelled pairs in, sentences that their quotes support out: what mutants and twins are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from evals.cases import GoldSet, sets
from evals.measures.pairs import Pair, read_pairs
from evals.measures.puppet import tellable
from ingest.read import File, read, walk
from ingest.split import split
from tutor.text import fold

QUOTED: Final = "quoted"
FITTED: Final = "fitted"
HELD_OUT: Final = "held out"
SOURCES: Final = (QUOTED, FITTED, HELD_OUT)
"""Sentences of the notes as they stand; paraphrases of notes that the rules were mended by; paraphrases of other notes."""


def bases(pairs: Sequence[Pair] | None = None, notes: Sequence[GoldSet] | None = None) -> dict[str, list[Pair]]:
    """Supported pairs by source; None is our own."""
    told = [p for p in (read_pairs() if pairs is None else pairs) if p.supported]
    return {QUOTED: quoted(sets() if notes is None else notes), FITTED: [p for p in told if not p.test], HELD_OUT: [p for p in told if p.test]}


def quoted(notes: Sequence[GoldSet]) -> list[Pair]:
    """Every sentence of the notes that can be said as it stands, once, cited to itself; the headings over it lie around it.

    The notes are split by words and not by the tokens of a model, so that none is needed.
    """
    found: dict[str, Pair] = {}
    for each in notes:
        for file in walk(each.notes):
            if not isinstance(file, File):
                continue
            reading = read(file)
            for passage in split(reading.note, _words, reading.markdown, reading.start):
                for unit in passage.units:
                    quote = reading.note.text[unit.start : unit.end]
                    if unit.kind in ("sentence", "item") and (said := tellable(quote)):
                        key = f"{each.name}/{file.name}:{unit.start}"
                        found.setdefault(fold(said), Pair(key, f"{each.name}/{file.name}", (quote,), passage.heading, "", said, True, QUOTED, False))
    return list(found.values())


def _words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]
