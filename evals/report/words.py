"""A comparison in, plain sentences on it out: how it ends, why, what happened to an item, what moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from evals.gate.comparison import REGRESSION, Change, Comparison, Finding, Turn
from evals.gate.fingerprint import PARTS
from evals.metrics import BY_KEY, Figure
from evals.records import Item
from evals.report.phrases import ENDINGS, TURNS, label, phrases, spaced
from evals.report.plain import ended, many, plain


def told(change: Change) -> list[str]:
    """What happened to an item: an error, the checks that flipped, and what still fails where its gold is new or changed."""
    old, new = change.old, change.new
    if new is None:
        return []
    if new.error:
        return [f"It could not be tried: {plain(new.error)}"]
    flips = [_flip(name, old, new) for name in change.flipped]
    return flips or (failing(new) if change.turn in ("broken", "added", "edited") else [])


def _flip(check: str, old: Item | None, new: Item) -> str:
    if check not in new.checks:
        return f"No longer checked: {spaced(check)}."
    if new.checks[check]:
        return phrases(check).mended
    return phrases(check).broken if old and old.checks.get(check) else phrases(check).failing


def failing(item: Item) -> list[str]:
    """What fails in an item: an error, or the checks that do not hold."""
    if item.error:
        return [f"It could not be tried: {plain(item.error)}"]
    return [phrases(name).failing for name, holds in item.checks.items() if not holds]


def delta(before: Figure | None, now: Figure) -> float | None:
    """How much a figure moved; None where one of the two has no value."""
    return None if before is None or before.value is None or now.value is None else round(now.value - before.value, 4)


def better(metric: str, moved: float | None) -> str:
    """Whether it is "better" or "worse" by the metric's direction; "" where nothing moved or no direction is known."""
    found = BY_KEY.get(metric)
    return "" if not moved or found is None else "better" if (moved > 0) == (found.direction == "up") else "worse"


def broken(comparison: Comparison) -> list[Change]:
    """The items that broke and that no waiver covers."""
    return [c for c in comparison.changes if c.turn == "broken" and not c.waived]


def counts(comparison: Comparison) -> dict[Turn, int]:
    """How many items changed, by turn, worst first; turns that nothing took are left out."""
    found = Counter(c.turn for c in comparison.changes)
    return {turn: found[turn] for turn in TURNS if found[turn]}


def verdict(comparison: Comparison) -> str:
    """How it ends, in one sentence."""
    first = next((f for f in comparison.findings if f.code), None)
    broke, mended = len(broken(comparison)), sum(c.turn == "mended" for c in comparison.changes)
    waived = sum(c.turn == "broken" and bool(c.waived) for c in comparison.changes)
    spared = f", {waived:,} {'is' if waived == 1 else 'are'} waived" if waived else ""
    if first is not None:
        better = f", {mended:,} {'was' if mended == 1 else 'were'} mended" if mended else ""
        text = f"{many(broke, 'item')} broke{better}{spared}." if first.code == REGRESSION and broke else ended(first.text)
        return f"{ENDINGS.get(first.code, 'Failed')}: {text}"
    tried, passed = len(comparison.run.items), sum(i.passed for i in comparison.run.items)
    if comparison.baseline is None:
        return f"Passed, but beside no baseline: {passed:,} of {many(tried, 'item')} hold."
    lost = f"{many(broke, 'item')} broke, no more than the policy allows" if broke else "no item broke"
    return f"Passed: {lost}{spared}; {passed:,} of {tried:,} hold."


def causes(comparison: Comparison) -> list[str]:
    """What differs between the two runs' fingerprints, in words: the likely causes of what changed."""
    if comparison.baseline is None:
        return []
    old, new = comparison.baseline.fingerprint, comparison.run.fingerprint
    return [PARTS.get(name) or spaced(name) for name in dict.fromkeys((*PARTS, *sorted({*old, *new}))) if old.get(name) != new.get(name)]


def why(comparison: Comparison) -> str:
    """The likely causes as one sentence; none where there is no baseline."""
    found = causes(comparison)
    if not found:
        return "" if comparison.baseline is None else "Nothing that a run depends on differs from the baseline."
    return f"What differs from the baseline: {', '.join(found)}."


def moved(change: Change) -> list[tuple[str, str, str]]:
    """An item's scores that changed: metric in words, before, now."""
    if change.old is None or change.new is None:
        return []
    old, new, suite = change.old.scores, change.new.scores, change.new.suite
    names = [n for n in dict.fromkeys((*new, *old)) if old.get(n) != new.get(n)]
    return [(label(f"{suite}/{n}"), _short(old.get(n)), _short(new.get(n))) for n in names]


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:,.4g}"


def kind(finding: Finding) -> str:
    """Whether a finding fails the gate."""
    return "fails" if finding.code else "warning"


def still_failing(comparison: Comparison) -> list[Item]:
    """The items that fail in both runs, critical ones first, then those of which most fails."""
    before = {i.id for i in comparison.baseline.items if not i.passed} if comparison.baseline else None
    changed = {c.item.id for c in comparison.changes if c.turn in ("broken", "added", "edited")}
    found = [i for i in comparison.run.items if not i.passed and i.id not in changed and (before is None or i.id in before)]
    return sorted(found, key=lambda i: (not i.critical, -sum(not holds for holds in i.checks.values()), i.id))


def tallies(items: Iterable[Item]) -> dict[str, tuple[int, int]]:
    """(passed, tried) by suite, in order."""
    found: dict[str, tuple[int, int]] = {}
    for item in items:
        passed, tried = found.get(item.suite, (0, 0))
        found[item.suite] = (passed + item.passed, tried + 1)
    return found
