"""Marked attempts in, the numbers of the marking of free text and its figures out."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from evals.fitting import fit
from evals.measures import attempts
from evals.measures.attempts import GRADING, MARKING, TRAIN, UNSEEN, Marked
from evals.measures.grounding import auroc
from tutor import embed
from tutor import weights as stored
from tutor.exam import Grade, Mark
from tutor.grading import marks, orders, unmarkable
from tutor.grading.features import CONTRARY, FEATURES, SIGNS, row, rows
from tutor.grading.known import know
from tutor.grading.meaning import Reader
from tutor.grading.written import grade
from tutor.weights import Trees

DATA: Final = Path(stored.__file__).resolve().parent / "data" / "marking.json"
FOLDS: Final = 5
MADE: Final = 0.5
"""What an attempt weighs that nobody labelled, beside one that somebody did."""
RIDGE: Final = 1.0
RIGHT: Final = 0.9
"""The share of marks beyond each cut that must be right, several points."""
TOLD: Final = 0.45
"""The share of pupils' answers that is told, one point."""
BOUND: Final = 0.44
"""The largest standard error of a score that is given."""
BARE: Final = 0.05
"""The share of covered points whose new words are met so little that they are not called covered."""
SPARE: Final = 0.6
"""The probability of the contrary from which a point that is not covered is contradicted."""


@dataclass(frozen=True, slots=True)
class Table:
    """Points as rows of FEATURES, with their labels, the questions and the answers (by number) that they belong to."""

    rows: fit.Rows
    labels: list[str]
    groups: np.ndarray[tuple[int], np.dtype[np.str_]]
    weight: fit.Rows
    answer: np.ndarray[tuple[int], np.dtype[np.int64]]

    def answers(self) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
        """The places of each answer's rows."""
        return np.split(np.arange(len(self.answer)), np.flatnonzero(np.diff(self.answer)) + 1)

    def having(self, label: str) -> fit.Labels:
        """Which rows have a label."""
        return np.array([one == label for one in self.labels])


def table(marked: Sequence[Marked], reader: Reader) -> Table:
    """Labelled attempts as numbers; those that are told without numbers (blank, lists of key words, echoes) are left out."""
    found, labels, groups, weight, answer = [], [], [], [], []
    for number, one in enumerate(marked):
        text, _ = orders.answering(one.text, (one.question, one.reference, *one.points))
        if unmarkable.is_blank(text) or unmarkable.is_list(text, one.question) or unmarkable.is_echo(text, one.question):
            continue
        for made, label in zip(rows(know(one.question, one.reference, one.points, reader), text, reader), one.labels, strict=True):
            if label is not None:
                found.append(row(made.values))
                labels.append(label)
                groups.append(one.group)
                weight.append(MADE if one.kind == "+" else 1.0)
                answer.append(number)
    return Table(np.array(found), labels, np.array(groups), np.array(weight), np.array(answer))


def calibrate(folder: Path) -> dict[str, object]:
    """Fit, write tutor/data/marking.json, and return the figures by cross-validation. Some ten minutes on two cores."""
    data, figures = calibrated(folder)
    DATA.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")
    marks.judge.cache_clear()
    return figures


