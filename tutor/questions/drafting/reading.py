"""A model's reply in, the question that it drafts out, in parts; ModelGarbled where the parts cannot be told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tutor import prompts
from tutor.errors import ModelGarbled
from tutor.replies import labelled_in

_CITING: Final = re.compile(r"(?P<text>.*?)[\s,;:–-]*[\[(]\s*(?P<id>\d{1,2}\.\d{1,3})\s*[\])]\s*(?P<stop>[.!]?)$", re.DOTALL)
_POINT: Final = re.compile(r"^\W*point (\d)\b", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cited:
    """Words and the id of the sentence that they rest on."""

    text: str
    id: str


@dataclass(frozen=True, slots=True)
class Case:
    """A question that tells a case: what is asked, the words that decide it, and the options, the right one first."""

    stem: str
    need: str
    options: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """A question that is answered in sentences, and what they should say."""

    stem: str
    points: tuple[Cited, ...]


def case(text: str) -> Case:
    """The case that a reply drafts."""
    lines = labelled_in(text, prompts.CASE)
    question, need, *options = prompts.CASE
    said = [_cited(label, lines[label]) for label in options]
    return Case(_line(lines[question]), _line(lines[need]).rstrip(".?"), tuple(Cited(o.text.rstrip("."), o.id) for o in said))


def account(text: str) -> Account:
    """The question and the points that a reply drafts, as many points as it has within bounds."""
    least, most = prompts.POINTS
    count = min(most, max([least, *(int(n) for n in _POINT.findall(text))]))
    labels = [f"Point {n}" for n in range(1, count + 1)]
    lines = labelled_in(text, ["Question", *labels])
    return Account(_line(lines["Question"]), tuple(_cited(label, lines[label]) for label in labels))


def _cited(label: str, value: str) -> Cited:
    found = _CITING.match(value)
    if found is None or not found["text"].strip():
        raise ModelGarbled(f'The line "{label}" does not end in the id of a sentence.')
    return Cited(_line(found["text"]) + (found["stop"] if not found["text"].rstrip().endswith((".", "!")) else ""), found["id"])


def _line(text: str) -> str:
    return " ".join(text.strip().strip('"“”').split())
