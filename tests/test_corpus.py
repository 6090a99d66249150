"""The shipped course: its form, its blueprint, and the rules of its notes; and that each rule finds what it is there for."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from course import COURSE, CourseNote, blueprint, breaches, notes, repeated

from ingest.build import Report, gather
from tutor import embed
from tutor.embed import Model

TOML = blueprint()
NOTES = notes()
LABS = [n for n in NOTES if n.path.stem.startswith("lab-")]
GLOSSARIES = [n for n in NOTES if n.path.stem.startswith("glossary-")]
TABLES = {
    "table-of-metrics", "table-of-hyperparameters", "table-of-built-in-algorithms", "table-of-instance-families", "table-of-endpoint-types",
    "table-of-scenarios", "renamed-and-retired",
}  # fmt: skip


def test_the_blueprint_is_the_exams() -> None:
    assert (TOML["exam"]["questions"], TOML["exam"]["minutes"], TOML["exam"]["pass_score"]) == (65, 130, 720)
    assert (TOML["exam"]["scale_min"], TOML["exam"]["scale_max"]) == (100, 1000)
    assert [d["weight"] for d in TOML["domains"]] == [0.28, 0.26, 0.22, 0.24]
    assert [t["id"] for t in TOML["tasks"]] == [f"{d}.{n}" for d in range(1, 5) for n in range(1, 4)]


def test_the_statements_are_those_of_the_exam_guide() -> None:
    of_task = Counter(s["task"] for s in TOML["statements"])
    assert of_task == {
        "1.1": 10, "1.2": 9, "1.3": 9, "2.1": 9, "2.2": 17, "2.3": 11, "3.1": 13, "3.2": 11, "3.3": 12, "4.1": 7, "4.2": 16, "4.3": 9,
    }  # fmt: skip
    assert all(s["id"].startswith(f"{s['task']}.") and s["domain"] == int(s["id"][0]) and s["weight"] in (1, 2, 3) for s in TOML["statements"])
    assert len({s["id"] for s in TOML["statements"]}) == len(TOML["statements"]) == 133


def test_every_statement_has_a_section_in_a_note_of_its_task() -> None:
    served = {statement for n in NOTES if n.front["task"] != "0" for statement, headings in n.front["statements"].items() if headings}
    assert {s["id"] for s in TOML["statements"]} - served == set()


def test_every_service_has_an_entry_that_says_the_same_things() -> None:
    labels = ["Choose it when", "Avoid it when", "Confused with", "Limits and defaults", "Billing", "Security"]
    for service, stem in TOML["services"].items():
        note = next(n for n in NOTES if n.path.stem == stem)
        entry = re.search(rf"^## {re.escape(service)}\n(.*?)(?=^## |\Z)", note.body, re.MULTILINE | re.DOTALL)
        assert entry, service
        assert re.findall(r"^- \*\*(.+?)\*\*:", entry[1], re.MULTILINE) == labels, service


def test_the_course_is_whole() -> None:
    topics = [n for n in NOTES if n.front["task"] != "0" and n not in LABS]
    assert len(topics) >= 70
    assert len(LABS) >= 10
    assert {n.path.stem for n in NOTES} >= TABLES
    terms = [t.lower() for n in GLOSSARIES for t in re.findall(r"^- \*\*(.+?)\*\*:", n.body, re.MULTILINE)]
    assert [t for t, n in Counter(terms).items() if n > 1] == []
    assert len(terms) >= 250


@pytest.mark.parametrize("note", LABS, ids=lambda n: n.path.stem)
def test_a_lab_has_all_its_parts_and_one_that_needs_no_account(note: CourseNote) -> None:
    headings = " / ".join(text.lower() for _, text in note.headings)
    assert all(part in headings for part in ("goal", "need", "steps", "see", "clean", "cost", "without an account")), headings
    assert re.search(r"^```(json|yaml|python)$", note.body, re.MULTILINE)


@pytest.mark.parametrize("note", NOTES, ids=lambda n: n.path.stem)
def test_a_note_keeps_the_rules(note: CourseNote) -> None:
    assert breaches(note, TOML) == []


def test_ids_are_unique_and_no_sentence_stands_twice() -> None:
    assert [i for i, n in Counter(n.front["id"] for n in NOTES).items() if n > 1] == []
    assert repeated(NOTES) == []


def test_no_phrasing_leads_to_two_places() -> None:
    asks = Counter(" ".join(a.lower().split()) for n in NOTES for listed in n.front["asks"].values() for a in listed)
    assert [a for a, n in asks.items() if n > 1] == []


def test_it_is_read_without_a_remark(model: Model) -> None:
    report = Report()
    gathered = gather([COURSE], embed.counter(model), report, lambda phase, done, total: None)
    assert (report.skipped, report.remarks) == ([], [])
    assert {r.note.path for r in gathered.readings} == {n.path.relative_to(COURSE).as_posix() for n in NOTES}
    assert {r.note.course for r in gathered.readings} == {"mla-c01"}


SOUND = """---
id: cups
title: Cups
domain: 0
task: "0"
checked: 2026-11-22
statements: {"1.1.1": ["What a cup is"]}
services: []
sources: {potter: "The potter's handbook (2026-11)", cook: "The cook's handbook (2026-11)"}
numbers: {"A cup holds up to 250 ml": [potter, cook]}
asks:
  "What a cup is": ["thing for tea", "vessel with an ear", "what do I pour into", "mug or bowl"]
