"""The guard: what the notes do not hold, word for word, is not shown. Each test fails where its check is removed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tutor.explain import checked
from tutor.types import Answer, Citation, Note, Statement

NOTE = Note("cells.md", "Cells", "# Cells\n\nRibosomes build proteins. They sit in the cytoplasm.\n")


def cite(number: int, quote: str, shift: int = 0) -> Citation:
    start = NOTE.text.index(quote) + shift
    return Citation(number, NOTE.path, ("Cells",), None, start, start + len(quote), quote)


GOOD = Answer("q", "answered", (Statement("Ribosomes build proteins.", (1, 2), "lead", "Cells"),), (cite(1, "Ribosomes build proteins."), cite(2, "Cells")))


def outcome(answer: Answer) -> tuple[str, int]:
    found = checked(answer, {NOTE.path: NOTE})
    return found.outcome, len(found.statements)


def test_a_sound_answer_passes_unchanged() -> None:
    assert checked(GOOD, {NOTE.path: NOTE}) == GOOD


@pytest.mark.parametrize(
    "lie",
    [
        replace(GOOD.statements[0], text="Ribosomes build sugars."),
        replace(GOOD.statements[0], text="Ribosomes build proteins. They sit"),
        replace(GOOD.statements[0], label="Plants"),
        replace(GOOD.statements[0], citations=()),
        replace(GOOD.statements[0], citations=(1, 9)),
        replace(GOOD.statements[0], citations=(2,)),
        replace(GOOD.statements[0], cells=("Ribosomes", "sugars")),
        replace(GOOD.statements[0], columns=("Part",)),
    ],
    ids=["other words", "beyond the quote", "invented label", "no citation", "number out of range", "quote elsewhere", "invented cell", "invented column"],
)
def test_a_statement_that_its_quotes_do_not_hold_is_left_out(lie: Statement) -> None:
    assert outcome(replace(GOOD, statements=(lie,))) == ("absent", 0)


@pytest.mark.parametrize(
    "citation",
    [
        cite(1, "Ribosomes build proteins.", shift=1),
        replace(cite(1, "Ribosomes build proteins."), note="other.md"),
        replace(cite(1, "Ribosomes build proteins."), end=5),
    ],
    ids=["one character off", "another note", "another end"],
)
def test_a_citation_whose_quote_does_not_stand_there_takes_its_statement_along(citation: Citation) -> None:
    assert outcome(replace(GOOD, citations=(citation, cite(2, "Cells")))) == ("absent", 0)


def test_only_the_lie_is_left_out_and_its_citations_with_it() -> None:
    lie = Statement("They sit in the nucleus.", (3,))
    answer = replace(GOOD, statements=(*GOOD.statements, lie), citations=(*GOOD.citations, cite(3, "They sit in the cytoplasm.")))
    assert checked(answer, {NOTE.path: NOTE}) == replace(GOOD, left_out=1)
