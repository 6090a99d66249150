"""A correction in ("no, I meant the first one") and what was talked of, the last question with the right thing in it out."""

from __future__ import annotations

import re
from typing import Final

from tutor.followup import topic
from tutor.followup.fragments import instead, placed
from tutor.followup.pointing import pointed
from tutor.followup.talk import Talk
from tutor.text import content_words

_SORRY: Final = r"(?:(?:sorry|no|nope|nah|wait|oh|oops|hm+|ah|well|actually)\b[\s,.!–-]*)"
_MEANT: Final = re.compile(
    rf"^{_SORRY}*(?:i\s+(?:actually\s+)?(?:mean|meant|was asking about|am asking about|was talking about)|make that)\s+(?P<what>[^?!]{{1,60}}?)[\s?.!]*$",
    re.IGNORECASE,
)
_NO: Final = re.compile(r"^(?:(?:no|nope|nah)\s*[,.!–-]+\s*|sorry\b[\s,.!–-]+)(?:not that[\s,]+)?(?P<what>[^?!,.]{1,40}?)[\s?.!]*$", re.IGNORECASE)
_ASKING: Final = re.compile(
    r"^(?:what|which|how|why|when|where|who|is|are|do|does|did|can|could|should|would|will|has|have|i|it|that|this|they|the same|not|idea|problem|worries|need)\b",
    re.IGNORECASE,
)


def corrected(text: str, talk: Talk) -> str:
    """The last question with what was meant in the place of what it corrects; "" where the text corrects nothing."""
    plain = " ".join(text.split())
    match = _MEANT.match(plain) or _NO.match(plain)
    if match is None or not content_words(match["what"]):
        return _one_of(pointed(match["what"], talk), talk) if match else ""
    what = re.sub(r"\s+(?:instead|not that|then|pls|please)$", "", match["what"], flags=re.IGNORECASE)
    found = pointed(what, talk)
    if match.re is _NO and (len(what.split()) > 4 or _ASKING.match(what)):
        return ""
    if _ASKING.match(found) and len(found.split()) > 2 and topic.asks(found):
        return found
    circumstance = re.match(rf"(?P<place>{'|'.join(sorted(topic.PLACES))})\s", what, re.IGNORECASE)
    if circumstance is not None:
        return placed(circumstance["place"], what, talk)
    return _one_of(found, talk) or instead(found, talk) or f"what about {found}"


_COMPARING: Final = re.compile(r"\b(?:difference|compare|differ|better|which)\b", re.IGNORECASE)


def _one_of(found: str, talk: Talk) -> str:
    """The last question asked of one of the things that it joins ("A or B", "A vs B"), or of another in the last one's place."""
    for things in (talk.topics, talk.options):
        for other in (" or ", " and ", " vs ", " versus "):
            at = talk.question.lower().find(other.join(things).lower()) if len(things) > 1 else -1
            if at < 0:
                continue
            end = at + len(other.join(things))
            rest = talk.question[end:].rstrip("?. ")
            if found not in things:
                return talk.question[:at] + other.join((*things[:-1], found)) + rest
            compares = other.strip() not in ("or", "and") or _COMPARING.search(talk.question)
            return f"tell me more about {found}" if compares else talk.question[:at] + found + rest
    return ""
