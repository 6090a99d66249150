"""Fitted numbers in: linear models by feature name, read from tutor/data/*.json, which only `python -m evals calibrate` writes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

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

    def probability(self, row: Sequence[float]) -> float:
        """The logistic of one row's sum."""
        total = float(np.dot(np.asarray(row), self.weights)) + self.bias
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, total))))


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
