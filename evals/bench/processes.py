"""Notes in, what whole processes of both pipelines cost over them out: ingest, ingest after an edit, the first answer, disk, memory."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from evals.bench.compared import Cost
from ingest.read import File, read, walk
from tutor.embed import Model
from tutor.errors import InputError, NoteError
from tutor.settings import MINILM
from tutor.text import sentences

WRITABLE: Final = (".md", ".markdown", ".txt", ".text")
SHORTEST: Final = 40
"""Characters of the sentence that is changed."""
K: Final = 10
"""Passages that a question from a cold process is answered with."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process took: wall seconds from start to end, and the peak of its memory in megabytes (None on Windows)."""

    seconds: float
    megabytes: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """A process of each pipeline that does the same: ours, theirs, and what of them is compared under which name."""

    seconds: str
    ours: Sequence[str]
    theirs: Sequence[str]
    memory: str = ""


def compare(notes: Path, questions: Sequence[str], model: Model, rounds: int, folder: Path, progress: Callable[[str], None]) -> list[Cost]:
    """Both pipelines over a folder of notes, so many times in turn, the first of a round being ours and theirs alternately.

    After the edit of one sentence in one note ours embeds what changed; theirs has no memory of what it embedded, so it begins anew.
    Of a cold process, theirs gives passages; of ours both are timed, the passages and the answer with its footnotes.
    """
    found: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for turn in range(rounds):
        progress(f"round {turn + 1} of {rounds}")
        here = folder / f"round-{turn}"
        copy, index, store, texts = here / "notes", here / "index", here / "store", here / "texts.json"
        shutil.copytree(notes, copy)
        first = [sys.executable, "-m", "ingest", str(copy), "--index", str(index)]
        second = [sys.executable, "-m", "evals.bench.peer", "ingest", str(model.folder), str(store), str(texts)]
        question = questions[turn * len(questions) // rounds]
        search = [sys.executable, "-m", "tutor", "search", question, "-k", str(K), "--index", str(index)]
        ask = [sys.executable, "-m", "tutor", "ask", question, "--index", str(index)]
        nearest = [sys.executable, "-m", "evals.bench.peer", "search", str(model.folder), str(store), question, "-k", str(K)]
        write_texts(copy, texts)
        _both(found, turn, Step("ingest, cold", first, second, "ingest, peak memory"), model)
        found["index on disk", "MB"].append((size(index), size(store)))
        _both(found, turn, Step("first passages, cold process", search, nearest, "first passages, peak memory"), model)
        _both(found, turn, Step("first answer, cold process", ask, nearest, "first answer, peak memory"), model)
        edit(copy, turn)
        write_texts(copy, texts)
        _both(found, turn, Step("ingest after one edit", first, second), model)
        shutil.rmtree(here)
    return [Cost(name, unit, tuple(a for a, _ in pairs), tuple(b for _, b in pairs)) for (name, unit), pairs in found.items()]


def _both(found: dict[tuple[str, str], list[tuple[float, float]]], turn: int, step: Step, model: Model) -> None:
    """Run both processes of a step, ours first in even rounds, and keep what they took."""
    commands = (step.ours, step.theirs)
    order = (0, 1) if turn % 2 == 0 else (1, 0)
    took = {side: spend(commands[side], model) for side in order}
    found[step.seconds, "s"].append((took[0].seconds, took[1].seconds))
    if step.memory and (ours := took[0].megabytes) and (theirs := took[1].megabytes):
        found[step.memory, "MB"].append((ours, theirs))


def spend(command: Sequence[str], model: Model) -> Spent:
    """Run a command as a process, without a chat model. Raises InputError where it fails."""
    # the default model goes by its name: a folder of the same weights would not count as it
    environment = {**os.environ, "TUTOR_MODEL": "", "TUTOR_EMBEDDING": model.name if model.name == MINILM else str(model.folder)}
    launched = [sys.executable, "-m", "evals.bench.launch", *command]
    done = subprocess.run(launched, env=environment, check=True, stdout=subprocess.PIPE, text=True, encoding="utf-8")  # noqa: S603  our own command
    took: Mapping[str, Any] = json.loads(done.stdout)
    if took["status"]:
        last = (str(took["err"]).strip().splitlines() or ["it said nothing"])[-1]
        raise InputError(f"The bench stopped, because `{' '.join(command[1:4])} ...` ended with status {took['status']}: {last}")
    return Spent(took["seconds"], None if took["bytes"] is None else took["bytes"] / 1e6)


def contents(notes: Path) -> dict[str, tuple[int, str]]:
    """Of a folder's notes by path, as ours reads them, where the content begins and the text from there on. Front matter (title, learner
    phrasings) is kept from the other pipeline: as text, it would fill chunks with what is no evidence."""
    found: dict[str, tuple[int, str]] = {}
    for file in walk(notes):
        if isinstance(file, File):
            try:
                reading = read(file)
            except NoteError:
                continue
            found[reading.note.path] = (reading.start, reading.note.text[reading.start :])
    return found


def write_texts(notes: Path, path: Path) -> None:
    """Write the contents of a folder's notes for the other pipeline, whose time to read files is thereby not counted."""
    path.write_text(json.dumps({name: text for name, (_, text) in contents(notes).items()}), encoding="utf-8")


def edit(notes: Path, turn: int) -> Path:
    """Change one sentence in the middle of the middle note, another way in each round; the note that was changed."""
    paths = sorted((p for p in notes.rglob("*") if p.suffix.lower() in WRITABLE), key=lambda p: (p.stat().st_size, p.as_posix()))
    if not paths:
        raise InputError(f"{notes} holds no note that can be edited ({', '.join(WRITABLE)}); name a folder that does.")
    path = paths[len(paths) // 2]
    reading = read(File(path, path.relative_to(notes).as_posix()))
    text = reading.note.text
    lines = [match.span() for match in re.finditer(r".+", text) if match.start() >= reading.start]
    spans = [s for line in lines for s in sentences(text, *line) if s[1] - s[0] >= SHORTEST and text[s[0]].isalnum() and text[s[1] - 1] == "."]
    if not spans:
        raise InputError(f"{path.relative_to(notes)} has no sentence that can be changed; measure over notes whose middle one has.")
    start, end = spans[len(spans) // 2]
    path.write_text(f"{text[:start]}Round {turn + 1} of the bench put this sentence in the place of another.{text[end:]}", encoding="utf-8")
    return path


def size(folder: Path) -> float:
    """Megabytes of a folder's files."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6
