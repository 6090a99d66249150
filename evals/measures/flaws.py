"""A sound question in, the same question with one known flaw out: each kind of flaw is a function.

They share no pattern with the checks that must catch them. None where a question has no place for the flaw.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tutor.exam import Claim, Option, Question
from tutor.facts import Fact, Matrix
from tutor.types import Citation, Note


@dataclass(frozen=True, slots=True)
class Ground:
    """What flaws are made of: the notes and their facts."""

    notes: Mapping[str, Note]
    matrix: Matrix


Flaw = Callable[[Question, Ground, random.Random], Question | None]
CHOICES: Final = ("multiple_choice", "multiple_response", "case_study")
_MAKERS: Final = re.compile(r"(?:Amazon|AWS) ")
_DIGITS: Final = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")


def no_key(question: Question, _ground: Ground, _rng: random.Random) -> Question | None:
    """Nothing is marked as right."""
    return replace(question, key=()) if question.key else None


def two_keys(question: Question, _ground: Ground, rng: random.Random) -> Question | None:
    """A second option is marked as right where one is asked for; its reason says so as well."""
    if question.kind not in ("multiple_choice", "case_study") or len(question.key) != 1:
        return None
    other = rng.choice([o.id for o in question.options if o.id not in question.key])
    reasons = tuple(replace(r, holds=True, fails=-1) if r.option == other else r for r in question.proof.reasons)
    return replace(question, key=tuple(sorted((*_ids(question), other))), proof=replace(question.proof, reasons=reasons))


def unknown_key(question: Question, _ground: Ground, rng: random.Random) -> Question | None:
    """The key names an option that there is not."""
    if not question.key or question.kind == "matching":
        return None
    at = rng.randrange(len(question.key))
    return replace(question, key=tuple("G" if n == at else one for n, one in enumerate(_ids(question))))


def duplicate_option(question: Question, _ground: Ground, rng: random.Random) -> Question | None:
    """Two options have the same words."""
    if len(question.options) < 3:
        return None
    one, other = rng.sample(question.options, 2)
    return _worded(question, {one.id: other.text})


def all_of_the_above(question: Question, _ground: Ground, rng: random.Random) -> Question | None:
    """A wrong option speaks of the others."""
    if question.kind not in CHOICES:
        return None
    text = rng.choice(("All of the above", "None of the above", "Both A and C", "All of these options", "Neither of these"))
    return _worded(question, {_wrong(question)[-1].id: text})


def invented_quote(question: Question, _ground: Ground, rng: random.Random) -> Question | None:
    """A citation quotes what its note does not say."""
    at = rng.randrange(len(question.proof.citations))
    one = question.proof.citations[at]
    words = one.quote.split()
    if len(words) < 3:
        return None
    words[rng.randrange(len(words))] = rng.choice(("entirely", "seldom", "eleven", "unlike"))
    cited = replace(one, quote=" ".join(words))
    return replace(question, proof=replace(question.proof, citations=(*question.proof.citations[:at], cited, *question.proof.citations[at + 1 :])))


def shifted_span(question: Question, ground: Ground, rng: random.Random) -> Question | None:
    """A citation's place and quote are moved by a few characters: it still quotes its note."""
    at = rng.randrange(len(question.proof.citations))
    one = question.proof.citations[at]
    by = rng.choice((-9, -5, 5, 9))
    start, end, text = one.start + by, one.end + by, ground.notes[one.note].text
    if start < 0 or end > len(text):
        return None
    cited = replace(one, start=start, end=end)
    return replace(question, proof=replace(question.proof, citations=(*question.proof.citations[:at], cited, *question.proof.citations[at + 1 :])))


def option_removed(question: Question, _ground: Ground, rng: random.Random) -> Question | None:
    """An option is gone, and its letter with it."""
    if len(question.options) < 4:
        return None
    gone = rng.choice(question.options).id
    return replace(question, options=tuple(o for o in question.options if o.id != gone))


