"""The gold questions are sound, and the fits do what they say."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from fakes import Tiny, quiet

from evals.cases import GOLD, PHRASINGS, Evidence, read, sets
from evals.fitting import adapt, fit
from ingest.build import Report, gather
from tutor import embed, weights
from tutor.errors import InputError
from tutor.index import Index
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
    made = fit.classifier(rows, labels, 0.01, np.ones(400))
    assert ((rows @ made.weights + made.bias > 0) == labels).mean() > 0.97
    assert abs(made.weights[1]) * 50 < 0.1 * made.weights[0]


def test_folds_test_every_row_once() -> None:
    parts = fit.folds(23, 5, seed=4)
    assert np.sum(parts, axis=0).tolist() == [1] * 23
    assert not np.array_equal(fit.folds(23, 5, 4)[0], fit.folds(23, 5, 5)[0])


def corners(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows whose label is the exclusive or of two signs, which no weighted sum tells, beside a feature of noise."""
    rows = np.random.default_rng(seed).normal(size=(count, 3))
    return rows, (rows[:, 0] > 0) != (rows[:, 1] > 0)


def test_trees_learn_what_no_weighted_sum_can() -> None:
    names = ("left", "right", "noise")
    rows, labels = corners(1200, 2)
    weight = fit.balanced(labels, ["one"] * 1200)
    made = weights.trees({"trees": fit.boosted(rows, labels, names, weight)}, names)
    others, right = corners(300, 3)
    assert np.mean([(made.score(row) > 0) == label for row, label in zip(others, right, strict=True)]) > 0.9
    linear = fit.classifier(rows, labels, 1.0, weight)
    assert ((others @ linear.weights + linear.bias > 0) == right).mean() < 0.65
    assert fit.boosted(rows, labels, names, weight) == fit.boosted(rows, labels, names, weight)


def test_each_set_and_each_label_in_it_weighs_the_same() -> None:
    labels = np.array([True, True, True, False, True, False, False, False])
    weight = fit.balanced(labels, ["a"] * 4 + ["b"] * 4)
    assert weight.tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2.0, 2.0, 2 / 3, 2 / 3, 2 / 3])


def test_a_tree_is_walked_by_its_thresholds() -> None:
    tree = ["left", 0.5, ["right", -1.0, 1.0, 2.0], 4.0]
    made = weights.trees({"trees": [tree, 10.0]}, ("left", "right"))
    assert [made.score(np.array(row)) for row in ([0.5, -1.0], [0.5, 0.0], [0.6, 0.0])] == [11.0, 12.0, 14.0]
    with pytest.raises(ValueError, match="unknown features"):
        weights.trees({"trees": [tree]}, ("left", "noise"))


def test_questions_learn_which_section_answers_them(tiny_index: Tiny, tmp_path: Path) -> None:
    index = tiny_index.open()
    learned = adapt.phrasings(index, lessons(tmp_path, "Transpiration", ["thirsty greenery", "water leaving by the window", "plants that sweat"]))
    assert [p.text for p in learned] == [
        "why are leaves green anyway",
        "zyxofoodmaking",
        "thirsty greenery",
        "water leaving by the window",
        "plants that sweat",
    ]
    assert [p.key is None for p in learned] == [False, False, True, True, True]
    before = weight_of_own_section(index, embed.question_encoder(tiny_index.model).asking, learned)
    figures = adapt.adapt([(index, learned)], tiny_index.model, tmp_path / "learner.safetensors", epochs=40)
    after = weight_of_own_section(index, adapted(tiny_index.model, tmp_path / "learner.safetensors").asking, learned)
    assert figures["phrasings"] == 5
    assert after > before + 0.2


def test_a_phrasing_of_a_section_that_is_not_there_is_refused(tiny_index: Tiny, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"names a section that is not there: biology/plants\.md, Plants > Roots"):
        adapt.phrasings(tiny_index.open(), lessons(tmp_path, "Roots", ["what holds it in the ground"]))


def lessons(folder: Path, heading: str, asks: list[str]) -> Path:
    """A file of phrasings of one section of the tiny notes."""
    path = folder / "lessons.jsonl"
    path.write_text(json.dumps({"note": "biology/plants.md", "heading": ["Plants", heading], "asks": asks}) + "\n", encoding="utf-8")
    return path


def adapted(model: embed.Model, adapter: Path) -> embed.QuestionEncoder:
    """The tiny model's encoder with an adapter, which is else for the default model alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embed, "MINILM_DIGEST", model.digest)
        patch.setattr(embed, "ADAPTER", adapter)
        return embed.question_encoder(model)


def weight_of_own_section(index: Index, encode: embed.Encoder, learned: list[adapt.Phrasing]) -> float:
    """The mean share that the phrasings' own sections have in the softmax over all passages."""
    scores = np.exp(encode([p.text for p in learned]) @ index.vectors(range(len(index.passages))).T / adapt.TEMPERATURE)
    return float(np.mean([row[index.section == p.section].sum() / row.sum() for row, p in zip(scores, learned, strict=True)]))


def test_every_phrasing_is_of_a_section_of_its_notes(minilm: embed.Model) -> None:
    for one in sets():
        passages = gather([one.notes], embed.counter(minilm), Report(), quiet).passages
        headings = {(p.note, p.heading) for p in passages}
        rows = [json.loads(line) for line in (PHRASINGS / f"{one.name}.jsonl").read_text(encoding="utf-8").splitlines()]
        assert {(r["note"], tuple(r["heading"])) for r in rows} <= headings
        assert sum(len(r["asks"]) for r in rows) > 4000
        assert all(len(set(r["asks"])) == len(r["asks"]) for r in rows)
