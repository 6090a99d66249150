"""Answers and hits in, lines for a terminal out; and the start of the web app's server."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tutor.errors import InputError
from tutor.text import visible
from tutor.types import Answer, Citation, Hit, Statement

WIDTH: Final = 96
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def answer(found: Answer) -> str:
    """An answer with its footnotes."""
    blocks = [opening(found)] if found.outcome != "answered" else []
    blocks += [_statement(s) for s in found.statements]
    if found.nearest and found.outcome != "answered":
        blocks.append("Nearest headings:\n" + "\n".join(f"  - {' > '.join(_plain(part) for part in h.path)}  ({_plain(h.note)})" for h in found.nearest))
    if found.citations:
        blocks.append("\n".join(_footnote(c) for c in found.citations))
    blocks.append(f"({found.mode}, {found.seconds * 1000:.0f} ms)")
    return "\n\n".join(b for b in blocks if b)


def opening(found: Answer) -> str:
    """The sentence that says how far the notes answer; "" where they do."""
    lacking = ", ".join(f'"{word}"' for word in found.missing)
    if found.outcome == "absent":
        return "Your notes do not answer this." + (f" They never use {lacking}." if lacking else "")
    if found.outcome == "closest":
        return f"Your notes touch on this but do not answer it{f': they lack {lacking}' if lacking else ''}. The nearest they have:"
    return ""


def hits(found: Sequence[Hit]) -> str:
    """Passages, each with its place."""
    if not found:
        return "Nothing found."
    return "\n\n".join(
        f"{n}. {_plain(h.passage.note)}{_page(h.passage.page)}  {' > '.join(map(_plain, h.passage.heading))}\n"
        + textwrap.indent(_wrapped(h.passage.text), "   ")
        for n, h in enumerate(found, 1)
    )


def _statement(s: Statement) -> str:
    marks = "".join(f"[{n}]" for n in s.citations)
    body = " | ".join(map(_plain, s.cells)) if s.cells else _plain(s.text)
    label = _plain(s.label) if not s.columns else " | ".join(map(_plain, s.columns))
    head = f"{label.rstrip(':')}: " if label else ""
    return _wrapped(f"{'' if s.role == 'lead' else '- '}{head}{body} {marks}", "  " if s.role != "lead" else "")


def _footnote(c: Citation) -> str:
    place = f"{_plain(c.note)}{_page(c.page)}{' > ' + _plain(c.heading[-1]) if c.heading else ''}"
    quote = textwrap.shorten(_plain(c.quote), 80, placeholder="...")
    return f'[{c.number}] {place}: "{quote}"'


def _page(page: int | None) -> str:
    return "" if page is None else f", page {page}"


def _plain(text: str) -> str:
    """Verbatim words without emphasis marks, invisible and control characters, on one line."""
    return " ".join(_CONTROL.sub(" ", re.sub(r"\*\*|__|`", "", visible(text))).split())


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=indent)


def serve(port: int) -> int:
    """Serve the web app on localhost until it is stopped; returns its exit status."""
    page = Path(__file__).resolve().parent.parent / "app.py"
    if not page.is_file():
        raise InputError("The web app's page app.py is not installed beside the package.")
    options = {
        "server.address": "localhost",
        "server.port": port,
        "browser.gatherUsageStats": "false",
        "server.fileWatcherType": "none",
        "server.headless": "true",
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
    }
    print(f"Footnote is at http://localhost:{port} (stop it with Ctrl+C).", flush=True)
    return subprocess.call([sys.executable, "-m", "streamlit", "run", str(page), *(f"--{name}={value}" for name, value in options.items())])  # noqa: S603  our own words only
