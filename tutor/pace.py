"""How fast a model has been in; how long to wait for it out, and its reply under such deadlines. Kept in `models.json` of
TUTOR_HOME, by the model's name.

A constant deadline is wrong for somebody: a laptop reads twenty tokens a second, a data centre thousands.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from tutor import budget
from tutor.chat import Chat, Limits, Message, Reply
from tutor.errors import ModelSlow

FILE: Final = "models.json"
PATIENCE: Final = 3.0
"""How many times as long as expected a model may take."""
FIRST: Final = (12.0, 300.0)
IDLE: Final = (8.0, 60.0)
TOTAL: Final = (30.0, 600.0)
"""Seconds that a deadline is never below or above: a busy machine, a model that is loaded first; a learner who waits."""

_SLOWER, _FASTER = 0.3, 0.05
"""How far a slower or a faster answer moves the pace, as a share on a logarithmic scale: a deadline that is too long costs
less than one that is too short."""
_FASTEST, _SLOWEST = 2.0, 0.25
"""What one answer may differ, as a factor: one that was paged out or throttled is not the rule."""
_CACHED: Final = 4.0
"""So many times as fast, a prompt was not read but found in the model's cache: that says nothing of the next one."""
_RATES: Final = (0.05, 100_000.0)
_START: Final = 0.5
_UNTOLD: Final = 8.0
"""Tokens a second that a reply is taken to come with at most, until one was long enough to tell."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Tokens a second of the prompt and of the reply, and seconds until the reading of the prompt starts."""

    prompt_rate: float
    output_rate: float
    start: float


def limits(pace: Pace | None, prompt_tokens: int, output_tokens: int) -> Limits:
    """Deadlines for a prompt and a reply of so many tokens: generous until the model was measured, then about three times
    what is expected, within floors and ceilings."""
    if pace is None:
        return Limits(tokens=output_tokens)
    first = _within(PATIENCE * (pace.start + prompt_tokens / pace.prompt_rate), FIRST)
    idle = _within(PATIENCE * 10 / pace.output_rate, IDLE)  # ten tokens: a piece is one to four of them
    return Limits(output_tokens, first, idle, _within(first + PATIENCE * output_tokens / pace.output_rate, TOTAL))


def seen(pace: Pace | None, prompt_tokens: int, first_seconds: float, output_tokens: int, rest_seconds: float) -> Pace:
    """The pace after one more answer: its first piece after so many seconds, so many tokens more within the rest."""
    start = min(_START, first_seconds / 2) if pace is None else pace.start
    prompt_rate = _rate(prompt_tokens, first_seconds - start)
    # A reply of a few tokens comes at once and tells nothing of the rate.
    told = output_tokens >= 8 and rest_seconds > 0
    output_rate = _rate(output_tokens, rest_seconds) if told else None
    if pace is None:
        return Pace(prompt_rate, min(prompt_rate / 3, _UNTOLD) if output_rate is None else output_rate, start)
    cached = prompt_rate >= _CACHED * pace.prompt_rate
    prompt_rate = pace.prompt_rate if cached else _moved(pace.prompt_rate, prompt_rate)
    return Pace(prompt_rate, pace.output_rate if output_rate is None else _moved(pace.output_rate, output_rate), start)


def late(pace: Pace | None) -> Pace | None:
    """The pace after an answer that missed its deadline, and so was not measured: half of it, so that a machine that has
    become slower is not given up for ever."""
    return None if pace is None else Pace(max(pace.prompt_rate / 2, _RATES[0]), max(pace.output_rate / 2, _RATES[0]), pace.start)


