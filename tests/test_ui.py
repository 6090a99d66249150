"""The web app, driven headless over an index of three notes made with the real embedding model."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from test_render import check_inert

from ingest.build import ingest
from tutor import render, store
from tutor.embed import Model
from tutor.errors import InputError
from tutor.extractive import outcome
from tutor.ui import ingestion

APP = str(Path(__file__).resolve().parent.parent / "app.py")
ASK, NOTES = "tutor/ui/ask.py", "tutor/ui/notes.py"
HOSTILE = "$x$ ![a](b) [c](d) <img src=x> :red[e] :streamlit: **f.md"

CELLS = """---
title: Cells
secret: front matter is not shown
---
# Cells

A cell is the smallest unit of life. Cells take in food and give off waste.

## Organelles

The organelles of a cell are these:

- **Mitochondrion**: A mitochondrion is an organelle that makes most of the energy of the cell.
- **Ribosome**: A ribosome is an organelle that builds proteins from amino acids.

| Organelle | What it makes | Where it stands |
|---|---|---|
| Chloroplast | Sugar from light | Plant cells |
| Lysosome | Enzymes that digest waste | Animal cells |

## Steps to stain a cell

The steps to stain a cell are:

1. Spread the cells on a slide.
2. Add a drop of methylene blue.
3. Wash the slide with water.
"""
RIVERS = (
    "Rivers\n\nA river is a stream of water that flows to a sea. 2*3*4 litres is no emphasis here.\nA delta is the land that a river leaves at its mouth.\n"
)
EVIL = f"""# Evil ![t](http://evil.example/t.png) :red[title] $y$

## Head <script>alert(1)</script> [h](javascript:alert(1)) :material/check:

A zyxovirus is a germ that shows ![i](http://evil.example/i.png) and $\\frac{{1}}{{2}}$ and <b>bold</b> at www.evil.example.
A zyxovirus spreads by :tada: and \u202ereversed\u202c words, says {"x" * 300}.
"""


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, minilm: Model) -> Path:
    """A home with an index of three notes."""
    home = tmp_path_factory.mktemp("home")
    notes = tmp_path_factory.mktemp("sources")
    (notes / "biology").mkdir()
    (notes / "biology" / "cells.md").write_text(CELLS, encoding="utf-8")
    (notes / "rivers.txt").write_text(RIVERS, encoding="utf-8")
    (notes / HOSTILE).write_text(EVIL, encoding="utf-8")
    ingest(home / "index", [notes], minilm, lambda *_: None)
    return home


@pytest.fixture
def home(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment set to that home."""
    monkeypatch.setenv("TUTOR_HOME", str(made))
    monkeypatch.delenv("TUTOR_EMBEDDING", raising=False)
    return made


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minilm: Model) -> Path:
    """The environment set to a home without an index."""
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TUTOR_EMBEDDING", raising=False)
    return tmp_path / "home"


def opened(page: str = ASK, **address: str) -> AppTest:
    """The app after its first run, on a page and at an address."""
    app = AppTest.from_file(APP, default_timeout=120).run()
    if page != ASK or address:
        app.switch_page(page)
        for name, value in address.items():
            app.query_params[name] = value
        app.run()
    assert not app.exception
    return app


def asked(app: AppTest, question: str) -> AppTest:
    """The app after a question."""
    app.chat_input[0].set_value(question).run()
    assert not app.exception
    return app


def texts(app: AppTest) -> list[str]:
    """Every text on the page that Streamlit reads as Markdown."""
    found = [e.value for kind in ("markdown", "caption", "title", "header", "error", "warning", "info", "success") for e in getattr(app, kind)]
    found += [e.label for kind in ("button", "expander", "text_input") for e in getattr(app, kind)]
    found += [e.proto.help for e in app.button]
    found += [e.label for e in app.page_link]
    return [re.sub(r"^:gray-badge\[:material/\w+: (.*)\]$", r"\1", str(text)) for text in found if text]


def said(app: AppTest) -> str:
    """All of a page's words on one line, as Markdown."""
    return "\n".join(texts(app))


def chips_of(app: AppTest) -> list[Any]:
    """The footnote chips on the page."""
    return [b for b in app.button if str(b.key).startswith("chip-")]


