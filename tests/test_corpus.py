"""The shipped course: its form, its blueprint, and the rules of its notes that a machine can see."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
import yaml

from ingest.build import Report, gather
from ingest.read import READERS
from tutor import embed
from tutor.embed import Model

COURSE = Path(__file__).parents[1] / "corpus" / "mla-c01"
NOTES = sorted((COURSE / "notes").rglob("*.md"))
TOML = tomllib.loads((COURSE / "course.toml").read_text(encoding="utf-8"))


def parts(path: Path) -> tuple[dict[str, object], str]:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), body


def test_the_blueprint_is_the_exams() -> None:
    assert (TOML["exam"]["questions"], TOML["exam"]["minutes"], TOML["exam"]["pass_score"]) == (65, 130, 720)
    assert (TOML["exam"]["scale_min"], TOML["exam"]["scale_max"]) == (100, 1000)
    assert [d["weight"] for d in TOML["domains"]] == [0.28, 0.26, 0.22, 0.24]
    assert [t["id"] for t in TOML["tasks"]] == [f"{d}.{n}" for d in range(1, 5) for n in range(1, 4)]


def test_every_task_has_a_note_of_600_words_in_its_domains_folder() -> None:
    folder = {d["id"]: d["folder"] for d in TOML["domains"]}
    served = {}
    for path in NOTES:
        front, body = parts(path)
        if front["task"] != "0":
            served[front["task"]] = (path.parent.name, len(body.split()))
    assert set(served) == {t["id"] for t in TOML["tasks"]}
    assert all(name == folder[int(task[0])] and words >= 600 for task, (name, words) in served.items())


@pytest.mark.parametrize("path", NOTES, ids=lambda p: p.stem)
def test_front_matter_and_headings_are_whole(path: Path) -> None:
    front, body = parts(path)
    assert {"id", "title", "domain", "task", "checked", "sources", "asks"} <= set(front)
    headings = re.findall(r"^(#+) (.+)$", body, re.MULTILINE)
    assert [len(h) for h, _ in headings].count(1) == 1
    assert all(len(b[0]) - len(a[0]) <= 1 for a, b in itertools.pairwise(headings))
    assert set(front["asks"]) <= {text for _, text in headings}  # type: ignore[call-overload]
    assert "](" not in body
    assert "<" not in re.sub(r"`[^`]*`|```.*?```", "", body, flags=re.DOTALL)


def test_ids_are_unique_and_no_sentence_stands_twice() -> None:
    ids = Counter(parts(p)[0]["id"] for p in NOTES)
    assert [i for i, n in ids.items() if n > 1] == []
    seen = Counter(s.strip() for p in NOTES for s in re.split(r"(?<=[.!?])\s+|\n", parts(p)[1]) if len(s.split()) >= 8 and "|" not in s)
    assert [s for s, n in seen.items() if n > 1] == []


def test_it_is_read_without_a_remark(model: Model) -> None:
    report = Report()
    gathered = gather([COURSE], embed.counter(model), report, lambda phase, done, total: None)
    assert (report.skipped, report.remarks) == ([], [])
    assert {r.note.path for r in gathered.readings} == {p.relative_to(COURSE).as_posix() for p in NOTES}
    assert {r.note.course for r in gathered.readings} == {"mla-c01"}
    assert ".md" in READERS
