"""A tutor made worse on purpose, each in one way that has happened to somebody; the gate must say so, and say nothing of no change."""

from __future__ import annotations

import copy
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from evals import cassettes
from evals.gate.comparison import INCOMPLETE, PASS, REGRESSION
from evals.records import Item, Run, loads
from evals.selftest import guards, repeats
from evals.selftest.repeats import Way
from evals.suites import Scene, answers, models, retrieval
from tutor import embed, index, prompts
from tutor.chat import Message
from tutor.extractive import outcome
from tutor.index import Contents, Index
from tutor.session import Tutor
from tutor.settings import from_environment

STEP: Final = 5
"""Of so many gold questions one is asked of a worse tutor: some three hundred."""
MOVED: Final = 1.0
"""Log odds by which the threshold of abstention is moved."""
TIMES: Final = 20
"""Runs without a change."""
Alter = Callable[[Tutor], Tutor]


@dataclass(frozen=True, slots=True)
class Regression:
    """A way to be worse: what becomes of the tutor, or what stands in a function's place meanwhile; the suites that see it, and the
    code that the gate must end with."""

    name: str
    alter: Alter | None = None
    instead: tuple[str, Callable[..., Any]] | None = None
    replayed: bool = False
    code: int = REGRESSION


@dataclass(frozen=True, slots=True)
class Seen:
    """What the gate says of a regression: its code, the one asked for, how many of the items changed a check, and what it says first."""

    name: str
    code: int
    asked: int
    broken: int
    items: int
    first: str

    @property
    def caught(self) -> bool:
        """Whether the gate ends as it must."""
        return self.code == self.asked


def planted(home: Path, names: Sequence[str] = (), step: int = STEP, progress: Callable[[str], None] = lambda _text: None) -> list[Seen]:
    """Ask a slice of the gold of the tutor as it is, and of it with each regression (none named: all)."""
    before: dict[bool, Run] = {}
    found = []
    for one in (r for r in REGRESSIONS if not names or r.name in names):
        progress(f"regression: {one.name}")
        if one.replayed not in before:
            before[one.replayed] = asked(home, Regression("none", replayed=one.replayed), step)
        found.append(seen(one, asked(home, one, step), before[one.replayed]))
    return found


def asked(home: Path, regression: Regression, step: int = STEP) -> Run:
    """The slice, asked of a tutor with a regression."""
    with guards.replaced(*regression.instead) if regression.instead else nullcontext():
        scene = Scene(home, embed.find(from_environment().embedding), share=(0, 1 if regression.replayed else step), alter=regression.alter)
        suites: Iterator[Item] = models.items(scene) if regression.replayed else iter((*answers.items(scene), *retrieval.items(scene)))
        return Run({}, tuple(suites))


def seen(regression: Regression, run: Run, before: Run) -> Seen:
    """What the gate says of it."""
    found = guards.beside(run, before)
    broken = sum(c.turn == "broken" for c in found.changes)
    first = next((f.text for f in found.findings if f.code), "")
    return Seen(regression.name, found.code, regression.code, broken, len(run.items), first)


def unchanged(home: Path, times: int = TIMES) -> list[str]:
    """What the gate, or a comparison of bytes, finds among runs without a change, with other hash seeds and threads; nothing, one hopes."""
    ways = [Way(seed, 2, 4 * repeats.STEP) if seed % 2 else Way(seed, 1) for seed in range(times)]
    first, *texts = repeats.again(home, ways)
    whole = loads(first)
    found = []
    for way, text in zip(ways[1:], texts, strict=True):
        run, differing = loads(text), repeats.differences(first, text)
        tried = {i.id for i in run.items}
        if differing or guards.beside(run, replace(whole, items=tuple(i for i in whole.items if i.id in tried))).code:
            found.append(f"With hash seed {way.seed} and {way.threads} threads {', '.join(differing[:5])} differ from the first run.")
    return found


def _over(made: Callable[[Index], Index]) -> Alter:
    return lambda tutor: Tutor(made(tutor.index), tutor.encoder)


def _headless(of: Index) -> Index:
    """The index as if notes had no headings: none is searched, compared or shown."""
    bare = [replace(p, heading=(), headings_at=()) for p in of.passages]
    vectors = of.vectors(range(len(of.passages) + len(of.keys)))
    with tempfile.TemporaryDirectory(prefix="headless-") as folder:
        index.write(Path(folder), Contents(list(of.notes.values()), bare, of.keys, of.words, of.abbreviations, vectors))
        return index._read(Path(folder), of.manifest)


def _wordless(of: Index) -> Index:
    """The index with a lexical search that finds nothing."""
    made = copy.copy(of)
    vars(made)["lexical"] = lambda query: np.zeros(len(of.passages), dtype=np.float32)  # noqa: ARG005
    vars(made)["spoken"] = lambda query: np.zeros(of.sections, dtype=np.float32)  # noqa: ARG005
    return made


def _shuffled(of: Index) -> Index:
    """The index with the vectors of other passages: a file that was taken for another, under the same fingerprint."""
    made = copy.copy(of)
    made._rows = of._rows[np.random.default_rng(0).permutation(len(of._rows))]
    made._means = None
    return made


def _turned(of: Index) -> Index:
    """The index in the coordinates of another model of the same dimension: every vector turned by one random rotation."""
    made = copy.copy(of)
    turn, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(of._rows.shape[1],) * 2))
    made._rows = (of._rows @ turn).astype(np.float32)
    made._means = None
    return made


def _moved(by: float) -> tuple[str, Callable[..., Any]]:
    made = outcome._decisions()
    return "tutor.extractive.outcome:_decisions", lambda: replace(made, threshold=made.threshold + by)


def _uncited() -> tuple[str, Callable[..., Any]]:
    """A prompt that no longer asks for citations."""
    made = prompts.explain

    def without(*given: Any) -> list[Message]:
        return [replace(m, text=_CITING.sub("", m.text)) for m in made(*given)]

    return "tutor.prompts:explain", without


def _saying(change: Callable[[str], str]) -> tuple[str, Callable[..., Any]]:
    """A model that says something else, under the prompts that it was recorded with."""
    made = cassettes._spoken
    return "evals.cassettes:_spoken", lambda stretches: made([change(s) for s in stretches])


def _denying(said: str) -> str:
    return re.sub(r"\b(is|are|can|must) (?!not\b)", r"\1 not ", said)


_CITING: Final = re.compile(r"[^.\n]*\b(?:cite|citing|brackets?|ids?)\b[^.\n]*\.", re.IGNORECASE)
_IDS: Final = re.compile(r"\s*\[[\d., ]+\]")
REGRESSIONS: Final = (
    Regression("no headings", _over(_headless)),
    Regression("no lexical search", _over(_wordless)),
    Regression("vectors of other passages", _over(_shuffled)),
    Regression("vectors of another model", _over(_turned)),
    Regression("abstains later", instead=_moved(-MOVED)),
    Regression("abstains earlier", instead=_moved(MOVED)),
    Regression("a prompt without citations", instead=_uncited(), replayed=True, code=INCOMPLETE),
    Regression("a model that denies", instead=_saying(_denying), replayed=True),
    Regression("a model that stops citing", instead=_saying(lambda said: _IDS.sub("", said)), replayed=True, code=PASS),
)
"""The last one is none: the ids that a model writes are a hint, and code finds the sentences that hold what it says."""
