"""What a question must pass before it is shown: one question or a set in, findings out, each by the check's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from tutor.exam import Finding, Question
from tutor.questions.checks import balance, english, options, shape, stem, twins, wording
from tutor.questions.checks.parts import Check
from tutor.questions.checks.twins import Known, alike

PARTS: Final[Mapping[str, Check]] = {
    "ids": shape.ids,
    "number of options": shape.number,
    "key": shape.key,
    "several keys": shape.several,
    "matching": shape.matching,
    "blank": shape.cloze,
    "key points": shape.points,
    "scenario": shape.scenario,
    "empty option": options.filled,
}
"""Checks of what a question is made of, by name: without these it cannot be read further."""
CHECKS: Final[Mapping[str, Check]] = {
    **PARTS,
    "ordering": shape.ordering,
    "same option": options.same,
    "nested option": options.nested,
    "option about options": options.apart,
    "numbers": options.numbers,
    "plausible numbers": options.plausible,
    "negation": stem.negation,
    "stem holds the key": stem.leak,
    "length": stem.length,
    "needs": stem.needs,
    "answerable": stem.answerable,
    "longest option": wording.longest,
    "article": wording.article,
    "agreement": wording.agreement,
    "form": wording.form,
    "absolute words": wording.absolutes,
    "vague words": wording.vague,
    "sentence": english.ends,
    "brackets": english.brackets,
    "doubled word": english.doubled,
    "unfilled": english.slots,
    "markup": english.markup,
    "pronoun": english.pronouns,
    "a or an": english.articles,
    "number": english.number,
}
"""Checks of one question, by name."""
SET_CHECKS: Final[Mapping[str, Callable[[Sequence[Question]], Iterator[str]]]] = {
    "longest over the set": balance.lengths,
    "words over the set": balance.overlaps,
    "positions over the set": balance.positions,
    "near-duplicates": twins.duplicates,
}
"""Checks of a set of questions, by name."""

__all__ = ["CHECKS", "PARTS", "SET_CHECKS", "Known", "alike", "examine", "examine_set"]


def examine(question: Question, checks: Mapping[str, Check] = CHECKS) -> list[Finding]:
    """What is wrong with a question by itself; nothing where it is sound. Whether it is true is for the proof."""
    return [Finding(name, text) for name, check in checks.items() for text in check(question)]


def examine_set(questions: Sequence[Question]) -> list[Finding]:
    """What is wrong with questions beside one another: the single ones are examined by `examine`."""
    return [Finding(name, text) for name, check in SET_CHECKS.items() for text in check(questions)]
