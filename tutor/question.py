"""A learner's question in, what can be read off its words out: its kind, its terms, its parts and sides.

Rules of English form only; nothing here knows a subject.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from tutor.index import Index
from tutor.text import STOPWORDS, content_words, stem, terms, words

Kind = Literal["definition", "compare", "how", "list", "number", "why", "which", "claim", "other"]

GENERIC: Final = frozenset(
    """best better good bad big small way ways type types kind kinds option options choose choosing pick picking recommend
    recommended work works working difference differences differ different compare comparison versus explain describe
    definition define example examples purpose point idea role main important list name names step steps number amount
    someone anyone anybody nobody everybody everyone people team company startup shop boss guy folks today default support supports supported include includes
    actually exactly simply basically usually called call happen happens make makes made help helps question answer note notes guide
    wrong sure instead rather whole entire full easy hard quickly fast tell show give find figure stand stands
    fix fixes fixed solve solved handle deal problem problems issue issues trouble""".split()
)
"""Words that are often in a question and seldom decide what it is about."""


@dataclass(frozen=True, slots=True)
class Term:
    """A search term of the question with its weight, its word as the learner wrote it, and whether the notes use it."""

    stem: str
    word: str
    weight: float
    known: bool
    generic: bool


@dataclass(frozen=True, slots=True)
class Query:
    """What a question asks, as far as its form shows. `parts` are questions in their own right, `sides` the things
    compared; `expansion` holds terms that the notes' abbreviations add."""

    text: str
    kind: Kind
    terms: tuple[Term, ...]
    expansion: tuple[str, ...]
    parts: tuple[str, ...]
    sides: tuple[str, ...]
    corrected: tuple[tuple[str, str], ...]

    @property
    def defining(self) -> bool:
        """Whether it asks, first of all or altogether, what something is."""
        return self.kind == "definition" or _WHAT.match(self.text) is not None

    @property
    def side_stems(self) -> tuple[frozenset[str], ...]:
        """The search terms of each of the things compared."""
        return tuple(frozenset(s for w in content_words(side) for s in terms(w)) for side in self.sides)

    @property
    def part_stems(self) -> tuple[frozenset[str], ...]:
        """The search terms of each part."""
        return tuple(frozenset(s for w in content_words(part) for s in terms(w)) for part in self.parts)

    @property
    def stems(self) -> tuple[str, ...]:
        """The search terms, each once."""
        return tuple(t.stem for t in self.terms)


_WHAT: Final = re.compile(r"what(?:['’]?s|\s+is|\s+are)\b", re.IGNORECASE)


def read(text: str, index: Index) -> Query:
    """Analyse a question against the words of an index."""
    corrections = _corrections(text, index)
    mended = text
    for wrong, right in corrections:
        mended = re.sub(rf"(?<!\w){re.escape(wrong)}(?!\w)", right, mended, flags=re.IGNORECASE)
    sides = _sides(mended)
    return Query(mended, _kind(mended, sides), _terms(mended, index), _expansion(mended, index.abbreviations), _parts(mended), sides, corrections)


def _terms(text: str, index: Index) -> tuple[Term, ...]:
    found: dict[str, Term] = {}
    total = max(1, len(index.passages))
    for word in content_words(text):
        for one in dict.fromkeys(terms(word)):
            if one in found or (len(one) < 2 and not one.isdigit()):
                continue
            count = index.frequency(one)
            generic = word in GENERIC or one in _GENERIC_STEMS
            idf = _idf(count, total)
            found[one] = Term(one, word, idf * (0.35 if generic else 1.0), count > 0, generic or word.isdigit())
    return tuple(found.values())


_GENERIC_STEMS: Final = frozenset(stem(w) for w in GENERIC)


def _idf(count: int, total: int) -> float:
    """BM25's inverse document frequency, as a share of that of a term that occurs once: 0 to 1."""
    return math.log(1 + (total - count + 0.5) / (count + 0.5)) / math.log(1 + (total - 0.5) / 1.5)


def _corrections(text: str, index: Index) -> tuple[tuple[str, str], ...]:
    """Words that the notes never use, each with the notes' own word that is spelled almost like it."""
    found = []
    for word in dict.fromkeys(content_words(text)):
        if len(word) < 5 or not word.isalpha() or word in GENERIC or any(index.frequency(t) for t in terms(word)):
            continue
        near = [w for w in index.words if w[0] == word[0] and abs(len(w) - len(word)) <= 2]
        close = difflib.get_close_matches(word, near, n=4, cutoff=0.8)
        allowed = 1 if len(word) < 9 else 2
        best = min(close, key=lambda w: (_distance(word, w), -index.words[w]), default="")
        if best and _distance(word, best) <= allowed and stem(best) != stem(word):
            found.append((word, best))
    return tuple(found)


def _distance(a: str, b: str) -> int:
    """Edits between two words, a swap of neighbours counting as one (optimal string alignment)."""
    before, last = list(range(len(b) + 1)), [0] * (len(b) + 1)
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        last, before = before, row
    return before[-1]


def _expansion(text: str, abbreviations: Mapping[str, str]) -> tuple[str, ...]:
    plain = " ".join(words(text))
    extra: list[str] = []
    for short, phrase in abbreviations.items():
        if short in STOPWORDS:
            continue
        present = set(plain.split())
        if short in present or short + "s" in present:
            extra.extend(terms(phrase))
        elif len(phrase) > 8 and phrase in plain:
            extra.append(stem(short))
    own = {stem(w) for w in plain.split()}
    return tuple(t for t in dict.fromkeys(extra) if t not in own and t not in STOPWORDS)


