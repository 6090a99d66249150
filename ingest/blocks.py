"""Lines in, sections out: paragraphs, items, rows and code under their heading path, each with exact spans."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from ingest.lines import Line, classify
from tutor.text import fold
from tutor.types import Span

BlockKind = Literal["paragraph", "item", "step", "row", "code"]


@dataclass(slots=True)
class Block:
    """One piece of content. `label` is the lead-in, parent item or table header that gives it its subject."""

    kind: BlockKind
    start: int
    end: int
    label: Span | None = None
    cells: tuple[Span, ...] = ()
    parent: Span | None = None
    """For nested items: the list lead-in above the parent item."""
    header: bool = False
    """The header row of a table: part of the passage, quoted only as a label."""
    after_gap: bool = False
    """Furniture or a dropped repeat stands between this block and the one before."""


@dataclass(slots=True)
class Section:
    """The blocks directly under one heading path; `headings` are the spans of that path's headings."""

    headings: tuple[Span, ...]
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    span: Span
    level: float
    sure: bool
    used: bool = False


def sections(text: str, markdown: bool, start: int = 0) -> list[Section]:
    """The sections of a note in order; sections without content are left out, as are repeats of 8 words or more."""
    lines = _flashcards(text, _joined(text, classify(text, markdown, start), markdown))
    found: list[Section] = []
    stack: list[_Open] = []
    current = Section(())
    seen: set[str] = set()
    gap = False
    for block in _blocks(text, markdown, lines, stack):
        if block is None:
            gap = True
            continue
        path = tuple(h.span for h in stack)
        if current.headings != path or not found:
            current = Section(path)
            found.append(current)
            gap = False
        folded = fold(text[block.start : block.end])
        if not folded:
            continue
        if folded.count(" ") >= 7 and not block.header:
            if folded in seen:
                gap = True
                continue
            seen.add(folded)
        block.after_gap, gap = gap, False
        for heading in stack:
            heading.used = True
        current.blocks.append(block)
    return [s for s in found if s.blocks]


def _flashcards(text: str, lines: list[Line]) -> list[Line]:
    """Turn "Question / ... / Answer / ..." cards into a heading (the question) with the answer below it."""
    for i, line in enumerate(lines):
        if line.kind != "label" or text[line.start : line.end].rstrip(":").lower() != "question":
            continue
        ahead = lines[i + 1 : i + 24]
        stem = next((n for n in ahead if n.kind in ("text", "heading")), None)
        answer = next((n for n in ahead if n.kind == "label" and text[n.start : n.end].rstrip(":").lower() == "answer"), None)
        if stem and answer and stem.start < answer.start and stem.end - stem.start <= 240:
            stem.kind, stem.level, stem.sure = "heading", 7, True
            line.kind = answer.kind = "furniture"
            said = next((n for n in lines[lines.index(answer) + 1 :] if n.kind != "blank"), None)
            if said and said.kind == "furniture" and text[said.start : said.end].isdigit():
                said.kind = "text"  # a number, not a page's
    return lines


def _joined(text: str, lines: list[Line], markdown: bool) -> list[Line]:
    """Join hard-wrapped lines into one: in Markdown always, elsewhere where the text shows that it is wrapped."""
    follow = [(a, b) for a, b in itertools.pairwise(lines) if a.kind in ("text", "item") and b.kind == "text"]
    lower = sum(text[b.start].islower() for _, b in follow)
    wrapped = markdown or (len(follow) >= 6 and lower >= 0.25 * len(follow))
    width = sorted(a.end - a.start for a, _ in follow)[int(0.9 * len(follow))] if follow else 0
    out: list[Line] = []
    for line in lines:
        last = out[-1] if out else None
        if (
            line.kind == "text"
            and last is not None
            and last.kind in ("text", "item")
            and last.end < line.start
            and _continues(text, last, line, markdown, wrapped, width)
        ):
            last.end = line.end
            continue
        out.append(line)
    return out


def _continues(text: str, last: Line, line: Line, markdown: bool, wrapped: bool, width: int) -> bool:
    if "\n" in text[last.end : line.start].strip(" \t>").replace("\n", "", 1):
        return False
    if markdown:
        return not text[last.end :].startswith("  \n") or last.kind == "item"
    final = text[last.end - 1]
    if text[line.start].islower() or final in ",-–(" or (last.kind == "item" and line.indent > last.indent):
        return final not in ".!?:" or wrapped
    if not wrapped:
        return False
    tail = last.end - (text.rfind("\n", last.start, last.end) + 1 or last.start)
    return tail >= 0.7 * width or final not in ".!?:"


