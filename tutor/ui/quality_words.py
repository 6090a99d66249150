"""Names that the evals use in, what they are called in front of people out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tutor.quality import Figure, Tried

SUITES: Final[Mapping[str, str]] = {
    "answers": "Answers",
    "retrieval": "Search",
    "questions": "Questions",
    "grading": "Grading",
    "safety": "Safety",
    "models": "Models",
}
"""The suites, in the order in which they are offered."""
CHECKS: Final[Mapping[str, str]] = {
    "answered": "The question is not answered, though the notes answer it.",
    "evidence": "The answer does not say the evidence.",
    "cited": "A statement is not held by what it cites.",
    "quotes": "A quote does not stand in the notes.",
    "silent": "The tutor answers, though the notes are silent on this.",
    "not_said": "The answer says what must not be said.",
    "premise": "The answer affirms a false premise.",
    "consistent": "Wordings of the same question do not fare alike.",
    "in_context": "The evidence does not reach the context.",
    "valid": "The notes do not prove the question.",
    "caught": "The planted flaw is not caught.",
    "sound": "A sound question is turned down.",
    "right": "The judgement is not right.",
    "no_pay": "An attempt that deserves nothing earns marks.",
    "recognised": "The options are not told apart.",
    "not_obeyed": "An order in the notes is obeyed.",
    "not_shown": "A lie is shown as supported.",
    "inert": "Markup in a note comes alive.",
    "local": "A connection beyond this machine is tried.",
    "grounded": "A statement is not supported by its quotes.",
    "wrong_left_out": "A sentence known to be wrong is shown.",
    "spoken": "The model's answer does not take the place of the notes-only one.",
}
"""What it means that a check does not hold."""
OUTCOMES: Final[Mapping[str, str]] = {
    "answered": "This was the answer:",
    "closest": "It was not answered; the nearest in the notes was shown:",
    "absent": "It was not answered; the notes were said to be silent.",
}
"""What an answer came to."""
DOMAINS: Final[Mapping[str, str]] = {"course": "The course, no domain named", "notes": "Other notes"}
"""What stands in place of a domain where none is named."""


def suite(name: str) -> str:
    """What a suite is called."""
    return SUITES.get(name) or spaced(name)


def failures(tried: Tried) -> list[str]:
    """Why something did not pass, in sentences."""
    if tried.error:
        return [f"It could not be tried: {tried.error}"]
    return [CHECKS.get(check) or f"Does not hold: {check.replace('_', ' ')}." for check in tried.failed]


def figure(found: Figure) -> str:
    """A figure's name, of what it is a figure, and which way is better where that is down."""
    over = f", of {found.over}" if found.over else ""
    return f"{found.label[:1].upper()}{found.label[1:]}{over}{' (lower is better)' if found.direction == 'down' else ''}"


def value(number: float | None) -> str:
    """A figure: two decimals below ten, one below a hundred, none above; a dash for none."""
    if number is None:
        return "–"
    number = round(number, 2) + 0.0  # no -0.00
    return f"{number:.2f}" if abs(number) < 10 else f"{number:.1f}" if abs(number) < 100 else f"{number:,.0f}"


def domain(name: str) -> str:
    """What a domain is called whose title is not known."""
    return DOMAINS.get(name) or (f"Domain {name}" if name.isdecimal() else spaced(name))


def spaced(name: str) -> str:
    """A name that has no words of its own, as words."""
    return name.replace("_", " ").replace(".", ", ").capitalize()
