"""A set of questions in, what gives keys away over the set out: lengths, positions, shared words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from tutor.exam import Question
from tutor.questions.checks.parts import content, right

ALPHA: Final = 0.01
"""How improbable by chance alone a pattern is that counts."""


def lengths(questions: Sequence[Question]) -> Iterator[str]:
    """The key is not the longest option more often than chance makes it."""
    count, probability, of = _guesses(questions, lambda q: [float(len(o.text)) for o in q.options])
    if probability < ALPHA:
        yield f"In {count} of {of} questions the key is the longest option; chance would hardly do that."


def overlaps(questions: Sequence[Question]) -> Iterator[str]:
    """The key is not the option that shares most words with the stem more often than chance makes it."""
    count, probability, of = _guesses(questions, lambda q: [float(len(content(o.text) & content(f"{q.scenario} {q.stem}"))) for o in q.options])
    if probability < ALPHA:
        yield f"In {count} of {of} questions the key shares most words with the stem; chance would hardly do that."


def _guesses(questions: Sequence[Question], score: Callable[[Question], Sequence[float]]) -> tuple[int, float, int]:
    """How often the key alone scores highest, how probable so many are by chance, and of how many questions."""
    chances: list[float] = []
    count = 0
    for question in questions:
        keys = right(question)
        if len(keys) != 1:
            continue
        scores = score(question)
        best = max(scores)
        if sum(s == best for s in scores) > 1:
            continue  # a guesser cannot tell: nothing to learn from it
        chances.append(1 / len(scores))
        count += question.options[scores.index(best)].id == keys[0].id
    return count, tail(chances, count), len(chances)


def positions(questions: Sequence[Question]) -> Iterator[str]:
    """The key is not at one position more often than chance puts it there."""
    expected: Counter[int] = Counter()
    observed: Counter[int] = Counter()
    shown = [q for q in questions if len(right(q)) == 1]
    for question in shown:
        places = [o.id for o in question.options]
        observed[places.index(right(question)[0].id)] += 1
        for place in range(len(places)):
            expected[place] += 1 / len(places)  # type: ignore[assignment]
    statistic = sum((observed[p] - e) ** 2 / e for p, e in expected.items())
    if len(expected) > 1 and survival(statistic, len(expected) - 1) < ALPHA:
        common, times = observed.most_common(1)[0]
        yield f"The key stands at position {common + 1} in {times} of {len(shown)} questions; chance would hardly do that."


def tail(chances: Sequence[float], count: int) -> float:
    """The probability that at least `count` of independent events happen, each with its own chance (Poisson binomial)."""
    at = [1.0]
    for chance in chances:
        at = [a * (1 - chance) + b * chance for a, b in zip([*at, 0.0], [0.0, *at], strict=True)]
    return min(1.0, math.fsum(at[count:]))


def survival(statistic: float, freedom: int) -> float:
    """The probability that a chi-squared variable of `freedom` degrees exceeds the statistic (Abramowitz and Stegun 26.4.4, 26.4.5)."""
    half = statistic / 2
    if freedom % 2:
        total = math.erfc(math.sqrt(half))
        term = math.sqrt(half) * math.exp(-half) / math.gamma(1.5)
        start = 1.5
    else:
        total = term = math.exp(-half)
        term *= half
        start = 2.0
    for n in range((freedom - 1) // 2):
        total += term
        term *= half / (start + n)
    return min(1.0, total)
