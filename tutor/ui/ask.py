"""The page Ask: a conversation in which every sentence of an answer opens the words in the notes it rests on."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Final

import streamlit as st

from tutor import render
from tutor.errors import InputError
from tutor.session import LONGEST, Tutor
from tutor.types import Turn
from tutor.ui import answers, shell, suggestions

SHOWN: Final = 20  # turns on the page; older ones are kept for the history only


def show() -> None:
    """Draw the conversation so far, then answer what was asked."""
    tutor = shell.tutor()
    turns: list[Turn] = st.session_state.setdefault("turns", [])
    with st.bottom:
        place = st.container()
        typed = st.chat_input("Ask your notes", key="question", max_chars=LONGEST)
    asked: str | None = typed if typed is not None else st.session_state.pop("suggested", None)
    with place:
        _foot(tutor, bool(turns) or asked is not None)
    if not turns and asked is None:
        _welcome(tutor)
    for number, turn in list(enumerate(turns))[-SHOWN:]:
        _asked(turn.question, number)
        with _answered():
            answers.draw(tutor, turn.answer, str(number))
    if asked is not None:
        _ask(tutor, turns, asked)


def _ask(tutor: Tutor, turns: list[Turn], question: str) -> None:
    """Answer a question below the others and keep it; say so in a sentence where it cannot be asked."""
    number = len(turns)
    _asked(question, number)
    with _answered():
        try:
            with st.spinner("Reading your notes…"):
                answer = tutor.ask(question, turns)
        except InputError as error:
            st.warning(render.plain(str(error)), icon=":material/info:")
            return
        turns.append(Turn(question, answer))
        answers.draw(tutor, answer, str(number))
    shell.scroll(f"turn-{number}")


def _asked(question: str, number: int) -> None:
    with st.container(key=f"turn-{number}"), st.chat_message("user", avatar=":material/person:"):
        st.markdown(render.plain(question))


def _answered() -> AbstractContextManager[object]:
    return st.chat_message("assistant", avatar=":material/menu_book:")


def _foot(tutor: Tutor, started: bool) -> None:
    """What stays in sight above the question: what answers, from how much, and the way to begin anew."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
        notes = render.count(len(tutor.index.notes), "note")
        st.badge(
            f"{shell.mode(tutor.mode)} · {notes}",
            icon=":material/menu_book:",
            color="gray",
            help="Answers are put together from the words of your notes alone.",
        )
        st.button("New conversation", key="new", type="tertiary", icon=":material/edit_square:", disabled=not started, on_click=_forget)


def _welcome(tutor: Tutor) -> None:
    st.title("Ask your notes", anchor=False)
    st.markdown("Every sentence of an answer is in your notes, word for word, and its footnote opens the place. Where they are silent, Footnote says so.")
    found = _suggested(str(tutor.index.generation), tutor)
    if found:
        st.caption("Questions that your notes answer")
        with st.container(key="suggestions", gap="xsmall"):
            for n, question in enumerate(found):
                st.button(render.plain(question), key=f"suggested-{n}", on_click=_suggest, args=(question,))


@st.cache_data(max_entries=4, show_spinner="Looking for first questions…")
def _suggested(generation: str, _tutor: Tutor) -> list[str]:  # noqa: ARG001  # the key
    return suggestions.suggest(_tutor)


def _suggest(question: str) -> None:
    st.session_state["suggested"] = question


def _forget() -> None:
    st.session_state["turns"] = []


if __name__ == "__main__":
    show()
