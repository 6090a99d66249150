"""What of a model's raw text may be shown, wherever the text is split."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.clients.thinking import Veil

SECRET = "hmm, zebra"
TEXTS = {
    "plain": ("The answer is 4.", "The answer is 4."),
    "first": (f"<think>{SECRET}</think>\n\nThe answer is 4.", "The answer is 4."),
    "in capitals": (f"<THINK>{SECRET}</Think>The answer.", "The answer."),
    "Nova": (f"<thinking>{SECRET}</thinking>\nThe answer.", "The answer."),
    "reasoning": (f"< reasoning >{SECRET}</ reasoning >The answer.", "The answer."),
    "Magistral": (f"[THINK]{SECRET}[/THINK]The answer [1.2].", "The answer [1.2]."),
    "Kimi": (f"◁think▷{SECRET}◁/think▷The answer.", "The answer."),
    "Command A": (f"<|START_THINKING|>{SECRET}<|END_THINKING|>The answer.", "The answer."),
    "in the middle": (f"One. <think>{SECRET}</think>Two.", "One. Two."),
    "twice": (f"<think>{SECRET}</think>One. <think>{SECRET}</think>Two.", "One. Two."),
    "never closed": (f"One. <think>{SECRET}", "One. "),
    "only thought": (f"<think>{SECRET}</think>", ""),
    "closed by another name": (f"<thinking>{SECRET}</think>The answer.", "The answer."),
    "gpt-oss": (f"<|channel|>analysis<|message|>{SECRET}<|end|><|start|>assistant<|channel|>final<|message|>The answer.<|return|>", "The answer."),
    "gpt-oss, commentary": (f"<|channel|>commentary to=x<|message|>{SECRET}<|call|>The answer.", "The answer."),
    "gpt-oss, without a final channel": (f"<|channel|>analysis<|message|>{SECRET}", ""),
    "no mark": ("a < b, <b>bold</b>, [1.2], [TH] and <|x|>", "a < b, <b>bold</b>, [1.2], [TH] and <|x|>"),
    "the start of a mark at the end": ("The answer <thin", "The answer <thin"),
    "stray closing": (f"{SECRET}</think>The answer.", "The answer."),
    "a closing mark too many": (f"<think>{SECRET}</think>{SECRET}</think>The answer.", "The answer."),
}


def shown(*pieces: str) -> tuple[list[str | None], str]:
    """The pieces given for pieces read, and the text that stands at the end."""
    veil = Veil()
    given = [out for piece in pieces for out in veil.read(piece)] + veil.close()
    text = ""
    for out in given:
        text = "" if out is None else text + out
    return given, text


@pytest.mark.parametrize("name", TEXTS)
def test_only_what_is_meant_to_be_seen_is_seen(name: str) -> None:
    raw, visible = TEXTS[name]
    assert shown(raw)[1] == visible
    for at in range(len(raw)):
        assert shown(raw[:at], raw[at:])[1] == visible, at
    given, text = shown(*raw)
    assert text == visible
    if "clos" not in name:
        assert None not in given
        assert "zebra" not in "".join(piece or "" for piece in given)


def test_a_closing_mark_alone_takes_back_what_was_said() -> None:
    assert shown("let me", " see</think>", "Four.") == (["let me", " see", None, "Four."], "Four.")
    assert shown("</think>Four.") == (["Four."], "Four.")  # nothing was said: nothing to take back


def test_whether_something_was_hidden_is_known() -> None:
    for raw, thought in (("<think>a</think>b", True), ("<think></think>b", False), ("b", False), ("a</think>b", True)):
        veil = Veil()
        veil.read(raw)
        assert veil.thought is thought, raw


@given(st.text(alphabet="<>/|[]thinkTHINK ab", max_size=60), st.lists(st.integers(0, 60), max_size=6))
def test_how_a_text_is_split_makes_no_difference(raw: str, cuts: list[int]) -> None:
    ends = sorted({0, len(raw), *(min(cut, len(raw)) for cut in cuts)})
    assert shown(*(raw[a:b] for a, b in pairwise(ends)))[1] == shown(raw)[1]


def test_long_replies_are_read_in_a_time_that_grows_with_their_length() -> None:
    began = time.perf_counter()
    for raw in ("<" * 100_000, "< " * 50_000, "[/" * 50_000, "<|channel|>" * 10_000, "word " * 20_000):
        shown(raw)
        shown(*(raw[at : at + 50] for at in range(0, len(raw), 50)))
    assert time.perf_counter() - began < 5
