"""A follow-up in, the same out with the words that point at one of several things replaced by the things: "the second one"."""

from __future__ import annotations

import re
from typing import Final

from tutor.followup.pronouns import names
from tutor.followup.talk import Talk, joined
from tutor.followup.topic import PLACES
from tutor.text import fold

_ORDINALS: Final = {"first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "latter": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "last": -1}
POINTING: Final = re.compile(
    r"\b(?:the|that)\s+(?P<which>first|1st|second|2nd|third|3rd|fourth|4th|last|former|latter|other)(?:\s+(?:one|option|method|approach|type|kind|choice|thing|way))?"
    r"(?=\s*(?:[?.!,]|$)|\s+(?:is|are|in|for|with|when|if|work|works|does|do|to|better|more|less|cheaper|faster|mean|means|good|best|and|or|than|instead|used|need|right|preferred|important|"
    r"give|gives|have|has|cost|costs|support|supports|require|requires|take|takes|overfit|scale|perform)\b)",
    re.IGNORECASE,
)
_QUALIFIED: Final = re.compile(
    r"\bthe\s+(?P<what>(?!(?:right|same|best|better|only|new|old|wrong|other|first|second|third|fourth|former|latter|last|next|good|cheap\w*|fast\w*|simpl\w+|easi\w+|most|least)\b)[\w-]+)\s+ones?\b(?!\s+(?:that|which|who)\b)",
    re.IGNORECASE,
)
_PLACE: Final = "|".join(sorted(PLACES))
_BOTH: Final = re.compile(
    rf"(?:(?<=\w)\s+(?P<both>both)|\b(?:{_PLACE}|of|use|need)\s+(?P<either>either))(?: of (?:them|these|those))?(?=\s*(?:[?.!,]|$)|\s+(?:{_PLACE}|together)\b)",
    re.IGNORECASE,
)


def pointed(said: str, talk: Talk) -> str:
    """ "The second one", "the latter", "the other one", "the online one" and "both" as the things they point at."""
    both = _BOTH.search(said)
    if both is not None and len(talk.options) == 2 and not re.search(r"\band\b|\bor\b", said[1 : both.start()], re.IGNORECASE):
        word = "both" if both["both"] else "either"
        return f"{said[: both.start(word)]}{word} {joined(talk.options, 'and' if both['both'] else 'or')}{said[both.end() :]}"
    match = POINTING.search(said)
    if match is None:
        return _qualified(said, talk)
    if re.search(r"\b(?:or|vs|versus)\b", said[: match.start()], re.IGNORECASE):
        return said
    which = match["which"].lower()
    if which == "other":
        others = [o for o in talk.options if fold(o) not in fold(talk.topic) or len(talk.topics) > 1]
        found = others[0] if len(others) == 1 and len(talk.options) == 2 else ""
    else:
        at = _ORDINALS[which]
        found = talk.options[at] if -len(talk.options) <= at < len(talk.options) else ""
    return said[: match.start()] + found + said[match.end() :] if found else said


def _qualified(said: str, talk: Talk) -> str:
    match = _QUALIFIED.search(said)
    if match is None or len(talk.topics) != 1 or names(said[: match.start()]):
        return said
    return said[: match.start()] + _kind_of(match["what"], talk) + said[match.end() :]


def _kind_of(what: str, talk: Talk) -> str:
    """ "The online one" of a feature store: "the online feature store"; one of the things named side by side comes first."""
    named = [o for o in talk.options if re.match(rf"(?:an?\s+|the\s+)?{re.escape(what)}\b", o, re.IGNORECASE)]
    if len(named) == 1:
        return re.sub(r"^an?\s+", "the ", named[0])
    name = re.sub(r"^(?:an?|the)\s+", "", talk.topics[0])
    return f"the {varied(what, name)}"


def varied(what: str, name: str) -> str:
    """A name with an adjective of its own kind changed ("offline" for "online"), or with this one before it."""
    words = name.split()
    for at, word in enumerate(words[:-1]):
        if word.lower() == what.lower():
            return name
        if akin(what, word):
            return " ".join([*words[:at], what, *words[at + 1 :]])
    return f"{what} {name}"


def akin(one: str, other: str) -> bool:
    """Whether two words look like adjectives of one kind: "online" and "offline", "synchronous" and "asynchronous",
    "real-time" and "serverless"."""
    a, b = one.lower(), other.lower()
    return (a != b and a[-4:] == b[-4:] and len(a) > 4 and len(b) > 4) or all(ADJECTIVE.search(w) is not None for w in (a, b))


ADJECTIVE: Final = re.compile(r"(?:less|ous|ary|[^v]al|ic|ive|ed)$|-")
