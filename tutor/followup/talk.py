"""The turns of a conversation in, what was talked of out: topics, the last two of them, things that stood side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from tutor import question as asking
from tutor.cues import DEFINES
from tutor.followup import topic
from tutor.followup.chatter import opened, written_out
from tutor.index import Index
from tutor.text import content_words, terms
from tutor.types import Answer, Turn

NAME: Final = 9
"""Words of the longest thing that is put in a pronoun's place."""

STORY: Final = 300
"""Characters from which on a question is a story, and what it is about is better read off its answer."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What was talked of. `question` is the last completed question and `lead` what its answer opened with, `frame` the last
    question that another thing can be put into, `goal` what was last to be done ("monitor an endpoint"). `topics` is what the
    last question is about (two or more where it compares), `last` the last things talked of, two or more where there were as
    many, `options` the last things that stood side by side, `compared` whether they did so in a question or a list, and `says` tells whether the notes
    have words of a pattern."""

    question: str
    lead: str
    frame: str
    goal: str
    topics: tuple[str, ...]
    last: tuple[str, ...]
    options: tuple[str, ...]
    compared: bool
    says: Callable[[str], bool]

    @property
    def topic(self) -> str:
        """What the last question is about, in one phrase."""
        return joined(self.topics)


def joined(things: Sequence[str], by: str = "and") -> str:
    """Things in one phrase: "A, B and C"."""
    return f" {by} ".join(part for part in (", ".join(things[:-1]), things[-1]) if part) if things else ""


def talk_of(turns: Sequence[Turn], index: Index) -> Talk:
    """What the turns, oldest first, were about. One that was not answered counts only where it is a question by its form."""
    kept = [t for t in turns if t.answer.outcome == "answered" or topic.asks(asked(t)) or asking.read(asked(t), index).sides] or list(turns)
    said = [(written_out(_spelled(asked(turn), index)), turn.answer) for turn in kept]
    about = [_topics(text, answer, index) for text, answer in said]
    topics = about[-1] or next((a for a in reversed(about) if a), ())
    asked_of = [a if len(a) > 1 else _offered(text) for (text, _), a in zip(said, about, strict=True)]
    earlier = next((a[-1] for a in reversed(about) if a and (not topics or set(terms(a[-1])) != set(terms(topics[-1])))), "")
    last = next((o for o in (topics, asked_of[-1]) if len(o) > 1), (earlier, *topics) if earlier else topics)
    named = next((o for o in (*reversed(asked_of), *(_listed(answer) for _, answer in reversed(said))) if len(o) > 1), ())
    question, answer = said[-1]
    framed = [text for (text, _), turn in zip(said, kept, strict=True) if not _BARE_WHY.fullmatch(opened(turn.question))]
    goals = [m["deed"] for text, _ in said if (m := _GOAL.match(text)) and len(m["deed"].split()) <= NAME]
    lead = answer.statements[0].text if answer.statements else ""
    goal = goals[-1] if goals else ""
    return Talk(question.strip(), lead, (framed or [question])[-1].strip(), goal, topics, last, named or last, bool(named), partial(_says, index))


def _spelled(text: str, index: Index) -> str:
    """A question with its asking words spelled right ("explian"), for they tell where its topic stands; all others are kept."""
    for wrong, right in asking.read(text, index).corrected if len(text) <= STORY else ():
        text = re.sub(rf"(?<!\w){re.escape(wrong)}(?!\w)", right, text, flags=re.IGNORECASE) if right in asking.GENERIC else text
    return text


_BARE_WHY: Final = re.compile(r"why(?: not| so| though| is that)?[\s?.!]*", re.IGNORECASE)
_GOAL: Final = re.compile(r"^how\s+(?:do|can|could|should|would|to)\s+(?:(?:i|we|you|one)\s+)?(?P<deed>\w+\s+.+?)[?.!\s]*$", re.IGNORECASE)


def _says(index: Index, pattern: str) -> bool:
    found = re.compile(pattern, re.IGNORECASE)
    return any(found.search(passage.text) for passage in index.passages)


def asked(turn: Turn) -> str:
    """The question of a turn as it was completed."""
    return " ".join((turn.answer.understood or turn.answer.question or turn.question).split())


