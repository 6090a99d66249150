"""Verbatim words of notes in, pieces of a stem out: lower case where a sentence goes on, one noun for one thing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from tutor.text import content_terms, words
from tutor.types import Note

FRAME: Final = re.compile(r"^Fill in the blank(?: \(.*?\))?:\s*")
"""What stands before the sentence of a cloze."""
_SMALL: Final = re.compile(r"(?<= )[a-z]{2,30}(?=[ ,;:.)\n])")
_CAPITAL: Final = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{1,29}(?=[ ,;:.)\n])")
_FIRST: Final = re.compile(r"[^\W_]+")
_VERBAL: Final = re.compile(
    r"^(?:instead|since|until|first|second|one|other|value|values|required|name|what|which|who|whose|where|how|when|why|if|is|are|can|does|do|may|must|choose|use[ds]?|pick|avoid|better|best|good|fits?|suits|not|needs?|starts?|holds?|moves?|grows?|runs?|works?|reads?|writes?|stores?|keeps?|"
    r"gives?|takes?|made|sets?|billed|charged|measured|scaled|shown|seen|supports?|handles?|finds?|detects?|tells?|shows?|checks?|answers?|returns?|helps?|lets?|allows?|to|for|from|with|in|on)\b|\b(?:when|by|to|for|it|on|from|with|in|at|of|than)$",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"[a-z][A-Z]|^[A-Z]{2}|^(?:Amazon|AWS|SageMaker|Azure|Google)\b|\S [A-Z][a-z]")
LABEL: Final = 7
"""Words of a label."""
_ANNOUNCES: Final = re.compile(r"^(?:table|terms|kinds|types|list|glossary|overview|comparison|forms|families) (?:of|about|on) (?:the )?", re.IGNORECASE)
_TABULAR: Final = re.compile(r" (?:in a table|compared|at a glance|side by side|told apart)$", re.IGNORECASE)
_NO_LABEL: Final = re.compile(
    r"[,:;?]|\b(?:what|which|how|why|when|where|who|choosing|choice|picking|traps?|mistakes?|steps?|ways?|fit|scenarios?|examples?|table|look-alikes?|situation|is|are|do|does|two|three|four|five|six|seven)\b",
    re.IGNORECASE,
)
_PRONOUN: Final = re.compile(r"(?:it|they|this|these|that|those|he|she|its|their|such|here|there)\b", re.IGNORECASE)
_SAME: Final = frozenset("series species analysis bias basis access process class loss mass business aws axis canvas".split())


def common_words(notes: Iterable[Note]) -> frozenset[str]:
    """Words that the notes write in lower case more often than with a capital inside a sentence: only these lose a
    capital when a sentence goes on."""
    found: Counter[str] = Counter()
    for note in notes:
        found.update(_SMALL.findall(note.text))
        found.subtract(w.lower() for w in _CAPITAL.findall(note.text))
    return frozenset(w for w, balance in found.items() if balance > 0)


def lowered(text: str, common: frozenset[str]) -> str:
    """The text as it stands inside a sentence: its first letter in lower case, unless it begins with a name."""
    first = _FIRST.match(text)
    if first is not None and first.group() == "A" and text[1:2] == " ":
        return f"a{text[1:]}"
    if first is None or not first.group().istitle() or first.group().lower() not in common:
        return text
    second = _FIRST.match(text, first.end() + 1)
    if second is not None and second.group().istitle() and text[first.end()] == " ":
        return text  # "Random Cut Forest", "Data Wrangler"
    return text[0].lower() + text[1:]


def raised(text: str) -> str:
    """The text as it begins a sentence."""
    first = text.split(" ", 1)[0].rstrip(",;:.!?")
    return (
        text[:1].upper() + text[1:]
        if first.islower() and not re.match(r"[b-z](?:-|$)", first) and re.fullmatch(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*", first)
        else text
    )


def sentence(text: str) -> str:
    """The text as a sentence of its own."""
    return f"{raised(text.strip().rstrip('.;:,'))}."


def singular(noun: str) -> str:
    """One of what a plural noun names: "inference options" is "inference option"."""
    before, of, behind = re.match(r"(.*?)(?:( (?:for|of|in|on|with|to|that|from)\b)(.*))?$", noun, re.DOTALL).groups("")  # type: ignore[union-attr]  # it matches anything
    if of:
        return f"{singular(before)}{of}{behind}"
    head, _, last = noun.rpartition(" ")
    low = last.lower()
    if low in _SAME or not low.endswith("s") or low.endswith("ss"):
        return noun
    one = last[:-3] + "y" if low.endswith("ies") else last[:-2] if low.endswith(("ches", "shes", "sses", "xes", "zes")) else last[:-1]
    return f"{head} {one}".strip()


def nominal(attribute: str) -> bool:
    """Whether an attribute is a noun that a thing can have: "Typical cause" is, "Starts when" and "Grows by" are not."""
    return not _VERBAL.search(attribute) and not _NAME.search(attribute)


def plural(noun: str) -> bool:
    """Whether a noun in lower case is of several things."""
    last = re.split(r" (?:for|of|in|on|with|to|that|from) ", noun)[0].rpartition(" ")[2]
    return last.islower() and last.endswith("s") and not last.endswith(("ss", "us", "is")) and len(last) > 3 and last not in _SAME


def topic(title: str, common: frozenset[str]) -> str:
    """A heading as a short label for what a question is about; "" where it is a sentence, a question, a list or an
    announcement."""
    text = _ANNOUNCES.sub("", _TABULAR.sub("", title)).strip()
    return "" if not text or len(text.split()) > LABEL or _NO_LABEL.search(text) else lowered(text, common)


def pronominal(text: str) -> bool:
    """Whether a text begins with a word that points back to what is not there."""
    return bool(_PRONOUN.match(text))


def listed(items: Iterable[str]) -> str:
    """Items in one line: "a, b and c"."""
    found = list(items)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else ""


def shared(left: str, right: str) -> float:
    """The share of the words of the shorter text that the other one has."""
    a, b = set(map(str.lower, words(left))), set(map(str.lower, words(right)))
    return len(a & b) / max(1, min(len(a), len(b)))


@lru_cache(maxsize=16384)
def topics(text: str) -> frozenset[str]:
    """The search terms of a text's words of content."""
    return frozenset(content_terms(text))


def counted(number: int) -> str:
    """How many, as an exam writes it."""
    names: Mapping[int, str] = {1: "ONE", 2: "TWO", 3: "THREE", 4: "FOUR"}
    return names.get(number, str(number))
