"""The generative teacher: the answer from the notes alone first, then a model's sentences as they pass the checks."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from tutor import budget, pace, prompts, socratic
from tutor.chat import Chat, Message, Reply
from tutor.errors import ModelFailed, ModelGarbled
from tutor.extractive.teacher import Extractive
from tutor.footnotes import Footnotes
from tutor.generative import socratic as hints
from tutor.generative.sentences import Drafted, Reader
from tutor.generative.sources import Source, offer, wanted
from tutor.generative.support import Settled, settle
from tutor.index import Index
from tutor.question import Query
from tutor.teacher import ALONE, Asking
from tutor.text import fold
from tutor.types import Answer, Depth, Note, Statement, Turn, Usage, Verdict

MOST: Final[dict[Depth, int]] = {"line": 2, "explain": 10, "deep": 18, "analogy": 10}
"""Statements of an answer."""
REPEATS: Final = 3
"""Sentences said again after which a model is taken to run in a circle, and stopped."""
WORTH: Final = 1 / 3
"""The share of a model's sentences that must pass; of one whose most are invented, the rest is no answer either."""
BEAT: Final = 0.2
"""Seconds after which an answer is given again though nothing has passed, so that who listens can stop."""
NEAR: Final = 3
"""Statements shown as the nearest where the model found that the notes do not answer."""

_SECRET: Final = secrets.token_bytes(16)
"""So that no note can know the fence of a conversation."""


class Generative:
    """Answers through a chat model; falls back to the extractive teacher, and says so.

    A question that the notes do not answer is not put to the model: that decision is code's.
    """

    def __init__(self, index: Index, extractive: Extractive, chat: Chat, home: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.index, self.extractive, self.chat, self.home, self.clock = index, extractive, chat, home, clock

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
        sources = offer(wanted(cited, plain.citations, evidence, ranked), self.index.notes, budget.counter())
        if depth == "socratic" and not plain.abstained:
            if (yield from self._asked(asking, plain, sources)):
                return
            depth = "explain"
        yield plain
        if plain.abstained:
            return
        before = _before(asking.history) if evidence.carried else None
        messages = prompts.explain(fence(asking), [s.line for s in sources], query.text, depth, query.kind, before)
        yield from self._written(_Draft(plain, self.chat.name, sources, query, depth, self.index.notes), messages, prompts.TOKENS[depth])

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
            remark = str(error)
        prompt = hints.chosen(text, number, query, plain, sources, kept, [t.answer.prompt for t in asking.history])
        yield replace(waiting, prompt=prompt, remark=remark, usage=usage)
        return True

    def _written(self, draft: _Draft, messages: Sequence[Message], tokens: int) -> Iterator[Answer]:
        """The answer as it grows; the one from the notes alone where the model fails before anything passed."""
        reader, failure, reply, told, text = Reader(), "", None, self.clock(), ""
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
                        reader = Reader()
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


@dataclass(slots=True)
class _Draft:
    """What the model has said so far, and of it what stands."""

    plain: Answer
    name: str
    sources: tuple[Source, ...]
    query: Query
    depth: Depth
    notes: Mapping[str, Note]
    kept: list[Settled] = field(default_factory=list)
    left_out: int = 0
    repeats: int = 0
    silent: bool = False
    _said: set[str] = field(default_factory=set)

    @property
    def over(self) -> bool:
        """Whether there is no use in reading on."""
        return self.silent or self.repeats >= REPEATS or len(self.kept) >= MOST[self.depth]

    def take(self, drafted: Drafted) -> bool:
        """Judge a sentence; true where it is kept."""
        folded = fold(drafted.text)
        if folded.startswith(fold(prompts.SILENT)):
            self.silent = not self.kept
            return False
        if folded in self._said or self.over:
            self.repeats += folded in self._said
            return False
        self._said.add(folded)
        settled = settle(drafted, self.sources, self.query.text)
        if settled.judgement.verdict == "unsupported":
            self.left_out += 1
            return False
        self.kept.append(settled)
        return True

    def forget(self) -> None:
        """All of it was thinking."""
        self.kept.clear()
        self._said.clear()
        self.left_out = self.repeats = 0
        self.silent = False

    def answer(self, incomplete: bool = False, remark: str = "", usage: Usage | None = None) -> Answer:
        """What stands, as an answer."""
        footnotes = Footnotes(self.notes)
        for settled in self.kept:  # the statements' own words first, so that the numbers beside them do not skip
            for source in settled.sources:
                footnotes.number(source.hit, source.span)
        statements = tuple(_statement(s, place == 0, footnotes) for place, s in enumerate(self.kept))
        return replace(
            self.plain,
            outcome="answered",
            statements=statements,
            citations=tuple(footnotes.found),
            mode=self.name,
            left_out=self.left_out,
            incomplete=incomplete,
            remark=remark,
            usage=usage,
        )

    def settled(self, failure: str, reply: Reply | None, usage: Usage) -> Answer:
        """The answer that stands: the model's where enough of it passed, else the one from the notes alone and why."""
        if self.kept and len(self.kept) >= WORTH * (len(self.kept) + self.left_out):
            cut = bool(failure) or (reply is not None and reply.stop == "tokens")
            return self.answer(incomplete=cut, remark=f"{failure} What had passed by then is shown." if failure else "", usage=usage)
        if self.silent:
            short = replace(self.plain, outcome="closest", statements=self.plain.statements[:NEAR])
            return replace(short, remark=f"{self.name} read the notes and found no answer in them.", usage=usage)
        why = failure or (
            f"Of what {self.name} wrote, {self.left_out} of {self.left_out + len(self.kept)} sentences are not in your notes."
            if self.left_out
            else str(ModelGarbled(f"{self.name} said nothing."))
        )
        return replace(self.plain, left_out=self.left_out, remark=f"{why} {ALONE}", usage=usage)


def _statement(settled: Settled, first: bool, footnotes: Footnotes) -> Statement:
    """A settled sentence as a statement; *exact* is said of the very characters of a quote only."""
    text, role = settled.drafted.text, settled.drafted.role
    numbers = [footnotes.number(s.hit, span) for s in settled.sources for span in (s.span, s.label_at) if span]
    verbatim = any(text in footnotes.found[n - 1].quote for n in numbers)
    verdict: Verdict = "unsure" if settled.judgement.verdict == "unsure" else "exact" if verbatim else "supported"
    return Statement(text, tuple(dict.fromkeys(numbers)), "lead" if first and role == "point" else role, verdict=verdict)
