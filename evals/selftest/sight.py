"""A detector in, how much it sees out: the share of mutants that it calls unsupported, and of meaning-preserving twins that it does."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evals import detector
from evals.measures.mutations import TRIED, changed
from evals.measures.pairs import Pair
from evals.selftest.supported import FITTED, HELD_OUT, QUOTED
from evals.selftest.twins import REWORDINGS, twins

EACH: Final = 100
"""Mutants of an operator, or twins of a kind, from each source; fewer where it lends itself to no more."""
LEAST: Final = 60
"""Below this many, a share says too little to be held against a floor."""
LENDERS: Final = 600
"""Pairs that lend names, quotes and claims."""
NAMES: Final = {
    "number": "number", "unit": "unit", "entity": "foreign entity", "negation": "negation", "antonym": "antonym", "roles": "role swap", "passage": "wrong passage",
    "neighbour": "wrong id", "added": "added claim", "truncated": "truncated quote", "modality": "stronger modality", "condition": "dropped condition", "merged": "joined facts",
}  # fmt: skip
"""What the operators are called in words."""
FLOORS: Final[Mapping[str, float]] = {"number": 0.95, "wrong passage": 0.95, "wrong id": 0.95, "foreign entity": 0.88, "negation": 0.85}
"""The least share of mutants of the notes' own sentences that must be called unsupported."""
ALARMS: Final = 0.05
"""The greatest share of twins that may be called unsupported: of each kind made from the notes' own sentences, and of all."""

Judge = Callable[[str, Sequence[str], str, Sequence[str]], str]
"""A sentence, its quotes, the question and what stands around in; "supported", "unsure" or "unsupported" out."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Of `n` pairs of a kind from a source, how many were called unsupported, and how many unsure."""

    name: str
    source: str
    n: int
    unsupported: int
    unsure: int

    @property
    def share(self) -> float:
        """The share that was called unsupported; 0 where there are none."""
        return self.unsupported / self.n if self.n else 0.0


def mutants(bases: Mapping[str, Sequence[Pair]], judge: Judge = detector.verdict, each: int = EACH) -> list[Rate]:
    """A rate for each operator and source; the same dice on every run."""
    return [rate(NAMES[name], source, mutated(name, pairs, each), judge) for name in TRIED for source, pairs in bases.items()]


def mutated(name: str, pairs: Sequence[Pair], each: int = EACH) -> list[Pair]:
    """Up to `each` of the pairs as an operator changes them. A wrong id is one of the same note, so all pairs may lend it."""
    dice = random.Random(f"selftest {name}")  # noqa: S311  dice, not secrets
    lenders = list(pairs) if name in ("neighbour", "merged") else dice.sample(list(pairs), min(len(pairs), LENDERS))
    return changed(pairs, TRIED[name], lenders, dice, each)


def reworded(bases: Mapping[str, Sequence[Pair]], judge: Judge = detector.verdict, each: int = EACH) -> list[Rate]:
    """A rate for each kind of twin and source; what is called unsupported here is a false alarm."""
    return [rate(kind, source, twins(pairs, kind, each), judge) for kind in REWORDINGS for source, pairs in bases.items()]


def rate(name: str, source: str, pairs: Sequence[Pair], judge: Judge) -> Rate:
    """How a judge finds pairs."""
    found = [judge(p.sentence, p.quotes, p.question, p.around) for p in pairs]
    return Rate(name, source, len(found), found.count("unsupported"), found.count("unsure"))


def paraphrased(rates: Sequence[Rate], name: str) -> Rate:
    """The rates of paraphrases of both sources as one."""
    some = [r for r in rates if r.name == name and r.source in (FITTED, HELD_OUT)]
    return Rate(name, "paraphrased", sum(r.n for r in some), sum(r.unsupported for r in some), sum(r.unsure for r in some))


def misses(seen: Sequence[Rate], alarmed: Sequence[Rate], blessed: Mapping[str, float]) -> list[str]:
    """What falls short, in sentences. `blessed` are floors by "name" for the notes' own sentences and by "name, paraphrased" for
    paraphrases, beside FLOORS."""
    found = []
    for one in (r for r in seen if r.source == QUOTED):
        wanted = [(one, max(FLOORS.get(one.name, 0.0), blessed.get(one.name, 0.0)))]
        other = paraphrased(seen, one.name)
        wanted.append((other, blessed.get(f"{one.name}, paraphrased", 0.0)))
        if one.n < LEAST:
            found.append(f"{one.name}: only {one.n} mutants could be made of the notes, {LEAST} are needed.")
        found += [
            f"{r.name}, {r.source}: {r.share:.3f} of {r.n} mutants are called unsupported, {floor:.3f} is asked." for r, floor in wanted if r.share < floor
        ]
    for one in (r for r in alarmed if r.source == QUOTED):
        if one.n < LEAST:
            found.append(f"{one.name}: only {one.n} twins could be made of the notes, {LEAST} are needed.")
        elif one.share > ALARMS:
            found.append(f"{one.name}: {one.share:.3f} of {one.n} twins are called unsupported, at most {ALARMS} may be.")
    if (every := alarms(alarmed)) > ALARMS:
        found.append(f"{every:.3f} of all twins are called unsupported, at most {ALARMS} may be.")
    return found


def alarms(rates: Sequence[Rate]) -> float:
    """The share of all twins that are called unsupported."""
    return sum(r.unsupported for r in rates) / max(1, sum(r.n for r in rates))


def table(seen: Sequence[Rate], alarmed: Sequence[Rate]) -> str:
    """The rates for reading: a line a kind, a column a source, each "called unsupported / unsure of n"."""
    sources = list(dict.fromkeys(r.source for r in (*seen, *alarmed)))
    blocks = []
    for title, rates in (("mutants", seen), ("twins", alarmed)):
        lines = [f"{title:<18}" + "".join(f"{s:>22}" for s in sources)]
        for name in dict.fromkeys(r.name for r in rates):
            cells = [next(r for r in rates if r.name == name and r.source == s) for s in sources]
            lines.append(f"{name:<18}" + "".join(f"{f'{c.share:.3f} / {c.unsure / c.n:.3f} of {c.n}' if c.n else '-':>22}" for c in cells))
        blocks.append("\n".join(lines))
    return "\n\n".join((*blocks, f"of all twins {alarms(alarmed):.3f} are called unsupported"))
