"""A question and the sections around its answer in, what the notes liken the question's topic to out."""

from __future__ import annotations

import re
from typing import Final

from tutor.cues import ANALOGY, ANAPHORA
from tutor.extractive.candidates import Candidate, collect
from tutor.extractive.line import LINE
from tutor.extractive.sections import Choice, about, agreed, own_sections, whole_sections
from tutor.extractive.subject import flat, names, topic
from tutor.index import Index
from tutor.question import Query
from tutor.retrieve import Ranked
from tutor.text import content_words, stem, terms

PLACES: Final = 12
"""Passages, best first, in whose sections a likeness is looked for."""
_MORE: Final = 20
"""Words by which a likeness may be longer than a line."""
HOME: Final = 0.1
"""What a likeness of something else is worth that stands in a section about the topic; its exact naming is worth 2."""
_ASKING: Final = re.compile(
    r"^(?:(?:so|ok|okay|and|but|hey|please|what(?:['’]?s| is| are| does| do)?|how (?:does|do)|explain|describe|define|tell me (?:more )?about|an?|the)\b[\s,]*)+",
    re.IGNORECASE,
)
_PART: Final = re.compile(r"\s*/\s*|\s+(?:and|or|vs\.?|versus)\s+", re.IGNORECASE)
_AFTER: Final = re.compile(r"\s(?:for|in|on|of|with|to|when|from|by|at|as|do|does|works?|means?)\b", re.IGNORECASE)
_LIKENESS: Final = re.compile(r"(?:(?:is|are|works?|acts?|behaves?) (?:much |rather |a bit )?like\b|resembles?\b)", re.IGNORECASE)


def likeness(query: Query, index: Index, ranked: Ranked, choice: Choice) -> Candidate | None:
    """What the notes liken the question's topic to: best by its whole name, else by its name without what narrows it (a role,
    asked for an execution role), else in a section about the topic. Never what is likened by a longer name: another thing."""
    own = own_sections(choice)
    near = list(dict.fromkeys([*own, *(index.passages[row].section for row in ranked.rows[:PLACES])]))
    lead = choice.candidates[choice.chosen[0]]
    homes = {*own, *[s for s in near if about(query, s)][:1]}
    top = agreed(index, ranked, choice)
    parts = _parts(query)
    best: tuple[float, Candidate] | None = None
    for candidate in collect(list(whole_sections(index, ranked, near)), index.notes):
        match = ANALOGY.search(flat(candidate))
        if match is None or len(candidate.text.split()) > LINE + _MORE:
            continue
        section = candidate.hit.passage.section
        told = bool(_LIKENESS.match(match.group())) and not ANAPHORA.match(candidate.text)
        said = flat(candidate)[: match.start()] if told else " ".join([flat(candidate), *candidate.hit.passage.heading])
        value = _likened(query, parts, candidate, said, told)
        home = (section in homes and about(query, section)) or (section == top and bool(frozenset(terms(said)) & (lead.defined or lead.heading_stems)))
        if not value and home and not (told and _longer(query, parts, said)) and (section == top or topic(query) & frozenset(terms(said))):
            value = HOME
        if value > 0:
            value += 0.04 * (section == lead.hit.passage.section) + 0.02 * (section in own)
            best = max(best or (value, candidate), (value, candidate), key=lambda pair: pair[0])
    return best[1] if best else None


def _parts(query: Query) -> list[tuple[str, ...]]:
    """The things a question names, each as the plain stems of its words up to a preposition; the last is what it is."""
    sides = query.sides or _PART.split(_ASKING.sub("", query.text.strip()))
    found = [_plain(side) for side in sides]
    heads = [_plain(_AFTER.split(side.strip())[0]) or one for side, one in zip(sides, found, strict=True)]
    return [tuple(head) for head in heads if head]


def _plain(text: str) -> list[str]:
    """The stems of the words of a name as they are written, without joined or divided forms."""
    return [stem(w) for w in content_words(text)]


def _likened(query: Query, parts: list[tuple[str, ...]], candidate: Candidate, said: str, told: bool) -> float:
    """How exactly it is the topic that a sentence likens to something: 2 by its whole name, about 1 by its head, 0 else."""
    if not told:
        return 0.0
    about_it = frozenset(topic(query))
    sides = [*query.side_stems, about_it, about_it | frozenset(query.expansion), *(frozenset(t for s in p for t in terms(s)) for p in parts)]
    whole = max(names(said, side, candidate) for side in sides)
    own = _plain(said)
    if whole:
        return 1.0 + whole
    known = frozenset(query.expansion)
    heads = [len(set(own)) / len(p) for p in parts if own and p[-1] == own[-1] and set(own) <= set(p) | known]
    return max(heads, default=0.0)


def _longer(query: Query, parts: list[tuple[str, ...]], said: str) -> bool:
    """Whether what is likened is the topic's name with more words to it."""
    own = set(_plain(said))
    return any(set(p) < own or (p[-1] in own and not own <= set(p) | set(query.expansion)) for p in parts)
