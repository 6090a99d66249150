"""A chat model and messages in, its reply out, under deadlines from the speed that was measured of it, which it measures anew."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from tutor import budget, pace
from tutor.chat import Chat, Message, Reply
from tutor.errors import ModelSlow


def stream(chat: Chat, messages: Sequence[Message], tokens: int, home: Path, schema: Mapping[str, object] | None = None) -> Generator[str | None, None, Reply]:
    """The pieces of a reply of at most `tokens`, then the reply; see `tutor.chat.Chat`. What is measured is kept under `home`."""
    count = budget.counter()
    size = sum(count(m.text) for m in messages)
    known = pace.read(home, chat.name)
    try:
        with closing(chat.stream(messages, pace.limits(known, size, tokens), schema)) as pieces:
            reply = yield from pieces
    except ModelSlow:
        slower = pace.late(known)  # what was too slow was not measured: without this it would be too slow for ever
        if slower:
            pace.write(home, chat.name, slower)
        raise
    if reply.first:
        pace.write(home, chat.name, pace.seen(known, size, reply.first, reply.usage.output_tokens, reply.rest))
    return reply


def whole(chat: Chat, messages: Sequence[Message], tokens: int, home: Path, schema: Mapping[str, object] | None = None) -> Reply:
    """The reply, when it is all there."""
    with closing(stream(chat, messages, tokens, home, schema)) as pieces:
        while True:
            try:
                next(pieces)
            except StopIteration as end:
                reply: Reply = end.value
                return reply
