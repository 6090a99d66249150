"""The statements of an explanation in, those of a shorter or a deeper one out, and the likeness that the notes draw."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tutor.cues import ANALOGY, ANAPHORA, AVOIDING, CHOOSING, CONTRAST, EXAMPLE, MISCONCEPTION, REASON
from tutor.embed import QuestionEncoder
from tutor.extractive.candidates import Candidate, collect, features
from tutor.extractive.select import ALIKE, alike, follows, model, of_another, runs, siblings, tells, told
from tutor.index import Index
from tutor.question import Query
from tutor.retrieve import Ranked, coverage
from tutor.text import terms
from tutor.types import Hit

LINE: Final = 40
"""Words of the longest sentence that is read as one line."""
NEAR: Final = 1.0
"""How far below the best score a sentence may lie that is taken for the line though the explanation passed it over."""

FAR: Final = 5.0
"""The same of one that says what the question's topic is, where that is asked."""
WHOLE: Final = 8
"""Words from which on a list's item is a sentence of its own."""
STATEMENTS: Final = 14
SECTIONS: Final = 5
WORDS: Final = 330
SHARE: Final = 5
"""Statements that a section adds at most to those that the explanation has of it."""
LISTED: Final = 8
"""Steps or items of the longest list that is taken whole."""
WITHIN: Final = 5.0
"""How far below the best passage's score the best one of a further section may lie that is about the topic by its heading."""
CLOSE: Final = 2.0
"""The same of any other section."""
ABOUT: Final = 0.65
"""The share of the question's topic in its heading from which on a section is about it."""
OWN: Final = 0.7
"""The same of a sentence's own words where its section is about more."""
EXACT: Final = 0.75
"""How exactly a sentence says what the topic is whose whole section is taken to be about it."""
NAMED: Final = 0.8
"""The share of the topic that a likeness outside its section names at least."""
PLACES: Final = 12
"""Passages, best first, in whose sections a likeness is looked for."""

TEACHING: Final = (CHOOSING, AVOIDING, MISCONCEPTION, EXAMPLE)
"""What rounds an explanation off: when to take it, when not to, what is wrongly believed, an example."""

Section = tuple[str, tuple[str, ...]]
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """Candidates with their scores, and the places of the chosen ones, best first."""

    candidates: Sequence[Candidate]
    scores: Scores
    chosen: Sequence[int]


def line(query: Query, index: Index, ranked: Ranked, encoder: QuestionEncoder, choice: Choice) -> Choice:
    """The one candidate that answers best by itself, out of the whole sections of an explanation; of a comparison the one
    that tells the difference, else one a side."""
    own = _own(choice)
    near = _sections(query, index, ranked, choice) if query.defining else own
    opened = _opened(query, index, ranked, encoder, choice, [*own[:1], *(s for s in near if s != own[0] and _about(query, s))])
    return replace(opened, chosen=_best(query, opened))


def _best(query: Query, choice: Choice) -> list[int]:
    candidates, scores = choice.candidates, choice.scores
    first = choice.chosen[0]
    if query.kind in ("how", "list") and candidates[first].unit.kind == "step":
        return [min((i for i in choice.chosen if siblings(candidates[first], candidates[i])), key=lambda i: candidates[i].unit.start)]
    best = float(scores.max(initial=0.0))
    pool = [
        i
        for i, c in enumerate(candidates)
        if i in choice.chosen or scores[i] >= best - (FAR if _wanted(query, c) else NEAR if c.unit.kind == "sentence" else 0)
    ]
    if query.kind == "compare" and query.side_stems:
        both = [
            i
            for i in pool
            if CONTRAST.search(_flat(candidates[i])) and _readable(candidates[i]) and all(_half(candidates[i].stems, side) for side in query.side_stems)
        ]
        if both:
            return [max(both, key=lambda i: scores[i])]
        sides = [i for i in dict.fromkeys(told(query, candidates, scores)) if len(candidates[i].text.split()) <= LINE]
        if len(sides) > 1:
            return sides
    return [max(pool, key=lambda i: (scores[i] + _alone(query, candidates[i]), -i))]


def _wanted(query: Query, candidate: Candidate) -> bool:
    """Whether it says what a thing is, where that is asked, or when to choose it."""
    return (query.defining and _defines(query, candidate) > 0) or bool(
        _WHEN.search(query.text) and CHOOSING.search(_flat(candidate)) and topic(query) & candidate.stems
    )


def _half(stems: frozenset[str], side: frozenset[str]) -> bool:
    return len(stems & side) * 2 >= len(side)


def _flat(candidate: Candidate) -> str:
    """Its words in one line: notes are wrapped, and the cues look for words with a space between them."""
    return " ".join(candidate.text.split())


def _readable(candidate: Candidate) -> bool:
    length = len(candidate.text.split())
    whole = candidate.unit.kind == "sentence" or (candidate.unit.kind == "item" and length >= WHOLE)
    return whole and not ANAPHORA.match(candidate.text) and length <= LINE


