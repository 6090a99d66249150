"""A sentence or quote in, what can be checked of it out: its words and clauses, its numbers with units, its names.

Everything is linear in the text, which is cut at LONGEST characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tutor.ground.lexicon import IDLE, NEGATORS, UNITS
from tutor.text import stem, visible

LONGEST: Final = 3000
"""Characters of a text that are read: many times a sentence."""
_MARK: Final = re.compile(r"[*`_]{2,3}|(?<![\w*])[*_](?=\w)|(?<=\w)[*_](?!\w)|^\s*(?:[-*+>#|]+|\d{1,2}[.)])\s+|\[!\w{2,12}\]|</?\w{1,10}>", re.MULTILINE)
_TOKEN: Final = re.compile(
    r"(?P<minus>(?<![\w)\]%.,-])[-−–](?=\d))|\d{1,3}(?:[,\u202f ]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)+[a-z]{0,3}|[^\W_]+(?:['’][^\W\d_]+)?|[%$€£°]|[;:|()\[\]—–]|[.!?](?=\s|$)|,|=|→|->|\s-\s"
)
_MIXED: Final = re.compile(r"([\d.,]*\d)([^\W\d_]+|%)?")
_OPENING: Final = frozenset('"“‘«')
_SPLIT: Final = frozenset("; : | ( ) [ ] — – . ! ? = → ->".split()) | {"-"}
_JOIN: Final = frozenset("and but or which who because so while whereas though although if when unless since then yet nor not whose where until".split())
"""Words that begin a clause behind a comma."""
_BREAK: Final = frozenset("but because whereas while although though which unless whose since".split())
"""Words that begin a clause anywhere."""
_LETTERS: Final = frozenset("bcdefghjklmnopqruvwxyz")
"""Letters that name something when they stand alone."""
_SHORT: Final = 2
"""Content words that a clause needs to stand alone."""

_SMALL: Final = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS: Final = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SCALE: Final = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SCALES: Final = {"k": 1e3, "m": 1e6, "b": 1e9, "bn": 1e9, "million": 1e6, "billion": 1e9, "thousand": 1e3, "hundred": 1e2, "trillion": 1e12}
_PARTS: Final = {"half": 0.5, "halve": 0.5, "halves": 0.5, "halved": 0.5, "halving": 0.5, "quarter": 0.25, "dozen": 12.0, "twice": 2.0, "double": 2.0, "doubles": 2.0, "doubled": 2.0,
    "doubling": 2.0, "twofold": 2.0, "both": 2.0, "pair": 2.0, "thrice": 3.0, "triple": 3.0, "triples": 3.0, "tripled": 3.0, "tripling": 3.0, "threefold": 3.0, "fourfold": 4.0, "tenfold": 10.0, "single": 1.0, "once": 1.0}  # fmt: skip
_ORDINALS: Final = {w: float(n) for n, w in enumerate("third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 3)} | {
    "first": 1.0,
    "second": 2.0,
}
_VAGUE: Final = frozenset(
    "one first second once single both pair quarter quarters third hundreds thousands millions billions dozens thousand hundred dozen zero".split()
)
"""Number words that are also plain speech: they support a number, and are not asked for one."""
_TENFOLD: Final = {"hundreds": 100.0, "thousands": 1e3, "millions": 1e6, "billions": 1e9, "dozens": 12.0}


@dataclass(frozen=True, slots=True)
class Number:
    """A quantity: its value, its unit as measured thing and size ("", 1.0 where none), the place of its token."""

    value: float
    kind: str
    size: float
    at: int
    text: str
    plain: bool = True

    @property
    def base(self) -> float:
        """The value in the base unit."""
        return self.value * self.size


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A text as read. Tuples run over its words; `clause` numbers them by clause; `names` are places of words that name
    something; `numbers` what is counted; `units` the units of time and the like as (place, kind, size).

    One is equal to itself alone, so that what is found out about it can be kept for it at the price of an address.
    """

    text: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    content: tuple[bool, ...]
    clause: tuple[int, ...]
    names: tuple[int, ...]
    numbers: tuple[Number, ...]
    units: tuple[tuple[int, str, float], ...]
    written: tuple[str, ...]
    cut: bool = False

    @property
    def told(self) -> tuple[str, ...]:
        """The stems of the words of content, in their order."""
        return _told(self)

    def clauses(self) -> tuple[range, ...]:
        """The places of each clause's words."""
        return _clauses(self)