def test_the_first_page_says_what_it_is_and_suggests_questions(home: Path) -> None:
    app = opened()
    assert "Notes only · 3 notes" in said(app)
    suggested = [b.label for b in app.button if str(b.key).startswith("suggested-")]
    assert suggested
    app.button(key="suggested-0").click().run()
    assert suggested[0] in [m.value for m in app.markdown]
    assert len(app.session_state["turns"]) == 1
    assert not [b for b in app.button if str(b.key).startswith("suggested-")]


def test_an_answer_bears_its_words_its_chips_and_its_mode(home: Path) -> None:
    app = asked(opened(), "What is a mitochondrion?")
    assert "A mitochondrion is an organelle that makes most of the energy of the cell" in said(app)
    assert "[1]" in [c.label for c in chips_of(app)]
    assert any(c.value.startswith("Notes only · ") and c.value.endswith("s") for c in app.caption)
    assert any(e.label.startswith("Sources") for e in app.expander)
    assert app.session_state["turns"][0].answer.outcome == "answered"
    for text in texts(app):
        check_inert(text)


def test_a_chip_opens_its_quote_highlighted_in_its_note(home: Path) -> None:
    app = asked(opened(), "What is a mitochondrion?")
    turn = app.session_state["turns"][0].answer
    chips_of(app)[0].click().run()
    assert not app.exception
    quoted = [m.value for m in app.markdown if ":yellow-background[" in m.value]
    assert len(quoted) == 1
    assert render.inline(turn.citations[0].quote) in quoted[0]
    assert any("biology" in c.value for c in app.caption)
    links = [p for p in app.page_link if p.label == "Open the note"]
    assert len(links) == 1
    assert f"at={turn.citations[0].start}" in links[0].proto.query_string


@pytest.mark.parametrize("result", ["closest", "absent"])
def test_what_the_notes_do_not_answer_is_said_and_set_apart(home: Path, result: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcome, "decide", lambda *_: result)
    app = asked(opened(), "Which **temperature** does a ribosome need?")
    words = said(app)
    assert ("touch on this but do not answer it" if result == "closest" else "Your notes do not answer this") in words
    assert ("Nearest in your notes, not an answer" in words) == (result == "closest")
    assert bool(chips_of(app)) == (result == "closest")
    assert not [s for s in app.get("container") if str(s.key).startswith("lead-")]
    places = [p for p in app.page_link if "note=" in p.proto.query_string]
    assert places
    assert all("at=" in p.proto.query_string for p in places)
    for text in texts(app):
        check_inert(text)


def test_an_empty_question_gets_a_sentence(home: Path) -> None:
    app = asked(opened(), "   ")
    assert [w.value for w in app.warning] == ["Ask a question\\: it was empty\\."]
    assert app.session_state["turns"] == []


def test_a_conversation_can_be_begun_anew(home: Path) -> None:
    app = opened()
    assert app.button(key="new").disabled
    app = asked(asked(app, "What is a ribosome?"), "What is a delta?")
    assert len(app.chat_message) == 4
    app.button(key="new").click().run()
    assert app.session_state["turns"] == []
    assert not app.chat_message


def test_without_an_index_the_page_says_how_to_make_one(empty: Path) -> None:
    for page in (ASK, NOTES):
        app = opened(page)
        assert [c.value for c in app.code] == ["python -m ingest"]
        assert app.button(key="index-course").label == "Index the shipped course"
        assert not app.error


def test_a_damaged_index_is_a_sentence_and_a_way_out(home: Path, empty: Path) -> None:
    index = empty / "index"
    generation = store.current(home / "index")
    (index / generation.name).mkdir(parents=True)
    for path in generation.rglob("*"):
        if path.is_file():
            target = index / generation.name / path.relative_to(generation)
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(path.read_bytes())
    (index / "CURRENT").write_bytes((home / "index" / "CURRENT").read_bytes())
    notes = index / generation.name / "notes.jsonl"
    flipped = bytearray(notes.read_bytes())
    flipped[10] ^= 1
    notes.write_bytes(flipped)
    for page in (ASK, NOTES):
        app = opened(page)
        assert len(app.error) == 1
        assert "does not match its digest" in app.error[0].value
        assert "Traceback" not in said(app)
        assert app.button(key="rebuild").label == "Rebuild the index"


