"""A question in, passages out, best first: vectors and words fused by fitted weights, then packed to a budget of tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tutor import weights
from tutor.cues import defined_terms
from tutor.embed import QuestionEncoder, Vectors
from tutor.index import Index, Scores
from tutor.question import Query
from tutor.text import content_words, fold, terms
from tutor.types import Hit

CANDIDATES: Final = 80
"""Passages that get the full set of features."""
BUDGET: Final = 1500

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
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows of an index in order of their scores, with the features they were scored by (rows, FEATURES)."""

    rows: tuple[int, ...]
    scores: NDArray[np.float64]
    features: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answer is drafted from: the packed passages, and the ranking they were packed from."""

    hits: tuple[Hit, ...]
    ranked: Ranked


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
    vectors = encoder(texts)
    cosine = _passages(index, index.dense(vectors[0]))
    lexical = _passages(index, index.lexical(query.stems) + 0.5 * index.lexical(query.expansion))
    part_cosine, part_words = _parts(query, index, vectors[1:])
    if not (query.parts or query.sides):
        part_cosine, part_words = cosine, _share(lexical)
    fused = 0.6 * _share(cosine) + 0.4 * _share(lexical) + 0.15 * (_share(part_cosine) + part_words)
    rows = _distinct(index, np.argsort(-fused, kind="stable"))
    word_rank = np.empty(len(lexical))
    word_rank[np.argsort(-lexical, kind="stable")] = np.arange(len(lexical))
    soft = soft_coverage(query, encoder, [index.passages[r].text for r in rows])
    share, words = _share(cosine), _share(lexical)
    features = np.empty((len(rows), len(FEATURES)))
    for i, row in enumerate(rows):
        text, heading = index.terms(int(row))
        near = [n for n in (row - 1, row + 1) if 0 <= n < len(index.passages) and _same_section(index, n, row)]
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


def _parts(query: Query, index: Index, vectors: Vectors) -> tuple[Scores, Scores]:
    """The best cosine and the best share of BM25 that any part or side of the question gives each passage."""
    size = len(index.passages)
    cosine, words = np.zeros(size, dtype=np.float32), np.zeros(size, dtype=np.float32)
    for text, vector in zip((*query.parts, *query.sides), vectors, strict=True):
        cosine = np.maximum(cosine, _passages(index, index.dense(vector)))
        stems = dict.fromkeys(t for w in content_words(text) for t in terms(w))
        words = np.maximum(words, _share(_passages(index, index.lexical(stems))))
    return cosine, words


def _passages(index: Index, scores: Scores) -> Scores:
    """Scores of the passages alone; a learner's phrasing lends its score to the passages of its section."""
    size = len(index.passages)
    own = scores[:size].copy()
    for key, score in zip(index.keys, scores[size:], strict=True):
        at = list(key.passages)
        own[at] = np.maximum(own[at], score * 0.95)
    return own


def _share(scores: Scores) -> Scores:
    return np.asarray(scores / max(float(scores.max(initial=0.0)), 1e-9))


def _same_section(index: Index, a: int, b: int) -> bool:
    one, two = index.passages[a], index.passages[b]
    return one.note == two.note and one.heading == two.heading


def coverage(query: Query, found: frozenset[str] | set[str]) -> float:
    """The share of the question's terms, by weight, that are among the found ones: 0 to 1."""
    total = sum(t.weight for t in query.terms)
    return sum(t.weight for t in query.terms if t.stem in found) / total if total else 0.0


def soft_coverage(query: Query, encoder: QuestionEncoder, texts: Sequence[str]) -> NDArray[np.float64]:
    """For each text, how near on average it comes to the topic words of the question, shape (texts,)."""
    asked = list(dict.fromkeys(content_words(query.text)))
    return encoder.nearness(asked, texts).mean(axis=1, dtype=np.float64) if asked else np.zeros(len(texts))


def search(ranked: Ranked, index: Index, k: int) -> list[Hit]:
    """The k best passages."""
    return [Hit(index.passages[row], float(score)) for row, score in zip(ranked.rows[: max(0, k)], ranked.scores[: max(0, k)], strict=True)]


def pack(ranked: Ranked, index: Index, max_tokens: int) -> list[Hit]:
    """The best passages whose texts fit together into `max_tokens`; those that say the same words are one hit, which
    names every note that says them."""
    kept: dict[str, tuple[int, float]] = {}
    also: dict[str, list[str]] = {}
    left = max_tokens
    for row, score in zip(ranked.rows, ranked.scores, strict=True):
        passage = index.passages[row]
        same = fold(passage.text)
        if same in kept:
            also.setdefault(same, []).append(passage.note)
        elif passage.tokens <= left:
            kept[same] = (row, float(score))
            also[same] = [note for note in index.notes_of(passage.text) if note != passage.note]
            left -= passage.tokens
    return [Hit(index.passages[row], score, tuple(dict.fromkeys(also.get(same, ())))) for same, (row, score) in kept.items()]
