"""The tutor: opens an index once, then searches, packs contexts and answers questions from it."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from tutor import context, embed, explain, followup, formulas, models, pace, pasted, question, questions, retrieve, socratic
from tutor.context import BUDGET, Evidence
from tutor.errors import InputError
from tutor.exam import Difficulty, Grade, Question, QuestionKind, Quiz, Verification
from tutor.extractive.teacher import Extractive
from tutor.generative.teacher import Generative
from tutor.grading import keyed, written
from tutor.grading.reader import Second
from tutor.index import Index, open_index
from tutor.questions import Deck, Section, Wish, drafting, syllabus
from tutor.settings import from_environment
from tutor.teacher import Asking, Teacher
from tutor.text import content_terms, content_words, terms
from tutor.types import Answer, Depth, Heading, Hit, Note, Turn

LONGEST: Final = 4_000
"""Characters of a question; a longer text is not one."""
LONGEST_PASTED: Final = 8_000
"""Characters of an exam question with its options."""


NEAR: Final = 40
"""Passages whose sections a quiz on a topic is made of."""
FEW: Final = 5
"""Passages that count for a topic of which the notes have no word."""
UNCOMPUTED: Final = "The numbers here are those of your notes; yours were not computed."
CARRIED: Final = 3
"""Citations of the answer before whose passages a follow-up brings along."""


class Tutor:
    """An open index, an encoder and a teacher that stay consistent with one another."""

    def __init__(self, index: Index, encoder: embed.QuestionEncoder, teacher: Teacher | None = None) -> None:
        self.index, self.encoder = index, encoder
        self.teacher: Teacher = teacher or Extractive(index, encoder)
        self._made: Deck | None = None
        self._stated: Mapping[str, formulas.Bound] | None = None

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
        if (exam := pasted.read(text) if len(text) <= LONGEST_PASTED else None) is not None:
            answer = explain.checked(pasted.answer(exam, self.index, self.encoder), self.index.notes)
            yield replace(answer, question=text, depth=depth, seconds=time.perf_counter() - began)
            return
        said = _question(text)
        full = socratic.root(said, history) if depth == "socratic" else said
        tried = said if full != said else ""
        full = full if tried else followup.complete(said, history, self.index)
        if depth != "socratic":  # "shorter, please" is a wish, and not a step of a dialogue
            depth = followup.depth(said, history) or depth
        asked = formulas.read(full) if depth != "socratic" else None
        if asked and (computed := self._computed(full, asked)):
            yield replace(computed, question=text, understood=full if full != said else "", depth=depth, seconds=time.perf_counter() - began)
            return
        query, ranked = self._rank(full)
        hits = context.pack(query, ranked, self.index, self.encoder)
        carried = self.index.cited(history[-1].answer.citations[:CARRIED]) if history and full != said else ()
        for draft in self.teacher.drafts(Asking(query, Evidence(tuple(hits), ranked, carried), tuple(history), depth, tried)):
            answer = explain.checked(draft, self.index.notes)
            if not answer.remark:
                answer = replace(answer, remark=formulas.remark(asked) if asked else UNCOMPUTED if formulas.others(full) else "")
            yield replace(answer, question=text, understood=full if full != said else "", depth=depth, seconds=time.perf_counter() - began)

    def quiz(
        self, topic: str = "", kinds: Sequence[QuestionKind] | None = None, n: int = 5, seed: int = 0, difficulty: Difficulty | None = None
    ) -> list[Question]:
        """New questions; as `draw`, whose remark says why they are fewer than asked for."""
        return list(self.draw(topic, kinds, n, seed, difficulty).questions)

    def draw(self, topic: str = "", kinds: Sequence[QuestionKind] | None = None, n: int = 5, seed: int = 0, difficulty: Difficulty | None = None) -> Quiz:
        """New questions, each proven by the notes; the same seed gives the same ones. `topic` is words, or a statement,
        task or domain of a course ("4.1.1", "4.1", "domain 4"); "" is everything. `kinds` None is every kind in turn. Where a
        model is set, it writes some of them, other ones each time; what the notes do not prove of it is left out.

        Raises InputError for an unknown kind or difficulty, a number out of 1 to MOST, and a topic that no note is about.
        """
        wish = Wish(questions.kinds(kinds), questions.number(n), seed, questions.level(difficulty), *self._about(topic))
        quiz = self._deck().draw(wish)
        teacher = self.teacher
        return drafting.written(quiz, wish, self._deck(), teacher.chat, teacher.home) if isinstance(teacher, Generative) else quiz

    def verify(self, question: Question) -> Verification:
        """A question held against the notes as they are now: valid, stale or broken."""
        return self._deck().verify(question)

    def grade(self, question: Question | Mapping[str, object], attempt: str, reply: str = "") -> Grade:
        """An attempt marked against the notes. To a question with a key it is the letters of options ("A C", "1-B 2-A") or
        the words for a blank; to free text a few sentences, and `reply` then answers the grade's follow-up question.

        Raises InputError for an attempt that cannot be marked.
        """
        if isinstance(question, Question) and keyed.is_keyed(question):
            return keyed.keyed(question, keyed.chosen(question, attempt), self.index.words)
        return written.grade(question, attempt, reply, self.encoder, self._second())

    def _second(self) -> Second | None:
        """The model as a second reader of answers; None where there is none, or its examination found it unfit for that."""
        teacher = self.teacher
        if not isinstance(teacher, Generative) or pace.unfit(teacher.home, teacher.chat.name, "grade"):
            return None
        return Second(teacher.chat, teacher.home)

    def _deck(self) -> Deck:
        if self._made is None:
            self._made = Deck(self.index)
        return self._made

    def _computed(self, text: str, asked: formulas.Asked) -> Answer | None:
        """The answer to a question that wants something computed, where the notes state a formula for it."""
        if self._stated is None:
            self._stated = formulas.bind(self.index)
        drafted = formulas.answer(text, asked, self._stated, self.index.notes)
        answer = explain.checked(drafted, self.index.notes) if drafted else None
        return answer if answer and any(s.verdict == "computed" for s in answer.statements) else None

    def _about(self, topic: str) -> tuple[tuple[Section, ...] | None, str]:
        """The sections of a topic, nearest first, and the tag of a course that it names; None and "" where there is none."""
        if not topic.strip():
            return None, ""
        if tag := syllabus.wanted(topic):
            return None, tag
        with closing(self.stream(topic)) as answers:
            answer = next(answers)  # the one from the notes alone: no model is asked what the notes are about
        if answer.outcome == "absent" or self._strange(topic):
            raise InputError(f"Your notes hold nothing on {_question(topic)}; name another topic, or leave it out.")
        return self._near(topic), ""

    def _strange(self, topic: str) -> bool:
        """Whether half of a topic's words or more are none of the notes'."""
        said = question.read(topic, self.index).terms
        return 2 * sum(not t.known for t in said) >= len(said) > 0

    def _near(self, topic: str) -> tuple[Section, ...]:
        """The sections that are found for a topic and have its rarest word; those of the best passages where none has."""
        hits = self.search(topic, k=NEAR)
        known = [t for w in content_words(topic) for t in terms(w) if self.index.lexical([t]).any()]
        rarest = min(known, key=lambda t: int((self.index.lexical([t]) > 0).sum()), default="")
        sharing = [h for h in hits if rarest in content_terms(" ".join((*h.passage.heading, h.passage.text)))]
        return tuple(dict.fromkeys(h.passage.section for h in sharing or hits[:FEW]))

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
