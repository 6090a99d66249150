"""A question's key points and an attempt in, numbers for each point out that tell whether it is said, and whether its
contrary is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tutor.bert import Vectors
from tutor.grading import meaning, pieces, roles, wording
from tutor.grading.contrast import bindings, copies, turns
from tutor.grading.known import Known
from tutor.grading.meaning import Floats, Meaning, Reader
from tutor.grading.pieces import Attempt
from tutor.ground.facts import LONGEST, Reading, read
from tutor.ground.overlap import Evidence, gather
from tutor.ground.rules import RULES
from tutor.ground.score import FEATURES as GROUND
from tutor.ground.score import features as ground_features
from tutor.ground.verdict import breaches, prepare
from tutor.text import sentences
from tutor.types import Span

_SHARED: Final = tuple("covered covered_lent worst_clause best_quote pairs near_pairs fragments density longest common common_content".split())
_LACKING: Final = tuple("novel numbers_missed names_missed denials_more denials_less opposed exchanged substituted mixed rules".split())
_MEANING: Final = tuple(
    """cosine window_cosine over_question over_rival over_denial reference_cosine whole_point whole_reference recall recall_low recall_new recall_new_low
    recall_here recall_here_low precision precision_low precision_wide precision_wide_low near_new near_new_low""".split()
)
_SAID: Final = tuple("known new_known exact_new clause_overlap head_here head_around tail_here bound copy_kept".split())
_AGAINST: Final = tuple(
    """rival_here swapped foreign_tail numbers_gone numbers_other numbers_elsewhere opposites opposites_wide turned copy_replaced copy_replaced_told
    copy_split contrary others_contrary""".split()
)
_ASIDE: Final = tuple("rival window_question point_question copy_dropped".split())
_NEUTRAL: Final = tuple("parity copied others_cosine others_new_known others_recall_new".split())
_WAYS: Final = ("in", "out")
"""The check of sentences, both ways: of the point by the attempt, and of the attempt's window by the notes."""
FEATURES: Final = (*_MEANING, *_SAID, *_AGAINST, *_ASIDE, *_NEUTRAL, *(f"{way}_{n}" for way in _WAYS for n in (*_SHARED, *_LACKING, *RULES)))
SIGNS: Final = dict.fromkeys((*_MEANING, *_SAID, *(f"{way}_{n}" for way in _WAYS for n in _SHARED)), 1) | dict.fromkeys(
    (*_AGAINST, *_ASIDE, *(f"{way}_{n}" for way in _WAYS for n in (*_LACKING, *RULES))), -1
)
"""Which way a number may count towards a point's being said. The attempt's length, style and number of clauses are none of
them: by these a fit learns to tell our kinds of attempts apart, and pays for many words."""
CONTRARY: Final = dict.fromkeys(
    (
        *_AGAINST,
        *(f"{way}_{n}" for way in _WAYS for n in ("rules", "opposed", "exchanged", "mixed", "denials_more")),
        *(f"{way}_{n}" for way in _WAYS for n in ("number", "unit", "sign", "negation", "antonym", "order")),
    ),
    1,
)
"""The same towards its contrary's being said."""
_TURNING: Final = ("number", "negation", "antonym", "order")
SIZE: Final = 0.0002
"""What a character of a window counts against it, so that the shortest one of those alike is taken."""


@dataclass(frozen=True, slots=True)
class Row:
    """A point's numbers by name, and the stretch of the attempt that bears on it most."""

    values: dict[str, float]
    window: Span


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """An attempt as read beside a question: its windows with their cosines to each point (a column) and to the question."""

    attempt: Attempt
    meaning: Meaning
    windows: list[Span]
    vectors: Vectors
    cosines: Floats
    asked: Floats
    reading: Reading
    evidence: Evidence
    near: dict[str, float]

    def words(self, span: Span) -> Reading:
        return read(self.attempt.text[span[0] : span[1]][:LONGEST])


def rows(known: Known, text: str, reader: Reader) -> list[Row]:
    """The numbers of each point, in the points' order, for an attempt that has a word at least."""
    said = _read(known, text, reader)
    kept, fate = roles.changes(read(known.reference[:LONGEST]), said.reading)
    made = [_row(known, said, at) for at in range(len(known.points))]
    for at, row in enumerate(made):
        row.values.update(copies(known, at, fate), copied=kept, whole_reference=float(said.meaning.whole() @ known.whole.whole()))
        others = [r.values for n, r in enumerate(made) if n != at] or [row.values]
        for name in ("cosine", "new_known", "recall_new", "contrary"):
            row.values[f"others_{name}"] = float(np.mean([o[name] for o in others]))
    return made


def row(values: dict[str, float]) -> Floats:
    """A point's numbers in the order of FEATURES."""
    return np.array([values[name] for name in FEATURES])


