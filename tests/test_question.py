"""What is read off a question's form."""

from __future__ import annotations

import pytest
from fakes import Tiny

from tutor import question
from tutor.index import Index


@pytest.fixture
def index(tiny_index: Tiny) -> Index:
    return tiny_index.open()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("What is photosynthesis?", "definition"),
        ("define xylem", "definition"),
        ("xylem vs phloem", "compare"),
        ("How do free and bound ribosomes differ?", "compare"),
        ("How do I feed a plant?", "how"),
        ("steps for casting type", "how"),
        ("How many towns had presses by 1500?", "number"),
        ("what is the maximum size of a press", "number"),
        ("Why does the inner membrane have folds?", "why"),
        ("List the parts of a plant", "list"),
        ("which part carries sugar down?", "which"),
        ("is the xylem made of lead, right?", "claim"),
    ],
)
def test_kind_follows_the_form_of_the_question(text: str, kind: str, index: Index) -> None:
    assert question.read(text, index).kind == kind


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("xylem vs phloem", ("xylem", "phloem")),
        ("What's the difference between free ribosomes and bound ribosomes?", ("free ribosomes", "bound ribosomes")),
        ("blue-green vs in-place rollout trade-offs", ("blue-green", "in-place rollout")),
        ("data drift and concept drift - same thing?", ("data drift", "concept drift")),
        ("what is the xylem", ()),
    ],
)
def test_sides_are_the_things_compared(text: str, sides: tuple[str, ...], index: Index) -> None:
    assert question.read(text, index).sides == sides


def test_a_typo_is_mended_by_the_notes_own_words(index: Index) -> None:
    query = question.read("what do ribosmes build from protiens", index)
    assert query.corrected == (("ribosmes", "ribosomes"), ("protiens", "proteins"))
    assert "ribosom" in query.stems
    assert all(t.known for t in query.terms if t.word in ("ribosomes", "proteins"))


def test_a_word_that_is_no_typo_stays_and_is_unknown(index: Index) -> None:
    query = question.read("does terraform build ribosomes", index)
    assert query.corrected == ()
    assert [t.word for t in query.terms if not t.known] == ["terraform"]


def test_abbreviations_that_the_notes_define_are_expanded_both_ways(index: Index) -> None:
    assert index.abbreviations["atp"] == "adenosine triphosphate"
    assert {"adenosin", "triphosph"} <= set(question.read("where is ATP made", index).expansion)
    assert "atp" in question.read("where is adenosine triphosphate made", index).expansion


def test_a_question_of_several_is_taken_apart(index: Index) -> None:
    parts = question.read("Which membrane is folded into cristae, and what do ribosomes build from amino acids?", index).parts
    assert parts == ("Which membrane is folded into cristae", "what do ribosomes build from amino acids?")


def test_rare_terms_weigh_more_than_common_and_generic_ones(index: Index) -> None:
    weight = {t.word: t.weight for t in question.read("which type of rubisco presses", index).terms}
    assert weight["rubisco"] > weight["presses"] > 0
    assert next(t for t in question.read("rubisco example", index).terms if t.word == "example").generic


def test_a_bare_number_is_not_a_topic(index: Index) -> None:
    terms = {t.word: t for t in question.read("700 MB of rubisco", index).terms}
    assert terms["700"].generic
    assert not terms["rubisco"].generic
