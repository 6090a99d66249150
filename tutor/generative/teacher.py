"""The generative teacher: the answer from the notes alone first, then a model's sentences as they pass the checks."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from tutor import budget, pace, prompts, socratic
from tutor.chat import Chat, Message
from tutor.errors import ModelFailed
from tutor.extractive.teacher import Extractive
from tutor.generative import socratic as hints
from tutor.generative.draft import Draft
from tutor.generative.sentences import Reader
from tutor.generative.sources import Source, offer, wanted
from tutor.index import Index
from tutor.teacher import Asking
from tutor.types import Answer, Turn

BEAT: Final = 0.2
"""Seconds after which an answer is given again though nothing has passed, so that who listens can stop."""
_SECRET: Final = secrets.token_bytes(16)
"""So that no note can know the fence of a conversation."""


class Generative:
    """Answers through a chat model; falls back to the extractive teacher, and says so.

    A question that the notes do not answer is not put to the model: that decision is code's. `count` says what the sentences
    shown cost in tokens; None counts as this machine can.
    """

    def __init__(
        self, index: Index, extractive: Extractive, chat: Chat, home: Path, clock: Callable[[], float] = time.monotonic, count: budget.Counter | None = None
    ) -> None:
        self.index, self.extractive, self.chat, self.home, self.clock, self.count = index, extractive, chat, home, clock, count

    @property
    def mode(self) -> str:
        """The model's name."""
        return self.chat.name

    def drafts(self, asking: Asking) -> Iterator[Answer]:
        """First the answer from the notes alone, then the model's as it grows; a question back instead, where steps are
        wanted. See `Teacher`."""
        query, evidence, depth = asking.query, asking.evidence, asking.depth
        plain = self.extractive.explain(query, evidence, "explain" if depth == "socratic" else depth)
        cited = self.index.cited(plain.citations)
        ranked = self.extractive.ranked(query, evidence.hits)
        sources = offer(wanted(cited, plain.citations, evidence, ranked), self.index.notes, self.count or budget.counter())
        if depth == "socratic" and not plain.abstained:
            if (yield from self._asked(asking, plain, sources)):
                return
            depth = "explain"
        yield plain
        if plain.abstained:
            return
        before = _before(asking.history) if evidence.carried else None
        messages = prompts.explain(fence(asking), [s.line for s in sources], query.text, depth, query.kind, before)
        yield from self._written(Draft(plain, self.chat.name, sources, query.text, depth, self.index.notes), messages, prompts.TOKENS[depth])

    def _asked(self, asking: Asking, plain: Answer, sources: Sequence[Source]) -> Generator[Answer, None, bool]:
        """A question back or a hint in place of the answer; nothing and false when it is time to tell."""
        query, said = asking.query, asking.said
        number = socratic.step(query.text, asking.history)
        kept = socratic.keys(plain, query)
        if number > socratic.STEPS or socratic.told(said) or socratic.right(said, plain, kept, query.text):
            return False
        messages = prompts.guide(fence(asking), [s.line for s in sources], query.text, number, said, kept)
        waiting = replace(plain, statements=(), citations=(), mode=self.chat.name)
        remark, usage, text = "", None, ""
        yield replace(waiting, incomplete=True)
        try:
            with closing(pace.stream(self.chat, messages, prompts.TOKENS["socratic"], self.home)) as pieces:
                while True:
                    try:
                        next(pieces)
                    except StopIteration as end:
                        text, usage = end.value.text, end.value.usage
                        break
                    yield replace(waiting, incomplete=True)  # so that who listens can stop
        except ModelFailed as error:
            remark, usage = str(error), self.chat.spent(messages, "")
        prompt = hints.chosen(text, number, query, plain, sources, kept, [t.answer.prompt for t in asking.history])
        yield replace(waiting, prompt=prompt, remark=remark, usage=usage)
        return True

    def _written(self, draft: Draft, messages: Sequence[Message], tokens: int) -> Iterator[Answer]:
        """The answer as it grows; the one from the notes alone where the model fails before anything passed."""
        offered = [s.id for s in draft.sources]
        reader, failure, reply, told, text = Reader(offered), "", None, self.clock(), ""
        try:
            with closing(pace.stream(self.chat, messages, tokens, self.home)) as pieces:
                while not draft.over:
                    try:
                        piece = next(pieces)
                    except StopIteration as end:
                        reply = end.value
                        break
                    text += piece or ""
                    if piece is None:
                        reader = Reader(offered)
                        draft.forget()
                    passed = [draft.take(d) for d in reader.feed(piece or "")]
                    if any(passed) or not piece or self.clock() - told >= BEAT:
                        yield draft.answer(incomplete=True) if draft.kept else draft.plain
                        told = self.clock()
        except ModelFailed as error:
            failure = str(error)
        for last in reader.end(whole=reply is not None and reply.stop == "end"):
            draft.take(last)
        yield draft.settled(failure, reply, reply.usage if reply else self.chat.spent(messages, text))


def fence(asking: Asking) -> str:
    """The word that marks the notes: one a conversation, so that prompt caches hold, and none that a note can know."""
    opening = asking.history[0].question if asking.history else asking.query.text
    return "NOTES-" + hmac.new(_SECRET, opening.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:8]


def _before(history: Sequence[Turn]) -> tuple[str, str]:
    last = history[-1]
    return last.answer.understood or last.question, last.answer.statements[0].text if last.answer.statements else ""
