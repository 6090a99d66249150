"""A complete question in, what it is about out: the stretch of its words that names its topic, and things it names side by side.

Closed classes of English words and the order they stand in; nothing here knows a subject.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tutor.question import GENERIC
from tutor.text import content_words
from tutor.types import Span

PLACES: Final = frozenset("in on for with without at by from to into during within before after against over through via across".split())
"""Prepositions that end the name of a thing and begin its circumstances."""
_BREAKS: Final = PLACES | frozenset(
    "as about like between than instead rather if when while whereas because so that which who whose but where why how whether vs versus then here there again".split()
)
_AUXILIARIES: Final = frozenset("is are was were do does did can could will would shall should has have had must may might".split())
_PERSONS: Final = frozenset("i we you one someone they people it this that these those he she".split())
_VERBS: Final = frozenset(
    """accept act add affect allow apply autoscale avoid be beat become belong break bring build call carry cause change charge choose combine compare compute connect consist contain
    convert correct cost count create cut decide define delete depend deploy describe detect differ do drop encrypt expire explain fail find fit fix follow get give
    go handle happen have help hide hold hurt ignore improve include increase insert invoke keep know lead learn let limit look lose lower make manage matter mean
    measure miss mix move need occur offer overfit pay perform pick predict prevent process produce protect provide raise read reduce remove replace require restart retrain
    return rise rotate run save scale send separate serve share show slow solve spread stand start stop store suffer suit support take tell terminate treat tune turn use
    validate want win work write""".split()
)
_PREDICATES: Final = frozenset(
    """a an the good bad better worse best worst important useful helpful harmful expensive cheap cheaper slow slower fast faster free available possible necessary
    different similar same robust sensitive safe enough larger smaller bigger higher lower hard easy so too very not more less always never only still
    also worth right wrong true valid optional mandatory prone able likely suitable appropriate slower stateless""".split()
)
NOUNS: Final = frozenset(
    """metric metrics value values cost costs example examples policy policies default defaults limit limits price prices step steps parameter parameters setting
    settings hyperparameter hyperparameters risk risks benefit benefits number numbers amount option options size range algorithm method approach technique tool
    service services format instance permission permissions quota quotas unit units formula code query command script config configuration method way ways
    alternative alternatives requirement requirements algorithms tools methods techniques formats rule rules kind type types kinds""".split()
)
"""Nouns that name nothing of their own: they are asked of a topic."""
_CIVIL: Final = frozenset("thanks thank thx great cool nice perfect hello hi hey bye sorry okay".split())
_PARTICLES: Final = frozenset("up out off down back away".split())
_OPENING: Final = re.compile(
    r"^(?:(?:please|can you|could you|would you|i want to know|i(?: would|'d) like to know|help me understand|do you know)\b[,\s]*)+", re.IGNORECASE
)
_NAMING: Final = re.compile(
    r"^(?:what(?:['’]?s|\s+is|\s+are|\s+was|\s+were)|who\s+(?:is|was)|define|explain(?:\s+(?:to me|more about))?|describe|compare|list|name|summari[sz]e|tell me(?:\s+more)?\s+about"
    r"|(?:give|show)\s+me\s+(?:an?\s+|some\s+|more\s+)?examples?\s+of|(?:an?\s+)?examples?\s+of|meaning\s+of|i\s+(?:don['’]?t|do\s+not)\s+(?:get|understand))\s+",
    re.IGNORECASE,
)
_ASKED: Final = re.compile(
    r"^(?:which|what|how\s+(?:many|much))\s+(?P<noun>(?!(?:if|is|are|was|were|do|does|did|can|could|should|would|will|has|have)\b)[\w-]+(?:\s+[\w-]+){0,3}?)\s+"
    r"(?=(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have|works?|fits?|helps?|gives?|starts?|handles?|lets?|makes?|tells?|shows?|detects?|suits?)\b)",
    re.IGNORECASE,
)
_UNNAMED: Final = re.compile(r"^which\s|^what\s+(?:should|can|could|would|do)\s+(?:i|we|you)\s+(?:use|choose|pick|do)\b", re.IGNORECASE)
_INVERTED: Final = re.compile(
    r"^(?:(?:and|but|so)\s+)?(?:how(?:\s+(?:much|long|often|many|fast|big))?|why|when|where|what)?\s*(?P<aux>is|are|was|were|do|does|did|can|could|will|would|should|has|have|must|isn't|aren't|doesn't|don't)\s+",
    re.IGNORECASE,
)
_INFINITIVE: Final = re.compile(
    r"^(?:how|when|where|why|whether)\s+(?:not\s+)?(?:to\s+|(?=(?:use|choose|split|scale|train|avoid|prefer|combine)\s))|^(?:what are\s+)?(?:the\s+)?(?:steps|ways|best way|way)\s+(?:to|for)\s+",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\s?!,;:()\"“”]*[^\s?!,;:.()\"“”]")
_RELATION: Final = re.compile(
    r"^(?:(?:a|an|the|some|any|more)\s+)?(?:(?:main|common|typical|key|best|default|maximum|minimum|usual)\s+)*(?:limits?|limitations?|formulas?|purpose|role|price|costs?|definitions?|meaning|point|idea|examples?|advantages?|"
    r"disadvantages?|benefits?|drawbacks?|downsides?|pros and cons|pros|cons|risks?|pitfalls|mistakes|misconceptions?|use cases?|alternatives?|steps?|types|kinds|effects?|names?)"
    r"\s+(?:of|to|for|about|with)\s+(?=\S)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question, lower case, and where it stands."""

    text: str
    span: Span


