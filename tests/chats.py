"""Chat models that behave: one that says what a test wrote for it, and the sentences that it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field

from tutor.chat import Limits, Message, Reply, Stop
from tutor.errors import ModelFailed
from tutor.types import Usage

Shown = dict[str, str]
"""The sentences of the notes in a prompt, by id."""
_LINE = re.compile(r"^\[(\d+\.\d+)\] (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Said:
    """One reply: its text, in pieces of `size` characters, why it stops, and the error it ends in, if any. None among
    the pieces takes back what was said."""

    text: str
    stop: Stop = "end"
    fails: ModelFailed | None = None
    size: int = 7
    taken_back: str = ""


@dataclass
class Scripted:
    """A chat model with its replies laid out: texts, or functions of the sentences that the prompt shows. The last one is
    said again where there are no more."""

    replies: Sequence[str | Said | Callable[[Shown], str | Said]]
    name: str = "scripted:model"
    asked: list[list[Message]] = field(default_factory=list)
    limits: list[Limits] = field(default_factory=list)
    closed: int = 0

    def stream(self, messages: Sequence[Message], limits: Limits, schema: Mapping[str, object] | None = None) -> Generator[str | None, None, Reply]:
        """See `tutor.chat.Chat`."""
        said = self.replies[min(len(self.asked), len(self.replies) - 1)]
        self.asked.append(list(messages))
        self.limits.append(limits)
        if callable(said):
            said = said(shown(messages))
        reply = said if isinstance(said, Said) else Said(said)
        try:
            if reply.taken_back:
                yield from _pieces(reply.taken_back, reply.size)
                yield None
            yield from _pieces(reply.text, reply.size)
        except GeneratorExit:
            self.closed += 1
            raise
        if reply.fails:
            raise reply.fails
        return Reply(reply.text, reply.stop, Usage(self.name, 100, len(reply.text) // 4, 0.0), 0.5, 1.0)

    def spent(self, messages: Sequence[Message], text: str) -> Usage:
        """See `tutor.chat.Chat`."""
        return Usage(self.name, 100, len(text) // 4, 0.0, counted=False)


def _pieces(text: str, size: int) -> list[str]:
    return [text[i : i + size] for i in range(0, len(text), size)]


def shown(messages: Sequence[Message]) -> Shown:
    """The numbered sentences of the notes in a prompt, also where a reply and what is wrong with it follow them."""
    return dict(_LINE.findall("\n".join(m.text for m in messages if m.speaker == "user")))


def named(found: Shown, words: str) -> str:
    """The id of the sentence that contains some words."""
    return next(name for name, text in found.items() if words in text)
