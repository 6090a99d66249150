"""When to try a model again, and when to leave it alone for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from tutor.clients.faults import Reason


@dataclass(frozen=True, slots=True)
class Retries:
    """The one retry layer: clients have theirs off. At most `tries` requests and `waiting` seconds between them in all.

    After `failures` answers in a row that never came, the model is left alone for `pause` seconds.
    """

    tries: int = 3
    base: float = 0.5
    waiting: float = 10.0
    failures: int = 5
    pause: float = 30.0

    def wait(self, attempt: int, waited: float, after: float | None, dice: Callable[[], float]) -> float:
        """Seconds to wait after the `attempt`-th try, counted from 0: full jitter (Brooker, "Exponential backoff and
        jitter", AWS Architecture Blog, 2015), or what the server asks for; never more than is left of `waiting`."""
        wished = dice() * self.base * 2**attempt if after is None else after
        return min(wished, self.waiting - waited)


class Breaker:
    """Remembers failures in a row; open, it lets nobody through until the pause is over, and then one at a time."""

    def __init__(self, retries: Retries, clock: Callable[[], float]) -> None:
        self._retries, self._clock = retries, clock
        self._lock = threading.Lock()
        self._failures, self._until = 0, 0.0
        self._last: Reason = "server"

    def enter(self) -> Reason | None:
        """None lets the caller through; else why the model is left alone."""
        with self._lock:
            if self._failures < self._retries.failures:
                return None
            if self._clock() < self._until:
                return self._last
            self._until = self._clock() + self._retries.pause  # this one tries; the others wait for what comes of it
            return None

    def succeed(self) -> None:
        """An answer came."""
        with self._lock:
            self._failures = 0

    def fail(self, reason: Reason) -> None:
        """None came, for a reason that may pass."""
        with self._lock:
            self._failures += 1
            self._last = "busy" if reason == "busy" else "server"
            self._until = self._clock() + self._retries.pause
