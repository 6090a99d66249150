"""Features and labels in, weights out: convex fits of a few dozen numbers, the same on every run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Rows = NDArray[np.float64]
Labels = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights for features as they are (not standardised), and a bias."""

    weights: Rows
    bias: float = 0.0


def ranker(groups: Sequence[tuple[Rows, Labels]], ridge: float) -> Fit:
    """Weights under which, within each group, every positive row outranks the negatives.

    Minimises the mean over positives of -log(exp(s+) / (exp(s+) + sum exp(s-))), with an L2 penalty on standardised
    features (a listwise softmax loss, Cao et al. 2007). Groups without a positive row teach nothing and are left out.
    """
    useful = [(x, y) for x, y in groups if y.any() and not y.all()]
    mean, scale = _standard(np.vstack([x for x, _ in useful]))
    data = [((x - mean) / scale, y) for x, y in useful]

    def loss(weights: Rows) -> tuple[float, Rows]:
        total, slope = 0.0, np.zeros_like(weights)
        for x, y in data:
            scores = x @ weights
            top = scores.max()
            powers = np.exp(scores - top)
            negatives = powers[~y].sum()
            per = 1.0 / np.sqrt(y.sum())
            sums = negatives + powers[y]
            total += per * float(np.sum(np.log(sums) - (scores[y] - top)))
            pull = np.empty(len(scores))
            pull[~y] = powers[~y] * np.sum(1.0 / sums)
            pull[y] = powers[y] / sums - 1.0
            slope += per * (x.T @ pull)
        return total + ridge * float(weights @ weights), slope + 2 * ridge * weights

    found = minimize(loss, np.zeros(len(mean)), jac=True, method="L-BFGS-B", options={"maxiter": 1000}).x
    return Fit(found / scale)


def classifier(rows: Rows, labels: Labels, ridge: float) -> Fit:
    """Logistic regression with both classes weighing the same, and an L2 penalty on standardised features."""
    mean, scale = _standard(rows)
    x = (rows - mean) / scale
    weight = np.where(labels, 0.5 / max(1, labels.sum()), 0.5 / max(1, (~labels).sum())) * len(labels)
    sign = np.where(labels, 1.0, -1.0)

    def loss(theta: Rows) -> tuple[float, Rows]:
        margin = sign * (x @ theta[:-1] + theta[-1])
        total = float(np.sum(weight * np.logaddexp(0.0, -margin)))
        pull = -weight * sign / (1.0 + np.exp(np.clip(margin, -60, 60)))
        slope = np.append(x.T @ pull + 2 * ridge * theta[:-1], pull.sum())
        return total + ridge * float(theta[:-1] @ theta[:-1]), slope

    theta = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 1000}).x
    return Fit(theta[:-1] / scale, float(theta[-1] - (theta[:-1] / scale) @ mean))


def _standard(rows: Rows) -> tuple[Rows, Rows]:
    return rows.mean(axis=0), rows.std(axis=0) + 1e-6


def folds(count: int, parts: int, seed: int) -> list[Labels]:
    """A random split of `count` rows into `parts` test sets, each as a mask."""
    order = np.random.default_rng(seed).permutation(count)
    return [np.isin(np.arange(count), order[k::parts]) for k in range(parts)]
