"""Passages in, quotable units with their features out: what a good answer sentence looks like, as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tutor.cues import (
    ANALOGY,
    ANAPHORA,
    ANSWERS,
    AVOIDING,
    CHOOSING,
    CONTRAST,
    DENIAL,
    EXAMPLE,
    FORMULA,
    MARKUP,
    MISCONCEPTION,
    NAME,
    PICTURE,
    REASON,
    STEP,
    VERB,
    defined_terms,
)
from tutor.embed import QuestionEncoder
from tutor.question import Query
from tutor.retrieve import coverage, soft_coverage
from tutor.text import terms
from tutor.types import Hit, Note, Unit

FEATURES: Final = (
    "passage_rank", "passage_score", "coverage", "full_coverage", "label_coverage", "heading_asked", "start_coverage",
    "pairs", "defines", "defines_asked", "defines_side", "ends_open", "example", "answers", "anaphora", "length",
    "next_coverage", "previous_coverage", "rarest", "sentence", "item", "step", "row", "code", "step_asked",
    "item_asked", "number_asked", "number_unasked", "formula", "contrast", "choosing", "reason", "denial", "side_most",
    "side_least", "part_most", "soft", "passage_soft", "names_asked", "is_heading", "fragment",
    "analogy", "misconception", "misconception_asked", "avoiding", "avoiding_asked",
    "score_below", "score_weighs", "section_below", "section_units", "section_rank", "defines_other", "defines_other_asked",
)  # fmt: skip

LONGEST: Final = 60
"""Words above which a unit is no readable statement."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A quotable unit of a passage. `text` and `label` are verbatim; `stems` the search terms of the text."""

    hit: Hit
    unit: Unit
    text: str
    label: str
    stems: frozenset[str]
    label_stems: frozenset[str]
    heading_stems: frozenset[str]
    sequence: tuple[str, ...]
    """The search terms of the text in order."""
    order: int
    """The place of its passage in the context."""
    defined: frozenset[str] = frozenset()
    """The search terms of what it defines, where it defines something."""

    @property
    def all_stems(self) -> frozenset[str]:
        """The search terms of its text, its label and the headings over it."""
        return self.stems | self.label_stems | self.heading_stems


@dataclass(frozen=True, slots=True)
class _Asked:
    """What features need of a question, worked out once."""

    query: Query
    stems: frozenset[str]
    topic: frozenset[str]
    pairs: tuple[tuple[str, str], ...]
    sides: tuple[frozenset[str], ...]
    parts: tuple[frozenset[str], ...]
    rarest: str
    weight: dict[str, float]


def collect(context: Sequence[Hit], notes: Mapping[str, Note]) -> list[Candidate]:
    """The units of a context that can be quoted: neither too long nor markup."""
    found = []
    for order, hit in enumerate(context):
        text = notes[hit.passage.note].text
        headed = frozenset(t for h in hit.passage.heading for t in terms(h))
        for unit in hit.passage.units:
            words = text[unit.start : unit.end]
            if unit.kind == "sentence" and words.rstrip("*_ ").endswith(":"):
                continue  # a lead-in is a label, and says nothing by itself
            if len(words.split()) > LONGEST or (unit.kind != "code" and MARKUP.search(words)) or PICTURE.search(words):
                continue
            label = text[slice(*unit.label)] if unit.label else ""
            sequence = tuple(terms(words))
            found.append(Candidate(hit, unit, words, label, frozenset(sequence), frozenset(terms(label)), headed, sequence, order, defined_terms(words)))
    return found


def features(query: Query, candidates: Sequence[Candidate], encoder: QuestionEncoder) -> NDArray[np.float64]:
    """The features of each candidate, shape (candidates, FEATURES)."""
    if not candidates:
        return np.zeros((0, len(FEATURES)))
    asked = _asked(query)
    best = max(c.hit.score for c in candidates)
    soft = soft_coverage(query, encoder, [c.text for c in candidates])
    covered = [coverage(query, c.stems) for c in candidates]
    standing = _standing(candidates, best, 1.0 - max(coverage(query, c.all_stems) for c in candidates))
    rows = np.empty((len(candidates), len(FEATURES)))
    passage_soft: dict[int, float] = {}
    for c, s in zip(candidates, soft, strict=True):
        passage_soft[c.order] = max(s, passage_soft.get(c.order, 0.0))
    for i, c in enumerate(candidates):
        following = covered[i + 1] if i + 1 < len(candidates) and candidates[i + 1].order == c.order else 0.0
        previous = covered[i - 1] if i and candidates[i - 1].order == c.order else 0.0
        rows[i] = [
            *_place(c, best),
            *_overlap(c, asked, covered[i]),
            *_form(c, asked),
            following,
            previous,
            *_kinds(c, asked),
            *_sides(c, asked, covered[i]),
            soft[i],
            passage_soft[c.order],
            *_looks(c, asked),
            *_teaching(c, asked),
            *standing[i],
            *_others(c, asked),
        ]
    return rows[:, _ORDER]


_COMPUTED: Final = (
    "passage_rank", "passage_score",
    "coverage", "full_coverage", "label_coverage", "heading_asked", "start_coverage", "pairs", "rarest",
    "defines", "defines_asked", "defines_side", "ends_open", "example", "answers", "anaphora", "length",
    "next_coverage", "previous_coverage",
    "sentence", "item", "step", "row", "code", "step_asked", "item_asked", "number_asked", "number_unasked", "formula", "contrast", "choosing", "reason", "denial",
    "side_most", "side_least", "part_most",
    "soft", "passage_soft",
    "names_asked", "is_heading", "fragment",
    "analogy", "misconception", "misconception_asked", "avoiding", "avoiding_asked",
    "score_below", "score_weighs", "section_below", "section_units", "section_rank", "defines_other", "defines_other_asked",
)  # fmt: skip
_ORDER: Final = [_COMPUTED.index(name) for name in FEATURES]


