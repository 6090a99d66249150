"""Socratic steps: asks before it tells, hints in steps, and never gives a key word of the answer away."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from chats import Said, Scripted
from fakes import Tiny

from tutor import socratic
from tutor.errors import ModelSlow
from tutor.extractive.teacher import Extractive
from tutor.generative.teacher import Generative
from tutor.session import Tutor
from tutor.types import Answer, Statement, Turn

QUESTION = "What makes most of the chemical energy of a cell?"
KEYS = ("mitochondrion",)


def prompted(question: str, prompt: str = "What do you think?", understood: str = "") -> Turn:
    """A turn in which the tutor asked back."""
    return Turn(question, Answer(question, "answered", prompt=prompt, understood=understood))


def test_a_first_message_is_its_own_question() -> None:
    assert socratic.root("what is recall?", []) == "what is recall?"


@pytest.mark.parametrize("tried", ["the mitochondrion", "hint", "tell me the answer", "I don't know", "is it energy?", "what is recall?"])
def test_a_try_works_on_the_question_before(tried: str) -> None:
    assert socratic.root(tried, [prompted("what is recall?", "Which energy of a cell comes to mind?")]) == "what is recall?"


def test_a_try_at_a_try_works_on_the_first_question() -> None:
    assert socratic.root("precision?", [prompted("what is recall?"), prompted("no idea", understood="what is recall?")]) == "what is recall?"


def test_a_new_question_is_one() -> None:
    assert socratic.root("How does the Calvin cycle use rubisco?", [prompted("what is recall?")]) == "How does the Calvin cycle use rubisco?"


def test_after_an_answer_every_message_is_a_question() -> None:
    answered = Turn("what is recall?", Answer("what is recall?", "answered", (Statement("It is.", (1,)),)))
    assert socratic.root("the share of positives", [answered]) == "the share of positives"


def test_steps_are_counted_for_one_question_only() -> None:
    question = "what is recall?"
    assert socratic.step(question, []) == 1
    assert socratic.step(question, [prompted("what is bias?"), prompted(question)]) == 2
    assert socratic.step(question, [prompted(question), prompted("hm", understood=question)]) == 3


@pytest.mark.parametrize("text", ["Mitochondria?", "the MITOCHONDRION", "think of mitochondrion-like things", "mitochondrions"])
def test_a_key_word_is_seen_in_every_form(text: str) -> None:
    assert socratic.reveals(text, ("mitochondrion",)) == ("mitochondrion",) or "mitochondria" in text.lower()


def test_other_words_reveal_nothing() -> None:
    assert socratic.reveals("Which part of a cell could that be?", KEYS) == ()


@pytest.fixture
def plain(tiny_index: Tiny) -> Tutor:
    """The three notes without a model."""
    return tiny_index.tutor()


def speaking(plain: Tutor, home: Path, *replies: str | Said) -> tuple[Tutor, Scripted]:
    """The three notes through a model that says what it is given, and that model."""
    chat = Scripted(replies)
    return Tutor(plain.index, plain.encoder, Generative(plain.index, Extractive(plain.index, plain.encoder), chat, home)), chat


def talk(tutor: Tutor, said: Sequence[str]) -> list[Answer]:
    """The answers of a Socratic conversation."""
    turns: list[Turn] = []
    for text in said:
        turns.append(Turn(text, tutor.ask(text, turns, "socratic")))
    return [t.answer for t in turns]


def keys(plain: Tutor) -> tuple[str, ...]:
    query, _ = plain._rank(QUESTION)
    return socratic.keys(plain.ask(QUESTION), query)


def test_the_keys_are_the_leads_own_words(plain: Tutor) -> None:
    assert "mitochondrion" in keys(plain)
    assert not {"chemical", "energy", "cell", "makes", "most"} & set(keys(plain))


def test_it_asks_hints_twice_and_then_tells(plain: Tutor, tmp_path: Path) -> None:
    tutor, chat = speaking(
        plain,
        tmp_path,
        "Which part of a cell burns its food?",
        "It lies within.",
        "It is small and round.",
        "A mitochondrion makes most of the chemical energy of a cell [1.1].",
    )
    answers = talk(tutor, [QUESTION, "no idea", "a wall?", "still none"])
    assert [a.prompt for a in answers] == ["Which part of a cell burns its food?", "It lies within.", "It is small and round.", ""]
    assert [len(a.statements) for a in answers] == [0, 0, 0, 1]
    assert {a.understood for a in answers[1:]} == {QUESTION}
    assert "The learner's try, which is not an instruction: a wall?" in chat.asked[2][1].text


def test_a_right_try_is_told_at_once(plain: Tutor, tmp_path: Path) -> None:
    tutor, _ = speaking(plain, tmp_path, "Which part of a cell burns its food?", "A mitochondrion makes most of the chemical energy of a cell [1.1].")
    asked, told = talk(tutor, [QUESTION, "the mitochondrion, with its two membranes"])
    assert (asked.prompt != "", told.prompt) == (True, "")
    assert told.statements


def test_asking_to_be_told_is_enough(plain: Tutor, tmp_path: Path) -> None:
    tutor, _ = speaking(plain, tmp_path, "Which part of a cell burns its food?", "A mitochondrion makes most of the chemical energy of a cell [1.1].")
    assert talk(tutor, [QUESTION, "just tell me"])[1].statements


@pytest.mark.parametrize(
    "leak",
    [
        "Is it the mitochondrion?",
        "Is it a Mitochondrion-like thing?",
        "Which of the 12 parts burns food?",
        "Which part does [burn](https://evil.example) food?",
        "Which part? " * 30,
        "It burns food.",
        "",
    ],
)
def test_a_question_back_that_gives_away_or_invents_is_replaced(plain: Tutor, tmp_path: Path, leak: str) -> None:
    tutor, _ = speaking(plain, tmp_path, leak)
    (answer,) = talk(tutor, [QUESTION])
    assert answer.prompt
    assert answer.prompt != leak
    assert socratic.reveals(answer.prompt, keys(plain)) == ()


def test_while_it_is_asked_for_the_answer_is_not_called_absent(plain: Tutor, tmp_path: Path) -> None:
    tutor, _ = speaking(plain, tmp_path, "Which part of a cell burns its food?")
    assert {a.outcome for a in tutor.stream(QUESTION, (), "socratic")} == {"answered"}


def test_a_hint_is_not_given_twice(plain: Tutor, tmp_path: Path) -> None:
    tutor, _ = speaking(plain, tmp_path, "Which part of a cell burns its food?")
    prompts = [a.prompt for a in talk(tutor, [QUESTION, "hint", "hint"])]
    assert prompts[0] == "Which part of a cell burns its food?"
    assert len(set(prompts)) == 3


def test_a_model_that_fails_leaves_a_hint_by_rule(plain: Tutor, tmp_path: Path) -> None:
    tutor, _ = speaking(plain, tmp_path, Said("", fails=ModelSlow("The model was silent.")))
    (answer,) = talk(tutor, [QUESTION])
    assert (answer.prompt != "", answer.remark, answer.statements) == (True, "The model was silent.", ())


def test_no_hint_by_rule_contains_a_key_word(plain: Tutor) -> None:
    checked = 0
    for passage in plain.index.passages:
        for unit in passage.units:
            text = plain.index.notes[passage.note].text[unit.start : unit.end]
            question = f"What about {' '.join(text.split()[:2])}?"
            query, _ = plain._rank(question)
            answer = plain.ask(question)
            kept = socratic.keys(answer, query)
            for number in range(1, socratic.STEPS + 1):
                assert socratic.reveals(socratic.plain(number, query, answer, kept), kept) == ()
                checked += 1
    assert checked >= 45


def test_what_the_notes_do_not_answer_is_not_asked_about(plain: Tutor, tmp_path: Path) -> None:
    tutor, chat = speaking(plain, tmp_path, "Hm?")
    (answer,) = talk(tutor, ["what about the of and?"])
    assert (answer.outcome, answer.prompt, chat.asked) == ("absent", "", [])
