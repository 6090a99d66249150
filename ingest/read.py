"""Files in, Notes out: one reader a suffix, and the walk over a source that decides which files are read."""

from __future__ import annotations

import os
import re
import stat
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from tutor.errors import InputError, NoteError
from tutor.text import fold
from tutor.types import Note

MAX_BYTES: Final = 100_000_000
"""A note larger than this is skipped: it is no note, and it would fill the memory."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A note as read: `start` is where its content begins behind the front matter, `markdown` how it is split,
    `asks` the learner phrasings by heading, `remarks` what the reader noticed."""

    note: Note
    start: int = 0
    markdown: bool = False
    asks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A file of a source: where it is, and the path that citations name."""

    path: Path
    name: str
    course: str = ""


def _markdown(path: Path, name: str, course: str) -> Reading:
    text, remarks = decoded(path.read_bytes())
    front, start, trouble = _front_matter(text)
    title = _words(front.get("title")) or _first_heading(text[start:]) or path.stem
    note = Note(name, title, text, (), path.stat().st_mtime, course)
    return Reading(note, start, True, _asks(front.get("asks")), (*remarks, *trouble))


def _plain(path: Path, name: str, course: str) -> Reading:
    text, remarks = decoded(path.read_bytes())
    return Reading(Note(name, path.stem, text, (), path.stat().st_mtime, course), remarks=remarks)


def _pdf(path: Path, name: str, course: str) -> Reading:
    from ingest.pdf import pages

    texts, title = pages(path)
    kept = _without_running_heads(texts)
    starts, here = [], 0
    for text in kept:
        starts.append(here)
        here += len(text) + 2
    return Reading(Note(name, title or path.stem, "\n\n".join(kept), tuple(starts), path.stat().st_mtime, course))


READERS: Final[dict[str, Callable[[Path, str, str], Reading]]] = {".md": _markdown, ".markdown": _markdown, ".txt": _plain, ".text": _plain, ".pdf": _pdf}


def read(file: File) -> Reading:
    """Read one file. Raises NoteError with a clause that says why it cannot be a note."""
    reader = READERS.get(file.path.suffix.lower())
    if reader is None:
        raise NoteError(f"no reader for {file.path.suffix or 'files without a suffix'}")
    try:
        size = file.path.stat().st_size
        if size > MAX_BYTES:
            raise NoteError(f"larger than {MAX_BYTES // 1_000_000} MB")
        reading = reader(file.path, file.name, file.course)
    except PermissionError as error:
        raise NoteError("not readable: permission denied") from error
    except OSError as error:
        raise NoteError(f"not readable: {error.strerror or error}") from error
    if not fold(reading.note.text[reading.start :]):
        raise NoteError("no text in it (scanned pages need OCR first)" if file.path.suffix.lower() == ".pdf" else "empty")
    return reading


def walk(source: Path) -> Iterator[File | tuple[str, str]]:
    """The files of a source in a stable order; a pair (name, reason) for each file passed over.

    A source is a file or a folder. Hidden files and folders, links that lead out of the folder, loops, pipes and
    devices are not followed. Raises InputError when there is no such path.
    """
    if not os.path.exists(source):  # noqa: PTH110 - False for an overlong name too, where Path.exists raises
        raise InputError(f"There is no file or folder {source}.")
    if source.is_file():
        yield File(source, source.name)
        return
    if not source.is_dir():
        raise InputError(f"{source} is neither a file nor a folder.")
    root = source.resolve()
    course = _course(source)
    visited: set[Path] = set()
    closed: list[OSError] = []
    for folder, subfolders, names in os.walk(source, followlinks=True, onerror=closed.append):
        here = Path(folder)
        real = here.resolve()
        if real in visited or not real.is_relative_to(root):
            subfolders.clear()
            if real not in visited:
                yield here.relative_to(source).as_posix(), "a link that leads out of the folder"
            continue
        visited.add(real)
        subfolders[:] = sorted(d for d in subfolders if not d.startswith("."))
        for name in sorted(names):
            path = here / name
            shown = path.relative_to(source).as_posix()
            if name.startswith(".") or (course and name == "course.toml"):
                continue
            reason = _passed_over(path, root)
            yield (shown, reason) if reason else File(path, shown, course)
    for error in closed:
        yield Path(error.filename).relative_to(source).as_posix(), f"not readable: {(error.strerror or 'error').lower()}"


def _passed_over(path: Path, root: Path) -> str:
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(root):
            return "a link that leads out of the folder"
        mode = path.stat().st_mode
    except (OSError, RuntimeError):
        return "a broken link"
    if not stat.S_ISREG(mode):
        return "not a regular file"
    if path.suffix.lower() not in READERS:
        return f"no reader for {path.suffix or 'files without a suffix'}"
    return ""


def _course(source: Path) -> str:
    path = source / "course.toml"
    if not path.is_file():
        return ""
    try:
        with path.open("rb") as file:
            return str(tomllib.load(file).get("id") or source.name)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not valid TOML: {error}.") from error


def decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Bytes as text with line ends as \\n, and remarks: byte order mark, then UTF-8, UTF-16 by its NULs, Windows-1252.

    Raises NoteError for what looks binary.
    """
    remarks: tuple[str, ...] = ()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            even, odd = data[0:4000:2].count(0), data[1:4000:2].count(0)
            if max(even, odd) > 0.3 * len(data[:4000]) / 2:
                text = data.decode("utf-16-le" if odd > even else "utf-16-be", errors="replace")
            else:
                text = data.decode("utf-8-sig", errors="replace")
                wrong = text.count("\ufffd")
                if wrong <= sum(c > "\x7f" for c in text) / 2 and wrong * 100 <= len(text):
                    remarks = (f"{wrong} bytes are not UTF-8",)
                else:
                    text = data.decode("cp1252", errors="replace")
                    remarks = ("not UTF-8; read as Windows-1252",)
    strange = sum(_is_control(c) or c == "\ufffd" for c in text[:20_000])
    if "\x00" in text[:20_000] and text.count("\x00") > 0.01 * len(text):
        half = data[0:4000:2].count(0), data[1:4000:2].count(0)
        if max(half) > 0.6 * len(data[:4000]) / 2:
            text = data.decode("utf-16-le" if half[1] > half[0] else "utf-16-be", errors="replace")
            strange = sum(_is_control(c) for c in text[:20_000])
    if strange > 0.1 * max(1, len(text[:20_000])):
        raise NoteError("looks binary, not text")
    if "\x00" in text:
        text = text.replace("\x00", " ")
        remarks = (*remarks, "NUL bytes read as spaces")
    return text.replace("\r\n", "\n").replace("\r", "\n"), remarks


