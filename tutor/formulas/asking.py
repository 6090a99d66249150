"""A question in; what it wants computed, with its numbers put into the formulas, out. A question that merely names
metrics gives None."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Final

from tutor.formulas import arithmetic, numbers
from tutor.formulas.arithmetic import NotArithmetic, shown
from tutor.formulas.nouns import Asked, Computation, Formula, Input, Value, Values
from tutor.formulas.numbers import Given, Reading, Token
from tutor.formulas.registry import FORMULAS
from tutor.formulas.statements import name_of, pattern
from tutor.types import Span

LONGEST: Final = 600
"""Characters of a computation question; a longer text is read as an ordinary one."""

_TALK: Final = re.compile(
    r"\b(?:why|better|worse|best|good|bad|meaning|improve[sd]?|explain|versus|vs|compare[ds]?|differs?|difference between|different|acceptable|enough|interpret|matters?|prefer|define|definition|trust|recommend|trade-?offs?|makes? sense|too (?:low|high)|so (?:low|high)|(?:what|how) do(?:es)?\b[^?]*\b(?:means?|say|tell)|mean by|that mean|choose|pick|fix|raise|reduce|how come|example|true that|instead of|lower than|higher than|threshold should)\b",
    re.IGNORECASE,
)
_COMPUTE: Final = re.compile(
    r"\b(?:comput\w+|calculat\w+|work(?:ed)? out|deriv\w+|determin\w+|give me|tell me|find(?: out)?|get|what(?:['’]?s| is| are| was| were| would| will| should)?|which|how (?:many|much|large|big|high|long|low)|equals?|gives?|make[s]?|come[s]? to|result\w*)\b",
    re.IGNORECASE,
)
_WEAK: Final = frozenset(("how many", "at once", "desired", "saved", "n", "instances", "p", "throughput", "lora"))
"""Names that alone do not show that something is to be computed: what is missing is not asked for then."""
_ENDS: Final = re.compile(
    r"\s*(?:score|value|metric)?\s*(?:[?=:]|$|,|\band\b|\b(?:for|from|with|of|if|when|given|at|in|do|does|is|are|would|will|should|please|per|then)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Form:
    """A formula with some of its inputs replaced by those of the formulas that yield them."""

    formula: Formula
    inputs: tuple[Input, ...]
    steps: tuple[tuple[str, Formula], ...]


def others(question: str) -> bool:
    """Whether a question brings numbers of its own for something that a formula gives, and yet none could be put in: the
    notes' example is no answer to it."""
    if len(question) > LONGEST or _TALK.search(question) or len(numbers.places(question)) < 2 or read(question) is not None:
        return False
    return any(len(f.inputs) > 1 and name_of(f).search(question) for f in FORMULAS.values())


def _valued(question: str) -> str:
    """The question with "z-score of 130" as "z-score of the value 130", for formulas that take a value."""
    for formula in FORMULAS.values():
        if any(i.id == "value" for i in formula.inputs) and (match := name_of(formula).search(question)):
            rest = question[match.end() :]
            return question[: match.end()] + re.sub(r"^(\s+(?:of|for))\s+(?=[-−]?[.\d])", r"\1 the value ", rest)
    return question


@lru_cache(maxsize=256)
def read(question: str) -> Asked | None:
    """What a question wants computed. None where it wants nothing computed, or where some number has no place."""
    question = _valued(question)
    if len(question) > LONGEST or not (everywhere := numbers.places(question)) or _TALK.search(question):
        return None
    near = [f for f in FORMULAS.values() if (m := name_of(f).search(question)) and _wants(question, m)]
    made: dict[str, tuple[Computation, frozenset[Span]]] = {}
    troubles: list[str] = []
    for formula in near:
        found = _attempt(formula, question)
        if isinstance(found, str):
            troubles.append(found)
        elif found is not None:
            known = made.get(formula.title)
            if known is None or len(found[1]) > len(known[1]):
                made[formula.title] = found
            elif len(found[1]) == len(known[1]):
                made[formula.title] = replace(known[0], instead=(*known[0].instead, found[0])), known[1]
    if not made:
        return Asked((), troubles[0]) if troubles else None
    best = _distinct(question, made)
    spans = [span for _, used in best for span in used]
    if any(not any(a <= at < b for a, b in spans) for at in everywhere):
        return None
    return Asked(tuple(c for c, _ in best))


