"""What the pages are made of, without Streamlit: uploads, groups of statements, stretches of notes, the ingest's process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tutor import render
from tutor.errors import InputError
from tutor.layout import chips, grouped, reading, remarks, spent, total
from tutor.types import Answer, Citation, Note, Statement, Usage
from tutor.ui import ingestion, intake, slices, uploads

CELLS = """---
secret: front matter is not shown
---
# Cells

A cell is the smallest unit of life. Cells take in food and give off waste.

- **Mitochondrion**: A mitochondrion is an organelle that makes most of the energy of the cell.

| Organelle | What it makes | Where it stands |
|---|---|---|
| Chloroplast | Sugar from light | Plant cells |
| Lysosome | Enzymes that digest waste | Animal cells |

## Steps to stain a cell

1. Spread the cells on a slide.
2. Add a drop of methylene blue.
"""


def test_an_ingest_reports_its_steps_and_its_failure(tiny_settings: Path, tmp_path: Path) -> None:
    (tmp_path / "n").mkdir()
    (tmp_path / "n" / "a.md").write_text("# A\n\nAn atom is a small thing.\n", encoding="utf-8")
    reports: list[dict[str, Any]] = []

    def followed() -> Iterator[ingestion.Step]:
        reports.append((yield from ingestion.run([str(tmp_path / "n")])))

    assert [step.phase for step in followed()][-1] == "write"
    assert reports[0]["notes"] == 1
    with pytest.raises(InputError, match="There is no file or folder"):
        list(ingestion.run([str(tmp_path / "gone")]))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a.md", "a.md"),
        ("../../etc/cron.d/a.MD", "a.md"),
        ("C:\\notes\\b.txt", "b.txt"),
        (".hidden.md", "hidden.md"),
        ("...md", "note.md"),
        ("con.txt", "note con.txt"),
        ("NUL.md", "note NUL.md"),
        ("a\u202egnp\u200b.md", "agnp.md"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ('<img src="x">|?*.md', "img src=-x.md"),
        ("$(rm -rf ~).md", "(rm -rf ~).md"),
        ("x" * 300 + ".md", "x" * 80 + ".md"),
        ("日本語.md", "日本語.md"),
        ("😀" * 100 + ".pdf", "😀" * 80 + ".pdf"),
    ],
)
def test_an_upload_gets_a_safe_name(name: str, kept: str) -> None:
    assert uploads.safe_name(name) == kept


@pytest.mark.parametrize("name", ["a.exe", "a", "", ".md", "a.md/", "a.md.html"])
def test_an_upload_of_another_kind_is_refused(name: str) -> None:
    with pytest.raises(InputError) if name != ".md" else pytest.raises(AssertionError):
        assert uploads.safe_name(name) == ""


def test_uploads_overwrite_nothing(tmp_path: Path) -> None:
    first = uploads.keep(tmp_path, "a.md", b"one")
    assert uploads.keep(tmp_path, "a.md", b"one") == first
    assert uploads.keep(tmp_path, "a.md", b"two") == tmp_path / "a-2.md"
    assert first.read_bytes() == b"one"
    for data in (b"", b"x" * (uploads.MEGABYTES * 1_000_000 + 1)):
        with pytest.raises(InputError):
            uploads.keep(tmp_path, "b.md", data)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a-2.md", "a.md"]


def test_statements_are_grouped_under_label_and_header() -> None:
    def row(*cells: str) -> Statement:
        return Statement("x", (1,), "row", "A | B", cells=cells, columns=("A", "B"))

    groups = grouped(
        [
            Statement("lead", (1,), "lead", "L"),
            Statement("one", (1,), "point", "L"),
            Statement("two", (1,), "number", "L"),
            Statement("three", (1,), "point", "M"),
            Statement("s", (1,), "step", "M"),
            row("1", "2"),
            row("3", "4"),
            Statement("5 | 6", (1,), "row", "", cells=("5", "6")),
        ]
    )
    assert [(g.form, g.label, len(g.statements)) for g in groups] == [
        ("lead", "L", 1),
        ("points", "", 2),
        ("points", "M", 1),
        ("steps", "", 1),
        ("table", "", 2),
        ("points", "", 1),
    ]
    assert [g.form for g in grouped([Statement("lead", (1,), "lead")], led=False)] == ["points"]


def test_chips_leave_the_label_out() -> None:
    said_by = {n: Citation(n, "a.md", (), None, 0, 1, quote) for n, quote in ((1, "The words. More."), (2, "Label:"))}
    assert chips(Statement("The words.", (1, 2), label="Label:"), said_by) == (1,)
    assert chips(Statement("Other", (2,)), said_by) == (2,)


def test_what_is_said_beside_an_answer() -> None:
    unsure = Statement("x", (1,), verdict="unsure")
    assert reading(Answer("q", "answered")) == ""
    assert reading(Answer("its use?", "answered", understood="What is the use of a cell?")) == "Understood as: What is the use of a cell?"
    assert remarks(Answer("q", "answered")) == []
    assert remarks(Answer("q", "answered", (unsure,), mode="m", left_out=1, incomplete=True, remark="Why.")) == [
        "1 sentence left out: not in your notes.",
        "A sentence marked (?) goes further than the words it cites: look them up.",
        "The answer is incomplete: it broke off.",
        "Why.",
    ]
    assert remarks(Answer("q", "answered", left_out=2, remark="Why.")) == ["Why."], "of an answer from the notes nothing is left out"
    assert remarks(Answer("q", "answered", mode="m", left_out=2)) == ["2 sentences left out: not in your notes."]


@pytest.mark.parametrize(
    ("usage", "line"),
    [
        (None, []),
        (Usage("m", 1200, 34, 0.0), ["1,200 tokens in, 34 out", "free"]),
        (Usage("m", 12, 3, 0.00123, counted=False), ["about 12 tokens in, 3 out", "about $0.0012"]),
        (Usage("m", 12, 3, None), ["12 tokens in, 3 out", "cost unknown"]),
    ],
)
def test_tokens_and_cost_are_said(usage: Usage | None, line: list[str]) -> None:
    assert spent(usage) == line


def test_a_conversation_sums_its_tokens_and_says_where_it_does_not_know() -> None:
    one, two = (Answer("q", "answered", mode="m", usage=Usage("m", 100 * n, n, 0.5)) for n in (1, 2))
    notes = Answer("q", "answered")
    assert total([]) is None
    assert total([notes]) is None
    assert total([one, notes, two]) == Usage("m", 300, 3, 1.0)
    assert total([one, replace(two, usage=Usage("m", 1, 1, None))]) == Usage("m", 101, 2, None)
    assert total([one, replace(two, usage=None, incomplete=True)]) == Usage("m", 100, 1, 0.5, counted=False)
    assert total([one, replace(notes, remark="It failed.")]) == Usage("m", 100, 1, 0.5, counted=False)


def test_every_phase_of_an_ingest_has_its_words() -> None:
    assert set(intake.PHASES) == {"read", "asks", "embed", "write"}


def paged(note: Note, headings: list[int]) -> Iterator[slices.Page]:
    """A note's pages, from the first on."""
    page = slices.page(note, headings)
    yield page
    while page.later is not None:
        page = slices.page(note, headings, page.later)
        yield page