def longest_key(question: Question, _ground: Ground, rng: random.Random) -> Question | None:
    """The key is worded at length."""
    if question.kind not in ("multiple_choice", "case_study"):
        return None
    (key,) = (o for o in question.options if o.id in question.key)
    longest = max(len(o.text) for o in question.options)
    tail = rng.choice((", the one that the notes recommend here", ", which meets everything that is asked for", ", as described in detail in the notes"))
    text = key.text.rstrip(".")
    while len(text) <= 1.7 * longest or len(text) < longest + 24:
        text += tail
    return _worded(question, {key.id: text})


def stem_holds_key(question: Question, _ground: Ground, rng: random.Random) -> Question | None:
    """The stem names the key."""
    if question.kind not in CHOICES:
        return None
    key = next(o for o in question.options if o.id in question.key).text.rstrip(".")
    lead = rng.choice(("A team has read about {}. ", "The talk was of {} before. ", "Think of {} first. "))
    return replace(question, stem=lead.format(key) + question.stem)


def hidden_negation(question: Question, _ground: Ground, _rng: random.Random) -> Question | None:
    """The question is turned by a "not" in small letters."""
    before, dot, last = question.stem.rpartition(". ")
    for asks, denies in (
        (" fits", " does not fit"),
        (" describes ", " does not describe "),
        (" is true", " is not true"),
        (" are true", " are not true"),
        ("?", " except one?"),
    ):
        if question.kind in CHOICES and asks in last:
            head, _, tail = last.rpartition(asks)
            return replace(question, stem=f"{before}{dot}{head}{denies}{tail}")
    return None


def wrong_key(question: Question, _ground: Ground, rng: random.Random) -> Question | None:
    """Another option, order or pairing is the key, and every reason was moved along: only the notes tell."""
    if question.kind in ("ordering", "matching"):
        a, b = rng.sample(range(len(question.key)), 2)
        steps = list(_ids(question))
        if question.kind == "ordering":
            steps[a], steps[b] = steps[b], steps[a]
            return replace(question, key=tuple(steps))
        pairs = [one for one in question.key if isinstance(one, tuple)]
        pairs[a], pairs[b] = (pairs[a][0], pairs[b][1]), (pairs[b][0], pairs[a][1])
        return replace(question, key=tuple(pairs))
    if question.kind not in ("multiple_choice", "case_study"):
        return None
    (old,), new = _ids(question), rng.choice(_wrong(question)).id
    fails = next(r.fails for r in question.proof.reasons if r.option == new)
    moved = {old: (False, fails), new: (True, -1)}
    reasons = tuple(replace(r, holds=moved[r.option][0], fails=moved[r.option][1]) if r.option in moved else r for r in question.proof.reasons)
    return replace(question, key=(new,), proof=replace(question.proof, reasons=reasons))


def second_right(question: Question, ground: Ground, rng: random.Random) -> Question | None:
    """A wrong option is replaced by another one that the notes make right too, with the true claim that does."""
    if question.kind not in CHOICES:
        return None
    wrong = rng.choice(_wrong(question))
    reason = next(r for r in question.proof.reasons if r.option == wrong.id)
    told = next((c for r in question.proof.reasons if r.holds for c in r.claims), None)
    if told is None:
        return None
    shown = {o.text for o in question.options}
    if question.proof.asks == "statement":
        same = [f for f in _all(ground) if f.kind == "misconception" and f.attribute == told.attribute and f.note == question.note and f.value != told.value]
        return _replaced(question, wrong, [(f"{f.value[:1].upper()}{f.value[1:]}.", f) for f in same], ground, rng)
    if question.proof.asks == "thing":
        need = question.proof.needs[max(reason.fails, 0)]
        same = [f for f in _all(ground) if (f.attribute, f.value) == (need.attribute, need.value) and f.thing not in shown and f.kind != "avoid"]
        return _replaced(question, wrong, [(f.thing, f) for f in same], ground, rng)
    same = [f for f in _all(ground) if (f.thing, f.attribute) == (told.thing, told.attribute) and f.value != told.value]
    return _replaced(question, wrong, [(f.value, f) for f in same], ground, rng)


