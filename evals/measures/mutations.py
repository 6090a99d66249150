"""Supported sentences in, sentences that their quotes no longer support out: one known fault each, the same on every run.

The operators share no list and no pattern with the rules that they test.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from evals.measures.pairs import Pair
from tutor.text import content_terms


@dataclass(frozen=True, slots=True)
class Mutant:
    """A pair whose sentence or quotes were changed by an operator; `verbatim` where the sentence was a quote itself."""

    operator: str
    pair: Pair
    verbatim: bool


LOST: Final = 3
"""Terms of a sentence that must stand in the half of its quote that is cut off."""
Change = Callable[[Pair, Sequence[Pair], random.Random], Pair | None]

_OPPOSITES: Final = tuple(
    (pair.partition("/")[0], pair.partition("/")[2])
    for pair in """higher/lower high/low highest/lowest larger/smaller large/small largest/smallest more/less most/least faster/slower fast/slow longer/shorter long/short before/after
    increases/decreases increase/decrease raises/lowers rises/falls grows/shrinks allows/forbids allow/forbid accepts/rejects encrypts/decrypts encrypted/unencrypted true/false
    positive/negative positives/negatives inbound/outbound public/private internal/external first/last early/late new/old cheap/expensive cheaper/dearer better/worse best/worst good/bad
    strong/weak stronger/weaker always/never above/below over/under overfits/underfits overfitting/underfitting supervised/unsupervised labeled/unlabeled synchronous/asynchronous
    stateful/stateless automatic/manual automatically/manually permanent/temporary required/optional rare/common often/rarely enabled/disabled enable/disable starts/ends start/end keeps/loses
    adds/removes add/remove input/output reads/writes wide/narrow dense/sparse left/right up/down inside/outside maximum/minimum same/different dynamic/static simple/complex easy/hard
    safe/dangerous visible/hidden local/global structured/unstructured vertical/horizontal linear/nonlinear many/few full/empty near/far early/late open/closed hot/cold young/old
    sensitive/insensitive reliable/unreliable continuous/discrete equal/unequal complete/incomplete stable/unstable balanced/imbalanced supported/unsupported known/unknown shared/exclusive""".split()
)
_UNITS: Final = (
    "nanoseconds milliseconds ms seconds minutes hours days weeks months years decades centuries",
    "bytes KB MB GB TB PB KiB MiB GiB",
    "Mbps Gbps",
    "mg g kg",
    "mm cm m km",
    "W kW MW",
)
_NUMBERS: Final = "two three four five six seven eight nine ten twelve twenty thirty fifty hundred".split()
_VERBS: Final = """needs:need keeps:keep uses:use takes:take gives:give holds:hold makes:make reads:read writes:write runs:run sends:send stores:store counts:count scales:scale works:work supports:support
    contains:contain costs:cost shows:show returns:return accepts:accept changes:change copies:copy creates:create stops:stop starts:start means:mean trains:train splits:split follows:follow covers:cover
    becomes:become applies:apply pays:pay requires:require grows:grow helps:help lets:let removes:remove adds:add lasts:last serves:serve learns:learn decides:decide lowers:lower raises:raise
    encrypts:encrypt checks:check tells:tell brings:bring moves:move turns:turn watches:watch detects:detect finds:find points:point reaches:reach asks:ask leaves:leave""".split()  # fmt: skip
_CLAIMS: Final = (
    "and it comes at no extra charge", "which was first described by a research group in Zurich", "and it works in every country without registration", "so most companies have given up on it by now",
    "and its source code can be downloaded", "which is why examiners like to ask about it", "and beginners should practise it for a month", "because the older design caught fire easily",
    "and a license must be renewed once a year", "which also protects against power cuts",
)  # fmt: skip


def mutants(pairs: Sequence[Pair], seed: int = 0, most: int = 150) -> list[Mutant]:
    """Up to `most` mutants an operator of the supported pairs: half of quotes as they stand, half of paraphrases."""
    said = [p for p in pairs if p.supported]
    quoted = [replace(p, sentence=_bare(p.quotes[0])) for p in {p.quotes[0]: p for p in said}.values() if _sentence(p.quotes[0])]
    return [
        Mutant(name, pair, verbatim)
        for name, change in OPERATORS.items()
        for verbatim, bases in ((True, quoted), (False, said))
        for pair in changed(bases, change, said, random.Random(f"{seed} {name} {verbatim}"), most // 2)  # noqa: S311  dice, not secrets
    ]


def changed(bases: Sequence[Pair], change: Change, others: Sequence[Pair], dice: random.Random, most: int) -> list[Pair]:
    """Up to `most` of the pairs, in a drawn order, as an operator changes them; `others` lend it words and quotes."""
    made = (new for base in dice.sample(bases, len(bases)) if (new := change(base, others, dice)) is not None)
    return [pair for _, pair in zip(range(most), made, strict=False)]


def _sentence(quote: str) -> bool:
    return "|" not in quote and len(quote.split()) >= 6 and quote.rstrip().endswith(".")


def _bare(quote: str) -> str:
    """A quote without its list mark and its bold label."""
    return re.sub(r"^\s*(?:[-*]\s+)?(?:\*\*[^*]{1,60}\*\*:?\s*(?:-\s+)?)?", "", quote).strip() or quote


def _all(pair: Pair) -> str:
    return " ".join((*pair.quotes, *pair.around, pair.question, pair.sentence))


def put(pair: Pair, match: re.Match[str], text: str) -> Pair:
    """The pair with other words where its sentence matched."""
    return replace(pair, sentence=pair.sentence[: match.start()] + text + pair.sentence[match.end() :])


def number(pair: Pair, _others: Sequence[Pair], dice: random.Random) -> Pair | None:
    """Another value for one of the numbers, one that stands nowhere in the evidence."""
    found = list(re.finditer(rf"(?<![\w.,-])\d+(?:[.,]\d+)*(?![\w-])|\b(?:{'|'.join(_NUMBERS)})\b", pair.sentence))
    if not found:
        return None
    match = dice.choice(found)
    old, there = match.group(), _all(pair)
    if old[0].isdigit():
        value = float(old.replace(",", ""))
        whole = value == int(value)
        new = [value * 3, value + 7, value * 10 + 4, value / 4 + 2] if whole else [value + 1.3, value * 3 + 0.1]
        texts = [f"{int(v):,}" if "," in old else str(int(v)) if whole else f"{v:.2f}" for v in new]
    else:
        texts = list(_NUMBERS)
    texts = [t for t in texts if not re.search(rf"(?<![\w.]){re.escape(t)}(?!\w)", there)]
    return put(pair, match, dice.choice(texts)) if texts else None


_NAME: Final = re.compile(r"(?<=[a-z,;] )[A-Z][A-Za-z0-9]+(?: [A-Z][A-Za-z0-9]+)*\b")


@lru_cache(maxsize=4096)
def _names(sentence: str) -> tuple[str, ...]:
    return tuple(m.group() for m in _NAME.finditer(sentence))


def entity(pair: Pair, others: Sequence[Pair], dice: random.Random) -> Pair | None:
    """A name of another note in place of one of the sentence's."""
    found = list(_NAME.finditer(pair.sentence))
    foreign = sorted({name for p in others if p.note != pair.note for name in _names(p.sentence)})
    there = _all(pair).lower()
    foreign = [n for n in foreign if not any(w.lower() in there for w in n.split())]
    return put(pair, dice.choice(found), dice.choice(foreign)) if found and foreign else None


