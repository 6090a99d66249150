"""Candidates with scores in, the statements of an answer out: few, different, within a number of words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tutor import weights
from tutor.cues import ANAPHORA, MISCONCEPTION
from tutor.extractive.candidates import FEATURES, Candidate
from tutor.extractive.subject import defines
from tutor.question import Query
from tutor.retrieve import coverage

STATEMENTS: Final = 6
MORE: Final[Mapping[str, int]] = {"how": 8, "list": 8, "compare": 8}
"""Kinds of questions whose answers may have more statements: steps, items, rows."""
WORDS: Final = 180
ALIKE: Final = 0.8
"""The share of terms at which a second candidate says what the first one says."""
FREE: Final = 3
"""Statements after which another section has to be worth opening, in answers to questions of the _NARROW kinds."""
STRAY: Final = 0.5
"""The share of the lead's part of the question that a statement of another section has at least."""
_NARROW: Final = ("definition", "compare", "which", "why", "other", "number", "claim")
REPEAT: Final = 0.5
"""What sharing all its terms with a chosen one costs a candidate's score."""
SIBLING: Final = 2.0
"""What belonging to a chosen one's list or table gains it, where the question asks for such."""
_BROUGHT: Final[Mapping[str, tuple[str, ...]]] = {"how": ("item", "step"), "list": ("item", "step"), "compare": ("row",)}
_CODE: Final = re.compile(r"\b(?:code|commands?|cli|polic(?:y|ies)|json|yaml|scripts?|syntax|templates?|query|queries|sql|config\w*|example)\b", re.IGNORECASE)
SECTIONS: Final = 3
"""Sections that an answer draws on at most, unless it compares."""
HOME: Final = 0.7
"""What standing in the best candidate's section gains the others, so that an answer stays in one place unless it compares; what
a list of terms says of another term gains nothing."""
ANTECEDENT: Final = 1.5
"""What being the sentence that a chosen "It ..." or "This ..." refers back to gains a candidate."""
TOLD: Final = 1.0
"""How far below the best score what a compared thing is may lie at most."""
RUN: Final = 50
"""Words of the longest statement that is made of several sentences."""


@cache
def model() -> weights.Linear:
    """The fitted selector."""
    return weights.linear(weights.read("select"), FEATURES)


@cache
def _falls() -> Mapping[str, float]:
    found = weights.read("select").get("fall", {})
    return {str(k): float(v) for k, v in found.items()} if isinstance(found, Mapping) else {}


def select(query: Query, candidates: Sequence[Candidate], scores: NDArray[np.float64], fall: float | None = None) -> list[int]:
    """Choose candidates greedily, best first; returns their places in `candidates`.

    A candidate that says what a chosen one says is passed over (maximal marginal relevance, Carbonell and Goldstein
    1998, over shared terms); where the question asks for such, a chosen item brings its list or table along. The
    choice keeps to SECTIONS; it ends at STATEMENTS or MORE (neighbouring sentences make one, see `runs`), at WORDS, or at a score that lies `fall`
    below the best (None: as fitted for the kind of question).
    """
    value = np.array(scores, dtype=np.float64)
    sides = told(query, candidates, value)
    for i in sides:
        value[i] = max(value[i], float(value.max()) - TOLD)
    lowest = float(value.max(initial=0.0)) - (_falls().get(query.kind, 9.0) if fall is None else fall)
    if len(value) and query.kind != "compare":
        home = candidates[int(value.argmax())].hit.passage.section
        value += [HOME * (c.hit.passage.section == home and not of_another(query, c)) for c in candidates]
    most = MORE.get(query.kind, STATEMENTS)
    chosen: list[int] = []
    left = set(range(len(candidates)))
    used = 0
    while left:
        best = max(left, key=lambda i: (value[i], -i))
        left.discard(best)
        if chosen and value[best] < lowest:
            break
        size = len(candidates[best].text.split())
        if chosen and (used + size > WORDS or any(alike(candidates[best], candidates[i]) > ALIKE for i in chosen)):
            continue
        if query.kind != "compare" and len({candidates[i].hit.passage.section for i in (*chosen, best)}) > SECTIONS:
            continue
        if (query.kind == "compare" or query.defining) and of_another(query, candidates[best]):
            continue
        if chosen and _out_of_place(query, candidates[best]):
            continue
        if query.kind in _NARROW and len(chosen) >= FREE and best not in sides and _strays(query, candidates[best], [candidates[i] for i in chosen]):
            continue
        if len(chosen) >= most and len(runs(candidates, [*chosen, best])) > most:
            continue
        chosen.append(best)
        used += size
        brings = query.kind in _BROUGHT and coverage(query, candidates[best].all_stems) >= 0.5
        for i in left:
            value[i] -= REPEAT * len(candidates[best].stems & candidates[i].stems) / max(1, len(candidates[i].stems))
            if brings and siblings(candidates[best], candidates[i]) and candidates[i].unit.kind in _BROUGHT[query.kind]:
                value[i] += SIBLING
            if ANAPHORA.match(candidates[best].text) and follows(candidates[i], candidates[best]):
                value[i] += ANTECEDENT
    return chosen


