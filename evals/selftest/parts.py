"""The harness itself in, whether it sees what it should out: lies, rewordings, bad answers, missing guards, and no change where none is.

Each part stands alone, so that several processes share the work.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from evals.cases import sets
from evals.gate import policy
from evals.records import Item, Run
from evals.run import THREADS
from evals.selftest import guards, regressions, repeats, sight, supported
from evals.selftest.impostors import IMPOSTORS, Impostor, Remembering
from evals.suites import Scene, answers
from tutor import embed
from tutor.session import Tutor
from tutor.settings import from_environment

FEW: Final = 0.25
"""Of the answerable questions that the tutor passes, the greatest share that an impostor may pass."""
EACH: Final = 4
"""Guards that one process tries."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Part:
    """What one part found: a table for reading, figures for a program, and what falls short, in sentences."""

    name: str
    text: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    misses: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """All parts. It passes where nothing falls short."""

    parts: tuple[Part, ...]

    @property
    def misses(self) -> tuple[str, ...]:
        """What falls short, in sentences."""
        return tuple(miss for p in self.parts for miss in p.misses)

    @property
    def passed(self) -> bool:
        """Whether the harness sees what it should."""
        return not self.misses

    def table(self) -> str:
        """The parts for reading, and what falls short."""
        verdict = "\n".join(f"FALLS SHORT: {miss}" for miss in self.misses) or "The harness sees what it should."
        return "\n\n".join((*(f"{p.name} ({p.seconds:.0f} s)\n{p.text}" for p in self.parts), verdict))

    def as_json(self) -> dict[str, Any]:
        """The same for a program."""
        parts = {p.name: {**p.figures, "misses": list(p.misses), "seconds": round(p.seconds, 1)} for p in self.parts}
        return {"passed": self.passed, "misses": list(self.misses), "parts": parts}


