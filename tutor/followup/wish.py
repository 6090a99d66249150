"""A message in, the depth it wishes for out, where it is nothing but such a wish: "simpler", "in one sentence?", "any analogy?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tutor.followup.chatter import opened
from tutor.types import Depth, Turn

_ASK: Final = r"(?:(?:and|but)\s+)?(?:(?:can|could|would|will) (?:you|u)\s+|i (?:want|need)\s+|i['’]?d like\s+)?(?:please\s+)?"
_TELL: Final = r"(?:(?:explain|say|put|repeat|give|make|tell|show|answer|describe|rephrase|do)(?:\s+me)?(?:\s+(?:it|that|this|again|me|them))*(?:\s+(?:to me|for me))?[\s,]*|is there\s+)?"
_END: Final = r"(?:\s+(?:version|answer|explanation|one|please|again|for me|to me))*\s*[?.!]*"
_LINE: Final = (
    r"(?:(?:in|with|using|a|the|much|a bit|a little|even|bit|some)\s+)*(?:simpl[ey]r?|more simply|shorter|short|brief(?:ly|er)?|eli5|tl;?dr|a nutshell|"
    r"(?:one|1|a single|a)\s+(?:sentence|line)|one[- ]liner|(?:simple|simpler|plain|easy|easier|other|fewer|less|layman'?s?)\s+(?:terms|words|english|language|detail)|"
    r"like (?:i['’]?\s?a?m|im|i was) (?:5|five|ten|a (?:child|kid|beginner))(?: years? old)?)"
)
_DEEP: Final = r"(?:(?:in|with|go|dig|into|a|the|much|a bit|a little|even|some|for)\s+)*(?:deeper|deep(?: dive)?|more depth|depth|longer|(?:more|greater|full)\s+details?|detailed|the details)"
_ANALOGY: Final = (
    r"(?:(?:with|using|by|through|an?|any|some|the|your|is there|do you have|have you got|what is|what['’]s|as)\s+)*"
    r"(?:good\s+|simple\s+)?(?:analog(?:y|ies)|metaphors?|comparison from (?:everyday|daily) life)(?:\s+for (?:it|that|this))?"
)
_WISHES: Final[tuple[tuple[Depth, re.Pattern[str]], ...]] = (
    ("line", re.compile(rf"{_ASK}{_TELL}{_LINE}{_END}|summari[sz]e(?: it| that| this)?|too long{_END}", re.IGNORECASE)),
    ("deep", re.compile(rf"{_ASK}{_TELL}{_DEEP}{_END}|{_ASK}(?:elaborate|expand)(?: on (?:it|that|this))?{_END}", re.IGNORECASE)),
    ("analogy", re.compile(rf"{_ASK}{_TELL}{_ANALOGY}{_END}", re.IGNORECASE)),
)


def depth(text: str, history: Sequence[Turn]) -> Depth | None:
    """The depth that a message asks the last answer again in; None where it asks anything else, or nothing came before."""
    said = opened(text)
    if not history or not said or len(said) > 80:
        return None
    return next((found for found, pattern in _WISHES if pattern.fullmatch(said)), None)
