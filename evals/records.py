"""The nouns of a run: what was asked, what came, which checks hold, what was scored; as JSON and back.

A run is written as one sorted JSON document whose items stand on lines of their own, so that two of them read as a diff.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from tutor.errors import InputError
from tutor.types import Note

SCHEMA: Final = "footnote/evals/1"
NOTES_ONLY: Final = "notes-only"
Mode = Literal["exact", "sampled"]
"""Whether the same code gives the same run: notes-only and replayed runs are exact, a live model's are sampled."""


@dataclass(frozen=True, slots=True)
class Place:
    """Words of a note that were cited: where they stand, and a digest of them, by which they are known to be the same."""

    note: str
    start: int
    end: int
    sha: str

    def words(self, notes: Mapping[str, Note]) -> str | None:
        """The cited words; None where the note no longer holds them there."""
        note = notes.get(self.note)
        text = note.text[self.start : self.end] if note else ""
        return text if note and sha(text) == self.sha else None

    def __str__(self) -> str:
        return f"{self.note}:{self.start}-{self.end}#{self.sha}"


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of an answer: its words, the verdict it was shown with, what it cites, and the label that gives it a subject."""

    text: str
    verdict: str
    cites: tuple[Place, ...] = ()
    label: str = ""

    @property
    def whole(self) -> str:
        """The statement as it is read: with its label."""
        return f"{self.label.rstrip(':')}: {self.text}" if self.label else self.text


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was tried, by one suite: a gold question, a drawn question, a learner's attempt, a planted order.

    `id` is "suite/name" and stays the same from run to run; `sha` is a digest of what was tried, so that items are compared only
    where the same thing was tried again. `kind` and `domain` are slices; items of a `cluster` (a family of paraphrases, a
    note) are not independent of one another. `checks` hold or not, and the item passes where all do; `scores` are numbers
    by metric; `unscored` says why a metric that applies has no number. `error` is why the item could not be tried at all.
    """

    id: str
    kind: str
    domain: str
    cluster: str
    question: str
    sha: str
    checks: Mapping[str, bool] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)
    unscored: Mapping[str, str] = field(default_factory=dict)
    outcome: str = ""
    said: tuple[Said, ...] = ()
    critical: bool = False
    error: str = ""

    def __post_init__(self) -> None:
        for name, value in self.scores.items():
            if not math.isfinite(value):
                raise InputError(f"{self.id}: {name} is {value}, which is no score; say why it could not be computed.")
        object.__setattr__(self, "scores", {name: round(float(value), 4) for name, value in self.scores.items()})

    @property
    def suite(self) -> str:
        """The suite that tried it: the first part of the id."""
        return self.id.partition("/")[0]

    @property
    def passed(self) -> bool:
        """Whether it was tried and every check holds."""
        return not self.error and all(self.checks.values())


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that was tried in one go. `fingerprint` names by digest what the outcome depends on; `spoke` is the model that
    spoke, "notes-only" where none did; `timings` are milliseconds or seconds by name, and never part of a baseline.
    `blessed` says when, at which commit and why it was taken for the baseline; empty for a run."""

    fingerprint: Mapping[str, str]
    items: tuple[Item, ...]
    spoke: str = NOTES_ONLY
    mode: Mode = "exact"
    timings: Mapping[str, float] = field(default_factory=dict)
    blessed: Mapping[str, str] = field(default_factory=dict)

    @property
    def suites(self) -> tuple[str, ...]:
        """The suites that have items, in order."""
        return tuple(dict.fromkeys(i.suite for i in self.items))


def sha(text: str) -> str:
    """The first eight hexadecimal digits of a text's sha256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def dumps(run: Run) -> str:
    """A run as sorted JSON: items by id, a line for an item and for each of its statements; the same run gives the same bytes."""
    head = {"schema": SCHEMA, "spoke": run.spoke, "mode": run.mode, "fingerprint": dict(run.fingerprint)}
    if run.blessed:
        head["blessed"] = dict(run.blessed)
    if run.timings:
        head["timings"] = dict(run.timings)
    items = ",\n".join(_line(item) for item in sorted(run.items, key=lambda i: i.id))
    return f'{_json(head, indent=1)[:-2]},\n "items": [\n{items}\n ]\n}}\n'


def _line(item: Item) -> str:
    row: dict[str, Any] = {"id": item.id, "kind": item.kind, "domain": item.domain, "cluster": item.cluster, "sha": item.sha, "question": item.question}
    optional = (("outcome", item.outcome), ("checks", dict(item.checks)), ("scores", dict(item.scores)), ("unscored", dict(item.unscored)))
    row |= {name: value for name, value in (*optional, ("critical", item.critical), ("error", item.error)) if value}
    if not item.said:
        return _json(row)
    said = ",\n".join(f"  {_json([s.label, s.text, s.verdict, *map(str, s.cites)])}" for s in item.said)
    return f'{_json(row)[:-1]}, "said": [\n{said}\n ]}}'


def _json(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=indent is not None, indent=indent)


def loads(text: str, where: str = "run") -> Run:
    """A run from its JSON. Raises InputError where it is none, or of another schema."""
    try:
        read = json.loads(text, parse_constant=lambda name: _refuse(where, f"it holds {name}"))
        if not isinstance(read, Mapping) or read.get("schema") != SCHEMA:
            _refuse(where, f"its schema is not {SCHEMA}")
        items = tuple(_item(row) for row in read["items"])
        return Run(read["fingerprint"], items, read["spoke"], read["mode"], read.get("timings", {}), read.get("blessed", {}))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{where} is no run of the evals: {error}.") from error


def _refuse(where: str, why: str) -> None:
    raise InputError(f"{where} is no run that can be read: {why}; make one with `python -m evals run`.")


def _item(row: Mapping[str, Any]) -> Item:
    said = tuple(Said(text, verdict, tuple(map(_place, cites)), label) for label, text, verdict, *cites in row.get("said", ()))
    return Item(**{**row, "said": said})


def _place(text: str) -> Place:
    rest, _, digest = text.rpartition("#")
    note, _, span = rest.rpartition(":")
    start, _, end = span.partition("-")
    return Place(note, int(start), int(end), digest)


def read(path: Path) -> Run:
    """The run in a file. Raises InputError where there is none."""
    try:
        return loads(path.read_text(encoding="utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is no run of the evals: it is not text.") from error
    except OSError as error:
        raise InputError(f"There is no run at {path}; make one with `python -m evals run`.") from error


def write(path: Path, run: Run) -> None:
    """Write a run to a file, making its folder; what was there stays until all is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.part")
    draft.write_text(dumps(run), encoding="utf-8", errors="backslashreplace", newline="\n")
    draft.replace(path)


def by_id(items: Iterable[Item]) -> dict[str, Item]:
    """Items by id. Raises InputError where an id stands twice."""
    found: dict[str, Item] = {}
    for item in items:
        if item.id in found:
            raise InputError(f"{item.id} was tried twice in one run.")
        found[item.id] = item
    return found


def digest(parts: Sequence[str]) -> str:
    """A short sha256 over texts, in their order; texts cannot run into one another."""
    return hashlib.sha256("\x00".join(f"{len(p)}:{p}" for p in parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
