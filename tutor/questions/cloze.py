"""Definitions and limits in, sentences with one blank out, which the learner fills in words of their own keyboard."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Final

from tutor.facts import Fact, Group
from tutor.questions.draft import Draft, Point
from tutor.questions.setting import Setting
from tutor.questions.wording import pronominal, topic, topics
from tutor.text import fold

COUNTS: Final = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
BLANK: Final = "____"
SHORTEST: Final = 8
LONGEST: Final = 40
"""Words of a sentence with its blank."""
_MEMBER: Final = re.compile(r"(?:an?|one|the) (?:[a-z]+ )?(?:alternative|way|example|option|choice|possibility|one)\b", re.IGNORECASE)
"""What marks one of several, and defines none."""
_DETERMINED: Final = re.compile(r"(?:an?|the|any|one) \S", re.IGNORECASE)
_FIGURE: Final = re.compile(r"(?<![\w.-])\d[\d,]*(?:\.\d+)?(?:\s?(?:%|[KMGT]i?B|ms|kB)(?!\w))?(?![\w-])")
_SHORT: Final = re.compile(r"^(.*?)\s*\(([^()]{1,40})\)$")


def blanks(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """The term that a definition leaves out, or the figure that a limit does."""
    facts = [f for f in group.facts if f.kind in ("definition", "number") and not _MEMBER.match(f.value)]
    rng.shuffle(facts)
    if re.search(r"\bhow to read\b", group.title, re.IGNORECASE):
        return  # a note's words about itself
    for fact in facts:
        whole = setting.told(fact)
        gap = _figure(fact.value) if fact.kind == "number" else fact.thing
        if not gap or not (
            setting.repeated(gap, fact) if fact.kind == "number" else (setting.known(gap) and setting.alone(fact) and _asked_alone(fact, group))
        ):
            continue
        text = _blanked(whole, gap)
        if not text and fact.kind == "definition":  # "Term: what it is"
            whole = text = f"{BLANK}: {fact.value.rstrip('.')}." if _DETERMINED.match(fact.value) else ""
        if (
            text
            and "stand for" not in text
            and SHORTEST <= len(text.split()) <= LONGEST
            and not pronominal(whole)
            and (fact.kind == "number" or not _hinted(fact.thing, text))
        ):
            point = Point(gap, fact, tuple(dict.fromkeys((*spellings(gap), *_shorter(gap, setting)))))
            told = "; ".join(filter(None, (_topic(fact, group, setting), _hint(gap) if fact.kind == "definition" else "")))
            stem = f"Fill in the blank{f' ({told})' if told else ''}: {text}"
            yield (
                Draft(
                    "cloze",
                    "blank",
                    "words",
                    stem,
                    about=fact.thing,
                    reference=gap,
                    points=(point,),
                    difficulty="medium" if fact.kind == "definition" else "hard",
                ),
            )


def _asked_alone(fact: Fact, group: Group) -> bool:
    """Whether a term means something outside its section: a common word does only where a list of terms has it."""
    return group.kind == "list" or " " in fact.thing or any(c.isupper() for c in fact.thing[1:])


def _hint(term: str) -> str:
    """With what the words of a term begin: several names of one thing are right, and one of them is asked for."""
    words = re.sub(r"\s*\([^()]*\)", "", term).split()
    begins = ", ".join(f"{w[0]}…" for w in words)
    return f"{COUNTS.get(len(words), str(len(words)))} word{'s' if len(words) > 1 else ''}: {begins}"


def _topic(fact: Fact, group: Group, setting: Setting) -> str:
    """The heading that tells what a sentence is about, where it does not give the blank away."""
    label = topic(group.title, setting.common)
    return "" if not label or topics(label) & topics(fact.thing) else f"topic: {label}"


def _figure(value: str) -> str:
    """The one figure of a value with its unit; "" where it has none, or several."""
    found = _FIGURE.findall(value)
    return found[0] if len(found) == 1 and len(re.findall(r"\d[\d,.]*", value)) == 1 else ""


def _shorter(term: str, setting: Setting) -> Iterator[str]:
    """What names a term as well: a part of it that the notes speak of too ("inference pipeline" for a serial one), its
    abbreviation, and what it abbreviates."""
    rest = term.partition(" ")[2]
    if inner := re.fullmatch(r"(.+?) \(([A-Z]{2,6})\) (.+)", term):
        yield from (f"{inner.group(2)} {inner.group(3)}", f"{inner.group(1)} {inner.group(3)}")
    elif " " in rest and setting.says(rest):
        yield rest
    yield from setting.otherwise(term)


def spellings(term: str) -> tuple[str, ...]:
    """Other ways to write a term: without what stands in brackets, the brackets' content, without the vendor's name."""
    match = _SHORT.match(term)
    found = [match.group(1), match.group(2)] if match else []
    found += [re.sub(r"^(?:Amazon|AWS)\s+", "", t) for t in (term, *found)]
    return tuple(t for t in dict.fromkeys(found) if t and t != term)


def _blanked(text: str, gap: str) -> str:
    """The text with one blank in the place of the words; "" where they stand in it otherwise than once."""
    found = list(re.finditer(rf"(?<![\w-]){re.escape(gap)}(?![\w-])", text))
    if len(found) != 1 and gap[:1].isupper():
        found = list(re.finditer(rf"(?<![\w-]){re.escape(gap)}(?![\w-])", text, re.IGNORECASE))
    if len(found) != 1:
        return ""
    start, end = found[0].span()
    before = re.sub(r"\b(a|an)$", "a(n)", text[:start].rstrip(), flags=re.IGNORECASE) if start else ""
    before = "A(n)" if before == "a(n)" else before
    return f"{before} {BLANK}{text[end:]}".strip()


def _hinted(term: str, text: str) -> bool:
    """Whether what is left of the sentence holds a word of the term."""
    return bool(topics(term) & topics(text)) or fold(term) in fold(text)
