"""A slice of the gold asked in processes of their own, with other hash seeds and threads; runs in JSON out, which must be the same bytes.

`python -m evals.selftest.repeats HOME N` is such a process: of every N questions it asks one, of the indexes below HOME.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evals.records import Run, dumps, loads
from evals.suites import Scene, answers, retrieval
from tutor import embed
from tutor.errors import InputError
from tutor.settings import from_environment

STEP: Final = 25
"""Of so many questions one is asked: some sixty."""
MINUTES: Final = 10


@dataclass(frozen=True, slots=True)
class Way:
    """How a process is started: the seed of Python's hashes, the threads of the number libraries, and of how many questions it asks one."""

    seed: int
    threads: int
    step: int = STEP

    def environment(self) -> dict[str, str]:
        """This process's environment, with these."""
        threads = {f"{name}_NUM_THREADS": str(self.threads) for name in ("OMP", "OPENBLAS", "MKL")}
        return {**os.environ, "PYTHONHASHSEED": str(self.seed), "TOKENIZERS_PARALLELISM": "false", **threads}


WAYS: Final = (Way(0, 1), Way(1, 1), Way(2, 2, 4 * STEP))
"""Two threads in each of two processes wait for one another on two cores, so these ask a quarter of the slice."""


def asked(home: Path, step: int = STEP) -> Run:
    """The slice, asked in this process: answers and what was found for them."""
    scene = Scene(home, embed.find(from_environment().embedding), share=(0, step))
    return Run({}, tuple(sorted((*answers.items(scene), *retrieval.items(scene)), key=lambda i: i.id)))


def again(home: Path, ways: Sequence[Way] = WAYS) -> list[str]:
    """What the slice gives as JSON, asked once in each way, two at a time. Raises InputError where a process fails."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda way: _process(home, way), ways))


def _process(home: Path, way: Way) -> str:
    command = [sys.executable, "-m", "evals.selftest.repeats", str(home), str(way.step)]
    done = subprocess.run(command, env=way.environment(), capture_output=True, text=True, encoding="utf-8", timeout=60 * MINUTES, check=False)  # noqa: S603  our own
    if done.returncode:
        raise InputError(f"A repeated run ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    return done.stdout


def differences(first: str, other: str) -> list[str]:
    """The ids of the items of a run that another has otherwise, or not at all. The other may hold more; where the two hold the
    same items, they must be the same bytes ([""] where only these differ)."""
    whole, part = ({i.id: i for i in loads(text).items} for text in (first, other))
    found = [name for name in sorted(part) if whole.get(name) != part[name]]
    return found or ([""] if whole.keys() <= part.keys() and first != other else [])


if __name__ == "__main__":
    sys.stdout.write(dumps(asked(Path(sys.argv[1]), int(sys.argv[2]))))
