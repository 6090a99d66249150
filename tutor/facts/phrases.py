"""A few words in, whether they name, tell or order out: what can be read off their form without a dictionary of nouns."""

from __future__ import annotations

import re
from typing import Final

from tutor.facts.names import article, points

_SUBJECT: Final = 90
"""Characters of a clause in which its verb is looked for."""
_PHRASE: Final = re.compile(
    r"(?:[Aa]n?|[Tt]he|[Aa]ny) (?P<head>(?:[\w/'’-]+ ){1,6}?)(?=(?:that|which|who|whose|where|when|of|for|in|on|to|from|with|by|between|used|using|designed|created|built|made|based|containing|caused|at|during"
    r"|defined|provided|running|across|over|after|before|within|without|through|as|into|against|per|whereby)\b)"
)
_PREDICATE: Final = re.compile(r"[a-z]+(?:[^suia']s|[a-z]es)(?<!ries)(?<!ases)", re.ASCII)
_ACTS: Final = re.compile(
    r"\b(?:gives|offers|shifts|works|makes|connects|starts|becomes|leads|takes|needs|means|lets|permits|keeps|gets)\b|[a-z]s (?:work|define|start|need|make|take|help|get|become|lead|act|move|come|occur)\b"
)
_EQUATES: Final = re.compile(r"(?<!that )(?<!which )(?<!who )\b(?:is|are) (?:the|an?)\b")
_RELATIVE: Final = re.compile(r"\b(?:that|which|who|whose|where|when|so|because|while|if)\b|[;.] ")
ORDERS: Final = frozenset(
    """add aim align allocate always analyze apply approve ask assign attach automate avoid begin break build call capture change check choose clean click collect combine compare compile configure connect consider
    convert copy create cut debug decide define delete deploy design detect determine develop do download drop employ enable encrypt enforce ensure establish evaluate examine expect explore export find fix focus follow
    gather generate get give go grant group handle help identify implement import improve include increase inspect install integrate keep know launch learn let leverage limit load locate look lower make manage map
    measure merge migrate minimize monitor move never offer open optimize organize perform pick place plan prepare prevent process provide publish pull push put raise read record reduce refer refine register remember
    remove replace report require restrict return review rotate route run save scale scan schedule score secure see select send separate serve set share show simplify skip specify split start stop store stream
    submit summarize support switch tag take test track train transfer transform trigger try tune turn understand update upload use utilize validate verify view wait watch work write accept act answer appear happen arrive belong bill catch charge come compute confirm contain copy cost cover deliver depend describe differ divide drop expire fail fit hold hide ignore join judge label last
    leave lie list lose mean need own pay predict preserve promise reach reject rely repeat reset rotate run sit sort stand stay steer suit survive tell treat vary wake wear win""".split()
)
"""Verbs that give an order at the beginning of an item."""
_DETERMINERS: Final = frozenset("a an the its their your our this these".split())
_FINITE: Final = re.compile(r"\b(?:is|are|was|were|has|have|had|can|may|must|will|should|does|do|did|cannot|could|would)\b")


def is_phrase(text: str) -> bool:
    """Whether words that begin with an article are "a thing of a kind" and no sentence: up to the first preposition,
    relative or participle nothing there looks like a verb."""
    match = _PHRASE.match(text)
    if match is None:
        return False
    end = _RELATIVE.search(text)
    before = text[match.start("head") : end.start() if end else len(text)]
    words = match["head"].split()
    return not any(_PREDICATE.fullmatch(w) or w in _DETERMINERS for w in words[1:]) and not _FINITE.search(before) and words[0] not in ("lot", "few", "number")


def is_clause(text: str) -> bool:
    """Whether words hold a finite verb before any relative clause."""
    relative = _RELATIVE.search(text)
    return bool(_FINITE.search(text[: relative.start()] if relative else text))


def is_told(text: str) -> bool:
    """Whether words say what something does, and not what it is: a verb stands there before any relative clause."""
    relative = _RELATIVE.search(text)
    words = (text[: relative.start()] if relative else text).split()
    return any(_bare(w) in ORDERS for w in words[1:]) or bool(_EQUATES.search(text))


def _bare(word: str) -> str:
    """A verb in the third person in its plain form; "" of a word that is none."""
    if not word.endswith("s") or not word.islower():
        return ""
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-2] if word.endswith(("shes", "ches", "xes", "sses", "zes")) else word[:-1]


def is_nominal(text: str) -> bool:
    """Whether words without an article can be what a term means: no sentence, no order, no words that point back."""
    words = text.split()
    first = words[0].lower() if words else ""
    if (
        not 4 <= len(words) <= 40
        or not text[0].isupper()
        or points(text)
        or article(text)
        or first in ORDERS
        or re.fullmatch(r"[a-z]{3,}(?:ize|ate|ify|[^s]s)", first)
    ):
        return False
    relative = _RELATIVE.search(text)
    before = text[: relative.start()] if relative else text
    return not _FINITE.search(before) and not _ACTS.search(before) and not any(_bare(w) in ORDERS for w in words[1:6])


def predicate(text: str) -> int:
    """Where a clause's predicate begins: at its first verb that stands behind at most seven words; -1 where none is seen."""
    words = list(re.finditer(r"\S+", text[:_SUBJECT]))[:8]
    for at, match in enumerate(words[1:], 1):
        word, before = match.group(), words[at - 1].group()
        after = words[at + 1].group() if at + 1 < len(words) else ""
        if after in ORDERS or after == "such" or _FINITE.fullmatch(after) or word.endswith("ly"):
            continue  # "Lake Formation tags grant": what looks like a verb is a noun
        plural = before.islower() and before.endswith("s") and not before.endswith("ss")
        if _FINITE.fullmatch(word) or _bare(word) in ORDERS or _ACTS.fullmatch(word) or (plural and word in ORDERS):
            return match.start()
    return -1
