"""Key points and an attempt in, whether what it says of one thing is what the points say of another out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from tutor.ground.facts import Reading
from tutor.ground.lexicon import NEGATORS

_VERB: Final = frozenset(
    "is are was were be has have had can cannot will may must should could would might do does did means mean lets let makes make gives give needs need uses use allows allow".split()
)
_COLON: Final = re.compile(r"^[^:]{2,60}:\s")
HEAD: Final = 6
"""Words of content that a subject has at most."""


@lru_cache(maxsize=2048)
def head(point: Reading) -> tuple[frozenset[str], frozenset[str]]:
    """The stems of a point's subject, and those of what it says of it: what stands before and behind its colon or first verb."""
    content = [i for i, c in enumerate(point.content) if c]
    if len(content) < 2:
        return frozenset(), frozenset(point.stems[i] for i in content)
    cut = _cut(point, content)
    before, behind = [i for i in content if i < cut], [i for i in content if i >= cut]
    if not before or not behind:
        half = max(1, min(2, len(content) // 2))
        before, behind = content[:half], content[half:]
    first = frozenset(point.stems[i] for i in before[:HEAD])
    return first, frozenset(point.stems[i] for i in (*before[HEAD:], *behind)) - first


def _cut(point: Reading, content: Sequence[int]) -> int:
    if match := _COLON.match(point.text):
        return len(match.group().split())
    for at, word in enumerate(point.words):
        if at and (word in _VERB or (at > content[0] and word.endswith("s") and not word.endswith(("ss", "us", "is")) and not _plural(point, at))):
            return at
    return 0


def _plural(point: Reading, at: int) -> bool:
    """Whether a word in s is a plural noun rather than a verb: an "is" or the like stands close behind, or it comes first."""
    nxt = point.words[at + 1] if at + 1 < len(point.words) else ""
    return nxt in _VERB or nxt in ("of", "and", "or", "in", "for") or at + 1 == len(point.words)


def share(wanted: frozenset[str], held: frozenset[str]) -> float:
    """The share of some stems that others hold; 0 where there are none."""
    return len(wanted & held) / len(wanted) if wanted else 0.0


def changes(reference: Reading, attempt: Reading) -> tuple[float, dict[int, str]]:
    """How much of an attempt stands in the reference in its order, 0 to 1, and for each word of the reference what became
    of it: "kept", "replaced", "dropped" (or not there), or "split" where words of content or a denial were put in behind it."""
    match = SequenceMatcher(None, reference.stems, attempt.stems, autojunk=False)
    fate: dict[int, str] = {}
    kept = 0
    for kind, i, j, k, end in match.get_opcodes():
        telling = any(attempt.content[m] or attempt.words[m] in NEGATORS for m in range(k, end))
        if kind == "equal":
            fate |= dict.fromkeys(range(i, j), "kept")
            kept += j - i
        elif kind == "insert":
            if telling and i:
                fate[i - 1] = "split"
        else:
            fate |= dict.fromkeys(range(i, j), "replaced" if kind == "replace" and telling else "dropped")
    return kept / max(1, len(attempt.stems)), fate