@lru_cache(maxsize=4096)
def _told(text: Reading) -> tuple[str, ...]:
    return tuple(s for s, c in zip(text.stems, text.content, strict=True) if c)


@lru_cache(maxsize=4096)
def _clauses(text: Reading) -> tuple[range, ...]:
    if not text.words:
        return ()
    starts = [i for i in range(len(text.words)) if not i or text.clause[i] != text.clause[i - 1]]
    return tuple(range(a, b) for a, b in zip(starts, [*starts[1:], len(text.words)], strict=True))


@lru_cache(maxsize=4096)
def read(text: str) -> Reading:
    """A text as read; what stands behind LONGEST characters is left out, and `cut` says so."""
    plain = _MARK.sub(lambda m: " | " if "|" in m.group() else " ", visible(text[:LONGEST]))
    words: list[str] = []
    written: list[str] = []
    clause: list[int] = []
    initial: list[bool] = []
    negative: set[int] = set()
    here, begins, after_comma = 0, True, False
    for match in _TOKEN.finditer(plain):
        token = match.group()
        mark = token.strip()
        if match.lastgroup:
            negative.add(len(words))
            continue
        if mark in _SPLIT:
            here += 1
            begins = begins or mark not in "()[]=-"
            continue
        if mark == ",":
            after_comma = True
            continue
        low = mark.lower().replace("’", "'")
        if (after_comma and low in _JOIN) or low in _BREAK:
            here += 1
        for part in _parts(mark):
            words.append(part.lower().replace("’", "'"))
            written.append(part)
            clause.append(here)
            initial.append(begins or plain[max(0, match.start() - 1) : match.start()] in _OPENING)
        begins = after_comma = False
    stems = tuple(w[:-1] if _plural(o) else stem(w.removesuffix("'s")) for w, o in zip(words, written, strict=True))
    numbers, counted, units = _numbers(words, negative)
    content = tuple(
        w.removesuffix("'s") not in IDLE and w not in NEGATORS and (len(w) > 1 or i in counted or w in _LETTERS) and w not in "%$€£°"
        for i, w in enumerate(words)
    )
    return Reading(
        plain, tuple(words), stems, content, _joined(clause, content), _names(written, initial, counted), numbers, units, tuple(written), len(text) > LONGEST
    )


def _plural(written: str) -> bool:
    """Whether a word is the plural of an abbreviation: "VPCs"."""
    return len(written) > 2 and written[-1] == "s" and written[-2].isalnum() and written[:-1].isupper()


def _parts(token: str) -> list[str]:
    """ "5GB" as 5 and GB, "10k" as 10 and k; what is neither stays whole."""
    match = _MIXED.fullmatch(token)
    if (
        match
        and match[2]
        and not (match[2] == "s" and len(match[1]) == 4)
        and (match[2].lower() in UNITS or match[2].lower() in (*_SCALES, "x", "st", "nd", "rd", "th", "bn"))
    ):
        return [match[1], match[2]]
    return [token]


def _joined(clause: Sequence[int], content: Sequence[bool]) -> tuple[int, ...]:
    """Clauses with the shortest ones joined to the one before, or to the next where none is before."""
    size: dict[int, int] = {}
    for at, one in zip(clause, content, strict=True):
        size[at] = size.get(at, 0) + one
    number, previous, new = 0, None, {}
    for at in list(size):
        if previous is not None:
            if min(size[at], size[previous]) >= _SHORT:
                number += 1
            else:
                size[at] += size[previous]
        new[at] = number
        previous = at
    return tuple(new[at] for at in clause)


