"""Notes and questions over them in, lies of every kind told about them through the whole tutor, and what became of each, out.

A lie is made of a sentence that the puppet is shown, and told between two that are true. The dice are seeded with the
question, so that a run can be repeated.
"""

from __future__ import annotations

import random
import re
import string
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from evals.measures.mutations import OPERATORS
from evals.measures.pairs import Pair
from evals.measures.puppet import NAME, Puppet, Scene, pieces, speaking, tellable
from tutor.embed import QuestionEncoder
from tutor.index import Index
from tutor.text import fold
from tutor.types import Answer, Note

EACH: Final = 20
"""Lies of a kind."""
ROUNDS: Final = 4
"""How often a question is asked at most."""
Fate = Literal["left out", "unsure", "supported", "exact"]
"""What became of a lie: not shown, or shown as one of the three."""


@dataclass(frozen=True, slots=True)
class Line:
    """A true sentence under the id that it was shown by."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Lie:
    """What is said, with the ids it cites, and the sentence of the notes that it was made of."""

    kind: str
    text: str
    of: str


@dataclass(frozen=True, slots=True)
class Told:
    """A lie and its fate. `sound`: every citation of the answer is the note's own text and was offered; `right`: of a
    true claim with a false id, that a citation of it is the sentence it says."""

    question: str
    lie: Lie
    fate: Fate
    sound: bool
    right: bool


Maker = Callable[[Line, Sequence[Line], Sequence[Pair], random.Random], str | None]


def _cite(text: str, *ids: str) -> str:
    return f"{text.rstrip(' .')} [{', '.join(ids)}]."


def _wrong_id(line: Line, others: Sequence[Line], _pool: Sequence[Pair], dice: random.Random) -> str | None:
    return _cite(line.text, dice.choice(others).id)


def _no_such_id(line: Line, _others: Sequence[Line], _pool: Sequence[Pair], dice: random.Random) -> str | None:
    return _cite(line.text, dice.choice(("0.0", "9.99", "99.9", "57.100", "99")))


def _no_id(line: Line, _others: Sequence[Line], _pool: Sequence[Pair], _dice: random.Random) -> str | None:
    return line.text


def _elsewhere(line: Line, _others: Sequence[Line], pool: Sequence[Pair], dice: random.Random) -> str | None:
    return _cite(dice.choice(pool).sentence, line.id)


def _one_off(line: Line, _others: Sequence[Line], _pool: Sequence[Pair], dice: random.Random) -> str | None:
    places = [m.start() + 1 for m in re.finditer(r"(?<![\w-])[a-z]{6,}(?![\w-])", line.text)]
    if not places:
        return None
    at = dice.choice(places)
    letter = dice.choice([c for c in string.ascii_lowercase if c != line.text[at]])
    return _cite(line.text[:at] + letter + line.text[at + 1 :], line.id)


def _merged(line: Line, others: Sequence[Line], _pool: Sequence[Pair], dice: random.Random) -> str | None:
    far = [o for o in others if o.id.partition(".")[0] != line.id.partition(".")[0]]
    for other in dice.sample(far, len(far)):
        made = OPERATORS["merged"](_pair(line.text), [_pair(other.text)], dice)
        if made is not None:
            return _cite(made.sentence, line.id, other.id)
    return None


def _changed(operator: str) -> Maker:
    def made(line: Line, _others: Sequence[Line], pool: Sequence[Pair], dice: random.Random) -> str | None:
        new = OPERATORS[operator](_pair(line.text), pool, dice)
        return None if new is None else _cite(new.sentence, line.id)

    return made


def _pair(text: str, note: str = "") -> Pair:
    return Pair("", note, (text,), (), "", text, True, "", False)


KINDS: Final[dict[str, Maker]] = {
    "unit": _changed("unit"),
    "merged facts": _merged,
    "dropped condition": _changed("condition"),
    "swapped roles": _changed("roles"),
    "foreign entity": _changed("entity"),
    "stronger modality": _changed("modality"),
    "invented number": _changed("number"),
    "antonym": _changed("antonym"),
    "flipped negation": _changed("negation"),
    "added claim": _changed("added"),
    "one character off": _one_off,
    "another topic": _elsewhere,
    "wrong id": _wrong_id,
    "no such id": _no_such_id,
    "no id": _no_id,
}
"""The lies by kind, those that the fewest sentences lend themselves to first: they are told where they can be."""
TRUE: Final = ("wrong id", "no such id", "no id")
"""The kinds whose claim is true and whose citation lies."""


def tell(index: Index, encoder: QuestionEncoder, home: Path, questions: Sequence[str], each: int = EACH, seed: int = 0) -> list[Told]:
    """`each` lies of every kind, one an answer, none twice; fewer where the notes lend themselves to no more. `home` is a
    folder of the tutor's own."""
    wanted, pool, done = dict.fromkeys(KINDS, each), _pool(index, _dice(seed)), list[Told]()
    for number in range(ROUNDS):
        for question in _dice(seed, number).sample(list(questions), len(questions)):
            if not any(wanted.values()):
                return done
            liar = _Liar(wanted, {(t.lie.kind, t.lie.of) for t in done}, pool, _dice(seed, number, question))
            puppet = Puppet(liar.script)
            answer = speaking(index, encoder, puppet, home).ask(question)
            if liar.lie is not None:
                wanted[liar.lie.kind] -= 1
                done.append(_told(question, liar.lie, liar.truths, puppet.scenes[-1], answer, index.notes))
    return done


