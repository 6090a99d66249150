"""A drafted answer in, a checked one out: what the notes do not hold is not shown, whoever drafted it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from tutor.ground import judge
from tutor.types import Answer, Citation, Note, Statement


def checked(answer: Answer, notes: Mapping[str, Note]) -> Answer:
    """The answer without any statement that its citations do not carry.

    A citation holds when its quote is exactly the note's text at its offsets. An *exact* statement must stand, with its
    label and cells, character for character in quotes that it cites; any other must be judged to follow from them. What
    is dropped is counted in `left_out`. An answer that loses all its statements becomes absent.
    """
    sound = {c.number: c for c in answer.citations if _stands(c, notes)}
    statements = tuple(s for s in answer.statements if _holds(s, sound, answer.question))
    lost = len(answer.statements) - len(statements)
    used = {n for s in statements for n in s.citations}
    outcome = answer.outcome if statements or answer.outcome == "absent" or answer.prompt or answer.incomplete else "absent"
    citations = tuple(c for c in answer.citations if c.number in used)
    return replace(answer, outcome=outcome, statements=statements, citations=citations, left_out=answer.left_out + lost)


def _stands(citation: Citation, notes: Mapping[str, Note]) -> bool:
    note = notes.get(citation.note)
    return note is not None and citation.quote != "" and note.text[citation.start : citation.end] == citation.quote


def _holds(statement: Statement, sound: Mapping[int, Citation], question: str) -> bool:
    if not statement.citations or any(n not in sound for n in statement.citations):
        return False
    cited = [sound[n] for n in statement.citations]
    own = (statement.label, *statement.cells, *statement.columns)
    exact = (*own, statement.text) if statement.verdict == "exact" else own
    if not all(any(piece in c.quote for c in cited) for piece in exact if piece):
        return False
    return statement.verdict == "exact" or _follows(statement.text, tuple(c.quote for c in cited), question, tuple(h for c in cited for h in c.heading))


@lru_cache(maxsize=1024)
def _follows(text: str, quotes: tuple[str, ...], question: str, around: tuple[str, ...]) -> bool:
    """A growing answer is checked anew with each sentence; those that it had are not judged twice."""
    return judge(text, quotes, question, around).verdict != "unsupported"
