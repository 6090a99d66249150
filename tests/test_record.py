"""tutor.questions.record: a question survives JSON, and everything that is not one is refused in a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.errors import InputError
from tutor.exam import Claim, KeyPoint, Need, Option, Proof, Question, Reason
from tutor.questions import record
from tutor.types import Citation, Statement

TEXT = st.text(max_size=40)
NUMBERS = st.lists(st.integers(0, 99), max_size=3).map(tuple)


def tuples(of: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[Any]:
    return st.lists(of, max_size=most).map(tuple)


CLAIMS = st.builds(Claim, TEXT, TEXT, TEXT, NUMBERS)
CITATIONS = st.builds(
    Citation, st.integers(1, 9), TEXT, tuples(TEXT), st.none() | st.integers(1, 500), st.integers(0, 10**6), st.integers(0, 10**6), TEXT, tuples(TEXT)
)
PROOFS = st.builds(
    Proof, TEXT, st.sampled_from(["thing", "value", "statement", "step", "number", "words"]), tuples(CITATIONS),
    tuples(st.builds(Reason, TEXT, st.booleans(), tuples(CLAIMS), TEXT, st.integers(-1, 5))), tuples(st.builds(Need, TEXT, TEXT, TEXT)), TEXT, tuples(TEXT),
)  # fmt: skip
QUESTIONS = st.builds(
    Question, st.just(""), st.sampled_from(["multiple_choice", "matching", "cloze", "free_text"]), TEXT, tuples(st.builds(Option, TEXT, TEXT), 6),
    st.one_of(tuples(TEXT), tuples(st.tuples(TEXT, TEXT))),
    tuples(st.builds(Statement, TEXT, NUMBERS, st.just("point"), TEXT, st.sampled_from(["exact", "supported"]), tuples(TEXT), tuples(TEXT))), PROOFS, tuples(TEXT),
    tuples(st.builds(Option, TEXT, TEXT)), TEXT, TEXT, tuples(st.builds(KeyPoint, TEXT, NUMBERS, tuples(TEXT))), st.sampled_from(["easy", "medium", "hard"]), TEXT,
)  # fmt: skip


def question() -> Question:
    made = Question(
        "", "multiple_choice", "Which organ pumps blood?", (Option("A", "Heart"), Option("B", "Liver"), Option("C", "Lung")), ("A",),
        (Statement("The heart pumps blood.", (1,)),),
        Proof("term", "thing", (Citation(1, "body.md", ("Body",), None, 4, 26, "The heart pumps blood."),), (Reason("A", True, (Claim("Heart", "pumps", "blood", (1,)),), "It does."),)),
    )  # fmt: skip
    return record.identified(made)


@given(QUESTIONS)
def test_every_question_survives_json(made: Question) -> None:
    whole = record.identified(made)
    assert record.from_json(json.loads(json.dumps(record.as_json(whole)))) == whole


@given(QUESTIONS, QUESTIONS)
def test_two_questions_have_one_id_only_if_they_are_equal(one: Question, other: Question) -> None:
    assert (record.identity(one) == record.identity(other)) == (one == other)


def test_the_id_is_over_every_field_but_itself() -> None:
    made = question()
    changes: dict[str, Any] = {
        "kind": "ordering", "stem": "Which?", "options": (), "key": ("B",), "explanation": (), "proof": Proof("x", "thing", ()), "tags": ("1.1",), "prompts": (Option("1", "x"),),
        "scenario": "x", "reference": "x", "key_points": (KeyPoint("x"),), "difficulty": "hard", "mode": "a model",
    }  # fmt: skip
    assert set(changes) == {f.name for f in fields(Question)} - {"id"}
    found = {record.identity(replace(made, **{name: value})) for name, value in changes.items()}
    assert len(found) == len(changes)
    assert made.id not in found
    assert record.identity(replace(made, id="other")) == made.id


def _set(*path: Any) -> Callable[[dict[str, Any]], None]:
    *way, last, value = path

    def change(data: Any) -> None:
        for step in way:
            data = data[step]
        data[last] = value

    return change


def _drop(*path: Any) -> Callable[[dict[str, Any]], None]:
    *way, last = path

    def change(data: Any) -> None:
        for step in way:
            data = data[step]
        del data[last]

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_drop("stem"), "The question lacks the field stem."),
        (_drop("proof", "citations", 0, "quote"), "The question lacks the field proof.citations[0].quote."),
        (_set("difficult", "hard"), "The question has a field that is not known, 'difficult'."),
        (_set("proof", "reasons", 0, "why", "so"), "The question has a field that is not known, 'proof.reasons[0].why'."),
        (_set("stem", 5), "The question's field stem must be a text."),
        (
            _set("kind", "essay"),
            "The question's field kind must be one of multiple_choice, multiple_response, ordering, matching, cloze, free_text, case_study.",
        ),
        (
            _set("kind", ["cloze"]),
            "The question's field kind must be one of multiple_choice, multiple_response, ordering, matching, cloze, free_text, case_study.",
        ),
        (_set("options", "A"), "The question's field options must be a list."),
        (_set("options", 0, ["A", "Heart"]), "The question's field options[0] must be a JSON object."),
        (_set("options", [{"id": "A", "text": "x"}] * 13), "The question's field options has 13 members; at most 12 are read."),
        (_set("tags", ["x"] * 65), "The question's field tags has 65 members; at most 64 are read."),
        (_set("stem", "x" * 8_001), "The question's field stem has 8,001 characters; at most 8,000 are read."),
        (_set("proof", "reasons", 0, "holds", 1), "The question's field proof.reasons[0].holds must be true or false."),
        (_set("proof", "citations", 0, "start", True), "The question's field proof.citations[0].start must be a whole number of at most 1,000,000,000."),
        (_set("proof", "citations", 0, "start", 1.5), "The question's field proof.citations[0].start must be a whole number of at most 1,000,000,000."),
        (_set("proof", "citations", 0, "end", 10**12), "The question's field proof.citations[0].end must be a whole number of at most 1,000,000,000."),
        (_set("proof", "citations", 0, "page", "one"), "The question's field proof.citations[0].page must be a whole number of at most 1,000,000,000."),
        (_set("key", [["A", "B", "C"]]), "The question's field key[0] must have 2 members."),
        (_set("key", [{"A": "B"}]), "The question's field key[0] must be a text."),
        (_set("proof", None), "The question's field proof must be a JSON object."),
    ],
)
def test_a_malformed_question_is_refused_in_one_sentence(change: Callable[[dict[str, Any]], None], told: str) -> None:
    data = json.loads(json.dumps(record.as_json(question())))
    change(data)
    with pytest.raises(InputError) as caught:
        record.from_json(data)
    assert str(caught.value) == told


@pytest.mark.parametrize("data", [None, [], "question", 5, True])
def test_what_is_no_object_is_no_question(data: object) -> None:
    with pytest.raises(InputError, match=r"A question must be a JSON object, as `python -m tutor quiz --json` prints it\."):
        record.from_json(data)


@pytest.mark.parametrize(
    "change", [_set("key", ["B"]), _set("options", 0, "text", "Liver"), _set("proof", "citations", 0, "quote", "The liver pumps blood."), _set("id", "x")]
)
def test_a_tampered_question_is_refused(change: Callable[[dict[str, Any]], None]) -> None:
    data = json.loads(json.dumps(record.as_json(question())))
    change(data)
    with pytest.raises(InputError, match="changed after it was made"):
        record.from_json(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(JSON, st.sampled_from([f.name for f in fields(Question)]))
def test_nothing_but_a_question_is_read(junk: object, name: str) -> None:
    data = record.as_json(question())
    if data[name] == junk or (name == "page" and junk is None):
        return
    with pytest.raises(InputError) as caught:
        record.from_json({**data, name: junk})
    assert str(caught.value).endswith((".", "`."))
