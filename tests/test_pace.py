"""Speeds measured and deadlines from them; what is kept of it in models.json."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor import budget, pace
from tutor.chat import Limits, Message, Reply
from tutor.pace import Pace
from tutor.types import Usage

LAPTOP = Pace(prompt_rate=20.0, output_rate=8.0, start=0.5)
CLOUD = Pace(prompt_rate=5_000.0, output_rate=80.0, start=0.4)


def test_an_unmeasured_model_has_generous_deadlines() -> None:
    assert pace.limits(None, 900, 250) == Limits(tokens=250)


def test_a_laptop_is_given_three_times_what_it_needs() -> None:
    given = pace.limits(LAPTOP, 900, 250)
    assert given.tokens == 250
    assert given.first == pytest.approx(3 * (0.5 + 45))
    assert given.idle == 8.0  # ten tokens take 1.25 s: the floor
    assert given.total == pytest.approx(given.first + 3 * 250 / 8)


def test_deadlines_have_floors_and_ceilings() -> None:
    assert pace.limits(CLOUD, 900, 250) == Limits(250, 12.0, 8.0, 30.0)
    assert pace.limits(Pace(0.05, 0.05, 0.0), 900, 250) == Limits(250, 300.0, 60.0, 600.0)


def test_the_first_answer_sets_the_pace() -> None:
    assert pace.seen(None, 900, 45.5, 200, 25.0) == Pace(pytest.approx(20.0), 8.0, 0.5)


def test_a_reply_of_a_few_tokens_does_not_tell_how_fast_it_comes() -> None:
    assert pace.seen(LAPTOP, 900, 45.5, 3, 0.001).output_rate == 8.0


def test_until_a_reply_was_long_enough_to_tell_it_is_given_time() -> None:
    quick = pace.seen(None, 900, 0.7, 3, 0.001)
    assert quick.output_rate == 8.0
    assert pace.limits(quick, 900, 700).total > 3 * 700 / 8


def test_the_pace_settles_on_what_is_seen() -> None:
    moved: Pace | None = None
    for _ in range(5):
        moved = pace.seen(moved, 900, 10.5, 200, 10.0)
    assert moved is not None
    for _ in range(30):
        moved = pace.seen(moved, 900, 45.5, 200, 25.0)
    assert moved.prompt_rate == pytest.approx(20.0, rel=0.02)
    assert moved.output_rate == pytest.approx(8.0, rel=0.02)


def test_one_slow_answer_does_not_stretch_the_next_deadline_beyond_half_as_much_again() -> None:
    slow = pace.seen(LAPTOP, 900, 3_000.0, 200, 3_000.0)
    assert pace.limits(slow, 900, 250).first < 1.55 * pace.limits(LAPTOP, 900, 250).first


def test_prompts_that_were_cached_do_not_make_the_next_deadline_too_tight() -> None:
    moved = LAPTOP
    for _ in range(1_000):  # follow-ups, each prompt found in the cache
        moved = pace.seen(moved, 900, 0.6, 200, 25.0)
    assert pace.limits(moved, 900, 250).first == pytest.approx(pace.limits(LAPTOP, 900, 250).first)


def test_prompts_half_of_which_was_cached_leave_the_next_one_its_time() -> None:
    moved = LAPTOP
    for turn in range(300):  # a new topic every fifth question
        moved = pace.seen(moved, 900, 45.5 if turn % 5 == 0 else 23.0, 200, 25.0)
        assert pace.limits(moved, 900, 250).first > 45.5


def test_a_model_that_missed_its_deadline_is_given_twice_the_time() -> None:
    assert pace.late(None) is None
    assert pace.late(LAPTOP) == Pace(10.0, 4.0, 0.5)


@given(st.integers(0, 10**6), st.floats(0, 10**5), st.integers(0, 10**6), st.floats(0, 10**5), st.integers(0, 10**6), st.integers(1, 4_000))
def test_whatever_is_seen_the_deadlines_stay_within_bounds(prompt: int, first: float, output: int, rest: float, next_prompt: int, tokens: int) -> None:
    moved = pace.seen(pace.seen(None, prompt, first, output, rest), prompt, rest, output, first)
    limits = pace.limits(moved, next_prompt, tokens)
    assert pace.FIRST[0] <= limits.first <= pace.FIRST[1]
    assert pace.IDLE[0] <= limits.idle <= pace.IDLE[1]
    assert pace.TOTAL[0] <= limits.total <= pace.TOTAL[1]
    assert limits.first <= limits.total


SAID = ("The heart pumps blood. ", "It has four chambers, and two of them are large. ", "It beats.")
COUNTED = Usage("a:b", 1, 30)
ASKED = [Message("user", "what does the heart do? " * 100)]


@dataclass
class Telling:
    """A chat model that says SAID. Where its listener stops it, it tells how far it came, unless it is `mute`."""

    usage: Usage = COUNTED
    mute: bool = False
    name: str = "a:b"
    stopped: int = 0

    def stream(self, messages: Sequence[Message], limits: Limits, schema: Mapping[str, object] | None = None) -> Generator[str | None, None, Reply]:
        """See `tutor.chat.Chat`."""
        said = ""
        try:
            yield ""
            for piece in SAID:
                said += piece
                yield piece
        except GeneratorExit:
            self.stopped += 1
            if self.mute:
                raise
        return Reply(said, "end", self.usage, 20.0 if said else 0.0, 2.0)

    def spent(self, messages: Sequence[Message], text: str) -> Usage:
        """See `tutor.chat.Chat`."""
        return Usage(self.name)


def stopped(chat: Telling, home: Path, after: int) -> Pace | None:
    """What is known of a model after one reply, of which so many pieces were wanted."""
    stream = pace.stream(chat, ASKED, 100, home)
    for _ in range(after):
        next(stream)
    stream.close()
    assert chat.stopped == 1
    return pace.read(home, chat.name)


def test_a_reply_that_is_stopped_is_measured_as_far_as_it_came(tmp_path: Path) -> None:
    known, count = stopped(Telling(), tmp_path, 3), budget.counter()
    assert known == pace.seen(None, count(ASKED[0].text), 20.0, 30 - count(SAID[0]), 2.0)  # the first piece came with the first word
    assert known is not None
    assert pace.limits(known, count(ASKED[0].text), 100).first == pytest.approx(60.0)


def test_tokens_that_nobody_counted_are_counted_here(tmp_path: Path) -> None:
    known, count = stopped(Telling(Usage("a:b", 1, 1_000, counted=False)), tmp_path, 3), budget.counter()
    assert known is not None
    assert known.output_rate == (count("".join(SAID[:2])) - count(SAID[0])) / 2.0


def test_a_first_piece_tells_no_more_than_when_it_came(tmp_path: Path) -> None:
    known = stopped(Telling(Usage("a:b", 1, budget.counter()(SAID[0]))), tmp_path, 2)
    assert known is not None
    assert known.output_rate == 8.0


@pytest.mark.parametrize(("chat", "after"), [(Telling(), 1), (Telling(mute=True), 3)])
def test_a_reply_that_is_stopped_before_its_first_word_or_says_nothing_of_it_is_not_measured(chat: Telling, after: int, tmp_path: Path) -> None:
    assert stopped(chat, tmp_path, after) is None


def test_what_was_measured_is_kept_by_model(tmp_path: Path) -> None:
    home = tmp_path / "home"
    pace.write(home, "ollama:a", LAPTOP)
    pace.write(home, "ollama:b", CLOUD)
    assert (pace.read(home, "ollama:a"), pace.read(home, "ollama:b"), pace.read(home, "ollama:c")) == (LAPTOP, CLOUD, None)
    assert [p.name for p in home.iterdir()] == ["models.json"]


def test_what_others_keep_there_stays(tmp_path: Path) -> None:
    (tmp_path / "models.json").write_text(json.dumps({"ollama:a": {"fit": {"grade": False}}, "other": 7}), encoding="utf-8")
    pace.write(tmp_path, "ollama:a", LAPTOP)
    kept = json.loads((tmp_path / "models.json").read_text(encoding="utf-8"))
    assert kept == {"ollama:a": {"fit": {"grade": False}, "pace": {"prompt_rate": 20.0, "output_rate": 8.0, "start": 0.5}}, "other": 7}


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "7", "{", "null", "[" * 100_000, '{"ollama:a": 3}', '{"ollama:a": {"pace": []}}', '{"ollama:a": {"pace": {"prompt_rate": 1}}}',
        '{"ollama:a": {"pace": {"prompt_rate": 0, "output_rate": 1, "start": 1}}}',
        '{"ollama:a": {"pace": {"prompt_rate": NaN, "output_rate": 1, "start": 1}}}',
        '{"ollama:a": {"pace": {"prompt_rate": true, "output_rate": 1, "start": 1}}}',
        '{"ollama:a": {"pace": {"prompt_rate": "9", "output_rate": 1, "start": 1}}}',
    ],
)  # fmt: skip
def test_a_damaged_file_counts_as_not_measured_and_is_written_anew(text: str, tmp_path: Path) -> None:
    (tmp_path / "models.json").write_text(text, encoding="utf-8")
    assert pace.read(tmp_path, "ollama:a") is None
    pace.write(tmp_path, "ollama:a", LAPTOP)
    assert pace.read(tmp_path, "ollama:a") == LAPTOP


def test_bytes_that_are_no_text_count_as_not_measured(tmp_path: Path) -> None:
    (tmp_path / "models.json").write_bytes(b"\xff\xfe\x00")
    assert pace.read(tmp_path, "ollama:a") is None


def test_a_home_that_cannot_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file", encoding="utf-8")
    pace.write(tmp_path / "home", "ollama:a", LAPTOP)
    assert pace.read(tmp_path / "home", "ollama:a") is None