def synonym(question: Question, _ground: Ground, rng: random.Random) -> Question | None:
    """A wrong option is replaced by the key in other words: another name of the thing, or small words changed."""
    if question.kind not in CHOICES or question.proof.asks == "number":
        return None
    key = next(o for o in question.options if o.id in question.key).text
    inner = re.search(r"^(.*?)\s*\(([^)]+)\)$", key)
    names = [*(inner.groups() if inner else ()), _MAKERS.sub("", key) if _MAKERS.match(key) else f"Amazon {key}", f"the {key}"]
    names += [f"{key}s" if not key.endswith("s") else key[:-1], key.upper() if key != key.upper() else key.lower()]
    longer = [key.replace("The ", "A ", 1), key.replace(" a ", " the ", 1), key.replace(" that ", " which ", 1), f"{key.rstrip('.')}"]
    names = names if question.proof.asks == "thing" else [text for text in longer if text != key]
    return _worded(question, {rng.choice(_wrong(question)).id: rng.choice(names)}) if names else None


def swapped_need(question: Question, ground: Ground, rng: random.Random) -> Question | None:
    """A need gets the value of another thing, in the proof and in the stem."""
    needs = question.proof.needs
    if not needs or question.proof.asks != "thing":
        return None
    at = rng.randrange(len(needs))
    need = needs[at]
    others = sorted(
        {
            f.value.rstrip(".")
            for f in _all(ground)
            if f.attribute == need.attribute and f.note == question.note and f.value != need.value and len(f.value) < 120
        }
    )
    value = need.value.rstrip(".")
    place = need.text.lower().find(value.lower())
    if not others or place < 0 or need.text not in question.stem + question.scenario:
        return None
    other = rng.choice(others)
    text = need.text[:place] + other + need.text[place + len(value) :]
    swapped = (*needs[:at], replace(need, value=other, text=text), *needs[at + 1 :])
    stem, scenario = (told.replace(need.text, text) for told in (question.stem, question.scenario))
    return replace(question, stem=stem, scenario=scenario, proof=replace(question.proof, needs=swapped))


def changed_number(question: Question, _ground: Ground, rng: random.Random) -> Question | None:
    """A number of the stem, or of the key and of what is claimed for it, is another one."""
    found = _DIGITS.search(question.stem)
    if found and question.kind != "matching" and question.proof.asks != "number":  # a computation may have numbers to spare
        new = _other_number(found.group(), rng)
        told = question.stem[: found.start()] + new + question.stem[found.end() :]
        needs = tuple(
            replace(n, text=_DIGITS.sub(new, n.text, count=1), value=_DIGITS.sub(new, n.value, count=1)) if found.group() in n.text else n
            for n in question.proof.needs
        )
        return replace(question, stem=told, proof=replace(question.proof, needs=needs))
    keys = [o for o in question.options if _DIGITS.search(o.text) and (o.id in question.key or question.kind in ("matching", "ordering"))]
    if not keys:
        return None
    old = _DIGITS.search(keys[0].text)
    new = _other_number(old.group() if old else "1", rng)
    reasons = tuple(
        replace(r, claims=tuple(replace(c, value=_DIGITS.sub(new, c.value, count=1)) for c in r.claims)) if r.option == keys[0].id else r
        for r in question.proof.reasons
    )
    return replace(_worded(question, {keys[0].id: _DIGITS.sub(new, keys[0].text, count=1)}), proof=replace(question.proof, reasons=reasons))


