"""Numbers of data: scaled values, weights of classes, measures of bias between two groups, completeness and overlap."""

from __future__ import annotations

from typing import Final

from tutor.formulas.nouns import Formula, Input, Slip

_VALUE: Final = Input("value", "number", ("value", "observation", "score of", "reading"), ("x",), (62.0, 68.0, 80.0, 130.0))
_A_FIRST: Final = ("facet a", "favored group", "favoured group", "advantaged group", "advantaged", "majority", "group a", "na")
_D_FIRST: Final = ("facet d", "disfavored group", "disfavoured group", "disadvantaged group", "disadvantaged", "minority", "group d", "nd")
_RATE_A: Final = Input(
    "rate_a",
    "share",
    (
        "facet a",
        "favored group",
        "favoured group",
        "advantaged group",
        "group a",
        "qa",
        "rate of positive labels in the favored group",
        "rate in the favored group",
    ),
    ("q'a", "rate of positive predictions in the favored group"),
    (0.5, 0.6, 0.7, 0.8),
)
_RATE_D: Final = Input(
    "rate_d",
    "share",
    ("facet d", "disfavored group", "disfavoured group", "disadvantaged group", "group d", "qd", "rate in the disfavored group"),
    ("q'd", "rate of positive predictions in the disfavored group", "disfavored", "rate of positive labels in the disfavored group"),
    (0.2, 0.3, 0.4, 0.45),
)
_GROUPS: Final = "[the favored group has a rate of {rate_a}] and [the disfavored group one of {rate_d}]"
_RATIO: Final = Slip("{rate_d} / {rate_a}", "the ratio of the two rates, not their difference")
_GAP_SLIPS: Final = (
    _RATIO,
    Slip("{rate_d} - {rate_a}", "the difference taken the wrong way round"),
    Slip("({rate_a} - {rate_d}) / ({rate_a} + {rate_d})", "the difference over the sum of the two"),
    Slip("({rate_a} - {rate_d}) / {rate_a}", "the difference over the first rate"),
)
_RARE: Final = Input("rare", "count", ("positives", "positive rows", "positive examples", "positive cases", "frauds", "positive"), draws=(100.0, 250.0, 400.0))
_COMMON: Final = Input("common", "count", ("negatives", "negative rows", "negative examples", "negative cases", "negative"), draws=(9900.0, 7500.0, 3600.0))

