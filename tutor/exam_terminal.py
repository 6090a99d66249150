"""A quiz, a grade or a verification in, lines for a terminal out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tutor.exam import Grade, Question, Quiz, Verification
from tutor.exam_layout import VERDICTS, about, addition, cited, footnotes, key, lines, number, result, told
from tutor.terminal import footnote, plain, wrapped
from tutor.types import Citation


def quiz(drawn: Quiz, beside: bool = False) -> str:
    """Questions, and behind all of them the answers; `beside` puts each answer under its question."""
    of = len(drawn.questions)
    blocks = [wrapped(plain(drawn.remark))]
    for n, question in enumerate(drawn.questions, 1):
        blocks.append(_asked(question, n, of))
        if beside:
            blocks.append(_answer(question, "Answer"))
    if of and not beside:
        blocks.append("Answers")
        blocks += [_answer(question, f"{n}.") for n, question in enumerate(drawn.questions, 1)]
    return "\n\n".join(b for b in blocks if b)


def grade(question: Question | None, found: Grade) -> str:
    """How an attempt came out, each mark with its evidence and its place, and why the key is right."""
    blocks = [wrapped(plain(found.feedback)) if question is not None and question.kind != "free_text" else _result(question, found)]
    if question is not None and question.options:
        blocks.append(_answer(question, "Answer"))
    else:
        shown = cited([m for m in found.marks if not found.follow_up or m.verdict != "unsure"])
        blocks.append("\n".join(_mark(found, n, shown) for n in range(len(found.marks))))
        blocks.append("\n".join(footnote(c) for c in shown.values()))
    if found.follow_up:
        blocks.append(wrapped(f"To settle it, answer this with --reply: {plain(found.follow_up)}"))
    if found.remark not in found.feedback:
        blocks.append(wrapped(plain(found.remark)))
    return "\n\n".join(b for b in blocks if b)


def verifications(found: Sequence[tuple[Question, Verification]]) -> str:
    """One line a question: valid, stale or broken; and beneath it what is held against it."""
    rows = []
    for n, (question, verification) in enumerate(found, 1):
        rows.append(wrapped(f"{n}. {verification.status}  {_line(question.stem)}", "   "))
        rows += [wrapped(f"   - {plain(f.check)}: {plain(f.text)}", "     ") for f in verification.findings]
    return "\n".join(rows)


def _asked(question: Question, n: int, of: int) -> str:
    parts = [f"Question {n} of {of} ({about(question)})", wrapped(plain(question.scenario)) if question.scenario else "", wrapped(_line(question.stem))]
    parts.append("\n".join(wrapped(f"  {p.id}. {plain(p.text)}", "     ") for p in question.prompts))
    parts.append("\n".join(wrapped(f"  {o.id}. {plain(o.text)}", "     ") for o in question.options))
    return "\n\n".join(p for p in parts if p)


def _answer(question: Question, head: str) -> str:
    """The key, why it is right and the others are not, and where that stands."""
    rows = [wrapped(f"{head} {plain(key(question)) if question.kind != 'free_text' else ''}".rstrip(), "   ")]
    for n, line in enumerate(lines(question), 1):
        marks = "".join(f"[{f}]" for f in line.footnotes)
        name = f"{n}. {line.name}" if question.kind == "ordering" else line.name
        sign = ("+ " if line.holds else "- ") if line.why else ""
        said = line.why or line.text
        rows.append(wrapped(f"   {sign}{name}{': ' if name else ''}{plain(said)} {marks}", "     "))
    rows += [f"   {footnote(c)}" for c in footnotes(question).values()]
    return "\n".join(rows)


def _result(question: Question | None, found: Grade) -> str:
    score = "could not tell" if found.score is None else f"{found.score:.0%}"
    head = result(question, found) if question is not None else f"Score: {score}"
    return "\n".join([head, wrapped(plain(found.feedback))]) if found.feedback.strip() else head


def _mark(found: Grade, n: int, shown: Mapping[int, Citation]) -> str:
    mark, waiting = found.marks[n], bool(found.follow_up)
    place = number(mark.citation, shown)
    rows = [wrapped(f"- {VERDICTS[mark.verdict]}: {plain(told(mark, waiting))}{f' [{place}]' if place else ''}", "  ")]
    if mark.evidence:
        rows.append(wrapped(f'  you wrote: "{plain(mark.evidence)}"', "  "))
    if more := addition(mark, waiting):
        rows.append(wrapped(f"  add: {plain(more)}", "  "))
    return "\n".join(rows)


def _line(text: str) -> str:
    """A stem on one line, its blank kept."""
    joined = " ____ ".join(part for part in map(plain, re.split(r"_{3,}", text)))
    return re.sub(r"____ (?=[,.;:)?!])", "____", joined).strip()
