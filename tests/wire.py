"""A reply in, the bytes that Bedrock's Converse, OpenAI's or Ollama's protocol has for it out; written by hand, so that
nothing of a client's own is what the client is tested against."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args
from zlib import crc32

Protocol = Literal["bedrock", "openai", "ollama"]
PROTOCOLS: Final[tuple[Protocol, ...]] = get_args(Protocol)


@dataclass(frozen=True, slots=True)
class Say:
    """One reply. Times are seconds; `stop` and `code` are ours where `STOPS` and `CODES` know them, else sent as they stand.

    `thinking` goes before the text in the protocol's own field. `fault` breaks the stream after its pieces with that error
    code; `garbage` is put there as raw bytes. `raw` stands for the whole body. `cut` closes the connection after so many
    bytes of the body, a negative one before the status line; with `tidy` the reply then ends as if it were complete. `between` is the time before each
    piece but the first and before the end; `drip` sends single bytes so far apart.
    """

    pieces: tuple[str, ...] = ("Mitochondria make ATP. ", "They have two membranes.")
    thinking: tuple[str, ...] = ()
    stop: str = "end"
    usage: tuple[int, int] | None = (120, 9)
    refusal: str = ""
    status: int = 200
    code: str = ""
    message: str = "the server says no"
    headers: tuple[tuple[str, str], ...] = ()
    kind: str = ""
    fault: str = ""
    garbage: bytes = b""
    raw: bytes | None = None
    cut: int | None = None
    tidy: bool = False
    wait: float = 0.0
    first: float = 0.0
    between: float = 0.0
    drip: float = 0.0


STOPS: Final[dict[Protocol, dict[str, str]]] = {
    "bedrock": {
        "end": "end_turn", "tokens": "max_tokens", "guardrail": "guardrail_intervened", "filter": "content_filtered", "refusal": "refusal",
        "window": "model_context_window_exceeded", "tool": "tool_use",
    },
    "openai": {"end": "stop", "tokens": "length", "guardrail": "content_filter", "filter": "content_filter", "refusal": "stop", "window": "length", "tool": "tool_calls"},
    "ollama": {"end": "stop", "tokens": "length", "guardrail": "stop", "filter": "stop", "refusal": "stop", "window": "length", "tool": "stop"},
}  # fmt: skip
"""How a reply ends, in each protocol's words; "" sends no end at all."""

CODES: Final = {
    400: "ValidationException", 401: "UnrecognizedClientException", 403: "AccessDeniedException", 404: "ResourceNotFoundException", 408: "ModelTimeoutException",
    424: "ModelErrorException", 429: "ThrottlingException", 500: "InternalServerException", 503: "ServiceUnavailableException",
}  # fmt: skip
"""Bedrock's name for a status. 502 and 504 come from a gateway, which gives none."""


def body(protocol: Protocol, say: Say, streams: bool = True, usage: bool = True) -> list[bytes]:
    """The body of a reply as it goes over the wire, but for `cut`: a part for each piece, the greeting with the first, then the
    end. `usage`: the client asked for it."""
    if say.raw is not None:
        return [say.raw]
    if say.status != 200:
        return [json.dumps(_error(protocol, say)).encode()]
    greeting, pieces, farewell = {"bedrock": _converse, "openai": _completions, "ollama": _chat}[protocol](say, streams, usage)
    first, *rest = pieces or [b""]
    return [part for part in (greeting + first, *rest, farewell) if part]


Parts = tuple[bytes, list[bytes], bytes]


def _error(protocol: Protocol, say: Say) -> dict[str, Any]:
    if protocol == "openai":
        return {"error": {"message": say.message, "type": "error", "param": None, "code": say.code or None}}
    return {"message": say.message} if protocol == "bedrock" else {"error": say.message}


def _converse(say: Say, streams: bool, usage: bool) -> Parts:
    stop = STOPS["bedrock"].get(say.stop, say.stop)
    counts = {"inputTokens": say.usage[0], "outputTokens": say.usage[1], "totalTokens": sum(say.usage)} if say.usage else {}
    if not streams:
        thought = [{"reasoningContent": {"reasoningText": {"text": "".join(say.thinking)}}}] if say.thinking else []
        message = {"role": "assistant", "content": [*thought, {"text": "".join(say.pieces)}]}
        return json.dumps({"output": {"message": message}, "stopReason": stop, "usage": counts, "metrics": {"latencyMs": 1}}).encode(), [], b""
    thoughts: list[Any] = [{"reasoningContent": {"text": p}} for p in say.thinking] + [{"reasoningContent": {"signature": "c2lnbmVk"}}] * bool(say.thinking)
    deltas = [(0, d) for d in thoughts] + [(int(bool(thoughts)), {"text": p}) for p in say.pieces]
    pieces = [event("contentBlockDelta", {"contentBlockIndex": index, "delta": delta}) for index, delta in deltas]
    farewell = say.garbage
    if say.fault:
        farewell += event(say.fault, {"message": say.message}, "exception")
    elif stop:
        farewell += b"".join(event("contentBlockStop", {"contentBlockIndex": index}) for index in sorted({index for index, _ in deltas}))
        farewell += event("messageStop", {"stopReason": stop}) + event("metadata", {"metrics": {"latencyMs": 1}} | ({"usage": counts} if counts else {}))
    return event("messageStart", {"role": "assistant"}), pieces, farewell


