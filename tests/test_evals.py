"""The gold questions are sound, and the fits do what they say."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from evals import fit
from evals.cases import GOLD, Evidence, read, sets
from tutor.errors import InputError
from tutor.types import Note

NOTES = {p.name: Note(p.name, p.stem, p.read_text(encoding="utf-8")) for p in sorted((GOLD / "notes").iterdir())}
CASES = read(sets()[0].files, NOTES)


def test_every_quote_stands_in_its_note() -> None:
    assert len(CASES) >= 800
    for case in CASES:
        for e in (*case.evidence, *case.alternatives):
            assert e.spans, case.id


def test_ids_are_unique_and_no_question_stands_twice() -> None:
    assert [i for i, n in Counter(c.id for c in CASES).items() if n > 1] == []
    assert [q for q, n in Counter(" ".join(c.question.lower().split()) for c in CASES).items() if n > 1] == []


def test_a_quarter_cannot_be_answered_and_every_kind_is_there() -> None:
    kinds = Counter(c.kind for c in CASES)
    assert {"definition", "fact", "compare", "how", "list", "numeric", "paraphrase", "multi_hop", "scenario", "false_premise"} <= set(kinds)
    assert 0.15 < sum(not c.answerable for c in CASES) / len(CASES) < 0.35
    assert all(c.answerable == (not c.kind.startswith("unanswerable")) for c in CASES)


def test_a_quote_that_its_note_does_not_hold_is_refused(tmp_path: Path) -> None:
    row = {"id": "x", "kind": "fact", "question": "q", "evidence": [{"note": "blog-nutrition.txt", "quote": "no such words stand here at all"}]}
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(InputError, match=r"bad.jsonl: x quotes words that blog-nutrition.txt does not hold"):
        read([path], NOTES)


def test_evidence_is_found_by_place_not_by_looks() -> None:
    e = Evidence("a.md", ((100, 200),))
    assert e.within("a.md", 110, 190)
    assert not e.within("a.md", 110, 189)
    assert not e.within("b.md", 0, 300)
    assert e.said_by("a.md", 120, 170)
    assert not e.said_by("a.md", 120, 150)


def test_the_ranker_finds_the_feature_that_ranks() -> None:
    dice = np.random.default_rng(0)
    groups = []
    for _ in range(60):
        rows = dice.normal(size=(12, 3))
        groups.append((rows, rows[:, 1] == rows[:, 1].max()))
    made = fit.ranker(groups, 0.1)
    assert made.weights[1] > 5 * max(abs(made.weights[0]), abs(made.weights[2]))
    assert np.mean([np.argmax(x @ made.weights) == np.argmax(y) for x, y in groups]) > 0.95


def test_the_classifier_is_a_logistic_regression() -> None:
    dice = np.random.default_rng(1)
    rows = dice.normal(size=(400, 2)) * [1.0, 50.0] + [0.0, 1000.0]
    labels = rows[:, 0] > 0.5
    made = fit.classifier(rows, labels, 0.01)
    assert ((rows @ made.weights + made.bias > 0) == labels).mean() > 0.97
    assert abs(made.weights[1]) * 50 < 0.1 * made.weights[0]


def test_folds_test_every_row_once() -> None:
    parts = fit.folds(23, 5, seed=4)
    assert np.sum(parts, axis=0).tolist() == [1] * 23
    assert not np.array_equal(fit.folds(23, 5, 4)[0], fit.folds(23, 5, 5)[0])
