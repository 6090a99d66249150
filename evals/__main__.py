"""The command `python -m evals`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from evals.commands import bench, calibrating, gate, measuring
from evals.gate.comparison import USAGE
from tutor.errors import TutorError


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    made = argparse.ArgumentParser(prog="python -m evals", description="Measure the tutor, catch its drift, fit its numbers.")
    commands = made.add_subparsers(dest="command", required=True)
    for module in (gate, bench, measuring, calibrating):
        module.add(commands)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status: 0 passed, 1 regression, 2 usage, 3 not comparable, 4 selftest, 5 incomplete."""
    options = parser().parse_args(arguments)
    try:
        status: int = options.does(options)
    except TutorError as error:
        print(error, file=sys.stderr)
        return USAGE
    except OSError as error:
        print(f"{error.filename or 'A file'} cannot be read or written: {error.strerror or error}.", file=sys.stderr)
        return USAGE
    return status


if __name__ == "__main__":
    sys.exit(main())
