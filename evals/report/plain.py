"""Hostile text in, text that is safe to set anywhere out: without what cannot be seen, on one line, cut to a length."""

from __future__ import annotations

import re
from typing import Final

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""Control, bidirectional, zero-width and tag characters, lone surrogates, and what XML does not allow."""
_SPACE: Final = re.compile(r"\s+")
TEN: Final = 10
"""From here on a figure is a count rather than a share, and has one decimal."""


def plain(text: str) -> str:
    """A text without what cannot be seen or must not be sent: each such character is U+FFFD. Tabs and line feeds stay."""
    return _UNSEEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def flat(text: str, most: int | None = None) -> str:
    """A plain text on one line, cut to `most` characters with an ellipsis."""
    shown = _SPACE.sub(" ", plain(text)).strip()
    return shown if most is None else cut(shown, most)


def cut(text: str, most: int) -> str:
    """A text of at most `most` characters: a longer one ends in an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def ended(text: str) -> str:
    """A text as a sentence: with a full stop."""
    shown = flat(text).rstrip()
    return shown if shown.endswith((".", "!", "?")) else f"{shown}."


def many(count: int, noun: str) -> str:
    """A count with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def number(value: float | None) -> str:
    """A figure: three decimals, one from ten on; a dash where there is none."""
    return "-" if value is None else f"{value:.3f}" if abs(value) < TEN else f"{value:,.1f}"


def signed(value: float | None, of: float | None = None) -> str:
    """A difference with its sign, to the decimals of the figure that it is a difference `of`, but never to none but zeros; "same"
    where nothing moved, a dash where it cannot be told."""
    if value is None or value == 0:
        return "-" if value is None else "same"
    size, places = abs(value), 3 if abs(of or 0) < TEN and abs(value) < TEN else 1
    return f"{'+' if value > 0 else '-'}{size:,.{places if size >= 0.5 * 10**-places else 4}f}"
