"""A question or a grade in; what of it is shown, in which order, and the sentences beside it, out. For page and terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from tutor.exam import Grade, Mark, MarkVerdict, Question, QuestionKind, Verification
from tutor.text import fold
from tutor.types import Citation, Span

KINDS: Final[Mapping[QuestionKind, str]] = {
    "multiple_choice": "One answer",
    "multiple_response": "Several answers",
    "ordering": "In order",
    "matching": "Matching",
    "cloze": "Fill the blank",
    "free_text": "In your own words",
    "case_study": "Case study",
}
"""The kinds of question, for people."""
VERDICTS: Final[Mapping[MarkVerdict, str]] = {
    "covered": "Covered",
    "partly": "Partly",
    "missed": "Missing",
    "contradicted": "Contradicts your notes",
    "unsure": "Could not tell",
}
"""What a mark says, for people."""
Outcome = Literal["right", "partly", "wrong", "unknown"]
RESULTS: Final[Mapping[Outcome, str]] = {"right": "Right", "partly": "Partly right", "wrong": "Not right", "unknown": "Could not tell"}
"""How a grade came out, for people."""
NEARLY: Final = 0.999
"""The score from which an answer is right in full."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what is right and why: the ids of an option (and of its prompt) as `name`, what they say, whether it
    belongs to the key, why, and the numbers of the footnotes that hold it."""

    name: str
    text: str
    holds: bool
    why: str
    footnotes: tuple[int, ...]


def key(question: Question) -> str:
    """The key as letters: "C", "A, D", "1-B, 2-A"; what belongs there in full for a blank and for free text."""
    if not question.options:
        return question.reference
    return ", ".join(one if isinstance(one, str) else "-".join(one) for one in question.key)


def lines(question: Question) -> tuple[Line, ...]:
    """Options with the reason for each, in the order they stand in; steps and pairs as they belong; else the explanation."""
    shown = footnotes(question)
    numbers = {c.number: number(c, shown) for c in question.proof.citations}
    text = {o.id: o.text for o in question.options}
    if not question.options:
        return tuple(Line("", s.text, True, "", _shown(s.citations[:1], numbers)) for s in question.explanation)
    held = {r.option: _shown((c.citations[0] for c in r.claims if c.citations), numbers) for r in question.proof.reasons}
    if question.kind == "matching":
        prompts = {p.id: p.text for p in question.prompts}
        pairs = [one for one in question.key if isinstance(one, tuple)]
        return tuple(Line("-".join(pair), f"{prompts.get(pair[0], '')} – {text.get(pair[1], '')}", True, "", held.get(pair[1], ())) for pair in pairs)
    if question.kind == "ordering":
        return tuple(Line(one, text.get(one, ""), True, "", held.get(one, ())) for one in question.key if isinstance(one, str))
    why = {r.option: r.text for r in question.proof.reasons}
    return tuple(Line(o.id, o.text, o.id in question.key, why.get(o.id, ""), held.get(o.id, ())) for o in question.options)


def footnotes(question: Question) -> dict[int, Citation]:
    """The citations that are shown with a question, numbered anew in the order in which they are first: of each fact the
    words that hold it, and not those that only name its thing or its column."""
    if question.options:
        order = [o for one in question.key for o in ((one,) if isinstance(one, str) else one[1:])] if question.kind in ("ordering", "matching") else []
        reasons = {r.option: r for r in question.proof.reasons}
        shown = [c.citations[0] for o in order or [o.id for o in question.options] if o in reasons for c in reasons[o].claims if c.citations]
    else:
        shown = [s.citations[0] for s in question.explanation if s.citations]
    return _numbered(c for n in dict.fromkeys(shown) for c in question.proof.citations if c.number == n)


def cited(marks: Sequence[Mark]) -> dict[int, Citation]:
    """The places that marks name, each once, numbered in order."""
    return _numbered(dict.fromkeys(m.citation for m in marks if m.citation is not None))


def number(citation: Citation | None, shown: Mapping[int, Citation]) -> int:
    """The number under which a place is shown; 0 where it is not."""
    return next((n for n, c in shown.items() if citation is not None and _place(c) == _place(citation)), 0)


def told(mark: Mark, waiting: bool) -> str:
    """What a mark is on; not what the point says while its follow-up question waits for a reply, which that would give away."""
    return "One point is still open." if waiting and mark.verdict == "unsure" else mark.key_point


def addition(mark: Mark, waiting: bool) -> str:
    """What would have earned a point, "" where it was earned, where the point says it already, and while it is open."""
    same = mark.verdict == "covered" or fold(mark.addition) == fold(mark.key_point)
    return "" if same or (waiting and mark.verdict == "unsure") else mark.addition


def outcome(grade: Grade) -> Outcome:
    """How a grade came out; "unknown" is no grade."""
    if grade.score is None:
        return "unknown"
    return "right" if grade.score >= NEARLY else "partly" if grade.score > 0 else "wrong"


def result(question: Question, grade: Grade) -> str:
    """The outcome in words, with the share of the points where there are several to earn."""
    said = RESULTS[outcome(grade)]
    return f"{said} · {grade.score:.0%} of the points" if grade.score is not None and question.kind == "free_text" else said


def about(question: Question) -> str:
    """Kind, difficulty, and what of a course it serves."""
    return " · ".join([KINDS[question.kind], question.difficulty, *question.tags])


def evidence(attempt: str, marks: Sequence[Mark]) -> list[Span]:
    """Where in an attempt the words stand that marks name, in order and apart."""
    found = sorted((at, at + len(m.evidence)) for m in marks if m.evidence for at in [attempt.find(m.evidence)] if at >= 0)
    merged: list[Span] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def tally(outcomes: Sequence[Outcome | None]) -> str:
    """What came of a quiz, in a sentence; None stands for a question that was skipped. What could not be told is counted apart."""
    told = [o for o in outcomes if o in ("right", "partly", "wrong")]
    parts = [f"{told.count('right')} of {len(told)} right"] if told else ["Nothing was marked"]
    counts = {"partly right": told.count("partly"), "could not be told": outcomes.count("unknown"), "skipped": outcomes.count(None)}
    return f"{', '.join([*parts, *(f'{count} {text}' for text, count in counts.items() if count)])}."


def objection(verification: Verification) -> str:
    """Why a question is not shown, in a sentence; "" where it is valid."""
    if verification.status == "valid":
        return ""
    why = verification.findings[0].text if verification.findings else ""
    said = "Your notes have changed since this question was made" if verification.status == "stale" else "This question does not hold against your notes"
    return f"{said}{f': {why}' if why else '.'}"


def _numbered(citations: Iterable[Citation]) -> dict[int, Citation]:
    places: dict[tuple[str, int, int], Citation] = {}
    for citation in citations:
        places.setdefault(_place(citation), citation)
    return {n: replace(c, number=n) for n, c in enumerate(places.values(), 1)}


def _place(citation: Citation) -> tuple[str, int, int]:
    return citation.note, citation.start, citation.end


def _shown(citations: Iterable[int], numbers: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(numbers[n] for n in citations if numbers.get(n)))
