"""The chunks of one stream in; its visible text, piece by piece, and how it ended, out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tutor.chat import Stop
from tutor.clients.calls import Chunk
from tutor.clients.faults import Fault
from tutor.clients.thinking import Veil

STOPS: Final[Mapping[str, Stop]] = {"max_tokens": "tokens", "length": "tokens", "model_context_window_exceeded": "tokens"}
"""Providers' words for a limit; every other one means that the model was done."""
DECLINED: Final = frozenset({"guardrail_intervened", "content_filtered", "content_filter", "refusal"})
TOOLS: Final = frozenset({"tool_use", "tool_calls", "function_call"})
"""No tool is ever offered: a model that calls one has lost its thread."""


class Speech:
    """What one stream has said so far."""

    def __init__(self) -> None:
        self.begun = False
        """Whether anything came that could be a word, hidden or not."""
        self.given = False
        """Whether a visible piece was given, even if it was taken back since."""
        self.first = self.rest = 0.0
        """Seconds until anything came, and from there until it was heard last; 0 while nothing did."""
        self.length = 0
        self.bytes = 0
        self.tokens: tuple[int, int] | None = None
        self._text: list[str] = []
        self._stop = ""
        self._refused = self._tool = False
        self._veil = Veil()

    @property
    def text(self) -> str:
        """The whole visible text."""
        return "".join(self._text)

    @property
    def stop(self) -> Stop:
        """Why it ended."""
        return STOPS.get(self._stop, "end")

    def hear(self, chunk: Chunk) -> list[str | None]:
        """Take a chunk in; its visible pieces, None where what was said is taken back."""
        self._stop = chunk.stop.lower() or self._stop
        self.tokens = chunk.tokens or self.tokens  # the last word counts: some servers repeat it, growing, with each chunk
        self._refused, self._tool = self._refused or chunk.refused, self._tool or chunk.tool
        if not chunk.text:
            return []
        self.begun, self.length, self.bytes = True, self.length + len(chunk.text), self.bytes + len(chunk.text.encode())
        return self._show(self._veil.read(chunk.text))

    def close(self) -> list[str | None]:
        """What was held back until the end."""
        return self._show(self._veil.close())

    def fault(self, model: str) -> Fault | None:
        """Why a stream that has ended is no reply; None where it is one."""
        if self._refused or self._stop in DECLINED:
            return Fault("declined")
        if not self._stop:
            return Fault("cut")
        if self._tool or self._stop in TOOLS or self._stop.startswith("malformed"):
            return Fault("garbled")
        if self.text.strip():
            return None
        if self._stop == "model_context_window_exceeded":
            return Fault("overlong")
        if self.stop == "tokens":
            return Fault("garbled", detail=f"{model} thought until its limit of tokens and gave no answer: choose a model that thinks less.")
        return Fault("garbled")

    def late(self, model: str, seconds: float, over: bool = False) -> Fault:
        """A stream that missed a deadline of so many seconds: for its next word, or, where it is `over`, for its end."""
        if over:
            return Fault("late", detail=f"{model} was not done within {seconds:.0f} s: ask for a shorter answer, or choose a smaller model.")
        if self.begun:
            return Fault("late", detail=f"{model} fell silent for {seconds:.0f} s: try again.")
        return Fault("late", detail=f"{model} gave no first word within {seconds:.0f} s: try again, or choose a smaller model.")

    def _show(self, pieces: list[str | None]) -> list[str | None]:
        for piece in pieces:
            self.given = True
            if piece is None:
                self._text.clear()
            else:
                self._text.append(piece)
        return pieces
