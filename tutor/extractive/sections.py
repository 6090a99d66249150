"""An explanation and the ranking behind it in, out the whole sections that it draws on and those that are about the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tutor.embed import QuestionEncoder
from tutor.extractive.candidates import Candidate, collect, features
from tutor.extractive.select import model
from tutor.extractive.subject import topic
from tutor.index import Index
from tutor.question import Query
from tutor.retrieve import Ranked
from tutor.text import content_words, terms
from tutor.types import Hit

SECTIONS: Final = 5
WITHIN: Final = 5.0
"""How far below the best passage's score the best one of a further section may lie that is about the topic by its heading."""
CLOSE: Final = 2.0
"""The same of any other section."""
ABOUT: Final = 0.65
"""The share of the question's topic in its heading from which on a section is about it."""
MIXED: Final = 0.5
"""The share of the topic in a heading's own words below which the section is about other things as well."""

Section = tuple[str, tuple[str, ...]]
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """Candidates with their scores, and the places of the chosen ones, best first."""

    candidates: Sequence[Candidate]
    scores: Scores
    chosen: Sequence[int]


def reopened(query: Query, index: Index, ranked: Ranked, encoder: QuestionEncoder, choice: Choice, taken: Sequence[Section]) -> Choice:
    """The candidates of whole sections, with the same ones chosen."""
    candidates = collect(list(whole_sections(index, ranked, taken)), index.notes)
    scores = model().scores(features(query, candidates, encoder))
    place = {(c.hit.passage.note, c.unit.start): i for i, c in enumerate(candidates)}
    keys = [(choice.candidates[i].hit.passage.note, choice.candidates[i].unit.start) for i in choice.chosen]
    return Choice(candidates, scores, [place[key] for key in keys if key in place])


def own_sections(choice: Choice) -> list[Section]:
    """The sections of an explanation, best first."""
    return list(dict.fromkeys(choice.candidates[i].hit.passage.section for i in choice.chosen))


def agreed(index: Index, ranked: Ranked, choice: Choice) -> Section | None:
    """The section that holds both the best passage and the lead: what a question in everyday words is about."""
    lead = choice.candidates[choice.chosen[0]].hit.passage.section
    return lead if ranked.rows and index.passages[ranked.rows[0]].section == lead else None


def sections(query: Query, index: Index, ranked: Ranked, choice: Choice) -> list[Section]:
    """The sections of an explanation, then the best further ones that are about its question's topic."""
    own = own_sections(choice)
    best: dict[Section, float] = {}
    for row, score in zip(ranked.rows, ranked.scores, strict=True):
        best.setdefault(index.passages[row].section, float(score))
    top = max(best.values(), default=0.0)
    further = [s for s, score in best.items() if s not in own and score >= top - (WITHIN if about(query, s) else CLOSE)]
    return [*own, *further[: max(0, SECTIONS - len(own))]]


def whole_sections(index: Index, ranked: Ranked, taken: Sequence[Section]) -> Iterator[Hit]:
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


def about(query: Query, section: Section) -> bool:
    """Whether a section's own heading names the topic of the question, or one of the things it compares."""
    headed = {t for h in section[1][-1:] for t in terms(h)}
    if query.side_stems:
        return any(half(frozenset(headed), side) for side in query.side_stems)
    return share(query, headed) >= ABOUT


def share(query: Query, found: frozenset[str] | set[str]) -> float:
    """The share of the question's topic among the found terms: the mean of that by weight and that by number, so that
    one rare term of several does not stand for all."""
    terms_of = [t for t in query.terms if not t.generic]
    total = sum(t.weight for t in terms_of)
    there = [t for t in terms_of if t.stem in found]
    return (sum(t.weight for t in there) / total + len(there) / len(terms_of)) / 2 if total else 0.0


def half(stems: frozenset[str], side: frozenset[str]) -> bool:
    """Whether at least half of a compared thing's terms are among the stems."""
    return len(stems & side) * 2 >= len(side)


def mixed(query: Query, section: Section) -> bool:
    """Whether a section's heading names other things than the topic for the greater part."""
    headed = frozenset(t for h in section[1][-1:] for w in content_words(h) for t in terms(w))
    return len(headed & (topic(query) | frozenset(query.expansion))) < MIXED * len(headed)
