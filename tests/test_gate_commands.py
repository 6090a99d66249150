"""The commands of the gate on a small gold set: run, bless, compare, explain, their files, refusals and exit statuses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from runs import item, made
from selftests import prepared

import evals.cases
import evals.run
from evals import __main__ as command
from evals import records
from evals.commands import gate as commands
from evals.gate import baseline, fingerprint, policy, workspace
from evals.suites import answers
from tutor.embed import Model
from tutor.errors import InputError
from tutor.session import Tutor
from tutor.types import Answer

SUITES = ("retrieval", "answers")


@pytest.fixture
def home(tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the small gold set in place of ours, and a clean tree that is not CI's."""
    scene = prepared(tmp_path, model, monkeypatch)
    sets = evals.suites.sets
    for module in (evals.cases, evals.run, fingerprint, baseline, commands):
        monkeypatch.setattr(module, "sets", sets)
    monkeypatch.setattr(evals.cases, "GOLD", tmp_path / "a" / "b")
    monkeypatch.setattr(fingerprint, "GOLD", fingerprint.ROOT / "evals" / "gold" / "marking")
    monkeypatch.setattr(workspace, "changed", lambda beside=(): [])
    monkeypatch.setattr(workspace, "commit", lambda: "1234567")
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path))
    (tmp_path / "evals").mkdir()
    (scene.home / "indexes").rename(tmp_path / "evals" / "indexes")
    return tmp_path


def ran(home: Path, *options: str) -> Path:
    """A run of the small gold, by this process."""
    assert command.main(["run", *SUITES, "--workers", "0", *options]) == 0
    return home / "evals" / "last.json"


def blessed(home: Path) -> Path:
    path = home / "baseline.json"
    assert command.main(["bless", str(ran(home)), "--reason", "the first", "--baseline", str(path)]) == 0
    return path


def silent(patch: pytest.MonkeyPatch) -> None:
    """The tutor abstains from now on."""
    record = answers.scored
    patch.setattr(answers, "scored", lambda case, name, outcome, said, notes, suite="answers": record(case, name, "absent", (), notes, suite))


def test_a_run_is_written_and_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = records.read(ran(home))
    assert [i.id for i in run.items] == [*(f"answers/s-{n}" for n in (1, 2, 3, 4)), *(f"retrieval/s-{n}" for n in (1, 2, 3))]
    assert run.spoke == "notes-only"
    assert set(run.timings) >= {"ask_p50_ms", "answers_s", "whole_s"}
    told = capsys.readouterr()
    assert "answers" in told.out
    assert "retrieval, 1 items" in told.err


def test_two_runs_differ_in_nothing_but_time(home: Path) -> None:
    one, other = (replace(records.read(ran(home)), timings={}) for _ in range(2))
    assert records.dumps(one) == records.dumps(other)


