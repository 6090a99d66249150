"""A sentence in, what its form says of a thing out: what it is, when to choose or avoid it, what it is for, why it matters.

Patterns of English; nothing here knows a subject. A sentence of an unknown form says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tutor.facts.line import Line
from tutor.facts.names import article, is_name, same
from tutor.facts.nouns import FactKind
from tutor.facts.phrases import ORDERS, is_clause, is_phrase, predicate
from tutor.types import Span

LONGEST: Final = 600
"""Characters of a sentence that is read."""
SHORTEST: Final = 2
"""Words of a value."""
_DEFINING: Final = 5
"""Words of a definition that no relative clause or preposition makes plain."""
_SIDE: Final = 3
"""Words of what a contrast says of each side."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What a sentence says: the words and place of its thing and of its value."""

    kind: FactKind
    thing: str
    thing_at: Span
    attribute: str
    value: str
    at: Span
    other: str = ""


_DEFINES: Final = re.compile(r"(?P<article>An? |The )?(?P<thing>[^,;:?!]{2,80}?) (?P<verb>is|are|means|refers to|stands for) (?=\S)", re.IGNORECASE)
_DETERMINED: Final = re.compile(r"(?:an?|the|any|one|half|how|what|everything)\s+\S", re.IGNORECASE)
_JUDGED: Final = (
    "good better best bad worse worst great poor popular common wrong right usual frequent important critical crucial vital essential fundamental sensible reasonable classic handy natural preferred recommended"
).replace(" ", "|")
_PLACED: Final = "first very more most less least much only same other next following opposite latter former main key major must lot few bit matter".replace(
    " ", "|"
)
_CALLED: Final = "problem mistake trap misconception myth reason example exception question choice option idea difference default answer aim goal way start sin trick bet cure guess compromise cost price".replace(
    " ", "|"
)
_NO_KIND: Final = re.compile(
    rf"one of the|(?:an?|the|one) (?:(?:{_PLACED}|{_JUDGED})\b|mirror image\b|(?!(?:larg|high|small|great|low|long|short)est\b)\w{{3,}}est\b|(?:[\w-]+ )?(?:{_CALLED})\b(?! (?:of|that|which|by|in|to|for|between|from)\b))",
    re.IGNORECASE,
)
"""How words begin that judge a thing or place it beside others, and do not say what it is."""
_JUDGES: Final = re.compile(
    r"(?:\w+(?:ly|able|ful)|\w+ed(?= (?:by|for|to|in|on|from|with|as|at|when|after|before|per|and|or|once|if|through|while|\w+ly)\b)|not|no|only|like|ideal|available|free|due|one of|as|at|in|on|for|from"
    rf"|with|than|to|never|always|too|so|more|less|about|worth|also|still|high|low|fast|slow|large|small|easy|hard|cheap|closed|open|new|old|true|false|(?:(?:an?|the) )?(?:{_JUDGED}))\b(?!-)",
    re.IGNORECASE,
)
"""How words begin, in a term's own entry, that say how it is and not what."""
_SPEAKS: Final = re.compile(r"(?:it|they|you|we|he|she|this|these|those|there)\b", re.IGNORECASE)
_CUT: Final = re.compile(
    r"; |: | [-–—] | \(see |, e\.g\.|, (?:also (?:called|known)|because|since|but|then|whereas|while|as (?:it|they|this)|and (?:it|they|this|its|their|so)|so (?:it|they|that|the|an?)"
    r"|(?=[A-Z]\w*(?: \w+){0,3} (?:is|are|has|have)\b)|(?=(?:an?|the) \w+ (?:is|are)\b))(?:(?<=, )|\b)"
)
"""Where what is said of a thing ends and the sentence goes on."""
_WHEN: Final = r"(?P<how>when(?:ever)?|if|where)"
_CHOOSES: Final = re.compile(r"(?:Choose|Use|Pick|Prefer|Select|Opt for|Consider) (?P<thing>[^,;:?!]{2,100}?) " + _WHEN + r" (?=\S)", re.IGNORECASE)
_CHOOSES_FOR: Final = re.compile(r"(?:Choose|Use|Pick|Prefer|Select|Opt for) (?P<thing>[^,;:?!]{2,100}?) (?P<how>for) (?=\S)", re.IGNORECASE)
_SUITS: Final = re.compile(
    r"(?:An? |The )?(?P<thing>[^,;:?!]{2,80}?) (?:is|are) (?:best|ideal|well suited|suitable|the right choice|a good choice|a good fit|a better fit|recommended|best suited|most suitable) (?P<how>for|when|if|where) (?=\S)",
    re.IGNORECASE,
)
_AVOIDS: Final = re.compile(r"(?:Avoid|Do not use|Don't use|Never use|Do not choose) (?P<thing>[^,;:?!]{2,100}?) " + _WHEN + r" (?=\S)", re.IGNORECASE)
_WRONG: Final = re.compile(
    r"(?:An? |The )?(?P<thing>[^,;:?!]{2,80}?) (?:is|are) (?:the|a) (?:wrong|poor|bad) choice (?P<how>when|if|for|where) (?=\S)", re.IGNORECASE
)
_INSTEAD: Final = re.compile(r"[;,] (?:then )?(?:choose|use|prefer|pick|select|take) (?P<other>[^,;:]{2,80}?)(?: instead)?$", re.IGNORECASE)
_OVER: Final = re.compile(r" (?:over|instead of|rather than) (?P<other>.+)$")
_CONFUSED: Final = re.compile(
    r"(?:An? |The )?(?P<thing>[^,;:?!]{2,80}?) (?:is|are) (?:(?:often|easily|sometimes|commonly) )?confused with (?P<other>[^,;:?!]{2,80}?)[;:,] (?=\S)",
    re.IGNORECASE,
)
_OPPOSES: Final = re.compile(r"(?P<left>[^,;:()]{8,200})(?:, (?:whereas|while)| whereas) (?P<right>[^,;:()]{8,200})$")
_LIKENS: Final = re.compile(r"(?:is|are|works?|acts?|behaves?) like\b")
_OPEN: Final = re.compile(
    r"\b(?:and|or|but|the|an?|of|with|for|from|that|which|such|including|e\.g|i\.e|both|it|them|this|these|those|does|do|did)$", re.IGNORECASE
)
"""How words end that were cut off."""
_REASONS: Final = re.compile(
    r"(?:An? |The )?(?P<thing>[^,;:?!]{2,80}?) (?P<verb>matters?|exists?|(?:is|are) (?:important|needed|necessary|useful|valuable)) because (?=\S)",
    re.IGNORECASE,
)
_ARE: Final = re.compile(r"^are\b")
_SERVES: Final = re.compile(
    r"(?:An? |The )?(?P<thing>[^,;:?!]{2,80}?) (?:is|are) (?:(?:mainly|often|commonly|typically|primarily|widely|also|usually) )?used (?P<how>to|for|as) (?=\S)",
    re.IGNORECASE,
)
_BELIEVED: Final = re.compile(
    r"An? (?:[a-z]+ )?(?:misconception|myth) is that (?P<false>[^;]{4,300}?)[;.] (?:in fact|in reality|actually|in truth),? (?P<true>\S.{3,400})$",
    re.IGNORECASE,
)
_AGAIN: Final = re.compile(r"(?:,? (?:and|or|but)|,) (?:[^,;]{2,80} )?(?:when|if)\b")
_THEN: Final = re.compile(r",? and ([a-z]+) ")
_FOR_AGAIN: Final = re.compile(r"\b(?:and|or|but) [^,;]{2,60} for\b")


