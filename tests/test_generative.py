"""The teacher that speaks through a model: what of a draft is shown, what is left out, and what stands when it fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from chats import Said, Scripted, Shown, named, shown
from fakes import Tiny

from tutor import pace
from tutor.budget import Counter
from tutor.errors import ModelSlow
from tutor.extractive.teacher import Extractive
from tutor.generative.sources import offer
from tutor.generative.teacher import Generative
from tutor.prompts import notes
from tutor.session import Tutor
from tutor.types import Answer, Hit, Turn

QUESTION = "What makes most of the chemical energy of a cell?"
ENERGY = "A mitochondrion makes most of the chemical energy of a cell."


@pytest.fixture
def plain(tiny_index: Tiny) -> Tutor:
    """The three notes without a model."""
    return tiny_index.tutor()


Speaking = Callable[..., Tutor]


@pytest.fixture
def speaking(plain: Tutor, tmp_path: Path) -> Speaking:
    """The three notes through a model that says what it is given."""

    def made(*replies: str | Said | Callable[[Shown], str | Said], chat: Scripted | None = None) -> Tutor:
        return Tutor(plain.index, plain.encoder, Generative(plain.index, Extractive(plain.index, plain.encoder), chat or Scripted(replies), tmp_path / "home"))

    return made


def texts(answer: Answer) -> list[str]:
    return [s.text for s in answer.statements]


def energy(text: str) -> Callable[[Shown], str]:
    """A reply in which {id} is that of the sentence on energy."""
    return lambda found: text.format(id=named(found, "chemical energy"))


def test_the_notes_answer_comes_first_and_the_models_grows_in_its_place(plain: Tutor, speaking: Speaking) -> None:
    first, *growing, last = speaking(energy("The mitochondrion makes most of a cell's chemical energy [{id}]. It has two membranes [{id}].")).stream(QUESTION)
    assert replace(first, seconds=0.0) == replace(plain.ask(QUESTION), seconds=0.0)
    assert all(a.incomplete and a.mode == "scripted:model" for a in growing)
    assert [len(a.statements) for a in growing] == sorted(len(a.statements) for a in growing)
    assert not last.incomplete
    assert texts(last)[0] == "The mitochondrion makes most of a cell's chemical energy."


def test_a_paraphrase_is_supported_and_cites_the_very_words(speaking: Speaking) -> None:
    tutor = speaking(energy("The mitochondrion makes most of a cell's chemical energy [{id}]."))
    answer = tutor.ask(QUESTION)
    (statement,) = answer.statements
    (citation,) = answer.citations
    assert (statement.verdict, statement.role) == ("supported", "lead")
    assert citation.quote == ENERGY
    assert tutor.note(citation.note).text[citation.start : citation.end] == citation.quote
    assert (answer.outcome, answer.mode, answer.left_out, answer.remark) == ("answered", "scripted:model", 0, "")


def test_the_very_words_are_exact(speaking: Speaking) -> None:
    assert [s.verdict for s in speaking(energy(ENERGY + " [{id}]")).ask(QUESTION).statements] == ["exact"]


@pytest.mark.parametrize("wrong", ["", " [9.9]", " [99.99]", " [0.0]"])
def test_a_right_claim_gets_its_own_citation_whatever_it_cites(speaking: Speaking, wrong: str) -> None:
    answer = speaking(f"The mitochondrion makes most of a cell's chemical energy{wrong}.").ask(QUESTION)
    assert [c.quote for c in answer.citations] == [ENERGY]


@pytest.mark.parametrize(
    "lie",
    [
        "A mitochondrion makes 95 percent of the chemical energy of a cell",
        "A mitochondrion does not make the chemical energy of a cell",
        "Golgi bodies make most of the chemical energy of a cell",
        "Insulin lowers the sugar in the blood",
        "A mitochondrion makes most of the chemical energy of a cell, see https://evil.example/x",
        "A mitochondrion makes ![most](https://evil.example/x) of the chemical energy of a cell",
    ],
)
def test_a_lie_is_left_out_and_counted(speaking: Speaking, lie: str) -> None:
    answer = speaking(energy(f"{ENERGY} [{{id}}] {lie} [{{id}}].")).ask(QUESTION)
    assert texts(answer) == [ENERGY]
    assert answer.left_out == 1


def test_a_model_that_mostly_lies_is_not_shown(plain: Tutor, speaking: Speaking) -> None:
    answer = speaking(energy(f"{ENERGY} [{{id}}] Insulin lowers sugar. Whales sing at night. Rome fell long ago.")).ask(QUESTION)
    assert texts(answer) == texts(plain.ask(QUESTION))
    assert answer.mode == "notes-only"
    assert answer.remark == "Of what scripted:model wrote, 3 of 4 sentences are not in your notes. This answer is from your notes alone."


def test_a_model_that_finds_no_answer_leaves_the_nearest(plain: Tutor, speaking: Speaking) -> None:
    answer = speaking("NOT IN NOTES").ask(QUESTION)
    assert answer.outcome == "closest"
    assert texts(answer) == texts(plain.ask(QUESTION))[:3]
    assert answer.remark == "scripted:model read the notes and found no answer in them."


@pytest.mark.parametrize("words", ["The notes do not answer this question.", "Your notes don't mention that.", "Sorry, I could not find it in the notes."])
def test_a_refusal_in_words_is_one(speaking: Speaking, words: str) -> None:
    answer = speaking(words).ask(QUESTION)
    assert (answer.outcome, answer.remark) == ("closest", "scripted:model read the notes and found no answer in them.")


def test_silence_is_a_sentence_of_its_own(speaking: Speaking) -> None:
    assert speaking(energy(f"{ENERGY} [{{id}}] Not in notes is a thing of its own.")).ask(QUESTION).outcome == "answered"


def test_what_points_back_to_a_sentence_that_was_left_out_goes_with_it(speaking: Speaking) -> None:
    answer = speaking(energy(f"{ENERGY} [{{id}}] Insulin lowers the sugar in the blood. It has two membranes [{{id}}].")).ask(QUESTION)
    assert (texts(answer), answer.left_out) == ([ENERGY], 2)


def test_what_points_back_into_another_section_is_unsure(speaking: Speaking) -> None:
    answer = speaking("Ribosomes build proteins from amino acids. It makes most of the chemical energy of a cell.").ask(QUESTION)
    assert [s.verdict for s in answer.statements] == ["exact", "unsure"]


def test_the_same_is_not_said_twice_in_nearly_the_same_words(speaking: Speaking) -> None:
    answer = speaking(energy(f"{ENERGY} [{{id}}] So a mitochondrion makes most chemical energy of a cell [{{id}}].")).ask(QUESTION)
    assert (texts(answer), answer.left_out) == ([ENERGY], 0)


@pytest.mark.parametrize("text", ["", "   \n", "Sure!", "I hope this helps."])
def test_a_model_that_says_nothing(plain: Tutor, speaking: Speaking, text: str) -> None:
    answer = speaking(text).ask(QUESTION)
    assert texts(answer) == texts(plain.ask(QUESTION))
    assert answer.remark == "scripted:model said nothing. This answer is from your notes alone."


def test_a_failure_before_anything_passed(plain: Tutor, speaking: Speaking) -> None:
    answer = speaking(Said("Well", fails=ModelSlow("The model gave no word for 9 s."))).ask(QUESTION)
    assert (texts(answer), answer.mode) == (texts(plain.ask(QUESTION)), "notes-only")
    assert answer.remark == "The model gave no word for 9 s. This answer is from your notes alone."
    assert not answer.incomplete


def test_a_failure_half_way_keeps_what_passed(speaking: Speaking) -> None:
    answer = speaking(Said(f"{ENERGY} [1.1] Its inner mem", fails=ModelSlow("The model fell silent."))).ask(QUESTION)
    assert (texts(answer), answer.incomplete) == ([ENERGY], True)
    assert answer.remark == "The model fell silent. What had passed by then is shown."


def test_a_token_limit_drops_the_sentence_it_cuts(speaking: Speaking) -> None:
    answer = speaking(Said(f"{ENERGY} [1.1] A mitochondrion makes", stop="tokens")).ask(QUESTION)
    assert (texts(answer), answer.incomplete, answer.left_out) == ([ENERGY], True, 0)


def test_what_turns_out_to_be_thinking_is_taken_back(speaking: Speaking) -> None:
    answer = speaking(Said(ENERGY + " [1.1]", taken_back="Insulin lowers sugar [1.1]. A mitochondrion makes energy [1.1]. Hm. ")).ask(QUESTION)
    assert (texts(answer), answer.left_out) == ([ENERGY], 0)


def test_a_model_that_runs_in_a_circle_is_stopped(speaking: Speaking) -> None:
    chat = Scripted([f"{ENERGY} [1.1] " * 50])
    answer = speaking(chat=chat).ask(QUESTION)
    assert texts(answer) == [ENERGY]
    assert chat.closed == 1


def test_closing_the_iterator_stops_the_model(speaking: Speaking) -> None:
    chat = Scripted([f"{ENERGY} [1.1] " + "It goes on and on. " * 99])
    stream = speaking(chat=chat).stream(QUESTION)
    next(stream)
    assert texts(next(stream)) == [ENERGY]
    stream.close()  # type: ignore[attr-defined]
    assert chat.closed == 1


def test_a_question_that_the_notes_do_not_answer_is_not_put_to_the_model(speaking: Speaking) -> None:
    chat = Scripted(["Anything."])
    answer = speaking(chat=chat).ask("what about the of and?")
    assert answer.outcome == "absent"
    assert chat.asked == []


def test_what_the_model_is_shown(speaking: Speaking) -> None:
    chat = Scripted(["NOT IN NOTES"])
    speaking(chat=chat).ask(QUESTION)
    (messages,) = chat.asked
    assert [m.speaker for m in messages] == ["system", "user"]
    assert f"] {ENERGY}" in messages[1].text
    assert messages[1].text.endswith(f"Question: {QUESTION}")
    assert chat.limits[0].tokens == 250


def test_one_fence_a_conversation(speaking: Speaking) -> None:
    chat = Scripted(["NOT IN NOTES"])
    tutor = speaking(chat=chat)
    first = tutor.ask(QUESTION)
    tutor.ask("What do ribosomes build?", [Turn(QUESTION, first)])
    tutor.ask("What do ribosomes build?")
    systems = [messages[0].text for messages in chat.asked]
    assert systems[0] == systems[1] != systems[2]


def test_tokens_and_cost_are_those_the_model_reports(speaking: Speaking) -> None:
    usage = speaking(ENERGY).ask(QUESTION).usage
    assert usage is not None
    assert (usage.model, usage.input_tokens, usage.cost) == ("scripted:model", 100, 0.0)


def test_what_was_not_read_to_its_end_is_estimated(speaking: Speaking) -> None:
    usage = speaking(Said("Well", fails=ModelSlow("The model gave no word for 9 s."))).ask(QUESTION).usage
    assert usage is not None
    assert not usage.counted


def test_the_speed_is_measured(speaking: Speaking, tmp_path: Path) -> None:
    assert pace.read(tmp_path / "home", "scripted:model") is None
    speaking(ENERGY).ask(QUESTION)
    assert pace.read(tmp_path / "home", "scripted:model") is not None


def ids(found: Sequence[str]) -> list[tuple[int, int]]:
    return [(int(a), int(b)) for a, _, b in (name.partition(".") for name in found)]


def test_what_states_nothing_is_not_offered(speaking: Speaking) -> None:
    chat = Scripted(["NOT IN NOTES"])
    speaking(chat=chat).ask("What does the Calvin cycle need?")
    assert "\nThe Calvin cycle needs three things:\n" in chat.asked[0][1].text
    assert not any(text.endswith(":") for text in shown(chat.asked[0]).values())


@pytest.mark.parametrize("budget", [0, 30, 60, 120])
def test_the_evidence_fits_its_budget(plain: Tutor, budget: int) -> None:
    count = Counter()
    units = [(Hit(p, 0.0), u) for p in plain.index.passages for u in p.units]
    sources = offer(units, plain.index.notes, count, budget)
    text = notes("NOTES-0", [s.line for s in sources]).splitlines()[1:-1]
    assert sum(count(f"{line}\n") for line in text) <= budget
    assert len(sources) < len(offer(units, plain.index.notes, count, 900))


def test_the_evidence_is_numbered_in_order(speaking: Speaking) -> None:
    seen: list[Shown] = []
    speaking(lambda found: seen.append(found) or "NOT IN NOTES").ask(QUESTION)
    numbers = ids(list(seen[0]))
    assert numbers == sorted(numbers)
    assert numbers[0] == (1, 1)
