"""Text in, positions and terms out: words, search terms, sentences, invisible characters, folded matching.

Nothing here changes a note's text; what is dropped or folded is dropped for searching only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import Stemmer

from tutor.types import Span

_stemmer: Final = Stemmer.Stemmer("english")

WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_COMPOUND: Final = re.compile(r"[^\W_]+(?:[-/_.:'’][^\W_]+)*")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)

STOPWORDS: Final = frozenset(
    """a about above actually after again all also am an and any are aren't as at be because been before being
    between both but by can cannot can't could couldn't did didn't do does doesn't doing don't down during each else
    etc even ever every few for from further get gets getting give go goes going gonna got had has hasn't have
    haven't having he her here hers him his how how's however i i'd i'll i'm i've if i'm in incl into is isn't it it's its
    itself just kind know let let's like lot many may me mean meaning means might more most much must my myself need needs no nor
    not now of off ok on once one only or other our ours out over own per please really right same say says she
    should shouldn't so some someone something sort stuff such tell than that that's the their theirs them then
    there there's these they they're thing things this those though through to too under until up upon us use used
    uses using very via want wanted wants was wasn't way we we're we've well were what what's whats when where which
    while who whom whose why will with without won't would wouldn't yes yet you you're your yours
    arent cant couldnt didnt doesnt dont hadnt hasnt havent im isnt ive shouldnt theres theyre wasnt werent whos wont
    wouldnt youre""".split()
)
"""Words that carry no topic in a learner's question, also as they are typed without an apostrophe."""


def visible(text: str) -> str:
    """The text without zero-width, bidirectional and tag characters, compatibility-folded (NFKC). For searching."""
    return text if text.isascii() else unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))


def hidden_count(text: str) -> int:
    """How many characters `visible` drops."""
    return sum(len(m.group()) for m in _INVISIBLE.finditer(text))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The Snowball (Porter 2) stem of a lower-case word."""
    return str(_stemmer.stemWord(word))


@lru_cache(maxsize=65536)
def _terms_of(compound: str) -> tuple[str, ...]:
    parts = [p for p in re.split(r"[-/_.:'’]", compound) if p]
    found: list[str] = []
    for part in parts:
        pieces = _CAMEL.split(part)
        if len(pieces) > 1:
            found.extend(stem(piece.lower()) for piece in pieces if len(piece) > 1)
        found.append(stem(part.lower()))
    if len(parts) > 1 and len(compound) <= 24:
        found.append(stem("".join(parts).lower()))
    return tuple(found)


def terms(text: str) -> list[str]:
    """Search terms in order: stems of words, of the pieces of CamelCase names, and of joined compounds.

    "SageMaker" gives sage, maker, sagemaker; "real-time" gives real, time, realtime.
    """
    return [term for m in _COMPOUND.finditer(visible(text)) for term in _terms_of(m.group())]


def words(text: str) -> list[str]:
    """The words as written, lower case, without invisible characters."""
    return [m.group().lower() for m in WORD.finditer(visible(text))]


def content_words(text: str) -> list[str]:
    """The words that carry a topic: no stopwords."""
    straight = ((w, w.replace("’", "'")) for w in words(text))
    return [w for w, s in straight if s not in STOPWORDS and s.removesuffix("'s") not in STOPWORDS]


def content_terms(text: str) -> list[str]:
    """The search terms of the words that carry a topic, in order."""
    return [term for word in content_words(text) for term in terms(word)]


def fold(text: str) -> str:
    """A form for comparing: visible, lower case, only letters and digits, single spaces."""
    return " ".join(re.findall(r"[^\W_]+", visible(text).lower()))


_ABBREVIATION: Final = re.compile(
    r"(?:^|[\s(\[])(?:e\.g|i\.e|etc|vs|cf|approx|incl|fig|eq|vol|sec|dr|mr|mrs|prof|inc|ltd|st|jr|sr|u\.s|a\.m|p\.m|[A-Z])\.$|\b(?:nos?|ms)\.$",
    re.IGNORECASE,
)
_STOP: Final = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]*_`]*(?=\s+[\"'“‘(\[*_`$-]*[A-Z0-9À-Þ]|\s*\n\s*\S|\s*$)")


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The spans of the sentences within `text[start:end]`, without surrounding space.

    Common abbreviations, initials, numbers and version strings do not end a sentence.
    """
    stop = len(text) if end is None else end
    here = start
    for match in _STOP.finditer(text, start, stop):
        head = text[max(here, match.start() - 12) : match.start() + 1]
        if _ABBREVIATION.search(head) and match.end() < stop and not _ends(text, match):
            continue
        if re.fullmatch(r"\s*\(?\d{1,3}", text[here : match.start()]) and match.end() < stop:
            continue
        yield from _trimmed(text, here, match.end())
        here = match.end()
    yield from _trimmed(text, here, stop)


