"""The suite of practice questions: what it calls proven, guessed, caught and sound, on the small note of tests/storage.py."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from fakes import Tiny, write_notes
from storage import NOTES

from evals.measures import defects, flaws
from evals.metrics import figures
from evals.records import Item, Run, dumps
from evals.suites import COURSE, Scene, questions
from tutor.embed import Model
from tutor.exam import Option, Question, Verification
from tutor.questions import proof
from tutor.questions.draw import KINDS
from tutor.session import Tutor


@pytest.fixture(scope="module")
def tutor(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Tutor:
    folder = tmp_path_factory.mktemp("questions")
    made = Tiny(write_notes(folder / "notes", NOTES), folder / "index", model)
    made.ingest()
    return made.tutor()


@pytest.fixture(scope="module")
def items(tutor: Tutor, model: Model, tmp_path_factory: pytest.TempPathFactory) -> list[Item]:
    return list(questions.items(scene(tutor, model, tmp_path_factory.mktemp("scene"))))


def scene(tutor: Tutor, model: Model, home: Path, share: tuple[int, int] = (0, 1)) -> Scene:
    """A scene whose course is the small note."""
    return Scene(home, model, share=share, _tutors={COURSE: tutor})


def choice(tutor: Tutor) -> Question:
    """A multiple choice of the note."""
    return next(q for q in tutor.quiz(kinds=["multiple_choice"], n=20) if q.proof.asks == "thing")


def test_what_is_drawn_of_sound_notes_passes(items: list[Item]) -> None:
    assert {i.kind for i in items} == {*KINDS, *defects.FLAWS, "sound"}
    assert [i.id for i in items if not i.passed] == []
    assert {i.suite for i in items} == {"questions"}


def test_a_kind_is_counted_and_its_first_questions_are_looked_at(items: list[Item], tutor: Tutor) -> None:
    drawn = tutor.quiz(kinds=["multiple_choice"], n=1000)
    assert next(i for i in items if i.id == "questions/kinds/multiple_choice").scores == {"drawn": len(drawn)}
    mine = [i for i in items if i.id.startswith("questions/multiple_choice/")]
    assert [i.id for i in mine] == [f"questions/multiple_choice/{q.id[:12]}" for q in drawn[: questions.SINGLE]]
    assert len(mine) >= 10
    assert {i.cluster for i in mine} == {"storage.md"}


def test_what_a_guess_wins_is_told_without_what_the_dice_win(tutor: Tutor) -> None:
    question = choice(tutor)
    texts = ("key", "key of the stem", "y", "z")
    options = tuple(Option(o.id, text) for o, text in zip(question.options, texts, strict=True))
    made = questions.proven(tutor, replace(question, stem="Which of the stem?", options=options, key=(options[1].id,)))
    assert (made.scores["guessed_overlap"], made.scores["guessed_longest"]) == (0.75, 0.75)
    made = questions.proven(tutor, replace(question, stem="Which of the stem?", options=options, key=(options[0].id,)))
    assert (made.scores["guessed_overlap"], made.scores["guessed_longest"]) == (-0.25, -0.25)


def test_a_wrong_key_is_not_valid(tutor: Tutor) -> None:
    question = choice(tutor)
    other = next(o.id for o in question.options if o.id not in question.key)
    made = questions.proven(tutor, replace(question, key=(other,)))
    assert (made.checks["valid"], made.scores["valid"], made.passed) == (False, 0.0, False)
    assert made.outcome.startswith("broken")
    assert questions.proven(tutor, question).passed


def test_a_citation_beside_its_words_is_seen(tutor: Tutor) -> None:
    question = choice(tutor)
    first = replace(question.proof.citations[0], start=question.proof.citations[0].start + 1)
    moved = replace(question, proof=replace(question.proof, citations=(first, *question.proof.citations[1:])))
    assert questions.proven(tutor, moved).checks == {"valid": False, "quotes": False}


def test_flaws_are_counted_by_kind_and_side(items: list[Item]) -> None:
    planted = Counter(i.kind for i in items if i.id.startswith("questions/defects/"))
    assert set(planted) == set(defects.FLAWS)
    assert max(planted.values()) == defects.EACH
    for item in (i for i in items if i.id.startswith("questions/defects/") and i.scores):
        assert item.scores == {"semantic_caught" if item.kind in flaws.SEMANTIC else "structural_caught": 1.0}
        assert item.checks == {"caught": True}
    assert {tuple(i.scores.items()) for i in items if i.kind == "sound"} == {(("false_alarm", 0.0),)}


def test_checks_that_see_nothing_fail_the_suite(tutor: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "verify", lambda *_: Verification("valid"))
    found = list(questions.flawed(tutor))
    assert all(i.passed == i.id.startswith("questions/sound/") for i in found if i.checks)
    assert figures(found)["questions/structural_caught"].value == 0.0


def test_checks_that_see_flaws_everywhere_fail_it_too(tutor: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(defects, "proof", SimpleNamespace(verify=lambda *_: Verification("broken")))  # what draws the questions still sees
    found = [i for i in questions.flawed(tutor) if i.kind == "sound"]
    assert len(found) > 30
    assert not any(i.passed for i in found)
    assert figures(found)["questions/false_alarm"].value == 1.0


def test_a_flaw_that_no_question_lends_itself_to_is_unscored(tutor: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(defects, "EACH", 0)
    found = [i for i in questions.flawed(tutor) if i.kind != "sound"]
    assert [i.kind for i in found] == list(defects.FLAWS)
    figure = figures(found)["questions/semantic_caught"]
    assert (figure.value, figure.n, figure.unscored) == (None, 0, len(flaws.SEMANTIC))


def test_shares_are_the_whole_and_two_runs_the_same(items: list[Item], tutor: Tutor, model: Model, tmp_path: Path) -> None:
    parts = [i for k in range(2) for i in questions.items(scene(tutor, model, tmp_path, (k, 2)))]
    assert dumps(Run({}, tuple(parts))) == dumps(Run({}, tuple(items)))
