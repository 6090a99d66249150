"""The suite of answers: gold questions in, what the answers say, cite, leave unsaid and decline out.

`record` turns an answer into what is stored of it; `scored` makes the item of it. Nothing but what is stored is scored, so that
the answers of a baseline can be scored again by another detector.
"""

from __future__ import annotations

import itertools
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from evals import detector
from evals.cases import Case, sets
from evals.measures.asking import found
from evals.records import Item, Place, Said, sha
from evals.suites import Scene
from tutor import formulas
from tutor.errors import TutorError
from tutor.ground import judge
from tutor.text import content_terms
from tutor.types import Answer, Note

FIRST: Final = 8
"""Statements in which evidence and key points are looked for: what stands below is not read."""
READ: Final = 400
"""Words of these statements that are read: who copies a whole note has not answered."""
MADE: Final = 2 / 3
"""The share of a key point's content terms that one statement, or two neighbours, must have for the point to be made."""


def items(scene: Scene) -> Iterator[Item]:
    """An item "answers/ID" for each question."""
    for each in sets():
        tutor = scene.tutor(each.name)
        for case in scene.cases(each.name):
            began = time.perf_counter()
            try:
                answer = tutor.ask(case.question)
            except TutorError as error:
                yield Item(
                    f"answers/{case.id}", case.kind, case.domain or each.name, case.family, case.question, case.sha, critical=case.critical, error=str(error)
                )
                continue
            scene.asked.append(1000 * (time.perf_counter() - began))
            yield scored(case, each.name, answer.outcome, record(answer), tutor.index.notes)


def record(answer: Answer) -> tuple[Said, ...]:
    """What is stored of an answer's statements. A place's digest is that of the quote that was shown, wherever it stands."""
    cited = {c.number: Place(c.note, c.start, c.end, sha(c.quote)) for c in answer.citations}
    return tuple(Said(s.text, s.verdict, tuple(cited[n] for n in s.citations if n in cited), s.label) for s in answer.statements)


def scored(case: Case, name: str, outcome: str, said: Sequence[Said], notes: Mapping[str, Note], suite: str = "answers") -> Item:
    """One question with what was said to it, over these notes; `name` is that of the gold set."""
    answered, first = outcome == "answered", begun(said)
    checks: dict[str, bool] = {}
    scores: dict[str, float] = {}
    if case.answerable:
        any_said, all_said = _evidence(case, first)
        checks = {"answered": answered, "evidence": any_said}
        scores = {"evidence_any": any_said, "evidence_all": all_said, "over_abstained": not answered}
    else:
        checks = {"silent": not answered}
        scores = {"abstained_rightly": not answered}
    if not answered:
        scores["abstention_precision"] = not case.answerable
    if case.key_points:
        scores["key_points"] = sum(makes(point, first) for point in case.key_points) / len(case.key_points)
    if case.must_not:
        wrong = any(states(claim, s) for claim in case.must_not for s in said)
        checks["premise" if case.kind == "false_premise" else "not_said"] = not wrong
        scores["must_not"] = wrong
        if case.kind == "false_premise":
            scores["premise_affirmed"] = wrong
    if said:
        checks |= {"quotes": all(c.words(notes) is not None for s in said for c in s.cites), "cited": all(supported(s, notes, case.question) for s in said)}
        scores |= _citations(said, notes, case.question)
    scores["words"] = sum(len(s.text.split()) for s in said)
    return Item(
        f"{suite}/{case.id}", case.kind, case.domain or name, case.family, case.question, case.sha, checks, scores, outcome=outcome, said=tuple(said),
        critical=case.critical,
    )  # fmt: skip


def begun(said: Sequence[Said]) -> Sequence[Said]:
    """The first statements, as far as they are read whole."""
    words = list(itertools.accumulate(len(s.whole.split()) for s in said[:FIRST]))
    return said[: sum(n <= READ for n in words)]


def again(item: Item, case: Case, name: str, notes: Mapping[str, Note]) -> Item:
    """A stored item of an answer, scored as it would be now; as it was where its citations no longer stand in these notes."""
    stands = all(p.words(notes) is not None for s in item.said for p in s.cites)
    return scored(case, name, item.outcome, item.said, notes, item.suite) if stands and case.sha == item.sha else item


