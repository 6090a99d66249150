"""A follow-up and its conversation in, the question it stands for out; a question that stands on its own stays as it is.

Where two readings are possible the question is left alone: a wrong completion answers what nobody asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tutor.followup.rules import RULES, pointed
from tutor.followup.talk import talk_of
from tutor.index import Index
from tutor.types import Turn

REACH: Final = 3
"""Turns that are looked back on."""
LONGEST: Final = 14, 160
"""Words and characters of a follow-up; a longer question tells its own story, and so does one of several sentences."""


def complete(text: str, history: Sequence[Turn], index: Index) -> str:
    """The question as it would read on its own; `text` itself where it does already, or where nothing can be completed.

    `history` is oldest first; its turns are read by their completed questions.
    """
    said = _opened(text)
    if not history or not said or len(said.split()) > LONGEST[0] or len(said) > LONGEST[1] or re.search(r"[.?!…]\s+\S", said):
        return text
    talk = talk_of(history[-REACH:], index)
    if not talk.topics:
        return text
    clear = pointed(said, talk)
    for rule in RULES:
        found = rule(clear, talk)
        if found:
            return _sentence(found)
    return _sentence(clear) if clear != said else text


_PLEASANT: Final = re.compile(
    r"^(?:(?:thanks|thank you|thx|ok(?:ay)?|great|cool|nice|perfect|got it|i see|alright|all right|interesting|hm+|so|well|and|but|then|wait|sorry|yes|no|right)\b(?: a lot| so much)?[\s,.!–-]*)+",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(r"^(?:and|but|or|so|then)\b[\s,]*", re.IGNORECASE)


def _opened(text: str) -> str:
    """The text without the politeness before it; an "and" or "or" in front stays, for it tells a fragment."""
    plain = " ".join(text.split())
    match = _PLEASANT.match(plain)
    if match is None:
        return plain
    joint = re.search(r"\b(?:and|but)[\s,]*$", match.group(), re.IGNORECASE)
    return (f"{joint.group().strip(' ,')} " if joint else "") + plain[match.end() :]


def _sentence(text: str) -> str:
    """With a capital in front and a mark behind."""
    plain = _JOINED.sub("", text.strip()) or text.strip()
    name = re.match(r"\S*[A-Z]", plain)
    raised = plain if name else plain[:1].upper() + plain[1:]
    if raised[-1:] in ".?!":
        return raised
    return raised + ("." if re.match(r"(?:tell|give|show|explain|compare|list|name|describe)\b", raised, re.IGNORECASE) else "?")