def run(home: Path | None = None, planted: bool = False, progress: Progress = lambda _text: None, workers: int | None = None) -> Result:
    """Every part; with `planted`, the planted regressions and twenty runs without a change as well, which takes minutes.

    `home` holds the indexes of the gold notes (default: $TUTOR_HOME/evals).
    """
    home = home or from_environment().home / "evals"
    Scene(home, embed.find(from_environment().embedding)).prepare(progress)
    tasks: list[Callable[[], Part]] = [partial(_repeated, home, way) for way in repeats.WAYS]
    tasks += [partial(_guarded, home, n) for n in range(-(-len(guards.GUARDS) // EACH))]
    tasks += [partial(_impersonated, home), partial(_detected, policy.read().selftest)]
    tasks += [partial(_worsened, home, one.name) for one in regressions.REGRESSIONS] if planted else []
    parts = _done(tasks, workers or min(len(tasks), os.cpu_count() or 1), progress)
    parts += [_unchanged(home)] if planted else []
    return Result(tuple(_joined(parts)))


def _done(tasks: Sequence[Callable[[], Part]], workers: int, progress: Progress) -> list[Part]:
    """The parts in the order of their tasks, by as many processes."""
    if workers < 2:
        return [_timed(task) for task in tasks]
    os.environ.update(THREADS)  # children read them when NumPy loads
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        waiting = [pool.submit(_timed, task) for task in tasks]
        for number, done in enumerate(as_completed(waiting), 1):
            progress(f"selftest, {number} of {len(tasks)}: {done.result().name} in {done.result().seconds:.0f} s")
        return [one.result() for one in waiting]


def _timed(task: Callable[[], Part]) -> Part:
    began = time.perf_counter()
    part = task()
    return Part(part.name, part.text, part.figures, part.misses, time.perf_counter() - began)


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Shares of one part as one, and the repeated runs held against one another."""
    found: dict[str, Part] = {}
    for p in parts:
        other = found.get(p.name)
        joined = Part(p.name, f"{other.text}\n{p.text}", {**other.figures, **p.figures}, other.misses + p.misses, other.seconds + p.seconds) if other else p
        found[p.name] = joined
    return [_compared(p) if p.name == REPEATED else p for p in found.values()]


REPEATED: Final = "The same bytes twice"


def _repeated(home: Path, way: repeats.Way) -> Part:
    text = repeats.again(home, [way])[0]
    name = f"hash seed {way.seed}, threads {way.threads}, every {way.step}th question"
    return Part(REPEATED, f"{name}: {len(text):,} characters", {name: text})


def _compared(part: Part) -> Part:
    """The runs that a part holds, each held against the first."""
    (first, one), *others = part.figures.items()
    found = [(name, repeats.differences(one, other)) for name, other in others]
    misses = tuple(f"The run with {name} is not the one with {first}: {', '.join(ids[:5]) or 'its bytes differ'}." for name, ids in found if ids)
    return Part(part.name, part.text, {"runs": len(part.figures)}, misses, part.seconds)


def _guarded(home: Path, share: int) -> Part:
    scene = Scene(home, embed.find(from_environment().embedding))
    found = guards.removals(scene, guards.GUARDS[share * EACH : (share + 1) * EACH])
    lines = [f"{len(r.red):>3} findings over {r.tried:>2} items: {r.guard}" for r in found]
    misses = tuple(f"Nothing turns red without this guard: {r.guard} ({r.where})." for r in found if not r.red)
    return Part("Without a guard", "\n".join(lines), {r.guard: {"tried": r.tried, "findings": len(r.red)} for r in found}, misses)


def _impersonated(home: Path) -> Part:
    """Bad answers to the slice, beside the tutor's own."""
    scene = Scene(home, embed.find(from_environment().embedding), share=(0, repeats.STEP), alter=Remembering)
    return impersonated(scene)


def impersonated(scene: Scene) -> Part:
    """Bad answers to a scene's questions, beside the tutor's own: hardly an answerable question may pass, and the gate must see it."""
    true = Run({}, tuple(answers.items(scene)))
    right = {i.id for i in true.items if "evidence" in i.checks and i.passed}
    lines, figures, misses = [f"{_passed(true.items):.3f} of {len(true.items)}: the tutor itself"], {"the tutor itself": _passed(true.items)}, []
    for name, reply in IMPOSTORS.items():
        tutors: dict[str, Tutor] = {each.name: Impostor(scene.tutor(each.name), reply) for each in sets()}
        run = Run({}, tuple(answers.items(Scene(scene.home, scene.model, scene.only, scene.share, _tutors=tutors))))
        kept, seen = sum(i.id in right and i.passed for i in run.items), guards.differences(run, true)
        figures[name] = _passed(run.items)
        lines.append(f"{_passed(run.items):.3f}, {kept} of {len(right)} answers kept, {len(seen)} findings of the gate: who {name}")
        if kept > FEW * len(right):
            misses.append(f"Who {name} still passes {kept} of the {len(right)} questions that the tutor answers.")
        if not seen:
            misses.append(f"The gate sees nothing in who {name}.")
    return Part("Bad answers", "\n".join(lines), figures, tuple(misses))


def _passed(items: Sequence[Item]) -> float:
    return round(sum(i.passed for i in items) / max(1, len(items)), 3)


def _detected(blessed: Mapping[str, float]) -> Part:
    """Mutants and twins of the notes' own sentences and of labelled paraphrases."""
    bases = supported.bases()
    seen, alarmed = sight.mutants(bases), sight.reworded(bases)
    figures = {name: {f"{r.name}, {r.source}": [round(r.share, 3), r.n] for r in rates} for name, rates in (("mutants", seen), ("twins", alarmed))}
    return Part("What the judge sees", sight.table(seen, alarmed), figures, tuple(sight.misses(seen, alarmed, blessed)))


def _worsened(home: Path, name: str) -> Part:
    """One planted regression."""
    one = regressions.planted(home, [name])[0]
    text = f"the gate ends with {one.code}, {one.broken} of {one.items} items broke: {one.name} ({one.first})"
    misses = () if one.caught else (f"The gate ends with {one.code} and not with {one.asked} for this regression: {one.name}.",)
    return Part("Planted regressions", text, {one.name: {"code": one.code, "broken": one.broken, "items": one.items}}, misses)


def _unchanged(home: Path) -> Part:
    began = time.perf_counter()
    found = regressions.unchanged(home)
    text = f"{regressions.TIMES - len(found)} of {regressions.TIMES} pass"
    return Part("Runs without a change", text, {"runs": regressions.TIMES, "passed": regressions.TIMES - len(found)}, tuple(found), time.perf_counter() - began)
