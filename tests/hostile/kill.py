"""Kill -9 an ingest at random moments, again and again, and count what was lost.

    python -m tests.hostile.kill --times 100

A child edits a note and ingests in a loop, and says which edit each finished ingest holds. It is killed after a random
time. Then the index must open, and hold the last edit that the child acknowledged, or a later one.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from ingest.build import ingest
from tests.fakes import tiny_model, write_notes
from tutor import embed
from tutor.errors import IndexMissing, TutorError
from tutor.index import open_index

FIRST = 0.05
LONGEST = 0.9
"""Seconds after the child's first acknowledgement between which it is killed."""


def edit(notes: Path, number: int) -> None:
    """Write a note that says which edit it is; every tenth edit also adds and removes a note."""
    (notes / "edit.txt").write_text(f"Edit number {number}.\n\nThe press of edit {number} used movable type.\n", encoding="utf-8")
    if number % 10 == 0:
        (notes / f"extra-{number}.txt").write_text(f"An extra note {number} about presses.\n", encoding="utf-8")
        (notes / f"extra-{number - 10}.txt").unlink(missing_ok=True)


def child(folder: Path, start: int) -> None:
    """Edit and ingest until killed, acknowledging each edit on standard output."""
    model = embed.find(str(folder / "model"))
    for number in range(start, start + 1_000_000):
        edit(folder / "notes", number)
        ingest(folder / "index", [folder / "notes"], model, lambda _phase, _done, _total: None)
        print(number, flush=True)


def held(folder: Path) -> int:
    """The edit that the index holds. Raises TutorError when it cannot be opened."""
    notes = open_index(folder / "index", embed.find(str(folder / "model"))).notes
    return int(notes["edit.txt"].text.split("number ")[1].split(".")[0])


def run(times: int, seed: int) -> dict[str, int]:
    """Kill `times` children; returns how many indexes did not open, and how many acknowledged edits were lost."""
    dice = random.Random(seed)
    unloadable = lost = acknowledged = 0
    with tempfile.TemporaryDirectory(prefix="kill-") as name:
        folder = Path(name)
        tiny_model(folder / "model")
        write_notes(folder / "notes")
        start = 1
        for _ in range(times):
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.hostile.kill", "--child", str(folder), "--start", str(start)], stdout=subprocess.PIPE, text=True
            )
            if process.stdout is None:
                raise RuntimeError("the child has no output")
            first = process.stdout.readline()
            time.sleep(dice.uniform(FIRST, LONGEST))
            process.kill()
            said = [first, *process.stdout.read().splitlines()]
            process.wait()
            last = max((int(line) for line in said if line.strip().isdigit()), default=start - 1)
            acknowledged = max(acknowledged, last)
            try:
                found = held(folder)
            except IndexMissing:
                found = 0
            except TutorError as error:
                print(error, file=sys.stderr)
                unloadable += 1
                found = last
            lost += found < last
            start = max(last, found) + 1
    return {"kills": times, "acknowledged": acknowledged, "unloadable": unloadable, "lost": lost}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as a command; the exit status is 1 when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--start", type=int, default=1, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        child(options.child, options.start)
    figures = run(options.times, options.seed)
    print(json.dumps(figures))
    return 1 if figures["unloadable"] or figures["lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