def _alone(query: Query, candidate: Candidate) -> float:
    """What reading alone gains a candidate, on the scale of the selector's scores."""
    text, kind = _flat(candidate), candidate.unit.kind
    confusion = query.kind != "claim" and bool(MISCONCEPTION.search(text))
    defines = 0.0 if confusion else _defines(query, candidate)
    value = 2.0 * coverage(query, candidate.stems) - 1.5 * (not _readable(candidate) and not defines)
    value -= 1.5 * (kind in ("step", "row", "code")) + 0.75 * (kind == "item") + 0.5 * text.startswith(("*", "`"))
    value -= 3.0 * confusion + 3.0 * bool(ANALOGY.search(text)) + 1.5 * bool(EXAMPLE.match(text)) + 3.0 * text.rstrip().endswith("?")
    value -= 2.0 * (len(text.split()) > LINE) + 2.0 * (query.kind == "number" and not any(c.isdigit() for c in text))
    value += (2.0 * bool(CHOOSING.search(text)) or 1.5 * bool(REASON.search(text))) * bool(_WHEN.search(query.text))
    return value + 5.0 * defines * (1.0 if query.defining else -1.0 if _DOING.search(query.text) else 0.0)


_WHEN: Final = re.compile(r"\bwhen (?:should|would|do|to|can|is)\b", re.IGNORECASE)
_DOING: Final = re.compile(r"\bhow (?:(?:do|can|could|should|would) (?:i|we|you)|to)\b", re.IGNORECASE)


def _defines(query: Query, candidate: Candidate) -> float:
    """How exactly a candidate says what the question's topic is, by its name or by what its abbreviation stands for."""
    return max(tells(candidate, topic(query)), tells(candidate, topic(query) | frozenset(query.expansion)))


def topic(query: Query) -> frozenset[str]:
    """The search terms that a question is about."""
    return frozenset(t.stem for t in query.terms if not t.generic) or frozenset(query.stems)


def deep(query: Query, index: Index, ranked: Ranked, encoder: QuestionEncoder, choice: Choice) -> Choice:
    """The explanation with more of its sections, read whole, and of further ones that are about the same.

    A section about the question's topic gives what rounds it off (TEACHING) and then its best; any other one only
    sentences that name the topic themselves. Neither steps nor items come without the rest of their list.
    """
    taken = _sections(query, index, ranked, choice)
    opened = _opened(query, index, ranked, encoder, choice, taken)
    candidates, scores, seeds = opened.candidates, opened.scores, opened.chosen
    chosen = [i for i in seeds if not of_another(query, candidates[i]) or topic(query) & candidates[i].stems] or list(seeds[:1])
    top = _agreed(index, ranked, choice)
    for section in taken:
        members = [i for i, c in enumerate(candidates) if c.hit.passage.section == section]
        added = 0
        about = section == top or _about(query, section) or any(_told(query, candidates[i]) for i in members)
        for i in _worthwhile(query, candidates, scores, members, about):
            group = _group(candidates, i, chosen)
            if added >= SHARE and len(group) < 3:
                break
            fresh = [k for k in group if k not in chosen]
            if fresh and not any(alike(candidates[k], candidates[c]) > ALIKE for k in fresh for c in chosen) and _fits(candidates, [*chosen, *fresh]):
                chosen += fresh
                added += 1
    return replace(opened, chosen=chosen)


def _opened(query: Query, index: Index, ranked: Ranked, encoder: QuestionEncoder, choice: Choice, taken: Sequence[Section]) -> Choice:
    """The candidates of whole sections, with the same ones chosen."""
    candidates = collect(list(_whole(index, ranked, taken)), index.notes)
    scores = model().scores(features(query, candidates, encoder))
    place = {(c.hit.passage.note, c.unit.start): i for i, c in enumerate(candidates)}
    keys = [(choice.candidates[i].hit.passage.note, choice.candidates[i].unit.start) for i in choice.chosen]
    return Choice(candidates, scores, [place[key] for key in keys if key in place])


def _own(choice: Choice) -> list[Section]:
    """The sections of an explanation, best first."""
    return list(dict.fromkeys(choice.candidates[i].hit.passage.section for i in choice.chosen))


def _agreed(index: Index, ranked: Ranked, choice: Choice) -> Section | None:
    """The section that holds both the best passage and the lead: what a question in everyday words is about."""
    lead = choice.candidates[choice.chosen[0]].hit.passage.section
    return lead if ranked.rows and index.passages[ranked.rows[0]].section == lead else None


def _sections(query: Query, index: Index, ranked: Ranked, choice: Choice) -> list[Section]:
    """The sections of an explanation, then the best further ones that are about its question's topic."""
    own = _own(choice)
    best: dict[Section, float] = {}
    for row, score in zip(ranked.rows, ranked.scores, strict=True):
        best.setdefault(index.passages[row].section, float(score))
    top = max(best.values(), default=0.0)
    further = [s for s, score in best.items() if s not in own and score >= top - (WITHIN if _about(query, s) else CLOSE)]
    return [*own, *further[: max(0, SECTIONS - len(own))]]


