"""The page Ask: a conversation in which every sentence of an answer opens the words in the notes it rests on."""

from __future__ import annotations

from typing import Final

import streamlit as st

from tutor import render
from tutor.errors import InputError
from tutor.session import LONGEST_PASTED, Tutor
from tutor.types import Answer, Depth
from tutor.ui import shell, side, suggestions, writing

SHOWN: Final = 20  # turns on the page; older ones are kept for the history only
STEPS: Final = ("Give me a hint", "Tell me the answer")
"""What a learner can say to a question back without typing it."""

VERBATIM: Final = "Every sentence of an answer is in your notes, word for word, and its footnote opens the place. Where they are silent, Footnote says so."
WORDED: Final = (
    "Every sentence of an answer is checked against your notes, and its footnote opens the words that it rests on. Where they are silent, Footnote says so."
)
PLAINLY: Final = "Answers are put together from the words of your notes alone."
CHECKED: Final = "The model words the answers; each of its sentences is checked against your notes."


def show() -> None:
    """Draw the conversation so far, then answer what was asked, or go on with the answer that is being written."""
    opened = shell.opened()
    tutor, turns = opened.tutor, writing.turns()
    with st.bottom:
        place = st.container()
        typed = st.chat_input("Ask your notes", key="question", max_chars=LONGEST_PASTED)
    suggested, wanted = st.session_state.pop("suggested", (None, None))
    asked: str | None = typed if typed is not None else suggested
    if asked is not None:
        writing.stop()
    depth, account = side.draw(opened, turns, started=bool(turns) or asked is not None)
    with place:
        _foot(tutor, depth)
    welcome = st.empty()  # emptied at once, not when an answer is written to its end
    if not turns and asked is None:
        with welcome.container():
            _welcome(tutor)
    done = len(turns) - writing.growing()
    for number in range(max(0, done - SHOWN), done):
        _asked(turns[number].question, number)
        with _answered():
            writing.draw(tutor, number)
            _steps(turns[number].answer, number == len(turns) - 1 and asked is None)
    if asked is not None:
        _ask(tutor, asked, wanted or depth)
    elif writing.growing():
        _asked(turns[-1].question, done)
        with _answered():
            writing.follow(tutor, fresh=False)
            _steps(turns[-1].answer)
    side.settle(account, turns)


def _ask(tutor: Tutor, question: str, depth: Depth) -> None:
    """Answer a question below the others; say so in a sentence where it cannot be asked."""
    turns = writing.turns()
    _asked(question, len(turns))
    with _answered():
        try:
            writing.begin(tutor, question, depth)
        except InputError as error:
            st.warning(render.plain(str(error)), icon=":material/info:")
            return
        writing.follow(tutor, fresh=True)
        _steps(turns[-1].answer)


def _asked(question: str, number: int) -> None:
    with st.container(key=f"turn-{number}"), st.chat_message("user", avatar=":material/person:"):
        st.markdown(render.plain(question))


def _answered() -> st.delta_generator.DeltaGenerator:
    return st.chat_message("assistant", avatar=":material/menu_book:")


def _steps(answer: Answer, last: bool = True) -> None:
    """What can be said to a question back, but for an answer; only while it is the last thing said."""
    place = st.empty()
    if answer.prompt and last:
        with place.container(horizontal=True, gap="small", key="steps"):
            for n, said in enumerate(STEPS):
                st.button(render.plain(said), key=f"step-{n}", on_click=_suggest, args=(said, "socratic"))


def _foot(tutor: Tutor, depth: Depth) -> None:
    """What stays in sight above the question: what answers, from how much, and how."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        notes = render.count(len(tutor.index.notes), "note")
        st.badge(f"{shell.mode(tutor.mode, 28)} · {notes}", icon=":material/menu_book:", color="gray", help=PLAINLY if tutor.mode == shell.PLAIN else CHECKED)
        if depth != "explain":
            st.badge(side.label(depth), color="gray")


def _welcome(tutor: Tutor) -> None:
    st.title("Ask your notes", anchor=False)
    st.markdown(VERBATIM if tutor.mode == shell.PLAIN else WORDED)
    found = _suggested(str(tutor.index.generation), tutor)
    if found:
        st.caption("Questions that your notes answer")
        with st.container(key="suggestions", gap="xsmall"):
            for n, question in enumerate(found):
                st.button(render.plain(question), key=f"suggested-{n}", on_click=_suggest, args=(question,))


@st.cache_data(max_entries=4, show_spinner="Looking for first questions…")
def _suggested(generation: str, _tutor: Tutor) -> list[str]:  # noqa: ARG001  # the key
    return suggestions.suggest(Tutor(_tutor.index, _tutor.encoder))  # no model is asked for these


def _suggest(question: str, depth: Depth | None = None) -> None:
    """Ask this next; `depth` where it holds whatever the sidebar says."""
    st.session_state["suggested"] = question, depth


if __name__ == "__main__":
    show()
