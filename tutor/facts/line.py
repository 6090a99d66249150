"""A span of a note in, its words without emphasis marks out, with the way back from each character to the note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tutor.text import sentences
from tutor.types import Span

_MARK: Final = re.compile(r"\*\*|`|(?<!\w)__(?=\w)|(?<=\w)__(?!\w)|(?<![\w*])\*(?=[^\W_])|(?<=[\w.,;:!?)])\*(?![\w*])")
_WORDS: Final = re.compile(r"\s+|\S+")
_SPECIAL: Final = re.compile(r"[*`\n\t\r\f\v\xa0]|__|  ")
_EDGE: Final = " \t\n,;:"


def plain(text: str) -> str:
    """The words on one line, without emphasis and code marks."""
    return " ".join(_MARK.sub("", text).split()) if _SPECIAL.search(text) else text.strip()


@dataclass(frozen=True, slots=True)
class Line:
    """The words of a span; `at` holds the note's offset of each character, None where they simply follow `start`."""

    text: str
    start: int
    at: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> Span:
        """Where the words `self.text[start:end]` stand in the note."""
        if self.at is None:
            return self.start + start, self.start + end
        return self.at[start], self.at[end - 1] + 1

    def piece(self, start: int, end: int) -> tuple[str, Span]:
        """The words from `start` to `end` without space and separators at their ends, and where they stand in the note."""
        while start < end and self.text[start] in _EDGE:
            start += 1
        while end > start and (self.text[end - 1] in _EDGE or (self.text[end - 1] in "-–—" and self.text[end - 2] == " ")):
            end -= 1
        return self.text[start:end], self.span(start, end) if start < end else (self.start, self.start)

    def part(self, start: int, end: int) -> Line:
        """The words from `start` to `end` as a line of their own."""
        return Line(self.text[start:end], self.span(start, end)[0], None if self.at is None else self.at[start:end])

    def sentences(self) -> Iterator[Line]:
        """The sentences, each as a line."""
        return (self.part(a, b) for a, b in sentences(self.text))


def read(text: str, span: Span) -> Line:
    """The line of a span of a note's text."""
    raw = text[slice(*span)]
    if not _SPECIAL.search(raw):
        lead = len(raw) - len(raw.lstrip())
        return Line(raw.strip(), span[0] + lead)
    out: list[str] = []
    at: list[int] = []
    here = 0
    for match in [*_MARK.finditer(raw), None]:
        for word in _WORDS.finditer(raw, here, match.start() if match else len(raw)):
            space = word.group().isspace()
            if space and (not out or out[-1] == " "):
                continue  # a run of space counts as one, and none stands at the start
            out.append(" " if space else word.group())
            at.extend(range(span[0] + word.start(), span[0] + (word.start() + 1 if space else word.end())))
        here = match.end() if match else len(raw)
    if out and out[-1] == " ":
        out.pop()
        at.pop()
    return Line("".join(out), span[0], tuple(at))
