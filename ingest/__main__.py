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
from tutor.chat import Chat
from tutor.errors import IndexMissing, InputError, TutorError
from tutor.settings import Settings, from_environment
from tutor.types import Usage

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
    made.add_argument(
        "--asks", action="store_true", help="let the model of TUTOR_MODEL write learner phrasings for the sections that have none: search keys, never quoted"
    )
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
        chat = connected(settings) if options.asks else None
        sources = chosen(index, options.paths, options.add, settings)
        progress = _json_progress if options.json else _bar if sys.stderr.isatty() else _lines
        report = ingest(index, sources, embed.find(settings.embedding), progress, options.rebuild, chat=chat, home=settings.home)
    except TutorError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{index} could not be written: {error.strerror or error}. The index is as it was.", file=sys.stderr)
        return 1
    print(json.dumps(asdict(report)) if options.json else table(report, index))
    return 0


def connected(settings: Settings) -> Chat:
    """The configured chat model. Raises InputError where none is set, ModelUnusable where it cannot be set up."""
    if not settings.model:
        raise InputError("Set TUTOR_MODEL to the language model that shall write the learner phrasings, such as ollama:qwen3:4b, then run the command again.")
    from tutor import models  # noqa: PLC0415  # an ingest without a model loads nothing of one

    return models.connect(settings)


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
        *([("newly phrased", report.asked)] if report.usage else []),
        ("skipped", len(report.skipped)),
        ("seconds", f"{report.seconds:.1f}"),
    ]
    lines = [f"{name:<15}{value:>10}" for name, value in rows]
    lines += [f"skipped  {_plain(s.path)}: {s.reason}" for s in report.skipped]
    lines += [f"note     {_plain(s.path)}: {_plain(s.reason)}" for s in report.remarks]
    if report.usage:
        lines.append(f"model    {_cost(report.usage)}")
    state = "published" if report.changed else "nothing changed"
    return "\n".join([*lines, f"index    {index} ({report.generation}, {state})"])


def _cost(usage: Usage) -> str:
    """What a model was given and gave, on one line."""
    about = "" if usage.counted else "about "
    price = f", about ${max(usage.cost, 0.01):.2f} by list price" if usage.cost else ""
    return f"{_plain(usage.model)}: {about}{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out{price}"


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
