"""Words that may name a thing in, whether they do and what else is the same thing out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from tutor.text import fold, stem

LONGEST: Final = 7
"""Words of a name."""
_MAKERS: Final = frozenset("amazon aws apache microsoft azure google oracle ibm meta".split())
"""Makers whose name before a thing's own is often left out."""
_ARTICLES: Final = frozenset("a an the".split())
_ARTICLE: Final = re.compile(r"(?:an?|the)\s+", re.IGNORECASE)
_POINTING: Final = re.compile(
    r"(?:it|its|this|that|these|those|they|their|them|he|she|his|her|we|our|you|your|i|my|here|there|such|some|many|most|more|any|all|both|each|every|either|neither|one|two|three"
    r"|four|five|another|others?|former|latter|same|what|which|who|when|where|why|how|if|while|although|because|since|in|on|at|by|for|from|with|without|to|of|as|than|then"
    r"|also|below|above|following|not|no|only|just|even|after|before|during|once|until|unless|under|over|and|or|but|so|first|second|third|next|finally|note|remember|example|use|using|choose|choosing|avoid|ensure|merely|understanding|having|being|creating|consider|make sure)(?![\w-])",
    re.IGNORECASE,
)
_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|can|cannot|will|may|must|should|do|does|did|that|which|who|whose|you|your|we|our|they|it|when|if|because|there|this|these|those)\b",
    re.IGNORECASE,
)
_ODD: Final = re.compile(r"[?!;:=<>{}\\$\[\]|\"“”]|https?|\.\s|\d\.\s|[.,]$|^\W|^\d+(?:[.,%\s]|$)")
_VAGUE: Final = frozenset(
    """answer answers aspect benefit benefits case cases caution choice choices conclusion correct default defaults description difference differences drawback effect example examples explanation fact
    factor goal hint idea important incorrect issue key lead list main misconception note objective option options overview problem purpose question questions reason reasons recommendation
    remark remedy result results rule scenario sign solution step steps summary takeaway task thing things tip tips topic trap traps true false use warning way ways yes""".split()
)
_OPEN: Final = re.compile(
    r"\b(?:an?|the|of|for|in|on|at|by|to|with|from|and|or|but|as|that|which|its|their|not|mostly|often|usually|only|also)$", re.IGNORECASE
)
"""How words end that were cut off."""
_PARENS: Final = re.compile(r"\s*\(([^()]{1,60})\)")


def is_name(text: str) -> bool:
    """Whether words can stand as the name of a thing, out of any context."""
    count = text.count(" ") + 1
    if not 1 < len(text) <= 80 or count > LONGEST or not any(c.isalpha() for c in text) or _ODD.search(text) or _OPEN.search(text) or _POINTING.match(text):
        return False
    return fold(text) not in _VAGUE and not _VERB.search(text)


def points(text: str) -> bool:
    """Whether a text begins with a word that points to what is not there."""
    return bool(_POINTING.match(text))


def article(text: str) -> int:
    """How many characters of an article, and the space behind it, begin the text."""
    match = _ARTICLE.match(text)
    return match.end() if match else 0


def mentions(text: str, name: str) -> bool:
    """Whether a text names a thing in one of its forms."""
    form = f" {_form(text)} "
    return any(f" {spelled} " in form for spelled in spellings(name))


@lru_cache(maxsize=65536)
def spellings(name: str) -> frozenset[str]:
    """The forms under which a thing is looked up: folded, in the singular, without its maker, with and without what
    stands in brackets; what stands there is one of its own where it looks like an abbreviation."""
    inner = [m.group(1) for m in _PARENS.finditer(name)]
    found = {_form(name), _form(_PARENS.sub("", name))} | {_form(i) for i in inner if i.isupper() or sum(c.isupper() for c in i) > 1}
    return frozenset(f for f in found if f)


def _form(name: str) -> str:
    parts = fold(name).split()
    while len(parts) > 1 and (parts[0] in _ARTICLES or parts[0] in _MAKERS):
        parts = parts[1:]
    return " ".join(stem(p) for p in parts)


def same(left: str, right: str, abbreviations: Mapping[str, str] | None = None) -> bool:
    """Whether two names mean one thing: "Amazon S3" and "S3", "canary" and "canaries", "PSI" and "population stability
    index (PSI)". `abbreviations` are the notes' own, folded: {"psi": "population stability index"}."""
    a, b = spellings(left), spellings(right)
    if a & b or not abbreviations:
        return bool(a & b)
    return bool(_spelled(left, a, abbreviations) & _spelled(right, b, abbreviations))


def _spelled(name: str, forms: frozenset[str], abbreviations: Mapping[str, str]) -> frozenset[str]:
    long = abbreviations.get(fold(_PARENS.sub("", name)).replace(" ", ""))
    return forms | {_form(long)} if long else forms


def plural(noun: str) -> str:
    """Several of what a noun names: "option" is "options", "way to serve" is "ways to serve"."""
    match = re.match(r"(.*?)((?: (?:of|to|for|in|on|with|from|that|by)\b.*)?)$", noun)
    head, rest = (match.group(1), match.group(2)) if match else (noun, "")
    low = head.lower()
    if low.endswith(("series", "species", "means")) or re.search(r"(?<![sui])s$", low):
        return noun
    if low.endswith(("s", "x", "z", "ch", "sh")):
        ending = head + "es" if not low.endswith("sis") else head[:-2] + "es"
    elif low.endswith("y") and low[-2:-1] not in "aeiou":
        ending = head[:-1] + "ies"
    else:
        ending = head + "s"
    return ending + rest
