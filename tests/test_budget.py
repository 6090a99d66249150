"""Tokens are counted by an encoding that is on this machine, else by an estimate that says so; never by fetching one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiktoken import Encoding

from tutor import budget
from tutor.budget import Counter


@pytest.fixture
def encoding() -> Encoding:
    """One token a byte, but for "ab"; and a special token."""
    ranks = {bytes([n]): n for n in range(256)} | {b"ab": 256}
    return Encoding("letters", pat_str=r"\S+|\s+", mergeable_ranks=ranks, special_tokens={"<|end|>": 257})


@pytest.fixture
def cached(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Where tiktoken would keep its encoding, in an empty folder."""
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    budget.counter.cache_clear()
    yield tmp_path / "fb374d419588a4632f3f557e76b4b70aebbca790"
    budget.counter.cache_clear()


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("ab", 1), ("abc", 2), ("a b", 3), ("<|end|>", 7), ("é", 2)])
def test_an_encoding_counts(encoding: Encoding, text: str, tokens: int) -> None:
    count = Counter(encoding)
    assert count(text) == tokens
    assert count.label == "tiktoken letters"


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("abc", 1), ("abcd", 2), ("ééé", 2), ("\ud800", 1)])
def test_without_one_bytes_are_counted_and_called_an_estimate(text: str, tokens: int) -> None:
    assert Counter()(text) == tokens
    assert Counter().label == "estimate (3 bytes a token)"


def test_no_file_means_an_estimate_and_no_look_up(cached: Path) -> None:
    assert budget.counter() == Counter()  # the guard of the suite fails this test on any look-up


def test_a_damaged_file_is_left_alone_and_not_fetched_anew(cached: Path) -> None:
    cached.write_bytes(b"not an encoding")
    assert budget.counter() == Counter()
    assert cached.read_bytes() == b"not an encoding"


def test_a_whole_file_is_used(cached: Path, monkeypatch: pytest.MonkeyPatch, encoding: Encoding) -> None:
    cached.write_bytes(b"the encoding")
    monkeypatch.setattr(budget, "_SHA256", hashlib.sha256(b"the encoding").hexdigest())
    monkeypatch.setattr("tiktoken.get_encoding", {"o200k_base": encoding}.__getitem__)
    assert budget.counter() == Counter(encoding)


def test_a_cache_that_is_turned_off_is_no_folder(monkeypatch: pytest.MonkeyPatch, cached: Path) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "")
    assert budget.counter() == Counter()
