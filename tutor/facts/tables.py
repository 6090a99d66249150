"""The rows of a note's tables in, groups of their cells out: the things are the rows, or the columns where the first
column names what they are compared by."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from tutor.facts.line import read
from tutor.facts.names import plural
from tutor.facts.nouns import Fact, Group
from tutor.text import fold
from tutor.types import Note, Passage, Span, Unit

_COMPARED: Final = frozenset("feature attribute aspect property criterion criteria factor characteristic".split())
"""First headers under which the rows are what things are compared by."""
_PERHAPS: Final = frozenset("dimension consideration comparison question observation part side item measure category parameter point topic case".split()) | {""}
"""The same, where the other headers name things for certain."""
_TELLS: Final = re.compile(
    r"(?:what|how|who|why|when|where|which|choose|avoid|used?|needs?|meaning|means|examples?|notes?|remarks?|reason|descriptions?|details?|supported|purpose|value|default|importance|explanation)\b",
    re.IGNORECASE,
)
_ASPECT: Final = re.compile(
    r"(?:best|good|typical|likely|main|key|effect|service|tool|answers?|result|role|setting|range|unit|cost|effort|formula|rule|if|sign|way|remedy|data|source|records|retention|content|limits?"
    r"|strength|weakness|pros|cons|caution|danger|risk|benefit|drawback|definition|function|action|fix|cause|goal|focus|type|kind|name|class|required|event|metric|looks?|checks?|shows?|holds?)\b",
    re.IGNORECASE,
)
"""How headers begin that tell an attribute and name no thing."""
_PAIRED: Final = re.compile(r"\b(?:or|and|in|at|when|what|to|where|who|how|which|online|on|off)\b", re.IGNORECASE)
_MASS: Final = frozenset(
    "data compute work access content advice information hardware software equipment first other current name number id no. time cost".split()
)
"""Headers that have no plural, or name no kind of thing."""
_EMPTY: Final = frozenset({"", "-", "–", "—", "n/a", "na", "?", "tbd", "..."})
_BROKEN: Final = re.compile(r"[\\$]|!\[|\]\(|https?:|<[a-z/]")
_GLUE: Final = re.compile(r"(?<=[a-z0-9)%.…])(?=[A-Z])")
_TAIL: Final = re.compile(r"[A-Z]?[a-z0-9]+$")
_NAME: Final = re.compile(r"[A-Za-z0-9]+")
_TWO: Final = re.compile(r"\b[A-Z]{3,}[a-z]{3,}[A-Za-z0-9]*")
_CUT_OFF: Final = re.compile(r"[a-z]\d+$|[./_:]\w+$|://[A-Z]")
"""How a glued cell looks that was cut inside of a word: "Ribosomes70", "roles/storage.object"."""
_WORDS: Final = 9
"""Words of a first cell from which on it names nothing, but says something."""
_NEEDS: Final = re.compile(
    r"\b(?:need|situation|scenario|question|symptom|problem|case|sign|goal|requirement|task|words|error|finding|statement|event|workload|example)",
    re.IGNORECASE,
)
_LEAD: Final = 400
"""Characters before a header in which its lead-in may begin."""


def tables(note: Note, passages: Sequence[Passage]) -> Iterator[Group]:
    """The tables of a note, in order; a table whose columns cannot be told gives none."""
    names: Counter[str] = Counter()
    for header, heading, rows in _rows(passages):
        columns = _columns(note.text, header, rows)
        if len(columns) < 2:
            continue
        held = [(row, cells) for row in rows if len(cells := _cells(note.text, row)) == len(columns)]
        if columns[0][1] == columns[1][0]:
            names = names or _names(note.text, passages)
            held = [] if _torn(note.text, columns, names) else [(row, cells) for row, cells in held if not _torn(note.text, cells, names)]
        facts = _facts(note, heading, columns, held)
        if not facts or _parallel(note.text, columns, held):
            continue
        first = read(note.text, columns[0]).text
        across = _transposed(note.text, columns)
        lead = _lead(note.text, header)
        yield Group(facts[0].group, "table", "" if across else _noun(first), heading[-1] if heading else note.title, lead, note.path, heading, facts)


def _rows(passages: Sequence[Passage]) -> Iterator[tuple[Span, tuple[str, ...], list[Unit]]]:
    """The rows under each header, which may go on in the next passage."""
    found: dict[Span, tuple[tuple[str, ...], list[Unit]]] = {}
    for passage in passages:
        for unit in passage.units:
            if unit.kind == "row" and unit.label is not None:
                found.setdefault(unit.label, (passage.heading, []))[1].append(unit)
    for header, (heading, rows) in found.items():
        yield header, heading, rows


def _columns(text: str, header: Span, rows: Sequence[Unit]) -> tuple[Span, ...]:
    """The header's cells, where they are as many as most rows have; () else."""
    raw = text[slice(*header)]
    if "|" in raw:
        found = _cut(text, header, [(m.start(), m.end()) for m in re.finditer(r"(?<!\\)\|", raw)])
    elif "\t" in raw:
        found = _cut(text, header, [(m.start(), m.end()) for m in re.finditer(r"\t+", raw)])
    else:
        found = _cut(text, header, [(m.start(), m.start()) for m in _GLUE.finditer(raw)])
    sizes = Counter(len(_cells(text, row)) for row in rows)
    return found if found and sizes[len(found)] * 2 > len(rows) else ()


