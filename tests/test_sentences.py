"""A model's text as sentences with the ids they cite, however it writes them and however it is cut into pieces."""

from __future__ import annotations

import pytest
from fakes import within_cpu
from hypothesis import given
from hypothesis import strategies as st

from tutor.generative.sentences import Drafted, Reader

OFFERED = ("1.1", "1.2", "1.3", "2.1", "2.3", "2.4", "3.1")


def read(text: str, size: int = 1_000, whole: bool = True) -> list[tuple[str, tuple[str, ...]]]:
    """The sentences and ids of a text that comes in pieces of `size` characters."""
    reader = Reader(OFFERED)
    found = [d for i in range(0, len(text), size) for d in reader.feed(text[i : i + size])]
    return [(d.text, d.ids) for d in [*found, *reader.end(whole)]]


@pytest.mark.parametrize("size", [1, 3, 1_000])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Recall is high [1.2].", [("Recall is high.", ("1.2",))]),
        ("Recall is high. [1.2] Precision is low. [1.1] [1.3]", [("Recall is high.", ("1.2",)), ("Precision is low.", ("1.1", "1.3"))]),
        ("Recall is high [1.2][2.1]. Precision is low (2.3).", [("Recall is high.", ("1.2", "2.1")), ("Precision is low.", ("2.3",))]),
        ("[1.1] Recall is high. [1.2] Precision is low.", [("Recall is high.", ("1.1",)), ("Precision is low.", ("1.2",))]),
        ("Recall [1.1] is high and precision [1.2] is low.", [("Recall is high and precision is low.", ("1.1", "1.2"))]),
        ("A point here 【1.2】", [("A point here", ("1.2",))]),
        ("A point here [1.1-1.3].", [("A point here.", ("1.1", "1.2", "1.3"))]),
        ("A point here [1.1, 2.4; 3.1].", [("A point here.", ("1.1", "2.4", "3.1"))]),
        ("A point here [^2.1].", [("A point here.", ("2.1",))]),
        ("A point here [source 2.1].", [("A point here.", ("2.1",))]),
        ("A point here [3].", [("A point here.", ("3",))]),
        ("The list [1, 2, 3] is sorted [1.1].", [("The list [1, 2, 3] is sorted.", ("1.1",))]),
        ("The price is 3.5 dollars [1.1]. It is v1.2 now [1.2].", [("The price is 3.5 dollars.", ("1.1",)), ("It is v1.2 now.", ("1.2",))]),
        ("Use a tool, e.g. a hammer [1.1]. Then rest [1.2].", [("Use a tool, e.g. a hammer.", ("1.1",)), ("Then rest.", ("1.2",))]),
        ("**Recall** is _high_ [1.1].", [("Recall is high.", ("1.1",))]),
        ("- First point [1.1]\n- Second point [1.2]\n", [("First point", ("1.1",)), ("Second point", ("1.2",))]),
        ("## Overview\n\nRecall is high [1.1].", [("Recall is high.", ("1.1",))]),
        ("Here are the steps:\nOpen the door [1.1].", [("Open the door.", ("1.1",))]),
        ("Scaling maps values to the range [0, 1].", [("Scaling maps values to the range [0, 1].", ())]),
        ("The threshold is set to (0.5) here [1.1].", [("The threshold is set to (0.5) here.", ("1.1",))]),
        ("The list x = [1, 2, 3].", [("The list x = [1, 2, 3].", ())]),
        ("A point here [9.9].", [("A point here.", ("9.9",))]),
        ("A point here [99].", [("A point here.", ("99",))]),
        ("A point here [ID: 1.2]. Another one [1.1/1.2].", [("A point here.", ("1.2",)), ("Another one.", ("1.1", "1.2"))]),
        ("A point here ([1.1], [1.2]). Another one [[2.1]].", [("A point here.", ("1.1", "1.2")), ("Another one.", ("2.1",))]),
        ("It holds so [2.4]. it is a change [1.3].", [("It holds so.", ("2.4",)), ("it is a change.", ("1.3",))]),
        ("In summary, drift is bad [1.2]. Of course recall is not precision.", [("Drift is bad.", ("1.2",)), ("Of course recall is not precision.", ())]),
        ("Here is the key point: drift is a change [1.1].", [("Drift is a change.", ("1.1",))]),
        ("| Kind | Change |\n|---|---|\n| Data drift | inputs [1.1] |\n", [("Data drift: inputs", ("1.1",))]),
        ("***Recall*** keeps `__init__` [1.1].", [("Recall keeps `__init__`.", ("1.1",))]),
        ("漂移是变化。模型会变差。", [("漂移是变化。", ()), ("模型会变差。", ())]),
        ("\u25cf A point here [1.1]", [("A point here", ("1.1",))]),
        ("The three kinds are [1.1]:.\nThe first is old [1.2].", [("The first is old.", ("1.2",))]),
        ("Sure! Recall is high [1.1]. I hope this helps!", [("Recall is high.", ("1.1",))]),
        ("According to your notes, recall is high [1.1].", [("Recall is high.", ("1.1",))]),
        ("Does recall rise? It does so [1.1].", [("Does recall rise?", ()), ("It does so.", ("1.1",))]),
        ("", []),
        ("  \n\n ", []),
    ],
)
def test_sentences_and_ids(text: str, expected: list[tuple[str, tuple[str, ...]]], size: int) -> None:
    assert read(text, size) == expected


def test_a_step_keeps_its_role_through_its_line() -> None:
    reader = Reader()
    found = [*reader.feed("1. Open the door [1.1]. Then close it [1.2].\n2) Go home [1.3].\n"), *reader.end()]
    assert [d.role for d in found] == ["step", "step", "step"]


def test_a_sentence_appears_as_soon_as_another_begins() -> None:
    reader = Reader()
    assert list(reader.feed("Recall is high [1.1]. ")) == []
    assert list(reader.feed("P")) == [Drafted("Recall is high.", ("1.1",))]


def test_a_broken_off_sentence_is_no_sentence() -> None:
    assert read("Recall is high [1.1]. Precision is never ab", whole=False) == [("Recall is high.", ("1.1",))]
    assert read("Recall is high [1.1]. Precision is low [1.2]", whole=False) == [("Recall is high.", ("1.1",)), ("Precision is low", ("1.2",))]


@pytest.mark.parametrize("cut", ["The rate is 3.", "Use a metric, e.g.", "Recall (of course)", "Recall is h"])
def test_what_may_go_on_is_not_whole(cut: str) -> None:
    assert read(cut, whole=False) == []


def test_a_sentence_without_end_is_none() -> None:
    assert read("word " * 2_000, size=50) == []


@pytest.mark.parametrize("text", ["A. B " * 1_000, "! " * 2_500, "[1.1" * 1_000, "(" * 3_000, "[1.1] " * 800, "e.g. " * 1_500, "|" * 3_000])
def test_no_repetition_takes_long(text: str) -> None:
    with within_cpu(4):
        read(text, size=3)


@given(st.text(alphabet=st.sampled_from("Ab c.[1]2,(\n-*#【】:!?"), max_size=120), st.integers(1, 9))
def test_the_pieces_do_not_matter(text: str, size: int) -> None:
    assert [t for t, _ in read(text, size)] == [t for t, _ in read(text)]
