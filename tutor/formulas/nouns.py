"""What a formula is: its inputs, its arithmetic, its usual slips, the words that state it in notes, and where they stand."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from tutor.types import Hit, Span

Value = float | tuple[float, ...]
Values = Mapping[str, Value]
Work = str | Callable[[Values], str]
"""Arithmetic: a template over input ids ("{tp} / ({tp} + {fp})"), or where there are lists, a function that writes it out."""
InputKind = Literal["share", "count", "amount", "number", "list"]
"""A share is from 0 to 1, a count a whole number from 0, an amount anything from 0, a list holds two numbers or more."""


@dataclass(frozen=True, slots=True)
class Input:
    """One number that a formula takes. `names` are the phrases that say it in a question or a note, the first in full;
    `symbols` what else may stand for it in a note's formula; `draws` the plausible values that questions draw from.
    `given` names the formula that yields it where it is not given itself, `default` the value that then is taken; `seconds` says that it is a time in seconds,
    so that milliseconds are turned into them."""

    id: str
    kind: InputKind
    names: tuple[str, ...]
    symbols: tuple[str, ...] = ()
    draws: tuple[Value, ...] = ()
    given: str = ""
    default: float | None = None
    seconds: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """A usual wrong computation, and what it is: a sentence goes "0.75 is <text>."."""

    work: Work
    text: str


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula. `id` is unique; `title` begins its computed sentence; `names` are the phrases that ask for it.

    `wording` are patterns of definitions in words, which stand behind a name of it; a formula in signs is recognised by
    what it computes. `bound_by` names the formula whose statement this one rests on, where it is another form of the
    same. `totals` are phrases for sums of its inputs. `unit` is written behind the result; `whole` rounds it up; `places`
    are the decimals of a question's options, and `most` is what no result exceeds. `orders` are pairs of inputs of which the first is never the larger.
    `stems` are questions, each input within square brackets; `beside` are further numbers that stand in a stem, as a whole
    confusion matrix does. `clash` are patterns of units of which a question may use one only.
    """

    id: str
    title: str
    names: tuple[str, ...]
    inputs: tuple[Input, ...]
    work: Work
    wording: tuple[str, ...] = ()
    bound_by: str = ""
    totals: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    whole: bool = False
    places: int = 2
    most: float = math.inf
    orders: tuple[tuple[str, str], ...] = ()
    beside: tuple[Input, ...] = ()
    clash: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    slips: tuple[Slip, ...] = ()

    @property
    def statement(self) -> str:
        """The id of the formula whose statement in the notes this one rests on."""
        return self.bound_by or self.id


@dataclass(frozen=True, slots=True)
class Bound:
    """A formula and the sentence, item or row of the notes that states it; `label` spans the header of a row."""

    formula: Formula
    hit: Hit
    span: Span
    label: Span | None = None


@dataclass(frozen=True, slots=True)
class Computation:
    """A formula with its numbers put in: the arithmetic as it is written, the value before rounding, and the formulas
    that it leans on, its own first. `taken` are the inputs that were not given and took their default. `instead` are
    other forms of the same result, for notes that state one of those."""

    formula: Formula
    written: str
    value: float
    used: tuple[str, ...]
    taken: tuple[str, ...] = ()
    instead: tuple[Computation, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question wants computed, in its order. `remark` is one sentence where something is missing or impossible,
    and there are no computations then."""

    computations: tuple[Computation, ...]
    remark: str = ""