@pytest.mark.parametrize(
    "text",
    [
        "word " * 20_000,
        "x" * 50_000,
        "# H\n\n" + "A paragraph of words.\n\n" * 2000,
        "short",
        "",
        "```\n" + "code\n\n" * 3000 + "```\nend",
        "---\na: b\n---\nbody\n" * 900,
    ],
)
def test_pages_hold_a_whole_note_once(text: str) -> None:
    note = Note("a.md", "a", text)
    headings = [i for i in range(len(text)) if text.startswith("# ", i)]
    pages = list(paged(note, headings))
    assert pages[0].start == slices.body_start(text)
    assert [p.end for p in pages[:-1]] == [p.start for p in pages[1:]]
    assert pages[-1].end == len(text)
    assert all(p.end - p.start <= 4 * slices.PAGE for p in pages if "```" not in text)
    assert pages[0].earlier is None
    for before, page in pairwise(pages):
        assert page.earlier is not None
        assert before.start <= page.earlier < page.start


@pytest.mark.parametrize("quote", ["A mitochondrion is", "Lysosome", "Enzymes that digest waste", "2. Add a drop", "smallest unit", "Steps to stain"])
def test_the_words_around_a_quote_hold_it_where_they_say(quote: str) -> None:
    note = Note("cells.md", "Cells", CELLS)
    start = CELLS.index(quote)
    stretch, (a, b) = slices.around(note, (start, start + len(quote)), 60)
    assert stretch[a:b] == quote
    assert "secret" not in stretch
    if "|" in stretch:
        assert "|---|---|---|" in stretch
    assert ":yellow-background[" in render.excerpt(stretch, [(a, b)])
