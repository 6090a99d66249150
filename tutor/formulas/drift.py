"""Distances between two distributions, and how mixed one is: lists of shares or counts in, one number out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from tutor.formulas.arithmetic import shown
from tutor.formulas.nouns import Formula, Input, Slip, Values
from tutor.formulas.regression import numbers

_BASELINE: Final = Input(
    "baseline",
    "list",
    ("baseline shares", "baseline share", "expected shares", "baseline", "reference shares", "reference", "training shares", "expected"),
    draws=((0.5, 0.3, 0.2), (0.4, 0.4, 0.2), (0.6, 0.3, 0.1)),
)
_CURRENT: Final = Input(
    "current",
    "list",
    ("current shares", "current share", "actual shares", "live shares", "current", "live", "production shares", "production", "actual", "new"),
    draws=((0.4, 0.3, 0.3), (0.3, 0.4, 0.3), (0.5, 0.25, 0.25)),
)
_EXPECTED: Final = Input("expected", "list", ("expected counts", "expected", "baseline counts", "baseline"))
_SEEN: Final = Input("seen", "list", ("observed counts", "seen counts", "observed", "seen", "actual counts"))
_SHARES: Final = Input(
    "shares",
    "list",
    ("class shares", "class probabilities", "shares", "probabilities", "proportions"),
    draws=((0.5, 0.5), (0.75, 0.25), (0.9, 0.1), (0.5, 0.25, 0.25)),
)


def _over(left: str, right: str, term: Callable[[float, float], str], sign: str = " + ") -> Callable[[Values], str]:
    """Arithmetic that writes out a sum of one term for each pair of two lists."""

    def written(values: Values) -> str:
        return sign.join(term(a, b) for a, b in zip(numbers(values, left), numbers(values, right), strict=True))

    return written


def _squares(shares: Sequence[float]) -> str:
    return " - ".join(f"{shown(p)} ^ 2" for p in shares)


def _gini(values: Values) -> str:
    return f"1 - {_squares(numbers(values, 'shares'))}"


def _entropy(values: Values) -> str:
    return "0 - " + " - ".join(f"{shown(p)} x log2({shown(p)})" for p in numbers(values, "shares"))


_PSI: Final = _over("baseline", "current", lambda b, c: f"({shown(c)} - {shown(b)}) x ln({shown(c)} / {shown(b)})")

FORMULAS: Final = (
    Formula(
        "psi",
        "PSI",
        ("psi", "population stability index"),
        (_BASELINE, _CURRENT),
        _PSI,
        (
            r"sum (?:over|across|of) (?:all |the )?(?:bins )?[^.;]{0,20}\(?(?:current|actual|new)[^.;]{0,20} - [^.;]{0,20}(?:baseline|expected|reference)[^.;]{0,30}\bln\b",
        ),
        places=3,
        stems=("A feature falls into three bins, with [baseline shares of {baseline}] and [current shares of {current}]. What is its PSI?",),
        slips=(
            Slip(
                _over("baseline", "current", lambda b, c: f"{shown(c)} x ln({shown(c)} / {shown(b)})"),
                "the sum with the current share in place of the difference",
            ),
            Slip(
                _over("baseline", "current", lambda b, c: f"({shown(c)} - {shown(b)}) x log10({shown(c)} / {shown(b)})"),
                "the sum with logarithms to the base 10",
            ),
            Slip(_over("baseline", "current", lambda b, c: f"abs({shown(c)} - {shown(b)})"), "the sum of the absolute differences"),
            Slip(_over("baseline", "current", lambda b, c: f"({shown(c)} - {shown(b)}) ^ 2"), "the sum of the squared differences"),
        ),
    ),
    Formula(
        "chi squared",
        "Chi squared",
        ("chi squared", "chi-squared", "chi square", "chi2"),
        (_EXPECTED, _SEEN),
        _over("expected", "seen", lambda e, s: f"({shown(s)} - {shown(e)}) ^ 2 / {shown(e)}"),
        (r"sum of \((?:seen|observed) - expected\)\s?(?:\^2|squared) / expected",),
    ),
    Formula(
        "gini",
        "Gini impurity",
        ("gini impurity", "gini index", "gini"),
        (_SHARES,),
        _gini,
        (r"(?:one|1) (?:minus|-) the sum of (?:the )?squared|1 - (?:sum|Σ|\\sum)[^.;]{0,20}(?:\^2|squared)",),
        places=3,
        stems=("A leaf of a tree holds its classes in [shares of {shares}]. What is its Gini impurity?",),
        slips=(
            Slip(lambda v: _squares(numbers(v, "shares")).replace(" - ", " + "), "the sum of the squares: one minus it is missing"),
            Slip(_entropy, "the entropy in bits, another measure of impurity"),
            Slip(lambda v: f"1 - {shown(max(numbers(v, 'shares')))}", "the share of the wrong cases under a majority vote"),
            Slip(lambda v: f"({_gini(v)}) x 2", "twice the impurity"),
            Slip(lambda v: f"({_gini(v)}) / 2", "half the impurity"),
        ),
    ),
    Formula(
        "entropy",
        "Entropy",
        ("entropy", "shannon entropy"),
        (_SHARES,),
        _entropy,
        (r"(?:minus|negative|-) ?(?:the )?(?:sum|Σ|\\sum)[^.;]{0,40}\blog(?:2|_2|arithm)?",),
        unit="bits",
        places=3,
        stems=("A leaf of a tree holds its classes in [shares of {shares}]. What is its entropy in bits?",),
        slips=(
            Slip(_gini, "the Gini impurity, another measure"),
            Slip(lambda v: _entropy(v).replace("log2", "ln"), "the entropy in nats, with natural logarithms"),
            Slip(lambda v: _entropy(v).replace("log2", "log10"), "the sum with logarithms to the base 10"),
            Slip(lambda v: f"1 - {shown(max(numbers(v, 'shares')))}", "the share of the wrong cases under a majority vote"),
            Slip(lambda v: f"({_entropy(v)}) / 2", "half the entropy"),
        ),
    ),
)
