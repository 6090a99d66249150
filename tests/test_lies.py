"""Three hundred lies about the notes, of fifteen kinds, through the whole tutor: what of them is shown."""

from __future__ import annotations

import pytest

from evals.cases import COURSE, GOLD
from evals.measures import deceit, lies
from evals.measures.lies import Told, figures
from evals.measures.puppet import questions
from ingest.build import ingest
from tutor.embed import Model, QuestionEncoder
from tutor.index import open_index

CUT = 4_000
"""Characters of each note that are told of: enough to lie about, and quickly ingested."""
CAUGHT = {
    "unit": 16, "merged facts": 12, "dropped condition": 1, "swapped roles": 6, "foreign entity": 18, "stronger modality": 12, "invented number": 18, "antonym": 13,
    "flipped negation": 16, "added claim": 14, "another topic": 19,
}  # fmt: skip
"""Of twenty lies of a kind, how many at least are left out: a little under what is reached."""
DOUBTED = {"merged facts": 15, "dropped condition": 14, "swapped roles": 18, "stronger modality": 14, "antonym": 17, "one character off": 17}
"""How many at least are left out or marked as unsure, where that is more."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, model: Model, encoder: QuestionEncoder) -> list[Told]:
    """The lies told about the beginnings of forty of our notes."""
    home = tmp_path_factory.mktemp("lies")
    for note in deceit.notes():
        copy = home / "notes" / note.relative_to(GOLD / "notes" if note.is_relative_to(GOLD) else COURSE / "notes")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(note.read_text(encoding="utf-8")[:CUT], encoding="utf-8")
    ingest(home / "index", [home / "notes"], model, lambda *_: None, encoder=lambda _: encoder)
    index = open_index(home / "index", model)
    return lies.tell(index, encoder, home / "home", questions(index))


def test_there_are_three_hundred_of_fifteen_kinds(told: list[Told]) -> None:
    assert {kind: row["told"] for kind, row in figures(told).items()} == dict.fromkeys(lies.KINDS, lies.EACH)
    assert len(told) == 300


def test_no_lie_is_told_twice(told: list[Told]) -> None:
    assert len({(t.lie.kind, t.lie.of) for t in told}) == len(told)


def test_every_citation_was_offered_and_is_the_notes_own_text(told: list[Told]) -> None:
    assert [t for t in told if not t.sound] == []


@pytest.mark.parametrize("kind", lies.TRUE)
def test_a_true_claim_with_a_false_id_gets_the_sentence_that_it_says(told: list[Told], kind: str) -> None:
    mine = [t for t in told if t.lie.kind == kind]
    assert [t for t in mine if not t.right] == []
    assert sum(t.fate == "exact" for t in mine) >= 14  # an id of no known form stays in the sentence, which then is not the notes' own


def test_nothing_that_is_not_the_notes_own_is_called_exact(told: list[Told]) -> None:
    whole = ("dropped condition", *lies.TRUE)  # where the question sets the condition, what is left is the notes' own words
    assert [t.lie for t in told if t.lie.kind not in whole and t.fate == "exact"] == []


@pytest.mark.parametrize("kind", CAUGHT)
def test_lies_are_left_out(told: list[Told], kind: str) -> None:
    assert figures(told)[kind]["left out"] >= CAUGHT[kind]


@pytest.mark.parametrize("kind", DOUBTED)
def test_lies_are_doubted(told: list[Told], kind: str) -> None:
    row = figures(told)[kind]
    assert row["left out"] + row["unsure"] >= DOUBTED[kind]
