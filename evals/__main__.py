"""The command `python -m evals`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from evals import deceit, defects, examination, followups, marking, pasted
from evals import grounding as ground
from evals.calibrate import PARTS, calibrate
from evals.cases import GOLD
from evals.lint import lint, load, overlap
from evals.measure import measure
from evals.speed import compare
from tutor.errors import TutorError
from tutor.settings import from_environment


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    made = argparse.ArgumentParser(prog="python -m evals", description="Measure and calibrate the tutor.")
    commands = made.add_subparsers(dest="command", required=True)
    fitting = commands.add_parser("calibrate", help="fit the numbers in tutor/data to the questions in evals/gold")
    fitting.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help=f"which of {', '.join(PARTS)} (default: these four), ground (the check of a model's sentences, by evals/gold/grounding), mark (the marking of free text, by evals/gold/marking and --semeval), pasted (when pasted exam questions are answered), or adapter, which takes up to an hour",
    )
    fitting.add_argument(
        "--semeval", type=Path, metavar="DIR", help="the files of SemEval-2013 task 7 that mark is fitted to beside our own: scientsbank_train.jsonl"
    )
    measuring = commands.add_parser("measure", help="ask gold questions of an index of their notes: evidence, abstention, quotes, time")
    measuring.add_argument("notes", nargs="?", type=Path, default=GOLD / "notes", metavar="NOTES", help="a file or folder of notes (default: our own)")
    measuring.add_argument("--gold", type=Path, action="append", default=[], metavar="FILE", help="questions over these notes as JSON lines (default: our own)")
    measuring.add_argument("--sealed", action="store_true", help="ask the sealed questions alone (default: all the others)")
    talking = commands.add_parser("followups", help="complete the last questions of conversations: which are completed, which left alone, what is then found")
    grounding = commands.add_parser("ground", help="judge labelled and mutated sentences by their quotes: caught, unsure, false alarms, time")
    grounding.add_argument("--beside", type=Path, metavar="FILE", help="judge this tab-separated file instead (columns knowledge, response, begin_label)")
    lying = commands.add_parser("lies", help="speak through a model that lies and obeys what is planted in notes: what of it is shown, by kind")
    lying.add_argument("notes", nargs="?", type=Path, metavar="NOTES", help="a file or folder of notes to lie about (default: forty of our own)")
    lying.add_argument(
        "--attacks", type=Path, default=deceit.PLANTED, metavar="FILE", help="instructions to plant: JSON lines, or lists by kind (default: our own)"
    )
    lying.add_argument("--replies", type=Path, metavar="FILE", help="what a model that obeys says, by instruction, where --attacks are lists")
    lying.add_argument("--benign", type=Path, default=deceit.BENIGN, metavar="FILE", help="texts that only sound like instructions (default: our own)")
    lying.add_argument("--json", action="store_true", help="print one JSON object")
    grading = commands.add_parser("marking", help="mark labelled free-text answers: marks claimed and right, scores given, their error, time")
    grading.add_argument(
        "attempts", nargs="*", type=Path, metavar="FILE", help="questions with labelled answers as JSON lines (default: our own on the course)"
    )
    grading.add_argument("--semeval", type=Path, metavar="DIR", help="the files of SemEval-2013 task 7: its unseen domains are told correct or not")
    asking = commands.add_parser("questions", help="draw every question that an index proves: how many by kind, valid, what blind guessers get, time")
    asking.add_argument("--index", type=Path, metavar="DIR", help="an index of notes (default: that of the app)")
    planting = commands.add_parser("defects", help="plant flaws in the questions of an index: caught by kind and check, sound questions turned away")
    planting.add_argument("--index", type=Path, metavar="DIR", help="an index of notes (default: that of the app)")
    planting.add_argument("--seed", type=int, default=0, help="of the questions and the flaws (default: 0)")
    planting.add_argument("--json", action="store_true", help="print one JSON object")
    pasting = commands.add_parser("pasted", help="paste exam questions in: how many are recognised, answered, answered right, by part and kind, and the time")
    pasting.add_argument("--index", type=Path, metavar="DIR", help="an index of the course (default: a temporary one)")
    commands.add_parser("lint", help="check the gold questions of the course: quotes, quotas, twins, leaks, seals")
    timing = commands.add_parser("speed", help="time an ingest beside a plain embedding loop over the same passages")
    timing.add_argument("notes", type=Path, metavar="PATH", help="a folder of notes")
    timing.add_argument("--rounds", type=int, default=5, help="how often each is timed, in turn (default: 5)")
    for command, default in ((fitting, "$TUTOR_HOME/evals"), (measuring, "a temporary one"), (talking, "temporary ones")):
        command.add_argument("--index", type=Path, metavar="DIR", help=f"where the notes' index is kept (default: {default})")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    made = parser()
    options = made.parse_args(arguments)
    try:
        if options.command == "measure":
            print(json.dumps(measure(options.notes, options.gold, options.index, options.sealed)))
            return 0
        if options.command == "pasted":
            print(json.dumps(pasted.measure(options.index)))
            return 0
        if options.command == "followups":
            print(json.dumps(followups.measure(options.index)))
            return 0
        if options.command == "ground":
            print(json.dumps(ground.beside(options.beside) if options.beside else ground.figures()))
            return 0
        if options.command == "lies":
            found = deceit.measure([options.notes] if options.notes else deceit.notes(), options.attacks, options.replies, options.benign)
            print(json.dumps(found) if options.json else deceit.table(found))
            return 0
        if options.command == "questions":
            print(json.dumps(examination.measure(options.index)))
            return 0
        if options.command == "defects":
            measured = defects.measure(options.index, options.seed)
            print(json.dumps(measured) if options.json else defects.table(measured))
            return 0
        if options.command == "marking":
            print(json.dumps(marking.figures(options.attempts, options.semeval)))
            return 0
        if options.command == "lint":
            return _lint()
        if options.command == "speed":
            print(json.dumps(compare(options.notes, options.rounds)))
            return 0
        parts = options.parts or list(PARTS)
        if set(parts) - {"adapter", "ground", "mark", "pasted", *PARTS}:
            made.error(f"PART must be one of adapter, ground, mark, pasted, {', '.join(PARTS)}")
        if "mark" in parts:
            if options.semeval is None:
                made.error("mark needs --semeval DIR")
            print(json.dumps({"mark": marking.calibrate(options.semeval)}))
            if not (parts := [p for p in parts if p != "mark"]):
                return 0
        if "pasted" in parts:
            print(json.dumps({"pasted": pasted.calibrate(options.index / "course" if options.index else None)}))
            if not (parts := [p for p in parts if p != "pasted"]):
                return 0
        print(json.dumps(calibrate(parts, options.index or from_environment().home / "evals")))
    except TutorError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _lint() -> int:
    gold = load()
    found = lint(gold)
    print("".join(f"{breach}\n" for breach in found), end="")
    print(json.dumps({"questions": len(gold.rows), "breaches": len(found), "overlap": round(overlap(gold), 3)}))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
