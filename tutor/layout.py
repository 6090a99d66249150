"""An answer in; its statements in groups to lay out, and the sentences that stand beside them, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import add
from typing import Literal

from tutor.types import Answer, Citation, Statement, Usage

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


def opening(found: Answer) -> str:
    """The sentence that says how far the notes answer; "" where they do."""
    if found.options:
        return _singled_out(found)
    lacking = ", ".join(f'"{word}"' for word in found.missing)
    if found.outcome == "absent":
        return "Your notes do not answer this." + (f" They never use {lacking}." if lacking else "")
    if found.outcome == "closest":
        return f"Your notes touch on this but do not answer it{f': nothing near it mentions {lacking}' if lacking else ''}. The nearest they have:"
    return ""


def _singled_out(found: Answer) -> str:
    """What the notes make of a pasted question."""
    if found.choice:
        return f"Your notes single out {' and '.join(found.choice)}."
    if found.outcome == "absent":
        return "Your notes say nothing that tells these options apart."
    return "Your notes do not single out an answer. What they say of each option:"


def shown(found: Answer) -> tuple[Statement, ...]:
    """The statements that are shown: of a pasted question, what tells of each option, in the options' order."""
    return tuple(o.statement for o in found.options if o.statement) if found.options else found.statements


def reading(found: Answer) -> str:
    """How the question was read, where the conversation completed it; else ""."""
    return f"Understood as: {found.understood}" if found.understood else ""


def remarks(found: Answer) -> list[str]:
    """What is to be said below an answer: what was left out, what to look up, why it breaks off or a model's is missing."""
    said = []
    if found.left_out and found.mode != "notes-only":
        said.append(f"{found.left_out} {'sentence' if found.left_out == 1 else 'sentences'} left out: not in your notes.")
    if any(s.verdict == "unsure" for s in found.statements):
        said.append("A sentence marked (?) goes further than the words it cites: look them up.")
    if any(s.verdict == "computed" for s in found.statements):
        said.append("Computed from your numbers with the formula that your notes state.")
    if found.incomplete:
        said.append("The answer is incomplete: it broke off.")
    return [*said, found.remark] if found.remark else said


def spent(usage: Usage | None) -> list[str]:
    """Tokens and cost by a model; nothing where none was asked."""
    if usage is None:
        return []
    about = "" if usage.counted else "about "
    cost = "cost unknown" if usage.cost is None else "free" if usage.cost == 0 else f"about ${usage.cost:.4f}"
    return [f"{about}{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out", cost]


def total(answers: Sequence[Answer]) -> Usage | None:
    """What the models of several answers were given and gave in all; None where nothing was reported.

    Not `counted` as soon as a part of it is an estimate or unknown, as of an answer that was stopped.
    """
    parts = [a.usage for a in answers if a.usage]
    if not parts:
        return None
    unknown = any(a.usage is None and (a.incomplete or a.remark) for a in answers)
    whole = reduce(add, parts)
    return replace(whole, counted=whole.counted and not unknown)
