"""tutor.questions.proof: a question that the notes prove is valid; one that they no longer hold, or never proved, is not."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import Tiny, write_notes
from hypothesis import given
from hypothesis import strategies as st
from storage import NOTES, facts, sound

from tutor.embed import Model
from tutor.exam import Claim, KeyPoint, Need, Option, Proof, Question, Reason, Verification
from tutor.index import Index
from tutor.questions import Deck, Wish, proof
from tutor.questions.record import as_json, identified, identity
from tutor.types import Citation, Statement


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Index:
    folder = tmp_path_factory.mktemp("proof")
    made = Tiny(write_notes(folder / "notes", NOTES), folder / "index", model)
    made.ingest()
    return made.open()


@pytest.fixture(scope="module")
def deck(index: Index) -> Deck:
    return Deck(index)


@pytest.fixture(scope="module")
def by_hand(deck: Deck) -> dict[str, Question]:
    return sound(deck)


@pytest.fixture(scope="module")
def every(deck: Deck, by_hand: dict[str, Question]) -> tuple[Question, ...]:
    return (*by_hand.values(), *(q for seed in (1, 2, 3) for q in deck.draw(Wish(n=60, seed=seed)).questions))


def edited(index: Index, old: str, new: str) -> Index:
    """The index with its note edited and not ingested again."""
    changed, note = copy.copy(index), index.notes["storage.md"]
    assert old in note.text
    changed.notes = {"storage.md": replace(note, text=note.text.replace(old, new, 1))}
    return changed


def cite(index: Index, number: int, quote: str) -> Citation:
    start = index.notes["storage.md"].text.index(quote)
    return Citation(number, "storage.md", ("Storage",), None, start, start + len(quote), quote)


HEADER = "| Kind | Keeps | Shared by | Billed by |"
ROWS = {
    "Object store": "| Object store | whole files | many readers anywhere | gigabytes kept |",
    "Block volume": "| Block volume | raw disk sectors | a single machine | space reserved |",
    "File share": "| File share | folders and names | machines of one network | throughput bought |",
    "Page cache": "| Page cache | recently read blocks | processes of one host | nothing extra |",
}


def table_question(index: Index, **changes: Any) -> Question:
    """Which kind keeps raw disk sectors? Made by hand from the table, with its proof."""
    things = ("File share", "Block volume", "Page cache", "Object store")
    values = {"File share": "folders and names", "Block volume": "raw disk sectors", "Page cache": "recently read blocks", "Object store": "whole files"}
    citations = (
        cite(index, 1, ROWS["Block volume"]),
        cite(index, 2, HEADER),
        *(cite(index, n, ROWS[t]) for n, t in enumerate(("File share", "Page cache", "Object store"), 3)),
    )
    place = {"Block volume": 1, "File share": 3, "Page cache": 4, "Object store": 5}
    reasons = tuple(
        Reason(letter, t == "Block volume", (Claim(t, "Keeps", values[t], (place[t], 2)),), f"{t}: keeps – {values[t]}.", -1 if t == "Block volume" else 0)
        for letter, t in zip("ABCD", things, strict=True)
    )
    made = Question(
        "", "multiple_choice", "A team needs a store for raw disk sectors. Which kind fits best?", tuple(Option(x, t) for x, t in zip("ABCD", things, strict=True)), ("B",),
        tuple(Statement(r.text, r.claims[0].citations, verdict="supported") for r in reasons),
        Proof("hand", "thing", citations, reasons, (Need("Keeps", "raw disk sectors", "raw disk sectors"),)),
    )  # fmt: skip
    return identified(replace(made, **changes))


def found(verification: Verification) -> tuple[str, set[str]]:
    return verification.status, {f.check for f in verification.findings}


def test_questions_on_the_notes_are_valid_whatever_they_ask_for(index: Index, deck: Deck, every: tuple[Question, ...]) -> None:
    assert {q.proof.asks for q in every} >= {"thing", "value", "step", "words", "statement"}
    assert len(every) > 40
    assert [(q.stem, found(proof.verify(q, index, deck.matrix))) for q in every if proof.verify(q, index, deck.matrix).status != "valid"] == []


def test_a_question_by_hand_is_valid(index: Index, deck: Deck) -> None:
    assert proof.verify(table_question(index), index, deck.matrix) == Verification("valid")


def test_a_changed_question_is_seen_by_its_id(index: Index, deck: Deck) -> None:
    changed = replace(table_question(index), key=("A",))
    assert identity(changed) != changed.id
    assert found(proof.verify(changed, index, deck.matrix)) == ("broken", {"tampered"})


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("raw disk sectors |", "raw disk cells |", "changed"),
        ("# Storage\n", "# Storage of bytes\n", "moved"),
        (ROWS["Page cache"] + "\n", "", "changed"),
    ],
)
def test_edited_notes_make_a_question_stale(index: Index, deck: Deck, old: str, new: str, told: str) -> None:
    verification = proof.verify(table_question(index), edited(index, old, new), deck.matrix)
    assert found(verification) == ("stale", {"citations"})
    assert told in verification.findings[0].text
    assert "storage.md" in verification.findings[0].text


def test_a_note_that_is_gone_makes_a_question_stale(index: Index, deck: Deck) -> None:
    gone = copy.copy(index)
    gone.notes = {}
    assert found(proof.verify(table_question(index), gone, deck.matrix)) == ("stale", {"citations"})


def test_an_edit_behind_what_is_cited_changes_nothing(index: Index, deck: Deck) -> None:
    assert (
        proof.verify(table_question(index), edited(index, "hardly shrinks files that are encrypted", "enlarges encrypted files"), deck.matrix).status == "valid"
    )


def _reason(question: Question, option: str, **changes: Any) -> Question:
    reasons = tuple(replace(r, **changes) if r.option == option else r for r in question.proof.reasons)
    return replace(question, proof=replace(question.proof, reasons=reasons))


def _claim(question: Question, option: str, **changes: Any) -> Question:
    claims = tuple(replace(c, **changes) for r in question.proof.reasons if r.option == option for c in r.claims)
    return _reason(question, option, claims=claims)


def _need(question: Question, stem: str, value: str) -> Question:
    return replace(question, stem=stem, proof=replace(question.proof, needs=(Need("Keeps", value, value),)))


BROKEN: dict[str, tuple[Callable[[Question], Question], str]] = {
    "an option without a reason": (lambda q: replace(q, proof=replace(q.proof, reasons=q.proof.reasons[:3])), "proof"),
    "two reasons for an option": (lambda q: replace(q, proof=replace(q.proof, reasons=(*q.proof.reasons, q.proof.reasons[0]))), "proof"),
    "a reason for a wrong option": (lambda q: _reason(q, "A", holds=True, fails=-1), "proof"),
    "a reason that claims nothing": (lambda q: _reason(q, "A", claims=()), "proof"),
    "a reason that says nothing": (lambda q: _reason(q, "A", text=" "), "proof"),
    "a need that there is not": (lambda q: _reason(q, "A", fails=1), "proof"),
    "a claim without a citation": (lambda q: _claim(q, "A", citations=()), "proof"),
    "a citation that there is not": (lambda q: _claim(q, "A", citations=(9,)), "proof"),
    "citations out of number": (lambda q: replace(q, proof=replace(q.proof, citations=q.proof.citations[::-1])), "proof"),
    "no explanation": (lambda q: replace(q, explanation=()), "proof"),
    "a value that the notes do not give": (lambda q: _claim(q, "A", value="whole files"), "claims"),
    "a true value cited at another row": (lambda q: _claim(q, "A", citations=(1, 2)), "claims"),
    "the key and its reasons moved": (lambda q: replace(_reason(_reason(q, "A", holds=True, fails=-1), "B", holds=False, fails=0), key=("A",)), "key"),
    "another need in the stem and the proof": (lambda q: _need(q, "A team needs a store for whole files. Which kind fits best?", "whole files"), "key"),
    "a need that says another thing than its value": (
        lambda q: replace(q, stem="A team needs a store for whole files. Which kind fits best?", proof=replace(q.proof, needs=(Need("Keeps", "raw disk sectors", "whole files"),))),
        "key",
    ),
    "no need": (lambda q: replace(q, proof=replace(q.proof, needs=())), "proof"),
    "a wrong option that is not said to fail": (lambda q: _reason(q, "A", fails=-1), "key"),
    "a refutation of another option": (lambda q: _reason(q, "A", claims=q.proof.reasons[2].claims), "key"),
    "an option under another's claim": (lambda q: replace(q, options=(Option("A", "Tape vault"), *q.options[1:])), "key"),
    "an emphasised denial": (lambda q: replace(q, stem="A team has raw disk sectors. Which kind is NOT fit?"), "key"),
    "a number that the notes do not have": (lambda q: replace(q, stem="A team needs a store for 70 raw disk sectors. Which kind fits best?"), "key"),
    "an explanation of its own": (lambda q: replace(q, explanation=(*q.explanation, Statement("A file share is always the cheapest.", (3,)))), "explanation"),
    "an explanation that leaves an option out": (lambda q: replace(q, explanation=q.explanation[:3]), "explanation"),
    "a reason with the sense turned": (lambda q: replace(_reason(q, "A", text="File share: keeps – raw disk sectors."), explanation=(Statement("File share: keeps – raw disk sectors.", (3, 2)), *q.explanation[1:])), "explanation"),
    "an unsound stem": (lambda q: replace(q, stem="a team needs a store for raw disk sectors. Which kind fits best?"), "sentence"),
    "an option too many in the key": (lambda q: replace(q, key=("A", "B")), "key"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "check"), BROKEN.values(), ids=BROKEN.keys())
def test_a_question_that_is_not_proven_is_broken(index: Index, deck: Deck, change: Callable[[Question], Question], check: str) -> None:
    verification = proof.verify(identified(change(table_question(index))), index, deck.matrix)
    assert found(verification) == ("broken", {check}), verification


def test_a_second_option_that_the_notes_make_right_breaks_a_question(index: Index, deck: Deck, by_hand: dict[str, Question]) -> None:
    question = by_hand["meaning"]
    wrong = next(r for r in question.proof.reasons if not r.holds)
    right = next(r for r in question.proof.reasons if r.holds)
    text = next(o.text for o in question.options if o.id == right.option)
    options = tuple(Option(o.id, text.replace("A ", "The ", 1)) if o.id == wrong.option else o for o in question.options)
    reasons = tuple(replace(r, claims=right.claims) if r is wrong else r for r in question.proof.reasons)
    changed = identified(replace(question, options=options, proof=replace(question.proof, reasons=reasons)))
    assert found(proof.verify(changed, index, deck.matrix)) == ("broken", {"key"})


def test_what_to_take_instead_is_the_key_and_never_what_to_avoid(index: Index, deck: Deck, by_hand: dict[str, Question]) -> None:
    (avoided,) = facts(deck, "avoid")
    question = by_hand["instead"]
    assert {o.text for o in question.options if o.id in question.key} == {avoided.other}
    others = {o.id: o.text for o in question.options if o.text != avoided.thing}
    swapped = tuple(Option(o.id, avoided.thing if o.id in question.key else avoided.other if o.text == avoided.thing else o.text) for o in question.options)
    assert len(others) == len(swapped) - 1
    assert found(proof.verify(identified(replace(question, options=swapped)), index, deck.matrix)) == ("broken", {"key"})
    unnamed = replace(question, stem=f"A colleague has an idea, but {avoided.value}. What fits instead?")
    assert found(proof.verify(identified(unnamed), index, deck.matrix)) == ("broken", {"key"})


def test_a_case_asks_for_the_point_that_its_need_stands_at(index: Index, deck: Deck, by_hand: dict[str, Question]) -> None:
    moved = replace(by_hand["case"], stem="Which of these fits the second point best?")
    assert found(proof.verify(identified(moved), index, deck.matrix)) == ("broken", {"key"})


def test_steps_in_another_order_are_broken(index: Index, deck: Deck, by_hand: dict[str, Question]) -> None:
    question = by_hand["steps"]
    swapped = (question.key[1], question.key[0], *question.key[2:])
    elsewhere = replace(question.proof, about="To start a volume, follow these steps:")
    for changed in (replace(question, key=swapped), replace(question, proof=elsewhere)):  # type: ignore[arg-type]
        assert found(proof.verify(identified(changed), index, deck.matrix)) == ("broken", {"key"})


def test_pairs_that_changed_partners_are_broken(index: Index, deck: Deck, by_hand: dict[str, Question]) -> None:
    question = by_hand["pairs"]
    pairs = [pair for pair in question.key if isinstance(pair, tuple)]
    swapped = ((pairs[0][0], pairs[1][1]), (pairs[1][0], pairs[0][1]), *pairs[2:])
    assert found(proof.verify(identified(replace(question, key=swapped)), index, deck.matrix)) == ("broken", {"key"})


@pytest.mark.parametrize(("name", "other", "turned"), [("true", "misconception", (" true", " NOT true")), ("false", "fact", ("NOT true", "true"))])
def test_a_misconception_is_no_right_statement(index: Index, deck: Deck, by_hand: dict[str, Question], name: str, other: str, turned: tuple[str, str]) -> None:
    question = by_hand[name]
    for changed in (replace(question, proof=replace(question.proof, about=other)), replace(question, stem=question.stem.replace(*turned))):
        assert found(proof.verify(identified(changed), index, deck.matrix)) == ("broken", {"key"})


def test_a_sentence_with_a_blank_must_stand_in_the_notes(index: Index, deck: Deck, by_hand: dict[str, Question]) -> None:
    question = by_hand["blank"]
    for changed in (
        replace(question, reference="lease"),
        replace(question, stem=question.stem.replace(" is ", " is never ")),
        replace(question, stem=question.stem.replace("one ", "no ")),
    ):
        assert found(proof.verify(identified(changed), index, deck.matrix)) == ("broken", {"key"})


def test_key_points_and_reference_must_follow_from_what_they_cite(index: Index, deck: Deck) -> None:
    quote = "A mirror is a second copy that is written at the same time."
    made = Question(
        "", "free_text", "Explain in your own words what a mirror is.", (), (), (Statement(quote, (1,)),), Proof("hand", "words", (cite(index, 1, quote),), about="mirror"),
        reference=quote, key_points=(KeyPoint(quote, (1,)),),
    )  # fmt: skip
    assert proof.verify(identified(made), index, deck.matrix).status == "valid"
    false = "A mirror is a second copy that is written a day later."
    for changed in (replace(made, key_points=(KeyPoint(false, (1,)),), reference=false), replace(made, reference=f"{quote} It costs 50 dollars.")):
        assert found(proof.verify(identified(changed), index, deck.matrix)) == ("broken", {"key"})


def test_a_computed_question_is_computed_again(index: Index, deck: Deck) -> None:
    question = table_question(index)
    number = replace(question.proof, asks="number", needs=(), reasons=tuple(replace(r, fails=-1, claims=()) for r in question.proof.reasons))
    computed = identified(replace(question, proof=number))
    assert found(proof.verify(computed, index, deck.matrix)) == ("broken", {"key"})
    assert found(proof.verify(computed, index, deck.matrix, lambda q: q.key == ("A",))) == ("broken", {"key"})
    assert found(proof.verify(computed, index, deck.matrix, lambda q: q.key == ("B",))) == ("valid", set())
    told = identified(replace(computed, explanation=(*computed.explanation, Statement("A block volume keeps 70 folders.", (1,)))))
    assert found(proof.verify(told, index, deck.matrix, lambda q: True)) == ("broken", {"explanation"})


def test_a_models_claims_are_judged_by_their_quotes(index: Index, deck: Deck) -> None:
    said = {
        "Snapshot": ("A snapshot is a frozen picture of a volume at one moment.", "a frozen picture of a volume"),
        "Checksum": ("A checksum is a short number that changes when any byte of a file changes.", "a short number that changes with any byte"),
        "Quota": ("A quota is a limit on how much one person may keep.", "a limit on how much a person may keep"),
        "Lease": ("A lease is a promise that nobody else may write for a while.", "a promise that nobody else may write"),
    }
    reasons = tuple(
        Reason(letter, n == 1, (Claim(thing, "is", value, (n,)),), quote, -1 if n == 1 else 0)
        for (letter, n), (thing, (quote, value)) in zip(zip("ABCD", range(1, 5), strict=True), said.items(), strict=True)
    )
    stem = "An engineer wants a frozen picture of a volume before a risky change. Which of these fits?"
    made = Question(
        "", "multiple_choice", stem, tuple(Option(x, t) for x, t in zip("ABCD", said, strict=True)), ("A",), tuple(Statement(r.text, (n,)) for n, r in enumerate(reasons, 1)),
        Proof("model", "thing", tuple(cite(index, n, quote) for n, (quote, _) in enumerate(said.values(), 1)), reasons, (Need("is", "a frozen picture of a volume", "a frozen picture of a volume"),)),
        mode="bedrock_converse:a-model",
    )  # fmt: skip
    assert proof.verify(identified(made), index, deck.matrix) == Verification("valid")
    assert found(proof.verify(identified(replace(made, mode="notes-only")), index, deck.matrix)) == ("broken", {"claims"})
    for option, value in (
        ("A", "a frozen picture of two volumes"),
        ("B", "a long number that changes with any byte"),
        ("C", "no limit on how much a person may keep"),
        ("D", "a promise that everybody may write"),
    ):
        assert found(proof.verify(identified(_claim(made, option, value=value)), index, deck.matrix)) == ("broken", {"claims"})


@given(data=st.data())
def test_no_question_makes_verification_fail(index: Index, deck: Deck, every: tuple[Question, ...], data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(every))
    other = data.draw(st.sampled_from(every))
    name = data.draw(st.sampled_from(sorted(set(as_json(question)) - {"id"})))
    changed = identified(replace(question, **{name: getattr(other, name)}))
    verification = proof.verify(changed, index, deck.matrix)
    assert (verification.status == "valid") <= (verification.findings == ())
    if name in ("options", "key") and getattr(other, name) != getattr(question, name):
        assert verification.status == "broken"


def test_a_verification_takes_at_most_twenty_milliseconds(index: Index, deck: Deck, every: tuple[Question, ...]) -> None:
    began = time.process_time()
    for question in every:
        proof.verify(question, index, deck.matrix)
    assert (time.process_time() - began) / len(every) < 0.020


def test_a_folder_is_not_touched(index: Index, every: tuple[Question, ...]) -> None:
    assert all(index.notes[c.note].text[c.start : c.end] == c.quote for q in every for c in q.proof.citations)
    assert Path(index.generation).exists()
