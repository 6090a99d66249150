"""A key point and an attempt in, numbers that tell whether the attempt turns it round out: other numbers, opposites, a
denial more or less, what is said of another thing, a changed word in a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tutor.grading import roles
from tutor.grading.known import Known
from tutor.ground.facts import LONGEST, Reading, read
from tutor.ground.lexicon import NEGATORS
from tutor.ground.thesaurus import OPPOSITES


def turns(known: Known, at: int, window: Reading, clause: Reading, attempt: Reading) -> dict[str, float]:
    """What turns the point round where the attempt speaks of it."""
    point = known.readings[at]
    own = {n.value for n in point.numbers if n.plain}
    ours = {n.value for n in read(known.reference[:LONGEST]).numbers} | own
    here, anywhere = {n.value for n in window.numbers if n.plain}, {n.value for n in attempt.numbers}
    opposed = _opposed(point, clause)
    parity = (sum(w in NEGATORS for w in clause.words) - sum(w in NEGATORS for w in point.words)) % 2
    overlap = len(set(point.told) & set(clause.stems)) / max(1, len(set(point.told)))
    return {
        "numbers_gone": len(own - anywhere) / len(own) if own else 0.0,
        "numbers_other": float(bool(own - here) and bool(here - ours)),
        "numbers_elsewhere": float(bool(own) and bool(here) and not own & here),
        "opposites": float(min(3, opposed)),
        "opposites_wide": float(min(3, _opposed(point, window))),
        "turned": overlap * ((parity + opposed) % 2),
        "parity": float(parity),
        "clause_overlap": overlap,
    }


def _opposed(point: Reading, said: Reading) -> int:
    """How many words of a point are met by their opposite alone."""
    stems, own = frozenset(said.stems), frozenset(point.stems)
    return sum(bool(OPPOSITES.get(s, frozenset()) & (stems - own)) for s in set(point.told) - stems)


def bindings(known: Known, at: int, window: Reading, around: Reading, clauses: Sequence[Reading]) -> dict[str, float]:
    """Whether the point is said of its own subject, or of a sibling's, and whether its subject is given what is a sibling's."""
    first, rest = roles.head(known.readings[at])
    own = frozenset(known.readings[at].stems)
    siblings = [(frozenset(r.stems), *roles.head(r)) for n, r in enumerate(known.readings) if n != at]
    heads = [h - own for _, h, _ in siblings if h - own]
    here = frozenset(window.stems)
    swapped = bound = foreign = 0.0
    for stems in (frozenset(c.stems) for c in clauses):
        mine, tail = roles.share(first, stems), roles.share(rest, stems)
        rival = max((roles.share(h, stems) for h in heads), default=0.0)
        if rival > mine:
            swapped = max(swapped, tail * (rival - mine))
        else:
            bound = max(bound, tail * mine)
        foreign = max([foreign, *(roles.share(first - theirs, stems) * roles.share(r - own, stems) for theirs, _, r in siblings)])
    return {
        "head_here": roles.share(first, here),
        "head_around": roles.share(first, frozenset(around.stems)),
        "rival_here": max((roles.share(h, here) for h in heads), default=0.0),
        "tail_here": roles.share(rest, here),
        "swapped": swapped,
        "bound": bound,
        "foreign_tail": foreign,
    }


def copies(known: Known, at: int, fate: Mapping[int, str]) -> dict[str, float]:
    """What became, in the attempt, of the clause of the reference that says the point."""
    reference = read(known.reference[:LONGEST])
    wanted = frozenset(known.readings[at].told)
    clauses = reference.clauses()
    held = [frozenset(reference.stems[i] for i in part if reference.content[i]) for part in clauses]
    best = max(range(len(clauses)), key=lambda n: len(wanted & held[n]) / max(1, len(held[n])) ** 0.5)
    every = [fate.get(i, "dropped") for i in clauses[best]]
    told = [fate.get(i, "dropped") for i in clauses[best] if reference.content[i]]
    size, count = max(1, len(every)), max(1, len(told))
    return {
        "copy_kept": (told.count("kept") + told.count("split")) / count,
        "copy_replaced": every.count("replaced") / size,
        "copy_replaced_told": told.count("replaced") / count,
        "copy_split": float("split" in every),
        "copy_dropped": every.count("dropped") / size,
    }
