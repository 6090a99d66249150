"""The self-test: what it makes of our notes is what it is named for, and it falls short where the judge, or the harness, is blind."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from selftests import prepared

from evals.measures.mutations import TRIED
from evals.measures.pairs import Pair
from evals.records import dumps, loads
from evals.selftest import parts as selftest
from evals.selftest import repeats, sight
from evals.selftest.parts import Part, Result
from evals.selftest.repeats import Way
from evals.selftest.sight import Rate
from evals.selftest.supported import HELD_OUT, QUOTED, SOURCES, bases
from evals.selftest.twins import REWORDINGS, twins
from evals.suites import Scene, answers
from tutor.embed import Model
from tutor.session import Tutor

SAID = "Amber keeps 1,200 records for three days because the disk is small."
PAIR = Pair("x", "x.md", (SAID,), (), "", SAID, True, "quoted", False)


@pytest.fixture(scope="module")
def ours() -> dict[str, list[Pair]]:
    """Supported sentences of our notes."""
    return bases()


@pytest.fixture
def scene(tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The small gold set."""
    return prepared(tmp_path, model, monkeypatch)


def reworded(kind: str, sentence: str) -> str | None:
    made = REWORDINGS[kind](replace(PAIR, sentence=sentence, quotes=(sentence,)), random.Random(0))
    return made.sentence if made else None


@pytest.mark.parametrize(
    ("kind", "sentence", "twin"),
    [
        ("synonym", "Rain often falls here.", "Rain frequently falls here."),
        ("voice", "The pump removes the old water from the cellar.", "The old water is removed by the pump from the cellar."),
        ("voice", "The old water is removed by the pump.", "The pump removes the old water."),
        ("digits", "Keep three copies.", "Keep 3 copies."),
        ("digits", "Keep 3 copies.", "Keep three copies."),
        ("separators", "It holds 1,200 rows.", "It holds 1200 rows."),
        ("separators", "It holds 12000 rows.", "It holds 12,000 rows."),
        ("reorder", "The pump stops when the water is too cold.", "When the water is too cold, the pump stops."),
        ("reorder", "If the water is cold, the pump stops at once.", "The pump stops at once if the water is cold."),
        ("contraction", "Iron is not soft.", "Iron isn't soft."),
        ("contraction", "Iron isn't soft.", "Iron is not soft."),
        ("plural", "A pump needs power.", "Pumps need power."),
    ],
)
def test_a_twin_says_the_same(kind: str, sentence: str, twin: str) -> None:
    assert reworded(kind, sentence) == twin


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("voice", "Iron is soft."),
        ("separators", "It opened in 1984."),
        ("reorder", "The pump stops when it is cold."),
        ("reorder", "They say that the pump stops when the water is cold."),
        ("plural", "A pump is a machine."),
        ("plural", "A pump needs power and stops at night."),
        ("digits", "One copy is enough."),
        ("contraction", "Iron is soft."),
    ],
)
def test_a_sentence_that_cannot_be_turned_safely_is_left_alone(kind: str, sentence: str) -> None:
    assert reworded(kind, sentence) is None


def test_emphasis_adds_marks_alone() -> None:
    for seed in range(20):
        made = REWORDINGS["emphasis"](PAIR, random.Random(seed))
        assert made is not None
        assert made.sentence != SAID
        assert made.sentence.removeprefix("- ").replace("*", "").replace("_", "").replace("`", "") == SAID


def test_sentences_of_the_notes_are_cited_to_themselves_once(ours: dict[str, list[Pair]]) -> None:
    quoted = ours[QUOTED]
    assert len(quoted) > 5000
    assert len({p.sentence for p in quoted}) == len(quoted)
    assert all(p.sentence in p.quotes[0] for p in quoted)
    assert tuple(ours) == SOURCES
    assert all(p.test for p in ours[HELD_OUT])


def test_a_truncated_quote_is_half_of_it_and_lacks_what_was_said() -> None:
    made = TRIED["truncated"](PAIR, [], random.Random(0))
    assert made is not None
    assert made.quotes == ("Amber keeps 1,200 records for three",)
    assert made.sentence == SAID
    assert TRIED["truncated"](replace(PAIR, sentence="Amber keeps records."), [], random.Random(0)) is None


def test_the_judge_reaches_every_floor_on_sixty_of_each_kind(ours: dict[str, list[Pair]]) -> None:
    some = {name: pairs for name, pairs in ours.items() if name == QUOTED}
    seen, alarmed = sight.mutants(some, each=60), sight.reworded(some, each=60)
    assert {r.n for r in (*seen, *alarmed)} == {60}
    assert sight.misses(seen, alarmed, {}) == []
    assert sight.mutants(some, each=60) == seen


