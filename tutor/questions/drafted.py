"""A question in a model's words and the notes in, what keeps the notes from proving it out: what claims and checks cannot see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from tutor.exam import Claim, Option, Question
from tutor.facts import Fact, Matrix, same
from tutor.ground import judge
from tutor.ground.lexicon import NEGATORS
from tutor.index import Index
from tutor.questions.rivals import alike
from tutor.questions.wording import topics
from tutor.text import fold, sentences, stem, words
from tutor.types import Citation, Passage, Unit

FOLLOWS: Final = ("exact", "supported")
TELLS: Final = 3
"""Terms from which a need, a key point or a wrong option's sentence says enough to single something out."""
TOLD: Final = 0.5
"""The share of a text's terms in another one from which the two may speak of the same."""
MEETS: Final = 0.8
"""The share of the terms of what is said of a wrong option from which the stem tells that option's case as well."""
_MAKER: Final = frozenset("a an the amazon aws apache microsoft google azure".split())
_REJECTS: Final = NEGATORS | frozenset("avoid wrong poor bad unlike instead rather except misconception myth false mistake".split())
_FOREIGN: Final = re.compile(r"https?:|www\.|\S@\S|\[\d{1,2}(?:\.\d{1,3})?\]", re.IGNORECASE)
_NAME: Final = re.compile(r"\b(?=\w*[A-Z]\w*[A-Z])[A-Za-z][\w-]+")


def doubts(question: Question, index: Index, matrix: Matrix) -> Iterator[str]:
    """What speaks against a model's question, in sentences; none of it is asked of a question that code made.

    The stem brings nothing foreign with it. Of a choice: what decides it is what the key's sentence says, that sentence
    is about the key, and none that names another option says as much of that one. Of a free text: it asks for what its
    points tell, and does not tell them.
    """
    if _FOREIGN.search(question.stem):
        yield "The question holds a link, an address or an id."
    texts = [n.text for n in index.notes.values()]
    for name in sorted({m.group() for m in _NAME.finditer(question.stem)}):
        if not any(name in text for text in texts):
            yield f"The question names {name[:40]}, which the notes never do."
    if question.proof.asks == "thing":
        yield from _decided(question, index, matrix)
    elif question.kind == "free_text":
        yield from _answered(question)


def naming(name: str, text: str) -> str:
    """The words of a text that name a thing, in any number and case and with or without its maker; "" where none do."""
    wanted = _stems(name)
    if not wanted or not all(w[:-1] in text.lower() for w in wanted):  # spares most texts their words
        return ""
    found = list(re.finditer(r"[^\W_]+", text))
    stems = [stem(m.group().lower()) for m in found]
    at = next((i for i in range(len(stems) - len(wanted) + 1) if stems[i : i + len(wanted)] == wanted), -1)
    return text[found[at].start() : found[at + len(wanted) - 1].end()] if at >= 0 else ""


@lru_cache(maxsize=1024)
def _stems(name: str) -> list[str]:
    """The stems of a name's words, without its maker."""
    stems = [stem(w) for w in fold(name).split()]
    while len(stems) > 1 and stems[0] in _MAKER:
        del stems[0]
    return stems


def _decided(question: Question, index: Index, matrix: Matrix) -> Iterator[str]:
    """Whether the need is the key's alone."""
    options = {o.id: o for o in question.options}
    for need in question.proof.needs:
        if len(topics(need.text)) < TELLS:
            yield f"The need “{need.text[:60]}” says too little to decide anything."
        for said in (question.stem[a:b].lower() for a, b in sentences(question.stem)):
            if need.text.lower() in said and NEGATORS & set(words(said.replace(need.text.lower(), " "))):
                yield f"The question denies something beside the need “{need.text[:60]}”."
    for reason in question.proof.reasons:
        for claim in reason.claims:
            if reason.holds:
                yield from _keyed(options[reason.option], claim, question, matrix)
            else:
                yield from _apart(options[reason.option], claim, question)
    for option, found in _meeting(question, index, matrix).items():
        yield f"The option {option} meets the need as well: the notes say “{found[:80]}”."


def _keyed(option: Option, claim: Claim, question: Question, matrix: Matrix) -> Iterator[str]:
    """Whether the key's sentence says the need, and says it of the key."""
    cited = [c for c in question.proof.citations if c.number in claim.citations]
    for need in question.proof.needs:
        denied = NEGATORS & set(words(need.text)) - set(words(claim.value))
        if denied or not _says(claim.value, need.text, cited):
            yield f"The sentence of the option {option.id} does not say that “{need.text[:60]}”."
        if _REJECTS & set(words(claim.value)) - set(words(need.text)) and not _taken(option, cited, matrix):
            yield f"The sentence of the option {option.id} denies or warns, and may not be in its favour."
    if not _taken(option, cited, matrix):
        if any(o != option and naming(o.text, claim.value) for o in question.options):
            yield f"The sentence of the option {option.id} names another option as well."
        place = claim.value.find(naming(option.text, claim.value))
        if place > len(claim.value) / 2:
            yield f"The sentence of the option {option.id} is about something else, and only mentions it."


