"""Supported sentences in, the same said otherwise out: what the check of sentences must not flag, the same on every run.

The word lists are written without sight of the check's own.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from evals.measures.mutations import put
from evals.measures.pairs import Pair

Rewording = Callable[[Pair, random.Random], Pair | None]

_ALIKE: Final = dict(
    pair.replace("_", " ").split("/")
    for pair in """because/since for_example/for_instance often/frequently needs/requires need/require helps/assists help/assist begins/starts begin/start shows/displays show/display
    buys/purchases quickly/rapidly fast/quick large/big larger/bigger such_as/like about/roughly nearly/almost many/numerous enough/sufficient whole/entire
    gets/obtains get/obtain makes/produces make/produce sends/transmits send/transmit stores/saves store/save picks/chooses choose/pick keeps/retains keep/retain ends/finishes
    hard/difficult easy/simple errors/mistakes error/mistake wrong/incorrect usually/normally happens/occurs happen/occur changes/alters changed/altered
    finds/discovers find/discover gives/provides give/provide allows/permits allow/permit removes/deletes remove/delete fixed/set uses/employs use/employ
    builds/constructs build/construct tries/attempts main/chief rarely/seldom in_fact/actually costs_more/is_more_expensive at_once/simultaneously
    several/a_number_of separate/distinct a_lot_of/much method/technique answers/replies answer/reply entire/whole beforehand/in_advance together/jointly
    important/significant common/widespread""".split()
)
_DIGITS: Final = dict(zip("two three four five six seven eight nine ten eleven twelve fifteen twenty thirty".split(), [*range(2, 13), 15, 20, 30], strict=True))
_SHORT: Final = {
    "is not": "isn't", "are not": "aren't", "does not": "doesn't", "do not": "don't", "cannot": "can't", "will not": "won't", "was not": "wasn't", "were not": "weren't",
    "should not": "shouldn't", "would not": "wouldn't", "has not": "hasn't", "have not": "haven't", "it is": "it's", "It is": "It's", "that is": "that's", "you are": "you're", "they are": "they're",
    "did not": "didn't", "there is": "there's", "There is": "There's", "you have": "you've", "they have": "they've",
}  # fmt: skip
_PARTICIPLES: Final = dict(
    pair.split(":")
    for pair in """holds:held keeps:kept stores:stored writes:written sends:sent makes:made trains:trained builds:built removes:removed adds:added creates:created gives:given
    describes:described encrypts:encrypted detects:detected finds:found replaces:replaced reduces:reduced lowers:lowered collects:collected manages:managed compares:compared
    converts:converted provides:provided handles:handled catches:caught carries:carried produces:produced transforms:transformed serves:served receives:received causes:caused
    prevents:prevented deploys:deployed assigns:assigned accepts:accepted defines:defined selects:selected protects:protected regulates:regulated destroys:destroyed inhibits:inhibited
    stimulates:stimulated activates:activated moves:moved releases:released absorbs:absorbed predicts:predicted minimizes:minimized maximizes:maximized delivers:delivered
    summarizes:summarized isolates:isolated connects:connected validates:validated runs:run shows:shown examines:examined evaluates:evaluated generates:generated
    carries:carried supplies:supplied breaks:broken adjusts:adjusted applies:applied attaches:attached decides:decided finishes:finished ignores:ignored improves:improved""".split()
)
_PLURAL_VERBS: Final = {"is": "are", "has": "have", "does": "do", "was": "were"} | {
    verb: verb[:-3] + "y" if verb.endswith("ies") else verb.removesuffix("es") if verb.endswith(("ches", "shes", "sses")) else verb.removesuffix("s")
    for verb in (
        *_PARTICIPLES,
        *"needs lets means works helps takes begins ends tells points costs brings falls grows comes stays belongs contains returns".split(),
    )
}
_VERBS: Final = "|".join((*_PARTICIPLES, *_PLURAL_VERBS, *_PLURAL_VERBS.values()))
_ASIDE: Final = "if|when|because|unless|although|after|before|while|once|until"
_POINTING: Final = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|one|ones|so|then|he|she|his|her|such|the (?:same|other|former|latter)|itself|themselves|not only)\b",
    re.IGNORECASE,
)
"""What may point at another clause, and no longer does so when that comes later."""
_REST: Final = "(?:,? (?:that|which|for|from|in|on|at|with|when|before|after|because|so that|until|if|between|during|while|whereas|so) [^;:]+|[;:] .+)?"
_ARTICLES: Final = ("a", "an", "the", "each", "every", "one")
_PARTICLES: Final = ("up", "out", "down", "away", "back", "itself", "off", "on", "in")
_PHRASE: Final = r"(?:(?:[Aa]n?|[Tt]he|[Ee]ach|[Ee]very|[Oo]ne) )?(?!(?:[Ii]t|[Tt]his|[Tt]hat|[Tt]hey|[Ww]h\w+|[Ii]f|[Ff]or|[Ii]n|[Oo]n|[Aa]t|[Bb]y|[Tt]o|[Aa]nd|[Oo]r|[Bb]ut|[Nn]o|[Nn]ot|[Oo]nly|[Aa]ll|[Ww]ith) )(?:[\w-]+ ){0,3}?[\w-]+"
_THINGS: Final = rf"{_PHRASE}(?: (?:and|of) {_PHRASE})?"
_LEAD: Final = "(?P<lead>(?:.+(?:; |: |, and |, but |, while |, whereas |, so | because ))?)"
_ACTIVE: Final = re.compile(rf"{_LEAD}(?P<who>{_PHRASE}) (?P<verb>{'|'.join(_PARTICIPLES)}) (?P<what>{_THINGS})(?P<rest>{_REST})\.")
_PASSIVE: Final = re.compile(rf"{_LEAD}(?P<what>{_PHRASE}) (?:is|are) (?P<verb>{'|'.join(_PARTICIPLES.values())}) by (?P<who>{_THINGS})(?P<rest>{_REST})\.")
_ODD: Final = frozenset(
    """which that who whose what how why decides says or but is are was also then now only not never often always still first later long with for in on at by from to into than as if when so
    recoverable aside apart together more less least most itself themselves without faster slower""".split()
) | {*_PARTICIPLES, *_PLURAL_VERBS.values()}


def twins(pairs: Sequence[Pair], name: str, most: int, seed: int = 0) -> list[Pair]:
    """Up to `most` twins of a kind, in a drawn order of their pairs."""
    dice = random.Random(f"{seed} {name}")  # noqa: S311  dice, not secrets
    made = (REWORDINGS[name](pair, dice) for pair in dice.sample(list(pairs), len(pairs)))
    return [pair for _, pair in zip(range(most), (m for m in made if m is not None), strict=False)]


def synonym(pair: Pair, dice: random.Random) -> Pair | None:
    """Another word that means the same."""
    found = list(re.finditer(rf"(?<![\w-])(?:{'|'.join(map(re.escape, _ALIKE))})(?![\w-])", pair.sentence))
    return put(pair, (m := dice.choice(found)), _ALIKE[m.group()]) if found else None


def voice(pair: Pair, _dice: random.Random) -> Pair | None:
    """Active made passive, where a clause is no more than somebody, a verb and something; passive made active."""
    for form in (_ACTIVE, _PASSIVE):
        found = form.fullmatch(pair.sentence)
        if not found or not _clear(found):
            continue
        who, what, lead = found["who"], found["what"], found["lead"]
        first, last = (what, who) if form is _ACTIVE else (who, what)
        if form is _ACTIVE:
            verb = f"{'are' if _many(what) else 'is'} {_PARTICIPLES[found['verb']]} by"
        else:
            verb = next(v for v, participle in _PARTICIPLES.items() if participle == found["verb"])
            verb = _PLURAL_VERBS[verb] if _many(who) else verb
        begun = first if lead else first[0].upper() + first[1:]
        return replace(pair, sentence=f"{lead}{begun} {verb} {last if lead else _inner(last)}{found['rest']}.")
    return None


def _clear(found: re.Match[str]) -> bool:
    """Whether two phrases read as things, and what follows them neither points back nor goes on with another verb."""
    who, what = (found[name].lower().split() for name in ("who", "what"))
    plain = not _ODD & {*who, *what} and "and" not in who and what[0] not in _PARTICLES
    return (
        plain
        and not _POINTING.search(f"{found['rest']} {found['who']} {found['what']}")
        and not re.search(r"(?:,|\band|\bor) (?:\w+ ){0,1}?[a-z]+s\b", found["rest"])
    )


def _many(phrase: str) -> bool:
    """Whether a phrase of one noun with what is before it is a plural."""
    head = phrase.partition(" of ")[0].split()
    return head[0].lower() not in ("a", "an", "each", "every", "one") and bool(re.search(r"[^su]s$", head[-1]))


def _inner(phrase: str) -> str:
    """A phrase that began a sentence as it is written within one: names keep their capital."""
    first, _, rest = phrase.partition(" ")
    plain = first.lower() in _ARTICLES or (re.fullmatch(r"[A-Z][a-z-]+", first) and not re.match(r"[A-Z]", rest) and first.lower() in _COMMON)
    return phrase[0].lower() + phrase[1:] if plain else phrase


_COMMON: Final = frozenset(
    """training data models weights users rows columns labels tests people teams jobs notes queries requests costs errors workers nodes cells enzymes patients drugs banks investors firms prices
    supervised unsupervised regular random early deep low high small large different several many most some all batch feature model you we it they there these those this that no only more fewer
    choose use keep if when because after before unless although while once until""".split()
)


def digits(pair: Pair, dice: random.Random) -> Pair | None:
    """A number in letters for one in digits, and the other way round."""
    letters = {str(n): word for word, n in _DIGITS.items()}
    found = list(re.finditer(rf"(?<![\w-])(?:{'|'.join(_DIGITS)})(?= [a-z])", pair.sentence))
    found += list(re.finditer(rf"(?<=[a-z] )(?:{'|'.join(letters)})(?= [a-z]{{3}})", pair.sentence))
    if not found:
        return None
    match = dice.choice(found)
    return put(pair, match, str(_DIGITS[match.group()]) if match.group() in _DIGITS else letters[match.group()])


def separators(pair: Pair, _dice: random.Random) -> Pair | None:
    """Thousands with and without a comma; four digits that may be a year are left alone."""
    if found := re.search(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\d,.]\d)(?!\d)", pair.sentence):
        return put(pair, found, found.group().replace(",", ""))
    found = re.search(r"(?<![\w.,:/-])(?!1[5-9]\d\d\b|20\d\d\b)\d{4,7}(?![\w:/-]|[.,]\d)", pair.sentence)
    return put(pair, found, f"{int(found.group()):,}") if found else None


def reorder(pair: Pair, _dice: random.Random) -> Pair | None:
    """A condition, time or reason told before the main clause instead of behind it, or the other way round."""
    first = re.fullmatch(rf"(?P<word>{_ASIDE.title()}) (?P<aside>[^,;:()]{{8,}}), (?P<main>[^,;:()]{{12,}})\.", pair.sentence)
    if first and not _POINTING.search(first["main"]):
        return replace(pair, sentence=f"{first['main'][0].upper()}{first['main'][1:]} {first['word'].lower()} {first['aside']}.")
    last = re.fullmatch(rf"(?P<main>[^,;:()]{{12,}}?),? (?P<word>{_ASIDE}) (?P<aside>[^,;:()]{{8,}})\.", pair.sentence)
    if (
        not last
        or _POINTING.search(last["aside"])
        or re.search(rf"\b(?:{_ASIDE}|that|which|who|even|only|just|and|or|but|is|are|shortly|long|right)$", last["main"])
    ):
        return None
    if re.search(r"\b(?:that|which|who|whose|whether|how|what|why|to|such as)\b", last["main"]) or re.search(
        r"\b(?:and|or)\b", f"{last['main']} {last['aside']}"
    ):
        return None  # what the clause belongs to could be another thing in front
    return replace(pair, sentence=f"{last['word'].title()} {last['aside']}, {_inner(last['main'])}.")


def contraction(pair: Pair, dice: random.Random) -> Pair | None:
    """ "It is not" as "it isn't", and the other way round."""
    both = _SHORT | {b: a for a, b in _SHORT.items() if "n't" in b}
    found = list(re.finditer(rf"(?<![\w'’-])(?:{'|'.join(map(re.escape, both))})(?![\w'’-])(?!\.)", pair.sentence))
    return put(pair, (m := dice.choice(found)), both[m.group()]) if found else None


def emphasis(pair: Pair, dice: random.Random) -> Pair | None:
    """Marks of Markdown around words, or a list's dash before the sentence."""
    if dice.random() < 0.2:
        return replace(pair, sentence=f"- {pair.sentence}")
    found = list(re.finditer(r"(?<![\w*`_.,-])[\w-]{3,}(?: [\w-]{3,})?(?![\w*`_-]|[.,]\w)", pair.sentence))
    mark = dice.choice(("**", "*", "_", "`", "***"))
    return put(pair, (m := dice.choice(found)), f"{mark}{m.group()}{mark}") if found else None


