"""A question and what was talked of in, the question with its pronouns replaced out. Only pronouns whose noun is not in the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from tutor.followup.topic import PLACES, relation
from tutor.question import GENERIC
from tutor.text import content_words

_AUXILIARY: Final = r"is|are|was|were|do|does|did|can|could|will|would|should|has|have|must|may|might"
_PLACE: Final = "|".join(sorted(PLACES))
_BEHIND: Final = rf"(?=\s*(?:[?.!,;:]|$)|\s+(?:{_PLACE}|{_AUXILIARY}|up|out|off|down|and|or|but|so|when|if|while|because|than|instead|too|also|again|myself|then|automatically|different|as|about|like)\b)"

_PRONOUN: Final = re.compile(
    r"\b(?:(?P<own>its|their)|(?P<one>it|(?:this|that) one)|(?P<many>they|them|these ones|those ones|each of them|both of them))\b", re.IGNORECASE
)
_POINTER: Final = re.compile(
    rf"\b(?P<pointer>this|that|these|those)\b(?=\s*(?:[?.!,;:]|$)|\s+(?:{_PLACE}|{_AUXILIARY}|up|off|out|and|or|but|so|when|if|than|instead|too|also|happens?|works?|means?|differs?|matters?|costs?|affected|different|better|worse|cheaper|"
    r"faster|slower|useful|important|bad|good|expensive|free|possible|necessary|needed|used|called|safe|enough|true|always|not|the|a|an|done|measured|computed|calculated|more|less|refundable|stored|run|set|apply|applies|delete|reduce|increase|"
    r"need|needs|use|help|improve|support|cause|prevent|require|handle|change|take|make|about|like|as|look|compare)\b)",
    re.IGNORECASE,
)
_KIND: Final = re.compile(
    r"\b(?:this|that|these|those)\s+(?:method|technique|metric|service|algorithm|approach|tool|term|concept|problem|issue|mode|format|option|parameter|setting|strategy|pattern|library|framework|thing|mechanism|measure)s?\b",
    re.IGNORECASE,
)
_ONE: Final = re.compile(
    rf"(?:use|add|get|buy|run|need|make|have|call|pick|want|host|build|train|write|start|apply|create|choose|deploy|define|set up|configure|delete)\s+(?P<only>one)(?=\s*(?:[?.!,]|$)|\s+(?:{_PLACE}|myself|up)\b)",
    re.IGNORECASE,
)
_EMPTY: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:is|was|would|will|can|could|isn't|be)\s+(?:it|that)\s+(?:be\s+)?(?:always |really |ever |still |also |even |generally )?(?:true|correct|right|wrong|the case|possible|likely|allowed|a (?:good|bad) (?:idea|sign|practice)|normal|ok|okay|bad|common)\s+(?:that|if|when|for \w+ to|to\s+\w+\s+\w+)",
        r"\b(?:is|was|would|isn't)\s+it\s+(?:be\s+)?(?:always |really |ever |still |also |even |so )?(?:[\w-]+\s+){0,2}?(?:better|best|worse|good|safe|worth|hard|easy|difficult|important|necessary|useful|wise|fine|ok|okay|enough|cheaper|faster|required|recommended|possible|required|quicker|slower|simpler|safer|easier|harder|allowed|normal|common|cheap|expensive)\s+(?:to\s+(?!(?:use|run|set up|train|deploy|store|keep|have|do|build|maintain|compute|read|train)\s*(?:[?.!]|$|for\b|in\b|on\b|when\b|with\b))\w+|that\b|\w+ing\b)",
        r"\bit\s+(?:be\s+)?(?:depends?|seems?|turns? out|makes? sense|helps? to|is said|follows that|pays?)\b",
        r"\b(?:how long|how many \w+|what|how much(?: \w+)?)\s+(?:does|do|will|would|did)\s+it\s+(?:take|cost)\s+(?:for\b.*\bto|to)\s+\w+\s+\w+",
        r"\bdoes\s+it\s+(?:really\s+)?(?:matter|make a difference|make sense|help|hurt|pay)\s+(?:if|whether|which|how|that|when|what|to)\b",
        r"\bwhat\s+(?:does|would|did|is)\s+(?:it|that)\s+(?:mean|called|say)\s+(?:to|when|if|that|for)\b",
        r"\b(?:make|makes|making|made|find|finds|consider)\s+it\s+[\w-]+(?:\s+\w+)?\s+(?:to|for|that)\b",
        r"\b(?:how|why|what|when)\s+is\s+it\s+that\b",
        r"\bwhat\s+(?:do|did)\s+they\s+mean\b|\b(?:do|will|would|did|can)\s+they\s+(?:\w+\s+)?(?:ask|test|want|expect|say|call|teach)\b|\bthey\s+(?:ask|say|call|want|expect|test)\b",
        r"^(?!(?:and |but |so )?(?:what|which|how|why|when|where|who|whose|is|are|was|were|do|does|did|can|could|should|would|will|has|have|must|may|tell|give|show|explain|compare|list|name|describe|define|in|on|for|with|from|about)\b)(?:\S+\s+){6}",
        r"\bwhy\s+is\s+(?:it|this)\s+called\b",
        r"\bit['’]s\s+(?:true|said|possible|better|best)\b",
    )
)
_LEAVING: Final = re.compile(
    r"(?:,|;|:|[.!?]\s|\s[-–—]\s|\b(?:and|but|or|if|when|because|so|then|after|before|while|once|until|whether|since|as)\b)", re.IGNORECASE
)
_ACTION: Final = re.compile(
    rf"\b(?:i|we|you|one|to|please)\s+(?:(?:not|best|also|even|still|actually|first|always)\s+)*[\w-]+|^\s*(?:{_AUXILIARY})\b|\b(?:what|which)\s+[\w-]+(?:\s+[\w-]+)?\s+(?={_AUXILIARY})",
    re.IGNORECASE,
)

Number = Literal["one", "many"]


def number(phrase: str) -> Number:
    """Whether a phrase names one thing or several, by the end of its first noun."""
    head = re.split(r"\s+(?:of|for|in|on|with|to|that)\s+", phrase.strip())[0].split()
    last = head[-1].lower() if head else ""
    if " and " in phrase.lower():
        return "many"
    short = len(last) == 3 and last not in ("ids", "vms", "ops")  # the names of services: kms, sqs, ebs
    plural = last.endswith("s") and not short and not re.search(r"(?:ss|us|is|ics|as|'s)$", last) and not head[-1].isupper()
    return "many" if plural else "one"


def resolved(said: str, topics: Sequence[str]) -> str:
    """The question with its pronouns replaced by what was talked of; as it is where they need none, or are filled within it."""
    if not topics or any(pattern.search(said) for pattern in _EMPTY):
        return said
    for pattern in (_KIND, _PRONOUN, _POINTER, _ONE):
        match = next((m for m in pattern.finditer(said) if _stands_for_a_noun(said, m)), None)
        if match is not None and not _within(said, match):
            return _replaced(said, match, topics)
    return said


def _stands_for_a_noun(said: str, match: re.Match[str]) -> bool:
    """No abbreviation ("IT"), no relative or conjunction "that"."""
    if match.group() == "IT" and not said.isupper():
        return False
    if match.groupdict().get("pointer", "") and match.group().lower() == "that":
        before = said[: match.start()].split()
        last = before[-1].lower() if before else ""
        behind = said[match.end() :].lstrip().split()[:1]
        clause = bool(behind) and re.fullmatch(
            rf"(?:{_AUXILIARY}|\w+s|apply|need|use|help|support|cause|require|handle|change|take|make|the|a|an)[?.!,]*", behind[0], re.IGNORECASE
        )
        known = re.fullmatch(rf"(?:{_AUXILIARY}|and|but|so|why|when|how|if|about|of|from|{_PLACE})", last, re.IGNORECASE)
        return not before or bool(known) or not clause
    return True


def _within(said: str, match: re.Match[str]) -> bool:
    """Whether the noun stands in the question itself, before the pronoun and in a place it can refer to."""
    before = said[: match.start()]
    if match.groupdict().get("own"):
        before = re.sub(r"\b[\w-]+\s+(?:of|for|on|in|with|to|about)\s*$", "", before)
        return names(before)
    leaving = [m for m in _LEAVING.finditer(before) if m.start() > 0]
    return bool(leaving) and names(before[: leaving[-1].start()])


def names(words: str) -> bool:
    """Whether words name a thing: a content word that is not merely done or asked."""
    left = _ACTION.sub(" ", words)
    return any(w not in GENERIC and w not in _EVENTS for w in content_words(left))


_EVENTS: Final = frozenset("happens happen mean means cost costs thanks thank hello hi hey great ok yes no often long".split())


def _replaced(said: str, match: re.Match[str], topics: Sequence[str]) -> str:
    groups = match.groupdict()
    word = match.group().strip().lower()
    about = _about(word, topics)
    before, behind = said[: match.start()], said[match.end() :]
    if groups.get("own"):
        return _owned(before, behind, about)
    if match.re is _ONE:
        inner = _bare(about)
        article = "" if number(inner) == "many" else "an " if inner[:1].lower() in "aeiou" else "a "
        return f"{said[: match.start('only')]}{article}{inner}{behind}"
    many = word in ("they", "them", "these", "those")
    if many and re.match(r"an?\s", about):
        about = _plural(_bare(about))
    if re.search(r"\bmany (?:of )?$", before):
        return f"{before.removesuffix('of ')}{_plural(_bare(about))}{behind}"
    return f"{agreeing(before, about)}{about}{_following(behind, about)}"


def _following(behind: str, about: str) -> str:
    """The verb "to be" right behind the pronoun, made to agree with what takes its place."""
    wanted = {"is": "are", "was": "were"} if number(about) == "many" and not about.istitle() else {}
    return re.sub(r"^ (is|was)\b", lambda m: f" {wanted.get(m[1], m[1])}", behind)


def _about(word: str, topics: Sequence[str]) -> str:
    """The phrase for a pronoun: of "the limits of X" the whole for "they", X for "it"; of two things both."""
    if len(topics) > 1:
        by = "and" if word in ("they", "them", "their", "these", "those") else "or"
        return f" {by} ".join((", ".join(topics[:-1]), topics[-1]))
    inner = relation(topics[0])[1]
    return topics[0] if word in ("they", "them", "these", "those") and number(topics[0]) == "many" else inner


_OWNED: Final = re.compile(
    rf"^\s+(?P<noun>[\w-]+(?:\s+(?!(?:{_AUXILIARY}|{_PLACE}|and|or|when|if|than|work|differ|change|look|mean|compare|affect|matter|of|as|called)\b)[\w-]+){{0,3}})(?P<rest>.*)$",
    re.IGNORECASE,
)


def _owned(before: str, behind: str, about: str) -> str:
    """ "Its limits" as "the limits of X"."""
    match = _OWNED.match(behind)
    return f"{before}the {match['noun']} of {about}{match['rest']}" if match else f"{before}{about}'s{behind}"


def agreeing(before: str, about: str) -> str:
    """The auxiliary right before the pronoun, made to agree with what takes its place."""
    pairs = {"is": "are", "was": "were", "does": "do", "has": "have"}
    match = re.search(
        r"(?:^|\b(?:and|but|so|how|why|when|where|what|which|if|long|much|often|many|happens)\s+)(is|was|does|has|are|were|do|have)\s+$", before, re.IGNORECASE
    )
    proper = len(about.split()) > 1 and all(word[0].isupper() for word in about.split())
    if match is None or proper:  # "Kinesis Data Streams" is one service: the learner's own verb knows better
        return before
    verb = match[1].lower()
    wanted = pairs.get(verb, verb) if number(about) == "many" else {v: k for k, v in pairs.items()}.get(verb, verb)
    if wanted == verb:
        return before
    return before[: match.start(1)] + (wanted.capitalize() if match[1][0].isupper() else wanted) + before[match.end(1) :]


def _bare(phrase: str) -> str:
    return re.sub(r"^(?:an?|the)\s+", "", phrase, flags=re.IGNORECASE)


def _plural(phrase: str) -> str:
    if number(phrase) == "many":
        return phrase
    if re.search(r"[^aeiou]y$", phrase):
        return phrase[:-1] + "ies"
    if phrase.endswith("ix"):
        return phrase[:-2] + "ices"
    return phrase + ("es" if re.search(r"(?:s|x|ch|sh)$", phrase) else "s")
