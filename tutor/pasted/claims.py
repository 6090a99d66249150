"""Options that are whole statements in, the notes' verdict on each out: said, denied, or not told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from tutor.ground import judge
from tutor.index import Index
from tutor.pasted.evidence import Saying, Stem, Weights, name, rarity, share
from tutor.pasted.reading import Pasted
from tutor.text import content_terms, content_words, terms
from tutor.types import Standing

PASSAGES: Final = 10
UNITS: Final = 5
"""Units that a statement is judged by."""
CLOSE: Final = 0.6
"""The share of a statement's words, by weight, that a unit must have before it may refute it."""
SAID: Final = 0.75
"""The same before it may support it: what is freely put cannot be told from what is nearly said."""
_TURNS: Final = frozenset(("number", "unit", "sign", "negation", "antonym", "order"))
"""The rules that find a statement turned round, and not merely unsaid."""

_ASKED: Final = re.compile(
    r"\b(?:statements?|claims?|sentences?)\b|\b(?:is|are)\s+(?:also\s+)?(?:not\s+)?(?:true|false|correct|incorrect|accurate)\b", re.IGNORECASE
)
_PRONOUN: Final = re.compile(r"^(?:it|they|this|these)\s+", re.IGNORECASE)
_ABOUT: Final = re.compile(
    r"\b(?:about|of|regarding|concerning|on|for)\s+(?P<what>.+?)\s+(?:is|are)\b|\btrue\s+(?:about|of|for)\s+(?P<that>.+?)\s*\?", re.IGNORECASE
)


def stated(pasted: Pasted) -> bool:
    """Whether the options are statements that are to be true or false."""
    return _ASKED.search(pasted.ask) is not None or all(_PRONOUN.match(o.text) for o in pasted.options)


def weigh(pasted: Pasted, asked: Stem, index: Index) -> list[tuple[Standing, Saying | None]]:
    """For each option, in order, what the notes hold of it, and the unit that tells; None where none comes near."""
    match = _ABOUT.search(pasted.ask)
    subject = (match["what"] or match["that"]).strip() if match else ""
    return [_told(option.text, subject, asked, index) for option in pasted.options]


def _told(text: str, subject: str, asked: Stem, index: Index) -> tuple[Standing, Saying | None]:
    sentence = _PRONOUN.sub(f"{subject} ", text) if subject else text
    weights = {t: rarity(t, index) for t in content_terms(sentence)}
    topic: Weights = name(subject, index) if subject else {}
    near = _nearest(weights, topic, asked, index)
    best: tuple[Standing, Saying | None] = ("silent", near[0] if near else None)
    top = 0.0
    for saying in near:
        unit, passage = saying.unit, saying.passage
        note = index.notes[passage.note].text
        around = (*passage.heading, note[slice(*unit.label)]) if unit.label else passage.heading
        found = judge(sentence, (note[unit.start : unit.end],), asked.text, around)
        if found.verdict in ("exact", "supported") and saying.about >= SAID and found.score > top:
            best, top = ("supported", saying), found.score
        elif best[0] != "supported" and found.rule in _TURNS and saying.about >= CLOSE and saying.about > top:
            best, top = ("refuted", saying), saying.about
    return best


def _nearest(weights: Weights, topic: Weights, asked: Stem, index: Index) -> Sequence[Saying]:
    """The units that have most of a statement's words, under their headings; those that do not name its subject left out."""
    words = index.lexical(list(weights))
    order = np.argsort(-(words / max(float(words.max(initial=0.0)), 1e-9) + asked.near), kind="stable")[:PASSAGES]
    found = []
    for passage in (index.passages[int(r)] for r in order):
        text = index.notes[passage.note].text
        heads = {t for h in passage.heading for t in terms(h)}
        for unit in (u for u in passage.units if u.kind != "code"):
            have = set(terms(text[unit.start : unit.end])) | (set(terms(text[slice(*unit.label)])) if unit.label else set())
            if topic and share(topic, have | heads) < CLOSE:
                continue
            if len(content_words(text[unit.start : unit.end])) > 1:
                found.append(Saying(passage, unit, text[unit.start : unit.end], True, share(weights, have | heads)))
    return sorted(found, key=lambda s: -s.about)[:UNITS]
