"""A text in, its word pieces with their states in the embedding model out, and how far two texts mean the same."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tutor.bert import Vectors
from tutor.text import STOPWORDS, sentences
from tutor.types import Span

CHUNK: Final = 700
"""Characters that are read at once, in whole sentences; the states of a longer text are read in several goes."""
Floats = NDArray[np.float64]


class Reader(Hashable, Protocol):
    """What the embedding model shows of a text's pieces."""

    def states(self, text: str) -> tuple[list[Span], Vectors]:
        """The word pieces of a text as spans, and a state for each."""
        ...

    def nearness(self, words: Sequence[str], texts: Sequence[str]) -> Vectors:
        """How near each text has a word to each of the words."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """A text's word pieces: where they stand, their states, and what each weighs (nothing for words without content)."""

    text: str
    spans: NDArray[np.int64]
    states: Vectors
    units: Vectors
    weights: Floats

    def vector(self, span: Span) -> Vectors:
        """The unit vector of a stretch of the text: zeros where it has no piece."""
        inside = (self.spans[:, 0] >= span[0]) & (self.spans[:, 1] <= span[1])
        if not inside.any():
            return np.zeros(self.states.shape[1], dtype=np.float32)
        mean = self.states[inside].mean(axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), dtype=np.float32)

    def weighing(self, words: frozenset[str]) -> Floats:
        """The weights of the pieces of some words alone; all weights where it has none of these."""
        kept = np.array([_word(self.text, a, b) in words for a, b in self.spans.tolist()], dtype=np.float64) * self.weights
        return kept if kept.any() else self.weights

    def whole(self) -> Vectors:
        """The unit vector of the text."""
        return self.vector((0, len(self.text)))


def read(text: str, reader: Reader) -> Meaning:
    """A text as the model reads it."""
    spans: list[Span] = []
    states: list[Vectors] = []
    for start, end in _chunks(text):
        found, rows = reader.states(text[start:end])
        spans += [(a + start, b + start) for a, b in found]
        states.append(rows)
    rows = np.concatenate(states) if states else np.zeros((0, 1), dtype=np.float32)
    units = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return Meaning(text, np.array(spans, dtype=np.int64).reshape(-1, 2), rows, np.asarray(units, dtype=np.float32), _weights(text, spans))


def _chunks(text: str) -> list[Span]:
    made: list[Span] = []
    for start, end in sentences(text):
        if made and end - made[-1][0] <= CHUNK:
            made[-1] = (made[-1][0], end)
        else:
            made += [(at, min(end, at + CHUNK)) for at in range(start, end, CHUNK)]
    return made


def _weights(text: str, spans: Sequence[Span]) -> Floats:
    words = [_word(text, start, end) for start, end in spans]
    return np.array([float(w not in STOPWORDS and any(c.isalnum() for c in w)) for w in words])


def _word(text: str, start: int, end: int) -> str:
    """The word, in lower case, that a piece is of."""
    while start and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return text[start:end].lower()


def recall(ours: Meaning, theirs: Meaning, weights: Floats, inside: Span | None = None) -> tuple[float, float]:
    """How well the pieces of one text are met by those of another, or of a stretch of it: the weighted mean of their best
    cosines, and the mean of the worst third of them."""
    rows = theirs.units
    if inside is not None:
        rows = rows[(theirs.spans[:, 0] >= inside[0]) & (theirs.spans[:, 1] <= inside[1])]
    kept = weights > 0
    if not kept.any() or not len(rows):
        return 0.0, 0.0
    best = (ours.units[kept] @ rows.T).max(axis=1)
    lowest = np.sort(best)[: max(1, len(best) // 3)]
    return float(np.average(best, weights=weights[kept])), float(lowest.mean())
