"""Formulas that the notes state: a small registry, bound to the sentences that state them, computed by code alone."""

from tutor.formulas.answers import answer, remark, rounded, sentence, stands
from tutor.formulas.arithmetic import NotArithmetic, shown, worth
from tutor.formulas.asking import complaint, compute, fill, others, read
from tutor.formulas.nouns import Asked, Bound, Formula, Value
from tutor.formulas.registry import registered
from tutor.formulas.statements import bind, states

__all__ = [
    "Asked", "Bound", "Formula", "NotArithmetic", "Value", "answer", "bind", "complaint", "compute", "fill", "others", "read", "registered", "remark", "rounded", "sentence",
    "shown", "stands", "states", "worth",
]  # fmt: skip
