"""The workflows are valid, run what they promise, and give no right to code from elsewhere; each planted breach is named."""

from __future__ import annotations

import copy
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".github" / "workflows"
INSTALL = ROOT / ".github" / "actions" / "install" / "action.yml"
SYSTEMS = {"ubuntu-latest", "macos-latest", "windows-latest"}
EVENTS = ("push", "pull_request", "schedule", "workflow_dispatch")
UNTRUSTED = {"pull_request_target", "workflow_run", "issue_comment"}
Flow = dict[str, Any]


def load(path: Path) -> Flow:
    """A workflow as YAML 1.1 reads it, with its triggers under "on" all the same."""
    flow: Flow = {"on" if key is True else key: value for key, value in yaml.safe_load(path.read_text(encoding="utf-8")).items()}
    return flow


CI, EVALS, ACTION = load(FOLDER / "ci.yml"), load(FOLDER / "evals.yml"), load(INSTALL)


def admits(job: Flow, event: str, fork: bool) -> bool:
    """Whether a job's condition holds for an event, in a repository that is a fork or not."""
    condition = str(job.get("if", "true")).replace("github.event.repository.fork", str(fork)).replace("github.event_name", repr(event)).replace("true", "True")
    return bool(eval(re.sub(r"!(?!=)", " not ", condition).replace("&&", " and ").replace("||", " or "), {"__builtins__": {}}))


def steps(flow: Flow) -> Iterator[Flow]:
    """The steps of a workflow's jobs, or of an action."""
    yield from flow.get("runs", {}).get("steps", [])
    for job in flow.get("jobs", {}).values():
        yield from job["steps"]


def breaches(flow: Flow) -> list[str]:
    """What is wrong with a workflow or an action, whatever it is for."""
    found = [f"it is started by {event}" for event in UNTRUSTED & set(flow.get("on", ()))]
    if "jobs" in flow and flow.get("permissions") != {"contents": "read"}:
        found.append("it may do more than read")
    for step in steps(flow):
        if "${{" in str(step.get("run", "")):
            found.append("a script holds an expression")
        if "uses" in step and not re.fullmatch(r"\./\S+|[\w-]+/[\w-]+@(v\d+|[0-9a-f]{40})", step["uses"]):
            found.append(f"{step['uses']} is not pinned")
        if str(step.get("uses", "")).startswith("actions/checkout@") and step.get("with", {}).get("persist-credentials") is not False:
            found.append("the checkout leaves its token behind")
    if "continue-on-error" in str(flow):
        found.append("a failure passes")
    for name, job in flow.get("jobs", {}).items():
        if "timeout-minutes" not in job:
            found.append(f"{name} has no limit of time")
        rights = {right for right, level in job.get("permissions", {}).items() if level == "write"}
        if rights - {"id-token"}:
            found.append(f"{name} may write")
        open_to = [(event, fork) for event in EVENTS for fork in (False, True) if admits(job, event, fork)]
        if (rights or "secrets." in str(job)) and any(event == "pull_request" or fork for event, fork in open_to):
            found.append(f"{name} has rights and can run for a fork")
    return found


def lacks(ci: Flow, evals: Flow) -> list[str]:
    """What the two workflows do not do, and should."""
    found = []
    matrix = ci["jobs"]["test"]["strategy"]["matrix"]
    if set(matrix["os"]) != SYSTEMS or {"3.11", "3.13"} - set(matrix["python"]):
        found.append("the tests do not run on each system, with the oldest Python and a newer one")
    if not {"push", "pull_request"} <= set(ci["on"]) & set(evals["on"]):
        found.append("a change is not looked at")
    scripts = {name: [str(step.get("run", "")) for step in job["steps"]] for name, job in (ci["jobs"] | evals["jobs"]).items()}
    wanted = {"check": ("ruff check", "ruff format --check", "mypy", "lint-imports"), "test": ("python -m pytest",), "gate": ("python -m evals check ",)}
    wanted["live"] = ('python -m evals run --model "$MODEL"', "python -m evals compare live.json --baseline")
    found += [f"{name} does not run {part}" for name, parts in wanted.items() for part in parts if not any(part in script for script in scripts[name])]
    gate, live = evals["jobs"]["gate"], evals["jobs"]["live"]
    if not all(admits(gate, event, fork) for event in ("push", "pull_request") for fork in (False, True)):
        found.append("the gate is not asked on a change")
    if not (admits(live, "schedule", False) and admits(live, "workflow_dispatch", False)) or live.get("permissions", {}).get("id-token") != "write":
        found.append("the live job cannot assume its role")
    for part in ("upload-artifact", "GITHUB_STEP_SUMMARY"):
        told = [step for step in gate["steps"] if part in str(step)]
        if not told or any("always()" not in str(step.get("if", "")) for step in told):
            found.append(f"after a failure there is no {part}")
    return found