FORMULAS: Final = (
    Formula(
        "z-score",
        "Z-score",
        ("z-score", "z score", "zscore", "standard score", "standardization"),
        (
            _VALUE,
            Input("mean", "number", ("mean", "average", "mu"), ("μ",), (50.0, 56.0)),
            Input("deviation", "amount", ("standard deviation", "deviation", "std dev", "stddev", "std", "sd", "sigma"), ("σ", "s"), (4.0, 5.0, 8.0)),
        ),
        "({value} - {mean}) / {deviation}",
        stems=(
            "A column has [a mean of {mean}] and [a standard deviation of {deviation}]. What is the z-score of [the value {value}]?",
            "Latency had [mean {mean}] and [standard deviation {deviation}] last week. Today shows [a value of {value}]. How many standard deviations from the mean is it?",
        ),
        slips=(
            Slip("({value} - {mean}) / {deviation} ^ 2", "the distance over the variance, not over the standard deviation"),
            Slip("({mean} - {value}) / {deviation}", "the distance with the wrong sign"),
            Slip("{value} / {deviation}", "the value over the deviation: the mean is not taken off"),
            Slip("({value} - {mean}) / {mean}", "the distance over the mean"),
        ),
    ),
    Formula(
        "min-max scaling",
        "Min-max scaled value",
        (
            "min-max scaling",
            "min-max scaled",
            "min-max",
            "min max",
            "minmax",
            "min-max normalization",
        ),
        (
            _VALUE,
            Input("low", "number", ("minimum", "min", "smallest", "from"), ("xmin", "min x"), (10.0, 20.0)),
            Input("high", "number", ("maximum", "max", "largest", "to"), ("xmax", "max x"), (140.0, 180.0, 210.0)),
        ),
        "({value} - {low}) / ({high} - {low})",
        orders=(("low", "value"), ("value", "high")),
        stems=("A column runs from [a minimum of {low}] to [a maximum of {high}]. What does min-max scaling make of [the value {value}]?",),
        slips=(
            Slip("{value} / {high}", "the value over the maximum: the minimum is not taken off"),
            Slip("({value} - {low}) / {high}", "the distance over the maximum, not over the range"),
            Slip("({high} - {value}) / ({high} - {low})", "the distance from the maximum"),
            Slip("{value} / ({high} - {low})", "the value over the range: the minimum is not taken off"),
        ),
    ),
    Formula(
        "robust scaling",
        "Scaled value",
        ("median-based scaling", "robust scaling", "robust scaled", "median-scaled"),
        (
            _VALUE,
            Input("median", "number", ("median",), draws=(50.0, 54.0, 60.0)),
            Input("iqr", "amount", ("interquartile range", "iqr"), draws=(4.0, 8.0, 10.0)),
        ),
        "({value} - {median}) / {iqr}",
        stems=("A column has [a median of {median}] and [an interquartile range of {iqr}]. What does median-based scaling make of [the value {value}]?",),
        slips=(
            Slip("{value} / {iqr}", "the value over the range: the median is not taken off"),
            Slip("({value} - {median}) / {median}", "the distance over the median"),
            Slip("({median} - {value}) / {iqr}", "the distance with the wrong sign"),
            Slip("({value} - {median}) / (1.5 x {iqr})", "the factor of the outlier rule, which scaling does not use"),
        ),
    ),
    Formula(
        "class imbalance",
        "CI",
        ("class imbalance", "ci", "class imbalance metric"),
        (
            Input("a", "count", (*_A_FIRST, "members of facet a"), (), (800.0, 700.0, 640.0, 900.0)),
            Input("d", "count", (*_D_FIRST, "members of facet d"), ("nb",), (200.0, 300.0, 160.0, 100.0)),
        ),
        "({a} - {d}) / ({a} + {d})",
        stems=(
            "A data set has [{d} members of facet d] and [{a} members of facet a]. What is its class imbalance (CI)?",
            "SageMaker Clarify counts [{d} rows of facet d] and [{a} rows of facet a]. Which value of CI does it report?",
        ),
        slips=(
            Slip("{d} / {a}", "the ratio of the two counts"),
            Slip("{a} / ({a} + {d})", "the share of facet a"),
            Slip("{d} / ({a} + {d})", "the share of facet d"),
            Slip("({d} - {a}) / ({a} + {d})", "the difference taken the wrong way round"),
        ),
    ),
    Formula(
        "dpl",
        "DPL",
        ("dpl", "difference in proportions of labels"),
        (_RATE_A, _RATE_D),
        "{rate_a} - {rate_d}",
        stems=("Before training, " + _GROUPS + " of positive labels. What is DPL?",),
        slips=_GAP_SLIPS,
    ),
    Formula(
        "dppl",
        "DPPL",
        ("dppl", "difference in positive proportions in predicted labels"),
        (_RATE_A, _RATE_D),
        "{rate_a} - {rate_d}",
        stems=("After training, " + _GROUPS + " of positive predictions. What is DPPL?",),
        slips=_GAP_SLIPS,
    ),
    Formula(
        "disparate impact",
        "DI",
        ("disparate impact", "di"),
        (_RATE_A, _RATE_D),
        "{rate_d} / {rate_a}",
        (r"rate of positive predictions in the disfavou?red group divided by the rate in the favou?red",),
        stems=("For positive predictions, " + _GROUPS + ". What is the disparate impact (DI)?",),
        slips=(
            Slip("{rate_a} / {rate_d}", "the ratio turned over"),
            Slip("{rate_a} - {rate_d}", "the difference of the rates, not their ratio"),
            Slip("1 - {rate_d} / {rate_a}", "one minus the ratio"),
            Slip("{rate_d} / ({rate_a} + {rate_d})", "the rate over the sum of both"),
        ),
    ),
    Formula(
        "class weight",
        "Weight of the class",
        (
            "weight of the class",
            "class weight",
            "weight of a class",
            "balanced weight",
            "balanced class weight",
            "weight of that class",
            "weight of this class",
        ),
        (
            Input("rows", "count", ("rows", "samples", "examples", "total rows", "all rows"), draws=(10000.0, 12000.0, 20000.0)),
            Input("classes", "count", ("classes", "number of classes"), draws=(2.0, 4.0)),
            Input(
                "own",
                "count",
                ("rows of the class", "rows of this class", "samples of the class", "frauds", "of the class", "in the class"),
                draws=(100.0, 250.0, 400.0),
            ),
        ),
        "{rows} / ({classes} x {own})",
        orders=(("own", "rows"),),
        stems=("A data set has [{rows} rows] in [{classes} classes], and [{own} rows of the class] that matters. Which weight of that class balances it?",),
        slips=(
            Slip("{rows} / {own}", "the ratio without the number of classes"),
            Slip("{own} / {rows}", "the share of the class"),
            Slip("{classes} x {own} / {rows}", "the fraction turned over"),
            Slip("({rows} - {own}) / {own}", "the other rows over those of the class"),
        ),
    ),
    Formula(
        "scale_pos_weight",
        "scale_pos_weight",
        ("scale_pos_weight", "scale pos weight"),
        (_COMMON, _RARE),
        "{common} / {rare}",
        stems=("XGBoost is trained on [{common} negative rows] and [{rare} positive rows]. What is the common first value of scale_pos_weight?",),
        slips=(
            Slip("{rare} / {common}", "the ratio turned over"),
            Slip("({common} + {rare}) / {rare}", "all rows over the positive ones"),
            Slip("{common} / ({common} + {rare})", "the share of the negative rows"),
            Slip("({common} + {rare}) / (2 x {rare})", "the balanced class weight, which is another setting"),
        ),
    ),
    Formula(
        "completeness",
        "Completeness",
        ("completeness",),
        (
            Input(
                "filled",
                "count",
                ("filled values", "filled", "present values", "values present", "non-missing", "non-null values", "have a value", "with a value", "non-null"),
                draws=(9400.0, 9700.0, 7600.0),
            ),
            Input("all", "count", ("all values", "values in all", "total values", "rows", "values in total", "total"), draws=(10000.0, 12000.0)),
        ),
        "{filled} / {all}",
        (r"1 - \(*nulls\)* / \(*rows|share of (?:a column's |filled )?values(?: that are present)?",),
        orders=(("filled", "all"),),
        places=3,
        stems=("A column has [{all} values in all], and [{filled} values are filled]. What is its completeness?",),
        slips=(
            Slip("1 - {filled} / {all}", "the share of missing values"),
            Slip("{all} / {filled}", "the fraction turned over"),
            Slip("({all} - {filled}) / {filled}", "the missing values over the filled ones"),
            Slip("({all} - {filled}) / ({all} + {filled})", "the missing values over the sum of both"),
        ),
    ),
    Formula(
        "completeness of missing",
        "Completeness",
        ("completeness",),
        (
            Input("missing", "count", ("missing values", "missing", "nulls", "null values", "empty values", "empty")),
            Input("all", "count", ("all values", "values in all", "total values", "rows", "records", "total")),
        ),
        "1 - {missing} / {all}",
        orders=(("missing", "all"),),
        bound_by="completeness",
    ),
    Formula(
        "iou",
        "IoU",
        ("iou", "intersection over union"),
        (
            Input("shared", "amount", ("shared area", "intersection", "overlap", "shared", "overlap of a predicted and a true box"), draws=(30.0, 45.0, 60.0)),
            Input("joint", "amount", ("joint area", "union", "total area", "joint", "total area that the two cover"), draws=(90.0, 120.0, 140.0)),
        ),
        "{shared} / {joint}",
        (r"shared area of two boxes divided by their joint area|overlap of a predicted and a true box divided by the total area",),
        orders=(("shared", "joint"),),
        stems=("A predicted and a true box share [an intersection of {shared}] and cover [a union of {joint}]. What is their IoU?",),
        slips=(
            Slip("2 x {shared} / ({joint} + {shared})", "the Dice coefficient: the overlap counted twice over both areas"),
            Slip("{shared} / ({joint} + {shared})", "the overlap counted twice below the line"),
            Slip("1 - {shared} / {joint}", "the share that is not shared"),
            Slip("{joint} / {shared}", "the fraction turned over"),
        ),
    ),
    Formula(
        "tf-idf",
        "TF-IDF",
        ("tf-idf", "tfidf", "tf idf"),
        (
            Input("count", "count", ("count in document", "times", "occurrences"), draws=(2.0, 3.0, 5.0)),
            Input("words", "count", ("words in document", "words", "terms"), draws=(100.0, 200.0)),
            Input(
                "with",
                "count",
                ("documents with the word", "documents contain it", "documents contain the word", "containing documents"),
                draws=(10.0, 50.0, 100.0),
            ),
            Input("documents", "count", ("documents", "all documents", "documents in all"), draws=(1000.0, 10000.0)),
        ),
        "({count} / {words}) x ln({documents} / {with})",
        orders=(("with", "documents"), ("count", "words")),
        places=3,
        stems=(
            "A word stands [{count} times] among [{words} words] of a document. Of [{documents} documents in all], [{with} documents contain the word]. What is its TF-IDF by the plain formula?",
        ),
        slips=(
            Slip("{count} / {words}", "the term frequency alone"),
            Slip("{count} x ln({documents} / {with})", "the bare count in place of the frequency"),
            Slip("({count} / {words}) x log10({documents} / {with})", "the logarithm to the base 10"),
            Slip("({count} / {words}) x {documents} / {with}", "the ratio without its logarithm"),
        ),
    ),
)
