"""An index on disk in, its notes, passages and two searches out. The only module that knows FAISS and bm25s.

A generation holds notes.jsonl, passages.jsonl (spans into the notes; a passage's text is not stored twice), keys.jsonl
(learner phrasings and the passages they point at), lexicon.json (the notes' words and abbreviations), vectors.faiss
(one row a passage, then one a key), bm25/ over the passages and bm25-sections/ over the sections with their keys. Where
a model wrote some of the keys there is asks.jsonl too, which only an ingest reads (ingest/asks.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import bm25s
import faiss
import numpy as np
from numpy.typing import NDArray

from tutor import store
from tutor.bert import Vectors
from tutor.embed import Model
from tutor.errors import IndexDamaged, IndexMissing, IndexStale
from tutor.text import terms
from tutor.types import Citation, Hit, Note, Passage, Span, Unit, UnitKind, digest

Scores = NDArray[np.float32]
"""One score a row: of passages, of keys, or of sections."""

SPLITTER: Final = "blocks-3"
"""Changes when the splitter does, so that an index of an older one is rebuilt."""

_KINDS: Final[tuple[UnitKind, ...]] = ("sentence", "item", "step", "row", "code")


@dataclass(frozen=True, slots=True)
class Key:
    """A learner's phrasing and the rows of the passages (one section's) that it points at. Never quoted."""

    text: str
    passages: tuple[int, ...]

    @property
    def key(self) -> str:
        """What the phrasing's vector belongs to."""
        return digest("ask", self.text)


