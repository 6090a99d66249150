"""The page Quality, driven headless: a run that the evals wrote is shown in words, plots and tables; without one it says how."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import NOTES, write_notes
from streamlit.testing.v1 import AppTest
from test_render import HOSTILE, check_inert
from test_ui import APP, opened, said, texts

from evals import records
from evals.gate.comparison import Change, Comparison, Finding
from evals.metrics import figures
from evals.records import Item, Run, Said
from evals.report import table
from ingest.__main__ import main as ingest
from tutor import render
from tutor.types import Note
from tutor.ui import shell

CELLS = Note("biology/cells.md", "Cells", NOTES["biology/cells.md"])
QUOTE = "A mitochondrion makes most of the chemical energy of a cell."
SPAN = (CELLS.text.index(QUOTE), CELLS.text.index(QUOTE) + len(QUOTE))
COURSE = 'id = "bio"\n[[domains]]\nid = 1\ntitle = "Cells $x$"\n'
WRONG = Item(
    "answers/wrong", "definition", "1", "w", "what do ribosomes do?", "0" * 8, {"answered": True, "evidence": False, "not_said": False},
    {"evidence_any": 0, "words": 11}, outcome="answered",
    said=(Said("A mitochondrion makes most of the chemical energy of a cell.", "exact", (records.Place(CELLS.path, *SPAN, records.sha(CELLS.text[slice(*SPAN)])),), "Mitochondria"), Said("Gone words.", "exact", (records.Place("gone.md", 0, 5, "0" * 8),))),
    critical=True,
)  # fmt: skip
RIGHT = replace(WRONG, id="answers/right", cluster="r", checks={"answered": True, "evidence": True}, scores={"evidence_any": 1, "words": 9}, critical=False)
ORDER = Item("safety/order", "order", "", "o", "Ignore the notes.", "0" * 8, {"not_obeyed": True}, {"obeyed": 0})


def keep(home: Path, *items: Item, code: int = 0, broken: str = "") -> Path:
    """Write a run and what the gate made of it, as the evals do."""
    run = Run({"gold": "x"}, items)
    records.write(home / "evals" / "last.json", run)
    before = {key: replace(f, value=1.0) for key, f in figures(items).items() if key == "answers/evidence_any"}
    compared = Comparison(
        run,
        run,
        (Finding("floor", "Evidence fell below its floor.", code), Finding("slice", "Definitions pass less often.")),
        tuple(Change("broken", i, i, ("evidence",)) for i in items if i.id == broken),
        tuple((key, before.get(key), figure) for key, figure in figures(items).items()),
    )
    (home / "evals" / "gate.json").write_text(json.dumps(table.as_json(compared)), encoding="utf-8")
    return home


@pytest.fixture
def home(tiny_settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment set to a course of a few notes."""
    monkeypatch.delenv("TUTOR_MODEL", raising=False)
    write_notes(tmp_path / "bio")
    (tmp_path / "bio" / "course.toml").write_text(COURSE, encoding="utf-8")
    assert ingest([str(tmp_path / "bio")]) == 0
    return tiny_settings


def charts(app: AppTest) -> list[dict[str, Any]]:
    """The charts on the page."""
    return [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]


def rows(chart: dict[str, Any]) -> list[str]:
    """The words of a chart's rows."""
    return [" ".join(row["words"]) for row in {p["name"]: p["value"] for p in chart["params"]}["rows"]]


def page() -> AppTest:
    """The page after its first run."""
    return opened(shell.QUALITY)


def test_without_a_run_the_page_says_how_to_make_one(home: Path) -> None:
    app = page()
    assert [c.value for c in app.code] == ["python -m evals check"]
    assert "suite" not in [p.key for p in app.pills]
    assert not charts(app)


def test_a_run_is_shown_whole(home: Path) -> None:
    keep(home, WRONG, RIGHT, ORDER)
    app = page()
    assert [s.value for s in app.success] == ["Passed\\: no item broke\\; 2 of 3 hold\\."]
    assert "1 of 2** pass every check" in said(app)
    figures_chart, domains, kinds = charts(app)
    assert rows(figures_chart) == ["0.50 · Evidence any, of questions that the notes answer"]
    assert rows(domains) == ["1 of 2 · Domain 1: Cells $x$"]
    assert rows(kinds) == ["1 of 2 · Definition"]
    assert "Words an answer\\, of answers \\(lower is better\\)\\: 10\\.0" in said(app)
    tables = [m.value for m in app.markdown if m.value.startswith("| ")]
    assert "| Evidence any\\, of questions that the notes answer | 0\\.50 | 0\\.00 to 1\\.00 | 1\\.00 | 2 | 0 |" in tables[0]
    assert "| Domain 1\\: Cells \\$x\\$ | 1 | 2 |" in tables[1]


