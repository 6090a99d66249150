"""A run, its baseline and the policy in, a comparison out: whether it is valid and comparable, what must never be, what broke, what fell.

The steps are taken in the order of `Stage`; all are told, and the first that fails sets the exit code.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from evals.gate.comparison import INCOMPLETE, NOT_COMPARABLE, REGRESSION, Change, Comparison, Finding, Turn
from evals.gate.fingerprint import PARTS
from evals.gate.policy import Policy
from evals.gate.statistics import holm, interval, mcnemar
from evals.metrics import BY_KEY, Figure, figures
from evals.records import Item, Run, by_id

_ORDER: tuple[Turn, ...] = ("broken", "removed", "edited", "mended", "added", "reworded")


def compare(run: Run, baseline: Run | None, policy: Policy, today: datetime.date) -> Comparison:
    """What a run is beside its baseline. `baseline` is as it was stored, or scored again where the detector changed."""
    now = figures(run.items)
    before = figures(baseline.items) if baseline else {}
    found = [*_valid(run, before, now, policy)]
    changes: list[Change] = []
    if baseline is None:
        found.append(Finding("comparable", "There is no baseline yet: bless a run with `python -m evals bless RUN --reason ...`.", NOT_COMPARABLE))
    else:
        changes = list(_changes(run, baseline, policy, today))
        found += _comparable(run, baseline, policy)
    found += _invariants(run, policy)
    if baseline is not None:
        found += _diff(changes, run, policy, today)
        pairs = _pairs(run, baseline, policy, today)
        found += _lost(run, before, now)
        found += _statistics(pairs, policy) if run.mode == "sampled" else _fallen(pairs, policy)
    found += _floors(now, policy)
    if baseline is not None:
        found += _slices(changes, run, policy)
    if baseline is not None:
        found += _stale(before, now, policy)
    return Comparison(run, baseline, tuple(found), tuple(changes), tuple((key, before.get(key), figure) for key, figure in now.items()))


def _valid(run: Run, before: Mapping[str, Figure], now: Mapping[str, Figure], policy: Policy) -> Iterator[Finding]:
    """Whether all was tried and enough of it could be scored."""
    failed = [i for i in run.items if i.error]
    most = policy.max_errors if run.mode == "exact" else policy.max_errors_sampled
    if not run.items:
        yield Finding("valid", "The run has no items.", INCOMPLETE)
    elif len(failed) > most * len(run.items):
        yield Finding("valid", f"{len(failed)} of {len(run.items)} items ended in an error, first: {failed[0].error}", INCOMPLETE, failed[0].id)
    for key, figure in now.items():
        whole = figure.n + figure.unscored
        if figure.unscored > policy.max_unscored * whole:
            why = next(i.unscored[BY_KEY[key].name] for i in run.items if i.suite == BY_KEY[key].suite and BY_KEY[key].name in i.unscored)
            yield Finding("valid", f"{key} could not be computed for {figure.unscored} of {whole} items: {why}", INCOMPLETE)
        elif figure.unscored > (before[key].unscored if key in before else 0):
            yield Finding("valid", f"{key} could not be computed for {figure.unscored} of {whole} items.")


def _comparable(run: Run, baseline: Run, policy: Policy) -> Iterator[Finding]:
    if run.spoke != baseline.spoke:
        yield Finding("comparable", f"The run spoke through {run.spoke}, the baseline through {baseline.spoke}.", NOT_COMPARABLE)
    if lacking := [s for s in baseline.suites if s not in run.suites]:
        yield Finding("comparable", f"The run lacks the suites {', '.join(lacking)}.", NOT_COMPARABLE)
    now = by_id(run.items)
    for suite in baseline.suites:
        held = [i for i in baseline.items if i.suite == suite]
        common = sum(i.id in now and now[i.id].sha == i.sha for i in held)
        if suite in run.suites and common < policy.least_common * len(held):
            text = f"Only {common} of the baseline's {len(held)} items of {suite} were tried again as they were: bless a new baseline."
            yield Finding("comparable", text, NOT_COMPARABLE)
    for part, words in PARTS.items():
        if part != "version" and run.fingerprint.get(part) != baseline.fingerprint.get(part):
            yield Finding("comparable", f"Since the baseline, {words} changed.")


def _lost(run: Run, before: Mapping[str, Figure], now: Mapping[str, Figure]) -> Iterator[Finding]:
    """Metrics that have a number in the baseline and none any more."""
    for key, figure in before.items():
        if figure.value is not None and BY_KEY[key].suite in run.suites and (key not in now or now[key].value is None):
            yield Finding("statistics", f"{key} is no longer computed.", INCOMPLETE)


def _changes(run: Run, baseline: Run, policy: Policy, today: datetime.date) -> Iterator[Change]:
    """What became of each item, worst first."""
    waived = {w.id: w.reason for w in policy.waivers if w.until >= today}
    new, old = by_id(run.items), by_id(baseline.items)
    found = [c for name in sorted({*new, *old}) if (c := _change(old.get(name), new.get(name), waived.get(name, ""))) is not None]
    yield from sorted(found, key=lambda c: (_ORDER.index(c.turn), bool(c.waived), not c.item.critical, -len(c.flipped), c.item.id))


def _change(old: Item | None, new: Item | None, waived: str) -> Change | None:
    if old is None or new is None:
        return Change("removed" if new is None else "added", old, new, (), waived)
    if old.sha != new.sha:
        return Change("edited", old, new, (), waived)
    if new.unscored and old.checks and not new.checks:
        return Change("reworded", old, new, (), waived)  # not tried in truth: it is counted as unscored, and neither holds nor fails
    flipped = tuple(n for n in dict.fromkeys((*old.checks, *new.checks)) if old.checks.get(n, True) != new.checks.get(n, True))
    if flipped or old.passed != new.passed:
        fell = any(not new.checks.get(n, True) for n in flipped) or bool(new.error)
        return Change("broken" if fell and (old.passed or not new.passed) else "mended", old, new, flipped, waived)
    return Change("reworded", old, new) if (old.said, old.outcome) != (new.said, new.outcome) else None


def _invariants(run: Run, policy: Policy) -> Iterator[Finding]:
    for name in policy.invariants:
        wrong = [i for i in run.items if not i.checks.get(name, True)]
        if wrong:
            yield Finding("invariant", f"{name} must hold for every item and does not for {len(wrong)}, first {wrong[0].id}.", REGRESSION, wrong[0].id)


def _diff(changes: Sequence[Change], run: Run, policy: Policy, today: datetime.date) -> Iterator[Finding]:
    """Without a live model every item that broke is real; with one, only the critical ones are judged one by one."""
    for c in changes:
        if c.turn == "broken" and not c.waived and (run.mode == "exact" or c.item.critical):
            kind = "critical, " if c.item.critical else ""
            yield Finding("diff", f"{c.item.id} ({kind}{c.item.kind}) no longer holds: {', '.join(c.flipped) or c.item.error}.", REGRESSION, c.item.id)
    gone = [c for c in changes if c.turn == "removed"]
    for c in gone:
        if c.item.critical and c.item.suite in run.suites:
            yield Finding("diff", f"{c.item.id} is critical and was not tried.", REGRESSION, c.item.id)
    if gone:
        yield Finding("diff", f"{len(gone)} items of the baseline were not tried, first {gone[0].item.id}.")
    for w in policy.waivers:
        if w.until < today:
            yield Finding("diff", f"The waiver of {w.id} ended on {w.until}: {w.reason}", item=w.id)


Pairs = Sequence[tuple[Item, Item]]
"""Items that both runs tried as they are, before and now."""


def _pairs(run: Run, baseline: Run, policy: Policy, today: datetime.date) -> Pairs:
    """The pairs, without the items of which a waiver holds."""
    waived = {w.id for w in policy.waivers if w.until >= today}
    old = by_id(baseline.items)
    return [(old[i.id], i) for i in run.items if i.id in old and old[i.id].sha == i.sha and i.id not in waived]


def _statistics(pairs: Pairs, policy: Policy) -> Iterator[Finding]:
    """Whether more items broke than were mended by chance, and whether a mean fell."""
    worse, better = sum(a.passed and not b.passed for a, b in pairs), sum(b.passed and not a.passed for a, b in pairs)
    if (p := mcnemar(worse, better)) < policy.alpha:
        text = f"{worse} items broke and {better} were mended: McNemar's exact test says more than chance (p = {p:.4f})."
        yield Finding("statistics", text, REGRESSION)
    tested = 0
    for key in policy.means:
        name, suite = BY_KEY[key].name, BY_KEY[key].suite
        sign = 1 if BY_KEY[key].direction == "up" else -1
        deltas = [(b.cluster, sign * (b.scores[name] - a.scores[name])) for a, b in pairs if b.suite == suite and name in a.scores and name in b.scores]
        tested += bool(deltas)
        if deltas and (high := interval(deltas, policy.alpha)[1]) < 0:
            text = f"{key} got worse: the paired bootstrap over {len({c for c, _ in deltas})} clusters puts the change at {high:+.3f} at best."
            yield Finding("statistics", text, REGRESSION)
    if policy.means and not tested:
        yield Finding("statistics", "None of the means that the policy names could be tested: no item carries them in both runs.", INCOMPLETE)


def _fallen(pairs: Pairs, policy: Policy) -> Iterator[Finding]:
    """Means over what was tried in both runs that got worse: no check needs to flip for that."""
    before, now = figures([a for a, _ in pairs]), figures([b for _, b in pairs])
    for key, figure in now.items():
        was, metric = before.get(key), BY_KEY[key]
        if was is None or was.value is None or figure.value is None:
            continue
        fall = (was.value - figure.value) * (1 if metric.direction == "up" else -1)
        if fall > policy.fall * (max(1.0, abs(was.value))):
            yield Finding("statistics", f"{key} got worse, from {was.value:.3f} to {figure.value:.3f}, over the items that both runs tried.", REGRESSION)


def _floors(now: Mapping[str, Figure], policy: Policy) -> Iterator[Finding]:
    for key, bound in policy.floors.items():
        figure = now.get(key)
        if figure is None or figure.value is None:
            continue
        up = BY_KEY[key].direction == "up"
        if (figure.value < bound) if up else (figure.value > bound):
            yield Finding("floor", f"{key} is {figure.value:.3f}, {'under' if up else 'over'} its bound of {bound:.3f}.", REGRESSION)


def _slices(changes: Sequence[Change], run: Run, policy: Policy) -> Iterator[Finding]:
    """Slices in which items broke and none was mended; of live runs, those in which more broke than chance would have."""
    broken: dict[str, int] = defaultdict(int)
    mended: dict[str, int] = defaultdict(int)
    sizes: dict[str, int] = defaultdict(int)
    for i in run.items:
        for name in (f"{i.suite}, kind {i.kind}", f"{i.suite}, domain {i.domain}"):
            sizes[name] += 1
    for c in changes:
        for name in (f"{c.item.suite}, kind {c.item.kind}", f"{c.item.suite}, domain {c.item.domain}"):
            broken[name] += c.turn == "broken" and not c.waived
            mended[name] += c.turn == "mended"
    for name in sorted(sizes):
        if broken[name] >= policy.slice_broken and not mended[name]:
            yield Finding("slice", f"In {name}, {broken[name]} of {sizes[name]} items broke and none was mended.")
    if run.mode == "sampled":
        large = {n: mcnemar(broken[n], mended[n]) for n, size in sizes.items() if size >= policy.slice_least}
        for name, p in sorted(holm(large).items()):
            if p < policy.alpha:
                yield Finding("slice", f"In {name}, {broken[name]} items broke and {mended[name]} were mended (p = {p:.4f}, Holm).", REGRESSION)


def _stale(before: Mapping[str, Figure], now: Mapping[str, Figure], policy: Policy) -> Iterator[Finding]:
    for key, figure in now.items():
        old = before.get(key)
        if old is None or old.value is None or figure.value is None or BY_KEY[key].name in ("words", "drawn"):
            continue
        rise = (figure.value - old.value) * (1 if BY_KEY[key].direction == "up" else -1)
        if rise > policy.rise:
            yield Finding("floor", f"{key} is better by {rise:.3f}: bless this run, so that a fall from here is seen.")
