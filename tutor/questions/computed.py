"""Formulas bound to notes and dice in, questions whose key is computed and whose distractors are usual slips out; and
such a question computed again."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tutor.exam import Difficulty, Need, Option, Proof, Question, Reason
from tutor.formulas import Bound, Formula, NotArithmetic, Value, complaint, compute, fill, rounded, sentence, shown, states, worth
from tutor.formulas import registered as formula_of
from tutor.index import Index
from tutor.questions.checks import CHECKS
from tutor.questions.record import identified
from tutor.questions.syllabus import tags
from tutor.types import Citation, Note, Statement

ROUNDS: Final = 6
"""Questions of one formula at most, each with other numbers."""
TRIES: Final = 20
"""Draws of numbers for one question; where none gives four sound options, the formula is left out."""
MAKER: Final = "computed:"
_LETTERS: Final = "ABCD"


@dataclass(frozen=True, slots=True)
class _Result:
    """A number that a computation, right or wrong, comes to: as an option shows it, with the sentence on it."""

    value: float
    text: str
    why: str


def make(index: Index, bound: Mapping[str, Bound], rng: random.Random) -> Iterator[Question]:
    """Computed questions in a drawn order: one of each formula, then the next of each. The same dice give the same ones."""
    names = [name for name in sorted(bound) if bound[name].formula.stems]
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for turn in range(ROUNDS):
        rng.shuffle(names)
        for name in names:
            found = _question(bound[name], index.notes, turn, rng, seen)
            if found is not None:
                yield found


def recompute(question: Question) -> bool:
    """Whether the numbers in a computed question's stem give its key and no other option, by a formula that its quote
    states, and whether each reason is what the computation, or the slip that it names, comes to."""
    formula = formula_of(question.proof.maker.removeprefix(MAKER)) if question.proof.maker.startswith(MAKER) else None
    if formula is None or not any(states(formula, c.quote) for c in question.proof.citations):
        return False
    values = _read(formula, question.proof.needs, question.stem)
    if values is None or complaint(formula, formula.inputs, values):
        return False
    try:
        right = _right(formula, values)
    except NotArithmetic:
        return False
    texts = {o.id: o.text for o in question.options}
    reasons = {r.option: r for r in question.proof.reasons}
    told = {(texts[o], reasons[o].holds, reasons[o].text) for o in texts if o in reasons}
    known = {(right.text, True, right.why), *((s.text, False, s.why) for s in _slips(formula, values, right))}
    told_in_full = {s.text for s in question.explanation} >= {r.text for r in question.proof.reasons}
    one = [o for o, text in texts.items() if text == right.text]
    return tuple(one) == question.key and len(set(texts.values())) == len(texts) == len(told) and told <= known and told_in_full


def _question(bound: Bound, notes: Mapping[str, Note], turn: int, rng: random.Random, seen: set[tuple[str, tuple[str, ...]]]) -> Question | None:
    formula = bound.formula
    stem = formula.stems[turn % len(formula.stems)]
    for _ in range(TRIES):
        values = {i.id: rng.choice(i.draws) for i in (*formula.inputs, *formula.beside)}
        key = formula.id, tuple(map(_said, values.values()))
        if key in seen or complaint(formula, formula.inputs, values):
            continue
        try:
            right = _right(formula, values)
        except NotArithmetic:
            continue
        wrong = _chosen(right, _slips(formula, values, right), rng)
        if wrong and _neat(formula, right):
            seen.add(key)
            ordered = sorted([right, *wrong], key=lambda r: r.value, reverse=rng.random() < 0.5)
            return _finished(bound, notes[bound.hit.passage.note], stem, values, right, ordered)
    return None


def _finished(bound: Bound, note: Note, stem: str, values: Mapping[str, Value], right: _Result, ordered: list[_Result]) -> Question:
    formula, heading = bound.formula, bound.hit.passage.heading
    options = tuple(Option(letter, r.text) for letter, r in zip(_LETTERS, ordered, strict=True))
    ids = {r.text: o.id for r, o in zip(ordered, options, strict=True)}
    spans = [span for span in (bound.span, bound.label) if span]
    citations = tuple(Citation(n, note.path, heading, note.page(a), a, b, note.text[a:b]) for n, (a, b) in enumerate(spans, 1))
    numbers = tuple(c.number for c in citations)
    told = [right, *(r for r in ordered if r is not right)]
    reasons = tuple(Reason(ids[r.text], r is right, (), r.why) for r in told)
    explanation = (*(Statement(r.why, numbers, verdict="computed") for r in told), Statement(note.text[slice(*bound.span)], (1,)))
    proof = Proof(f"{MAKER}{formula.id}", "number", citations, reasons, _needs(formula, stem, values), formula.title, tuple(CHECKS))
    text = _spoken(stem, values)
    return identified(
        Question("", "multiple_choice", text, options, (ids[right.text],), explanation, proof, tags(note, heading), difficulty=_difficulty(formula))
    )


def _right(formula: Formula, values: Mapping[str, Value]) -> _Result:
    made = compute(formula, values)
    value = _valued(formula, made.value)
    return _Result(value, _text(formula, value), sentence(made))


def _slips(formula: Formula, values: Mapping[str, Value], right: _Result) -> list[_Result]:
    """What the usual slips come to, other than the key and one another, and possible where the key is."""
    found: dict[str, _Result] = {}
    most = 100.0 if formula.unit.startswith("%") else formula.most
    for slip in formula.slips:
        try:
            value = _valued(formula, worth(fill(slip.work, values)))
        except NotArithmetic:
            continue
        text = _text(formula, value)
        broken = not formula.places and "." in text
        impossible = broken or (value < 0 <= right.value) or (formula.whole and value < 1) or (value > most >= right.value)
        apart = abs(value - right.value) >= 0.02 * abs(right.value) and value != right.value
        if apart and not impossible and text != right.text and text not in found:
            found[text] = _Result(value, text, f"{text} is {slip.text}.")
    return list(found.values())


def _chosen(right: _Result, slips: list[_Result], rng: random.Random) -> list[_Result]:
    """Three slips. Slips fall on both sides of most keys, so that the ends are preferred where there are enough on one
    side: the key's place is to tell nothing."""
    if len(slips) < 3:
        return []
    below = [s for s in slips if s.value < right.value]
    above = [s for s in slips if s.value > right.value]
    sizes = [n for n in range(4) if n <= len(below) and 3 - n <= len(above)]
    size = rng.choices(sizes, [4 if n in (0, 3) else 1 for n in sizes])[0]
    return [*rng.sample(below, size), *rng.sample(above, 3 - size)]


