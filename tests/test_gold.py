"""The gold questions of the course are sound, and the linter that says so finds what it is there for."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evals.cases import COURSE
from evals.lint import QUOTAS, Gold, lint, load, overlap

GOLD = load()
Rows = list[dict[str, Any]]


def test_the_gold_of_the_course_is_sound() -> None:
    assert lint(GOLD) == []


def test_its_questions_do_not_repeat_the_wording_of_the_notes() -> None:
    assert overlap(GOLD) < 0.35


def syllables(n: int) -> str:
    return "".join("bdfgklmnpr"[int(d)] + "aeiou"[int(d) % 5] for d in f"{n:04d}")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Gold:
    """A gold file of made-up words that meets every quota, over a course of one note."""
    course = tmp_path_factory.mktemp("course")
    (course / "notes" / "1-x").mkdir(parents=True)
    (course / "course.toml").write_bytes((COURSE / "course.toml").read_bytes())
    facts = [f"The {syllables(n)} holds a {syllables(n + 1)} of {syllables(n + 2)}." for n in range(1000, 4000, 5)]
    front = '---\nasks:\n  "Facts":\n    - "an entirely different phrasing"\n---\n'
    (course / "notes" / "1-x" / "facts.md").write_text(front + "# Facts\n" + "\n".join(facts) + "\n", encoding="utf-8")
    rows: Rows = []
    for kind, least in QUOTAS.items():
        for k in range(least):
            n = len(rows)
            wording = k % 3 if kind == "paraphrase" else 0
            answerable = not kind.startswith("unanswerable")
            rows.append({
                "id": f"q{n}", "kind": kind, "question": f"why {syllables(5000 + 3 * n)} {syllables(5001 + 3 * n)} {syllables(5002 + 3 * n)}",
                "answer": "because" if answerable else "", "key_points": ["because"] if answerable else [], "must_not": [],
                "evidence": [{"source": "1-x/facts.md", "quote": facts[n - wording]}] if answerable else [], "alt_evidence": [],
                "family": f"f{n - wording}", "tags": [f"{1 + int((n % 50 >= 14) + (n % 50 >= 27)) + (n % 50 >= 38)}.1.1"], "critical": False,
                "sealed": (n - wording) % 5 == 0, "author": "a", "reviewed_by": "b",
            })  # fmt: skip
    learned = tmp_path_factory.mktemp("phrasings")
    (learned / "course.jsonl").write_text('{"note": "facts.md", "heading": ["Facts"], "asks": ["what else learners could wonder"]}\n', encoding="utf-8")
    return Gold(rows, course, learned)


def test_a_sound_file_passes(sound: Gold) -> None:
    assert lint(sound) == []
    assert overlap(sound) == 0.0


def answerable(rows: Rows) -> dict[str, Any]:
    return next(r for r in rows if r["kind"] == "fact")


def drop(rows: Rows, kind: str) -> None:
    rows.remove(next(r for r in rows if r["kind"] == kind))


def misquote(rows: Rows) -> None:
    answerable(rows)["evidence"][0]["quote"] += " Really."


def misname(rows: Rows) -> None:
    answerable(rows)["evidence"][0]["source"] = "none.md"


def repeat_question(rows: Rows) -> None:
    rows[0]["question"] = rows[60]["question"]


def reuse_id(rows: Rows) -> None:
    rows[0]["id"] = rows[1]["id"]


def leak(rows: Rows) -> None:
    rows[0]["question"] = "a different phrasing, entirely"


def learn(rows: Rows) -> None:
    rows[0]["question"] = "what could learners else wonder?"


def seal_half_a_family(rows: Rows) -> None:
    row = next(r for r in rows if r["kind"] == "paraphrase")
    row["sealed"] = not row["sealed"]


def seal_all(rows: Rows) -> None:
    for row in rows:
        row["sealed"] = True


def one_domain(rows: Rows) -> None:
    for row in rows:
        row["tags"] = ["1.1.1"]


def change(key: str, value: object) -> Callable[[Rows], None]:
    return lambda rows: answerable(rows).update({key: value})


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (misquote, "does not say"),
        (misname, "no such note: none.md"),
        (repeat_question, "asks what"),
        (reuse_id, "the id stands 2 times"),
        (leak, "facts.md asks the same"),
        (learn, "course.jsonl asks the same"),
        (seal_half_a_family, "sealed as a whole or not at all"),
        (seal_all, "are sealed, not a fifth"),
        (one_domain, "domain 2 has 0% of the questions"),
        (lambda rows: drop(rows, "numeric"), "of kind numeric, not"),
        (lambda rows: drop(rows, "unanswerable_near"), "of kind unanswerable_near, not"),
        (lambda rows: drop(rows, "paraphrase"), "has three wordings, not 2"),
        (change("evidence", []), "its kind and its evidence disagree"),
        (change("kind", "riddle"), "no such kind: riddle"),
        (change("answer", ""), "have an answer and key points"),
        (change("tags", ["9.9.9"]), "not statements of the exam"),
        (change("reviewed_by", "a"), "not reviewed by somebody else"),
    ],
)
def test_each_defect_is_found(sound: Gold, spoil: Callable[[Rows], None], found: str) -> None:
    rows = copy.deepcopy(list(sound.rows))
    spoil(rows)
    breaches = lint(Gold(rows, sound.course, sound.learned))
    assert any(found in b for b in breaches), breaches[:5]


def test_overlap_is_the_share_of_the_questions_words_that_its_evidence_uses(sound: Gold, tmp_path: Path) -> None:
    row = copy.deepcopy(answerable(list(sound.rows)))
    row["evidence"][0]["quote"] = "zebra quagga"
    row["question"] = "zebra horse quagga pony"
    assert overlap(Gold([row], tmp_path)) == 0.5
