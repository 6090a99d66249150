"""The last run of the evals in, with what the gate made of it; what was tried, what failed and the figures out.

`evals` writes two files into one folder: `last.json`, the run, and `gate.json`, its comparison with the baseline. Both are
read as what they are, plain JSON from somewhere else: whatever does not have the form expected is refused.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from tutor.errors import InputError
from tutor.types import Note, Span, digest

FOLDER: Final = "evals"
"""Below the home: where the evals leave their files."""
RUN: Final = "last.json"
GATE: Final = "gate.json"
SCHEMA: Final = "footnote/evals/1"
LARGEST: Final = 50_000_000
"""Bytes of a file that is read; a whole run has some three million."""
GRAVE: Final = ("quotes", "premise", "not_said", "cited", "silent", "evidence", "answered")
"""Checks of answers, what harms a learner most first: words that stand nowhere, then untruths, then silence."""


@dataclass(frozen=True, slots=True)
class Place:
    """Words of a note that were cited: where they stood, and the first eight digits of their sha256."""

    note: str
    span: Span
    sha: str

    def stands(self, notes: Mapping[str, Note]) -> bool:
        """Whether the note still has these words there."""
        note = notes.get(self.note)
        return note is not None and hashlib.sha256(note.text[slice(*self.span)].encode("utf-8", "surrogatepass")).hexdigest()[:8] == self.sha


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of an answer: the label that gives it its subject, its words, its verdict, and what it cites."""

    label: str
    text: str
    verdict: str
    cites: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """One thing that was tried: which checks it failed, or, as `error`, why it could not be tried at all. `checked` is false
    where there was nothing to hold or fail."""

    id: str
    kind: str
    domain: str
    question: str
    outcome: str = ""
    checked: bool = True
    failed: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    critical: bool = False
    error: str = ""

    @property
    def suite(self) -> str:
        """The suite that tried it: the first part of the id."""
        return self.id.partition("/")[0]

    @property
    def passed(self) -> bool:
        """Whether it was tried and failed nothing."""
        return not self.error and not self.failed


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric: its mean `now` over `n` items and as it was in the baseline, each None where there is none; `error` is its
    standard error, `over` what the items are, `unscored` how many of them have no number. `label` is its name, `text` what it
    counts, `direction` where better lies, "" where that is not known."""

    suite: str
    label: str
    text: str
    over: str
    direction: Literal["up", "down", ""]
    before: float | None
    now: float | None
    n: int
    error: float | None
    unscored: int

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval, by the normal distribution; a share stays between 0 and 1. None without a standard error."""
        if self.now is None or self.error is None:
            return None
        low, high = self.now - 1.96 * self.error, self.now + 1.96 * self.error
        return (max(0.0, low), min(1.0, high)) if 0 <= self.now <= 1 else (low, high)


@dataclass(frozen=True, slots=True)
class Gate:
    """What the gate made of a run: its exit code, its verdict in words, its findings with the code that each asks for, the
    figures, what became of each item that changed (its turn, by id), what differs from the baseline besides, and the commit that
    ran, "" where that is not known."""

    code: int
    verdict: str
    findings: tuple[tuple[str, int], ...]
    figures: tuple[Figure, ...]
    turns: Mapping[str, str]
    causes: tuple[str, ...] = ()
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """A run as it is shown: who spoke, when it was written, what was tried, and the gate on it, None where it was not compared
    yet."""

    spoke: str
    written: datetime
    tried: tuple[Tried, ...]
    gate: Gate | None

    @property
    def suites(self) -> tuple[str, ...]:
        """The suites, in the order of the figures; those without figures behind them."""
        named = [f.suite for f in self.gate.figures] if self.gate else []
        return tuple(dict.fromkeys([*named, *(t.suite for t in self.tried)]))

    def of(self, suite: str) -> tuple[Tried, ...]:
        """What a suite tried and checked."""
        return tuple(t for t in self.tried if t.suite == suite and (t.checked or t.error))

    def worst(self, suite: str) -> list[Tried]:
        """What failed in a suite: newly broken first, then critical, then by the gravest check; what could not be tried last."""
        turns = self.gate.turns if self.gate else {}
        return sorted((t for t in self.of(suite) if not t.passed), key=lambda t: (turns.get(t.id) != "broken", not t.critical, _grave(t), t.id))


def stamp(home: Path) -> tuple[int, ...] | None:
    """What changes when the files do; None where there is no run."""
    found = [_stat(home / FOLDER / name) for name in (RUN, GATE)]
    return tuple(n for pair in found for n in pair or (0, 0)) if found[0] else None


