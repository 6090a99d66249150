"""A number of passages in, how long a question takes over so many of them in both pipelines out.

Passages and vectors are synthetic: words drawn by their frequency in real notes, unit vectors in random directions. So what is found
means nothing, but every step of a search is taken: the question is embedded, compared with all vectors and, in ours, with all words,
and the best candidates are looked at again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from evals.bench import peer
from evals.bench.compared import Cost
from tutor.bert import Vectors
from tutor.embed import Model, QuestionEncoder
from tutor.index import SPLITTER, Contents, open_index, write
from tutor.session import Tutor
from tutor.store import draft, publish
from tutor.types import Note, Passage, Unit

SENTENCES: Final = 2
WORDS: Final = 18
"""Of a passage, and of its sentences: about what our splitter makes of notes."""
SECTION: Final = 4
"""Passages of a section."""
SECTIONS: Final = 25
"""Sections of a note."""
K: Final = 10
SIZES: Final = (1_000, 10_000, 100_000)


def compare(
    sizes: Sequence[int], rounds: int, questions: Sequence[str], words: Mapping[str, int], model: Model, encoders: tuple[QuestionEncoder, peer.Encode],
    folder: Path, progress: Callable[[str], None],
) -> list[Cost]:  # fmt: skip
    """The median and the 95th percentile of the time of a question, by number of passages, in each of so many rounds.

    Ours is `Tutor.search` with its encoder in NumPy, theirs an embedding by sentence-transformers and the nearest of all vectors; for
    ten passages each, with open indexes and loaded models, in one process, question by question in turn. `words` are those of real
    notes with their frequency. For a fair race both multiply on one thread, which is the caller's to see to.
    """
    found = [embedding(rounds, questions, encoders)]
    for size in sizes:
        progress(f"index of {size:,} synthetic passages")
        dice = np.random.default_rng(size)
        vectors = directions(size, len(encoders[1](["how long is a vector"])[0]), dice)
        index = folder / f"passages-{size}"
        write_index(index, passages(size, words, dice), words, vectors, model)
        tutor, store = Tutor(open_index(index), encoders[0]), peer.Store([peer.Chunk("", row, "") for row in range(size)], vectors)
        sides = _ours(tutor), _theirs(store, encoders[1])
        alternate(sides, questions[:1])
        progress(f"{rounds} rounds of {len(questions)} questions over {size:,} passages")
        timed = [alternate(sides, questions, turn) for turn in range(rounds)]
        for percent, name in ((50, "median"), (95, "95th percentile")):
            by_round = [[float(np.percentile(times, percent)) for times in each] for each in timed]
            found.append(Cost(f"{size:,} passages, {name}", "ms", tuple(a for a, _ in by_round), tuple(b for _, b in by_round)))
    return found


def embedding(rounds: int, questions: Sequence[str], encoders: tuple[QuestionEncoder, peer.Encode]) -> Cost:
    """The part of a question's time that does not depend on the passages: its median in each round."""
    sides = _embedding(encoders[0].asking), _embedding(encoders[1])
    alternate(sides, questions[:1])
    timed = [[float(np.median(times)) for times in alternate(sides, questions, turn)] for turn in range(rounds)]
    return Cost("embedding alone, median", "ms", tuple(a for a, _ in timed), tuple(b for _, b in timed))


def _embedding(encode: peer.Encode) -> Callable[[str], object]:
    return lambda question: encode([question])


def _ours(tutor: Tutor) -> Callable[[str], object]:
    return lambda question: tutor.search(question, k=K)


def _theirs(store: peer.Store, encode: peer.Encode) -> Callable[[str], object]:
    return lambda question: store.search(encode([question])[0], K)


def alternate(sides: Sequence[Callable[[str], object]], questions: Sequence[str], turn: int = 0) -> list[list[float]]:
    """Milliseconds of each side for each question; who begins changes from question to question, and from turn to turn."""
    times: list[list[float]] = [[] for _ in sides]
    for at, question in enumerate(questions, turn):
        for side in range(len(sides)) if at % 2 == 0 else reversed(range(len(sides))):
            began = time.perf_counter()
            sides[side](question)
            times[side].append(1000 * (time.perf_counter() - began))
    return times


def directions(size: int, dimension: int, dice: np.random.Generator) -> Vectors:
    """Random unit vectors, shape (size, dimension)."""
    drawn = dice.standard_normal((size, dimension), dtype=np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


def passages(size: int, words: Mapping[str, int], dice: np.random.Generator) -> tuple[list[Note], list[Passage]]:
    """So many passages of random words, in sections of notes."""
    names = sorted(words)
    shares = np.array([words[n] for n in names], dtype=np.float64)
    drawn = dice.choice(len(names), size=(size, SENTENCES, WORDS), p=shares / shares.sum())
    notes: list[Note] = []
    found: list[Passage] = []
    whole = SECTION * SECTIONS
    for first in range(0, size, whole):
        path, text = f"{first // whole:05}.txt", ""
        for row in range(first, min(first + whole, size)):
            said = [" ".join(names[w] for w in sentence).capitalize() + "." for sentence in drawn[row]]
            start = len(text)
            units, here = [], start
            for sentence in said:
                units.append(Unit(here, here + len(sentence), "sentence"))
                here += len(sentence) + 1
            text += " ".join(said) + "\n\n"
            heading = (f"Section {row // SECTION}",)
            found.append(Passage(path, heading, start, here - 1, None, " ".join(said), tuple(units), tokens=SENTENCES * WORDS))
        notes.append(Note(path, path, text))
    return notes, found


def write_index(index: Path, drawn: tuple[Sequence[Note], Sequence[Passage]], words: Mapping[str, int], vectors: Vectors, model: Model) -> None:
    """Write synthetic passages as an index that can be opened like any other."""
    notes, made = drawn
    index.mkdir(parents=True)
    folder = draft(index)
    write(folder, Contents(notes, made, (), words, {}, vectors))
    manifest: dict[str, object] = {
        "sources": [],
        "embedding": {"name": model.name, "digest": model.digest, "dimension": int(vectors.shape[1])},
        "splitter": SPLITTER,
        "sizes": {},
        "counts": {"notes": len(notes), "passages": len(made), "tokens": sum(p.tokens for p in made)},
    }
    publish(index, folder, manifest)
