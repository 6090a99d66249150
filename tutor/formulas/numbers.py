"""A question and the names of a formula's inputs in; which number the question gives for which input out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from tutor.formulas.nouns import Input, Value
from tutor.formulas.statements import pattern
from tutor.types import Span

MOST: Final = 24
"""Names and numbers of one question; where there are more, none is read."""

_NUMBER: Final = re.compile(
    r"(?<![\w.])(?<!\d[-–])(?<!\w-)(?P<sign>[-−](?=[\d.]))?[$€]?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?P<scale>\s?%|\s?(?:percent|thousand|million|billion|bn|k|m|b)\b)?(?P<unit>\s?(?:ms|milliseconds?)\b)?(?![\w^]|\.\d|[-–]\d)",
    re.IGNORECASE,
)
_SCALES: Final[Mapping[str, float]] = {
    "": 1.0,
    "%": 0.01,
    "percent": 0.01,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
}
_WORDS: Final = {word: float(n) for n, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), 2)}
_SPELLED: Final = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)
_GIVES: Final = re.compile(
    r"(?:\s*\([^()]{0,20}\))?[\s:=~≈]*(?:(?:is|are|was|were|of|at|as|be|being|equals?|equal|to|the|a|an|one|about|only|just|around|over|set|goes|went|came|comes|out|has|have|had|gets|got|reached|reaches|score|value|rate|count|up|adds?|totals?|->|→|=)(?:[\s:=]+|(?=[$€])|$))*",
    re.IGNORECASE,
)
"""What may stand between a name and the number behind it."""
_OF: Final = re.compile(
    r"\s*(?:(?:s|secs?|seconds?|min|minutes?|h|hrs?|hours?|dollars?|usd|euros?|rows|cases|samples|percent)\s+)?(?:(?:of|the|a|an|in|for|on|from|are|is|were|was|as|total|actual|times)\s+)*(?P<word>[\w-]+\s+)?",
    re.IGNORECASE,
)
"""What may stand between a number and the name behind it: a unit, little words, and one of any other kind."""
_APART: Final = frozenset("and or with per but then at x to vs versus where when while if by than instead was gives equals".split())
_JOINED: Final = re.compile(r"\s*(?:,|;|/|&|\band\b|,\s*and\b)?\s*", re.IGNORECASE)
_LISTED: Final = re.compile(r"\s*(?:,\s*and\b|,|;|\band\b|/|\s)\s*", re.IGNORECASE)
_RATIO: Final = re.compile(r"\s*(?:/|\bof\b|\bout of\b)(?:\s+the\b)?\s*", re.IGNORECASE)

Reading = Literal["plain", "ratios", "lists"]
"""Whether numbers are read one by one, "70 of 100" as one share, or numbers in a row as one list."""


class Token(NamedTuple):
    """A number of the question, or a name in it: `name` is an input's id, "=" for what is asked, "" for any other."""

    start: int
    end: int
    name: str | None
    value: Value = 0.0
    percent: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """One reading of a question: the values by input, the spans of the numbers that it takes account of, and how far it
    had to reach."""

    values: Mapping[str, Token]
    used: frozenset[Span]
    cost: int


def given(question: str, inputs: Sequence[Input], asked: Sequence[re.Pattern[str]], others: Sequence[re.Pattern[str]], reading: Reading) -> list[Given]:
    """The ways to give numbers to inputs, none of which gives one to what is asked or two to one input."""
    tokens = _tokens(question, inputs, asked, others, reading)
    if len(tokens) > MOST or not any(t.name is None for t in tokens):
        return []
    lists = {i.id for i in inputs if i.kind == "list"}
    found = []
    for pairs in _pairings(question, tokens):
        values: dict[str, Token] = {}
        for name, number in pairs:
            label, token = tokens[name].name or "", tokens[number]
            if label == "=" or (label and (label in lists) != isinstance(token.value, tuple)) or (label in values and values[label].value != token.value):
                break
            if label:
                values[label] = token
        else:
            cost = sum(name > number for name, number in pairs)
            found.append(Given(values, frozenset((tokens[number].start, tokens[number].end) for _, number in pairs), cost))
    return found


def places(question: str) -> frozenset[int]:
    """Where the numbers of a question begin."""
    return frozenset(m.start() for m in _NUMBER.finditer(question))


