"""The command `python -m tutor`: ask, search, quiz, grade, verify, doctor, app."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from tutor import doctor, exam_layout, exam_terminal, models, qualify, session, submissions, terminal
from tutor.errors import InputError, ModelFailed, TutorError
from tutor.exam import Difficulty, Question, QuestionKind
from tutor.questions import record
from tutor.settings import from_environment
from tutor.teacher import ALONE
from tutor.types import Answer, Depth, Hit


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    made = argparse.ArgumentParser(prog="python -m tutor", description="A study tutor that answers from your notes and shows where.")
    commands = made.add_subparsers(dest="command", required=True)
    ask = commands.add_parser("ask", help="answer a question from the notes")
    ask.add_argument("question", nargs="+", help="the question")
    ask.add_argument("--depth", choices=[d for d in get_args(Depth) if d != "socratic"], default="explain", help="how the answer is wanted (default: explain)")
    ask.add_argument("--model", metavar="NAME", help='the language model, "" for none (default: $TUTOR_MODEL)')
    search = commands.add_parser("search", help="list the passages nearest to a query")
    search.add_argument("query", nargs="+", help="what to look for")
    search.add_argument("-k", type=int, default=10, help="how many passages (default: 10)")
    quiz = commands.add_parser("quiz", help="new questions from the notes, each with its proof")
    quiz.add_argument("topic", nargs="*", help='what on: words, or a part of a course, such as 4.1 or "domain 4" (default: all notes)')
    quiz.add_argument("--kinds", metavar="A,B", help=f"the kinds of question, of {', '.join(get_args(QuestionKind))} (default: each in turn)")
    quiz.add_argument("-n", type=int, default=5, help="how many questions (default: 5)")
    quiz.add_argument("--seed", type=int, default=0, help="the dice: the same seed gives the same questions (default: 0)")
    quiz.add_argument("--difficulty", metavar="LEVEL", help=f"one of {', '.join(get_args(Difficulty))} (default: any)")
    quiz.add_argument("--answers", action="store_true", help="show each answer under its question (default: behind all of them)")
    grade = commands.add_parser("grade", help="mark an attempt at a question")
    grade.add_argument("attempt", nargs="*", help="the attempt: letters of options, the words for a blank, or a few sentences")
    grade.add_argument("--question", metavar="FILE", default="-", help="the question, and the attempt if it is not given, as JSON (default: standard input)")
    grade.add_argument("--reply", default="", metavar="TEXT", help="the answer to the grade's follow-up question")
    verify = commands.add_parser("verify", help="hold questions against the notes as they are now")
    verify.add_argument("file", nargs="?", default="-", metavar="FILE", help="one question or a quiz, as JSON (default: standard input)")
    check = commands.add_parser("doctor", help="say what is configured, installed and indexed")
    check.add_argument("--model", nargs="?", const="", metavar="NAME", help="examine a language model by twenty small tasks (default: $TUTOR_MODEL)")
    for command in (ask, search, quiz, grade, verify, check):
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
    if options.command == "doctor" and options.model is not None:
        return _examine(options.model, options.json)
    if options.command == "doctor":
        report = doctor.examine(from_environment(), options.index)
        print(json.dumps(report, indent=1) if options.json else doctor.table(report))
        return 0 if report["ready"] else 1
    if options.command == "search":
        hits = session.load(options.index, model="").search(" ".join(options.query), k=max(1, options.k))
        print(json.dumps({"hits": [_hit(h) for h in hits]}) if options.json else terminal.hits(hits))
        return 0
    if options.command in ("quiz", "grade", "verify"):
        return {"quiz": _quiz, "grade": _grade, "verify": _verify}[options.command](options)
    answer = _answer(options)
    print(json.dumps(asdict(answer) | {"abstained": answer.abstained}) if options.json else terminal.answer(answer))
    return 0


def _answer(options: argparse.Namespace) -> Answer:
    """The answer; from the notes alone, and saying why, where the model that the environment names cannot be set up."""
    question = " ".join(options.question)
    try:
        return session.load(options.index, options.model).ask(question, depth=options.depth)
    except ModelFailed as error:
        if options.model is not None:
            raise
        answer = session.load(options.index, model="").ask(question, depth=options.depth)
        return replace(answer, remark=" ".join(filter(None, (str(error), ALONE, answer.remark))))


def _quiz(options: argparse.Namespace) -> int:
    kinds = [kind.strip() for kind in options.kinds.split(",")] if options.kinds else None
    drawn = session.load(options.index, model="").draw(" ".join(options.topic), kinds, options.n, options.seed, options.difficulty)
    if not drawn.questions:
        raise InputError(drawn.remark)
    made = {"questions": [record.as_json(q) for q in drawn.questions], "remark": drawn.remark}
    print(json.dumps(made) if options.json else exam_terminal.quiz(drawn, options.answers))
    return 0


def _grade(options: argparse.Namespace) -> int:
    """Mark an attempt; a question of ours is held against the notes first, for a wrong key marks nothing."""
    handed = submissions.submission(submissions.read(options.question))
    tutor = session.load(options.index, model="")
    question = handed.question if isinstance(handed.question, Question) else None
    if question is not None and (why := exam_layout.objection(tutor.verify(question))):
        raise InputError(why)
    found = tutor.grade(handed.question, " ".join(options.attempt) or handed.attempt, options.reply or handed.reply)
    print(json.dumps(asdict(found)) if options.json else exam_terminal.grade(question, found))
    return 0


def _verify(options: argparse.Namespace) -> int:
    """Say of each question whether it holds; the exit status is 0 where all do."""
    asked = submissions.questions(submissions.read(options.file))
    tutor = session.load(options.index, model="")
    found = [(question, tutor.verify(question)) for question in asked]
    listed = [{"id": question.id, **asdict(verification)} for question, verification in found]
    print(json.dumps({"questions": listed}) if options.json else exam_terminal.verifications(found))
    return 0 if all(verification.status == "valid" for _, verification in found) else 1


def _examine(model: str, as_json: bool) -> int:
    """Examine a language model; it costs its tokens, and minutes on a laptop."""
    settings = from_environment()
    settings = replace(settings, model=model.strip() or settings.model)
    if not settings.model:
        raise InputError("Name the language model to examine, such as --model ollama:qwen3:4b, or set TUTOR_MODEL.")
    chat = models.connect(settings)
    found = qualify.examine(chat, settings.home, progress=_progress, date=datetime.now(UTC).date().isoformat())
    print(json.dumps(qualify.report(found, chat.name), indent=1) if as_json else qualify.table(found, chat.name))
    return 0


def _progress(done: int, total: int, name: str) -> None:
    if name:
        print(f"{done + 1}/{total} {name}", file=sys.stderr, flush=True)


def _hit(hit: Hit) -> dict[str, object]:
    p = hit.passage
    return {"note": p.note, "heading": p.heading, "page": p.page, "start": p.start, "end": p.end, "text": p.text, "score": hit.score, "also": hit.also}


if __name__ == "__main__":
    sys.exit(main())
