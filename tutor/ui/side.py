"""An open tutor and the conversation in, the sidebar out: what answers, how it is to answer, and what it has cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from tutor import qualify, render
from tutor.layout import spent, total
from tutor.settings import from_environment
from tutor.types import Depth, Turn
from tutor.ui import shell, writing

DEPTHS: Final[Mapping[Depth, str]] = {
    "line": "In one line",
    "explain": "Explain",
    "deep": "In depth",
    "analogy": "With an analogy",
    "socratic": "Socratic",
}


def draw(opened: shell.Opened, turns: Sequence[Turn], started: bool) -> tuple[Depth, st.delta_generator.DeltaGenerator]:
    """Draw the sidebar; returns how answers are wanted, and the place of the figures, for `settle`. `started` says that
    there is a conversation to leave."""
    model = opened.tutor.mode != shell.PLAIN
    with st.sidebar:
        with st.container(gap="xsmall", key="model"):
            _model(opened)
        depth = _depth(model)
        with st.container(key="spent"):
            place = st.empty()
        st.button("New conversation", key="new", icon=":material/edit_square:", disabled=not started, on_click=writing.forget, width="stretch")
    if model:
        settle(place, turns)
    return depth, place


def settle(place: st.delta_generator.DeltaGenerator, turns: Sequence[Turn]) -> None:
    """What the conversation has cost by now, in tokens and by estimate; nothing where no model was asked."""
    lines = spent(total([turn.answer for turn in turns]))
    if lines:
        with place.container(gap="xxsmall"):
            st.caption("This conversation")
            st.markdown(render.plain(" · ".join(lines)))


def label(depth: Depth) -> render.Safe:
    """A depth's name for people."""
    return render.plain(DEPTHS[depth])


def _model(opened: shell.Opened) -> None:
    """What words the answers. Of the settings nothing is shown but the model's name."""
    name = opened.tutor.mode
    st.caption("Who answers")
    st.markdown(render.strong(shell.mode(name)))
    if opened.lack:
        st.warning(render.plain(opened.lack))
    elif name == shell.PLAIN:
        st.caption("Answers are put together from the words of your notes. Set `TUTOR_MODEL` to let a language model word them.")
    else:
        st.caption("Each of its sentences is checked against your notes before it is shown.")
        found = qualify.known(from_environment().home, name)
        if found:
            st.caption(render.plain(f"Fit for: {found.verdict} ({found.passed} of {found.of} tasks)."))


def _depth(model: bool) -> Depth:
    """How answers are wanted; asking back takes a model."""
    offered = [depth for depth in DEPTHS if model or depth != "socratic"]
    chosen = st.session_state.get("depth")
    st.session_state["depth"] = chosen if chosen in offered else "explain"  # set in every run: the other page has forgotten it
    with st.container(gap="xsmall", key="how"):
        st.caption("How to answer")
        depth: Depth | None = st.pills("How to answer", offered, format_func=DEPTHS.__getitem__, required=True, key="depth", label_visibility="collapsed")
        if not model:
            st.caption("Socratic, which asks before it tells, needs a model.")
        elif depth == "socratic":
            st.caption("You are asked first, and get hints; say “tell me” for the answer.")
    return depth or "explain"
