"""A question, its ranking and its chosen statements in, features out that tell whether the notes answer it.

A near miss shares its topic with the notes and lacks the asked attribute: a price, a limit, a command, one of two
sides. So beside how well the best statements cover the question, the features ask whether some statement has the
*sort* of thing that was asked for, together with the topic.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tutor.embed import QuestionEncoder
from tutor.extractive.candidates import FEATURES as UNIT_FEATURES
from tutor.extractive.candidates import Candidate
from tutor.index import Index
from tutor.question import Query, Term
from tutor.retrieve import FEATURES as RANK_FEATURES
from tutor.retrieve import Ranked, coverage
from tutor.text import content_words, terms

Row = NDArray[np.float64]

_SMALL: Final = "one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty"
SORTS: Final = {
    "money": (
        re.compile(r"\b(?:costs?|price|pricing|charge|cheaper|expensive|fee|pay|bill|how much (?:does|do|is|are|would|will))\b", re.IGNORECASE),
        re.compile(r"[$€£]|\b(?:usd|eur|costs?|priced?|pricing|charge[sd]?|fee|free|cheap\w*|expensive|pay|paid|bill\w*|cents?|dollars?)\b", re.IGNORECASE),
    ),
    "time": (
        re.compile(r"\b(?:how (?:long|often|old|quickly|fast|soon)|when|retention|timeout|expires?|valid|lifetime|duration|half.?life|earliest|what year)\b", re.IGNORECASE),
        re.compile(rf"\b(?:\d[\d.,]*|{_SMALL}|half an?|an?)\s*-?\s*(?:ms|milli\w+|secs?|seconds?|mins?|minutes?|h|hours?|days?|weeks?|months?|years?)\b", re.IGNORECASE),
    ),
    "number": (
        re.compile(r"\b(?:how (?:many|much|big|large|high|wide|deep|far)|max\w*|min\w*|limit|quota|default|number of|percentage|what (?:rate|size|port|value|number|ratio|formula)|dose|biggest|smallest|largest)\b", re.IGNORECASE),
        re.compile(rf"\d|\b(?:{_SMALL}|twice|once|half|dozen|hundred|thousand|million)\b", re.IGNORECASE),
    ),
    "code": (
        re.compile(r"\b(?:command|config\w*|code|syntax|statement|cli|yaml|query|script|flag|set ?up|install|how (?:do|can|would) i|how to)\b", re.IGNORECASE),
        re.compile(r"`|--\w|\w\(|_\w|=|\{|/\w+/|\b[a-z]+\.[a-z]+\b"),
    ),
    "comparison": (
        re.compile(r"\b(?:(?:faster|cheaper|better|slower|bigger|worse|safer|easier|quicker|stronger|more \w+|less \w+) (?:than|for|to)|which (?:one )?is (?:\w+er|best|better)|compare)\b", re.IGNORECASE),
        re.compile(r"\b(?:\w+er than|more \w+ than|less \w+ than|better|worse|faster|slower|cheaper|bigger|compared?|vs|versus)\b", re.IGNORECASE),
    ),
}  # fmt: skip
"""Sorts of things asked for: how a question asks for one, and how a statement looks that has one."""

FALLS: Final = (1, 3, 9, 30)
"""Places in the ranking whose distance from the best score tells how sharply the notes answer."""

FEATURES: Final = (
    "cosine", "cosine_three", "cosine_fall", "rank_score", "rank_fall", "soft", "best_coverage", "chosen_coverage", "passage_coverage", "three_coverage",
    "pair_near", "score_fall", "unknown", "unknown_count", "unknown_near", "least_near", "mean_near", "rarest_near", "least_chosen", "rarest_two", "rarest_two_chosen",
    "text_coverage", "shared_terms", "covering", "names_missing", "names_together", "noun_coverage", "terms", "generic_terms", "long", "parts", "compare", "claim",
    *(f"{sort}_{what}" for sort in SORTS for what in ("lacking", "apart")),
    *(f"{which}_{name}" for which in ("first", "three", "ten") for name in RANK_FEATURES),
    *(f"rank_fall_{place}" for place in FALLS), "rank_five",
    *(f"{which}_said_{name}" for which in ("first", "three", "eight") for name in UNIT_FEATURES), "said_fall_3", "said_fall_10",
)  # fmt: skip

_NOUN: Final = re.compile(r"\b(?:how (?:many|much|long|big|often)|which|what(?:'s|s| is| are)?(?: the)?|who|when|where)\s+((?:[\w'-]+\s*){1,4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _View:
    """What several features share: the question's topic terms, and what each candidate says with its headings."""

    query: Query
    topic: tuple[Term, ...]
    candidates: Sequence[Candidate]
    said: tuple[frozenset[str], ...]
    first: tuple[int, ...]
    """The first three chosen candidates."""

    def share(self, found: frozenset[str]) -> float:
        """The share of the topic, by weight, among the found terms. Every term counts a little."""
        total = sum(t.weight + 0.1 for t in self.topic)
        return sum(t.weight + 0.1 for t in self.topic if t.stem in found) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Draft:
    """Candidates with their features (candidates, UNIT_FEATURES), their scores, and the places of the chosen ones."""

    candidates: Sequence[Candidate]
    rows: NDArray[np.float64]
    scores: Row
    chosen: Sequence[int]


