"""A model's text in, piece by piece, its sentences out as soon as each is whole, with the ids that it cites.

Models write ids before and behind the full stop, before the sentence, in round and in square brackets, several in one;
all of it is read. Marks of Markdown, greetings, and lines that only lead over are left off.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from tutor.text import fold, sentences
from tutor.types import Role, Span

LONGEST: Final = 1_200
"""Characters of a sentence; a longer one is none."""
WIDEST: Final = 60
"""Characters of a citation."""
DEEPEST: Final = 2
"""Brackets within one another in a citation."""

_OPEN: Final = re.compile(r"[\[(【]")
_INNER: Final = re.compile(r"\d{1,2}(?:\.\d{1,3})?|\b(?:ids?|sources?|notes?|see|refs?|and|to|s)\b|[\s,;:/&#^.\[\]()【】–-]", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(\d{1,2})\.(\d{1,3})(?:\s*(?:-|–|to)\s*(\d{1,2})\.(\d{1,3}))?")
_RANGE: Final = re.compile(r"(?:\b(?:range|interval|between|list|vectors?|values?|in|of|from|to)|=)\s*$", re.IGNORECASE)
_MARK: Final = "\ue000"
"""Stands for a citation while sentences are told apart; the ones that follow it in Unicode stand for the others."""
_MARKED: Final = re.compile("[\ue000-\uf8ff]")
_BEHIND: Final = re.compile("([.!?][\"'”’)*_`]*)\\s*([\ue000-\uf8ff]+)")
_NEXT: Final = re.compile("([\ue000-\uf8ff][.!?][\"'”’)*_`]*)\\s+(?=[a-z])")
_STOPS: Final = re.compile(r"([。！？؟।])(?!\s)")
_STOPPED: Final = re.compile(r"[.!?。！？؟।].", re.DOTALL)

_BULLET: Final = re.compile(r"^\s*(?:(?:\(?(?P<step>\d{1,2})[.)]|[-*•●◦+–—])\s+(?:\[[ xX]?]\s+)?(?=\S)|>+\s*|#{1,6}\s+)")
_HEADING: Final = re.compile(r"^\s*#{1,6}\s|^\s*\**[^.!?]{1,80}:\**\s*$")
_STRESS: Final = re.compile(r"(?<!\w)\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?!\w)|(?<![\w_])_(?=[^\W_])|(?<=[^\W_])_(?![\w_])")
_HEDGE: Final = re.compile(
    r"^(?:according to|based on|as (?:stated|described|explained) in|in|from|per) (?:the|your|these) (?:notes?|provided notes?|material|text|passages?|sources?),?\s+(?:(?:we (?:can )?(?:see|learn)|it (?:says|states)) that\s+)?|^(?:the|your) notes (?:say|state|explain|mention)s? that\s+|^(?:sure|certainly|of course|okay|ok|absolutely|great question|good question|in summary|to summari[sz]e|in conclusion|in short|overall)\s*(?:[,:!.]|\s[–-]\s)\s*|^here(?:'s| is| are)\b[^:.]{0,60}:\s+(?=\S)",
    re.IGNORECASE,
)
_TALK: Final = re.compile(
    r"^(?:i hope|hope this|let me know|feel free|happy to help|would you like|do you (?:want|have any)|sure|certainly|of course|okay|ok|absolutely|(?:great|good) question)[\s!.,]*$|^(?:i hope|hope this|let me know|feel free|happy to help|would you like|do you (?:want|have any))\b|^here(?:'s| is| are)\b[^.]{0,60}\b(?:explanation|answer|summary|overview|breakdown|steps|list|points)\b[^.]{0,40}[:.]?$",
    re.IGNORECASE,
)
_WHOLE: Final = re.compile("(?:(?<![.\\s(])[A-Za-z]{3,}[\"'”’*]*[.!?]|\\d\\s*[\\])】]|[。！？؟।])[\"'”’)*\\s]*$")


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence as the model wrote it, without marks, and the ids it cites: "2.1", or "2" for a whole section."""

    text: str
    ids: tuple[str, ...] = ()
    role: Role = "point"