def test_missing_weights_are_a_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_EMBEDDING", str(home / "no-such-model"))
    app = opened()
    assert len(app.error) == 1
    assert "no\\-such\\-model" in app.error[0].value


def test_notes_are_listed_and_searched(home: Path) -> None:
    app = opened(NOTES)
    assert {"Cells", "rivers"} <= {p.label for p in app.page_link}
    app.text_input[0].set_value("amino acids").run()
    assert not app.exception
    assert any(":yellow-background[amino acids]" in m.value or ":yellow-background[amino] :yellow-background[acids]" in m.value for m in app.markdown)
    app.text_input[0].set_value("x" * 5000).run()
    assert "ask one of at most" in app.error[0].value


def test_a_note_opens_at_a_quote(home: Path) -> None:
    start = CELLS.index("A ribosome is")
    app = opened(NOTES, note="biology/cells.md", at=str(start), to=str(start + len("A ribosome is an organelle")))
    assert [t.value for t in app.title] == ["Cells"]
    body = "\n".join(m.value for m in app.markdown)
    assert ":yellow-background[A ribosome is an organelle]" in body
    assert "### Organelles" in body or "#### Organelles" in body
    assert "front matter" not in body
    assert {"Organelles", "Steps to stain a cell"} <= {p.label.strip() for p in app.page_link}
    for text in texts(app):
        check_inert(text)


@pytest.mark.parametrize(("at", "to"), [("x", "-1"), ("999999999999999999999", "2"), ("50", "10"), ("٣", "٤"), ("0", "99999999")])
def test_an_address_made_by_hand_opens_the_note_unmarked(home: Path, at: str, to: str) -> None:
    app = opened(NOTES, note="rivers.txt", at=at, to=to)
    body = "\n".join(m.value for m in app.markdown)
    assert "2\\*3\\*4" in body
    assert (":yellow-background[" in body) == (to == "99999999")


def test_an_address_of_no_note_is_a_sentence(home: Path) -> None:
    app = opened(NOTES, note="../../etc/passwd ![x](y)")
    assert len(app.error) == 1
    check_inert(app.error[0].value)


def test_hostile_notes_show_words_only(home: Path) -> None:
    asking = asked(opened(), "What is a zyxovirus?")
    assert "zyxovirus" in said(asking)
    chips_of(asking)[0].click().run()
    listing = opened(NOTES)
    listing.text_input[0].set_value("zyxovirus").run()
    for app in (asking, opened(NOTES), listing, opened(NOTES, note=HOSTILE)):
        assert not app.exception
        for text in texts(app):
            check_inert(text)
    assert any(render.plain(HOSTILE) in text for text in texts(opened(NOTES, note=HOSTILE)))


def test_an_upload_is_kept_and_indexed(empty: Path) -> None:
    app = opened(NOTES)
    app.file_uploader[0].upload("../../My tides.md", b"# Tides\n\nA tide is the rise and fall of the sea.\n").run()
    app.button(key="add").click().run()
    assert not app.exception
    assert (empty / "notes" / "My tides.md").is_file()
    assert [s.value for s in app.success] == ["1 note in 1 passage, ready to be asked."]
    assert "Tides" in {p.label for p in app.page_link}


def test_a_failed_ingest_is_a_sentence(home: Path, empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(arguments: Sequence[str] = ()) -> Iterator[ingestion.Step]:
        yield ingestion.Step("read", 0, 1)
        raise InputError("Another ingest is writing `here`.")

    monkeypatch.setattr(ingestion, "run", failing)
    for app, key in ((opened(), "index-course"), (opened(NOTES), "index-course")):
        app.button(key=key).click().run()
        assert not app.exception
        assert [e.value for e in app.error] == ["Another ingest is writing `here`\\."]


def test_the_report_of_an_ingest_is_shown_once(home: Path) -> None:
    app = opened(NOTES)
    app.session_state["report"] = json.loads('{"notes": 2, "passages": 3, "skipped": [{"path": "![x](y).docx", "reason": "no reader"}]}')
    app.run()
    assert [s.value for s in app.success] == ["2 notes in 3 passages, ready to be asked."]
    for text in texts(app):
        check_inert(text)
    assert not app.run().success
