"""A text in, what it denies out; two texts in, the denials of each that the other does not make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tutor.ground import lexicon
from tutor.ground.facts import Reading
from tutor.ground.thesaurus import SAME
from tutor.text import stem

ADVISED: Final = 0.6
"""The share of a quote's advice, of what and of when, that a sentence must bear to be held against it."""
MOST: Final = 8
"""Denials of a text that are compared."""
_ADVICE: Final = frozenset("choose use pick select prefer take try".split())
_CASE: Final = frozenset("when if for where while as in because once".split())
"""Words behind which a piece of advice says when it holds."""


@dataclass(frozen=True, slots=True)
class Denial:
    """A denying word, the content that it denies, and the content before it."""

    at: int
    behind: frozenset[str]
    before: frozenset[str]
    span: tuple[int, int]


@lru_cache(maxsize=4096)
def denials(text: Reading) -> tuple[Denial, ...]:
    """The denials of a text; "not only" and "no more than" are none, and what is called a misconception is denied as a whole."""
    found = []
    content = [i for i, c in enumerate(text.content) if c]
    for at, word in enumerate(text.words):
        nxt = text.words[at + 1] if at + 1 < len(text.words) else ""
        if word in ("misconception", "myth"):
            end = next((i for i in range(at, len(text.words)) if text.words[i] == "fact"), len(text.words))
            found.append(Denial(at, frozenset(text.stems[i] for i in content if at < i < end), frozenset(), (at, end)))
        if (
            word not in lexicon.NEGATORS
            or nxt in ("only", "just", "matter", "forget", "worry", "hesitate", "confuse")
            or (nxt == "but" and f"{word}, but" not in text.text.lower())
            or "even" in text.words[max(0, at - 3) : at]
            or (word == "not" and at and text.words[at - 1] == "or")
        ):
            continue
        if _compares(text, at):
            continue
        own = [i for i in content if text.clause[i] == text.clause[at]]
        behind = [i for i in own if i > at][:4]
        before = [i for i in own if i < at][-3:] if behind else [i for i in content if i < at][-8:]
        span = [i for i in range(len(text.words)) if text.clause[i] == text.clause[at]]
        found.append(Denial(at, frozenset(text.stems[i] for i in behind), frozenset(text.stems[i] for i in before), (span[0], span[-1] + 1)))
    return tuple(found[:MOST])


@lru_cache(maxsize=4096)
def avoidances(text: Reading) -> tuple[Denial, ...]:
    """What a text advises against: clauses that begin with "avoid" or "skip" and the like; `behind` is what is to be avoided,
    `before` the case in which it is."""
    found = []
    for part in text.clauses():
        words = text.words[part[0] : part[-1] + 1]
        start = next((n for n, w in enumerate(words[:3]) if w in ("avoid", "skip", "avoids")), None)
        if start is None and words[:2] in (("do", "not"), ("don't", "choose"), ("don't", "use")):
            start = 1
        if start is None:
            continue
        turn = next((n for n, w in enumerate(words) if n > start and w in _CASE), len(words))
        what = frozenset(text.stems[i] for i in part[start + 1 : turn] if text.content[i])
        case = frozenset(text.stems[i] for i in part[turn:] if text.content[i])
        found.append(Denial(part[start], what - {"choos", "use"}, case, (part[0], part[-1] + 1)))
    return tuple(found)


def advised_against(text: Reading, evidence: Iterable[Reading]) -> str:
    """The word by which a text of the evidence advises against what this one advises in the same case; "" where none does."""
    at = next((i for i, w in enumerate(text.words[:8]) if w in _ADVICE), None)
    if at is None or denials(text) or set(text.words) & (lexicon.SOFT_NEGATORS - {"but", "only", "before", "however"}):
        return ""
    said = frozenset(text.told)
    behind = [text.stems[i] for i in range(at + 1, len(text.words)) if text.content[i]]
    for reading in evidence:
        for one in avoidances(reading):
            advised = frozenset(behind[: len(one.behind)])
            if advised and meets(one.behind, advised) >= ADVISED * len(one.behind) and meets(one.before, said) >= max(1, ADVISED * len(one.before)):
                return reading.written[one.at]
    return ""


