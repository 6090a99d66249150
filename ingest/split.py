"""A Note in, its Passages out: whole blocks of one section packed to a size, each with its exact span and its units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ingest.blocks import Block, Section, sections
from tutor.embed import Count
from tutor.text import content_words, fold, sentences, terms, words
from tutor.types import Note, Passage, Span, Unit, UnitKind

TARGET: Final = 60
"""Tokens at which a passage is full: two to four sentences. Smaller passages are found more exactly (evals/LOG.md)."""
LIMIT: Final = 160
"""Tokens that no passage exceeds, but for code, which stays whole; heading path and text stay under the model's 256."""
LONG_ITEM: Final = 45
"""Words above which a list item is quoted sentence by sentence."""


@dataclass(frozen=True, slots=True)
class _Piece:
    block: Block
    start: int
    end: int
    units: tuple[Unit, ...]


def split(note: Note, count: Count, markdown: bool, start: int = 0, target: int = TARGET, limit: int = LIMIT) -> list[Passage]:
    """Split a note from `start` on (behind its front matter). Passages come in order and repeat nothing."""
    passages: list[Passage] = []
    seen: set[str] = set()
    for section in sections(note.text, markdown, start):
        pieces = [piece for block in section.blocks for piece in _pieces(note.text, block, count, limit)]
        sizes = count([note.text[p.start : p.end] for p in pieces])
        for group in _packed(pieces, sizes, target, limit):
            passage = _passage(note, section, group)
            folded = fold(passage.text)
            if folded and folded not in seen:
                seen.add(folded)
                passages.append(passage)
    unit_sizes = iter(count([note.text[u.start : u.end] for p in passages for u in p.units]))
    counted = [replace(p, units=tuple(replace(u, tokens=next(unit_sizes)) for u in p.units)) for p in passages]
    return [replace(p, tokens=n) for p, n in zip(counted, count([p.text for p in passages]), strict=True)]


def _pieces(text: str, block: Block, count: Count, limit: int) -> list[_Piece]:
    """A block as one piece, or as several at sentence ends where it alone is over the limit."""
    units = tuple(part for unit in _units(text, block) for part in _cut(text, unit, count, limit))
    if block.kind == "code" or len(units) < 2 or count([text[block.start : block.end]])[0] <= limit:
        return [_Piece(block, block.start, block.end, units)]
    sizes = count([text[u.start : u.end] for u in units])
    pieces, held, total = [], [units[0]], sizes[0]
    for unit, size in zip(units[1:], sizes[1:], strict=True):
        if total + size > limit * 0.6:
            pieces.append(_Piece(block, held[0].start, held[-1].end, tuple(held)))
            held, total = [], 0
        held.append(unit)
        total += size
    pieces.append(_Piece(block, held[0].start, held[-1].end, tuple(held)))
    return pieces


def _cut(text: str, unit: Unit, count: Count, limit: int) -> list[Unit]:
    """A unit as it is, or, over the limit, at line ends and where even a line is too long at spaces."""
    if unit.kind == "code" or unit.end - unit.start <= limit or count([text[unit.start : unit.end]])[0] <= limit:
        return [unit]
    spans = [(unit.start + m.start(), unit.start + m.end()) for m in re.finditer(r"\S[^\n]*", text[unit.start : unit.end])]
    sizes = count([text[a:b] for a, b in spans])
    words = [
        (a + m.start(), a + m.end())
        for (a, b), size in zip(spans, sizes, strict=True)
        for m in re.finditer(r"\S{1,80}" if size > limit * 0.6 else r"\S[^\n]*", text[a:b])
    ]
    parts: list[Unit] = []
    held, total = words[0], 0
    for (a, b), size in zip(words, count([text[a:b] for a, b in words]), strict=True):
        if total and total + size > limit * 0.6:
            parts.append(_trimmed(text, held, unit))
            held, total = (a, b), 0
        held, total = (held[0], b), total + size
    return [*parts, _trimmed(text, held, unit)]


def _trimmed(text: str, span: Span, unit: Unit) -> Unit:
    """A part of a unit, without space at its end."""
    return Unit(span[0], span[0] + len(text[slice(*span)].rstrip()), unit.kind, unit.label)


def _units(text: str, block: Block) -> list[Unit]:
    if block.header:
        return []
    if block.kind in ("row", "code"):
        kind: UnitKind = "row" if block.kind == "row" else "code"
        return [Unit(block.start, block.end, kind, block.label, block.cells)]
    spans = list(sentences(text, block.start, block.end))
    if block.kind == "paragraph":
        return [Unit(a, b, "sentence", block.label) for a, b in spans]
    kind = "step" if block.kind == "step" else "item"
    start = _after_echo(text, block.start, block.end)
    if len(words(text[block.start : block.end])) <= LONG_ITEM or len(spans) < 2:
        return [Unit(start, block.end, kind, block.label)]
    term = re.match(r"(?:\*\*|`)?[^.!?\n]{2,60}?(?::|\s[-–—]\s|\*\*)", text[block.start : block.end])
    subject = (block.start, block.start + term.end()) if term else block.label
    first, *others = spans
    opening = Unit(start if start < first[1] else first[0], first[1], kind, block.label)
    return [opening, *(Unit(a, b, "sentence", subject) for a, b in others)]


def _after_echo(text: str, start: int, end: int) -> int:
    """Where an item's sentence begins: after a bold label that the sentence's first words say again ("**Recall**: Recall
    is ..."), else at the item's start."""
    match = re.match(r"\*\*([^*\n]{2,60})\*\*:\s+(?=[A-Z])", text[start:end])
    if not match:
        return start
    label = {t for w in content_words(match[1]) for t in terms(w)}
    return start + match.end() if label and label <= set(terms(" ".join(text[start + match.end() : end].split()[:5]))) else start


def _packed(pieces: Sequence[_Piece], sizes: Sequence[int], target: int, limit: int) -> list[list[_Piece]]:
    """Pieces in groups of about `target` tokens. A lead-in stays with its list; a gap in the note parts groups."""
    groups: list[list[_Piece]] = []
    total = 0
    for i, (piece, size) in enumerate(zip(pieces, sizes, strict=True)):
        opens = i + 1 < len(pieces) and _belongs(pieces[i + 1], piece)
        ahead = size + (sizes[i + 1] if opens else 0)
        full = total + ahead > target and total > 0
        tail = total + size <= limit and groups and _belongs(piece, groups[-1][-1]) and size <= 24
        if not groups or piece.block.after_gap or (full and not tail):
            groups.append([])
            total = 0
        groups[-1].append(piece)
        total += size
    return groups


def _belongs(piece: _Piece, before: _Piece) -> bool:
    """Whether `before` holds the words that give `piece` its subject."""
    label = piece.block.label
    return label is not None and before.start <= label[0] < before.end


def _passage(note: Note, section: Section, group: Sequence[_Piece]) -> Passage:
    start, end = group[0].start, group[-1].end
    return Passage(
        note=note.path,
        heading=tuple(" ".join(note.text[a:b].split()) for a, b in section.headings),
        start=start,
        end=end,
        page=note.page(start),
        text=note.text[start:end],
        units=tuple(u for piece in group for u in piece.units),
        headings_at=section.headings,
    )
