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
from tutor.questions.wording import raised

NEEDS: Final = 3
"""Questions of one case."""
_PLACES: Final = ("first", "second", "third")


def cases(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """Cases of a group that has at least NEEDS needs with different answers."""
    drafts = [d for made in (choices.chosen, situations.situated) for (d,) in made(group, setting, rng) if d.needs]
    while len(drafts) >= NEEDS:
        taken: list[Draft] = []
        for draft in drafts:
            if len(taken) < NEEDS and _key(draft) not in {_key(t) for t in taken}:
                taken.append(draft)
        if len(taken) < NEEDS:
            return
        drafts = [d for d in drafts if d not in taken]
        told = " ".join(
            f"The {place} one {'says' if d.maker == 'choose' else 'writes'}: “{_closed(raised(d.needs[0].text))}”"
            for d, place in zip(taken, _PLACES, strict=True)
        )
        scenario = f"Three colleagues ask for advice. {told}"
        yield tuple(replace(d, kind="case_study", scenario=scenario, stem=_asked(d, place), difficulty="hard") for d, place in zip(taken, _PLACES, strict=True))


def _closed(text: str) -> str:
    return text if text.endswith("?") else f"{text}."


def _asked(draft: Draft, place: str) -> str:
    """The question of a draft, asked for one of the colleagues."""
    which = re.search(r"(Which [^.?]+?|What) fits best\?$", draft.stem)
    return f"{which.group(1) if which else 'What'} fits the {place} colleague's need best?"


def _key(draft: Draft) -> str:
    return next(c.text for c in draft.choices if c.holds)
