"""What a question wants computed and the formulas bound to the notes in, an answer of computed sentences with their
formulas' quotes out; and a computed sentence judged by computing it again."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from tutor.footnotes import Footnotes
from tutor.formulas import arithmetic, asking
from tutor.formulas.arithmetic import NotArithmetic, shown
from tutor.formulas.nouns import Asked, Bound, Computation, Formula
from tutor.formulas.registry import FORMULAS, named
from tutor.formulas.statements import states
from tutor.types import Answer, Note, Statement

PLACES: Final = 4
"""Decimals of a computed result; more where it would lose its figures."""
_SENTENCE: Final = re.compile(r"(?P<title>[^=]+?) = (?P<written>.+?) = (?P<value>-?[\d,]+(?:\.\d+)?)(?P<rest>\D.*|\.)?")


def answer(question: str, asked: Asked, bound: Mapping[str, Bound], notes: Mapping[str, Note]) -> Answer | None:
    """The answer with what can be computed from formulas that the notes state; None where that is nothing."""
    forms = [next((form for form in (c, *c.instead) if all(name in bound for name in form.used)), None) for c in asked.computations]
    able = [form for form in forms if form is not None]
    if not able:
        return None
    cited = Footnotes(notes)
    statements = [Statement(sentence(c), _cite(c, bound, cited), "lead" if place == 0 else "point", verdict="computed") for place, c in enumerate(able)]
    sources = dict.fromkeys(FORMULAS[name].statement for c in able for name in c.used)
    quotes = {(b.hit.passage.note, b.span): b for b in (bound[name] for name in sources)}
    statements += [_quote(b, notes, cited) for b in quotes.values()]
    silent = [c.formula.title for c, form in zip(asked.computations, forms, strict=True) if form is None]
    remark = f"Your notes state no formula for {' and '.join(map(asking.spoken, silent))}." if silent else _granted(able)
    return Answer(question, "answered", tuple(statements), tuple(cited.found), remark=remark)


def remark(asked: Asked) -> str:
    """What to say beside an ordinary answer, where nothing could be computed."""
    titles = dict.fromkeys(c.formula.title for c in asked.computations)
    return asked.remark or (f"Nothing was computed: your notes state no formula for {' and '.join(map(asking.spoken, titles))}." if titles else "")


def stands(text: str, question: str, quotes: Sequence[str]) -> bool:
    """Whether a computed sentence is right: its own arithmetic gives its result, the question asks for it with these
    numbers, and a quote states each formula that it rests on."""
    found = _SENTENCE.fullmatch(text)
    if found is None or not named(found["title"]):
        return False
    try:
        value = arithmetic.worth(found["written"])
    except NotArithmetic:
        return False
    if not math.isclose(value, float(found["value"].replace(",", "")), rel_tol=5e-3, abs_tol=10.0**-PLACES):
        return False
    asked = asking.read(question)
    same = [form for c in asked.computations for form in (c, *c.instead) if sentence(form) == text] if asked else []
    return any(all(any(states(FORMULAS[name], quote) for quote in quotes) for name in c.used) for c in same)


def _granted(made: Sequence[Computation]) -> str:
    """What was taken for granted, in one sentence."""
    taken = dict.fromkeys(name for c in made for name in c.taken)
    return f"Taken as 1, since your question does not say: {' and '.join(taken)}." if taken else ""


def sentence(made: Computation) -> str:
    """The computation in one sentence: the numbers put in, the result, its unit, and how it was rounded."""
    formula = made.formula
    exact = shown(made.value)
    near = shown(rounded(made.value, PLACES))
    text = f"{formula.title} = {made.written} = {near}"
    whole = shown(math.ceil(made.value - 1e-9))
    if formula.whole and whole != near:
        return f"{text}, rounded up to {whole}{_unit(formula)}."
    places = len(near.partition(".")[2])
    said = "" if near == exact else f", rounded to {places} decimals" if places > 1 else ", rounded"
    return f"{text}{_unit(formula)}{said}."


def rounded(value: float, places: int) -> float:
    """A value to so many decimals, halves up, and to three figures at least where it is small."""
    if value and abs(value) < 10.0 ** (1 - places):
        places = max(places, 2 - math.floor(math.log10(abs(value))))
    return float(Decimal(repr(round(value, places + 6))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)) + 0.0


def _unit(formula: Formula) -> str:
    return formula.unit if formula.unit.startswith("%") else f" {formula.unit}" if formula.unit else ""


def _cite(made: Computation, bound: Mapping[str, Bound], cited: Footnotes) -> tuple[int, ...]:
    return tuple(dict.fromkeys(cited.number(b.hit, b.span) for b in (bound[name] for name in made.used)))


def _quote(found: Bound, notes: Mapping[str, Note], cited: Footnotes) -> Statement:
    """The formula as the notes state it, word for word."""
    text = notes[found.hit.passage.note].text
    numbers = [cited.number(found.hit, span) for span in (found.span, found.label) if span]
    return Statement(text[slice(*found.span)], tuple(numbers), label=text[slice(*found.label)] if found.label else "")
