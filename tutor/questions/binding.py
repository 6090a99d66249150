"""A question whose claims are true in, whether they single its key out: each right option by what is asked for, each
wrong one refuted, and nothing else in the notes that would make a wrong one right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tutor.exam import Claim, Need, Option, Question, Reason
from tutor.facts import Fact, Matrix, same
from tutor.questions.checks.stem import denials
from tutor.questions.rivals import ALIKE, alike
from tutor.questions.tables import distinct
from tutor.questions.wording import FRAME
from tutor.text import content_terms, fold

SHARED: Final = "both"
"""The maker of questions whose key has one option for each need."""
REJECTS: Final = re.compile(r"(?:not|tempting|rival|instead of|wrong|avoid)\b", re.IGNORECASE)
"""An attribute that gives what should not be taken."""
_FIGURE: Final = re.compile(r"(?<![\w.])\d[\d.,]*(?<![.,])")
_SAME: Final = 0.8
"""The share of all their terms that two values have in common from which both say the same."""
_PLACES: Final = ("first", "second", "third", "fourth", "fifth", "sixth")


def bound(question: Question, matrix: Matrix) -> Iterator[str]:
    """What keeps the claims from proving the key; nothing where they prove it."""
    options = {o.id: o for o in question.options}
    reasons = [(options[r.option], r) for r in question.proof.reasons]
    yield from _said(question)
    if question.kind == "matching":
        yield from _paired(question, reasons)
    elif question.proof.asks == "step":
        yield from _ordered(question, reasons, matrix)
    elif question.proof.asks == "statement":
        yield from _stated(question, reasons)
    elif question.proof.asks == "thing":
        yield from _things(question, reasons, matrix)
    else:
        yield from _values(question, reasons, matrix)


def filled(question: Question, quotes: Sequence[str]) -> bool:
    """Whether the sentence of a cloze stands in a quote once its blank is filled; the article before it is no matter."""
    parts = re.split(r"_{3,}", FRAME.sub("", question.stem))
    answer = next((o.text for o in question.options if o.id in question.key), question.reference)
    said = _bare(answer.join(parts)) if len(parts) == 2 else ""
    return bool(said) and any(said in _bare(quote) for quote in quotes)


def _bare(text: str) -> str:
    """A text folded, without articles."""
    return " ".join(w for w in fold(re.sub(r"\b([Aa])\(n\)", r"\1", text)).split() if w not in ("a", "an"))


def _said(question: Question) -> Iterator[str]:
    """The needs say their values, the stem what it is about, and it denies only what the proof denies."""
    told = fold(f"{question.scenario} {question.stem}")
    for count, need in enumerate(question.proof.needs, 1):
        own = question.mode == "notes-only"
        if (fold(need.value) not in fold(need.text)) if own else alike(need.text, need.value) < ALIKE:
            yield f"Need {count} is said as “{need.text[:60]}”, which is not what the notes say."
    about = question.proof.about
    if question.proof.asks == "value" and question.kind != "matching" and about and fold(about) not in told:
        yield f"The stem does not name what it asks about, {about[:60]}."
    denied = bool(denials(question))
    if denied != (question.proof.asks == "statement" and about == "misconception"):
        yield "The stem denies what the proof does not." if denied else "The proof is of what is not true, and the stem does not ask for it."
    if question.kind == "case_study":
        yield from _place(question)
    if figure := foreign_figure(question):
        yield f"The stem has a number that its proof has not, {figure}."


def foreign_figure(question: Question) -> str:
    """A number of the stem that neither its needs nor what it cites has; "" where there is none. A model's words may count,
    and a case's scenario has the needs of its other questions."""
    if question.mode != "notes-only" or question.kind == "case_study":
        return ""
    proof = question.proof
    told = Counter(_FIGURE.findall(f"{question.scenario} {question.stem}")) - Counter(_FIGURE.findall(" ".join((proof.about, *(n.text for n in proof.needs)))))
    cited = set(_FIGURE.findall(" ".join(text for c in proof.citations for text in (c.quote, *c.heading))))
    if proof.asks == "number":  # a quote may work an example out, the stem may not
        cited -= set(_FIGURE.findall(" ".join(o.text for o in question.options if o.id in question.key)))
    return min(set(told) - cited, default="")


def _place(question: Question) -> Iterator[str]:
    """The stem of a case study means the point of the scenario that its need stands at."""
    asked = next((n for n, word in enumerate(_PLACES, 1) if re.search(rf"\b{word}\b", question.stem, re.IGNORECASE)), 0)
    for need in question.proof.needs:
        at = question.scenario.lower().find(need.text.lower())
        points = [int(m.group(1)) for m in re.finditer(r"\((\d)\)", question.scenario[: max(at, 0)])]
        if asked and at >= 0 and points and points[-1] != asked:
            yield f"The stem asks for the {_PLACES[asked - 1]} point, and its need is another one."


