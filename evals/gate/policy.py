"""The policy file in, what the gate asks for out."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from evals.metrics import BY_KEY
from tutor.errors import InputError

FILE: Final = Path(__file__).resolve().parents[1] / "policy.toml"


@dataclass(frozen=True, slots=True)
class Waiver:
    """An item that may be worse than the baseline, why, and the last day on which it may."""

    id: str
    reason: str
    until: datetime.date


@dataclass(frozen=True, slots=True)
class Policy:
    """What the gate asks for; the comments of the file say what each entry is."""

    max_unscored: float
    max_errors: float
    max_errors_sampled: float
    least_common: float
    rise: float
    fall: float
    invariants: tuple[str, ...]
    alpha: float
    means: tuple[str, ...]
    slice_least: int
    slice_broken: int
    floors: Mapping[str, float]
    waivers: tuple[Waiver, ...]
    selftest: Mapping[str, float] = field(default_factory=dict)


def read(path: Path = FILE) -> Policy:
    """The policy in a file. Raises InputError for a file that is none, an unknown metric and a waiver without reason or date."""
    try:
        return _policy(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path.name} is no policy: {error}.") from error


def _policy(data: Mapping[str, Any]) -> Policy:
    test, floors = data["statistics"], data["floors"]
    if unknown := sorted({*floors, *test["means"]} - set(BY_KEY)):
        raise InputError(f"The policy names a metric that does not exist: {unknown[0]}.")
    return Policy(
        data["max_unscored"],
        data["max_errors"],
        data["max_errors_sampled"],
        data["least_common"],
        data["rise"],
        data["fall"],
        tuple(data["invariants"]),
        test["alpha"],
        tuple(test["means"]),
        test["slice_least"],
        test["slice_broken"],
        dict(floors),
        tuple(map(_waiver, data.get("waivers", ()))),
        dict(data.get("selftest", {})),
    )


def _waiver(row: Mapping[str, Any]) -> Waiver:
    if not str(row.get("reason", "")).strip() or type(row.get("until")) is not datetime.date:
        raise InputError(f"The waiver of {row.get('id', 'no item')} needs a reason and until = YYYY-MM-DD.")
    return Waiver(row["id"], row["reason"], row["until"])
