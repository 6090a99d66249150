"""The sources of an index in, the domains and tasks of the courses among them out: topics that need not be typed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

LARGEST: Final = 1_000_000
"""Bytes of a blueprint that is read."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a course: `topic` is what a quiz is asked on, `title` what it is called."""

    topic: str
    title: str


def parts(sources: Sequence[str]) -> list[Part]:
    """Domains, each with its tasks behind it; none for sources that are no course, or are not there any more."""
    return [part for source in sources for part in _parts(_blueprint(Path(source) / "course.toml"))]


def _blueprint(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.stat().st_size <= LARGEST else {}
    except (OSError, ValueError):  # suggestions only: ingest says what is wrong with a blueprint
        return {}


def _parts(blueprint: Mapping[str, Any]) -> Iterator[Part]:
    domains, tasks = (_tables(blueprint.get(name)) for name in ("domains", "tasks"))
    for domain in domains:
        yield Part(f"domain {domain['id']}", f"Domain {domain['id']}: {domain['title']}")
        for task in tasks:
            if task.get("domain") == domain["id"]:
                yield Part(str(task["id"]), f"{task['id']} {task['title']}")


def _tables(value: object) -> list[dict[str, Any]]:
    """The tables of a list that have an id and a title."""
    return [t for t in value if isinstance(t, dict) and {"id", "title"} <= t.keys()] if isinstance(value, list) else []
