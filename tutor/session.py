"""The tutor: opens an index once, then searches, packs contexts and answers questions from it."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from tutor import context, embed, explain, followup, models, question, retrieve, socratic
from tutor.context import BUDGET, Evidence
from tutor.errors import InputError
from tutor.extractive.teacher import Extractive
from tutor.generative.teacher import Generative
from tutor.index import Index, open_index
from tutor.settings import from_environment
from tutor.teacher import Asking, Teacher
from tutor.types import Answer, Depth, Heading, Hit, Note, Turn

LONGEST: Final = 4_000
"""Characters of a question; a longer text is not one."""


CARRIED: Final = 3
"""Citations of the answer before whose passages a follow-up brings along."""


class Tutor:
    """An open index, an encoder and a teacher that stay consistent with one another."""

    def __init__(self, index: Index, encoder: embed.QuestionEncoder, teacher: Teacher | None = None) -> None:
        self.index, self.encoder = index, encoder
        self.teacher: Teacher = teacher or Extractive(index, encoder)

    @property
    def mode(self) -> str:
        """What drafts the answers: "notes-only" where no model is set."""
        return self.teacher.mode

    def notes(self) -> list[Note]:
        """Every note of the index, by path."""
        return sorted(self.index.notes.values(), key=lambda n: n.path)

    def note(self, path: str) -> Note:
        """One note by the path that citations name. Raises InputError where there is none."""
        if path not in self.index.notes:
            raise InputError(f"There is no note {path} in the index.")
        return self.index.notes[path]

    def headings(self, path: str) -> list[Heading]:
        """The headings of a note that have passages, in order."""
        found = {
            p.heading: Heading(path, p.heading, p.headings_at[-1][0] if p.headings_at else p.start) for p in reversed(self.index.passages) if p.note == path
        }
        return sorted(found.values(), key=lambda h: h.start)

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """The k best passages, best first; none for an empty query."""
        return retrieve.search(self._rank(_question(query, empty=True))[1], self.index, k)

    def context(self, text: str, max_tokens: int = BUDGET) -> list[Hit]:
        """Exactly what an answer is drafted from; `max_tokens` counts the embedding model's tokens over the texts."""
        query, ranked = self._rank(_question(text, empty=True))
        return context.pack(query, ranked, self.index, self.encoder, max_tokens)

    def ask(self, text: str, history: Sequence[Turn] = (), depth: Depth = "explain") -> Answer:
        """Answer a question from the notes. Raises InputError for a question that is empty or overlong."""
        *_, answer = self.stream(text, history, depth)
        return answer

    def stream(self, text: str, history: Sequence[Turn] = (), depth: Depth = "explain") -> Generator[Answer, None, None]:
        """Answers, each in place of the one before: at once the one from the notes alone, then, where a model is set,
        its growing one; the last one stands. Closing the iterator stops the model. Raises as `ask`."""
        began = time.perf_counter()
        said = _question(text)
        full = socratic.root(said, history) if depth == "socratic" else said
        tried = said if full != said else ""
        full = full if tried else followup.complete(said, history, self.index)
        if depth != "socratic":  # "shorter, please" is a wish, and not a step of a dialogue
            depth = followup.depth(said, history) or depth
        query, ranked = self._rank(full)
        hits = context.pack(query, ranked, self.index, self.encoder)
        carried = self.index.cited(history[-1].answer.citations[:CARRIED]) if history and full != said else ()
        for draft in self.teacher.drafts(Asking(query, Evidence(tuple(hits), ranked, carried), tuple(history), depth, tried)):
            answer = explain.checked(draft, self.index.notes)
            yield replace(answer, question=text, understood=full if full != said else "", depth=depth, seconds=time.perf_counter() - began)

    def _rank(self, text: str) -> tuple[question.Query, retrieve.Ranked]:
        query = question.read(text, self.index)
        return query, retrieve.rank(query, self.index, self.encoder)


def load(index: Path | str | None = None, model: str | None = None) -> Tutor:
    """Open a tutor. `index` is an index folder, `model` a chat model ("" is none); None takes them from the environment.

    Raises IndexMissing, IndexStale, IndexDamaged or WeightsMissing, each with the command that mends it, and
    ModelUnusable for a model that cannot be set up.
    """
    settings = from_environment()
    settings = settings if model is None else replace(settings, model=model)
    chat = models.connect(settings) if settings.model else None
    weights = embed.find(settings.embedding)
    opened = open_index(Path(index) if index else settings.index, weights)
    encoder = embed.question_encoder(weights)
    plain = Extractive(opened, encoder)
    return Tutor(opened, encoder, Generative(opened, plain, chat, settings.home) if chat else plain)


def _question(text: str, empty: bool = False) -> str:
    if not text.strip() and not empty:
        raise InputError("Ask a question: it was empty.")
    if len(text) > LONGEST:
        raise InputError(f"That question has {len(text):,} characters; ask one of at most {LONGEST:,}.")
    return text.strip().encode("utf-8", "replace").decode()
