"""A chat model's word on each key point of an answer in, beside what the rules find; what both carry out.

The model proposes: its yes counts with a sentence of the answer that says something. The rules are the second reader: where
the two disagree nobody knows, a contradiction that the rules see stands, and no word of the model's raises a score that the
rules tell. What speaks to the examiner is not shown to it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from tutor import pace, prompts
from tutor.chat import Chat
from tutor.errors import ModelFailed, ModelGarbled
from tutor.exam import Grade, MarkVerdict
from tutor.grading import unmarkable
from tutor.grading.marks import Chance
from tutor.grading.task import Task
from tutor.replies import labelled_in
from tutor.text import content_terms, sentences
from tutor.types import Span, Usage

MOST: Final = 60
"""Sentences of an answer that a model is shown."""
TOKENS: Final = 14
"""Tokens of a line of the reply."""
BEARS: Final = 0.5
"""The share of a point's own words that a sentence has which bears on it, wherever the rules look."""
ALONE: Final = "This grade is by the rules alone."
"""Said where a model was asked for and its word does not count."""

_WORD: Final = re.compile(r"\W*(yes|no)\b(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Word:
    """What a model says of one point; a yes has the span of the answer's sentence that says it."""

    yes: bool
    evidence: Span = (0, 0)


Words = tuple[Word | None, ...]
"""One for each point; None where the model said nothing that counts."""


@dataclass(slots=True)
class Second:
    """A chat model as a reader of answers: asked once for each text, with one line of reply a point. `home` is where its
    speed is kept; `usage` is what its calls have cost, None before the first."""

    chat: Chat
    home: Path
    usage: Usage | None = None
    failure: str = ""
    _heard: dict[str, Words] = field(default_factory=dict)

    def words(self, task: Task, text: str) -> Words:
        """Its word on each point of a task, by a text from which what speaks to the examiner was blanked out."""
        if text not in self._heard:
            self._heard[text] = self._asked(task, text)
        return self._heard[text]

    def signed(self, grade: Grade) -> Grade:
        """A grade with the model's name and cost; where no word of it counts, with the reason instead of the name."""
        if self.usage is None:  # nothing was to be asked
            return grade
        if any(word for words in self._heard.values() for word in words):
            return replace(grade, mode=self.chat.name, usage=self.usage)
        why = self.failure or f"{self.chat.name} gave no reason for its marks that stands in this answer."
        return replace(grade, usage=self.usage, remark=f"{grade.remark} {why} {ALONE}".strip())

    def _asked(self, task: Task, text: str) -> Words:
        points = [p.text for p in task.points]
        shown = [(a, b) for a, b in sentences(text) if any(c.isalnum() for c in text[a:b])][:MOST]
        messages = prompts.marks(f"ANSWER-{secrets.token_hex(4)}", points, [text[a:b] for a, b in shown])
        try:
            reply = pace.whole(self.chat, messages, TOKENS * (len(points) + 1), self.home)
        except ModelFailed as error:
            self._spent(self.chat.spent(messages, ""))
            self.failure = str(error)
            return (None,) * len(points)
        self._spent(reply.usage)
        return tuple(_word(reply.text, number, task.question, text, shown) for number in range(1, len(points) + 1))

    def _spent(self, usage: Usage) -> None:
        self.usage = usage if self.usage is None else self.usage + usage


def settled(verdict: MarkVerdict, chance: Chance, word: Word | None, bears: bool) -> tuple[MarkVerdict, Chance]:
    """What the rules find of a point and what the model says of it, as one.

    *Covered* agrees with yes, *missed* and *partly* with no, and what the rules left open with the side that they lean to, a
    yes only where its evidence `bears` on the point: then half the doubt is gone, and nothing is left open. *Contradicted*
    stands. Otherwise the point is unsure: by a no with even chances; by a yes it counts nothing still, so that a model that
    obeys an answer cannot raise its score.
    """
    if word is None or verdict == "contradicted":
        return verdict, chance
    if verdict == "unsure":
        if word.yes != (chance.covered >= 0.5) or (word.yes and not bears):
            return verdict, chance
        verdict = "covered" if word.yes else "missed"
    if verdict == "covered":
        covered = 1 - (1 - chance.covered) / 2 if word.yes else min(chance.covered, 0.5)
        return ("covered" if word.yes else "unsure"), Chance(covered, min(chance.contrary, 1 - covered))
    if word.yes:
        return "unsure", chance if verdict == "partly" else Chance(chance.covered, chance.covered)
    return verdict, Chance(chance.covered / 2, chance.contrary)


def bears(point: str, said: str, question: str) -> bool:
    """Whether a sentence has enough of a point's own words, those that the question does not have."""
    own = set(content_terms(point)) - set(content_terms(question)) or set(content_terms(point))
    return len(own & set(content_terms(said))) >= BEARS * len(own)


def _word(reply: str, number: int, question: str, text: str, shown: Sequence[Span]) -> Word | None:
    """What a reply says of a point; None where it does not say it once, or its yes rests on no sentence that answers."""
    label = f"Point {number}"
    try:
        found = _WORD.match(labelled_in(reply, [label])[label])
    except ModelGarbled:
        return None
    if found is None or found[1].lower() == "no":
        return Word(False) if found else None
    ids = [int(n) for n in re.findall(r"\d{1,4}", found[2])]
    if not ids or not all(1 <= n <= len(shown) for n in ids):
        return None
    return next((Word(True, shown[n - 1]) for n in ids if not _restates(text[slice(*shown[n - 1])], question)), None)


def _restates(said: str, question: str) -> bool:
    """Whether a sentence has nothing that the question does not have."""
    return set(content_terms(said)) <= set(content_terms(question)) or unmarkable.is_echo(said, question)
