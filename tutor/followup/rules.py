"""A follow-up and what was talked of in, the question completed by one rule of English form out: a function for each form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from tutor.followup import topic
from tutor.followup.pronouns import number, resolved
from tutor.followup.talk import Talk
from tutor.text import fold

Rule = Callable[[str, Talk], str]
"""A follow-up completed, or "" where the rule has nothing to say."""


_ORDINALS: Final = {"first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "latter": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "last": -1}
_POINTING: Final = re.compile(
    r"\b(?:the|that)\s+(?P<which>first|1st|second|2nd|third|3rd|fourth|4th|last|former|latter|other)(?:\s+(?:one|option|method|approach|type|kind|choice|thing|way))?"
    r"(?=\s*(?:[?.!,]|$)|\s+(?:is|are|in|for|with|when|if|work|works|does|do|to|better|more|less|cheaper|faster|mean|means|good|best|and|or|than|instead|used|need|right|preferred|important)\b)",
    re.IGNORECASE,
)


def pointed(said: str, talk: Talk) -> str:
    """ "The second one", "the latter" and "the other one" as the things they point at."""
    match = _POINTING.search(said)
    if match is None or re.search(r"\b(?:or|vs|versus)\b", said[: match.start()], re.IGNORECASE):
        return said
    which = match["which"].lower()
    if which == "other":
        others = [o for o in talk.options if fold(o) not in fold(talk.topic) or len(talk.topics) > 1]
        found = others[0] if len(others) == 1 and len(talk.options) == 2 else ""
    else:
        at = _ORDINALS[which]
        found = talk.options[at] if -len(talk.options) <= at < len(talk.options) else ""
    return said[: match.start()] + found + said[match.end() :] if found else said


def _whole(said: str, talk: Talk) -> str:
    """A follow-up that has no topic word at all: "why?", "more", "for example?", "what are the limits?"."""
    for pattern, form in _WHOLE:
        match = pattern.fullmatch(said)
        if match is not None:
            return form(match, talk)
    return ""


def _more(_match: re.Match[str], talk: Talk) -> str:
    return f"Tell me more about {_bare(talk)}"


def _simply(_match: re.Match[str], talk: Talk) -> str:
    return f"Explain {_bare(talk)} in simple terms"


def _example(match: re.Match[str], talk: Talk) -> str:
    lead, noun = (match["lead"] or "").strip(), "more examples" if match["more"] else "an example"
    return f"{lead or 'Give me'} {noun} of {_bare(talk)}"


def _asked_again(match: re.Match[str], talk: Talk) -> str:
    """ "Why?" and its kind, put in front of the last question where that one can be answered by yes or no."""
    word, negated = match["word"].lower(), bool(match["not"])
    inverted = re.match(
        r"(?:and\s+|so\s+)?(?P<aux>is|are|was|were|do|does|did|can|could|should|would|will|has|have|must)\s+(?P<rest>.+)$",
        talk.question.rstrip("?! ."),
        re.IGNORECASE,
    )
    if inverted is not None:
        aux, rest = inverted["aux"].lower(), inverted["rest"]
        found = topic.subject(talk.question)
        head = re.match(r"(?:i|we|you|one|it)\b", rest, re.IGNORECASE)
        end = head.end() if head else (found[1] - inverted.start("rest") if found else 0)
        return f"{word} {aux} {rest[:end]} not{rest[end:]}" if negated and end else f"{word} {aux} {rest}"
    followed = re.match(
        r"(?:how|why|when|where)\s+(?P<rest>(?:is|are|do|does|did|can|could|should|would|to)\b.+)$", talk.question.rstrip("?! ."), re.IGNORECASE
    )
    if followed is not None and not negated:
        return f"{word} {followed['rest']}"
    return {
        "why": f"why {_be('does', _bare(talk))} {_bare(talk)} matter",
        "how": f"how {_be('does', _bare(talk))} {_bare(talk)} work",
        "when": f"when should I use {_bare(talk)}",
    }.get(word, "")


def _related(match: re.Match[str], talk: Talk) -> str:
    """ "What are the limits?", "any downsides?": what is asked of a thing, without the thing."""
    noun = match["noun"].lower()
    if noun.startswith("step") and (
        verb := re.match(r"how\s+(?:do|can|should|would|to)\s+(?:(?:i|we|you)\s+)?(?P<rest>.+?)[?.! ]*$", talk.question, re.IGNORECASE)
    ):
        return f"what are the steps to {verb['rest']}"
    plural = noun in ("pros and cons", "pros", "cons") or (noun.endswith("s") and not noun.endswith("ss"))
    article = "" if noun.startswith("common") else "the "
    to = "to" if noun.startswith("alternative") else "of"
    return f"what {'are' if plural else 'is'} {article}{noun} {to} {_bare(talk)}"


def _unused(match: re.Match[str], talk: Talk) -> str:
    """ "When to use?", "how to avoid?": a verb without its object."""
    return f"{match['verb'].strip()} {_bare(talk)}"


def _difference(match: re.Match[str], talk: Talk) -> str:
    """What tells the last two things apart, or the last one from another that is named."""
    other = match.groupdict().get("other")
    pair = (talk.topic, other.strip()) if other else talk.last
    if len(pair) != 2:
        return ""
    return f"{'compare' if 'compare' in match.group().lower() else 'what is the difference between'} {pair[0]} and {pair[1]}"


def _compared(match: re.Match[str], talk: Talk) -> str:
    return f"{talk.topic} {match['how']} {match['other']}" if match["how"].lower() not in ("vs", "vs.", "versus") else f"{talk.topic} vs {match['other']}"


_RELATED: Final = (
    r"(?:(?:main|key|common|typical|biggest|usual|default|maximum|minimum)\s+)?(?:limits?|limitations?|advantages?|disadvantages?|benefits?|drawbacks?|downsides?|pros and cons|pros|cons|steps|formula|price|costs?|purpose|"
    r"use cases?|alternatives?|types|kinds|misconceptions?|mistakes?|pitfalls|risks?|requirements|trade-?offs?|catch|point|parameters|components|default(?: value)?)"
)
_WHOLE: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Talk], str]], ...]] = tuple(
    (re.compile(pattern + r"\s*[?.!]*", re.IGNORECASE), form)
    for pattern, form in (
        (r"(?:and\s+)?(?P<word>why|how(?: often| long| much| many)?|when)(?:\s+(?P<not>not))?(?:\s+(?:so|exactly|is that|come|though|then))?", _asked_again),
        (r"(?:(?:can|could) you\s+)?(?:please\s+)?(?:tell me(?: some| a bit| a little)? more|more(?: details?| detail| info| information| please)?|say more|go on|continue|elaborate|expand|go deeper|explain(?: it| that)? (?:more|further)|explain|what else)(?:\s+(?:about|on) (?:it|that|this|them))?(?:\s+please)?", _more),
        (r"(?:explain|say|put|repeat)(?: it| that| this)?(?: again)?,?\s*(?:in (?:simple|simpler|plain|easy|other)\s+(?:terms|words|english|language)|simply|simpler|again|more simply)(?:\s+please)?|(?:i\s+)?(?:(?:still\s+)?(?:don['’]?t|do not)\s+(?:get|understand)(?:\s+(?:it|that|this))?)|in (?:simple|simpler|plain|other) (?:terms|words)|simpler(?: please)?|eli5|huh|come again|i['’]?m (?:lost|confused)", _simply),
        (r"(?:and\s+)?(?:(?P<lead>(?:(?:can|could) you |please )*(?:give|show)(?: me)?|what(?:['’]s| is)|is there|do you have|have you got)\s+)?(?:(?:for|an?|another|any|some|one|(?P<more>more))\s+)*(?:examples?|instance)(?:\s+(?:of (?:it|that|this|them)))?(?:\s+please)?", _example),
        (r"(?:and\s+)?(?:what(?:['’]?s| is| are|s)|are there|is there|any|list|give me|tell me|name)(?:\s+(?:the|a|any|some|its|their))*\s+(?P<noun>" + _RELATED + r")", _related),
        (r"(?:and\s+)?(?:what about|how about|and)\s+(?:the\s+|its\s+|their\s+)(?P<noun>" + _RELATED + r")", _related),
        (r"(?P<noun>pros and cons|common mistakes|use cases|advantages|disadvantages|limitations|limits|drawbacks|downsides|alternatives|steps|formula)", _related),
        (r"(?:and\s+)?(?P<verb>(?:when|how|why|where)\s+(?:not\s+)?(?:to|should i|do i|would i|can i|should we|do we|do you|would you)\s+(?:not\s+)?(?:use|avoid|fix|choose|prevent|detect|measure|compute|calculate|apply|implement|test|train|deploy|configure|monitor))", _unused),
        (r"(?:and\s+)?(?:what(?:['’]?s| is|s)\s+)?(?:the\s+)?(?:main |key |actual )?difference(?: between (?:them|the two|these|those|these two|those two|both))?", _difference),
        (r"(?:and\s+)?how (?:do|are) (?:they|these|those|these two|the two|both) (?:differ|different|compare)(?: from each other)?", _difference),
        (r"(?:and\s+)?compare (?:them|the two|these|those|these two|both)|(?:are )?(?:they|these) the same(?: thing)?", _difference),
        (r"(?:and\s+)?(?:what(?:['’]?s| is|s)\s+)?(?:the\s+)?difference (?:to|from|with) (?P<other>(?!each\b|it\b|that\b)[\w][\w ./'-]{1,50}?)", _difference),
        (r"(?:and\s+)?(?P<how>vs\.?|versus|compared (?:to|with)|better than|worse than|cheaper than|faster than) (?P<other>[\w][\w ./'-]{1,50}?)", _compared),
    )
)  # fmt: skip


def _bare(talk: Talk) -> str:
    """The topic in one phrase; of "the limits of X", X."""
    return " and ".join(topic.relation(t)[1] for t in talk.topics)


def _be(verb: str, phrase: str) -> str:
    return {"does": "do", "is": "are"}[verb] if number(phrase) == "many" else verb


_CHOICE: Final = re.compile(
    r"^(?:and\s+|so\s+)?(?P<given>(?:which|what)\s+(?:one|of\s+(?:these|those|them|the\s+(?:two|three)|both))|which(?=\s+(?:is|are|was|should|would|do|does|can|could|has|have|costs?)\b))\s+(?P<rest>.+?)[?.!\s]*$",
    re.IGNORECASE,
)
_COMPARATIVE: Final = re.compile(
    r"\b(?:better|worse|cheaper|faster|slower|safer|easier|harder|simpler|quicker|larger|smaller|bigger|best|cheapest|fastest|easiest|safest|simplest|more|less|most|least)\b",
    re.IGNORECASE,
)


def _choice(said: str, talk: Talk) -> str:
    """ "Which is cheaper?" between the things last talked of."""
    match = _CHOICE.match(said)
    if match is None or len(talk.last) < 2 or re.search(r"\bor\b|,", match["rest"]):
        return ""
    given, rest = match["given"], match["rest"]
    if " " not in given:
        chooses = re.match(r"(?:should|would|do|can) (?:i|we|you)\b", rest, re.IGNORECASE)
        named = re.search(r"\b(?:best|most|the)\s+(?!for|in|when|if|with)\w+", rest, re.IGNORECASE)
        if named or not (chooses or _COMPARATIVE.search(rest)):
            return ""
    return f"{given} {rest}, {', '.join(talk.last[:-1])} or {talk.last[-1]}"


_FRAGMENT: Final = re.compile(
    r"^(?:(?:and\s+|but\s+)?(?:what|how)\s+about|(?:and|but|also)(?:\s+(?:also|what about))?|(?:is it |does )?(?:the\s+)?same(?:\s+(?:question|thing))?(?=\s+(?:for|with|in|on|about)\b)|is (?:it|that) the same(?=\s+(?:for|with|in)\b))\s+(?P<what>.+?)[?.!\s]*$",
    re.IGNORECASE,
)
_CONDITION: Final = re.compile(r",?\s+(?:when|if)\s", re.IGNORECASE)
_CLAUSE: Final = re.compile(r"^(?:when|if|where|once|while|after|before)\b", re.IGNORECASE)
_PLACED: Final = re.compile(rf"^(?P<place>{'|'.join(sorted(topic.PLACES))})\s+(?P<what>.+)$", re.IGNORECASE)
_FULL: Final = re.compile(r"\b(?:what|which|how|why|when|where|who|is|are|do|does|did|can|could|should|would|will|has|have|makes?)\b", re.IGNORECASE)
_KIN: Final = {
    p: group for group in (frozenset("in on at within".split()), frozenset("for with".split()), frozenset("before after during".split())) for p in group
}


def _fragment(said: str, talk: Talk) -> str:
    """ "And X?", "what about X?", "same for X?": the last question, asked of X."""
    match = _FRAGMENT.match(said)
    if match is None or len(match["what"].split()) > 10:
        return ""
    what = match["what"]
    if _CLAUSE.match(what) and re.search(r"\bis|are|has|have\b", what):
        return f"{_CONDITION.split(talk.question.rstrip('?! .'))[0]} {what}"
    if _FULL.search(what) or _POINTING.search(what) or resolved(what, talk.topics) != what:
        return ""
    same = re.search(r"\bsame\b", said[: match.start("what")], re.IGNORECASE)
    placed = _PLACED.match(what)
    if placed is not None and (same is None or placed["place"].lower() not in ("for", "with")):
        return _placed(placed["place"], what, talk)
    thing = placed["what"] if placed else what
    if re.fullmatch(_RELATED, thing, re.IGNORECASE) and not _verbed(talk.question):
        return f"what {'are' if thing.endswith('s') else 'is'} the {thing} of {_bare(talk)}"
    return _instead(thing, talk)


def _verbed(text: str) -> bool:
    return re.match(r"(?:how|when|why|where|should|can|do)\b.*\b(?:i|we|you)\b", text, re.IGNORECASE) is not None


def _placed(word: str, what: str, talk: Talk) -> str:
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


def _instead(thing: str, talk: Talk) -> str:
    """The last question asked of another thing: in place of the thing it is about, or of the name like it in its circumstance."""
    asked = talk.question.rstrip("?! .")
    if len(talk.topics) > 1:
        return (
            f"how does {thing} compare with {talk.topics[0]} and {talk.topics[1]}"
            if not any(fold(thing) == fold(t) for t in talk.topics)
            else f"tell me more about {thing}"
        )
    span = topic.subject(asked)
    if span is None:
        return ""
    found = topic.place(asked)
    phrase = asked[slice(*span)]
    if found is not None and found[0] >= span[1]:
        circumstance = asked[found[0] :].split(" ", 1)
        if len(circumstance) == 2 and _proper(thing) and _proper(circumstance[1]) and not _proper(phrase):
            return f"{asked[: found[0]]}{circumstance[0]} {thing}"
    behind = topic.object_behind(asked, span[1])
    if behind is not None and _proper(phrase) and not _proper(thing) and not _proper(asked[slice(*behind)]) and not topic.asks_for_a_name(asked):
        return f"{asked[: behind[0]]}{thing}{asked[behind[1] :]}"
    relation, inner = topic.relation(phrase)
    changed = f"{asked[: span[0]]}{relation if inner != phrase else ''}{_like(thing, inner)}{asked[span[1] :]}"
    return re.sub(r"^(what\s+)(?:is|are)\b", lambda m: m[1] + _be("is", thing), changed, flags=re.IGNORECASE) if not relation else changed


def _like(thing: str, before: str) -> str:
    """An adjective alone takes over the noun it stands before: "a real-time endpoint", then "serverless"."""
    words = before.split()
    adjective = len(thing.split()) == 1 and thing.islower() and (re.search(r"(?:less|ous|ary|al|ic|ive|ed)$", thing) or "-" in thing)
    if adjective and len(words) > 1 and re.search(r"(?:less|ous|ary|al|ic|ive|ed)$|-", words[-2]):
        article = "an" if thing[0] in "aeiou" else "a"
        return f"{article if words[0] in ('a', 'an') else ''} {thing} {words[-1]}".strip()
    return thing


def _proper(phrase: str) -> bool:
    return any(c.isupper() or c.isdigit() for c in phrase)


_INSTEAD: Final = re.compile(r"^(?:and\s+|so\s+|but\s+)?(?P<what>.+?)\s+instead\s*[?.!]*$", re.IGNORECASE)
_NOT: Final = re.compile(r"^(?:and\s+|but\s+|so\s+)?why not\s+(?:just\s+)?(?P<what>[\w].{1,50}?)(?:\s+instead)?\s*[?.!]*$", re.IGNORECASE)
_OR: Final = re.compile(r"^or\s+(?P<what>[\w].{1,40}?)\s*[?.!]*$", re.IGNORECASE)
_BETTER: Final = re.compile(
    r"^(?P<what>(?:is|are)\s+(?P<thing>[\w][\w ./'-]{1,40}?)\s+(?:any\s+|much\s+)?(?:better|worse|cheaper|faster|slower|safer|simpler))(?P<rest>\s+(?:for|in|on|with)\s+[^?]{1,40})?\s*[?.!]*$",
    re.IGNORECASE,
)


def _rather(said: str, talk: Talk) -> str:
    """ "X instead?", "why not X?", "or X?", "is X better?": another thing weighed against the last one."""
    if len(talk.topics) != 1:
        return ""
    about = _bare(talk)
    match = _NOT.match(said)
    if match is not None:
        return f"why not {match['what']} instead of {about}"
    match = _INSTEAD.match(said)
    if match is not None and len(match["what"].split()) <= 8 and "," not in match["what"]:
        what = match["what"]
        return f"{what} instead of {about}" if _FULL.search(what) else f"should I use {what} instead of {about}"
    match = _OR.match(said)
    if match is not None and not _FULL.search(match["what"]):
        span = topic.subject(talk.question)
        return (
            f"{talk.question[: span[1]]} or {match['what']}{talk.question[span[1] :]}"
            if span and not talk.question.lower().startswith("what")
            else f"{about} or {match['what']}"
        )
    match = _BETTER.match(said)
    if match is not None and resolved(match["thing"], talk.topics) == match["thing"] and not set(fold(about).split()) <= set(fold(match["thing"]).split()):
        return f"{match['what']} than {about}{match['rest'] or ''}"
    return ""


_DOING: Final = re.compile(
    r"\b(?P<verb>do|does|doing)\s+(?:this|that|it|so)\b(?=\s*(?:[?.!]|$)|\s+(?:in|on|with|for|without|automatically|by|at|when|if|from)\b)", re.IGNORECASE
)
_DEED: Final = re.compile(
    r"^(?:how|why|when|where|should|can|could|may)?\s*(?:do|can|could|should|would)?\s*(?:i|we|you|one|to)\s+(?P<deed>\w+\s+.+?)[?.!\s]*$", re.IGNORECASE
)


def _deed(said: str, talk: Talk) -> str:
    """ "Do that" after "how do I ...": what was to be done."""
    match, asked = _DOING.search(said), _DEED.match(talk.question)
    if match is None or asked is None or match["verb"].lower() == "doing":
        return ""
    return f"{said[: match.start()]}{'can ' if match['verb'].lower() == 'does' else ''}{asked['deed']}{said[match.end() :]}"


def _pronoun(said: str, talk: Talk) -> str:
    """A pronoun whose noun stands in the last question."""
    several = talk.options if len(talk.topics) == 1 and len(talk.options) == 2 and number(talk.topic) == "one" and _SEVERAL.search(said) else talk.topics
    found = resolved(said, several)
    return found if found != said else ""


_SEVERAL: Final = re.compile(r"\b(?:they|them|these|those|both)\b", re.IGNORECASE)


RULES: Final[tuple[Rule, ...]] = (_whole, _choice, _rather, _fragment, _deed, _pronoun)
