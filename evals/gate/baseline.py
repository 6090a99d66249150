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
from evals.suites import Scene, answers, models
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

    now = records.by_id(run.items)

    def again(item: Item) -> Item:
        found = cases.get(item.id.rpartition("/")[2])
        if found is None or item.id not in now or now[item.id].sha != item.sha:
            return item
        name, case = found
        notes = scene.tutor(name).index.notes
        if item.suite == "models" and not item.unscored and all(p.words(notes) is not None for s in item.said for p in s.cites):
            return models.rescored(item, case, name, notes)
        return answers.again(item, case, name, notes) if item.suite == "answers" else item

    kept = [again(i) for i in baseline.items if not i.id.startswith("answers/families/")]
    return replace(baseline, items=(*kept, *answers.families(kept)))


def refusal(made: Run, old: Run | None, reason: str, beside: Collection[Path], only: Collection[str] = ()) -> str:
    """Why a run is not to be blessed here and now, as a sentence; "" where it may be. `beside` are files that need no commit."""
    if workspace.in_ci():
        return "A baseline is blessed by a person, not in CI."
    if not reason.strip():
        return "Say with --reason why this run is the one to measure by."
    if any(i.error for i in made.items):
        return "The run has items that could not be tried; mend and run again."
    if only and old is None:
        return "There is no baseline of which single items could be replaced: bless the whole run."
    if old is not None and old.spoke != made.spoke:
        return f"This baseline speaks through {old.spoke} and the run through {made.spoke}: name another file with --baseline."
    if old is not None and not only and (lacking := [s for s in old.suites if s not in made.suites]):
        return f"The run lacks the suites {', '.join(lacking)}: bless a whole run, or single items of this one with --only."
    if not workspace.commit():
        return "A baseline names its commit, and this is no checkout of git."
    if changed := workspace.changed(beside):
        return f"The tree has changes that no commit holds, first {changed[0]}: commit, run again, then bless."
    return ""


def bless(run: Run, old: Run | None, reason: str, path: Path = FILE, only: Collection[str] = ()) -> Run:
    """Write a run as the baseline, or of it the items `only` beside those of the old one, scored as the run is; returns what was
    written. Raises InputError for an item that the run does not have. Look at `refusal` first."""
    items = records.by_id(run.items)
    if unknown := sorted(set(only) - set(items)):
        raise InputError(f"The run has no item {unknown[0]}.")
    if only and old is not None:
        merged = records.by_id(old.items) | {name: items[name] for name in only}
        kept = [i for name, i in merged.items() if not name.startswith("answers/families/")]
        items = records.by_id((*kept, *answers.families(kept)))
    told = {"reason": reason.strip(), "commit": workspace.commit(), "date": datetime.datetime.now(datetime.UTC).date().isoformat()}
    made = replace(run, items=tuple(items[name] for name in sorted(items)), timings={}, blessed=told)
    records.write(path, made)
    return made