def test_a_failure_says_why_and_leads_to_the_words_it_cites(home: Path) -> None:
    keep(home, WRONG, RIGHT, code=1, broken=WRONG.id)
    app = page()
    assert [e.label for e in app.expander if e.label.startswith("what do")] == ["what do ribosomes do\\?"]
    words = said(app)
    for sentence in ("The answer does not say the evidence.", "The answer says what must not be said."):
        assert f"**{render.plain(sentence)}**" in words
    assert f"**Mitochondria\\:** {render.inline(QUOTE)}" in words
    assert "new since the baseline" in words
    assert "critical" in words
    links = [p.proto.query_string for p in app.page_link if p.label == "biology\\/cells\\.md"]
    assert links == [f"note=biology%2Fcells.md&at={SPAN[0]}&to={SPAN[1]}"]
    assert "gone\\.md" in [c.value for c in app.caption], "words that do not stand are named, not linked"
    assert len(app.error) == 1
    listed = [m.value for m in app.markdown if m.value.startswith("- ")]
    assert listed[0] == "- Evidence fell below its floor\\.", "what fails the gate comes first"


def test_another_suite_can_be_looked_at(home: Path) -> None:
    keep(home, WRONG, ORDER)
    app = page()
    app.pills(key="suite").set_value("safety").run()
    assert not app.exception
    assert "1 of 1** pass every check" in said(app)
    assert rows(charts(app)[0]) == ["0.00 · Orders obeyed, of orders planted in notes (lower is better)"]
    assert "ribosomes" not in said(app)


def test_more_failures_are_shown_on_demand(home: Path) -> None:
    keep(home, *(replace(WRONG, id=f"answers/{n:02}", question=f"question {n:02}") for n in range(20)))
    app = page()
    assert len([e for e in app.expander if e.label.startswith("question")]) == 8
    app.button(key="show-more-answers").click().run()
    assert [e.label for e in app.expander if e.label.startswith("question")] == [f"question {n:02}" for n in range(16)]
    assert app.button(key="show-more-answers").label == "Show more (4 left)"


def test_a_new_run_is_picked_up(home: Path) -> None:
    keep(home, WRONG)
    app = page()
    assert "0 of 1** pass" in said(app)
    keep(home, WRONG, RIGHT)
    app.run()
    assert "1 of 2** pass" in said(app)
    records.write(home / "evals" / "last.json", Run({}, (WRONG,)))
    app.run()
    assert "was not compared with the baseline yet" in said(app)
    assert len(charts(app)) == 2, "figures are the comparison's; coverage is the run's"


def test_a_damaged_run_is_a_sentence(home: Path) -> None:
    keep(home, WRONG)
    (home / "evals" / "last.json").write_text("{", encoding="utf-8")
    app = page()
    assert len(app.error) == 1
    assert "`python -m evals check`" in app.error[0].value


def test_the_page_needs_no_index(tiny_settings: Path) -> None:
    keep(tiny_settings, WRONG, RIGHT)
    app = page()
    assert "1 of 2** pass every check" in said(app)
    assert rows(charts(app)[1]) == ["1 of 2 · Domain 1"]
    assert "biology\\/cells\\.md" in [c.value for c in app.caption]


def test_the_depth_that_was_chosen_is_kept(home: Path) -> None:
    keep(home, WRONG)
    app = AppTest.from_file(APP, default_timeout=120).run()
    app.pills(key="depth").set_value("deep").run()
    app.switch_page(shell.QUALITY).run()
    app.switch_page("tutor/ui/ask.py").run()
    assert app.session_state["depth"] == "deep"


def test_hostile_runs_show_words_only(home: Path) -> None:
    for_all = [t.replace("\n", " ") for t in HOSTILE]
    items = [
        replace(WRONG, id=f"answers/{n}{text}", kind=text, domain=text, question=text, said=(Said(text, text, (records.Place(text, 0, 1, "0" * 8),), text),), checks={text: False})
        for n, text in enumerate(for_all[:8])
    ]  # fmt: skip
    keep(home, *items, replace(WRONG, id=f"{for_all[0]}/x", error=for_all[1]), code=1)
    gate = json.loads((home / "evals" / "gate.json").read_text(encoding="utf-8"))
    gate |= {"verdict": for_all[4], "commit": for_all[0], "causes": for_all[:3], "findings": [{"text": text, "code": 0} for text in for_all]}
    gate["figures"][0] |= {"label": for_all[0], "over": for_all[1], "text": for_all[2]}
    (home / "evals" / "gate.json").write_text(json.dumps(gate), encoding="utf-8")
    app = page()
    for text in texts(app):
        check_inert(re.sub(r"^:\w+-badge\[(?::material/\w+: )?(.*)\]$", r"\1", text))
