"""A question and an answer's candidates in, the candidate that opens the answer out: one of the sort that was asked for.

Asked what a thing is, the one that says so; when to use it, one that says when; when not, one that warns; what it costs, one
that tells how it is billed. A sentence of another sort says true things of the topic and is no beginning of an answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tutor.cues import ANALOGY, ANAPHORA, AVOIDING, BILLING, CHOOSING, MISCONCEPTION, NOTHING
from tutor.extractive.candidates import Candidate
from tutor.extractive.select import MORE, STATEMENTS, WORDS, alike, runs
from tutor.extractive.subject import FULL, defines, flat, names, topic
from tutor.question import Query
from tutor.text import content_words, terms

Sort = Literal["what", "when", "not", "cost", ""]

_CHAT: Final = re.compile(r"^(?:(?:so|ok|okay|and|but|hey|hi|hmm|wait|please|can you|could you|would you)\b[\s,]*)+", re.IGNORECASE)
_WHAT: Final = re.compile(
    r"^(?:what(?:['’]?s|\s+(?:is|are))\b|(?:explain|describe|define|tell me (?:more )?about)\b|what (?:does|do) .{2,60} (?:do|mean)\W*$|how (?:does|do) .{2,60} work\b)",
    re.IGNORECASE,
)
_NOT: Final = re.compile(
    r"\b(?:when|why)\b.*\b(?:should|would|do|is|are|to)\b.*\b(?:not|never|avoid|wrong|bad|poor)\b|\b(?:when|why) (?:not|never)\b"
    r"|\b(?:when|why) (?:should|would|do)n['’]?t (?:i|we|you)\b|\bshouldn['’]?t (?:i|we|you)\b|\bshould (?:i|we) avoid\b",
    re.IGNORECASE,
)
_WHEN: Final = re.compile(
    r"\bwhen (?:should|would|do|to|can|is|are)\b.*\b(?:used?|using|choose|pick|need|prefer|want|good|right|suited|suitable)\b", re.IGNORECASE
)
_COST: Final = re.compile(r"\b(?:costs?|price|priced|pricing|bill|billed|billing|pay|charged?|fees?)\b", re.IGNORECASE)
_MONEY: Final = frozenset(t for w in "cost price pricing bill billing pay charge fee money avoid used".split() for t in terms(w))
LABEL: Final = re.compile(r"^\W*\*\*[^*]{1,40}\*\*\s*(?::|[-–—])\s*")
SAYS: Final = re.compile(r"^\W*(?P<name>.{2,80}?)\s*(?:\([^)]{1,40}\)\s*)?(?:is|are|was) (?:an?|the|one|any)\b")
LABELED: Final = 0.93
"""What a definition is worth that does not say "is a": a label may head what is no definition."""
CHOSEN: Final = re.compile(r"^\W*(?:choose|use|pick|prefer)\s+(?:an?\s+|the\s+)?(?P<name>.{2,70}?)\s+(?:when|if|for|to|because|where)\b", re.IGNORECASE)
AVOIDED: Final = re.compile(
    r"^\W*(?:(?:avoid|do not (?:use|choose)|never use)\s+(?:an?\s+|the\s+)?(?P<a>.{2,70}?)\s+(?:when|if|for|to|because|where|in|on)\b"
    r"|(?:an?\s+|the\s+)?(?P<b>.{2,70}?)\s+(?:is|are) (?:the |a )?(?:wrong|poor|bad) choice\b)",
    re.IGNORECASE,
)
_SUITS: Final = re.compile(
    r"^\W*(?:an?\s+|the\s+)?(?P<name>.{2,70}?)\s+(?:suits?|fits?|(?:is|are) (?:best|well suited|suited|right|ideal|made|meant))\b", re.IGNORECASE
)


def sort(query: Query) -> Sort:
    """Which sort of statement a question asks for, as far as its form shows."""
    text = _CHAT.sub("", query.text.strip())
    if query.kind == "compare":
        return ""
    if _NOT.search(text):
        return "not"
    if _WHEN.search(text):
        return "when"
    if _COST.search(text):
        return "cost"
    if query.kind in ("how", "list", "number"):
        return ""
    return "what" if _WHAT.match(text) or query.defining or _bare(text) else ""


def _bare(text: str) -> bool:
    """Whether it is nothing but a name."""
    words = re.findall(r"[\w'’-]+", text)
    return 0 < len(words) <= 5 and len(content_words(text)) >= len(words) - 1


def fit(query: Query, candidate: Candidate) -> float:
    """How well a candidate is of the sort that is asked for, and about the topic: 0 to 1. 0 where no sort is."""
    asked = sort(query)
    if not asked or candidate.unit.kind not in ("sentence", "item") or ANAPHORA.match(candidate.text) or candidate.text.rstrip().endswith("?"):
        return 0.0
    about = topic(query) - (frozenset() if asked == "what" else _MONEY) or topic(query)
    if asked == "what":
        told = 0.0 if misplaced(query, candidate) else max(defines(candidate, about), defines(candidate, about | frozenset(query.expansion)))
        return told if SAYS.match(LABEL.sub("", flat(candidate))) else LABELED * told
    text = LABEL.sub("", flat(candidate))
    if asked == "cost":
        match = BILLING.match(text)
        return names(match["name"], about, candidate) if match else 0.0
    if asked == "not":
        match = AVOIDED.match(text)
        return names(match["a"] or match["b"], about, candidate) if match else 0.0
    match = CHOSEN.match(text)
    suits = None if match or AVOIDING.search(text) else _SUITS.match(text)
    return names(match["name"], about, candidate) if match else 0.8 * names(suits["name"], about, candidate) if suits else 0.0


def states(query: Query, candidates: Sequence[Candidate]) -> bool:
    """Whether nothing is asked but what a thing is, and a candidate says just that of just this thing."""
    plain = sort(query) == "what" and not query.parts and (query.kind == "definition" or _bare(_CHAT.sub("", query.text.strip())))
    return plain and any(SAYS.match(flat(c)) and fit(query, c) >= FULL for c in candidates)


def misplaced(query: Query, candidate: Candidate) -> bool:
    """Whether a candidate is no beginning of an answer: it denies that it is about the topic, draws a likeness, or is of a
    sort that was not asked for."""
    text, asked = flat(candidate), sort(query)
    if ANALOGY.search(text) or _denies(query, text):
        return True
    plain = LABEL.sub("", text)
    if asked == "what":
        wish = bool(_WISH.search(query.text))
        return not wish and bool(MISCONCEPTION.search(text) or CHOSEN.match(plain) or AVOIDED.match(plain) or BILLING.match(plain))
    if asked == "when":
        return bool(AVOIDING.search(plain) and not CHOOSING.match(plain)) or bool(MISCONCEPTION.search(text))
    if asked == "not":
        return bool(CHOSEN.match(plain) or MISCONCEPTION.search(text))
    return asked == "cost" and bool(MISCONCEPTION.search(text) or CHOSEN.match(plain) or AVOIDED.match(plain))


def _denies(query: Query, text: str) -> bool:
    """Whether a sentence denies that its subject is, or has to do with, the topic."""
    match, about = NOTHING.search(text), topic(query)
    if match is None or query.kind == "claim":
        return False
    other = frozenset(terms(match["what"]))
    return bool(other & about) if match["nothing"] else other <= about and not about & frozenset(terms(text[: match.start()]))


_WISH: Final = re.compile(r"\b(?:confus\w*|misconceptions?|myths?|mistakes?|wrong|choos\w*|avoid\w*|best|cost\w*|bill\w*|pay|pric\w*)\b", re.IGNORECASE)


def opened(query: Query, candidates: Sequence[Candidate], scores: NDArray[np.float64], chosen: Sequence[int], fixed: bool = False) -> list[int]:
    """The chosen ones with the best beginning first: the one of the sort that is asked for, which takes the last one's turn
    where it was not chosen; else the best that is not misplaced. `fixed` lets nothing go for it."""
    if not chosen or query.kind == "compare" or (query.kind in ("how", "list") and candidates[chosen[0]].unit.kind in ("step", "item")):
        return list(chosen)
    fits = {i: value for i, c in enumerate(candidates) if (value := fit(query, c)) > 0.0}
    best = max(fits, key=lambda i: (round(fits[i], 2) + 0.05 * (i in chosen), i in chosen, scores[i]), default=None)
    if best is None:
        if not misplaced(query, candidates[chosen[0]]):
            return list(chosen)
        best = next(
            (i for i in chosen if candidates[i].unit.kind == "sentence" and not misplaced(query, candidates[i]) and not ANAPHORA.match(candidates[i].text)),
            chosen[0],
        )
    kept = [best, *(i for i in chosen if i != best and (best in chosen or alike(candidates[i], candidates[best]) < 1.0))]
    most = MORE.get(query.kind, STATEMENTS)
    while (
        best not in chosen
        and not fixed
        and len(kept) > 2
        and (len(runs(candidates, kept)) > most or sum(len(candidates[i].text.split()) for i in kept) > WORDS)
    ):
        kept.pop()
    return kept