def _cells(text: str, row: Unit) -> tuple[Span, ...]:
    if row.cells or "\t" not in text[row.start : row.end]:
        return row.cells
    return _cut(text, (row.start, row.end), [(m.start(), m.end()) for m in re.finditer(r"\t", text[row.start : row.end])])


def _cut(text: str, span: Span, gaps: Sequence[Span]) -> tuple[Span, ...]:
    """The pieces of a span between gaps, without space around them."""
    edges = [(0, 0), *gaps, (span[1] - span[0],) * 2]
    found = []
    for (_, a), (b, _) in itertools.pairwise(edges):
        start, end = span[0] + a, span[0] + b
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        found.append((start, end))
    return tuple(found)


def _names(text: str, passages: Sequence[Passage]) -> Counter[str]:
    """How often a note writes each word outside of tables whose cells are glued together."""
    glued = sorted(
        {s for p in passages for u in p.units if u.kind == "row" for s in ((u.start, u.end), u.label or (u.start, u.end)) if "|" not in text[slice(*s)]}
    )
    edges = [0, *(edge for s in glued for edge in s), len(text)]
    return Counter(w for a, b in zip(edges[::2], edges[1::2], strict=True) for w in _NAME.findall(text[a:b]))


def _torn(text: str, cells: Sequence[Span], names: Counter[str]) -> bool:
    """Whether glued cells part a word that the note writes as one ("Amazon MWAASage" and "Maker Pipelines"), or one of
    them holds two ("JSONSemi-structured data")."""
    for left, right in itertools.pairwise(cells):
        end, start = _TAIL.search(text[left[0] : left[1]]), _NAME.match(text[right[0] : right[1]])
        if end and start and names[end.group() + start.group()]:
            return True
    found = [text[a:b] for a, b in cells]
    return any(_CUT_OFF.search(f) for f in found) or any(not names[m.group()] for f in found for m in _TWO.finditer(f))


def _transposed(text: str, columns: Sequence[Span]) -> bool:
    """Whether the columns are the things: "Feature | Real-time | Serverless"."""
    first, *others = (read(text, c).text for c in columns)
    if len(others) < 2 or not all(others) or any(_TELLS.match(o) for o in others):
        return False
    return fold(first) in _COMPARED or (fold(first) in _PERHAPS and not any(_ASPECT.match(o) for o in others))


def _parallel(text: str, columns: Sequence[Span], rows: Sequence[tuple[Unit, tuple[Span, ...]]]) -> bool:
    """Whether the first column holds sentences and no things, as in "Online | Batch": the columns then stand side by side."""
    firsts = [read(text, cells[0]).text for _, cells in rows]
    said = sum(f.endswith(".") or len(f.split()) > _WORDS for f in firsts)
    return 2 * said > len(firsts) and not _NEEDS.search(read(text, columns[0]).text)


def _facts(note: Note, heading: tuple[str, ...], columns: Sequence[Span], rows: Sequence[tuple[Unit, tuple[Span, ...]]]) -> tuple[Fact, ...]:
    across = _transposed(note.text, columns)
    heads = [read(note.text, c).text for c in columns]
    firsts = [read(note.text, cells[0]).text for _, cells in rows]
    count = Counter(map(fold, firsts))
    group = f"{note.path}:{columns[0][0]}"
    found = []
    for (row, cells), first in zip(rows, firsts, strict=True):
        if count[fold(first)] > 1 or fold(first) in _EMPTY or _BROKEN.search(first):
            continue
        for at, head in enumerate(heads[1:], 1):
            value = read(note.text, cells[at]).text
            if value.lower() in _EMPTY or not head or _BROKEN.search(value) or _BROKEN.search(head):
                continue
            thing, attribute = (head, first) if across else (first, head)
            thing_at, attribute_at = (columns[at], cells[0]) if across else (cells[0], columns[at])
            found.append(Fact("cell", thing, attribute, value, group, note.path, heading, cells[at], (row.start, row.end), thing_at, attribute_at))
    return tuple(found)


def _noun(header: str) -> str:
    """What a table's first header says its things are, in the plural; "" where that is no short plain noun."""
    words = header.split()
    if not re.fullmatch(r"[A-Za-z][A-Za-z -]{1,40}", header) or len(words) > 3 or _PAIRED.search(header):
        return ""
    low = " ".join(w if w.isupper() or w[1:] != w[1:].lower() else w.lower() for w in words)
    return "" if re.search(r"(?:(?<!e)ed|ing|ly)$", words[-1].lower()) or low in _MASS else plural(low)


def _lead(text: str, header: Span) -> str:
    """The sentence that leads into a table: the last one before it, where a colon ends it."""
    before = text[max(0, header[0] - _LEAD) : header[0]].rstrip(" \n|\t")
    line = before[before.rfind("\n") + 1 :]
    if not line.endswith(":"):
        return ""
    at = max(line.rfind(mark) for mark in (". ", "! ", "? "))
    return line[at + 2 :] if at >= 0 else line
