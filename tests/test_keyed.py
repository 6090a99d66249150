"""What is marked by a key: letters as they are typed, right by the key, by places, by pairs, and words for a blank."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tutor.errors import InputError
from tutor.exam import Claim, KeyPoint, Option, Proof, Question, QuestionKind, Reason
from tutor.grading.filled import fills
from tutor.grading.keyed import chosen, keyed, written
from tutor.types import Citation

PLACES = tuple(Citation(n, "cells.md", ("Cells",), None, n, n + 1, "x") for n in range(1, 5))
OPTIONS = (Option("A", "Chloroplast"), Option("B", "Lysosome"), Option("C", "Golgi body"), Option("D", "Ribosome"))
REASONS = tuple(Reason(o.id, True, (Claim(o.text, "makes", "x", (n,)),), "") for n, o in enumerate(OPTIONS, 1))


def asked(kind: QuestionKind, key: tuple[str, ...] | tuple[tuple[str, str], ...], reference: str = "", stem: str = "Which?") -> Question:
    """A question of a kind about four parts of a cell."""
    options = () if kind in ("cloze", "free_text") else OPTIONS
    prompts = tuple(Option(str(n), text) for n, text in enumerate(("sugar", "enzymes", "packages", "proteins"), 1)) if kind == "matching" else ()
    points = (KeyPoint(reference, (1,)),) if reference else ()
    proof = Proof("m", "thing", PLACES, REASONS if options else ())
    return Question("id", kind, stem, options, key, (), proof, (), prompts, reference=reference, key_points=points)


ONE = asked("multiple_choice", ("C",))
TWO = asked("multiple_response", ("A", "D"))
ORDER = asked("ordering", ("B", "A", "C", "D"))
PAIRS = asked("matching", (("1", "A"), ("2", "B"), ("3", "C"), ("4", "D")))


@pytest.mark.parametrize(
    ("question", "attempt", "read"),
    [
        (ONE, "c", ("C",)),
        (ONE, "(C)", ("C",)),
        (ONE, "The answer is C.", ("C",)),
        (ONE, "golgi BODY", ("C",)),
        (TWO, "A and D", ("A", "D")),
        (TWO, "ad", ("A", "D")),
        (TWO, "d, a", ("D", "A")),
        (ORDER, "B, then A, C, D", ("B", "A", "C", "D")),
        (ORDER, "bacd", ("B", "A", "C", "D")),
        (PAIRS, "1-A 2-B 3-c 4-D", (("1", "A"), ("2", "B"), ("3", "C"), ("4", "D"))),
        (PAIRS, "1) A, 2) B", (("1", "A"), ("2", "B"))),
        (PAIRS, "1: A; 2: B; 3 -> C; 4=D", (("1", "A"), ("2", "B"), ("3", "C"), ("4", "D"))),
        (PAIRS, "A B C D", (("1", "A"), ("2", "B"), ("3", "C"), ("4", "D"))),
    ],
)
def test_letters_are_read_as_they_are_typed(question: Question, attempt: str, read: tuple[str, ...]) -> None:
    assert chosen(question, attempt) == read
    assert chosen(question, written(chosen(question, attempt))) == read


@pytest.mark.parametrize(
    ("question", "attempt", "sentence"),
    [
        (ONE, "", "Answer with the letter of one option, such as B."),
        (ONE, "I do not know this", "Answer with the letter of one option, such as B."),
        (ONE, "E", "There is no option E; answer with the letter of one option, such as B."),
        (ONE, "A B", "Choose one option."),
        (ONE, "x" * 100_000, "Answer with the letter of one option, such as B; that were 100,000 characters."),
        (TWO, "A", "Choose two options."),
        (TWO, "A A", "Choose two options."),
        (ORDER, "A B C", "Choose each option once."),
        (ORDER, "A B C C", "Choose each option once."),
        (PAIRS, "1-A 2-B 3-C", "Choose an option for each entry."),
        (PAIRS, "1-A 1-B 3-C 4-D", "Choose an option for each entry."),
        (PAIRS, "1-A 2-B 3-C 9-D", "Answer with a letter for each number, such as 1-B 2-A 3-C; the numbers are those of the question."),
    ],
)
def test_what_chooses_nothing_gets_a_sentence(question: Question, attempt: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        keyed(question, chosen(question, attempt))
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("question", "attempt", "score", "feedback"),
    [
        (ONE, "C", 1.0, "Right."),
        (ONE, "B", 0.0, "Not right: the answer is C."),
        (TWO, "D A", 1.0, "Right."),
        (TWO, "A B", 0.0, "Not right: 1 of 2 answers found; the answers are A, D."),
        (ORDER, "B A C D", 1.0, "Right."),
        (ORDER, "B A D C", 0.5, "Not right: 2 of 4 steps in place; the order is B, A, C, D."),
        (PAIRS, "1-A 2-B 3-D 4-C", 0.5, "Not right: 2 of 4 pairs matched; they belong together as 1-A, 2-B, 3-C, 4-D."),
        (PAIRS, "4-D 3-C 2-B 1-A", 1.0, "Right."),
    ],
)
def test_a_choice_is_marked_by_its_key(question: Question, attempt: str, score: float, feedback: str) -> None:
    grade = keyed(question, chosen(question, attempt))
    assert (grade.score, grade.feedback) == (score, feedback)


def test_marks_name_what_was_chosen_and_where_it_stands() -> None:
    marks = keyed(TWO, ("A", "B")).marks
    assert [(m.key_point, m.verdict, m.evidence, m.citation) for m in marks] == [
        ("Chloroplast", "covered", "A", PLACES[0]),
        ("Ribosome", "missed", "", PLACES[3]),
        ("Lysosome", "contradicted", "B", PLACES[1]),
    ]


def test_a_blank_is_marked_and_the_notes_spelling_said() -> None:
    blank = asked("cloze", (), "Mitosis", "____ is the division of a nucleus.")
    assert keyed(blank, ("mitosis",)).feedback == "Right."
    assert keyed(blank, ("mitossis",)).feedback == "Right; your notes write “Mitosis”."
    wrong = keyed(blank, ("osmosis",))
    assert (wrong.score, wrong.feedback) == (0.0, "Not right: what belongs there is “Mitosis”.")
    assert wrong.marks[0].citation == PLACES[0]
    accepting = replace(blank, key_points=(KeyPoint("Mitosis", (1,), ("equational division",)),))
    assert keyed(accepting, ("equational division",)).score == 1.0


def test_free_text_has_no_key() -> None:
    with pytest.raises(InputError, match="has no key"):
        keyed(asked("free_text", ()), ("x",))


@pytest.mark.parametrize(
    ("written", "wanted", "stem", "right"),
    [
        ("gradients", "gradient", "", True),
        ("the gradient", "gradient", "", True),
        ("gradeint", "gradient", "", True),
        ("grad", "gradient", "", False),
        ("not gradient", "gradient", "", False),
        ("", "gradient", "", False),
        ("gradient " * 100, "gradient", "", False),
        ("autoscaling", "Auto Scaling", "", True),
        ("Lambda", "AWS Lambda", "", True),
        ("SMOTE", "Synthetic minority oversampling technique (SMOTE)", "", True),
        ("f1-score", "F1 Score", "", True),
        ("general", "generalization", "", False),
        ("Type I error", "Type II error", "", False),
        ("afferent", "efferent", "", False),
        ("efferrent", "efferent", "", True),
        ("15 min", "15 minutes", "", True),
        ("900 s", "15 minutes", "", True),
        ("fifteen minutes", "15 minutes", "", True),
        ("15", "15 minutes", "It lasts ____ by default.", False),
        ("15 minutes", "15", "It lasts ____ minutes.", True),
        ("15 hours", "15", "It lasts ____ minutes.", False),
        ("16", "15", "It lasts ____ minutes.", False),
        ("0.6", "60%", "", True),
        ("20 rules", "up to 20", "It runs ____ built-in rules.", True),
        ("20 cats", "up to 20", "It runs ____ built-in rules.", False),
        ("at most 20", "up to 20", "It runs ____ rules.", True),
        ("at least 20", "up to 20", "It runs ____ rules.", False),
        ("more than 30 days", "30 days", "It is kept for ____.", False),
    ],
)
def test_a_blank_forgives_spelling_and_units_but_no_other_thing(written: str, wanted: str, stem: str, right: bool) -> None:
    assert fills(written, [wanted], stem, words={"afferent", "general"}) is right
