"""A sentence and its evidence in, how far the words of one stand in the other out: matches, runs and shares."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final

from tutor.ground.facts import Number, Reading, read
from tutor.ground.thesaurus import SAME
from tutor.text import stem

ALIKE: Final = 0.8
"""What a word counts that stands for another one of the evidence."""
LENT: Final = 0.5
"""What a word counts that only the question or a heading has."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Quotes as read, with what is looked up in them. `lent` are the stems of headings and of the question."""

    readings: tuple[Reading, ...]
    stems: frozenset[str]
    groups: frozenset[int]
    begins: dict[str, tuple[str, ...]]
    joined: frozenset[str]
    initials: frozenset[str]
    numbers: tuple[Number, ...]
    lent: frozenset[str]
    lent_initials: frozenset[str]
    acronyms: frozenset[str]
    sequence: tuple[str, ...] = field(repr=False)


@lru_cache(maxsize=1024)
def gather(quotes: tuple[str, ...], around: tuple[str, ...], question: str) -> Evidence:
    """The evidence that quotes give, with the names that their surroundings and the question lend."""
    readings = tuple(read(q) for q in quotes)
    lenders = tuple(read(t) for t in (*around, question) if t)
    stems = frozenset(s for r in readings for s in r.stems)
    begins: dict[str, list[str]] = {}
    for one in sorted(stems):
        if len(one) >= 5:
            begins.setdefault(one[:5], []).append(one)
    return Evidence(
        readings,
        stems,
        frozenset(g for s in stems for g in SAME.get(s, ())),
        {k: tuple(v) for k, v in begins.items()},
        frozenset(j for r in readings for j in _pairs(r)),
        frozenset[str]().union(*map(_initials, readings)),
        tuple(n for r in readings for n in r.numbers),
        frozenset(s for r in lenders for s in (*r.stems, *_pairs(r))),
        frozenset[str]().union(*map(_initials, lenders)),
        frozenset(r.words[i].removesuffix("s") for r in (*readings, *lenders) for i in r.names if r.written[i][:2].isupper()),
        tuple(s for r in readings for s in r.stems),
    )


@lru_cache(maxsize=4096)
def _pairs(text: Reading) -> tuple[str, ...]:
    return tuple(stem(a + b) for a, b in pairwise(text.words))


@lru_cache(maxsize=4096)
def _initials(text: Reading) -> frozenset[str]:
    """First letters of two to six neighbouring words, with and without the small words among them."""
    found: set[str] = set()
    for letters in ("".join(w[0] for w in text.words), "".join(w[0] for w in text.words if w not in ("of", "and", "for", "the", "in", "to", "a"))):
        for size in range(2, 7):
            found.update(letters[i : i + size] for i in range(len(letters) - size + 1))
    return frozenset(found)


def same_number(a: Number, b: Number) -> bool:
    """Whether two quantities have the same value: in the same unit, in units of the same kind, or as share and percent."""
    if a.kind and b.kind:
        return a.kind == b.kind and math.isclose(a.base, b.base, rel_tol=0.025 if a.kind in ("data", "time") and a.size != b.size else 1e-9)
    return math.isclose(a.value, b.value) or (("share" in (a.kind, b.kind)) and math.isclose(a.base, b.base))


def known(text: Reading, evidence: Evidence) -> list[float]:
    """For each word, how well the quotes know it: 1 as it is, ALIKE by another word, 0 not at all."""
    marks = [_strength(text, i, evidence) for i in range(len(text.words))]
    for number in text.numbers:
        if any(same_number(number, other) or math.isclose(number.value, other.value) for other in evidence.numbers):
            for at in range(number.at, min(len(marks), number.at + number.text.count(" ") + 1)):
                marks[at] = 1.0
    measured = {kind for r in evidence.readings for _, kind, _ in r.units} | {n.kind for n in evidence.numbers}
    for at, kind, _ in text.units:
        if kind in measured:
            marks[at] = max(marks[at], LENT)
    for run in _spelled(text, evidence):
        for at in run:
            marks[at] = max(marks[at], ALIKE)
    return marks


def _strength(text: Reading, at: int, evidence: Evidence) -> float:
    one = text.stems[at]
    if one in evidence.stems:
        return 1.0
    word = text.words[at]
    if one in evidence.joined:
        return 1.0
    if at and stem(text.words[at - 1] + word) in evidence.stems:
        return 1.0
    if at + 1 < len(text.words) and stem(word + text.words[at + 1]) in evidence.stems:
        return 1.0
    if SAME.get(one, frozenset()) & evidence.groups:
        return ALIKE
    if len(one) >= 5 and any(_akin(one, other) for other in evidence.begins.get(one[:5], ())):
        return ALIKE
    if text.written[at][:2].isupper() and word.removesuffix("s") in evidence.initials:
        return ALIKE
    for prefix in ("un", "non", "in", "im", "dis", "re", "de", "co", "pre"):
        if word.startswith(prefix) and len(word) > len(prefix) + 3 and stem(word[len(prefix) :]) in evidence.stems:
            return ALIKE
    return 0.0


def _akin(a: str, b: str) -> bool:
    size = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        size += 1
    return size >= max(5, 0.6 * max(len(a), len(b)))


def _spelled(text: Reading, evidence: Evidence) -> Iterable[range]:
    """Runs of words whose first letters spell an abbreviation of the evidence: "Managed Workflows for Apache Airflow"."""
    if not evidence.acronyms:
        return
    for size in range(2, 7):
        for start in range(len(text.words) - size + 1):
            if not text.content[start] or not text.content[start + size - 1]:
                continue
            run = range(start, start + size)
            letters = "".join(text.words[i][0] for i in run)
            if (
                letters in evidence.acronyms
                or "".join(text.words[i][0] for i in run if text.words[i] not in ("of", "for", "and", "the", "in")) in evidence.acronyms
            ):
                yield run


def lent(text: Reading, at: int, evidence: Evidence) -> bool:
    """Whether a word stands in the question or a heading."""
    word = text.words[at]
    joined = at and stem(text.words[at - 1] + word) in evidence.lent
    return text.stems[at] in evidence.lent or bool(joined) or (text.written[at][:2].isupper() and word.removesuffix("s") in evidence.lent_initials)


def fragments(a: Sequence[str], b: Sequence[str]) -> list[int]:
    """Lengths of the runs that `a` shares with `b`, found greedily from the left (Grusky et al. 2018)."""
    places: dict[str, list[int]] = {}
    for at, word in enumerate(b):
        places.setdefault(word, []).append(at)
    runs, at = [], 0
    while at < len(a):
        longest = 0
        for start in places.get(a[at], ())[:40]:
            size = 1
            while at + size < len(a) and start + size < len(b) and a[at + size] == b[start + size]:
                size += 1
            longest = max(longest, size)
        if longest:
            runs.append(longest)
        at += max(longest, 1)
    return runs


def common(a: Sequence[str], b: Sequence[str]) -> int:
    """The length of the longest common subsequence, by bits (Hyyrö 2004): a few operations on whole numbers a word."""
    masks: dict[str, int] = {}
    for at, word in enumerate(a):
        masks[word] = masks.get(word, 0) | 1 << at
    full = (1 << len(a)) - 1
    row = full
    for word in b:
        hit = row & masks.get(word, 0)
        row = ((row + hit) | (row - hit)) & full
    return len(a) - row.bit_count()
