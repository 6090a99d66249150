"""The last run of the evals as the product reads it: what the evals write comes back, what is anything else is a sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from evals import records
from evals.gate.comparison import Change, Comparison, Finding
from evals.metrics import Figure as Measured
from evals.records import Item, Run
from evals.report import table
from evals.report.phrases import CHECKS
from tutor import quality
from tutor.errors import InputError
from tutor.quality import Figure, Quality, Tried
from tutor.types import Note, digest
from tutor.ui import quality_plots, quality_words

NOTE = Note("bio/cells.md", "Cells", "# Cells\n\nA cell is small: it has 1–2 µm.\n")
SPAN = (NOTE.text.index("A cell"), NOTE.text.index(": it"))
ITEM = Item(
    "answers/a", "definition", "1", "a", "what's a cell?", "00000000", {"answered": True, "evidence": False}, {"words": 4}, outcome="answered",
    said=(records.Said("A cell is small", "exact", (records.Place(NOTE.path, *SPAN, records.sha(NOTE.text[slice(*SPAN)])),), "Cells"), records.Said("It is alive.", "supported")), critical=True,
)  # fmt: skip


def item(name: str, *failed: str, **changes: Any) -> Item:
    """An item of the suite of answers that fails these checks, and holds another."""
    return replace(ITEM, id=f"answers/{name}", checks={"cited": True} | dict.fromkeys(failed, False), said=(), critical=False, **changes)


def written(home: Path, items: Sequence[Item], findings: Sequence[Finding] = (), changes: Sequence[Change] = (), figures: Sequence[Any] = ()) -> Quality:
    """What is read of a run and its comparison that the evals wrote."""
    run = Run({"gold": "x"}, tuple(items))
    records.write(home / "evals" / "last.json", run)
    made = table.as_json(Comparison(run, None, tuple(findings), tuple(changes), tuple(figures)))
    (home / "evals" / "gate.json").write_text(json.dumps(made), encoding="utf-8")
    found = quality.read(home)
    assert found is not None
    return found


def test_a_run_comes_back_as_it_was_written(tmp_path: Path) -> None:
    found = written(tmp_path, [ITEM, item("b")])
    first, second = found.tried
    assert (first.id, first.suite, first.kind, first.domain, first.question) == ("answers/a", "answers", "definition", "1", "what's a cell?")
    assert (first.failed, first.passed, first.critical, first.outcome) == (("evidence",), False, True, "answered")
    assert [(s.label, s.text, s.verdict) for s in first.said] == [("Cells", "A cell is small", "exact"), ("", "It is alive.", "supported")]
    assert [(p.note, p.span) for p in first.said[0].cites] == [("bio/cells.md", SPAN)]
    assert second.passed
    assert found.spoke == "notes-only"
    assert abs((datetime.now(UTC) - found.written).total_seconds()) < 300


def test_cited_words_stand_where_the_note_still_has_them(tmp_path: Path) -> None:
    place = written(tmp_path, [ITEM]).tried[0].said[0].cites[0]
    assert place.stands({NOTE.path: NOTE})
    assert not place.stands({NOTE.path: replace(NOTE, text=NOTE.text.replace("cell is", "cell was"))})
    assert not place.stands({})


def test_the_gate_says_what_it_found(tmp_path: Path) -> None:
    figures = [
        ("answers/words", Measured("answers/words", 90.0, 8, None), Measured("answers/words", 80.0, 9, 2.0, 1)),
        ("x/new_one", None, Measured("x/new_one", None, 0, None)),
    ]
    changes = [Change("broken", ITEM, ITEM, ("evidence",))]
    gate = written(tmp_path, [ITEM], [Finding("diff", "It broke.", 1, ITEM.id), Finding("slice", "Beware.")], changes, figures).gate
    assert gate is not None
    assert (gate.code, gate.findings, dict(gate.turns)) == (1, (("It broke.", 1), ("Beware.", 0)), {"answers/a": "broken"})
    assert gate.verdict.startswith("Regression: 1 item broke")
    words, other = gate.figures
    assert (words.suite, words.direction, words.over, words.before, words.now, words.n, words.error, words.unscored) == (
        "answers",
        "down",
        "answers",
        90.0,
        80.0,
        9,
        2.0,
        1,
    )
    assert (other.label, other.direction, other.now, other.interval) == ("new one", "", None, None)
    assert words.interval == pytest.approx((76.08, 83.92))


def test_a_comparison_of_another_run_is_left_out(tmp_path: Path) -> None:
    assert written(tmp_path, [ITEM]).gate is not None
    before = quality.stamp(tmp_path)
    records.write(tmp_path / "evals" / "last.json", Run({"gold": "x"}, (item("b"),)))
    found = quality.read(tmp_path)
    assert found is not None
    assert found.gate is None
    assert found.suites == ("answers",)
    assert quality.stamp(tmp_path) != before


def test_without_a_run_there_is_nothing(tmp_path: Path) -> None:
    assert quality.read(tmp_path) is None
    assert quality.stamp(tmp_path) is None


GOOD: Mapping[str, Any] = {"schema": "footnote/evals/1", "spoke": "notes-only", "fingerprint": {}, "items": []}
ROW: Mapping[str, Any] = {"id": "answers/a", "kind": "k", "domain": "1", "question": "q?"}
GATE: Mapping[str, Any] = {"run": "RUN", "code": 0, "verdict": "Passed.", "findings": [], "figures": [], "changes": []}
FIGURE: Mapping[str, Any] = {"metric": "answers/words", "direction": "down", "before": None, "now": 1.0, "n": 3, "error": None}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        "{}",
        *(json.dumps(GOOD | change) for change in ({"schema": "footnote/evals/2"}, {"spoke": 3}, {"items": {}}, {"items": [3]}, {"items": None})),
        *(
            json.dumps(GOOD | {"items": [{**ROW, **change}]})
            for change in (
                {"id": None},
                {"question": 7},
                {"checks": []},
                {"checks": {"answered": "yes"}},
                {"checks": {"answered": 1}},
                {"said": {}},
                {"said": ["text"]},
                {"said": [["", "text"]]},
                {"said": [["", "text", "exact", "nowhere"]]},
                {"said": [["", "text", "exact", {"note": "a.md"}]]},
                {"error": True},
            )
        ),
    ],
)
def test_what_is_no_run_is_a_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / "evals").mkdir()
    (tmp_path / "evals" / "last.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"last\.json cannot be shown: .* Make it anew with `python -m evals check`\.$"):
        quality.read(tmp_path)


@pytest.mark.parametrize(
    "gate",
    [
        "no JSON",
        *(
            json.dumps({**GATE, **change})
            for change in ({"code": "0"}, {"code": True}, {"verdict": None}, {"findings": ["x"]}, {"changes": [{}]}, {"causes": "x"})
        ),
        *(json.dumps({**GATE, "figures": [{**FIGURE, **change}]}) for change in ({"direction": "left"}, {"n": -1}, {"n": 1.5}, {"now": "1"}, {"now": True})),
        json.dumps({**GATE, "figures": [dict(FIGURE)]}).replace("1.0", "1e999"),
        json.dumps({**GATE, "figures": [dict(FIGURE)]}).replace("1.0", "NaN"),
    ],
)
def test_what_is_no_comparison_is_a_sentence(gate: str, tmp_path: Path) -> None:
    (tmp_path / "evals").mkdir()
    (tmp_path / "evals" / "last.json").write_text(json.dumps(GOOD), encoding="utf-8")
    run = (tmp_path / "evals" / "last.json").read_text(encoding="utf-8")
    (tmp_path / "evals" / "gate.json").write_text(gate.replace("RUN", digest(run)), encoding="utf-8")
    with pytest.raises(InputError, match=r"gate\.json cannot be shown: "):
        quality.read(tmp_path)


def test_bytes_and_size_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "evals").mkdir()
    (tmp_path / "evals" / "last.json").write_bytes(b'{"schema": "\xff"}')
    with pytest.raises(InputError, match="cannot be read as text"):
        quality.read(tmp_path)
    monkeypatch.setattr(quality, "LARGEST", 10)
    with pytest.raises(InputError, match="too large"):
        quality.read(tmp_path)


def test_the_worst_comes_first(tmp_path: Path) -> None:
    items = [
        item("a", "answered"), item("b", "evidence", "premise"), item("c", "quotes"), item("d", "unheard_of"), item("e", error="Boom."), item("f"),
        replace(item("g", "answered"), critical=True), item("h", "answered"),
    ]  # fmt: skip
    found = written(tmp_path, items, changes=[Change("broken", items[7], items[7], ("answered",)), Change("mended", items[2], items[2])])
    assert [t.id[-1] for t in found.worst("answers")] == ["h", "g", "c", "b", "a", "d", "e"]
    assert found.worst("safety") == []


def test_what_was_tried_is_counted_by_domain_and_kind(tmp_path: Path) -> None:
    items = [item("a"), item("b", "answered"), replace(item("c"), domain="2"), replace(item("d"), checks={}), replace(item("e"), domain="", error="Boom.")]
    tried = written(tmp_path, items).of("answers")
    assert quality.coverage(tried, "domain") == [("1", 1, 2), ("2", 1, 1)]
    assert quality.coverage(tried, "kind") == [("definition", 2, 4)]


def figure(now: float | None, error: float | None = None, before: float | None = None, direction: Any = "up") -> Figure:
    """A figure of the suite of answers."""
    return Figure("answers", "exact quotes", "", "answers with citations", direction, before, now, 10, error, 0)


@pytest.mark.parametrize(
    ("now", "error", "interval"),
    [(0.5, 0.1, (0.304, 0.696)), (0.99, 0.1, (0.794, 1.0)), (0.01, 0.1, (0.0, 0.206)), (-0.02, 0.01, (-0.0396, -0.0004)), (0.5, None, None), (None, 0.1, None)],
)
def test_the_interval_of_a_figure(now: float | None, error: float | None, interval: tuple[float, float] | None) -> None:
    assert figure(now, error).interval == (interval and pytest.approx(interval))


def rows(chart: quality_plots.Chart) -> list[dict[str, Any]]:
    """The rows of a chart."""
    found: list[dict[str, Any]] = {p["name"]: p["value"] for p in chart["params"]}["rows"]
    return found


def test_a_chart_has_a_row_for_each_share() -> None:
    chart = quality_plots.intervals([figure(0.5, 0.1, 0.4, "down"), figure(80.0), figure(-0.1), figure(None), figure(1.0, 0.0, 1.0)])
    first, second, third = rows(chart)
    assert (first["low"], first["now"], first["high"], first["before"]) == (pytest.approx(0.304), 0.5, pytest.approx(0.696), 0.4)
    assert (second["low"], second["now"], second["high"]) == (-0.1, -0.1, -0.1)
    assert third["before"] is None, "where nothing moved there is no ring"
    assert chart["encoding"]["x"]["scale"]["domain"] == [-0.1, 1]
    assert first["words"] == ["0.50 · Exact quotes, of answers with citations (lower is", "better)"]
    assert third["words"] == ["1.00 · Exact quotes, of answers with citations"]
    assert chart["height"] == quality_plots.LINE * (4 + 3 + 3)
    assert [row["at"] for row in (first, second, third)] == [44.0, 92.0, 140.0]


def test_a_bar_is_as_long_as_the_share_that_passed() -> None:
    chart = quality_plots.shares([("Cells", 3, 4), ("x" * 300, 0, 2)])
    assert [(row["low"], row["high"]) for row in rows(chart)] == [(0.0, 0.75), (0.0, 0.0)]
    assert rows(chart)[0]["words"] == ["3 of 4 · Cells"]


def test_text_reaches_a_chart_as_data_alone() -> None:
    hostile = '"}], datum.constructor, <img src=x>'
    chart = quality_plots.shares([(hostile, 1, 2)])
    chart.pop("params")
    assert "img" not in json.dumps(chart)


def test_page_and_report_say_the_same() -> None:
    assert dict(quality_words.CHECKS) == {name: phrases.failing for name, phrases in CHECKS.items()}


def test_what_has_no_words_is_told_by_its_name() -> None:
    tried = Tried("x/1", "k", "", "q?", failed=("evidence", "well_lit"))
    assert quality_words.failures(tried) == [quality_words.CHECKS["evidence"], "Does not hold: well lit."]
    assert quality_words.failures(replace(tried, error="Boom.")) == ["It could not be tried: Boom."]
    assert [quality_words.suite(name) for name in ("answers", "new_one")] == ["Answers", "New one"]
    assert [quality_words.domain(name) for name in ("1", "notes", "law_firm")] == ["Domain 1", "Other notes", "Law firm"]
    assert [quality_words.value(v) for v in (None, 0.123, -0.004, 12.34, 1234.5)] == ["–", "0.12", "0.00", "12.3", "1,234"]
