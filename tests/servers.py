"""Model servers on 127.0.0.1: a script of replies in, Bedrock's Converse, OpenAI's or Ollama's protocol out, to their real clients.

`speaking("bedrock", Say(("One. ", "Two.")))` starts one; each request gets the next reply of the script, the last one again
and again. What was asked is kept in `server.requests`. `deaf`, `mute` and `nobody` are addresses that never get as far.
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import unquote

from wire import CODES, KINDS, Protocol, Say, body


@dataclass(slots=True)
class Asked:
    """A request as it came in. `gone` is set when its client went away before the reply was complete."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    at: float
    gone: threading.Event = field(default_factory=threading.Event)

    @property
    def model(self) -> str:
        """The model's name: in Bedrock's path, in the others' body."""
        return str(self.body.get("model") or unquote(self.path.split("/")[2]))

    @property
    def said(self) -> list[tuple[str, str]]:
        """Who said what, in order, whatever the protocol; cache points and the like are left out."""
        system = [("system", str(b["text"])) for b in self.body.get("system", ()) if "text" in b]
        return system + [(m["role"], _words(m["content"])) for m in self.body["messages"]]


Line = Say | Callable[[Asked], Say]
"""A reply, or what makes one of the request."""


@dataclass(slots=True)
class _Run:
    """One script and the requests it met."""

    script: Sequence[Line]
    requests: list[Asked] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, asked: Asked) -> Say:
        with self.lock:
            line = self.script[min(len(self.requests), len(self.script) - 1)]
            self.requests.append(asked)
        return line if isinstance(line, Say) else line(asked)


class Server(ThreadingHTTPServer):
    """A server of one protocol; `play` gives it another script and forgets what was asked."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, protocol: Protocol) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.protocol: Protocol = protocol
        self.stopping = threading.Event()
        self.run = _Run((Say(),))

    def server_bind(self) -> None:
        """Bind without the base class's look-up of the machine's name."""
        TCPServer.server_bind(self)
        self.server_port = self.server_address[1]

    @property
    def root(self) -> str:
        """Its address; Bedrock's and Ollama's clients take it as it stands."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        """The address as that protocol's client wants it."""
        return f"{self.root}/v1" if self.protocol == "openai" else self.root

    @property
    def requests(self) -> list[Asked]:
        """What was asked of the model since `play`, in order; what clients ask about the server itself is left out."""
        return self.run.requests

    def play(self, *script: Line) -> Server:
        """Begin another script."""
        self.run = _Run(script)
        return self

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the tests; any other error is shown."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Be quiet."""

    def do_GET(self) -> None:
        """What clients ask about a server: its models, its version."""
        about: dict[str, Any] = {
            "/v1/models": {"object": "list", "data": [{"id": "tiny", "object": "model", "created": 0, "owned_by": "tests"}]},
            "/api/tags": {"models": [{"name": "tiny:latest", "model": "tiny:latest", "size": 1, "details": {}}]},
            "/api/version": {"version": "0.9.9"},
        }
        found = about.get(self.path)
        self._whole(200 if found else 404, json.dumps(found or {"error": "not found"}).encode())

    def do_POST(self) -> None:
        """A question to the model: the next reply of the script."""
        try:
            content = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))))
        except ValueError:
            self._whole(400, b'{"error": "the request is no JSON"}')
            return
        asked = Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, content, time.monotonic())
        streams = self._streams(asked)
        if streams is None:
            self._whole(404, json.dumps({"error": f"no such path: {self.path}"}).encode())
        else:
            self._reply(asked, self.server.run.next(asked), streams)

    def _streams(self, asked: Asked) -> bool | None:
        """Whether a stream is wanted; None for a path that the protocol does not have."""
        match self.server.protocol, asked.path.split("/")[1:]:
            case "bedrock", ["model", _, ("converse" | "converse-stream") as last]:
                return last == "converse-stream"
            case "openai", ["v1", "chat", "completions"]:
                return bool(asked.body.get("stream"))
            case "ollama", ["api", "chat"]:
                return bool(asked.body.get("stream", True))
        return None

    def _whole(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _reply(self, asked: Asked, say: Say, streams: bool) -> None:
        self._pause(say.wait, asked)
        if say.cut is not None and say.cut < 0:
            self.close_connection = True
            return
        wants_usage = self.server.protocol != "openai" or bool((asked.body.get("stream_options") or {}).get("include_usage"))
        frames = body(self.server.protocol, say, streams, wants_usage)
        self.send_response(say.status)
        good = KINDS[self.server.protocol] if streams and say.status == 200 else "application/json"
        self.send_header("content-type", say.kind or good)
        code = say.code or CODES.get(say.status, "")
        if self.server.protocol == "bedrock" and say.status != 200 and code:
            self.send_header("x-amzn-errortype", code)
        for name, value in say.headers:
            self.send_header(name, value)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        self._pause(say.first, asked)
        try:
            self._write(frames, say, asked)
        except OSError:
            asked.gone.set()
            raise

    def _write(self, frames: Sequence[bytes], say: Say, asked: Asked) -> None:
        left = sum(map(len, frames)) if say.cut is None else say.cut
        for number, frame in enumerate(frames):
            if number:
                self._pause(say.between, asked)
            part, left = frame[:left], left - len(frame)
            for piece in [part[i : i + 1] for i in range(len(part))] if say.drip else [part]:
                self._chunk(piece)
                self._pause(say.drip, asked)
            if left < 0:
                break
        if say.cut is not None and not say.tidy:
            self.close_connection = True
            return
        self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, piece: bytes) -> None:
        if piece:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))

    def _pause(self, seconds: float, asked: Asked) -> None:
        """Wait, but no longer than the client does and the server runs."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self.server.stopping.is_set():
                raise ConnectionAbortedError
            if select.select([self.connection], [], [], min(left, 0.02))[0] and not self.connection.recv(1, socket.MSG_PEEK):
                asked.gone.set()
                raise ConnectionResetError


def _words(content: object) -> str:
    """The text of a message: plain, or in blocks."""
    if isinstance(content, str):
        return content
    assert isinstance(content, list)
    return "".join(str(b["text"]) for b in content if "text" in b)


@contextlib.contextmanager
def speaking(protocol: Protocol, *script: Line) -> Iterator[Server]:
    """A server of that protocol that plays a script; it is stopped, and its connections are, when the block ends."""
    with Server(protocol) as server:
        if script:
            server.play(*script)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name=f"{protocol} server", daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stopping.set()
            server.shutdown()
            thread.join(5)


@contextlib.contextmanager
def mute() -> Iterator[str]:
    """An address that takes connections and never reads or says a byte."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextlib.contextmanager
def deaf() -> Iterator[str]:
    """An address where a connection is never accepted: its queue is full (Linux drops the handshake then)."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening, contextlib.ExitStack() as full:
        for _ in range(4):
            waiting = full.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def nobody() -> str:
    """An address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    return f"http://127.0.0.1:{port}"
