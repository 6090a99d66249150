"""What is shown of a question and of a grade: lines in their order, footnotes numbered anew, marked words, sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_keyed import ONE, OPTIONS, ORDER, PAIRS, PLACES, asked

from tutor.exam import Finding, Grade, Mark, QuestionKind, Verification
from tutor.exam_layout import KINDS, about, addition, cited, evidence, footnotes, key, lines, number, objection, outcome, result, tally, told
from tutor.questions import kinds
from tutor.types import Statement


def test_every_kind_has_its_name() -> None:
    assert tuple(KINDS) == kinds(None)
    assert len(set(KINDS.values())) == len(KINDS)


def test_options_keep_their_order_and_steps_take_theirs() -> None:
    assert [(line.name, line.holds, line.footnotes) for line in lines(ONE)] == [("A", False, (1,)), ("B", False, (2,)), ("C", True, (3,)), ("D", False, (4,))]
    assert [(line.name, line.text, line.footnotes) for line in lines(ORDER)] == [
        ("B", "Lysosome", (1,)),
        ("A", "Chloroplast", (2,)),
        ("C", "Golgi body", (3,)),
        ("D", "Ribosome", (4,)),
    ]
    assert [line.text for line in lines(PAIRS)] == ["sugar – Chloroplast", "enzymes – Lysosome", "packages – Golgi body", "proteins – Ribosome"]


def test_footnotes_are_numbered_in_the_order_they_are_shown() -> None:
    assert [(n, c.number, c.start) for n, c in footnotes(ORDER).items()] == [(1, 1, 2), (2, 2, 1), (3, 3, 3), (4, 4, 4)]
    blank = replace(asked("cloze", (), "x"), explanation=(Statement("It is x.", (3, 1)),))
    assert [c.start for c in footnotes(blank).values()] == [3]
    assert lines(blank)[0].footnotes == (1,)


@pytest.mark.parametrize(("kind", "said"), [("multiple_choice", "C"), ("matching", "1-A, 2-B, 3-C, 4-D"), ("cloze", "Golgi body")])
def test_a_key_is_said(kind: QuestionKind, said: str) -> None:
    question = {"multiple_choice": ONE, "matching": PAIRS, "cloze": asked("cloze", (), OPTIONS[2].text)}[kind]
    assert key(question) == said


def test_marks_share_a_place_and_name_its_number() -> None:
    marks = (Mark("a", "covered", citation=PLACES[2]), Mark("b", "missed", citation=PLACES[2]), Mark("c", "missed"), Mark("d", "missed", citation=PLACES[0]))
    shown = cited(marks)
    assert [(n, c.start) for n, c in shown.items()] == [(1, 3), (2, 1)]
    assert [number(m.citation, shown) for m in marks] == [1, 1, 0, 2]


def test_a_point_that_is_asked_about_is_not_told_yet() -> None:
    unsure, missed = Mark("a", "unsure", addition="add"), Mark("b", "missed", addition="more")
    assert [told(m, True) for m in (unsure, missed)] == ["One point is still open.", "b"]
    assert [addition(m, True) for m in (unsure, missed)] == ["", "more"]
    assert [told(unsure, False), addition(unsure, False)] == ["a", "add"]
    assert addition(Mark("b", "missed", addition="B."), False) == "", "the point says it already"
    assert addition(Mark("b", "covered", addition="more"), False) == ""


def test_evidence_is_found_in_order_and_merged() -> None:
    text = "Cells breathe. Cells eat sugar."
    marks = [
        Mark("", "covered", "eat sugar"),
        Mark("", "covered", "Cells breathe"),
        Mark("", "covered", "breathe."),
        Mark("", "missed", "not there"),
        Mark("", "missed"),
    ]
    assert [text[a:b] for a, b in evidence(text, marks)] == ["Cells breathe.", "eat sugar"]


@pytest.mark.parametrize(
    ("score", "came", "said"), [(1.0, "right", "Right · 100% of the points"), (0.5, "partly", "Partly right · 50% of the points"), (0.0, "wrong", "Not right · 0% of the points"), (None, "unknown", "Could not tell")]
)  # fmt: skip
def test_a_grade_comes_out_in_words_and_no_score_is_no_failure(score: float | None, came: str, said: str) -> None:
    grade = Grade(score, (), "")
    assert outcome(grade) == came
    assert result(asked("free_text", ()), grade) == said
    assert result(ONE, Grade(1.0, (), "")) == "Right"


def test_a_quiz_is_tallied_and_what_could_not_be_told_is_counted_apart() -> None:
    assert tally(["right", "wrong", "partly", "unknown", None]) == "1 of 3 right, 1 partly right, 1 could not be told, 1 skipped."
    assert tally([None]) == "Nothing was marked, 1 skipped."
    assert tally(["right"]) == "1 of 1 right."


def test_an_objection_is_a_sentence() -> None:
    assert objection(Verification("valid")) == ""
    assert (
        objection(Verification("stale", (Finding("citations", "The note a.md is gone."),)))
        == "Your notes have changed since this question was made: The note a.md is gone."
    )
    assert objection(Verification("broken")) == "This question does not hold against your notes."


def test_about_names_kind_difficulty_and_tags() -> None:
    assert about(replace(ONE, tags=("4.1", "domain 4"), difficulty="hard")) == "One answer · hard · 4.1 · domain 4"
