"""A drafted question in, a Question with numbered citations, shuffled options and a proof out."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from tutor.exam import Claim, Difficulty, KeyPoint, Need, Option, Proof, Question, QuestionKind, Reason
from tutor.facts import Fact
from tutor.questions.checks import CHECKS
from tutor.questions.record import identity
from tutor.questions.setting import quoted
from tutor.questions.syllabus import tags
from tutor.types import Citation, Note, Span, Statement

LETTERS: Final = "ABCDEFGH"


@dataclass(frozen=True, slots=True)
class Choice:
    """One option as drafted: its text, whether it belongs to the key, the facts that settle it, and why in a sentence.
    `fails` is the place of the need that it does not meet. `place` orders the options of an ordering, `partner` is the
    prompt's text that it belongs to in a matching."""

    text: str
    holds: bool
    facts: tuple[Fact, ...]
    why: str
    fails: int = -1
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A key point as drafted, with the fact that holds it."""

    text: str
    fact: Fact
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A question before its citations are numbered and its options are shuffled. `order` keeps the options as they
    are drafted: numbers stand in their order, and the key of an ordering is the order of the draft."""

    kind: QuestionKind
    maker: str
    asks: Literal["thing", "value", "statement", "step", "number", "words"]
    stem: str
    choices: tuple[Choice, ...] = ()
    needs: tuple[Need, ...] = ()
    about: str = ""
    difficulty: Difficulty = "medium"
    scenario: str = ""
    reference: str = ""
    points: tuple[Point, ...] = ()
    ordered: bool = False


class _Places:
    """The citations of one question: numbers are given to places as they are first used."""

    def __init__(self, notes: Mapping[str, Note]) -> None:
        self.notes = notes
        self.found: list[Citation] = []

    def number(self, note: str, heading: tuple[str, ...], span: Span) -> int:
        known = next((c.number for c in self.found if c.note == note and (c.start, c.end) == span), 0)
        if not known:
            text = self.notes[note]
            known = len(self.found) + 1
            self.found.append(Citation(known, note, heading, text.page(span[0]), *span, text.text[slice(*span)]))
        return known

    def of(self, fact: Fact) -> tuple[int, ...]:
        """The places of a fact: the unit that holds it, and where its thing and its attribute are named beside it."""
        spans = [fact.unit, *(s for s in (fact.thing_at, fact.attribute_at) if s is not None and not (fact.unit[0] <= s[0] and s[1] <= fact.unit[1]))]
        return tuple(self.number(fact.note, fact.heading, s) for s in spans)

    def claim(self, fact: Fact) -> Claim:
        return Claim(fact.thing, fact.attribute, fact.value, self.of(fact))


def finish(draft: Draft, notes: Mapping[str, Note], rng: random.Random) -> Question:
    """The question of a draft: what makes the key right is cited first, and the options stand in a drawn order."""
    places = _Places(notes)
    first = [p.fact for p in draft.points] + [f for c in draft.choices if c.holds for f in c.facts]
    for fact in first:
        places.of(fact)
    shown = list(draft.choices)
    if not draft.ordered:
        rng.shuffle(shown)
    letters = dict(zip(map(id, shown), LETTERS, strict=False))
    options = tuple(Option(letters[id(c)], c.text) for c in shown)
    prompts: tuple[Option, ...] = ()
    key: tuple[str, ...] | tuple[tuple[str, str], ...] = tuple(letters[id(c)] for c in (draft.choices if draft.kind == "ordering" else shown) if c.holds)
    if draft.kind == "matching":
        prompts = tuple(Option(str(n), c.partner) for n, c in enumerate(draft.choices, 1))
        key = tuple((p.id, letters[id(c)]) for p, c in zip(prompts, draft.choices, strict=True))
    reasons = tuple(Reason(letters[id(c)], c.holds, tuple(places.claim(f) for f in c.facts), c.why, c.fails) for c in draft.choices)
    points = tuple(KeyPoint(p.text, places.of(p.fact), p.accepted) for p in draft.points)
    told = [Statement(r.text, tuple(dict.fromkeys(n for k in r.claims for n in k.citations)), verdict="supported") for r in _told(reasons, draft.kind)]
    told += [Statement(quoted(f, notes[f.note]), places.of(f)) for f in dict.fromkeys(p.fact for p in draft.points)]
    lead = first[0]
    made = Question(
        "", draft.kind, draft.stem, options, key, tuple(told), Proof(draft.maker, draft.asks, tuple(places.found), reasons, draft.needs, draft.about, tuple(CHECKS)),
        tags(notes[lead.note], lead.heading), prompts, draft.scenario, draft.reference, points, draft.difficulty,
    )  # fmt: skip
    return replace(made, id=identity(made))


def _told(reasons: Sequence[Reason], kind: QuestionKind) -> list[Reason]:
    """The reasons in the order of an explanation: what is right, then what is wrong; each sentence once."""
    ordered = [*(r for r in reasons if r.holds), *(r for r in reasons if not r.holds)] if kind not in ("ordering", "matching") else list(reasons)
    return list({r.text: r for r in ordered}.values())
