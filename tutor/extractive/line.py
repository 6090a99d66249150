"""An explanation in, the one sentence out that answers best by itself."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from tutor.cues import ANALOGY, ANAPHORA, CHOOSING, CONTRAST, EXAMPLE, MISCONCEPTION, REASON
from tutor.embed import QuestionEncoder
from tutor.extractive.candidates import Candidate
from tutor.extractive.opening import fit, misplaced, sort
from tutor.extractive.sections import Choice, about, half, own_sections, reopened, sections
from tutor.extractive.select import siblings, told
from tutor.extractive.subject import FULL, flat, tells, topic
from tutor.index import Index
from tutor.question import Query
from tutor.retrieve import Ranked, coverage

LINE: Final = 40
"""Words of the longest sentence that is read as one line."""
NEAR: Final = 1.0
"""How far below the best score a sentence may lie that is taken for the line though the explanation passed it over."""
FAR: Final = 5.0
"""The same of one that is of the sort that was asked for."""
WHOLE: Final = 8
"""Words from which on a list's item is a sentence of its own."""


def line(query: Query, index: Index, ranked: Ranked, encoder: QuestionEncoder, choice: Choice) -> Choice:
    """The one candidate that answers best by itself, out of the whole sections of an explanation; of a comparison the one
    that tells the difference, else one a side."""
    own = own_sections(choice)
    near = sections(query, index, ranked, choice) if sort(query) else own
    opened = reopened(query, index, ranked, encoder, choice, [*own[:1], *(s for s in near if s != own[0] and about(query, s))])
    return replace(opened, chosen=_best(query, opened))


def _best(query: Query, choice: Choice) -> list[int]:
    candidates, scores = choice.candidates, choice.scores
    first = choice.chosen[0]
    if query.kind in ("how", "list") and candidates[first].unit.kind == "step":
        return [min((i for i in choice.chosen if siblings(candidates[first], candidates[i])), key=lambda i: candidates[i].unit.start)]
    best = float(scores.max(initial=0.0))
    near = FAR if candidates[first].unit.kind in ("row", "code") else NEAR
    pool = [
        i
        for i, c in enumerate(candidates)
        if i in choice.chosen or scores[i] >= best - (FAR if _wanted(query, c) else near if c.unit.kind == "sentence" else 0)
    ]
    if query.kind == "compare" and query.side_stems:
        both = [
            i
            for i in pool
            if CONTRAST.search(flat(candidates[i])) and readable(candidates[i]) and all(half(candidates[i].stems, side) for side in query.side_stems)
        ]
        if both:
            return [max(both, key=lambda i: scores[i])]
        sides = [i for i in dict.fromkeys(told(query, candidates, scores)) if len(candidates[i].text.split()) <= LINE]
        if len(sides) > 1:
            return sides
    told_so = [i for i, c in enumerate(candidates) if readable(c) and fit(query, c) >= FULL]
    return [max(told_so or pool, key=lambda i: (scores[i] + _alone(query, candidates[i]), -i))]


def _wanted(query: Query, candidate: Candidate) -> bool:
    """Whether it is of the sort that is asked for: what a thing is, when to choose it, when not, what it costs."""
    return (
        fit(query, candidate) > 0
        or (query.defining and defining(query, candidate) > 0)
        or bool(sort(query) == "when" and CHOOSING.search(flat(candidate)) and topic(query) & candidate.stems)
    )


def readable(candidate: Candidate) -> bool:
    """Whether it is a whole sentence of one line that refers to nothing before it."""
    length = len(candidate.text.split())
    whole = candidate.unit.kind == "sentence" or (candidate.unit.kind == "item" and length >= WHOLE)
    return whole and not ANAPHORA.match(candidate.text) and length <= LINE


def _alone(query: Query, candidate: Candidate) -> float:
    """What reading alone gains a candidate, on the scale of the selector's scores."""
    text, kind = flat(candidate), candidate.unit.kind
    confusion = query.kind != "claim" and bool(MISCONCEPTION.search(text))
    defines = 0.0 if confusion else defining(query, candidate)
    value = 2.0 * coverage(query, candidate.stems) - 1.5 * (not readable(candidate) and not defines)
    value -= 6.0 * (kind in ("row", "code")) + 1.5 * (kind == "step") + 0.75 * (kind == "item") + 0.5 * text.startswith(("*", "`"))
    value -= 3.0 * (confusion or misplaced(query, candidate)) + 3.0 * bool(ANALOGY.search(text)) + 1.5 * bool(EXAMPLE.match(text))
    value -= 2.0 * (len(text.split()) > LINE) + 2.0 * (query.kind == "number" and not any(c.isdigit() for c in text)) + 3.0 * text.rstrip().endswith("?")
    value += 2.0 * bool(sort(query) == "when" and CHOOSING.search(text)) + 1.5 * bool((query.kind == "why" or sort(query) == "when") and REASON.search(text))
    if sort(query):
        return value + 5.0 * fit(query, candidate)
    return value + 5.0 * defines * (1.0 if query.defining else -1.0 if _DOING.search(query.text) else 0.0)


_DOING: Final = re.compile(r"\bhow (?:(?:do|can|could|should|would) (?:i|we|you)|to)\b", re.IGNORECASE)


def defining(query: Query, candidate: Candidate) -> float:
    """How exactly a candidate says what the question's topic is, by its name or by what its abbreviation stands for."""
    return max(tells(candidate, topic(query)), tells(candidate, topic(query) | frozenset(query.expansion)))
