"""A question, its answer from the notes and the learner's tries in, a question back or a hint out: a model's where it gives
nothing away and says nothing that the notes do not hold, else one made by rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tutor import socratic
from tutor.generative.sources import Source
from tutor.generative.breaches import MARKUP
from tutor.ground import judge
from tutor.question import Query
from tutor.text import sentences
from tutor.types import Answer

LONGEST: Final = 40
"""Words of a question back or a hint."""
_FALSE: Final = frozenset(("number", "unit", "entity", "negation", "antonym", "order"))
_IDS: Final = re.compile(r"\s*[\[(]\d+(?:\.\d+)?[\])]")


def chosen(draft: str, number: int, query: Query, plain: Answer, sources: Sequence[Source], kept: Sequence[str]) -> str:
    """The model's words where they can be shown, else those made by rule."""
    text = " ".join(_IDS.sub("", draft).split()).strip('*_ "')
    said = [text[a:b] for a, b in sentences(text)]
    quotes = [q for s in sources for q in s.quotes]
    sound = (
        0 < len(text.split()) <= LONGEST
        and (number > 1 or text.endswith("?"))
        and not socratic.reveals(text, kept)
        and not MARKUP.search(text)
        and all(judge(s, quotes, query.text).rule not in _FALSE for s in said)
    )
    return text if sound else socratic.plain(number, query, plain, kept)
