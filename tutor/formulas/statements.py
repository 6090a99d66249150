"""Which formulas the notes state, and where: an index in, each formula bound to the sentence that states it fully out.

A formula in signs or spelled-out sums counts where it computes the same for trial numbers, so that a sentence that swaps
two counts states nothing; a definition in words counts by its wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final

from tutor.formulas import arithmetic
from tutor.formulas.arithmetic import NotArithmetic, Tree
from tutor.formulas.nouns import Bound, Formula
from tutor.formulas.registry import FORMULAS
from tutor.index import Index
from tutor.types import Hit, Unit

_CLUES: Final = (
    "=",
    "/",
    "÷",
    "\\frac",
    "divided by",
    "mean of",
    "average",
    " mean",
    "share of",
    "proportion of",
    "fraction of",
    "ratio of",
    "percentage of",
    "minus",
    "times",
    "root of",
    "exponential of",
    "sum of",
    "product of",
)
_TRIALS: Final = ((0.37, 0.83, 0.59, 0.71, 0.23), (0.61, 0.29, 0.97, 0.41, 0.53), (0.89, 0.47, 0.31, 0.67, 0.79))
"""Values that stand for the inputs in order: alike in size and alike in no sum, product or ratio."""
_SCALES: Final = tuple(10.0**n for n in (-9, -6, -3, -2, 0, 2, 3, 6, 9))
"""A share and a percentage, bytes and gigabytes: the same formula in another unit."""
_LONGEST: Final = 700
"""Characters of a unit; a longer one is a page that was not split, and no statement."""
_WORD: Final = re.compile(r"[^\W_][\w^]*")
_BETWEEN: Final = re.compile(r"[^.;|]{0,60}?$")
_IS: Final = re.compile(
    r"(?:\s*\([^()]{1,60}\))?(?:\s+(?:score|metric|value|rate|formula))?(?:\s+(?:of|for|in)\s[\w\s-]{1,40}?)?\s*(?:=|:|\||–|—|\bis\b(?:\s+(?:calculated|computed|defined|given)\s+(?:as|by))?|\bequals\b)\s*(?:=\s*)?"
)
_ARTICLE: Final = re.compile(r"^(?:the|a|an|its|total|overall|number of|count of|total number of)\s+", re.IGNORECASE)
_NAME: Final = r"([\w'’-]+(?: [\w'’-]+){0,5}?|\([^()]+\))"
_END: Final = r"(?=\s*(?:[,.;:)|=/]|$|\bso\b|\bwhich\b|\bthat\b|\bdivided\b|\bminus\b|\bplus\b))"
_SPOKEN: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), written)
    for pattern, written in (
        (r"\bdivided by\b", "/"), (r"\b(?:multiplied by|times)\b", "*"), (r"\bplus\b", "+"), (r"\bminus\b", "-"), (r"\bone\b(?= [-+*/])", "1"), (r"\bhalf (?:of )?(?:the )?", "0.5 * "),
        (rf"\bharmonic (?:mean|average) of (?:the )?{_NAME} and (?:the )?{_NAME}{_END}", r"(2 * \1 * \2 / (\1 + \2))"),
        (rf"\b(?:arithmetic )?(?:mean|average) of (?:the )?{_NAME} and (?:the )?{_NAME}{_END}", r"((\1 + \2) / 2)"),
        (rf"\bsum of (?:the )?{_NAME} and (?:the )?{_NAME}{_END}", r"(\1 + \2)"), (rf"\bdifference (?:between|of) (?:the )?{_NAME} and (?:the )?{_NAME}{_END}", r"(\1 - \2)"),
        (rf"\bproduct of (?:the )?{_NAME} and (?:the )?{_NAME}{_END}", r"(\1 * \2)"), (rf"\b(?:ratio|quotient) of (?:the )?{_NAME} (?:to|and) (?:the )?{_NAME}{_END}", r"(\1 / \2)"),
        (r"\bthe (?=[(])", ""),
    )
)  # fmt: skip


def bind(index: Index) -> Mapping[str, Bound]:
    """The formulas that the notes state, by id, each with the unit that states it most fully, the first of those alike."""
    best: dict[str, tuple[float, Bound]] = {}
    for passage in index.passages:
        if not _hinted(passage.text):
            continue
        text = index.notes[passage.note].text
        for unit in passage.units:
            said = text[unit.start : unit.end]
            if unit.kind == "code" or len(said) > _LONGEST or not _hinted(said):
                continue
            for formula, score in _stated(said, _cells(text, unit)):
                if score > best.get(formula.id, (0.0,))[0]:
                    best[formula.id] = score, Bound(formula, Hit(passage, 0.0), (unit.start, unit.end), unit.label if unit.kind == "row" else None)
    return MappingProxyType({name: replace(best[f.statement][1], formula=f) for name, f in FORMULAS.items() if f.statement in best})


def states(formula: Formula, text: str) -> bool:
    """Whether a quote states a formula, or the one that it rests on."""
    return any(found.id == formula.statement for found, _ in _stated(text, _split(text)))


def _hinted(text: str) -> bool:
    low = text.lower()
    return any(clue in low for clue in _CLUES)


def _cells(text: str, unit: Unit) -> tuple[str, ...]:
    return tuple(text[a:b] for a, b in unit.cells) if unit.kind == "row" else ()


def _split(text: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in text.strip(" |").split("|")) if text.count("|") > 1 else ()


@lru_cache(maxsize=4096)
def _stated(text: str, cells: tuple[str, ...]) -> tuple[tuple[Formula, float], ...]:
    """The formulas that a unit states and how fully: 2 for signs, 1 for words, and less for a row than for a sentence."""
    readable = arithmetic.plain(text)
    found = []
    for formula in _near(readable):
        if formula.bound_by:
            continue
        score = _in_row(formula, cells) if cells else _in_sentence(formula, readable)
        if score:
            found.append((formula, score))
    return tuple(found)


@cache
def _first() -> Mapping[str, tuple[str, ...]]:
    """The ids of the formulas by the first words of their names."""
    found: dict[str, tuple[str, ...]] = {}
    for formula in FORMULAS.values():
        for name in formula.names:
            word = re.split(r"[\s-]", name)[0]
            found[word] = (*found.get(word, ()), formula.id)
    return found


def _near(text: str) -> list[Formula]:
    """The formulas of which a name may stand in a text: one word of it begins a name."""
    first = _first()
    return [FORMULAS[name] for name in dict.fromkeys(name for word in _WORD.findall(text.lower()) for name in first.get(word, ()))]


def _in_row(formula: Formula, cells: tuple[str, ...]) -> float:
    """A row states a formula where its first cell is the name and another one the arithmetic."""
    named, *others = (arithmetic.plain(cell).strip() for cell in cells)
    name = name_of(formula).search(named)
    if name is None or _other(formula, named[: name.start()]) or _other(formula, named[name.end() :]):
        return 0.0
    if any(_computes(formula, cell) for cell in others):
        return 1.5
    return 0.75 if any(_worded(formula, cell) for cell in others) else 0.0


def _in_sentence(formula: Formula, text: str) -> float:
    signs = words = 0.0
    for name in name_of(formula).finditer(text):
        rest = text[name.end() :]
        link = _IS.match(rest)
        if link and not _part(text[: name.start()]) and not signs:
            signs = 2.0 * _computes(formula, rest[link.end() :])
        words = words or float(_worded(formula, rest))
    return signs + words


def _part(before: str) -> bool:
    """Whether a name is the end of a longer one ("balanced accuracy" ends in "accuracy") or of an expression."""
    tail = before.rstrip()
    if tail.endswith(("/", "+", "*", "(", "=")):
        return True
    return any(re.search(rf"\b{re.escape(word)}$", tail, re.IGNORECASE) for word in _QUALIFIERS)


_QUALIFIERS: Final = ("balanced", "adjusted", "root", "root mean", "weighted", "scaled", "pseudo", "macro", "micro", "not", "log", "relative", "inverse")


def _worded(formula: Formula, rest: str) -> bool:
    """Whether a definition in words stands close behind a name, with no other metric's name in between."""
    for pattern in formula.wording:
        found = re.search(pattern, rest, re.IGNORECASE)
        if found and _BETWEEN.match(rest[: found.start()]) and not _other(formula, rest[: found.start()]):
            return True
    return False


