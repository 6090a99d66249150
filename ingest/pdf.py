"""A PDF in, the text of its pages out. The only module that knows pypdf."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from tutor.errors import NoteError

MAX_PAGES: Final = 5_000
_TROUBLE: Final = (
    PyPdfError,
    DependencyError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    ArithmeticError,
)
"""What pypdf lets out on damaged files: its own errors, and, in 25 of 4,000 mutated files, others."""


def pages(path: Path) -> tuple[list[str], str]:
    """The text of each page, and the document's title or "".

    Raises NoteError for a file that is encrypted, damaged or has no pages. A page that alone cannot be read is empty.
    """
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise NoteError("password-protected PDF")
        count = len(reader.pages)
        title = str((reader.metadata and reader.metadata.title) or "").strip()
    except DependencyError as error:
        raise NoteError("password-protected PDF") from error
    except _TROUBLE as error:
        raise NoteError("damaged PDF") from error
    if count == 0:
        raise NoteError("damaged PDF: it has no pages")
    return [_text(reader, number) for number in range(min(count, MAX_PAGES))], title


def _text(reader: PdfReader, number: int) -> str:
    try:
        return reader.pages[number].extract_text().replace("\x00", " ")
    except _TROUBLE:
        return ""
