"""A question with its reference and key points in, the same as read by the embedding model and word by word out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tutor.grading import meaning
from tutor.grading.meaning import Meaning, Reader
from tutor.ground.facts import LONGEST, Reading, read
from tutor.ground.overlap import Evidence, gather
from tutor.text import sentences
from tutor.types import Span

_DENYING: Final = frozenset("not never no cannot".split())
_DENIABLE: Final = frozenset("is are was were can will must may should has have does do".split())


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """All of a question that does not depend on an attempt. `denied` are the points' contraries, `parts` the sentences of
    the reference, `given` the words that the question gives away."""

    asked: str
    reference: str
    texts: tuple[str, ...]
    readings: tuple[Reading, ...]
    question: Meaning
    points: tuple[Meaning, ...]
    denied: tuple[Meaning, ...]
    whole: Meaning
    parts: tuple[Span, ...]
    given: Evidence


@lru_cache(maxsize=64)
def know(question: str, reference: str, points: tuple[str, ...], reader: Reader) -> Known:
    """A question as read. Where it has no reference, its points in a row are one."""
    full = reference if any(c.isalnum() for c in reference) else " ".join(p if p.endswith((".", "!", "?")) else f"{p}." for p in points)
    return Known(
        question,
        full,
        points,
        tuple(read(p[:LONGEST]) for p in points),
        meaning.read(question, reader),
        tuple(meaning.read(p, reader) for p in points),
        tuple(meaning.read(deny(p), reader) for p in points),
        meaning.read(full, reader),
        tuple(sentences(full)),
        gather((question,), (), ""),
    )


def deny(point: str) -> str:
    """A point's contrary: without its denial, or with one put in."""
    words = point.split()
    low = [w.lower().strip(".,;:") for w in words]
    for at, word in enumerate(low):
        if word in _DENYING:
            return " ".join([*words[:at], *(["can"] if word == "cannot" else []), *words[at + 1 :]])
    for at, word in enumerate(low):
        if word in _DENIABLE:
            return " ".join([*words[: at + 1], "not", *words[at + 1 :]])
    return f"It is not true that {point}"
