"""A sentence and its evidence in, the words that break a rule out: each rule looks for one way to say what the notes do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tutor.ground import lexicon
from tutor.ground.binding import Swap, alike, company, counts, gained, keys, mixing
from tutor.ground.denials import advised_against, base, closest, denials, meets, paired, softened, spliced
from tutor.ground.facts import Reading
from tutor.ground.overlap import LENT, Evidence, lent, same_number
from tutor.ground.signs import strange
from tutor.ground.slots import disordered, miscounted, replaced, shifted
from tutor.ground.thesaurus import OPPOSITES, SAME
from tutor.text import stem

Words = tuple[str, ...]
FLOOR: Final = 0.45
"""The share of a sentence's content words that its evidence must know; a word that is only lent counts half."""
MOVED: Final = 0.3
"""How much better two terms must fit each other's company than their own."""
LITERAL: Final = 0.9
"""The share of content words that must stand in the quotes as they are before their order is judged."""
CLAUSE_WORDS: Final = 3
"""Content words from which a clause is judged by itself."""
BARE_WORDS: Final = 2
"""Content words from which a clause may not be unknown altogether."""
FIRST_WORDS: Final = 4
"""The same for the first one, which often only leads in."""
COMPANY: Final = 1.0
"""How much company an opposite must share with the word that it faces: one neighbour, or two words further away."""
CLOSE: Final = 0.65
"""The share that must stand there before a denial, an opposite or a generalisation is judged: what is freely put is left to the score."""
CLAUSE_FLOOR: Final = 0.2
"""The same for one clause."""
_PREFIXES: Final = tuple("un non in im ir il dis a mis over under pre post sub de inter intra multi semi hyper hypo".split())
_FALLING: Final = frozenset(
    "minus negative below fall falls fell drop drops dropped decrease decreases decreased lose loses lost loss lower reduces reduced".split()
)
_FEW: Final = frozenset((2.0, 3.0, 4.0, 5.0))
_AUXILIARY: Final = frozenset("is are was were has have had can may will does did do must should cannot isn't aren't doesn't don't wasn't".split())


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence with its evidence; `marks` tell how well each word is known."""

    text: Reading
    evidence: Evidence
    marks: Sequence[float]
    swaps: tuple[Swap, Swap]

    @property
    def literal(self) -> float:
        """The share of the content words that stand in the quotes as they are; 1 where there are none."""
        exact = [self.marks[i] == 1 for i, c in enumerate(self.text.content) if c]
        return sum(exact) / len(exact) if exact else 1.0

    @property
    def covered(self) -> float:
        """The share of the content words that the quotes know, or the question or a heading lends, which counts LENT."""
        places = [i for i, c in enumerate(self.text.content) if c]
        return sum(self.marks[i] or LENT * lent(self.text, i, self.evidence) for i in places) / len(places) if places else 1.0

    def coverage(self, part: Iterable[int]) -> float:
        """The share of the content words at some places that the quotes know; 1 where there are none."""
        marks = [self.marks[i] for i in part if self.text.content[i]]
        return sum(marks) / len(marks) if marks else 1.0


def number(case: Case) -> Words:
    """Quantities that no quote has."""
    found = []
    for one in case.text.numbers:
        if not one.plain or any(same_number(one, other) or one.value == other.value for other in case.evidence.numbers):
            continue
        if any(one.value == -other.value for other in case.evidence.numbers) and _FALLING & {
            *case.text.words,
            *(w for r in case.evidence.readings for w in r.words),
        }:
            continue  # a loss of 5 is a change of -5
        if (
            one.value in _FEW
            and one.text.isalpha()
            and not one.kind
            and _listed(case.evidence) >= one.value
            and not any(o.value in _FEW for o in case.evidence.numbers)
        ):
            continue  # what is listed may be counted
        if one.text in ("half", "double", "halve", "halving", "doubling"):
            continue  # as often "a good half of it" as a quantity
        found.append(one.text)
    return tuple(found) or shifted(case.text, case.evidence.readings)


def _listed(evidence: Evidence) -> int:
    """How many things the quotes may list."""
    return len(evidence.readings) + max((sum(w in ("and", "or", "while", "whereas") for w in r.words) + len(r.clauses()) for r in evidence.readings), default=0)


def unit(case: Case) -> Words:
    """Quantities that the quotes have in another unit, and units of time where the quotes have another one."""
    found = []
    for one in case.text.numbers:
        alike = [o for o in case.evidence.numbers if o.value == one.value]
        if one.kind and alike and not any(same_number(one, o) for o in case.evidence.numbers) and any(o.kind for o in alike):
            found.append(one.text)
    theirs = {size for r in case.evidence.readings for _, kind, size in r.units if kind == "time"} | {n.size for n in case.evidence.numbers if n.kind == "time"}
    loose = {size for r in case.evidence.readings for _, kind, size in r.units if kind == "time"}
    ours = {size for _, kind, size in case.text.units if kind == "time"} | {n.size for n in case.text.numbers if n.kind == "time"}
    for at, kind, size in case.text.units:
        if kind == "time" and size not in theirs and loose - ours and case.text.stems[at] not in case.evidence.stems:
            found.append(case.text.words[at])
    return tuple(found) or miscounted(case.text, case.evidence.readings)


def sign(case: Case) -> Words:
    """Signs of a formula or a limit that the quotes have otherwise."""
    return strange(case.text, case.evidence.readings)


def entity(case: Case) -> Words:
    """Names, abbreviations and identifiers that neither the quotes nor the question nor a heading has."""
    text = case.text
    found = [text.written[at] for at in text.names if not case.marks[at] and not lent(text, at, case.evidence)]
    subject = _strange_subject(case)
    return tuple(dict.fromkeys([*([subject] if subject else []), *found]))


def _strange_subject(case: Case) -> str:
    """The first word, where it begins a sentence with a name for a subject that nothing knows: one word or more, then a verb."""
    text = case.text
    size = 0
    while size < len(text.words) and text.content[size] and not case.marks[size] and not lent(text, size, case.evidence):
        size += 1
    if not size or size >= len(text.words) or not text.written[0][0].isupper():
        return ""
    follows, first = text.words[size], text.words[0]
    acts = follows.endswith("s") and not follows.endswith("ss") and not first.endswith(("ing", "ly", "ed"))
    known = case.marks[size] > 0 and text.content[size]
    return text.written[0] if follows in _AUXILIARY or (known and (acts or size > 1)) else ""


def negation(case: Case) -> Words:
    """Denials that the quotes do not make of these words, or make and the sentence does not."""
    text, evidence = case.text, case.evidence
    said = frozenset(text.told)
    if turned := advised_against(text, evidence.readings):
        return (turned,)
    mine, other = paired(denials(text), [(r, d) for r in evidence.readings for d in denials(r)], text.words)
    for one in mine:
        if spliced(text, one.at, evidence.readings):
            return (text.written[one.at],)
    for reading, one in other:
        if spliced(reading, one.at, (text,)):
            return (reading.written[one.at],)
    if (mine and other) or (len(mine) == 2 and not other) or case.literal < CLOSE:  # two denials of one thing assert it
        return ()
    for one in mine:
        scope = one.behind or one.before
        if any(base(text.words[i]) in evidence.stems for i in range(one.at, one.span[1])):
            return ()
        close = closest(scope, evidence.readings)
        if close is None or case.coverage(range(*one.span)) < 0.6 or meets(scope, evidence.stems) < 0.5 * len(scope):
            continue
        near = {close[0].stems[i] for i in close[1]}
        if softened(*close, text.words) or any(OPPOSITES.get(s, frozenset()) & near for s in scope):
            continue
        return (text.written[one.at],)
    for reading, one in other:
        scope = one.behind or one.before
        met = meets(scope, said)
        outside = frozenset(s for i, s in enumerate(reading.stems) if not one.span[0] <= i < one.span[1]) | {
            s for r in evidence.readings if r is not reading for s in r.stems
        }
        if not scope or met < min(2, len(scope)) or met < 0.6 * len(scope) or meets(scope & said, outside) == len(scope & said):
            continue
        if case.coverage(range(len(text.words))) < 0.6:
            continue
        words = [w for r in evidence.readings for w in r.words]
        if softened(text, range(len(text.words)), words) or any(OPPOSITES.get(s, frozenset()) & set(text.stems) for s in scope):
            continue
        return (reading.written[one.at],)
    return ()


def antonym(case: Case) -> Words:
    """Words whose opposite stands in their place in the quotes, and they themselves nowhere; two of them may cancel out."""
    text, evidence = case.text, case.evidence
    if case.literal < CLOSE or _turned(case):
        return ()
    found = []
    for part in text.clauses():
        if case.coverage(part) < CLOSE:
            continue
        for at in part:
            one = text.stems[at]
            if one in evidence.stems:
                continue
            facing = ((OPPOSITES.get(one, frozenset()) & evidence.stems) | _prefixed(text.words[at], evidence.stems)) - set(text.stems)
            if (
                facing
                and _in_place(text, at, facing, evidence)
                and not _denied(text, at)
                and not any(_denied_in(evidence, f) for f in facing)
                and not _parallel(one, evidence)
            ):
                found.append((text.words[at], sorted(facing)[0]))
    return found[0] if len(found) % 2 else ()


def _in_place(text: Reading, at: int, facing: frozenset[str], evidence: Evidence) -> bool:
    """Whether a word has the company that one of its opposites has in the quotes."""
    ours = company(text, text.stems, at, sided=False)
    return any(alike(ours, company(r, r.stems, i, sided=False)) >= COMPANY for r in evidence.readings for i, s in enumerate(r.stems[:200]) if s in facing)


def _parallel(one: str, evidence: Evidence) -> bool:
    """Whether the evidence says the word by another one that means the same."""
    groups = SAME.get(one, frozenset())
    return bool(groups & evidence.groups) and any(groups & SAME.get(s, frozenset()) for s in evidence.stems - OPPOSITES.get(one, frozenset()))


def _prefixed(word: str, stems: frozenset[str]) -> frozenset[str]:
    """Stems that differ from a word by a denying prefix alone."""
    found = set()
    one = stem(word)
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) > len(prefix) + 3:
            base = stem(word[len(prefix) :])
            if base in stems and prefix in ("un", "non", "in", "im", "ir", "il", "dis", "a", "mis"):
                found.add(base)
        if len(one) > 3 and prefix in ("un", "non", "in", "im", "ir", "il", "dis", "mis") and stem(prefix + word) in stems:
            found.add(stem(prefix + word))
    return frozenset(found)


def _denied(text: Reading, at: int) -> bool:
    return any(w in lexicon.NEGATORS or w in ("without", "avoid", "unless", "than", "instead", "rather") for w in text.words[max(0, at - 4) : at])


def _denied_in(evidence: Evidence, one: str) -> bool:
    return any(_denied(r, i) for r in evidence.readings for i, s in enumerate(r.stems) if s == one)


def order(case: Case) -> Words:
    """Two terms that have changed places: each stands where the quotes have the other."""
    swap, _ = case.swaps
    if found := disordered(case.text, case.evidence.readings):
        return found
    if len(denials(case.text)) != sum(len(denials(r)) for r in case.evidence.readings) or "none" in case.text.words or _turned(case):
        return ()
    if swap.gain > MOVED and case.literal >= LITERAL and not _enumerated(swap.terms, case.evidence):
        least = 1 if all(counts(term) for term in swap.terms) else 2
        if gained(case.text, case.evidence.readings, swap) >= least:
            return swap.terms
    crossed, _ = mixing(case.text, case.evidence.readings)
    return swap.terms if crossed and swap.gain else ("clauses",) if crossed else ()


def _turned(case: Case) -> bool:
    """Whether a comparison is told from its other side: "slower than UDP" and "faster than TCP"."""
    text, evidence = case.text, case.evidence
    comparisons = [_compared(r) for r in (text, *evidence.readings)]
    (left, right), theirs = comparisons[0], comparisons[1:]
    inverted = any(left & behind and right & before for before, behind in theirs)
    return inverted and any(OPPOSITES.get(s, frozenset()) & evidence.stems for s in text.stems if s not in evidence.stems)


def _compared(text: Reading) -> tuple[set[str], set[str]]:
    """The content before a "than", or before its sentence's comparison, and the content behind it."""
    if "than" not in text.words:
        return set(), set()
    at = text.words.index("than")
    before = [i for i in range(at) if text.content[i]]
    behind = [i for i in range(at, len(text.words)) if text.content[i]]
    left, right = {text.stems[i] for i in before}, {text.stems[i] for i in behind[:3]}
    return left - right, right - left