def negation(pair: Pair, _others: Sequence[Pair], dice: random.Random) -> Pair | None:
    """A denial put in, or taken out where there is one."""
    drop = re.search(r"\b(?:does not|do not|is not|are not|can not|will not|must not|isn't|aren't)\b|\bcannot\b|\bnever\b ", pair.sentence)
    if drop:
        to = {
            "is not": "is",
            "isn't": "is",
            "are not": "are",
            "aren't": "are",
            "cannot": "can",
            "can not": "can",
            "will not": "will",
            "must not": "must",
            "never ": "",
        }
        return put(pair, drop, to.get(drop.group(), "does" if drop.group().startswith("does") else "do"))
    if re.search(r"\b(?:not|no|never|without|nor|only|n't)\b|n't\b", pair.sentence):
        return None
    found = list(re.finditer(r"\b(?:is|are|can|will|must|should|was|were)\b(?= [a-z])", pair.sentence))
    verbs = dict(v.split(":") for v in _VERBS)
    found += list(re.finditer(rf"(?<=[a-z] )\b(?:{'|'.join(verbs)})\b(?= [a-z])", pair.sentence))
    if not found:
        return None
    match = found[0] if dice.random() < 0.7 else dice.choice(found)
    word = match.group()
    return put(pair, match, f"does not {verbs[word]}" if word in verbs else "cannot" if word == "can" else f"{word} not")


def passage(pair: Pair, others: Sequence[Pair], dice: random.Random) -> Pair | None:
    """The quotes of another note, and what stands around them."""
    other = dice.choice([p for p in others if p.note != pair.note])
    return replace(pair, quotes=other.quotes, around=other.around)


def neighbour(pair: Pair, others: Sequence[Pair], dice: random.Random) -> Pair | None:
    """Other quotes of the same note: the citation that is wrong by a line or two."""
    near = sorted({p.quotes for p in others if p.note == pair.note and not set(p.quotes) & set(pair.quotes)})
    return replace(pair, quotes=dice.choice(near)) if near else None


def unit(pair: Pair, _others: Sequence[Pair], dice: random.Random) -> Pair | None:
    """Another unit of the same kind behind a number."""
    for row in dice.sample(_UNITS, len(_UNITS)):
        names = row.split()
        found = re.search(
            rf"(?<=[\d] )(?:{'|'.join(names)})\b|(?<=\b(?:one|two|ten|six) )(?:{'|'.join(names)})\b|(?<=\bfive )(?:{'|'.join(names)})\b", pair.sentence
        )
        if found:
            new = [n for n in names if n not in _all(pair) and n.lower() != found.group().lower()]
            return put(pair, found, dice.choice(new)) if new else None
    return None


