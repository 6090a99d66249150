"""A table's header in, how a person would ask for its cells out. A header of an unknown form is not asked for: "which kind
has this entry under ..." is no question."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Column:
    """What a thing is matched with ("what it checks"); `noun` is the header as a thing's own noun, for "whose {noun} is ...",
    "" where it is none."""

    match: str
    noun: str = ""


_VERBS: Final = "holds shows measures checks stores moves reads writes detects covers controls limits returns keeps means does tests compares describes records tells decides produces outputs predicts prevents protects needs requires gives adds removes reports".split()
"""Verbs of headers."""
_VERB: Final = re.compile(rf"(?:what (?:it|the [a-z]+|this) )?({'|'.join(_VERBS)})")
_CHANGES: Final = re.compile(r"what changes")
_USED: Final = re.compile(r"purpose|used? for|use it (?:for|to)|(?:main|typical|common|usual)? ?(?:[a-z]+ )?uses?|use cases?")
_CAUSE: Final = re.compile(r"(?:typical |likely |common |usual |main |probable )?cause")
_REMEDY: Final = re.compile(r"(?:usual |typical |best |first )?(?:remedy|fix|cure|response|action|countermeasure|solution|treatment|defense)")
_BILLED: Final = re.compile(r"billed by|billing|charged by|priced by")
_ANSWERS: Final = re.compile(r"question(?: it answers)?")
_OWN: Final = re.compile(
    r"(?:unit|range|default|default value|value range|scope|goal|owner|trigger|provider|layer|protocol|encoding|layout|data type|time limit|file format|price model|symmetry"
    r"|(?:input|output|data|storage|billing|time|file|traffic) (?:type|format|unit|model|mode|location|pattern)"
    r"|(?:largest|longest|smallest|shortest|maximum|minimum|required|default) [a-z -]+)"
)
CHOOSES: Final = re.compile(
    r"(?:choose|pick|use|take|prefer|option|tool|service|format|algorithm|method|technique|approach|model|metric|strategy|pattern|deployment|storage|store|source|gateway|pick this|best|first choice|fits|answer with|store in)\b",
    re.IGNORECASE,
)
"""Headers of what a situation is answered with."""
GENERIC: Final = re.compile(
    r"(?:kind|option|way|type|form|sort|part|one|thing|entry|item|piece|choice|level|approach|case|row|name|policy|measure|check|pillar|change|mode|state|group|family|cause|sign)s?",
    re.IGNORECASE,
)
"""Nouns of rows that say too little alone: a kind of what?"""


def column(header: str) -> Column | None:
    """How a header's cells are asked for; None where that is not known."""
    low = " ".join(header.lower().split())
    for form, made in _FORMS:
        match = form.fullmatch(low)
        if match:
            return made(match)
    return None


def _own(match: re.Match[str]) -> Column:
    noun = match.group()
    return Column(f"its {noun}", noun)


def _verb(match: re.Match[str]) -> Column:
    return Column(f"what it {match.group(1)}")


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Column]], ...]] = (
    (_VERB, _verb),
    (_CHANGES, lambda _: Column("what changes in it")),
    (_USED, lambda _: Column("what it is used for")),
    (_CAUSE, lambda m: Column(f"its {m.group()}", m.group())),
    (_REMEDY, lambda m: Column(f"the {m.group()} for it")),
    (_BILLED, lambda _: Column("how it is billed")),
    (_ANSWERS, lambda _: Column("the question that it answers")),
    (_OWN, _own),
)
