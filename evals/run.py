"""Suites in, a run out: indexes brought up to date, the work shared among processes, progress told."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np

from evals.cases import sets
from evals.gate.fingerprint import fingerprint
from evals.records import NOTES_ONLY, Item, Run
from evals.suites import Scene, Suite, answers, grading, models, questions, retrieval, safety
from tutor import embed
from tutor import models as chats
from tutor.errors import InputError
from tutor.settings import from_environment

SUITES: Final[dict[str, tuple[Suite, int]]] = {
    "safety": (safety.items, 1),
    "questions": (questions.items, 1),
    "grading": (grading.items, 1),
    "answers": (answers.items, 4),
    "retrieval": (retrieval.items, 4),
    "models": (models.items, 1),
}
"""Each suite, and in how many shares its work is done; what takes longest comes first."""
THREADS: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """A share of a suite's work."""

    suite: str
    share: tuple[int, int]
    home: Path
    only: frozenset[str] | None = None
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a task: items, and the milliseconds of each question that was asked."""

    task: Task
    items: tuple[Item, ...]
    seconds: float
    asked: tuple[float, ...] = field(default=())


def run(
    suites: Collection[str] = (),
    only: Collection[str] = (),
    home: Path | None = None,
    workers: int | None = None,
    sealed: bool = False,
    progress: Progress = lambda _text: None,
) -> Run:
    """Try everything the suites know (none: all suites), or of the gold questions those with the ids `only`; no model speaks
    but from cassettes.

    `home` holds the indexes of the gold notes (default: $TUTOR_HOME/evals). Raises InputError for an unknown suite or id.
    """
    if unknown := sorted(set(suites) - set(SUITES)):
        raise InputError(f"There is no suite {unknown[0]}; there are {', '.join(SUITES)}.")
    began = time.perf_counter()
    scene = _prepared(home, only, sealed, progress)
    ready = time.perf_counter()
    tasks = [Task(name, (k, n), scene.home, scene.only, sealed) for name, (_, n) in SUITES.items() if not suites or name in suites for k in range(n)]
    done = _share_out(tasks, min(len(tasks), os.cpu_count() or 1) if workers is None else workers, progress)
    items = [i for d in done for i in d.items]
    items += answers.families(items)
    return Run(fingerprint(scene, NOTES_ONLY), tuple(sorted(items, key=lambda i: i.id)), timings=_timings(done, ready - began, time.perf_counter() - began))


def speak(model: str, only: Collection[str] = (), home: Path | None = None, record: bool = False, progress: Progress = lambda _text: None) -> Run:
    """Ask a model that speaks now, named as in TUTOR_MODEL; with `record` only what the cassettes ask, and its replies are kept
    as one. Raises InputError for an unknown id, ModelUnusable for a model that cannot be set up."""
    began = time.perf_counter()
    scene = _prepared(home, only, False, progress)
    chat = chats.connect(replace(from_environment(), model=model))
    found = []
    for item in models.record(scene, chat) if record else models.live(scene, chat):
        found.append(item)
        progress(f"{len(found)}: {item.id}")
    timings = {"whole_s": round(time.perf_counter() - began, 1)}
    return Run(fingerprint(scene, model), tuple(sorted(found, key=lambda i: i.id)), model, "sampled", timings)


def renew(home: Path | None = None, progress: Progress = lambda _text: None) -> list[str]:
    """Carry cassettes over to prompts that changed; what became of each of these prompts, as sentences."""
    told = []
    for name, renewal in models.renew(_prepared(home, (), False, progress)).items():
        told += [f"{name}, carried over ({why}): {question}" for question, why in renewal.renewed]
        told += [f"{name}, lost ({why}): {question}" for question, why in renewal.stranded]
    return told


def _prepared(home: Path | None, only: Collection[str], sealed: bool, progress: Progress) -> Scene:
    settings = from_environment()
    scene = Scene(home or settings.home / "evals", embed.find(settings.embedding), frozenset(only) or None, sealed=sealed)
    scene.prepare(progress)
    if lost := set(only) - {c.id for each in sets() for c in scene.cases(each.name)}:
        raise InputError(f"There is no gold question {sorted(lost)[0]} among the {'sealed' if sealed else 'open'} ones.")
    return scene


def _share_out(tasks: Sequence[Task], workers: int, progress: Progress) -> list[Done]:
    """Every task done: by new processes with one thread each, so that sums come out the same on every run, or by this one for no workers."""
    if not workers:
        return [_told(do(task), n, len(tasks), progress) for n, task in enumerate(tasks, 1)]
    os.environ.update(THREADS)  # children read them when NumPy loads
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        waiting = [pool.submit(do, task) for task in tasks]
        return [_told(one.result(), n, len(tasks), progress) for n, one in enumerate(as_completed(waiting), 1)]


def _told(done: Done, number: int, of: int, progress: Progress) -> Done:
    progress(f"{number} of {of}: {done.task.suite}, {len(done.items)} items in {done.seconds:.0f} s")
    return done


def do(task: Task) -> Done:
    """Do one task in this process."""
    began = time.perf_counter()
    scene = _scene(task)
    found = tuple(SUITES[task.suite][0](scene))
    return Done(task, found, time.perf_counter() - began, tuple(scene.asked))


_scenes: dict[Path, Scene] = {}


def _scene(task: Task) -> Scene:
    """A scene for a task; the tutors that this process opened before are kept."""
    made = Scene(task.home, embed.find(from_environment().embedding), task.only, task.share, sealed=task.sealed)
    if task.home in _scenes:
        made.lend(_scenes[task.home])
    _scenes[task.home] = made
    return made


def _timings(done: Sequence[Done], prepared: float, whole: float) -> dict[str, float]:
    asked = [ms for d in done for ms in d.asked]
    seconds: dict[str, float] = {}
    for d in done:
        seconds[f"{d.task.suite}_s"] = seconds.get(f"{d.task.suite}_s", 0.0) + d.seconds
    timed = {f"ask_p{q}_ms": float(np.percentile(asked, q)) for q in (50, 95) if asked}
    return {name: round(value, 1) for name, value in ({"indexes_s": prepared, "whole_s": whole} | dict(sorted(seconds.items())) | timed).items()}
