"""The ways to make questions of a group of facts: each with the kinds it makes and how often it is drawn."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tutor.exam import QuestionKind
from tutor.facts import Group
from tutor.questions import cases, choices, claims, cloze, free, matching, ordering, response, situations, tables, terms
from tutor.questions.draft import Draft
from tutor.questions.setting import Setting

Drafts = Callable[[Group, Setting, random.Random], Iterator[tuple[Draft, ...]]]
"""Drafts of a group in a drawn order; the drafts of one case study come together, any other alone."""


@dataclass(frozen=True, slots=True)
class Maker:
    """A way to make questions; of two places, that of the maker of more `weight` is likelier to be drawn first."""

    name: str
    kinds: tuple[QuestionKind, ...]
    weight: float
    drafts: Drafts


MAKERS: Final = (
    Maker("situation", ("multiple_choice",), 4.0, situations.situated),
    Maker("choose", ("multiple_choice",), 3.0, choices.chosen),
    Maker("instead", ("multiple_choice",), 3.0, choices.instead),
    Maker("true", ("multiple_choice",), 2.0, claims.true),
    Maker("false", ("multiple_choice",), 1.0, claims.false),
    Maker("table", ("multiple_choice",), 2.0, tables.needs),
    Maker("term", ("multiple_choice",), 1.0, terms.named),
    Maker("meaning", ("multiple_choice",), 1.0, terms.meant),
    Maker("sharing", ("multiple_response",), 2.0, response.sharing),
    Maker("both", ("multiple_response",), 3.0, choices.both),
    Maker("several", ("multiple_response",), 2.0, claims.several),
    Maker("steps", ("ordering",), 1.0, ordering.steps),
    Maker("pairs", ("matching",), 1.0, matching.pairs),
    Maker("blank", ("cloze",), 1.0, cloze.blanks),
    Maker("explain", ("free_text",), 2.0, free.explanations),
    Maker("define", ("free_text",), 0.5, free.meanings),
    Maker("differ", ("free_text",), 2.0, free.differences),
    Maker("case", ("case_study",), 1.0, cases.cases),
)