def _tokens(question: str, inputs: Sequence[Input], asked: Sequence[re.Pattern[str]], others: Sequence[re.Pattern[str]], reading: Reading) -> list[Token]:
    names = [Token(m.start(), m.end(), i.id) for i in inputs for m in pattern(i.names).finditer(question)]
    names += [Token(m.start(), m.end(), "=") for p in asked for m in p.finditer(question)]
    names += [Token(m.start(), m.end(), "") for p in others for m in p.finditer(question)]
    names.sort(key=lambda t: (t.start, -t.end, t.name == ""))
    kept: list[Token] = []
    for token in names:
        if not kept or token.start >= kept[-1].end:
            kept.append(token)
    numbers = [n for n in _numbers(question) if not any(k.start <= n.start < k.end for k in kept)]
    if reading != "plain":
        numbers = _merged(question, numbers, reading, kept)
    spelled = [Token(m.start(), m.end(), None, _WORDS[m.group().lower()]) for m in _SPELLED.finditer(question)] if reading == "plain" else []
    return sorted([*kept, *numbers, *(s for s in spelled if not any(k.start <= s.start < k.end for k in kept))])


def _numbers(question: str) -> list[Token]:
    found = []
    for m in _NUMBER.finditer(question):
        scale = (m["scale"] or "").strip().lower()
        value = float(m["digits"].replace(",", "")) * _SCALES[scale]
        found.append(Token(m.start(), m.end(), None, round(-value if m["sign"] else value, 12), scale in ("%", "percent"), "ms" if m["unit"] else ""))
    return found


def _merged(question: str, numbers: list[Token], reading: Reading, names: Sequence[Token]) -> list[Token]:
    """Numbers in a row as one list, or each two with "of" between as one share. A list's token bears all its numbers."""
    joint = _LISTED if reading == "lists" else _RATIO
    runs: list[list[Token]] = []
    for token in numbers:
        last = runs[-1][-1] if runs else None
        if (
            last
            and joint.fullmatch(question[last.end : token.start])
            and (reading == "lists" or len(runs[-1]) == 1)
            and not any(last.end <= k.start < token.start for k in names)
        ):
            runs[-1].append(token)
        else:
            runs.append([token])
    merged = []
    for run in runs:
        values = [t.value for t in run if isinstance(t.value, float)]
        worded = {any(c.isalpha() for c in question[t.start : t.end]) for t in run}
        if len(run) == 1 or len(worded) > 1 or (reading == "ratios" and not 0 <= values[0] <= values[1] > 0):
            merged += run
        else:
            merged.append(Token(run[0].start, run[-1].end, None, tuple(values) if reading == "lists" else values[0] / values[1], reading == "ratios"))
    return merged


def _pairings(question: str, tokens: Sequence[Token]) -> Iterator[tuple[tuple[int, int], ...]]:
    """The ways to pair names with the numbers beside them, as places in the tokens; names in a row take numbers in a row."""
    rows = _rows(question, tokens)

    def on(at: int, left: int) -> Iterator[tuple[tuple[int, int], ...]]:
        if at >= len(tokens):
            yield ()
            return
        if at in rows:
            size = rows[at]
            for rest in on(at + 2 * size, left):
                yield tuple((at + n, at + size + n) for n in range(size)) + rest
            return
        if at + 1 < len(tokens) and (pair := _pair(question, tokens, at)):
            for rest in on(at + 2, left):
                yield (pair, *rest)
        if left or tokens[at].name is not None:
            for rest in on(at + 1, left - (tokens[at].name is None)):
                yield rest

    for left in range(3):  # as few numbers left over as there can be
        found = list(on(0, left))
        if found:
            yield from found
            return


def _rows(question: str, tokens: Sequence[Token]) -> dict[int, int]:
    """Where names in a row are followed by as many numbers in a row, and how many: "precision and recall are .6 and .9"."""
    found: dict[int, int] = {}
    at = 0
    while at < len(tokens):
        size = _run(question, tokens, at, names=True)
        follow = at + size
        if (
            size >= 2
            and follow < len(tokens)
            and _run(question, tokens, follow, names=False) == size
            and _GIVES.fullmatch(question[tokens[follow - 1].end : tokens[follow].start])
        ):
            found[at] = size
            at = follow + size
        else:
            at += max(1, size)
    return found


def _run(question: str, tokens: Sequence[Token], at: int, names: bool) -> int:
    size = 0
    while at + size < len(tokens) and (tokens[at + size].name is not None) == names:
        if size and not (_JOINED.fullmatch(gap := question[tokens[at + size - 1].end : tokens[at + size].start]) and gap.strip()):
            break
        size += 1
    return size


def _pair(question: str, tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    first, second = tokens[at], tokens[at + 1]
    gap = question[first.end : second.start]
    if first.name is not None and second.name is None:
        return (at, at + 1) if _GIVES.fullmatch(gap) else None
    if first.name is None and second.name is not None:
        found = _OF.fullmatch(gap)
        return (at + 1, at) if found and (found["word"] or "").strip().lower() not in _APART else None
    return None
