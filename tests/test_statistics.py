"""Tests, intervals and standard errors against values worked out by hand or known from the tables."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evals.gate.statistics import holm, interval, mcnemar
from evals.metrics import BY_KEY, METRICS, figure, figures, slices
from evals.records import Item


@pytest.mark.parametrize(("worse", "better", "p"), [(0, 0, 1.0), (5, 0, 1 / 32), (6, 0, 1 / 64), (1, 1, 0.75), (12, 5, 9402 / 131072), (0, 9, 1.0)])
def test_mcnemar_is_the_exact_binomial_tail(worse: int, better: int, p: float) -> None:
    assert mcnemar(worse, better) == pytest.approx(p)


def test_without_a_change_the_two_tests_together_fail_few_runs() -> None:
    dice = np.random.default_rng(3)
    failed = 0
    for _ in range(300):
        flips = dice.random(120) < 0.05
        worse = int((flips & (dice.random(120) < 0.5)).sum())
        failed += mcnemar(worse, int(flips.sum()) - worse) < 0.025
    assert failed <= 12


def test_the_interval_is_that_of_the_mean_where_each_is_its_own_cluster() -> None:
    values = [(str(n), float(v)) for n, v in enumerate(np.random.default_rng(0).normal(0.5, 1, 400))]
    low, high = interval(values, 0.025)
    assert (low, high) == (pytest.approx(0.5 - 1.96 / 20, abs=0.05), pytest.approx(0.5 + 1.96 / 20, abs=0.05))


def test_items_of_a_cluster_do_not_count_as_independent() -> None:
    alone = [(str(n), float(n % 2)) for n in range(100)]
    together = [(str(n // 20), float(n // 20 % 2)) for n in range(100)]
    narrow, wide = interval(alone, 0.025), interval(together, 0.025)
    assert wide[1] - wide[0] > 3 * (narrow[1] - narrow[0])


def test_the_same_pairs_in_another_order_give_the_same_interval() -> None:
    pairs = [("a", 0.1), ("b", -0.2), ("c", 0.4)]
    assert interval(pairs, 0.05) == interval(pairs[::-1], 0.05)
    with pytest.raises(ValueError, match="needs pairs"):
        interval([], 0.05)


def test_holm_adjusts_by_rank_and_keeps_the_order() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})
    assert holm({}) == {}


def test_a_figure_is_a_mean_with_the_error_of_its_clusters() -> None:
    found = figure("answers/words", [("a", 1.0), ("b", 0.0), ("c", 1.0), ("d", 0.0)])
    assert (found.value, found.n) == (0.5, 4)
    assert found.error == pytest.approx(math.sqrt(4 / 3 * 4 * 0.25) / 4, abs=1e-4)
    clustered = figure("answers/words", [("a", 1.0), ("a", 1.0), ("b", 0.0), ("b", 0.0)])
    assert clustered.error == pytest.approx(math.sqrt(2 * 2) / 4, abs=1e-4)
    assert figure("answers/words", [("a", 1.0), ("a", 0.0)]).error is None
    assert figure("answers/words", [], 3).value is None


def test_every_metric_says_where_it_is_to_go_and_over_what() -> None:
    assert len(BY_KEY) == len(METRICS)
    assert all(m.direction in ("up", "down") and m.over and m.text for m in METRICS)


def item(name: str, kind: str, holds: bool, **scores: float) -> Item:
    return Item(f"answers/{name}", kind, "1", name, "?", "0", {"evidence": holds}, scores, {} if scores else {"words": "nothing was said"})


def test_figures_count_what_could_not_be_scored() -> None:
    found = figures([item("a", "fact", True, words=10), item("b", "fact", True)])
    assert (found["answers/words"].n, found["answers/words"].unscored, found["answers/words"].value) == (1, 1, 10)


def test_slices_count_passed_and_tried() -> None:
    items = [item("a", "fact", True), item("b", "fact", False), item("c", "list", True)]
    assert slices(items, "answers", "kind") == {"fact": (1, 2), "list": (1, 1)}
    assert slices(items, "answers", "domain") == {"1": (2, 3)}
    assert slices(items, "safety", "kind") == {}
