"""Whether the wording of the options gives the key away: its length, its form, its grammar, words that promise too much."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from tutor.exam import Question
from tutor.ground.lexicon import HEDGES, UNIVERSALS
from tutor.questions.checks.parts import BLANK, asked, right, wrong
from tutor.questions.checks.stem import denials
from tutor.text import words

FACTOR: Final = 1.6
LONGER: Final = 20
"""A key is conspicuous that is this many times as long as the next option and this many characters longer."""
_ABSOLUTE: Final = frozenset("always never only all every none nothing everything must entirely completely solely".split()) & (
    UNIVERSALS | {"nothing", "everything", "solely"}
)
_VAGUE: Final = HEDGES & frozenset(
    "may might sometimes often usually typically generally commonly mostly mainly probably possibly perhaps tends tend normally frequently".split()
)
_ARTICLE: Final = re.compile(rf"\b(an?)\s+(?:{BLANK.pattern}\s*[.?]?\s*$|$)", re.IGNORECASE)
_BEFORE: Final = re.compile(rf"\b(an?)\s+{BLANK.pattern}")
_VOWEL: Final = re.compile(r"(?:[aeio]|u(?!n[ai]|s[eaiu]|r[ai]|t[ei])|hour|honest|honou?r|heir|[AEFHILMNORSX](?=[A-Z\d]))(?!ne\b|nce\b)")
_PLURAL: Final = re.compile(r"\bwhich\s+(?:two|three|four|of\s+\w+\s+)?[^?,]{0,40}?\b(are|were|do|have)\b", re.IGNORECASE)
_SINGULAR: Final = re.compile(r"\bwhich\s+[^?,]{0,40}?\b(is|was|does|has)\b", re.IGNORECASE)
_VERB: Final = re.compile(r"(?<!that )(?<!which )(?<!who )\b(?:is|are|was|were|has|have|must|can|cannot|may|should|will|needs?)\b")
STATEMENT: Final = 7
"""Words from which an option is a statement."""
NAME: Final = 4
"""Words up to which it is a name."""


def longest(question: Question) -> Iterator[str]:
    """The one right option is not conspicuously the longest."""
    keys, others = right(question), wrong(question)
    if len(keys) == 1 and others:
        mine, next_one = len(keys[0].text), max(len(o.text) for o in others)
        if mine > FACTOR * next_one and mine - next_one >= LONGER:
            yield f"The right option is by far the longest: {mine} characters, the next one {next_one}."


def article(question: Question) -> Iterator[str]:
    """An "a" or "an" before the blank or at the stem's end fits every option, so that it tells none of them."""
    found = _BEFORE.search(question.stem) or _ARTICLE.search(question.stem.rstrip(" :.?"))
    if found is None or not question.options:
        return
    wants = found.group(1).lower() == "an"
    for option in question.options:
        if bool(_VOWEL.match(option.text.strip())) != wants:
            yield f"The stem's “{found.group(1)}” does not fit the option {option.id}."


def agreement(question: Question) -> Iterator[str]:
    """The verb of the question does not agree in number with the right options alone."""
    keys, others = right(question), wrong(question)
    sentence = asked(question)
    plural = bool(_PLURAL.search(sentence)) and not _SINGULAR.search(sentence)
    singular = bool(_SINGULAR.search(sentence)) and not _PLURAL.search(sentence)
    if not keys or not others or not (plural or singular):
        return
    fits = [_several(o.text) == plural for o in keys]
    if all(fits) and not any(_several(o.text) == plural for o in others):
        yield "Only the right option agrees in number with the question."


def _several(text: str) -> bool:
    """Whether a name in lower case is a plural; names with capitals tell nothing and count as singular."""
    last = text.strip().rstrip(".").rpartition(" ")[2]
    return len(text.split()) <= NAME and last.islower() and last.endswith("s") and not last.endswith(("ss", "us", "is")) and len(last) > 3


_FORMS: Final[dict[str, Callable[[str], object]]] = {
    "a full stop at its end": lambda text: text.rstrip()[-1:] in (".", "!", "?"),
    "a capital letter at its start": lambda text: text[:1].isupper() if text[:1].isalpha() else None,
    "an article at its start": lambda text: bool(re.match(r"(?:a|an|the)\s", text, re.IGNORECASE)),
    "the form of a number": lambda text: bool(re.match(r"[^\w]*\d[\d,.]*\s*\S{0,12}$", text)),
}


def form(question: Question) -> Iterator[str]:
    """The right option does not stand out by its form, and names do not stand beside sentences."""
    keys, others = right(question), wrong(question)
    if len(keys) != 1 or len(others) < 2:
        return
    for told, read in _FORMS.items():
        mine, theirs = read(keys[0].text), {read(o.text) for o in others}
        if len(theirs) == 1 and mine not in theirs and None not in theirs | {mine} and _marked(told, question):
            yield f"Only the right option differs from the others in {told}."
    sizes = {o.id: len(words(o.text)) for o in (*keys, *others)}
    long = [one for one, size in sizes.items() if size >= STATEMENT]
    short = [one for one, size in sizes.items() if size <= 3]
    if len(long) + len(short) == len(sizes) and (len(long) == 1 or len(short) == 1) and max(sizes.values()) >= 3 * STATEMENT // 2:
        yield f"The option {(long if len(long) == 1 else short)[0]} has another form than the others: a statement beside names."


def _marked(told: str, question: Question) -> bool:
    """A capital tells something among statements only, an article among names and phrases without a verb."""
    if told.startswith("a capital"):
        return all(len(o.text.split()) >= STATEMENT for o in question.options)
    return not told.startswith("an article") or not any(_VERB.search(" ".join(o.text.split()[:8])) for o in question.options)


def absolutes(question: Question) -> Iterator[str]:
    """Words such as "always" and "never" do not mark the false options off, which are the key where the stem denies."""
    false, true = (right(question), wrong(question)) if denials(question) else (wrong(question), right(question))
    marked = [o.id for o in false if _ABSOLUTE & set(words(o.text))]
    if true and len(marked) > len(false) / 2 and not any(_ABSOLUTE & set(words(o.text)) for o in true):
        yield f"Words that allow no exception stand in false options only ({', '.join(marked)})."


def vague(question: Question) -> Iterator[str]:
    """Words such as "usually" do not stand in the right option alone, which they make safe to choose."""
    keys, others = right(question), wrong(question)
    if keys and others and all(_hedged(o.text) for o in keys) and not any(_hedged(o.text) for o in others):
        yield "Words that make a claim safe stand in the right option only."


def _hedged(text: str) -> bool:
    """Whether a claim is made safe; "may not" forbids, and "how often" counts."""
    return bool(_VAGUE & set(words(re.sub(r"\bmay not\b|\bhow (?:often|frequently)\b", " ", text, flags=re.IGNORECASE))))
