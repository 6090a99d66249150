"""Computed questions: keys worked out by hand, distractors that are slips, and what `recompute` sees when one is changed."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from fakes import Tiny, write_notes

from tutor import formulas
from tutor.embed import Model
from tutor.exam import Need, Option, Question
from tutor.index import Index
from tutor.questions import checks, computed
from tutor.questions.record import as_json, from_json, identified

NOTES = {
    "metrics.md": """# Metrics

Precision = TP / (TP + FP). Recall = TP / (TP + FN). Accuracy = (TP + TN) / (TP + TN + FP + FN).

F1 is the harmonic mean of precision and recall.

Effective batch size = batch size per device x accumulation steps x number of devices.

Instances needed = peak load / safe load per instance, rounded up. MAE is the average size of the errors.

RMSE is the square root of the mean squared error.

Saving = (1 - billable seconds / training seconds) x 100.
"""
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Index:
    folder = tmp_path_factory.mktemp("computed")
    made = Tiny(write_notes(folder / "notes", NOTES), folder / "index", model)
    made.ingest()
    return made.open()


@pytest.fixture(scope="module")
def drawn(index: Index) -> list[Question]:
    return list(computed.make(index, formulas.bind(index), random.Random(7)))


def of(drawn: list[Question], formula: str) -> list[Question]:
    return [q for q in drawn if q.proof.maker == f"computed:{formula}"]


def values(question: Question) -> dict[str, str]:
    return {n.attribute: n.value for n in question.proof.needs}


def key(question: Question) -> str:
    return next(o.text for o in question.options if (o.id,) == question.key)


def number(text: str) -> float:
    return float(text.split("%", maxsplit=1)[0].split(" ", maxsplit=1)[0].replace(",", ""))


def test_every_formula_that_the_notes_state_is_asked_and_no_other(drawn: list[Question]) -> None:
    assert {q.proof.maker.removeprefix("computed:") for q in drawn} == {
        "precision", "recall", "accuracy", "f1", "effective batch size", "instances needed", "mae", "rmse of errors", "managed spot saving"
    }  # fmt: skip
    assert max(Counter(q.proof.maker for q in drawn).values()) == computed.ROUNDS


def test_the_key_is_what_the_numbers_give(drawn: list[Question]) -> None:
    for q in of(drawn, "f1"):
        p, r = (float(values(q)[name]) for name in ("precision", "recall"))
        assert number(key(q)) == pytest.approx(2 * p * r / (p + r), abs=0.0051)
    for q in of(drawn, "recall"):
        tp, fn = (float(values(q)[name]) for name in ("true positives", "false negatives"))
        assert number(key(q)) == pytest.approx(tp / (tp + fn), abs=0.0051)
    for q in of(drawn, "effective batch size"):
        factors = [float(values(q)[name]) for name in ("batch size per device", "gradient accumulation steps", "devices")]
        assert key(q) == f"{factors[0] * factors[1] * factors[2]:,.0f} samples per update"
    for q in of(drawn, "instances needed"):
        load, each = (float(values(q)[name].replace(",", "")) for name in ("peak load", "safe load per instance"))
        assert number(key(q)) == -(-load // each)
    for q in of(drawn, "mae"):
        errors = [abs(float(e)) for e in values(q)["forecast errors"].split("; ")]
        assert number(key(q)) == pytest.approx(sum(errors) / len(errors), abs=0.0051)


def test_each_question_is_whole(drawn: list[Question], index: Index) -> None:
    for q in drawn:
        assert [o.id for o in q.options] == list("ABCD")
        numbers = [number(o.text) for o in q.options]
        assert len(set(numbers)) == 4
        assert numbers in (sorted(numbers), sorted(numbers, reverse=True))
        assert all(n.text in q.stem and n.value.split("; ")[0] in n.text for n in q.proof.needs)
        assert [r.holds for r in q.proof.reasons] == [True, False, False, False]
        assert {r.text for r in q.proof.reasons} <= {s.text for s in q.explanation}
        (citation,) = q.proof.citations
        assert index.notes[citation.note].text[citation.start : citation.end] == citation.quote == q.explanation[-1].text
        assert formulas.states(formulas.registered(q.proof.maker.removeprefix("computed:")) or pytest.fail("unknown"), citation.quote)
        assert from_json(as_json(q)) == q
        assert [f for f in checks.examine(q) if f.check != "nested option"] == []


def test_a_distractor_is_a_named_slip(drawn: list[Question]) -> None:
    told = {r.text.split(" is ", 1)[1]: (q, r) for q in of(drawn, "f1") for r in q.proof.reasons if not r.holds}
    q, reason = told["the arithmetic mean of the two, and F1 is their harmonic mean."]
    p, r = (float(values(q)[name]) for name in ("precision", "recall"))
    option = next(o.text for o in q.options if o.id == reason.option)
    assert number(option) == pytest.approx((p + r) / 2, abs=0.0051)
    assert reason.text.startswith(f"{option} is ")


def test_the_same_dice_give_the_same_questions_and_others_others(index: Index, drawn: list[Question]) -> None:
    bound = formulas.bind(index)
    assert list(computed.make(index, bound, random.Random(7))) == drawn
    assert len({(q.proof.maker, tuple(values(q).items())) for q in drawn}) == len(drawn)
    others = {q.id for q in computed.make(index, bound, random.Random(8))}
    assert len(others & {q.id for q in drawn}) < len(drawn) / 4


def test_the_place_of_the_key_tells_little(index: Index) -> None:
    bound = formulas.bind(index)
    places = Counter(q.key[0] for seed in range(12) for q in computed.make(index, bound, random.Random(seed)))
    assert max(places.values()) < 0.4 * places.total()


def test_a_sound_question_is_computed_again(drawn: list[Question]) -> None:
    assert all(computed.recompute(q) for q in drawn)


def test_whatever_is_changed_is_seen(drawn: list[Question]) -> None:
    q = of(drawn, "f1")[0]
    wrong = next(o.id for o in q.options if (o.id,) != q.key)
    proof = q.proof
    need = proof.needs[0]
    planted = [
        replace(q, key=(wrong,)),
        replace(q, stem=q.stem.replace(need.text, "a precision of 0.99")),
        replace(q, options=tuple(Option(o.id, "0.99") if o.id == wrong else o for o in q.options)),
        replace(q, options=tuple(Option(o.id, key(q)) if o.id == wrong else o for o in q.options)),
        replace(q, proof=replace(proof, needs=(Need(need.attribute, "0.11", need.text), *proof.needs[1:]))),
        replace(q, proof=replace(proof, needs=proof.needs[1:])),
        replace(q, proof=replace(proof, maker="computed:precision")),
        replace(q, proof=replace(proof, maker="computed:nothing")),
        replace(q, proof=replace(proof, maker="situation")),
        replace(q, proof=replace(proof, citations=(replace(proof.citations[0], quote="F1 is the arithmetic mean of precision and recall."),))),
        replace(q, proof=replace(proof, reasons=tuple(replace(r, text="It is so.") if r.option == wrong else r for r in proof.reasons))),
        replace(q, explanation=q.explanation[1:]),
    ]
    for changed in planted:
        assert not computed.recompute(identified(changed))
