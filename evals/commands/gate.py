"""The commands of the gate: run, compare, check, bless and explain, and lint and selftest, which they rest on."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from evals import lint, records
from evals.cases import Case, lines, sets
from evals.gate import baseline, fingerprint, policy, workspace
from evals.gate import steps as gate
from evals.gate.comparison import NOT_COMPARABLE, PASS, SELFTEST, Comparison
from evals.gate.explaining import explain
from evals.measures import beir
from evals.records import Place, Run
from evals.report import html, junit, markdown, table
from evals.report.annotations import lines as annotated
from evals.run import SUITES, renew, run, speak
from evals.selftest import parts as selftest
from evals.suites import Scene
from tutor import embed
from tutor.errors import InputError
from tutor.settings import from_environment

LAST: Final = "last.json"
GATE: Final = "gate.json"
"""Below $TUTOR_HOME/evals: the last run, and what the gate said of it. The app's Quality page reads both."""


def add(commands: Any) -> None:
    """Add the commands."""

    def command(name: str, does: Callable[[Namespace], int], text: str) -> argparse.ArgumentParser:
        made = plain(name, does, text)
        made.add_argument("--json", action="store_true", help="print one JSON object")
        return made

    def plain(name: str, does: Callable[[Namespace], int], text: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
        made.set_defaults(does=does)
        return made

    command("lint", _lint, "check the gold questions: quotes, staleness, quotas, twins, leaks, seals, cassettes, waivers")
    made = command("selftest", _selftest, "prove that the harness sees what it should: mutants, twins, bad answers, removed guards, the same bytes twice")
    made.add_argument("--regressions", action="store_true", help="plant regressions in the tutor too, and run without change twenty times (some minutes)")
    made = command("run", _run, "try every suite on the gold and write down what came")
    made.add_argument("suites", nargs="*", metavar="SUITE", help=f"which of {', '.join(SUITES)} (default: all)")
    made.add_argument("--only", action="append", default=[], metavar="ID", help="only this gold question (may be repeated)")
    made.add_argument("--out", type=Path, metavar="FILE", help=f"where the run is written (default: $TUTOR_HOME/evals/{LAST})")
    made.add_argument("--model", metavar="NAME", help="speak through this model now, as in TUTOR_MODEL: the suite models, over the questions of the course")
    made.add_argument("--record", action="store_true", help="with --model: keep its replies to the cassettes' questions as a cassette")
    made.add_argument("--replay", action="store_true", help="only the recorded replies of evals/gold/cassettes (part of every whole run)")
    made.add_argument("--renew", action="store_true", help="first carry the recorded replies over to prompts that changed, where all they cite is still shown")
    made.add_argument("--sealed", action="store_true", help="ask the sealed questions; figures only, nothing of them is written down")
    made.add_argument("--beir", type=Path, metavar="DIR", help="score the search on a folder in BEIR's format instead")
    made.add_argument("--workers", type=int, metavar="N", help="processes (default: as many as processors)")
    made = command("compare", _compare, "hold a run against the baseline")
    made.add_argument("run", type=Path, metavar="RUN", help="a file that `run` wrote")
    _reporting(made)
    made = command("check", _check, "lint, selftest, run and compare in one: what CI calls")
    made.add_argument("--workers", type=int, metavar="N", help="processes (default: as many as processors)")
    _reporting(made)
    made = command("bless", _bless, "take a run for the new baseline: shows each item that changed, and wants a reason")
    made.add_argument("run", type=Path, metavar="RUN", help="a file that `run` wrote")
    made.add_argument("--reason", required=True, metavar="TEXT", help="why the changes are right")
    made.add_argument("--only", action="append", default=[], metavar="ID", help="take over only this item (may be repeated)")
    made.add_argument("--baseline", type=Path, default=baseline.FILE, metavar="FILE", help="the baseline (default: evals/baseline.json)")
    made = plain("explain", _explain, "show an item sentence by sentence: what was said, cited and judged, before and now")
    made.add_argument("id", metavar="ID", help='an item, such as "answers/d1-001", or a gold question, such as "d1-001"')
    made.add_argument("--run", type=Path, metavar="FILE", help=f"the run (default: $TUTOR_HOME/evals/{LAST}, or the question asked anew)")
    made.add_argument("--baseline", type=Path, default=baseline.FILE, metavar="FILE", help="the baseline (default: evals/baseline.json)")


def _reporting(made: argparse.ArgumentParser) -> None:
    made.add_argument("--baseline", type=Path, default=baseline.FILE, metavar="FILE", help="the baseline (default: evals/baseline.json)")
    made.add_argument("--policy", type=Path, default=policy.FILE, metavar="FILE", help="what the gate asks for (default: evals/policy.toml)")
    made.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit report")
    made.add_argument("--html", type=Path, metavar="FILE", help="write a page to read")
    made.add_argument("--md", type=Path, metavar="FILE", help="write a summary in Markdown")
    made.add_argument("--annotations", choices=("github", "none"), default="none", help="print annotations of the gold files for GitHub")


@dataclass(frozen=True, slots=True)
class _Gold:
    """The gold questions by id, with their set; the words of places in their notes."""

    scene: Scene
    cases: dict[str, tuple[str, Case]]

    def words(self, place: Place) -> str:
        found = (place.words(self.scene.tutor(each.name).index.notes) for each in sets())
        return next((w for w in found if w is not None), "")


def _home() -> Path:
    return from_environment().home / "evals"


def _gold() -> _Gold:
    scene = Scene(_home(), embed.find(from_environment().embedding))
    scene.prepare(_progress)
    return _Gold(scene, {c.id: (each.name, c) for each in sets() for c in scene.cases(each.name)})


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _lint(options: Namespace) -> int:
    gold = lint.load()
    found = lint.everything(gold)
    counted = {"questions": len(gold.rows), "breaches": len(found), "overlap": round(lint.overlap(gold), 3)}
    print(json.dumps(counted | {"found": found}) if options.json else "".join(f"{breach}\n" for breach in found) + json.dumps(counted))
    return NOT_COMPARABLE if found else PASS


def _selftest(options: Namespace) -> int:
    result = selftest.run(_home(), options.regressions, _progress)
    print(json.dumps(result.as_json()) if options.json else result.table())
    return PASS if result.passed else SELFTEST


def _run(options: Namespace) -> int:
    if options.beir:
        print(json.dumps(beir.measure(options.beir, progress=_progress), indent=None if options.json else 1))
        return PASS
    if options.record and not options.model:
        raise InputError("--record needs --model NAME: a cassette keeps what a model says.")
    if options.sealed and (options.only or options.model or options.replay or options.out):
        raise InputError("--sealed goes with suites alone: it asks all sealed questions, and only figures come of it.")
    if options.suites and (options.model or options.replay):
        raise InputError("--model and --replay are a suite of their own: leave the others out.")
    if (options.workers or 0) < 0:
        raise InputError("--workers is 0 (this process alone) or more.")
    if options.renew:
        print("\n".join(renew(_home(), _progress)), file=sys.stderr)
    if options.model:
        made = speak(options.model, options.only, _home(), options.record, _progress)
    else:
        made = run(["models"] if options.replay else options.suites, options.only, _home(), options.workers, options.sealed, _progress)
    if not options.sealed:
        out = options.out or _home() / LAST
        records.write(out, made)
        _progress(f"written to {out}")
    plain = gate.compare(made, None, policy.read(), _today())
    print(json.dumps({"figures": table.as_json(plain)["figures"]}) if options.json else table.figures(plain))
    short = [f for f in plain.findings if f.stage == "valid" and f.code]
    for finding in short:
        _progress(finding.text)
    return short[0].code if short else PASS


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()


def _compare(options: Namespace) -> int:
    return _told(records.read(options.run), options)


def _told(made: Run, options: Namespace) -> int:
    gold = _gold()
    old = baseline.read(options.baseline)
    found = gate.compare(made, baseline.rescored(old, made, gold.scene) if old else None, policy.read(options.policy), _today())
    _report(found, gold, options)
    return found.code


def _report(found: Comparison, gold: _Gold, options: Namespace) -> None:
    told = table.as_json(found) | {"commit": workspace.commit()}
    written: list[tuple[Path | None, Callable[[], str]]] = [
        (options.junit, lambda: junit.xml(found)),
        (options.html, lambda: html.page(found, gold.words)),
        (options.md, lambda: markdown.text(found)),
        (_home() / GATE, lambda: json.dumps(told, ensure_ascii=False, allow_nan=False)),
    ]
    print(json.dumps(told) if options.json else table.text(found), flush=True)
    if options.annotations == "github":
        print("\n".join(annotated(found, lines())), file=sys.stderr if options.json else sys.stdout)
    for path, text in written:
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text(), encoding="utf-8", newline="\n")


