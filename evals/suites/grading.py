"""The suite of marking: labelled attempts at free-text questions, and exam questions as learners paste them in; how they are
marked and answered, out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from evals.measures import attempts, marking, pasted
from evals.measures.attempts import GRADING, Marked
from evals.measures.marking import Result
from evals.records import Item, sha
from evals.suites import COURSE, Scene

KINDS: Final = {"a": "own words", "b": "in part", "c": "wrong", "d": "near copy", "e": "terse", "f": "other"}
"""The kinds of attempt by their letter. Those of "other" are lists of words, orders to the examiner, and answers in poor English."""
NOTHING: Final = 0.3
"""The most that an attempt may get that is to earn nothing."""


def items(scene: Scene) -> Iterator[Item]:
    """An item "grading/attempts/QUESTION/KIND" for each attempt at a question on the course, and "grading/pasted/ID" for each
    question that is pasted in."""
    reader, index = scene.encoder, scene.tutor(COURSE).index
    for one in scene.mine(attempts.read(GRADING)):
        yield marked(marking.mark(one, reader))
    for case in scene.mine(pasted.read()):
        yield answered(pasted.result(case, index, reader))


def marked(result: Result) -> Item:
    """An attempt: no mark that was told says other than the examiner's, what marks quote are the learner's own words, and what is
    to earn nothing earns nothing."""
    one, grade, claimed = result.one, result.grade, result.claimed
    checks = {"right": result.right == len(claimed), "quotes": all(m.evidence in one.text for m in grade.marks)}
    if earns_nothing(one, result.wanted):
        checks["no_pay"] = grade.score is None or grade.score <= NOTHING
    scores = {"graded": float(grade.score is not None), "mark_claimed": len(claimed) / len(grade.marks)}
    if claimed:
        scores["mark_right"] = result.right / len(claimed)
    if grade.score is not None:
        scores["score_error"] = abs(grade.score - result.wanted)
        if one.kind == "d":
            scores["near_copy"] = grade.score
    kind = KINDS[one.kind]
    return Item(
        f"grading/attempts/{one.group}/{kind.replace(' ', '-')}", kind, domain(one.note), one.group, f"{one.question}\nThe learner: {one.text}", sha(one.text), checks,
        scores, outcome=", ".join(m.verdict for m in grade.marks),
    )  # fmt: skip


def earns_nothing(one: Marked, wanted: float) -> bool:
    """Whether an attempt is to earn nothing: a copy of the notes with a fact turned round, or words and orders in which the
    examiner finds nothing."""
    return one.kind == "d" or (one.kind == "f" and wanted == 0)


def answered(result: pasted.Result) -> Item:
    """A pasted question: its options are told apart, and where one is singled out it is the key."""
    case = result.case
    checks, scores = {"recognised": result.recognised}, {"pasted_recognised": float(result.recognised)}
    if result.choice:
        checks["right"] = result.right
        scores["pasted_right"] = float(result.right)
    note = next((span["note"] for span in case.spans), "")
    outcome = f"singles out {' '.join(result.choice)}" if result.choice else "singles out none"
    return Item(f"grading/pasted/{case.id}", case.kind, domain(note), note or case.id, case.text, sha(case.text), checks, scores, outcome=outcome)


def domain(note: str) -> str:
    """The domain of the exam that a note of the course is filed under; the course where it is about none."""
    found = re.search(r"(?:^|/)([1-4])-", note)
    return found[1] if found else COURSE
