"""The network guard, a pytest plugin: sockets' audit events in, a failed test for each way out of this machine.

A test marked `loopback` may connect to 127.0.0.1; no test may connect or send to, or look up, anything else. Audit events
show clients too that bound their functions before the guard was there. Not seen: a process that a test starts, and a library
that opens its sockets without Python.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest

LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}
SENDS = {"socket.connect", "socket.connect_ex", "socket.sendto", "socket.sendmsg"}


class Blocked(ConnectionRefusedError):
    """What the code that wanted out gets; the test fails even where it is swallowed."""


@dataclass
class Watch:
    """How much was tried in all; what was caught in the part of a test that runs, which may speak to this machine where
    `loopback` is set; and what was caught outside tests: while collecting, or in a thread left behind."""

    beyond: int = 0
    lookups: int = 0
    unmarked: int = 0
    loopback: bool = False
    caught: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)

    def see(self, event: str, arguments: tuple[object, ...]) -> None:
        """An audit hook. Raises Blocked for what may not be; it never happens then."""
        if event in SENDS:
            line, address = arguments[:2]
            if isinstance(line, socket.socket) and line.family in {socket.AF_INET, socket.AF_INET6} and address is not None:
                self._sent(event, address[0] if isinstance(address, tuple) else address)
        elif event in LOOKUPS:
            host = arguments[0][0] if isinstance(arguments[0], tuple) else arguments[0]
            forward = event in {"socket.getaddrinfo", "socket.gethostbyname"}
            if not _here(host) and not (forward and _numeric(host)):
                self.lookups += 1
                self._block(f"{event} of {host!r}")

    def _sent(self, event: str, host: object) -> None:
        if not _here(host):
            self.beyond += 1
            self._block(f"{event} to {host!r}")
        if not self.loopback and not _pairs():
            self.unmarked += 1
            self._block(f"{event} to {host!r} in a test that is not marked `loopback`")

    def _block(self, what: str) -> None:
        self.caught.append(what)
        raise Blocked(f"no network in tests: {what}")

    def begin(self, loopback: bool) -> None:
        """A part of a test begins."""
        self.strays += self.end()
        self.loopback = loopback

    def end(self) -> list[str]:
        """It ends; what was caught in it."""
        caught, self.caught, self.loopback = self.caught, [], False
        return caught


def _here(host: object) -> bool:
    """Whether an address or a name is this machine's own, without asking anybody."""
    if host in {None, "", "localhost", b"", b"localhost"}:
        return True
    address = _numeric(host)
    if address is None:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)


def _numeric(host: object) -> IPv4Address | IPv6Address | None:
    """The address that a text is; None for a name, which somebody has to be asked for."""
    try:
        return ip_address((host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)).partition("%")[0])
    except ValueError:
        return None


def _pairs() -> bool:
    """Whether socket.socketpair is connecting its two ends over loopback, as it must on Windows; every event loop has a pair."""
    frame = sys._getframe()
    while frame.f_code.co_filename == __file__ and frame.f_back:
        frame = frame.f_back
    return frame.f_code.co_name in {"socketpair", "_fallback_socketpair"}


_watch = Watch()


def _seen_first(name: str) -> Callable[..., object]:
    inner = getattr(socket.socket, name)

    def guarded(line: socket.socket, *arguments: object) -> object:
        _watch.see(f"socket.{name}", (line, arguments[-1] if arguments else None))
        return inner(line, *arguments)

    return guarded


_GUARDED = {name: _seen_first(name) for name in ("connect", "connect_ex", "sendto")}
"""A host name given to one of these is looked up before there is an audit event."""


def pytest_configure() -> None:
    """Watch from here on; an audit hook stays until the process ends."""
    sys.addaudithook(_watch.see)


def _watched(item: pytest.Item) -> Generator[None, object, object]:
    for name, guarded in _GUARDED.items():  # each time: pytest-socket, which langchain-tests brings, takes them off after each test
        setattr(socket.socket, name, guarded)
    _watch.begin(item.get_closest_marker("loopback") is not None)
    try:
        return (yield)
    finally:
        if caught := _watch.end():
            pytest.fail("no network in tests: " + "; ".join(caught), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """Fixtures are part of their test."""
    return (yield from _watched(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail the test whose code wanted out, whatever became of the error."""
    return (yield from _watched(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """So is their taking down."""
    return (yield from _watched(item))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What was caught outside tests fails the run."""
    _watch.begin(loopback=False)
    if _watch.strays and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was counted in the whole run."""
    terminalreporter.write_line(f"connections beyond loopback: {_watch.beyond}, look-ups: {_watch.lookups}, loopback outside marked tests: {_watch.unmarked}")
    for what in _watch.strays:
        terminalreporter.write_line(f"outside tests: {what}", red=True)
