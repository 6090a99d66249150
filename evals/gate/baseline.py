"""The blessed run: read, scored again where the detector changed, and replaced by another one for a reason."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Final

from evals import records
from evals.cases import sets
from evals.gate import workspace
from evals.records import Item, Run
from evals.suites import Scene, answers
from tutor.errors import InputError

FILE: Final = Path(__file__).resolve().parents[1] / "baseline.json"


def read(path: Path = FILE) -> Run | None:
    """The baseline; None where there is none yet. Raises InputError for a file that is none."""
    return records.read(path) if path.exists() else None


def rescored(baseline: Run, run: Run, scene: Scene) -> Run:
    """The baseline with its answers scored as they would be now, where the run was scored by another detector: so a new
    metric never looks like drift."""
    if baseline.fingerprint.get("detector") == run.fingerprint.get("detector"):
        return baseline
    cases = {c.id: (each.name, c) for each in sets() for c in scene.cases(each.name)}

    def again(item: Item) -> Item:
        found = cases.get(item.id.rpartition("/")[2])
        if item.suite != "answers" or found is None or item.id.startswith("answers/families/"):
            return item
        return answers.again(item, found[1], found[0], scene.tutor(found[0]).index.notes)

    kept = [again(i) for i in baseline.items if not i.id.startswith("answers/families/")]
    return replace(baseline, items=(*kept, *answers.families(kept)))


def refusal(run: Run, reason: str, path: Path) -> str:
    """Why a run is not to be blessed here and now, as a sentence; "" where it may be."""
    if workspace.in_ci():
        return "A baseline is blessed by a person, not in CI."
    if not reason.strip():
        return "Say with --reason why this run is the one to measure by."
    if any(i.error for i in run.items):
        return "The run has items that could not be tried; mend and run again."
    if changed := workspace.changed([path]):
        return f"The tree has changes that no commit holds, first {changed[0]}: commit, run again, then bless."
    return ""


def bless(run: Run, old: Run | None, reason: str, path: Path = FILE, only: Collection[str] = ()) -> Run:
    """Write a run as the baseline, or of it the items `only`; returns what was written. Raises InputError for an item that the
    run does not have. Look at `refusal` first."""
    items = records.by_id(run.items)
    if unknown := sorted(set(only) - set(items)):
        raise InputError(f"The run has no item {unknown[0]}.")
    if only and old is not None:
        items = records.by_id(old.items) | {name: items[name] for name in only}
    told = {"reason": reason.strip(), "by": workspace.author(), "commit": workspace.commit(), "date": datetime.datetime.now(datetime.UTC).date().isoformat()}
    made = replace(run, items=tuple(items[name] for name in sorted(items)), timings={}, blessed={k: v for k, v in told.items() if v})
    records.write(path, made)
    return made
