"""A note's front matter in, the statements, tasks and domains of a course that its sections serve out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import yaml

from tutor.types import Note

_BLOCK: Final = re.compile(r"^statements:[ \t]*\n(?:[ \t]+[^\n]*\n)+", re.MULTILINE)
_FRONT: Final = 20_000
"""Characters of a note in which its front matter is looked for."""
_TAG: Final = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,2}")
_NAMED: Final = re.compile(r"(?:domain|task|statement)?\s*(\d{1,2}(?:\.\d{1,2}){0,2})", re.IGNORECASE)


def tags(note: Note, heading: tuple[str, ...]) -> tuple[str, ...]:
    """The statements that a section serves, then their tasks and domains: ("4.1.1", "4.1", "domain 4"). None for notes
    that are not part of a course."""
    served = [s for h in reversed(heading) for s in _statements(note.text[:_FRONT]).get(h, ())]
    tasks = [".".join(s.split(".")[:2]) for s in served]
    return tuple(dict.fromkeys([*served, *tasks, *(f"domain {s.split('.')[0]}" for s in served)]))


def wanted(topic: str) -> str:
    """The tag that a topic names ("4.1", "task 4.1", "Domain 4", "statement 4.1.1"); "" where it names none."""
    match = _NAMED.fullmatch(topic.strip())
    if not match or (match.group(1) == topic.strip() and "." not in topic):
        return ""
    return match.group(1) if "." in match.group(1) else f"domain {match.group(1)}"


@lru_cache(maxsize=1024)
def _statements(front: str) -> Mapping[str, tuple[str, ...]]:
    """The statements that each heading serves, by heading."""
    block = _BLOCK.search(front) if front.startswith("---") else None
    if block is None:
        return {}
    try:
        read = yaml.safe_load(block.group())["statements"]
    except yaml.YAMLError:  # a note's own front matter: ingest has said so already
        return {}
    found: dict[str, list[str]] = {}
    for statement, headings in read.items() if isinstance(read, dict) else ():
        if isinstance(statement, str) and _TAG.fullmatch(statement) and isinstance(headings, list):
            for heading in headings:
                found.setdefault(str(heading), []).append(statement)
    return {heading: tuple(served) for heading, served in found.items()}
