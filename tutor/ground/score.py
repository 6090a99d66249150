"""A sentence and its evidence in, numbers out that tell how much of the one stands in the other, for the fitted score."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tutor.ground import lexicon
from tutor.ground.binding import OFTEN, gained, mixing
from tutor.ground.denials import denials
from tutor.ground.overlap import common, fragments, lent
from tutor.ground.rules import Case
from tutor.ground.thesaurus import OPPOSITES

FEATURES: Final = (
    "covered", "covered_lent", "worst_clause", "best_quote", "pairs", "near_pairs", "fragments", "density", "longest", "common", "common_content", "novel", "novel_longest", "novel_first",
    "novel_empty", "numbers_missed", "names_missed", "denials_more", "denials_less", "opposed", "exchanged", "substituted", "mixed", "general", "hedge_lost", "hedge_added", "condition_lost", "words",
    "evidence_words", "ratio", "evidence_used", "speaks", "asks", "rules",
)  # fmt: skip
SIGNS: Final = dict.fromkeys(
    ("covered", "covered_lent", "worst_clause", "best_quote", "pairs", "near_pairs", "fragments", "density", "longest", "common", "common_content"), 1
) | dict.fromkeys(
    (
        "novel",
        "novel_longest",
        "numbers_missed",
        "names_missed",
        "denials_more",
        "denials_less",
        "opposed",
        "exchanged",
        "substituted",
        "mixed",
        "general",
        "hedge_lost",
        "condition_lost",
        "speaks",
        "rules",
    ),
    -1,
)
"""Which way a feature may count, so that no fit can reward what a sentence lacks; the others count nothing by themselves."""
_SPEAKER: Final = frozenset(
    "i me my mine i'm i've i'd i'll think guess believe feel love like hope wonder oh wow yes yeah hi hello lol great cool agree sure maybe probably".split()
)


def features(case: Case, broken: dict[str, tuple[str, ...]]) -> NDArray[np.float64]:
    """The values of FEATURES; `broken` are the rules that the sentence breaks."""
    text, evidence, marks = case.text, case.evidence, case.marks
    places = [i for i, c in enumerate(text.content) if c]
    count = max(1, len(places))
    known = sum(marks[i] for i in places)
    novel = [i for i in places if not marks[i] and not lent(text, i, evidence)]
    ours = text.stems
    content = [ours[i] for i in places]
    theirs_content = [s for r in evidence.readings for s in r.told]
    spots: dict[str, list[int]] = {}
    for at, one in enumerate(theirs_content):
        if len(spots.setdefault(one, [])) < OFTEN:
            spots[one].append(at)
    two = list(pairwise(content))
    joined = sum(any(q - p == 1 for p in spots.get(a, ()) for q in spots.get(b, ())) for a, b in two)
    near = sum(any(abs(q - p) <= 3 for p in spots.get(a, ()) for q in spots.get(b, ())) for a, b in two)
    runs = fragments(ours, evidence.sequence)
    size = max(1, len(ours))
    best = max((common(ours, r.stems) for r in evidence.readings), default=0)
    best_content = max((common(content, r.told) for r in evidence.readings), default=0)
    quote = max((len(set(content) & set(r.stems)) for r in evidence.readings), default=0)
    words, other = set(text.words), {w for r in evidence.readings for w in r.words}
    mine, others = len(denials(text)), sum(len(denials(r)) for r in evidence.readings)
    swap, substitute = case.swaps
    _, mixed = mixing(text, evidence.readings)
    empty = [i for i, c in enumerate(text.content) if not c]
    used = set(content) & set(theirs_content)
    return np.array(
        [
            known / count,
            case.covered,
            min((case.coverage(part) for part in text.clauses() if sum(text.content[i] for i in part) >= 2), default=known / count),
            quote / max(1, len(set(content))),
            joined / max(1, len(two)),
            near / max(1, len(two)),
            sum(runs) / size,
            math.sqrt(sum(r * r for r in runs) / size),
            max(runs, default=0) / size,
            best / size,
            best_content / count,
            math.log1p(len(novel)),
            max((len(text.words[i]) for i in novel), default=0) / 10,
            float(bool(novel) and novel[0] == places[0]),
            sum(text.stems[i] not in evidence.stems for i in empty) / max(1, len(empty)),
            sum(n.plain and not any(n.value == o.value for o in evidence.numbers) for n in text.numbers) / max(1, len(text.numbers)),
            sum(not marks[i] for i in text.names) / max(1, len(text.names)),
            float(min(2, max(0, mine - others))),
            float(min(2, max(0, others - mine))),
            float(sum(any(o in evidence.stems for o in OPPOSITES.get(ours[i], ())) and ours[i] not in evidence.stems for i in places)),
            min(swap.gain, 3.0) + gained(text, evidence.readings, swap) if swap.gain else 0.0,
            min(substitute.gain, 3.0),
            float(min(mixed, 4)),
            float(min(3, sum(w in lexicon.UNIVERSALS and w not in other for w in text.words))),
            float(bool(other & lexicon.HEDGES) and not words & lexicon.HEDGES),
            float(bool(words & lexicon.HEDGES) and not other & lexicon.HEDGES),
            float(bool(other & lexicon.CONDITIONS) and not words & lexicon.CONDITIONS),
            math.log1p(len(ours)),
            math.log1p(len(evidence.sequence)),
            min(3.0, len(ours) / max(1, len(evidence.sequence))),
            len(used) / max(1, len(set(theirs_content))),
            math.log1p(sum(w in _SPEAKER and w not in other for w in text.words)),
            float("?" in text.text),
            float(len(broken)),
        ]
    )
