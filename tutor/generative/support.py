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

from tutor.generative.breaches import breach, doubt, elsewhere, scrambled
from tutor.generative.sentences import Drafted
from tutor.generative.sources import Source
from tutor.ground import Judgement, judge
from tutor.text import content_terms, content_words, terms

NEAREST: Final = 3
"""Sources that are tried beside the cited ones."""
_RANK: Final = {"exact": 3, "supported": 2, "unsure": 1, "unsupported": 0}
_TURNED: Final = frozenset(("number", "unit", "sign", "entity", "negation", "antonym", "order", "modal"))
"""Rules that say not only that a source does not hold a sentence, but that it holds another."""
_DENIED: Final = frozenset(("negation", "antonym", "order", "sign", "subject"))
"""Those of them that another source beside does not make good; a number or a name may well stand in the other."""
PART: Final = 3
"""Content words of the shortest part of a sentence that must stand on one source, where several carry the whole."""
_PART: Final = re.compile(
    r"[;:]\s+|,\s+(?:(?:and|but|or|so|while|whereas|because|which|where|if)\s+)?|\s(?:and|but|while|whereas|because|which|if|when)\s", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Settled:
    """A sentence with the sources it rests on, and how well it does."""

    drafted: Drafted
    sources: tuple[Source, ...]
    judgement: Judgement


def settle(drafted: Drafted, sources: Sequence[Source], question: str) -> Settled:
    """The best footing of a sentence among the sources offered; `judgement.verdict` is "unsupported" where there is none.

    Tried are what it cites, each alone first, so that no citation is idle; then the sources nearest to its words. Where a
    source holds the sentence turned round, one that shares fewer of its words is no footing.
    """
    if scrambled(drafted.text, [q for s in sources for q in s.quotes]):
        return Settled(drafted, (), Judgement("unsupported", "scrambled", (), 0.0))
    cited = [s for s in sources if s.id in drafted.ids or s.id.partition(".")[0] in drafted.ids]
    shares = _shares(drafted.text, sources)
    near = [s for s in sorted(sources, key=lambda s: -shares[s.id])[:NEAREST] if shares[s.id]]
    best: Settled | None = None
    bar = 0
    turned: set[str] = set()
    for footing in _footings(cited, near):
        if len(footing) == 1 and shares[footing[0].id] < bar:
            continue
        if any(s.id in turned for s in footing):  # no second source mends what the first one denies
            continue
        found = Settled(drafted, footing, _judged(drafted.text, footing, sources, question))
        if best is None or _RANK[found.judgement.verdict] > _RANK[best.judgement.verdict]:
            best = found
        if _RANK[best.judgement.verdict] >= _RANK["supported"]:
            break
        if best.judgement.verdict == "unsure" and set(footing) == set(cited):  # the model's own choice carries it so far: no other is tried
            break
        if len(footing) == 1 and found.judgement.rule in _TURNED:
            bar = max(bar, shares[footing[0].id])
        if len(footing) == 1 and found.judgement.rule in _DENIED:
            turned.add(footing[0].id)
    return best or Settled(drafted, (), Judgement("unsupported", "citation", (), 0.0))


def _footings(cited: Sequence[Source], near: Sequence[Source]) -> list[tuple[Source, ...]]:
    """Sets of sources to try, in order: the one cited that is nearest, the others cited, all cited, then the nearest."""
    by_nearness = sorted(cited, key=lambda s: near.index(s) if s in near else len(near))[:4]
    alone = [(s,) for s in by_nearness]
    together = [tuple(by_nearness)] if len(by_nearness) > 1 else []
    others = [(s,) for s in near if s not in by_nearness]
    pairs = list(combinations(near[:NEAREST], 2))
    return list(dict.fromkeys([*alone, *together, *others, *pairs]))


def _shares(text: str, sources: Sequence[Source]) -> dict[str, int]:
    """How many of the sentence's terms each source has, by its id."""
    said = set(content_terms(text))
    return {s.id: len(said & set(terms(" ".join(s.quotes)))) for s in sources}


def _judged(text: str, footing: Sequence[Source], sources: Sequence[Source], question: str) -> Judgement:
    reason = breach(text, footing, sources)
    if reason:
        return Judgement("unsupported", reason, (), 0.0)
    around = [h for s in footing for h in s.hit.passage.heading]
    found = judge(text, [q for s in footing for q in s.quotes], question, around)
    if len(footing) > 1 and found.verdict != "unsupported" and not all(_stands(part, footing, sources, question) for part in _parts(text)):
        return Judgement("unsupported", "merged", (), 0.0)
    reason = doubt(text, footing, sources, question) if found.verdict in ("exact", "supported") else ""
    return Judgement("unsure", reason, (), found.score) if reason else found


def _stands(part: str, footing: Sequence[Source], sources: Sequence[Source], question: str) -> bool:
    return any(not elsewhere(part, (s,), sources) and judge(part, s.quotes, question, s.hit.passage.heading).verdict != "unsupported" for s in footing)


def _parts(text: str) -> list[str]:
    """A sentence's clauses, as far as commas and conjunctions tell; each carries three words of weight."""
    found = [""]
    for piece in _PART.split(text):
        found[-1] = f"{found[-1]} {piece}".strip()
        if len(content_words(found[-1])) >= PART:
            found.append("")
    last = found.pop()
    return [*found[:-1], f"{found[-1]} {last}".strip()] if found else [last]
