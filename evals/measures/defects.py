"""An index in, how many planted flaws in its questions are caught out, by kind and by which check, and how many sound
questions are turned away."""

from __future__ import annotations

import copy
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import tutor
from evals.measures.flaws import SEMANTIC, STRUCTURAL, Ground
from tutor import facts
from tutor.exam import Option, Question, Verification
from tutor.index import Index
from tutor.questions import proof, record
from tutor.session import Tutor

EACH: Final = 10
"""Flaws of each kind."""
DRAWN: Final = 400
"""Questions that flaws are planted in."""
SOUND: Final = 200
"""Questions that must pass, as drawn and after changes that leave them sound."""
STALE: Final = "note changed"
FLAWS: Final = (*STRUCTURAL, *SEMANTIC, STALE)
"""The kinds of flaw."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A flawed question, the kind of its flaw, and the index that it is verified against."""

    kind: str
    question: Question
    index: Index


@dataclass(frozen=True, slots=True)
class Tried:
    """A question as verification found it: the kind of its flaw ("" for a sound one) and the milliseconds that it took."""

    kind: str
    question: Question
    verdict: Verification
    ms: float

    @property
    def alarmed(self) -> bool:
        """Whether it was turned down: right for a flawed question, wrong for a sound one."""
        return self.verdict.status != "valid"

    @property
    def first(self) -> str:
        """The check that found something first."""
        return self.verdict.findings[0].check if self.verdict.findings else "nothing"


