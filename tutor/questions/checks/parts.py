"""A question in, the parts that several checks look at out: right and wrong options, what is asked, words that tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from tutor.exam import Option, Question
from tutor.text import content_terms, fold, sentences

Check = Callable[[Question], Iterator[str]]
"""A question in, one sentence for each thing that is wrong with it out."""

CHOICES: Final = frozenset({"multiple_choice", "multiple_response", "case_study"})
"""Kinds that are answered by choosing among options."""
_MAKER: Final = re.compile(r"^(?:(?:the|an?|amazon|aws|apache|microsoft|google|azure)\s+)+(?=\S)", re.IGNORECASE)
BLANK: Final = re.compile(r"_{3,}")


def right(question: Question) -> tuple[Option, ...]:
    """The options of the key; none for kinds without options that are right by themselves."""
    return tuple(o for o in question.options if o.id in question.key) if question.kind in CHOICES else ()


def wrong(question: Question) -> tuple[Option, ...]:
    """The options beside the key."""
    return tuple(o for o in question.options if o.id not in question.key) if question.kind in CHOICES else ()


def asked(question: Question) -> str:
    """The sentence of the stem that asks: the last one with a question mark or a demand, less notes such as "(Choose two.)"."""
    said = [question.stem[a:b] for a, b in sentences(question.stem)]
    asking = [s for s in said if "?" in s] or [s for s in said if not s.startswith("(")] or [question.stem]
    return asking[-1]


@lru_cache(maxsize=8192)
def content(text: str) -> frozenset[str]:
    """The stems of the words that carry a topic."""
    return frozenset(content_terms(text))


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """A text for comparing, between spaces, so that only whole words are found in it."""
    return f" {fold(text)} "


def unmade(text: str) -> str:
    """A name without an article and without its maker's name, which are often left out."""
    return _MAKER.sub("", text.strip())