def _other(formula: Formula, text: str) -> bool:
    """Whether a text names another formula, and none of this one's inputs."""
    near = _near(text)
    own = {*formula.names, *(name for i in formula.inputs for name in i.names)} if near else set()
    return any(other.title != formula.title and not own & set(other.names) and name_of(other).search(text) for other in near)


def _computes(formula: Formula, text: str) -> bool:
    """Whether a text begins with arithmetic that gives what the formula gives, up to the unit."""
    if not isinstance(formula.work, str):
        return False
    return any(_same(formula, reading) for reading in _readings(text))


def _readings(text: str) -> Iterator[str]:
    yield text
    spoken = text
    for pattern, written in _SPOKEN[::-1]:
        spoken = pattern.sub(written, spoken)
    if spoken != text:
        yield re.sub(r"^\s*the\s+", "", spoken)
        over = re.match(r"([^./;]+)/([^/.;,]+)", spoken)
        if over:  # "TP divided by TP plus FP" means the sum below the line
            yield f"({over[1]}) / ({over[2]})"


def _same(formula: Formula, text: str) -> bool:
    try:
        theirs, _ = arithmetic.parse(text, lambda phrase: _meant(formula, phrase))
        if theirs.kind in ("name", "number"):
            return False
        ours = [_tried(formula, _template(str(formula.work)), trial) for trial in _TRIALS]
        given = [_tried(formula, theirs, trial) for trial in _TRIALS]
    except NotArithmetic:
        return False
    return any(all(abs(g * scale - o) <= 1e-9 * max(1.0, abs(o)) for g, o in zip(given, ours, strict=True)) for scale in _SCALES)


