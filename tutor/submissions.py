"""A file or standard input in, the questions and the attempt that it holds out."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from tutor.errors import InputError
from tutor.exam import Question
from tutor.questions.record import from_json

LARGEST: Final = 1_000_000
"""Bytes that are read."""
MOST: Final = 1_000
"""Questions that are read from one list."""
_WANTED: Final = "Give a question as `python -m tutor quiz --json` prints it"


@dataclass(frozen=True, slots=True)
class Submission:
    """What is handed in to be graded. A `question` of somebody else's is a mapping with question, reference and key_points."""

    question: Question | Mapping[str, object]
    attempt: str = ""
    reply: str = ""


def read(path: str = "-") -> object:
    """The JSON of a file, of standard input for "-". Raises InputError where there is none, or more than LARGEST bytes of it."""
    data = _bytes(path)
    if not data.strip():
        raise InputError(f"There was nothing to read. {_WANTED}, in a file or on standard input.")
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(f"That is not JSON. {_WANTED}.") from error


def questions(data: object) -> list[Question]:
    """The questions of one question's JSON, or of an object with a list of `questions`. Raises InputError as `from_json`."""
    listed = data["questions"] if isinstance(data, dict) and "questions" in data else [data]
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST:
        raise InputError(f"The field questions must be a list of 1 to {MOST:,} questions.")
    return [from_json(one) for one in listed]


def submission(data: object) -> Submission:
    """A question by itself, or in a mapping beside an `attempt` and a `reply`. Raises InputError for anything else."""
    if not isinstance(data, dict):
        raise InputError(f"{_WANTED}: that is no JSON object.")
    if isinstance(data.get("question"), dict):
        return Submission(_question(data["question"]), _text(data, "attempt"), _text(data, "reply"))
    if "questions" in data:
        found = questions(data)
        if len(found) != 1:
            raise InputError(f"Grade one question at a time; that were {len(found)}.")
        return Submission(found[0])
    return Submission(_question(data))


def _question(data: dict[str, Any]) -> Question | Mapping[str, object]:
    """A question of ours; a mapping with `question` as a text is somebody else's, which the grader reads."""
    return data if isinstance(data.get("question"), str) else from_json(data)


def _text(data: Mapping[str, Any], name: str) -> str:
    found = data.get(name, "")
    if not isinstance(found, str):
        raise InputError(f"The field {name} must be a text.")
    return found


def _bytes(path: str) -> bytes:
    if path == "-" and sys.stdin.isatty():
        raise InputError(f"{_WANTED}, in a file (--question FILE) or on standard input.")
    try:
        if path == "-":
            return _limited(sys.stdin.buffer)
        with Path(path).open("rb") as file:
            return _limited(file)
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL
        raise InputError(f"The file {path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error


def _limited(file: BinaryIO) -> bytes:
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise InputError(f"That is more than {LARGEST // 1_000_000} MB; hand in fewer questions at once.")
    return data