def _neat(formula: Formula, right: _Result) -> bool:
    """Whether a key can be asked for: not nothing, and whole where it counts things."""
    counted = not formula.places and not formula.whole
    return right.value != 0 and not (formula.unit and right.value == 1) and (not counted or "." not in right.text)


def _valued(formula: Formula, value: float) -> float:
    if formula.whole:
        return float(math.ceil(value - 1e-9))
    return rounded(value, formula.places or 1)


def _text(formula: Formula, value: float) -> str:
    if formula.unit == "dollars":
        return f"${value:,.2f}" if abs(value) >= 1 else f"${shown(value)}"
    unit = formula.unit if formula.unit.startswith("%") else f" {formula.unit}" if formula.unit else ""
    return f"{shown(value)}{unit}"


def _needs(formula: Formula, stem: str, values: Mapping[str, Value]) -> tuple[Need, ...]:
    """The inputs as the stem says them: each within its brackets."""
    parts = {part.split("]")[0] for part in stem.split("[")[1:]}
    return tuple(
        Need(i.names[0], _said(values[i.id]), _spoken(part, values))
        for i in (*formula.inputs, *formula.beside)
        for part in sorted(parts)
        if f"{{{i.id}}}" in part
    )


def _read(formula: Formula, needs: tuple[Need, ...], stem: str) -> dict[str, Value] | None:
    """The values that the needs give; None where one is missing or is not said in the stem."""
    given = {n.attribute: n for n in needs}
    values: dict[str, Value] = {}
    for known in (*formula.inputs, *formula.beside):
        need = given.get(known.names[0])
        if need is None or need.text not in stem:
            return None
        try:
            numbers = tuple(float(part.replace(",", "")) for part in need.value.split("; "))
        except ValueError:
            return None
        values[known.id] = numbers if known.kind == "list" else numbers[0]
        if _written(values[known.id]) not in need.text:
            return None
    return values


def _spoken(stem: str, values: Mapping[str, Value]) -> str:
    return stem.replace("[", "").replace("]", "").format_map({name: _written(value) for name, value in values.items()})


def _written(value: Value) -> str:
    """A value as a stem says it."""
    if isinstance(value, float):
        return shown(value)
    *most, last = map(shown, value)
    return f"{', '.join(most)} and {last}"


def _said(value: Value) -> str:
    """A value as a need holds it."""
    return shown(value) if isinstance(value, float) else "; ".join(map(shown, value))


def _difficulty(formula: Formula) -> Difficulty:
    size = len(formula.inputs) + len(formula.beside)
    if size >= 4 or any(i.kind == "list" for i in formula.inputs):
        return "hard"
    return "easy" if size <= 2 else "medium"