def features(query: Query, ranked: Ranked, index: Index, draft: Draft, encoder: QuestionEncoder) -> Row:
    """The features of one question, shape (FEATURES,)."""
    if not ranked.rows or not draft.candidates or not draft.chosen:
        return np.zeros(len(FEATURES))
    topic = tuple(t for t in query.terms if not t.generic) or query.terms
    view = _View(query, topic, draft.candidates, tuple(c.all_stems for c in draft.candidates), tuple(draft.chosen[:3]))
    near = [frozenset().union(*index.terms(row)) for row in ranked.rows[:3]]
    row = [
        *_found(view, ranked, near, draft.scores),
        *_words(view, ranked, index, near, encoder),
        *_said(view, draft.chosen),
        *_names(view),
        *_noun(view),
        *_form(view),
        *_sorts(view),
        *_ranking(ranked),
        *_statements(draft),
    ]
    return np.array(row, dtype=np.float64)


def _ranking(ranked: Ranked) -> list[float]:
    """What the best passages were ranked by, and how sharply the ranking falls."""
    rows, scores = ranked.features, ranked.scores
    falls = [float(scores[0] - scores[min(place, len(scores) - 1)]) for place in FALLS]
    return [*rows[0], *rows[:3].mean(axis=0), *rows[:10].max(axis=0), *falls, float(scores[:5].mean())]


def _statements(draft: Draft) -> list[float]:
    """What the best candidates were scored by, and how sharply their scores fall."""
    order = np.argsort(-draft.scores, kind="stable")
    rows, scores = draft.rows[order], draft.scores[order]
    falls = [float(scores[0] - scores[min(place, len(scores) - 1)]) for place in (3, 10)]
    return [*rows[0], *rows[:3].mean(axis=0), *rows[:8].max(axis=0), *falls]


def _found(view: _View, ranked: Ranked, near: Sequence[frozenset[str]], scores: Row) -> list[float]:
    cosine = np.sort(ranked.features[:, RANK_FEATURES.index("cosine")])[::-1]
    spread = np.sort(scores)[::-1]
    pairs = list(pairwise(t.stem for t in view.topic))
    tenth = min(10, len(cosine) - 1)
    return [
        float(cosine[0]),
        float(cosine[:3].mean()),
        float(cosine[0] - cosine[tenth]),
        float(ranked.scores[0]),
        float(ranked.scores[0] - ranked.scores[tenth]),
        float(ranked.features[:, RANK_FEATURES.index("soft_coverage")].max()),
        max(coverage(view.query, s) for s in view.said),
        coverage(view.query, view.said[view.first[0]]),
        max(coverage(view.query, n) for n in near),
        coverage(view.query, frozenset().union(*near)),
        sum(any(a in n and b in n for n in near) for a, b in pairs) / max(1, len(pairs)),
        float(spread[0] - spread[min(8, len(spread) - 1)]),
    ]


