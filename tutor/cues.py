"""A sentence in, what its form shows out: that it defines, refers back, gives an example, a reason or a step.

Patterns of English and of notes' markup; nothing here knows a subject.
"""

from __future__ import annotations

import re
from typing import Final

from tutor.text import terms

DEFINES: Final = re.compile(
    r"^\W*(?:(?:an?|the)\s+)?(?P<term>\S.{1,60}?)(?:\*\*|`)?\s*(?:\([^)]{1,40}\))?(?:\*\*|`)?(?::|\s+[-–—]\s|\s+(?:is|are|refers?|means?|denotes?|describes?|happens?|occurs?)\b)",
    re.IGNORECASE | re.DOTALL,
)
ANAPHORA: Final = re.compile(
    r"^\W*(?:this|these|it|they|such|those|its|their|in this|for this|doing so|the (?:latter|former|same)|here|instead|also|however|moreover|additionally|then)\b",
    re.IGNORECASE,
)
ANALOGY: Final = re.compile(r"\b(?:is|are|works?|acts?|behaves?) (?:much |rather |a bit )?like\b|\bresembles?\b|\bthink of\b", re.IGNORECASE)
MISCONCEPTION: Final = re.compile(
    r"\bmisconceptions?\b|\bmyths?\b|\b(?:commonly|often) (?:believed|confused|mistaken)\b|\bin fact\b|\bconfused with\b", re.IGNORECASE
)
AVOIDING: Final = re.compile(
    r"\b(?:avoid|wrong choice|poor choice|not suited|unsuitable|do not (?:use|choose)|don't use|never use|rules? out)\b", re.IGNORECASE
)
BILLING: Final = re.compile(r"^\W*(?P<name>(?:(?!\b(?:is|are)\b).){2,60}?)\s+(?:bills?|charges?|costs?|(?:is|are) (?:billed|charged|priced|free))\b")
NOTHING: Final = re.compile(
    r"\b(?:(?P<nothing>(?:has|have) nothing to do with)|(?:is|are) not)\s+(?:the same as\s+|a kind of\s+)?(?:an?\s+|the\s+)?(?P<what>[^,.;:]{2,40})",
    re.IGNORECASE,
)
REASON: Final = re.compile(
    r"\b(?:because|since|so that|due to|therefore|thus|as a result|in order to|ensures?|reduc\w+|improv\w+|prevents?|allow\w*|enabl\w+)\b", re.IGNORECASE
)
CHOOSING: Final = re.compile(
    r"\b(?:ideal|best|suited|suitable|choose|use (?:it|this|when|for|if)|when you|recommended|designed for|good for|prefer|should)\b", re.IGNORECASE
)
CONTRAST: Final = re.compile(
    r"\b(?:whereas|while|unlike|in contrast|however|but|vs\.?|versus|instead|rather than|compared|differ\w*|although|both|more|less)\b", re.IGNORECASE
)
DENIAL: Final = re.compile(r"\b(?:not|no|never|cannot|can't|don't|doesn't|without|only|must)\b", re.IGNORECASE)
EXAMPLE: Final = re.compile(r"^\W*(?:for example|for instance|examples?\b|e\.g\.|use case|scenario|problem\b|imagine|case study|suppose|sample)", re.IGNORECASE)
ANSWERS: Final = re.compile(r"^\W*(?:answer|reasoning|solution|explanation|choice|fix)\b", re.IGNORECASE)
FORMULA: Final = re.compile(r"=|\\frac|\$\$|×|÷|\\times")
STEP: Final = re.compile(
    r"^\W*(?:step|first|next|finally|use|run|set|create|configure|go|open|add|check|enable|train|deploy|attach|define|select|click|start|ensure|make|verify|monitor|increase|reduce|grant|install|write|call|put|specify|choose|apply)\b",
    re.IGNORECASE,
)
VERB: Final = re.compile(r"\b(?:is|are|was|were|has|have|can|will|may|must|should|do|does|[a-z]{3,}(?:s|ed|es))\b")
NAME: Final = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][A-Za-z]{2,}")
MARKUP: Final = re.compile(r"</?[a-z][^>]*>|[{}]|[\"']\s*:\s*[\"'\[{]")
PICTURE: Final = re.compile(r"!\[[^\]]*\]")


_LIKE: Final = re.compile(r"\s*(?:much |rather |a bit )?like\b", re.IGNORECASE)


def defined_terms(text: str) -> frozenset[str]:
    """The stems of what a sentence defines or is about: the words before its "is", "means", colon or dash. A likeness
    ("X is like ...") defines nothing."""
    match = DEFINES.match(text)
    return frozenset(terms(match["term"])) if match and not _LIKE.match(text, match.end()) else frozenset()
