"""Metrics of classifiers, from the four counts of a confusion matrix and from one another."""

from __future__ import annotations

from typing import Final

from tutor.formulas.nouns import Formula, Input, Slip

TP: Final = Input(
    "tp", "count", ("true positives", "true positive", "tp", "tps", "hits", "found", "caught"), draws=(40.0, 45.0, 60.0, 72.0, 80.0, 90.0, 120.0, 150.0)
)
FP: Final = Input(
    "fp",
    "count",
    ("false positives", "false positive", "fp", "fps", "false alarms", "false alarm", "flagged wrongly", "wrongly flagged"),
    draws=(5.0, 10.0, 15.0, 20.0, 30.0, 48.0),
)
FN: Final = Input(
    "fn", "count", ("false negatives", "false negative", "fn", "fns", "misses", "missed positives", "missed"), draws=(8.0, 12.0, 18.0, 25.0, 36.0, 60.0)
)
TN: Final = Input("tn", "count", ("true negatives", "true negative", "tn", "tns"), draws=(210.0, 350.0, 480.0, 820.0, 895.0))
COUNTS: Final = (TP, FP, FN, TN)
_ALL: Final = ("all cases", "total", "all predictions", "total predictions", "total cases", "all examples", "total number of predictions", "n", "total samples")
_POSITIVE: Final = ("all positives", "actual positives", "all actual positives", "total actual positives", "positives", "p")
_NEGATIVE: Final = ("all negatives", "actual negatives", "all actual negatives", "total actual negatives", "negatives", "n")
_FLAGGED: Final = (
    "predicted positives",
    "all predicted positives",
    "positive predictions",
    "all positive predictions",
    "total predicted positives",
    "flagged cases",
)
PRECISION: Final = Input(
    "precision", "share", ("precision", "prec", "ppv", "positive predictive value", "p"), ("pr",), (0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9), "precision"
)
RECALL: Final = Input(
    "recall", "share", ("recall", "rec", "sensitivity", "true positive rate", "tpr", "r"), ("re",), (0.3, 0.45, 0.5, 0.65, 0.8, 0.85, 0.95), "recall"
)
SPECIFICITY: Final = Input("specificity", "share", ("specificity", "true negative rate", "tnr"), (), (0.6, 0.7, 0.82, 0.9, 0.94, 0.98), "specificity")
_SET: Final = r"(?:share|proportion|fraction|percentage|percent|ratio|portion|part|number)\s+of\s+(?:all\s+|the\s+|total\s+)*"
_TRULY: Final = r"[^.;]{0,30}?\b(?:truly|actually|really|indeed|correct\w*|right|true)\b"
_MATRIX: Final = (
    "A fraud model is tested on held-out payments: [{tp} true positives], [{fp} false positives], [{fn} false negatives] and [{tn} true negatives]. What is its {asked}?",
    "A classifier of defective parts gives [{tp} true positives], [{fp} false positives], [{fn} false negatives] and [{tn} true negatives] in a pilot. Which value is its {asked}?",
    "On a labeled test set, a churn model has [{tp} true positives] and [{fn} false negatives] among the customers who left, and [{fp} false positives] and [{tn} true negatives] among those who stayed. What {asked} does the team report?",
)


def _matrix(asked: str) -> tuple[str, ...]:
    return tuple(stem.replace("{asked}", asked) for stem in _MATRIX)


_AS_ACCURACY: Final = Slip("({tp} + {tn}) / ({tp} + {tn} + {fp} + {fn})", "the accuracy: the share of all cases that are right")
_AS_PRECISION: Final = Slip("{tp} / ({tp} + {fp})", "the precision: the share of the flagged cases that are truly positive")
_AS_RECALL: Final = Slip("{tp} / ({tp} + {fn})", "the recall: the share of the actual positives that were found")
_AS_SPECIFICITY: Final = Slip("{tn} / ({tn} + {fp})", "the specificity: the share of the actual negatives that were left alone")
_AS_FPR: Final = Slip("{fp} / ({fp} + {tn})", "the false positive rate: the share of the actual negatives that were flagged")
_AS_FNR: Final = Slip("{fn} / ({fn} + {tp})", "the share of the actual positives that were missed")
_AS_FDR: Final = Slip("{fp} / ({fp} + {tp})", "the share of the flagged cases that are wrong")

