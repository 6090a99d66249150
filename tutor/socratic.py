"""A conversation in, the next step of asking back out: which question is being worked on, what must not be given away,
what to ask by rule, and whether a try is right.

A step is a question back, then two hints; then the answer is told. None of them may contain a key word of the answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tutor.ground import judge
from tutor.question import GENERIC, Query
from tutor.text import content_terms, content_words, stem, terms, words
from tutor.types import Answer, Turn

STEPS: Final = 3
KNOWN: Final = 0.5
"""The share of an answer's key words that a try must bear to count as right, with no fact of it turned round."""
TURNED: Final = frozenset(("number", "unit", "sign", "entity", "negation", "antonym", "order"))
"""Rules that say a sentence turns the notes' facts round, not only that the notes do not hold it."""

_TELL: Final = re.compile(
    r"\b(?:tell me|just (?:say|tell)|give (?:me )?the answer|i give up|show (?:me )?(?:the )?answer|what(?:'s| is) the answer|no idea, tell)\b", re.IGNORECASE
)
_ASKS: Final = re.compile(
    r"^(?:what|why|how|when|which|who|where|explain|compare|define|list|describe|is|are|does|do|can)\b|^(?:\S+\s+){4,}\S*\?\s*$", re.IGNORECASE
)
_HINT: Final = re.compile(r"\b(?:hint|clue|help|stuck|no idea|don'?t know|not sure|dunno|pass|next)\b", re.IGNORECASE)


def root(text: str, history: Sequence[Turn]) -> str:
    """The question that a message works on: that of the steps before, or the message itself where it asks a new one."""
    if not history or not history[-1].answer.prompt:
        return text
    last = history[-1]
    before = last.answer.understood or last.question
    if _TELL.search(text) or _HINT.search(text) or not _ASKS.search(text):
        return before
    new = set(content_terms(text)) - {stem(w) for w in GENERIC}
    old = {*content_terms(before), *content_terms(last.answer.prompt)}
    return text if len(new - old) > len(new & old) else before


def step(question: str, history: Sequence[Turn]) -> int:
    """Which step comes next for a question: 1 to STEPS, or more when it is time to tell."""
    done = 0
    for turn in reversed(history):
        if not turn.answer.prompt or (turn.answer.understood or turn.question) != question:
            break
        done += 1
    return done + 1


def told(text: str) -> bool:
    """Whether the learner asks to be told."""
    return bool(_TELL.search(text))


def keys(answer: Answer, query: Query) -> tuple[str, ...]:
    """The words that give an answer away: those of its lead, both leads of a comparison, all steps or points of a list,
    that carry meaning and are not in the question. Each once, as the notes write them, lower case."""
    asked = set(query.stems)
    many = query.kind in ("compare", "how", "list")
    said = [f"{s.label} {s.text}" for s in answer.statements[: None if many else 1]]
    found: dict[str, str] = {}
    for word in (w for text in said for w in content_words(text)):
        stems = terms(word)
        if word not in GENERIC and stems and not asked & set(stems) and (len(word) > 2 or word.isdigit()):
            found.setdefault(stems[-1], word)
    return tuple(found.values())


def reveals(text: str, kept: Sequence[str]) -> tuple[str, ...]:
    """The key words that a text contains, in whatever form, also within compounds."""
    said = {t for w in words(text) for t in (w, *terms(w))} | set(terms(text))
    joined = "".join(words(text))
    return tuple(key for key in kept if {key, *terms(key)} & said or (len(key) > 5 and stem(key) in joined))


def right(attempt: str, answer: Answer, kept: Sequence[str], question: str) -> bool:
    """Whether a try holds what the answer says: enough of its key words, and nothing turned round."""
    if not kept or len(reveals(attempt, kept)) < KNOWN * len(kept):
        return False
    quotes = [c.quote for c in answer.citations]
    return judge(attempt, quotes, question).rule not in TURNED


def plain(number: int, query: Query, answer: Answer, kept: Sequence[str]) -> str:
    """A question or hint made by rule, for when a model's gives something away."""
    topic = " and ".join(query.sides) or ", ".join(dict.fromkeys(t.word for t in query.terms if not t.generic)) or query.text
    headings = [h for c in answer.citations[:1] for h in reversed(c.heading) if not reveals(h, kept)]
    lead = answer.statements[0].text.split() if answer.statements else []
    told_of = f"What comes to your mind about {topic}? Say it in your own words, however rough."
    by_rule = {
        1: told_of,
        2: f'Your notes have it under "{headings[0]}". What stands there?' if headings else "Think of what it is for, and of what would go wrong without it.",
        3: f"The sentence in your notes has {len(lead)} words. What would you expect it to say?",
    }
    text = by_rule[min(max(number, 1), STEPS)]
    return (
        text
        if not reveals(text, kept)
        else "Try it in your own words first: what do you remember?"
        if number == 1
        else "Look at the question again, word by word, and try once more."
    )