def _facts(claim: Claim, matrix: Matrix) -> tuple[Fact, ...]:
    return matrix.cells.get((claim.thing, claim.attribute, claim.value), ())


def _aspect(attribute: str, found: Sequence[Fact]) -> str:
    """What a claim tells of its thing: the column of a cell; else the kind of fact, however the sentence words it. When to
    choose and when to avoid are one aspect."""
    kind = found[0].kind if found else "cell"
    return "choose" if kind in ("choose", "avoid") else fold(attribute) if kind in ("cell", "number", "misconception") else kind


def apart(left: str, right: str) -> bool:
    """Whether two values of one attribute are different answers."""
    return distinct(left, right) or (fold(left) != fold(right) and alike(left, right) <= ALIKE)


def _alike(left: str, right: str) -> bool:
    """Whether two values say the same: nearly the same terms, in the same order."""
    a, b = content_terms(left), content_terms(right)
    shared = set(a) & set(b)
    near = len(shared) >= _SAME * len({*a, *b}) and [w for w in a if w in shared] == [w for w in b if w in shared]
    return fold(left) == fold(right) or (bool(shared) and near and not distinct(left, right))


def _things(question: Question, reasons: Sequence[tuple[Option, Reason]], matrix: Matrix) -> Iterator[str]:
    """Options are things: the right ones meet every need, each wrong one fails the need it is said to fail."""
    needs = question.proof.needs
    if not needs:
        yield "The stem sets no need that could single a thing out."
        return
    aspects: dict[int, set[str]] = {n: set() for n in range(len(needs))}
    shared = question.proof.maker == SHARED
    met: set[int] = set()
    for option, reason in (pair for pair in reasons if pair[1].holds):
        mine: set[int] = set()
        for n, need in enumerate(needs):
            meeting = [c for c in reason.claims if c.attribute == need.attribute and fold(c.value) == fold(need.value)]
            aspects[n] |= {_aspect(c.attribute, _facts(c, matrix)) for c in meeting}
            if any(_right(option, c, matrix, question) for c in meeting):
                mine.add(n)
            elif not shared:
                yield f"The option {option.id} is not shown to meet need {n + 1}."
        if shared and len(mine - met) != 1:
            yield f"The option {option.id} is not shown to meet a need of its own."
        met |= mine
    if shared and len(met) < len(needs):
        yield "A need is met by no option of the key."
    for option, reason in (pair for pair in reasons if not pair[1].holds):
        if reason.fails < 0:
            yield f"The option {option.id} is not said to fail a need."
        elif not any(_refuted(option, c, needs[reason.fails], aspects[reason.fails], matrix) for c in reason.claims):
            yield f"What is claimed of the option {option.id} does not show that it fails need {reason.fails + 1}."
    for option, reason in (pair for pair in reasons if not pair[1].holds):
        failed = range(len(needs)) if shared else [max(reason.fails, 0)]
        for fact in (f for name in dict.fromkeys((option.text, *(c.thing for c in reason.claims))) for f in matrix.things.get(name, ())):
            for n in failed:
                if fact.kind != "avoid" and _aspect(fact.attribute, (fact,)) in aspects[n] and _alike(fact.value, needs[n].value):
                    yield f"The option {option.id} meets need {n + 1} as well."


def _right(option: Option, claim: Claim, matrix: Matrix, question: Question) -> bool:
    """Whether a claim that meets a need is one of the option: of what should be avoided there, it is what to take instead."""
    found = _facts(claim, matrix)
    if any(f.kind == "avoid" for f in found):
        said = fold(claim.thing) in fold(f"{question.scenario} {question.stem}")
        return said and not same(option.text, claim.thing) and any(f.other and same(option.text, f.other) for f in found)
    return same(option.text, claim.thing)


def _refuted(option: Option, claim: Claim, need: Need, aspects: set[str], matrix: Matrix) -> bool:
    """Whether a claim shows that an option fails a need: another value of the same attribute, or that it is to be avoided then."""
    found = _facts(claim, matrix)
    if not same(option.text, claim.thing) or _aspect(claim.attribute, found) not in aspects:
        return False
    if any(f.kind == "avoid" for f in found):
        return fold(claim.value) == fold(need.value)
    return apart(claim.value, need.value)


