"""A question that was answered in; on the page out: how it came out, the key, why, and the places in the notes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from tutor import render
from tutor.exam import Mark, MarkVerdict, Question
from tutor.exam_layout import VERDICTS, Line, Outcome, about, addition, cited, evidence, footnotes, lines, number, outcome, result, told
from tutor.grading import keyed
from tutor.session import Tutor
from tutor.ui import answers, slices
from tutor.ui.sitting import Done

ICONS: Final[Mapping[Outcome, str]] = {
    "right": ":material/check_circle:",
    "partly": ":material/rule:",
    "wrong": ":material/cancel:",
    "unknown": ":material/help:",
}
SIGNS: Final[Mapping[MarkVerdict, tuple[str, str]]] = {
    "covered": ("green", "check_circle"),
    "partly": ("orange", "rule"),
    "missed": ("red", "remove_circle"),
    "contradicted": ("red", "cancel"),
    "unsure": ("gray", "help"),
}


def stem(question: Question) -> None:
    """What is asked."""
    if question.scenario:
        with st.container(border=True):
            st.markdown(render.plain(question.scenario))
    with st.container(key=f"lead-stem-{question.id[:12]}"):
        st.markdown(render.plain(question.stem))


def draw(tutor: Tutor, question: Question, done: Done, key: str, waiting: bool = False) -> None:
    """Why it came out so, and where that stands; `key` tells its widgets from those of others. `waiting` says that a
    follow-up question is open, whose point is not told yet."""
    if question.kind == "free_text":
        _marks(tutor, done, key, waiting)
    else:
        _explained(tutor, question, done, key)
    source(question)


def source(question: Question) -> None:
    """Where a question comes from, and what it serves."""
    st.caption(f"{render.plain(about(question))}  \n{render.trail([question.note, *question.heading])}")


def banner(question: Question, done: Done) -> None:
    """How it came out: an icon, a word and a sentence."""
    came = outcome(done.grade)
    more = done.grade.feedback.removeprefix("Right.").removeprefix("Not right:").strip()
    said = render.strong(render.plain(result(question, done.grade)))
    text = render.Safe(f"{said}  \n{render.plain(more[0].upper() + more[1:])}" if more else said)
    if came == "right":
        st.success(text, icon=ICONS[came])
    elif came == "partly":
        st.warning(text, icon=ICONS[came])
    elif came == "wrong":
        st.error(text, icon=ICONS[came])
    else:
        st.info(text, icon=ICONS[came])
    if done.grade.remark not in done.grade.feedback:
        st.caption(render.plain(done.grade.remark))


def _explained(tutor: Tutor, question: Question, done: Done, place: str) -> None:
    """Each option and why it is right or wrong; steps in order; pairs together; the sentence that fills a blank."""
    shown = footnotes(question)
    mine = _mine(question, done.attempt)
    if keyed.is_filled(question):
        st.markdown(f"You wrote{render.plain(':')} {render.plain(done.attempt)}")
    for n, line in enumerate(lines(question), 1):
        with st.container(horizontal=True, wrap=False, vertical_alignment="top", gap="small", key=f"said-{place}-{n}"):
            st.markdown(_line(question, line, n, mine), width="stretch")
            answers.footnotes(tutor, [shown[f] for f in line.footnotes], f"{place}-{n}")


def _line(question: Question, line: Line, place: int, mine: Mapping[str, str]) -> render.Safe:
    """One line, with a badge where the learner chose it or should have."""
    if not line.name:
        return render.words(line.text, slices.is_markdown(question.note))
    text = render.plain(line.text)
    if question.kind == "ordering":
        given = mine.get(line.name, "")
        return render.Safe(f"{place:d}\\. {text}{_sign(given == str(place), f'you: {given}')}")
    if question.kind == "matching":
        given = mine.get(line.name.partition("-")[0], "")
        return render.Safe(f"{text}{_sign(line.name.endswith(f'-{given}'), f'you: {given}')}")
    head = render.Safe(f"{render.plain(line.name)}\\. {text}")
    chosen = line.name in mine
    badge = _sign(line.holds, "your answer" if chosen else "the answer") if line.holds or chosen else ""
    why = f"  \n:small[{render.plain(line.why)}]" if line.why else ""
    return render.Safe(f"{render.strong(head) if line.holds else head}{badge}{why}")


def _sign(right: bool, said: str) -> str:
    """A badge with an icon and a word."""
    return f" :green-badge[:material/check: {render.plain(said)}]" if right else f" :red-badge[:material/close: {render.plain(said)}]"


def _mine(question: Question, attempt: str) -> dict[str, str]:
    """What was chosen: the option's id by itself; the place of each step; the option of each prompt."""
    if keyed.is_filled(question):
        return {}
    chosen = keyed.chosen(question, attempt)
    if question.kind == "ordering":
        return {str(one): str(place) for place, one in enumerate(chosen, 1)}
    return dict([(one, one) if isinstance(one, str) else one for one in chosen])


def _marks(tutor: Tutor, done: Done, key: str, waiting: bool) -> None:
    """The learner's own words with what earned something, and each key point with its verdict beside them."""
    st.caption("What you wrote")
    with st.container(border=True, key=f"wrote-{key}"):
        st.markdown(render.excerpt(done.attempt, evidence(done.attempt, done.grade.marks), markdown=False))
        if done.reply:
            st.markdown(render.excerpt(done.reply, evidence(done.reply, done.grade.marks), markdown=False))
    shown = cited(done.grade.marks)
    st.caption("What your notes say")
    for n, mark in enumerate(done.grade.marks, 1):
        with st.container(horizontal=True, wrap=False, vertical_alignment="top", gap="small", key=f"said-{key}-{n}"):
            st.markdown(_verdict(mark, waiting), width="stretch")
            place = number(mark.citation, shown)
            if place and not (waiting and mark.verdict == "unsure"):
                answers.footnotes(tutor, [shown[place]], f"{key}-{n}")


def _verdict(mark: Mark, waiting: bool) -> render.Safe:
    """A key point under its verdict, the learner's words for it, and what would have earned it."""
    color, icon = SIGNS[mark.verdict]
    lines = [f":{color}-badge[:material/{icon}: {VERDICTS[mark.verdict]}] {render.plain(told(mark, waiting))}"]
    if mark.evidence:
        lines.append(f":small[Your words{render.plain(':')} {render.plain(f'“{mark.evidence}”')}]")
    if more := addition(mark, waiting):
        lines.append(f":small[To add{render.plain(':')} {render.plain(more)}]")
    return render.Safe("  \n".join(lines))