def sayings(line: Line, term: str = "") -> Iterator[Saying]:
    """What a sentence says, by the first form that fits it; a misconception says two things. Of a `term` whose own
    entry in a list the sentence is, "is" defines also where no article follows."""
    if not 12 <= len(line.text) <= LONGEST or line.text.endswith(("?", ":")):
        return
    believed = _BELIEVED.match(line.text)
    if believed:
        yield from _misconception(line, believed)
        return
    for form in (_avoided, _chosen, _confused, _reasoned, _served):
        found = form(line)
        if found is not None:
            yield found
            return
    found = _defined(line, term)
    if found is not None:
        yield found
    yield from _opposed(line)


def _misconception(line: Line, match: re.Match[str]) -> Iterator[Saying]:
    false, false_at = line.piece(*match.span("false"))
    true, true_at = line.piece(match.start("true"), _end(line))
    at = line.span(*match.span())
    yield Saying("misconception", "", at, "misconception", false, false_at, true)
    yield Saying("misconception", "", at, "fact", true, true_at, false)


def _avoided(line: Line) -> Saying | None:
    match = _AVOIDS.match(line.text) or _WRONG.match(line.text)
    if match is None:
        return None
    end = _end(line)
    instead = _INSTEAD.search(line.text, match.end(), end)
    other = ""
    if instead:
        end = instead.start()
        other = line.text[slice(*instead.span("other"))]
        other = other[article(other) :]
        other = other if is_name(other) else ""
    return _saying(line, "avoid", match, f"avoid {match['how'].lower()}", end, other)


