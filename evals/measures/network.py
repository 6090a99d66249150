"""Code that runs in, what it tried beyond this machine out: connections, messages and look-ups, each refused as it is seen.

Seen through Python's audit events, so a library that opens its sockets without Python and a process that is started are not. A name
given to `connect` itself is looked up before there is an event; the connection is refused all the same.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

SENDS: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
LOOKUPS: Final = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"})
FORWARD: Final = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
"""These ask nobody for an address that is given in figures."""


class Blocked(ConnectionRefusedError):
    """What the code that wanted out gets."""


@dataclass
class Watch:
    """What was tried while the watch was on. An audit hook cannot be taken off again; one that is off lets everything pass."""

    on: bool = False
    hooked: bool = False
    tried: list[str] = field(default_factory=list)

    def see(self, event: str, arguments: tuple[object, ...]) -> None:
        """An audit hook. Raises Blocked for what leads beyond loopback."""
        if not self.on:
            return
        if event in SENDS:
            line, address = arguments[:2]
            if isinstance(line, socket.socket) and line.family in {socket.AF_INET, socket.AF_INET6} and address is not None:
                self._refuse(event, address[0] if isinstance(address, tuple) else address)
        elif event in LOOKUPS:
            host = arguments[0][0] if isinstance(arguments[0], tuple) else arguments[0]
            if event not in FORWARD or numeric(host) is None:
                self._refuse(event, host)

    def _refuse(self, event: str, host: object) -> None:
        if not here(host):
            self.tried.append(f"{event} of {host!r}")
            raise Blocked(f"The evals stay on this machine: {event} of {host!r}.")


WATCH: Final = Watch()
"""The one of this process."""


@contextmanager
def watched() -> Iterator[list[str]]:
    """What is tried beyond this machine while the context lasts, by any thread; the list grows as it is tried."""
    if not WATCH.hooked:
        sys.addaudithook(WATCH.see)
        WATCH.hooked = True
    WATCH.tried, WATCH.on = [], True
    try:
        yield WATCH.tried
    finally:
        WATCH.on = False


def here(host: object) -> bool:
    """Whether an address or a name is this machine's own, without asking anybody."""
    if host in {None, "", "localhost", b"", b"localhost"}:
        return True
    address = numeric(host)
    own = getattr(address, "ipv4_mapped", None) or address
    return own is not None and bool(own.is_loopback or own.is_unspecified)


def numeric(host: object) -> IPv4Address | IPv6Address | None:
    """The address that a host is in figures; None for a name."""
    try:
        return ip_address((host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)).partition("%")[0])
    except ValueError:
        return None
