"""Two texts in, signs of a formula or a limit out that the one has and the other has not: "p > 0.05" for "p < 0.05"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tutor.ground.facts import Number, Reading
from tutor.ground.lexicon import NEGATORS

_TAG: Final = re.compile(r"</?[A-Za-z][\w-]*>")
_END: Final = re.compile(r"[;,]\s|[.!?]\s|\s(?:and|while|whereas|but|or)\s")
_SIGN: Final = re.compile(r"(?<![-=<>])(?:[<>]=?(?=\s|[-−$]?\d)|[≤≥])|(?<=[\w)\]])\s+[-−+*×÷/^]\s+(?=[\w(\[])|(?<=[)\]])\s?[-−+*×÷/^]\s?(?=[\w(\[])")
_WORD: Final = re.compile(r"\w[\w.]*\w|\w")
_ONE_SIGN: Final = {"−": "-", "×": "*", "÷": "/", "≤": "<=", "≥": ">="}
_TURNED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_SPOKEN: Final = {
    "/": frozenset("divided divide divides over per ratio share fraction quotient proportion rate".split()),
    "+": frozenset("plus sum and with added adding together".split()),
    "-": frozenset("minus less difference subtract subtracts subtracted subtracting".split()),
    "*": frozenset("times product multiplied multiply multiplies by".split()),
    "^": frozenset("power squared square cubed exponent".split()),
}
"""For a sign of a formula, the words that say it."""
_LESS: Final = frozenset("below under beneath within less fewer lower smaller shorter most maximum earlier".split())
_MORE: Final = frozenset("above over beyond exceed exceeds exceeding more greater higher larger longer least minimum later".split())
_NEAR: Final = 24
"""Characters beside a sign in which its operands are looked for."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign with the word or number on its left and on its right, in lower case; "" where there is none."""

    left: str
    mark: str
    right: str


@lru_cache(maxsize=4096)
def formulas(text: Reading) -> tuple[tuple[Sign, ...], ...]:
    """The signs of a text's clauses; a dash or a stroke between words of prose is none."""
    plain = _TAG.sub(" ", text.text)
    if not _SIGN.search(plain):
        return ()
    found = []
    for part in _END.split(plain):
        signs = [s for m in _SIGN.finditer(part) if (s := _sign(part, m))]
        if signs:
            found.append(tuple(signs))
    return tuple(found)


def _sign(text: str, match: re.Match[str]) -> Sign | None:
    mark = _ONE_SIGN.get(match.group().strip(), match.group().strip())
    before, behind = text[max(0, match.start() - _NEAR) : match.start()].rstrip(), text[match.end() : match.end() + _NEAR].lstrip()
    left, right = _WORD.findall(before)[-1:], _WORD.findall(behind)[:1]
    if mark not in _TURNED and "=" not in text and not (_operand(before[-1:], left) and _operand(behind[:1], right)):
        return None
    return Sign("".join(left).lower(), mark, "".join(right).lower())


def _operand(edge: str, word: list[str]) -> bool:
    """Whether what stands beside a sign is calculated with: a bracket, a number, a symbol."""
    return edge in "()[]" or (bool(word) and (word[0][0].isdigit() or word[0].isupper() or (len(word[0]) <= 2 and word[0].lower() not in NEGATORS)))


def strange(text: Reading, evidence: tuple[Reading, ...]) -> tuple[str, ...]:
    """The signs of a text that the evidence has otherwise, or neither as a sign nor as a word; and limits turned round."""
    ours, theirs = formulas(text), [f for r in evidence for f in formulas(r)]
    words = {w for r in evidence for w in r.words}
    known = {s for f in theirs for s in f}
    marks = [[s.mark for s in f if s.mark not in _TURNED] for f in theirs]
    for formula in ours:
        sums = [s.mark for s in formula if s.mark not in _TURNED]
        if sums and not any(_within(sums, other) for other in marks) and (any(marks) or not all(words & _SPOKEN[m] for m in sums)):
            return tuple(sums)
        for sign in formula:
            if sign not in known and sign.left != sign.right and Sign(sign.right, sign.mark, sign.left) in known and sign.mark not in "+*":
                return (sign.left, sign.mark, sign.right)
    return _limits(text, evidence, words)


def _within(part: list[str], whole: list[str]) -> bool:
    return any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))


def _limits(text: Reading, evidence: tuple[Reading, ...], words: set[str]) -> tuple[str, ...]:
    mine, other = limits(text), [limit for r in evidence for limit in limits(r)]
    for value, mark, said in mine:
        signs = {m for v, m, signed in other if v == value and signed}
        sides = {m[0] for v, m, _ in other if v == value}
        if (said and signs and mark not in signs) or (sides and mark[0] not in sides and not NEGATORS & set(text.words)):
            return (mark, f"{value:g}")
        if said and not sides and not words & (_LESS if mark[0] == "<" else _MORE):
            return (mark, f"{value:g}")
    return ()


@lru_cache(maxsize=4096)
def limits(text: Reading) -> tuple[tuple[float, str, bool], ...]:
    """Numbers that a text sets a limit at: value, "<" or ">" with or without "=", and whether a sign says so."""
    found = [(n, mark, False) for one in text.numbers for n, mark in _spoken(text, one)]
    for sign in (s for f in formulas(text) for s in f if s.mark in _TURNED):
        for side, mark in ((sign.right, sign.mark), (sign.left, _TURNED[sign.mark])):
            if side.replace(".", "", 1).isdigit():
                found.append((float(side), mark, True))
    return tuple(found)


def _spoken(text: Reading, one: Number) -> Iterable[tuple[float, str]]:
    """ "at least 5", "more than 5", "up to 5", "above 5", "5 or more"."""
    words, at = text.words, one.at
    end = at + one.text.count(" ") + 1
    before, word = words[max(0, at - 2) : at], ""
    if before[-1:] == ("than",) or before[:1] == ("at",):
        word = before[-2] if before[-1] == "than" and len(before) > 1 else before[-1]
    elif before[-1:] and before[-1] in ("below", "under", "beneath", "above", "exceed", "exceeds", "exceeding", "beyond"):
        word = before[-1]
    elif before == ("up", "to"):
        word = "most"
    elif words[end : end + 1] == ("or",) and end + 1 < len(words):
        word = words[end + 1]
    side = "<" if word in _LESS else ">" if word in _MORE else ""
    if side:
        denied = bool(NEGATORS & set(words[max(0, at - 5) : at]))
        yield abs(one.value), _TURNED[side] if denied else side
