"""A question, its answer from the notes and the learner's tries in, a question back or a hint out: a model's where it gives
nothing away and says nothing that the notes do not hold, else one made by rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tutor import socratic
from tutor.generative.bidding import bids
from tutor.generative.breaches import MARKUP, scrambled
from tutor.generative.sources import Source
from tutor.ground import judge
from tutor.question import Query
from tutor.text import content_words, fold, sentences, stem, terms
from tutor.types import Answer

LONGEST: Final = 40
"""Words of a question back or a hint."""
_TEACHING: Final = frozenset(
    stem(word)
    for word in """about actually answer become call case cause change choose compare decide describe differ difference effect else example explain find follow guess happen help hint idea imagine
    importance important keep kind lead look matter mean mind name need notice part place point purpose question reason recall relate remember result role say sense sentence show side
    sort start step suppose tell term thing think try turn two use want way word work would""".split()
)
"""What a question back may say besides, where the notes command a speaker."""
_IDS: Final = re.compile(r"\s*[\[(]\d+(?:\.\d+)?[\])]")


def chosen(draft: str, number: int, query: Query, plain: Answer, sources: Sequence[Source], kept: Sequence[str], given: Sequence[str] = ()) -> str:
    """The model's words where they can be shown and were not given before, else those made by rule."""
    text = " ".join(_IDS.sub("", draft).split()).strip('*_ "')
    said = [text[a:b] for a, b in sentences(text)]
    telling = [s for s in sources if not bids(s.text)]
    quotes = [q for s in telling for q in s.quotes]
    sound = (
        0 < len(text.split()) <= LONGEST
        and fold(text) not in {fold(g) for g in given}
        and (number > 1 or text.endswith("?"))
        and not socratic.reveals(text, kept)
        and not MARKUP.search(text)
        and not scrambled(text, quotes)
        and (len(telling) == len(sources) or not _strange(text, telling, query))
        and all(judge(s, quotes, query.text).rule not in socratic.TURNED for s in said)
    )
    return text if sound else socratic.plain(number, query, plain, kept)


def _strange(text: str, sources: Sequence[Source], query: Query) -> set[str]:
    """The words of a question back that neither these sources, nor the question, nor teaching have. A question back says
    nothing that could be checked, so where a note tells the model what to say, it has no words but theirs."""
    known = {t for s in sources for said in (*s.quotes, *s.hit.passage.heading) for t in terms(said)} | set(terms(query.text)) | _TEACHING
    return {word for word in content_words(text) if not known & set(terms(word))}