def compute(formula: Formula, values: Values) -> Computation:
    """A formula with numbers put in. Raises NotArithmetic where it has no value for them."""
    written = fill(formula.work, values)
    return Computation(formula, written, arithmetic.worth(written), (formula.id,))


def fill(work: object, values: Values) -> str:
    """Arithmetic with numbers in place of the inputs. Raises NotArithmetic for lists that do not match."""
    try:
        if callable(work):
            return str(work(values))
        return str(work).format_map({name: _put(value) for name, value in values.items()})
    except (ValueError, ZeroDivisionError) as error:
        raise NotArithmetic(str(error)) from error


def complaint(formula: Formula, inputs: Sequence[Input], values: Values) -> str:
    """What is impossible about values, in one sentence; "" where nothing is."""
    for known in inputs:
        if known.id in values and (fault := _impossible(known, values[known.id])):
            return fault
    said = {i.id: i.names[0] for i in inputs}
    for low, high in formula.orders:
        a, b = values.get(low), values.get(high)
        if isinstance(a, float) and isinstance(b, float) and a > b:
            return f"{_capital(said[low])} cannot be more than {said[high]}: {shown(a)} is more than {shown(b)}."
    return ""


def _put(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(shown, value))
    return shown(value) if value >= 0 else f"({shown(value)})"


def _impossible(known: Input, value: Value) -> str:
    name = _capital(known.names[0])
    if isinstance(value, tuple):
        return ""
    if known.kind == "share" and not 0 <= value <= 1:
        return f"{name} cannot be {shown(value)}: it is a share, from 0 to 1 or in percent."
    if known.kind == "count" and (value < 0 or value != int(value)):
        return f"{name} cannot be {shown(value)}: it is a whole number from 0."
    return f"{name} cannot be {shown(value)}: it is never below 0." if known.kind == "amount" and value < 0 else ""


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _wants(question: str, name: re.Match[str]) -> bool:
    """Whether a question asks for what it names here: by a word for computing, or by the name's place."""
    return bool(_COMPUTE.search(question)) or bool(_ENDS.match(question, name.end())) or not question[: name.start()].strip()


def _forms(formula: Formula) -> Iterator[_Form]:
    yield _Form(formula, formula.inputs, ())
    if not isinstance(formula.work, str):
        return
    options = [(None, FORMULAS[i.given]) if i.given and i.given != formula.id else (None,) for i in formula.inputs]
    for choice in product(*options):
        steps = tuple((i.id, f) for i, f in zip(formula.inputs, choice, strict=True) if f is not None)
        if steps:
            kept = [i for i, f in zip(formula.inputs, choice, strict=True) if f is None]
            yield _Form(formula, tuple(dict.fromkeys([*kept, *(i for _, f in steps for i in f.inputs)])), steps)


def _attempt(formula: Formula, question: str) -> tuple[Computation, frozenset[Span]] | str | None:
    """A formula with a question's numbers put in and the places of the numbers that it takes account of; a sentence
    where something is missing or impossible; None where the question does not ask for it."""
    if sum(bool(re.search(unit, question, re.IGNORECASE)) for unit in formula.clash) > 1:
        return None
    partial = ""
    for form in _forms(formula):
        others = _others(formula.id, tuple(n for i in form.inputs for n in i.names))
        for reading in _readings(form):
            ways = numbers.given(question, form.inputs, [name_of(formula)], others, reading)
            full = [w for w in ways if all(i.id in w.values for i in form.inputs)]
            full = full or [w for w in ways if w.values and all(i.id in w.values or i.default is not None for i in form.inputs)]
            if full:
                return _settled(form, full)
            if ways and not form.steps and not partial and not formula.bound_by:
                partial = _missing(form, question, max(ways, key=lambda w: (len(w.values), -w.cost)))
    return partial or None