def _check(options: Namespace) -> int:
    for step in (_lint, _selftest):
        with contextlib.redirect_stdout(sys.stderr if options.json else sys.stdout):
            code = step(Namespace(json=False, regressions=False))
        if code:
            return code
    made = run((), (), _home(), options.workers, progress=_progress)
    records.write(_home() / LAST, made)
    return _told(made, options)


def _bless(options: Namespace) -> int:
    made = records.read(options.run)
    old = baseline.read(options.baseline)
    if refusal := baseline.refusal(made, old, options.reason, (options.baseline, options.run), options.only):
        raise InputError(refusal)
    gold = _gold()
    if stale := [words for part, words in fingerprint.PARTS.items() if part != "model" and made.fingerprint.get(part) != _now(gold, part)]:
        raise InputError(f"Since this run, {', '.join(stale)} changed: run again, then bless.")
    old = baseline.rescored(old, made, gold.scene) if old else None
    found = gate.compare(made, old, policy.read(), _today())
    print(json.dumps(table.as_json(found)) if options.json else table.text(found, every=True))
    if any(f.stage in ("valid", "invariant") and f.code for f in found.findings):
        print("Not blessed: what is said above under valid and invariant has to hold for every baseline.", file=sys.stderr)
        return found.code
    baseline.bless(made, old, options.reason, options.baseline, options.only)
    _progress(f"blessed: {options.baseline}")
    return PASS


def _now(gold: _Gold, part: str) -> str:
    return fingerprint.fingerprint(gold.scene, "")[part]


def _explain(options: Namespace) -> int:
    gold = _gold()
    name = options.id if "/" in options.id else f"answers/{options.id}"
    case = gold.cases.get(name.rpartition("/")[2])
    path = options.run or _home() / LAST
    made = records.read(path) if options.run or path.exists() else None
    item = records.by_id(made.items).get(name) if made else None
    if item is None:
        if options.run or case is None:
            raise InputError(f"{path.name if made else 'The gold'} has no item {name}.")
        made = run([name.partition("/")[0]], [case[1].id], _home(), 1, progress=_progress)
        item = records.by_id(made.items).get(name)
    if item is None:
        raise InputError(f"Nothing was tried under the name {name}.")
    old = baseline.read(options.baseline)
    before = records.by_id(old.items).get(name) if old else None
    print(explain(item, before, gold.words, case[1].key_points if case else ()))
    return PASS