def _whole(index: Index, ranked: Ranked, taken: Sequence[Section]) -> Iterator[Hit]:
    """The passages of the sections, whole and in order; one that was not ranked has the last one's score."""
    score = {row: float(s) for row, s in zip(ranked.rows, ranked.scores, strict=True)}
    least = min(score.values(), default=0.0)
    rows: dict[Section, list[int]] = {section: [] for section in taken}
    for row, passage in enumerate(index.passages):
        if passage.section in rows:
            rows[passage.section].append(row)
    for row in (r for section in taken for r in rows[section]):
        passage = index.passages[row]
        yield Hit(passage, score.get(row, least), tuple(n for n in index.notes_of(passage.text) if n != passage.note))


def _about(query: Query, section: Section) -> bool:
    """Whether a section's own heading names the topic of the question, or one of the things it compares."""
    headed = {t for h in section[1][-1:] for t in terms(h)}
    if query.side_stems:
        return any(_half(frozenset(headed), side) for side in query.side_stems)
    return _share(query, headed) >= ABOUT


def _share(query: Query, found: frozenset[str] | set[str]) -> float:
    """The share of the question's topic among the found terms: the mean of that by weight and that by number, so that
    one rare term of several does not stand for all."""
    terms_of = [t for t in query.terms if not t.generic]
    total = sum(t.weight for t in terms_of)
    there = [t for t in terms_of if t.stem in found]
    return (sum(t.weight for t in there) / total + len(there) / len(terms_of)) / 2 if total else 0.0


def _worthwhile(query: Query, candidates: Sequence[Candidate], scores: Scores, members: Sequence[int], about: bool) -> list[int]:
    """The members of a section that may be added, in the order in which they are tried."""
    fit = [i for i in members if not _of_kin(query, candidates[i]) and not candidates[i].text.rstrip().endswith("?") and candidates[i].unit.kind != "code"]
    if not about:
        return sorted((i for i in fit if _share(query, candidates[i].stems | candidates[i].label_stems) >= OWN), key=lambda i: -scores[i])
    rounding = [max((i for i in fit if cue.search(_flat(candidates[i]))), key=lambda i: scores[i], default=None) for cue in TEACHING]
    return list(dict.fromkeys([*(i for i in rounding if i is not None), *sorted(fit, key=lambda i: -scores[i] - 2.0 * coverage(query, candidates[i].stems))]))


def _told(query: Query, candidate: Candidate) -> bool:
    """Whether it says exactly what the topic, or one of the compared things, is."""
    return max((_defines(query, candidate), *(tells(candidate, side) for side in query.side_stems))) >= EXACT


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


_LIKENESS: Final = re.compile(r"\b(?:is|are|works?|acts?|behaves?) (?:much |rather |a bit )?like\b|\bresembles?\b", re.IGNORECASE)


def likeness(query: Query, index: Index, ranked: Ranked, choice: Choice) -> Candidate | None:
    """What the notes liken the question's topic to: in a section of the explanation, else in one of the best sections."""
    own = _own(choice)
    near = list(dict.fromkeys([*own, *(index.passages[row].section for row in ranked.rows[:PLACES])]))
    asked = topic(query)
    lead = choice.candidates[choice.chosen[0]]
    homes = {*own, *[s for s in near if _about(query, s)][:1]}
    top = _agreed(index, ranked, choice)
    best: tuple[float, Candidate] | None = None
    for candidate in collect(list(_whole(index, ranked, near)), index.notes):
        match = ANALOGY.search(_flat(candidate))
        if match is None or len(candidate.text.split()) > LINE + 20:
            continue
        section = candidate.hit.passage.section
        home = section in homes and _about(query, section)
        value = _likened(query, asked, candidate, match, home)
        if section == top and frozenset(terms(_flat(candidate)[: match.start()])) & (lead.defined or lead.heading_stems):
            value = max(value, OWN)
        if value > 0:
            value += 0.5 * (section == lead.hit.passage.section) + 0.25 * (section in own)
            best = max(best or (value, candidate), (value, candidate), key=lambda pair: pair[0])
    return best[1] if best else None


def _likened(query: Query, asked: frozenset[str], candidate: Candidate, match: re.Match[str], home: bool) -> float:
    """How much of the topic it is that a sentence likens to something: 0 where that is another thing. In a section about the
    topic any part of it will do; elsewhere nearly all of it has to be named."""
    before = frozenset(terms(_flat(candidate)[: match.start()])) if _LIKENESS.match(match.group()) else candidate.stems
    if ANAPHORA.match(candidate.text):
        before |= candidate.heading_stems
    shared = max((len(before & side) / len(side) for side in query.side_stems if side), default=coverage(query, before & asked))
    exact = len(before & asked) / max(1, len(before | asked))
    return shared + exact if shared >= (0.1 if home else NAMED) else 0.0
