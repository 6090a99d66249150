"""A drafted sentence and the sources of a footing in, what speaks against it out, whatever the words alone say.

`tutor.ground` compares words with words. What is known here besides is where they come from: which sentence of the notes
is cited, that it is a command, and what stands in the sentences beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import Final

from tutor.generative.bidding import bids
from tutor.generative.sources import Source
from tutor.text import STOPWORDS, content_terms, content_words, fold, terms, words

MARKUP: Final = re.compile(r"https?:|www\.|]\(|]\[|!\[|<[a-z/!]|&\w+;|&#|javascript:|data:|\w@\w", re.IGNORECASE)
"""What a tutor's sentence has no use for unless the notes have it: addresses, links, images, tags."""
HALF: Final = 0.5
"""The share of a source's other words that a sentence must bear to be taken for that source without its condition."""
COPY: Final = 0.8
"""How like a source a sentence is (2 M / T, Ratcliff and Obershelp 1988, over words) that copies it."""
MOST: Final = 100
"""Words of a sentence that are aligned."""
SHARED: Final = 2
"""Words of weight that a sentence has in common with what it rests on, at least: a single one is chance."""
LONG: Final = 4
"""Letters of a word that can be seen to be another one scrambled."""
JOINED: Final = 10
"""Letters of a word that can be seen to be several run together."""
BACKWARDS: Final = 4
"""Pairs of words in a row that stand the other way round in the notes."""

_SPELLINGS: Final = ({"s", "z"}, {"c", "s"}, {"a", "e"})
_DENIED: Final = re.compile(
    r"\b(?:it is|it['’]s|that is)\s+(?:\w+\s+)?(?:not true|not the case|untrue|false|wrong|a lie|a myth)\s+that\b|^(?:contrary to|far from)\b", re.IGNORECASE
)
_WRONG: Final = re.compile(r"\b(?:misconceptions?|myths?|mistakes?|not|never|no|false|wrong|untrue|contrary)\b", re.IGNORECASE)
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
    who says I, a "denial" of the whole, too "thin" a likeness, or a "subject" that only another of the sources has."""
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
    if _DENIED.search(text) and not any(_WRONG.search(q) for q in quotes):
        return "denial"
    there = {t for s in footing for said in (*s.quotes, *s.hit.passage.heading) for t in terms(said)}
    shared = [bool(there & {*terms(w)}) for w in content_words(text)]
    if sum(shared) < min(SHARED, len(shared)):
        return "thin"
    return "subject" if elsewhere(text, footing, sources) else ""


def doubt(text: str, footing: Sequence[Source], sources: Sequence[Source], question: str) -> str:
    """Why a sentence on a good footing is none of the notes' all the same: a word is "misspelt", words of a near copy have
    "moved", or a "condition" of the source was left out, which the question does not set either. "" where nothing is found."""
    if _misspelt(text, [question, *(q for s in sources for q in s.quotes)]):
        return "misspelt"
    if any(_moved(text, s.text) for s in footing):
        return "moved"
    said = {*terms(text), *terms(question)}
    for source in footing:
        found = _LAST.search(source.text) or _FIRST.match(source.text)
        if not found:
            continue
        rest = set(content_terms(source.text.replace(found[1], " ")))
        condition = set(content_terms(found[1])) - rest
        if condition and not condition & said and len(rest & said) > HALF * len(rest):
            return "condition"
    return ""


def scrambled(text: str, quotes: Sequence[str]) -> bool:
    """Whether words that are none of the notes' have the letters of theirs in another order, or run three of theirs
    together; or some of their words in a row stand backwards. A short word that is another's anagram, as "later" is of
    "alert", is chance; two are not."""
    known, letters, joined, couples, pairs = _letters(tuple(quotes))
    said = words(text)
    new = [w for w in said if len(w) >= LONG and w not in known and w not in STOPWORDS]
    mixed = [w for w in new if "".join(sorted(w)) in letters]
    if len(mixed) > 1 or any(len(w) >= LONG + 2 for w in mixed):
        return True
    if any(w in run for w in new if len(w) >= JOINED and not any(w in c for c in couples) for run in joined):
        return True
    run = 0
    for one, next_one in pairwise(said):
        run = run + 1 if (next_one, one) in pairs and (one, next_one) not in pairs else 0
        if run >= BACKWARDS:
            return True
    return False


@lru_cache(maxsize=64)
def _letters(quotes: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str], tuple[str, ...], frozenset[str], frozenset[tuple[str, str]]]:
    """Of the notes' words: all, the sorted letters of the longer ones, each quote's run together, and neighbors, joined and
    as pairs."""
    theirs = [words(q) for q in quotes]
    known = frozenset(w for said in theirs for w in said)
    pairs = frozenset(pair for their in theirs for pair in pairwise(their))
    return known, frozenset("".join(sorted(w)) for w in known if len(w) >= LONG), tuple("".join(t) for t in theirs), frozenset(a + b for a, b in pairs), pairs


def _misspelt(text: str, quotes: Sequence[str]) -> bool:
    """Whether a word is one of the notes' but for a letter within it; not where English and American spelling differ."""
    said = set(words(text))
    known = {w for q in quotes for w in words(q)}
    left = [w for w in known - said if len(w) >= LONG + 2]
    return any(_near(w, other) for w in said - known if len(w) >= LONG + 2 and w.isalpha() for other in left if len(other) == len(w))


def _near(word: str, other: str) -> bool:
    places = [n for n, (a, b) in enumerate(zip(word, other, strict=True)) if a != b]
    return len(places) == 1 and places[0] < len(word) - 2 and {word[places[0]], other[places[0]]} not in _SPELLINGS


def _moved(text: str, quote: str) -> bool:
    """Whether a near copy has words of weight in other places: the exchanged roles of a sentence that kept the rest."""
    theirs, ours = words(quote)[:MOST], words(text)[:MOST]
    match = SequenceMatcher(None, theirs, ours, autojunk=False)
    if match.real_quick_ratio() < COPY or match.quick_ratio() < COPY or match.ratio() < COPY:
        return False
    edits = [e for e in match.get_opcodes() if e[0] != "equal"]
    gone = {w for _, i, j, _, _ in edits for w in theirs[i:j]}
    come = {w for _, _, _, i, j in edits for w in ours[i:j]}
    return bool(content_words(" ".join(gone & come)))


def elsewhere(text: str, footing: Sequence[Source], sources: Sequence[Source]) -> bool:
    """Whether the subject stands in another source, and not all of it here, although this one has a subject of its own."""
    found = _SUBJECT.match(text)
    if found is None or any(_BARE.match(s.text) for s in footing):
        return False
    subject = set(content_terms(found["words"]))
    here = {t for s in footing for q in (*s.quotes, *s.hit.passage.heading) for t in terms(q)}
    return bool(subject - here) and any(subject <= set(terms(s.text)) for s in sources if s not in footing)
