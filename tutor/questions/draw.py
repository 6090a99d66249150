"""What is wanted (topic, kinds, how many, a seed) and the fact matrix in, questions that pass every check out."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from tutor import facts, formulas
from tutor.errors import InputError
from tutor.exam import Difficulty, Question, QuestionKind, Quiz, Verification
from tutor.facts import Group
from tutor.index import Index
from tutor.questions import checks, computed, proof
from tutor.questions.draft import finish
from tutor.questions.guessing import Tally
from tutor.questions.makers import MAKERS, Maker
from tutor.questions.setting import Setting
from tutor.questions.syllabus import tags

MOST: Final = 1000
"""Questions of one quiz."""
KINDS: Final[tuple[QuestionKind, ...]] = get_args(QuestionKind)
LEVELS: Final[tuple[Difficulty, ...]] = get_args(Difficulty)
Section = tuple[str, tuple[str, ...]]
"""A note and a path of headings in it."""
COMPUTED: Final = 2
"""Computed questions stand in the first half of the places."""
WAITING: Final = 40
"""Bundles of a kind that may wait."""
BAND: Final = 3
"""Sections of a topic that are drawn from alike before the next nearest ones are."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a quiz should be. `sections` are those of the topic, nearest first, None for all notes; `tag` restricts it to
    a statement, task or domain of a course."""

    kinds: tuple[QuestionKind, ...] = KINDS
    n: int = 5
    seed: int = 0
    difficulty: Difficulty | None = None
    sections: tuple[Section, ...] | None = None
    tag: str = ""


class Deck:
    """Everything that questions are made of, read from an index once."""

    def __init__(self, index: Index) -> None:
        self.index, self.notes = index, index.notes
        self.matrix = facts.build(index)
        self._bound: Mapping[str, formulas.Bound] | None = None
        self.setting = Setting(self.matrix, self.notes, index.abbreviations)

    def draw(self, wish: Wish) -> Quiz:
        """A quiz: kinds in turn, and within a kind the places that questions can be made of in an order that the seed
        draws, nearer sections first. Each question is checked by itself and against those drawn before it; what a check
        objects to is left out. Fewer than asked for come with a remark.
        """
        streams = {k: self._bundles(k, wish) for k in wish.kinds}
        kept: list[Question] = []
        known, tally = checks.Known(), Tally()
        waiting: dict[QuestionKind, list[tuple[Question, ...]]] = {k: [] for k in wish.kinds}
        while streams and len(kept) < wish.n:
            for kind in list(streams):
                if len(kept) >= wish.n:
                    break
                bundle = _next(streams[kind], waiting[kind], known, tally)
                if bundle is None:
                    del streams[kind]
                    continue
                for question in bundle[: wish.n - len(kept)]:
                    known.add(question)
                    tally.add(question)
                    kept.append(question)
        return Quiz(tuple(kept), remark(len(kept), wish.n))

    def verify(self, question: Question) -> Verification:
        """A question held against the notes: what is not valid is never drawn."""
        return proof.verify(question, self.index, self.matrix, computed.recompute)

    def _bundles(self, kind: QuestionKind, wish: Wish) -> Iterator[tuple[Question, ...]]:
        """Sound questions of one kind, those of one case together: one of each place in turn, then the next of each."""
        rng = random.Random(f"{wish.seed} {kind}")
        places = [self._made(m, g, kind, wish) for m, g in self._places(kind, wish, rng)]
        if kind == "multiple_choice":
            for stream in self._computed(wish):
                places.insert(rng.randrange(1 + len(places) // COMPUTED), stream)
        while places:
            left = []
            for stream in places:
                bundle = next(stream, ())
                if bundle:
                    left.append(stream)
                    yield bundle
            places = left

    def _made(self, maker: Maker, group: Group, kind: QuestionKind, wish: Wish) -> Iterator[tuple[Question, ...]]:
        """The sound questions of one place."""
        dice = random.Random(f"{wish.seed} {kind} {maker.name} {group.id}")
        for drafts in maker.drafts(group, self.setting, dice):
            if all(d.kind == kind and wish.difficulty in (None, d.difficulty) for d in drafts):
                bundle = tuple(finish(d, self.notes, dice) for d in drafts)
                if self._sound(bundle, wish):
                    yield bundle

    def _computed(self, wish: Wish) -> list[Iterator[tuple[Question, ...]]]:
        """A place for each formula that the notes state."""
        if self._bound is None:
            self._bound = formulas.bind(self.index)
        dice = {name: random.Random(f"{wish.seed} computed {name}") for name in sorted(self._bound)}
        made = {name: computed.make(self.index, {name: self._bound[name]}, dice[name]) for name in dice}
        return [((q,) for q in stream if wish.difficulty in (None, q.difficulty) and self._sound((q,), wish)) for stream in made.values()]

    def _sound(self, bundle: tuple[Question, ...], wish: Wish) -> bool:
        """Whether all questions of a bundle are of the topic, and valid."""
        if wish.tag and any(wish.tag not in q.tags for q in bundle):
            return False
        if wish.sections is not None and any((q.note, q.heading) not in wish.sections for q in bundle):
            return False
        return all(self.verify(q).status == "valid" for q in bundle)

    def _places(self, kind: QuestionKind, wish: Wish, rng: random.Random) -> list[tuple[Maker, Group]]:
        """Where questions of a kind may be made, in a drawn order: makers of more weight come earlier (Efraimidis and
        Spirakis 2006), and so do the sections nearest to the topic, BAND by BAND."""
        near = {s: at // BAND for at, s in enumerate(wish.sections or ())}
        drawn: list[tuple[int, float, int, Maker, Group]] = []
        for maker in MAKERS:
            if kind in maker.kinds:
                for group in self.matrix.groups.values():
                    held = {(f.note, f.heading) for f in group.facts}
                    band = min((near[s] for s in held if s in near), default=-1) if wish.sections is not None else 0
                    if band >= 0 and (not wish.tag or any(wish.tag in tags(self.notes[note], heading) for note, heading in held)):
                        drawn.append((band, -(rng.random() ** (1 / maker.weight)), len(drawn), maker, group))
        return [(maker, group) for *_, maker, group in sorted(drawn, key=lambda d: d[:3])]


def _next(stream: Iterator[tuple[Question, ...]], waiting: list[tuple[Question, ...]], known: checks.Known, tally: Tally) -> tuple[Question, ...] | None:
    """The next bundle that repeats nothing. One by which a blind guesser would gain or lose waits for its turn, at most
    WAITING of them at a time; what waits is also what comes when the stream has ended."""
    for bundle in waiting:
        if not any(tally.leans(q) for q in bundle):
            waiting.remove(bundle)
            if not any(known.near(q) for q in bundle):
                return bundle
    for bundle in stream:
        if not any(known.near(q) for q in bundle):
            if len(waiting) >= WAITING or not any(tally.leans(q) for q in bundle):
                return bundle
            waiting.append(bundle)
    while waiting:
        bundle = waiting.pop(0)
        if not any(known.near(q) for q in bundle):
            return bundle
    return None


def kinds(wanted: Sequence[str] | None) -> tuple[QuestionKind, ...]:
    """The kinds that are wanted, each once; every kind for None. Raises InputError for one that there is not."""
    for kind in wanted or ():
        if kind not in KINDS:
            raise InputError(f"There is no kind of question called {kind}; the kinds are {', '.join(KINDS)}.")
    return tuple(k for k in KINDS if wanted is None or k in wanted)


def number(n: int) -> int:
    """How many questions are wanted. Raises InputError outside 1 to MOST."""
    if not 1 <= n <= MOST:
        raise InputError(f"Ask for 1 to {MOST:,} questions; {n} is not between them.")
    return n


def level(difficulty: str | None) -> Difficulty | None:
    """The difficulty that is wanted. Raises InputError for one that there is not."""
    found = next((d for d in LEVELS if d == difficulty), None)
    if difficulty is not None and found is None:
        raise InputError(f"There is no difficulty called {difficulty}; the levels are {', '.join(LEVELS)}.")
    return found


def remark(found: int, asked: int) -> str:
    """Why a quiz has fewer questions than asked for; "" where it has not."""
    if found >= asked:
        return ""
    return (
        f"Your notes prove {found} of the {asked} questions asked for; more would not be certain."
        if found
        else "Your notes hold no fact here that a question could be proven by."
    )
