"""The command `python -m tutor`: ask, search, doctor, app."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tutor import doctor, session, terminal
from tutor.errors import TutorError
from tutor.settings import from_environment
from tutor.types import Hit


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    made = argparse.ArgumentParser(prog="python -m tutor", description="A study tutor that answers from your notes and shows where.")
    commands = made.add_subparsers(dest="command", required=True)
    ask = commands.add_parser("ask", help="answer a question from the notes")
    ask.add_argument("question", nargs="+", help="the question")
    search = commands.add_parser("search", help="list the passages nearest to a query")
    search.add_argument("query", nargs="+", help="what to look for")
    search.add_argument("-k", type=int, default=10, help="how many passages (default: 10)")
    check = commands.add_parser("doctor", help="say what is configured, installed and indexed")
    for command in (ask, search, check):
        command.add_argument("--index", type=Path, metavar="DIR", help="the index folder (default: $TUTOR_HOME/index)")
        command.add_argument("--json", action="store_true", help="print one JSON object")
    app = commands.add_parser("app", help="serve the web app on this machine")
    app.add_argument("--port", type=int, default=8501, help="the port on localhost (default: 8501)")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = parser().parse_args(arguments)
    try:
        return _run(options)
    except TutorError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of a pipe, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(options: argparse.Namespace) -> int:
    if options.command == "app":
        return terminal.serve(options.port)
    if options.command == "doctor":
        report = doctor.examine(from_environment(), options.index)
        print(json.dumps(report, indent=1) if options.json else doctor.table(report))
        return 0 if report["ready"] else 1
    tutor = session.load(options.index)
    if options.command == "search":
        hits = tutor.search(" ".join(options.query), k=max(1, options.k))
        print(json.dumps({"hits": [_hit(h) for h in hits]}) if options.json else terminal.hits(hits))
        return 0
    answer = tutor.ask(" ".join(options.question))
    print(json.dumps(asdict(answer) | {"abstained": answer.abstained}) if options.json else terminal.answer(answer))
    return 0


def _hit(hit: Hit) -> dict[str, object]:
    p = hit.passage
    return {"note": p.note, "heading": p.heading, "page": p.page, "start": p.start, "end": p.end, "text": p.text, "score": hit.score, "also": hit.also}


if __name__ == "__main__":
    sys.exit(main())
