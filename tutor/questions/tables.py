"""A table of the notes in, questions out that set needs and ask for the one thing that meets them, by a small search:
each wrong option is a thing of the same table that fails exactly one of the needs, and the cell it fails by refutes it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from tutor.exam import Difficulty, Need
from tutor.facts import Fact, Group
from tutor.facts.phrases import is_clause, predicate
from tutor.questions.columns import GENERIC
from tutor.questions.draft import Choice, Draft
from tutor.questions.rivals import taken
from tutor.questions.setting import Setting
from tutor.questions.wording import lowered, nominal, plural, singular, topic, topics
from tutor.text import fold

OPTIONS: Final = 4
SMALLEST: Final = 3
"""Options of a question whose table has no more to offer."""
SEARCHED: Final = 7
"""Attributes of a thing that are searched for sets: no more than a hundred sets."""
SETS: Final = 3
"""Questions of several needs on one thing."""
NUMBERS: Final = {2: "two", 3: "three"}
NEEDS: Final = tuple(reversed(NUMBERS))
"""How many needs a question sets, the most first."""
WHEN: Final = re.compile(
    r"(?:choose|pick|use|take|prefer)(?: it| this| them)? (?:when|if|where)|(?:best|fits|suits) (?:when|if|where)|when(?: to use| it fits)?", re.IGNORECASE
)
ASIDE: Final = re.compile(
    r"(?:example|remark|note|comment|detail|why|reason|source|link|tip|how|meaning|description|avoid|not|limit|caution|watch|trap)", re.IGNORECASE
)
_EXAMPLE: Final = re.compile(r"\b(?:examples?|suppose|imagine|made-up|fictional|candidates?|worked|by hand|lab|you should see)\b", re.IGNORECASE)
_FIGURE: Final = re.compile(r"[\d\s.,%$€x*/+-]+")
SITUATION: Final = re.compile(
    r"(?:need|situation|scenario|access pattern|problem|symptom|task|goal|requirement|question|case|if you|you (?:need|want)|when|sign|condition|error|trouble|workload)\w*",
    re.IGNORECASE,
)
"""Nouns of rows that are no things to choose, but situations that something is chosen for."""
ASPECT: Final = re.compile(
    r"(?:propert(?:y|ies)|features?|aspects?|criteri(?:on|a)|attributes?|characteristics?|dimensions?|points?|topics?|parts?|fields?|items?)", re.IGNORECASE
)
"""Nouns of rows that are attributes themselves, of the things that the columns name."""
GRADE: Final = re.compile(
    r"(?:(?:very|often|mostly|rather) )?(?:high|low|medium|none|yes|no|small|large|fast|slow|many|few|strong|weak|mild|good|poor|up|down|both|same|some|all|any)\w*",
    re.IGNORECASE,
)
"""Values that only grade."""
_DETERMINED: Final = re.compile(
    r"(?:an?|the|each|every|all|some|many|most|few|several|two|three|four|no|one|nobody|somebody|someone|everybody|people|it)\b", re.IGNORECASE
)
_ASKS: Final = re.compile(r"(?:what|which|who|whose|where|how|when|why|is|are|was|were|has|have|does|do|did|can|may|must|should|will)\b", re.IGNORECASE)
SHORT: Final = 2
"""Letters of a value that says too little by itself, and words of a condition that does."""
_BARE: Final = frozenset("both yes no none - – — n/a na x ✓ ✗ true false".split())
LONGEST: Final = 14
"""Words of a value that a need can say."""


def needs(group: Group, setting: Setting, rng: random.Random) -> Iterator[tuple[Draft, ...]]:
    """Questions on a table, in a drawn order."""
    if group.kind != "table" or SITUATION.match(group.noun) or ASPECT.fullmatch(group.noun) or worked(group):
        return
    table = _wide(group, setting)
    keys = list(table)
    rng.shuffle(keys)
    for thing in keys:
        several = _several(table, thing, group, rng, setting)
        yield from ((made,) for made in (*several, _single(table, thing, group, rng, setting)) if made is not None and made.stem)


def _wide(group: Group, setting: Setting) -> dict[str, dict[str, Fact]]:
    """The cells of a table by thing and attribute, and those of other tables of the same things. An attribute that two
    tables give differently is left out."""
    things = group.things()
    table = {t: {f.attribute: f for f in group.facts if f.thing == t and f.kind == "cell"} for t in things}
    held: dict[str, dict[str, list[Fact]]] = {}
    for thing in things:
        for fact in setting.says(thing):
            if fact.kind == "cell" and fact.group != group.id:
                held.setdefault(fact.group, {}).setdefault(thing, []).append(fact)
    for other, found in held.items():
        if len(found) < min(OPTIONS, len(things)) or worked(setting.matrix.groups[other]):
            continue
        for thing, facts in found.items():
            for fact in facts:
                known = table[thing].setdefault(fact.attribute, fact)
                if fold(known.value) != fold(fact.value):
                    table[thing][fact.attribute] = replace(known, value="")
    return {t: {a: f for a, f in cells.items() if f.value} for t, cells in table.items()}


def _several(table: dict[str, dict[str, Fact]], key: str, group: Group, rng: random.Random, setting: Setting) -> Iterator[Draft]:
    """Questions of several needs that only the key meets, SETS at most: the sets of attributes are searched in a drawn order."""
    usable = [a for a, f in table[key].items() if sayable(f) and (nominal(a) or (WHEN.fullmatch(a) and clausal(lowered(f.value, setting.common))))]
    rng.shuffle(usable)
    found = 0
    for size in NEEDS:
        for chosen in combinations(usable[:SEARCHED], size):
            failing = {t: where for t in table if t != key and (where := _fails(table[key], table[t], chosen)) >= 0}
            meeting = sum(all(a in cells and fold(cells[a].value) == fold(table[key][a].value) for a in chosen) for cells in table.values())
            if len(failing) >= OPTIONS - 1 and len(set(failing.values())) == size and meeting == 1:
                yield _draft(table, key, chosen, _spread(failing, key, rng), group, rng, setting)
                found += 1
            if found == SETS:
                return


def _single(table: dict[str, dict[str, Fact]], key: str, group: Group, rng: random.Random, setting: Setting) -> Draft | None:
    for attribute, fact in table[key].items():
        if WHEN.fullmatch(attribute) and sayable(fact) and spoken(lowered(fact.value, setting.common)):
            failing = {t: 0 for t in table if t != key and _fails(table[key], table[t], (attribute,)) == 0}
            if len(failing) == len(table) - 1 and len(failing) >= SMALLEST - 1:
                return _draft(table, key, (attribute,), _spread(failing, key, rng), group, rng, setting)
    return None


def clausal(text: str) -> bool:
    """Whether words are one clause, so that "when" can stand before them."""
    return len(text.split()) > SHORT and (is_clause(text) or predicate(text) > 0) and "," not in text and not _ASKS.match(text)


def form(text: str) -> str:
    """Of what form a cell is: cells of one question should be alike. "name" begins with a capital inside a sentence too,
    "word" is a bare word in lower case, "clause" has its verb, "figure" a number in front; anything else is a "phrase"."""
    words = text.split()
    if re.match(r"\W?\d", text):
        return "figure"
    if len(words) == 1:
        return "name" if sum(c.isupper() for c in text) > 1 or not text.isalpha() else "word"
    return "clause" if is_clause(text) else "phrase"


def spoken(text: str) -> bool:
    """Whether a cell is a clause as it is spoken: its subject has its article, is a name, or is several things."""
    end = predicate(text)
    subject = text[:end].split() if end > 0 else []
    return (
        clausal(text)
        and bool(subject)
        and bool(_DETERMINED.match(text) or (plural(subject[-1]) and "'" not in subject[-1]) or sum(c.isupper() for c in subject[0]) > 1)
    )


def asks(text: str) -> bool:
    """Whether a cell is a question."""
    return bool(_ASKS.match(text))


def sayable(fact: Fact) -> bool:
    """Whether a cell can be said as a need that does not name its thing."""
    named = topics(fact.thing)
    return (
        bool(fact.value)
        and fold(fact.value).split()[:1] not in (["no"], ["none"], ["not"])
        and len(fact.value.split()) <= LONGEST
        and not ASIDE.match(fact.attribute)
        and not named & topics(fact.value)
    )


def _fails(key: dict[str, Fact], other: dict[str, Fact], chosen: Sequence[str]) -> int:
    """The place of the one need that another thing does not meet; -1 where it meets all, fails several or cannot be told."""
    failed = [n for n, a in enumerate(chosen) if a not in other or fold(other[a].value) != fold(key[a].value)]
    if len(failed) != 1 or chosen[failed[0]] not in other:
        return -1
    return failed[0] if distinct(key[chosen[failed[0]]].value, other[chosen[failed[0]]].value) else -1


def distinct(left: str, right: str) -> bool:
    """Whether two values of one attribute cannot both be true: neither holds the other, and they share less than half."""
    a, b = fold(left).split(), fold(right).split()
    if not a or not b or a == b or (a[0] == b[0] and (a[0] in _BARE or min(len(a), len(b)) == 1)):
        return False
    return not (set(a) <= set(b) or set(b) <= set(a)) and len(set(a) & set(b)) < 0.5 * min(len(a), len(b))


def _spread(failing: dict[str, int], key: str, rng: random.Random) -> dict[str, int]:
    """As many wrong options as are shown, so that each need is failed by one where that can be."""
    things = list(failing)
    rng.shuffle(things)
    if len(set(failing.values())) == 1:
        return {t: failing[t] for t in taken(things, key, str, rng)}
    first = [next(t for t in things if failing[t] == n) for n in sorted(set(failing.values()))]
    return {t: failing[t] for t in [*first, *(t for t in things if t not in first)][: OPTIONS - 1]}


def _draft(
    table: dict[str, dict[str, Fact]], key: str, chosen: Sequence[str], failing: dict[str, int], group: Group, rng: random.Random, setting: Setting
) -> Draft:
    facts = [table[key][a] for a in chosen]
    text, wanted = stem(facts, singular(lowered(group.noun, setting.common)), group.title, setting.common)
    right = Choice(key, True, tuple(facts), " ".join(setting.told(f) for f in facts))
    wrong = [Choice(t, False, (table[t][chosen[n]],), setting.told(table[t][chosen[n]]), n) for t, n in failing.items()]
    level: Difficulty = "easy" if len(chosen) == 1 else "medium" if len(chosen) == 2 else "hard"
    return Draft("multiple_choice", "table", "thing", text, (right, *wrong), wanted, difficulty=level)


def worked(group: Group) -> bool:
    """Whether a table works an example out: its figures are invented, and not to be known."""
    values = [f.value for f in group.facts if f.kind == "cell"]
    return bool(_EXAMPLE.search(f"{group.lead} {group.title} {group.note}")) or 2 * sum(bool(_FIGURE.fullmatch(v)) for v in values) > len(values)


def stem(facts: Sequence[Fact], noun: str, title: str, common: frozenset[str]) -> tuple[str, tuple[Need, ...]]:
    """A short scenario that states the needs and the question; and the needs, each as it is said there."""
    clauses = [f for f in facts if WHEN.fullmatch(f.attribute) and clausal(lowered(f.value, common))]
    said = {f: lowered(f.value.rstrip("."), common) for f in facts}
    said |= {f: f"{lowered(f.attribute, common)} – {text}" for f, text in said.items() if f not in clauses}
    needs = tuple(Need(f.attribute, f.value, said[f]) for f in facts)
    vague = not noun or GENERIC.fullmatch(noun) is not None
    label = topic(title, common) if vague else ""
    one, told = ("of these", f" (Topic: {label}.)") if vague else (noun, "")
    if vague and (clauses or not label):
        return "", needs  # what fits of "these" when something is so, nobody can know
    if len(clauses) == len(facts):
        return f"Which {one} fits when {' and '.join(said[f] for f in clauses)}?{told}", needs
    listed = "; ".join(said[f] for f in facts)
    return f"A team has {NUMBERS[len(facts)]} requirements: {listed}. Which {one} meets {'both' if len(facts) == 2 else 'all of them'}?{told}", needs