_SUPPOSED: Final = re.compile(r"^what\s+(?:if|happens\s+(?:if|when|to|with|after))\s+", re.IGNORECASE)
_CAUSED: Final = re.compile(r"^(?:what|who)\s+(?!(?:is|was|has|does)\b)\w+s\s+(?=(?:an?|the|my|our|your)\s)", re.IGNORECASE)
_THIRD: Final = _VERBS | frozenset(f"{v}es" if v.endswith(("s", "x", "ss", "sh", "ch")) else f"{v}s" for v in _VERBS)


def subject(question: str) -> Span | None:
    """Where the thing stands that a question is about; None where no such words can be told apart."""
    start = _OPENING.match(question)
    at = start.end() if start else 0
    supposed = _SUPPOSED.match(question[at:])
    if supposed is not None:
        return _supposed(question, at + supposed.end())
    asked = _ASKED.match(question[at:])
    if asked is not None:
        return _asked_of(question, at + asked.end()) or (at + asked.start("noun"), at + asked.end("noun"))
    if re.match(r"which\s", question[at:], re.IGNORECASE):
        return object_behind(question, at + len("which"))
    for pattern, rule in ((_INFINITIVE, _object), (_NAMING, _name), (_INVERTED, _inverted), (_CAUSED, _name)):
        match = pattern.match(question[at:])
        if match is not None:
            return rule(question, at + match.end())
    return _name(question, at)


def empty(phrase: str) -> bool:
    """Whether a phrase names nothing of its own: "a good value", "the cheapest way"."""
    return all(w in NOUNS | GENERIC or w.endswith("est") for w in content_words(phrase))


def behind(question: str, end: int) -> str:
    """What an empty phrase that ends here is asked of: in "a good value for X", X; "" where nothing follows."""
    match = re.match(r"\s+(?:for|of|to|with)\s+", question[end:], re.IGNORECASE)
    found = _name(question, end + match.end()) if match else None
    return question[slice(*found)] if found else ""


def asks(question: str) -> bool:
    """Whether a text is a question by its form, and no fragment of one."""
    return re.match(r"which\s|what\s+\w+", question, re.IGNORECASE) is not None or any(
        p.match(question) for p in (_ASKED, _INFINITIVE, _NAMING, _INVERTED, re.compile(r"(?:how|why)\s+(?:do|does|can|to|is|are)\b", re.IGNORECASE))
    )


def relation(phrase: str) -> tuple[str, str]:
    """A phrase such as "the limits of X" as what is asked of X, and X; ("", phrase) where it is none."""
    match = _RELATION.match(phrase)
    return (phrase[: match.end()], phrase[match.end() :]) if match else ("", phrase)


def asks_for_a_name(question: str) -> bool:
    """Whether the answer names the thing: "which metric is best for ...?"."""
    return _UNNAMED.match(question) is not None or (_ASKED.match(question) is not None and not re.match(r"how\b", question, re.IGNORECASE))


def described(question: str) -> str:
    """The thing that "which service labels images?" asks for, by its description: "the service that labels images"; "" where
    it has none."""
    match = _DESCRIBED.match(question)
    if match is None:
        return ""
    used = match["use"]
    return f"the {match['noun']} to {used}{match['rest']}" if used else f"the {match['noun']} that {match['does']}{match['rest']}"


_DESCRIBED: Final = re.compile(
    r"^(?:which|what)\s+(?P<noun>[\w-]+)\s+(?:(?:should|can|could|do|would)\s+(?:i|we|you)\s+(?P<use>\w+)|(?P<does>(?:is|are|was|has|have|can|\w{3,}s)\b))(?P<rest>[^?!]*?)[\s?!.]*$",
    re.IGNORECASE,
)


def alternatives(phrase: str) -> tuple[str, ...]:
    """The things that a phrase names side by side, "A, B or C"; () where it names one."""
    listed = phrase.split(":", 1)[-1].strip(" ?.!")
    found = tuple(re.sub(r"^(?:between|both|either)\s+", "", p.strip()) for p in re.split(r",\s*(?:and\s+|or\s+)?|\s+(?:and|or|vs\.?|versus)\s+", listed))
    return found if len(found) > 1 and all(p and len(p.split()) <= 6 and content_words(p) for p in found) else ()