def test_a_blind_judge_and_a_jumpy_one_fall_short(ours: dict[str, list[Pair]]) -> None:
    def says(verdict: str) -> sight.Judge:
        return lambda sentence, quotes, question, around: verdict

    some = {QUOTED: ours[QUOTED][:2000]}
    blind = sight.misses(sight.mutants(some, says("supported"), 60), [], {})
    assert [m.partition(",")[0] for m in blind] == ["number", "foreign entity", "negation", "wrong passage", "wrong id"]
    assert blind[0] == "number, quoted: 0.000 of 60 mutants are called unsupported, 0.950 is asked."
    jumpy = sight.misses([], [sight.rate("digits", QUOTED, twins(some[QUOTED], "digits", 60), says("unsupported"))], {})
    assert jumpy == [
        "digits: 1.000 of 60 twins are called unsupported, at most 0.05 may be.",
        "1.000 of all twins are called unsupported, at most 0.05 may be.",
    ]


def test_a_blessed_value_is_a_floor_too() -> None:
    seen = [Rate("role swap", QUOTED, 100, 60, 0), Rate("role swap", "fitted", 50, 10, 0), Rate("role swap", HELD_OUT, 50, 10, 0)]
    assert sight.misses(seen, [], {"role swap": 0.6, "role swap, paraphrased": 0.2}) == []
    assert sight.misses(seen, [], {"role swap": 0.61, "role swap, paraphrased": 0.21}) == [
        "role swap, quoted: 0.600 of 100 mutants are called unsupported, 0.610 is asked.",
        "role swap, paraphrased: 0.200 of 100 mutants are called unsupported, 0.210 is asked.",
    ]
    assert sight.misses([replace(seen[0], n=59)], [], {}) == ["role swap: only 59 mutants could be made of the notes, 60 are needed."]


def test_bad_answers_fail_and_the_gate_sees_each(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "READ", 60)  # the note is short
    part = selftest.impersonated(scene)
    assert part.misses == ()
    assert part.figures == {
        "the tutor itself": 0.75,
        "copies a whole note": 0.0,
        "says one sentence": 0.0,
        "says nothing": 0.0,
        "always abstains": 0.25,
        "cites nothing": 0.0,
        "cites other words": 0.0,
    }


def test_an_impostor_that_passes_is_told(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest, "IMPOSTORS", {"does what the tutor does": Tutor.ask})
    assert selftest.impersonated(scene).misses == (
        "Who does what the tutor does still passes 3 of the 3 questions that the tutor answers.",
        "The gate sees nothing in who does what the tutor does.",
    )


def test_a_process_gives_the_same_bytes_whatever_its_seed_and_threads(scene: Scene) -> None:
    ways = [Way(0, 1, 1), Way(7, 2, 2)]
    whole, part = (dumps(replace(repeats.asked(scene.home, way.step))) for way in ways)
    assert repeats.differences(whole, whole) == []
    assert repeats.differences(whole, part) == []
    assert [i.id for i in loads(part).items] == ["answers/s-1", "answers/s-3", "retrieval/s-1", "retrieval/s-3"]
    assert ways[1].environment()["PYTHONHASHSEED"] == "7"
    assert ways[1].environment()["OPENBLAS_NUM_THREADS"] == "2"


def test_another_answer_and_other_bytes_are_differences(scene: Scene) -> None:
    run = repeats.asked(scene.home, 1)
    text = dumps(run)
    worse = dumps(replace(run, items=(replace(run.items[0], outcome="absent"), *run.items[1:])))
    assert repeats.differences(text, worse) == [run.items[0].id]
    assert repeats.differences(text, text.replace('"items": [', '"items":  [')) == [""]
    other = dumps(replace(run, items=(replace(run.items[0], id="answers/new"), *run.items[1:])))
    assert repeats.differences(text, other) == ["answers/new"]


def test_parts_that_were_shared_are_joined_and_repeated_runs_compared(scene: Scene) -> None:
    run = repeats.asked(scene.home, 1)
    worse = replace(run, items=(replace(run.items[0], outcome="absent"), *run.items[1:]))
    parts = [
        Part(selftest.REPEATED, "one", {"one": dumps(run)}),
        Part("Guards", "a", {"a": 1}, ("a is blind.",)),
        Part(selftest.REPEATED, "two", {"two": dumps(worse)}),
    ]
    made = Result(tuple(selftest._joined([*parts, Part("Guards", "b", {"b": 2})])))
    assert [p.name for p in made.parts] == [selftest.REPEATED, "Guards"]
    assert made.misses == (f"The run with two is not the one with one: {run.items[0].id}.", "a is blind.")
    assert not made.passed
    assert made.as_json()["parts"]["Guards"] == {"a": 1, "b": 2, "misses": ["a is blind."], "seconds": 0.0}
    assert made.table().endswith("FALLS SHORT: a is blind.")
    assert Result(()).passed


def test_tasks_are_done_in_their_order_by_one_process_or_two() -> None:
    tasks = [partial(Part, f"part {n}", "") for n in range(3)]
    told: list[str] = []
    for workers in (1, 2):
        assert [p.name for p in selftest._done(tasks, workers, told.append)] == ["part 0", "part 1", "part 2"]
    assert len(told) == 3
