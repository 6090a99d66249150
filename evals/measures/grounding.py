"""Labelled pairs of a sentence and its quotes in, the numbers of the grounding check and its figures out."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy.stats import rankdata

from evals.fitting import fit
from evals.measures.mutations import mutants
from evals.measures.pairs import Pair, label_hash, read_pairs
from tutor.errors import InputError
from tutor.ground import judge
from tutor.ground.score import FEATURES, SIGNS, features
from tutor.ground.verdict import breaches, doubts, prepare

RIDGE: Final = 10.0
SHARE: Final = 3.0
"""What the mutants weigh, all together, beside the pairs that were labelled unsupported."""
ALARMS: Final = 0.005
"""The share of supported pairs that the lower cut may leave out, beside those that a rule turns away."""
DOUBTED: Final = 0.27
"""The share of supported pairs that break no rule and are called unsure: what that buys stands in the figures."""
BARE: Final = 0.05
"""The share of supported pairs that are called unsure because their quotes know too few of their words."""
SEED_FIT: Final = 1
SEED_TEST: Final = 0
SHUFFLES: Final = 5


@dataclass(frozen=True, slots=True)
class Table:
    """Pairs as rows of FEATURES, with whether a rule turns each away, and whether something else keeps it from being supported."""

    rows: fit.Rows
    broken: fit.Labels
    doubted: fit.Labels


def table(pairs: Sequence[Pair]) -> Table:
    """Pairs as numbers, by the rules and features of the check."""
    rows, broken, doubted = [], [], []
    for p in pairs:
        case = prepare(p.sentence, p.quotes, p.question, p.around)
        found = breaches(case)
        rows.append(features(case, found))
        broken.append(bool(found))
        doubted.append(bool(doubts(case)))
    return Table(np.array(rows), np.array(broken), np.array(doubted))


def calibrated() -> tuple[dict[str, object], dict[str, object]]:
    """The content of tutor/data/ground.json, fitted on the pairs whose split is "fit" and on their mutants, and the figures.

    Weights keep the signs of SIGNS. The cuts are set on odds that each pair got from weights fitted without its note.
    """
    pairs = [p for p in read_pairs() if not p.test]
    wrong = [m.pair for m in mutants(pairs, SEED_FIT)]
    told, mutated = table(pairs), table(wrong)
    labels = np.array([p.supported for p in pairs])
    names = sorted({p.note for p in pairs})
    note, note_of_mutant = (np.array([names.index(p.note) for p in some]) for some in (pairs, wrong))
    odds = np.zeros(len(pairs))
    for seed in range(SHUFFLES):
        for part in fit.folds(len(names), 5, seed):
            out, out_mutant = part[note], part[note_of_mutant]
            made = _fit(told.rows[~out], labels[~out], mutated.rows[~out_mutant])
            odds[out] += (told.rows[out] @ made.weights + made.bias) / SHUFFLES
    free = ~told.broken
    low = _cut(odds[labels & free], ALARMS, int(labels.sum()))
    high = max(low, float(np.quantile(odds[labels & free], DOUBTED)))
    covered = told.rows[:, FEATURES.index("covered_lent")]
    bare = float(np.quantile(covered[labels & free], BARE))
    sure = free & (odds >= high) & (covered >= bare) & ~told.doubted
    unsure = free & (odds >= low) & ~sure
    made = _fit(told.rows, labels, mutated.rows)
    figures: dict[str, object] = {
        "supported": int(labels.sum()),
        "unsupported": int((~labels).sum()),
        "mutants": len(wrong),
        "auroc": round(auroc(odds, labels), 3),
        "balanced_accuracy": round(balanced_accuracy(odds > low, labels), 3),
        "false_alarms": round(float((told.broken | (odds < low))[labels].mean()), 3),
        "unsure_of_supported": round(float(unsure[labels].mean()), 3),
        "passed_as_supported": round(float(sure[~labels].mean()), 3),
        "unsure_of_unsupported": round(float(unsure[~labels].mean()), 3),
    }
    weights = {n: round(float(w), 4) for n, w in zip(FEATURES, made.weights, strict=True) if abs(w) > 5e-5}
    cuts = {"low": round(_probability(low), 4), "high": round(_probability(high), 4), "covered": round(bare, 4)}
    data: dict[str, object] = {"made_by": "python -m evals calibrate ground", "labels": label_hash(), "n": len(pairs), "cross_validated": figures, "cuts": cuts}
    return {**data, "weights": weights, "bias": round(made.bias, 4)}, figures


def _fit(rows: fit.Rows, labels: fit.Labels, mutated: fit.Rows) -> fit.Fit:
    weight = np.concatenate([np.where(labels, (1 + SHARE) / labels.sum(), 1 / (~labels).sum()), np.full(len(mutated), SHARE / len(mutated))])
    known = np.concatenate([labels, np.zeros(len(mutated), dtype=bool)])
    return fit.classifier(np.vstack([rows, mutated]), known, RIDGE, weight * (len(weight) / weight.sum()), [SIGNS.get(n, 0) for n in FEATURES])


def _cut(odds: fit.Rows, share: float, count: int) -> float:
    """The odds below which at most a share of `count` pairs lie."""
    allowed = max(0, int(share * count))
    return float(np.sort(odds)[allowed])


def _probability(odds: float) -> float:
    return float(1 / (1 + np.exp(-odds)))


def auroc(scores: fit.Rows, labels: fit.Labels) -> float:
    """The chance that a positive row scores above a negative one."""
    positives = int(labels.sum())
    return float((rankdata(scores)[labels].sum() - positives * (positives + 1) / 2) / (positives * (len(labels) - positives)))


def balanced_accuracy(said: fit.Labels, labels: fit.Labels) -> float:
    """The mean of the shares of positives and of negatives that are told rightly."""
    return float((said[labels].mean() + (~said[~labels]).mean()) / 2)


def figures() -> dict[str, object]:
    """Figures of the check as it ships, over the pairs of notes that nothing was fitted to, and the mutants of their supported ones."""
    pairs = [p for p in read_pairs() if p.test]
    timed: list[float] = []
    verdicts = [_judged(p, timed) for p in pairs]
    kinds = sorted({(not p.supported, p.kind) for p in pairs})
    found = mutants(read_pairs(), SEED_TEST)
    caught = [_judged(m.pair, timed) for m in found]
    return {
        "pairs": {kind: _shares([v for v, p in zip(verdicts, pairs, strict=True) if p.kind == kind]) for _, kind in kinds},
        "false_alarms": _share(v == "unsupported" for v, p in zip(verdicts, pairs, strict=True) if p.supported),
        "false_alarms_rewrites": _share(v == "unsupported" for v, p in zip(verdicts, pairs, strict=True) if p.supported and p.kind in ("light", "rewrite")),
        "caught": _share(v == "unsupported" for v, p in zip(verdicts, pairs, strict=True) if not p.supported),
        "passed": _share(v in ("exact", "supported") for v, p in zip(verdicts, pairs, strict=True) if not p.supported),
        "mutants": {name: _shares([v for v, m in zip(caught, found, strict=True) if m.operator == name]) for name in dict.fromkeys(m.operator for m in found)},
        "p50_ms": round(float(np.percentile(timed, 50)), 2),
        "p95_ms": round(float(np.percentile(timed, 95)), 2),
    }


def _judged(pair: Pair, timed: list[float]) -> str:
    began = time.perf_counter()
    verdict = judge(pair.sentence, pair.quotes, pair.question, pair.around).verdict
    timed.append(1000 * (time.perf_counter() - began))
    return verdict


def _shares(verdicts: Sequence[str]) -> dict[str, object]:
    return {"n": len(verdicts), "unsupported": _share(v == "unsupported" for v in verdicts), "unsure": _share(v == "unsure" for v in verdicts)}


def _share(values: Iterable[bool]) -> float:
    listed = list(values)
    return round(sum(listed) / max(1, len(listed)), 3)


def beside(path: Path) -> dict[str, object]:
    """Figures over a file of somebody else's labels: tab-separated, with columns knowledge, response and begin_label, of which
    "Fully attributable" is the positive one (BEGIN, Dziri et al. 2022). Nothing of it is kept.

    `fitted`: the features with a logistic regression of their own, mean of 5 x 5 folds with its 95 % interval over the
    folds; `shipped`: the weights and verdicts as they are.
    """
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    if not lines or not {"knowledge", "response", "begin_label"} <= set(lines[0]):
        raise InputError(f"{path} must have the columns knowledge, response and begin_label.")
    labels = np.array([r["begin_label"] == "Fully attributable" for r in lines])
    pairs = [Pair("", "", (r["knowledge"],), (), "", r["response"], bool(label), "", True) for r, label in zip(lines, labels, strict=True)]
    rows = table(pairs).rows
    signs = [SIGNS.get(n, 0) for n in FEATURES]
    accuracies, areas = [], []
    for seed in range(SHUFFLES):
        for out in fit.folds(len(labels), 5, seed):
            made = fit.classifier(rows[~out], labels[~out], 1.0, fit.balanced(labels[~out], ["all"] * int((~out).sum())), signs)
            odds = rows[out] @ made.weights + made.bias
            accuracies.append(balanced_accuracy(odds > 0, labels[out]))
            areas.append(auroc(odds, labels[out]))
    judged = [judge(p.sentence, p.quotes) for p in pairs]
    scores = np.array([j.score - (j.verdict == "unsupported") + (j.verdict == "exact") for j in judged])
    kept = np.array([j.verdict != "unsupported" for j in judged])
    return {
        "pairs": len(labels),
        "fitted": {"balanced_accuracy": _interval(accuracies), "auroc": _interval(areas)},
        "shipped": {
            "balanced_accuracy": round(balanced_accuracy(kept, labels), 3),
            "auroc": round(auroc(scores, labels), 3),
            "false_alarms": round(float((~kept)[labels].mean()), 3),
            "caught": round(float((~kept)[~labels].mean()), 3),
        },
    }


def _interval(values: Sequence[float]) -> list[float]:
    """The mean, and the 2.5 and 97.5 % quantiles over the folds."""
    return [round(float(v), 3) for v in (np.mean(values), np.quantile(values, 0.025), np.quantile(values, 0.975))]