FORMULAS: Final = (
    Formula(
        "accuracy",
        "Accuracy",
        ("accuracy",),
        COUNTS,
        "({tp} + {tn}) / ({tp} + {tn} + {fp} + {fn})",
        (
            _SET + r"(?:predictions?|cases?|examples?|instances?|samples?|classifications?)\b[^.;]{0,30}\b(?:right|correct\w*)",
            _SET + r"(?:correct|right)\s+(?:predictions|classifications)",
        ),
        totals=tuple((name, "{tp} + {tn} + {fp} + {fn}") for name in _ALL),
        most=1.0,
        stems=_matrix("accuracy"),
        slips=(
            _AS_PRECISION,
            _AS_RECALL,
            _AS_SPECIFICITY,
            Slip("{tp} / ({tp} + {tn} + {fp} + {fn})", "the true positives over all cases, without the true negatives"),
        ),
    ),
    Formula(
        "precision",
        "Precision",
        ("precision", "positive predictive value", "ppv"),
        (TP, FP),
        "{tp} / ({tp} + {fp})",
        (
            _SET
            + r"(?:predicted[\s-]+positives?|positive[\s-]+(?:predictions?|identifications?|results?|calls?)|flagged(?: cases)?|alarms|cases (?:flagged|predicted)[^.;]{0,15})\b"
            + _TRULY,
        ),
        totals=tuple((name, "{tp} + {fp}") for name in _FLAGGED),
        beside=(FN, TN),
        most=1.0,
        stems=_matrix("precision"),
        slips=(_AS_RECALL, _AS_ACCURACY, _AS_SPECIFICITY, _AS_FDR),
    ),
    Formula(
        "recall",
        "Recall",
        ("recall", "sensitivity", "true positive rate", "tpr", "hit rate"),
        (TP, FN),
        "{tp} / ({tp} + {fn})",
        (
            _SET
            + r"(?:actual(?:ly)?[\s-]+|real\s+|true\s+)?positives?\b(?: cases?| instances?)?[^.;]{0,25}\b(?:found|identified|detected|caught|finds?|flagged|catches|captured)\b",
        ),
        totals=tuple((name, "{tp} + {fn}") for name in _POSITIVE),
        beside=(FP, TN),
        most=1.0,
        stems=_matrix("recall"),
        slips=(_AS_PRECISION, _AS_ACCURACY, _AS_SPECIFICITY, _AS_FNR),
    ),
    Formula(
        "specificity",
        "Specificity",
        ("specificity", "true negative rate", "tnr", "selectivity"),
        (TN, FP),
        "{tn} / ({tn} + {fp})",
        (_SET + r"(?:actual\s+|real\s+|true\s+)?negatives?\b(?: cases?)?[^.;]{0,25}\b(?:left|identified|rejected|unflagged|recogni[sz]ed)\b",),
        totals=tuple((name, "{tn} + {fp}") for name in _NEGATIVE),
        beside=(TP, FN),
        most=1.0,
        stems=_matrix("specificity"),
        slips=(_AS_RECALL, _AS_PRECISION, _AS_ACCURACY, _AS_FPR),
    ),
    Formula(
        "false positive rate",
        "False positive rate",
        ("false positive rate", "fpr", "fall-out"),
        (FP, TN),
        "{fp} / ({fp} + {tn})",
        (_SET + r"(?:actual\s+|real\s+|true\s+)?negatives?\b(?: cases?)?[^.;]{0,25}\b(?:flagged|wrongly|mistake\w*|incorrectly|falsely)\b",),
        totals=tuple((name, "{tn} + {fp}") for name in _NEGATIVE),
        beside=(TP, FN),
        most=1.0,
        stems=_matrix("false positive rate"),
        slips=(
            _AS_FDR,
            _AS_FNR,
            _AS_SPECIFICITY,
            Slip("{fp} / ({tp} + {tn} + {fp} + {fn})", "the false positives over all cases, not over the actual negatives"),
        ),
    ),
    Formula(
        "false negative rate",
        "False negative rate",
        ("false negative rate", "fnr", "miss rate"),
        (FN, TP),
        "{fn} / ({fn} + {tp})",
        totals=tuple((name, "{tp} + {fn}") for name in _POSITIVE),
        beside=(FP, TN),
        most=1.0,
        stems=_matrix("false negative rate"),
        slips=(_AS_RECALL, _AS_FPR, _AS_FDR, Slip("{fn} / ({fn} + {tn})", "the share of the cases left alone that are positive")),
    ),
    Formula(
        "negative predictive value",
        "Negative predictive value",
        ("negative predictive value", "npv"),
        (TN, FN),
        "{tn} / ({tn} + {fn})",
        beside=(TP, FP),
        most=1.0,
        stems=_matrix("negative predictive value"),
        slips=(_AS_SPECIFICITY, _AS_PRECISION, _AS_ACCURACY, _AS_RECALL),
    ),
    Formula(
        "f1",
        "F1",
        ("f1", "f1 score", "f1 measure", "f score", "f measure"),
        (PRECISION, RECALL),
        "2 x {precision} x {recall} / ({precision} + {recall})",
        (r"harmonic mean\b",),
        most=1.0,
        stems=(
            "A fraud model reaches [a precision of {precision}] and [a recall of {recall}]. What is its F1 score?",
            "Two metrics of a spam filter are reported: [precision {precision}] and [recall {recall}]. The team wants them as one F1 value. Which is it?",
            "After a threshold change, a classifier of scans has [a recall of {recall}] at [a precision of {precision}]. What F1 score goes into the model card?",
        ),
        slips=(
            Slip("({precision} + {recall}) / 2", "the arithmetic mean of the two, and F1 is their harmonic mean"),
            Slip("{precision} x {recall} / ({precision} + {recall})", "half of F1: the factor 2 is missing"),
            Slip("{precision} x {recall}", "the product of the two, not divided by their sum"),
            Slip("2 x {precision} x {recall}", "twice the product, not divided by the sum of the two"),
        ),
    ),
    Formula(
        "f beta",
        "F-beta",
        ("f beta", "fbeta", "f beta score"),
        (PRECISION, RECALL, Input("beta", "amount", ("beta",), draws=(0.5, 2.0))),
        "(1 + {beta} ^ 2) x {precision} x {recall} / ({beta} ^ 2 x {precision} + {recall})",
        stems=("A classifier has [precision {precision}] and [recall {recall}]. What is its F-beta score with [beta = {beta}]?",),
        slips=(
            Slip("2 x {precision} x {recall} / ({precision} + {recall})", "F1, which weighs the two alike"),
            Slip("(1 + {beta} ^ 2) x {precision} x {recall} / ({beta} ^ 2 x {recall} + {precision})", "the weight put on the wrong one of the two"),
            Slip("({precision} + {recall}) / 2", "the arithmetic mean of the two"),
            Slip("{precision} x {recall}", "the product of the two"),
        ),
    ),
    Formula(
        "balanced accuracy",
        "Balanced accuracy",
        ("balanced accuracy",),
        (RECALL, SPECIFICITY),
        "({recall} + {specificity}) / 2",
        (r"mean of recall and specificity", r"(?:mean|average) of the recalls? of (?:each|the) class"),
        stems=(
            "On rare defects, a classifier has [a recall of {recall}] and [a specificity of {specificity}]. What is its balanced accuracy?",
            "A two-class model finds defects with [recall {recall}] and clears good parts with [specificity {specificity}]. Which balanced accuracy follows?",
        ),
        slips=(
            Slip("2 x {recall} x {specificity} / ({recall} + {specificity})", "the harmonic mean of the two, and balanced accuracy is their plain mean"),
            Slip("{recall} x {specificity}", "the product of the two"),
            Slip("{recall} + {specificity} - 1", "the sum of the two less one, which is another index"),
            Slip("1 - ({recall} + {specificity}) / 2", "the balanced error: one minus balanced accuracy"),
        ),
    ),
)
