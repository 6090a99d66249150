"""A drafted sentence and the sources in, the sources it truly rests on out: what code disposes of what a model proposed.

The ids that a model writes are a hint. A sentence that does not stand on what it cites, and does on another sentence it
was shown, gets that one; a sentence that stands on none is not in the notes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from tutor.generative.sentences import Drafted
from tutor.generative.sources import Source
from tutor.ground import Judgement, judge
from tutor.text import content_words, terms

NEAREST: Final = 3
"""Sources that are tried beside the cited ones."""
_RANK: Final = {"exact": 3, "supported": 2, "unsure": 1, "unsupported": 0}
MARKUP: Final = re.compile(r"https?:|www\.|]\(|]\[|!\[|<[a-z/!]|&\w+;|&#|javascript:|data:", re.IGNORECASE)
"""What a tutor's sentence has no use for unless the notes have it: addresses, links, images, tags."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A sentence with the sources it rests on, and how well it does."""

    drafted: Drafted
    sources: tuple[Source, ...]
    judgement: Judgement


def settle(drafted: Drafted, sources: Sequence[Source], question: str) -> Settled:
    """The best footing of a sentence among the sources offered; `judgement.verdict` is "unsupported" where there is none.

    Tried are what it cites, each alone first, so that no citation is idle; then the sources nearest to its words.
    """
    cited = [s for s in sources if s.id in drafted.ids or s.id.partition(".")[0] in drafted.ids]
    near = _nearest(drafted.text, sources)
    best: Settled | None = None
    for footing in _footings(cited, near):
        found = Settled(drafted, footing, _judged(drafted.text, footing, question))
        if best is None or _RANK[found.judgement.verdict] > _RANK[best.judgement.verdict]:
            best = found
        if _RANK[best.judgement.verdict] >= _RANK["supported"]:
            break
    return best or Settled(drafted, (), Judgement("unsupported", "citation", (), 0.0))


def _footings(cited: Sequence[Source], near: Sequence[Source]) -> list[tuple[Source, ...]]:
    """Sets of sources to try, in order: the one cited that is nearest, the others cited, all cited, then the nearest."""
    by_nearness = sorted(cited, key=lambda s: near.index(s) if s in near else len(near))[:4]
    alone = [(s,) for s in by_nearness]
    together = [tuple(by_nearness)] if len(by_nearness) > 1 else []
    others = [(s,) for s in near if s not in by_nearness]
    pairs = list(combinations(near[:NEAREST], 2))
    return list(dict.fromkeys([*alone, *together, *others, *pairs]))


def _nearest(text: str, sources: Sequence[Source]) -> list[Source]:
    """The sources that share most of the sentence's terms."""
    said = {t for w in content_words(text) for t in terms(w)}
    shares = [(len(said & set(terms(" ".join(s.quotes)))), -place, s) for place, s in enumerate(sources)]
    return [s for share, _, s in sorted(shares, key=lambda x: x[:2], reverse=True)[:NEAREST] if share]


def _judged(text: str, footing: Sequence[Source], question: str) -> Judgement:
    quotes = [q for s in footing for q in s.quotes]
    found = MARKUP.findall(text)
    if any(mark.lower() not in " ".join(quotes).lower() for mark in found):
        return Judgement("unsupported", "markup", tuple(found), 0.0)
    around = [h for s in footing for h in s.hit.passage.heading]
    return judge(text, quotes, question, around)