def _numbers(words: Sequence[str], negative: set[int]) -> tuple[tuple[Number, ...], set[int], tuple[tuple[int, str, float], ...]]:
    found: list[Number] = []
    counted: set[int] = set()
    units: list[tuple[int, str, float]] = []
    at = 0
    while at < len(words):
        value, size, plain = _value(words, at)
        if value is None:
            if words[at] in UNITS and len(words[at]) > 2:
                units.append((at, *UNITS[words[at]]))
            at += 1
            continue
        end = at + size
        kind, factor = "", 1.0
        if at in negative or (words[max(0, at - 1)] == "minus" and not (found and found[-1].at == at - 2)):
            value = -value
        if end < len(words) and words[end] in ("x", "times"):
            end += 1
        if end < len(words) and words[end] in ("st", "nd", "rd", "th"):
            end += 1
        elif end < len(words) and words[end] in UNITS and not (words[end] in ("s", "second") and words[at] in _ORDINALS):
            kind, factor = UNITS[words[end]]
            counted.add(end)
            end += 1
        elif at and words[at - 1] in ("$", "€", "£"):
            kind, factor = UNITS[words[at - 1]]
        found.append(Number(value, kind, factor, at, " ".join(words[at:end]), plain))
        counted.update(range(at, at + size))
        if kind and not plain and words[at] in ("second", "first"):
            counted.discard(at)
        at = end
    # "4 and 14 days", "5 to 10 GB": the unit behind the last counts for those before.
    for place in range(len(found) - 2, -1, -1):
        one, later = found[place], found[place + 1]
        if (
            not one.kind
            and later.kind
            and later.at - one.at <= 2
            and (words[later.at - 1] in ("to", "and", "or") or (later.at - one.at == 1 and words[one.at][0].isdigit() and words[later.at][0].isdigit()))
        ):
            found[place] = Number(one.value, later.kind, later.size, one.at, one.text, one.plain)
    return tuple(found), counted, tuple(units)


def _value(words: Sequence[str], at: int) -> tuple[float | None, int, bool]:
    """The number that begins at a word: value, words it takes, and whether it can be nothing but a number."""
    word = words[at]
    if word[0].isdigit():
        digits = word.replace(",", "").replace(" ", "").replace("\u202f", "")
        year = digits.removesuffix("s")
        if year.isdigit() or digits.replace(".", "", 1).isdigit():
            value = float(year if year.isdigit() else digits)
            follow = words[at + 1] if at + 1 < len(words) else ""
            if follow in _SCALES:
                return value * _SCALES[follow], 2, True
            return value, 1, True
        return None, 0, True
    if word in _SMALL or word in _TENS:
        total, size, current = 0.0, 0, 0.0
        while at + size < len(words):
            one = words[at + size]
            if one in _TENS:
                if current:
                    break
                current = _TENS[one]
            elif one in _SMALL:
                if current and not (current >= 20 and current % 10 == 0 and 0 < _SMALL[one] < 10) and current % 100:
                    break
                current += _SMALL[one]
            elif one in _SCALE and current:
                current *= _SCALE[one]
                if _SCALE[one] > 100:
                    total, current = total + current, 0.0
            else:
                break
            size += 1
        return total + current, size, not (size == 1 and word in _VAGUE)
    for table in (_PARTS, _ORDINALS, _TENFOLD):
        if word in table:
            return table[word], 1, word not in _VAGUE and table is not _TENFOLD
    if word in _SCALE:
        return float(_SCALE[word]), 1, False
    return None, 0, True


def _names(written: Sequence[str], initial: Sequence[bool], counted: set[int]) -> tuple[int, ...]:
    found = []
    for at, word in enumerate(written):
        if at in counted or not word[0].isalnum() or word.lower().replace("’", "'") in IDLE:
            continue
        inner = any(c.isupper() for c in word[1:])
        mixed = any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
        if inner or mixed or (word[0].isupper() and not initial[at] and len(word) > 1):
            found.append(at)
    return tuple(found)
