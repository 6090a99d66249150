"""A question that a learner objects to in, a file that keeps it with its proof and the answer given out."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Final

from tutor.errors import InputError
from tutor.exam import Grade, Question
from tutor.questions.record import as_json

REMARK: Final = 2_000
"""Characters of a remark."""
LARGEST: Final = 500_000
"""Bytes of a report."""


def keep(home: Path, question: Question, attempt: str, grade: Grade | None, remark: str, reported: str) -> Path:
    """Write a report and return where it is; a later one on the same question takes its place. `reported` is the time.

    Raises InputError for a report that is too large, and where it cannot be written.
    """
    if len(remark) > REMARK:
        raise InputError(f"That remark has {len(remark):,} characters; write at most {REMARK:,}.")
    report = {"question": as_json(question), "attempt": attempt, "grade": asdict(grade) if grade else None, "remark": remark, "reported": reported}
    data = json.dumps(report, indent=1).encode("ascii")
    if len(data) > LARGEST:
        raise InputError(f"That report is larger than {LARGEST // 1000} kB; shorten your answer and report it again.")
    path = home / "reports" / f"{question.id}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".report-", delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
    except OSError as error:
        raise InputError(f"The report cannot be written to {path.parent}: {error.strerror or error}.") from error
    return path
