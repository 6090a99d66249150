"""The extractive teacher: chosen units arranged as a lead and its points, each with its words' place in the notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from tutor.context import Evidence
from tutor.cues import ANALOGY, ANAPHORA, MISCONCEPTION
from tutor.embed import QuestionEncoder
from tutor.extractive import answerable, outcome
from tutor.extractive.candidates import Candidate, collect, features
from tutor.extractive.depth import deep
from tutor.extractive.likeness import likeness
from tutor.extractive.line import line, readable
from tutor.extractive.opening import opened, sort, states
from tutor.extractive.sections import Choice
from tutor.extractive.select import model, runs, select
from tutor.extractive.subject import defines
from tutor.footnotes import Footnotes
from tutor.index import Index
from tutor.question import Query
from tutor.teacher import Asking
from tutor.text import content_words, fold, terms
from tutor.types import Answer, Depth, Heading, Hit, Outcome, Role, Span, Statement, Unit

CLOSEST: Final = 3
"""Statements shown where the notes have the topic but not what was asked."""
NEAREST: Final = 3
NO_ANALOGY: Final = "Your notes have no analogy for this."
NO_MODEL: Final = "Socratic mode needs a language model: set TUTOR_MODEL."

Run = Sequence[Candidate]
"""Sentences that follow one another and are read as one statement."""

_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|can|will|may|must|should|do|does|means?|uses?|gives?|lets?|allows?|helps?|provides?|requires?)\b", re.IGNORECASE
)
_HOLLOW: Final = frozenset(
    "overview introduction summary key features benefits advantages disadvantages functions example examples use cases best practices notes note purpose definition details general basics terms glossary tips considerations important characteristics steps how it works when why what the and of for to your".split()
)


class Extractive:
    """Answers with the notes' own words alone."""

    mode = "notes-only"

    def __init__(self, index: Index, encoder: QuestionEncoder) -> None:
        self.index, self.encoder = index, encoder

    def drafts(self, asking: Asking) -> Iterator[Answer]:
        """The one answer; see `Teacher`."""
        yield self.explain(asking.query, asking.evidence, asking.depth)

    def explain(self, query: Query, evidence: Evidence, depth: Depth = "explain") -> Answer:
        """An answer composed of the notes' own words. Whether they answer the question does not depend on the depth."""
        candidates = collect(evidence.hits, self.index.notes)
        rows = features(query, candidates, self.encoder)
        scores = model().scores(rows)
        chosen = select(query, candidates, scores)
        row = answerable.features(query, evidence.ranked, self.index, answerable.Draft(candidates, rows, scores, chosen), self.encoder)
        result = outcome.decide(row) if chosen and content_words(query.text) else "absent"
        if result == "closest" and states(query, candidates):
            result = "answered"
        choice = Choice(candidates, scores, chosen)
        if result == "answered" and depth == "line":
            choice = line(query, self.index, evidence.ranked, self.encoder, choice)
        if result == "answered" and depth == "deep":
            choice = deep(query, self.index, evidence.ranked, self.encoder, choice)
        if depth != "line":
            choice = replace(choice, chosen=opened(query, choice.candidates, choice.scores, choice.chosen, fixed=depth == "deep"))
        likened = likeness(query, self.index, evidence.ranked, choice) if result == "answered" and depth == "analogy" else None
        answer = self._compose(query, evidence, choice, result, likened, depth == "line")
        if depth == "analogy" and result == "answered" and not any(ANALOGY.search(" ".join(s.text.split())) for s in answer.statements):
            return replace(answer, remark=NO_ANALOGY)
        return replace(answer, remark=NO_MODEL) if depth == "socratic" else answer

    def ranked(self, query: Query, hits: Sequence[Hit]) -> list[tuple[Hit, Unit]]:
        """The units of passages that can be quoted, the one that answers best first."""
        candidates = collect(hits, self.index.notes)
        scores = model().scores(features(query, candidates, self.encoder))
        return [(candidates[i].hit, candidates[i].unit) for i in np.argsort(-scores, kind="stable")]

    def _compose(self, query: Query, evidence: Evidence, choice: Choice, result: Outcome, likened: Candidate | None, alone: bool) -> Answer:
        candidates, chosen = choice.candidates, choice.chosen
        nearest = tuple(dict.fromkeys(_place(h.passage.note, h.passage.heading, h.passage.headings_at) for h in evidence.hits[:12] if h.passage.heading))[
            :NEAREST
        ]
        lacking = () if result == "answered" else outcome.missing(query, candidates)
        if result == "absent":
            return Answer(query.text, result, nearest=nearest, missing=lacking, mode=self.mode)
        kept = chosen if result == "answered" else _on_topic(query, candidates, chosen)[: 1 if alone else CLOSEST]
        if not kept:
            return Answer(query.text, "absent", nearest=nearest, missing=lacking, mode=self.mode)
        cited = Footnotes(self.index.notes)
        if likened is not None:
            kept = [i for i in kept if not _same(candidates[i], likened)]
        ordered: list[Run] = [[likened]] if likened is not None else []
        ordered += _ordered(query, [[candidates[i] for i in run] for run in runs(candidates, kept)]) if kept else []
        for run in ordered:  # the statements' own words first, so that the numbers beside them do not skip
            cited.number(run[0].hit, (run[0].unit.start, run[-1].unit.end))
        statements = tuple(_statement(query, run, place == 0, cited, alone) for place, run in enumerate(ordered))
        return Answer(query.text, result, statements, tuple(cited.found), nearest, lacking, self.mode)


