"""The pipeline of LangChain's tutorials: texts in, chunks of 1,000 characters and their vectors out, and of these the nearest to a question.

The splitter is LangChain's own; vectors are made by sentence-transformers with its defaults, as LangChain's HuggingFaceEmbeddings makes
them. Its InMemoryVectorStore makes a matrix of its lists anew for each question; here the matrix is kept, which finds the same.
Imports nothing of ours, so that its processes do not wait for our imports.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

SIZE: Final = 1000
OVERLAP: Final = 200
"""Characters: what LangChain's tutorials on retrieval give the recursive splitter."""

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]
"""Texts in, unit vectors (texts, dimension) out."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a text: which text, where it begins in it, in characters, and its words."""

    note: str
    start: int
    text: str

    @property
    def end(self) -> int:
        """Where it ends in its text, exclusive."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Store:
    """Chunks, and a unit vector for each, shape (chunks, dimension)."""

    chunks: Sequence[Chunk]
    vectors: Vectors

    def search(self, vector: Vectors, k: int) -> list[Chunk]:
        """The k chunks of the highest cosine with a question's unit vector (dimension,), best first; all of them are compared."""
        return [self.chunks[row] for row in nearest(self.vectors, vector, k)]


def nearest(vectors: Vectors, vector: Vectors, k: int) -> list[int]:
    """The rows of the k highest inner products with a vector, highest first."""
    scores = vectors @ vector
    best = np.argpartition(-scores, k)[:k] if k < len(scores) else np.arange(len(scores))
    return [int(row) for row in best[np.argsort(-scores[best], kind="stable")]]


def split(texts: Mapping[str, str]) -> list[Chunk]:
    """The chunks of texts by name, as RecursiveCharacterTextSplitter cuts them. Needs the extra `dev`."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=SIZE, chunk_overlap=OVERLAP, add_start_index=True)
    return [Chunk(name, int(d.metadata["start_index"]), d.page_content) for name, text in texts.items() for d in splitter.create_documents([text])]


def encoder(model: Path) -> Encode:
    """The model in a folder, by sentence-transformers."""
    from sentence_transformers import SentenceTransformer

    made = SentenceTransformer(str(model))
    return lambda texts: np.asarray(made.encode(list(texts), normalize_embeddings=True, show_progress_bar=False), dtype=np.float32)


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Let torch multiply on so many threads for a while."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def build(texts: Mapping[str, str], encode: Encode) -> Store:
    """Split texts and embed their chunks."""
    chunks = split(texts)
    return Store(chunks, encode([c.text for c in chunks]))


def save(store: Store, folder: Path) -> None:
    """Write a store into a folder: chunks.jsonl and vectors.npy."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = (json.dumps([c.note, c.start, c.text]) for c in store.chunks)
    (folder / "chunks.jsonl").write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    np.save(folder / "vectors.npy", store.vectors)


def load(folder: Path) -> Store:
    """Read a store back."""
    rows = (folder / "chunks.jsonl").read_text(encoding="utf-8").splitlines()
    return Store([Chunk(*json.loads(row)) for row in rows], np.load(folder / "vectors.npy"))


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m evals.bench.peer ingest MODEL STORE TEXTS` embeds a JSON object of texts by name; `search MODEL STORE QUESTION` prints chunks."""
    made = argparse.ArgumentParser(prog="python -m evals.bench.peer", description=(__doc__ or "").splitlines()[0])
    made.add_argument("command", choices=("ingest", "search"))
    made.add_argument("model", type=Path)
    made.add_argument("store", type=Path)
    made.add_argument("given", metavar="TEXTS | QUESTION")
    made.add_argument("-k", type=int, default=10)
    options = made.parse_args(arguments)
    encode = encoder(options.model)
    if options.command == "ingest":
        save(build(json.loads(Path(options.given).read_text(encoding="utf-8")), encode), options.store)
    else:
        print(json.dumps([[c.note, c.start, c.text] for c in load(options.store).search(encode([options.given])[0], options.k)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
