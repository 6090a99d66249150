"""The checkout that the evals run in: its commit, whether it is clean, and whether CI runs it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]


def commit() -> str:
    """The short hash of the last commit; "" where this is no checkout."""
    return _git("rev-parse", "--short", "HEAD")


def changed(beside: Collection[Path] = ()) -> list[str]:
    """Files that differ from the last commit or are not part of it, leaving out those `beside`."""
    left_out = {p.resolve() for p in beside}
    lines = _git("status", "--porcelain", "--untracked-files=normal").splitlines()
    return [line[3:] for line in lines if (ROOT / line[3:].strip('"')).resolve() not in left_out]


def in_ci() -> bool:
    """Whether a CI service runs this, by the variable that they set."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)  # noqa: S603, S607
    except FileNotFoundError:
        return ""
    return done.stdout.rstrip() if done.returncode == 0 else ""
