"""What a learner wrote into a blank and what belongs there in, whether they are the same word, name or quantity out."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import Final

from tutor.facts.names import plural, spellings
from tutor.ground.facts import Number, read
from tutor.ground.lexicon import IDLE, UNITS
from tutor.ground.overlap import same_number
from tutor.text import fold, stem

BLANK: Final = "____"
SHORTEST: Final = 5
"""Letters from which a word may be misspelt by one."""
LONGEST: Final = 400
"""Characters of what is written into a blank; a longer text fills none."""
_ARTICLE: Final = re.compile(r"^(?:an?|the) (?=\w)")
_OWNER: Final = re.compile(r"^(?:(?:Amazon|AWS|Apache|Microsoft|Azure|Google|SageMaker(?: AI)?|[A-Z]{2,5}|Glue) )+(?=\w)")
"""Makers and services that may stand before what belongs to them."""
_IDLE: Final = frozenset("job jobs problem service feature process method technique tool step".split())
"""Words that may follow a name and add nothing."""
_BOUNDS: Final = (
    re.compile(r"\b(?:up to|at most|maximum|max|no more than|not more than|within|under|below|less than|fewer than)\b"),
    re.compile(r"\b(?:at least|minimum|min(?= of)|no less than|not less than|no fewer than|over|above|more than)\b"),
)
_AROUND: Final = frozenset(
    "up to at most least about around roughly exactly maximum minimum max no more less fewer than of within under below over above".split()
)


def fills(written: str, wanted: Sequence[str], sentence: str = "", words: Container[str] = ()) -> bool:
    """Whether a text says one of the `wanted` texts. A word of SHORTEST letters or more may be misspelt by one letter,
    unless what is written is itself one of `words`, those of the notes. Numbers must be equal as quantities, "15 min" and
    "15 minutes"; a unit that follows the blank in `sentence` need not be written again."""
    said = fold(written)
    if not said or len(written) > LONGEST:
        return False
    behind = sentence.partition(BLANK)[2]
    return any(_quantity(written, one, sentence, behind) if read(one).numbers else _name(written, one, words) for one in wanted)


def _quantity(written: str, wanted: str, sentence: str, behind: str) -> bool:
    """The same numbers in order, bound in the same direction, with no word beside them that the question does not hold."""
    ours, theirs = _numbers(written, behind), _numbers(wanted, behind)
    if len(ours) != len(theirs) or not all(_same(a, b) for a, b in zip(ours, theirs, strict=True)):
        return False
    before = " ".join(sentence.partition(BLANK)[0].split()[-3:])
    bound, asked = (tuple(bool(p.search(t.lower())) for p in _BOUNDS) for t in (written, f"{before} {wanted}"))
    if any(bound) and bound != asked:
        return False
    known = set(fold(f"{sentence} {wanted}").split())
    return all(w in known or w in IDLE or w in _AROUND or w in UNITS or re.search(r"\d", w) for w in _beside(written))


def _same(a: Number, b: Number) -> bool:
    """The same quantity; a bare number is none of minutes, but .6 is 60 %."""
    return same_number(a, b) and (bool(a.kind) == bool(b.kind) or "share" in (a.kind, b.kind))


def _numbers(text: str, behind: str) -> tuple[Number, ...]:
    """The numbers of a text; one without a unit takes the one that follows the blank."""
    found = read(text).numbers
    if found and not any(n.kind for n in found):
        return read(f"{text} {' '.join(behind.split()[:1])}").numbers[: len(found)]
    return found


def _beside(text: str) -> list[str]:
    """The words of a text that are no spelt number."""
    reading = read(text)
    spelt = {w for n in reading.numbers for w in fold(n.text).split()}
    return [w for w in fold(text).split() if w not in spelt]


def _name(written: str, wanted: str, words: Container[str]) -> bool:
    """The same name: another spelling of it, written apart or together, or with one letter wrong in a long word."""
    plain = _OWNER.sub("", re.sub(r"\s*\([^()]*\)", "", written.strip()))
    if plain != written.strip() and plain and _name(plain, wanted, words):
        return True
    ours, theirs = _ARTICLE.sub("", fold(written)), _ARTICLE.sub("", fold(wanted))
    if not theirs:
        return False
    shorter = ours.rpartition(" ")[0] if ours.rpartition(" ")[2] in _IDLE else ""
    if shorter and (shorter == theirs or shorter in _short(wanted)):
        return True
    if ours == theirs or ours.replace(" ", "") == theirs.replace(" ", "") or ours in (plural(theirs), *_short(wanted)) or theirs == plural(ours):
        return True
    if len(theirs.split()) > 1 and sorted(map(stem, ours.split())) == sorted(map(stem, theirs.split())):
        return True  # "response stream", "streaming response"
    pairs = list(zip(ours.split(), theirs.split(), strict=False))
    return len(ours.split()) == len(theirs.split()) and all(a == b or _misspelt(a, b, words) for a, b in pairs)


def _short(name: str) -> frozenset[str]:
    """The abbreviation in a name's brackets, and the name without its maker."""
    whole = spellings(name)
    bare = re.sub(r"\s*\([^()]*\)", "", name)
    inner = {fold(i) for i in re.findall(r"\(([^()]{1,60})\)", name)} & whole
    makers = re.sub(r"^(?:amazon|aws|apache|microsoft|azure|google|oracle|ibm|meta) (?=\w)", "", fold(bare))
    return frozenset({*inner, fold(bare), makers})


def _misspelt(written: str, wanted: str, words: Container[str]) -> bool:
    """Whether a word is another one with a letter put in, left out, changed, or exchanged with its neighbour."""
    if len(wanted) < SHORTEST or written in words or any(c.isdigit() for c in written + wanted):
        return False
    short, long = sorted((written, wanted), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) == len(long):
        return short[at + 1 :] == long[at + 1 :] or (short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :])
    return len(long) - len(short) == 1 and short[at:] == long[at + 1 :]
