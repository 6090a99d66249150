"""Questions in, which of them are near-duplicates out: the same answer, asked in nearly the same words or of the same fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from tutor.exam import Question
from tutor.text import fold

ALIKE: Final = 0.75
"""The share of character triples in common from which two stems say nearly the same."""
SHARED: Final = 0.5
"""The share of members in common from which two keys are nearly the same."""


class Known:
    """Questions that are asked already, found again by what answers them."""

    def __init__(self) -> None:
        self._by_answer: dict[str, list[Question]] = defaultdict(list)

    def add(self, question: Question) -> None:
        """Remember a question."""
        for piece in _answer(question):
            self._by_answer[piece].append(question)

    def near(self, question: Question) -> bool:
        """Whether a near-duplicate of the question is known."""
        return self.twin(question) is not None

    def twin(self, question: Question) -> Question | None:
        """The near-duplicate that is known."""
        others = {other.id: other for piece in sorted(_answer(question)) for other in self._by_answer.get(piece, ())}
        return next((other for other in others.values() if alike(question, other)), None)


def duplicates(questions: Sequence[Question]) -> Iterator[str]:
    """No question is a near-duplicate of one before it."""
    known = Known()
    for question in questions:
        twin = known.twin(question)
        if twin is not None:
            yield f"The questions {twin.id[:12]} and {question.id[:12]} are near-duplicates."
        known.add(question)


def alike(left: Question, right: Question) -> bool:
    """Whether two questions are near-duplicates: nearly the same key, and nearly the same words or the same fact asked for."""
    a, b = _answer(left), _answer(right)
    if len(a & b) < SHARED * len(a | b):
        return False
    if likeness(f"{left.scenario} {left.stem}", f"{right.scenario} {right.stem}") >= ALIKE:
        return True
    told = _asked(left)
    return bool(told) and left.proof.asks == right.proof.asks and told == _asked(right)


@lru_cache(maxsize=4096)
def _answer(question: Question) -> frozenset[str]:
    """What answers a question, for comparing: the texts of its key, with their partners or places, or its reference."""
    texts = {o.id: fold(o.text) for o in question.options}
    prompts = {p.id: fold(p.text) for p in question.prompts}
    members = (f"{prompts.get(one[0], one[0])} = {texts.get(one[1], one[1])}" if isinstance(one, tuple) else texts.get(one, one) for one in question.key)
    return frozenset(members) or frozenset({fold(question.reference)})


def _asked(question: Question) -> frozenset[tuple[str, str, str]]:
    """The facts that make the key right; none where each option of the question is a fact of its own."""
    if question.kind in ("ordering", "matching") or question.proof.asks == "number":
        return frozenset()
    return frozenset((claim.thing, claim.attribute, claim.value) for r in question.proof.reasons if r.holds for claim in r.claims)


def likeness(left: str, right: str) -> float:
    """The share of character triples that two texts have in common, of all that either has (Jaccard), 0 to 1."""
    a, b = _triples(left), _triples(right)
    return len(a & b) / max(1, len(a | b))


@lru_cache(maxsize=4096)
def _triples(text: str) -> frozenset[str]:
    said = f" {fold(text)} "
    return frozenset(said[i : i + 3] for i in range(len(said) - 2))