_WEIGHED: Final = re.compile(r"^how\s+(?:do|does)\s+(?P<one>.+?)\s+compare\s+(?:with|to)\s+(?P<others>[^?]+?)[?\s]*$", re.IGNORECASE)


def _topics(text: str, answer: Answer, index: Index) -> tuple[str, ...]:
    """What a question is about: the things it compares, the thing it names, or what its answer names first."""
    asked = re.split(r"(?<=[.?!])\s+", text)[-1]
    if _WEIGHED.match(asked):
        return (asked[slice(*found)],) if (found := topic.subject(asked)) else ()
    if len(re.findall(r"\b(?:vs\.?|versus)\b", asked)) > 1 and (several := topic.alternatives(asked)):
        return several
    sides = asking.read(asked, index).sides if len(asked) <= STORY else ()
    if sides:
        return tuple(_named(side, asked) for side in sides)
    chosen = _BETWEEN.search(asked)
    if chosen is not None:
        return topic.alternatives(chosen["options"])
    found = topic.subject(asked) if len(asked) <= STORY else None
    named = topic.asks_for_a_name(asked) or found is None
    phrase = (_led(answer) or topic.described(asked)) if named or found is None else asked[slice(*found)]
    if found is not None and not named and topic.empty(phrase):
        phrase = topic.behind(asked, found[1]) or (phrase if len(content_words(phrase)) == 1 else "")
    return (phrase,) if phrase and len(phrase.split()) <= NAME and not _NO_THING.search(phrase) else ()


_NO_THING: Final = re.compile(r"[=()\[\]{}<>|]|^(?:and|or|but|so|if|when|too|not|very|ok|sorry|more|less|what|which|how|why|where|who)\b", re.IGNORECASE)
"""What the name of a thing never holds: a formula, a bracket, a joint in front."""


def _named(side: str, text: str) -> str:
    """A compared thing by its name; one that was cut within a word ("a multi" of "a multi-model endpoint") gets its end back."""
    at = text.find(side)
    cut = at >= 0 and re.match(r"-\w", text[at + len(side) :]) is not None
    whole = text[at:] if cut else side
    found = topic.subject(whole)
    return whole[slice(*found)] if found else side


_BETWEEN: Final = re.compile(r"^(?:.*,\s*|when to use\s+)?which\b[^,]*,\s*(?P<options>[^?]+\sor\s[^?]+?)[?\s]*$", re.IGNORECASE)
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
        if (
            match
            and len(match["term"].split()) <= 6
            and content_words(match["term"])
            and not _NO_NAME.search(match["term"])
            and not _NO_THING.search(match["term"])
        ):
            return " ".join(match["term"].strip("*`_ ").split())
    cited = [c for c in answer.citations if c.number in lead.citations and c.heading]
    return cited[0].heading[-1] if cited and len(cited[0].heading[-1].split()) <= 6 else ""


_BESIDE: Final = re.compile(
    r"\b(?:differ(?:ent|s)? from|(?:better|worse|cheaper|faster|slower|safer|simpler) than|(?:the )?same (?:thing )?as|instead of|compared (?:with|to))\s+(?:just\s+)?(?P<other>[^,?!]+?)[?.!\s]*$",
    re.IGNORECASE,
)


def _offered(text: str) -> tuple[str, ...]:
    """The things that a question names side by side."""
    weighed = _WEIGHED.match(text)
    if weighed is not None:
        return (*(topic.alternatives(weighed["others"]) or (weighed["others"],)), weighed["one"])
    found = topic.subject(text)
    other = _BESIDE.search(text)
    if found is not None and other is not None and found[1] <= other.start() and len(other["other"].split()) <= NAME:
        return (text[slice(*found)], other["other"])
    return topic.alternatives(text[found[0] :] if ":" in text else text[slice(*found)]) if found else ()


def _listed(answer: Answer) -> tuple[str, ...]:
    """The things that a list or table of an answer names."""
    labels = [s.label for s in answer.statements if s.label and s.role != "lead"]
    label = max(labels, key=labels.count, default="")
    listed = [s for s in answer.statements if s.label == label and s.label]
    names = [s.cells[0] if s.cells else (m["term"] if (m := DEFINES.match(s.text)) else "") for s in listed]
    return tuple(n.strip("*`_ ") for n in names) if len(names) > 1 and all(n and len(n.split()) <= 6 for n in names) else ()
