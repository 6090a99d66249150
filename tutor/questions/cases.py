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
_ROWS: Final = {"situation": "needs", "choose": "cases"}
_PLACES: Final = ("first", "second", "third")


def cases(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """Cases of a group that has at least NEEDS needs with different answers."""
    drafts = [d for made in (choices.chosen, situations.situated) for (d,) in made(group, setting, rng) if d.needs and " fits" in d.stem]
    while len(drafts) >= NEEDS:
        taken: list[Draft] = []
        for draft in drafts:
            if len(taken) < NEEDS and _key(draft) not in {_key(t) for t in taken}:
                taken.append(draft)
        if len(taken) < NEEDS:
            return
        drafts = [d for d in drafts if d not in taken]
        listed = "; ".join(f"({n}) {lowered(d.needs[0].text, setting.common)}" for n, d in enumerate(taken, 1))
        scenario = f"A company has three {_ROWS.get(taken[0].maker, 'needs')} under the heading “{group.title}”: {listed}."
        yield tuple(replace(d, kind="case_study", scenario=scenario, stem=_asked(d, place), difficulty="hard") for d, place in zip(taken, _PLACES, strict=True))


def _asked(draft: Draft, place: str) -> str:
    """The question of a draft, asked of one point of the scenario."""
    which = re.search(r"(Which [^.?:]+?|What) fits (?:this [a-z ]+ )?best", draft.stem)
    return f"{which.group(1) if which else 'What'} fits the {place} point best?"


def _key(draft: Draft) -> str:
    return next(c.text for c in draft.choices if c.holds)
