"""A command in, what a whole process of it took out, as JSON: status, seconds, peak memory, what it printed.

It runs as a process of its own (`python -m evals.bench.launch COMMAND...`) and imports little, because on Linux a process is said to have
needed at least the memory of the one that started it, and the bench itself holds models and indexes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence


def main(command: Sequence[str]) -> int:
    """Run a command to its end. "bytes" is null on Windows, which does not tell."""
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)  # noqa: S603  the bench's own commands
    seconds = time.perf_counter() - began
    print(json.dumps({"status": done.returncode, "seconds": seconds, "bytes": peak(), "out": done.stdout, "err": done.stderr}))
    return 0


def peak() -> int | None:
    """The most memory, in bytes, that a process which this one started and waited for had at a time."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415  Windows has none

    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