def read(home: Path) -> Quality | None:
    """The last run below a home; None where there is none. A comparison that is of another run is left out.

    Raises InputError for a file that is damaged, too large, or no run of the evals.
    """
    path, gate = home / FOLDER / RUN, home / FOLDER / GATE
    if not path.is_file():
        return None
    text = _source(path)
    run, compared = _parsed(path, text), _parsed(gate, _source(gate)) if gate.is_file() else {}
    if run.get("schema") != SCHEMA:
        raise InputError(_sentence(path, f"its schema is not {SCHEMA}"))
    reading = path
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        tried, spoke, reading = tuple(_tried(row) for row in _rows(run["items"])), _text(run["spoke"]), gate
        return Quality(spoke, written, tried, _gate(compared) if compared.get("run") == digest(text) else None)
    except (ValueError, KeyError) as error:
        raise InputError(_sentence(reading, f"it is damaged, or of another version ({error})")) from error


def coverage(tried: Iterable[Tried], by: Literal["domain", "kind"]) -> list[tuple[str, int, int]]:
    """(name, passed, tried) for each domain or kind, in sorted order; items that name none are left out."""
    passed, of = Counter[str](), Counter[str]()
    for one in tried:
        name = one.domain if by == "domain" else one.kind
        passed[name] += one.passed
        of[name] += 1
    return [(name, passed[name], of[name]) for name in sorted(of) if name]


def _grave(one: Tried) -> int:
    if one.error:
        return len(GRAVE) + 1
    return min((GRAVE.index(check) if check in GRAVE else len(GRAVE) for check in one.failed), default=len(GRAVE))


def _stat(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _sentence(path: Path, why: str) -> str:
    return f"{path} cannot be shown: {why}. Make it anew with `python -m evals check`."


def _source(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(_sentence(path, "it is too large for a run of the evals"))
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InputError(_sentence(path, "it cannot be read as text")) from error


def _parsed(path: Path, text: str) -> Mapping[str, Any]:
    try:
        return _mapping(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise InputError(_sentence(path, "it is no JSON of the evals")) from error


def _gate(found: Mapping[str, Any]) -> Gate:
    return Gate(
        _count(found["code"]),
        _text(found["verdict"]),
        tuple((_text(row["text"]), _count(row.get("code", 0))) for row in _rows(found["findings"])),
        tuple(_figure(row) for row in _rows(found["figures"])),
        {_text(row["id"]): _text(row["turn"]) for row in _rows(found["changes"])},
        tuple(_text(cause) for cause in _list(found.get("causes", []))),
        _text(found.get("commit", "")),
    )


def _figure(row: Mapping[str, Any]) -> Figure:
    suite, _, name = _text(row["metric"]).partition("/")
    if row["direction"] not in ("up", "down", ""):
        raise ValueError(f"{suite}/{name} has no direction")
    before, now, error = (_number(row.get(key)) for key in ("before", "now", "error"))
    text, over = _text(row.get("text", "")), _text(row.get("over", ""))
    label = _text(row.get("label", "")) or name.replace("_", " ")
    return Figure(suite, label, text, over, row["direction"], before, now, _count(row["n"]), error, _count(row.get("unscored", 0)))


def _tried(row: Mapping[str, Any]) -> Tried:
    checks = _mapping(row.get("checks", {}))
    if not all(isinstance(held, bool) for held in checks.values()):
        raise ValueError("a check is neither true nor false")
    return Tried(
        _text(row["id"]),
        _text(row["kind"]),
        _text(row["domain"]),
        _text(row["question"]),
        _text(row.get("outcome", "")),
        bool(checks),
        tuple(_text(name) for name, held in checks.items() if not held),
        tuple(_said(part) for part in _list(row.get("said", []))),
        row.get("critical") is True,
        _text(row.get("error", "")),
    )


def _said(row: object) -> Said:
    label, text, verdict, *cites = (_text(part) for part in _list(row))
    return Said(label, text, verdict, tuple(_place(cite) for cite in cites))


def _place(text: str) -> Place:
    """A place from "note:start-end#sha"."""
    rest, _, sha = text.rpartition("#")
    note, _, span = rest.rpartition(":")
    start, _, end = span.partition("-")
    return Place(note, (int(start), int(end)), sha)


def _rows(value: object) -> list[Mapping[str, Any]]:
    return [_mapping(row) for row in _list(value)]


def _list(value: object) -> Sequence[Any]:
    if not isinstance(value, list):
        raise ValueError("a list is missing")
    return value


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("an object is missing")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is missing")
    return value


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("a count is missing")
    return value


def _number(value: object) -> float | None:
    """A finite number, or None for none."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("a number is missing")
    return float(value)