def antonym(pair: Pair, _others: Sequence[Pair], dice: random.Random) -> Pair | None:
    """The opposite of a word, by a list of pairs that is not the rule's."""
    both = dict(_OPPOSITES) | {b: a for a, b in _OPPOSITES}
    found = [m for m in re.finditer(r"[a-z]+", pair.sentence) if m.group() in both and both[m.group()] not in pair.sentence.split()]
    return put(pair, (m := dice.choice(found)), both[m.group()]) if found else None


def roles(pair: Pair, _others: Sequence[Pair], _dice: random.Random) -> Pair | None:
    """Two words on either side of a verb or preposition exchanged."""
    verbs = "|".join(v.split(":")[0] for v in _VERBS)
    found = re.search(
        rf"\b(?P<a>[A-Za-z-]{{4,}}) (?P<rest>(?:{verbs}|than|into|before|after|from|over)(?: \w+)? (?:an? |the |its )?)(?P<b>[A-Za-z-]{{4,}})\b", pair.sentence
    )
    if not found or found["a"].lower() == found["b"].lower():
        return None
    return put(pair, found, f"{found['b']} {found['rest']}{found['a']}")


def modality(pair: Pair, _others: Sequence[Pair], dice: random.Random) -> Pair | None:
    """A certainty where the sentence has a possibility."""
    to = {
        "may": "must",
        "can": "must always",
        "often": "always",
        "usually": "always",
        "many": "all",
        "some": "all",
        "most": "all",
        "sometimes": "always",
        "could": "must",
        "might": "must",
        "should": "must",
    }
    found = [m for m in re.finditer(r"\b[a-z]+\b", pair.sentence) if m.group() in to]
    return put(pair, (m := dice.choice(found)), to[m.group()]) if found else None


def condition(pair: Pair, _others: Sequence[Pair], _dice: random.Random) -> Pair | None:
    """A condition left out."""
    last = re.search(r",? (?:only )?(?:if|when|unless|only for|only when|only if) [^,;.:]{8,}(?=[.]?$)", pair.sentence)
    if last and last.start() > 20 and not re.search(r"\b(?:and|so|but|or|even|only|that)$", pair.sentence[: last.start()]):
        return put(pair, last, "")
    first = re.match(r"(?:If|When|Unless) [^,;:]{8,}, (\w)", pair.sentence)
    return put(pair, first, first[1].upper()) if first else None


def added(pair: Pair, others: Sequence[Pair], dice: random.Random) -> Pair | None:
    """A claim behind the sentence that no quote makes: an invented one, or the clause of another note."""
    body = pair.sentence.rstrip(". ")
    if dice.random() < 0.5:
        return replace(pair, sentence=f"{body}, {dice.choice(_CLAIMS)}.")
    other = dice.choice([p for p in others if p.note != pair.note and len(p.sentence.split()) < 16])
    return replace(pair, sentence=f"{body}, and {other.sentence[0].lower()}{other.sentence[1:]}")


_PREDICATE: Final = re.compile(r"^(?P<subject>[A-Z][\w -]{2,50}?) (?P<rest>(?:is|are|has|can|keeps|holds|needs|uses|takes) .{15,})$")


def merged(pair: Pair, others: Sequence[Pair], dice: random.Random) -> Pair | None:
    """The subject of one sentence with what another one of the same note says; both are cited."""
    mine = _PREDICATE.match(pair.sentence)
    near = [(p, m) for p in others if p.note == pair.note and p.quotes[0] != pair.quotes[0] and (m := _PREDICATE.match(_bare(p.quotes[0])))]
    near = [(p, m) for p, m in near if mine and m["subject"].lower() not in mine["subject"].lower() and mine["subject"].lower() not in m["subject"].lower()]
    if not mine or not near:
        return None
    other, theirs = dice.choice(near)
    return replace(pair, sentence=f"{mine['subject']} {theirs['rest']}", quotes=(*pair.quotes[:1], other.quotes[0]))


def truncated(pair: Pair, _others: Sequence[Pair], _dice: random.Random) -> Pair | None:
    """The quote cut in half, so that it no longer has some of what the sentence says."""
    words = pair.quotes[0].split()
    kept, lost = " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])
    gone = frozenset(content_terms(lost)) & frozenset(content_terms(pair.sentence)) - frozenset(content_terms(" ".join((kept, *pair.quotes[1:]))))
    return replace(pair, quotes=(kept, *pair.quotes[1:])) if len(gone) >= LOST else None


OPERATORS: Final[dict[str, Change]] = {
    "number": number, "entity": entity, "negation": negation, "passage": passage, "neighbour": neighbour, "unit": unit, "antonym": antonym, "roles": roles, "modality": modality, "condition": condition,
    "added": added, "merged": merged,
}  # fmt: skip
"""What the check is fitted by, and tried with."""
TRIED: Final[dict[str, Change]] = OPERATORS | {"truncated": truncated}
"""What the check is tried with."""