def _read(known: Known, text: str, reader: Reader) -> _Said:
    attempt, held = pieces.read(text), meaning.read(text, reader)
    windows = attempt.windows()
    vectors = np.stack([held.vector(w) for w in windows])
    words = sorted({w for r in known.readings for w, c in zip(r.words, r.content, strict=True) if c})
    near = dict(zip(words, reader.nearness(words, [text])[0].tolist(), strict=True))
    cosines = np.asarray(vectors @ np.stack([p.whole() for p in known.points]).T, dtype=np.float64)
    asked = np.asarray(vectors @ known.question.whole(), dtype=np.float64)
    evidence = gather(tuple(text[a:b][:LONGEST] for a, b in sentences(text)), (), known.asked)
    return _Said(attempt, held, windows, vectors, cosines, asked, read(text[:LONGEST]), evidence, near)


def _row(known: Known, said: _Said, at: int) -> Row:
    point = known.readings[at]
    marks, new = wording.strengths(point, said.evidence), wording.fresh(point, known.given)
    content = [i for i, c in enumerate(point.content) if c]
    fresh = [i for i in content if new[i]] or content
    wanted = {point.stems[i] for i in fresh}
    met = np.array([len(wanted & set(said.words(w).stems)) for w in said.windows]) / max(1, len(wanted))
    scores = said.cosines[:, at] + 0.5 * met - SIZE * np.array([b - a for a, b in said.windows])
    best = int(np.argmax(scores))
    window = said.windows[best]
    inner = [i for i, w in enumerate(said.windows) if w in said.attempt.clauses and window[0] <= w[0] and w[1] <= window[1]]
    clause = said.windows[max(inner, key=lambda i: float(scores[i]))]
    near = sorted(said.near[point.words[i]] for i in fresh) or [0.0]
    values = {
        "known": sum(marks[i] for i in content) / max(1, len(content)),
        "new_known": sum(marks[i] for i in fresh) / max(1, len(fresh)),
        "exact_new": sum(marks[i] == 1 for i in fresh) / max(1, len(fresh)),
        "near_new": sum(near) / len(near),
        "near_new_low": sum(near[: max(1, len(near) // 3)]) / max(1, len(near) // 3),
    }
    values |= _meanings(known, said, at, best, frozenset(point.words[i] for i in fresh))
    values |= _checks(known, said, at, window)
    values |= turns(known, at, said.words(window), said.words(clause), said.reading)
    values |= bindings(known, at, said.words(window), said.words(said.attempt.around(window)), [said.words(c) for c in said.attempt.clauses])
    return Row(values, window)


def _meanings(known: Known, said: _Said, at: int, best: int, fresh: frozenset[str]) -> dict[str, float]:
    """Cosines of the best window, and how well the pieces of point and window meet each other."""
    point, held, window = known.points[at], said.meaning, said.windows[best]
    own, vector = point.whole(), said.vectors[best]
    rival = float(np.delete(said.cosines[best], at).max()) if len(known.points) > 1 else 0.0
    weights = point.weighing(fresh)
    part = max((known.whole.vector(p) for p in known.parts), key=lambda v: float(v @ own))
    inside = held.weights * ((held.spans[:, 0] >= window[0]) & (held.spans[:, 1] <= window[1]))
    pairs = {
        "recall": meaning.recall(point, held, point.weights),
        "recall_new": meaning.recall(point, held, weights),
        "recall_here": meaning.recall(point, held, weights, window),
        "precision": meaning.recall(held, point, inside),
        "precision_wide": meaning.recall(held, known.whole, inside),
    }
    cosine = float(said.cosines[best, at])
    return {
        "cosine": float(said.cosines[:, at].max()),
        "window_cosine": cosine,
        "window_question": float(said.asked[best]),
        "over_question": cosine - float(said.asked[best]),
        "point_question": float(own @ known.question.whole()),
        "over_rival": cosine - rival,
        "rival": rival,
        "over_denial": cosine - float(vector @ known.denied[at].whole()),
        "reference_cosine": float(vector @ part),
        "whole_point": float(held.whole() @ own),
        **{name: mean for name, (mean, _) in pairs.items()},
        **{f"{name}_low": low for name, (_, low) in pairs.items()},
    }


def _checks(known: Known, said: _Said, at: int, window: Span) -> dict[str, float]:
    """Whether the attempt holds the point, and whether the notes hold what it says there."""
    text, point = said.attempt.text, known.texts[at]
    made = _check("in", point, tuple(text[a:b][:LONGEST] for a, b in sentences(text)), known.asked)
    made |= _check("out", text[window[0] : window[1]], (point, known.reference), known.asked)
    return made | {"contrary": float(any(made[f"out_{rule}"] for rule in _TURNING))}


def _check(way: str, sentence: str, quotes: Sequence[str], question: str) -> dict[str, float]:
    case = prepare(sentence, quotes, question)
    broken = breaches(case)
    found = dict(zip(GROUND, ground_features(case, broken).tolist(), strict=True))
    return {f"{way}_{n}": float(found[n]) for n in (*_SHARED, *_LACKING)} | {f"{way}_{rule}": float(rule in broken) for rule in RULES}
