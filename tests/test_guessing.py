"""What blind guessers get of a question, and the tally that keeps them at chance."""

from __future__ import annotations

import pytest

from tutor.exam import Option, Proof, Question
from tutor.questions.columns import column
from tutor.questions.guessing import Tally, longest, overlap
from tutor.questions.rivals import WRONG, taken
from tutor.questions.syllabus import tags, wanted
from tutor.types import Note


def asked(stem: str, options: tuple[str, ...], key: str) -> Question:
    made = tuple(Option(letter, text) for letter, text in zip("ABCD", options, strict=False))
    return Question("", "multiple_choice", stem, made, (key,), (), Proof("made by hand", "thing", ()))


def test_a_guesser_takes_the_longest_option_or_shares_a_tie() -> None:
    options = ("oak", "silver birch", "elm", "ash")
    assert longest(asked("Which tree?", options, "B")) == 1.0
    assert longest(asked("Which tree?", options, "A")) == 0.0
    assert longest(asked("Which tree?", ("oaks", "elms", "fir", "yew"), "B")) == 0.5


def test_a_guesser_takes_the_option_of_most_words_in_common_with_the_stem() -> None:
    options = ("silver birch", "white oak", "red elm", "grey alder")
    assert overlap(asked("Which tree has white bark?", options, "B")) == 1.0
    assert overlap(asked("Which tree has bark?", options, "B")) == 0.25


def test_a_question_by_which_a_guesser_gains_further_waits_and_one_that_takes_it_back_does_not() -> None:
    tally = Tally()
    gives = asked("Which tree?", ("oak", "silver birch", "elm", "ash"), "B")
    denies = asked("Which tree?", ("oak", "silver birch", "elm", "ash"), "A")
    assert not tally.leans(gives)
    tally.add(gives)
    tally.add(gives)
    assert tally.leans(gives)
    assert not tally.leans(denies)


def test_the_lengths_of_wrong_options_are_drawn() -> None:
    class Dice:
        def __init__(self, number: int) -> None:
            self.number = number

        def randrange(self, _: int) -> int:
            return self.number

    rivals = ["aaaaaa", "bbbbbb", "cccccc", "d", "e", "f"]
    for longer in range(WRONG + 1):
        found = taken(rivals, "key", str, Dice(longer))  # type: ignore[arg-type]
        assert sum(len(r) > len("key") for r in found) == longer


@pytest.mark.parametrize(
    ("topic", "tag"),
    [("4.1", "4.1"), ("task 4.1", "4.1"), ("Domain 4", "domain 4"), ("statement 2.3.1", "2.3.1"), ("4", ""), ("drift", ""), ("top 5 metrics", "")],
)
def test_a_topic_may_name_a_part_of_a_course(topic: str, tag: str) -> None:
    assert wanted(topic) == tag


def test_tags_are_read_off_the_front_matter_and_broken_front_matter_gives_none() -> None:
    text = '---\ntitle: Tea\nstatements:\n  "1.2.3": ["Kettles", "Pots"]\n  "2.1.1": ["Pots"]\n---\n# Tea\n'
    assert tags(Note("tea.md", "Tea", text), ("Tea", "Pots")) == ("1.2.3", "2.1.1", "1.2", "2.1", "domain 1", "domain 2")
    assert tags(Note("tea.md", "Tea", text), ("Tea", "Cups")) == ()
    assert tags(Note("tea.md", "Tea", text.replace('["Pots"]', "[")), ("Tea", "Pots")) == ()
    assert tags(Note("plain.md", "Tea", "# Tea\n"), ("Tea",)) == ()


@pytest.mark.parametrize(
    ("header", "matched"),
    [
        ("What it checks", "what it checks"),
        ("Likely cause", "its likely cause"),
        ("Purpose", "what it is used for"),
        ("Unit", "its unit"),
        ("Learning", ""),
        ("Rounds", ""),
    ],
)
def test_only_headers_that_a_person_would_ask_for_are_asked(header: str, matched: str) -> None:
    found = column(header)
    assert (found.match if found else "") == matched
