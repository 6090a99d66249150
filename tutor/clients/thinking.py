"""A model's raw text in, piece by piece; what may be shown out. Thinking written inline never is, however its marks are split."""

from __future__ import annotations

import re
from typing import Final

NAMES: Final = "think|thinking|thought|thoughts|reasoning|reflection"
MARK: Final = re.compile(
    rf"<\s{{0,4}}(?P<close>/?)\s{{0,4}}(?:{NAMES})\s{{0,4}}>"  # DeepSeek, Qwen, Nova and most others
    r"|\[(?P<slash>/?)THINK\]"  # Magistral
    r"|◁(?P<bar>/?)think▷"  # Kimi
    r"|<\|(?P<token>channel|message|start|end|return|call|START_THINKING|END_THINKING)\|>",  # gpt-oss (harmony), Command A
    re.IGNORECASE,
)
PARTIAL: Final = re.compile(r"(?:<[\s/]{0,9}[a-z]{0,10}\s{0,4}|<\|[a-z_]{0,14}\|?|\[/?[a-z]{0,5}|◁/?[a-z]{0,5})\Z", re.IGNORECASE)
LONGEST: Final = 32
"""Characters of the longest mark, generously: no more than this is held back."""


class Veil:
    """What has been read of one reply, and whether it is hidden at the moment."""

    def __init__(self) -> None:
        self._held = ""  # the start of a mark, perhaps
        self._hidden = False
        self._header: str | None = None  # harmony: the name of a channel, while it is being read
        self._said = False
        self.thought = False
        """Whether anything was hidden."""

    def read(self, text: str) -> list[str | None]:
        """The visible pieces of one more piece of raw text. None takes back everything said before: a closing mark
        without an opening one tells that it was thinking (some servers put the opening mark into the prompt)."""
        text, self._held = self._held + text, ""
        pieces: list[str | None] = []
        at = 0
        for mark in MARK.finditer(text):
            self._take(text[at : mark.start()], pieces)
            self._turn(mark, pieces)
            at = mark.end()
        rest = text[at:]
        if partial := PARTIAL.search(rest, max(0, len(rest) - LONGEST)):
            rest, self._held = rest[: partial.start()], partial.group()
        self._take(rest, pieces)
        return pieces

    def close(self) -> list[str | None]:
        """What was held back as the possible start of a mark, now that the reply has ended."""
        pieces: list[str | None] = []
        self._take(self._held, pieces)
        self._held = ""
        return pieces

    def _take(self, text: str, pieces: list[str | None]) -> None:
        if self._header is not None:
            self._header += text
        elif self._hidden:
            self.thought = self.thought or bool(text.strip())
        else:
            text = text if self._said else text.lstrip()  # the blank lines after thinking
            if text:
                self._said = True
                pieces.append(text)

    def _turn(self, mark: re.Match[str], pieces: list[str | None]) -> None:
        named = (mark["token"] or "").lower()
        if named in {"channel", "start"}:
            self._header, self._hidden = "", True
        elif named == "message":
            channel, self._header = (self._header or "").strip().lower(), None
            self._hidden = bool(channel) and not channel.startswith(("final", "assistant"))
        elif named in {"end", "return", "call"}:
            self._header, self._hidden = None, False
        elif mark["close"] or mark["slash"] or mark["bar"] or named == "end_thinking":
            if not self._hidden:
                self.thought = True
                if self._said:
                    pieces.append(None)
                self._said = False
            self._hidden = False
        else:
            self._hidden = True
