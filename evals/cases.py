"""Gold files in, cases out: questions whose evidence is named as exact words of a note, never as a passage of ours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.errors import InputError
from tutor.types import Note, Span

GOLD = Path(__file__).resolve().parent / "gold"
PHRASINGS = Path(__file__).resolve().parent / "phrasings"
"""Learners' wordings that the adapter is trained on and that are no search keys: a file for each set of notes."""
COURSE = Path(__file__).resolve().parent.parent / "corpus" / "mla-c01"
ENOUGH = 0.8
"""The share of a piece of evidence that must be covered for it to count as found."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a note, and every place where they stand in it; `others` say the same as well."""

    note: str
    spans: tuple[Span, ...]
    others: tuple[Evidence, ...] = ()

    def within(self, note: str, start: int, end: int) -> bool:
        """Whether a stretch of a note holds at least ENOUGH of the evidence."""
        here = note == self.note and any(min(end, b) - max(start, a) >= ENOUGH * (b - a) for a, b in self.spans)
        return here or any(o.within(note, start, end) for o in self.others)

    def said_by(self, note: str, start: int, end: int) -> bool:
        """Whether a statement holds the evidence, or is a telling part of it."""
        part = note == self.note and end - start > 40 and any(a <= start and end <= b for a, b in self.spans)
        return part or self.within(note, start, end) or any(o.said_by(note, start, end) for o in self.others)


@dataclass(frozen=True, slots=True)
class GoldSet:
    """Notes, and the files of questions over them."""

    name: str
    notes: Path
    files: tuple[Path, ...]


def sets() -> tuple[GoldSet, ...]:
    """Our own gold: questions over the messy notes that were written for them, and over the course that ships."""
    return (
        GoldSet("notes", GOLD / "notes", tuple(sorted(GOLD.glob("set_*.jsonl")))),
        GoldSet("course", COURSE, (GOLD / "mla-c01.jsonl", GOLD / "mla-c01-absent.jsonl")),
    )


@dataclass(frozen=True, slots=True)
class Case:
    """A learner's question. `evidence` is all that a full answer needs, each piece in its own right; `alternatives`
    answer it alone. Without evidence, the notes do not answer it. A sealed case is never fitted to nor looked at.

    An answer should make the `key_points` and must not say the claims in `must_not`; other wordings of the same question
    share a `family`. `domain` is the part of the exam that it belongs to, "" where none is named; a `critical` case may
    never get worse; `sha` is a digest of the whole row.
    """

    id: str
    kind: str
    question: str
    evidence: tuple[Evidence, ...]
    alternatives: tuple[Evidence, ...] = ()
    sealed: bool = False
    key_points: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    family: str = ""
    domain: str = ""
    critical: bool = False
    sha: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the notes answer the question."""
        return bool(self.evidence)


def read(paths: Iterable[Path], notes: Mapping[str, Note]) -> list[Case]:
    """The cases of JSON-lines files over these notes. Raises InputError for a quote that its note does not hold."""
    try:
        return [_case(json.loads(line), notes, path) for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"A gold file is not questions as JSON lines: {error}.") from error


def _case(row: Mapping[str, object], notes: Mapping[str, Note], path: Path) -> Case:
    def pieces(name: str) -> tuple[Evidence, ...]:
        listed = row.get(name, [])
        return tuple(_evidence(e, notes, f"{path.name}: {row['id']}") for e in listed) if isinstance(listed, Sequence) else ()

    def texts(name: str) -> tuple[str, ...]:
        listed = row.get(name, [])
        return tuple(map(str, listed)) if isinstance(listed, Sequence) else ()

    return Case(
        str(row["id"]),
        str(row["kind"]),
        str(row["question"]),
        pieces("evidence"),
        pieces("alt_evidence"),
        bool(row.get("sealed")),
        texts("key_points"),
        texts("must_not"),
        str(row.get("family") or row["id"]),
        next((tag.partition(".")[0] for tag in texts("tags")), ""),
        bool(row.get("critical")),
        hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:8],
    )


def _evidence(row: Mapping[str, Any], notes: Mapping[str, Note], where: str) -> Evidence:
    quote, name = str(row["quote"]), str(row.get("note") or row["source"])
    path = next((p for p in notes if p == name or p.endswith("/" + name)), None)
    if path is None:
        raise InputError(f"{where} names the note {name}, which is not there.")
    spans, at = [], notes[path].text.find(quote)
    while at >= 0 and quote:
        spans.append((at, at + len(quote)))
        at = notes[path].text.find(quote, at + 1)
    if not spans:
        raise InputError(f"{where} quotes words that {name} does not hold: {quote[:60]!r}.")
    return Evidence(path, tuple(spans), tuple(_evidence(o, notes, where) for o in row.get("or", ())))


def lines() -> dict[str, tuple[Path, int]]:
    """The file and the 1-based line of each open gold question, by the id of its item in the suite of answers, and in that of retrieval."""
    found: dict[str, tuple[Path, int]] = {}
    for path in (path for each in sets() for path in each.files):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            row = json.loads(line) if line.strip() else {}
            if row and not row.get("sealed"):
                found |= {f"{suite}/{row['id']}": (path.relative_to(GOLD.parent.parent), number) for suite in ("answers", "retrieval")}
    return found