def calibrated(folder: Path) -> tuple[dict[str, object], dict[str, object]]:
    """The content of tutor/data/marking.json, and the figures by cross-validation over questions.

    `folder` holds the SemEval files: the trees for a single point are fitted to these, those for one of several to our own
    attempts. How points bear on each other is fitted to odds that each got from trees fitted without its question.
    """
    reader = _reader()
    own = [*sorted(MARKING.glob("*.jsonl")), GRADING]
    labelled = attempts.read(*own)
    several = table([*labelled, *attempts.further(labelled)], reader)
    single = table(attempts.semeval(folder / TRAIN), reader)
    odds = _crossed(several)
    together = np.vstack([marks.among(odds[at]) for at in several.answers()])
    order = np.concatenate(several.answers())
    beside, chances = {}, {}
    for name, label in (("covered", "covered"), ("contrary", "contradicted")):
        wanted, weight = several.having(label)[order], several.weight[order]
        made = fit.classifier(together, wanted, RIDGE, weight)
        beside[name] = {"weights": {n: round(float(w), 4) for n, w in zip(marks.BESIDE, made.weights, strict=True)}, "bias": round(made.bias, 4)}
        chances[name] = np.zeros(len(order))
        for out in _parts(several.groups[order]):
            held = fit.classifier(together[~out], wanted[~out], RIDGE, weight[~out])
            chances[name][out] = 1 / (1 + np.exp(-(together[out] @ held.weights + held.bias)))
    real = several.weight[order] == 1
    labels = several.having("covered")[order][real]
    low, high = _sure(chances["covered"][real], labels)
    alone = 1 / (1 + np.exp(-_crossed(single)[:, 0]))
    far = float(np.quantile(np.abs(alone - 0.5), 1 - TOLD))
    figures: dict[str, object] = {
        "several": _told(chances["covered"][real], labels, low, high)
        | _turned(chances["covered"][real], chances["contrary"][real], several.having("contradicted")[order][real], low),
        "single": _told(alone, single.having("covered"), 0.5 - far, 0.5 + far),
    }
    source = "SemEval-2013 task 7, SciEntsBank (Dzikovska et al. 2013), CC BY-SA 3.0: fitted to; no text of it is kept here"
    data: dict[str, object] = {
        "made_by": "python -m evals calibrate mark --semeval DIR",
        "several_from": {"labels": attempts.label_hash(*own), "attempts": len(labelled)},
        "single_from": {"source": source, "attempts": len(single.labels)},
        "cross_validated": figures,
        "several": _trees(several) | {"beside": beside, "bands": _bands(several, low, high)},
        "single": _trees(single) | {"bands": _bands(single, 0.5 - far, 0.5 + far)},
    }
    return data, figures


def _trees(one: Table) -> dict[str, object]:
    return {
        "covered": {"trees": fit.monotone(one.rows, one.having("covered"), FEATURES, SIGNS, one.weight)},
        "contrary": {"trees": fit.monotone(one.rows, one.having("contradicted"), FEATURES, CONTRARY, one.weight)},
    }


def _bands(one: Table, low: float, high: float) -> dict[str, float]:
    met = one.rows[one.having("covered") & (one.weight == 1), FEATURES.index(marks.MET)]
    return {"low": round(low, 4), "high": round(high, 4), "contrary": SPARE, "bound": BOUND, "met": round(float(np.quantile(met, BARE)), 4)}


def _reader() -> Reader:
    return embed.question_encoder(embed.find())


def _parts(groups: np.ndarray[tuple[int], np.dtype[np.str_]]) -> list[fit.Labels]:
    """The rows of each fifth of the questions."""
    names = sorted(set(groups.tolist()))
    return [np.isin(groups, np.array(names)[part]) for part in fit.folds(len(names), FOLDS, 0)]


def _crossed(one: Table) -> fit.Rows:
    """Each row's odds of being said and of being turned round, shape (rows, 2), from trees fitted without its question."""
    odds = np.zeros((len(one.labels), 2))
    for at, (label, signs) in enumerate((("covered", SIGNS), ("contradicted", CONTRARY))):
        wanted = one.having(label)
        for out in _parts(one.groups):
            trees = Trees(FEATURES, tuple(fit.monotone(one.rows[~out], wanted[~out], FEATURES, signs, one.weight[~out])))
            odds[out, at] = [trees.score(values) for values in one.rows[out]]
    return odds


def _sure(chances: fit.Rows, labels: fit.Labels) -> tuple[float, float]:
    """The widest bands beyond which the share RIGHT of the marks is right, on each side."""
    grid = np.linspace(0.02, 0.98, 97)
    high = next((c for c in grid if c >= 0.5 and (chances >= c).any() and labels[chances >= c].mean() >= RIGHT), 0.98)
    low = next((c for c in grid[::-1] if c <= 0.5 and (chances <= c).any() and (~labels[chances <= c]).mean() >= RIGHT), 0.02)
    return float(low), float(high)


def _told(chances: fit.Rows, labels: fit.Labels, low: float, high: float) -> dict[str, object]:
    told = (chances <= low) | (chances >= high)
    right = (chances >= 0.5) == labels
    return {
        "points": len(labels),
        "auroc": round(auroc(chances, labels), 3),
        "accuracy": round(float(right.mean()), 3),
        "told": round(float(told.mean()), 3),
        "right": round(float(right[told].mean()), 3),
    }