def plural(pair: Pair, _dice: random.Random) -> Pair | None:
    """The thing that a sentence speaks of as many of its kind: "An index is" as "Indexes are"."""
    found = re.match(rf"An? (?P<what>(?:[a-z-]+ ){{0,3}}?[a-z-]{{3,}}) (?P<verb>{'|'.join(_PLURAL_VERBS)}) (?P<rest>[^;:]+)$", pair.sentence)
    if (
        not found
        or _POINTING.search(found["rest"])
        or re.search(
            r"\b(?:of|that|which|for|in|with|by|and|or|[a-z]+ed|[a-z]+ly|data|never|only|often|also|always|still|usually|whose|whole|few|many)\b", found["what"]
        )
    ):
        return None
    if re.search(rf"(?:\band|\bor|\bbut|,) (?:\w+ )?(?:{_VERBS}|[a-z]+s)\b", found["rest"]) or (
        found["verb"] in ("is", "was") and re.match(r"(?:an?|one) ", found["rest"])
    ):
        return None  # another verb that would have to change too; "indexes are a way" is no good English
    what = found["what"]
    many = re.sub(r"y$", "ies", what) if re.search(r"[^aeiou]y$", what) else what + ("es" if re.search(r"(?:s|x|ch|sh)$", what) else "s")
    return replace(pair, sentence=f"{many[0].upper()}{many[1:]} {_PLURAL_VERBS[found['verb']]} {found['rest']}")


REWORDINGS: Final[dict[str, Rewording]] = {
    "synonym": synonym, "voice": voice, "digits": digits, "separators": separators, "reorder": reorder, "contraction": contraction, "emphasis": emphasis, "plural": plural,
}  # fmt: skip
