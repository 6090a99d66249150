"""What a chat model is: messages and limits in, pieces of text and a usage out. Declared for those who speak through one."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from tutor.types import Usage

Speaker = Literal["system", "user", "assistant"]
Stop = Literal["end", "tokens"]
"""Why a reply ended: the model was done, or its token limit was reached. Refusals and guardrails are errors."""


@dataclass(frozen=True, slots=True)
class Message:
    """What one side says."""

    speaker: Speaker
    text: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a reply may be, in tokens, and how long it may take, in seconds: to its first piece (a thinking model's
    hidden pieces count), between two pieces, and in all, retries included."""

    tokens: int = 250
    first: float = 120.0
    idle: float = 30.0
    total: float = 300.0


@dataclass(frozen=True, slots=True)
class Reply:
    """How a stream ended: the whole visible text, why it stopped, and what it cost. `first` and `rest` are the seconds
    from the request to its first sign of life, hidden thinking included, and from there to its end; 0 where not known."""

    text: str
    stop: Stop
    usage: Usage
    first: float = 0.0
    rest: float = 0.0


class Chat(Protocol):
    """A chat model. Closing the generator stops the model."""

    name: str
    """As in TUTOR_MODEL: "provider:model"."""

    def stream(self, messages: Sequence[Message], limits: Limits, schema: Mapping[str, object] | None = None) -> Generator[str | None, None, Reply]:
        """The visible text, piece by piece; thinking is never part of it. None takes back everything said so far: it
        turned out to be thinking. An empty piece only says that nothing came yet, so that who listens can stop. With a
        `schema` (JSON Schema of an object) the reply is JSON held to it where the provider can, else free text. Where
        GeneratorExit is thrown into it, it may end in the reply as far as it came. Raises ModelFailed's family."""
        ...

    def spent(self, messages: Sequence[Message], text: str) -> Usage:
        """An estimate of what a stream has cost that was not read to its end, from what was said on both sides."""
        ...
