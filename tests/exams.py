"""One note, a question of each kind over it made by hand, and a stand-in for what draws and verifies them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tutor import questions
from tutor.exam import Claim, Finding, KeyPoint, Option, Proof, Question, QuestionKind, Quiz, Reason, Verification
from tutor.questions.record import identified
from tutor.session import Tutor
from tutor.types import Citation, Statement

CELLS = """# Cells

## Parts of a cell

| Organelle | What it makes | Membranes |
|---|---|---|
| Chloroplast | Sugar from light | Two |
| Lysosome | Enzymes that digest waste | One |
| Ribosome | Proteins from amino acids | None |
| Mitochondrion | Most of the chemical energy | Two |

## Terms of cell biology

- **Osmosis**: Osmosis is the movement of water through a membrane toward the side with more solute.
- **Mitosis**: Mitosis is the division of a nucleus into two nuclei with the same chromosomes.
- **Meiosis**: Meiosis is the division that halves the number of chromosomes and makes germ cells.
- **Cytoplasm**: Cytoplasm is the jelly between the nucleus and the outer membrane.

A stained slide keeps its colour for 15 minutes under the lamp.

## Why staining matters

Staining matters because most parts of a cell are transparent and cannot be told apart without colour.

## Steps to stain a cell

To stain a cell, take these steps in order:

1. Spread the cells on a slide.
2. Dry the slide in warm air.
3. Add a drop of methylene blue.
4. Wash the slide with water.
"""
ROWS = (
    "Chloroplast | Sugar from light | Two",
    "Lysosome | Enzymes that digest waste | One",
    "Ribosome | Proteins from amino acids | None",
    "Mitochondrion | Most of the chemical energy | Two",
)
STEPS = ("Spread the cells on a slide.", "Dry the slide in warm air.", "Add a drop of methylene blue.", "Wash the slide with water.")
WHY = "Staining matters because most parts of a cell are transparent and cannot be told apart without colour."
MITOSIS = "Mitosis is the division of a nucleus into two nuclei with the same chromosomes."
ENTRIES = {thing: made for thing, made, _ in (row.split(" | ") for row in ROWS)}


def quoted(number: int, quote: str, heading: str) -> Citation:
    """A citation of words of the note."""
    start = CELLS.index(quote)
    return Citation(number, "cells.md", ("Cells", heading), None, start, start + len(quote), quote)


def _table(kind: QuestionKind, stem: str, things: Sequence[str], key: tuple[str, ...], scenario: str = "") -> Question:
    """A question whose options are rows of the table, in the order of `things`."""
    places = tuple(quoted(n, next(r for r in ROWS if r.startswith(thing)), "Parts of a cell") for n, thing in enumerate(things, 1))
    options = tuple(Option("ABCD"[n], thing) for n, thing in enumerate(things))
    reasons = tuple(
        Reason(o.id, o.id in key, (Claim(o.text, "makes", "", (n,)),), f"{o.text} makes {ENTRIES[o.text].lower()}.") for n, o in enumerate(options, 1)
    )
    told = tuple(Statement(r.text, (n,), verdict="supported") for n, r in enumerate(reasons, 1))
    return Question("", kind, stem, options, key, told, Proof("hand", "thing", places, reasons), ("1.1", "domain 1"), scenario=scenario, difficulty="easy")


def _ordering() -> Question:
    shown = [STEPS[n] for n in (2, 0, 3, 1)]
    places = tuple(quoted(n, step, "Steps to stain a cell") for n, step in enumerate(STEPS, 1))
    options = tuple(Option("ABCD"[n], step) for n, step in enumerate(shown))
    key = tuple(next(o.id for o in options if o.text == step) for step in STEPS)
    reasons = tuple(Reason(one, True, (Claim("stain", "step", step, (n,)),), f"{n}. {step}") for n, (one, step) in enumerate(zip(key, STEPS, strict=True), 1))
    return Question("", "ordering", "To stain a cell, in which order are these steps taken?", options, key, (), Proof("hand", "step", places, reasons))


def _matching() -> Question:
    one = _table("matching", "Match each organelle with what it makes.", tuple(ENTRIES), ())
    options = tuple(Option(o.id, ENTRIES[o.text]) for o in one.options)
    prompts = tuple(Option(str(n), thing) for n, thing in enumerate(ENTRIES, 1))
    return replace(one, options=options, prompts=prompts, key=tuple((p.id, o.id) for p, o in zip(prompts, options, strict=True)))


def _written(kind: QuestionKind, stem: str, reference: str, quote: str, heading: str) -> Question:
    points = (KeyPoint(reference, (1,)),)
    proof = Proof("hand", "words", (quoted(1, quote, heading),))
    return Question("", kind, stem, (), (), (Statement(quote, (1,)),), proof, reference=reference, key_points=points)


BANK = tuple(
    identified(question)
    for question in (
        _table("multiple_choice", "Which organelle makes proteins from amino acids?", ("Lysosome", "Ribosome", "Mitochondrion", "Chloroplast"), ("B",)),
        _table("multiple_choice", "Which organelle makes enzymes that digest waste?", ("Chloroplast", "Ribosome", "Mitochondrion", "Lysosome"), ("D",)),
        _table("multiple_choice", "Which organelle makes sugar from light?", ("Chloroplast", "Ribosome", "Mitochondrion", "Lysosome"), ("A",)),
        _table("multiple_choice", "Which organelle makes most of the chemical energy?", ("Chloroplast", "Ribosome", "Mitochondrion", "Lysosome"), ("C",)),
        _table("multiple_response", "Which organelles have two membranes?", ("Lysosome", "Mitochondrion", "Ribosome", "Chloroplast"), ("B", "D")),
        _ordering(),
        _matching(),
        _written("cloze", "____ is the division of a nucleus into two nuclei with the same chromosomes.", "Mitosis", MITOSIS, "Terms of cell biology"),
        _written("free_text", "Explain why staining matters.", WHY, WHY, "Why staining matters"),
        _table(
            "case_study",
            "Which organelle fits the first point best?",
            tuple(ENTRIES),
            ("A",),
            "A gardener wants to know two things. (1) What makes sugar. (2) What digests.",
        ),
    )
)
"""Four questions with one answer, and one of each other kind."""


def deal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every tutor draw from BANK, beginning with another question by the seed; a question is valid while it is one of
    BANK and its quotes stand. What is drawn from notes is the matter of other tests."""

    def draw(tutor: Tutor, topic: str = "", kinds: Sequence[str] | None = None, n: int = 5, seed: int = 0, difficulty: str | None = None) -> Quiz:
        wanted = questions.kinds(kinds), questions.number(n), questions.level(difficulty)
        held = [q for q in BANK if q.kind in wanted[0] and topic in ("", *q.tags)]
        found = (held[seed % len(held) :] + held[: seed % len(held)])[:n] if held else []
        return Quiz(tuple(found), "" if len(found) == n else f"Your notes prove {len(found)} of the {n} questions asked for.")

    def verify(tutor: Tutor, question: Question) -> Verification:
        for c in question.proof.citations:
            if tutor.note(c.note).text[c.start : c.end] != c.quote:
                return Verification("stale", (Finding("citations", f"Words cited from {c.note} changed."),))
        return Verification("valid" if question in BANK else "broken")

    monkeypatch.setattr(Tutor, "draw", draw)
    monkeypatch.setattr(Tutor, "verify", verify)
