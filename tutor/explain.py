"""A drafted answer in, a checked one out: what the notes do not hold is not shown, whoever drafted it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from tutor import formulas
from tutor.ground import judge
from tutor.types import Answer, Citation, Judged, Note, Statement


def checked(answer: Answer, notes: Mapping[str, Note]) -> Answer:
    """The answer without any statement that its citations do not carry.

    A citation holds when its quote is exactly the note's text at its offsets. An *exact* statement must stand, with its
    label and cells, character for character in quotes that it cites; a *computed* one must come out again when its question
    is computed anew, by formulas that its quotes state; any other must be judged to follow from them. What is dropped is counted in `left_out`. An answer that loses all its statements becomes absent;
    a choice among pasted options falls with what one of them rests on.
    """
    sound = {c.number: c for c in answer.citations if _stands(c, notes)}
    statements = tuple(s for s in answer.statements if _holds(s, sound, answer.understood or answer.question))
    lost = len(answer.statements) - len(statements)
    options = tuple(_proven(o, sound, answer.question) for o in answer.options)
    choice = answer.choice if all(o.statement for o in options if o.id in answer.choice) else ()
    used = {n for s in (*statements, *(o.statement for o in options if o.statement)) for n in s.citations}
    outcome = answer.outcome if statements or answer.outcome == "absent" or answer.prompt or answer.incomplete else "absent"
    if choice != answer.choice and outcome == "answered":
        outcome = "closest"
    citations = tuple(c for c in answer.citations if c.number in used)
    return replace(answer, outcome=outcome, statements=statements, citations=citations, left_out=answer.left_out + lost, options=options, choice=choice)


def _proven(option: Judged, sound: Mapping[int, Citation], question: str) -> Judged:
    """The option as judged; silent where what tells does not hold."""
    held = option.statement is not None and _holds(option.statement, sound, question)
    return option if held else replace(option, standing="silent", statement=None)


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
    if statement.verdict == "computed":
        return formulas.stands(statement.text, question, [c.quote for c in cited])
    return statement.verdict == "exact" or _follows(statement.text, tuple(c.quote for c in cited), question, tuple(h for c in cited for h in c.heading))


@lru_cache(maxsize=1024)
def _follows(text: str, quotes: tuple[str, ...], question: str, around: tuple[str, ...]) -> bool:
    """A growing answer is checked anew with each sentence; those that it had are not judged twice."""
    return judge(text, quotes, question, around).verdict != "unsupported"