def test_a_run_without_change_passes_and_one_that_declines_everything_fails(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = blessed(home)
    assert records.read(path).blessed["reason"] == "the first"
    assert records.read(path).timings == {}
    lenient = home / "policy.toml"
    lenient.write_text(policy.FILE.read_text(encoding="utf-8").replace('"answers/abstained_rightly" = 0.61', ""), encoding="utf-8")
    assert command.main(["compare", str(ran(home)), "--baseline", str(path), "--policy", str(lenient)]) == 0
    silent(monkeypatch)
    worse = ran(home)
    capsys.readouterr()
    reports = {name: home / f"report.{name}" for name in ("junit", "html", "md")}
    options = [text for name, file in reports.items() for text in (f"--{name}", str(file))]
    status = command.main(["compare", str(worse), "--baseline", str(path), *options, "--annotations", "github", "--json"])
    told = capsys.readouterr()
    assert status == 1
    assert json.loads(told.out)["code"] == 1
    assert "::error file=" in told.err
    assert {c.get("name") for c in ET.parse(reports["junit"]).iter("testcase") if c.find("failure") is not None} >= {"answers/s-1"}
    assert "answers/s-1" in reports["html"].read_text(encoding="utf-8")
    assert reports["md"].read_text(encoding="utf-8").startswith("<!-- footnote-evals -->")
    assert json.loads((home / "evals" / "gate.json").read_text(encoding="utf-8"))["code"] == 1


def test_without_a_baseline_the_status_is_three_and_without_a_run_two(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["compare", str(ran(home)), "--baseline", str(home / "none.json")]) == 3
    assert command.main(["compare", str(home / "no-run.json")]) == 2
    assert "There is no run at" in capsys.readouterr().err
    assert command.main(["run", "nonsense"]) == 2
    assert command.main(["run", *SUITES, "--only", "nonsense", "--workers", "0"]) == 2
    assert "There is no gold question nonsense among the open ones." in capsys.readouterr().err
    assert command.main(["run", "--record"]) == 2


def test_blessing_is_refused_in_ci_without_reason_and_on_a_dirty_tree(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run, path = ran(home), home / "baseline.json"
    bless = ["bless", str(run), "--baseline", str(path), "--reason"]
    assert command.main([*bless, " "]) == 2
    monkeypatch.setenv("CI", "true")
    assert command.main([*bless, "good"]) == 2
    monkeypatch.delenv("CI")
    monkeypatch.setattr(workspace, "changed", lambda beside=(): ["tutor/text.py"])
    assert command.main([*bless, "good"]) == 2
    told = capsys.readouterr().err
    assert [line for line in told.splitlines() if line.endswith(".") and ("CI" in line or "reason" in line or "tutor/text.py" in line)] == [
        "Say with --reason why this run is the one to measure by.",
        "A baseline is blessed by a person, not in CI.",
        "The tree has changes that no commit holds, first tutor/text.py: commit, run again, then bless.",
    ]
    assert not path.exists()


def test_a_run_of_other_code_is_not_blessed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = ran(home)
    records.write(path, replace(records.read(path), fingerprint={**records.read(path).fingerprint, "code": "other"}))
    assert command.main(["bless", str(path), "--reason", "good", "--baseline", str(home / "baseline.json")]) == 2
    assert "Since this run, the tutor's code changed: run again, then bless." in capsys.readouterr().err


def test_single_items_can_be_blessed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = blessed(home)
    silent(monkeypatch)
    run = ran(home)
    assert command.main(["bless", str(run), "--reason", "s-1 may", "--only", "answers/s-1", "--baseline", str(path)]) == 0
    found = records.by_id(records.read(path).items)
    assert (found["answers/s-1"].outcome, found["answers/s-2"].outcome) == ("absent", "answered")
    assert command.main(["bless", str(run), "--reason", "x", "--only", "answers/none", "--baseline", str(path)]) == 2


def test_an_item_is_explained_before_and_now(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    path = blessed(home)
    silent(monkeypatch)
    ran(home)
    capsys.readouterr()
    assert command.main(["explain", "s-1", "--baseline", str(path)]) == 0
    out = capsys.readouterr().out
    assert "asked: What is an ice house and what are its walls filled with?" in out
    assert "FAILS   answered  (was holds)" in out
    assert "BEFORE: answered" in out
    assert "word for word in its quote" in out
    assert "NOW: absent" in out
    assert command.main(["explain", "none"]) == 2


def test_sealed_questions_leave_no_run_behind(home: Path) -> None:
    assert command.main(["run", *SUITES, "--sealed", "--workers", "0"]) == 5  # the small gold has none
    assert not (home / "evals" / "last.json").exists()


def test_old_answers_are_scored_by_the_new_judge(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = records.read(ran(home))
    scene = evals.suites.Scene(home / "evals", evals.run.embed.find(str(evals.run.from_environment().embedding)))
    worse = replace(run, items=tuple(replace(i, checks={"cited": False}, scores={}) if i.id == "answers/s-1" else i for i in run.items))
    other = replace(worse, fingerprint={**run.fingerprint, "detector": "older"})
    assert records.by_id(baseline.rescored(other, run, scene).items)["answers/s-1"] == records.by_id(run.items)["answers/s-1"]
    assert baseline.rescored(worse, run, scene) is worse


def test_changed_files_beside_the_baseline_make_a_tree_dirty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "_git", lambda *arguments: " M evals/baseline.json\n?? notes.txt")
    assert workspace.changed([workspace.ROOT / "evals" / "baseline.json"]) == ["notes.txt"]


def test_what_would_lose_a_part_of_the_baseline_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "changed", lambda beside=(): [])
    monkeypatch.setattr(workspace, "commit", lambda: "1234567")
    monkeypatch.delenv("CI", raising=False)
    whole = made(item("q"), replace(item("q"), id="retrieval/q"))
    part, live = made(item("q")), replace(whole, spoke="some:model", mode="sampled")
    assert baseline.refusal(whole, None, "good", ()) == ""
    assert baseline.refusal(whole, whole, "good", ()) == ""
    assert baseline.refusal(part, whole, "good", ()).startswith("The run lacks the suites retrieval")
    assert baseline.refusal(part, whole, "good", (), ("answers/q",)) == ""
    assert baseline.refusal(part, None, "good", (), ("answers/q",)).startswith("There is no baseline")
    assert baseline.refusal(live, whole, "good", ()).startswith("This baseline speaks through notes-only and the run through some:model")
    assert baseline.refusal(made(item("q", error="lost")), None, "good", ()).startswith("The run has items that could not be tried")
    monkeypatch.setattr(workspace, "commit", lambda: "")
    assert baseline.refusal(whole, whole, "good", ()).startswith("A baseline names its commit")


@pytest.mark.parametrize("options", [["--sealed", "--model", "x:y"], ["--sealed", "--only", "s-1"], ["answers", "--replay"], ["--workers", "-1"]])
def test_wishes_that_contradict_one_another_are_refused(home: Path, options: list[str]) -> None:
    assert command.main(["run", *options]) == 2


def test_a_report_that_cannot_be_written_is_one_sentence_after_the_table(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = blessed(home)
    capsys.readouterr()
    (home / "file").write_text("x", encoding="utf-8")
    assert command.main(["compare", str(home / "evals" / "last.json"), "--baseline", str(path), "--md", str(home / "file" / "x.md")]) == 2
    told = capsys.readouterr()
    assert told.out != ""
    assert "cannot be read or written" in told.err.splitlines()[-1]
    (home / "bad.json").write_bytes(b"\xff\xfe")
    assert command.main(["compare", str(home / "bad.json")]) == 2


def test_a_question_that_cannot_be_asked_is_an_error_of_its_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise InputError("no such question")

    monkeypatch.setattr(Tutor, "ask", refuse)
    assert command.main(["run", "answers", "--workers", "0"]) == 5
    assert {i.error for i in records.read(home / "evals" / "last.json").items} == {"no such question"}


def test_an_answer_of_the_tiny_tutor_has_the_shape_that_is_stored() -> None:
    assert answers.record(Answer("?", "absent")) == ()
