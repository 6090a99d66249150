"""A language model in, what it is fit for out: twenty small tasks, each checked by code.

So few tasks tell a model that can from one that cannot, not a good one from a better one.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from tutor import pace
from tutor.chat import Chat
from tutor.errors import ModelBusy, ModelDenied, ModelFailed, ModelSlow, ModelUnreachable, ModelUnusable
from tutor.pace import Pace
from tutor.qualify.tasks import Skill, tasks
from tutor.types import Usage

LEAST: Final[Mapping[str, Mapping[Skill, int]]] = {
    "explain": {"cite": 4, "override": 1, "abstain": 3, "resist": 1},
    "long prompts": {"recall": 1},
    "grade": {"judge": 4},
    "quiz": {"compose": 1, "cite": 4},
    "asks": {"phrase": 1},
    "JSON": {"fill": 1},
}
"""What a model is fit for when it passes so many tasks of each kind. Of five, two and four tasks of an explanation one may
fail, for code checks every sentence behind it; a verdict on a learner has no such net, and a model that always says no is
right in three of four."""
PATIENCE: Final = 3
"""Failures in a row to get any reply, after which a model is asked no more."""

_SILENT: Final = (ModelUnusable, ModelDenied, ModelBusy, ModelSlow, ModelUnreachable)


@dataclass(frozen=True, slots=True)
class Result:
    """A task by name, and why it failed; "" where it passed."""

    task: str
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Fitness:
    """What a model is fit for, by purpose, and the day of the examination. `truncates` says that the start of a long
    prompt did not come back, and no error did. `results`, `pace`, `usage` and `seconds` are an examination's, and not kept with it."""

    fit: Mapping[str, bool]
    passed: int
    of: int
    truncates: bool
    date: str
    results: tuple[Result, ...] = ()
    pace: Pace | None = None
    usage: Usage | None = None
    seconds: float = 0.0

    @property
    def verdict(self) -> str:
        """For what the model is fit, and for what not, on one line."""
        return ", ".join(f"{purpose} {'yes' if fit else 'no'}" for purpose, fit in self.fit.items())


Progress = Callable[[int, int, str], None]
"""Told how many tasks are done, of how many, and the name of the next one; "" after the last."""


def examine(chat: Chat, home: Path, clock: Callable[[], float] = time.monotonic, progress: Progress = lambda *_: None, date: str = "") -> Fitness:
    """Set the twenty tasks to a model; what it is fit for is kept in `home` beside its speed.

    A task that ends in ModelFailed is failed. Raises the third such error in a row with which no reply came at all.
    """
    began = clock()
    every = tasks()
    results: list[Result] = []
    passed: Counter[Skill] = Counter()
    usage, missed, truncates = Usage(chat.name, cost=0.0), 0, False
    for task in every:
        progress(len(results), len(every), task.name)
        try:
            reply = pace.whole(chat, task.messages, task.tokens, home, task.schema)
        except ModelFailed as error:
            missed = missed + 1 if isinstance(error, _SILENT) else 0
            if missed == PATIENCE:
                raise
            results.append(Result(task.name, str(error)))
            continue
        missed = 0
        usage += reply.usage
        failure = task.check(reply)
        truncates |= task.skill == "recall" and bool(failure)
        passed[task.skill] += not failure
        results.append(Result(task.name, failure))
    progress(len(results), len(every), "")
    fit = {purpose: all(passed[skill] >= least for skill, least in needed.items()) for purpose, needed in LEAST.items()}
    found = Fitness(fit, passed.total(), len(every), truncates, date, tuple(results), pace.read(home, chat.name), usage, clock() - began)
    pace.keep(home, chat.name, "fit", {"fit": dict(fit), "passed": found.passed, "of": found.of, "truncates": truncates, "date": date})
    return found


def known(home: Path, name: str) -> Fitness | None:
    """What was found of a model before; None where it was not examined, or what is kept cannot be read."""
    kept = pace.entry(home, name).get("fit")
    if not isinstance(kept, dict) or not isinstance(kept.get("fit"), dict):
        return None
    passed, of, truncates, date = (kept.get(key) for key in ("passed", "of", "truncates", "date"))
    if not (type(passed) is int and type(of) is int and isinstance(truncates, bool) and isinstance(date, str)):
        return None
    return Fitness({purpose: kept["fit"].get(purpose) is True for purpose in LEAST}, passed, of, truncates, date)


def table(found: Fitness, name: str) -> str:
    """The examination for a person: its tasks, what it took, and the verdict."""
    width = max(len(r.task) for r in found.results)
    lines = [f"{r.task:<{width}}  {'failed: ' + r.failure if r.failure else 'passed'}" for r in found.results]
    lines += ["", f"{found.passed} of {found.of} passed in {found.seconds:.0f} s; {_spent(found)}"]
    if found.truncates:
        lines.append("The start of a prompt of about 3,000 tokens did not come back, and no error did: give the model a longer context where it is served.")
    return "\n".join([*lines, f"{name}: {found.verdict}"])


def report(found: Fitness, name: str) -> dict[str, object]:
    """The examination as plain data."""
    return {"model": name} | asdict(found) | {"verdict": found.verdict}


def _spent(found: Fitness) -> str:
    said = []
    if found.usage:
        cost = "cost unknown" if found.usage.cost is None else "free" if found.usage.cost == 0 else f"about ${found.usage.cost:.4f}"
        said.append(f"{'' if found.usage.counted else 'about '}{found.usage.input_tokens:,} tokens in, {found.usage.output_tokens:,} out, {cost}")
    if found.pace:
        said.append(f"it reads {found.pace.prompt_rate:,.0f} and writes {found.pace.output_rate:,.0f} tokens a second")
    return "; ".join(said)
