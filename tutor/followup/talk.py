"""The turns of a conversation in, what was talked of out: topics, the last two of them, things that stood side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tutor import question as asking
from tutor.cues import DEFINES
from tutor.followup import topic
from tutor.index import Index
from tutor.text import content_words, terms
from tutor.types import Answer, Turn

NAME: Final = 9
"""Words of the longest thing that is put in a pronoun's place."""

STORY: Final = 300
"""Characters from which on a question is a story, and what it is about is better read off its answer."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What was talked of. `question` is the last completed question, `topics` what it is about (two where it compares), `last`
    the last things talked of, two or more where there were as many, `options` the last things that stood side by side."""

    question: str
    topics: tuple[str, ...]
    last: tuple[str, ...]
    options: tuple[str, ...]

    @property
    def topic(self) -> str:
        """What the last question is about, in one phrase."""
        return " and ".join(self.topics)


def talk_of(turns: Sequence[Turn], index: Index) -> Talk:
    """What the turns, oldest first, were about."""
    asked = [(_asked(turn), turn.answer) for turn in turns]
    about = [_topics(text, answer, index) for text, answer in asked]
    topics = about[-1] or next((a for a in reversed(about) if a), ())
    asked_of = [a if len(a) > 1 else _offered(text) for (text, _), a in zip(asked, about, strict=True)]
    earlier = next((a[-1] for a in reversed(about) if a and (not topics or set(terms(a[-1])) != set(terms(topics[-1])))), "")
    last = next((o for o in (topics, asked_of[-1]) if len(o) > 1), (earlier, *topics) if earlier else topics)
    listed = (o for o in (*reversed(asked_of), *(_listed(answer) for _, answer in reversed(asked)), last) if len(o) > 1)
    options = next(listed, ())
    return Talk(asked[-1][0].strip(), topics, last, options)


def _asked(turn: Turn) -> str:
    return " ".join((turn.answer.understood or turn.answer.question or turn.question).split())


def _topics(text: str, answer: Answer, index: Index) -> tuple[str, ...]:
    """What a question is about: the things it compares, the thing it names, or what its answer names first."""
    asked = re.split(r"(?<=[.?!])\s+", text)[-1]
    sides = asking.read(asked, index).sides if len(asked) <= STORY else ()
    if sides:
        return tuple(_named(side, asked) for side in sides)
    chosen = _BETWEEN.search(asked)
    if chosen is not None:
        return topic.alternatives(chosen["options"])
    found = topic.subject(asked) if len(asked) <= STORY else None
    named = topic.asks_for_a_name(asked) or found is None
    phrase = (_led(answer) or topic.described(asked)) if named or found is None else asked[slice(*found)]
    return (phrase,) if phrase and len(phrase.split()) <= NAME else ()


def _named(side: str, text: str) -> str:
    """A compared thing by its name; one that was cut within a word ("a multi" of "a multi-model endpoint") gets its end back."""
    at = text.find(side)
    cut = at >= 0 and re.match(r"-\w", text[at + len(side) :]) is not None
    whole = text[at:] if cut else side
    found = topic.subject(whole)
    return whole[slice(*found)] if found else side


_BETWEEN: Final = re.compile(r"^which\b[^,]*,\s*(?P<options>[^?]+\sor\s[^?]+?)[?\s]*$", re.IGNORECASE)
_CHOSEN: Final = re.compile(r"^\W*(?:choose|use|prefer|pick)\s+(?P<term>[\w][\w /.-]{1,60}?)\s+(?:when|if|where|for|over|as|because|to)\b", re.IGNORECASE)


_NO_NAME: Final = re.compile(
    r"^(?:avoid|choose|use|prefer|never|do|if|when|because|since|it|this|that|these)\b|\b(?:when|if|that|which|because|must|should)\b", re.IGNORECASE
)


def _led(answer: Answer) -> str:
    """What the lead of an answer defines or recommends, else the innermost heading it stands under."""
    if not answer.statements:
        return ""
    lead = answer.statements[0]
    for pattern in (_CHOSEN, DEFINES):
        match = pattern.match(lead.text)
        if match and len(match["term"].split()) <= 6 and content_words(match["term"]) and not _NO_NAME.search(match["term"]):
            return " ".join(match["term"].strip("*`_ ").split())
    cited = [c for c in answer.citations if c.number in lead.citations and c.heading]
    return cited[0].heading[-1] if cited and len(cited[0].heading[-1].split()) <= 6 else ""


def _offered(text: str) -> tuple[str, ...]:
    """The things that a question names side by side."""
    found = topic.subject(text)
    return topic.alternatives(text[found[0] :] if ":" in text else text[slice(*found)]) if found else ()


def _listed(answer: Answer) -> tuple[str, ...]:
    """The things that a list or table of an answer names."""
    labels = [s.label for s in answer.statements if s.label and s.role != "lead"]
    label = max(labels, key=labels.count, default="")
    listed = [s for s in answer.statements if s.label == label and s.label]
    names = [s.cells[0] if s.cells else (m["term"] if (m := DEFINES.match(s.text)) else "") for s in listed]
    return tuple(n.strip("*`_ ") for n in names) if len(names) > 1 and all(n and len(n.split()) <= 6 for n in names) else ()
