"""A tutor in, a few first questions out that its notes answer: what they define, set side by side, and give steps for."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from tutor.session import Tutor
from tutor.text import STOPWORDS, fold, terms
from tutor.types import Answer, Passage, Span, Unit

MOST: Final = 4
TRIES: Final = 14
SECONDS: Final = 2.5

_DEFINES: Final = re.compile(
    r"(?:[^:.]{2,60}: )?(?P<article>An? |The )?(?P<term>[A-Za-z][\w/&+ -]{2,46}?)(?: \([^)]*\))? (?P<verb>is|are) (?:an?|the|any|how) \w"
)
_VERSUS: Final = re.compile(r"(?P<one>[\w /-]{2,40}?),? (?:vs\.?|versus) (?P<other>[\w /-]{2,40})$", re.IGNORECASE)
_HOW: Final = re.compile(r"(?:.*\b(?:steps?|how) to (?P<task>[a-z][\w /-]{4,60}?))(?: (?:typically|usually|are|is|run|follow|in)\b.*|:|$)", re.IGNORECASE)
_VAGUE: Final = frozenset(
    "this that these those it they there which what each such one another here both common main first second third next result reason point goal idea example note".split()
)

Candidate = tuple[float, Passage, Span, str]
"""How good (lower is better), the passage, the span that must be said in the answer, and the question."""


def suggest(tutor: Tutor) -> list[str]:
    """Up to MOST questions, the same for the same index: two definitions, a comparison, a how, as far as there are."""
    ended = time.perf_counter() + SECONDS
    kinds: list[tuple[int, Callable[[Tutor], Iterator[Candidate]]]] = [(1, _definitions), (1, _comparisons), (1, _hows), (MOST, _definitions)]
    found: list[str] = []
    notes: set[str] = set()
    tries = 0
    for wanted, kind in kinds:
        got = 0
        for _, passage, span, question in sorted(kind(tutor), key=lambda c: (c[0], c[1].note, c[2])):
            if got == wanted or len(found) == MOST or tries == TRIES or time.perf_counter() > ended:
                break
            if question in found or passage.note in notes:
                continue
            tries += 1
            if _answers(tutor.ask(question), passage, span):
                found.append(question)
                notes.add(passage.note)
                got += 1
    return found


def _answers(answer: Answer, passage: Passage, span: Span) -> bool:
    """Whether a question is answered, and with the words that it was drawn from."""
    return not answer.abstained and any(c.note == passage.note and c.start < span[1] and span[0] < c.end for c in answer.citations)


def _definitions(tutor: Tutor) -> Iterator[Candidate]:
    for passage, unit, text in _units(tutor, ("sentence", "item")):
        match = _DEFINES.match(text)
        if not match or len(match["term"].split()) > 4:
            continue
        term, folded = match["term"], fold(match["term"])
        if set(folded.split()) & _VAGUE or not set(folded.split()) - STOPWORDS:
            continue
        lower = term[0].lower() + term[1:]
        term = lower if re.search(rf"(?<![.!?:] )(?<!^)\b{re.escape(lower)}\b", tutor.index.notes[passage.note].text) else term
        article = "" if match["article"] in (None, "The ") else match["article"].lower()
        headed = any(folded in fold(part) for part in passage.heading)
        frequency = min((tutor.index.frequency(t) for t in terms(term)), default=0)
        yield (-frequency * (3 if headed else 1), passage, (unit.start, unit.end), f"What {match['verb']} {article}{term}?")


def _comparisons(tutor: Tutor) -> Iterator[Candidate]:
    """Pairs of neighbors in a table, of which the notes say elsewhere what each is."""
    defined = {fold(m["term"]) for _, _, text in _units(tutor, ("sentence", "item")) if (m := _DEFINES.match(text))}
    for passage in tutor.index.passages:
        match = _VERSUS.search(passage.heading[-1]) if passage.heading else None
        if match:
            yield (0.0, passage, (passage.start, passage.end), f"{match['one'].strip()} vs {match['other'].strip()}")
        rows = [u for u in passage.units if u.kind == "row" and len(u.cells) > 1]
        for one, other in pairwise(rows):
            names = [_bare(tutor, passage, u.cells[0]) for u in (one, other)]
            if (
                one.label == other.label
                and all(re.fullmatch(r"[A-Za-z][A-Za-z -]{2,28}", n) and len(n.split()) <= 3 for n in names)
                and {fold(n) for n in names} <= defined
            ):
                yield (1.0 + abs(len(rows) - 3), passage, (one.start, other.end), f"{names[0]} vs {names[1]}")


def _hows(tutor: Tutor) -> Iterator[Candidate]:
    for passage in tutor.index.passages:
        for unit in passage.units:
            if unit.kind != "step":
                continue
            leads = [_bare(tutor, passage, unit.label)] if unit.label else []
            match = next(filter(None, map(_HOW.match, [*leads, *reversed(passage.heading)])), None)
            if match and len(match["task"].split()) >= 2:
                yield (float(unit.start), passage, (unit.start, unit.end), f"How do I {match['task'].strip()}?")
            break


def _units(tutor: Tutor, kinds: tuple[str, ...]) -> Iterator[tuple[Passage, Unit, str]]:
    for passage in tutor.index.passages:
        for unit in passage.units:
            if unit.kind in kinds:
                yield passage, unit, _bare(tutor, passage, (unit.start, unit.end))


def _bare(tutor: Tutor, passage: Passage, span: Span) -> str:
    """The words of a span on one line, without emphasis marks."""
    return " ".join(re.sub(r"\*\*|__|[`*]", "", tutor.index.notes[passage.note].text[slice(*span)]).split())