class Reader:
    """Reads a model's text as it comes. What is not yet a whole sentence waits.

    `offered` are the ids that the model was shown; what looks like a citation and names none of them, as [0, 1] does, may
    be a part of the sentence.
    """

    def __init__(self, offered: Collection[str] = ()) -> None:
        self._offered = frozenset((*offered, *(i.partition(".")[0] for i in offered)))
        self._waiting = ""
        self._role: Role = "point"
        self._begun = False

    def feed(self, piece: str) -> Iterator[Drafted]:
        """The sentences that this piece completes."""
        *lines, self._waiting = (self._waiting + _MARKED.sub("", piece)).split("\n")
        for line in lines:
            yield from self._read(line)
            self._role, self._begun = "point", False
        if len(self._waiting) > LONGEST:
            self._waiting = self._waiting[: LONGEST + 1]  # no sentence any more, until its line ends
        elif _STOPPED.search(self._waiting):
            spans, ends = _told_apart(self._waiting, self._offered)
            if len(spans) > 1 and spans[-1][0] not in "[(【":
                done, self._waiting = self._waiting[: ends[-2]], self._waiting[ends[-2] :]
                yield from self._read(done)

    def end(self, whole: bool = True) -> Iterator[Drafted]:
        """What was waiting; nothing where the text was broken off and its last sentence is not `whole`."""
        if whole or _WHOLE.search(self._waiting):
            yield from self._read(self._waiting)
        self._waiting = ""

    def _read(self, text: str) -> Iterator[Drafted]:
        """The sentences of a line, or of the next stretch of it: its mark stands once, for all of them."""
        if len(text) > LONGEST:
            return
        if not self._begun and text.strip():
            self._begun = True
            mark = _BULLET.match(text)
            self._role = "step" if mark and mark["step"] else "point"
            cited = bool(_citations(text, self._offered))
            if not cited and (_HEADING.match(text) or text.lstrip().startswith("|")):
                return
            text = _row(text) if text.lstrip().startswith("|") else text[mark.end() :] if mark else text
        for sentence, ids in _sentences(text, self._offered):
            bare = _bare(sentence)
            if bare and not (not ids and _TALK.match(bare)):
                yield Drafted(bare, ids, self._role)


def _row(text: str) -> str:
    """A row of a table as words: its first cell, then the others."""
    first, *others = [cell.strip() for cell in text.split("|") if cell.strip()] or [""]
    return f"{first}: {'; '.join(others)}" if others else first