def _blocks(text: str, markdown: bool, lines: list[Line], stack: list[_Open]) -> Iterator[Block | None]:
    """Blocks in order, keeping `stack` at the open headings; None stands for something dropped."""
    names = Counter(re.findall(r"[A-Za-z0-9]+", text))
    label: Span | None = None
    items: list[tuple[int, Span]] = []
    in_list = False
    i = 0
    while i < len(lines):
        line = lines[i]
        i += 1
        if line.kind in ("blank", "rule"):
            continue
        span = (line.start, line.end)
        if line.kind == "furniture":
            if stack:
                stack[-1].used = True
            yield None
            continue
        if line.kind == "heading":
            _open(stack, line)
            label, items, in_list = None, [], False
        elif line.kind == "label":
            label, items, in_list = span, [], False
        elif line.kind == "item":
            if not in_list:
                items = []
            in_list = True
            while items and items[-1][0] >= line.indent:
                items.pop()
            parent = items[-1][1] if items else label
            yield Block("step" if line.ordered and not items else "item", *span, label=parent, parent=label if items else None)
            items.append((line.indent, span))
        elif line.kind == "code":
            stop = i
            while stop < len(lines) and lines[stop].kind in ("code", "blank") and (lines[stop].kind == "code" or _more_code(lines, stop)):
                stop += 1
            yield Block("code", line.start, lines[stop - 1].end, label=label)
            i, label, in_list = stop, None, False
        elif line.kind == "row" or (not markdown and _flattened(text, names, lines, i - 1)):
            stop = i
            while line.kind == "row" and stop < len(lines) and lines[stop].kind in ("row", "rule"):
                stop += 1
            if line.kind != "row":
                stop = i - 1 + _flattened(text, names, lines, i - 1)
            yield from _table(text, names, [n for n in lines[i - 1 : stop] if n.kind != "rule"])
            i, label, in_list = stop, None, False
        else:
            lead_in = text[line.start : line.end].rstrip("*_ ").endswith(":")
            if in_list and line.indent and items and line.indent > items[0][0]:
                yield Block("item", *span, label=items[-1][1], parent=label)
                continue
            yield Block("paragraph", *span, label=label if not in_list else None)
            in_list, items = False, []
            label = _last_sentence(text, span) if lead_in else None


def _more_code(lines: list[Line], at: int) -> bool:
    return any(n.kind == "code" for n in lines[at : at + 2]) and lines[at].kind == "blank"


def _last_sentence(text: str, span: Span) -> Span:
    at = max(text.rfind(mark, *span) for mark in (". ", "! ", "? ", "\n"))
    return (at + 2 if at >= 0 and text[at] != "\n" else at + 1 if at >= 0 else span[0], span[1])


def _open(stack: list[_Open], line: Line) -> None:
    level = float(line.level)
    if stack and not line.sure and not stack[-1].sure and not stack[-1].used and stack[-1].level >= level > 3:
        level = stack[-1].level + 0.5
    if line.sure and line.level == 7:
        while stack and stack[-1].level >= 6:
            stack.pop()
    while stack and stack[-1].level >= level:
        stack.pop()
    stack.append(_Open((line.start, line.end), level, line.sure))


_GLUE: Final = re.compile(r"(?<=[a-z0-9)%.…?!$])(?=[A-Z✅❌✓✗])|(?<=[a-z)])(?=\$\$?[A-Z\\])")


def _flattened(text: str, names: Counter[str], lines: list[Line], at: int) -> int:
    """How many lines from `at` on are a table that extraction flattened: a header and rows, adjacent, the cells glued
    together or parted by single spaces only. 0 where they are not."""
    run: list[str] = []
    for line in lines[at : at + 60]:
        if line.kind != "text":
            break
        run.append(text[line.start : line.end])
    if len(run) < 2 or len(run[0]) > 160 or run[0][-1] in ".:;,":
        return 0
    glued = [bool(_cuts(names, row)) for row in run]
    if all(glued[:2]) and sum(glued) >= 0.7 * len(run):
        return len(run)
    short = len(run) >= 4 and all(len(r) <= 150 and r[-1] not in ".:;,?!" and "\n" not in r for r in run)
    if short and len(run[0].split()) >= 3 and all(not r[0].islower() for r in run) and not any(": " in r for r in run[:2]):
        return len(run)
    return 0


def _cuts(names: Counter[str], row: str) -> list[int]:
    """Where glued cells part: a small letter or closing mark directly followed by a capital, except inside names that
    the note writes as one word again and again (SageMaker, XGBoost)."""
    cuts = []
    for match in _GLUE.finditer(row):
        at = match.start()
        left = re.search(r"[A-Za-z0-9]+$", row[:at])
        right = re.match(r"[A-Z][a-z0-9]*|[A-Z]+", row[at:])
        if left and right and names[left.group() + right.group()] >= 2:
            continue
        cuts.append(at)
    return cuts


def _table(text: str, names: Counter[str], rows: list[Line]) -> Iterator[Block]:
    header = _bare(text, rows[0])
    yield Block("row" if len(rows) > 1 else "paragraph", *header, header=len(rows) > 1)
    for row in rows[1:]:
        start, end = _bare(text, row)
        if end > start:
            yield Block("row", start, end, label=header, cells=cells(text, names, (start, end)))


def _bare(text: str, row: Line) -> Span:
    """A row without its outer bars."""
    start, end = _strip(text, row.start, row.end)
    if start < end and text[start] == "|":
        start += 1
    if start < end and text[end - 1] == "|" and text[end - 2 : end - 1] != "\\":
        end -= 1
    return _strip(text, start, end)


def cells(text: str, names: Counter[str], span: Span) -> tuple[Span, ...]:
    """The cells of a row, by its bars or by where its cells were glued together; () where they cannot be told."""
    row = text[span[0] : span[1]]
    bars = [m.start() for m in re.finditer(r"(?<!\\)\|", row)]
    edges = [-1, *bars, len(row)] if bars else [-1, *(cut - 1 for cut in _cuts(names, row)), len(row)]
    if len(edges) < 3:
        return ()
    skip = 1
    return tuple(_strip(text, span[0] + a + skip, span[0] + (b if bars or b == len(row) else b + 1)) for a, b in itertools.pairwise(edges))


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