def _same(one: Candidate, other: Candidate) -> bool:
    return (one.hit.passage.note, one.unit.start) == (other.hit.passage.note, other.unit.start) or one.text == other.text


def _place(note: str, heading: tuple[str, ...], at: tuple[Span, ...]) -> Heading:
    return Heading(note, heading, at[-1][0] if at else 0)


def _on_topic(query: Query, candidates: Sequence[Candidate], chosen: Sequence[int]) -> list[int]:
    """The chosen that bear the rarest word of the question that the notes know: what is near it, not what rhymes."""
    known = [t for t in query.terms if t.known and not t.generic]
    rarest = max(known, key=lambda t: t.weight, default=None)
    return [i for i in chosen if rarest is not None and rarest.stem in candidates[i].all_stems]


def _ordered(query: Query, chosen: Sequence[Run]) -> list[Run]:
    """The best first, as the lead; then section by section, best section first, each in the note's own order.

    Where the question asks for steps or a list and the best is one of a list, the list keeps its order and leads; where
    it compares, what each side is comes first; where it asks what something is, what defines it. A likeness never leads.
    """
    section: dict[tuple[str, tuple[str, ...]], int] = {}
    for rank, run in enumerate(chosen):
        section.setdefault(run[0].hit.passage.section, rank)
    in_order = sorted(chosen, key=lambda run: (section[run[0].hit.passage.section], run[0].unit.start))
    if query.kind in ("how", "list") and chosen[0][0].unit.kind in ("step", "item"):
        return in_order
    first = [chosen[0]]
    if query.kind == "compare" or (query.defining and not sort(query)):
        topics = query.side_stems if query.kind == "compare" else (frozenset(t.stem for t in query.terms if not t.generic),)
        told = [max(chosen, key=lambda run: _says(run[0], topic)) for topic in topics]
        first = list({id(run): run for run, topic in zip(told, topics, strict=True) if _says(run[0], topic)}.values()) or first
    if ANALOGY.search(first[0][0].text):
        first = [next((run for run in chosen if not ANALOGY.search(run[0].text)), first[0]), *first]
    leads = {id(run): run for run in first}
    return [*leads.values(), *(run for run in in_order if id(run) not in leads)]


def _says(candidate: Candidate, thing: frozenset[str]) -> float:
    """How exactly a candidate says what a thing is; what it is confused with is none of that."""
    return 0.0 if MISCONCEPTION.search(candidate.text) else defines(candidate, thing)


def _statement(query: Query, run: Run, first: bool, cited: Footnotes, alone: bool) -> Statement:
    head, unit = run[0], run[0].unit
    text = cited.notes[head.hit.passage.note].text
    span = (unit.start, run[-1].unit.end)
    label_at = None if alone and readable(head) else _label(query, head)
    numbers = [cited.number(head.hit, at) for at in (span, label_at) if at]
    return Statement(
        text=text[slice(*span)],
        citations=tuple(dict.fromkeys(numbers)),
        role=_role(query, head, first),
        label=text[slice(*label_at)] if label_at else "",
        cells=tuple(text[a:b] for a, b in unit.cells),
        columns=columns(text, unit.label, len(unit.cells)) if unit.kind == "row" else (),
    )


def _role(query: Query, candidate: Candidate, first: bool) -> Role:
    if candidate.unit.kind == "row":
        return "row"
    if candidate.unit.kind == "step" and query.kind == "how":
        return "step"
    if first:
        return "lead"
    return "number" if query.kind == "number" and any(c.isdigit() for c in candidate.text) else "point"


def _label(query: Query, candidate: Candidate) -> Span | None:
    """Where the words stand that give a fragment its subject: its lead-in or header, or the heading over it.

    Of these the innermost that shares a word with the question, else the innermost that says anything; None for a
    sentence that stands on its own.
    """
    if candidate.unit.kind == "row" and candidate.unit.label:
        return candidate.unit.label
    if not _needs_subject(query, candidate):
        return None
    passage = candidate.hit.passage
    places = [(candidate.unit.label, candidate.label)] if candidate.unit.label else []
    places += [(at, name) for at, name in zip(reversed(passage.headings_at), reversed(passage.heading), strict=True)]
    own = fold(candidate.text)
    telling = [(at, name) for at, name in places if set(fold(name).split()) - _HOLLOW and fold(name) not in own and len(name.split()) <= 30]
    asked = set(query.stems)
    return next((at for at, name in telling if asked & set(terms(name)) - candidate.stems), telling[0][0] if telling else None)


def _needs_subject(query: Query, candidate: Candidate) -> bool:
    if ANAPHORA.match(candidate.text) or candidate.unit.kind in ("step", "row", "code"):
        return True
    asked = {t.stem for t in query.terms if not t.generic}
    return not _VERB.search(candidate.text) or not asked & candidate.stems


def columns(text: str, header: Span | None, cells: int) -> tuple[str, ...]:
    """The header's cells where there are as many as the row has."""
    if header is None:
        return ()
    row = text[slice(*header)]
    if "|" in row:
        parts = tuple(p.strip() for p in row.split("|"))
        return parts if len(parts) == cells else ()
    parts = tuple(p.strip() for p in re.split(r"(?<=[a-z0-9)%.…])(?=[A-Z])", row))
    return parts if len(parts) == cells else ()