def _chosen(line: Line) -> Saying | None:
    match = _CHOOSES.match(line.text)
    if match is None or re.search(r" for (?![A-Z])", match["thing"]):
        match = _CHOOSES_FOR.match(line.text) or _SUITS.match(line.text)
        if match is None or (match["how"].lower() == "for" and line.text[match.end()].isupper()):
            return None
    how, end = match["how"].lower(), _end(line)
    if how == "for" and _FOR_AGAIN.search(line.text, match.end(), end):
        return None  # "Choose A for this and B for that"
    again = _AGAIN.search(line.text, match.end(), end)
    then = next((m for m in _THEN.finditer(line.text, match.end(), end) if m[1] in ORDERS), None)
    return _saying(line, "choose", match, f"choose {how}", min([end, *(m.start() for m in (again, then) if m)]))


def _confused(line: Line) -> Saying | None:
    match = _CONFUSED.match(line.text)
    if match is None:
        return None
    other = match["other"]
    other = other[article(other) :]
    return _saying(line, "contrast", match, "confused with", _end(line), other, whole=True) if is_name(other) else None


def _opposed(line: Line) -> Iterator[Saying]:
    """What is true of each of two things that a sentence sets against one another: "X does this, whereas Y does that"."""
    match = _OPPOSES.match(line.text, 0, _end(line))
    if match is None or ". " in match.group():
        return
    sides = [(start, stop, predicate(line.text[start:stop])) for start, stop in (match.span("left"), match.span("right"))]
    named = [(start, stop, at, line.piece(start + article(line.text[start:stop]), start + at)) for start, stop, at in sides if at > 0]
    if len(named) < 2 or not all(is_name(thing) for *_, (thing, _) in named) or same(named[0][3][0], named[1][3][0]):
        return
    for (start, stop, at, (thing, thing_at)), (*_, (other, _)) in zip(named, reversed(named), strict=True):
        value, value_at = line.piece(start + at, stop)
        if len(value.split()) >= _SIDE and not _OPEN.search(value) and not _LIKENS.match(value):
            yield Saying("contrast", thing, thing_at, "whereas", value, value_at, other)


def _reasoned(line: Line) -> Saying | None:
    match = _REASONS.match(line.text)
    if match is None:
        return None
    verb = _ARE.sub("is", match["verb"].lower())
    return _saying(line, "reason", match, f"{verb}{'' if verb.startswith('is ') or verb.endswith('s') else 's'} because", _end(line), whole=True)


def _served(line: Line) -> Saying | None:
    match = _SERVES.match(line.text)
    return _saying(line, "purpose", match, f"is used {match['how'].lower()}", _end(line)) if match else None


def _defined(line: Line, term: str) -> Saying | None:
    match = _DEFINES.match(line.text)
    if match is None:
        return None
    rest, verb = line.text[match.end() :], match["verb"].lower()
    named = verb in ("means", "refers to", "stands for")
    entry = bool(term) and same(match["thing"], term)
    if _SPEAKS.match(rest) or (named and is_clause(rest)):
        return None  # "A mismatch means the result must be thrown away"
    if not named and not (_DETERMINED.match(rest) and not _NO_KIND.match(rest)) and (not entry or _JUDGES.match(rest)):
        return None
    if not entry and (match["article"] or "").lower() == "the " and "(" not in match["thing"]:
        return None  # "The default is ...", "The second job is ...": of something said before
    found = _saying(line, "definition", match, verb if named else "is", _end(line))
    if found is None:
        return None
    words = len(found.value.split())
    return found if words >= _DEFINING or (words > SHORTEST and entry) or is_phrase(found.value) else None


def _end(line: Line) -> int:
    return len(line.text.rstrip(".! "))


def _saying(line: Line, kind: FactKind, match: re.Match[str], attribute: str, end: int, other: str = "", whole: bool = False) -> Saying | None:
    start, stop = match.span("thing")
    over = _OVER.search(line.text, start, stop) if kind in ("choose", "avoid") else None
    if over:
        stop, other = over.start(), over["other"][article(over["other"]) :]
        if not is_name(other):
            return None
    start += article(line.text[start:stop])
    thing, thing_at = line.piece(start, stop)
    cut = None if whole else _CUT.search(line.text, match.end(), end)
    value, at = line.piece(match.end(), cut.start() if cut else end)
    if not is_name(thing) or (kind == "choose" and " to " in thing) or len(value.split()) < SHORTEST or _OPEN.search(value) or value.startswith("that "):
        return None
    return Saying(kind, thing, thing_at, attribute, value, at, other)
