"""Scripts of faults by name: what a model's server does in, how our call must end out; the same for each protocol that has it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from servers import Line
from wire import PROTOCOLS, Protocol, Say, body, event

from tutor.chat import Limits, Stop
from tutor.errors import ModelBusy, ModelDeclined, ModelDenied, ModelFailed, ModelGarbled, ModelOverlong, ModelSlow, ModelUnreachable, ModelUnusable

PIECES: Final = ("A mitochondrion makes most of the chemical energy of a cell. ", "It has two membranes, and the inner one is folded into cristae.")
"""Two sentences of the tiny notes."""
TEXT: Final = "".join(PIECES)
GOOD: Final = Say(PIECES)
HALF: Final = replace(GOOD, pieces=PIECES[:1])
NOTHING: Final = replace(GOOD, pieces=())

AMPLE: Final = Limits(tokens=60, first=20, idle=20, total=30)
"""For scripts that do not wait: a busy machine must not make them late."""
TIGHT: Final = Limits(tokens=60, first=0.5, idle=0.5, total=1.5)
"""For those that do, in a second or two."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A script and its end: an error, or why the reply stops. `text` is what was given by then, over so many requests; None
    is some of it, as much as there was time for. `waits`: between the requests, in seconds, where it matters."""

    script: tuple[Line, ...]
    end: type[ModelFailed] | Stop
    requests: int = 1
    text: str | None = ""
    on: tuple[Protocol, ...] = PROTOCOLS
    limits: Limits = AMPLE
    waits: tuple[float, ...] | None = None


BEDROCK: Final[tuple[Protocol, ...]] = ("bedrock",)
OPENAI: Final[tuple[Protocol, ...]] = ("openai",)
OLLAMA: Final[tuple[Protocol, ...]] = ("ollama",)

_STATUS: Final[dict[int, tuple[type[ModelFailed], bool]]] = {
    400: (ModelUnusable, False), 401: (ModelDenied, False), 403: (ModelDenied, False), 404: (ModelUnusable, False), 408: (ModelSlow, True),
    424: (ModelUnreachable, True), 429: (ModelBusy, True), 500: (ModelUnreachable, True), 502: (ModelUnreachable, True), 503: (ModelBusy, True), 504: (ModelSlow, True),
}  # fmt: skip
"""What a status means, and whether it is worth another try."""

_INSIDE: Final[tuple[tuple[Protocol, str, type[ModelFailed], bool], ...]] = (
    ("bedrock", "throttlingException", ModelBusy, True),
    ("bedrock", "serviceUnavailableException", ModelBusy, True),
    ("bedrock", "internalServerException", ModelUnreachable, True),
    ("bedrock", "modelStreamErrorException", ModelUnreachable, True),
    ("bedrock", "somethingNewException", ModelUnreachable, True),
    ("bedrock", "validationException", ModelUnusable, False),
    ("openai", "rate_limit_exceeded", ModelBusy, True),
    ("openai", "server_error", ModelUnreachable, True),
    ("openai", "context_length_exceeded", ModelOverlong, False),
    ("openai", "content_filter", ModelDeclined, False),
    ("ollama", "an error was encountered while running the model", ModelUnreachable, True),
)
"""Errors inside a stream, in the protocol's own words."""


def _statuses() -> Iterator[tuple[str, Fault]]:
    for status, (error, again) in _STATUS.items():
        said = Say(status=status)
        yield f"{status} always", Fault((said,), error, 3 if again else 1)
        yield f"{status} once", Fault((said, GOOD), "end", 2, TEXT) if again else Fault((said, GOOD), error)
        yield f"{status} twice", Fault((said, said, GOOD), "end", 3, TEXT) if again else Fault((said, said, GOOD), error)


def _inside() -> Iterator[tuple[str, Fault]]:
    for protocol, code, error, again in _INSIDE:
        at, on = replace(NOTHING, fault=code, message=code), (protocol,)
        yield f"{code} before the first word, always", Fault((at,), error, 3 if again else 1, on=on)
        yield f"{code} before the first word, once", Fault((at, GOOD), "end", 2, TEXT, on) if again else Fault((at, GOOD), error, on=on)
        yield f"{code} after a sentence", Fault((replace(at, pieces=PIECES[:1]), GOOD), error, 1, PIECES[0], on)


HTML: Final = b"<!doctype html><html><body><h1>Sign in to the network</h1></body></html>"
_MALFORMED: Final[dict[Protocol, bytes]] = {
    "bedrock": event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "wrong checksum"}})[:-1] + b"\0",
    "openai": b"data: {'choices': [nonsense]}\n\n",
    "ollama": b"{'message': nonsense}\n",
}
_TRUNCATED: Final[dict[Protocol, bytes]] = {
    "openai": b'data: {"choices": [{"index": 0, "delta": {"content": "bro\n\n',
    "ollama": b'{"message": {"role": "assistant", "content": "bro\n',
}
_TYPES: Final[dict[Protocol, bytes]] = {
    "bedrock": event("contentBlockDelta", {"contentBlockIndex": "first", "delta": ["text"]}),
    "openai": b'data: {"id": 7, "choices": "none"}\n\n',
    "ollama": b'{"message": "hello", "done": false}\n',
}


