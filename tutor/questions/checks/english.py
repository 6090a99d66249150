"""Whether a question reads as English: whole sentences, nothing unfilled, doubled, unbalanced or left of a markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tutor.exam import Question

_PAIRS: Final = {"(": ")", "[": "]", "{": "}", "“": "”"}
_DOUBLE: Final = re.compile(r"\b([A-Za-z]{2,})\s+\1\b(?!-)", re.IGNORECASE)
_DOUBLED_WELL: Final = frozenset("had that".split())
_SLOT: Final = re.compile(r"\{\w*\}|<[a-z_]+>|\$\{|%s|\bTODO\b|\bTBD\b|\blorem\b|\[(?:insert|name|thing|value|blank)[^\]]*\]", re.IGNORECASE)
_MARKUP: Final = re.compile(
    r"\*\*|__(?!_)(?<!___)|(?<!\w)[*_](?=\w)|^\s*(?:#{1,6}|[-*+•>]|\d{1,2}[.)])\s|\]\(|<\/?(?:br|p|b|i|em|strong|li|ul|td|tr|div|span)\b|\||```|&(?:amp|lt|gt|nbsp|quot|#\d+);",
    re.IGNORECASE,
)
_STRAY: Final = re.compile(r"\s[,;.?!](?:\s|$)|,\s*[,;.?!]|[:?!]\s*[.](?:\s|$)|(?<!\.)\.\.(?!\.)")
_SHOUT: Final = re.compile(r"\*\*(?:not|except|least|never)\*\*", re.IGNORECASE)
_BLANK: Final = re.compile(r"_{3,}")
_DANGLING: Final = re.compile(
    r"(?:it|they|them|its|their|he|she|his|her)\b|(?:this|these|that|those|such)\s+(?:is|are|was|were|has|have|can|may|means?|makes?|does|do|gives?|helps?|allows?)\b",
    re.IGNORECASE,
)
_A: Final = re.compile(r"\ba\s+(?P<word>[aeio][a-z]+|u(?!n[ai]|s[eaiu]|r[ai]|t[ei]|bi)[a-z]+|[AEIO](?=[A-Z])[\w-]*|8\d*\b|11\b|18\b)")
_AN: Final = re.compile(
    r"\ban\s+(?P<word>[bcdfgjklmnpqrstvwxyz][a-z]+|[BCDFGJKLMNPQRSTVWXYZ][a-z]+|[BCDGJKPQTVWYZ](?=[A-Z])[\w-]*|uni[a-z]+|us(?:e|a|u)[a-z]*|h(?!our|onest|ono|eir|erb|istoric)[a-z]+)\b"
)
_ASKED: Final = re.compile(
    r"(?:^|(?<=[.?!:] ))Which (?:(?!of\b|one\b)[\w-]+ ){0,3}?(?P<noun>[a-z]+)(?: (?:of|for|in|to|on|with) [^?,;:]{1,40}?)? (?:is|was|has|does|fits|describes|meets)\b"
)
_NO_PLURAL: Final = frozenset("bias canvas aws loss basis series species news lens axis data media criteria people children which".split())
_A_WELL: Final = re.compile(r"(?:one|once|eu|ewe)", re.IGNORECASE)


def ends(question: Question) -> Iterator[str]:
    """Stem and scenario begin with a capital and end as sentences do."""
    for told, text in (("stem", question.stem), ("scenario", question.scenario)):
        said = text.strip()
        if not said:
            if told == "stem":
                yield "There is no stem."
            continue
        first = re.search(r"\w", said)
        if first is not None and first.group().islower() and not re.match(r"[a-z]+(?:[A-Z\d._-]|\()", said[first.start() :]):
            yield f"The {told} does not begin with a capital letter."
        if said.rstrip(")\"”*’'")[-1:] not in ("?", "."):
            yield f"The {told} does not end in a question mark or a full stop."


def brackets(question: Question) -> Iterator[str]:
    """Brackets and quotation marks come in pairs."""
    for told, text in _texts(question):
        if any(text.count(a) != text.count(b) for a, b in _PAIRS.items() if (a, b) != ("(", ")")) or not _closed(text) or text.count('"') % 2:
            yield f"Brackets or quotation marks of the {told} are not in pairs."


def _closed(text: str) -> bool:
    depth = 0
    for c in re.sub(r"(?<!\w)[A-Za-z\d]{1,2}\)", "", text) if text.count(")") > text.count("(") else text:
        depth += (c == "(") - (c == ")")
        if depth < 0:
            return False
    return depth == 0


def doubled(question: Question) -> Iterator[str]:
    """No word twice in a row."""
    for told, text in _texts(question):
        found = next((m for m in _DOUBLE.finditer(text) if m.group(1).lower() not in _DOUBLED_WELL), None)
        if found:
            yield f"The {told} has “{found.group(1)}” twice in a row."


def slots(question: Question) -> Iterator[str]:
    """Nothing is left to be filled in."""
    for told, text in _texts(question):
        found = _SLOT.search(text)
        if found:
            yield f"The {told} has a place that was not filled, “{found.group()}”."
        if _STRAY.search(text) or (told in ("stem", "scenario") and re.search(r"(?<![.?!:]) None\b", text)):
            yield f"The {told} has a stray mark, as where a word was not filled in."


def markup(question: Question) -> Iterator[str]:
    """No mark of a list, table, heading or emphasis is left, but bold for a denial."""
    for told, text in _texts(question):
        found = _MARKUP.search(_BLANK.sub("", _SHOUT.sub("", text)))
        if found:
            yield f"The {told} has markup left in it, “{found.group().strip()}”."


def pronouns(question: Question) -> Iterator[str]:
    """Stem and scenario do not begin with a word that points back at nothing."""
    for told, text in (("stem", question.scenario or question.stem), *((f"prompt {p.id}", p.text) for p in question.prompts)):
        found = _DANGLING.match(text.strip())
        if found:
            yield f"The {told} begins with “{found.group()}”, which points at nothing."
    if question.proof.asks == "statement":
        for option in question.options:
            found = _DANGLING.match(option.text.strip())
            if found:
                yield f"The option {option.id} begins with “{found.group()}”, which points at nothing."


def number(question: Question) -> Iterator[str]:
    """ "Which services fit", and not "Which services fits"."""
    found = _ASKED.search(question.stem)
    noun = found["noun"] if found else ""
    if found and noun.endswith("s") and not noun.endswith(("ss", "us", "is", "ics", "eries")) and noun not in _NO_PLURAL:
        yield f"In “{found.group().strip()}” the noun is a plural and the verb is not."


def articles(question: Question) -> Iterator[str]:
    """ "a" stands before a consonant and "an" before a vowel, as they are spoken."""
    for told, text in _texts(question):
        for match in (*_A.finditer(text), *_AN.finditer(text)):
            if not _A_WELL.match(match["word"]):
                yield f"The {told} has “{match.group()}”."
                break


def _texts(question: Question) -> Iterator[tuple[str, str]]:
    """Everything that a learner reads before answering, with its name."""
    yield "stem", question.stem
    if question.scenario:
        yield "scenario", question.scenario
    for prompt in question.prompts:
        yield f"prompt {prompt.id}", prompt.text
    for option in question.options:
        yield f"option {option.id}", option.text