def _asked(query: Query) -> _Asked:
    weight = {t.stem: t.weight for t in query.terms}
    stems = query.stems
    rarest = max(weight, key=lambda s: weight[s], default="")
    return _Asked(
        query, frozenset(stems), frozenset(s for s in stems if weight[s] > 0.2), tuple(pairwise(stems)), query.side_stems, query.part_stems, rarest, weight
    )


def _place(c: Candidate, best: float) -> list[float]:
    return [1.0 / (1 + c.order), float(np.exp(c.hit.score - best))]


def _overlap(c: Candidate, asked: _Asked, covered: float) -> list[float]:
    inner = frozenset(terms(c.hit.passage.heading[-1])) if c.hit.passage.heading else frozenset[str]()
    adjacent = set(pairwise(c.sequence))
    return [
        covered,
        coverage(asked.query, c.stems | c.label_stems | c.heading_stems),
        coverage(asked.query, c.label_stems),
        len(inner & asked.stems) / max(1, len(inner)),
        coverage(asked.query, set(c.sequence[:8])),
        sum(p in adjacent for p in asked.pairs) / max(1, len(asked.pairs)),
        float(asked.rarest in c.stems),
    ]


def _form(c: Candidate, asked: _Asked) -> list[float]:
    defined = c.defined
    shared = defined & asked.topic
    total = sum(asked.weight.values()) or 1.0
    defines = len(shared) / max(1, len(defined)) * sum(asked.weight[s] for s in shared) / total if len(defined) <= 12 else 0.0
    side = max((len(defined & s) / max(1, len(defined | s)) for s in asked.sides), default=0.0)
    return [
        defines,
        defines * (asked.query.kind in ("definition", "other", "which")),
        side,
        float(c.text.rstrip("*_ ").endswith((":", "?"))),
        float(bool(EXAMPLE.match(c.text) or EXAMPLE.match(c.label))),
        float(bool(ANSWERS.match(c.text))),
        float(bool(ANAPHORA.match(c.text))),
        float(np.log1p(len(c.text.split()))),
    ]


def _kinds(c: Candidate, asked: _Asked) -> list[float]:
    kind, wanted, digits = c.unit.kind, asked.query.kind, any(ch.isdigit() for ch in c.text)
    return [
        float(kind == "sentence"),
        float(kind == "item"),
        float(kind == "step"),
        float(kind == "row"),
        float(kind == "code"),
        float(wanted == "how" and (kind == "step" or bool(STEP.match(c.text)))),
        float(wanted == "list" and kind in ("item", "row", "step")),
        float(wanted == "number" and digits),
        float(wanted != "number" and digits),
        float(bool(FORMULA.search(c.text)) and any(ch.isdigit() for ch in asked.query.text)),
        float(wanted == "compare" and bool(CONTRAST.search(c.text))),
        float(wanted in ("which", "other", "compare", "how") and bool(CHOOSING.search(c.text))),
        float(wanted == "why" and bool(REASON.search(c.text))),
        float(wanted == "claim" and bool(DENIAL.search(c.text))),
    ]


def _sides(c: Candidate, asked: _Asked, covered: float) -> list[float]:
    own = c.stems | c.label_stems
    headed = own | c.heading_stems

    def share(of: frozenset[str], within: frozenset[str] | set[str]) -> float:
        total = sum(asked.weight.get(s, 0.05) for s in of)
        return sum(asked.weight.get(s, 0.05) for s in of & within) / total if total else 0.0

    return [
        max((share(side, own) for side in asked.sides), default=0.0),
        min((share(side, headed) for side in asked.sides), default=0.0),
        max((share(part, own) for part in asked.parts), default=covered),
    ]


def _looks(c: Candidate, asked: _Asked) -> list[float]:
    names = len(NAME.findall(c.text))
    words = c.text.split()
    folded = " ".join(c.text.lower().split())
    return [
        float(np.log1p(names)) * (asked.query.kind in ("which", "other")),
        float(any(folded == h.lower() for h in c.hit.passage.heading)),
        float(len(words) <= 5 and not VERB.search(c.text)),
    ]


def _teaching(c: Candidate, asked: _Asked) -> list[float]:
    """Likenesses, misconceptions and warnings: good company for an answer, seldom the answer."""
    wanted = asked.query.kind
    misconception, avoiding = bool(MISCONCEPTION.search(c.text)), bool(AVOIDING.search(c.text))
    return [
        float(bool(ANALOGY.search(c.text))),
        float(misconception),
        float(misconception and wanted == "claim"),
        float(avoiding),
        float(avoiding and wanted in ("which", "compare", "claim")),
    ]


def _others(c: Candidate, asked: _Asked) -> list[float]:
    """Whether it says what something else is than the question is about: a neighbor in a list of terms."""
    other = float(bool(c.defined) and not c.defined & asked.stems)
    return [other, other * (asked.query.kind in ("definition", "compare"))]


def _standing(candidates: Sequence[Candidate], best: float, uncovered: float) -> list[tuple[float, ...]]:
    """Where each candidate's passage and section stand in the ranking: what counts when no candidate has the
    question's words."""
    sections: dict[tuple[str, tuple[str, ...]], list[float]] = {}
    for c in candidates:
        sections.setdefault(c.hit.passage.section, []).append(c.hit.score - best)
    place = {section: 1.0 / (1 + at) for at, section in enumerate(sections)}
    found: list[tuple[float, ...]] = []
    for c in candidates:
        own, section = c.hit.score - best, sections[c.hit.passage.section]
        found.append((own, own * uncovered, max(section), float(np.log1p(len(section))), place[c.hit.passage.section]))
    return found
