"""Misconceptions of the notes in, each with what is true instead; questions out that ask which statement holds."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import Final

from tutor.exam import Difficulty, QuestionKind
from tutor.facts import Fact, Group
from tutor.facts.phrases import predicate
from tutor.questions.draft import Choice, Draft
from tutor.questions.rivals import WRONG, alike
from tutor.questions.setting import Setting
from tutor.questions.wording import counted, raised, topic, topics

_LEANS: Final = re.compile(
    r"\b(?:it|its|they|their|them|this|these|those|such|both|so|does|do|separate|react|otherwise|too|also|else|another|other|chance level)\b|\b(?:that|one|ones)$|^(?:only|then|there|here)\b",
    re.IGNORECASE,
)
"""Words by which a statement leans on the sentence before it."""
_KNOWN: Final = re.compile(r"the [a-z]|.*\b(?:your|the (?:full|whole|same|first|second|latter|former))\b", re.IGNORECASE)
_BROKEN_OFF: Final = re.compile(r"\b(?:measures|decides|counts|reports|reacts|records|matters)$")
"""A verb that lacks what it is done to."""
_SWEEPING: Final = re.compile(r"\b(?:always|never|only|all|every|any|no|none|must|guarantees?|proves?|replaces?|cannot|needs? no)\b", re.IGNORECASE)
SHORTEST: Final = 6
"""Words of a misconception that needs no such word."""
LONGEST: Final = 32
"""Words of a statement."""
ALIKE: Final = 0.6
"""The share of terms in common from which two statements may be about one and the same point."""


def true(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """Which statement is true: the others are misconceptions that the same note sets right."""
    for fact in _drawn(group.facts, "fact", rng):
        wrong = _apart(_nearest(fact, _drawn(_beside(fact, setting), "misconception", rng)), [fact])[:WRONG]
        if len(wrong) == WRONG and (about := _about(fact, setting)):
            yield (_draft("multiple_choice", [fact], wrong, f"Which of these statements about {about} is true?", setting, "medium"),)


def false(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """Which statement is not true: the others are what the note says is true instead of misconceptions."""
    for fact in _drawn(group.facts, "misconception", rng):
        wrong = _apart(_nearest(fact, _drawn(_beside(fact, setting), "fact", rng)), [fact])[:WRONG]
        if len(wrong) == WRONG and (about := _about(fact, setting)):
            yield (_draft("multiple_choice", [fact], wrong, f"Which of these statements about {about} is NOT true?", setting, "medium"),)


def several(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """Which two statements are true, beside three misconceptions; or which two are not."""
    number = counted(2)
    for asked, beside, said in (("fact", "misconception", "true"), ("misconception", "fact", "NOT true")):
        for fact in _drawn(group.facts, asked, rng):
            near = _beside(fact, setting)
            right = [fact, *_apart(_nearest(fact, _drawn(near, asked, rng)), [fact])[:1]]
            wrong = _apart(_nearest(fact, _drawn(near, beside, rng)), right)[:WRONG]
            if len(right) == 2 and len(wrong) == WRONG and (about := _about(fact, setting)):
                yield (
                    _draft(
                        "multiple_response", right, wrong, f"Which {number} of these statements about {about} are {said}? (Select {number}.)", setting, "hard"
                    ),
                )


def _about(fact: Fact, setting: Setting) -> str:
    """What the statements are about, by the title of the note that they all come from; "" where that is no label."""
    return topic(setting.notes[fact.note].title, setting.common)


def _drawn(facts: Sequence[Fact], attribute: str, rng: random.Random) -> list[Fact]:
    found = [f for f in facts if f.kind == "misconception" and f.attribute == attribute and len(f.value.split()) <= LONGEST and not _LEANS.search(f.value)]
    found = [f for f in found if (_bold(f) if attribute == "misconception" else _alone(f))]
    rng.shuffle(found)
    return found


def _bold(fact: Fact) -> bool:
    """Whether a misconception says enough to be plainly wrong: a short one only with a word that goes too far; and whether
    its subject is known by itself."""
    return (len(fact.value.split()) >= SHORTEST or bool(_SWEEPING.search(fact.value))) and len(_subject(fact.value) or (fact.value,)) >= (
        1 if _proper(fact.value) else 2
    )


def _alone(fact: Fact) -> bool:
    """Whether what is true instead can stand without the misconception: it names what that was about, with all that
    qualifies it, as its own subject or, where it begins with a name, anywhere; and nothing in it is taken as known."""
    subject, about = _subject(fact.value), _subject(fact.other)
    known = subject if not _proper(fact.value) else topics(fact.value)
    return bool(subject) and known >= about > frozenset() and not _KNOWN.match(fact.value) and not _BROKEN_OFF.search(fact.value)


def _subject(text: str) -> frozenset[str]:
    """The terms of what a clause is about; none where its verb is not seen."""
    end = predicate(text)
    return topics(text[:end]) if end > 0 else frozenset()


def _proper(text: str) -> bool:
    """Whether a clause begins with a name: two capitals in its first word, or a capital in its second."""
    first, second = [*text.split(), "", ""][:2]
    return sum(c.isupper() for c in first) > 1 or (first.lower() in ("amazon", "aws", "a", "an", "the") and second[:1].isupper())


def _beside(fact: Fact, setting: Setting) -> list[Fact]:
    """The misconceptions of the same note."""
    return [f for f in setting.misconceptions if f.note == fact.note]


def _nearest(fact: Fact, others: list[Fact]) -> list[Fact]:
    """Statements, those of most words in common first: a set of statements should have one topic."""
    own = topics(f"{fact.value} {fact.other} {' '.join(fact.heading)}")
    return sorted(others, key=lambda f: -len(own & topics(f"{f.value} {f.other} {' '.join(f.heading)}")))


def _apart(facts: Sequence[Fact], taken: Sequence[Fact]) -> list[Fact]:
    """The facts that are no counterpart of one another or of those taken: who knows one must not know another by it."""
    kept: list[Fact] = []
    for fact in facts:
        if all(fact.unit != o.unit and alike(fact.value, o.value) < ALIKE for o in (*taken, *kept)):
            kept.append(fact)
    return kept


def _draft(kind: QuestionKind, right: Sequence[Fact], wrong: Sequence[Fact], stem: str, setting: Setting, level: Difficulty) -> Draft:
    choices = [Choice(f"{raised(f.value)}.", holds, (f,), setting.told(f)) for holds, facts in ((True, right), (False, wrong)) for f in facts]
    return Draft(kind, "statement", "statement", stem, tuple(choices), about=right[0].attribute, difficulty=level)
