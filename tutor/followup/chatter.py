"""What a learner typed in, what it asks out: without the chat around it, its contractions written out."""

from __future__ import annotations

import re
from typing import Final

_CHAT: Final = (
    r"thanks|thank you|thx|ty|cheers|ok(?:ay)?|great|cool|nice|perfect|got it|i see|makes sense|understood|alright|all right|interesting|h+m+|uh+m*|um+|oh|ah|aha|so|(?:well|no|right|yes)(?=\s*[,.!–-]|\s+(?:i|thanks|and|but|so|ok)\b)|"
    r"and|but|then|wait|sorry|actually|yeah|never ?mind|please|pls|plz"
)
_BEFORE: Final = re.compile(rf"^(?:(?:{_CHAT})(?![\w'’/-])(?: a lot| so much)?[\s,.!–-]*)+", re.IGNORECASE)
_BEHIND: Final = re.compile(
    r"(?:[\s,.!–-]+(?:please|pls|plz|thanks|thank you|thx|ty|then|though|tho|lol|btw|again please))+(?: a lot| so much)?(?=[\s?.!]*$)", re.IGNORECASE
)
_JOINT: Final = re.compile(r"\b(?P<joint>and|but)(?:\s+then)?[\s,]*$", re.IGNORECASE)
_FUSSY: Final = re.compile(r"\b(?:sorry|pls|plz|thx|hm+)\b", re.IGNORECASE)


def opened(text: str) -> str:
    """The text without the politeness around it; an "and" or "but" in front stays, for it tells a fragment."""
    plain = _BEHIND.sub("", " ".join(text.split()))
    match = _BEFORE.match(plain)
    if match is None:
        return plain
    joint = _JOINT.search(match.group())
    return (f"{joint['joint']} " if joint and match.end() < len(plain) else "") + plain[match.end() :].lstrip("?! ")


def idle(text: str) -> bool:
    """Whether a text is nothing but chat: "ok", "got it, thanks"."""
    return not opened(text).strip(" ?.!,")


def fussy(text: str) -> bool:
    """Whether chat stands before or behind a question that a search would take for words of it."""
    plain = " ".join(text.split())
    match, last = _BEFORE.match(plain), _BEHIND.search(plain)
    return any(m is not None and _FUSSY.search(m.group()) is not None for m in (match, last))


_WRITTEN_OUT: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), full)
    for pattern, full in (
        (r"\b(it|that|what|who|how|where|there)['’]s\b", r"\1 is"),
        (r"\b(what|who|how)s\b", r"\1 is"),
        (r"\b(they|these|those|what|how|we|you)['’]re\b", r"\1 are"),
        (r"\bits(?=\s+(?:too|not|an?|the|very|really|so|better|worse|good|bad|slow|free|big|small|high|low)\b)", "it is"),
        (r"\b(should|do|does|did|can|could|would|is|are|was|were|has|have)n['’]?t\s+(i|we|you|it|they|this|that)\b", r"\1 \2 not"),
        (r"^(it|they|this|that|these|those) (is|are|was|were|can|will|would|should) (.+\?)$", r"\2 \1 \3"),
    )
)


def written_out(said: str) -> str:
    """With contractions written out, so that a noun can stand in a pronoun's place: "it's" as "it is"."""
    for pattern, full in _WRITTEN_OUT:
        said = pattern.sub(lambda m, full=full: _cased(m, full), said)  # type: ignore[misc]
    return said


def _cased(match: re.Match[str], full: str) -> str:
    found = match.expand(full)
    return found[:1].upper() + found[1:] if match.group()[:1].isupper() else found