def _ends(text: str, match: re.Match[str]) -> bool:
    """Whether what looks like "no." or "ms." is a word at its sentence's end: no number, no name behind it."""
    tail = re.search(r"([A-Za-z]+)\.$", text[max(0, match.start() - 4) : match.start() + 1])
    word = tail.group(1).lower() if tail else ""
    if word in ("no", "nos"):
        return not re.match(r"\s*\d", text[match.end() : match.end() + 8])
    return word == "ms" and bool(re.search(r"\d\s*ms\.$", text[max(0, match.start() - 8) : match.start() + 1]))


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        yield start, end


_DEFINED: Final = re.compile(r"\(([A-Z][A-Za-z0-9&/-]{1,9})\)")


def abbreviations(text: str) -> dict[str, str]:
    """Abbreviations that the text itself defines: {"mme": "multi model endpoint"}.

    Both orders count, "Multi-Model Endpoint (MME)" and "MME (Multi-Model Endpoint)". The letters must occur in order in
    the phrase and the first must begin it (Schwartz and Hearst 2003).
    """
    found: dict[str, str] = {}
    for match in _DEFINED.finditer(text):
        short = match.group(1)
        letters = [c.lower() for c in short.removesuffix("s") if c.isalnum()]
        if len(letters) < 2 or sum(c.isupper() for c in short) < 2:
            continue
        before = [w.lower() for w in re.findall(r"[A-Za-z0-9]+", text[max(0, match.start() - 90) : match.start()])]
        for size in range(1, min(len(letters) + 2, len(before)) + 1):
            if _spells(before[-size:], letters):
                found.setdefault("".join(letters), " ".join(before[-size:]))
                break
    for match in re.finditer(r"\b([A-Z][A-Z0-9]{1,7})s? \(([A-Za-z][A-Za-z0-9 ,/&-]{4,70})\)", text):
        letters = [c.lower() for c in match.group(1)]
        phrase = [w.lower() for w in re.findall(r"[A-Za-z0-9]+", match.group(2))]
        if len(phrase) <= len(letters) + 2 and _spells(phrase, letters):
            found.setdefault("".join(letters), " ".join(phrase))
    return found


_SMALL: Final = frozenset("of and the for in to on a an as with by or is are be this that".split())


def _spells(phrase: list[str], letters: list[str]) -> bool:
    """Whether the letters occur in order in the phrase, the first at its start, at least half of them beginning a word."""
    if not phrase or phrase[0] in _SMALL or phrase[0][0] != letters[0] or sum(map(len, phrase)) < 2 * len(letters):
        return False
    starts = at = 0
    joined = " ".join(phrase)
    for letter in letters:
        word = joined.find(f" {letter}", max(at - 1, 0)) + 1 if at else 0
        inner = joined.find(letter, at)
        if inner < 0:
            return False
        begins = word > 0 or at == 0
        at = (word if begins else inner) + 1
        starts += begins
    return starts * 2 >= len(letters)
