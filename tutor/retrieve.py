"""A question in, passages out, best first: vectors and words of passages, and of the sections they stand in, weighed together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tutor import weights
from tutor.bert import Vectors
from tutor.cues import defined_terms
from tutor.embed import QuestionEncoder
from tutor.index import Index, Scores
from tutor.question import Query
from tutor.text import content_words, terms
from tutor.types import Hit

CANDIDATES: Final = 160
"""Passages that get the full set of features."""
FEATURES: Final = (
    "cosine",
    "cosine_share",
    "part_cosine",
    "part_words",
    "coverage",
    "text_coverage",
    "near_cosine",
    "near_words",
    "word_rank",
    "length",
    "soft_coverage",
    "defines",
    "defines_side",
    "own_cosine",
    "asked_best",
    "asked_mean",
    "asked_part",
    "section_words",
    "section_part_words",
    "section_cosine",
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows of an index in order of their scores, with the features they were scored by (rows, FEATURES)."""

    rows: tuple[int, ...]
    scores: NDArray[np.float64]
    features: NDArray[np.float64]


def rank(query: Query, index: Index, encoder: QuestionEncoder) -> Ranked:
    """Rank the passages of an index for a question."""
    if not index.passages or not query.text.strip():
        return Ranked((), np.zeros(0), np.zeros((0, len(FEATURES))))
    rows, features = candidates(query, index, encoder)
    scores = _model().scores(features)
    order = np.argsort(-scores, kind="stable")
    return Ranked(tuple(int(rows[i]) for i in order), scores[order], features[order])


@cache
def _model() -> weights.Linear:
    return weights.linear(weights.read("rank"), FEATURES)


def candidates(query: Query, index: Index, encoder: QuestionEncoder) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The passages worth a second look, and their features (candidates, FEATURES)."""
    texts = [query.text, *query.parts, *query.sides]
    vectors = encoder.asking(texts)
    dense = index.dense(vectors[0])
    own = dense[: len(index.passages)]
    cosine, asked_best = _cosines(index, dense)
    section_cosine, asked_mean = index.whole(vectors[0])
    lexical = index.lexical(query.stems) + 0.5 * index.lexical(query.expansion)
    section_words = _share(index.spoken(query.stems) + 0.5 * index.spoken(query.expansion))
    part_cosine, part_words, asked_part, section_part = _parts(query, index, vectors[1:])
    if not (query.parts or query.sides):
        part_cosine, part_words, asked_part, section_part = cosine, _share(lexical), asked_best, section_words
    by_passage = _share(own) + 0.5 * _share(lexical) + 0.5 * _share(part_cosine)
    by_section = 0.7 * _share(asked_best) + 0.5 * section_words
    fused = by_passage + by_section[index.section]
    rows = _distinct(index, np.argsort(-fused, kind="stable"))
    word_rank = np.empty(len(lexical))
    word_rank[np.argsort(-lexical, kind="stable")] = np.arange(len(lexical))
    soft = soft_coverage(query, encoder, [index.passages[r].text for r in rows])
    share, words = _share(cosine), _share(lexical)
    features = np.empty((len(rows), len(FEATURES)))
    for i, row in enumerate(rows):
        text, heading = index.terms(int(row))
        near = [n for n in (row - 1, row + 1) if 0 <= n < len(index.passages) and index.section[n] == index.section[row]]
        features[i] = (
            cosine[row],
            share[row],
            part_cosine[row],
            part_words[row],
            coverage(query, text | heading),
            coverage(query, text),
            max((share[n] for n in near), default=0.0),
            max((words[n] for n in near), default=0.0),
            1.0 / (10.0 + word_rank[row]),
            np.log1p(len(index.passages[row].text) / 4.0),
            soft[i],
            *_definitions(query, index, int(row)),
            own[row],
            asked_best[index.section[row]],
            asked_mean[index.section[row]],
            asked_part[index.section[row]],
            section_words[index.section[row]],
            section_part[index.section[row]],
            section_cosine[index.section[row]],
        )
    return rows, features


def _distinct(index: Index, order: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first CANDIDATES rows that say different words: copies of a note do not push the others out."""
    found: dict[str, int] = {}
    for row in order:
        found.setdefault(index.passages[row].text, int(row))
        if len(found) == CANDIDATES:
            break
    return np.array(list(found.values()), dtype=np.int64)


