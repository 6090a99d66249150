"""The servers themselves, asked by the real clients without any code of ours between."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from typing import Any

import pytest
from servers import Server, deaf, mute, nobody, speaking
from wire import PROTOCOLS, Protocol, Say, body, event

pytestmark = pytest.mark.loopback

SAID = Say(("Mitochondrien erzeugen Energie für die Zelle – ", "ATP 😀."), usage=(31, 12))
TEXT = "Mitochondrien erzeugen Energie für die Zelle – ATP 😀."


@dataclass(frozen=True)
class Heard:
    """What a client made of a reply."""

    text: str
    thinking: str
    stop: str | None
    usage: tuple[int, int] | None


def bedrock(server: Server, streams: bool, model: str = "tiny") -> Heard:
    import boto3
    from botocore.config import Config

    timing = Config(retries={"total_max_attempts": 1}, read_timeout=1, connect_timeout=1)
    client = boto3.client("bedrock-runtime", endpoint_url=server.url, region_name="eu-west-1", config=timing)
    asked: dict[str, Any] = {
        "modelId": model,
        "system": [{"text": "Be brief."}],
        "messages": [{"role": "user", "content": [{"text": "Was tun Mitochondrien?"}]}],
    }
    if not streams:
        reply = client.converse(**asked)
        parts = reply["output"]["message"]["content"]
        thought = "".join(p["reasoningContent"]["reasoningText"]["text"] for p in parts if "reasoningContent" in p)
        return Heard("".join(p.get("text", "") for p in parts), thought, reply["stopReason"], _pair(reply.get("usage"), "inputTokens", "outputTokens"))
    text, thought, stop, usage = "", "", None, None
    with closing(client.converse_stream(**asked)["stream"]) as events:
        for found in events:
            delta = found.get("contentBlockDelta", {}).get("delta", {})
            text += delta.get("text", "")
            thought += delta.get("reasoningContent", {}).get("text", "")
            stop = found.get("messageStop", {}).get("stopReason", stop)
            usage = _pair(found.get("metadata", {}).get("usage"), "inputTokens", "outputTokens") or usage
    return Heard(text, thought, stop, usage)


def openai(server: Server, streams: bool, model: str = "tiny") -> Heard:
    from openai import OpenAI

    said: Any = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Was tun Mitochondrien?"}]
    with OpenAI(base_url=server.url, api_key="none", max_retries=0, timeout=1) as client:
        if not streams:
            reply = client.chat.completions.create(model=model, messages=said)
            only = reply.choices[0]
            thought = getattr(only.message, "reasoning_content", None) or ""
            return Heard(only.message.content or "", thought, only.finish_reason, _pair(dict(reply.usage or {}), "prompt_tokens", "completion_tokens"))
        text, thought, stop, usage = "", "", None, None
        for chunk in client.chat.completions.create(model=model, messages=said, stream=True, stream_options={"include_usage": True}):
            for choice in chunk.choices:
                text += choice.delta.content or ""
                thought += getattr(choice.delta, "reasoning_content", None) or ""
                stop = choice.finish_reason or stop
            usage = _pair(dict(chunk.usage or {}), "prompt_tokens", "completion_tokens") or usage
        return Heard(text, thought, stop, usage)


def ollama(server: Server, streams: bool, model: str = "tiny") -> Heard:
    from ollama import Client

    said = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Was tun Mitochondrien?"}]
    client = Client(host=server.url, timeout=1)
    try:
        parts = list(client.chat(model=model, messages=said, stream=True)) if streams else [client.chat(model=model, messages=said)]
    finally:
        client._client.close()
    last = parts[-1]
    usage = (last.prompt_eval_count, last.eval_count) if last.prompt_eval_count is not None and last.eval_count is not None else None
    return Heard("".join(p.message.content or "" for p in parts), "".join(p.message.thinking or "" for p in parts), last.done_reason, usage)


def _pair(counts: dict[str, Any] | None, first: str, second: str) -> tuple[int, int] | None:
    return (counts[first], counts[second]) if counts and first in counts else None


ASK: dict[Protocol, Callable[[Server, bool], Heard]] = {"bedrock": bedrock, "openai": openai, "ollama": ollama}


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "not-a-key")


@pytest.fixture(params=PROTOCOLS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with speaking(request.param, SAID) as made:
        yield made


def ask(server: Server, streams: bool = True) -> Heard:
    return ASK[server.protocol](server, streams)


@pytest.mark.parametrize("streams", [True, False])
def test_the_real_clients_read_what_the_script_says(server: Server, streams: bool) -> None:
    ends = {"bedrock": "end_turn", "openai": "stop", "ollama": "stop"}
    assert ask(server, streams) == Heard(TEXT, "", ends[server.protocol], (31, 12))
    server.play(replace(SAID, thinking=("Let me ", "think."), stop="tokens", usage=None))
    ends = {"bedrock": "max_tokens", "openai": "length", "ollama": "length"}
    assert ask(server, streams) == Heard(TEXT, "Let me think.", ends[server.protocol], None)


def test_requests_are_kept_and_the_last_reply_is_given_again(server: Server) -> None:
    server.play(Say(("one",)), lambda asked: Say((f"{len(asked.said)} said",)))
    assert [ask(server).text for _ in range(3)] == ["one", "2 said", "2 said"]
    assert [r.said for r in server.requests] == [[("system", "Be brief."), ("user", "Was tun Mitochondrien?")]] * 3
    assert {r.model for r in server.requests} == {"tiny"}
    assert all(r.headers["host"] == server.root.removeprefix("http://") for r in server.requests)
    server.play(Say())
    assert server.requests == []


@pytest.mark.parametrize(("status", "headers"), [(429, (("retry-after", "7"),)), (400, ()), (503, ())])
def test_an_error_has_its_status_its_code_and_its_headers(server: Server, status: int, headers: tuple[tuple[str, str], ...]) -> None:
    from botocore.exceptions import ClientError
    from ollama import ResponseError
    from openai import APIStatusError

    server.play(Say(status=status, message="slow down", headers=headers))
    with pytest.raises((ClientError, APIStatusError, ResponseError), match="slow down") as raised:
        ask(server)
    error: Any = raised.value
    if isinstance(raised.value, ClientError):
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == status
        assert error.response["Error"]["Code"] == {429: "ThrottlingException", 400: "ValidationException", 503: "ServiceUnavailableException"}[status]
        assert error.response["ResponseMetadata"]["HTTPHeaders"].get("retry-after") == dict(headers).get("retry-after")
    else:
        assert error.status_code == status
    if isinstance(raised.value, APIStatusError):
        assert error.response.headers.get("retry-after") == dict(headers).get("retry-after")
    assert len(server.requests) == 1


def test_a_fault_inside_the_stream_comes_after_its_pieces() -> None:
    from botocore.exceptions import EventStreamError
    from ollama import ResponseError
    from openai import APIError

    fault = Say(fault="throttlingException", message="too many tokens")
    for protocol, kind in (("bedrock", EventStreamError), ("openai", APIError), ("ollama", ResponseError)):
        with speaking(protocol, fault) as server, pytest.raises(kind, match="too many tokens"):  # type: ignore[arg-type]
            ask(server)


def test_the_frames_of_an_event_stream_are_sound() -> None:
    from botocore.eventstream import ChecksumMismatch, EventStreamBuffer

    frame = event("messageStop", {"stopReason": "Grüße"})
    buffer = EventStreamBuffer()
    buffer.add_data(frame)
    read: Any = next(buffer)
    assert read.headers == {":message-type": "event", ":event-type": "messageStop", ":content-type": "application/json"}
    assert read.payload.decode() == '{"stopReason": "Grüße"}'
    for at in (5, len(frame) // 2, len(frame) - 1):
        buffer = EventStreamBuffer()
        buffer.add_data(frame[:at] + bytes([frame[at] ^ 1]) + frame[at + 1 :])
        with pytest.raises(ChecksumMismatch):
            list(buffer)


def test_a_cut_sends_so_many_bytes_and_no_end(server: Server) -> None:
    whole = b"".join(body(server.protocol, SAID))
    for cut in (0, 1, len(whole) // 2, len(whole)):
        server.play(replace(SAID, cut=cut))
        assert _raw(server).endswith(b"\r\n" if cut else b"\r\n\r\n")
        assert _unchunked(_raw(server)) == whole[:cut]
        assert not _raw(server).endswith(b"0\r\n\r\n")
        server.play(replace(SAID, cut=cut, tidy=True))
        assert _unchunked(_raw(server)) == whole[:cut]
        assert _raw(server).endswith(b"0\r\n\r\n")
    assert "für".encode() in whole
    server.play(replace(SAID, drip=0.0001))
    assert _unchunked(_raw(server)) == whole
    assert b"\r\n1\r\n" in _raw(server)


def _raw(server: Server) -> bytes:
    """The whole reply to a request, as it comes off the wire."""
    path = {"bedrock": "/model/tiny/converse-stream", "openai": "/v1/chat/completions", "ollama": "/api/chat"}[server.protocol]
    content = b'{"messages": [], "stream": true, "stream_options": {"include_usage": true}}'
    with socket.create_connection(("127.0.0.1", server.server_port), 2) as line:
        line.sendall(b"POST %s HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s" % (path.encode(), len(content), content))
        return b"".join(iter(lambda: line.recv(65_536), b""))


def _unchunked(reply: bytes) -> bytes:
    rest, out = reply.split(b"\r\n\r\n", 1)[1], b""
    while rest:
        size, rest = rest.split(b"\r\n", 1)
        out, rest = out + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
    return out


def test_a_client_that_goes_away_is_seen_and_ends_the_reply() -> None:
    from openai import APITimeoutError

    with speaking("openai", Say(wait=30)) as server:
        began = time.monotonic()
        with pytest.raises(APITimeoutError):
            ask(server)
        assert server.requests[0].gone.wait(2)
        assert time.monotonic() - began < 4


def test_a_server_stops_in_the_middle_of_a_reply() -> None:
    began = time.monotonic()
    with speaking("ollama", Say(first=30)) as server, socket.create_connection(("127.0.0.1", server.server_port), 2) as line:
        line.sendall(b"POST /api/chat HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}")
        assert line.recv(12) == b"HTTP/1.1 200"
    assert time.monotonic() - began < 2


def test_a_path_of_another_protocol_is_not_found() -> None:
    from ollama import Client, ResponseError

    with speaking("openai") as server:
        client = Client(host=server.root, timeout=1)
        with pytest.raises(ResponseError, match="no such path"):
            client.chat(model="tiny", messages=[])
        assert server.requests == []
        client._client.close()


@pytest.mark.parametrize(("address", "error"), [(mute, "ReadTimeout"), (deaf, "ConnectTimeout")])
def test_addresses_that_do_not_answer(address: Callable[[], AbstractContextManager[str]], error: str) -> None:
    import httpx

    with address() as url, pytest.raises(getattr(httpx, error)):
        httpx.get(url, timeout=0.2)


def test_an_address_where_nobody_listens() -> None:
    import httpx

    with pytest.raises(httpx.ConnectError):
        httpx.get(nobody(), timeout=2)