---
# Cups

## What a cup is
A cup is a vessel with a handle. A cup holds up to 250 ml of tea.

The kinds of cups are:

- **Mug**: A mug is a tall cup.

The cups differ in size:

| Cup | Size |
|---|---|
| Mug | tall |

"""
FILL = "\n\n" + " ".join(f"Cup number {n} stands on shelf number {n} of the cupboard." for n in range(1, 70))


def made(folder: Path, old: str = "", new: str = "", fill: str = FILL) -> list[str]:
    assert old in SOUND
    path = folder / "cups.md"
    path.write_text(SOUND.replace(old, new, 1) + fill + "\n" if old else SOUND + fill + "\n", encoding="utf-8")
    return breaches(CourseNote(path), TOML)


def test_a_sound_note_breaks_no_rule(tmp_path: Path) -> None:
    assert made(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("id: cups", "id: mugs", "is not the file's name"),
        ("# Cups", "# Mugs", "the title is not its one heading"),
        ("checked: 2026-11-22", "checked: 2030-01-01", "is no date up to today"),
        ("domain: 0", "domain: 2", "domain 2 is not kept in"),
        ('task: "0"', 'task: "9.9"', "task '9.9' is not of the exam"),
        ('"1.1.1": ["What', '"7.1.1": ["What', "statement '7.1.1' is not of the exam"),
        ('"1.1.1": ["What a cup is"]', '"1.1.1": ["What a mug is"]', "names no section"),
        ("services: []", "services: [Amazon Crockery]", "is not in course.toml"),
        ("handbook (2026-11)", "handbook", "has no date"),
        ("[potter, cook]", "[potter]", "needs two sources"),
        ('"A cup holds up to 250 ml"', '"A cup holds up to 300 ml"', "the note does not say"),
        ("A cup is a vessel with a handle.", "A cup is a vessel. A saucer takes at most 3 spoons.", "no source for: A saucer"),
        (', "mug or bowl"', "", "has 3 phrasings"),
        ("## What a cup is", "#### What a cup is", "skip a level"),
        ("vessel with a handle", "[vessel](x.md)", "a link"),
        ("vessel with a handle", "<b>vessel</b>", "HTML"),
        ("vessel with a handle", "vessel \u2013 handled", "not ASCII"),
        ("The kinds of cups are:", "Kinds of cups exist.", "no lead-in that ends in a colon before: - **Mug**"),
        ("The cups differ in size:", "The cups differ in size.", "no lead-in that ends in a colon before: | Cup"),
        ("| Mug | tall |", "| Mug | |", "empty or missing cell"),
        ("| Mug | tall |", "| Mug |", "empty or missing cell"),
        ("A cup is a vessel", "It is a vessel", "begins with a pronoun"),
        ("A cup is a vessel", "This is a vessel", "begins with a pronoun"),
        ("a vessel with a handle", "a powerful vessel", "filler: 'powerful'"),
        ("a vessel with a handle", "a vessel of every colour", "British spelling: 'colour'"),
        ("a vessel with a handle", "a vessel for Amazon SageMaker and for Amazon SageMaker", "an old name 2 times"),
        ("a vessel with a handle", "a vessel of the BCM kind", "not written out: BCM"),
        ("a vessel with a handle", "a vessel " + "and a handle " * 11, "words: A cup is a vessel"),
        ("The kinds of cups are:", "```json\n{oops\n```\n\nThe kinds of cups are:", "json that does not parse"),
        ("The kinds of cups are:", "```\nx\n```\n\nThe kinds of cups are:", "without a language"),
    ],
)  # fmt: skip
def test_each_rule_finds_what_it_is_there_for(tmp_path: Path, old: str, new: str, found: str) -> None:
    broken = made(tmp_path, old, new)
    assert any(found in breach for breach in broken), broken


def test_a_note_that_is_too_short_is_found(tmp_path: Path) -> None:
    assert any("words, not 700 to 1400" in breach for breach in made(tmp_path, fill=""))


def test_an_abbreviation_that_is_written_out_once_may_be_used(tmp_path: Path) -> None:
    assert made(tmp_path, "a vessel with a handle", "a big cup of milk (BCM) with a handle, and a BCM has an ear") == []


def test_a_sentence_that_two_notes_share_is_found(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(SOUND + "A cup that stands in two notes is one cup too many.\n", encoding="utf-8")
    found = repeated([CourseNote(tmp_path / "a.md"), CourseNote(tmp_path / "b.md")])
    assert ("A cup that stands in two notes is one cup too many.", ["a", "b"]) in found
