"""A short run of the killing script; the long one is `python -m tests.hostile.kill --times 100`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def test_nothing_acknowledged_is_lost_when_an_ingest_is_killed() -> None:
    command = [sys.executable, "-m", "tests.hostile.kill", "--times", "5", "--seed", "3"]
    done = subprocess.run(command, check=False, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=300)
    figures = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert (figures["kills"], figures["unloadable"], figures["lost"]) == (5, 0, 0)
    assert figures["acknowledged"] >= 5