def event(name: str, payload: Mapping[str, object], kind: str = "event") -> bytes:
    """A frame of application/vnd.amazon.eventstream: two lengths, their CRC, string headers, payload, CRC of it all."""
    given = {":message-type": kind, f":{kind}-type": name, ":content-type": "application/json"}
    headers = b"".join(struct.pack("!B", len(k)) + k.encode() + struct.pack("!BH", 7, len(v)) + v.encode() for k, v in given.items())
    content = json.dumps(payload, ensure_ascii=False).encode()
    lengths = struct.pack("!II", 16 + len(headers) + len(content), len(headers))
    framed = lengths + struct.pack("!I", crc32(lengths)) + headers + content
    return framed + struct.pack("!I", crc32(framed))


def _completions(say: Say, streams: bool, usage: bool) -> Parts:
    stop = STOPS["openai"].get(say.stop, say.stop)
    counts = {"prompt_tokens": say.usage[0], "completion_tokens": say.usage[1], "total_tokens": sum(say.usage)} if say.usage else None
    shared = {"id": "chatcmpl-1", "created": 1_750_000_000, "model": "tiny"}
    if not streams:
        said = {"content": "".join(say.pieces) or None, "reasoning_content": "".join(say.thinking) or None, "refusal": say.refusal or None}
        choice = {"index": 0, "message": {"role": "assistant"} | said, "finish_reason": stop or None}
        return json.dumps(shared | {"object": "chat.completion", "choices": [choice], "usage": counts}).encode(), [], b""

    def chunk(delta: Mapping[str, object], end: str | None = None) -> bytes:
        return _sse(shared | {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": end}]})

    pieces = [chunk({"reasoning_content": p}) for p in say.thinking] + [chunk({"content": p}) for p in say.pieces]
    farewell = (chunk({"refusal": say.refusal}) if say.refusal else b"") + say.garbage
    if say.fault:
        farewell += _sse({"error": {"message": say.message, "type": say.fault, "param": None, "code": say.fault}})
    elif stop:
        counted = _sse(shared | {"object": "chat.completion.chunk", "choices": [], "usage": counts}) if counts and usage else b""
        farewell += chunk({}, stop) + counted + b"data: [DONE]\n\n"
    return chunk({"role": "assistant", "content": ""}), pieces, farewell


def _sse(payload: Mapping[str, object]) -> bytes:
    return b"data: " + json.dumps(payload, ensure_ascii=False).encode() + b"\n\n"


def _chat(say: Say, streams: bool, usage: bool) -> Parts:
    stop = STOPS["ollama"].get(say.stop, say.stop)
    shared = {"model": "tiny", "created_at": "2026-11-22T12:00:00.000000Z"}
    counts = {"prompt_eval_count": say.usage[0], "eval_count": say.usage[1]} if say.usage else {}
    end = {"done": True, "done_reason": stop, "total_duration": 9_000_000, "load_duration": 1_000_000, "eval_duration": 5_000_000, **counts}
    if not streams:
        message = {"role": "assistant", "content": "".join(say.pieces)} | ({"thinking": "".join(say.thinking)} if say.thinking else {})
        return json.dumps(shared | {"message": message} | end).encode(), [], b""

    def line(said: Mapping[str, object], rest: Mapping[str, object]) -> bytes:
        text = json.dumps(shared | {"message": {"role": "assistant", **said}, **rest}, ensure_ascii=False)
        return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").encode() + b"\n"  # as Go writes JSON, and httpx needs it

    pieces = [line({"content": "", "thinking": p}, {"done": False}) for p in say.thinking] + [line({"content": p}, {"done": False}) for p in say.pieces]
    farewell = say.garbage
    if say.fault:
        farewell += json.dumps({"error": say.message}).encode() + b"\n"
    elif stop:
        farewell += line({"content": ""}, end)
    return b"", pieces, farewell


KINDS: Final[dict[Protocol, str]] = {"bedrock": "application/vnd.amazon.eventstream", "openai": "text/event-stream", "ollama": "application/x-ndjson"}
