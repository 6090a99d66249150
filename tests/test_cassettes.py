"""What a model said is said again, to the same prompt and to no other; what is damaged, missing or secret is told in a sentence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from chats import Said, Scripted
from fakes import Tiny

from evals.cassettes import FENCE, CassetteMissing, Missing, Recorder, Replayer, prompt, read
from evals.renewal import renew
from evals.suites.models import cassettes, speaking
from tutor import prompts
from tutor.chat import Chat, Limits, Message, Reply
from tutor.errors import InputError, ModelBusy
from tutor.prompts import Line
from tutor.types import Usage

LINES = [
    Line("1.1", "Ribosomes build proteins from amino acids.", "Cells > Ribosomes"),
    Line("2.1", "A mitochondrion makes most of the energy of a cell.", "Cells > Mitochondria"),
    Line("2.2", "It has two membranes.", "Cells > Mitochondria"),
]
QUESTION = "What makes the energy?"
ENERGY = "A mitochondrion makes most of the energy of a cell [2.1]."


def asked(lines: Sequence[Line] = LINES, question: str = QUESTION, fence: str = "NOTES-0123abcd", depth: str = "explain") -> list[Message]:
    return prompts.explain(fence, lines, question, depth, "definition")  # type: ignore[arg-type]


def heard(chat: Chat, messages: Sequence[Message], schema: dict[str, object] | None = None) -> tuple[list[str | None], Reply]:
    """The pieces of a reply, and the reply."""
    pieces: list[str | None] = []
    stream = chat.stream(messages, Limits(), schema)
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            return pieces, end.value


def recorded(path: Path, *replies: str | Said, messages: Sequence[Sequence[Message]] = ()) -> Path:
    """A cassette of these replies to these prompts (none: to the one question)."""
    recorder = Recorder(Scripted(replies), path)
    for each in messages or [asked()]:
        heard(recorder, each)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cassettes" / "some.jsonl"


def test_a_prompt_is_known_whatever_the_fence() -> None:
    assert prompt(asked()).sha == prompt(asked(fence="NOTES-ffff0000")).sha


@pytest.mark.parametrize(
    ("other", "schema"),
    [
        (asked(depth="deep"), None),
        (asked(question="What makes the proteins?"), None),
        (asked([LINES[0], LINES[2]]), None),
        (asked([Line("1.1", "Ribosomes build proteins from amino acid.", "Cells > Ribosomes"), *LINES[1:]]), None),
        (asked(), {"type": "object"}),
    ],
)
def test_another_prompt_is_another(other: list[Message], schema: dict[str, object] | None) -> None:
    assert prompt(other, schema).sha != prompt(asked()).sha


def test_a_prompt_is_read_apart() -> None:
    found = prompt(asked())
    assert found.question == QUESTION
    assert found.sources == {
        "1": "Cells > Ribosomes", "1.1": "Ribosomes build proteins from amino acids.", "2": "Cells > Mitochondria",
        "2.1": "A mitochondrion makes most of the energy of a cell.", "2.2": "It has two membranes.",
    }  # fmt: skip


def test_a_row_can_be_read(path: Path) -> None:
    recorded(path, Said(ENERGY, "tokens"))
    (row,) = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    known = prompt(asked())
    assert row == {
        "question": QUESTION, "prompt": known.sha, "wording": known.wording, "shown": known.shown, "model": "scripted:model", "said": [ENERGY],
        "stop": "tokens", "tokens": [100, len(ENERGY) // 4], "sources": {"2.1": "A mitochondrion makes most of the energy of a cell."},
    }  # fmt: skip


def test_a_reply_is_said_again_to_its_prompt(path: Path) -> None:
    replayer = Replayer(recorded(path, Said(ENERGY, "tokens")))
    pieces, reply = heard(replayer, asked(fence="NOTES-ffff0000"))
    assert (replayer.name, "".join(p or "" for p in pieces), reply.text, reply.stop) == ("scripted:model", ENERGY, ENERGY, "tokens")
    assert reply.usage == Usage("scripted:model", 100, len(ENERGY) // 4)
    assert reply.first == 0.0  # nothing was measured: the pace of the model is left alone
    assert heard(replayer, asked())[0] == pieces
    assert replayer.missing == []


def test_the_fence_of_a_reply_is_that_of_its_prompt(path: Path) -> None:
    recorded(path, f"NOTES-0123abcd begin. {ENERGY}")
    assert read(path)[0].said == (f"{FENCE} begin. {ENERGY}",)
    assert heard(Replayer(path), asked(fence="NOTES-ffff0000"))[1].text == f"NOTES-ffff0000 begin. {ENERGY}"


def test_what_was_taken_back_is_taken_back_again(path: Path) -> None:
    replayer = Replayer(recorded(path, Said(ENERGY, taken_back="Let me see. Ribosomes build proteins [1.1].")))
    assert replayer.takes[0].said == ("Let me see. Ribosomes build proteins [1.1].", ENERGY)
    pieces, reply = heard(replayer, asked())
    at = pieces.index(None)
    assert "".join(p or "" for p in pieces[:at]) == "Let me see. Ribosomes build proteins [1.1]."
    assert ("".join(p or "" for p in pieces[at + 1 :]), reply.text) == (ENERGY, ENERGY)


def test_thinking_that_was_said_aloud_is_not_heard(path: Path) -> None:
    pieces, reply = heard(Replayer(recorded(path, f"<think>\nIs it 2.1? Yes.\n</think>\n\n{ENERGY}")), asked())
    assert ("".join(p or "" for p in pieces), reply.text) == (ENERGY, ENERGY)
    pieces, reply = heard(Replayer(recorded(path, f"Is it 2.1? Yes.\n</think>\n{ENERGY}")), asked())
    assert (pieces.count(None), reply.text) == (1, ENERGY)


def test_a_reply_is_recorded_whole_though_nobody_hears_its_end(path: Path) -> None:
    stream = Recorder(Scripted([ENERGY]), path).stream(asked(), Limits())
    assert next(stream) == ENERGY[:7]
    with pytest.raises(StopIteration) as ended:
        stream.throw(GeneratorExit)
    assert ended.value.value.text == ENERGY
    assert read(path)[0].said == (ENERGY,)


def test_a_reply_that_fails_is_not_recorded(path: Path) -> None:
    recorder = Recorder(Scripted([Said(ENERGY, fails=ModelBusy("Try later."))]), path)
    with pytest.raises(ModelBusy):
        heard(recorder, asked())
    stream = recorder.stream(asked(), Limits())
    next(stream)
    stream.close()  # it fails when nobody listens any more, and nobody is told
    assert not path.exists()


@pytest.mark.parametrize(
    ("messages", "why"),
    [
        (asked(question="What makes the proteins?"), "never recorded"),
        (asked(depth="deep"), "the prompt's wording changed"),
        (asked(LINES[1:]), "the sentences shown changed"),
        (asked(LINES[1:], depth="deep"), "the prompt's wording and the sentences shown changed"),
    ],
)
def test_what_is_missing_is_told_with_what_changed(path: Path, messages: list[Message], why: str) -> None:
    replayer = Replayer(recorded(path, ENERGY))
    with pytest.raises(CassetteMissing, match=rf"^some\.jsonl has no reply to this prompt: {why}\.$"):
        heard(replayer, messages)
    assert [(m.prompt.question, m.why) for m in replayer.missing] == [(prompt(messages).question, why)]


def test_a_tutor_falls_back_where_a_reply_is_missing(path: Path, tiny_index: Tiny, tmp_path: Path) -> None:
    replayer = Replayer(recorded(path, ENERGY))
    answer = speaking(tiny_index.tutor(), replayer, tmp_path / "home").ask("What makes most of the chemical energy of a cell?")
    assert (answer.mode, answer.outcome, len(replayer.missing)) == ("notes-only", "answered", 1)
    assert "some.jsonl has no reply to this prompt: never recorded." in answer.remark


def test_the_order_of_recording_does_not_show(tmp_path: Path) -> None:
    one, other = asked(), asked(question="And what is it?")
    first = recorded(tmp_path / "a.jsonl", ENERGY, messages=[one, other, one])
    second = recorded(tmp_path / "b.jsonl", ENERGY, messages=[other, one])
    assert first.read_bytes() == second.read_bytes()
    assert [t.question for t in read(first)] == ["And what is it?", QUESTION]


def test_a_new_reply_takes_the_place_of_the_old_one(path: Path) -> None:
    recorded(path, ENERGY)
    recorded(path, "It has two membranes [2.2].")
    assert [(t.said, t.sources) for t in read(path)] == [(("It has two membranes [2.2].",), {"2.2": "It has two membranes."})]


def test_models_are_not_mixed(path: Path) -> None:
    recorded(path, ENERGY)
    with pytest.raises(InputError, match=r"^\S+ holds replies of scripted:model; record those of other:model in another file\.$"):
        Recorder(Scripted([ENERGY], "other:model"), path)


@pytest.mark.parametrize(
    "secret", ["AKIAABCDEFGHIJKLMNOP", "Authorization: Bearer abc123.def456", "sk-abc1234567890abcdefgh", "-----BEGIN RSA PRIVATE KEY-----"]
)
def test_what_looks_like_a_key_is_not_recorded(path: Path, secret: str) -> None:
    recorded(path, ENERGY)
    before = path.read_bytes()
    recorder = Recorder(Scripted([f"Sign in with {secret} first.", ENERGY]), path)
    with pytest.raises(InputError, match=r"^The reply is not recorded: it holds what looks like a key \(.{8}…\);"):
        heard(recorder, asked(question="And now?"))
    assert path.read_bytes() == before
    heard(recorder, asked(question="And then?"))
    assert [t.question for t in read(path)] == ["And then?", QUESTION]


def test_words_of_notes_are_no_keys(path: Path) -> None:
    recorded(path, "Bearer bonds pay who holds them, and a bearer token stands in the header as Bearer followed by it [1.1].")
    assert len(read(path)) == 1


def test_a_damaged_cassette_is_told_in_a_sentence(path: Path) -> None:
    whole = recorded(path, ENERGY).read_text(encoding="utf-8")
    row = json.loads(whole)
    for text, message in (
        (whole[:-40], r"some\.jsonl, line 1, is no recorded reply: it is cut off or edited; restore the file, or record it again\."),
        (json.dumps(row | {"said": ENERGY}), r"some\.jsonl, line 1, is no recorded reply: a field is missing, or is not what it should be; [^.]+\."),
        (json.dumps({k: v for k, v in row.items() if k != "shown"}), r"some\.jsonl, line 1, is no recorded reply: a field is missing, [^.]+\."),
        (json.dumps(row | {"note": "by hand"}), r"some\.jsonl, line 1, is no recorded reply: a field is missing, [^.]+\."),
        (json.dumps(row | {"tokens": [1, True]}), r"some\.jsonl, line 1, is no recorded reply: a field is missing, [^.]+\."),
        (whole + whole, r"some\.jsonl has two replies to one prompt, 'What makes the energy\?'; take one of them out\."),
        (whole + json.dumps(row | {"prompt": "0" * 64, "model": "other:model"}), r"some\.jsonl holds replies of several models; [^.]+\."),
        ("\n", r"some\.jsonl holds no reply; a cassette holds those of one: record it again\."),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=rf"^{message}$"):
            Replayer(path)
    with pytest.raises(InputError, match=r"record one with `python -m evals run --model NAME --record`\.$"):
        Replayer(path.with_name("other.jsonl"))


def missing(*messages: list[Message]) -> list[Missing]:
    return [Missing(prompt(m), "the sentences shown changed") for m in messages]


def test_a_reply_moves_to_the_prompt_that_shows_what_it_cites(path: Path) -> None:
    recorded(path, "A mitochondrion (see 2.1) has them: energy [2.1], membranes [2.1-2.2]; the cell has (2.1) more [2] than 2.1 such [9.9].")
    moved = [Line("1.1", LINES[1].text, LINES[1].place), Line("1.2", "The folds give room.", LINES[1].place), Line("1.3", LINES[2].text, LINES[1].place)]
    assert renew(path, missing(asked(moved))).renewed == ((QUESTION, "the sentences shown changed"),)
    (take,) = read(path)
    assert take.said == ("A mitochondrion (see 1.1) has them: energy [1.1], membranes [1.1, 1.3]; the cell has (1.1) more [1] than 2.1 such [9.9].",)
    assert take.sources == {"1": "Cells > Mitochondria", "1.1": LINES[1].text, "1.3": LINES[2].text}
    assert heard(Replayer(path), asked(moved))[1].text == take.said[0]


def test_ids_that_change_places_are_not_confused(path: Path) -> None:
    recorded(path, "Energy [2.1] and membranes [2.2].")
    swapped = [LINES[0], Line("2.1", LINES[2].text, LINES[1].place), Line("2.2", LINES[1].text, LINES[1].place)]
    renew(path, missing(asked(swapped)))
    assert read(path)[0].said == ("Energy [2.2] and membranes [2.1].",)


def test_only_the_digest_moves_where_the_ids_stay(path: Path) -> None:
    recorded(path, "Both [2.1-2.2].")
    renew(path, missing(asked(depth="deep")))
    (take,) = read(path)
    assert (take.said, take.prompt) == (("Both [2.1-2.2].",), prompt(asked(depth="deep")).sha)


def test_what_cannot_be_renewed_is_listed(path: Path) -> None:
    recorded(path, f"{ENERGY} That is so [3.1].", messages=[asked(), asked(question="And now?")])
    before = path.read_bytes()
    added = Line("3.1", "Chlorophyll absorbs light.", "Plants")
    found = renew(path, missing(asked(LINES[:1]), asked([*LINES, added]), asked(question="Something else?")))
    assert found.renewed == ()
    assert [why for _, why in found.stranded] == [
        "[2.1], which it cites, is no longer shown: 'A mitochondrion makes most of the energy of a cell.'",
        "[3.1], which it cites, was no sentence of the notes and is one now",
        "the sentences shown changed",
    ]
    assert path.read_bytes() == before


def test_the_set_that_ships_is_whole() -> None:
    found = {path.stem: read(path) for path in cassettes()}
    written = {name: takes for name, takes in found.items() if takes[0].model.startswith("written:")}
    assert set(written) == {"markdown", "mis-cited", "over-cited", "rambling", "terse", "thinking-aloud", "uncited", "wrong"}
    asked_of = {name: {t.question for t in takes} for name, takes in written.items()}
    assert all(len(questions) == 16 and questions == asked_of["terse"] for questions in asked_of.values())
    assert len({t.said for takes in written.values() for t in takes}) == 8 * 16
    for take in (t for takes in written.values() for t in takes):
        assert len(take.wrong) == (take.model == "written:wrong")
        assert all(sentence[:-1] in take.said[-1] for sentence in take.wrong)
    assert not any(t.sources for t in written["uncited"])
    assert sum("think" in t.said[0] for t in written["thinking-aloud"]) >= 12
    assert 2 <= sum(t.declined for takes in written.values() for t in takes) <= 6