def told(query: Query, candidates: Sequence[Candidate], scores: NDArray[np.float64]) -> list[int]:
    """Where a question compares: for each of the compared things, the candidate that says best what it is."""
    sides = query.side_stems if query.kind == "compare" else ()
    found = []
    for side in sides:
        told = {i: value for i, c in enumerate(candidates) if not MISCONCEPTION.search(c.text) and (value := defines(c, side))}
        found.append(max(told, key=lambda i: (told[i], scores[i]), default=None))
    return [i for i in found if i is not None]


def _out_of_place(query: Query, candidate: Candidate) -> bool:
    """Whether it is a single step where no steps were asked for, or a listing where none was."""
    if candidate.unit.kind == "step":
        return query.kind not in ("how", "list")
    return candidate.unit.kind == "code" and not _CODE.search(query.text)


def of_another(query: Query, candidate: Candidate) -> bool:
    """Whether it is an item of a list of terms that says what some other term is, where one term was asked for."""
    return candidate.unit.kind == "item" and bool(candidate.defined) and not candidate.defined & frozenset(query.stems)


def runs(candidates: Sequence[Candidate], chosen: Sequence[int]) -> list[list[int]]:
    """The chosen candidates as statements: sentences that follow one another in a paragraph are read as one, up to
    RUN words; but the best candidate begins its own, so that an answer begins with it. In order of the best of each."""
    rank = {i: place for place, i in enumerate(chosen)}
    found: list[list[int]] = []
    for i in sorted(chosen, key=lambda i: (candidates[i].order, candidates[i].unit.start)):
        last = found[-1] if found else []
        opens = rank[i] == 0 and not ANAPHORA.match(candidates[i].text)
        fits = sum(len(candidates[k].text.split()) for k in (*last, i)) <= RUN
        if last and not opens and fits and follows(candidates[last[-1]], candidates[i]):
            last.append(i)
        else:
            found.append([i])
    return sorted(found, key=lambda run: min(rank[i] for i in run))


def follows(one: Candidate, other: Candidate) -> bool:
    """Whether `other` is the sentence directly after `one`, in the same paragraph."""
    if one.order != other.order or one.unit.kind not in ("sentence", "item", "step") or other.unit.kind != "sentence":
        return False
    gap = other.unit.start - one.unit.end
    return 0 <= gap <= 2 and "\n\n" not in one.hit.passage.text[one.unit.end - one.hit.passage.start : other.unit.start - one.hit.passage.start]


def _strays(query: Query, other: Candidate, chosen: Sequence[Candidate]) -> bool:
    """Whether a candidate opens another section though it has less than STRAY of the lead's share of the question."""
    if any(c.hit.passage.section == other.hit.passage.section for c in chosen):
        return False
    return coverage(query, other.all_stems) < STRAY * coverage(query, chosen[0].all_stems)


def forget() -> None:
    """Read the fitted numbers anew next time: they were just written."""
    model.cache_clear()
    _falls.cache_clear()


def alike(one: Candidate, other: Candidate) -> float:
    """How much of the shorter one's words both say; two sections that define the same thing are alike."""
    if one.defined and one.defined == other.defined and one.hit.passage.section != other.hit.passage.section and "sentence" in (one.unit.kind, other.unit.kind):
        return 1.0
    return len(one.stems & other.stems) / max(1, min(len(one.stems), len(other.stems)))


def siblings(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates are of one list or table."""
    return one.unit.kind == other.unit.kind and one.hit.passage.section == other.hit.passage.section and one.unit.label == other.unit.label
