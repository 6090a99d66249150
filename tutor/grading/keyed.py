"""A question with a key and what a learner chose in, a grade out: right or wrong where one thing is asked for, by places
and pairs where several are."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

from tutor.errors import InputError
from tutor.exam import Grade, Mark, Question
from tutor.grading.filled import LONGEST, fills
from tutor.text import fold
from tutor.types import Citation

Chosen = tuple[str, ...] | tuple[tuple[str, str], ...]
"""Ids of options; in their order (ordering), as pairs of a prompt's and an option's id (matching), or the words that
were written into a blank, as one."""

_FORMS: Final = {
    "multiple_response": "the letters of the options, such as A C",
    "ordering": "the letters of all options in their order, such as B A C",
    "matching": "a letter for each number, such as 1-B 2-A 3-C",
}
_EACH: Final = {"ordering": "each option once", "matching": "an option for each entry"}
_COUNTED: Final = ("no option", "one option", "two options", "three options", "four options", "five options", "six options")


def is_keyed(question: Question) -> bool:
    """Whether a question is marked by its key; free text is marked by key points."""
    return question.kind != "free_text"


def is_filled(question: Question) -> bool:
    """Whether it is answered by writing a word into a blank."""
    return question.kind == "cloze" and not question.options


def chosen(question: Question, attempt: str) -> Chosen:
    """What an attempt chooses, as typed: "C", "A and D", "b, a, c", "1-B 2-A", an option's own words. Raises InputError for
    words that choose nothing."""
    text = attempt.strip()
    if is_filled(question):
        return (text,)
    if len(text) > LONGEST:
        raise InputError(f"Answer with {_form(question)}; that were {len(text):,} characters.")
    by_text = [o.id for o in question.options if o.text.strip().casefold() == text.casefold()]
    if len(by_text) == 1 and question.kind not in ("ordering", "matching"):
        return (by_text[0],)
    bare = re.sub(r"\b(?:and|then|the|answers?|options?|is|are)\b", " ", text, flags=re.IGNORECASE)
    if question.kind == "matching" and (pairs := re.findall(r"(\w+)\s*(?:[-=:.)>–→]|->|\s)\s*([A-Za-z])\b", bare)) and re.search(r"\d", bare):
        return tuple((prompt, option.upper()) for prompt, option in pairs)
    letters = re.findall(r"[^\W_]+", bare.upper())
    if len(letters) == 1 and len(letters[0]) > 1 and question.kind in _FORMS and set(letters[0]) <= {o.id for o in question.options}:
        letters = list(letters[0])  # "ACD"
    if not letters or any(len(letter) > 1 for letter in letters):
        raise InputError(f"Answer with {_form(question)}.")
    if question.kind == "matching":
        return tuple(zip((p.id for p in question.prompts), letters, strict=False))
    return tuple(letters)


def written(chosen: Chosen) -> str:
    """What was chosen, as an attempt that `chosen` reads back."""
    return " ".join(one if isinstance(one, str) else f"{one[0]}-{one[1]}" for one in chosen)


def keyed(question: Question, chosen: Chosen, words: Container[str] = ()) -> Grade:
    """Mark what was chosen by the key. The score is 1 or 0; of an ordering it is the share of steps in their places, of a
    matching that of right pairs. `words` are those that the notes use, as in `filled.fills`.

    Raises InputError for a free-text question, an option that there is not, and as many as are not asked for.
    """
    if not is_keyed(question):
        raise InputError("This question has no key: answer it in a few sentences.")
    if is_filled(question):
        return _filled(question, "".join(map(str, chosen)), words)
    _check(question, chosen)
    key = list(question.key)
    if question.kind == "matching":
        right = [pair for pair in key if pair in chosen]
        marks = tuple(_mark(question, pair[1], pair in chosen, _partner(chosen, pair[0])) for pair in key if isinstance(pair, tuple))
        return Grade(len(right) / len(key), marks, _said(len(right), len(key), "pairs", "matched", question))
    ids = [one for one in key if isinstance(one, str)]
    if question.kind == "ordering":
        placed = [one for one, here in zip(ids, chosen, strict=True) if one == here]
        marks = tuple(_mark(question, one, one == here, str(here)) for one, here in zip(ids, chosen, strict=True))
        return Grade(len(placed) / len(ids), marks, _said(len(placed), len(ids), "steps", "in place", question))
    found = [one for one in ids if one in chosen]
    stray = [str(one) for one in chosen if one not in ids]
    marks = tuple(_mark(question, one, one in chosen, one if one in chosen else "") for one in ids)
    marks += tuple(Mark(_text(question, one), "contradicted", one, _place(question, one), confidence=1.0) for one in stray if len(ids) > 1)
    return Grade(float(found == ids), marks, _said(len(found), len(ids), "answers", "found", question))


def _check(question: Question, chosen: Chosen) -> None:
    """Raise InputError where the choice is none that could be right or wrong."""
    ids = {o.id for o in question.options}
    options = [one if isinstance(one, str) else one[1] for one in chosen]
    for one in options:
        if one not in ids:
            raise InputError(f"There is no option {one[:20]}; answer with {_form(question)}.")
    if question.kind == "matching" and {one[0] for one in chosen} - {p.id for p in question.prompts}:
        raise InputError(f"Answer with {_form(question)}; the numbers are those of the question.")
    wanted = len(question.key)
    told = [one if isinstance(one, str) else one[0] for one in chosen]
    if len(told) != wanted or len(set(told)) != wanted:
        number = _COUNTED[wanted] if wanted < len(_COUNTED) else f"{wanted} options"
        raise InputError(f"Choose {_EACH.get(question.kind, number)}.")


def _filled(question: Question, text: str, words: Container[str]) -> Grade:
    accepted = [question.reference, *(t for p in question.key_points for t in (p.text, *p.accepted))]
    right = fills(text, list(dict.fromkeys(t for t in accepted if t)), question.stem, words)
    point = question.key_points[0].text if question.key_points else question.reference
    numbers = question.key_points[0].citations if question.key_points else ()
    mark = Mark(point, "covered" if right else "missed", text.strip() if right else "", _cited(question, numbers), "" if right else point, 1.0)
    said = "Right." if fold(text) == fold(point) else f"Right; your notes write “{point}”."
    return Grade(float(right), (mark,), said if right else f"Not right: what belongs there is “{point}”.")


def _mark(question: Question, one: str, right: bool, chosen: str) -> Mark:
    text = _text(question, one)
    return Mark(text, "covered" if right else "missed", chosen, _place(question, one), "" if right else text, 1.0)


def _said(right: int, of: int, things: str, how: str, question: Question) -> str:
    """The result in a sentence, and the key where it was not met."""
    if right == of:
        return "Right."
    key = ", ".join(written((one,)) if isinstance(one, str) else f"{one[0]}-{one[1]}" for one in question.key)
    told = {"ordering": "the order is", "matching": "they belong together as"}.get(question.kind, "the answer is" if of == 1 else "the answers are")
    count = f"{right} of {of} {things} {how}; " if of > 1 else ""
    return f"Not right: {count}{told} {key}."


def _form(question: Question) -> str:
    return _FORMS.get(question.kind, "the letter of one option, such as B")


def _partner(chosen: Chosen, prompt: str) -> str:
    return next((one[1] for one in chosen if isinstance(one, tuple) and one[0] == prompt), "")


def _text(question: Question, one: str) -> str:
    return next((o.text for o in question.options if o.id == one), one)


def _place(question: Question, one: str) -> Citation | None:
    """Where the notes settle an option."""
    claim = next((c for r in question.proof.reasons if r.option == one for c in r.claims), None)
    return _cited(question, claim.citations) if claim else None


def _cited(question: Question, numbers: tuple[int, ...]) -> Citation | None:
    return next((c for n in numbers[:1] for c in question.proof.citations if c.number == n), None)
