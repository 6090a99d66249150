"""Errors of forecasts, explained variance, and the values of shares: lists of numbers, and what is computed from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tutor.formulas.arithmetic import shown
from tutor.formulas.nouns import Formula, Input, Slip, Values

ERRORS: Final = Input(
    "errors",
    "list",
    ("forecast errors", "prediction errors", "errors", "residuals", "error"),
    draws=((2.0, -2.0, 6.0), (1.0, -3.0, 5.0), (4.0, -4.0, 10.0), (3.0, -1.0, 8.0), (2.0, -4.0, 9.0), (1.0, -2.0, 9.0)),
)
ACTUAL: Final = Input("actual", "list", ("actual values", "actuals", "actual", "true values", "observed", "targets"))
PREDICTED: Final = Input("predicted", "list", ("predicted values", "predictions", "predicted", "forecasts", "forecast"))
MSE: Final = Input("mse", "amount", ("mean squared error", "mse"), draws=(4.0, 9.0, 14.0, 25.0, 50.0))
_SQUARED: Final = ("sum of squared errors", "squared errors", "sse", "residual sum of squares", "sum of squared residuals", "ss res", "ssres", "rss")
_TOTAL: Final = ("total sum of squares", "squared distances from the mean", "total squares", "total variation", "total", "sst", "ss tot", "sstot", "tss")
R2: Final = Input("r2", "number", ("r squared", "r2", "r^2", "coefficient of determination"), draws=(0.6, 0.7, 0.75, 0.8, 0.9), given="r2")


def numbers(values: Values, name: str) -> Sequence[float]:
    """The list that is given under a name. Raises ValueError where the value is a single number."""
    found = values[name]
    if isinstance(found, float):
        raise ValueError(f"{name} is no list")
    return found


def errors(values: Values) -> Sequence[float]:
    """The errors that are given, or those between the predicted and the actual values. Raises ValueError for lists that
    do not match."""
    if "errors" in values:
        return numbers(values, "errors")
    return [p - a for p, a in zip(numbers(values, "predicted"), numbers(values, "actual"), strict=True)]


def _mean(terms: Sequence[str]) -> str:
    return f"({' + '.join(terms)}) / {len(terms)}"


def _sizes(values: Values) -> str:
    return _mean([shown(abs(e)) for e in errors(values)])


def _squares(values: Values) -> str:
    return _mean([f"{shown(abs(e))} ^ 2" for e in errors(values)])


def _root(values: Values) -> str:
    return f"sqrt({_squares(values)})"


def _signed(values: Values) -> str:
    return _mean([shown(e) if e >= 0 else f"({shown(e)})" for e in errors(values)])


def _summed(values: Values) -> str:
    return " + ".join(f"{shown(abs(e))} ^ 2" for e in errors(values))


def _relative(values: Values) -> str:
    terms = [f"{shown(abs(e))} / {shown(abs(a))}" for e, a in zip(errors(values), numbers(values, "actual"), strict=True)]
    return f"{_mean(terms)} x 100"


def _weighted(values: Values) -> str:
    return f"({' + '.join(shown(abs(e)) for e in errors(values))}) / ({' + '.join(shown(abs(a)) for a in numbers(values, 'actual'))}) x 100"


_ERRORS_STEMS: Final = (
    "A demand forecast is checked on a few days and misses by [errors of {errors}] units. What is its {asked}?",
    "Three held-out houses are valued with [errors of {errors}] dollars. Which {asked} is reported?",
)


def _stems(asked: str) -> tuple[str, ...]:
    return tuple(stem.replace("{asked}", asked) for stem in _ERRORS_STEMS)


_AS_MAE: Final = Slip(_sizes, "the mean absolute error: errors are not squared there")
_AS_MSE: Final = Slip(_squares, "the mean squared error, without a root")
_AS_RMSE: Final = Slip(_root, "the root of the mean squared error")
_AS_BIAS: Final = Slip(_signed, "the mean of the errors with their signs, so that they cancel one another")
_AS_SUM: Final = Slip(_summed, "the sum of the squared errors, not their mean")
_PAIRS: Final = (ACTUAL, PREDICTED)
_MAE_WORDS: Final = r"(?:average|mean)(?: size)? of (?:the |all )*(?:absolute |size of )*(?:errors?|residuals?|differences?)|average size of the errors|average absolute (?:difference|error)|mean of abs"
_MSE_WORDS: Final = r"(?:average|mean) of (?:the |all )*(?:squared? (?:errors?|residuals?|differences?)|errors? squared)|average squared (?:difference|error)s?"
_RMSE_WORDS: Final = r"square root of (?:the )?(?:mse\b|mean squared error|average squared|mean of (?:the )?squared)"

FORMULAS: Final = (
    Formula(
        "mae",
        "MAE",
        ("mae", "mean absolute error"),
        (ERRORS,),
        _sizes,
        (_MAE_WORDS,),
        stems=_stems("mean absolute error"),
        slips=(_AS_BIAS, _AS_MSE, _AS_RMSE, Slip(lambda v: _sizes(v).split(" /")[0], "the sum of the sizes, not their mean")),
    ),
    Formula("mae of pairs", "MAE", ("mae", "mean absolute error"), _PAIRS, _sizes, bound_by="mae"),
    Formula(
        "mse",
        "MSE",
        ("mse", "mean squared error"),
        (ERRORS,),
        _squares,
        (_MSE_WORDS,),
        stems=_stems("mean squared error"),
        slips=(_AS_MAE, _AS_RMSE, _AS_SUM, _AS_BIAS),
    ),
    Formula("mse of pairs", "MSE", ("mse", "mean squared error"), _PAIRS, _squares, bound_by="mse"),
    Formula("rmse", "RMSE", ("rmse", "root mean squared error", "root mean square error"), (MSE,), "sqrt({mse})", (_RMSE_WORDS,)),
    Formula(
        "rmse of errors",
        "RMSE",
        ("rmse", "root mean squared error", "root mean square error"),
        (ERRORS,),
        _root,
        bound_by="rmse",
        stems=_stems("root mean squared error"),
        slips=(_AS_MAE, _AS_MSE, _AS_SUM, _AS_BIAS),
    ),
    Formula("rmse of pairs", "RMSE", ("rmse", "root mean squared error", "root mean square error"), _PAIRS, _root, bound_by="rmse"),
    Formula(
        "mape",
        "MAPE",
        ("mape", "mean absolute percentage error"),
        _PAIRS,
        _relative,
        (r"average of each absolute error divided by the actual|(?:average|mean)(?: absolute)? (?:error as a percentage|percentage (?:error|difference))",),
        unit="%",
    ),
    Formula(
        "wape",
        "WAPE",
        ("wape", "weighted absolute percentage error"),
        _PAIRS,
        _weighted,
        (r"sum of (?:the )?absolute errors divided by the sum of (?:the )?(?:absolute )?actual",),
        unit="%",
    ),
    Formula(
        "r2",
        "R squared",
        ("r squared", "r2", "r^2", "r-squared", "coefficient of determination"),
        (Input("sse", "amount", _SQUARED, draws=(20.0, 30.0, 44.0, 60.0, 75.0)), Input("sst", "amount", _TOTAL, draws=(120.0, 200.0, 250.0, 300.0))),
        "1 - {sse} / {sst}",
        stems=(
            "A regression leaves [a sum of squared errors of {sse}], and the target has [a total sum of squares of {sst}]. What is R squared?",
            "For a price model, [the squared errors add up to {sse}] and [the squared distances from the mean add up to {sst}]. How large is R squared?",
        ),
        slips=(
            Slip("{sse} / {sst}", "the share that is left unexplained: one minus R squared"),
            Slip("1 - {sst} / {sse}", "the fraction turned over"),
            Slip("sqrt(1 - {sse} / {sst})", "the root of R squared"),
            Slip("1 - {sse} / ({sse} + {sst})", "the errors over the sum of both, and the total holds them already"),
        ),
    ),
    Formula(
        "adjusted r2",
        "Adjusted R squared",
        ("adjusted r squared", "adjusted r2", "adjusted r^2"),
        (
            R2,
            Input("n", "count", ("rows", "samples", "observations", "n"), draws=(21.0, 31.0, 41.0, 51.0)),
            Input("p", "count", ("features", "predictors", "variables", "p", "k"), draws=(4.0, 5.0, 8.0, 10.0)),
        ),
        "1 - (1 - {r2}) x ({n} - 1) / ({n} - {p} - 1)",
        orders=(("p", "n"),),
        stems=("A regression on [{n} rows] with [{p} features] has [an R squared of {r2}]. What is its adjusted R squared?",),
        slips=(
            Slip("1 - (1 - {r2}) x ({n} - {p} - 1) / ({n} - 1)", "the factor turned over, which rewards features instead of charging for them"),
            Slip("{r2} x ({n} - {p} - 1) / ({n} - 1)", "the factor put on R squared and not on what is unexplained"),
            Slip("1 - (1 - {r2}) x {n} / ({n} - {p})", "the formula without its ones"),
            Slip("{r2}", "R squared itself, without a penalty"),
        ),
    ),
    Formula(
        "mase",
        "MASE",
        ("mase", "mean absolute scaled error"),
        (
            Input("model", "amount", ("model's mae", "model mae", "mae of the model", "mae", "forecast's mean absolute error"), draws=(3.0, 6.0, 9.0)),
            Input(
                "naive",
                "amount",
                ("mae of a naive forecast", "naive mae", "mae of the naive forecast", "naive forecast", "naive", "that of a naive forecast"),
                draws=(4.0, 5.0, 12.0),
            ),
        ),
        "{model} / {naive}",
        stems=("A forecast has [an MAE of {model}], and the naive forecast has [an MAE of {naive}]. What is the MASE?",),
        slips=(
            Slip("{naive} / {model}", "the fraction turned over"),
            Slip("1 - {model} / {naive}", "the gain over the naive forecast"),
            Slip("{naive} - {model}", "the difference of the two, and MASE is their ratio"),
            Slip("{model} / ({model} + {naive})", "the error over the sum of both"),
        ),
    ),
    Formula(
        "silhouette",
        "Silhouette",
        ("silhouette", "silhouette coefficient", "silhouette score"),
        (
            Input("a", "amount", ("mean distance inside", "distance inside", "intra-cluster distance", "within-cluster distance"), ("a",), (1.0, 2.0, 3.0)),
            Input(
                "b",
                "amount",
                ("next cluster", "nearest cluster distance", "distance to the next cluster", "inter-cluster distance", "nearest cluster"),
                ("b",),
                (4.0, 5.0, 8.0, 12.0),
            ),
        ),
        "({b} - {a}) / the larger of {a} and {b}",
        stems=("A point has [a mean distance of {a} inside its cluster] and [one of {b} to the next cluster]. What is its silhouette?",),
        slips=(
            Slip("({a} - {b}) / the larger of {a} and {b}", "the difference taken the wrong way round"),
            Slip("{a} / {b}", "the ratio of the two distances"),
            Slip("({b} - {a}) / ({a} + {b})", "the difference over the sum of both, not over the larger"),
            Slip("({b} - {a}) / {a}", "the difference over the distance inside, not over the larger"),
        ),
    ),
    Formula(
        "perplexity",
        "Perplexity",
        ("perplexity",),
        (
            Input(
                "loss",
                "amount",
                ("average negative log-likelihood", "negative log-likelihood", "cross-entropy", "average loss", "nll"),
                draws=(1.5, 2.0, 2.5, 3.0),
            ),
        ),
        "exp({loss})",
        (r"exponential of the (?:average|mean) (?:negative log[\s-]likelihood|cross[\s-]entropy|loss)",),
        stems=("A language model has [an average negative log-likelihood of {loss}] per token. What is its perplexity?",),
        slips=(
            Slip("2 ^ {loss}", "two to that power, and the natural logarithm asks for e"),
            Slip("{loss} ^ 2", "the loss squared"),
            Slip("1 / exp({loss})", "the mean probability of a token: perplexity is its inverse"),
            Slip("10 ^ {loss}", "ten to that power, and the natural logarithm asks for e"),
        ),
    ),
)