def stream(chat: Chat, messages: Sequence[Message], tokens: int, home: Path, schema: Mapping[str, object] | None = None) -> Generator[str | None, None, Reply]:
    """The pieces of a reply of at most `tokens`, then the reply; see `tutor.chat.Chat`. What is measured is kept under `home`,
    also of a reply whose reader closes it early: one line takes a sentence, and no more."""
    count = budget.counter()
    size = sum(count(m.text) for m in messages)
    known, opening = read(home, chat.name), ""
    with closing(chat.stream(messages, limits(known, size, tokens), schema)) as pieces:
        try:
            while True:
                piece = next(pieces)
                opening = opening or piece or ""
                yield piece
        except StopIteration as end:
            reply: Reply = end.value
        except GeneratorExit:
            reply = _stopped(pieces)
        except ModelSlow:
            slower = late(known)  # what was too slow was not measured: without this it would be too slow for ever
            if slower:
                write(home, chat.name, slower)
            raise
    if reply.first:
        # An estimate of the provider's may be high, and a deadline by it too tight.
        output = reply.usage.output_tokens if reply.usage.counted else count(reply.text)
        write(home, chat.name, seen(known, size, reply.first, max(0, output - count(opening)), reply.rest))
    return reply


def _stopped(pieces: Generator[str | None, None, Reply]) -> Reply:
    """Stop a stream; the reply as far as it came. Raises GeneratorExit where the model says nothing of it."""
    try:
        pieces.throw(GeneratorExit)
    except StopIteration as end:
        reply: Reply = end.value
        return reply
    raise GeneratorExit


def whole(chat: Chat, messages: Sequence[Message], tokens: int, home: Path, schema: Mapping[str, object] | None = None) -> Reply:
    """The reply, when it is all there."""
    with closing(stream(chat, messages, tokens, home, schema)) as pieces:
        while True:
            try:
                next(pieces)
            except StopIteration as end:
                reply: Reply = end.value
                return reply


def read(home: Path, name: str) -> Pace | None:
    """What was measured of a model; None where nothing was, or the file cannot be read."""
    kept = entry(home, name).get("pace")
    if not isinstance(kept, dict):
        return None
    values = [kept.get(field) for field in ("prompt_rate", "output_rate", "start")]
    if not all(isinstance(v, (int, float)) and not isinstance(v, bool) and math.isfinite(v) and v >= 0 for v in values) or 0 in values[:2]:
        return None
    return Pace(float(kept["prompt_rate"]), float(kept["output_rate"]), float(kept["start"]))


def write(home: Path, name: str, pace: Pace) -> None:
    """Keep what was measured; see `keep`."""
    keep(home, name, "pace", asdict(pace))


def entry(home: Path, name: str) -> dict[str, Any]:
    """All that is kept of a model, by key; nothing where the file cannot be read."""
    found = _all(home).get(name)
    return found if isinstance(found, dict) else {}


def unfit(home: Path, name: str, purpose: str) -> bool:
    """Whether an examination of the model found it unfit for a purpose ("quiz", "grade"); false where there was none."""
    kept = entry(home, name).get("fit")
    found = kept.get("fit") if isinstance(kept, dict) else None
    return isinstance(found, dict) and found.get(purpose) is False


def keep(home: Path, name: str, key: str, value: Mapping[str, Any]) -> None:
    """Keep something of a model, beside whatever else the file says. A file that cannot be written is no reason to fail:
    then the next start finds out again."""
    everything = _all(home) | {name: entry(home, name) | {key: value}}
    with contextlib.suppress(OSError):
        _replace(home, everything)


def _all(home: Path) -> dict[str, Any]:
    try:
        kept = json.loads((home / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _replace(home: Path, everything: Mapping[str, Any]) -> None:
    home.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(dir=home, prefix=FILE, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(everything, file, indent=1, sort_keys=True)
        Path(made).replace(home / FILE)
    except OSError:
        Path(made).unlink(missing_ok=True)
        raise


def _rate(tokens: int, seconds: float) -> float:
    return _within(tokens / max(seconds, 1e-3), _RATES)


def _moved(before: float, now: float) -> float:
    """A moving average of rates on a logarithmic scale, with the outliers drawn in."""
    factor = _within(now / before, (_SLOWEST, _FASTEST))
    return _within(before * float(factor ** (_SLOWER if factor < 1 else _FASTER)), _RATES)


def _within(value: float, bounds: tuple[float, float]) -> float:
    return min(max(value, bounds[0]), bounds[1])