def sections(passages: Sequence[Passage]) -> NDArray[np.int64]:
    """For each passage the number of its section: the passages of one note under one heading path."""
    numbers: dict[tuple[str, tuple[str, ...]], int] = {}
    return np.array([numbers.setdefault(p.section, len(numbers)) for p in passages], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a generation is made of; `vectors` has a row for each passage, then one for each key."""

    notes: Sequence[Note]
    passages: Sequence[Passage]
    keys: Sequence[Key]
    words: Mapping[str, int]
    abbreviations: Mapping[str, str]
    vectors: Vectors

    def __post_init__(self) -> None:
        if len(self.vectors) != len(self.passages) + len(self.keys):
            raise ValueError(f"{len(self.vectors)} vectors for {len(self.passages)} passages and {len(self.keys)} keys")


class Index:
    """An open generation, whole in memory: a later ingest does not disturb it."""

    def __init__(self, generation: Path, manifest: dict[str, Any], contents: Contents, flat: faiss.Index, lexical: bm25s.BM25, spoken: bm25s.BM25) -> None:
        self.generation, self.manifest = generation, manifest
        self.notes: dict[str, Note] = {n.path: n for n in contents.notes}
        self.passages = list(contents.passages)
        self.keys = list(contents.keys)
        self.words, self.abbreviations = contents.words, contents.abbreviations
        self._lexical, self._spoken = lexical, spoken
        self.section = sections(self.passages)
        self.sections = int(self.section.max(initial=-1)) + 1
        pairs = [(at, section) for at, k in enumerate(self.keys) for section in dict.fromkeys(int(self.section[row]) for row in k.passages)]
        self.pointing = np.array([at for at, _ in pairs], dtype=np.int64)
        self.pointed = np.array([section for _, section in pairs], dtype=np.int64)
        self._rows: Vectors = flat.reconstruct_n(0, flat.ntotal) if flat.ntotal else np.zeros((0, flat.d), dtype=np.float32)
        self._means: tuple[Vectors, Vectors] | None = None
        self._notes_of: dict[str, list[str]] = {}
        starts = lexical.scores["indptr"] if self.passages else np.zeros(1, dtype=np.int64)
        self._frequency = np.diff(starts)
        self._terms: dict[int, tuple[frozenset[str], frozenset[str]]] = {}

    def notes_of(self, text: str) -> Sequence[str]:
        """The notes that have a passage of exactly this text."""
        if not self._notes_of:
            found: dict[str, list[str]] = {}
            for passage in self.passages:
                found.setdefault(passage.text, []).append(passage.note)
            self._notes_of = found  # at once: another thread may be asking
        return self._notes_of.get(text, ())

    def cited(self, citations: Sequence[Citation]) -> tuple[Hit, ...]:
        """The passages that citations stand in, first cited first, each once."""
        rows = (i for c in citations for i, p in enumerate(self.passages) if p.note == c.note and p.start < c.end and c.start < p.end)
        return tuple(Hit(self.passages[i], 0.0) for i in dict.fromkeys(rows))

    def dense(self, vector: Vectors) -> Scores:
        """Cosine of a question's vector (dimension,) with every passage, then every key."""
        return np.asarray(self._rows @ vector) if len(self._rows) else np.zeros(0, dtype=np.float32)

    def asked(self, scores: Scores) -> tuple[Scores, Scores]:
        """The best and the second best score that a section's learner phrasings have, of one score a key; 0 where
        there is none. Shape (sections,) each."""
        best, second = np.zeros(self.sections, dtype=np.float32), np.zeros(self.sections, dtype=np.float32)
        given = scores[self.pointing]
        np.maximum.at(best, self.pointed, given)
        np.maximum.at(second, self.pointed, np.where(given < best[self.pointed], given, 0.0))
        return best, second

    def lexical(self, query: Iterable[str]) -> Scores:
        """BM25 of query terms with every passage (Robertson and Zaragoza 2009; Lucene's variant), shape (passages,)."""
        return _bm25(self._lexical, query, len(self.passages))

    def spoken(self, query: Iterable[str]) -> Scores:
        """BM25 of query terms with every section, its learner phrasings read as a part of it, shape (sections,)."""
        return _bm25(self._spoken, query, self.sections)

    def whole(self, vector: Vectors) -> tuple[Scores, Scores]:
        """Cosines of a question's vector with the mean of each section's passages, and with the mean of its learner
        phrasings (0 where it has none), shape (sections,) each."""
        if self._means is None:
            count = len(self.passages)
            self._means = _mean(self._rows[:count], self.section, self.sections), _mean(self._rows[count:][self.pointing], self.pointed, self.sections)
        passages, keys = self._means
        return passages @ vector, keys @ vector

    def vectors(self, rows: Sequence[int]) -> Vectors:
        """The vectors of passages by row."""
        return np.asarray(self._rows[np.asarray(rows, dtype=np.int64)])

    def terms(self, row: int) -> tuple[frozenset[str], frozenset[str]]:
        """The search terms of a passage's text, and of its headings; remembered."""
        if row not in self._terms:
            passage = self.passages[row]
            self._terms[row] = frozenset(terms(passage.text)), frozenset(t for h in passage.heading for t in terms(h))
        return self._terms[row]

    def frequency(self, term: str) -> int:
        """In how many passages a search term occurs."""
        at = self._lexical.vocab_dict.get(term) if self.passages else None
        return 0 if at is None or at >= len(self._frequency) else int(self._frequency[at])


def _bm25(made: bm25s.BM25, query: Iterable[str], rows: int) -> Scores:
    known = [t for t in query if t in made.vocab_dict] if rows else []
    return np.asarray(made.get_scores(known), dtype=np.float32) if known else np.zeros(rows, dtype=np.float32)


def _mean(rows: Vectors, groups: NDArray[np.int64], size: int) -> Vectors:
    """The mean direction of each group's rows, shape (size, dimension); zero for an empty group."""
    total = np.zeros((size, rows.shape[1]), dtype=np.float32)
    np.add.at(total, groups, rows)
    return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def lexical_text(passage: Passage) -> list[str]:
    """The search terms of a passage: its headings' and its text's."""
    return [t for part in passage.heading for t in terms(part)] + terms(passage.text)


def embedded_text(passage: Passage) -> str:
    """What is embedded for a passage: its heading path, then its text."""
    return "\n".join([" > ".join(passage.heading), passage.text]) if passage.heading else passage.text


def write(folder: Path, contents: Contents) -> None:
    """Write a generation's files into an empty folder; the manifest is `store.publish`'s."""
    _lines(folder / "notes.jsonl", (_from_note(n) for n in contents.notes))
    _lines(folder / "passages.jsonl", (_from_passage(p) for p in contents.passages))
    _lines(folder / "keys.jsonl", ({"text": k.text, "passages": k.passages} for k in contents.keys))
    lexicon = {"words": contents.words, "abbreviations": contents.abbreviations}
    (folder / "lexicon.json").write_text(json.dumps(lexicon, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    flat = faiss.IndexFlatIP(contents.vectors.shape[1])
    flat.add(np.ascontiguousarray(contents.vectors, dtype=np.float32))
    (folder / "vectors.faiss").write_bytes(faiss.serialize_index(flat).tobytes())
    if contents.passages:
        texts = [lexical_text(p) for p in contents.passages]
        _save(folder / "bm25", texts)
        _save(folder / "bm25-sections", _section_texts(contents))


def _section_texts(contents: Contents) -> list[list[str]]:
    """The search terms of each section: its headings', its passages' and its learner phrasings'."""
    of = sections(contents.passages)
    found: list[list[str]] = [[] for _ in range(int(of.max(initial=-1)) + 1)]
    for passage, section in zip(contents.passages, of, strict=True):
        found[section].extend(terms(passage.text) if found[section] else lexical_text(passage))
    for key in contents.keys:
        for section in dict.fromkeys(int(of[row]) for row in key.passages):
            found[section].extend(terms(key.text))
    return found


def _save(folder: Path, texts: list[list[str]]) -> None:
    made = bm25s.BM25(k1=1.2, b=0.75)
    made.index(texts, show_progress=False)
    made.save(folder, show_progress=False)


def open_index(folder: Path, model: Model | None = None, splitter: str | None = SPLITTER) -> Index:
    """Open the current generation after checking every file's digest.

    Raises IndexMissing, IndexDamaged, or IndexStale when `model`, the splitter (None: any) or the schema is not the one
    it was made with.
    """
    for _ in range(3):
        generation = store.current(folder)
        try:
            return _open(generation, model, splitter)
        except (FileNotFoundError, IndexDamaged):
            if store.current(folder) == generation:
                raise
    raise IndexMissing(f"The index in {folder} is being replaced again and again. Wait for the ingest to end.")


def _open(generation: Path, model: Model | None, splitter: str | None) -> Index:
    manifest = store.read_manifest(generation)
    index = generation.parent
    made_with = manifest["embedding"]
    if model is not None and made_with["digest"] != model.digest:
        raise IndexStale(f"The index in {index} was made with the embedding model {made_with['name']}, not with {model.name}. {store.mend(index)}")
    if splitter is not None and manifest["splitter"] != splitter:
        raise IndexStale(f"The index in {index} was made by another version of the splitter. {store.mend(index)}")
    store.verify(generation, manifest)
    try:
        return _read(generation, manifest)
    except FileNotFoundError:
        raise
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, EOFError, RuntimeError, OSError) as error:
        raise IndexDamaged(f"The files of {generation.name} cannot be read. {store.mend(index)}") from error


def _read(generation: Path, manifest: dict[str, Any]) -> Index:
    index = generation.parent
    notes = [_to_note(row) for row in _rows(generation / "notes.jsonl")]
    texts = {n.path: n.text for n in notes}
    passages = [_to_passage(row, texts) for row in _rows(generation / "passages.jsonl")]
    keys = [Key(row["text"], tuple(row["passages"])) for row in _rows(generation / "keys.jsonl")]
    lexicon = json.loads((generation / "lexicon.json").read_text(encoding="utf-8"))
    flat = faiss.deserialize_index(np.frombuffer((generation / "vectors.faiss").read_bytes(), dtype=np.uint8))
    lexical, spoken = (bm25s.BM25.load(generation / name, show_progress=False) if passages else bm25s.BM25() for name in ("bm25", "bm25-sections"))
    if flat.ntotal != len(passages) + len(keys):
        raise IndexDamaged(f"The index in {index} holds {flat.ntotal} vectors for {len(passages)} passages. {store.mend(index)}")
    contents = Contents(notes, passages, keys, lexicon["words"], lexicon["abbreviations"], np.empty((flat.ntotal, 0), dtype=np.float32))
    return Index(generation, manifest, contents, flat, lexical, spoken)


def stored_vectors(index: Index) -> dict[str, Vectors]:
    """The vectors of an open index by what they belong to, for an ingest to take over."""
    if not index.passages:
        return {}
    owners = [p.key for p in index.passages] + [k.key for k in index.keys]
    return dict(zip(owners, index._rows, strict=True))


def _lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=True, separators=(",", ":")) + "\n")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _from_note(note: Note) -> dict[str, Any]:
    return {"path": note.path, "title": note.title, "text": note.text, "pages": note.pages, "modified": note.modified, "course": note.course}


