"""A sentence and its evidence in, whether its terms keep the company they keep in the evidence out.

A term's company are the words near it, each weighing one over its distance, left and right apart. Two terms that have
changed places each stand in the other's company; a term put in the place of another stands in a company that is not its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tutor.ground.facts import Reading
from tutor.ground.overlap import common

REACH: Final = 5
"""Words to each side that count as company."""
MOST: Final = 24
"""Terms of a sentence that are compared."""
OFTEN: Final = 4
"""Places of one term that are looked at."""
PARTS: Final = 12
"""Clauses that are compared."""
_TELLING: Final = frozenset("than before after from into over under above below less more most least without instead rather if because up".split())
"""Small words that tell who does what to whom."""

_BE: Final = frozenset("is are was were be been being gets get got".split())

Company = dict[tuple[str, int], float]


@dataclass(frozen=True, slots=True)
class Swap:
    """Two terms, and by how much the first fits the second's company better than its own."""

    gain: float
    terms: tuple[str, str]


NONE: Final = Swap(0.0, ("", ""))


def keys(text: Reading) -> list[str]:
    """For each word what it is compared by: its stem, or its number."""
    made = list(text.stems)
    for one in text.numbers:
        made[one.at] = f"{one.value:g}"
    return made


def company(text: Reading, names: Sequence[str], at: int, sided: bool = True) -> Company:
    """The words near a place in its clause with their weights."""
    found: Company = {}
    for step in (-1, 1):
        here, met = at + step, 0
        while 0 <= here < len(names) and met < REACH and text.clause[here] == text.clause[at]:
            word = names[here]
            if (text.content[here] or text.words[here] in _TELLING or word[0].isdigit()) and word != names[at]:
                met += 1
                key = (word, step if sided else 0)
                found[key] = max(found.get(key, 0.0), 1.0 / (1 + 0.5 * (met - 1)))
            here += step
    return found


def alike(a: Company, b: Company, without: frozenset[str]) -> float:
    """The weight that two companies share, some words left out."""
    total = 0.0
    for key, weight in a.items():
        other = b.get(key)
        if other is not None and key[0] not in without:
            total += min(weight, other)
    return total


def swaps(text: Reading, evidence: Sequence[Reading]) -> tuple[Swap, Swap]:
    """The greatest exchange of two terms of the sentence, and the greatest substitution of a term that it does not have."""
    ours = keys(text)
    theirs = [keys(r) for r in evidence]
    turned = _acted(text) ^ frozenset(s for r in evidence for s in _acted(r))
    passive = bool(turned & {s for r in evidence for s in r.stems} & set(text.stems))
    places: dict[str, list[Company]] = {}
    for reading, names in zip(evidence, theirs, strict=True):
        for at, one in enumerate(names):
            if (reading.content[at] or one[0].isdigit()) and len(places.get(one, ())) < OFTEN and (one in places or len(places) < 10 * MOST):
                places.setdefault(one, []).append(company(reading, names, at, not passive))
    mine: dict[str, list[Company]] = {}
    for at, one in enumerate(ours):
        if (text.content[at] or one[0].isdigit()) and one in places and len(mine) < MOST and len(mine.get(one, ())) < OFTEN:
            mine.setdefault(one, []).append(company(text, ours, at, not passive))
    said = set(ours)
    terms = list(mine)
    others = [item for item in places.items() if item[0] not in said][: 3 * MOST]
    best_cross, best_other = NONE, NONE
    for i, a in enumerate(terms):
        for b in terms[i + 1 :]:
            out = frozenset((a, b))
            cross = _fit(mine[a], places[b], out)
            back = _fit(mine[b], places[a], out) if cross else 0.0
            gain = cross + back - _fit(mine[a], places[a], out) - _fit(mine[b], places[b], out) if back else 0.0
            if gain > best_cross.gain:
                best_cross = Swap(gain, (a, b))
        for b, companies in others:
            out = frozenset((a, b))
            other = _fit(mine[a], companies, out)
            gain = other - _fit(mine[a], places[a], out) if other > best_other.gain else 0.0
            if gain > best_other.gain:
                best_other = Swap(gain, (a, b))
    return best_cross, best_other


def _fit(a: Sequence[Company], b: Sequence[Company], without: frozenset[str]) -> float:
    return max(alike(x, y, without) for x in a for y in b)


def _acted(text: Reading) -> frozenset[str]:
    """The stems of verbs in the passive voice: "is split", "are labeled"."""
    return frozenset(
        text.stems[i]
        for i, word in enumerate(text.words)
        if (word.endswith(("ed", "en", "wn", "pt", "lt", "nt")) or "by" in text.words[i + 1 : i + 3]) and any(w in _BE for w in text.words[max(0, i - 2) : i])
    )


def gained(text: Reading, evidence: Sequence[Reading], swap: Swap) -> int:
    """By how many words the sentence is more alike to its evidence with two terms exchanged."""
    ours = keys(text)
    a, b = swap.terms
    other = [b if w == a else a if w == b else w for w in ours]
    names = [keys(r) for r in evidence]
    return max((common(other, n) for n in names), default=0) - max((common(ours, n) for n in names), default=0)


def mixing(text: Reading, evidence: Sequence[Reading]) -> tuple[int, int]:
    """How often two clauses of the sentence each hold words that belong to one clause of the evidence alone, and to
    another one alone, crosswise; and how many words of a second clause one clause of the sentence holds at most."""
    owners: dict[str, set[int]] = {}
    at = 0
    for reading in evidence:
        names = keys(reading)
        for part in reading.clauses():
            for i in part:
                if reading.content[i]:
                    owners.setdefault(names[i], set()).add(at)
            at += 1
    ours = keys(text)
    rows: list[dict[int, int]] = []
    for part in text.clauses()[:PARTS]:
        row: dict[int, int] = {}
        for word in {ours[i] for i in part if text.content[i]}:
            held = owners.get(word, ())
            if len(held) == 1:
                one = next(iter(held))
                row[one] = row.get(one, 0) + 1
        rows.append(row)
    cross = max((min(a[e], a[f], b[e], b[f]) for i, a in enumerate(rows) for b in rows[i + 1 :] for e in a if e in b for f in a if f in b and f > e), default=0)
    return cross, max((sorted(row.values())[-2] for row in rows if len(row) > 1), default=0)
