"""A scene in, digests of all that its run depends on out, so that what changed between two runs can be named."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from evals.cases import GOLD, sets
from evals.records import digest
from evals.suites import Scene

ROOT: Final = Path(__file__).resolve().parents[2]
DETECTOR: Final = ("evals/detector.py", "evals/detector.json", "evals/suites/answers.py", "tutor/text.py", "tutor/data/ground.json", "tutor/ground")
"""What decides whether a stored answer says, cites or is held by something."""
PROMPTS: Final = ("tutor/prompts.py",)
PARTS: Final = {
    "gold": "the gold questions",
    "notes": "the notes",
    "index": "how notes are cut into passages",
    "embedder": "the embedding model",
    "prompts": "the words said to a model",
    "model": "the model",
    "detector": "how answers are judged",
    "code": "the tutor's code",
    "version": "the version",
}
"""The parts of a fingerprint, in words."""


def fingerprint(scene: Scene, spoke: str) -> dict[str, str]:
    """The digests, by the names in PARTS."""
    indexes = [scene.tutor(s.name).index for s in sets()]
    return {
        "gold": _files([GOLD]),
        "notes": digest([part for i in indexes for path in sorted(i.notes) for part in (path, i.notes[path].text)]),
        "index": digest([p.id for i in indexes for p in i.passages]),
        "embedder": scene.model.digest[:16],
        "prompts": _files([ROOT / p for p in PROMPTS]),
        "model": spoke,
        "detector": _files([ROOT / p for p in DETECTOR]),
        "code": _files([ROOT / "tutor"]),
        "version": _version(),
    }


def _files(paths: Iterable[Path]) -> str:
    """A digest of files and of all below folders, by name and content; line ends do not count."""
    every = [f for p in paths for f in (sorted(p.rglob("*")) if p.is_dir() else [p]) if f.is_file() and "__pycache__" not in f.parts]
    return digest([part for f in every for part in (f.relative_to(ROOT).as_posix(), f.read_bytes().replace(b"\r\n", b"\n").hex())])


def _version() -> str:
    try:
        return version("footnote-tutor")
    except PackageNotFoundError:
        return "not installed"
