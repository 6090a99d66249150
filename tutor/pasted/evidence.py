"""A pasted question and an index in; for each option what the notes say of it, for it and against it, out.

Rules of English form and of tables; of subjects only the names of vendors are known, and a few words of every technical exam.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tutor.embed import QuestionEncoder
from tutor.extractive.teacher import columns
from tutor.index import Index
from tutor.pasted.reading import Pasted
from tutor.question import GENERIC
from tutor.text import content_words, terms, visible
from tutor.types import Passage, Unit

PASSAGES: Final = 12
"""Passages of an option that are read."""
LOOKED: Final = 48
"""Passages that are looked at for that."""
NAMED: Final = 0.6
"""The share of an option's words, by weight, from which a text is about it."""
HEADED: Final = 0.75
"""The same for a heading, which then lends its subject to the sentences below it."""
PART: Final = 0.4
"""The share from which a cell may name an option by a part of its name alone."""
SURE: Final = 0.9
"""How surely it then does."""
LENT: Final = 0.7
"""What a sentence counts that a heading lends its subject."""
BESIDE: Final = 0.7
"""What a clause counts that names the option, but not first."""
DULL: Final = 0.35
"""What a word counts that is in many questions and seldom decides one."""
REST: Final = 0.3
"""What an option's words count behind its head: "with a custom consumer"."""

EXAM: Final = frozenset(
    """company companies team teams solution solutions requirement requirements meet meets engineer engineers scientist scientists developer developers
    following option options statement statements correct true answer answers service services must appropriate suitable fits fit chosen combination
    group startup business organization ml machine learning model models data aws amazon cloud specialist""".split()
)
"""Words of exam stems that are seldom what decides."""

_LEAD: Final = re.compile(
    r"^(?:use|add|enable|set up|create|configure|deploy|apply|implement|buy|train|run|choose|keep|switch to|turn on|store|move|host|an?|the)\s+(?:an?\s+|the\s+)?",
    re.IGNORECASE,
)
_HEAD: Final = re.compile(
    r"\s(?:with|for|from|on|in|by|to|using|that|which|so|reading|between|of the|after|before|without|and then|set)\s|[,;:]\s", re.IGNORECASE
)
_VENDOR: Final = frozenset(terms("Amazon AWS SageMaker Azure Google Microsoft service"))
_CLAUSE: Final = re.compile(
    r"\s*;\s+|:\s+|,\s+(?=(?:whereas|while|but|not|rather than|although)\b)|\s+(?=(?:rather than|instead of|over)\s)|(?<=[.!?])\s+", re.IGNORECASE
)
_AGAINST: Final = re.compile(
    r"^\W*(?:avoid|do not (?:use|choose|pick)|don['’]t (?:use|choose|pick)|never (?:use|choose)|rather than|instead of|over|not|skip)\b", re.IGNORECASE
)
_INSTEAD: Final = re.compile(r"\b(?:choose|use|pick|prefer|take)\b.*\binstead\b", re.IGNORECASE)
_CHOOSES: Final = re.compile(
    r"^\W*(?:choose|use|pick|prefer|take|select)\b|\b(?:is|are)\s+(?:the\s+)?(?:best|right|usual)\b|\b(?:suits?|made\s+for|remedy\s+(?:for|when))\b",
    re.IGNORECASE,
)
_FIT_COLUMN: Final = re.compile(r"\b(?:need|choose|best|fits?|use|apply|suits?|made for|purpose|when|good for|scenario|situation|goal|case)\b", re.IGNORECASE)
_BAD_COLUMN: Final = re.compile(
    r"\b(?:not|avoid|fails?|wrong|rival|instead|never|unsuitable|weak\w*|drawbacks?|dangers?|risks?|watch|caution|disadvantages?|cons)\b", re.IGNORECASE
)
_PICKED_COLUMN: Final = re.compile(r"^(?:choose|choice|best fit|pick|option|answer)$", re.IGNORECASE)
_MYTH: Final = re.compile(r"\b(?:misconception|myth|mistake|not true|wrong idea)\b", re.IGNORECASE)

Weights = Mapping[str, float]
"""Search terms with how much each counts."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What a unit of the notes says of an option: `words` are the rest of what it says, `favors` whether it speaks for
    the option, `about` how surely it speaks of it (0 to 1), `chooses` whether it says what to choose it for."""

    passage: Passage
    unit: Unit
    words: str
    favors: bool
    about: float
    chooses: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """An option as the notes see it. `known` is the best share of its name that one passage has; `weights` are those of
    its name's terms."""

    weights: Weights
    known: float
    sayings: tuple[Saying, ...]


@dataclass(frozen=True, slots=True)
class Stem:
    """What a stem asks for, as terms with weights, and how near each passage comes to it."""

    text: str
    weights: Weights
    near: NDArray[np.float32]


def rarity(term: str, index: Index) -> float:
    """How telling a search term is: 1 where the notes hardly use it, towards 0 where nearly every passage does."""
    size = len(index.passages)
    return math.log((size + 1) / (index.frequency(term) + 1)) / math.log(size + 1) if size > 1 else 1.0


def stem(text: str, index: Index, encoder: QuestionEncoder) -> Stem:
    """Read a stem."""
    weights = {t: rarity(t, index) * (DULL if w in GENERIC else 1.0) for w in content_words(text) if w not in EXAM for t in terms(w) if len(t) > 1}
    cosines = index.dense(encoder.asking([text])[0])[: len(index.passages)]
    words = index.lexical(list(weights))
    return Stem(text, weights, np.asarray(0.6 * cosines + 0.5 * words / max(float(words.max(initial=0.0)), 1e-9)))


