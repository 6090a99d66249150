"""An uploaded file in, a note in the uploads folder out, under a name that is safe on every system."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Final

from tutor.errors import InputError

SUFFIXES: Final = ("md", "markdown", "txt", "text", "pdf")
MEGABYTES: Final = 25
_LONGEST: Final = 80
"""Characters of a name before its suffix: any four-byte characters still fit in 255 bytes with the suffix."""

_RESERVED: Final = frozenset(["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))])


def safe_name(name: str) -> str:
    """The name to keep an upload under: its last part, without characters that a file system or a shell acts on.

    Raises InputError where the suffix is not one that Footnote reads.
    """
    base = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    base = "".join(c for c in base if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    stem, _, suffix = base.rpartition(".")
    if suffix.lower() not in SUFFIXES:
        raise InputError("Footnote reads .md, .txt and .pdf files; this one has another ending.")
    stem = " ".join(re.sub(r'[<>:"|?*$`;&!\'{}\[\]]', "-", stem).split()).strip(". -")[:_LONGEST].strip(". -")
    if not stem or stem.split(".")[0].strip().lower() in _RESERVED:
        stem = f"note {stem}".strip()
    return f"{stem}.{suffix.lower()}"


def checked(name: str, data: bytes) -> str:
    """The name to keep an upload under. Raises InputError for an empty or overlong file, or for another suffix."""
    wanted = safe_name(name)
    if not data:
        raise InputError("That file is empty.")
    if len(data) > MEGABYTES * 1_000_000:
        raise InputError(f"That file is larger than {MEGABYTES} MB.")
    return wanted


def keep(folder: Path, name: str, data: bytes) -> Path:
    """Write an upload into a folder and return where it is; nothing is overwritten, and the same file is kept once.

    Raises what `checked` raises.
    """
    wanted = checked(name, data)
    folder.mkdir(parents=True, exist_ok=True)
    stem, suffix = wanted.rsplit(".", 1)
    for number in range(1, 10_000):
        path = folder / (wanted if number == 1 else f"{stem}-{number}.{suffix}")
        try:
            with path.open("xb") as file:
                file.write(data)
        except FileExistsError:
            if path.is_file() and path.read_bytes() == data:
                return path
            continue
        return path
    raise InputError("There are too many notes of that name already.")
