"""A sentence, the quotes it cites and their surroundings in, a verdict with its reason out.

First the words themselves: a sentence that stands in a quote as it is needs no more. Then the rules, each of which alone
turns a sentence away. What is left has a score: how probably a reader would find the sentence in the quotes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from tutor import weights
from tutor.ground.binding import swaps
from tutor.ground.facts import LONGEST, read
from tutor.ground.lexicon import CONDITIONS, HEDGES, NEGATORS
from tutor.ground.overlap import gather, known
from tutor.ground.rules import DOUBTS, RULES, Case
from tutor.ground.score import FEATURES, features
from tutor.text import sentences, visible

Verdict = Literal["exact", "supported", "unsure", "unsupported"]
_PIECE: Final = re.compile(r"[^\W_]+(?:['’]t\b)?|[<>≤≥≠=%$€£+×÷^~]|[-−](?=\d)|(?<=\d)[.,](?=\d)")
PART: Final = 4
"""Words from which a part of a sentence may count as verbatim."""
_CUT: Final = (
    NEGATORS
    | CONDITIONS
    | HEDGES
    | frozenset(
        "misconception myth false wrong avoid instead fails fail lacks whether or rather than neither either claim claims claimed believe believed suppose imagine like almost nearly least up under over".split()
    )
)
"""Words that, left out of a sentence, may turn what is left of it."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether quotes support a sentence.

    `rule` is what turned it away (number, unit, sign, entity, negation, antonym, order, modal, coverage, score), or what
    alone keeps it unsure (general, replacement), and `words` are the offending ones; both are empty otherwise. `score`
    estimates the probability that it is supported, 0 to 1.
    """

    verdict: Verdict
    rule: str = ""
    words: tuple[str, ...] = ()
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Cuts:
    """From `high` on a score supports, if at least the share `covered` of the words is known; below `low` it does not."""

    low: float
    high: float
    covered: float


@lru_cache(maxsize=1)
def _fitted() -> tuple[weights.Linear, Cuts]:
    data = weights.read("ground")
    cuts = data["cuts"]
    if not isinstance(cuts, dict):
        raise ValueError("cuts must be a mapping: run `python -m evals calibrate ground`")
    return weights.linear(data, FEATURES), Cuts(float(cuts["low"]), float(cuts["high"]), float(cuts["covered"]))


def judge(sentence: str, quotes: Sequence[str], question: str = "", around: Sequence[str] = ()) -> Judgement:
    """The verdict on a sentence by the quotes it cites.

    `around` are headings, labels and neighbouring sentences: they and the question may lend names, never facts. A sentence
    of more than LONGEST characters cannot be checked and is unsupported. Deterministic; a few milliseconds at most.
    """
    return _judged(sentence, tuple(quotes), question, tuple(around))


@lru_cache(maxsize=2048)
def _judged(sentence: str, quotes: tuple[str, ...], question: str, around: tuple[str, ...]) -> Judgement:
    if len(sentence) <= LONGEST and any(_verbatim(sentence, q) for q in quotes):
        return Judgement("exact", score=1.0)
    case = prepare(sentence, quotes, question, around)
    if case.text.cut or (not any(case.text.content) and not case.text.numbers):
        return Judgement("unsupported", "coverage", case.text.words[:8])
    broken = breaches(case)
    model, cuts = _fitted()
    score = 1 / (1 + math.exp(-max(-30.0, min(30.0, model.score(features(case, broken))))))
    if broken:
        rule = next(iter(broken))
        return Judgement("unsupported", rule, broken[rule], score)
    if score < cuts.low:
        return Judgement("unsupported", "score", (), score)
    if score < cuts.high or case.covered < cuts.covered:
        return Judgement("unsure", score=score)
    doubted = doubts(case)
    rule = next(iter(doubted), "")
    return Judgement("unsure" if rule else "supported", rule, doubted.get(rule, ()), score)


def prepare(sentence: str, quotes: Sequence[str], question: str = "", around: Sequence[str] = ()) -> Case:
    """A sentence and its evidence, read and compared."""
    text = read(sentence)
    evidence = gather(tuple(quotes), tuple(around), question)
    return Case(text, evidence, known(text, evidence), swaps(text, evidence.readings))


def breaches(case: Case) -> dict[str, tuple[str, ...]]:
    """The rules that a sentence breaks, in their order, with the offending words."""
    return {name: words for name, rule in RULES.items() if (words := rule(case))}


def doubts(case: Case) -> dict[str, tuple[str, ...]]:
    """What keeps a sentence that breaks no rule from being called supported, with the words."""
    return {name: words for name, doubt in DOUBTS.items() if (words := doubt(case))}


def _folded(text: str) -> str:
    """A text's words and signs in lower case, each between spaces: what must be alike for it to be verbatim."""
    return f" {' '.join(_PIECE.findall(visible(text).lower()))} "


@lru_cache(maxsize=2048)
def _wholes(quote: str) -> tuple[str, ...]:
    """The sentences of a quote, then the quote itself, folded."""
    cut = quote[: 8 * LONGEST]
    return tuple(dict.fromkeys([*(_folded(cut[a:b]) for a, b in sentences(cut)), _folded(cut)]))


def _verbatim(sentence: str, quote: str) -> bool:
    """Whether a sentence stands in a quote word by word and sign by sign, and nothing that turns it was cut off."""
    words = _folded(sentence)
    if not any(c.isalnum() for c in words):
        return False
    wholes = _wholes(quote)
    if words in wholes:
        return True
    for whole in wholes:
        at = whole.find(words)
        if at >= 0 and len(words.split()) >= PART:
            before, behind = whole[:at].split(), whole[at + len(words) :].split()
            beside = [*before[-1:], *behind[:1]]
            return not any(w in _CUT or w.endswith(("n't", "n’t")) for w in (*before, *behind)) and all(w.isalnum() for w in beside)
    return False
