"""A folder of notes in, times out: ingest beside the least that embedding the same passages can cost, in one run."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from ingest.build import Report, gather
from tutor import embed
from tutor.index import embedded_text
from tutor.settings import from_environment

_LOOP: Final = """
import json, sys
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(sys.argv[1])
model.max_seq_length = int(sys.argv[2])
texts = json.load(open(sys.argv[3], encoding="utf-8"))
model.encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
"""
"""The plain loop: import, load, embed. Nothing is read, split, indexed or written."""


def compare(notes: Path, rounds: int) -> dict[str, object]:
    """Time, `rounds` times in turn: a cold ingest, the plain loop over the same passages, an ingest after one note was
    edited, and one with nothing changed. All are whole processes; the figures are medians in seconds."""
    model = embed.find(from_environment().embedding)
    gathered = gather([notes], embed.counter(model), Report(), lambda _phase, _done, _total: None)
    times: dict[str, list[float]] = {"cold": [], "loop": [], "edited": [], "unchanged": [], "start": []}
    with tempfile.TemporaryDirectory(prefix="speed-") as name:
        folder = Path(name)
        texts = folder / "texts.json"
        texts.write_text(json.dumps([embedded_text(p) for p in gathered.passages]), encoding="utf-8")
        for turn in range(rounds):
            copy = _copy(notes, folder / f"notes-{turn}")
            index = folder / f"index-{turn}"
            times["cold"].append(_ingest(copy, index))
            times["loop"].append(_run([sys.executable, "-c", _LOOP, str(model.folder), str(embed.MAX_TOKENS), str(texts)]))
            edited = min((p for p in copy.rglob("*") if p.suffix in (".md", ".txt")), key=lambda p: p.stat().st_size)
            edited.write_text(edited.read_text(encoding="utf-8") + f"\n\nA sentence added in round {turn} of the measurement.\n", encoding="utf-8")
            times["edited"].append(_ingest(copy, index))
            times["unchanged"].append(_ingest(copy, index))
            times["start"].append(_run([sys.executable, "-m", "ingest", "--help"]))
    medians = {what: round(statistics.median(found), 2) for what, found in times.items()}
    ratios = [a / b for a, b in zip(times["cold"], times["loop"], strict=True)]
    return {
        "passages": len(gathered.passages),
        **medians,
        "cold_to_loop": round(statistics.median(ratios), 3),
        "edited_to_cold": round(medians["edited"] / medians["cold"], 3),
    }


def _copy(notes: Path, folder: Path) -> Path:
    """The notes' files in a new folder."""
    for path in sorted(p for p in notes.rglob("*") if p.is_file()):
        target = folder / path.relative_to(notes)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return folder


def _ingest(notes: Path, index: Path) -> float:
    return _run([sys.executable, "-m", "ingest", str(notes), "--index", str(index)])


def _run(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  our own commands
    return time.perf_counter() - started
