"""Texts before and now in, the words in which they differ out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import Match, SequenceMatcher
from typing import Final

Piece = tuple[str, bool]
"""A stretch of a text, and whether it differs."""
MOST: Final = 3_000
"""Words on either side that are compared; of longer texts nothing is marked, for the time grows with the product of both."""
FEW: Final = 3
"""Words that agree by chance."""
_TOKEN: Final = re.compile(r"\s+|\S+")


def differences(old: Sequence[str], new: Sequence[str]) -> tuple[list[list[Piece]], list[list[Piece]]]:
    """Each text of both sides as pieces which, joined, are the text; words keep their order across the texts of a side.

    A word is what stands between spaces, with its punctuation: one that ends a sentence now differs from what it was within it.
    Space between two words that differ differs with them.
    """
    before, after = [_TOKEN.findall(t) for t in old], [_TOKEN.findall(t) for t in new]
    left, right = _words(before), _words(after)
    if max(len(left), len(right)) > MOST:
        return [_whole(t) for t in old], [_whole(t) for t in new]
    blocks = _telling(SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks())
    kept_left = {b.a + i for b in blocks for i in range(b.size)}
    kept_right = {b.b + i for b in blocks for i in range(b.size)}
    return _marked(before, kept_left), _marked(after, kept_right)


def _telling(blocks: Sequence[Match]) -> list[Match]:
    """Matching blocks without those of few words amid more words that differ: that both sides have a "the" there tells nothing.

    The last block is the empty one at both ends.
    """
    kept = []
    for last, block, after in zip([Match(0, 0, 0), *blocks], blocks, blocks[1:], strict=False):
        before = max(block.a - last.a - last.size, block.b - last.b - last.size)
        behind = max(after.a - block.a - block.size, after.b - block.b - block.size)
        if block.size > FEW or block.size > min(before, behind):
            kept.append(block)
    return kept


def _words(texts: Sequence[Sequence[str]]) -> list[str]:
    return [token for tokens in texts for token in tokens if not token.isspace()]


def _whole(text: str) -> list[Piece]:
    return [(text, False)] if text else []


def _marked(texts: Sequence[Sequence[str]], kept: set[int]) -> list[list[Piece]]:
    found, at = [], 0
    for tokens in texts:
        flags: list[bool | None] = []
        for token in tokens:
            flags.append(None if token.isspace() else at not in kept)
            at += not token.isspace()
        found.append(_joined(tokens, flags))
    return found


def _joined(tokens: Sequence[str], flags: Sequence[bool | None]) -> list[Piece]:
    """Neighbours of one kind as one piece; space differs where the words on both sides of it do."""
    pieces: list[Piece] = []
    for at, (token, flag) in enumerate(zip(tokens, flags, strict=True)):
        around = [f for f in (*flags[max(at - 1, 0) : at], *flags[at + 1 : at + 2]) if f is not None]
        differs = flag if flag is not None else len(around) == 2 and all(around)
        if pieces and pieces[-1][1] == differs:
            pieces[-1] = (pieces[-1][0] + token, differs)
        else:
            pieces.append((token, differs))
    return pieces