def _turned(covered: fit.Rows, contrary: fit.Rows, labels: fit.Labels, low: float) -> dict[str, object]:
    called = (covered <= low) & (contrary >= SPARE)
    return {
        "contrary_auroc": round(auroc(contrary, labels), 3),
        "contradicted": _share(int(called.sum()), len(called)),
        "contradicted_right": round(float(labels[called].mean()), 3),
    }


def figures(paths: Sequence[Path], folder: Path | None) -> dict[str, object]:
    """Figures of the marking as it ships: over labelled attempts (our own on the course were fitted to), and over SemEval's
    unseen domains, which were not.

    `marks_right` holds covered against not covered, as claimed; a score is held against what an examiner's marks give
    (a point that is contradicted takes one back), its error a mean of absolute differences.
    """
    reader = _reader()
    made: dict[str, object] = {path.stem: _over(attempts.read(path), reader) for path in paths or [GRADING]}
    if folder is not None:
        made["unseen_domains"] = _two_way(attempts.semeval(folder / UNSEEN), reader)
    return made


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an attempt: its grade, and the milliseconds that it took."""

    one: Marked
    grade: Grade
    ms: float

    @property
    def wanted(self) -> float:
        """The score that an examiner's marks give."""
        values = {"covered": 1.0, "partly": 0.5, "contradicted": -1.0}
        return max(0.0, sum(values.get(str(label), 0.0) for label in self.one.labels) / len(self.one.labels))

    @property
    def claimed(self) -> list[tuple[Mark, str | None]]:
        """The marks that were told, each with the examiner's label."""
        return [(m, label) for m, label in zip(self.grade.marks, self.one.labels, strict=True) if m.verdict in ("covered", "missed", "contradicted")]

    @property
    def right(self) -> int:
        """How many of these say covered where the examiner does, and not where he does not."""
        return sum((m.verdict == "covered") == (label == "covered") for m, label in self.claimed)


def mark(one: Marked, reader: Reader) -> Result:
    """Grade a labelled attempt."""
    began = time.perf_counter()
    given = grade({"question": one.question, "reference": one.reference, "key_points": list(one.points)}, one.text, "", reader)
    return Result(one, given, 1000 * (time.perf_counter() - began))


def _over(marked: Sequence[Marked], reader: Reader) -> dict[str, object]:
    found = [mark(one, reader) for one in marked]
    claimed = [told for result in found for told in result.claimed]
    contrary = [label for told, label in claimed if told.verdict == "contradicted"]
    kinds: dict[str, list[tuple[float | None, float]]] = {}
    for result in found:
        kinds.setdefault(result.one.kind, []).append((result.grade.score, result.wanted))
    every = [pair for pairs in kinds.values() for pair in pairs]
    scored = [(s, w) for s, w in every if s is not None]
    return {
        "attempts": len(marked),
        "graded": _share(len(scored), len(every)),
        "mae": _error(scored),
        "marks_claimed": _share(len(claimed), sum(len(r.grade.marks) for r in found)),
        "marks_right": _share(sum(r.right for r in found), len(claimed)),
        "contradicted_right": _share(contrary.count("contradicted"), len(contrary)),
        "overmarked": _share(sum(s - w > OVER for s, w in scored), len(scored)),
        "by_kind": {k: {"graded": _share(sum(s is not None for s, _ in v), len(v)), "mae": _error([(s, w) for s, w in v if s is not None])} for k, v in sorted(kinds.items())},
        "p50_ms": round(float(np.percentile([r.ms for r in found], 50)), 1),
        "p95_ms": round(float(np.percentile([r.ms for r in found], 95)), 1),
    }  # fmt: skip


OVER: Final = 0.3
"""By how much a score may lie above the examiner's before it counts as overmarked."""


def _two_way(marked: Sequence[Marked], reader: Reader) -> dict[str, object]:
    found = [mark(one, reader) for one in marked]
    told = sum(len(result.claimed) for result in found)
    return {"answers": len(marked), "told": _share(told, len(marked)), "right": _share(sum(r.right for r in found), told)}


def _share(part: int, whole: int) -> float:
    return round(part / max(1, whole), 3)


def _error(scored: Sequence[tuple[float, float]]) -> float:
    return round(sum(abs(s - w) for s, w in scored) / max(1, len(scored)), 3)
