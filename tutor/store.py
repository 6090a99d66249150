"""Generations on disk: immutable folders of files, a manifest written last, and CURRENT that names the one in use.

    index/CURRENT                 one line: the name of a generation
    index/g000007/...             the files of a generation
    index/g000007/manifest.json   written last; holds the sha256 of every other file
    index/write.lock              held by the one process that writes

A crash at any moment leaves the old generation or the new one, because a generation is built under another name,
flushed to disk, renamed, and only then named by CURRENT.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from tutor.embed import sha256
from tutor.errors import IndexBusy, IndexDamaged, IndexMissing, IndexStale, InputError
from tutor.types import digest

SCHEMA: Final = 2
MANIFEST: Final = "manifest.json"
KEPT: Final = 2
"""Generations left on disk: the current one and the one before it, for readers that are opening it just now."""


@contextmanager
def writing(index: Path, timeout: float = 5.0) -> Iterator[None]:
    """Hold the index for writing; raises IndexBusy after `timeout` seconds of waiting for another writer."""
    try:
        index.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(f"{index} is not a folder, so it cannot hold an index.") from error
    try:
        with FileLock(str(index / "write.lock"), timeout=timeout):
            yield
    except Timeout as error:
        raise IndexBusy(f"Another ingest is writing {index}. Wait for it to end, then run the command again.") from error


def current(index: Path) -> Path:
    """The folder of the generation in use. Raises IndexMissing, or IndexDamaged when CURRENT names none."""
    try:
        name, _, check = (index / "CURRENT").read_text(encoding="ascii", errors="replace").strip().partition(" ")
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissing(f"There is no index in {index} yet. Make one with `python -m ingest`.") from None
    folder = index / name
    if not re.fullmatch(r"g\d{6,}", name, re.ASCII) or check != digest(name)[:8] or not (folder / MANIFEST).is_file():
        raise IndexDamaged(f"{index / 'CURRENT'} does not name a generation of this index. {mend(index)}")
    return folder


def sources(index: Path) -> list[str]:
    """The sources of an index, also where its generation cannot be read. Raises IndexMissing, IndexDamaged, IndexStale."""
    try:
        return [str(s) for s in read_manifest(current(index))["sources"]]
    except (IndexDamaged, IndexStale):
        try:
            return [str(s) for s in json.loads((index / "sources.json").read_text(encoding="utf-8"))]
        except (OSError, ValueError, TypeError):
            pass
        raise


def mend(index: Path) -> str:
    """The sentence that names the command which rebuilds an index."""
    return f"Rebuild it with `python -m ingest --rebuild --index {shlex.quote(str(index))}`."


def read_manifest(generation: Path) -> dict[str, Any]:
    """The manifest as a mapping; raises IndexDamaged when it cannot be read, IndexStale when it is of another schema."""
    try:
        manifest = json.loads((generation / MANIFEST).read_text(encoding="utf-8"))
        schema, files = manifest["schema"], manifest["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"The manifest of {generation.name} cannot be read. {mend(generation.parent)}") from error
    if schema != SCHEMA:
        raise IndexStale(f"The index in {generation.parent} has format {schema}; this version reads format {SCHEMA}. {mend(generation.parent)}")
    if not isinstance(files, dict) or manifest.get("seal") != seal(manifest):
        raise IndexDamaged(f"The manifest of {generation.name} does not match its own digest. {mend(generation.parent)}")
    return dict(manifest)


def seal(manifest: dict[str, Any]) -> str:
    """A digest over the manifest itself, so that a flipped byte in it is noticed too."""
    return digest(json.dumps({k: v for k, v in manifest.items() if k != "seal"}, sort_keys=True))


def verify(generation: Path, manifest: dict[str, Any]) -> None:
    """Check every file of a generation against its digest; raises IndexDamaged naming the first that differs."""
    for name, expected in manifest["files"].items():
        path = generation / name
        if not path.is_file():
            raise IndexDamaged(f"{name} is missing from the index. {mend(generation.parent)}")
        if sha256(path) != expected:
            raise IndexDamaged(f"{name} does not match its digest: the file was changed or damaged. {mend(generation.parent)}")


def publish(index: Path, draft: Path, manifest: dict[str, Any]) -> Path:
    """Make the files in `draft` the current generation; call while holding `writing(index)`.

    `manifest` gets the schema and every file's digest. Returns the generation's folder.
    """
    files = sorted(p.relative_to(draft).as_posix() for p in draft.rglob("*") if p.is_file())
    for name in files:
        _flush(draft / name)
    manifest = {**manifest, "schema": SCHEMA, "files": {name: sha256(draft / name) for name in files}}
    manifest["seal"] = seal(manifest)
    _write(draft / MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
    for folder in (*(p for p in draft.rglob("*") if p.is_dir()), draft):
        _flush_folder(folder)
    _write(index / "sources.new", json.dumps(manifest.get("sources", [])))
    (index / "sources.new").replace(index / "sources.json")
    taken = [int(p.name[1:]) for p in index.glob("g*") if re.fullmatch(r"g\d{6,}", p.name)]
    generation = index / f"g{max(taken, default=0) + 1:06d}"
    draft.replace(generation)
    _flush_folder(index)
    beside = index / "CURRENT.new"
    _write(beside, f"{generation.name} {digest(generation.name)[:8]}\n")
    beside.replace(index / "CURRENT")
    _flush_folder(index)
    return generation


def draft(index: Path) -> Path:
    """A new empty folder to build a generation in, on the same file system."""
    folder = index / f"draft-{os.getpid()}"
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def sweep(index: Path) -> None:
    """Remove what crashed runs and old generations left; call while holding `writing(index)`."""
    generations = sorted(p for p in index.glob("g*") if re.fullmatch(r"g\d{6,}", p.name))
    try:
        used = current(index).name
    except (IndexMissing, IndexDamaged):
        used = ""
    keep = {used, *(p.name for p in generations if p.name < used)} if used else {p.name for p in generations}
    old = sorted(name for name in keep if name != used)[-(KEPT - 1) :]
    for path in [*index.glob("draft-*"), *(p for p in generations if used and p.name not in {used, *old})]:
        shutil.rmtree(path, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _flush_folder(path: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder; its rename is journalled
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