def _definitions(query: Query, index: Index, row: int) -> tuple[float, float]:
    """How much of the question's topic, and how exactly one of the compared things, a unit of the passage defines."""
    passage = index.passages[row]
    text = index.notes[passage.note].text
    topic = {t.stem: t.weight for t in query.terms if t.weight > 0.2}
    total = sum(t.weight for t in query.terms) or 1.0
    whole = side = 0.0
    for unit in passage.units:
        defined = defined_terms(text[unit.start : unit.end])
        if 0 < len(defined) <= 12:
            shared = [s for s in defined if s in topic]
            whole = max(whole, len(shared) / len(defined) * sum(topic[s] for s in shared) / total)
            side = max(side, max((len(defined & s) / len(defined | s) for s in query.side_stems), default=0.0))
    return whole, side


def _parts(query: Query, index: Index, vectors: Vectors) -> tuple[Scores, Scores, Scores, Scores]:
    """The best that any part or side of the question gives: cosine and share of BM25 for each passage, cosine of a
    phrasing and share of BM25 for each section."""
    size, sections = len(index.passages), index.sections
    cosine, words = np.zeros(size, dtype=np.float32), np.zeros(size, dtype=np.float32)
    asked, spoken = np.zeros(sections, dtype=np.float32), np.zeros(sections, dtype=np.float32)
    for text, vector in zip((*query.parts, *query.sides), vectors, strict=True):
        by_passage, by_section = _cosines(index, index.dense(vector))
        cosine, asked = np.maximum(cosine, by_passage), np.maximum(asked, by_section)
        stems = list(dict.fromkeys(t for w in content_words(text) for t in terms(w)))
        words = np.maximum(words, _share(index.lexical(stems)))
        spoken = np.maximum(spoken, _share(index.spoken(stems)))
    return cosine, words, asked, spoken


def _cosines(index: Index, dense: Scores) -> tuple[Scores, Scores]:
    """The passages' cosines, to which a phrasing of their section lends its own; and for each section the mean of its
    two best phrasings' cosines, 0 where it has none."""
    best, second = index.asked(dense[len(index.passages) :])
    passages = np.maximum(dense[: len(index.passages)], 0.95 * best[index.section])
    return np.asarray(passages), np.asarray((best + second) / 2)


def _share(scores: Scores) -> Scores:
    return np.asarray(scores / max(float(scores.max(initial=0.0)), 1e-9))


def coverage(query: Query, found: frozenset[str] | set[str]) -> float:
    """The share of the question's terms, by weight, that are among the found ones: 0 to 1."""
    total = sum(t.weight for t in query.terms)
    return sum(t.weight for t in query.terms if t.stem in found) / total if total else 0.0


def soft_coverage(query: Query, encoder: QuestionEncoder, texts: Sequence[str]) -> NDArray[np.float64]:
    """For each text, how near on average it comes to the topic words of the question, shape (texts,)."""
    asked = list(dict.fromkeys(content_words(query.text)))
    return encoder.nearness(asked, texts).mean(axis=1, dtype=np.float64) if asked else np.zeros(len(texts))


def search(ranked: Ranked, index: Index, k: int) -> list[Hit]:
    """The k best passages; those of the same words are one hit, which names the other notes that say them."""
    best = [(index.passages[row], float(score)) for row, score in zip(ranked.rows[: max(0, k)], ranked.scores[: max(0, k)], strict=True)]
    return [Hit(p, score, tuple(dict.fromkeys(n for n in index.notes_of(p.text) if n != p.note))) for p, score in best]
