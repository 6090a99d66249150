"""A fragment and what was talked of in, the last question asked of another thing or under another condition out."""

from __future__ import annotations

import re
from typing import Final

from tutor.followup import topic
from tutor.followup.forms import RELATED, bare, verb
from tutor.followup.pointing import POINTING, akin, varied
from tutor.followup.pronouns import agreeing, number, resolved
from tutor.followup.talk import Talk, joined
from tutor.text import fold

_FRAGMENT: Final = re.compile(
    r"^(?:(?:and\s+|but\s+)?(?:what|how)\s+about|(?:and|but|also)(?:\s+(?:also|what about))?|(?:is it |does )?(?:the\s+)?same(?:\s+(?:question|thing))?(?=\s+(?:for|with|in|on|about)\b)|is (?:it|that) the same(?=\s+(?:for|with|in)\b))\s+(?P<what>.+?)[?.!\s]*$",
    re.IGNORECASE,
)
_CONDITION: Final = re.compile(r",?\s+(?:when|if)\s", re.IGNORECASE)
_CLAUSE: Final = re.compile(r"^(?:when|if|where|once|while|after|before)\b", re.IGNORECASE)
_PLACED: Final = re.compile(rf"^(?P<place>{'|'.join(sorted(topic.PLACES))})\s+(?P<what>.+)$", re.IGNORECASE)
FULL: Final = re.compile(r"\b(?:what|which|how|why|when|where|who|is|are|do|does|did|can|could|should|would|will|has|have|makes?)\b", re.IGNORECASE)
_KIN: Final = {
    p: group for group in (frozenset("in on at within".split()), frozenset("for with".split()), frozenset("before after during".split())) for p in group
}


def fragment(said: str, talk: Talk) -> str:
    """ "And X?", "what about X?", "same for X?": the last question, asked of X."""
    alone = _PLACED.match(said.rstrip("?!. "))
    if alone is not None and said.rstrip().endswith("?") and len(said.split()) <= 6 and not FULL.search(said) and resolved(said, talk.topics) == said:
        return placed(alone["place"], alone.group(), talk)
    match = _FRAGMENT.match(said)
    if match is None or len(match["what"].split()) > 10:
        return ""
    what = match["what"]
    changed = re.search(r"\btoo\s+\w+", talk.question, re.IGNORECASE)
    if re.fullmatch(r"too\s+\w+", what, re.IGNORECASE):
        return f"{talk.question[: changed.start()]}{what}{talk.question[changed.end() :]}" if changed else ""
    if _CLAUSE.match(what) and re.search(r"\bis|are|has|have\b", what):
        return f"{_CONDITION.split(talk.question.rstrip('?! .'))[0]} {what}"
    if FULL.search(what) or POINTING.search(what) or resolved(what, talk.topics) != what:
        return ""
    same = re.search(r"\bsame\b", said[: match.start("what")], re.IGNORECASE)
    circumstance = _PLACED.match(what)
    if circumstance is not None and (same is None or circumstance["place"].lower() not in ("for", "with")):
        return placed(circumstance["place"], what, talk)
    thing = circumstance["what"] if circumstance else what
    if re.fullmatch(RELATED, thing, re.IGNORECASE) and not _verbed(talk.question):
        return f"what {'are' if thing.endswith('s') else 'is'} the {thing} of {bare(talk)}"
    return instead(thing, talk)


def _verbed(text: str) -> bool:
    return re.match(r"(?:how|when|why|where|should|can|do)\b.*\b(?:i|we|you)\b", text, re.IGNORECASE) is not None


