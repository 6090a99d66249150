"""A quiz drawn from the notes alone and a chat model in, the same quiz out with the model's questions in place of some: each
proven as the others are, mended once, dropped otherwise."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tutor import budget, pace, prompts
from tutor.chat import Chat, Message
from tutor.errors import ModelDeclined, ModelFailed, ModelGarbled
from tutor.exam import Question, QuestionKind, Quiz
from tutor.index import Index
from tutor.questions.checks import Known
from tutor.questions.draft import Draft, finish
from tutor.questions.drafting import building, material, reading
from tutor.questions.drafting.material import Material
from tutor.questions.draw import Deck, Wish, remark
from tutor.questions.record import identified
from tutor.types import Usage

KINDS: Final[tuple[QuestionKind, ...]] = ("multiple_choice", "free_text")
"""The kinds that a model drafts."""
TOKENS: Final = 320
"""The longest reply."""
SPARE: Final = 2
"""Calls of a quiz beyond one for each question: what mending may take in all."""
PATIENCE: Final = 45.0
"""Seconds after which no further question is begun; a reply that is under way has its own deadline."""
MISSES: Final = 3
"""Questions dropped one after another from which on the model is not asked again."""
ALONE: Final = "questions are from your notes alone."


class _Over(Exception):
    """No further call is allowed."""


@dataclass(slots=True)
class _Talk:
    """The calls of one quiz: how many are left, until when they may begin, and what they have cost."""

    chat: Chat
    home: Path
    left: int
    until: float
    clock: Callable[[], float]
    usage: Usage | None = None

    def ask(self, messages: Sequence[Message]) -> str:
        """One reply. Raises _Over where no call is left, and ModelFailed's family."""
        if self.left <= 0 or self.clock() >= self.until:
            raise _Over
        self.left -= 1
        try:
            reply = pace.whole(self.chat, messages, TOKENS, self.home)
        except ModelFailed:
            self._spent(self.chat.spent(messages, ""))
            raise
        self._spent(reply.usage)
        return reply.text

    def _spent(self, usage: Usage) -> None:
        self.usage = usage if self.usage is None else self.usage + usage


def written(quiz: Quiz, wish: Wish, deck: Deck, chat: Chat, home: Path, clock: Callable[[], float] = time.monotonic) -> Quiz:
    """The quiz with the model's questions in place of those of the same kind and place in the notes, and beside them where
    they are fewer than wished for. What is not proven leaves the notes' own question standing.

    At most `wish.n` + SPARE calls, none begun after PATIENCE seconds. A model that fails leaves the rest of the quiz as
    it was, and the remark says why. `home` is where the model's speed is kept.
    """
    asked = set(wish.kinds) & set(KINDS) and wish.difficulty != "easy"  # a case is never an easy question
    if not asked or pace.unfit(home, chat.name, "quiz"):
        return quiz
    talk = _Talk(chat, home, wish.n + SPARE, clock() + PATIENCE, clock)
    fence = f"NOTES-{secrets.token_hex(4)}"  # no note can know it
    kept, failure = list(quiz.questions), ""
    made = unproven = misses = 0
    rng = random.Random(f"{wish.seed} drafted")
    for at, kind, shown in _places(kept, wish, deck.index, rng):
        try:
            found = _drafted(kind, shown, talk, fence, deck, rng)
        except _Over:
            break
        except ModelFailed as error:
            failure = str(error)
            break
        if found is None or not _wished(found, wish) or _again(found, [*kept[:at], *kept[at + 1 :]]):
            unproven, misses = unproven + (found is None), misses + 1
            if misses == MISSES:
                break
            continue
        kept[at : at + 1] = [found]
        made, misses = made + 1, 0
    said = _remark(chat.name, made, unproven, failure) or remark(len(kept), wish.n)
    return replace(quiz, questions=tuple(kept), remark=said, usage=talk.usage)


def _wished(question: Question, wish: Wish) -> bool:
    """Whether a question is as difficult as wished, and on what the quiz is about."""
    near = wish.sections is None or (question.note, question.heading) in wish.sections
    return near and wish.difficulty in (None, question.difficulty) and (not wish.tag or wish.tag in question.tags)


def _again(question: Question, others: Sequence[Question]) -> bool:
    """Whether a question asks again what one of the others does: near-duplicates, or the same kind on the same sentence."""
    known = Known()
    for other in others:
        known.add(other)
    first = question.proof.citations[0]
    same = (o for o in others if o.kind == question.kind and (o.proof.citations[0].note, o.proof.citations[0].start) == (first.note, first.start))
    return known.near(question) or any(same)


def _places(kept: list[Question], wish: Wish, index: Index, rng: random.Random) -> Iterator[tuple[int, QuestionKind, Material]]:
    """Where a question may be drafted: in place of one that was drawn, then, while the quiz is short, in further sections.
    `kept` grows meanwhile."""
    count = budget.counter()
    for at, question in enumerate(tuple(kept)):
        shown = material.around(question, index, count) if question.kind in KINDS else None
        if shown is not None:
            yield at, question.kind, shown
    kinds = [k for k in KINDS if k in wish.kinds]
    for turn, section in enumerate(material.sections(wish, index, rng)):
        if len(kept) >= wish.n:
            return
        shown = material.about(section, index, count, rng)
        if shown is not None:
            yield len(kept), kinds[turn % len(kinds)], shown


def _drafted(kind: QuestionKind, shown: Material, talk: _Talk, fence: str, deck: Deck, rng: random.Random) -> Question | None:
    """One question, after at most one mending; None where it is not proven then."""
    write = prompts.case if kind == "multiple_choice" else prompts.account
    messages = write(fence, [s.line for s in shown.sources], shown.about)
    for last in (False, True):
        text = ""
        try:
            text = talk.ask(messages)
            draft = _read(kind, text, shown)
        except ModelDeclined:
            return None
        except ModelGarbled as error:
            draft = [str(error)]
        if isinstance(draft, Draft):
            faults = _faults(draft, talk.chat.name, deck)
            if not faults:
                return _made(draft, talk.chat.name, deck, rng)
            draft = faults
        if not last:
            messages = prompts.mended(messages, text, draft)
    return None


def _read(kind: QuestionKind, text: str, shown: Material) -> Draft | list[str]:
    if kind == "multiple_choice":
        return building.of_case(reading.case(text), shown.sources)
    return building.of_account(reading.account(text), shown.sources)


def _faults(draft: Draft, name: str, deck: Deck) -> list[str]:
    """What is wrong with a draft, its options still as the model lettered them."""
    return [f.text for f in deck.verify(_made(replace(draft, ordered=True), name, deck, random.Random(0))).findings]


def _made(draft: Draft, name: str, deck: Deck, rng: random.Random) -> Question:
    return identified(replace(finish(draft, deck.notes, rng), mode=name))


def _remark(name: str, made: int, unproven: int, failure: str) -> str:
    if failure:
        return f"{failure} {'The other' if made else 'The'} {ALONE}"
    if unproven and not made:
        return f"What {name} wrote is not proven by your notes; the {ALONE}"
    return ""
