"""A note and a place in it in, the stretch of it to show out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tutor.types import Note, Span

AROUND: Final = 450
"""Characters shown on either side of a quote."""
PAGE: Final = 6_000
"""Characters of a note shown at once."""
STEP: Final = 1_200
"""A section longer than this can be entered in its midst, so that a quote stands near the top of its page."""

_FRONT_MATTER: Final = re.compile(r"---[ \t]*\n.*?\n---[ \t]*(?:\n|$)", re.DOTALL)
_HEADING: Final = re.compile(r"#{1,6}\s")
_FENCE: Final = re.compile(r"[ \t]*(?:```|~~~)")
_RULE: Final = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a note, and where the pages before and behind it begin."""

    start: int
    end: int
    earlier: int | None
    later: int | None


def is_markdown(path: str) -> bool:
    """Whether a note's text is Markdown, by its name."""
    return path.lower().endswith((".md", ".markdown"))


def body_start(text: str) -> int:
    """Where a note's text begins behind its front matter."""
    found = _FRONT_MATTER.match(text)
    return found.end() if found else 0


def around(note: Note, span: Span, size: int = AROUND) -> tuple[str, Span]:
    """A quote with the lines around it, and where it stands in them.

    The stretch does not cross a heading; a row keeps its table's header, and a line of code its fence.
    """
    text, (start, end) = note.text, span
    begin, stop = body_start(text), len(text)
    first = _line(text, start)
    last = _line_end(text, end)
    while first > begin and (start - _line(text, first - 1) <= size or text[first : first + 1] in " \t") and start - first < 3 * size:
        if _HEADING.match(text, _line(text, first - 1)):
            break
        first = _line(text, first - 1)
    while last < stop and _line_end(text, last + 1) - end <= size and not _HEADING.match(text, last + 1):
        last = _line_end(text, last + 1)
    last = _with_row(text, last)
    first = first if start - first <= 4 * size else _word(text, start - size)
    last = last if last - end <= 4 * size else _word(text, end + size)
    lead = _opened(text, max(begin, first - 20_000), first) if is_markdown(note.path) else ""
    stretch = lead + text[first:last]
    if lead.startswith("```"):
        stretch += "\n```" if _fences(stretch) % 2 else ""
    return stretch, (start - first + len(lead), end - first + len(lead))


def page(note: Note, headings: Sequence[int], at: int = 0) -> Page:
    """The page of a note that shows an offset: it begins at the section, or the paragraph, that holds it.

    `headings` are the offsets of the note's headings.
    """
    cuts = _cuts(note, headings)
    stop = len(note.text)
    here = max((n for n, cut in enumerate(cuts) if cut <= at), default=0)
    start = cuts[here]
    end = next((cut for cut in cuts[here + 1 :] if cut - start >= PAGE), stop)
    before = [cut for cut in cuts[:here] if start - cut <= PAGE]
    return Page(start, end, before[0] if before else None if here == 0 else cuts[here - 1], end if end < stop else None)


def _cuts(note: Note, headings: Sequence[int]) -> list[int]:
    """Where a page may begin: the body's start, headings, and in long sections paragraphs."""
    text = note.text
    begin = body_start(text)
    sections = sorted({begin, *(max(begin, _line(text, at)) for at in headings)})
    cuts: list[int] = []
    for start, end in zip(sections, [*sections[1:], len(text)], strict=True):
        cuts.append(start)
        if end - start > STEP:
            cuts.extend(_paragraphs(text, start, end))
    return cuts


def _paragraphs(text: str, start: int, end: int) -> list[int]:
    cuts, last, fenced, blank, here = [], start, False, False, start
    while here < end:
        stop = _line_end(text, here)
        fence = bool(_FENCE.match(text, here))
        if blank and not fenced and here - last >= STEP and not text[here].isspace():
            cuts.append(here)
            last = here
        while stop - last > 2 * PAGE:  # a line without end
            last = _word(text, last + PAGE)
            cuts.append(last)
        fenced ^= fence
        blank = not text[here:stop].strip()
        here = stop + 1
    return cuts


def _opened(text: str, begin: int, first: int) -> str:
    """What a stretch that begins at `first` needs before it: its table's header, or the fence that it is in."""
    if _fences(text[begin:first]) % 2:
        return "```\n"
    rows = []
    here = first
    while here > begin and "|" in text[_line(text, here - 1) : here]:
        here = _line(text, here - 1)
        rows.append(text[here : _line_end(text, here)])
    rows.reverse()
    if "|" in text[first : _line_end(text, first)] and len(rows) >= 2 and _RULE.match(rows[1]):
        return f"{rows[0]}\n{rows[1]}\n"
    return ""


def _with_row(text: str, last: int) -> int:
    """An end of line further down where a table's header would otherwise be left without a row."""
    while last < len(text):
        below = _line_end(text, last + 1)
        if not any("|" in line and _RULE.match(line) for line in (text[_line(text, last) : last], text[last + 1 : below])):
            break
        last = below
    return last


def _fences(text: str) -> int:
    return sum(bool(_FENCE.match(line)) for line in text.splitlines())


def _line(text: str, at: int) -> int:
    return text.rfind("\n", 0, max(0, at)) + 1


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found


def _word(text: str, at: int) -> int:
    """The start of the first word at or behind an offset."""
    found = re.compile(r"\s\S").search(text, max(0, at), max(0, at) + 200)
    return found.start() + 1 if found else max(0, min(at, len(text)))
