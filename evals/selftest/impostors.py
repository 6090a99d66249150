"""A tutor in, tutors that answer badly on purpose out: what the suite of answers must not let pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from tutor.session import Tutor
from tutor.types import Answer, Citation, Depth, Note, Statement, Turn

Reply = Callable[[Tutor, str], Answer]
"""What is said to a question in place of the tutor's answer; nothing checks it."""


class Remembering(Tutor):
    """The tutor itself, which answers a question once and remembers the answer."""

    def __init__(self, true: Tutor) -> None:
        super().__init__(true.index, true.encoder, true.teacher)
        self._answers: dict[str, Answer] = {}

    def ask(self, text: str, history: Sequence[Turn] = (), depth: Depth = "explain") -> Answer:
        """See `Tutor.ask`."""
        if text not in self._answers:
            self._answers[text] = super().ask(text, history, depth)
        return self._answers[text]


class Impostor(Tutor):
    """A tutor over the same notes that says something else; it searches and packs as the true one does."""

    def __init__(self, true: Tutor, reply: Reply) -> None:
        super().__init__(true.index, true.encoder, true.teacher)
        self._true, self._reply = true, reply

    def ask(self, text: str, history: Sequence[Turn] = (), depth: Depth = "explain") -> Answer:  # noqa: ARG002
        """See `Tutor.ask`."""
        return self._reply(self._true, text)


def copied(tutor: Tutor, question: str) -> Answer:
    """The whole of the note that is nearest to the question, word for word and cited."""
    hits = tutor.search(question, k=1)
    return _quoting(question, tutor.note(hits[0].passage.note)) if hits else Answer(question, "absent")


def constant(tutor: Tutor, question: str) -> Answer:
    """The same true sentence to every question, word for word and cited."""
    passage, unit = next((p, u) for p in tutor.index.passages for u in p.units if u.kind == "sentence")
    return _quoting(question, tutor.note(passage.note), unit.start, unit.end)


def empty(_tutor: Tutor, question: str) -> Answer:
    """An answer without a word."""
    return Answer(question, "answered")


def silent(_tutor: Tutor, question: str) -> Answer:
    """That the notes do not answer, to every question."""
    return Answer(question, "absent")


def uncited(tutor: Tutor, question: str) -> Answer:
    """The true answer without its citations."""
    answer = tutor.ask(question)
    return replace(answer, citations=(), statements=tuple(replace(s, citations=()) for s in answer.statements))


def miscited(tutor: Tutor, question: str) -> Answer:
    """The true answer, each of its statements under the citations of the next; one alone is cited to the first words of its note."""
    answer = tutor.ask(question)
    if len(answer.statements) < 2:
        return replace(answer, citations=tuple(_first_words(c, tutor.note(c.note)) for c in answer.citations))
    turned = [s.citations for s in (*answer.statements[1:], answer.statements[0])]
    return replace(answer, statements=tuple(replace(s, citations=c) for s, c in zip(answer.statements, turned, strict=True)))


IMPOSTORS: Final[dict[str, Reply]] = {
    "copies a whole note": copied, "says one sentence": constant, "says nothing": empty, "always abstains": silent, "cites nothing": uncited, "cites other words": miscited,
}  # fmt: skip


def _quoting(question: str, note: Note, start: int = 0, end: int | None = None) -> Answer:
    stop = len(note.text) if end is None else end
    quote = note.text[start:stop]
    return Answer(question, "answered", (Statement(quote, (1,), "lead"),), (Citation(1, note.path, (), None, start, stop, quote),))


def _first_words(citation: Citation, note: Note) -> Citation:
    end = min(citation.start, 40) or 1
    return replace(citation, start=0, end=end, quote=note.text[:end])
