"""The commands as another program calls them: JSON on standard output, sentences on standard error, exit statuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fakes import NOTES, write_notes

from ingest.__main__ import main as ingest
from tutor.__main__ import main as tutor


@pytest.fixture
def home(tiny_settings: Path, tmp_path: Path) -> Path:
    assert ingest([str(write_notes(tmp_path / "notes")), "--json"]) == 0
    return tiny_settings


def test_ask_prints_one_object_whose_quotes_stand_in_the_notes(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert tutor(["ask", "What", "do", "ribosomes", "build?", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["question"] == "What do ribosomes build?"
    assert answer["mode"] == "notes-only"
    assert answer["abstained"] is (answer["outcome"] != "answered")
    for c in answer["citations"]:
        assert NOTES[c["note"]][c["start"] : c["end"]] == c["quote"]


def test_search_prints_hits_best_first(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert tutor(["search", "chlorophyll absorbs light", "-k", "2", "--json"]) == 0
    hits = json.loads(capsys.readouterr().out)["hits"]
    assert len(hits) == 2
    assert hits[0]["heading"] == ["Plants", "Photosynthesis"]
    assert hits[0]["score"] >= hits[1]["score"]
    assert NOTES[hits[0]["note"]][hits[0]["start"] : hits[0]["end"]] == hits[0]["text"]


def test_an_answer_on_the_terminal_shows_footnotes_and_no_control_codes(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert tutor(["search", "ribosomes \x1b[31m"]) == 0
    assert tutor(["ask", "what do ribosomes build from amino acids"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "(notes-only, " in out


@pytest.mark.parametrize(("arguments", "status"), [(["ask", "  "], 1), (["ask", "x" * 10_000], 1)])
def test_a_question_that_is_none_gets_a_sentence(arguments: list[str], status: int, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert tutor(arguments) == status
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.strip().endswith(".")


def test_wrong_usage_is_status_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        tutor(["sing"])
    assert end.value.code == 2
    assert "usage: python -m tutor" in capsys.readouterr().err


def test_progress_goes_to_standard_error_as_json_lines(tiny_settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ingest([str(write_notes(tmp_path / "more")), "--json"]) == 0
    captured = capsys.readouterr()
    report = json.loads(captured.out)
    assert report["notes"] == len(NOTES)
    lines = [json.loads(line) for line in captured.err.splitlines()]
    assert {line["phase"] for line in lines} == {"read", "embed", "write"}
    assert all(0 <= line["done"] <= line["total"] for line in lines)
