"""Guards are taken away one at a time and put back, and each one's absence is seen."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from selftests import prepared

from evals.records import Run
from evals.selftest import guards
from evals.selftest.guards import GUARDS, Guard, Stage, removals, replaced
from evals.suites import Scene, drafts
from tutor import explain
from tutor.embed import Model
from tutor.types import Answer


@pytest.fixture
def scene(tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The small gold set."""
    return prepared(tmp_path, model, monkeypatch)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda g: g.where)
def test_each_guard_is_a_function_of_the_tutor(guard: Guard) -> None:
    module, _, name = guard.where.partition(":")
    assert module.startswith("tutor.")
    assert callable(getattr(importlib.import_module(module), name))


def test_the_guards_that_are_promised_are_there() -> None:
    wanted = {"explain:checked", "render:_escaped", "outcome:decide", "draft:settle", "proof:verify", "written:_evidence"}
    assert wanted <= {g.where.rpartition("tutor.")[2].rpartition(".")[2] for g in GUARDS}
    assert len({g.name for g in GUARDS}) == len(GUARDS)


def test_a_function_is_put_back_even_where_the_block_fails() -> None:
    kept = explain.checked
    with pytest.raises(ZeroDivisionError), replaced("tutor.explain:checked", lambda answer, notes: 1 / 0):
        explain.checked(Answer("?", "absent"), {})
    assert explain.checked is kept


def test_every_careless_draft_is_left_out(scene: Scene) -> None:
    items = list(drafts.items(scene))
    assert {i.kind for i in items} == set(drafts.FAULTS)
    assert [i.id for i in items if not i.passed] == []


def test_each_fault_is_a_fault_and_the_draft_without_it_is_shown_whole(scene: Scene) -> None:
    answer = scene.tutor("tiny").ask("What does the larder keep on its stone shelves?")
    notes = scene.tutor("tiny").index.notes
    assert explain.checked(answer, notes) == answer
    for name in drafts.FAULTS:
        faulty, wrong = drafts.spoiled(answer, name)
        assert wrong in faulty.statements
        assert faulty != answer
        assert wrong not in explain.checked(faulty, notes).statements


@pytest.mark.parametrize("guard", [g for g in GUARDS if g.watch is guards.careless], ids=lambda g: g.where)
def test_without_a_check_of_drafts_careless_ones_turn_red(scene: Scene, guard: Guard) -> None:
    (found,) = removals(scene, [guard])
    assert found.tried == len(drafts.FAULTS)
    assert any(text.startswith("safety/drafts/moved") for text in found.red)
    assert [i.id for i in drafts.items(scene) if not i.passed] == []


@pytest.mark.parametrize("guard", [g for g in GUARDS if g.watch in (guards.page, guards.terminal)], ids=lambda g: g.where)
def test_without_escaping_hostile_spellings_turn_red(scene: Scene, guard: Guard) -> None:
    (found,) = removals(scene, [guard])
    assert found.tried == len(guards.SPELLINGS)
    assert any("inert" in text for text in found.red)


def test_without_the_reading_of_orders_and_of_copies_marks_turn_red(scene: Scene) -> None:
    (found,) = removals(scene, [g for g in GUARDS if g.watch is guards.own_words])
    assert found.tried == guards.ATTEMPTS
    assert any("quotes" in text for text in found.red)


def test_what_stays_the_same_is_not_red(scene: Scene) -> None:
    same = Guard("nothing at all", "tutor.explain:checked", explain.checked, guards.careless)
    told: list[str] = []
    (found,) = removals(scene, [same], told.append)
    assert found.red == ()
    assert told == ["without the guard: nothing at all"]


def test_a_check_that_failed_before_is_no_difference(scene: Scene) -> None:
    with replaced("tutor.explain:checked", lambda answer, notes: answer):
        wrong = Run({}, tuple(guards.careless(Stage(scene))))
    assert any(not i.passed for i in wrong.items)
    assert guards.differences(wrong, wrong) == []