def _dice(*seed: object) -> random.Random:
    return random.Random(" ".join(map(str, seed)))  # noqa: S311  # lies, not keys


def _pool(index: Index, dice: random.Random) -> list[Pair]:
    """Sentences of the notes, to borrow names and claims from."""
    found = [p for p in index.passages if p.units]
    said = {tellable(index.notes[p.note].text[u.start : u.end]): p.note for p in dice.sample(found, min(300, len(found))) for u in p.units[:1]}
    return [_pair(text, note) for text, note in said.items() if text]


@dataclass
class _Liar:
    """Tells one lie, of the first kind still wanted that some sentence lends itself to, between two truths."""

    wanted: Mapping[str, int]
    done: Set[tuple[str, str]]
    pool: Sequence[Pair]
    dice: random.Random
    lie: Lie | None = None
    truths: tuple[str, ...] = ()

    def script(self, scene: Scene) -> str:
        lines = [Line(name, text) for name, words in scene.shown.items() if (text := tellable(words))]
        shown = {fold(line.text) for line in lines}
        pool = [p for p in self.pool if fold(p.sentence) not in shown]
        for kind, make in KINDS.items():
            for line in self.dice.sample(lines, len(lines)) if self.wanted[kind] and len(lines) > 3 else ():
                if (kind, line.text) in self.done:
                    continue
                others = [o for o in lines if o != line]
                said = make(line, others, pool, self.dice)
                if said is None or (kind not in TRUE and pieces(said) <= shown):
                    continue
                self.lie = Lie(kind, said, line.text)
                self.truths = tuple(_cite(o.text, o.id) for o in others[:2])
                return " ".join((self.truths[0], said, *self.truths[1:]))
        return "NOT IN NOTES"


def _told(question: str, lie: Lie, truths: Sequence[str], scene: Scene, answer: Answer, notes: Mapping[str, Note]) -> Told:
    true = {p for t in truths for p in pieces(t)}
    shown = [s for s in answer.statements if fold(s.text) not in true] if answer.mode == NAME else []
    fate: Fate = max((s.verdict for s in shown if s.verdict != "computed"), key=get_args(Fate).index, default="left out")
    cited = {c.number: c for c in answer.citations}
    offered = [" ".join(text.split()) for text in scene.shown.values()]
    sound = all(notes[c.note].text[c.start : c.end] == c.quote for c in answer.citations)
    if answer.mode == NAME:  # a label is cited beside the sentence it belongs to, and has no id of its own
        sound = sound and all(any(" ".join(cited[n].quote.split()) in offered for n in s.citations) for s in answer.statements)
    right = all(any(fold(lie.of) in fold(cited[n].quote) for n in s.citations) for s in shown)
    return Told(question, lie, fate, sound, right)


def figures(told: Sequence[Told]) -> dict[str, dict[str, int]]:
    """Of each kind: how many were told, what became of them, and, of those shown, how many cite another sentence."""
    found: dict[str, dict[str, int]] = {}
    for kind in sorted({t.lie.kind for t in told}, key=list(KINDS).index):
        mine = [t for t in told if t.lie.kind == kind]
        fates = Counter(t.fate for t in mine)
        found[kind] = {"told": len(mine), **{fate: fates[fate] for fate in get_args(Fate)}, "unsound": sum(not t.sound for t in mine)}
        if kind in TRUE:
            found[kind]["misattributed"] = sum(not t.right for t in mine)
    return found
