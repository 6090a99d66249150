"""A question in, the turn that answers it out, kept while a model is still writing it.

The answer from the notes is there at once; the model's grows below it. Whatever is pressed meanwhile runs the page anew,
and the new run takes up the stream where the old one left it; only the stop button, a new question and the end of the
session close it, which stops the model. So the turn is kept as it grows, not at its end.
"""

from __future__ import annotations

import inspect
from collections.abc import Generator
from dataclasses import replace
from typing import Final

import streamlit as st

from tutor.session import Tutor
from tutor.types import Answer, Depth, Turn
from tutor.ui import answers, shell

STOPPED: Final = "You stopped it."
UNSAID: Final = "You stopped the model before it had said anything that your notes hold."

STREAM: Final = "stream"
"""Where the session keeps what the last turn is still being written from."""

Stream = Generator[Answer, None, None]


def turns() -> list[Turn]:
    """The conversation so far; the last turn may still be growing."""
    found: list[Turn] = st.session_state.setdefault("turns", [])
    return found


def begun(number: int) -> Answer:
    """The first answer of a turn: the one from the notes alone, or, while a question back is awaited, an empty one."""
    answer: Answer = st.session_state["first"][number]
    return answer


def replaced(number: int) -> Answer | None:
    """The answer from the notes that a model's stands in place of; None where that is the one that stands."""
    return begun(number) if turns()[number].answer.mode != shell.PLAIN else None


def growing() -> bool:
    """Whether the last turn is still being written."""
    return st.session_state.get(STREAM) is not None


def begin(tutor: Tutor, question: str, depth: Depth) -> None:
    """Add a turn with the answer from the notes. Raises InputError for what cannot be asked; nothing is added then."""
    said = turns()
    stream = tutor.stream(question, tuple(said), depth)
    answer = next(stream)
    st.session_state.setdefault("first", {})[len(said)] = answer
    st.session_state[STREAM] = stream
    said.append(Turn(question, answer))


def draw(tutor: Tutor, number: int) -> None:
    """Draw a turn's answer that is written."""
    st.empty()  # where it grew: what stands where in one run stands there in the next, or its shadow stays on the page
    with st.empty().container():
        answers.draw(tutor, turns()[number].answer, f"{number}", replaced(number))


def follow(tutor: Tutor, fresh: bool) -> None:
    """Draw the last turn's answer, and below it what a model adds as it comes; at last, in place of both, the one that
    stands. `fresh` brings the question to the top."""
    said, number = turns(), len(turns()) - 1
    grows, stands = st.empty(), st.empty()  # apart: what is drawn over what the same run drew keeps its end
    if tutor.mode != shell.PLAIN:
        with grows.container():
            if begun(number).mode == shell.PLAIN:
                answers.draw(tutor, begun(number), f"{number}-first")
            if fresh:
                shell.scroll(f"turn-{number}")
            _grow(tutor, said, st.session_state[STREAM])
        grows.empty()
    del st.session_state[STREAM]
    with stands.container():
        answers.draw(tutor, said[-1].answer, f"{number}", replaced(number))
        if fresh and (tutor.mode == shell.PLAIN or said[-1].answer.prompt):
            shell.scroll(f"turn-{number}", 2)


def _grow(tutor: Tutor, said: list[Turn], stream: Stream) -> None:
    number, drawn = len(said) - 1, 0
    with st.container(key=f"writing-{number}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small", key="by"):
            st.markdown(f"{shell.mode(tutor.mode, 48)} is writing…")
            st.button("Stop", key="stop", type="tertiary", icon=":material/stop_circle:", on_click=stop)
        place = st.empty()
    _draw(tutor, said[-1].answer, place, f"{number}-grown-{drawn}")
    try:
        for answer in stream:
            changed = answer.statements != said[-1].answer.statements
            said[-1] = Turn(said[-1].question, answer)
            st.session_state["turns"] = said  # here Streamlit looks whether something was pressed
            if changed:
                drawn += 1
                _draw(tutor, answer, place, f"{number}-grown-{drawn}")
    except st.runtime.scriptrunner.StopException:  # the page was left
        _stop(said, stream)
        raise


def _draw(tutor: Tutor, answer: Answer, place: st.delta_generator.DeltaGenerator, key: str) -> None:
    """The part of an answer that a model has written by now."""
    if answer.mode == shell.PLAIN:
        place.empty()
        return
    with place.container():
        answers.body(tutor, answer, key, still=False)


def stop() -> None:
    """Stop the model where it is writing; what it has said stays."""
    stream: Stream | None = st.session_state.pop(STREAM, None)
    if stream is not None:
        _stop(turns(), stream)


def _stop(said: list[Turn], stream: Stream) -> None:
    """Close the stream of the last turn and say so in its answer, unless it had come to its end by itself."""
    if inspect.getgeneratorstate(stream) == inspect.GEN_CLOSED:
        return
    stream.close()
    answer = said[-1].answer
    said[-1] = Turn(said[-1].question, replace(answer, remark=STOPPED if answer.incomplete else UNSAID))


def forget() -> None:
    """Begin a new conversation."""
    stop()
    st.session_state["turns"], st.session_state["first"] = [], {}
