"""Recorded replies go through the tutor as it is: what it lets through is scored, what is missing is not, and a changed check shows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from chats import Said, Scripted, Shown, named
from fakes import Tiny

import evals.suites
from evals.cases import GoldSet
from evals.cassettes import read, write
from evals.metrics import figures
from evals.records import Item, sha
from evals.suites import Scene, models
from tutor.embed import Model
from tutor.errors import InputError, ModelBusy
from tutor.generative import draft
from tutor.generative.support import Settled
from tutor.ground import Judgement

ENERGY = "A mitochondrion makes most of the chemical energy of a cell."
GOLD = [
    {
        "id": "t-1", "kind": "fact", "question": "What makes most of the chemical energy of a cell?", "family": "t", "tags": ["1.1"],
        "key_points": ["A mitochondrion makes the chemical energy"], "must_not": ["The cell gets its chemical energy from the sun"],
        "evidence": [{"note": "biology/cells.md", "quote": ENERGY}],
    },
    {
        "id": "t-2", "kind": "fact", "question": "What do ribosomes build proteins from?", "family": "t",
        "evidence": [{"note": "biology/cells.md", "quote": "Ribosomes build proteins from amino acids."}],
    },
    {"id": "t-3", "kind": "fact", "question": "Who printed a Bible in Mainz?", "key_points": ["Gutenberg"], "evidence": [{"note": "history.txt", "quote": "Johannes Gutenberg printed a Bible"}]},
]  # fmt: skip
WRONG = "A mitochondrion makes 99% of the chemical energy of a cell."


def energy(shown: Shown) -> str:
    return f"{ENERGY} [{named(shown, 'chemical energy')}] It has two membranes [{named(shown, 'two membranes')}]."


def lie(shown: Shown) -> str:
    return f"{proteins(shown)} {WRONG[:-1]} [{named(shown, 'chemical energy')}]."


def proteins(shown: Shown) -> str:
    return f"Ribosomes build proteins from amino acids [{named(shown, 'amino acids')}]."


@pytest.fixture
def scene(tiny: Tiny, tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Three notes and three questions in place of our gold, of which two are put to models."""
    gold = tmp_path / "gold.jsonl"
    gold.write_text("".join(json.dumps(row) + "\n" for row in GOLD), encoding="utf-8")
    for module in (evals.suites, models):
        monkeypatch.setattr(module, "sets", lambda: (GoldSet("tiny", tiny.notes, (gold,)),))
    made = Scene(tmp_path / "home", model)
    made.prepare()
    (tmp_path / "cassettes").mkdir()
    (tmp_path / "cassettes" / models.QUESTIONS).write_text("".join(json.dumps({"set": "tiny", "id": f"t-{n}"}) + "\n" for n in (1, 2)), encoding="utf-8")
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the cassettes are."""
    return tmp_path / "cassettes"


def record(scene: Scene, folder: Path, *replies: object, name: str = "some:model") -> list[Item]:
    return list(models.record(scene, Scripted(replies, name), folder=folder))  # type: ignore[arg-type]


def label(path: Path, question: str, wrong: Sequence[str] = (), declined: bool = False) -> None:
    """Say of a reply what is known about it."""
    write(path, [replace(t, wrong=tuple(wrong), declined=declined) if t.question == question else t for t in read(path)])


def test_a_model_is_recorded_and_replayed_alike(scene: Scene, folder: Path) -> None:
    spoken = record(scene, folder, energy, proteins)
    assert [i.id for i in spoken] == ["models/some-model/t-1", "models/some-model/t-2"]
    assert [t.question for t in read(folder / "some-model.jsonl")] == [GOLD[1]["question"], GOLD[0]["question"]]
    replayed = list(models.items(scene, folder))
    assert [replace(i, sha="") for i in replayed] == [replace(i, sha="") for i in spoken]
    assert replayed == list(models.items(scene, folder))


def test_an_item_says_what_became_of_a_reply(scene: Scene, folder: Path) -> None:
    record(scene, folder, energy, proteins)
    item, other = models.items(scene, folder)
    assert [(s.text, s.verdict) for s in item.said] == [(ENERGY, "exact"), ("It has two membranes.", "supported")]
    assert (item.kind, item.domain, item.cluster, item.critical) == ("some-model", "1", "t", False)
    assert item.checks == {"spoken": True, "grounded": True, "quotes": True, "not_said": True}
    assert item.scores["spoken"] == item.scores["key_points"] == item.scores["citation_recall"] == 1.0
    assert item.scores["must_not"] == 0.0
    assert (other.domain, "key_points" in other.scores, other.checks) == ("tiny", False, {"spoken": True, "grounded": True, "quotes": True})


def test_only_the_questions_that_are_tried_are_asked(scene: Scene, folder: Path) -> None:
    record(scene, folder, energy, proteins)
    assert [i.id for i in models.items(replace(scene, only=frozenset({"t-2", "t-3"})), folder)] == ["models/some-model/t-2"]
    assert list(models.items(replace(scene, sealed=True), folder)) == []


def test_a_wrong_sentence_is_left_out(scene: Scene, folder: Path) -> None:
    record(scene, folder, lie, proteins)
    label(folder / "some-model.jsonl", str(GOLD[0]["question"]), [WRONG])
    item, _ = models.items(scene, folder)
    assert [s.text for s in item.said] == ["Ribosomes build proteins from amino acids."]
    assert (item.critical, item.checks["wrong_left_out"], item.scores["wrong_shown"]) == (True, True, 0.0)


def test_a_changed_check_shows_on_the_same_replies(scene: Scene, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record(scene, folder, lie, proteins)
    label(folder / "some-model.jsonl", str(GOLD[0]["question"]), [WRONG])
    before, _ = models.items(scene, folder)
    monkeypatch.setattr(draft, "settle", lambda drafted, sources, question: Settled(drafted, tuple(sources[:1]), Judgement("supported", "", (), 1.0)))
    monkeypatch.setattr("tutor.explain._holds", lambda statement, sound, question: True)
    after, _ = models.items(scene, folder)
    assert (before.passed, after.passed, before.sha == after.sha) == (True, False, True)
    assert not after.checks["grounded"]
    assert not after.checks["wrong_left_out"]
    assert after.scores["wrong_shown"] == 1.0


def test_a_model_that_declines_leaves_the_notes_to_speak(scene: Scene, folder: Path) -> None:
    record(scene, folder, "NOT IN NOTES", proteins)
    first, _ = models.items(scene, folder)
    assert (first.checks["spoken"], first.scores) == (False, {"spoken": 0.0})  # the notes do answer, so that it should have spoken
    label(folder / "some-model.jsonl", str(GOLD[0]["question"]), declined=True)
    first, _ = models.items(scene, folder)
    assert (first.passed, first.outcome, first.scores) == (True, "closest", {})


def test_a_missing_reply_is_unscored_and_no_bad_answer(scene: Scene, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record(scene, folder, energy, proteins)
    monkeypatch.setattr("tutor.prompts._HOW", {"explain": "Explain."})
    item, other = models.items(scene, folder)
    assert item.passed
    assert (item.checks, item.scores, item.said) == ({}, {}, ())
    assert set(item.unscored) == {"spoken", "citation_precision", "citation_recall", "key_points", "must_not"}
    assert set(item.unscored.values()) == set(other.unscored.values()) == {"missing cassette: the prompt's wording changed"}
    assert figures([item, other])["models/spoken"].unscored == 2
    found: Mapping[str, object] = models.renew(scene, folder)
    assert list(found) == ["some-model"]
    assert [i.passed and not i.unscored for i in models.items(scene, folder)] == [True, True]
    assert models.renew(scene, folder) == {}


def test_a_live_model_is_asked_what_has_key_points_and_not_recorded(scene: Scene, folder: Path) -> None:
    found = list(models.live(scene, Scripted([energy, Said("", fails=ModelBusy("Try later."))])))
    assert [(i.id, i.checks["spoken"], i.scores["spoken"]) for i in found] == [("models/live/t-1", True, 1), ("models/live/t-3", False, 0)]
    assert models.cassettes(folder) == []


def test_what_is_not_put_to_a_model_says_nothing_of_it(scene: Scene, folder: Path) -> None:
    rows = [{"id": "u-1", "kind": "unanswerable_off", "question": "what about the of and?", "evidence": []}]
    (folder.parent / "gold.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    (folder / models.QUESTIONS).write_text('{"set": "tiny", "id": "u-1"}\n', encoding="utf-8")
    model = Scripted(["Anything."])
    (item,) = models.record(scene, model, folder=folder)
    assert (model.asked, item.outcome, "spoken" in item.checks, "spoken" in item.scores) == ([], "absent", False, False)


def test_an_item_can_be_scored_again(scene: Scene, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record(scene, folder, energy, proteins)
    tutor = scene.tutor("tiny")
    (case, _, _), (item, _) = scene.cases("tiny"), models.items(scene, folder)
    assert models.rescored(item, case, "tiny", tutor.index.notes) == item
    monkeypatch.setattr("evals.detector.verdict", lambda *_: "unsupported")
    again = models.rescored(item, case, "tiny", tutor.index.notes)
    assert (again.scores["citation_recall"], again.scores["spoken"], again.checks) == (0.5, 1.0, item.checks)  # the exact one needs no detector


def test_what_is_tried_is_the_reply(scene: Scene, folder: Path) -> None:
    record(scene, folder, energy, proteins)
    case, (take, _) = scene.cases("tiny")[1], read(folder / "some-model.jsonl")
    _, item = models.items(scene, folder)
    assert item.sha == sha(case.sha + take.said[0])


@pytest.mark.parametrize("text", [None, "{", '{"id": "t-1"}', "[]"])
def test_questions_that_are_not_named_are_asked_for(scene: Scene, folder: Path, text: str | None) -> None:
    record(scene, folder, energy, proteins)
    (folder / models.QUESTIONS).unlink()
    if text is not None:
        (folder / models.QUESTIONS).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"does not name the questions"):
        list(models.items(scene, folder))


def test_the_questions_of_ours_are_open_ones() -> None:
    rows = [json.loads(line) for line in (models.FOLDER / models.QUESTIONS).read_text(encoding="utf-8").splitlines()]
    gold = {r["id"]: r for s in evals.suites.sets() for path in s.files for line in path.read_text(encoding="utf-8").splitlines() for r in [json.loads(line)]}
    assert len(rows) == 16
    assert all(not gold[r["id"]].get("sealed") and gold[r["id"]]["evidence"] for r in rows)
    asked = {" ".join(gold[r["id"]]["question"].split()) for r in rows}
    assert all({t.question for t in read(path)} <= asked for path in models.cassettes())
