"""The suite of marking: what it calls right, paid, recognised and answered right, worked out by hand; and real attempts."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import NOTES

from evals.measures import attempts, pasted
from evals.measures.attempts import GRADING, Marked
from evals.measures.marking import Result
from evals.measures.planted import indexed
from evals.records import Item
from evals.suites import COURSE, Scene, grading
from tutor import embed
from tutor.embed import Model
from tutor.exam import Grade, Mark, MarkVerdict
from tutor.session import Tutor

POINTS = ("Rust is iron oxide.", "It forms in damp air.", "Paint stops it.")


def attempt(kind: str, *labels: str, note: str = "notes/2-metals/rust.md") -> Marked:
    return Marked("g-1", note, "What is rust?", " ".join(POINTS), POINTS, "It is iron and oxygen.", labels, 0.0, kind)


def marked(one: Marked, score: float | None, *verdicts: MarkVerdict) -> Item:
    return grading.marked(Result(one, Grade(score, tuple(Mark(p, v) for p, v in zip(POINTS, verdicts, strict=True)), ""), 1.0))


def test_marks_are_held_against_the_examiners() -> None:
    item = marked(attempt("a", "covered", "partly", "contradicted"), 0.5, "covered", "missed", "unsure")
    assert (item.id, item.kind, item.domain, item.cluster) == ("grading/attempts/g-1/own-words", "own words", "2", "g-1")
    assert item.checks == {"right": True, "quotes": True}
    assert item.scores == {"graded": 1.0, "mark_claimed": 0.6667, "mark_right": 1.0, "score_error": 0.3333}  # 1 + .5 - 1 of 3 points
    assert item.outcome == "covered, missed, unsure"


def test_a_mark_that_the_examiner_did_not_give_fails() -> None:
    item = marked(attempt("b", "missed", "missed", "covered"), 0.67, "covered", "missed", "covered")
    assert (item.checks["right"], item.scores["mark_right"], item.passed) == (False, 0.6667, False)


def test_a_mark_that_quotes_what_the_learner_did_not_write_fails() -> None:
    marks = tuple(Mark(p, "covered", evidence) for p, evidence in zip(POINTS, ("iron and oxygen", "rust", ""), strict=True))
    item = grading.marked(Result(attempt("a", "covered", "covered", "covered"), Grade(1.0, marks, ""), 1.0))
    assert item.checks == {"right": True, "quotes": False}


def test_what_was_not_told_is_not_scored() -> None:
    item = marked(attempt("a", "covered", "covered", "covered"), None, "unsure", "unsure", "partly")
    assert item.checks == {"right": True, "quotes": True}
    assert item.scores == {"graded": 0.0, "mark_claimed": 0.0}


@pytest.mark.parametrize(
    ("kind", "labels", "score", "paid"),
    [
        ("d", ("covered", "covered", "contradicted"), 0.7, True),
        ("d", ("covered", "covered", "contradicted"), 0.3, False),
        ("d", ("covered", "covered", "contradicted"), None, False),
        ("f", ("missed", "missed", "missed"), 0.31, True),
        ("f", ("missed", "missed", "missed"), 0.0, False),
    ],
)
def test_copies_lists_and_orders_earn_nothing(kind: str, labels: tuple[str, ...], score: float | None, paid: bool) -> None:
    item = marked(attempt(kind, *labels), score, "unsure", "unsure", "unsure")
    assert item.checks["no_pay"] is not paid
    assert item.scores.get("near_copy") == (score if kind == "d" else None)


def test_a_poor_answer_with_something_in_it_may_earn() -> None:
    assert "no_pay" not in marked(attempt("f", "covered", "missed", "missed"), 0.4, "covered", "unsure", "unsure").checks
    assert marked(attempt("f", "covered", "missed", "missed", note="notes/5-services/s3.md"), 0.4, "covered", "unsure", "unsure").domain == COURSE


@pytest.mark.parametrize(
    ("kind", "choice", "checks"),
    [
        ("single", ("B",), {"recognised": True, "right": True}),
        ("single", ("A",), {"recognised": True, "right": False}),
        ("single", (), {"recognised": True}),
        ("absent", ("B",), {"recognised": True, "right": False}),
    ],
)
def test_a_pasted_question_is_right_where_what_is_singled_out_is_the_key(kind: str, choice: tuple[str, ...], checks: dict[str, bool]) -> None:
    case = pasted.Case("p1", kind, "fit", "Which?", ("one", "two"), ("B",), ({"note": "notes/3-deployment/x.md", "quote": "q"},))
    item = grading.answered(pasted.Result(case, True, choice, 0.1))
    assert item.checks == checks
    assert item.scores == {"pasted_recognised": 1.0} | ({"pasted_right": float(checks["right"])} if choice else {})
    assert (item.id, item.domain, item.cluster) == ("grading/pasted/p1", "3", "notes/3-deployment/x.md")


def test_real_attempts_are_marked_and_shared_out(minilm: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = [one for one in attempts.read(GRADING) if one.group in ("g-010", "g-020")]
    monkeypatch.setattr(attempts, "read", lambda *_: some)
    cases = [
        pasted.Case(
            "p1",
            "absent",
            "fit",
            "Which particle is the lightest of them?\nA. a quark\nB. a lepton\nC. a gluon\nD. a pion",
            ("a quark", "a lepton", "a gluon", "a pion"),
            ("B",),
            (),
        )
    ]
    monkeypatch.setattr(pasted, "read", lambda: cases)
    encoder = embed.question_encoder(minilm)
    tutor = Tutor(indexed({"cells.md": NOTES["biology/cells.md"]}, tmp_path / "cells", minilm, encoder), encoder)
    found = [i for k in range(2) for i in grading.items(Scene(tmp_path, minilm, share=(k, 2), _tutors={COURSE: tutor}))]
    assert len(found) == 13
    assert sum(i.checks["right"] for i in found if "attempts" in i.id) >= 10
    assert sum(i.scores["mark_claimed"] for i in found if "attempts" in i.id) / 12 > 0.4
    assert {len(i.outcome.split(", ")) for i in found if i.cluster == "g-010"} == {len(some[0].points)}
    assert next(i for i in found if i.id == "grading/pasted/p1").checks == {"recognised": True}
