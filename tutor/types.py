"""The vocabulary: frozen nouns that every other module speaks in. Imports nothing of ours."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["answered", "closest", "absent"]
Role = Literal["lead", "point", "step", "row", "number"]
Verdict = Literal["exact", "supported", "computed", "unsure"]
Depth = Literal["line", "explain", "deep", "analogy", "socratic"]
"""How an answer is wanted: in one line, explained, in depth, with an analogy, or asked back in steps."""
Standing = Literal["supported", "refuted", "silent"]
"""How the notes see an option of a pasted question: they speak for it, against it, or neither as far as can be told."""
UnitKind = Literal["sentence", "item", "step", "row", "code"]
Span = tuple[int, int]
"""Start and end, in characters of a note's text; the end is exclusive."""


@dataclass(frozen=True, slots=True)
class Note:
    """A learner's file as text. Every offset elsewhere is a character offset into `text`.

    `path` is relative to its source (POSIX form) and is what citations name; `pages` holds the start offset of
    each page of a PDF and is empty otherwise; `modified` is seconds since the epoch; `course` is the id of the
    course the note belongs to, or "".
    """

    path: str
    title: str
    text: str
    pages: tuple[int, ...] = ()
    modified: float = 0.0
    course: str = ""

    def page(self, offset: int) -> int | None:
        """The 1-based page that holds a character offset; None where the note has no pages."""
        if not self.pages:
            return None
        return max(1, sum(start <= offset for start in self.pages))


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest quotable piece of a passage: a sentence, a list item, a step, a table row or a code block.

    Offsets are into the note's text. `label` spans the words that give a fragment its subject (list lead-in or
    table header), `cells` the cells of a row; `tokens` counts the embedding model's tokens of its words.
    """

    start: int
    end: int
    kind: UnitKind
    label: Span | None = None
    cells: tuple[Span, ...] = ()
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one note under one heading path: what is embedded, found and packed into a context.

    `tokens` counts the embedding model's tokens of `text`; `headings_at` is where the words of `heading` stand.
    """

    note: str
    heading: tuple[str, ...]
    start: int
    end: int
    page: int | None
    text: str
    units: tuple[Unit, ...] = ()
    headings_at: tuple[Span, ...] = ()
    tokens: int = 0

    @property
    def section(self) -> tuple[str, tuple[str, ...]]:
        """The note and the heading path that it shares with the other passages of its section."""
        return self.note, self.heading

    @property
    def id(self) -> str:
        """Identity by content: path, heading and text, but no offsets."""
        return digest(self.note, *self.heading, self.text)

    @property
    def key(self) -> str:
        """What a vector belongs to: heading and text, so that a moved note embeds nothing."""
        return digest(*self.heading, self.text)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question. `also` names the other notes that say the same words."""

    passage: Passage
    score: float
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement's words stand: always `note.text[start:end] == quote`."""

    number: int
    note: str
    heading: tuple[str, ...]
    page: int | None
    start: int
    end: int
    quote: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, item, step or row of an answer, and the numbers of the citations it rests on.

    *exact* means that `text` is contiguous in a cited quote. `label` is the verbatim heading, table header or
    lead-in that gives a fragment its subject; it is cited too. `cells` and `columns` are the verbatim cells of a
    row and of its header, where they could be told apart. *computed* is a result that code has computed with the formula
    that it cites.
    """

    text: str
    citations: tuple[int, ...]
    role: Role = "point"
    label: str = ""
    verdict: Verdict = "exact"
    cells: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """One option of a question that a learner pasted in, held against the notes.

    `id` is its label as pasted, a capital or a digit. `statement` is what the notes say for it or against it, or, where they
    are silent on the question, nearest to it; None where they say nothing of it.
    """

    id: str
    text: str
    standing: Standing
    statement: Statement | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A place in the notes: a note and the path of headings within it."""

    note: str
    path: tuple[str, ...]
    start: int = 0


@dataclass(frozen=True, slots=True)
class Usage:
    """What a language model was given and gave, in its own tokens; `cost` is an estimate in US dollars by list price,
    None where no price is known. `counted` is false where the provider reported nothing and the tokens are estimates."""

    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    counted: bool = True

    def __add__(self, other: Usage) -> Usage:
        """Both in all, under the other's model; the cost is known, and the tokens are counted, where those of both are."""
        cost = None if self.cost is None or other.cost is None else self.cost + other.cost
        return Usage(other.model, self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens, cost, self.counted and other.counted)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a learner is shown for a question.

    `missing` lists terms of the question that the notes never use (or not together with the topic); `nearest` the
    headings to look under. `statements` is empty when the outcome is absent, and while a Socratic `prompt` asks back.
    `understood` is the question as completed from the conversation, "" where it stood on its own. Of a model's draft,
    `left_out` counts the sentences that the notes do not support; `incomplete` says that it broke off or is still being
    written; `remark` is one sentence on how it came about, such as why a model's answer is missing. Of a pasted exam
    question, `options` are judged one by one, and `choice` are the ids of those that stand out; empty where none do.
    """

    question: str
    outcome: Outcome
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Heading, ...] = ()
    missing: tuple[str, ...] = ()
    mode: str = "notes-only"
    seconds: float = 0.0
    depth: Depth = "explain"
    understood: str = ""
    prompt: str = ""
    left_out: int = 0
    incomplete: bool = False
    remark: str = ""
    usage: Usage | None = None
    options: tuple[Judged, ...] = ()
    choice: tuple[str, ...] = ()

    @property
    def abstained(self) -> bool:
        """True unless the question was answered."""
        return self.outcome != "answered"


@dataclass(frozen=True, slots=True)
class Turn:
    """One step of a conversation."""

    question: str
    answer: Answer


def digest(*parts: str) -> str:
    """A sha256 over parts, in hexadecimal; parts cannot run into one another."""
    sha = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", errors="surrogatepass")
        sha.update(len(data).to_bytes(8, "little"))
        sha.update(data)
    return sha.hexdigest()
