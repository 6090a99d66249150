"""The commands that measure one part of the tutor each, on our own notes and questions or on others."""

from __future__ import annotations

import argparse
import json
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from evals.cases import GOLD
from evals.measures import asking as measure
from evals.measures import deceit, defects, examination, followups, grounding, marking, pasted, speed

Commands = Any  # argparse's subparsers have no public type


def add(commands: Commands) -> None:
    """Add the commands."""

    def command(name: str, does: Callable[[Namespace], int], text: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
        made.set_defaults(does=does)
        return made

    made = command("measure", _measure, "ask gold questions of an index of their notes: evidence, abstention, quotes, time")
    made.add_argument("notes", nargs="?", type=Path, default=GOLD / "notes", metavar="NOTES", help="a file or folder of notes (default: our own)")
    made.add_argument("--gold", type=Path, action="append", default=[], metavar="FILE", help="questions over these notes as JSON lines (default: our own)")
    made.add_argument("--sealed", action="store_true", help="ask the sealed questions alone (default: all the others)")
    _indexed(made, "a temporary one")
    made = command("followups", _followups, "complete the last questions of conversations: which are completed, which left alone, what is then found")
    _indexed(made, "temporary ones")
    made = command("ground", _ground, "judge labelled and mutated sentences by their quotes: caught, unsure, false alarms, time")
    made.add_argument("--beside", type=Path, metavar="FILE", help="judge this tab-separated file instead (columns knowledge, response, begin_label)")
    made = command("lies", _lies, "speak through a model that lies and obeys what is planted in notes: what of it is shown, by kind")
    made.add_argument("notes", nargs="?", type=Path, metavar="NOTES", help="a file or folder of notes to lie about (default: forty of our own)")
    made.add_argument(
        "--attacks", type=Path, default=deceit.PLANTED, metavar="FILE", help="instructions to plant: JSON lines, or lists by kind (default: our own)"
    )
    made.add_argument("--replies", type=Path, metavar="FILE", help="what a model that obeys says, by instruction, where --attacks are lists")
    made.add_argument("--benign", type=Path, default=deceit.BENIGN, metavar="FILE", help="texts that only sound like instructions (default: our own)")
    made.add_argument("--json", action="store_true", help="print one JSON object")
    made = command("marking", _marking, "mark labelled free-text answers: marks claimed and right, scores given, their error, time")
    made.add_argument("attempts", nargs="*", type=Path, metavar="FILE", help="questions with labelled answers as JSON lines (default: our own on the course)")
    made.add_argument("--semeval", type=Path, metavar="DIR", help="the files of SemEval-2013 task 7: its unseen domains are told correct or not")
    made = command("questions", _questions, "draw every question that an index proves: how many by kind, valid, what blind guessers get, time")
    _indexed(made, "that of the app")
    made = command("defects", _defects, "plant flaws in the questions of an index: caught by kind and check, sound questions turned away")
    _indexed(made, "that of the app")
    made.add_argument("--seed", type=int, default=0, help="of the questions and the flaws (default: 0)")
    made.add_argument("--json", action="store_true", help="print one JSON object")
    made = command("pasted", _pasted, "paste exam questions in: how many are recognised, answered, answered right, by part and kind, and the time")
    _indexed(made, "a temporary one, of the course")
    made = command("speed", _speed, "time an ingest beside a plain embedding loop over the same passages")
    made.add_argument("notes", type=Path, metavar="PATH", help="a folder of notes")
    made.add_argument("--rounds", type=int, default=5, help="how often each is timed, in turn (default: 5)")


def _indexed(made: argparse.ArgumentParser, default: str) -> None:
    made.add_argument("--index", type=Path, metavar="DIR", help=f"an index of the notes (default: {default})")


def _measure(options: Namespace) -> int:
    return _said(measure.measure(options.notes, options.gold, options.index, options.sealed))


def _followups(options: Namespace) -> int:
    return _said(followups.measure(options.index))


def _ground(options: Namespace) -> int:
    return _said(grounding.beside(options.beside) if options.beside else grounding.figures())


def _lies(options: Namespace) -> int:
    found = deceit.measure([options.notes] if options.notes else deceit.notes(), options.attacks, options.replies, options.benign)
    print(json.dumps(found) if options.json else deceit.table(found))
    return 0


def _marking(options: Namespace) -> int:
    return _said(marking.figures(options.attempts, options.semeval))


def _questions(options: Namespace) -> int:
    return _said(examination.measure(options.index))


def _defects(options: Namespace) -> int:
    found = defects.measure(options.index, options.seed)
    print(json.dumps(found) if options.json else defects.table(found))
    return 0


def _pasted(options: Namespace) -> int:
    return _said(pasted.measure(options.index))


def _speed(options: Namespace) -> int:
    return _said(speed.compare(options.notes, options.rounds))


def _said(figures: object) -> int:
    print(json.dumps(figures))
    return 0