def measure(index: Path | None = None, seed: int = 0) -> dict[str, object]:
    """Plant EACH flaws of every kind in questions of an index, and verify them; then verify sound ones.

    `caught` counts those that are not valid, `by` the check that found them first. `alarms` counts sound questions that
    are not valid: drawn with another seed, then with their options in another order, their JSON read back, and words
    added at the end of their notes. `ms` is the median time of one verification.
    """
    found = list(tried(tutor.load(index, model=""), seed))
    rows: dict[str, dict[str, object]] = {}
    for kind in FLAWS:
        mine = [one for one in found if one.kind == kind]
        missed = [one.question.stem for one in mine if not one.alarmed]
        rows[kind] = {"planted": len(mine), "caught": len(mine) - len(missed), "by": dict(Counter(one.first for one in mine).most_common()), "missed": missed}
    sound = [one for one in found if not one.kind]
    alarms = [f"{one.first}: {one.verdict.findings[0].text} ({one.question.stem})" for one in sound if one.alarmed]
    times = sorted(one.ms for one in sound)
    return {
        "flaws": rows,
        "structural": _share(rows, [*STRUCTURAL, STALE]),
        "semantic": _share(rows, list(SEMANTIC)),
        "sound": len(sound),
        "alarms": len(alarms),
        "alarmed": alarms,
        "ms": round(times[len(times) // 2], 1) if times else None,
    }


def tried(t: Tutor, seed: int = 0) -> Iterator[Tried]:
    """Flawed questions by kind, then sound ones, each verified; the same seed gives the same ones."""
    matrix = facts.build(t.index)

    def verified(kind: str, question: Question, notes: Index) -> Tried:
        began = time.perf_counter()
        verdict = proof.verify(question, notes, matrix)
        return Tried(kind, question, verdict, 1000 * (time.perf_counter() - began))

    for kind, planted in plant(t.quiz(n=DRAWN, seed=seed), t.index, Ground(t.index.notes, matrix), seed).items():
        yield from (verified(kind, p.question, p.index) for p in planted)
    for question, notes in neighbours(t.quiz(n=SOUND, seed=seed + 1), t.index, seed):
        yield verified("", question, notes)


def plant(questions: Sequence[Question], index: Index, ground: Ground, seed: int = 0) -> dict[str, list[Planted]]:
    """Flawed questions by kind, EACH of a kind where so many can be planted, spread over the kinds of question; their ids
    fit their content, so that no flaw is seen by its id."""
    found: dict[str, list[Planted]] = {}
    for kind, flaw in {**STRUCTURAL, **SEMANTIC}.items():
        rng = random.Random(f"{seed} {kind}")  # noqa: S311  dice, not secrets
        made: list[Planted] = []
        for question in _spread(questions, rng):
            flawed = flaw(question, ground, rng) if len(made) < EACH else None
            if flawed is not None and flawed != question:
                made.append(Planted(kind, record.identified(flawed), index))
        found[kind] = made
    rng = random.Random(f"{seed} {STALE}")  # noqa: S311  dice, not secrets
    found[STALE] = [Planted(STALE, q, edited) for q in _spread(questions, rng)[:EACH] for edited in [_edited(q, index, rng)]]
    return found


def _spread(questions: Sequence[Question], rng: random.Random) -> list[Question]:
    """The questions in a drawn order, one of each way of making them in turn."""
    shuffled = rng.sample(list(questions), len(questions))
    turns: Counter[str] = Counter()
    placed = []
    for question in shuffled:
        turns[question.proof.maker] += 1
        placed.append((turns[question.proof.maker], question))
    return [question for _, question in sorted(placed, key=lambda one: one[0])]


def _edited(question: Question, index: Index, rng: random.Random) -> Index:
    """The index with a word put into a place that the question cites, or before it."""
    cited = rng.choice(question.proof.citations)
    note = index.notes[cited.note]
    at = cited.start if rng.random() < 0.3 else note.text.find(" ", cited.start, cited.end)
    at = at if at >= 0 else cited.start
    return _with(index, note.path, f"{note.text[:at]} not{note.text[at:]}")


def _with(index: Index, path: str, text: str) -> Index:
    changed = copy.copy(index)
    changed.notes = {**index.notes, path: replace(index.notes[path], text=text)}
    return changed


def neighbours(questions: Sequence[Question], index: Index, seed: int = 0) -> Iterator[tuple[Question, Index]]:
    """Sound questions and their sound neighbours, each with the index that it is verified against."""
    rng = random.Random(f"{seed} sound")  # noqa: S311  dice, not secrets
    for question in questions:
        yield question, index
        yield record.from_json(record.as_json(question)), _with(index, question.note, index.notes[question.note].text + "\n\nAn afterthought.\n")
        if question.proof.asks != "number" and len(question.options) > 1:
            yield reordered(question, rng), index


def reordered(question: Question, rng: random.Random) -> Question:
    """The question with its options in another order, and everything that names them changed along."""
    shuffled = rng.sample(question.options, len(question.options))
    while question.kind == "ordering" and tuple(shuffled) == tuple(o for one in question.key for o in question.options if o.id == one):
        shuffled = rng.sample(question.options, len(question.options))
    new = {old.id: place.id for old, place in zip(shuffled, question.options, strict=True)}
    options = tuple(Option(new[o.id], o.text) for o in shuffled)
    reasons = tuple(replace(r, option=new[r.option]) for r in question.proof.reasons)
    pairs = [(one[0], new[one[1]]) for one in question.key if isinstance(one, tuple)]
    ids = [new[one] for one in question.key if isinstance(one, str)]
    key: tuple[str, ...] | tuple[tuple[str, str], ...] = tuple(pairs) or tuple(ids if question.kind == "ordering" else sorted(ids))
    return record.identified(replace(question, options=options, key=key, proof=replace(question.proof, reasons=reasons)))


def _share(rows: Mapping[str, Mapping[str, object]], kinds: Sequence[str]) -> float | None:
    planted, caught = (sum(int(str(rows[k][column])) for k in kinds) for column in ("planted", "caught"))
    return round(caught / planted, 3) if planted else None


def table(found: Mapping[str, object]) -> str:
    """The figures for reading: a line a kind, then the shares."""
    rows = found["flaws"]
    lines = []
    for kind, row in rows.items() if isinstance(rows, dict) else ():
        by = ", ".join(f"{name} {count}" for name, count in row["by"].items())
        lines.append(f"{kind:<32} {row['caught']:>3} of {row['planted']:>3}   {by}")
        lines += [f"    missed: {stem}" for stem in row["missed"]]
    lines.append(
        f"structural {found['structural']}, semantic {found['semantic']}; {found['alarms']} of {found['sound']} sound questions turned away; {found['ms']} ms each"
    )
    lines += [f"    {text}" for text in found["alarmed"]] if isinstance(found["alarmed"], list) else []
    return "\n".join(lines)
