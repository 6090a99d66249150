"""The commands quiz, grade and verify as people and programs call them: lines, JSON, sentences, exit statuses."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from exams import BANK, CELLS, deal
from fakes import write_notes

from ingest.__main__ import main as ingest
from tutor import exam_terminal, session
from tutor.__main__ import main as tutor
from tutor.exam import Grade, Mark, Question
from tutor.questions.record import as_json, from_json, identified
from tutor.types import Citation


@pytest.fixture
def home(tiny_settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The environment set to an index of that note."""
    assert ingest([str(write_notes(tmp_path / "notes", {"cells.md": CELLS})), "--json"]) == 0
    capsys.readouterr()
    return tiny_settings


@pytest.fixture
def dealt(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn is known."""
    deal(monkeypatch)


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """A command: its arguments and standard input in, its status, output and error out."""

    def ran(*arguments: str, given: str | bytes = "") -> tuple[int, str, str]:
        data = given.encode("utf-8") if isinstance(given, str) else given
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        status = tutor(list(arguments))
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return ran


def of(kind: str) -> Question:
    """The first question of a kind."""
    return next(q for q in BANK if q.kind == kind)


def wrong(question: Question) -> str:
    """An attempt that is not the key."""
    if question.kind == "cloze":
        return "a sandwich"
    if question.kind == "ordering":
        return " ".join(map(str, reversed(question.key)))
    if question.kind == "matching":
        return " ".join(f"{prompt.id}-A" for prompt in question.prompts)
    other = next(o.id for o in question.options if o.id not in question.key)
    return " ".join([*map(str, question.key[1:]), other])


@pytest.mark.usefixtures("dealt")
def test_a_quiz_prints_its_questions_and_behind_them_the_answers(run: Any) -> None:
    status, out, _ = run("quiz", "--kinds", "multiple_response,ordering", "-n", "2")
    assert status == 0
    questions, answers = out.split("\nAnswers\n")
    several, order = of("multiple_response"), of("ordering")
    for question in (several, order):
        assert question.stem in " ".join(questions.split())
        assert all(f"  {o.id}. {o.text}" in questions for o in question.options)
    assert "1. B, D\n   - A: Lysosome makes enzymes that digest waste. [1]\n   + B: Mitochondrion makes most of the chemical energy. [2]" in answers
    assert "2. B, D, A, C\n   1. B: Spread the cells on a slide. [1]\n   2. D: Dry the slide in warm air. [2]" in answers
    assert "[1] cells.md > Parts of a cell: " in answers
    beside = run("quiz", "--kinds", "multiple_response,ordering", "-n", "2", "--answers")[1]
    assert beside.index("Answer ") < beside.index("Question 2 of 2")
    assert "\nAnswers\n" not in beside


def test_a_quiz_as_json_is_read_back_and_is_the_same_for_the_same_seed(run: Any) -> None:
    status, out, _ = run("quiz", "-n", "3", "--seed", "3", "--json")
    made = json.loads(out)
    assert status == 0
    assert set(made) == {"questions", "remark"}
    assert made["remark"] == ""
    assert [from_json(q).id for q in made["questions"]] == [q["id"] for q in made["questions"]]
    for question in made["questions"]:
        for c in question["proof"]["citations"]:
            assert CELLS[c["start"] : c["end"]] == c["quote"]
    assert run("quiz", "-n", "3", "--seed", "3", "--json")[1] == out
    assert run("quiz", "-n", "3", "--seed", "4", "--json")[1] != out


@pytest.mark.usefixtures("dealt")
def test_a_quiz_gives_what_can_be_proven_and_says_so(run: Any) -> None:
    status, out, _ = run("quiz", "--kinds", "ordering", "-n", "9")
    assert status == 0
    assert out.startswith("Your notes prove 1 of the 9 questions asked for")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--kinds", "haiku"), "There is no kind of question called haiku"),
        (("--difficulty", "mean"), "There is no difficulty called mean"),
        (("-n", "0"), "Ask for 1 to 1,000 questions"),
        (("domain 7",), "Your notes hold no fact here that a question could be proven by."),
        (("x" * 5000,), "That question has 5,000 characters"),
    ],
)
def test_a_quiz_that_cannot_be_had_is_a_sentence(arguments: tuple[str, ...], sentence: str, run: Any) -> None:
    for extra in ((), ("--json",)):
        status, out, err = run("quiz", *arguments, *extra)
        assert (status, out) == (1, "")
        assert err.startswith(sentence)
        assert err.count("\n") == 1


@pytest.mark.parametrize("kind", ["multiple_choice", "multiple_response", "ordering", "matching", "cloze"])
@pytest.mark.usefixtures("dealt")
def test_the_key_of_a_question_earns_all_and_nothing_else_does(kind: str, run: Any) -> None:
    question = of(kind)
    key = " ".join(one if isinstance(one, str) else "-".join(one) for one in question.key) or question.reference
    handed = json.dumps(as_json(question))
    status, out, _ = run("grade", key, "--json", given=handed)
    assert status == 0
    assert (json.loads(out)["score"], json.loads(out)["feedback"]) == (1.0, "Right.")
    assert json.loads(run("grade", wrong(question), "--json", given=handed)[1])["score"] < 1


@pytest.mark.usefixtures("dealt")
def test_an_attempt_beside_its_question_on_standard_input(run: Any) -> None:
    question = of("multiple_choice")
    handed = json.dumps({"question": as_json(question), "attempt": str(question.key[0])})
    status, out, _ = run("grade", given=handed)
    assert status == 0
    assert out.startswith("Right.\n\nAnswer ")
    assert f"+ {question.key[0]}: " in out


@pytest.mark.usefixtures("dealt")
def test_a_question_in_a_file(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "quiz.json"
    path.write_text(run("quiz", "-n", "1", "--kinds", "cloze", "--json")[1], encoding="utf-8")
    status, out, _ = run("grade", "a", "sandwich", "--question", str(path))
    assert status == 0
    assert out.startswith("Not right: what belongs there is “")
    status, out, _ = run("verify", str(path))
    assert (status, out[:8]) == (0, "1. valid")


def test_a_tampered_question_is_refused(run: Any) -> None:
    question = session.load().draw("", ["multiple_choice"], 1, 0).questions[0]
    assert json.loads(run("grade", question.key[0], "--json", given=json.dumps(as_json(question)))[1])["score"] == 1.0
    other = next(o.id for o in question.options if o.id not in question.key)
    changed = as_json(question) | {"key": [other]}
    for command in (("grade", other), ("verify",)):
        status, out, err = run(*command, given=json.dumps(changed))
        assert (status, out) == (1, "")
        assert err.startswith("This question was changed after it was made")
    forged = as_json(identified(replace(question, key=(other,))))
    status, out, err = run("grade", other, given=json.dumps(forged))
    assert (status, out) == (1, "")
    assert err.startswith("This question does not hold against your notes: ")
    status, out, _ = run("verify", given=json.dumps(forged))
    assert (status, out[:9]) == (1, "1. broken")


@pytest.mark.usefixtures("dealt")
def test_a_question_whose_words_changed_is_stale(run: Any, tmp_path: Path) -> None:
    question = of("ordering")
    (tmp_path / "notes" / "cells.md").write_text(CELLS.replace("Dry the slide in warm air", "Dry the slide in the sun"), encoding="utf-8")
    assert ingest([]) == 0
    run("verify")
    made = json.dumps({"questions": [as_json(question)]})
    status, out, _ = run("verify", "--json", given=made)
    assert status == 1
    found = json.loads(out)["questions"]
    assert [(f["id"], f["status"]) for f in found] == [(question.id, "stale")]
    assert all("cells.md" in finding["text"] for finding in found[0]["findings"])
    status, _, err = run("grade", "A", "B", "C", "D", given=made)
    assert status == 1
    assert err.startswith("Your notes have changed since this question was made: ")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("", "There was nothing to read. Give a question as `python -m tutor quiz --json` prints it"),
        ("{", "That is not JSON."),
        ("[" * 100_000, "That is not JSON."),
        (b"\xff\xfe{", "That is not JSON."),
        ("9" * 10_000, "That is not JSON."),
        ("[]", "Give a question as"),
        ("{}", "The question lacks the field id."),
        ('{"questions": []}', "The field questions must be a list of 1 to 1,000 questions."),
        ('{"question": {}, "attempt": 3}', "The question lacks the field id."),
        (" " * 1_000_001, "That is more than 1 MB"),
    ],
)
def test_what_is_no_question_is_a_sentence(given: str | bytes, sentence: str, run: Any) -> None:
    status, out, err = run("grade", "A", given=given)
    assert (status, out) == (1, "")
    assert err.startswith(sentence)
    assert err.count("\n") == 1


def test_a_file_that_is_not_there_is_a_sentence(run: Any) -> None:
    assert run("verify", "/no/such/file")[2] == "The file /no/such/file cannot be read: No such file or directory.\n"
    assert run("verify", "\0")[0] == 1


class Terminal(io.StringIO):
    """Standard input that a person types at."""

    def isatty(self) -> bool:
        return True


def test_a_person_at_the_keyboard_is_not_waited_for(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal())
    assert tutor(["grade", "A"]) == 1
    assert capsys.readouterr().err.startswith("Give a question as `python -m tutor quiz --json` prints it, in a file")


def test_free_text_is_told_with_evidence_places_and_what_to_add() -> None:
    place = Citation(7, "cells.md", ("Cells", "Why staining matters"), None, 0, 8, "Staining matters \x1b[31m because")
    marks = (
        Mark("Parts are transparent", "covered", "see-through parts", place, confidence=0.9),
        Mark("They cannot be told apart", "missed", "", place, "They cannot be told apart without colour.", 0.8),
        Mark("Colour helps", "unsure", "", None),
    )
    out = exam_terminal.grade(None, Grade(None, marks, "Say why colour helps.", follow_up="What does colour do?", remark="One point is open."))
    assert "\x1b" not in out
    assert out.split("\n\n") == [
        "Score: could not tell\nSay why colour helps.",
        """- Covered: Parts are transparent [1]
  you wrote: "see-through parts"
- Missing: They cannot be told apart [1]
  add: They cannot be told apart without colour.
- Could not tell: One point is still open.""",
        '[1] cells.md > Why staining matters: "Staining matters [31m because"',
        "To settle it, answer this with --reply: What does colour do?",
        "One point is open.",
    ]


@pytest.mark.usefixtures("dealt")
def test_a_blank_stays_seen_on_the_terminal(run: Any) -> None:
    assert "\n\n____ is the division of a nucleus" in run("quiz", "--kinds", "cloze", "-n", "1")[1]
