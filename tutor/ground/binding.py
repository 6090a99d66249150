"""A sentence and its evidence in, whether its terms keep the company they keep in the evidence out.

A term's company are the words near it, each weighing less with its distance, left and right apart. Two terms that have
changed places each stand in the other's company; a term put in the place of another stands in a company that is not its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tutor.ground.facts import Reading
from tutor.ground.overlap import common

REACH: Final = 5
"""Words to each side that count as company."""
_WEIGHTS: Final = (60, 40, 30, 24, 20)
"""What each of them counts: 1, 1 / 1.5, 1 / 2 and so on, in sixtieths."""
MOST: Final = 24
"""Terms of a sentence that are compared."""
OFTEN: Final = 4
"""Places of one term that are looked at."""
PARTS: Final = 12
"""Clauses that are compared."""
_TELLING: Final = frozenset("than before after from into over under above below less more most least without instead rather if because up".split())
"""Small words that tell who does what to whom."""

_BE: Final = frozenset("is are was were be been being gets get got".split())

Company = dict[tuple[str, int], int]
"""Words, each with its side, and their weights in sixtieths: whole numbers, so that sums do not depend on their order."""
Places = dict[str, list[Company]]


@dataclass(frozen=True, slots=True)
class Swap:
    """Two terms, and by how much the first fits the second's company better than its own."""

    gain: float
    terms: tuple[str, str]


NONE: Final = Swap(0.0, ("", ""))


@lru_cache(maxsize=4096)
def keys(text: Reading) -> tuple[str, ...]:
    """For each word what it is compared by: its stem, or its number."""
    made = list(text.stems)
    for one in text.numbers:
        made[one.at] = f"{one.value:g}"
    return tuple(made)


def counts(key: str) -> bool:
    """Whether what a word is compared by is a number."""
    return key[0].isdigit() or key[0] == "-"


def company(text: Reading, names: Sequence[str], at: int, sided: bool = True) -> Company:
    """The words near a place in its clause with their weights."""
    found: Company = {}
    for step in (-1, 1):
        here, met = at + step, 0
        while 0 <= here < len(names) and met < REACH and text.clause[here] == text.clause[at]:
            word = names[here]
            if word != names[at] and (text.content[here] or text.words[here] in _TELLING or counts(word)):
                key = (word, step if sided else 0)
                found[key] = max(found.get(key, 0), _WEIGHTS[met])
                met += 1
            here += step
    return found


@lru_cache(maxsize=4096)
def _companies(text: Reading, sided: bool) -> Places:
    """The companies of each term of a text, at its first OFTEN places."""
    names = keys(text)
    found: Places = {}
    for at, one in enumerate(names):
        if (text.content[at] or counts(one)) and len(found.setdefault(one, [])) < OFTEN and len(found) <= 10 * MOST:
            found[one].append(company(text, names, at, sided))
    return {one: known for one, known in found.items() if known}


def alike(a: Company, b: Company) -> float:
    """The weight that two companies share."""
    return _fit([a], [b], frozenset())


def swaps(text: Reading, evidence: Sequence[Reading]) -> tuple[Swap, Swap]:
    """The greatest exchange of two terms of the sentence, and the greatest substitution of a term that it does not have."""
    turned = _acted(text) ^ frozenset(s for r in evidence for s in _acted(r))
    passive = bool(turned & {s for r in evidence for s in r.stems} & set(text.stems))
    places: Places = {}
    for reading in evidence:
        for one, known in _companies(reading, not passive).items():
            if one in places or len(places) < 10 * MOST:
                places[one] = [*places.get(one, ()), *known][:OFTEN]
    said = _companies(text, not passive)
    mine = dict([item for item in said.items() if item[0] in places][:MOST])
    terms = list(mine)
    near = {one: frozenset().union(*known) for one, known in places.items()}
    beside = {one: frozenset().union(*known) for one, known in mine.items()}
    others = [item for item in places.items() if item[0] not in keys(text)][: 3 * MOST]
    best_cross, best_other = NONE, NONE
    for i, a in enumerate(terms):
        for b in terms[i + 1 :]:
            if beside[a].isdisjoint(near[b]) or beside[b].isdisjoint(near[a]):
                continue
            out = frozenset((a, b))
            cross = _fit(mine[a], places[b], out)
            back = _fit(mine[b], places[a], out) if cross else 0.0
            gain = cross + back - _fit(mine[a], places[a], out) - _fit(mine[b], places[b], out) if back else 0.0
            if gain > best_cross.gain:
                best_cross = Swap(gain, (a, b))
        for b, companies in others:
            if beside[a].isdisjoint(near[b]):
                continue
            out = frozenset((a, b))
            other = _fit(mine[a], companies, out)
            gain = other - _fit(mine[a], places[a], out) if other > best_other.gain else 0.0
            if gain > best_other.gain:
                best_other = Swap(gain, (a, b))
    return best_cross, best_other


def _fit(a: Sequence[Company], b: Sequence[Company], without: frozenset[str]) -> float:
    """The most that a company of the one term shares with a company of the other, some words left out."""
    best = 0
    for x in a:
        for y in b:
            total = 0
            for key in x.keys() & y.keys():
                if key[0] not in without:
                    total += min(x[key], y[key])
            best = max(best, total)
    return best / _WEIGHTS[0]


@lru_cache(maxsize=4096)
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


@lru_cache(maxsize=512)
def mixing(text: Reading, evidence: tuple[Reading, ...]) -> tuple[int, int]:
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
