"""The suite of practice questions: the course in; whether drawn questions are proven and cannot be guessed, and whether flawed ones
are turned down, out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from evals.measures import defects, examination
from evals.measures.flaws import SEMANTIC
from evals.records import Item, digest
from evals.suites import COURSE, Scene
from tutor.exam import Question, QuestionKind
from tutor.questions import guessing
from tutor.questions.draw import KINDS
from tutor.session import Tutor

EACH: Final = 60
"""Questions of a kind that are looked at: the first that the seed draws."""
SINGLE: Final = 200
"""Multiple-choice questions that are looked at: they are what can be guessed."""
FLAWED: Final = "flaws"


def items(scene: Scene) -> Iterator[Item]:
    """An item "questions/kinds/KIND" for each kind, "questions/KIND/ID" for questions of it, "questions/defects/FLAW/N" for each
    flawed question, and "questions/sound/N" for each sound one that must not be taken for flawed."""
    tutor = scene.tutor(COURSE)
    for part in scene.mine([*KINDS, FLAWED]):
        kind = next((k for k in KINDS if k == part), None)
        yield from drawn(tutor, kind) if kind else flawed(tutor)


def drawn(tutor: Tutor, kind: QuestionKind) -> Iterator[Item]:
    """How many questions of a kind the notes prove (MOST at most), and each of the first of them."""
    found = examination.everything(tutor, kind)
    yield Item(f"questions/kinds/{kind}", kind, COURSE, kind, f"How many questions of the kind {kind} do the notes prove?", kind, scores={"drawn": len(found)})
    for question in found[: SINGLE if kind == "multiple_choice" else EACH]:
        yield proven(tutor, question)


def proven(tutor: Tutor, question: Question) -> Item:
    """A question as drawn: the notes prove it, and what it cites stands there; of a multiple choice, what a guess of the option with
    most words of the stem, or of the longest, gets more than the dice would."""
    verdict = tutor.verify(question)
    stands = all(tutor.note(c.note).text[c.start : c.end] == c.quote for c in question.proof.citations)
    scores = {"valid": float(verdict.status == "valid")}
    if question.kind == "multiple_choice":
        chance = 1 / len(question.options)
        scores |= {"guessed_overlap": guessing.overlap(question) - chance, "guessed_longest": guessing.longest(question) - chance}
    checks = {"valid": verdict.status == "valid", "quotes": stands}
    outcome = " ".join([verdict.status, *(f.check for f in verdict.findings)])
    name = f"questions/{question.kind}/{question.id[:12]}"
    return Item(name, question.kind, domain(question), question.note, asked(question), tried(question), checks, scores, outcome=outcome)


def flawed(tutor: Tutor) -> Iterator[Item]:
    """Questions with one known flaw, which must be turned down, then sound ones, which must not."""
    counts: Counter[str] = Counter()
    for one in defects.tried(tutor):
        number = counts[one.kind]
        counts[one.kind] += 1
        name = f"defects/{slug(one.kind)}/{number:02d}" if one.kind else f"sound/{number:03d}"
        score = _caught(one.kind) if one.kind else "false_alarm"
        checks = {"caught": one.alarmed} if one.kind else {"sound": not one.alarmed}
        outcome, question = one.first if one.alarmed else "valid", one.question
        kind, place = one.kind or "sound", (domain(question), question.note)
        yield Item(f"questions/{name}", kind, *place, asked(question), tried(question), checks, {score: one.alarmed}, outcome=outcome)
    for kind in (k for k in defects.FLAWS if not counts[k]):
        why = {_caught(kind): "no question that was drawn lends itself to this flaw"}
        yield Item(f"questions/defects/{slug(kind)}", kind, COURSE, kind, f"A question with the flaw: {kind}", slug(kind), unscored=why)


def _caught(kind: str) -> str:
    return "semantic_caught" if kind in SEMANTIC else "structural_caught"


def domain(question: Question) -> str:
    """The domain of the exam that a question serves; the course where it serves none."""
    return next((tag.partition(".")[0] for tag in question.tags if tag[:1].isdigit()), COURSE)


def asked(question: Question) -> str:
    """What is asked, with the case that it is about."""
    return f"{question.scenario}\n{question.stem}".strip()


def tried(question: Question) -> str:
    """A digest of what a learner would be asked."""
    return digest([question.scenario, question.stem, *(f"{o.id} {o.text}" for o in (*question.prompts, *question.options)), str(question.key)])[:8]


def slug(text: str) -> str:
    """A text as a part of an id."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