def _to_note(row: Mapping[str, Any]) -> Note:
    return Note(row["path"], row["title"], row["text"], tuple(row["pages"]), row["modified"], row["course"])


def _from_passage(p: Passage) -> dict[str, Any]:
    units = [[u.start, u.end, _KINDS.index(u.kind), u.label, u.cells, u.tokens] for u in p.units]
    return {
        "note": p.note,
        "heading": p.heading,
        "start": p.start,
        "end": p.end,
        "page": p.page,
        "headings_at": p.headings_at,
        "tokens": p.tokens,
        "units": units,
    }


def _to_passage(row: Mapping[str, Any], texts: Mapping[str, str]) -> Passage:
    start, end = row["start"], row["end"]
    units = tuple(Unit(a, b, _KINDS[k], _span(label), tuple((c[0], c[1]) for c in cells), n) for a, b, k, label, cells, n in row["units"])
    return Passage(
        note=row["note"],
        heading=tuple(row["heading"]),
        start=start,
        end=end,
        page=row["page"],
        text=texts[row["note"]][start:end],
        units=units,
        headings_at=tuple((a, b) for a, b in row["headings_at"]),
        tokens=row["tokens"],
    )


def _span(pair: Sequence[int] | None) -> Span | None:
    return None if pair is None else (pair[0], pair[1])
