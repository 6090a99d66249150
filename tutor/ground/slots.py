"""A sentence and its evidence in, what of it stands in another's place out: a word, a step of a sequence, what a number counts."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import Final

from tutor.ground.binding import counts, keys
from tutor.ground.facts import Number, Reading
from tutor.ground.overlap import same_number
from tutor.ground.thesaurus import SAME

MATCHED: Final = 0.6
"""The share of a sentence's content that must stand in a quote in the same order before one word is held against another."""
LEAST: Final = 3
"""Content words of the shortest sentence that is compared in this way."""
LONGEST: Final = 60
"""Content words of the longest."""
COUNTED: Final = 3
"""Words behind a number that tell what it counts."""
_THEN: Final = frozenset("then next finally lastly afterwards".split())


def replaced(text: Reading, evidence: Sequence[Reading]) -> tuple[str, str] | None:
    """A word before a noun, and another that stands before that noun in a quote of which the sentence is otherwise a copy:
    "gateway endpoints" for "interface endpoints"."""
    ours = text.told
    if not LEAST <= len(ours) <= LONGEST:
        return None
    at = [i for i, c in enumerate(text.content) if c]
    for reading in evidence:
        known = set(pairwise(reading.stems))
        theirs = reading.told[: 2 * LONGEST]
        if len(set(ours) & set(theirs)) < MATCHED * len(set(ours)):
            continue
        match = SequenceMatcher(None, ours, theirs, autojunk=False)
        if sum(b.size for b in match.get_matching_blocks()) < MATCHED * len(ours):
            continue
        for kind, i, j, k, end in match.get_opcodes():
            if kind != "replace" or j - i != 1 or end - k != 1 or j >= len(ours):
                continue
            one, other, noun = ours[i], theirs[k], ours[j]
            if at[j] == at[i] + 1 and (other, noun) in known and (one, noun) not in known and other not in ours and not _same(one, other) and not counts(one):
                return text.words[at[i]], other
    return None


def _same(a: str, b: str) -> bool:
    return bool(SAME.get(a, frozenset()) & SAME.get(b, frozenset())) or a[:5] == b[:5]


@lru_cache(maxsize=4096)
def steps(text: Reading) -> tuple[frozenset[str], ...]:
    """The content of what a text tells to do one after another ("first ..., then ..., finally ..."); () where it tells no order."""
    if not _THEN & set(text.words) or {"if", "when", "once", "before", "after"} & set(text.words):
        return ()
    parts: list[set[str]] = [set()]
    for word, one, content in zip(text.words, text.stems, text.content, strict=True):
        if word in _THEN:
            parts.append(set())
        elif content and word != "first":
            parts[-1].add(one)
    return tuple(frozenset(p) for p in parts)


def disordered(text: Reading, evidence: Sequence[Reading]) -> tuple[str, ...]:
    """A step that a sentence tells behind another one, and a quote before it."""
    ours = steps(text)
    for theirs in (steps(r) for r in evidence) if ours else ():
        place = [_place(one, theirs) for one in ours]
        for (a, first), (b, second) in zip(zip(place, ours, strict=True), zip(place[1:], ours[1:], strict=True), strict=False):
            if a is not None and b is not None and b < a:
                return (_longest(second & theirs[b]), _longest(first & theirs[a]))
    return ()


def _longest(words: frozenset[str]) -> str:
    return max(words, key=lambda w: (len(w), w))


def _place(one: frozenset[str], parts: Sequence[frozenset[str]]) -> int | None:
    """The part with most of a step's words, where there is one such."""
    shared = [len(one & p) for p in parts]
    best = max(shared, default=0)
    return shared.index(best) if best and shared.count(best) == 1 else None


def counted(text: Reading, one: Number) -> frozenset[str]:
    """What a number counts: its unit, or the words of content directly behind it ("24 hours", "185 attempts")."""
    if one.kind:
        return frozenset((one.kind,))
    end = at = one.at + one.text.count(" ") + 1
    while at < min(end + COUNTED, len(text.words)) and text.clause[at] == text.clause[one.at] and text.content[at] and not counts(keys(text)[at]):
        at += 1
    return frozenset(text.stems[end:at])


def miscounted(text: Reading, evidence: Sequence[Reading]) -> tuple[str, ...]:
    """Numbers that count in a sentence what another number counts in the quotes, and not what they count there."""
    theirs = [(n, counted(r, n)) for r in evidence for n in r.numbers]
    found = []
    for one in text.numbers:
        what = counted(text, one)
        there = [w for n, w in theirs if n.value == one.value]
        if not what or not there or not all(there) or any(_meet(w, what) for w in there):
            continue
        if any(w & what and n.value != one.value and not same_number(one, n) for n, w in theirs):
            found.append(one.text)
    return tuple(found)


def _meet(a: frozenset[str], b: frozenset[str]) -> bool:
    return any(_same(x, y) for x in a for y in b)


@lru_cache(maxsize=4096)
def ranges(text: Reading) -> frozenset[tuple[float, float]]:
    """The ranges that a text names: "from -1 to 1", "between 0 and 5"."""
    found = set()
    for a, b in zip(text.numbers, text.numbers[1:], strict=False):
        end = a.at + a.text.count(" ") + 1
        behind = text.words[max(0, a.at - 1)]
        if b.at == end + 1 and (text.words[end] == "to" or (text.words[end] == "and" and behind == "between")) and a.text[0].isdigit():
            found.add((a.value, b.value))
    return frozenset(found)


def shifted(text: Reading, evidence: Sequence[Reading]) -> tuple[str, ...]:
    """The ends of a range of which a quote has but one, in a range of its own."""
    theirs = {x for r in evidence for x in ranges(r)}
    for low, high in sorted(ranges(text) - theirs):
        if (high, low) not in theirs and any((low == a) != (high == b) for a, b in theirs):
            return (f"{low:g}", f"{high:g}")
    return ()
