"""evals.measures.flaws and evals.measures.defects: what is planted is a flaw and only that, verification sees it, and sound questions pass."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from fakes import Tiny, write_notes
from storage import NOTES, sound

from evals import __main__ as command
from evals.measures import defects
from evals.measures.flaws import SEMANTIC, STRUCTURAL, Ground
from tutor.embed import Model
from tutor.exam import Question
from tutor.index import Index
from tutor.questions import Deck, Wish, proof
from tutor.questions.record import identity


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Tiny:
    folder = tmp_path_factory.mktemp("defects")
    made = Tiny(write_notes(folder / "notes", NOTES), folder / "index", model)
    made.ingest()
    return made


@pytest.fixture(scope="module")
def index(tiny: Tiny) -> Index:
    return tiny.open()


@pytest.fixture(scope="module")
def deck(index: Index) -> Deck:
    return Deck(index)


@pytest.fixture(scope="module")
def drawn(deck: Deck) -> tuple[Question, ...]:
    return (*sound(deck).values(), *deck.draw(Wish(n=200, seed=1)).questions)


@pytest.fixture(scope="module")
def planted(drawn: tuple[Question, ...], index: Index, deck: Deck) -> dict[str, list[defects.Planted]]:
    return defects.plant(drawn, index, Ground(index.notes, deck.matrix))


def test_every_kind_can_be_planted_and_is_seen(planted: dict[str, list[defects.Planted]], deck: Deck) -> None:
    assert set(planted) == {*STRUCTURAL, *SEMANTIC, defects.STALE}
    assert len(STRUCTURAL) + len(SEMANTIC) >= 15
    assert [kind for kind, flawed in planted.items() if not flawed] == []
    for kind, flawed in planted.items():
        verdicts = [proof.verify(p.question, p.index, deck.matrix) for p in flawed]
        assert [v.status for v in verdicts].count("valid") == 0, kind
        assert not any(f.check == "tampered" for v in verdicts for f in v.findings), kind


def test_flaws_bear_a_fitting_id_and_are_the_same_for_a_seed(
    planted: dict[str, list[defects.Planted]], drawn: tuple[Question, ...], index: Index, deck: Deck
) -> None:
    ids = {q.id for q in drawn}
    for kind, flawed in planted.items():
        assert all(identity(p.question) == p.question.id for p in flawed), kind
        assert kind == defects.STALE or not ids & {p.question.id for p in flawed}, kind
    again = defects.plant(drawn, index, Ground(index.notes, deck.matrix))
    assert {k: [p.question.id for p in v] for k, v in again.items()} == {k: [p.question.id for p in v] for k, v in planted.items()}


def test_a_moved_key_takes_its_reasons_along(planted: dict[str, list[defects.Planted]]) -> None:
    moved = [p.question for p in planted["wrong key, reasons moved along"] if p.question.kind in ("multiple_choice", "case_study")]
    assert moved
    for question in moved:
        assert {r.option for r in question.proof.reasons if r.holds} == set(question.key)


def test_a_changed_note_makes_stale_and_not_broken(planted: dict[str, list[defects.Planted]], deck: Deck) -> None:
    assert {proof.verify(p.question, p.index, deck.matrix).status for p in planted[defects.STALE]} == {"stale"}


def test_sound_questions_stay_sound_when_shuffled_written_and_read(drawn: tuple[Question, ...], index: Index, deck: Deck) -> None:
    neighbours = list(defects.neighbours(drawn, index))
    assert len(neighbours) > 2 * len(drawn)
    assert [q.stem for q, notes in neighbours if proof.verify(q, notes, deck.matrix).status != "valid"] == []


def test_a_reordered_question_keeps_its_key(drawn: tuple[Question, ...]) -> None:
    for question in (q for q in drawn if q.kind == "multiple_choice"):
        other = defects.reordered(question, random.Random(question.id))
        assert {o.text for o in other.options if o.id in other.key} == {o.text for o in question.options if o.id in question.key}
        assert sorted(o.text for o in other.options) == sorted(o.text for o in question.options)


def test_the_command_prints_a_line_a_kind(tiny: Tiny, tiny_settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["defects", "--index", str(tiny.index), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["structural"] == found["semantic"] == 1.0
    assert found["alarms"] == 0
    assert found["sound"] > 30
    assert found["ms"] < 20
    assert command.main(["defects", "--index", str(tiny.index)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(found["flaws"]) + 1
    assert lines[0].split() == ["no", "key", "10", "of", "10", "key", "10"]
    assert lines[-1].startswith("structural 1.0, semantic 1.0; 0 of ")


def test_the_table_names_what_was_missed() -> None:
    row = {"planted": 2, "caught": 1, "by": {"key": 1, "nothing": 1}, "missed": ["Which fits?"]}
    text = defects.table(
        {"flaws": {"no key": row}, "structural": 0.5, "semantic": None, "sound": 1, "alarms": 1, "alarmed": ["key: Wrong. (Which?)"], "ms": 1.0}
    )
    assert text.splitlines() == [
        "no key                             1 of   2   key 1, nothing 1",
        "    missed: Which fits?",
        "structural 0.5, semantic None; 1 of 1 sound questions turned away; 1.0 ms each",
        "    key: Wrong. (Which?)",
    ]