def _says(told: str, need: str, cited: Sequence[Citation]) -> bool:
    """Whether a sentence says a need, in the same words or in others."""
    return fold(need) in fold(told) or judge(need, [c.quote for c in cited], "", [h for c in cited for h in c.heading]).verdict in FOLLOWS


def _taken(option: Option, cited: Sequence[Citation], matrix: Matrix) -> bool:
    """Whether the fact matrix reads a cited sentence as one in favour of the option."""
    facts = [f for f in _facts(matrix, cited) if f.kind in ("avoid", "choose", "purpose", "definition", "cell", "number")]
    return bool(facts) and all(same(option.text, f.other if f.kind == "avoid" else f.thing) for f in facts)


def _facts(matrix: Matrix, cited: Sequence[Citation]) -> list[Fact]:
    notes = {c.note for c in cited}
    return [
        f
        for g in matrix.groups.values()
        if g.note in notes
        for f in g.facts
        if any(c.note == f.note and c.start <= f.at[0] and f.at[1] <= c.end for c in cited)
    ]


def _apart(option: Option, claim: Claim, question: Question) -> Iterator[str]:
    """Whether what refutes a wrong option says something, and the stem does not say the same."""
    said = topics(claim.value) - topics(option.text)
    if len(said) < TELLS - 1:
        yield f"The sentence of the option {option.id} says too little to show that it is wrong."
    told = topics(f"{question.scenario} {question.stem}")
    if said and len(said & told) >= MEETS * len(said):
        yield f"The question also tells what the notes say of the option {option.id}."


def _meeting(question: Question, index: Index, matrix: Matrix) -> dict[str, str]:
    """The wrong options that meet a need by a sentence of the notes, with that sentence."""
    key = next(o for o in question.options if o.id in question.key)
    wrong = [o for o in question.options if o != key]
    found: dict[str, str] = {}
    for passage in index.passages:
        low = passage.text.lower()
        for option in (o for o in wrong if o.id not in found):
            headed = bool(naming(option.text, passage.heading[-1])) if passage.heading else False
            if headed or all(w[:-1] in low for w in _stems(option.text)):
                said = next((u for u in _said_of(option, headed, passage, index) if _meets(u, key, passage, question, index, matrix)), None)
                if said:
                    found[option.id] = " ".join(index.notes[passage.note].text[said.start : said.end].split())
    return found


def _said_of(option: Option, headed: bool, passage: Passage, index: Index) -> Iterator[Unit]:
    """The sentences of a passage that are about an option: all of those under its heading, and those that name it."""
    text = index.notes[passage.note].text
    return (u for u in passage.units if u.kind != "code" and (headed or naming(option.text, text[u.start : u.end])))


def _meets(unit: Unit, key: Option, passage: Passage, question: Question, index: Index, matrix: Matrix) -> bool:
    """Whether a sentence that is about a wrong option says a need, and is not one of the key's."""
    text = index.notes[passage.note].text
    said = text[unit.start : unit.end]
    label = [text[slice(*unit.label)]] if unit.label else []
    if not any(alike(n.text, said) >= TOLD and judge(n.text, [said, *label], "", passage.heading).verdict in FOLLOWS for n in question.proof.needs):
        return False
    if any(c.note == passage.note and (c.start, c.end) == (unit.start, unit.end) for c in _keys(question)):
        return False
    return not (naming(key.text, said) and _of_key(key, passage, unit, matrix))


def _keys(question: Question) -> list[Citation]:
    """The citations that make the key right."""
    numbers = {n for r in question.proof.reasons if r.holds for k in r.claims for n in k.citations}
    return [c for c in question.proof.citations if c.number in numbers]


def _of_key(key: Option, passage: Passage, unit: Unit, matrix: Matrix) -> bool:
    """Whether the fact matrix reads a sentence that names both as one about the key."""
    place = Citation(1, passage.note, passage.heading, None, unit.start, unit.end, "")
    return _taken(key, (place,), matrix)


def _answered(question: Question) -> Iterator[str]:
    """Whether a free text asks for what its points tell, and does not tell it."""
    asked = topics(question.stem)
    held = topics(" ".join(f"{c.quote} {' '.join(c.heading)}" for c in question.proof.citations))
    if len(asked & held) < TOLD * len(asked):
        yield "The question asks for something else than its points tell."
    for count, point in enumerate(question.key_points, 1):
        said = " ".join(f"{c.quote} {' '.join(c.heading)}" for c in question.proof.citations if c.number in point.citations)
        own = topics(point.text) - topics(said)
        if own:  # a learner is marked by it: no word of the model's stands in for one of the notes
            yield f"Key point {count} has words that its sentence does not have: {', '.join(sorted(own))}."
        if len(topics(point.text) - asked) < TELLS - 1:
            yield f"The question says key point {count} itself."
        for other in question.key_points[: count - 1]:
            if alike(point.text, other.text) >= MEETS:
                yield f"Key point {count} says what one before it says."
