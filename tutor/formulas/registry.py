"""All formulas, by id: one registry that questions are made from and Ask computes with."""

from __future__ import annotations

from typing import Final

from tutor.formulas import capacity, classification, costs, drift, preparation, regression, service, sizes, training
from tutor.formulas.nouns import Formula

FORMULAS: Final = {f.id: f for module in (classification, regression, preparation, training, sizes, capacity, service, costs, drift) for f in module.FORMULAS}


def named(title: str) -> tuple[Formula, ...]:
    """The formulas whose computed sentences begin with a title."""
    return tuple(f for f in FORMULAS.values() if f.title == title)


def registered(name: str) -> Formula | None:
    """The formula of an id; None where there is none."""
    return FORMULAS.get(name)