def place(question: str) -> Span | None:
    """Where the last circumstance of a question stands, "in production", its preposition included."""
    found = None
    for word in _words(question, 0):
        if word.text in PLACES and word.span[0] > 0:
            found = (word.span[0], len(question.rstrip(" ?.!")))
    return found


def object_behind(question: str, subject_end: int) -> Span | None:
    """In "how does X handle Y?", Y: what stands behind the verb behind the subject."""
    return _cut(question, _words(question, subject_end)[1:], frozenset())


def _words(question: str, start: int) -> list[Word]:
    return [Word(m.group().lower(), m.span()) for m in _WORD.finditer(question, start)]


def _name(question: str, start: int) -> Span | None:
    """The name that begins here, up to the first break."""
    return _cut(question, _words(question, start), frozenset())


def _inverted(question: str, start: int) -> Span | None:
    """What stands behind an auxiliary: a thing that does something, or a person who does something to a thing."""
    listed = _words(question, start)
    if not listed:
        return None
    if listed[0].text in _PERSONS:
        return _object(question, listed[0].span[1])
    before = question[:start].rsplit(maxsplit=1)[-1].lower()
    is_, does = before in ("is", "are", "was", "were", "isn't", "aren't"), before not in ("has", "have")
    stops = _PREDICATES if is_ else _VERBS if does else frozenset[str]()
    if listed[0].text == "there":
        return _object(question, listed[0].span[0])
    span = _cut(question, listed, stops, participles=is_)
    return _without_verb(question, span) if span and before in ("do", "does", "did", "can", "could", "will", "would") else span


def _supposed(question: str, start: int) -> Span | None:
    """What stands behind "what if" or "what happens when"."""
    listed = _words(question, start)
    if listed and listed[0].text in _PERSONS:
        return _object(question, listed[0].span[1])
    return _cut(question, listed, _THIRD)


def _without_verb(question: str, span: Span) -> Span:
    """Of "does X absorb" X, where the verb is none of ours: the last of the words, for one of them must be it."""
    following = _words(question, span[1])
    name = question[slice(*span)].split()
    if len(name) < 2 or (following and following[0].text in _VERBS):
        return span
    return span[0], span[1] - len(name[-1]) - 1


def _object(question: str, start: int) -> Span | None:
    """What stands behind a verb: its object, else what follows its preposition."""
    listed = _words(question, start)
    while listed and listed[0].text in ("not", "best", "actually", "even", "also", "always", "really", "ever", "be", "to"):
        listed.pop(0)
    listed = listed[1:]
    while listed and (listed[0].text in _PARTICLES | _BREAKS or listed[0].text in ("to", "be", "of")):
        listed.pop(0)
    return _cut(question, listed, frozenset())


def _asked_of(question: str, start: int) -> Span | None:
    """In "which metric is best for X?", X."""
    found = place(question)
    if found is None or found[0] < start:
        return None
    return _cut(question, _words(question, found[0])[1:], frozenset())


def _cut(question: str, listed: list[Word], stops: frozenset[str], participles: bool = False) -> Span | None:
    """The words from the first of these up to a break, a stop or a mark; None where none of them carries a topic."""
    kept: list[Word] = []
    for at, word in enumerate(listed):
        following = listed[at + 1] if at + 1 < len(listed) else None
        if kept and _ends(question, kept[-1], word, following, stops, participles):
            break
        kept.append(word)
    while kept and kept[-1].text in (
        "and",
        "or",
        "mean",
        "do",
        "work",
        "is",
        "used",
        "called",
        "good",
        "the",
        "a",
        "exactly",
        "again",
        "really",
        "to",
        "of",
        "not",
    ):
        kept.pop()
    if not kept:
        return None
    span = kept[0].span[0], kept[-1].span[1]
    return span if set(content_words(question[slice(*span)])) - (GENERIC | _CIVIL) else None


def _ends(question: str, last: Word, word: Word, following: Word | None, stops: frozenset[str], participles: bool) -> bool:
    gap = question[last.span[1] : word.span[0]]
    if gap.strip(" \"'“”(") or word.text in stops or word.text in _AUXILIARIES:
        return not (gap.strip() == ":" or (gap.strip() == "," and not stops))
    if word.text in _BREAKS:
        named = question[last.span[0]].isupper() and following is not None and question[following.span[0]].isupper()
        return not (named and word.text in ("for", "on", "with", "in"))
    if word.text in ("and", "or"):
        return following is None or following.text in _AUXILIARIES | _BREAKS | _PERSONS | {"what", "whose"}
    return participles and word.text.endswith("ed") and not question[word.span[0]].isupper()