def placed(word: str, what: str, talk: Talk) -> str:
    """The last question with its last circumstance replaced, where that is one of the same kind, else with another one."""
    asked = talk.question.rstrip("?! .")
    found = topic.place(asked)
    kin = _KIN.get(word.lower(), frozenset({word.lower()}))
    if found is not None:
        last = asked[found[0] :].split()[0].lower()
        about = topic.subject(asked)
        trailing = about is None or about[1] <= found[0] or about[0] >= found[0]
        if trailing and (last in kin or (last in ("to", "on", "in", "for") and word.lower() in ("in", "for", "on"))):
            return f"{asked[: found[0]]}{what}"
        if trailing and last in ("in", "on", "before") and word.lower() in ("after", "before"):
            return f"{asked[: found[0]]}{what}"
    return f"{asked} {what}"


def instead(thing: str, talk: Talk) -> str:
    """The last question asked of another thing: in place of the thing it is about, or of the name like it in its circumstance."""
    asked = talk.frame.rstrip("?! .")
    things = talk.topics if len(talk.topics) > 1 else talk.options if talk.compared and _CHOSEN.match(asked) else ()
    if things:
        known = any(fold(thing) == fold(t) for t in things)
        return f"tell me more about {thing}" if known else f"how {verb('does', thing)} {thing} compare with {joined(things)}"
    span = topic.subject(asked)
    if span is None or _DANGLING.search(asked):
        return ""
    found = topic.place(asked)
    phrase = asked[slice(*span)]
    if found is not None and found[0] >= span[1]:
        circumstance = asked[found[0] :].split(" ", 1)
        if len(circumstance) == 2 and _proper(thing) and _proper(circumstance[1]) and not _proper(phrase):
            return f"{asked[: found[0]]}{circumstance[0]} {thing}"
    behind = topic.object_behind(asked, span[1])
    if behind is not None and _proper(phrase) and not topic.asks_for_a_name(asked) and _of_its_kind(thing, asked[slice(*behind)], asked):
        return f"{asked[: behind[0]]}{thing}{asked[behind[1] :]}"
    relation, inner = topic.relation(phrase)
    if relation and inner != phrase:
        return f"{asked[: span[0]]}{relation}{_like(thing, inner, talk)}{asked[span[1] :]}"
    new = _like(thing, phrase, talk)
    changed = f"{agreeing(asked[: span[0]], new)}{new}{asked[span[1] :]}"
    return re.sub(r"^(what\s+)(?:is|are)\b", lambda m: m[1] + verb("is", new), changed, flags=re.IGNORECASE)


_CHOSEN: Final = re.compile(r"^which\b.*,.*\bor\b", re.IGNORECASE)
_DANGLING: Final = re.compile(r"\b(?:it|this|that|they|them|these|those)\b", re.IGNORECASE)


def _of_its_kind(thing: str, behind: str, asked: str) -> bool:
    """Whether a thing takes the place of what stands behind the verb, and not of what does it: "how does X handle gaps?",
    then "and outliers?". Of a question answered by yes or no only several things do in the place of several."""
    if _proper(thing) or _proper(behind) or number(thing) != number(behind):
        return False
    return number(thing) == "many" or re.match(r"(?:how|what|why|when|where)\b", asked, re.IGNORECASE) is not None


def _like(thing: str, before: str, talk: Talk) -> str:
    """An adjective alone takes over the noun it stands before: "a real-time endpoint", then "serverless"."""
    words = before.split()
    if len(thing.split()) > 1 or len(words) < 2 or not thing.islower():
        return thing
    article = re.match(r"(?:an?|the)\s+", before, re.IGNORECASE)
    name = before[article.end() :] if article else before
    if any(akin(thing, word) for word in name.split()[:-1]):
        new = varied(thing, name)
    elif len(thing) > 3 and number(thing) == "one" and talk.says(rf"\b{re.escape(thing)}[\w-]* {re.escape(words[-1])}\b"):
        new = f"{thing} {words[-1]}"
    else:
        return thing
    given = article.group().strip().lower() if article else ""
    return " ".join(part for part in (("an" if new[0] in "aeiou" else "a") if given in ("a", "an") else given, new) if part)


def _proper(phrase: str) -> bool:
    return any(c.isupper() or c.isdigit() for c in phrase)
