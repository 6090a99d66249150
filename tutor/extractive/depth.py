"""An explanation in, a deeper one out: more of its sections, read whole, and of others that are about the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tutor.cues import ANAPHORA, AVOIDING, BILLING, CHOOSING, EXAMPLE, MISCONCEPTION
from tutor.embed import QuestionEncoder
from tutor.extractive.candidates import Candidate
from tutor.extractive.line import WHOLE, defining
from tutor.extractive.opening import AVOIDED, CHOSEN, LABEL
from tutor.extractive.sections import Choice, Scores, about, agreed, mixed, reopened, sections, share
from tutor.extractive.select import ALIKE, alike, follows, of_another, runs, siblings, told
from tutor.extractive.subject import flat, names, tells, topic
from tutor.index import Index
from tutor.question import Query
from tutor.retrieve import Ranked, coverage
from tutor.text import terms

STATEMENTS: Final = 14
WORDS: Final = 330
SHARE: Final = 5
"""Statements that a section adds at most to those that the explanation has of it."""
LISTED: Final = 8
"""Steps or items of the longest list that is taken whole."""
OWN: Final = 0.7
"""The share of the topic in a sentence's own words where its section is about more."""
EXACT: Final = 0.75
"""How exactly a sentence says what the topic is whose whole section is taken to be about it."""
TEACHING: Final = (CHOOSING, AVOIDING, MISCONCEPTION, EXAMPLE)
"""What rounds an explanation off: when to take it, when not to, what is wrongly believed, an example."""

_REASON: Final = re.compile(r"^\W*(?P<name>.{2,60}?)\s+(?:exists?|matters?) because\b")
_LIKE: Final = re.compile(r"^\W*(?P<name>.{2,60}?)\s+(?:(?:is|are|works?|acts?|behaves?) (?:much |rather |a bit )?like|resembles?)\b")
_IS: Final = re.compile(r"^\W*(?P<name>.{2,60}?)\s*(?:\([^)]{1,40}\)\s*)?(?:is|are) (?:an?|the|one|any)\b")
_CONFUSED: Final = re.compile(r"^\W*(?P<name>.{2,60}?)\s+(?:(?:is|are) confused with|(?:has|have) nothing to do with)\b")
ONCE: Final = {"billing": BILLING, "reason": _REASON, "likeness": _LIKE, "definition": _IS}
"""Kinds of statements of which one about a thing is enough."""
_SAME: Final = re.compile(r"^(?:the|an?)\s+|\s+(?:itself|themselves)$", re.IGNORECASE)


def deep(query: Query, index: Index, ranked: Ranked, encoder: QuestionEncoder, choice: Choice) -> Choice:
    """The explanation with more of its sections, read whole, and of further ones that are about the same.

    A section about the question's topic gives what rounds it off (TEACHING) and then its best; any other one only
    sentences that name the topic themselves. Neither steps nor items come without the rest of their list, and of each
    thing there is one statement of a kind (ONCE).
    """
    taken = sections(query, index, ranked, choice)
    opened = reopened(query, index, ranked, encoder, choice, taken)
    candidates, scores = opened.candidates, opened.scores
    chosen = _seeds(query, opened)
    top = None if any(_told(query, c) for c in candidates) else agreed(index, ranked, choice)
    for section in taken:
        members = [i for i, c in enumerate(candidates) if c.hit.passage.section == section]
        added = 0
        home = section == top or (not mixed(query, section) and (about(query, section) or any(_told(query, candidates[i]) for i in members)))
        for i in _worthwhile(query, candidates, scores, members, home):
            group = _group(candidates, i, chosen)
            if added >= SHARE and len(group) < 3:
                break
            fresh = [k for k in group if k not in chosen]
            if fresh and not any(_repeats(candidates[k], candidates[c]) for k in fresh for c in chosen) and _fits(candidates, [*chosen, *fresh]):
                chosen += fresh
                added += 1
    return replace(opened, chosen=chosen)


def _seeds(query: Query, opened: Choice) -> list[int]:
    """What is kept of the explanation: no item about another thing, no part of a list, nothing said twice; and where it
    compares, what each side is."""
    candidates, found = opened.candidates, list[int]()
    fit = [i for i in opened.chosen if not of_another(query, candidates[i]) or topic(query) & candidates[i].stems] or list(opened.chosen[:1])
    for i in [*told(query, candidates, opened.scores), *fit]:
        group = _group(candidates, i, found) if candidates[i].unit.kind == "step" else [i]
        fresh = [k for k in group if k not in found]
        if fresh and (len(fresh) == 1 or _fits(candidates, [*found, *fresh])) and not any(_once(candidates[k], candidates[c]) for k in fresh for c in found):
            found += fresh
    return found or list(opened.chosen[:1])


