"""The page Practise: a quiz from the notes, one question at a time; each is marked, explained and shown where it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Final

import streamlit as st

from tutor import render, store
from tutor.errors import InputError
from tutor.exam import Question
from tutor.exam_layout import key as key_of
from tutor.exam_layout import tally
from tutor.session import Tutor
from tutor.settings import from_environment
from tutor.ui import attempts, marked, outline, reports, shell, side, sitting, wishes, writing
from tutor.ui.sitting import Sitting, Wanted

TITLE: Final = 110
"""Characters of a question in the list at the end."""


def show() -> None:
    """Draw the form, or the question that is up, or, behind the last one, what came of it."""
    opened, turns = shell.opened(), writing.turns()
    side.draw(opened, turns, started=bool(turns))
    tutor, quiz = opened.tutor, sitting.current()
    if quiz is not None and quiz.questions:
        sitting.settle(tutor, quiz)
        for at, why in quiz.dropped:
            if quiz.ended or at == quiz.at:
                st.info(render.plain(f"A question was left out. {why}"), icon=":material/history:")
        if quiz.questions and not quiz.ended:
            _question(tutor, quiz)
            return
    if quiz is not None and quiz.questions:
        _summary(tutor, quiz)
    else:
        _begin(tutor)


def _begin(tutor: Tutor) -> None:
    st.title("Practise", anchor=False)
    st.markdown("New questions from your notes. Each comes with the words that make its answer right, and with those that make the others wrong.")
    wanted = wishes.draw(_parts(str(tutor.index.generation)))
    if wanted is not None:
        _sit(tutor, wanted)


def _sit(tutor: Tutor, wanted: Wanted) -> None:
    """Draw a quiz and show its first question; say so in a sentence where there is none."""
    try:
        with st.spinner("Making questions from your notes…"):
            sitting.begin(tutor, wanted)
    except InputError as error:
        st.warning(render.inline(str(error)), icon=":material/info:")
        return
    st.rerun()


@st.cache_data(max_entries=4, show_spinner=False)
def _parts(generation: str) -> list[outline.Part]:  # noqa: ARG001  # the key
    return outline.parts(store.sources(from_environment().index))


def _question(tutor: Tutor, quiz: Sitting) -> None:
    question, key = quiz.questions[quiz.at], f"{quiz.number}-{quiz.at}-{quiz.questions[quiz.at].id[:8]}"
    if quiz.remark and not quiz.at:
        st.info(render.plain(quiz.remark), icon=":material/info:")
    with st.container(key=f"turn-question-{key}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(f"Question {quiz.at + 1:d} of {len(quiz.questions):d}")
            st.button("Leave", key="leave", type="tertiary", icon=":material/close:", on_click=sitting.leave)
        st.progress((quiz.at + (quiz.at in quiz.done)) / len(quiz.questions))
        marked.stem(question)
    if quiz.at in quiz.done:
        _marked(tutor, quiz, question, key)
    else:
        attempt = attempts.draw(question, key, partial(_next, quiz))
        if attempt is not None:
            _mark(tutor, quiz, attempt)
    shell.scroll(f"turn-question-{key}", 1 + (quiz.at in quiz.done))


def _mark(tutor: Tutor, quiz: Sitting, attempt: str, reply: str = "") -> None:
    """Mark what was answered and show it; say so in a sentence where it cannot be marked."""
    try:
        sitting.mark(tutor, quiz, attempt, reply)
    except InputError as error:
        st.warning(render.plain(str(error)), icon=":material/info:")
        return
    st.rerun()


def _marked(tutor: Tutor, quiz: Sitting, question: Question, key: str) -> None:
    done = quiz.done[quiz.at]
    marked.banner(question, done)
    waiting = bool(done.grade.follow_up) and not done.reply
    if waiting:
        with st.form(f"follow-{key}"):
            st.markdown(render.plain(done.grade.follow_up))
            reply = st.text_input("Your reply", key=f"reply-{key}", label_visibility="collapsed", autocomplete="off", persist_state="session")
            if st.form_submit_button("Reply", key=f"send-{key}") and reply.strip():
                _mark(tutor, quiz, done.attempt, reply)
    marked.draw(tutor, question, done, key, waiting)
    last = quiz.at + 1 >= len(quiz.questions)
    st.button("See how it went" if last else "Next", key=f"next-{key}", type="primary", on_click=_next, args=(quiz,))
    attempts.listen(f"next-{key}")
    _report(quiz, question, key)


def _next(quiz: Sitting) -> None:
    quiz.at += 1


def _report(quiz: Sitting, question: Question, key: str) -> None:
    """Keep a question that a learner objects to, with its proof and the answer."""
    done = quiz.done.get(quiz.at)
    with st.expander("Report this question", icon=":material/flag:"), st.form(f"report-{key}", border=False):
        remark = st.text_area("What is wrong with it?", key=f"wrong-{key}", max_chars=reports.REMARK, placeholder="If you like, say what is wrong with it.")
        if st.form_submit_button("Keep a report", key=f"keep-{key}"):
            try:
                path = reports.keep(
                    from_environment().home,
                    question,
                    done.attempt if done else "",
                    done.grade if done else None,
                    remark or "",
                    datetime.now(UTC).isoformat(timespec="seconds"),
                )
            except InputError as error:
                st.warning(render.plain(str(error)), icon=":material/info:")
                return
            st.success(f"Kept with its proof and your answer in {render.plain(str(path))}.", icon=":material/check_circle:")


def _summary(tutor: Tutor, quiz: Sitting) -> None:
    """What came of a quiz, the questions to look at again, and the way on."""
    outcomes = quiz.outcomes()
    with st.container(key=f"turn-summary-{quiz.number}"):
        st.title("How it went", anchor=False)
    shell.scroll(f"turn-summary-{quiz.number}")
    st.markdown(render.strong(render.plain(tally(outcomes))))
    again = [n for n, came in enumerate(outcomes) if came != "right"]
    if again:
        st.caption("To look at again")
    with st.container(gap="xsmall", key="again"):
        for n in again:
            _again(tutor, quiz, n)
    with st.container(horizontal=True, gap="small"):
        if st.button("New questions", type="primary", icon=":material/refresh:", key="more"):
            _sit(tutor, replace(quiz.wanted, seed=wishes.seed()))
        st.button("Choose something else", key="else", on_click=sitting.leave)


def _again(tutor: Tutor, quiz: Sitting, n: int) -> None:
    question, done = quiz.questions[n], quiz.done.get(n)
    came = quiz.outcomes()[n]
    icon = marked.ICONS[came] if came else ":material/skip_next:"
    with st.expander(render.plain(question.stem, TITLE), icon=icon, type="compact"):
        marked.stem(question)
        if done is not None:
            marked.banner(question, done)
            marked.draw(tutor, question, done, f"again-{quiz.number}-{n}")
        else:
            st.markdown(f"{render.plain('Skipped. The answer:')} {render.plain(key_of(question))}")
            marked.source(question)


if __name__ == "__main__":
    show()
