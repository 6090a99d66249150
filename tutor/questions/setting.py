"""What every maker of questions is given beside a group: the whole matrix, the notes, and how they write their words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from tutor.facts import Fact, Matrix
from tutor.facts.names import same, spellings
from tutor.questions.wording import common_words, lowered, plural, topics
from tutor.text import fold
from tutor.types import Note

_MARKS: Final = re.compile(r"^[\s>]*(?:[-*+•]|\d{1,2}[.)])\s+|\*\*|__|`")
_LABEL: Final = re.compile(r"^\s*[^.:;]{2,40}:\s+(?=[A-Z])")


MANY: Final = 20
"""Notes from which what they repeat tells what matters."""
MENTIONED: Final = 3
"""How often many notes name a term that is worth knowing: a definition alone does so once or twice."""


_CUT_OFF: Final = re.compile(r",? (?:while|whereas|but)\b|:")
_GOES_ON: Final = re.compile(r", and (?:[\w-]+ ){1,4}(?:[a-z]{3,}s|is|are|can|may|must|has|have)\b")
ALIKE: Final = 0.6
"""The share of the shorter definition's terms that another one has, from which both might be of one thing."""
SEVERAL: Final = 3


class Setting:
    """The matrix and the notes by path; the words that they also write in lower case, and every misconception that they
    set right, with what is true instead; what they say of a thing under any of its spellings, and how often they name it."""

    def __init__(self, matrix: Matrix, notes: Mapping[str, Note], abbreviations: Mapping[str, str]) -> None:
        self.matrix, self.notes, self.abbreviations = matrix, notes, abbreviations
        self.common = common_words(notes.values())
        facts = [f for g in matrix.groups.values() for f in g.facts]
        self.misconceptions = tuple(f for f in facts if f.kind == "misconception")
        self._said: dict[str, list[Fact]] = {}
        for fact in facts:
            for form in spellings(fact.thing):
                self._said.setdefault(form, []).append(fact)
        self._defined = [(f.thing, topics(f.value)) for f in facts if f.kind == "definition"]
        self._words = [f" {fold(note.text)} " for note in notes.values()]
        self._named: dict[str, int] = {}

    def says(self, thing: str) -> list[Fact]:
        """What the notes say of a thing anywhere, in their order and under any spelling of its name."""
        return list(dict.fromkeys(f for form in spellings(thing) for f in self._said.get(form, ())))

    def alone(self, fact: Fact) -> bool:
        """Whether no other thing is defined so much alike that the definition might be of it."""
        own = topics(fact.value)
        return not any(len(own & terms) > ALIKE * min(len(own), len(terms)) and not same(thing, fact.thing) for thing, terms in self._defined)

    def otherwise(self, term: str) -> list[str]:
        """The abbreviation of a term, or what it abbreviates, as the notes define it."""
        said = fold(term)
        return [long for short, long in self.abbreviations.items() if short == said] + [
            short.upper() for short, long in self.abbreviations.items() if long == said
        ]

    def clean(self, fact: Fact) -> bool:
        """Whether a fact's words say in plain text what they say in the note, where marks set code apart, and one thing alone."""
        text = self.notes[fact.note].text
        if fact.kind == "definition" and (_CUT_OFF.match(text[fact.at[1] : fact.at[1] + 12]) or ", not " in fact.value):
            return False
        return "`" not in text[slice(*fact.at)] and not (fact.kind == "definition" and _GOES_ON.search(fact.value))

    def definite(self, thing: str) -> bool:
        """Whether a name means one thing: a word that ends the names of SEVERAL others, as "baseline" does, means none."""
        return " " in thing or sum(form.endswith(f" {end}") for end in spellings(thing) for form in self._said) < SEVERAL

    def known(self, term: str) -> bool:
        """Whether a term is worth knowing: of MANY notes some name it beside those that define it."""
        return len(self.notes) < MANY or self.mentions(term) >= MENTIONED

    def mentions(self, words: str) -> int:
        """How often the notes write some words."""
        said = f" {fold(words)} "
        if said not in self._named:
            self._named[said] = sum(text.count(said) for text in self._words)
        return self._named[said]

    def repeated(self, figure: str, fact: Fact) -> bool:
        """Whether another note has the figure of a fact beside its thing: what stands in one place only is a detail to look up."""
        near = re.compile(rf"{re.escape(fact.thing)}[^\n]{{0,200}}(?<![\w.]){re.escape(figure)}(?!\w)")
        return len(self.notes) < MANY or any(near.search(other.text) for other in self.notes.values() if other.path != fact.note)

    def told(self, fact: Fact) -> str:
        """A fact as an explanation says it: its own sentence, or a cell with its row and column."""
        if fact.kind == "cell":
            value = fact.value.rstrip(".")
            return f"{fact.thing} – {fact.attribute}: {value}{'' if value.endswith(('?', '!')) else '.'}"
        return quoted(fact, self.notes[fact.note])

    def named(self, fact: Fact) -> str:
        """The fact's thing as a sentence goes on with it, with the article that the notes give it."""
        before = self.notes[fact.note].text[max(0, fact.thing_at[0] - 5) : fact.thing_at[0]]
        article = re.search(r"(?:^|\W)(an?|the) $", before, re.IGNORECASE)
        name = lowered(fact.thing, self.common)
        return f"{article.group(1).lower()} {name}" if article and not (plural(name) and article.group(1).lower() != "the") else name


def quoted(fact: Fact, note: Note) -> str:
    """The unit of a fact as a sentence: without its list mark, its emphasis and a label that only announces it."""
    text = _MARKS.sub("", note.text[slice(*fact.unit)])
    label = _LABEL.match(text)
    return " ".join((text[label.end() :] if label else text).split())
