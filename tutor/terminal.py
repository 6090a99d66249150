"""Answers and hits in, lines for a terminal out; and the start of the web app's server."""

from __future__ import annotations

import re
import runpy
import sys
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tutor.errors import InputError
from tutor.layout import Group, chips, grouped, opening, reading, remarks, spent
from tutor.text import visible
from tutor.types import Answer, Citation, Hit, Statement

WIDTH: Final = 96
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def answer(found: Answer) -> str:
    """An answer with its footnotes."""
    said = {c.number: c for c in found.citations}
    blocks = [_wrapped(_plain(reading(found))), opening(found), _wrapped(_plain(found.prompt))]
    for group in grouped(found.statements, led=not found.abstained):
        lines = [_wrapped(f"{_plain(group.label).rstrip(':')}:")] if group.label else []
        if group.form == "table":
            lines.append(_table(group, said))
        else:
            lines += [_statement(group, n, s, said) for n, s in enumerate(group.statements, 1)]
        blocks.append("\n".join(lines))
    if found.nearest and found.abstained:
        blocks.append("Nearest headings:\n" + "\n".join(f"  - {' > '.join(map(_plain, h.path))}  ({_plain(h.note)})" for h in found.nearest))
    blocks.append("\n".join(_footnote(c) for c in found.citations if any(c.number in chips(s, said) for s in found.statements)))
    blocks += [_wrapped(_plain(line)) for line in remarks(found)]
    blocks.append(f"({', '.join([found.mode, f'{found.seconds * 1000:.0f} ms', *spent(found.usage)])})")
    return "\n\n".join(b for b in blocks if b)


def hits(found: Sequence[Hit]) -> str:
    """Passages, each with its place."""
    if not found:
        return "Nothing found."
    return "\n\n".join(
        f"{n}. {_plain(h.passage.note)}{_page(h.passage.page)}  {' > '.join(map(_plain, h.passage.heading))}\n"
        + textwrap.indent(_wrapped(h.passage.text), "   ")
        for n, h in enumerate(found, 1)
    )


def _statement(group: Group, number: int, s: Statement, said: Mapping[int, Citation]) -> str:
    mark = {"lead": "", "steps": f"{number}. "}.get(group.form, "- ")
    return _wrapped(f"{mark}{_plain(s.text)}{' (?)' if s.verdict == 'unsure' else ''} {_marks(s, said)}", " " * len(mark))


def _table(group: Group, said: Mapping[int, Citation]) -> str:
    """Rows under their header: one line a cell, so that long cells stay readable."""
    rows = []
    for s in group.statements:
        first, *others = zip(group.columns, s.cells, strict=True)
        cells = [_wrapped(f"    {_plain(column)}: {_plain(cell)}", "      ") for column, cell in others]
        rows.append("\n".join([f"- {_plain(first[1])} {_marks(s, said)}", *cells]))
    return "\n".join(rows)


def _marks(s: Statement, said: Mapping[int, Citation]) -> str:
    return "".join(f"[{n}]" for n in chips(s, said))


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
    """Serve the web app on localhost, in this process, until it is stopped; returns its exit status."""
    page = Path(__file__).resolve().parent.parent / "app.py"
    if not page.is_file():
        raise InputError("The web app's page app.py is not installed beside the package.")
    options = {
        "server.address": "localhost",
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.maxUploadSize": 25,
        "browser.gatherUsageStats": "false",
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
    }
    print(f"Footnote is at http://localhost:{port} (stop it with Ctrl+C).", flush=True)
    sys.argv = ["streamlit", "run", str(page), *(f"--{name}={value}" for name, value in options.items())]
    try:
        runpy.run_module("streamlit", run_name="__main__")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0
