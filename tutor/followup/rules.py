"""A follow-up and what was talked of in, the question completed by one rule of English form out: a function for each form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from tutor.followup import topic
from tutor.followup.forms import RELATED, bare, verb
from tutor.followup.fragments import FULL, fragment
from tutor.followup.pronouns import number, resolved
from tutor.followup.scant import scant
from tutor.followup.talk import Talk, joined
from tutor.text import fold, terms

Rule = Callable[[str, Talk], str]
"""A follow-up completed, or "" where the rule has nothing to say."""


def _whole(said: str, talk: Talk) -> str:
    """A follow-up that has no topic word at all: "why?", "more", "for example?", "what are the limits?"."""
    for pattern, form in _WHOLE:
        match = pattern.fullmatch(said)
        if match is not None:
            return form(match, talk)
    return ""


def _more(_match: re.Match[str], talk: Talk) -> str:
    return f"Tell me more about {bare(talk)}"


def _simply(_match: re.Match[str], talk: Talk) -> str:
    return f"Explain {bare(talk)} in simple terms"


def _example(match: re.Match[str], talk: Talk) -> str:
    given = match.groupdict()
    lead, noun = (given.get("lead") or "").strip(), "more examples" if given.get("more") else "an example"
    return f"{lead or 'Give me'} {noun} of {bare(talk)}"


def _asked_again(match: re.Match[str], talk: Talk) -> str:
    """ "Why?" and its kind, put in front of the last question where that one can be answered by yes or no."""
    word, negated = match["word"].lower(), bool(match["not"])
    if word == "why" and _CHOICE.match(talk.question):
        return _claimed(talk)
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
    if negated and word == "when":
        return f"when should I not use {bare(talk)}"
    return {
        "why": f"why {verb('does', bare(talk))} {bare(talk)} matter",
        "how": f"how {verb('does', bare(talk))} {bare(talk)} work",
        "when": f"when should I use {bare(talk)}",
    }.get(word, "")


def _claimed(talk: Talk) -> str:
    """ "Why?" after "which one gives sparse weights, A or B?": of the one that the answer said it of, in the
    same words and of no other; where it did not, of the question."""
    asked = talk.question.rstrip("?. ")
    match = re.match(r"which(?: one| of \w+)?\s+(?P<verb>\w+)\s+(?P<rest>.+?),\s[^,]*(?:,[^,]*)*\bor\b[^,]*$", asked, re.IGNORECASE)
    said = [set(terms(s)) for s in re.split(r"(?<=[.;])\s+", talk.lead) if match is not None and set(terms(match["rest"])) <= set(terms(s))]
    named = [o for o in talk.options if any(set(terms(o)) <= s for s in said)]
    if match is None or len(named) != 1:
        return f"why: {asked[:1].lower()}{asked[1:]}"
    act = match["verb"].lower()
    if act in ("is", "are", "was", "has", "can", "should", "will"):
        return f"why {verb(act, named[0]) if act == 'is' else act} {named[0]} {match['rest']}"
    plain = re.sub(r"(?<=[^aeiou])ies$", "y", act) if act.endswith("ies") else re.sub(r"(?<=s|x|z|o)es$|(?<=[cs]h)es$|(?<!s)s$", "", act)
    return f"why {verb('does', named[0])} {named[0]} {plain} {match['rest']}"


def _related(match: re.Match[str], talk: Talk) -> str:
    """ "What are the limits?", "any downsides?": what is asked of a thing, without the thing."""
    noun = match["noun"].lower()
    if re.match(rf"(?:and\s+)?what (?:is|are) {noun}", match.group(), re.IGNORECASE) and re.search(r"(?:parameters|metrics|settings|quotas?|values)$", noun):
        return ""  # asks what these are, of nothing
    if noun.startswith("step") and (
        verb := re.match(r"how\s+(?:do|can|should|would|to)\s+(?:(?:i|we|you)\s+)?(?P<rest>.+?)[?.! ]*$", talk.question, re.IGNORECASE)
    ):
        return f"what are the steps to {verb['rest']}"
    if re.fullmatch(r"trade-?offs?|pros and cons", noun) and talk.compared and any(talk.topic == o for o in (*talk.options, joined(talk.options))):
        return f"what {'are' if noun.endswith('s') else 'is'} the {noun} {'between' if noun[0] == 't' else 'of'} {joined(talk.options)}"
    plural = noun in ("pros and cons", "pros", "cons") or (noun.endswith("s") and not noun.endswith("ss"))
    article = "" if noun.startswith("common") else "the "
    to = "to" if noun.startswith("alternative") else "of"
    return f"what {'are' if plural else 'is'} {article}{noun} {to} {bare(talk)}"


def _unused(match: re.Match[str], talk: Talk) -> str:
    """ "When to use?", "how to avoid?": a verb without its object."""
    return f"{match['verb'].strip()} {bare(talk)}"


def _difference(match: re.Match[str], talk: Talk) -> str:
    """What tells the last two things apart, or the last one from another that is named."""
    other = match.groupdict().get("other")
    pair = (talk.topic, other.strip()) if other else talk.last
    if len(pair) != 2:
        return ""
    return f"{'compare' if 'compare' in match.group().lower() else 'what is the difference between'} {pair[0]} and {pair[1]}"


def _compared(match: re.Match[str], talk: Talk) -> str:
    return f"{talk.topic} {match['how']} {match['other']}" if match["how"].lower() not in ("vs", "vs.", "versus") else f"{talk.topic} vs {match['other']}"


_WHOLE: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Talk], str]], ...]] = tuple(
    (re.compile(rf"(?:{pattern})\s*[?.!]*", re.IGNORECASE), form)
    for pattern, form in (
        (r"(?:and\s+)?(?P<word>why|how(?: often| long| much| many)?|when)(?:\s+(?P<not>not))?(?:\s+(?:so|exactly|is that|come|though|then))?", _asked_again),
        (r"(?:(?:can|could) you\s+)?(?:please\s+)?(?:tell me(?: some| a bit| a little)? more|more(?: details?| detail| info| information| please)?|say more|go on|continue|elaborate|expand|go deeper|explain(?: it| that)? (?:more|further)|explain|what else)(?:\s+(?:about|on) (?:it|that|this|them))?(?:\s+please)?", _more),
        (r"(?:explain|say|put|repeat)(?: it| that| this)?(?: again)?,?\s*(?:in (?:simple|simpler|plain|easy|other)\s+(?:terms|words|english|language)|simply|simpler|again|more simply)(?:\s+please)?|(?:i\s+)?(?:(?:still\s+)?(?:don['’]?t|do not)\s+(?:get|understand)(?:\s+(?:it|that|this))?)|in (?:simple|simpler|plain|other) (?:terms|words)|simpler(?: please)?|eli5|huh|come again|i['’]?m (?:lost|confused)", _simply),
        (r"(?:and\s+)?(?:(?P<lead>(?:(?:can|could) you |please )*(?:give|show)(?: me)?|what(?:['’]s| is)|is there|do you have|have you got)\s+)?(?:(?:for|an?|another|any|some|one|(?P<more>more))\s+)*(?:examples?|instance)(?:\s+(?:of (?:it|that|this|them)))?(?:\s+please)?", _example),
        (r"(?:and\s+)?(?:what(?:['’]?s| is| are|s)|are there|is there|any|list|give me|tell me|name)(?:\s+(?:the|a|any|some|its|their))*\s+(?P<noun>" + RELATED + r")", _related),
        (r"(?:and\s+)?(?:what about|how about|and)\s+(?:the\s+|its\s+|their\s+)(?P<noun>" + RELATED + r")", _related),
        (r"(?:the\s+|any\s+)?(?P<noun>" + RELATED + r")", _related),
        (r"(?:and\s+)?(?:like what|such as|such as what)", _example),
        (r"(?:and\s+)?(?P<verb>(?:when|how|why|where)\s+(?:not\s+)?(?:to|should i|do i|would i|can i|should we|do we|do you|would you)\s+(?:not\s+)?(?:use|avoid|fix|choose|prevent|detect|measure|compute|calculate|apply|implement|test|train|deploy|configure|monitor))", _unused),
        (r"(?:and\s+)?(?:what(?:['’]?s| is|s)\s+)?(?:the\s+)?(?:main |key |actual )?difference(?: between (?:them|the two|these|those|these two|those two|both))?", _difference),
        (r"(?:and\s+)?how (?:do|are) (?:they|these|those|these two|the two|both) (?:differ|different|compare)(?: from each other)?", _difference),
        (r"(?:and\s+)?compare (?:them|the two|these|those|these two|both)|(?:are )?(?:they|these) the same(?: thing)?", _difference),
        (r"(?:and\s+)?(?:what(?:['’]?s| is|s)\s+)?(?:the\s+)?difference (?:to|from|with) (?P<other>(?!each\b|it\b|that\b)[\w][\w ./'-]{1,50}?)", _difference),
        (r"(?:and\s+)?(?P<how>vs\.?|versus|compared (?:to|with)|better than|worse than|cheaper than|faster than) (?P<other>[\w][\w ./'-]{1,50}?)", _compared),
    )
)  # fmt: skip


_CHOICE: Final = re.compile(
    r"^(?:and\s+|so\s+)?(?P<given>(?:which|what)\s+(?:one|of\s+(?:these|those|them|the\s+(?:two|three)|both))|which(?=\s+(?:is|are|was|should|would|do|does|can|could|has|have|costs?)\b))\s+(?P<rest>.+?)[?.!\s]*$",
    re.IGNORECASE,
)
_COMPARATIVE: Final = re.compile(
    r"\b(?:better|worse|cheaper|faster|slower|safer|easier|harder|simpler|quicker|larger|smaller|bigger|best|cheapest|fastest|easiest|safest|simplest|more|less|most|least)\b",
    re.IGNORECASE,
)


_ENDED: Final = re.compile(
    r"^(?:(?P<said>(?:\S.*,\s*|(?:and\s+|so\s+)?when (?:to|should i|do i|would i) use\s+)?which(?: one)?)|(?:and\s+)?(?P<both>both|neither|either)(?: of them)?)[?.!\s]*$",
    re.IGNORECASE,
)


def _choice(said: str, talk: Talk) -> str:
    """ "Which is cheaper?" between the things last talked of."""
    ended = _ENDED.match(said)
    if ended is not None and len(talk.last) > 1:
        things = talk.options if talk.compared else talk.last
        if ended["both"]:
            return f"{joined(things)}: {ended['both'].lower()}"
        return f"{ended['said']}, {joined(things, 'or')}"
    match = _CHOICE.match(said)
    if match is None or len(talk.last) < 2 or re.search(r"\bor\b|,", match["rest"]):
        return ""
    given, rest = match["given"], match["rest"]
    if " " not in given:
        chooses = re.match(r"(?:should|would|do|does|can) (?:i|we|you|an? \w+)\b", rest, re.IGNORECASE)
        named = re.search(r"\b(?:best|most)\s+(?!for|in|when|if|with)\w+|^(?:is|are)\s+the\s+(?!\w+(?:er|est)\b|best)", rest, re.IGNORECASE)
        if named or not (chooses or _COMPARATIVE.search(rest)):
            return ""
    return f"{given} {rest}, {joined(talk.last, 'or')}"


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
        match = _NOT.match(said)
        others = [t for t in talk.topics if match is not None and fold(t) != fold(match["what"])]
        return f"why not {match['what']} instead of {joined(others, 'or')}" if match and len(others) < len(talk.topics) else ""
    about = bare(talk)
    match = _NOT.match(said)
    if match is not None:
        return f"why not {match['what']} instead of {about}"
    match = _INSTEAD.match(said)
    if match is not None and len(match["what"].split()) <= 8 and "," not in match["what"]:
        what = match["what"]
        return f"{what} instead of {about}" if FULL.search(what) else f"should I use {what} instead of {about}"
    match = _OR.match(said)
    if match is not None and not FULL.search(match["what"]):
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


_FOR_THAT: Final = re.compile(
    r"^(?P<said>.*\b(?:need|needed|use|used|require|required|enough|necessary|have)\b.*?)\s+for\s+(?:that|this|it)[?.!\s]*$", re.IGNORECASE
)


def _deed(said: str, talk: Talk) -> str:
    """ "Do that" after "how do I ...": what was to be done."""
    match, asked = _DOING.search(said), _DEED.match(talk.question)
    needed = _FOR_THAT.match(said)
    if needed is not None and asked is not None and re.match(r"how\b", talk.question, re.IGNORECASE):
        return f"{needed['said']} to {asked['deed']}"
    if match is None or asked is None or match["verb"].lower() == "doing":
        return ""
    return f"{said[: match.start()]}{'can ' if match['verb'].lower() == 'does' else ''}{asked['deed']}{said[match.end() :]}"


def _pronoun(said: str, talk: Talk) -> str:
    """A pronoun whose noun stands in the last question."""
    if _TOGETHER.search(said) and _SEVERAL.search(said) and len(talk.topics) == 1 and len(talk.last) > 1:
        return resolved(said, talk.options if talk.compared else talk.last)
    several = talk.options if len(talk.topics) == 1 and len(talk.options) == 2 and number(talk.topic) == "one" and _SEVERAL.search(said) else talk.topics
    found = resolved(said, several)
    return found if found != said else ""


_TOGETHER: Final = re.compile(r"\b(?:together|each other|one another|both|the same|differ|combined?|compatible)\b", re.IGNORECASE)
_SEVERAL: Final = re.compile(r"\b(?:they|them|these|those|both)\b", re.IGNORECASE)


RULES: Final[tuple[Rule, ...]] = (_whole, _choice, _rather, fragment, scant, _deed, _pronoun)