_VERSUS: Final = re.compile(r"\b(?:vs\.?|versus)\b", re.IGNORECASE)
_LEAD: Final = re.compile(
    r"^(?:so |ok |okay |and |but |hey |please |can you |could you )*(?:what(?:'s| is| are|s)?|which|explain|compare|describe|tell me|how (?:do|does|is|are)|when (?:should i|do i|would (?:you|i)|to)|should (?:i|we)|is|are|people (?:mix up|confuse))?\s*(?:the )?(?:(?:main |key |actual )?differences?|tradeoffs?|trade-offs?|compare|comparison)?\s*(?:between |of |use |pick |choose )?",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(
    r"(?:differences?|compare|comparison|distinguish|confuse|mix up|differ|tradeoffs?|trade-offs?|choose|pick|decide)\b[^?.]*?\b(?:between |from )?(?P<a>[\w ./'-]{2,60}?)\s+(?:and|or|from|with|to)\s+(?P<b>[\w ./'-]{2,60}?)\s*(?:[-,–—?;.:]|$|\bfor\b|\bwhen\b|\bin\b)"
    r"|^(?P<c>[\w ./'-]{2,50}?)\s+(?:and|or)\s+(?P<d>[\w ./'-]{2,50}?)\s*(?:[-–—,:]|\?).{0,40}(?:differ|same|difference|which|better|compare|when|trade)",
    re.IGNORECASE,
)


def _sides(text: str) -> tuple[str, ...]:
    """The two things a question compares, or ()."""
    match = _VERSUS.search(text)
    if match:
        left, right = text[: match.start()], text[match.end() :]
        left = _LEAD.sub("", re.split(r"[,.;:!?]\s", left)[-1])
        right = re.split(r"[,.;:!?]|\s[-–—]\s|\s(?:for|when|in|if|which|what|how|trade-?offs?|differences?)\b", right.strip())[0]
    elif (pair := _PAIR.search(text)) is not None:
        left, right = (pair["a"], pair["b"]) if pair["a"] else (pair["c"], pair["d"])
        left = _LEAD.sub("", left)
    else:
        return ()
    sides = tuple(side.strip(" -–—\"'") for side in (left, right))
    return sides if all(content_words(side) for side in sides) and all(len(side.split()) <= 8 for side in sides) else ()


_NUMBER: Final = re.compile(
    r"\bhow (?:much|many|long|big|large|often|old|far|fast|deep|wide|high|hot|frequent)\b|\b(?:max|maximum|min|minimum|limit|quota|price|cost per|percent(?:age)?|ratio|dose|timeout|retention period|size of|number of|what (?:rate|size|port|value|year|date|percentage|number))\b",
    re.IGNORECASE,
)
_CLAIM: Final = re.compile(
    r"^(?:is|are|does|do|did|can|could|will|would|should|was|were|has|have|isn't|aren't|doesn't|since|so|because|if)\b|,? (?:right|correct|yes|isn't it|no|true)\?+\s*$",
    re.IGNORECASE,
)


def _kind(text: str, sides: tuple[str, ...]) -> Kind:
    low = text.lower().strip()
    if sides or re.search(r"\b(?:compare|difference|differ|versus|vs|same thing|trade-?offs?)\b", low):
        return "compare"
    if re.search(
        r"\b(?:steps?|how (?:do|can|would|could|should|to|did|are|is)|walk me|procedure|process for|configure|set ?up|fix|troubleshoot)\b", low
    ) and not _NUMBER.search(low):
        return "how"
    if re.search(r"^why\b|\bwhy (?:do|does|is|are|would|should|prefer|not|can)\b|\breasons?\b", low):
        return "why"
    if _NUMBER.search(low):
        return "number"
    if re.search(
        r"^(?:list|name)\b|\b(?:what are|which are|what|which) (?:the )?(?:\w+ ){0,2}(?:two|three|four|five|six|seven|types|kinds|steps|phases|stages|ways|components|parts|parameters|metrics|options|features|benefits|advantages|factors|actions|requirements)\b",
        low,
    ):
        return "list"
    if re.search(
        r"\bmeans?\b|\bdefinition\b|\bdefine\b|^what(?:'s| is| are|s)\b|= ?\??$|\bwhat does \w+ (?:mean|stand)|\bidea behind\b|^explain\b|\bused for\b|\bwhat(?:'s| is) (?:an?|the) \w+\??$|^what (?:does|do) [\w -]{2,40} do\b",
        low,
    ):
        return "definition"
    if re.search(
        r"\b(?:which|what) (?:\w+ ){1,4}(?:should|do|does|would|can|to|is|are|fits|gives)\b|^which\b|\bwhich (?:one|option|service|algorithm|type|tool)\b", low
    ):
        return "which"
    if _CLAIM.search(low):
        return "claim"
    return "other"


def _parts(text: str) -> tuple[str, ...]:
    """The questions that a long question is made of, where it is made of several; else ()."""
    pieces = re.split(
        r"(?<=[.?!;:])\s+|,?\s+(?:and|but)\s+(?=(?:what|which|where|how|when|who|why|can|do|does|is|are|should)\b)|,\s+(?=(?:what|which|where|how|when|who|why)\b)",
        text,
    )
    kept = [p.strip(" ,") for p in pieces if p and len([w for w in content_words(p) if w not in GENERIC]) >= 2]
    return tuple(kept[:4]) if len(kept) > 1 else ()