def _readings(form: _Form) -> tuple[Reading, ...]:
    if any(i.kind == "list" for i in form.inputs):
        return ("lists",)
    return ("plain", "ratios") if any(i.kind == "share" for i in form.inputs) else ("plain",)


@lru_cache(maxsize=256)
def _others(formula_id: str, inputs: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """What else may take a number of the question: other metrics, and counts that the formula does not use."""
    formula = FORMULAS[formula_id]
    rest = [f for f in FORMULAS.values() if f.title != formula.title and not set(f.names) & set(inputs)]
    return (*(name_of(f) for f in rest), *(pattern(i.names) for i in formula.beside))


def _settled(form: _Form, ways: Sequence[Given]) -> tuple[Computation, frozenset[Span]] | str | None:
    """The computation of the one way to read the numbers; None where two ways are as near."""
    least = min(w.cost for w in ways)
    nearest = [w for w in ways if w.cost == least]
    if len({tuple(sorted((n, str(t.value)) for n, t in w.values.items())) for w in nearest}) > 1:
        return None
    way = nearest[0]
    timed = {i.id for i in form.inputs if i.seconds}
    if any(t.unit and name not in timed for name, t in way.values.items()):
        return None
    taken = {i.id: i.default for i in form.inputs if i.id not in way.values and i.default is not None}
    values: dict[str, Value] = {**{name: _scaled(t) for name, t in way.values.items()}, **taken}
    if said := complaint(form.formula, form.inputs, values):
        return said
    try:
        made = _chained(form, values)
    except NotArithmetic:
        return f"{form.formula.title} has no value for these numbers."
    return replace(made, taken=tuple(i.names[0] for i in form.inputs if i.id in taken)), way.used


def _scaled(token: Token) -> Value:
    return token.value / 1000 if token.unit and isinstance(token.value, float) else token.value


def _chained(form: _Form, values: Mapping[str, Value]) -> Computation:
    """The computation with the steps before it written into it."""
    if not form.steps:
        return compute(form.formula, values)
    parts: dict[str, str] = {i.id: _put(values[i.id]) for i in form.formula.inputs if i.id in values}
    for name, formula in form.steps:
        step = compute(formula, values)
        parts[name] = shown(math.ceil(step.value - 1e-9)) if formula.whole else f"({step.written})"
    written = str(form.formula.work).format_map(parts)
    return Computation(form.formula, written, arithmetic.worth(written), (form.formula.id, *(f.id for _, f in form.steps)))


def _missing(form: _Form, question: str, way: Given) -> str:
    """The sentence that asks for what is missing, where something is given and the formula named in full."""
    lacking = [i.names[0] for i in form.inputs if i.id not in way.values]
    named = {m.group().lower() for m in name_of(form.formula).finditer(question)}
    if not way.values or len(lacking) > 2 or named <= _WEAK:
        return ""
    return f"To compute {spoken(form.formula.title)}, give the {' and the '.join(lacking)} as well."


def spoken(title: str) -> str:
    """A title as it stands inside a sentence."""
    named = any(c.isupper() or c.isdigit() for c in title.split(maxsplit=1)[0][1:])
    return title if named or len(title.split(maxsplit=1)[0]) == 1 else title[:1].lower() + title[1:]


def _distinct(question: str, made: Mapping[str, tuple[Computation, frozenset[Span]]]) -> list[tuple[Computation, frozenset[Span]]]:
    """The computations in the order in which the question names them, the name that covers another alone."""
    spans = []
    for found in made.values():
        m = name_of(found[0].formula).search(question)
        if m:
            spans.append((m.start(), m.end(), found))
    kept = [s for s in spans if not any(o[0] <= s[0] and s[1] <= o[1] and (o[0], o[1]) != (s[0], s[1]) for o in spans)]
    one: dict[tuple[int, int], tuple[Computation, frozenset[Span]]] = {}
    for start, end, found in sorted(kept, key=lambda s: (s[0], -len(s[2][1]))):
        one.setdefault((start, end), found)
    return list(one.values())
