"""The command `python -m ingest`: paths in, an index on disk and a table of what was read out."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from ingest.build import Report, ingest, sources_of
from tutor import embed
from tutor.errors import IndexMissing, TutorError
from tutor.settings import Settings, from_environment

COURSE = Path(__file__).resolve().parent.parent / "corpus" / "mla-c01"


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    made = argparse.ArgumentParser(prog="python -m ingest", description="Read notes (.md, .txt, .pdf) into a search index.")
    made.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="files or folders: the index's whole list of sources; none: read its sources again (a new index: the shipped course)",
    )
    made.add_argument("--add", type=Path, action="append", default=[], metavar="PATH", help="add one source to those the index has")
    made.add_argument("--index", type=Path, metavar="DIR", help="the index folder (default: $TUTOR_HOME/index)")
    made.add_argument("--rebuild", action="store_true", help="embed everything anew")
    made.add_argument("--json", action="store_true", help="print the report as JSON, and progress as JSON lines on standard error")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = parser().parse_args(arguments)
    settings = from_environment()
    index = options.index or settings.index
    try:
        sources = chosen(index, options.paths, options.add, settings)
        progress = _json_progress if options.json else _bar if sys.stderr.isatty() else _lines
        report = ingest(index, sources, embed.find(settings.embedding), progress, options.rebuild)
    except TutorError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{index} could not be written: {error.strerror or error}. The index is as it was.", file=sys.stderr)
        return 1
    print(json.dumps(asdict(report)) if options.json else table(report, index))
    return 0


def chosen(index: Path, paths: Sequence[Path], added: Sequence[Path], settings: Settings) -> list[Path]:
    """The sources to read: the given ones, else the index's own, else the shipped course; then those added."""
    if paths:
        sources = list(paths)
    else:
        try:
            sources = sources_of(index)
        except IndexMissing:
            sources = [] if added else [COURSE]
    if index.resolve() == settings.index.resolve() and settings.notes.is_dir():
        sources.append(settings.notes)
    sources.extend(added)
    return list({os.path.realpath(source): source for source in sources}.values())


def table(report: Report, index: Path) -> str:
    """The report for a person."""
    rows = [
        ("notes", report.notes),
        ("passages", report.passages),
        ("tokens", report.tokens),
        ("newly embedded", report.embedded),
        ("skipped", len(report.skipped)),
        ("seconds", f"{report.seconds:.1f}"),
    ]
    lines = [f"{name:<15}{value:>10}" for name, value in rows]
    lines += [f"skipped  {_plain(s.path)}: {s.reason}" for s in report.skipped]
    lines += [f"note     {_plain(s.path)}: {_plain(s.reason)}" for s in report.remarks]
    state = "published" if report.changed else "nothing changed"
    return "\n".join([*lines, f"index    {index} ({report.generation}, {state})"])


def _plain(name: str) -> str:
    """A name on one line, without control codes."""
    return "".join(c if c.isprintable() or c == " " else "?" for c in name)


def _json_progress(phase: str, done: int, total: int) -> None:
    print(json.dumps({"phase": phase, "done": done, "total": total}), file=sys.stderr, flush=True)


def _lines(phase: str, done: int, total: int) -> None:
    if done == total:
        print(f"{phase}: {total}", file=sys.stderr, flush=True)


def _bar(phase: str, done: int, total: int) -> None:
    width = 30
    full = width * done // max(1, total)
    end = "\n" if done == total else ""
    print(f"\r{phase:<6} [{'#' * full}{'.' * (width - full)}] {done}/{total}", end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