def _sentences(text: str, offered: Collection[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The sentences of a text without its citations, each with the ids that it cites."""
    cites = _citations(text, offered)
    prepared, _ = _prepared(text, cites)
    for start, end in _spans(prepared):
        said = prepared[start:end]
        ids = (i for m in _MARKED.finditer(said) for i in _ids(text[slice(*cites[ord(m.group()) - ord(_MARK)])]))
        yield _MARKED.sub("", said), tuple(dict.fromkeys(ids))


def _told_apart(text: str, offered: Collection[str]) -> tuple[list[str], list[int]]:
    """The sentences of a text, and where in it each ends, the ids behind it included."""
    cites = _citations(text, offered)
    prepared, places = _prepared(text, cites)
    spans = list(_spans(prepared))
    return [prepared[a:b] for a, b in spans], [max(places[a:b]) for a, b in spans]


def _spans(prepared: str) -> Iterator[Span]:
    at = 0
    for line in prepared.split("\n"):
        yield from sentences(prepared, at, at + len(line))
        at += len(line) + 1


def _prepared(text: str, cites: list[Span]) -> tuple[str, list[int]]:
    """The text with a mark for each citation, in front of the full stop that it stands behind, or within the first word of
    the sentence that it leads; and for each character where what it stands for ends in the text."""
    leads = bool(cites) and not text[: cites[0][0]].strip()
    made: list[str] = []
    places: list[int] = []
    at, held = 0, ""
    for number, (start, end) in enumerate([*cites, (len(text), len(text))]):
        stretch = text[at:start] if leads else text[at:start].rstrip() if number < len(cites) else text[at:start]
        for offset, char in enumerate(stretch):
            made.append(char)
            places.append(at + offset + 1)
            if held and char.isalnum():
                made.append(held)
                places.append(at + offset + 1)
                held = ""
        if number < len(cites):
            mark = chr(ord(_MARK) + number)
            if leads:
                held = mark
            else:
                made.append(mark)
                places.append(end)
        at = end
    return _moved("".join(made), places)


def _moved(prepared: str, places: list[int]) -> tuple[str, list[int]]:
    """Marks behind a full stop before it; and a line's end behind a cited sentence, whatever follows, and behind the full
    stops of other scripts."""
    for pattern, order in ((_BEHIND, (2, 1)), (_NEXT, (1,)), (_STOPS, (1,))):
        parts: list[str] = []
        at, kept = 0, []
        for m in pattern.finditer(prepared):
            parts += [prepared[at : m.start()], *(m.group(g) for g in order), *([] if len(order) > 1 else ["\n"])]
            kept += [*places[at : m.start()], *(places[m.end() - 1] if len(order) > 1 else p for g in order for p in places[m.start(g) : m.end(g)])]
            kept += [] if len(order) > 1 else [places[m.end() - 1]]
            at = m.end()
        prepared, places = "".join([*parts, prepared[at:]]), [*kept, *places[at:]]
    return prepared, places


def _citations(text: str, offered: Collection[str]) -> list[Span]:
    """Where a text cites: brackets that hold ids and little else."""
    found: list[Span] = []
    at = 0
    while (opening := _OPEN.search(text, at)) is not None:
        at = opening.end()
        end = _closed(text, opening.start())
        if end and _cites(text[: opening.start()], text[opening.start() : end], text[end : end + 2], offered):
            found.append((opening.start(), end))
            at = end
    return found


def _closed(text: str, start: int) -> int:
    """Where a bracket that holds nothing but numbers and joining words is closed, those right behind it included; 0 where
    it holds something else."""
    at, depth = start, 0
    while at < min(len(text), start + WIDEST):
        if text[at] in "[(【":
            depth += 1
            if depth > DEEPEST:
                return 0
        elif text[at] in "])】":
            depth -= 1
            if depth == 0:
                return at + 1
        inner = _INNER.match(text, at)
        at = inner.end() if inner else start + WIDEST
        if inner is None and text[at - 1 : at] != "【":
            return 0
    return 0


def _cites(before: str, group: str, after: str, offered: Collection[str]) -> bool:
    """Whether a bracket is a citation: ids with a point in square ones always, whatever they name, and a single number where
    a sentence ends; else only what was offered."""
    dotted = _NUMBER.findall(group)
    if dotted:
        return group[0] in "[【" or "[" in group or not offered or all(f"{a}.{b}" in offered for a, b, *_ in dotted)
    numbers = re.findall(r"\d+", group)
    ends = not re.match(r"\s*\w", after)
    alone = len(numbers) == 1
    several = not offered or (all(n in offered for n in numbers) and not _RANGE.search(before[-20:]))
    return bool(numbers) and group[0] in "[【" and ends and (alone or several)


def _ids(cite: str) -> Iterator[str]:
    if not _NUMBER.search(cite):
        yield from re.findall(r"\d+", cite)
    for section, place, other, last in _NUMBER.findall(cite):
        if other == section:
            yield from (f"{section}.{n}" for n in range(int(place), min(int(last), int(place) + 12) + 1))
        else:
            yield from (f"{section}.{place}", *([f"{other}.{last}"] if other else []))


def _bare(sentence: str) -> str:
    """A sentence without marks of Markdown, hedges and what only opens it; "" where nothing is left that says something."""
    text = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(_STRESS.sub("", sentence).split())).strip()
    while (hedged := _HEDGE.sub("", text)) != text:
        text = hedged[:1].upper() + hedged[1:]
    few = len(fold(text).split()) < 2 and text.isascii()
    return "" if few or len(text) > LONGEST or text.rstrip(". ").endswith(":") else text
