"""Each operator makes the fault that it is named for, and the check finds what it promises to find."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace

import pytest

from evals.measures.mutations import OPERATORS, mutants
from evals.measures.pairs import Pair, read_pairs
from tutor.ground import judge

PAIRS = read_pairs()
MADE = mutants(PAIRS, most=60)
HERE = Pair("x1", "here.md", ("Amber keeps records for 4 days.",), (), "", "For 4 days Amber keeps its records.", True, "light", False)
THERE = Pair(
    "x2",
    "there.md",
    ("A tower made by Basalt Works is larger than a hut.",),
    (),
    "",
    "A tower made by Basalt Works is larger than a hut.",
    True,
    "light",
    False,
)


def changed(name: str, sentence: str) -> str | None:
    made = OPERATORS[name](replace(HERE, sentence=sentence), [HERE, THERE], random.Random(0))
    return made.sentence if made else None


@pytest.mark.parametrize(
    ("name", "sentence", "pattern"),
    [
        ("number", "It holds 40 rows.", r"It holds (?!40\b)[\d,]+ rows\."),
        ("entity", "It is kept by Amber alone.", r"It is kept by Basalt Works alone\."),
        ("negation", "Iron is soft.", r"Iron is not soft\."),
        ("negation", "Iron is not soft.", r"Iron is soft\."),
        ("negation", "The pump needs power.", r"The pump does not need power\."),
        ("unit", "It lasts 4 hours.", r"It lasts 4 (?!hours)\w+\."),
        ("antonym", "The rate is higher.", r"The rate is lower\."),
        ("roles", "Paper covers stone.", r"stone covers Paper\."),
        ("modality", "It may fail.", r"It must fail\."),
        ("condition", "The write fails every time if the disk is full.", r"The write fails every time\."),
        ("condition", "If the disk is full, the write fails.", r"The write fails\."),
        ("added", "Iron is soft.", r"Iron is soft, .{12,}\."),
    ],
)
def test_an_operator_changes_what_it_is_named_for(name: str, sentence: str, pattern: str) -> None:
    made = changed(name, sentence)
    assert made is not None
    assert re.fullmatch(pattern, made), made


@pytest.mark.parametrize("name", ["number", "entity", "negation", "unit", "antonym", "roles", "modality", "condition"])
def test_an_operator_leaves_alone_what_has_nothing_to_change(name: str) -> None:
    assert changed(name, "Well, so much for that.") is None


def test_wrong_passages_come_from_elsewhere() -> None:
    for m in MADE:
        if m.operator == "passage":
            own = next(p for p in PAIRS if p.id == m.pair.id)
            assert not set(m.pair.quotes) & set(own.quotes)


def test_sixty_of_each_kind_no_two_alike_the_same_on_every_run() -> None:
    counts = Counter(m.operator for m in MADE)
    assert set(counts) == set(OPERATORS)
    assert min(counts.values()) >= 60
    assert mutants(PAIRS, most=60) == MADE
    assert mutants(PAIRS, seed=5, most=60) != MADE
    unchanged = {(p.sentence, p.quotes) for p in PAIRS if p.supported}
    assert not [m for m in MADE if (m.pair.sentence, m.pair.quotes) in unchanged]


@pytest.mark.parametrize(
    ("operator", "floor"),
    [
        ("number", 0.95),
        ("entity", 0.88),
        ("negation", 0.85),
        ("passage", 0.95),
        ("neighbour", 0.9),
        ("unit", 0.9),
        ("antonym", 0.5),
        ("added", 0.8),
        ("modality", 0.4),
    ],
)
def test_floors(operator: str, floor: float) -> None:
    found = [judge(m.pair.sentence, m.pair.quotes, m.pair.question, m.pair.around).verdict for m in MADE if m.operator == operator]
    assert len(found) >= 60
    assert found.count("unsupported") / len(found) >= floor
