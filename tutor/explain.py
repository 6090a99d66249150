"""A drafted answer in, a checked one out: what the notes do not hold, word for word, is not shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tutor.types import Answer, Citation, Note, Statement


def checked(answer: Answer, notes: Mapping[str, Note]) -> Answer:
    """The answer without any statement whose words, or whose label's words, are not in a quote that it cites.

    A citation holds when its quote is exactly the note's text at its offsets. An answer that loses all its statements
    becomes absent.
    """
    sound = {c.number: c for c in answer.citations if _stands(c, notes)}
    statements = tuple(s for s in answer.statements if _holds(s, sound))
    used = {n for s in statements for n in s.citations}
    outcome = answer.outcome if statements or answer.outcome == "absent" else "absent"
    return replace(answer, outcome=outcome, statements=statements, citations=tuple(c for c in answer.citations if c.number in used))


def _stands(citation: Citation, notes: Mapping[str, Note]) -> bool:
    note = notes.get(citation.note)
    return note is not None and citation.quote != "" and note.text[citation.start : citation.end] == citation.quote


def _holds(statement: Statement, sound: Mapping[int, Citation]) -> bool:
    if not statement.citations or any(n not in sound for n in statement.citations):
        return False
    quotes = [sound[n].quote for n in statement.citations]
    return all(any(piece in quote for quote in quotes) for piece in (statement.text, statement.label, *statement.cells, *statement.columns) if piece)
