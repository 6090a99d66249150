"""Arguments of `python -m ingest` in, its progress and its report out. It runs as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tutor.errors import InputError

_POLL: Final = 0.1
"""Seconds between two looks at the progress."""
_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Step:
    """How far a phase ("read", "asks", "embed", "write") has come."""

    phase: str
    done: int
    total: int


def run(arguments: Sequence[str] = ()) -> Generator[Step, None, dict[str, Any]]:
    """Run an ingest; yields its steps and returns its report. Raises InputError with the sentence it failed with.

    The process writes to files, not to pipes: when the page goes away in the midst, the ingest still ends well.
    """
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        report, log = Path(folder) / "report", Path(folder) / "log"
        with report.open("wb") as out, log.open("wb") as err:
            command = [sys.executable, "-m", "ingest", "--json", *arguments]
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env={**os.environ, "PYTHONPATH": path})  # noqa: S603  # no shell; our own words
        said = ""
        with log.open(encoding="utf-8", errors="replace") as lines:
            while True:
                ended = process.poll() is not None
                for line in lines.read().splitlines():
                    step = _step(line)
                    if step:
                        yield step
                    said = line if step is None and line.strip() else said
                if ended:
                    break
                time.sleep(_POLL)
        if process.returncode != 0:
            raise InputError(said or "The notes could not be indexed.")
        return dict(json.loads(report.read_text(encoding="utf-8")))


def _step(line: str) -> Step | None:
    """A line of progress; None for any other line."""
    try:
        found = json.loads(line)
        return Step(str(found["phase"]), int(found["done"]), int(found["total"]))
    except (ValueError, KeyError, TypeError):
        return None
