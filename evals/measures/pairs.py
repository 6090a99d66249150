"""Label files in, pairs out: a sentence that a model might write, the quotes that it cites, and what a reader found."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from evals.cases import GOLD

PAIRS: Final = GOLD / "grounding"


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence that a model might write, the quotes that it cites, and whether a reader finds that they support it.

    `test` marks the pairs of notes that nothing was fitted to.
    """

    id: str
    note: str
    quotes: tuple[str, ...]
    around: tuple[str, ...]
    question: str
    sentence: str
    supported: bool
    kind: str
    test: bool


def read_pairs(folder: Path = PAIRS) -> list[Pair]:
    """The labelled pairs, in the order of their files."""
    rows = [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Pair(
            r["id"],
            r["note"],
            tuple(r["quotes"]),
            tuple(r.get("around", ())),
            r.get("question", ""),
            r["sentence"],
            r["label"] == "supported",
            r["kind"],
            r["split"] == "test",
        )
        for r in rows
    ]


def label_hash(folder: Path = PAIRS) -> str:
    """A digest of the label files, so that numbers fitted to other labels are seen."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.glob("*.jsonl")))).hexdigest()[:16]