def _is_control(c: str) -> bool:
    """Whether text holds no such character: a control code. No-break spaces and bidirectional marks are text."""
    return unicodedata.category(c) == "Cc" and c not in "\n\r\t\f\v\x85"


def _front_matter(text: str) -> tuple[dict[str, Any], int, tuple[str, ...]]:
    match = re.match(r"---[ \t]*\n(.*?)\n---[ \t]*(?:\n|$)", text, re.DOTALL)
    if not match:
        return {}, 0, ()
    try:
        loaded = yaml.safe_load(match.group(1))
    except (yaml.YAMLError, ValueError, KeyError, AttributeError, TypeError, RecursionError):  # what PyYAML lets out: "date: 2024-02-30"
        return {}, match.end(), ("its front matter is not valid YAML and was left out",)
    if not isinstance(loaded, dict):
        return {}, 0, ()
    return loaded, match.end(), ()


def _asks(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        return ()
    return tuple(
        (_words(heading), tuple(w for p in phrasings if (w := _words(p).strip()))) for heading, phrasings in value.items() if isinstance(phrasings, list)
    )


def _words(value: object) -> str:
    """A scalar of the front matter as text; "" for what is none: a list may refer to itself a million times."""
    return str(value).encode("utf-8", "replace").decode() if isinstance(value, str | int | float | date) else ""


def _first_heading(text: str) -> str:
    match = re.search(r"^#\s+(.+?)\s*#*$", text, re.MULTILINE)
    return match.group(1) if match else ""


def _without_running_heads(texts: list[str]) -> list[str]:
    """The pages without lines that stand at the top or bottom of a third of them (running heads, page numbers)."""
    edges: Counter[str] = Counter()
    for text in texts:
        filled = [line for line in text.splitlines() if line.strip()]
        edges.update({_numberless(line) for line in [*filled[:2], *filled[-2:]]})
    heads = {line for line, n in edges.items() if n >= 3 and n >= 0.3 * len(texts)}
    out = []
    for text in texts:
        lines = text.split("\n")
        filled_at = [i for i, line in enumerate(lines) if line.strip()]
        drop = {i for i in [*filled_at[:2], *filled_at[-2:]] if _numberless(lines[i]) in heads}
        out.append("\n".join(line for i, line in enumerate(lines) if i not in drop))
    return out


def _numberless(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split())).lower()
