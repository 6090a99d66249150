"""An answer's statements in, groups to lay out: what shares a label or a table stands together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tutor.types import Citation, Statement

Form = Literal["lead", "steps", "table", "points"]


@dataclass(slots=True)
class Group:
    """Statements of one form in a row. `label` is shown once over them, "" where the group before shows it already."""

    form: Form
    label: str
    columns: tuple[str, ...] = ()
    statements: list[Statement] = field(default_factory=list)


def grouped(statements: Sequence[Statement], led: bool = True) -> list[Group]:
    """The statements in their order, consecutive ones of one form, label and header together.

    Where the statements do not answer, none leads: `led` is false.
    """
    groups: list[Group] = []
    shown = ""
    for statement in statements:
        form, columns = _form(statement, led)
        label = "" if columns else statement.label
        if groups and form != "lead" and (groups[-1].form, groups[-1].columns) == (form, columns) and label == shown:
            groups[-1].statements.append(statement)
            continue
        groups.append(Group(form, "" if label == shown else label, columns, [statement]))
        shown = label
    return groups


def chips(statement: Statement, citations: Mapping[int, Citation]) -> tuple[int, ...]:
    """The citations to show beside a statement: those of its own words, and its label's only where there is no other."""
    own = tuple(n for n in statement.citations if n in citations and statement.text in citations[n].quote)
    return own or statement.citations


def _form(statement: Statement, led: bool) -> tuple[Form, tuple[str, ...]]:
    if statement.columns and len(statement.cells) == len(statement.columns):
        return "table", statement.columns
    if statement.role == "lead" and led:
        return "lead", ()
    return ("steps" if statement.role == "step" else "points"), ()
