"""A candidate and a thing in, out how exactly the candidate names or defines that thing: by its name, its full name or a part."""

from __future__ import annotations

import re
from typing import Final

from tutor.cues import DEFINES
from tutor.extractive.candidates import Candidate
from tutor.question import Query
from tutor.text import STOPWORDS, terms

FULL: Final = 0.9
"""How exactly a thing's full name names the thing that a learner calls by a part of it."""

_ALIAS: Final = re.compile(r"^\W*(?:an?\s+|the\s+)?[^():]{2,60}\((?P<alias>[^)]{2,40})\)")


def topic(query: Query) -> frozenset[str]:
    """The search terms that a question is about."""
    return frozenset(t.stem for t in query.terms if not t.generic) or frozenset(query.stems)


def flat(candidate: Candidate) -> str:
    """Its words in one line: notes are wrapped, and the cues look for words with a space between them."""
    return " ".join(candidate.text.split())


def tells(candidate: Candidate, topic: frozenset[str]) -> float:
    """How exactly a candidate says what a thing is: the share of common terms of what it defines and the thing, from
    one half on, else 0."""
    defined = candidate.defined
    if candidate.unit.kind not in ("sentence", "item") or not defined:
        return 0.0
    share = len(defined & topic) / len(defined | topic)
    return share if share >= 0.5 else 0.0


def defines(candidate: Candidate, about: frozenset[str]) -> float:
    """How exactly a candidate says what a thing is, by the thing's name, its full name or its abbreviation."""
    exact = tells(candidate, about)
    if not candidate.defined or exact == 1.0:
        return exact
    text = flat(candidate)
    match, alias = DEFINES.match(text), _ALIAS.match(text)
    full = names(match["term"], about, candidate) if match else 0.0
    return max(exact, full, names(alias["alias"], about, candidate) if alias and match and alias.start("alias") <= match.end() else 0.0)


def names(name: str, about: frozenset[str], candidate: Candidate) -> float:
    """How exactly a name is that of a thing: 1 for the same words; FULL where one of them only puts words before the other,
    and those words stand in the heading over the candidate, so that they are a part of its name and make no other thing."""
    said = [t for t in terms(name) if t not in STOPWORDS]
    own = frozenset(said)
    if not own or own == about:
        return float(bool(own))
    headed = frozenset(t for h in candidate.hit.passage.heading[-1:] for t in terms(h))
    if own ^ about <= headed and (about < own or own < about) and said[-1] in about:
        before = [t in about for t in said]
        return FULL if before == sorted(before) else 0.0
    return 0.0
