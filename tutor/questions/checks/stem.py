"""Whether a stem asks its question plainly: negations seen, the key not given away, the needs told and grounded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tutor.exam import Question
from tutor.questions.checks.parts import CHOICES, asked, content, plain, right, unmade, wrong
from tutor.text import fold

_DENIAL: Final = re.compile(
    r"(?<![\w*])(?P<mark>\*{0,2})(?P<word>not|except|least|never|cannot|can't|isn't|aren't|doesn't|don't|won't|neither|nor|worst|unsuitable|inappropriate|incorrect|false|untrue|wrong)\b",
    re.IGNORECASE,
)
_WRONG: Final = frozenset("wrong false incorrect untrue".split())
_ASKS: Final = re.compile(r"\b(?:which|what|who|where|when|how|choose|select|pick|mark|name)\b", re.IGNORECASE)
_DEMAND: Final = re.compile(r"\s*(?:choose|select|pick|name|mark)\b", re.IGNORECASE)
_ASIDE: Final = re.compile(
    r"\b(?:if|when|because|although|whether)\b[^,?]*$|\b(?:but|and|so|that|who)\s+(?:(?:it|they)\s+)?(?:(?:does|do|is|are|can|will|must|should|needs?)\s+)?$",
    re.IGNORECASE,
)
_OF_OPTIONS: Final = re.compile(r"\b(?:is|are|statements?|claims?|options?|answers?)\s+(?:\w+\s+)?$")
LETTERS: Final = 4
"""Characters from which a word of the key that the stem shares gives it away."""
NAME: Final = 6
"""Content words up to which a key is a name, of which one word gives it away."""


@dataclass(frozen=True, slots=True)
class Denial:
    """A word that turns a question, and whether it stands in capitals or bold."""

    word: str
    emphasised: bool


def denials(question: Question) -> list[Denial]:
    """What turns the question: denials of the sentence that asks, other than those of its needs and of what it is about,
    which are the notes' own, and of its conditions. A sentence to be completed or a demand for an account has none."""
    if "?" not in question.stem and not _DEMAND.match(asked(question)):
        return []
    text = re.sub(r"\bat least\b|[“\"][^”\"]*[”\"]", " ", asked(question), flags=re.IGNORECASE)
    for own in (*(n.text for n in question.proof.needs), *(n.value for n in question.proof.needs), question.proof.about):
        if len(own) > 3:
            text = re.sub(re.escape(own.strip().rstrip(".")), " ", text, flags=re.IGNORECASE)
    found = [m for m in _DENIAL.finditer(text) if _turns(text, m)]
    found = list(_DENIAL.finditer(text)) if found else []  # whoever reads one denial stumbles over the next, wherever it stands
    return [Denial(m["word"], m["word"].isupper() or m["mark"] == "**") for m in found]


def _turns(text: str, match: re.Match[str]) -> bool:
    """Whether a denial is the question's own: "which ... is not", and neither "what happens if" nor "a label is wrong"."""
    before = text[: match.start()]
    if _ASIDE.search(before):
        return False
    return bool(_OF_OPTIONS.search(before)) if match["word"].lower() in _WRONG else bool(_ASKS.search(text))


def negation(question: Question) -> Iterator[str]:
    """What turns the question stands in capitals or bold, once, and not over an option that denies as well."""
    found = denials(question)
    for denial in found:
        if not denial.emphasised:
            yield f"The stem's “{denial.word}” turns the question and is not emphasised."
    if len(found) > 1:
        yield "The stem denies twice."
    judged = right(question) if question.proof.asks == "statement" else question.options
    if found and any(_DENIAL.search(o.text) for o in judged):
        yield "The stem denies, and so does an option."


def leak(question: Question) -> Iterator[str]:
    """The stem holds neither the key nor a word that marks it off from every other option."""
    if question.kind not in CHOICES or question.proof.asks == "number":
        return  # a number may be given and found; that the stem has none but those it computes with is for the proof
    told = plain(f"{question.scenario} {question.stem}")
    words = content(" ".join((question.stem, *(n.text for n in question.proof.needs))) if question.proof.needs else told)
    others = frozenset[str]().union(*(content(unmade(o.text)) for o in wrong(question)))
    held = sum(plain(o.text) in told for o in wrong(question))
    for option in right(question):
        if fold(option.text) and plain(option.text) in told and held < len(wrong(question)):
            yield f"The stem holds the option {option.id}, which is right."
            continue
        own = content(unmade(option.text))
        given = sorted(w for w in (own & words) - others if len(w) >= LETTERS)
        if given and (len(own) <= NAME or len(given) >= 0.5 * len(own)):
            yield f"The stem shares with the right option {option.id}, and with no other, the word “{given[0]}”."


def length(question: Question) -> Iterator[str]:
    """5 to 90 words of stem, 4 where it asks for an account, at most 40 an option, at most 200 of scenario."""
    words, least = len(question.stem.split()), 4 if question.kind == "free_text" else 5
    if not least <= words <= 90:
        yield f"The stem has {words} words; {least} to 90 can be read."
    for option in (*question.options, *question.prompts):
        if len(option.text.split()) > 40:
            yield f"The option {option.id} has {len(option.text.split())} words; at most 40 can be compared."
    if len(question.scenario.split()) > 200:
        yield f"The scenario has {len(question.scenario.split())} words; at most 200 can be read."


def needs(question: Question) -> Iterator[str]:
    """Every need is said word for word in the stem or the scenario."""
    told = " ".join(f"{question.scenario} {question.stem}".lower().split())
    for count, need in enumerate(question.proof.needs, 1):
        if not need.text.strip() or " ".join(need.text.lower().split()) not in told:
            yield f"The stem does not say need {count}, “{need.text[:60]}”."


def answerable(question: Question) -> Iterator[str]:
    """The words of the needs and of the key's claims stand in the quotes that these claims cite."""
    if question.proof.asks == "number":
        return
    quotes = {c.number: f"{c.quote} {' '.join(c.heading)}" for c in question.proof.citations}
    keyed = [claim for r in question.proof.reasons if r.holds for claim in r.claims]
    cited = content(" ".join(quotes.get(n, "") for claim in keyed for n in claim.citations))
    for count, need in enumerate(question.proof.needs, 1):
        words = content(need.value)
        if keyed and len(words & cited) < 0.8 * len(words):
            yield f"The words of need {count} do not stand in what the key cites."
    for claim in keyed:
        words, held = content(claim.value), content(" ".join(quotes.get(n, "") for n in claim.citations))
        if len(words & held) < 0.8 * len(words):
            yield f"What the key claims, “{claim.value[:60]}”, does not stand in what it cites."
