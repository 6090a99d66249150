"""The harness's judge decides by cuts that labelled pairs set, and says how far it is to be trusted."""

from __future__ import annotations

import json

import numpy as np
import pytest

from evals import detector
from evals.detector import Cuts

QUOTE = "One shard takes in up to 1 MB a second."


def test_the_cuts_that_ship_come_from_the_labels_that_ship() -> None:
    stored = json.loads(detector.FILE.read_text(encoding="utf-8"))
    assert stored["labels"] == detector.label_hash()
    assert stored["cross_validated"]["pairs"] == 100
    assert {"mean", "low", "high"} == set(stored["cross_validated"]["balanced_accuracy"])
    rows = detector.labelled()
    scores = np.array([detector.score(r["sentence"], r["quotes"], r["question"]) for r in rows])
    assert detector.cut(scores, np.array([r["label"] == "supported" for r in rows])) == Cuts(stored["low"], stored["high"])


def test_every_pair_was_read_twice_and_its_quotes_are_words() -> None:
    rows = detector.labelled()
    assert len({r["id"] for r in rows}) == 100
    assert sum(r["first"] != r["second"] for r in rows) == 1
    assert all(r["quotes"] and r["label"] in ("supported", "unsupported") for r in rows)
    assert all(r["label"] == r["first"] for r in rows if r["first"] == r["second"])


def test_words_of_the_quote_are_supported_and_a_changed_number_is_not() -> None:
    assert (detector.score(QUOTE, [QUOTE]), detector.verdict(QUOTE, [QUOTE])) == (1.0, "supported")
    assert (detector.score(QUOTE.replace("1 MB", "5 MB"), [QUOTE]), detector.verdict(QUOTE.replace("1 MB", "5 MB"), [QUOTE])) == (0.0, "unsupported")


def test_the_low_cut_is_where_most_is_told_rightly_and_the_high_one_lets_few_wrong_pass() -> None:
    scores = np.array([0.1, 0.2, 0.3, 0.9, *[0.4] * 36, 0.5, 0.6, 0.7, 0.8, 0.95])
    labels = np.array([False] * 40 + [True] * 5)
    made = detector.cut(scores, labels)
    assert made.low == 0.5
    assert (scores >= made.high)[~labels].mean() <= detector.PASSED
    assert made.high == pytest.approx(0.5, abs=1e-3)


def test_cuts_are_tried_on_notes_that_did_not_set_them() -> None:
    dice = np.random.default_rng(0)
    labels = np.arange(200) % 2 == 0
    notes = [str(n // 10) for n in range(200)]
    told = detector.crossed(labels + dice.normal(0, 0.2, 200), labels, notes)
    blind = detector.crossed(dice.normal(0, 1, 200), labels, notes)
    assert told["mean"] > 0.95
    assert told["low"] <= told["mean"] <= told["high"]
    assert abs(blind["mean"] - 0.5) < 0.1
