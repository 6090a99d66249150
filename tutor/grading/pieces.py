"""An attempt in, its clauses and the windows of neighbouring clauses out: the pieces that a key point is looked for in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tutor.text import content_words, sentences
from tutor.types import Span

MOST: Final = 120
"""Clauses of an attempt that are looked at; what stands behind them joins the last one."""
WIDEST: Final = 3
"""Clauses of a window."""
_CUT: Final = re.compile(
    r"\s*[;:—–→|•]+\s*|\s+-+>?\s+|\s*\n+\s*(?:[-*•]\s+)?|,\s+(?=(?:and|but|or|which|who|because|so|while|whereas|though|although|if|when|since|then|yet|not|where|whose)\b)"
    r"|\s+(?=(?:but|because|whereas|while|although|though|which|unless|since)\b)|\s*[()\[\]]+\s*|,\s+(?=\S+\s+(?:is|are|was|were|has|have|can|will|does|do|means|needs|gives|uses|lets|makes)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A learner's text with the spans of its clauses, and for each the number of the sentence that it stands in."""

    text: str
    clauses: tuple[Span, ...]
    sentence: tuple[int, ...]

    def windows(self) -> list[Span]:
        """Each clause, each pair and each three of neighbouring clauses."""
        count = len(self.clauses)
        return [(self.clauses[a][0], self.clauses[b - 1][1]) for a in range(count) for b in range(a + 1, min(count, a + WIDEST) + 1)]

    def around(self, span: Span) -> Span:
        """The sentences that a window stands in, whole."""
        held = [n for n, (a, b) in zip(self.sentence, self.clauses, strict=True) if a < span[1] and b > span[0]]
        own = [c for n, c in zip(self.sentence, self.clauses, strict=True) if held and held[0] <= n <= held[-1]]
        return (own[0][0], own[-1][1]) if own else span


def read(text: str) -> Attempt:
    """An attempt as read. A clause without two words of content joins the one before it in its sentence, or the next."""
    found: list[Span] = []
    number: list[int] = []
    for at, (start, end) in enumerate(sentences(text)):
        parts = list(_joined(text, _parts(text, start, end)))
        found += parts
        number += [at] * len(parts)
    if len(found) > MOST:
        found, number = [*found[: MOST - 1], (found[MOST - 1][0], found[-1][1])], number[:MOST]
    return Attempt(text, tuple(found), tuple(number))


def _parts(text: str, start: int, end: int) -> Iterable[Span]:
    here = start
    for cut in _CUT.finditer(text, start, end):
        if cut.start() > here:
            yield here, cut.start()
        here = cut.end()
    if here < end:
        yield here, end


def _joined(text: str, parts: Iterable[Span]) -> Iterable[Span]:
    held: Span | None = None
    for part in parts:
        if held is None:
            held = part
        elif len(content_words(text[held[0] : held[1]])) < 2 or len(content_words(text[part[0] : part[1]])) < 2:
            held = (held[0], part[1])
        else:
            yield held
            held = part
    if held is not None:
        yield held
