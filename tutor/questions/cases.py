"""Needs of several things of one group in, case studies out: one scenario, and a question on each of its needs."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tutor.facts import Group
from tutor.questions import choices, situations
from tutor.questions.draft import Draft
from tutor.questions.setting import Setting
from tutor.questions.wording import lowered

NEEDS: Final = 3
"""Questions of one case."""
_PROJECT: Final = re.compile(r"(Which (?!of these)[^.?:]+?|What) fits best\?")
_PLACES: Final = ("first", "second", "third")


def cases(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """Cases of a group that has at least NEEDS needs with different answers."""
    made = [d for maker in (choices.chosen, situations.situated) for (d,) in maker(group, setting, rng)]
    drafts = [d for d in made if d.needs and _PROJECT.search(d.stem) and choices.WISH.search(d.needs[0].text)]
    while len(drafts) >= NEEDS:
        taken: list[Draft] = []
        for draft in drafts:
            if len(taken) < NEEDS and _key(draft) not in {_key(t) for t in taken}:
                taken.append(draft)
        if len(taken) < NEEDS:
            return
        drafts = [d for d in drafts if d not in taken]
        told = " ".join(f"In the {place}, {lowered(d.needs[0].text, setting.common)}." for d, place in zip(taken, _PLACES, strict=True))
        scenario = f"A company works on three projects. {told}"
        yield tuple(replace(d, kind="case_study", scenario=scenario, stem=_asked(d, place), difficulty="hard") for d, place in zip(taken, _PLACES, strict=True))


def _asked(draft: Draft, place: str) -> str:
    """The question of a draft, asked of one of the projects."""
    which = _PROJECT.search(draft.stem)
    return f"{which.group(1) if which else 'What'} fits the {place} project best?"


def _key(draft: Draft) -> str:
    return next(c.text for c in draft.choices if c.holds)
