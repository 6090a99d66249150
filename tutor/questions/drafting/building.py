"""What a model drafted and the sentences it was shown in, a Draft out as any maker's; else what is wrong with it, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tutor.exam import Difficulty, Need
from tutor.facts import Fact
from tutor.generative.sentences import Drafted
from tutor.generative.sources import Source
from tutor.generative.support import settle
from tutor.questions.choices import near
from tutor.questions.draft import LETTERS, Choice, Draft, Point
from tutor.questions.drafted import FOLLOWS, naming
from tutor.questions.drafting.material import is_row, told
from tutor.questions.drafting.reading import Account, Case
from tutor.questions.wording import sentence

SAID: Final = "said of it"
"""The attribute of a claim that is a sentence of the notes as a whole."""


def of_case(case: Case, sources: Sequence[Source]) -> Draft | list[str]:
    """A question that tells a case: each option is named by a sentence of the notes, which becomes its reason."""
    by_id = {s.id: s for s in sources}
    wrong: list[str] = []
    facts: list[Fact] = []
    for letter, option in zip(LETTERS, case.options, strict=False):
        source = by_id.get(option.id)
        name = naming(option.text, source.text) if source else ""
        if source is None:
            wrong.append(f"The option {letter} bears the id {option.id}, which no sentence has.")
        elif not name:
            wrong.append(f"The sentence [{option.id}] does not name the option {letter}, {option.text[:60]}.")
        else:
            facts.append(_fact(source, name))
    if case.need.lower() not in case.stem.lower():
        wrong.append("The need is not copied from the question word for word.")
    if wrong:
        return wrong
    right, *others = facts
    level: Difficulty = "hard" if any(near(right, f) for f in others) else "medium"
    choices = tuple(Choice(o.text, at == 0, (f,), sentence(f.value), -1 if at == 0 else 0) for at, (o, f) in enumerate(zip(case.options, facts, strict=True)))
    return Draft("multiple_choice", "case", "thing", case.stem, choices, (Need(SAID, right.value, case.need),), difficulty=level)


def of_account(account: Account, sources: Sequence[Source]) -> Draft | list[str]:
    """A question that is answered in sentences: each point stands on one sentence of the notes, whichever it is."""
    wrong: list[str] = []
    points: list[Point] = []
    for count, point in enumerate(account.points, 1):
        found = settle(Drafted(point.text, (point.id,)), [s for s in sources if not is_row(s)], account.stem)
        if found.judgement.verdict not in FOLLOWS or len(found.sources) != 1:
            wrong.append(f"Point {count} is not what the sentence [{point.id}] says, nor any other one.")
        else:
            points.append(Point(sentence(point.text), _fact(found.sources[0], "")))
    if wrong:
        return wrong
    level: Difficulty = "hard" if len(points) > 2 else "medium"
    return Draft("free_text", "account", "words", account.stem, reference=" ".join(p.text for p in points), points=tuple(points), difficulty=level)


def _fact(source: Source, thing: str) -> Fact:
    """A sentence of the notes as what it says of a thing that it names."""
    passage = source.hit.passage
    return Fact("definition", thing, SAID, told(source), "", passage.note, passage.heading, source.span, source.span, source.span, source.label_at)
