"""Where a learner says what to practise: topic, kinds, number, difficulty. The form in, what is wanted out."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Final, Literal, get_args

import streamlit as st

from tutor import render
from tutor.exam import Difficulty
from tutor.exam_layout import KINDS
from tutor.session import LONGEST
from tutor.ui.outline import Part
from tutor.ui.sitting import Wanted

EVERY: Final = "None chosen: every kind in turn."
MOST: Final = 20
"""Questions of one quiz on the page."""
SEEDS: Final = 1_000_000
Level = Difficulty | Literal["any"]
LEVELS: Final[Mapping[Level, str]] = {"any": "Any", **{level: level.capitalize() for level in get_args(Difficulty)}}


def draw(parts: Sequence[Part]) -> Wanted | None:
    """Draw the form; what is wanted where it was sent off in this run. `parts` are those of the courses, to pick from."""
    if parts:
        titles = {part.topic: render.literal(part.title) for part in parts}
        st.selectbox(
            "Part of the course",
            [None, *titles],
            format_func=lambda topic: titles.get(topic, "Everything"),
            key="part",
            persist_state="session",
            on_change=_picked,
        )
    with st.form("wishes", border=False):
        topic = st.text_input("Topic", key="topic", max_chars=LONGEST, placeholder="Everything in your notes, or say on what", persist_state="session")
        kinds = st.pills(
            "Kinds of question",
            list(KINDS),
            selection_mode="multi",
            default=None,
            format_func=KINDS.__getitem__,
            key="kinds",
            help=EVERY,
            persist_state="session",
        )
        with st.container(horizontal=True, gap="medium"):
            n = st.number_input("Number", 1, MOST, 5, key="number", width=140, persist_state="session")
            level: Level = st.segmented_control(
                "Difficulty", list(LEVELS), default=next(iter(LEVELS)), required=True, format_func=LEVELS.__getitem__, key="level", persist_state="session"
            )
        if st.form_submit_button("Start", type="primary", icon=":material/play_arrow:", key="start"):
            return Wanted(topic or "", tuple(k for k in KINDS if k in kinds), int(n), None if level == "any" else level, seed())
    return None


def _picked() -> None:
    """A part that was picked is the topic, until another is typed."""
    st.session_state["topic"] = st.session_state["part"] or ""


def seed() -> int:
    """The dice of the next quiz: drawn for the first one of a session, and counted on from there."""
    dice: int = st.session_state.setdefault("seed", secrets.randbelow(SEEDS))
    st.session_state["seed"] = dice + 1
    return dice
