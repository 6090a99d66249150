"""The nouns of a comparison: what changed between a baseline and a run, what the gate finds in it, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from evals.metrics import Figure
from evals.records import Item, Run

PASS: Final = 0
REGRESSION: Final = 1
USAGE: Final = 2
NOT_COMPARABLE: Final = 3
SELFTEST: Final = 4
INCOMPLETE: Final = 5
"""Exit codes."""

Stage = Literal["valid", "comparable", "invariant", "diff", "statistics", "floor", "slice"]
"""The steps of the gate, in their order."""
Turn = Literal["broken", "mended", "reworded", "added", "removed", "edited"]
"""What became of an item: it passed and no longer does; it passes now; the same outcome in other words; its gold is new, gone, changed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the gate has to say: a sentence. `code` is the exit code that it asks for, 0 for a warning."""

    stage: Stage
    text: str
    code: int = PASS
    item: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """An item before and after, worst first in a comparison. `flipped` are the checks that changed; `waived` the reason of the
    waiver that covers it, or ""."""

    turn: Turn
    old: Item | None
    new: Item | None
    flipped: tuple[str, ...] = ()
    waived: str = ""

    @property
    def item(self) -> Item:
        """The item as it is now, or as it was where it is gone."""
        found = self.new or self.old
        assert found is not None  # noqa: S101  one of the two is always there
        return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run beside its baseline. `figures` are (metric name, before, now); before is None where the baseline has none."""

    run: Run
    baseline: Run | None
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    figures: tuple[tuple[str, Figure | None, Figure], ...]

    @property
    def code(self) -> int:
        """The exit code: that of the first finding, in the order of the stages, which asks for one."""
        return next((f.code for f in self.findings if f.code), PASS)
