"""Whether a question has the parts that its kind needs: ids, keys, pairs, steps, a blank, key points."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from tutor.exam import Option, Question
from tutor.questions.checks.parts import BLANK, CHOICES, content, plain
from tutor.text import fold

LETTERS: Final = "ABCDEFGH"
_SIZES: Final = {
    "multiple_choice": (3, 6),
    "multiple_response": (4, 6),
    "case_study": (3, 6),
    "ordering": (3, 7),
    "matching": (3, 7),
    "cloze": (0, 6),
    "free_text": (0, 0),
}
_NUMBERS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_ASKED: Final = re.compile(r"\b(?:choose|select|pick|mark|name|which)\s+(one|two|three|four|[1-4])\b(?!\s+of\s+the\s+(?:two|three))", re.IGNORECASE)
_PLACED: Final = re.compile(
    r"(?:step\s+\d+\b|\d+[.):]\s|(?:first|second|third|fourth|fifth|next|then|finally|lastly|last|afterwards|to (?:begin|start) with)\b)", re.IGNORECASE
)
POINTS: Final = 6
"""Key points of one free text."""


def ids(question: Question) -> Iterator[str]:
    """Ids are A, B, C and so on in order, those of prompts 1, 2, 3: a key cannot then mean two options or none."""
    if [o.id for o in question.options] != list(LETTERS[: len(question.options)]):
        yield "The ids of the options are not A, B, C and so on, each once and in order."
    if [p.id for p in question.prompts] != [str(n) for n in range(1, len(question.prompts) + 1)]:
        yield "The ids of the prompts are not 1, 2, 3 and so on, each once and in order."


def number(question: Question) -> Iterator[str]:
    """As many options as the kind is asked with."""
    least, most = _SIZES[question.kind]
    if not least <= len(question.options) <= most or (question.kind == "cloze" and 0 < len(question.options) < 3):
        yield f"It has {len(question.options)} options; a question of this kind has {least} to {most}."


def key(question: Question) -> Iterator[str]:
    """The key names options, each once, and as many as are asked for."""
    named = [part for one in question.key for part in ((one,) if isinstance(one, str) else one[1:])]
    known = {o.id for o in question.options}
    for one in sorted(set(named) - known):
        yield f"The key names the option {one}, which there is not."
    if len(set(question.key)) != len(question.key):
        yield "The key names something twice."
    if (question.kind == "matching") != any(isinstance(one, tuple) for one in question.key):
        yield "The key's form does not fit the kind: pairs belong to matching, and to nothing else."
    wanted = _wanted(question)
    if not wanted[0] <= len(question.key) <= wanted[1]:
        yield f"The key has {len(question.key)} members; {_spoken(wanted)} asked for."


def _wanted(question: Question) -> tuple[int, int]:
    """The least and the most members of the key."""
    count = len(question.options)
    if question.kind in ("ordering", "matching"):
        size = count if question.kind == "ordering" else len(question.prompts)
        return size, size
    if question.kind in ("cloze", "free_text"):
        return (1, 1) if count else (0, 0)
    said = _ASKED.search(question.stem)
    if said:
        size = _NUMBERS[said.group(1).lower()]
        return size, size
    if question.kind == "multiple_response":
        return (2, count - 1) if re.search(r"\ball (?:that|which) apply\b", question.stem, re.IGNORECASE) else (0, -1)
    return 1, 1


def _spoken(wanted: tuple[int, int]) -> str:
    least, most = wanted
    return "how many is not" if most < 0 else f"{least} is" if least == most == 1 else f"{least} are" if least == most else f"{least} to {most} are"


def several(question: Question) -> Iterator[str]:
    """A multiple response asks for at least two and leaves at least one option wrong."""
    if question.kind == "multiple_response" and not 2 <= len(question.key) < len(question.options):
        yield "A multiple response has at least two right options and at least one wrong one."


def matching(question: Question) -> Iterator[str]:
    """Each prompt has one option and each option one prompt."""
    if question.kind != "matching":
        if question.prompts:
            yield "It has prompts, which only a matching has."
        return
    pairs = [one for one in question.key if isinstance(one, tuple)]
    for told, side, all_ids in (("prompt", 0, [p.id for p in question.prompts]), ("option", 1, [o.id for o in question.options])):
        if sorted(pair[side] for pair in pairs) != sorted(all_ids):
            yield f"Not every {told} is in exactly one pair of the key."
    if len({fold(p.text) for p in question.prompts}) != len(question.prompts):
        yield "Two prompts are the same."
    for prompt, option in _pairs(question, pairs):
        if len(plain(option.text)) > 4 and (plain(option.text) in plain(prompt.text) or plain(prompt.text) in plain(option.text)):
            yield f"The prompt {prompt.id} and its option {option.id} hold the same words."


def _pairs(question: Question, pairs: list[tuple[str, str]]) -> Iterator[tuple[Option, Option]]:
    prompts, options = {p.id: p for p in question.prompts}, {o.id: o for o in question.options}
    return ((prompts[a], options[b]) for a, b in pairs if a in prompts and b in options)


def ordering(question: Question) -> Iterator[str]:
    """Steps do not say their own place; one that points back to another is no give-away."""
    if question.kind != "ordering":
        return
    for option in question.options:
        if _PLACED.match(option.text.strip()):
            yield f"The step {option.id} says which place it has."
    if [o.id for o in question.options] == list(question.key):
        yield "The steps stand in their order already."


def cloze(question: Question) -> Iterator[str]:
    """One blank, and the word that fills it nowhere else in the sentence."""
    blanks = len(BLANK.findall(question.stem))
    if question.kind != "cloze":
        if blanks > 1 or (blanks and question.kind in ("free_text", "ordering", "matching")):
            yield "The stem has a blank that nothing fills."
        return
    if blanks != 1:
        yield f"The sentence has {blanks} blanks; a cloze has exactly one."
    filling = _filling(question)
    if not filling.strip():
        yield "Nothing is given to fill the blank with."
    elif plain(filling) in plain(question.stem) or (content(filling) and content(filling) <= content(question.stem)):
        yield "What fills the blank stands elsewhere in the sentence."


def _filling(question: Question) -> str:
    return next((o.text for o in question.options if o.id in question.key), question.reference)


def points(question: Question) -> Iterator[str]:
    """A free text has one to six key points, each with a citation that the proof has and said by the reference."""
    if question.kind != "free_text":
        return
    if not 1 <= len(question.key_points) <= POINTS:
        yield f"It has {len(question.key_points)} key points; a free text has 1 to {POINTS}."
    numbers = {c.number for c in question.proof.citations}
    said = content(question.reference)
    for count, point in enumerate(question.key_points, 1):
        if not point.citations or not set(point.citations) <= numbers:
            yield f"Key point {count} cites nothing of the proof."
        words = content(point.text)
        if not words or len(words & said) < 0.7 * len(words):
            yield f"The reference does not say key point {count}."
    doubled = [t for t, n in Counter(fold(p.text) for p in question.key_points).items() if n > 1]
    if doubled:
        yield "Two key points are the same."


def scenario(question: Question) -> Iterator[str]:
    """A case study has a scenario, and something to say in it."""
    if question.kind == "case_study" and len(question.scenario.split()) < 12:
        yield "A case study needs a scenario of at least 12 words."


def chosen(question: Question) -> bool:
    """Whether it is answered by choosing among options."""
    return question.kind in CHOICES
