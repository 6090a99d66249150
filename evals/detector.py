"""A sentence and the quotes that it cites in, whether they hold it out: the judge of the harness.

It reads a sentence as the tutor's own check does, but decides by cuts of its own: they come from pairs of our notes and cassettes
that two people labelled, and are written by `python -m evals calibrate detector` and by nothing else.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from evals.cases import GOLD
from evals.fitting import fit
from evals.measures.grounding import auroc, balanced_accuracy
from tutor.ground import judge

Found = Literal["supported", "unsure", "unsupported"]
LABELS: Final = GOLD / "detector.jsonl"
FILE: Final = Path(__file__).resolve().parent / "detector.json"
PASSED: Final = 0.05
"""The share of unsupported pairs that may be called supported."""
SHUFFLES: Final = 5
DRAWS: Final = 2_000

Scores = NDArray[np.float64]
Labels = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cuts:
    """Scores below `low` are unsupported, from `high` on supported, unsure between."""

    low: float
    high: float


def verdict(sentence: str, quotes: Sequence[str], question: str = "", around: Sequence[str] = ()) -> Found:
    """Whether the quotes support a sentence; `around` and the question may lend names, never facts."""
    cuts, found = _cuts(), score(sentence, quotes, question, around)
    return "unsupported" if found < cuts.low else "supported" if found >= cuts.high else "unsure"


def score(sentence: str, quotes: Sequence[str], question: str = "", around: Sequence[str] = ()) -> float:
    """How far a sentence is supported, 0 to 1: its probability by the tutor's check where that has no objection, 1 where it stands
    there word for word; half of it where a doubt is left, a quarter where too little of it is there, 0 where a rule turns it away."""
    found = judge(sentence, quotes, question, around)
    if found.verdict == "unsupported":
        return found.score / 4 if found.rule == "score" else 0.0
    return found.score / 2 if found.verdict == "unsure" else found.score


@lru_cache(maxsize=1)
def _cuts() -> Cuts:
    read = json.loads(FILE.read_text(encoding="utf-8"))
    return Cuts(float(read["low"]), float(read["high"]))


def calibrate() -> dict[str, object]:
    """Set the cuts by the labelled pairs and write them; returns how well they tell pairs of notes that they were not set by."""
    rows = labelled()
    scores = np.array([score(r["sentence"], r["quotes"], r["question"]) for r in rows])
    labels = np.array([r["label"] == "supported" for r in rows])
    notes = [str(r["note"]) for r in rows]
    first, second = (np.array([r[name] == "supported" for r in rows]) for name in ("first", "second"))
    made = cut(scores, labels)
    figures = {
        "pairs": len(rows),
        "supported": int(labels.sum()),
        "two_readings_kappa": round(_kappa(first, second), 3),
        "balanced_accuracy": crossed(scores, labels, notes),
        "auroc": round(auroc(scores, labels), 3),
        "supported_passed": round(float((scores >= made.high)[labels].mean()), 3),
        "unsupported_passed": round(float((scores >= made.high)[~labels].mean()), 3),
    }
    data = {"made_by": "python -m evals calibrate detector", "labels": label_hash(), "low": made.low, "high": made.high, "cross_validated": figures}
    FILE.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8", newline="\n")
    _cuts.cache_clear()
    return figures


def labelled(path: Path = LABELS) -> list[dict[str, Any]]:
    """The pairs, each with the label of two readings and the one that was settled on."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def label_hash(path: Path = LABELS) -> str:
    """A digest of the labels, so that cuts set by other ones are seen."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:16]


def cut(scores: Scores, labels: Labels) -> Cuts:
    """`low` where balanced accuracy is greatest, the lowest of such; `high` so that at most PASSED of the unsupported reach it."""
    tried = np.unique(scores)
    low = float(max(tried, key=lambda c: (balanced_accuracy(scores >= c, labels), -c)))
    wrong = np.sort(scores[~labels])[::-1]
    high = max(low, float(np.nextafter(wrong[int(PASSED * len(wrong))], 2)))
    return Cuts(math.floor(1e4 * low) / 1e4, math.ceil(1e4 * high) / 1e4)


def crossed(scores: Scores, labels: Labels, notes: Sequence[str]) -> dict[str, float]:
    """Balanced accuracy by cuts that were set without the pair's note, mean of 5 x 5 folds, with its 95 % interval by drawing notes anew."""
    names = sorted(set(notes))
    group = np.array([names.index(n) for n in notes])
    said = np.zeros((SHUFFLES, len(labels)), dtype=bool)
    for seed in range(SHUFFLES):
        for part in fit.folds(len(names), 5, seed):
            out = part[group]
            said[seed, out] = scores[out] >= cut(scores[~out], labels[~out]).low
    dice, drawn = np.random.default_rng(0), []
    for _ in range(DRAWS):
        rows = np.concatenate([np.flatnonzero(group == g) for g in dice.integers(0, len(names), len(names))])
        if 0 < labels[rows].sum() < len(rows):
            drawn.append(balanced_accuracy(said[0, rows], labels[rows]))
    mean = float(np.mean([balanced_accuracy(s, labels) for s in said]))
    return {"mean": round(mean, 3), "low": round(float(np.quantile(drawn, 0.025)), 3), "high": round(float(np.quantile(drawn, 0.975)), 3)}


def _kappa(one: Labels, other: Labels) -> float:
    chance = one.mean() * other.mean() + (1 - one.mean()) * (1 - other.mean())
    return float(((one == other).mean() - chance) / (1 - chance))
