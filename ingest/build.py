"""Sources in, a generation on disk out: read, split, embed what is new, write, publish."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from ingest import asks
from ingest.read import File, Reading, read, walk
from ingest.split import LIMIT, TARGET, split
from tutor import embed, store
from tutor.bert import Vectors
from tutor.chat import Chat
from tutor.embed import Count, Encoder, Model
from tutor.errors import IndexDamaged, IndexMissing, IndexStale, InputError, NoteError
from tutor.index import SPLITTER, Contents, Index, Key, embedded_text, open_index, stored_vectors, write
from tutor.text import abbreviations, fold, words
from tutor.types import Note, Passage, Usage

FEW: Final = 96
"""Up to this many texts are embedded by the NumPy encoder: it is slower a text, but saves importing torch."""

Progress = Callable[[str, int, int], None]
"""Called with a phase ("read", "asks", "embed", "write"), how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not read, or was read with a remark, and why."""

    path: str
    reason: str


@dataclass(slots=True)
class Report:
    """What an ingest did. `embedded` counts the texts that were embedded anew, `asked` the sections that a model wrote
    learner phrasings for, at the cost of `usage`; `generation` is the current one."""

    notes: int = 0
    passages: int = 0
    tokens: int = 0
    embedded: int = 0
    asked: int = 0
    usage: Usage | None = None
    skipped: list[Skipped] = field(default_factory=list)
    remarks: list[Skipped] = field(default_factory=list)
    seconds: float = 0.0
    generation: str = ""
    changed: bool = True


@dataclass(slots=True)
class Gathered:
    """The notes of all sources, split."""

    readings: list[Reading] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)


def ingest(
    index: Path,
    sources: Sequence[Path],
    model: Model,
    progress: Progress,
    rebuild: bool = False,
    encoder: Callable[[Model], Encoder] = embed.passage_encoder,
    chat: Chat | None = None,
    home: Path | None = None,
) -> Report:
    """Read `sources` into the index and publish the result.

    Vectors of unchanged passages are taken over unless `rebuild`, and the phrasings that a model wrote for unchanged
    sections in any case; `chat` writes them for the sections that have none, and its speed is kept in `home`, beside the
    index where none is named. Raises InputError when no note could be read; then the index stays as it was.
    """
    began = time.perf_counter()
    with store.writing(index):
        store.sweep(index)
        report = Report()
        count = embed.counter(model)
        gathered = gather(sources, count, report, progress)
        if not gathered.readings:
            reasons = "; ".join(f"{s.path}: {s.reason}" for s in report.skipped[:5])
            raise InputError(
                f"No note could be read from {', '.join(map(str, sources))}{f' ({reasons})' if reasons else ''}. Footnote reads .md, .txt and .pdf files."
            )
        written = _asked(index, gathered, chat, home or index.parent, report, progress)
        old = None if rebuild else _old(index, model)
        known = stored_vectors(old) if old else {}
        vectors, report.embedded = _vectors(gathered, known, model, encoder, progress)
        report.notes, report.passages = len(gathered.readings), len(gathered.passages)
        report.tokens = sum(p.tokens for p in gathered.passages)
        contents = _contents(gathered, vectors)
        manifest: dict[str, object] = {
            "sources": [str(s.resolve()) for s in sources],
            "embedding": {"name": model.name, "digest": model.digest, "dimension": int(vectors.shape[1])},
            "splitter": SPLITTER,
            "sizes": {"target": TARGET, "limit": LIMIT},
            "counts": {"notes": report.notes, "passages": report.passages, "tokens": report.tokens},
        }
        progress("write", 0, 1)
        report.generation = _publish(index, contents, written, manifest, old, report)
        asks.forget(index)
        progress("write", 1, 1)
        store.sweep(index)
    report.seconds = time.perf_counter() - began
    return report


def sources_of(index: Path) -> list[Path]:
    """The sources an index was made from. Raises IndexMissing where there is none."""
    return [Path(s) for s in store.sources(index)]


def gather(sources: Sequence[Path], count: Count, report: Report, progress: Progress) -> Gathered:
    """Read and split every note of the sources; files that cannot be read are listed in `report`."""
    files: list[File] = []
    taken: set[str] = set()
    for source in sources:
        for found in walk(source):
            if isinstance(found, tuple):
                report.skipped.append(Skipped(*found))
                continue
            files.append(_named(found, source, taken))
    gathered = Gathered()
    for done, file in enumerate(files):
        progress("read", done, len(files))
        try:
            reading = read(file)
        except NoteError as error:
            report.skipped.append(Skipped(file.name, str(error)))
            continue
        passages = split(reading.note, count, reading.markdown, reading.start)
        if not passages:
            report.skipped.append(Skipped(file.name, "no passages in it"))
            continue
        report.remarks.extend(Skipped(file.name, r) for r in reading.remarks)
        gathered.keys.extend(_keys(reading, passages, len(gathered.passages), report))
        gathered.readings.append(reading)
        gathered.passages.extend(passages)
    progress("read", len(files), len(files))
    return gathered


def _named(file: File, source: Path, taken: set[str]) -> File:
    """The file under a name that no other source has taken: `notes.md`, then `folder/notes.md`, then `folder-2/...`."""
    folder = (source if source.is_dir() else source.parent).resolve().name
    names = [file.name, f"{folder}/{file.name}", *(f"{folder}-{n}/{file.name}" for n in range(2, 1000))]
    name = next(n for n in names if n not in taken)
    taken.add(name)
    return File(file.path, name, file.course)


def _keys(reading: Reading, passages: Sequence[Passage], offset: int, report: Report) -> list[Key]:
    found: list[Key] = []
    for heading, phrasings in reading.asks:
        rows = tuple(offset + i for i, p in enumerate(passages) if fold(heading) in {fold(h) for h in p.heading})
        if rows:
            found.extend(Key(phrase, rows) for phrase in phrasings)
        else:
            report.remarks.append(Skipped(reading.note.path, f"asks: names no section of it: {heading}"))
    return found


def _asked(index: Path, gathered: Gathered, chat: Chat | None, home: Path, report: Report, progress: Progress) -> list[asks.Written]:
    """Add keys for the sections that have none in their notes, of what models wrote before and `chat` writes now;
    returns what they were made of."""
    sections, known = asks.bare(gathered.passages, gathered.keys), asks.kept(index)
    if chat is not None:
        asked = asks.ask(sections, known, chat, home, lambda written: asks.keep(index, written), lambda done, total: progress("asks", done, total))
        report.asked, report.usage = asked.sections, asked.usage
        if asked.missing:
            which = f"{asked.missing} of {asked.sections + asked.missing} sections are"
            report.remarks.append(Skipped(chat.name, f"{which} still without learner phrasings: {asked.reason} Run `python -m ingest --asks` again to go on."))
    gathered.keys.extend(asks.keys(sections, known))
    return list({s.key: known[s.key] for s in sections if s.key in known}.values())


def _old(index: Path, model: Model) -> Index | None:
    """The index as it was, to take vectors over from: passages that another splitter made alike keep theirs."""
    try:
        return open_index(index, model, splitter=None)
    except (IndexMissing, IndexStale, IndexDamaged):
        return None


def _vectors(gathered: Gathered, known: dict[str, Vectors], model: Model, encoder: Callable[[Model], Encoder], progress: Progress) -> tuple[Vectors, int]:
    owners = [p.key for p in gathered.passages] + [k.key for k in gathered.keys]
    texts = [embedded_text(p) for p in gathered.passages] + [k.text for k in gathered.keys]
    missing = {owner: text for owner, text in zip(owners, texts, strict=True) if owner not in known}
    if missing:
        encode = embed.question_encoder(model) if len(missing) <= FEW else encoder(model)
        order = sorted(missing, key=lambda owner: len(missing[owner]), reverse=True)
        step = 512
        for done in range(0, len(order), step):
            progress("embed", done, len(order))
            part = order[done : done + step]
            fresh = encode([missing[owner] for owner in part])
            if len(fresh) != len(part) or not np.isfinite(fresh).all():
                raise InputError(f"The embedding model {model.name} returned unusable vectors; nothing was changed.")
            known.update(zip(part, fresh, strict=True))
        progress("embed", len(order), len(order))
    return np.stack([known[owner] for owner in owners]).astype(np.float32), len(missing)


def _contents(gathered: Gathered, vectors: Vectors) -> Contents:
    notes: list[Note] = [r.note for r in gathered.readings]
    counts: Counter[str] = Counter()
    short: dict[str, str] = {}
    for passage in gathered.passages:
        for part in (*passage.heading, passage.text):
            counts.update(w for w in words(part) if len(w) >= 3 and not re.search(r"\d", w))
            for name, phrase in abbreviations(part).items():
                short.setdefault(name, phrase)
    return Contents(notes, gathered.passages, gathered.keys, dict(counts), short, vectors)


def _publish(index: Path, contents: Contents, written: Sequence[asks.Written], manifest: dict[str, object], old: Index | None, report: Report) -> str:
    draft = store.draft(index)
    write(draft, contents)
    asks.write(draft, written)
    if old is not None and _same(draft, old, manifest):
        report.changed = False
        return old.generation.name
    return store.publish(index, draft, dict(manifest)).name


def _same(draft: Path, old: Index, manifest: dict[str, object]) -> bool:
    if any(old.manifest.get(k) != manifest[k] for k in ("sources", "embedding", "splitter", "sizes")):
        return False
    files = old.manifest["files"]
    return all(files.get(name) == embed.sha256(draft / name) for name in ("notes.jsonl", "passages.jsonl", "keys.jsonl", "vectors.faiss"))
