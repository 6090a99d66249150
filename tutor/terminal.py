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
from tutor.layout import Group, chips, grouped, opening, reading, remarks, shown, spent
from tutor.text import visible
from tutor.types import Answer, Citation, Hit, Judged, Statement

WIDTH: Final = 96
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def answer(found: Answer) -> str:
    """An answer with its footnotes."""
    said = {c.number: c for c in found.citations}
    blocks = [wrapped(plain(reading(found))), opening(found), wrapped(plain(found.prompt))]
    blocks += [_option(o, o.id in found.choice, said) for o in found.options]
    for group in grouped(() if found.options else found.statements, led=not found.abstained):
        lines = [wrapped(f"{plain(group.label).rstrip(':')}:")] if group.label else []
        if group.form == "table":
            lines.append(_table(group, said))
        else:
            lines += [_statement(group, n, s, said) for n, s in enumerate(group.statements, 1)]
        blocks.append("\n".join(lines))
    if found.nearest and found.abstained:
        blocks.append("Nearest headings:\n" + "\n".join(f"  - {' > '.join(map(plain, h.path))}  ({plain(h.note)})" for h in found.nearest))
    blocks.append("\n".join(footnote(c) for c in found.citations if any(c.number in chips(s, said) for s in shown(found))))
    blocks += [wrapped(plain(line)) for line in remarks(found)]
    blocks.append(f"({', '.join([found.mode, f'{found.seconds * 1000:.0f} ms', *spent(found.usage)])})")
    return "\n\n".join(b for b in blocks if b)


def hits(found: Sequence[Hit]) -> str:
    """Passages, each with its place."""
    if not found:
        return "Nothing found."
    return "\n\n".join(
        f"{n}. {plain(h.passage.note)}{_page(h.passage.page)}  {' > '.join(map(plain, h.passage.heading))}\n"
        + textwrap.indent(wrapped(_words(h.passage.text)), "   ")
        for n, h in enumerate(found, 1)
    )


def _option(option: Judged, chosen: bool, said: Mapping[int, Citation]) -> str:
    """An option of a pasted question, how the notes see it, and what they say."""
    lines = [wrapped(f"{'>' if chosen else ' '} {option.id}. {plain(option.text)} ({option.standing})", "     ")]
    for group in grouped([option.statement] if option.statement else [], led=False):
        told = _table(group, said) if group.form == "table" else _statement(group, 1, group.statements[0], said)
        lines.append(textwrap.indent(told, "     "))
    return "\n".join(lines)


def _statement(group: Group, number: int, s: Statement, said: Mapping[int, Citation]) -> str:
    mark = {"lead": "", "steps": f"{number}. "}.get(group.form, "- ")
    return wrapped(f"{mark}{plain(s.text)}{' (?)' if s.verdict == 'unsure' else ''} {_marks(s, said)}", " " * len(mark))


def _table(group: Group, said: Mapping[int, Citation]) -> str:
    """Rows under their header: one line a cell, so that long cells stay readable."""
    rows = []
    for s in group.statements:
        first, *others = zip(group.columns, s.cells, strict=True)
        cells = [wrapped(f"    {plain(column)}: {plain(cell)}", "      ") for column, cell in others]
        rows.append("\n".join([f"- {plain(first[1])} {_marks(s, said)}", *cells]))
    return "\n".join(rows)


def _marks(s: Statement, said: Mapping[int, Citation]) -> str:
    return "".join(f"[{n}]" for n in chips(s, said))


def footnote(c: Citation) -> str:
    """Where a citation stands, and how its quote begins."""
    place = f"{plain(c.note)}{_page(c.page)}{' > ' + plain(c.heading[-1]) if c.heading else ''}"
    quote = textwrap.shorten(plain(c.quote), 80, placeholder="...")
    return f'[{c.number}] {place}: "{quote}"'


def _page(page: int | None) -> str:
    return "" if page is None else f", page {page}"


def plain(text: str) -> str:
    """Verbatim words without emphasis marks, invisible and control characters, on one line."""
    return _words(re.sub(r"\*\*|__|`", "", visible(text)))


def _words(text: str) -> str:
    """Verbatim words without invisible and control characters, on one line."""
    return " ".join(_CONTROL.sub(" ", visible(text)).split())


def wrapped(text: str, indent: str = "") -> str:
    """Lines of at most WIDTH characters; all but the first are indented."""
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
