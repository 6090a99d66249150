"""A follow-up and its conversation in, the question it stands for out; a question that stands on its own stays as it is.

Where two readings are possible the question is left alone: a wrong completion answers what nobody asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tutor.followup.chatter import fussy, idle, opened, written_out
from tutor.followup.corrections import corrected
from tutor.followup.pointing import pointed
from tutor.followup.rules import RULES
from tutor.followup.talk import asked, talk_of
from tutor.followup.wish import depth
from tutor.index import Index
from tutor.types import Turn

REACH: Final = 3
"""Turns that are looked back on; those that were mere chat do not count."""
LONGEST: Final = 14, 160
"""Words and characters of a follow-up; a longer question tells its own story, and so does one of several sentences."""


def complete(text: str, history: Sequence[Turn], index: Index) -> str:
    """The question as it would read on its own; `text` itself where it does already, or where nothing can be completed.
    A wish for another depth, and nothing else, is the last question again.

    `history` is oldest first; its turns are read by their completed questions.
    """
    turns = [turn for turn in history if not idle(turn.question)][-REACH:]
    said = opened(text) if len(text) <= 2 * LONGEST[1] else text
    if not turns or idle(text) or len(said.split()) > LONGEST[0] or len(said) > LONGEST[1] or re.search(r"[.?!…]\s+\S", said):
        return text
    if depth(said, turns):
        return asked(turns[-1])
    talk = talk_of(turns, index)
    if not talk.topics:
        return text
    plain = written_out(said)
    clear = pointed(plain, talk)
    found = corrected(text, talk) or next((done for rule in RULES if (done := rule(clear, talk))), "")
    if found:
        return _sentence(found)
    return _sentence(clear) if clear != plain else _sentence(said) if fussy(text) else text


_JOINED: Final = re.compile(r"^(?:and|but|or|so|then)\b[\s,]*", re.IGNORECASE)


def _sentence(text: str) -> str:
    """With a capital in front and a mark behind."""
    plain = _JOINED.sub("", text.strip()) or text.strip()
    name = re.match(r"\S*[A-Z]", plain)
    raised = plain if name else plain[:1].upper() + plain[1:]
    if raised[-1:] in ".?!":
        return raised
    return raised + ("." if re.match(r"(?:tell|give|show|explain|compare|list|name|define|describe)\b", raised, re.IGNORECASE) else "?")
