"""A model's text in, piece by piece, its sentences out as soon as each is whole, with the ids that it cites.

Models write ids before and behind the full stop, before the sentence, in round and in square brackets, several in one;
all of it is read. Marks of Markdown, greetings, and lines that only lead over are left off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tutor.text import fold, sentences
from tutor.types import Role

LONGEST: Final = 1_200
"""Characters of a sentence; a longer one is cut off and is none."""

_ID: Final = r"(?:(?:id|source|note|s)?\s*[#^]?\s*\d{1,2}(?:\.\d{1,3})?)"
_CITE: Final = re.compile(
    rf"\s*(?:\[\s*\^?{_ID}(?:\s*(?:,|;|&|and|-|–)\s*{_ID})*\s*\]|【[^】\n]{{1,40}}】|\(\s*(?:see\s+)?\[?\d{{1,2}}\.\d{{1,3}}(?:\s*(?:,|;|and)\s*\d{{1,2}}\.\d{{1,3}})*\]?\s*\))",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"(\d{1,2})(?:\.(\d{1,3}))?(?:\s*[-–]\s*(\d{1,2})\.(\d{1,3}))?")
_BULLET: Final = re.compile(r"^\s*(?:(?P<step>\d{1,2})[.)]|[-*•+–])\s+(?=\S)|^\s*(?:>+|#{1,6})\s*")
_HEADING: Final = re.compile(r"^\s*#{1,6}\s|^\s*\**[^.!?]{1,80}:\**\s*$")
_MARKS: Final = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")
_HEDGE: Final = re.compile(
    r"^(?:according to|based on|as (?:stated|described|explained) in|in|from|per) (?:the|your|these) (?:notes?|provided notes?|material|text|passages?|sources?),?\s+(?:(?:we (?:can )?(?:see|learn)|it (?:says|states)) that\s+)?|^(?:the|your) notes (?:say|state|explain|mention)s? that\s+",
    re.IGNORECASE,
)
_TALK: Final = re.compile(
    r"^(?:sure|certainly|of course|okay|ok|great question|good question|absolutely|i hope|hope this|let me know|feel free|happy to help|here(?:'s| is| are)|in summary|to summari[sz]e|in conclusion|let's|does (?:this|that)|would you like|do you (?:want|have))\b[^.!?]*[.!?:]?$",
    re.IGNORECASE,
)
_WHOLE: Final = re.compile(r"[.!?][\"'”’)*_`]*(?=\s)")


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence as the model wrote it, without marks, and the ids it cites: "2.1", or "2" for a whole section."""

    text: str
    ids: tuple[str, ...] = ()
    role: Role = "point"


class Reader:
    """Reads a model's text as it comes. What is not yet a whole sentence waits."""

    def __init__(self) -> None:
        self._waiting = ""
        self._line = _Line()

    def feed(self, piece: str) -> Iterator[Drafted]:
        """The sentences that this piece completes."""
        self._waiting += piece
        while True:
            line, newline, rest = self._waiting.partition("\n")
            if newline:
                yield from self._line.read(line)
                self._line, self._waiting = _Line(), rest
                continue
            cut = _cut(line)
            if not cut:
                return
            yield from self._line.read(line[:cut])
            self._waiting = line[cut:]

    def end(self, whole: bool = True) -> Iterator[Drafted]:
        """What was waiting; nothing where the text was broken off and its last sentence is not `whole`."""
        if whole or re.search(r"[.!?\])】][\"'”’)*]*\s*$", self._waiting):
            yield from self._line.read(self._waiting)
        self._waiting = ""


class _Line:
    """One line of the reply: its mark stands once, for all its sentences."""

    def __init__(self) -> None:
        self._role: Role = "point"
        self._begun = False

    def read(self, text: str) -> Iterator[Drafted]:
        """The sentences of a stretch of this line."""
        if not self._begun and text.strip():
            self._begun = True
            mark = _BULLET.match(text)
            if mark and mark["step"]:
                self._role = "step"
            if _HEADING.match(text) and not _CITE.search(text):
                return
            text = text[mark.end() :] if mark else text
        for sentence in _split(text):
            made = _drafted(sentence, self._role)
            if made is not None:
                yield made


def _cut(line: str) -> int:
    """Where the last sentence ends that is surely whole: behind its full stop, and the ids behind that, another one has
    begun. 0 where none is."""
    if len(line) > LONGEST:
        return len(line)
    leading = _CITE.match(line) is not None
    for stop in reversed(list(_WHOLE.finditer(line))):
        end = stop.end()
        while not leading and (cite := _CITE.match(line, end)) is not None:
            end = cite.end()
        rest = _CITE.sub("", line[end:]).lstrip() if leading else line[end:].lstrip()
        if rest and rest[0] not in "[(【" and len(list(sentences(_tidy(line[:end]) + " " + rest))) > len(list(sentences(_tidy(line[:end])))):
            return end
    return 0


def _tidy(text: str) -> str:
    """Ids moved before the full stop that they stand behind, or, where they lead, behind their sentence."""
    if _CITE.match(text) and not _CITE.search(text.rstrip()[-14:]):
        pieces = re.split(rf"(?={_CITE.pattern})", text.strip(), flags=re.IGNORECASE)
        text = " ".join(_led(p) for p in pieces if p.strip())
    return re.sub(rf"([.!?][\"'”’)*_`]*)((?:{_CITE.pattern})+)", r" \2\1", text, flags=re.IGNORECASE)


def _led(piece: str) -> str:
    cite = _CITE.match(piece)
    return piece if cite is None else f"{piece[cite.end() :].strip()} {cite.group().strip()}"


def _split(text: str) -> list[str]:
    tidy = _tidy(text)
    return [tidy[a:b] for a, b in sentences(tidy)]


def _drafted(sentence: str, role: Role) -> Drafted | None:
    cites = [cite for cite in _CITE.finditer(sentence) if "." in cite.group() or not re.match(r"\s*\w", sentence[cite.end() :])]
    ids = tuple(dict.fromkeys(n for cite in cites for n in _ids(cite.group())))
    for cite in reversed(cites):
        sentence = sentence[: cite.start()] + sentence[cite.end() :]
    bare = _MARKS.sub("", sentence)
    bare = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(bare.split())).strip()
    hedged = _HEDGE.sub("", bare)
    if hedged != bare and hedged:
        bare = hedged[0].upper() + hedged[1:]
    if len(fold(bare).split()) < 2 or len(bare) > LONGEST or (not ids and _TALK.match(bare)):
        return None
    return Drafted(bare, ids, role)


def _ids(cite: str) -> Iterator[str]:
    for m in _NUMBER.finditer(cite):
        section, place, other, last = m.groups()
        if place and other and other == section:
            yield from (f"{section}.{n}" for n in range(int(place), min(int(last), int(place) + 12) + 1))
        elif place and other:
            yield from (f"{section}.{place}", f"{other}.{last}")
        else:
            yield f"{section}.{place}" if place else section
