"""Whether the options of a question exclude one another: none equal, nested, another's other name, or about the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from typing import Final

from tutor.exam import Question
from tutor.questions.checks.parts import CHOICES, plain, unmade
from tutor.text import fold, stem

_OTHERS: Final = re.compile(
    r"\bof the (?:above|below|preceding|(?:other )?(?:options|answers|choices))\b|\b(?:all|none|any|both|neither|either|some|most) (?:of )?(?:the )?(?:above|below)\b"
    r"|^\W*(?:all|none|any|both|neither|either|some|most) (?:of )?(?:the )?(?:these|those|others?|(?:other )?(?:options|answers|choices))\b(?: (?:is|are) (?:right|correct|true|wrong))?\W*$"
    r"|\bnot enough information\b|\b(?:cannot|can't) be (?:determined|said|told|decided)\b|^\s*it depends\b|^\s*i (?:do not|don't) know\b",
    re.IGNORECASE,
)
_BARE: Final = re.compile(r"\s*(?:none|all|both|neither|everything|nothing|any)\s*\.?\s*$", re.IGNORECASE)
_LETTERS: Final = re.compile(r"\b[Bb]oth [A-H]\b|\b(?:[Nn]ei|[Ee]i)ther [A-H]\b|^\W*[A-H](?:, [A-H])* (?:and|or|&) [A-H](?: only)?\W*$|\b[Oo]ptions? [A-H]\b")
_SMALL: Final = frozenset("a an the of in for to is are was were be by on with that which it its this and your their".split())
_JOINS: Final = frozenset("and or plus with in on of for from at by using via when where if because while through under per as".split())
_BRACKETED: Final = re.compile(r"^(?P<outer>[^()]{2,})\s*\((?P<inner>[^()]{2,})\)$")
_NUMBER: Final = re.compile(r"^[^\w.+\-−]*(?P<number>[+\-−]?\d[\d,]*(?:\.\d+)?|[+\-−]?\.\d+)\s*(?P<unit>.*)$", re.DOTALL)
SHORT: Final = 6
"""Words up to which an option is a name, which a longer one may hold by chance."""


def same(question: Question) -> Iterator[str]:
    """No two options say the same: equal, reworded by small words only, or one the other's abbreviation."""
    for left, right in combinations(question.options, 2):
        if _names(left.text) & _names(right.text):
            yield f"The options {left.id} and {right.id} say the same."


def nested(question: Question) -> Iterator[str]:
    """No option holds another, so that the one is right whenever the other is. A name that is only the head of a longer one
    ("instance", "spot instance") matters where one of the two is right."""
    if question.kind == "ordering":
        return
    for left, right in combinations(question.options, 2):
        if number(left.text) and number(right.text):
            continue
        less, more = sorted((left, right), key=lambda o: len(_words(o.text)))
        matters = question.kind in CHOICES and (less.id in question.key) != (more.id in question.key)
        if _joined(_words(more.text), _words(less.text)) or (matters and _heads(_words(more.text), _words(less.text))):
            yield f"The option {less.id} is part of the option {more.id}."


def apart(question: Question) -> Iterator[str]:
    """Each option can be read without the others: no "all of the above", no "both A and C"."""
    for option in question.options:
        if _OTHERS.search(option.text) or _LETTERS.search(option.text) or (question.kind in CHOICES and _BARE.match(option.text)):
            yield f"The option {option.id} speaks of the other options."


def filled(question: Question) -> Iterator[str]:
    """Each option says something."""
    for option in (*question.options, *question.prompts):
        if not any(c.isalnum() for c in option.text):
            yield f"The option {option.id} is empty."


def numbers(question: Question) -> Iterator[str]:
    """Numbers among the options differ by value, and computed ones ascend or descend."""
    if question.kind not in CHOICES:
        return
    read = [(o.id, value) for o in question.options if (value := number(o.text)) is not None]
    for (a, left), (b, right) in combinations(read, 2):
        if left == right:
            yield f"The options {a} and {b} are the same number."
    if question.proof.asks == "number" and len(read) == len(question.options):
        values = [value for _, (value, _) in read]
        if values not in (sorted(values), sorted(values, reverse=True)):
            yield "The numbers do not stand in their order."


def plausible(question: Question) -> Iterator[str]:
    """No number that cannot be: more than 100 % of a share or fewer than none of anything, where the key is neither."""
    if question.kind not in CHOICES:
        return
    read = {o.id: value for o in question.options if (value := number(o.text)) is not None}
    keys = [read[k] for k in question.key if isinstance(k, str) and k in read]
    if not keys:
        return
    signed = any(size < 0 for size, _ in keys)
    above = any(unit.startswith("%") and size > 100 for size, unit in keys)
    for one, (size, unit) in read.items():
        if size < 0 and not signed:
            yield f"The option {one} is below zero, which the key shows it cannot be."
        if unit.startswith("%") and size > 100 and not above:
            yield f"The option {one} is more than 100 %."


@lru_cache(maxsize=4096)
def number(text: str) -> tuple[float, str] | None:
    """The number that an option is and its unit in lower case; None where it is no number."""
    found = _NUMBER.match(text.strip())
    if found is None or len(found["unit"].split()) > 4:
        return None
    return float(found["number"].replace(",", "").replace("−", "-")), fold_unit(text[: found.start("number")] + found["unit"])


def fold_unit(text: str) -> str:
    """A unit for comparing: singular, without the full stop."""
    return " ".join(stem(w) if w.isalpha() else w for w in text.lower().strip(" .").split())


@lru_cache(maxsize=8192)
def _words(text: str) -> tuple[str, ...]:
    return tuple(stem(w) for w in fold(unmade(text)).split())


@lru_cache(maxsize=8192)
def _names(text: str) -> frozenset[str]:
    """The forms under which one thing may be named: as it stands, without its maker, what stands in brackets, its initials."""
    pieces = [text]
    bracketed = _BRACKETED.match(text.strip())
    if bracketed:
        pieces += [bracketed["outer"], bracketed["inner"]]
    made = {" ".join(w for w in _words(piece) if w not in _SMALL) or plain(piece) for piece in pieces}
    for piece in pieces:
        initials = [w[0] for w in fold(piece).split() if w not in _SMALL]
        if 3 <= len(initials) <= 7 and all(w.isalpha() for w in fold(piece).split()):
            made.add("".join(initials))
    return frozenset(made - {""})


def _places(more: tuple[str, ...], less: tuple[str, ...]) -> list[int]:
    """Where the words of the shorter option stand in the longer one, in a row."""
    size = len(less)
    if not less or size >= len(more) or (size == 1 and less[0] in _SMALL):
        return []
    return [i for i in range(len(more) - size + 1) if more[i : i + size] == less]


def _joined(more: tuple[str, ...], less: tuple[str, ...]) -> bool:
    """Whether the longer option is the shorter one with something joined to it ("recall and precision"), or a statement
    that has all its words."""
    size, places = len(less), _places(more, less)
    behind = (more[i + size] for i in places if i + size < len(more))
    return bool(places) and (size > SHORT or any(more[i - 1] in _JOINS for i in places if i) or any(w in _JOINS for w in behind))


def _heads(more: tuple[str, ...], less: tuple[str, ...]) -> bool:
    """Whether the shorter name is the head of the longer one: what is a spot instance is an instance."""
    return len(more) <= SHORT and any(i + len(less) == len(more) for i in _places(more, less))
