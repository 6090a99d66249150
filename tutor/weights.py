"""Fitted numbers in: linear models and trees by feature name, read from tutor/data/*.json, which only `python -m evals calibrate` writes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Linear:
    """A weighted sum over named features."""

    names: tuple[str, ...]
    weights: NDArray[np.float64]
    bias: float = 0.0

    def scores(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The sums for rows of shape (n, features)."""
        return np.asarray(rows @ self.weights + self.bias)

    def score(self, row: NDArray[np.float64]) -> float:
        """The sum for one row of shape (features,)."""
        return float(np.dot(row, self.weights)) + self.bias


Tree = Any
"""A leaf's value, or [feature, threshold, the tree for at most the threshold, the tree for more]."""


@dataclass(frozen=True, slots=True)
class Trees:
    """A sum of small decision trees over named features (gradient boosting, Friedman 2001)."""

    names: tuple[str, ...]
    trees: tuple[Tree, ...]

    def score(self, row: NDArray[np.float64]) -> float:
        """The sum for one row of shape (features,)."""
        place = {name: at for at, name in enumerate(self.names)}
        return sum(_leaf(tree, row, place) for tree in self.trees)


def _leaf(tree: Any, row: NDArray[np.float64], place: Mapping[str, int]) -> float:
    while not isinstance(tree, (int, float)):
        name, threshold, at_most, more = tree
        tree = at_most if row[place[name]] <= threshold else more
    return float(tree)


def read(name: str) -> Mapping[str, object]:
    """A file of tutor/data as a mapping."""
    loaded = json.loads(files("tutor").joinpath("data", f"{name}.json").read_text(encoding="utf-8"))
    return dict(loaded)


def linear(data: Mapping[str, object], names: Sequence[str]) -> Linear:
    """A model from its mapping of weights; a feature that it does not name counts nothing.

    Raises ValueError when it names a feature that does not exist: then it was fitted for other code.
    """
    weights = data["weights"]
    if not isinstance(weights, dict):
        raise ValueError("weights must be a mapping")
    unknown = set(weights) - set(names)
    if unknown:
        raise ValueError(f"unknown features {sorted(unknown)}: run `python -m evals calibrate`")
    bias = data.get("bias", 0.0)
    return Linear(tuple(names), np.array([float(weights.get(n, 0.0)) for n in names]), float(bias) if isinstance(bias, (int, float)) else 0.0)


def trees(data: Mapping[str, Any], names: Sequence[str]) -> Trees:
    """Trees from their mapping. Raises ValueError when they split on a feature that does not exist."""
    unknown = {name for tree in data["trees"] for name in _splits(tree)} - set(names)
    if unknown:
        raise ValueError(f"unknown features {sorted(unknown)}: run `python -m evals calibrate`")
    return Trees(tuple(names), tuple(data["trees"]))


def _splits(tree: Any) -> Iterator[str]:
    if not isinstance(tree, (int, float)):
        yield str(tree[0])
        yield from _splits(tree[2])
        yield from _splits(tree[3])