def validated(schema: str, *paths: Path) -> subprocess.CompletedProcess[str]:
    """Files against a schema that comes with check-jsonschema: nothing is fetched."""
    command = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, paths))
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)


def test_they_are_valid() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == ["ci.yml", "evals.yml"]
    for schema, paths in (("vendor.github-workflows", sorted(FOLDER.iterdir())), ("vendor.github-actions", [INSTALL])):
        done = validated(schema, *paths)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_schema_turns_a_broken_one_down(tmp_path: Path) -> None:
    flow = copy.deepcopy(CI)
    flow["jobs"]["test"]["run-on"] = flow["jobs"]["test"].pop("runs-on")
    (tmp_path / "ci.yml").write_text(yaml.safe_dump(flow), encoding="utf-8")
    assert validated("vendor.github-workflows", tmp_path / "ci.yml").returncode == 1


def test_they_do_what_they_should_and_give_nothing_away() -> None:
    assert [breaches(flow) for flow in (CI, EVALS, ACTION)] == [[], [], []]
    assert lacks(CI, EVALS) == []


def live(flow: Flow) -> Flow:
    """The job that asks a live model."""
    job: Flow = flow["jobs"]["live"]
    return job


@pytest.mark.parametrize(
    ("plant", "sentence"),
    [
        (lambda f: f["on"].update(pull_request_target=None), "it is started by pull_request_target"),
        (lambda f: f.pop("permissions"), "it may do more than read"),
        (lambda f: f.update(permissions={"contents": "read", "id-token": "write"}), "it may do more than read"),
        (lambda f: f["jobs"]["gate"].update(permissions={"id-token": "write"}), "gate has rights and can run for a fork"),
        (lambda f: f["jobs"]["gate"]["steps"][0].update(env={"KEY": "${{ secrets.KEY }}"}), "gate has rights and can run for a fork"),
        (lambda f: live(f).pop("if"), "live has rights and can run for a fork"),
        (lambda f: live(f).update({"if": "!github.event.repository.fork"}), "live has rights and can run for a fork"),
        (lambda f: live(f).update({"if": "github.event_name != 'pull_request'"}), "live has rights and can run for a fork"),
        (lambda f: live(f).update({"if": f"github.event_name == 'pull_request' || {live(f)['if']}"}), "live has rights and can run for a fork"),
        (lambda f: live(f)["permissions"].update(contents="write"), "live may write"),
        (lambda f: f["jobs"]["gate"]["steps"].append({"run": "echo ${{ github.event.pull_request.title }}"}), "a script holds an expression"),
        (lambda f: f["jobs"]["gate"]["steps"].append({"uses": "someone/action@main"}), "someone/action@main is not pinned"),
        (lambda f: f["jobs"]["gate"]["steps"][0].pop("with"), "the checkout leaves its token behind"),
        (lambda f: f["jobs"]["gate"]["steps"][3].update({"continue-on-error": True}), "a failure passes"),
        (lambda f: f["jobs"]["gate"].pop("timeout-minutes"), "gate has no limit of time"),
    ],
)
def test_a_breach_is_named(plant: Callable[[Flow], object], sentence: str) -> None:
    flow = copy.deepcopy(EVALS)
    plant(flow)
    assert breaches(flow) == [sentence]


@pytest.mark.parametrize(
    ("plant", "sentence"),
    [
        (lambda c, e: c["jobs"]["test"]["strategy"]["matrix"]["os"].remove("windows-latest"), "the tests do not run on each system"),
        (lambda c, e: c["on"].pop("pull_request"), "a change is not looked at"),
        (lambda c, e: c["jobs"]["check"]["steps"].pop(), "check does not run lint-imports"),
        (lambda c, e: e["jobs"]["gate"]["steps"][3].update(run="python -m evals run"), "gate does not run python -m evals check"),
        (lambda c, e: e["jobs"]["gate"].update({"if": "github.event_name == 'push'"}), "the gate is not asked on a change"),
        (lambda c, e: live(e)["permissions"].pop("id-token"), "the live job cannot assume its role"),
        (lambda c, e: e["jobs"]["gate"]["steps"][4].pop("if"), "after a failure there is no GITHUB_STEP_SUMMARY"),
        (lambda c, e: e["jobs"]["gate"]["steps"].pop(), "after a failure there is no upload-artifact"),
    ],
)
def test_a_lack_is_named(plant: Callable[[Flow, Flow], object], sentence: str) -> None:
    ci, evals = copy.deepcopy(CI), copy.deepcopy(EVALS)
    plant(ci, evals)
    found = lacks(ci, evals)
    assert len(found) == 1
    assert found[0].startswith(sentence)


def test_a_laptop_runs_the_same_gate() -> None:
    assert "$(PY) -m evals check\n" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "\nmake evals\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
