"""Regressions planted in a small tutor end the gate as they must, and what is no change ends it with nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from selftests import prepared

from evals.gate.comparison import INCOMPLETE, PASS, REGRESSION
from evals.records import Run, dumps
from evals.selftest import guards, regressions, repeats
from evals.selftest.regressions import REGRESSIONS, Regression, asked, seen
from evals.suites import Scene
from tutor.embed import Model
from tutor.extractive import outcome
from tutor.session import Tutor

BY_NAME = {r.name: r for r in REGRESSIONS}


@pytest.fixture
def scene(tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The small gold set, asked with the tiny model."""
    return prepared(tmp_path, model, monkeypatch)


def altered(scene: Scene, name: str) -> Tutor:
    alter = BY_NAME[name].alter
    assert alter is not None
    return alter(scene.tutor("tiny"))


def test_every_kind_that_is_promised_is_planted() -> None:
    codes = {r.name: r.code for r in REGRESSIONS}
    assert codes["a prompt without citations"] == INCOMPLETE
    assert {name for name, code in codes.items() if code == REGRESSION} == {
        "no headings", "no lexical search", "vectors of other passages", "vectors of another model", "abstains later", "abstains earlier", "a model that denies",
    }  # fmt: skip


def test_no_change_is_none_and_silence_is_seen(scene: Scene) -> None:
    before = asked(scene.home, Regression("none"), 1)
    again = seen(Regression("none", code=PASS), asked(scene.home, Regression("none"), 1), before)
    assert (again.code, again.broken, again.items, again.caught) == (PASS, 0, 7, True)
    silent = Regression("silent", instead=("tutor.extractive.outcome:decide", lambda row: "absent"))
    found = seen(silent, asked(scene.home, silent, 1), before)
    assert (found.code, found.broken, found.caught) == (REGRESSION, 3, True)
    assert found.first.startswith("answers/s-1 (fact) no longer holds: answered, evidence")
    assert seen(silent, before, before).caught is False


def test_without_headings_no_passage_has_one_and_all_texts_are_there(scene: Scene) -> None:
    bare, whole = altered(scene, "no headings").index, scene.tutor("tiny").index
    assert {p.heading for p in bare.passages} == {()}
    assert [p.text for p in bare.passages] == [p.text for p in whole.passages]
    assert not bare.lexical(["store"]).any()
    assert whole.lexical(["store"]).all()


def test_without_lexical_search_no_word_is_found(scene: Scene) -> None:
    index = altered(scene, "no lexical search").index
    assert not index.lexical(["ice"]).any()
    assert not index.spoken(["ice"]).any()
    assert scene.tutor("tiny").index.lexical(["larder"]).any()


def test_vectors_of_other_passages_are_the_same_rows_in_another_order(scene: Scene) -> None:
    rows = range(len(scene.tutor("tiny").index.passages))
    shuffled, whole = altered(scene, "vectors of other passages").index.vectors(rows), scene.tutor("tiny").index.vectors(rows)
    assert sorted(map(tuple, shuffled)) == sorted(map(tuple, whole))


def test_vectors_of_another_model_keep_their_angles_to_one_another_alone(scene: Scene) -> None:
    rows = range(len(scene.tutor("tiny").index.passages))
    turned, whole = altered(scene, "vectors of another model").index.vectors(rows), scene.tutor("tiny").index.vectors(rows)
    assert np.allclose(turned @ turned.T, whole @ whole.T, atol=1e-5)
    assert np.abs(np.sum(turned * whole, axis=1)).max() < 0.9


def test_the_threshold_of_abstention_is_moved_and_put_back() -> None:
    before = outcome._decisions().threshold
    for name, by in (("abstains later", -regressions.MOVED), ("abstains earlier", regressions.MOVED)):
        instead = BY_NAME[name].instead
        assert instead is not None
        with guards.replaced(*instead):
            assert outcome._decisions().threshold == pytest.approx(before + by)
    assert outcome._decisions().threshold == before


def test_what_a_recorded_model_says_is_changed() -> None:
    assert regressions._denying("Ice is cold, and it can melt.") == "Ice is not cold, and it can not melt."
    assert regressions._IDS.sub("", "Ice is cold [1.2, 1.3]. Straw [4]") == "Ice is cold. Straw"
    instead = BY_NAME["a prompt without citations"].instead
    assert instead is not None
    told = [m.text for m in instead[1]("NOTES-00000000", [], "What is ice?", "explain", "what")]
    assert told != [m.text for m in regressions.prompts.explain("NOTES-00000000", [], "What is ice?", "explain", "what")]


def test_twenty_runs_pass_where_nothing_changes_and_a_changed_one_is_named(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    run = repeats.asked(scene.home, 1)
    same, half = dumps(run), dumps(replace(run, items=run.items[::2]))
    monkeypatch.setattr(repeats, "again", lambda home, ways: [half if way.step > repeats.STEP else same for way in ways])
    assert regressions.unchanged(scene.home) == []
    changed = dumps(Run({}, tuple(replace(i, outcome="absent") if i.id == "answers/s-2" else i for i in run.items)))
    monkeypatch.setattr(repeats, "again", lambda home, ways: [same, changed, same])
    assert regressions.unchanged(scene.home, 3) == ["With hash seed 1 and 2 threads answers/s-2 differ from the first run."]