def _repeats(one: Candidate, other: Candidate) -> bool:
    return alike(one, other) > ALIKE or _once(one, other)


def _once(one: Candidate, other: Candidate) -> bool:
    """Whether both are of a kind of which one is enough, and about the same thing."""
    for pattern in ONCE.values():
        here, there = pattern.match(LABEL.sub("", flat(one))), pattern.match(LABEL.sub("", flat(other)))
        if here and there and not (pattern is _IS and (_LIKE.match(flat(one)) or _LIKE.match(flat(other)))):
            first, second = _SAME.sub("", here["name"]), _SAME.sub("", there["name"])
            return (
                max(names(first, frozenset(terms(second)), one), names(second, frozenset(terms(first)), other), names(first, frozenset(terms(second)), other))
                > 0
            )
    return False


def _subject(candidate: Candidate) -> frozenset[str]:
    """The terms of what a sentence is about, as far as its form tells; empty where it does not."""
    text = LABEL.sub("", flat(candidate))
    avoided = AVOIDED.match(text)
    if avoided:
        return frozenset(terms(avoided["a"] or avoided["b"]))
    match = next((m for p in (_LIKE, CHOSEN, _CONFUSED, _REASON, BILLING, _IS) if (m := p.match(text))), None)
    return frozenset(terms(match["name"])) if match else frozenset()


def _elsewhere(query: Query, candidate: Candidate) -> bool:
    """Whether it is about another thing and does not name the topic."""
    asked = topic(query) | frozenset(query.expansion)
    subject = candidate.stems if candidate.unit.kind == "row" else _subject(candidate)
    return not EXAMPLE.match(candidate.text) and bool(subject) and not asked & candidate.stems


def _worthwhile(query: Query, candidates: Sequence[Candidate], scores: Scores, members: Sequence[int], home: bool) -> list[int]:
    """The members of a section that may be added, in the order in which they are tried."""
    fit = [i for i in members if not _of_kin(query, candidates[i]) and not candidates[i].text.rstrip().endswith("?") and candidates[i].unit.kind != "code"]
    if not home:
        return sorted((i for i in fit if share(query, candidates[i].stems | candidates[i].label_stems) >= OWN), key=lambda i: -scores[i])
    fit = [i for i in fit if not _elsewhere(query, candidates[i])]
    rounding = [max((i for i in fit if cue.search(flat(candidates[i]))), key=lambda i: scores[i], default=None) for cue in TEACHING]
    return list(dict.fromkeys([*(i for i in rounding if i is not None), *sorted(fit, key=lambda i: -scores[i] - 2.0 * coverage(query, candidates[i].stems))]))


def _told(query: Query, candidate: Candidate) -> bool:
    """Whether it says exactly what the topic, or one of the compared things, is."""
    return max((defining(query, candidate), *(tells(candidate, side) for side in query.side_stems))) >= EXACT


def _of_kin(query: Query, candidate: Candidate) -> bool:
    """Whether it is an item that says what something else is, though that has a word in common with the topic."""
    asked = topic(query) | frozenset(query.expansion)
    named = any(candidate.defined & side == side for side in query.side_stems)
    return of_another(query, candidate) or (
        candidate.unit.kind == "item" and not named and bool(candidate.defined - asked) and bool(topic(query) - candidate.defined)
    )


def _group(candidates: Sequence[Candidate], i: int, chosen: Sequence[int]) -> list[int]:
    """A candidate with what it cannot be read without: the sentence it refers back to, the rest of its list of steps.
    Empty where that cannot be had."""
    if candidates[i].unit.kind == "step" or (candidates[i].unit.kind == "item" and len(candidates[i].text.split()) < WHOLE):
        group = [k for k, c in enumerate(candidates) if siblings(candidates[i], c)]
        return group if len(group) <= LISTED else []
    if ANAPHORA.match(candidates[i].text):
        before = next((k for k, c in enumerate(candidates) if follows(c, candidates[i])), None)
        if before is None or (ANAPHORA.match(candidates[before].text) and before not in chosen):
            return []
        return [before, i]
    return [i]


def _fits(candidates: Sequence[Candidate], chosen: Sequence[int]) -> bool:
    return len(runs(candidates, chosen)) <= STATEMENTS and sum(len(candidates[i].text.split()) for i in chosen) <= WORDS