def _words(view: _View, ranked: Ranked, index: Index, near: Sequence[frozenset[str]], encoder: QuestionEncoder) -> list[float]:
    together = frozenset().union(*(view.said[i] for i in view.first))
    texts = [
        " ".join(f"{view.candidates[i].text} {view.candidates[i].label}" for i in view.first),
        " ".join(index.passages[row].text for row in ranked.rows[:3]),
    ]
    close = encoder.nearness([t.word for t in view.topic], texts)
    by_term = [1.0 if t.stem in together else float(close[0, k]) for k, t in enumerate(view.topic)]
    unknown = [k for k, t in enumerate(view.topic) if not t.known]
    total = sum(t.weight for t in view.topic) or 1.0
    rare = sorted(view.topic, key=lambda t: -t.weight)[:2]
    return [
        sum(view.topic[k].weight for k in unknown) / total,
        float(len(unknown)),
        min((float(close[1, k]) for k in unknown), default=1.0),
        min(by_term, default=0.0),
        float(np.mean(by_term)) if by_term else 0.0,
        float(bool(rare) and any(rare[0].stem in n for n in near)),
        float(bool(view.topic) and all(t.stem in together for t in view.topic)),
        float(len(rare) == 2 and any(all(t.stem in s for t in rare) for s in view.said)),
        float(len(rare) == 2 and any(all(t.stem in view.said[i] for t in rare) for i in view.first)),
    ]


def _said(view: _View, chosen: Sequence[int]) -> list[float]:
    return [
        max(view.share(view.candidates[i].stems) for i in view.first),
        float(max(sum(t.stem in view.said[i] for t in view.topic) for i in view.first)),
        float(sum(view.share(view.said[i]) > 0.6 for i in chosen)),
    ]


def _names(view: _View) -> list[float]:
    """Names in the question (written with capitals or digits) that the best statements do not bear."""
    words = re.findall(r"[\w'-]+", view.query.text)
    written = {w.lower() for k, w in enumerate(words) if _is_name(w, k)}
    named = [t for t in view.query.terms if t.word in written]
    together = frozenset().union(*(view.said[i] for i in view.first))
    if not named:
        return [0.0, 1.0]
    best = max(sum(t.stem in view.said[i] for t in named) for i in view.first)
    return [sum(t.stem not in together for t in named) / len(named), best / len(named)]


def _is_name(word: str, place: int) -> bool:
    digits, letters = any(c.isdigit() for c in word), any(c.isalpha() for c in word)
    return (digits and letters) or sum(c.isupper() for c in word) > 1 or (place > 0 and word[0].isupper())


def _noun(view: _View) -> list[float]:
    """Whether one of the best statements has the noun that follows "which", "how many" and their kind."""
    match = _NOUN.search(view.query.text)
    asked = {s for w in content_words(match.group(1)) for s in terms(w)} & set(view.query.stems) if match else set()
    if not asked:
        return [1.0]
    return [max(len(asked & view.said[i]) / len(asked) for i in view.first)]


def _form(view: _View) -> list[float]:
    return [
        float(np.log1p(len(view.topic))),
        float(sum(t.generic for t in view.query.terms)),
        float(len(view.query.text.split()) > 18),
        float(bool(view.query.parts)),
        float(view.query.kind == "compare"),
        float(view.query.kind == "claim"),
    ]


def _sorts(view: _View) -> list[float]:
    """For each sort of thing that is asked for: whether no chosen statement has it, and how much less of the topic a
    statement that has it covers than the best statement does. That it is asked for counts nothing by itself: gold has
    more near misses about limits and prices than learners ask."""
    shares = [view.share(s) for s in view.said]
    best = max(shares)
    row: list[float] = []
    for asks, has in SORTS.values():
        asked = bool(asks.search(view.query.text))
        lacking = asked and not any(has.search(f"{view.candidates[i].text} {view.candidates[i].label}") for i in view.first)
        joint = max((s for s, c in zip(shares, view.candidates, strict=True) if has.search(c.text)), default=0.0) if asked else best
        row += [float(lacking), best - joint]
    return row