def gather(pasted: Pasted, asked: Stem, index: Index) -> list[Sight]:
    """For each option, in order, what the notes say of it."""
    names = [name(option.text, index) for option in pasted.options]
    return [_sight(one, [n for n in names if n is not one], asked, index) for one in names]


def name(text: str, index: Index) -> Weights:
    """The terms that name an option: those of its head count most, those of a vendor less."""
    bare = _LEAD.sub("", visible(text).strip())
    cut = _HEAD.search(bare)
    head = bare[: cut.start()] if cut and content_words(bare[: cut.start()]) else bare
    found: dict[str, float] = {}
    for part, share in ((bare, REST), (head, 1.0)):
        for term in (t for w in content_words(part) or part.split() for t in terms(w)):
            value = share * max(rarity(term, index), 0.05) * (0.3 if term in _VENDOR else 1.0)
            found[term] = max(found.get(term, 0.0), value)
    return found


def share(weights: Weights, text: frozenset[str] | set[str]) -> float:
    """The share of the terms, by weight, that a text has: 0 to 1."""
    total = sum(weights.values())
    return sum(v for t, v in weights.items() if t in text) / total if total else 0.0


def named(weights: Weights, cell: str) -> float:
    """How surely a cell names the option: 0 to 1. A cell that holds nothing but a part of the name stands for it."""
    stems = set(terms(cell))
    part = share(weights, stems)
    return max(part, SURE) if part >= PART and stems <= set(weights) else part


def _sight(weights: Weights, rivals: Sequence[Weights], asked: Stem, index: Index) -> Sight:
    words = index.lexical(list(weights))
    order = np.argsort(-(words / max(float(words.max(initial=0.0)), 1e-9)) * (0.3 + asked.near), kind="stable")[:LOOKED]
    rows: list[tuple[float, int]] = []
    known = 0.0
    for row in (int(r) for r in order if words[r] > 0):
        text, headings = index.terms(row)
        here = share(weights, text | headings)
        known = max(known, here)
        if here >= NAMED:
            rows.append((here * float(asked.near[row]), row))
    rows.sort(reverse=True)
    sayings = [s for _, row in rows[:PASSAGES] for s in _sayings(index.passages[row], weights, rivals, index)]
    return Sight(weights, known, tuple(sayings))


def _sayings(passage: Passage, weights: Weights, rivals: Sequence[Weights], index: Index) -> list[Saying]:
    """What a passage says of the option. A heading that names another option too lends its subject to nobody, and none
    lends it to words that name another option."""
    text = index.notes[passage.note].text
    heading = {t for h in passage.heading[-1:] for t in terms(h)}
    headed = 0.0 if any(share(r, heading) >= HEADED for r in rivals) else share(weights, heading)
    found: list[Saying] = []
    for unit in passage.units:
        if unit.kind == "code" or text[unit.start : unit.end].endswith(":"):  # what leads in tells nothing itself
            continue
        own = set(terms(text[unit.start : unit.end]))
        lent = headed if headed >= HEADED and not any(share(r, own) >= NAMED for r in rivals) else 0.0
        found += (_row if unit.cells else _sentence)(passage, unit, text, weights, lent)
    return found


def _row(passage: Passage, unit: Unit, text: str, weights: Weights, headed: float) -> list[Saying]:
    """What a table's row says of the option: beside it where a cell names it, against it below a header such as "Not"."""
    cells = [text[a:b].strip() for a, b in unit.cells]
    heads = columns(text, unit.label, len(cells)) or ("",) * len(cells)
    bad = [_BAD_COLUMN.search(h) is not None for h in heads]
    found = []
    for at, cell in enumerate(cells):
        here = named(weights, cell)
        if here < NAMED:
            continue
        good = " ".join(c for i, c in enumerate(cells) if i != at and not bad[i] and not _PICKED_COLUMN.match(heads[i]))
        worse = " ".join(c for i, c in enumerate(cells) if i != at and bad[i])
        fits = any(_FIT_COLUMN.search(h) for i, h in enumerate(heads) if i != at and not bad[i])
        found.append(Saying(passage, unit, good, not (bad[at] and at > 0), here, fits))
        if worse and at == 0:
            found.append(Saying(passage, unit, worse, False, here, any(re.search(r"\bavoid\b", h, re.IGNORECASE) for h in heads)))
    if not found and headed >= HEADED:
        found.append(Saying(passage, unit, " ".join(cells), True, LENT * headed))
    return found


def _sentence(passage: Passage, unit: Unit, text: str, weights: Weights, headed: float) -> list[Saying]:
    """What a sentence's clauses say of the option; where none names it, what they say of its heading's subject."""
    whole = text[unit.start : unit.end]
    if _MYTH.search(whole):
        return []
    clauses = [c for c in _CLAUSE.split(whole) if c and c.strip(" *_-")]
    found, before = [], ""
    for clause in clauses:
        here = share(weights, set(terms(clause)))
        if here >= NAMED:
            said = before if before and _INSTEAD.search(clause) else clause
            first = share(weights, {t for w in content_words(clause)[: 2 + len(weights)] for t in terms(w)}) >= NAMED
            found.append(
                Saying(
                    passage, unit, said, not _AGAINST.search(clause), here * (1.0 if first else BESIDE), _CHOOSES.search(clause) is not None or said is before
                )
            )
        before = clause
    if not found and headed >= HEADED:
        found = [Saying(passage, unit, c, not _AGAINST.search(c), LENT * headed, _CHOOSES.search(c) is not None) for c in clauses if len(content_words(c)) > 2]
    return found


def distinct(sayings: Sequence[Saying]) -> list[Saying]:
    """Without those that say the same words."""
    return list({(s.words, s.favors): s for s in reversed(sayings)}.values())[::-1]