def _enumerated(terms: tuple[str, str], evidence: Evidence) -> bool:
    """Whether two terms are neighbours in a list, where their order says nothing."""
    return any(
        text.words[at] in ("and", "or") and {names[at - 1], names[at + 1]} == set(terms)
        for text in evidence.readings
        for names in [keys(text)]
        for at in range(1, len(names) - 1)
    )


def modal(case: Case) -> Words:
    """Generalisations where the quotes hedge, and conditions with "only" or "unless" that are left out."""
    text, evidence = case.text, case.evidence
    words = {w for r in evidence.readings for w in r.words}
    ours = set(text.words)
    added = [w for i, w in enumerate(text.words) if w in lexicon.STRONG and text.words[i + 1 : i + 2] not in (("time",), ("a",), ("few",))]
    added = [w for w in added if not words & lexicon.AS_STRONG.get(w, frozenset())]
    hedges = ours & lexicon.HEDGES
    if added and not words & lexicon.STRONG and hedges <= words and case.literal >= CLOSE and any(_hedged(r, text) for r in evidence.readings):
        return (added[0],)
    for reading in evidence.readings:
        joined = " " + " ".join(reading.words) + " "
        for phrase in lexicon.BINDING:
            at = joined.find(f" {phrase} ")
            if at < 0:
                continue
            place = joined[:at].count(" ")
            behind = [i for i in range(place + phrase.count(" ") + 1, len(reading.words)) if reading.content[i]][:4]
            head = [i for i in range(place) if reading.content[i]]
            tail = sum(reading.stems[i] in text.stems for i in behind)
            lead = sum(reading.stems[i] in text.stems for i in head)
            if behind and not tail and head and lead >= 0.6 * len(head) and not ours & (lexicon.CONDITIONS | {"only"}):
                return (phrase,)
    return ()


