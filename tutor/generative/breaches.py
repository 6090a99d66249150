"""A drafted sentence and the sources of a footing in, what speaks against it out, whatever the words alone say.

`tutor.ground` compares words with words. What is known here besides is where they come from: which sentence of the notes
is cited, that it is a command, and what stands in the sentences beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tutor.generative.bidding import bids
from tutor.generative.sources import Source
from tutor.text import content_words, fold, terms, words

MARKUP: Final = re.compile(r"https?:|www\.|]\(|]\[|!\[|<[a-z/!]|&\w+;|&#|javascript:|data:|\w@\w", re.IGNORECASE)
"""What a tutor's sentence has no use for unless the notes have it: addresses, links, images, tags."""
HALF: Final = 0.5
"""The share of a source's other words that a sentence must bear to be taken for that source without its condition."""
LONG: Final = 4
"""Letters of a word that can be seen to be another one scrambled."""

_SELF: Final = re.compile(r"\b(?:I|I['’]m|me|my|myself)\b")
_SUBJECT: Final = re.compile(
    r"^(?:(?:an?|the|each|every|this|these)\s+)?(?!if\b|when\b|where\b|there\b|what\b|every time\b|behind\b)(?P<words>[^,;:.]{2,60}?)\s+(?:is|are|was|were|has|have|had|can|could|may|must|should|will|would|means|keeps|holds|needs|uses|takes|does|do)\b",
    re.IGNORECASE,
)
_BARE: Final = re.compile(r"^\W*(?:(?i:it|its|they|their|this|these|that|those|both|he|she|such|here|there)\b|[a-z])")
_LAST: Final = re.compile(r"[,;]?\s(?:only\s+)?(?:if|when|unless|provided|once|as long as|only for|only with)\s+([^,;:.]{6,})[.]?\s*$", re.IGNORECASE)
_FIRST: Final = re.compile(r"^\W*(?:if|when|unless|once)\s+([^,;:]{6,}),\s", re.IGNORECASE)


def breach(text: str, footing: Sequence[Source], sources: Sequence[Source]) -> str:
    """Why a sentence may not rest on a footing: "markup" that is not the notes' own, a "command" to a speaker, a "speaker"
    who says I, a "scrambled" word, or a "subject" that only another of the sources has. "" where nothing is found."""
    quotes = [q for s in footing for q in s.quotes]
    if any(fold(text) == fold(s.text) for s in footing):
        return ""
    said = " ".join(quotes).lower()
    if any(MARKUP.search(run) and run.strip(".,;:") not in said for run in text.lower().split()):
        return "markup"
    if any(bids(s.text) for s in footing):
        return "command"
    if _SELF.search(text) and not any(_SELF.search(q) for q in quotes):
        return "speaker"
    if _scrambled(text, quotes):
        return "scrambled"
    return "subject" if _elsewhere(text, footing, sources) else ""


def doubt(text: str, footing: Sequence[Source], question: str) -> str:
    """Why a sentence on a good footing goes further than it all the same: a "condition" of the source was left out, which
    the question does not set either. "" where nothing is found."""
    said = {*terms(text), *terms(question)}
    for source in footing:
        found = _LAST.search(source.text) or _FIRST.match(source.text)
        if not found:
            continue
        rest = _stems(source.text.replace(found[1], " "))
        condition = _stems(found[1]) - rest
        if condition and not condition & said and len(rest & said) > HALF * len(rest):
            return "condition"
    return ""


def _scrambled(text: str, quotes: Sequence[str]) -> bool:
    """Whether a word has the letters of one of the notes' words in another order, and is none of theirs."""
    theirs = {w for q in quotes for w in words(q)}
    letters = {"".join(sorted(w)) for w in theirs if len(w) >= LONG}
    return any(w not in theirs and "".join(sorted(w)) in letters for w in words(text) if len(w) >= LONG)


def _elsewhere(text: str, footing: Sequence[Source], sources: Sequence[Source]) -> bool:
    """Whether the subject stands in another source, and no word of it here, although this one has a subject of its own."""
    found = _SUBJECT.match(text)
    if found is None or any(_BARE.match(s.text) for s in footing):
        return False
    subject = _stems(found["words"])
    here = {t for s in footing for q in (*s.quotes, *s.hit.passage.heading) for t in terms(q)}
    return bool(subject) and not subject & here and any(subject <= set(terms(s.text)) for s in sources if s not in footing)


def _stems(text: str) -> set[str]:
    return {t for w in content_words(text) for t in terms(w)}
