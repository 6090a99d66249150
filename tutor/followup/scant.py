"""A follow-up that names nothing of its own ("which metric should I use?", "too big?") in, the same asked of the last topic out.

Only words of closed lists may stand in it: one noun more, and it is a question about that noun.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from tutor.followup.forms import aim, bare, verb
from tutor.followup.talk import Talk, joined
from tutor.followup.topic import NOUNS, PLACES
from tutor.question import GENERIC
from tutor.text import content_words

_QUALITIES: Final = frozenset(
    """good bad better best worse worst high higher low lower big bigger small smaller large larger long longer short shorter slow slower fast faster cheap cheaper
    expensive free safe safer risky hard harder easy easier simple simpler complex deep shallow many few much little reasonable typical usual common right sensible
    optimal ideal normal enough third fourth other another main key important necessary required useful worth serverless supervised unsupervised managed scalable
    reliable accurate secure regional billed encrypted deprecated mandatory optional difficult""".split()
)
_MERE: Final = frozenset("third fourth other another main key many few much little right typical".split())
"""Qualities that a thing has only before its noun."""
_ACTS: Final = frozenset(
    """use choose pick look need set get want scale save pay watch track check start begin try know expect take go apply lose wait keep spend run allow alerted
    notified charged billed started recommend suggest consider have measure report follow pick cost""".split()
)
_LIGHT: Final = NOUNS | _QUALITIES | _ACTS | GENERIC
_PLACE: Final = "|".join(sorted(PLACES))
_QUALITY: Final = "|".join(sorted(_QUALITIES, key=len, reverse=True))

_MEANS: Final = re.compile(r"^(?:which|what)\s+(?:\w+\s+)?(?:metrics?|algorithms?|methods?|approach|techniques?|tools?|services?)\b", re.IGNORECASE)
_DEFINED: Final = re.compile(r"^(?:what(?: is| are| does)|define|explain)\s+(?:an?\s+)?\w+(?:\s+mean)?[?.!\s]*$", re.IGNORECASE)
_ASKED: Final = re.compile(
    r"^(?:and\s+)?(?:which|what|is there|are there|any|how (?:many|much|long|often|fast|big|large|high|low))\s+(?P<rest>[^,?!]+?)[?.!\s]*$", re.IGNORECASE
)


def scant(said: str, talk: Talk) -> str:
    """The question asked of the last topic; "" where it names something itself."""
    for pattern, form in _FORMS:
        match = pattern.match(said)
        if match is not None and (found := form(match, talk)):
            return found
    return ""


def _means(match: re.Match[str], talk: Talk) -> str:
    """ "Which metric should I use", "what values are good": for what."""
    words = [w for w in content_words(match.group()) if not w.isdigit()]
    if (
        not set(words) & NOUNS
        or not all(w in _LIGHT or w.endswith("est") for w in words)
        or _DEFINED.match(match.group())
        or re.search(r"\b(?:of|for|it|its|them|this|that)\b", match.group(), re.IGNORECASE)
    ):
        return ""
    said = re.sub(r"^and\s+", "", match.group().rstrip("?.! "), flags=re.IGNORECASE)
    return f"{said} {aim(talk, last=not _MEANS.match(said))}"


def _spent(match: re.Match[str], talk: Talk) -> str:
    """ "How much do you save": with what."""
    return f"{match['said']} with {bare(talk)}" if match["act"].lower() in _ACTS else ""


def _got(match: re.Match[str], talk: Talk) -> str:
    return f"{match['said']} for {bare(talk)}" if match["act"].lower() in _ACTS else ""


def _sample(match: re.Match[str], talk: Talk) -> str:
    """ "Give me an example policy": for what."""
    return f"{match['said']} for {bare(talk)}" if match["noun"].lower() in NOUNS else ""


def _too(match: re.Match[str], talk: Talk) -> str:
    about = bare(talk)
    return f"what if {about} {verb('is', about)} {match['how']}"


def _quality(match: re.Match[str], talk: Talk) -> str:
    """ "Expensive?" of one thing, "cheaper?" of the two last talked of."""
    word = match["how"].lower()
    if re.search(r"(?:er|better|worse)$", word) and len(talk.last) > 1 and word != "other":
        return f"which is {word}, {joined(talk.last, 'or')}"
    about = bare(talk)
    if re.fullmatch(r"higher|lower|bigger|smaller|larger|longer|shorter", word):
        return f"what if {about} {verb('is', about)} {word}"
    return f"{verb('is', about)} {about} {word}" if word not in _MERE else ""


def _step(match: re.Match[str], talk: Talk) -> str:
    return f"what is step {match['at']} {aim(talk) if talk.goal and talk.goal in talk.question else 'of ' + bare(talk)}"


def _there(match: re.Match[str], talk: Talk) -> str:
    return f"{match['said']} for {bare(talk)}"


def _fits(match: re.Match[str], talk: Talk) -> str:
    return f"{match['said']} {'with' if 'fit' in match['said'].lower().split() else 'for'} {bare(talk)}"


def _needed(match: re.Match[str], talk: Talk) -> str:
    """ "So I need checkpoints?": for what."""
    return f"do {match['who']} {match['need']} {match['what']} for {bare(talk)}"


def _if(match: re.Match[str], talk: Talk) -> str:
    about = talk.topics[0] if len(talk.topics) == 1 else joined(talk.topics)
    return f"what happens {match['said']} {about}{match['rest'] or ''}"


def _other_way(match: re.Match[str], talk: Talk) -> str:
    """ "Is there a third option", "is there a simpler way"."""
    if re.fullmatch(r"third|fourth|other|another|different|alternative", match["how"], re.IGNORECASE):
        return f"{match['said']} besides {joined(talk.options) if talk.compared else bare(talk)}"
    done = re.match(rf"how\s+(?:do|does|can)\s+.*?{re.escape(talk.topics[0])}\s+(?P<deed>\w+\s+.+?)[?.!\s]*$", talk.question, re.IGNORECASE)
    goal = talk.goal if talk.goal and talk.goal in talk.question else ""
    deed = goal if goal and (not done or goal.lower() not in done.group().lower()) else ""
    return f"{match['said']} to {done['deed'] if done else deed}" if done or deed else f"{match['said']} than {bare(talk)}"


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Talk], str]], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), form)
    for pattern, form in (
        (r"^(?P<said>(?:is there|are there|any)\s+(?:an?\s+|any\s+)?(?P<how>third|fourth|other|another|different|simpler|easier|cheaper|better|faster|quicker)\s+(?:options?|ways?|ones?|alternatives?|methods?|choices?|solutions?|approach))[?.!\s]*$", _other_way),
        (r"^(?P<said>(?:(?:can you |could you |please )*(?:give|show|write)(?: me)?\s+|is there\s+|any\s+|what is\s+)?(?:an?\s+|some\s+|another\s+)?(?:example|sample)\s+(?P<noun>\w+))[?.!\s]*$", _sample),
        (r"^(?:and\s+|but\s+|or\s+)?(?:what if\s+|if\s+)?(?P<how>too\s+\w+)[?.!\s]*$", _too),
        (rf"^(?:and\s+|but\s+)?(?:the\s+)?(?P<how>{_QUALITY})(?:\s+one)?[?.!\s]*$", _quality),
        (r"^(?:what(?: is|'s)?\s+|and\s+)?(?:the\s+)?step\s+(?P<at>\d+)[?.!\s]*$", _step),
        (r"^(?P<said>how (?:much|many|long|often|fast|far)(?: \w+)? (?:do|does|can|will|would|should|did|could) (?:i|you|we|one|people) (?P<act>\w+))[?.!\s]*$", _spent),
        (r"^(?P<said>(?:how|when|where) (?:do|can|will|would|should|could) (?:i|you|we) (?:get|be) (?P<act>\w+))[?.!\s]*$", _got),
        (r"^(?P<said>.*\b\w+(?<!\bis)(?<!\bare)(?<!\bget)(?<!\bgo)(?<!\bout)(?<!\bgot)(?<!\bbe))\s+(?:in |over |from )?there[?.!\s]*$", _there),
        (r"^(?P<said>(?:where|how) (?:do|does|would|will) .+? (?:fit in|come in|come into play))[?.!\s]*$", _fits),
        (rf"^(?P<who>i|we|you) (?P<need>need|want) (?P<what>(?!to\b|it\b|that\b|this\b|them\b)(?:(?!(?:{_PLACE})\b)[\w-]+ ?){{1,3}})\?\s*$", _needed),
        (r"^(?P<said>(?:if|when)\s+(?:i|you|we)\s+\w+)\s+(?:it|them|that|this)(?P<rest>\s+too \w+)?[?.!\s]*$", _if),
        (_ASKED.pattern, _means),
    )
)  # fmt: skip