def _evidence(case: Case, said: Sequence[Said]) -> tuple[bool, bool]:
    places = [p for s in said for p in s.cites]
    return found(case, [any(e.said_by(p.note, p.start, p.end) for p in places) for e in (*case.evidence, *case.alternatives)])


def makes(point: str, said: Sequence[Said]) -> bool:
    """Whether one statement, or two neighbours, have the words of a key point."""
    wanted = frozenset(content_terms(point))
    has = [frozenset(content_terms(s.whole)) for s in said]
    windows = [*has, *(a | b for a, b in itertools.pairwise(has))]
    return bool(wanted) and max((len(wanted & w) for w in windows), default=0) >= MADE * len(wanted)


def states(claim: str, said: Said) -> bool:
    """Whether a statement says a claim. Words of the notes say it only where it stands in them as it is, for what the notes say is
    not what must not be said, and a denial or a neighbouring fact often shares all its words; other words where the claim follows."""
    if said.verdict == "exact":
        return judge(claim, [said.whole]).verdict == "exact"
    return detector.verdict(claim, [said.whole]) == "supported"


def supported(said: Said, notes: Mapping[str, Note], question: str) -> bool:
    """Whether a statement cites something, all of it stands, and together it holds the statement."""
    quotes = [p.words(notes) for p in said.cites]
    known = [q for q in quotes if q is not None]
    return bool(quotes) and len(known) == len(quotes) and _follows(said, known, question)


def _follows(said: Said, quotes: Sequence[str], question: str) -> bool:
    if said.verdict == "exact":
        return all(any(part in q for q in quotes) for part in (said.text, said.label) if part)
    if said.verdict == "computed":
        return formulas.stands(said.text, question, quotes)
    return detector.verdict(said.text, quotes, question, (said.label,) if said.label else ()) == "supported"


def _citations(said: Sequence[Said], notes: Mapping[str, Note], question: str) -> dict[str, float]:
    """Citation recall and precision (Gao et al. 2023): a statement has recall where its citations hold it; a citation of it is
    right unless it holds nothing of it by itself while the others hold it without it."""
    recall = [supported(s, notes, question) for s in said]
    right = [held and _needed(s, at, notes, question) for s, held in zip(said, recall, strict=True) for at in range(len(s.cites))]
    exact = [p.words(notes) is not None for s in said for p in s.cites]
    free = [held for s, held in zip(said, recall, strict=True) if s.verdict not in ("exact", "computed")]
    found = {"citation_recall": recall, "citation_precision": right, "quotes_exact": exact, "grounded": free}
    return {name: sum(values) / len(values) for name, values in found.items() if values}


def _needed(said: Said, at: int, notes: Mapping[str, Note], question: str) -> bool:
    if len(said.cites) == 1:
        return True
    quotes = [p.words(notes) or "" for p in said.cites]
    if said.verdict == "exact":
        return any(part in quotes[at] for part in (said.text, said.label) if part)
    others = quotes[:at] + quotes[at + 1 :]
    return _follows(said, quotes[at : at + 1], question) or not _follows(said, others, question)


def families(items: Iterable[Item]) -> Iterator[Item]:
    """An item "answers/families/FAMILY" for each question that was asked in several wordings."""
    wordings: dict[str, list[Item]] = defaultdict(list)
    for item in sorted(items, key=lambda i: i.id):  # whichever process was done first
        if item.suite == "answers" and not item.id.startswith("answers/families/"):
            wordings[item.cluster].append(item)
    yield from (_family(name, found) for name, found in wordings.items() if len(found) > 1)


def _family(name: str, wordings: Sequence[Item]) -> Item:
    """Whether they pass or fail alike, and how much of what they cite is the same (mean Jaccard index of pairs)."""
    passed = sum(i.passed for i in wordings)
    cited = [frozenset((p.note, p.start) for s in i.said for p in s.cites) for i in wordings]
    same = [len(a & b) / len(a | b) if a | b else 1.0 for a, b in itertools.combinations(cited, 2)]
    scores = {"consistent": float(passed in (0, len(wordings))), "same_quotes": sum(same) / len(same)}
    first, tried = wordings[0], sha("".join(i.sha for i in wordings))
    outcome = f"{passed} of {len(wordings)} wordings pass"
    return Item(f"answers/families/{name}", first.kind, first.domain, name, first.question, tried, scores=scores, outcome=outcome)
