"""Marks in, what a learner is told out: what was missed or turned round, in the notes' words, and one short question back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tutor.exam import Mark
from tutor.grading import roles
from tutor.grading.known import Known
from tutor.ground.facts import Reading, read
from tutor.ground.overlap import known

SHOWN: Final = 160
"""Characters of a learner's words that are said back."""


def feedback(marks: Sequence[Mark]) -> str:
    """How many points are there, then for each that is not what the notes say, and where the answer says otherwise."""
    covered = sum(m.verdict == "covered" for m in marks)
    said = [f"{covered} of {len(marks)} points covered."]
    for mark in marks:
        words = _ended(mark.citation.quote if mark.citation else mark.key_point)
        if mark.verdict == "contradicted":
            said.append(f"You wrote “{_short(mark.evidence)}”; the notes say: {words}" if mark.evidence else f"The notes say otherwise: {words}")
        elif mark.verdict == "missed":
            said.append(f"Missing: {words}")
        elif mark.verdict == "partly":
            said.append(f"Only partly there: {words}")
    unsure = sum(m.verdict == "unsure" for m in marks)
    if unsure:
        said.append("One point could not be told." if unsure == 1 else f"{unsure} points could not be told.")
    return " ".join(said)


def follow_up(known_: Known, at: int, evidence: str) -> str:
    """One short question on a point that does not give it away: it names what the point is about where the question or the
    learner named it, or asks what the learner's own words mean."""
    subject = _subject(known_, at, evidence)
    if subject:
        return f"What else can you say about “{subject}”, in one sentence?"
    if evidence:
        return f"You wrote “{_short(evidence)}”. What exactly do you mean, and why is it so?"
    return "Something is still missing in your answer. What else belongs to it?"


def _subject(known_: Known, at: int, evidence: str) -> str:
    """The words that name what a point is about, if the question or the learner's words hold all of content among them."""
    point = known_.readings[at]
    first, _ = roles.head(point)
    marks = known(point, known_.given)
    learner = frozenset(read(evidence).stems) if evidence else frozenset()
    places = [i for i, (s, c) in enumerate(zip(point.stems, point.content, strict=True)) if c and s in first]
    while places and not (marks[places[-1]] or point.stems[places[-1]] in learner):
        places.pop()
    if not places or places != list(_content(point, places[0], places[-1])):
        return ""
    if not all(marks[i] or point.stems[i] in learner for i in places):
        return ""
    return " ".join(point.written[places[0] : places[-1] + 1])


def _content(point: Reading, first: int, last: int) -> Sequence[int]:
    return [i for i in range(first, last + 1) if point.content[i]]


def _short(text: str) -> str:
    plain = re.sub(r"\s+", " ", text).strip().rstrip(".")
    return plain if len(plain) <= SHOWN else plain[:SHOWN].rsplit(" ", 1)[0] + " …"


def _ended(text: str) -> str:
    plain = re.sub(r"\s+", " ", text).strip()
    return plain if plain.endswith((".", "!", "?")) else f"{plain}."
