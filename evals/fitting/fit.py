"""Features and labels in, weights out: convex fits of a few dozen numbers, the same on every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier

from tutor.weights import Tree

Rows = NDArray[np.float64]
Labels = NDArray[np.bool_]


TREES: Final = 120
RATE: Final = 0.06
"""What each tree counts."""


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


def balanced(labels: Labels, sets: Sequence[str]) -> Rows:
    """Weights of rows under which each set, and in each set both labels, weigh the same: or a model would learn to tell
    the sets apart, where one of them has more of a label. They add up to the number of rows."""
    names = np.array(sets)
    weight = np.zeros(len(labels))
    for name in set(sets):
        for label in (True, False):
            own = (names == name) & (labels == label)
            weight[own] = 1.0 / max(1, own.sum())
    return np.asarray(weight * (len(labels) / weight.sum()))


def classifier(rows: Rows, labels: Labels, ridge: float, weight: Rows, signs: Sequence[int] | None = None) -> Fit:
    """Logistic regression over weighted rows, with an L2 penalty on standardised features.

    `signs`, one a feature, keeps a weight from 0 up (1), down to 0 (-1), or at 0 (0).
    """
    mean, scale = _standard(rows)
    x = (rows - mean) / scale
    sign = np.where(labels, 1.0, -1.0)

    def loss(theta: Rows) -> tuple[float, Rows]:
        margin = sign * (x @ theta[:-1] + theta[-1])
        total = float(np.sum(weight * np.logaddexp(0.0, -margin)))
        pull = -weight * sign / (1.0 + np.exp(np.clip(margin, -60, 60)))
        slope = np.append(x.T @ pull + 2 * ridge * theta[:-1], pull.sum())
        return total + ridge * float(theta[:-1] @ theta[:-1]), slope

    bounds = None if signs is None else [*((0.0 if s >= 0 else None, 0.0 if s <= 0 else None) for s in signs), (None, None)]
    theta = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 1000}).x
    return Fit(theta[:-1] / scale, float(theta[-1] - (theta[:-1] / scale) @ mean))


def boosted(rows: Rows, labels: Labels, names: Sequence[str], weight: Rows) -> list[Tree]:
    """Small trees whose sum is the log odds of the label, for weighted rows in which both labels weigh the same.

    Gradient boosting on the logistic loss (Friedman 2001), each tree on 70 % of the rows and, at each split, on 30 % of
    the features; the same trees on every run.
    """
    made = GradientBoostingClassifier(
        n_estimators=TREES, learning_rate=RATE, max_leaf_nodes=6, max_depth=None, min_samples_leaf=20, subsample=0.7, max_features=0.3, random_state=0
    ).fit(rows, labels, sample_weight=weight)
    return [_tree(one.tree_, 0, names) for one in made.estimators_[:, 0]]


def _tree(tree: Any, at: int, names: Sequence[str]) -> Tree:
    if tree.children_left[at] < 0:
        return round(RATE * float(tree.value[at, 0, 0]), 5)
    left, right = (_tree(tree, int(child[at]), names) for child in (tree.children_left, tree.children_right))
    return [names[tree.feature[at]], float(f"{tree.threshold[at]:.6g}"), left, right]


def _standard(rows: Rows) -> tuple[Rows, Rows]:
    return rows.mean(axis=0), rows.std(axis=0) + 1e-6


def folds(count: int, parts: int, seed: int) -> list[Labels]:
    """A random split of `count` rows into `parts` test sets, each as a mask."""
    order = np.random.default_rng(seed).permutation(count)
    return [np.isin(np.arange(count), order[k::parts]) for k in range(parts)]


def monotone(rows: Rows, labels: Labels, names: Sequence[str], signs: Mapping[str, int], weight: Rows, rounds: int = TREES) -> list[Tree]:
    """Small trees whose sum is the log odds of the label, each feature counting one way alone where `signs` says which.

    Gradient boosting over histograms (Ke et al. 2017) with monotonic constraints; the first tree is a constant, and the
    trees are the same on every run.
    """
    made = HistGradientBoostingClassifier(
        max_iter=rounds, learning_rate=RATE, max_leaf_nodes=6, min_samples_leaf=20, l2_regularization=1.0, max_features=0.3, random_state=0,
        early_stopping=False, monotonic_cst=[signs.get(name, 0) for name in names],
    ).fit(rows, labels, sample_weight=weight)  # fmt: skip
    return [round(float(made._baseline_prediction[0, 0]), 5), *(_grown(one.nodes, 0, names) for (one,) in made._predictors)]


def _grown(nodes: Any, at: int, names: Sequence[str]) -> Tree:
    node = nodes[at]
    if node["is_leaf"]:
        return round(float(node["value"]), 5)
    threshold = float(node["num_threshold"])  # unrounded: it may be a value of the rows, which then belong to its left
    return [names[node["feature_idx"]], threshold, _grown(nodes, int(node["left"]), names), _grown(nodes, int(node["right"]), names)]
