"""What every maker of questions is given beside a group: the whole matrix, the notes, and how they write their words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tutor.facts import Fact, Matrix
from tutor.questions.wording import lowered
from tutor.types import Note

_MARKS: Final = re.compile(r"^[\s>]*(?:[-*+•]|\d{1,2}[.)])\s+|\*\*|__|`")
_LABEL: Final = re.compile(r"^\s*[^.:;]{2,40}:\s+(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Setting:
    """The matrix, the notes by path, the words that they also write in lower case, and every misconception that they set
    right, with what is true instead."""

    matrix: Matrix
    notes: Mapping[str, Note]
    common: frozenset[str]
    misconceptions: tuple[Fact, ...]

    def told(self, fact: Fact) -> str:
        """A fact as an explanation says it: its own sentence, or a cell with its row and column."""
        if fact.kind == "cell":
            value = fact.value.rstrip(".")
            return f"{fact.thing} – {fact.attribute}: {value}{'' if value.endswith(('?', '!')) else '.'}"
        return quoted(fact, self.notes[fact.note])

    def named(self, fact: Fact) -> str:
        """The fact's thing as a sentence goes on with it, with the article that the notes give it."""
        before = self.notes[fact.note].text[max(0, fact.thing_at[0] - 4) : fact.thing_at[0]]
        article = re.search(r"(?:^|\W)(An?|The) $", before)
        name = lowered(fact.thing, self.common)
        return f"{article.group(1).lower()} {name}" if article else name


def quoted(fact: Fact, note: Note) -> str:
    """The unit of a fact as a sentence: without its list mark, its emphasis and a label that only announces it."""
    text = _MARKS.sub("", note.text[slice(*fact.unit)])
    label = _LABEL.match(text)
    return " ".join((text[label.end() :] if label else text).split())