def _values(question: Question, reasons: Sequence[tuple[Option, Reason]], matrix: Matrix) -> Iterator[str]:
    """Options are values of one attribute of what is asked about: the right ones its own, the wrong ones another's, or
    what the notes reject for it."""
    about = question.proof.about
    if not about:
        yield "The proof does not say what the values are of."
        return
    aspects: set[str] = set()
    for option, reason in (pair for pair in reasons if pair[1].holds):
        own = [c for c in reason.claims if fold(c.value) == fold(option.text) and same(c.thing, about) and not REJECTS.match(c.attribute)]
        aspects |= {_aspect(c.attribute, _facts(c, matrix)) for c in own}
        if not own:
            yield f"The option {option.id} is not shown to be {about}'s."
        for n, need in enumerate(question.proof.needs, 1):
            if not any(fold(need.value) == fold(c.thing) or (c.attribute == need.attribute and fold(c.value) == fold(need.value)) for c in reason.claims):
                yield f"What makes the option {option.id} right says nothing of need {n}."
    right = [option.text for option, reason in reasons if reason.holds]
    for option, reason in (pair for pair in reasons if not pair[1].holds):
        if not any(_elsewhere(option, c, about, aspects, matrix) for c in reason.claims) or not all(apart(option.text, text) for text in right):
            yield f"What is claimed does not show that the option {option.id} is wrong."
    known = [f for f in matrix.things.get(about, ()) if _aspect(f.attribute, (f,)) in aspects]
    for option in (option for option, reason in reasons if not reason.holds):
        if any(_alike(f.value, option.text) for f in known):
            yield f"The option {option.id} is right as well: the notes give it of {about}."


def _elsewhere(option: Option, claim: Claim, about: str, aspects: set[str], matrix: Matrix) -> bool:
    """Whether a claim gives an option as the value of another thing, or rejects it for this one."""
    if fold(claim.value) != fold(option.text):
        return False
    if same(claim.thing, about):
        return bool(REJECTS.match(claim.attribute))
    return _aspect(claim.attribute, _facts(claim, matrix)) in aspects


def _stated(question: Question, reasons: Sequence[tuple[Option, Reason]]) -> Iterator[str]:
    """Options are statements: those of the key are what the notes call true, the others misconceptions, or the other way
    round where the stem asks for what is not true."""
    asked = "misconception" if question.proof.about == "misconception" else "fact"
    for option, reason in reasons:
        own = [c for c in reason.claims if fold(c.value) == fold(option.text)]
        if not own or any((c.attribute == asked) != reason.holds for c in own):
            yield f"The notes do not call the option {option.id} {'so' if reason.holds else 'otherwise'}."
    if any(c.attribute not in ("fact", "misconception") for _, r in reasons for c in r.claims):
        yield "A statement is claimed to be neither true nor a misconception."


def _paired(question: Question, reasons: Sequence[tuple[Option, Reason]]) -> Iterator[str]:
    """Each option is the value of its own prompt's thing, and no two values can be taken for one another."""
    prompts = {p.id: p.text for p in question.prompts}
    partner = {pair[1]: prompts.get(pair[0], "") for pair in question.key if isinstance(pair, tuple)}
    attributes = {c.attribute for _, r in reasons for c in r.claims}
    for option, reason in reasons:
        if not any(fold(c.value) == fold(option.text) and fold(c.thing) == fold(partner.get(option.id, "")) for c in reason.claims):
            yield f"The option {option.id} is not shown to belong to “{partner.get(option.id, '')}”."
    if len(attributes) != 1 or (question.proof.about and question.proof.about not in attributes):
        yield "The pairs are not of one and the same attribute."
    for at, (left, _) in enumerate(reasons):
        for right, _ in reasons[at + 1 :]:
            if not apart(left.text, right.text):
                yield f"The options {left.id} and {right.id} could be taken for one another."


def _ordered(question: Question, reasons: Sequence[tuple[Option, Reason]], matrix: Matrix) -> Iterator[str]:
    """The key is the order in which the steps stand in one list of the notes."""
    found: Mapping[str, list[Fact]] = {
        o.id: [f for c in r.claims if fold(c.value) == fold(o.text) for f in _facts(c, matrix) if f.place >= 0] for o, r in reasons
    }
    groups = [{f.group for f in facts} for facts in found.values()]
    shared = sorted(set.intersection(*groups)) if groups else []
    if not shared:
        yield "The steps do not stand in one list of the notes."
        return
    listed = matrix.groups[shared[0]]
    if fold(question.proof.about) not in (fold(listed.lead), fold(listed.title), ""):
        yield "The stem does not name the list of the notes."
    places = [next(f.place for f in found[one] if f.group == shared[0]) for one in question.key if isinstance(one, str)]
    if places != sorted(set(places)):
        yield "The key is not the order in which the notes give the steps."
    told = {r.option: r.text for _, r in reasons}
    for place, one in enumerate(question.key, 1):
        if isinstance(one, str) and re.match(r"\d+\.\s", told.get(one, "")) and not told[one].startswith(f"{place}."):
            yield f"The explanation gives the step {one} another place than the key."
