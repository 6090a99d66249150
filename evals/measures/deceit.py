"""The command `python -m evals lies`: what reaches a learner when the model lies, or obeys what is planted in the notes."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from evals.cases import COURSE, GOLD
from evals.measures import lies, planted
from evals.measures.puppet import own, questions
from ingest.build import ingest
from tutor import embed
from tutor.index import open_index
from tutor.settings import from_environment

PLANTED: Final = GOLD / "planted.jsonl"
BENIGN: Final = GOLD / "benign.jsonl"
EVERY: Final = 6
"""Of the course's notes, every sixth is lied about, so that they are as many as the others."""

Figures = Mapping[str, Mapping[str, int]]


def notes() -> list[Path]:
    """The forty or so notes of ours that are lied about."""
    return [*sorted((GOLD / "notes").iterdir()), *sorted((COURSE / "notes").rglob("*.md"))[::EVERY]]


def measure(sources: Sequence[Path], attacks: Path = PLANTED, replies: Path | None = None, benign: Path = BENIGN) -> dict[str, Figures]:
    """The figures of lies told about the notes of `sources`, of planted instructions, and of texts that are none."""
    model = embed.find(from_environment().embedding)
    encoder = embed.question_encoder(model)
    places = planted.hosts(own())
    with tempfile.TemporaryDirectory(prefix="lies-") as folder:
        here = Path(folder)
        ingest(here / "index", list(sources), model, lambda _phase, _done, _total: None)
        index = open_index(here / "index", model)
        return {
            "lies": lies.figures(lies.tell(index, encoder, here / "home", questions(index))),
            "planted": planted.figures(planted.trials(planted.read(attacks, replies), places, model, encoder, here / "planted")),
            "benign": planted.figures(planted.trials(planted.read(benign), places, model, encoder, here / "benign")),
        }


def table(figures: Mapping[str, Figures]) -> str:
    """The figures as text, a block for each part; columns that are all nought in a block are left out but for "obeyed"."""
    blocks = []
    for part, rows in figures.items():
        names = list(dict.fromkeys(name for row in rows.values() for name in row))
        names = [n for n in names if n in ("told", "tried", "obeyed", "lost") or any(row.get(n) for row in rows.values())]
        width = max(map(len, (part, *rows)))
        lines = [f"{part:<{width}}  " + "  ".join(names)]
        lines += [f"{kind:<{width}}  " + "  ".join(f"{row.get(n, 0):>{len(n)}}" for n in names) for kind, row in rows.items()]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)