def _hedged(reading: Reading, text: Reading) -> bool:
    """Whether a quote hedges what the sentence says."""
    for at, word in enumerate(reading.words):
        if word in lexicon.HEDGES and word not in text.words:
            behind = [reading.stems[i] for i in range(at + 1, len(reading.words)) if reading.content[i] or reading.numbers][:3]
            if 2 * sum(s in text.stems for s in behind) >= len(behind):
                return True
    return False


def coverage(case: Case) -> Words:
    """Content that the quotes do not know: of the whole sentence, or of one of its clauses."""
    text = case.text
    whole = range(len(text.words))
    if case.covered < FLOOR:
        return tuple(text.words[i] for i in whole if text.content[i] and not case.marks[i])[:8]
    for at, part in enumerate(text.clauses()):
        content = [i for i in part if text.content[i]]
        least = FIRST_WORDS if not at else CLAUSE_WORDS
        strange = (
            at
            and len(content) >= BARE_WORDS
            and not any(case.marks[i] or lent(text, i, case.evidence) for i in content)
            and not lexicon.NEGATORS & {text.words[i] for i in part}
        )
        if strange or (len(content) >= least and case.coverage(part) < CLAUSE_FLOOR and not all(lent(text, i, case.evidence) for i in content)):
            return tuple(text.words[i] for i in content if not case.marks[i])[:8]
    return ()


def general(case: Case) -> Words:
    """Words that speak of every case, where no word of the quotes does."""
    theirs = {w for r in case.evidence.readings for w in r.words}
    if theirs & lexicon.SWEEPING:
        return ()
    return tuple(w for w in case.text.words if w in lexicon.SWEEPING and not theirs & lexicon.AS_STRONG.get(w, frozenset()))


def replacement(case: Case) -> Words:
    """A word that no quote knows in the place of another one, in what is otherwise a copy."""
    return replaced(case.text, case.evidence.readings) or ()


Rule = Callable[[Case], Words]
RULES: dict[str, Rule] = {
    "number": number,
    "unit": unit,
    "sign": sign,
    "entity": entity,
    "negation": negation,
    "antonym": antonym,
    "order": order,
    "modal": modal,
    "coverage": coverage,
}
DOUBTS: dict[str, Rule] = {"general": general, "replacement": replacement}
"""What does not turn a sentence away, and keeps it from being called supported."""
