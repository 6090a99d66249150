"""A question in, what a guesser gets who knows nothing and looks at its words out; and a tally that keeps guessing in vain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tutor.exam import Option, Question
from tutor.text import words

SLACK: Final = 1.0
"""How far a guesser may be from what chance gives, in questions, before questions that take it further wait."""


def longest(question: Question) -> float:
    """What taking the longest option gets of one point; a tie gives its share."""
    return _share(question, lambda option: len(option.text))


def overlap(question: Question) -> float:
    """What taking the option of most words in common with the stem gets of one point; a tie gives its share."""
    told = set(map(str.lower, words(f"{question.scenario} {question.stem}")))
    return _share(question, lambda option: len(told & set(map(str.lower, words(option.text)))))


def _share(question: Question, score: Callable[[Option], int]) -> float:
    best = max(map(score, question.options))
    taken = [o.id for o in question.options if score(o) == best]
    return sum(i in question.key for i in taken) / len(taken)


class Tally:
    """What each guesser has got of the single choices drawn so far, beside what the dice would have."""

    def __init__(self) -> None:
        self._ahead = {longest: 0.0, overlap: 0.0}

    def leans(self, question: Question) -> bool:
        """Whether the question would take a guesser further from chance that is beyond SLACK already."""
        return single(question) and any(abs(ahead) > SLACK and ahead * _gain(question, guess) > 0 for guess, ahead in self._ahead.items())

    def add(self, question: Question) -> None:
        """Count a question that was drawn."""
        if single(question):
            for guess in self._ahead:
                self._ahead[guess] += _gain(question, guess)


def single(question: Question) -> bool:
    """Whether one option of several is to be chosen."""
    return bool(question.options) and len(question.key) == 1


def _gain(question: Question, guess: Callable[[Question], float]) -> float:
    return guess(question) - 1 / len(question.options)
