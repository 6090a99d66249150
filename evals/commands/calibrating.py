"""The command that fits numbers: those in tutor/data to our gold questions and labels, and the harness's own cuts."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

from evals import detector
from evals.fitting.calibrate import PARTS, calibrate
from evals.measures import marking, pasted
from tutor.errors import InputError
from tutor.settings import from_environment

OTHERS = ("adapter", "ground", "mark", "pasted", "detector")
"""Parts that are fitted only when they are named."""


def add(commands: Any) -> None:
    """Add the command."""
    made = commands.add_parser("calibrate", help="fit the numbers in tutor/data to the questions in evals/gold")
    made.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help=f"which of {', '.join(PARTS)} (default: these four), ground (the check of a model's sentences, by evals/gold/grounding), mark (the marking of free text, by evals/gold/marking and --semeval), pasted (when pasted exam questions are answered), detector (the cuts of the harness's own judge, by evals/gold/detector.jsonl), or adapter, which takes up to an hour",
    )
    made.add_argument(
        "--semeval", type=Path, metavar="DIR", help="the files of SemEval-2013 task 7 that mark is fitted to beside our own: scientsbank_train.jsonl"
    )
    made.add_argument("--index", type=Path, metavar="DIR", help="where the notes' indexes are kept (default: $TUTOR_HOME/evals)")
    made.set_defaults(does=_calibrate)


def _calibrate(options: Namespace) -> int:
    parts = list(options.parts or PARTS)
    if unknown := sorted(set(parts) - {*OTHERS, *PARTS}):
        raise InputError(f"There is no part {unknown[0]}; PART is one of {', '.join((*OTHERS, *PARTS))}.")
    if "mark" in parts and options.semeval is None:
        raise InputError("To fit mark, name the folder of SemEval-2013 task 7 with --semeval DIR.")
    made: dict[str, object] = {}
    if "mark" in parts:
        made["mark"] = marking.calibrate(options.semeval)
    if "pasted" in parts:
        made["pasted"] = pasted.calibrate(options.index / "course" if options.index else None)
    if "detector" in parts:
        made["detector"] = detector.calibrate()
    if rest := [p for p in parts if p not in ("mark", "pasted", "detector")]:
        made |= calibrate(rest, options.index or from_environment().home / "evals")
    print(json.dumps(made))
    return 0
