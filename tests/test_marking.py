"""The numbers of the marking of free text: that they were fitted to the labels there are, count the right way, and hold
their floors on attempts that nothing was fitted to."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from evals.fitting import fit
from evals.measures import attempts, marking
from evals.measures.attempts import GRADING, MARKING
from tutor import embed, weights
from tutor.embed import Model
from tutor.grading import marks
from tutor.grading.features import CONTRARY, FEATURES, SIGNS, row
from tutor.weights import Trees

ROW = {
    "id": "x-1",
    "note": "n.md",
    "question": "What is rust?",
    "reference": "Rust is iron oxide. It forms in damp air.",
    "key_points": [{"text": "Rust is iron oxide."}, {"text": "It forms in damp air."}, {"text": "Paint stops it."}],
    "answers": [
        {"label": "a", "text": "iron and oxygen", "covered": [0], "partly": [1], "contradicted": [2], "score": 2.5},
        {"label": "f", "text": "no idea", "covered": [], "score": 0},
    ],
}


def test_a_label_file_is_read_point_by_point(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(ROW) + "\n", encoding="utf-8")
    first, second = attempts.read(path)
    assert first.labels == ("covered", "partly", "contradicted")
    assert (first.score, first.kind, first.group) == (0.5, "a", "x-1")
    assert second.labels == ("missed", "missed", "missed")
    assert attempts.label_hash(path) != attempts.label_hash(GRADING)


def test_what_nobody_needs_to_label(tmp_path: Path) -> None:
    other = {**ROW, "id": "y-1", "question": "What is glass?", "answers": [{"label": "a", "text": "melted sand", "covered": [0], "score": 5}]}
    path = tmp_path / "a.jsonl"
    path.write_text(f"{json.dumps(ROW)}\n{json.dumps(other)}\n", encoding="utf-8")
    made = [(m.text, m.labels) for m in attempts.further(attempts.read(path)) if m.group == "x-1"]
    assert made[:3] == [
        (ROW["reference"], ("covered",) * 3),
        ("Rust is iron oxide.", ("covered", None, None)),
        ("What is rust?", ("missed",) * 3),
    ]
    talk, foreign = made[3:-1], made[-1]
    assert [labels for _, labels in talk] == [("missed",) * 3] * attempts.LONGEST
    assert all("{" not in text for text, _ in talk)
    assert foreign == ("melted sand", ("missed",) * 3)


def test_pupils_answers_are_held_against_the_nearest_reference(tmp_path: Path) -> None:
    row = {"qid": "q", "question": "Why?", "references": ["The lamp is off.", "The circuit is open."], "answer": "an open circuit", "label": "contradictory"}
    path = tmp_path / "s.jsonl"
    path.write_text(json.dumps(row) + "\n" + json.dumps({**row, "answer": "..."}) + "\n", encoding="utf-8")
    (one,) = attempts.semeval(path)
    assert one.points == ("The circuit is open.",)
    assert one.labels == ("contradicted",)


def test_trees_that_are_written_are_those_that_were_fitted() -> None:
    dice = np.random.default_rng(0)
    rows = dice.normal(size=(400, 3))
    labels = rows[:, 0] + 0.5 * rows[:, 1] + 0.3 * dice.normal(size=400) > 0
    weight = np.ones(400)
    names = ("up", "free", "idle")
    made = Trees(names, tuple(fit.monotone(rows, labels, names, {"up": 1}, weight)))
    again = HistGradientBoostingClassifier(
        max_iter=fit.TREES,
        learning_rate=fit.RATE,
        max_leaf_nodes=6,
        min_samples_leaf=20,
        l2_regularization=1.0,
        max_features=0.3,
        random_state=0,
        early_stopping=False,
        monotonic_cst=[1, 0, 0],
    ).fit(rows, labels)
    scores = np.array([made.score(row) for row in rows])
    assert np.abs(scores - again.decision_function(rows)).max() < 0.01
    assert np.all(np.diff([made.score(np.array([x, 0.2, 0.1])) for x in np.linspace(-3, 3, 50)]) >= 0)


def test_the_cuts_are_the_widest_bands_with_enough_marks_right() -> None:
    chances = np.array([0.1, 0.2, 0.4, 0.6, 0.8, 0.9])
    assert marking._sure(chances, np.array([False, False, False, True, True, True])) == (pytest.approx(0.5), pytest.approx(0.5))
    low, high = marking._sure(chances, np.array([False, False, True, False, True, True]))
    assert 0.2 <= low < 0.4
    assert 0.6 < high <= 0.8


def test_the_numbers_were_fitted_to_the_labels_there_are() -> None:
    data = weights.read("marking")
    told = data["several_from"]
    assert isinstance(told, dict)
    assert told["labels"] == attempts.label_hash(*sorted(MARKING.glob("*.jsonl")), GRADING), "run `python -m evals calibrate mark --semeval DIR`"


def test_what_was_found_by_cross_validation_holds_its_floors() -> None:
    found = weights.read("marking")["cross_validated"]
    assert isinstance(found, dict)
    assert found["several"]["told"] >= 0.55
    assert found["several"]["right"] >= 0.88
    assert found["single"]["told"] >= 0.4
    assert found["single"]["right"] >= 0.8  # by questions of the training domains, which are harder than the unseen ones


@pytest.mark.parametrize("single", [True, False])
def test_no_number_counts_the_wrong_way(single: bool) -> None:
    judge = marks.judge(single)
    assert 0 < judge.bands.low < judge.bands.high < 1
    dice = np.random.default_rng(1)
    for _ in range(5):
        values = {name: float(dice.uniform(0, 1)) for name in FEATURES}
        for trees, signs in ((judge.said, SIGNS), (judge.turned, CONTRARY)):
            for name, sign in signs.items():
                odds = [trees.score(row({**values, name: x})) for x in (-1.0, 0.2, 0.5, 0.8, 2.0)]
                assert all(sign * (b - a) >= -1e-9 for a, b in pairwise(odds)), name
    assert set(CONTRARY) | set(SIGNS) <= set(FEATURES)


def test_points_of_one_answer_bear_on_each_other() -> None:
    odds = np.array([[1.0, -1.0], [3.0, -3.0], [5.0, 2.0]])
    assert marks.among(odds).tolist() == [[1.0, -1.0, 4.0, -0.5], [3.0, -3.0, 3.0, 0.5], [5.0, 2.0, 2.0, -2.0]]
    assert marks.among(odds[:1]).tolist() == [[1.0, -1.0, 1.0, -1.0]]


def test_figures_count_claims_scores_and_kinds(minilm: Model) -> None:
    marked = [one for one in attempts.read(GRADING) if one.group in ("g-010", "g-020", "g-030", "g-040")]
    found = marking._over(marked, embed.question_encoder(minilm))
    assert found["attempts"] == len(marked) == 24
    assert found["marks_right"] >= 0.85  # type: ignore[operator]
    assert found["marks_claimed"] >= 0.5  # type: ignore[operator]
    kinds = found["by_kind"]
    assert isinstance(kinds, dict)
    assert sorted(kinds) == ["a", "b", "c", "d", "e", "f"]