def _each(name: str, script: Say, end: type[ModelFailed] | Stop, text: str, replies: dict[Protocol, bytes]) -> Iterator[tuple[str, Fault]]:
    for protocol, garbage in replies.items():
        yield f"{name}, {protocol}", Fault((replace(script, garbage=garbage),), end, 1, text, (protocol,))


LATE: Final[dict[str, Fault]] = {
    "no status line": Fault((replace(GOOD, wait=30),), ModelSlow, limits=TIGHT),
    "headers but no first word": Fault((replace(GOOD, first=30),), ModelSlow, limits=TIGHT),
    "silence after the first sentence": Fault((replace(HALF, between=30),), ModelSlow, text=PIECES[0], limits=TIGHT),
    "single bytes, far apart": Fault((replace(GOOD, drip=0.02),), ModelSlow, limits=TIGHT),
    "never silent, never done": Fault(
        (replace(GOOD, pieces=tuple(f"word{i} " for i in range(200)), between=0.1),), ModelSlow, text=None, limits=replace(TIGHT, total=0.8)
    ),
}
"""What runs into a deadline: nothing is tried again, the time is up."""

FAULTS: Final[dict[str, Fault]] = dict(
    itertools.chain(
        _statuses(),
        _inside(),
        {
            "a key that has expired": Fault((Say(status=403, code="ExpiredTokenException"),), ModelDenied, on=BEDROCK),
            "a quota that is used up": Fault((Say(status=400, code="ServiceQuotaExceededException"),), ModelBusy, 3, on=BEDROCK),
            "a model that is not ready": Fault((Say(status=429, code="ModelNotReadyException"), GOOD), "end", 2, TEXT, BEDROCK),
            "money that is used up": Fault((Say(status=429, code="insufficient_quota"),), ModelDenied, on=OPENAI),
            "only through an inference profile": Fault(
                (Say(status=400, message="Invocation of model ID x with on-demand throughput isn't supported. Retry with an inference profile."),),
                ModelUnusable,
                on=BEDROCK,
            ),
            "a prompt that is too long": Fault(
                (Say(status=400, code="ValidationException", message="Input is too long for requested model."),), ModelOverlong, on=BEDROCK
            ),
            "a prompt over the context": Fault(
                (Say(status=400, code="context_length_exceeded", message="maximum context length is 4096"),), ModelOverlong, on=OPENAI
            ),
            "a prompt over llama.cpp's context": Fault(
                (
                    Say(
                        status=400,
                        raw=b'{"error": {"code": 400, "message": "the request exceeds the available context size", "type": "exceed_context_size_error"}}',
                    ),
                ),
                ModelOverlong,
                on=OPENAI,
            ),
            "still loading, as llama.cpp says it": Fault(
                (Say(status=503, raw=b'{"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}'), GOOD), "end", 2, TEXT, OPENAI
            ),
            "asked to wait": Fault((Say(status=429, headers=(("retry-after", "3"),)), GOOD), "end", 2, TEXT, waits=(3.0,)),
            "asked to wait for ever": Fault((Say(status=503, headers=(("retry-after", "86400"),)),), ModelBusy, 2, waits=(10.0,)),
            "asked to wait in words": Fault((Say(status=429, headers=(("retry-after", "a while"),)), GOOD), "end", 2, TEXT, waits=(0.5,)),
            "sent elsewhere": Fault((Say(status=307, headers=(("location", "http://192.0.2.1/"),)),), ModelUnusable),
            "nothing at all": Fault((NOTHING,), ModelGarbled),
            "white space": Fault((replace(GOOD, pieces=(" ", "\n\n", "\t ")),), ModelGarbled, text=""),
            "a refusal": Fault((replace(NOTHING, stop="refusal", refusal="I cannot help with that."),), ModelDeclined, on=("bedrock", "openai")),
            "a refusal half-way": Fault((replace(HALF, stop="refusal", refusal="I stop here."),), ModelDeclined, 1, PIECES[0], ("bedrock", "openai")),
            "the limit of tokens": Fault((replace(GOOD, stop="tokens"),), "tokens", text=TEXT),
            "the limit of tokens, having only thought": Fault((replace(NOTHING, stop="tokens", thinking=("Let me ", "think.")),), ModelGarbled),
            "the end, having only thought": Fault((replace(NOTHING, thinking=("Let me ", "think.")),), ModelGarbled),
            "the end of the window": Fault((replace(HALF, stop="window"),), "tokens", text=PIECES[0]),
            "the end of the window at once": Fault((replace(NOTHING, stop="window"),), ModelOverlong, on=BEDROCK),
            "a guardrail at once": Fault((replace(NOTHING, stop="guardrail"),), ModelDeclined, on=("bedrock", "openai")),
            "a guardrail with its own words": Fault(
                (Say(("Blocked by policy.",), stop="guardrail"),), ModelDeclined, 1, "Blocked by policy.", ("bedrock", "openai")
            ),
            "a content filter half-way": Fault((replace(HALF, stop="filter"),), ModelDeclined, 1, PIECES[0], ("bedrock", "openai")),
            "a malformed output, by its own account": Fault((replace(HALF, stop="malformed_model_output"),), ModelGarbled, 1, PIECES[0], BEDROCK),
            "no end": Fault((replace(GOOD, stop=""),), ModelUnreachable, 1, TEXT),
            "no end and no word": Fault((replace(NOTHING, stop=""), GOOD), "end", 2, TEXT),
            "an empty body": Fault((Say(raw=b""),), ModelUnreachable, 3),
            "an empty body, once": Fault((Say(raw=b""), GOOD), "end", 2, TEXT),
            "HTML": Fault((Say(raw=HTML, kind="text/html"),), ModelGarbled),
            "HTML from a gateway": Fault((Say(status=502, raw=HTML, kind="text/html"), GOOD), "end", 2, TEXT),
            "HTML that denies": Fault((Say(status=403, raw=HTML, kind="text/html"),), ModelDenied),
            "an error without a body": Fault((Say(status=500, raw=b""),), ModelUnreachable, 3),
            "another content type": Fault((replace(GOOD, kind="text/plain"),), "end", text=TEXT),
            "null": Fault((Say(raw=b"null\n"),), ModelGarbled, on=OLLAMA),
            "null in an event": Fault((Say(raw=b"data: null\n\n"),), ModelGarbled, on=OPENAI),
            "a whole reply where a stream was asked for": Fault(
                (Say(raw=b'{"output": {"message": {"content": [{"text": "hi"}]}}}'),), ModelGarbled, on=BEDROCK
            ),
            "closed before a word": Fault((replace(GOOD, cut=0), GOOD), "end", 2, TEXT),
            "closed before the status line": Fault((replace(GOOD, cut=-1), GOOD), "end", 2, TEXT),
            "prose around JSON": Fault((Say(("Sure! ", '{"points": ["a"]}', " Hope it helps.")),), "end", text='Sure! {"points": ["a"]} Hope it helps.'),
            "the schema again": Fault((Say((json.dumps({"type": "object", "properties": {}}),)),), "end", text='{"type": "object", "properties": {}}'),
            "truncated JSON as text": Fault((Say(('{"points": ["a", "b',), stop="tokens"),), "tokens", text='{"points": ["a", "b'),
            "a huge piece": Fault((Say(("word " * 100_000,)),), "end", text="word " * 100_000),
            "a reply without end": Fault((Say(("word " * 50_000,) * 5),), ModelGarbled, text="word " * 200_000 + "word " * 50_000),
            "NUL and control characters": Fault((Say(("a\x00b", "\x07\x1b[31m c\u2028d\ufeff")),), "end", text="a\x00b\x07\x1b[31m c\u2028d\ufeff"),
            "half a surrogate pair": Fault(
                (Say(raw=b'data: {"choices": [{"index": 0, "delta": {"content": "a\\ud83d"}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'),),
                "end",
                text="a?",
                on=OPENAI,
            ),
            "thinking in its own field": Fault((replace(GOOD, thinking=("The notes ", "say so.")),), "end", text=TEXT),
            "thinking in tags": Fault((replace(GOOD, pieces=("<think>The notes say", " so.</think>\n\n", *PIECES)),), "end", text=TEXT),
            "thinking in tags, letter by letter": Fault((replace(GOOD, pieces=tuple(f"<thinking>So < it is.</thinking>{TEXT}")),), "end", text=TEXT),
            "thinking that never closes": Fault((replace(GOOD, pieces=("<think>", TEXT), stop="tokens"),), ModelGarbled),
            "thinking that never opened": Fault((replace(GOOD, pieces=("The notes say so. ", "</think>", TEXT)),), "end", text=TEXT),
            "thinking in channels": Fault(
                (replace(GOOD, pieces=("<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>", TEXT)),), "end", text=TEXT
            ),
        }.items(),
        _each("a malformed frame", HALF, ModelGarbled, PIECES[0], _MALFORMED),
        _each("a truncated frame", HALF, ModelUnreachable, PIECES[0], _TRUNCATED),
        _each("values of other types", HALF, ModelGarbled, PIECES[0], _TYPES),
        {
            f"closed after a sentence, {p}": Fault((replace(GOOD, cut=len(body(p, GOOD)[0])), GOOD), ModelUnreachable, 1, PIECES[0], (p,)) for p in PROTOCOLS
        }.items(),
        LATE.items(),
    )
)
