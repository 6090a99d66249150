"""A sentence in, the one quantity that it gives a thing out: what is limited, counted or set, and to how much."""

from __future__ import annotations

import re
from typing import Final

from tutor.facts.forms import Saying
from tutor.facts.line import Line
from tutor.facts.names import article, is_name

GAP: Final = "…"
"""Stands in the attribute for the quantity: "may take … of the capacity"."""
_LONGEST: Final = 300
_TAIL: Final = 8
"""Words of an attribute, the gap among them."""
_NUMBER: Final = r"\d+(?:,\d{3})*(?:\.\d+)?"
_UNIT: Final = (
    r"(?:\s?%|\s?(?:[kKMGTP]i?B|ms|Mbps|Gbps|Hz|[kMG]Hz|°C|mg|kg|km|cm|mm|ml|V|W|kW|kWh|dB|bits?|bytes?)\b|"
    r" (?:percent|per ?cent|milliseconds?|seconds?|minutes?|hours?|days?|weeks?|months?|years?|times|degrees?|dollars?|euros?|points?|million|billion|thousand)(?: [a-z]{3,}s)?\b"
    r"| [a-z]{3,}s\b| [a-z]{3,} [a-z]{3,}s\b)?"
)
_DIGIT: Final = re.compile(r"\d")
_HEDGE: Final = (
    r"(?:(?:at most|at least|up to|no more than|no less than|a maximum of|a minimum of|about|around|roughly|exactly|more than|less than|fewer than|only) )?"
)
_QUANTITY: Final = re.compile(rf"{_HEDGE}(?<![\w.,$-])\$?{_NUMBER}(?:(?: to | and |[-–]){_NUMBER})?{_UNIT}(?![\w%+-])", re.IGNORECASE)
_HELPS: Final = re.compile(r" (?P<verb>is|are|has|have|can|may|must|cannot)\b")
_VERB: Final = re.compile(
    r" (?:(?:usually|normally|typically|always|only) )?(?P<verb>(?:holds?|supports?|allows?|lasts?|serves?|requires?|needs?|takes?|keeps?|runs?|times out|defaults? to"
    r"|costs?|accepts?|returns?|stores?|retains?|offers?|provides?|reserves?|uses?|listens?|works?|expires?|reads?|writes?|contains?|covers?|spans?|stays?|waits?|starts?|ends?|expects?|delivers?"
    r"|receives?|measures?|weighs?|consists? of|counts?|ranges?|grows?|reaches|includes?|limits?|finishes|scales?|processes|sends?|moves?|records?|remembers?|saves?))\b"
)
_OF: Final = re.compile(r"(?:The|A|An) (?P<attribute>[a-z][\w -]{2,40}?) (?:of|for) (?P<thing>[^,;:]{2,80}?) (?:is|are) (?=\S)")
_BOUND: Final = re.compile(r"[;,:(]| and | or | but | so | while | because | which | that | plus | unless | where(?:as)? ")
_CASE: Final = re.compile(
    r"\b(?:example|instance|suppose|older|once|formerly|until|since|19\d\d|20\d\d|if|when|whether|unless|while|because|then|gives?|equals?|first|second|third|question|table|chapter|section|figure|step|version"
    r"|release|was|were|candidates?|company|team|learner|here|this|these|that|between|from|about|around|roughly|often|usually|sometimes|new customers)\b|[=()×?]",
    re.IGNORECASE,
)
"""Words of a worked example, a dated, rough or conditional statement: its number holds for that case alone, or for none."""


def quantity(line: Line) -> Saying | None:
    """The quantity that a sentence's first clause gives a thing, where it is the only one there; None of any other.

    The attribute is what the sentence says around it ("may take … of the capacity"), or what it names ("default port").
    """
    if len(line.text) > _LONGEST or not _DIGIT.search(line.text):
        return None
    at = _QUANTITY.search(line.text)
    if at is None or len(at.group()) < 2:
        return None
    if re.match(r",? (?:and|or) (?:at|up|no|more|less|a|about)?\b[a-z ]{0,12}\d", line.text[at.end() : at.end() + 40]):
        return None  # a range in words
    if at.group().replace(".", "").isdigit() and ("." in at.group() or re.search(r"[A-Z]\w* $", line.text[: at.start()])):
        return None  # the result of an example, or a version
    bound = _BOUND.search(line.text, at.end())
    end = bound.start() if bound else len(line.text.rstrip(". "))
    clause = line.text[:end]
    if _CASE.search(clause) or _digits(clause[: at.start()] + clause[at.end() :]) or _BOUND.search(line.text, 0, at.start()):
        return None
    of = _OF.match(clause)
    if of and of.end() == at.start():
        return _given(line, of.span("thing"), of["attribute"], at) if end - at.end() < 2 else None
    if clause.startswith("The "):
        return None  # of something said before
    if clause[: at.start()].endswith((" is ", " are ")) and at.group().replace(",", "").isdigit():
        return None
    verb = _HELPS.search(clause, 1, at.start()) or _VERB.search(clause, 1, at.start())
    if verb is None or (not verb["verb"].split()[0].endswith("s") and verb.re is _VERB and clause[verb.start() - 1] != "s"):
        return None
    attribute = f"{clause[verb.start('verb') : at.start()]}{GAP}{clause[at.end() :]}"
    return _given(line, (0, verb.start()), attribute, at) if len(attribute.split()) <= _TAIL else None


def _digits(text: str) -> bool:
    """Whether another number stands there: names such as S3 and EC2 are none."""
    return bool(re.search(r"(?<![\w-])\d", text))


def _given(line: Line, thing: tuple[int, int], attribute: str, at: re.Match[str]) -> Saying | None:
    words = line.text[slice(*thing)]
    first = re.match(r"(?:one|each|every) ", words, re.IGNORECASE)
    start = thing[0] + (first.end() if first else article(words))
    name, name_at = line.piece(start, thing[1])
    if not is_name(name):
        return None
    value, value_at = line.piece(at.start(), at.end())
    return Saying("number", name, name_at, attribute, value, value_at)
