"""The command that scores and times us beside what people use instead."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from evals.bench import measure, scale
from evals.bench.compared import table
from evals.cases import GoldSet, sets
from tutor import embed
from tutor.errors import InputError
from tutor.settings import from_environment


def add(commands: Any) -> None:
    """Add the command."""
    text = "score and time our pipeline beside LangChain's default one, over the same notes and questions: evidence, ingest, first answer, memory, disk"
    made: ArgumentParser = commands.add_parser("bench", help=text, description=text)
    made.set_defaults(does=_bench)
    made.add_argument("--rounds", type=int, default=measure.ROUNDS, help=f"how often each is timed, in turn; 0: evidence alone (default: {measure.ROUNDS})")
    made.add_argument("--set", choices=[s.name for s in sets()], help="of our own gold, this set alone (default: all)")
    made.add_argument("--notes", type=Path, metavar="DIR", help="other notes, with --gold (default: our own)")
    made.add_argument("--gold", type=Path, action="append", default=[], metavar="FILE", help="questions over --notes as JSON lines")
    made.add_argument("--sealed", action="store_true", help="ask the sealed questions of the course alone")
    made.add_argument("--sizes", type=int, nargs="+", default=scale.SIZES, metavar="N", help="numbers of synthetic passages (default: 1000 10000 100000)")
    made.add_argument("--out", type=Path, metavar="FILE", help="where the result goes (default: evals/results/bench-COMMIT.json; of --notes: nowhere)")
    made.add_argument("--json", action="store_true", help="print the result as JSON")


def _bench(options: Namespace) -> int:
    if bool(options.notes) != bool(options.gold):
        raise InputError("Give --notes and --gold together: a folder of notes, and the questions over it.")
    if options.notes:
        over = [GoldSet(options.notes.resolve().name, options.notes, tuple(options.gold))]
    else:
        chosen = options.set or ("course" if options.sealed else None)
        over = [s for s in sets() if chosen in (None, s.name)]
    settings = from_environment()
    home = settings.home / "evals" / "indexes"
    result = measure.measure(embed.find(settings.embedding), home, over, options.rounds, options.sizes, options.sealed)
    if options.out or (options.rounds and not options.notes):
        measure.write(result, options.out)
    print(json.dumps(result, allow_nan=False) if options.json else table(result))
    return 0