def _compares(text: Reading, at: int) -> bool:
    """Whether a denying word only sets a limit: "no more than", "no larger than", "never for more than 14"."""
    words = text.words
    nxt = words[at + 1] if at + 1 < len(words) else ""
    if words[at] == "no":
        larger = nxt.endswith("er") and nxt not in ("longer", "number", "server", "user", "order", "layer", "after", "ever", "other")
        if larger or nxt in ("more", "less", "fewer", "matter") or words[at + 1 : at + 3] == ("longer", "than"):
            return True
    counted = {n.at for n in text.numbers}
    return any(
        words[i + 1] == "than" and i + 2 in counted and text.clause[i] == text.clause[at] and words[i] in ("more", "less", "fewer", "later", "longer")
        for i in range(at + 1, min(at + 12, len(words) - 2))
    )


def meets(a: frozenset[str], b: frozenset[str]) -> int:
    """How many stems of one set the other has, as they are or by a word alike."""
    groups = {g for s in b for g in SAME.get(s, ())}
    return sum(s in b or bool(SAME.get(s, frozenset()) & groups) or any(len(s) > 5 and s[:5] == o[:5] for o in b) for s in a)


def softened(ours: Reading, part: Iterable[int], theirs: Iterable[str]) -> bool:
    """Whether some words of a text may stand for a denial that the others do not make."""
    other = set(theirs)
    stems = {stem(w) for w in other}
    if any(base(w) in stems and w not in other for w in ours.words):
        return True
    return any(w in lexicon.EITHER_WAY or (w not in other and (w in lexicon.SOFT_NEGATORS or _negative(w))) for w in (ours.words[i] for i in part))


def base(word: str) -> str:
    """The stem that a denying prefix or ending stands at; "" where there is none."""
    for prefix in ("un", "in", "im", "ir", "il", "dis", "non"):
        if word.startswith(prefix) and len(word) > len(prefix) + 3:
            return stem(word[len(prefix) :])
    return stem(word[:-4]) if word.endswith("less") and len(word) > 7 else ""


def _negative(word: str) -> bool:
    """Whether a word denies by its form: "meaningless", "unknown"."""
    return (word.endswith("less") and word not in ("serverless", "stateless", "lossless")) or (
        word.startswith("un") and len(word) > 5 and not word.startswith(("under", "until", "unique", "union", "univers", "unit"))
    )


def closest(scope: frozenset[str], readings: Iterable[Reading]) -> tuple[Reading, range] | None:
    """The clause that meets most of a scope, and the clause before it, where a denial may stand."""
    best, top = None, 0
    for text in readings:
        parts = text.clauses()
        for at, part in enumerate(parts):
            met = meets(scope, frozenset(text.stems[i] for i in part if text.content[i]))
            if met > top:
                best, top = (text, range(parts[max(0, at - 1)][0] if len(part) < 5 else part[0], part[-1] + 1)), met
    return best


def spliced(ours: Reading, at: int, theirs: Iterable[Reading]) -> bool:
    """Whether the words around a denial stand side by side in another text: it was put in there, or left out here."""
    stems, words = ours.stems, ours.words
    start = at - 1 if at and words[at - 1] in ("do", "does", "did") else at
    if words[at].endswith("n't") or words[at] == "cannot":
        start = at
    if not start or at + 1 >= len(words):
        return False
    left = {stems[start - 1]}
    behind = stems[at + 1]
    if words[at] == "cannot" or words[at].endswith("n't"):
        left = {stem(words[at].removesuffix("not").removesuffix("n't"))}
        if words[at] in ("don't", "doesn't", "didn't"):
            left = {stems[start - 1]}
    limits = lexicon.EITHER_WAY - set(words)
    return any(
        r.stems[i] in left and r.stems[i + 1] == behind and not any(w in limits and r.clause[k] == r.clause[i] for k, w in enumerate(r.words))
        for r in theirs
        for i in range(len(r.stems) - 1)
    )


def paired(ours: Sequence[Denial], theirs: Sequence[tuple[Reading, Denial]], words: Sequence[str]) -> tuple[list[Denial], list[tuple[Reading, Denial]]]:
    """The denials of each side that the other does not make."""
    scores = []
    for i, a in enumerate(ours):
        for k, (reading, b) in enumerate(theirs):
            met = meets(a.behind | a.before, b.behind | b.before) + 0.5 * (words[a.at] == reading.words[b.at])
            if met:
                scores.append((met, -i, -k))
    mine, other = set(range(len(ours))), set(range(len(theirs)))
    for _, i, k in sorted(scores, reverse=True):
        if -i in mine and -k in other:
            mine.discard(-i)
            other.discard(-k)
    return [ours[i] for i in sorted(mine)], [theirs[k] for k in sorted(other)]