def foreign_refutation(question: Question, _ground: Ground, rng: random.Random) -> Question | None:
    """A wrong option is refuted by what the notes say of another thing."""
    reasons = [r for r in question.proof.reasons if not r.holds and r.claims]
    if question.proof.asks not in ("thing", "value") or not reasons:
        return None
    one = rng.choice(reasons)
    text = next(o.text for o in question.options if o.id == one.option)
    claims = [r.claims for r in question.proof.reasons if r.option != one.option and all(c.thing != text for c in r.claims)]
    if not claims:
        return None
    moved = replace(one, claims=rng.choice(claims))
    return replace(question, proof=replace(question.proof, reasons=tuple(moved if r is one else r for r in question.proof.reasons)))


def misconception(question: Question, ground: Ground, rng: random.Random) -> Question | None:
    """The key is a misconception of the notes, claimed to be a fact."""
    if question.proof.asks != "statement" or question.proof.about == "misconception":
        return None
    key = rng.choice([r for r in question.proof.reasons if r.holds])
    shown = {c.value for r in question.proof.reasons for c in r.claims}
    false = [f for f in _all(ground) if f.kind == "misconception" and f.attribute == "misconception" and f.note == question.note and f.value not in shown]
    if not false:
        return None
    fact = rng.choice(false)
    claims = (replace(key.claims[0], value=fact.value, attribute=rng.choice(("fact", "misconception"))),)
    reasons = tuple(replace(r, claims=claims, text=f"{fact.value}.") if r is key else r for r in question.proof.reasons)
    return replace(_worded(question, {key.option: f"{fact.value[:1].upper()}{fact.value[1:]}."}), proof=replace(question.proof, reasons=reasons))


def _other_number(text: str, rng: random.Random) -> str:
    value = float(text)
    return f"{rng.choice((value + 1, value * 2 + 1, value + 10)):g}"


def _ids(question: Question) -> tuple[str, ...]:
    return tuple(one for one in question.key if isinstance(one, str))


def _wrong(question: Question) -> list[Option]:
    return [o for o in question.options if o.id not in question.key]


def _worded(question: Question, texts: Mapping[str, str]) -> Question:
    return replace(question, options=tuple(Option(o.id, texts.get(o.id, o.text)) for o in question.options))


def _all(ground: Ground) -> list[Fact]:
    return [f for g in ground.matrix.groups.values() for f in g.facts]


def _replaced(question: Question, wrong: Option, found: Sequence[tuple[str, Fact]], ground: Ground, rng: random.Random) -> Question | None:
    """The question with a wrong option put in another's place, whose own fact is cited and claimed."""
    if not found:
        return None
    text, fact = rng.choice(found)
    cited, note = question.proof.citations, ground.notes[fact.note]
    spans = [fact.unit, fact.thing_at, *([fact.attribute_at] if fact.attribute_at else [])]
    places = tuple(Citation(n, fact.note, fact.heading, note.page(a), a, b, note.text[a:b]) for n, (a, b) in enumerate(spans, len(cited) + 1))
    claim = Claim(fact.thing, fact.attribute, fact.value, tuple(c.number for c in places))
    reasons = tuple(replace(r, claims=(claim,)) if r.option == wrong.id else r for r in question.proof.reasons)
    return replace(_worded(question, {wrong.id: text}), proof=replace(question.proof, citations=(*cited, *places), reasons=reasons))


STRUCTURAL: Final[Mapping[str, Flaw]] = {
    "no key": no_key,
    "two keys in a single choice": two_keys,
    "key that is no option": unknown_key,
    "duplicate option": duplicate_option,
    "all of the above": all_of_the_above,
    "invented quote": invented_quote,
    "shifted span": shifted_span,
    "option removed": option_removed,
    "key the longest": longest_key,
    "stem holds the key": stem_holds_key,
    "negation not emphasised": hidden_negation,
}
SEMANTIC: Final[Mapping[str, Flaw]] = {
    "wrong key, reasons moved along": wrong_key,
    "second right option": second_right,
    "other name of the key": synonym,
    "need of another thing": swapped_need,
    "number changed": changed_number,
    "refutation of another row": foreign_refutation,
    "misconception as a fact": misconception,
}
