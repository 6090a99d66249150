"""A key point and an attempt in, how well each word of the point is met out: as it is, by another word, misspelt or cut short."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from tutor.ground.facts import Reading
from tutor.ground.overlap import Evidence, known, lent
from tutor.text import WORD

MISSPELT: Final = 0.9
"""What a word counts that is met by a misspelt one."""
CLIPPED: Final = 0.7
"""What a word counts that is met by its first letters ("env", "config")."""
_SHORTEST: Final = 5
"""Letters from which a word may be misspelt by one letter; from eight on, by two."""


def strengths(point: Reading, attempt: Evidence) -> list[float]:
    """For each word of a point how well the attempt knows it, 0 to 1."""
    marks = known(point, attempt)
    said = [(w, s) for r in attempt.readings for w, s, c in zip(r.words, r.stems, r.content, strict=True) if c]
    for at, (word, one) in enumerate(zip(point.words, point.stems, strict=True)):
        if marks[at] or not point.content[at]:
            continue
        if len(word) >= _SHORTEST and any(misspelt(word, w) or misspelt(one, s) for w, s in said):
            marks[at] = MISSPELT
        elif any(clipped(word, w) or clipped(w, word) for w, _ in said):
            marks[at] = CLIPPED
    return marks


def fresh(point: Reading, question: Evidence) -> list[bool]:
    """For each word of a point whether it is one of content that the question does not give away."""
    marks = known(point, question)
    return [content and not marks[at] and not lent(point, at, question) for at, content in enumerate(point.content)]


def corrected(text: str, reference: Reading) -> str:
    """A text with its misspelt words as the reference has them."""
    right = frozenset(reference.words)

    def mend(match: re.Match[str]) -> str:
        word = match.group().lower()
        return match.group() if word in right else next((w for w in sorted(right) if misspelt(w, word)), match.group())

    return WORD.sub(mend, text)


@lru_cache(maxsize=65536)
def misspelt(a: str, b: str) -> bool:
    """Whether two words differ by one letter put in, left out, changed or exchanged with its neighbour; by two from eight letters on."""
    size = min(len(a), len(b))
    if size < _SHORTEST - 1 or a[0] != b[0] or a.isdigit() or b.isdigit():
        return False
    allowed = 2 if size >= 8 else 1
    return abs(len(a) - len(b)) <= allowed and _distance(a, b, allowed) <= allowed


def _distance(a: str, b: str, most: int) -> int:
    """The edit distance with exchanges of neighbours (optimal string alignment), or more than `most`."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def clipped(word: str, short: str) -> bool:
    """Whether a word is cut short in another: its first three letters or more."""
    return 3 <= len(short) < len(word) - 1 and len(word) >= 6 and word.startswith(short)
