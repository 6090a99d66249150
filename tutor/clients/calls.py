"""One request to a model, read in a thread of its own: what its stream gives in, pieces under deadlines out.

The thread waits on the network, the reader on a queue: so a deadline or the stop button never waits for a silent server.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
from collections.abc import Callable, Generator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from tutor.clients.faults import Fault

CONNECT: Final = 5.0
"""Seconds to make a connection."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one piece of a stream says. `stop` is the provider's word for why the reply ends, "" while it goes on; `tokens`
    the prompt's and the reply's so far, None where they are not told."""

    text: str = ""
    stop: str = ""
    tokens: tuple[int, int] | None = None
    refused: bool = False
    tool: bool = False


Event = Chunk | Fault | None
"""None is the end of the stream."""


class Stopwatch:
    """Seconds by a clock, but it stands still while who listens works on a piece: their time is not the model's."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._away = clock, 0.0

    def read(self) -> float:
        """Seconds, from any moment on."""
        return self._clock() - self._away

    def hand(self, piece: str | None) -> Generator[str | None, None, None]:
        """Give a piece, and wait until the next one is wanted."""
        given = self._clock()
        yield piece
        self._away += self._clock() - given


class Call:
    """A request under way: the reader's end of its queue, and a hand on its connection."""

    def __init__(self, read_timeout: float) -> None:
        self.read_timeout = read_timeout
        self.retry_after = ""
        """The header of that name, where the server sent one: not every client hands it on."""
        self.kind = ""
        """The content type of the reply, where it is known."""
        self._events: queue.Queue[Event] = queue.Queue(maxsize=256)
        self._stopped = threading.Event()
        self._hangs_up: Callable[[], None] | None = None

    @property
    def stopped(self) -> bool:
        """Whether nobody listens any more."""
        return self._stopped.is_set()

    def start(self, work: Callable[[Call], None]) -> None:
        """Do the work in a thread. Whatever becomes of it, the stream has an end."""

        def run() -> None:
            current.set(self)
            try:
                work(self)
            finally:
                self.give(None)

        threading.Thread(target=run, name="model", daemon=True).start()

    def give(self, event: Event) -> bool:
        """Put an event where the reader finds it; False when nobody listens any more."""
        while not self.stopped:
            with contextlib.suppress(queue.Full):
                self._events.put(event, timeout=0.1)
                return True
        return False

    def take(self, seconds: float) -> Event:
        """The next event. Raises queue.Empty when there is none in time."""
        return self._events.get(timeout=max(0.0, seconds))

    def stop(self) -> None:
        """Stop listening and hang up, so that the thread ends and the model's server is told to stop."""
        self._stopped.set()
        self._hang_up()

    def attach(self, hang_up: Callable[[], None]) -> None:
        """Take hold of the connection, once there is one."""
        self._hangs_up = hang_up
        if self.stopped:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._hangs_up is not None:
            with contextlib.suppress(OSError, ValueError, RuntimeError):  # it has ended by itself meanwhile
                self._hangs_up()


current: ContextVar[Call | None] = ContextVar("call", default=None)
"""The call that this thread works on: the hooks below are told of a request, but not whose it is."""


def on_request(request: Any) -> None:
    """A hook of httpx, before it sends: this call's timeouts, and a trace that tells of the connection."""
    call = current.get()
    if call is not None:
        request.extensions["timeout"] = {"connect": CONNECT, "read": call.read_timeout, "write": call.read_timeout, "pool": CONNECT}
        request.extensions["trace"] = lambda event, info: _on_connection(call, event, info)


def on_response(response: Any) -> None:
    """A hook of httpx, once the headers of a reply are there."""
    call = current.get()
    if call is not None:
        call.retry_after, call.kind = response.headers.get("retry-after", ""), response.headers.get("content-type", "")


def watch(client: Any) -> None:
    """Have a botocore client's requests tell of their connections. There is no hook for that, so the classes its pools make
    are replaced; with a botocore that keeps them elsewhere, a silent server is left at its read timeout only."""
    manager = getattr(getattr(getattr(client, "_endpoint", None), "http_session", None), "_manager", None)
    pools = getattr(manager, "pool_classes_by_scheme", None)
    if manager is not None and pools:
        connections = {scheme: type("Watched", (_Watched, pool.ConnectionCls), {}) for scheme, pool in pools.items()}
        manager.pool_classes_by_scheme = {scheme: type("WatchedPool", (pool,), {"ConnectionCls": connections[scheme]}) for scheme, pool in pools.items()}


class _Watched:
    """A connection of urllib3 that tells its call of itself with each request."""

    sock: socket.socket

    def getresponse(self) -> Any:
        if call := current.get():
            _hold(call, self.sock)
        return super().getresponse()  # type: ignore[misc]  # of the class that this is mixed into


def _on_connection(call: Call, event: str, info: Mapping[str, Any]) -> None:
    if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
        _hold(call, info["return_value"].get_extra_info("socket"))


def _hold(call: Call, made: socket.socket) -> None:
    # Of the plain class: an SSL socket's own `shutdown` takes its encryption away under the thread that reads.
    call.attach(lambda: socket.socket.shutdown(made, socket.SHUT_RDWR))
