"""A question in, the form to answer it on the page out; and what was answered, as the tutor reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import streamlit as st

from tutor import render
from tutor.exam import Option, Question
from tutor.grading import keyed

_keys = st.components.v2.component(
    "footnote_keys",
    html="<span></span>",
    js="""export default ({ data }) => {
  const press = (event) => {
    const from = event.target instanceof Element ? event.target : document.body
    if (event.repeat || event.altKey || document.querySelector('[data-testid="stDialog"]')) return
    if (from.closest('input:not([type="radio"]):not([type="checkbox"]), textarea, select, [role="combobox"]')) return
    const held = event.ctrlKey || event.metaKey
    if (!held && from.closest("button, a, summary")) return
    if (event.key === "Enter") {
      event.preventDefault()
      event.stopPropagation()
      document.querySelector(`.st-key-${data.go} button`)?.click()
    } else if (!held && data.letters.includes(event.key.toUpperCase())) {
      document.querySelectorAll(`.st-key-${data.choices} input`)[data.letters.indexOf(event.key.toUpperCase())]?.click()
    }
  }
  document.addEventListener("keydown", press, true)  // before a focused button takes the key
  return () => document.removeEventListener("keydown", press, true)
}""",
)

_COUNTED: Final = re.compile(r"\b(?:select|choose)\b", re.IGNORECASE)
HEIGHT: Final = 150
"""Pixels of the box for an answer in a few sentences."""


def draw(question: Question, key: str, skip: Callable[[], None]) -> str | None:
    """Draw the form; the attempt where it was sent off in this run. `skip` is called where it was not answered."""
    with st.form(f"form-{key}", border=False):
        attempt = _fields(question, key)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            sent = st.form_submit_button("Check", type="primary", key=f"check-{key}")
            st.form_submit_button("Skip", type="tertiary", key=f"skip-{key}", on_click=skip)
            if question.key:
                with st.container(key=f"hint-{key}", width="content"):
                    st.caption(_hint(question))
    listen(f"check-{key}", f"choices-{key}", "".join(o.id for o in question.options))
    return attempt if sent else None


def listen(go: str, choices: str = "none", letters: str = "") -> None:
    """Let Enter press a button, by its key, and letters choose among the inputs of a container: not where something is
    typed, nor while a quote is open, and on another button with Ctrl only."""
    _keys(data={"go": go, "choices": choices, "letters": letters}, key=f"keys-{go}", height=1)


def _fields(question: Question, key: str) -> str:
    if question.kind == "free_text":
        st.caption("A few sentences are enough. Ctrl+Enter checks.")
        return st.text_area("Your answer", key=f"text-{key}", height=HEIGHT, label_visibility="collapsed", persist_state="session")
    if keyed.is_filled(question):
        return st.text_input("What belongs in the blank", key=f"text-{key}", autocomplete="off", persist_state="session")
    if question.kind == "ordering":
        return _ordered(question, key)
    if question.kind == "matching":
        return _matched(question, key)
    with st.container(key=f"choices-{key}", gap="xsmall"):
        return _several(question, key) if len(question.key) > 1 else _one(question, key)


def _one(question: Question, key: str) -> str:
    labels = {o.id: _label(o) for o in question.options}
    chosen = st.radio(
        "Your answer", list(labels), index=None, format_func=labels.__getitem__, key=f"one-{key}", label_visibility="collapsed", persist_state="session"
    )
    return chosen or ""


def _several(question: Question, key: str) -> str:
    if not _COUNTED.search(question.stem):
        st.caption(f"Choose {len(question.key):d}.")
    return keyed.written(tuple(o.id for o in question.options if st.checkbox(_label(o), key=f"some-{key}-{o.id}", persist_state="session")))


def _ordered(question: Question, key: str) -> str:
    """Each step gets its place."""
    st.caption("Give each step its place.")
    places = list(range(1, len(question.options) + 1))
    given = []
    for option in question.options:
        with st.container(gap="xxsmall"):
            st.markdown(_label(option))
            place = st.segmented_control(
                render.literal(option.text), places, key=f"place-{key}-{option.id}", label_visibility="collapsed", persist_state="session"
            )
        if place:
            given.append((place, option.id))
    return keyed.written(tuple(one for _, one in sorted(given)))


def _matched(question: Question, key: str) -> str:
    """The options as a list, and a letter for each prompt."""
    with st.container(gap="xxsmall"):
        for option in question.options:
            st.markdown(_label(option))
    st.caption("Give each entry its letter.")
    given = []
    for prompt in question.prompts:
        with st.container(gap="xxsmall"):
            st.markdown(render.strong(render.plain(prompt.text)))
            one = st.segmented_control(
                render.literal(prompt.text),
                [o.id for o in question.options],
                key=f"pair-{key}-{prompt.id}",
                label_visibility="collapsed",
                persist_state="session",
            )
        if one:
            given.append((prompt.id, one))
    return keyed.written(tuple(given))


def _hint(question: Question) -> render.Safe:
    """Which keys answer it."""
    if question.kind in ("ordering", "matching"):
        return render.plain("Ctrl+Enter checks")
    return render.plain(f"{question.options[0].id} to {question.options[-1].id} choose, Enter checks")


def _label(option: Option) -> render.Safe:
    return render.Safe(f"{render.plain(option.id)}\\. {render.plain(option.text)}")