def _tried(formula: Formula, tree: Tree, trial: tuple[float, ...]) -> float:
    return arithmetic.evaluate(tree, {i.id: value for i, value in zip(formula.inputs, trial, strict=False)})


@lru_cache(maxsize=256)
def _template(work: str) -> Tree:
    """The tree of a template, its inputs as names."""
    return arithmetic.parse(re.sub(r"\{(\w+)\}", r"(\1)", work), lambda phrase: Tree("name", name=phrase))[0]


def _meant(formula: Formula, phrase: str) -> Tree | None:
    """The input, or the sum of inputs, that a phrase of a note's formula stands for."""
    said = _even(phrase)
    for known in formula.inputs:
        if said in _said(known.names, known.symbols):
            return Tree("name", name=known.id)
    return next((_template(work) for name, work in formula.totals if _even(name) == said), None)


@lru_cache(maxsize=512)
def _said(names: tuple[str, ...], symbols: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_even(name) for name in (*names, *symbols) if not re.match(r"an? ", name))


def _even(phrase: str) -> str:
    """A phrase without articles, hyphens and the plural of its last word."""
    text = phrase.lower().replace("-", " ").replace("’", "'").strip()
    while (shorter := _ARTICLE.sub("", text)) != text:
        text = shorter
    return text.removesuffix("s") if len(text) > 3 else text


def name_of(formula: Formula) -> re.Pattern[str]:
    """What finds a formula's names in a text: words apart by spaces or hyphens."""
    return pattern(formula.names)


@lru_cache(maxsize=1024)
def pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """What finds any of some names in a text, the longest first."""
    spelled = "|".join(r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", name))) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w^])(?:{spelled})(?![\w^])", re.IGNORECASE)
