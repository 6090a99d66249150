"""A free-text question and a learner's answer in, a grade out: each key point marked by the learner's own words, and the
score computed from the marks."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tutor.errors import InputError
from tutor.exam import Grade, Mark, MarkVerdict, Question
from tutor.grading import feedback, marks, meaning, orders, roles, task, unmarkable, wording
from tutor.grading.features import rows
from tutor.grading.known import Known, know
from tutor.grading.meaning import Reader
from tutor.grading.reader import Second, bears, settled
from tutor.grading.task import Task
from tutor.ground import judge
from tutor.ground.facts import LONGEST as READ
from tutor.ground.facts import read
from tutor.text import content_terms
from tutor.types import Span

LONGEST: Final = 8_000
"""Characters of an answer, and of a reply."""
COPIED: Final = 0.6
"""The share of an answer that stands in the reference in its order, from which it is a copy."""
HELD: Final = 0.4
"""The share of the reference that a copy has at least; terse notes have less."""
TURNING: Final = ("negation", "antonym", "order", "number", "unit", "sign")
"""Rules of the check of sentences that find a word to say the contrary, or something else."""
_SAME: Final = re.compile(
    r"\b(?:stay|stays|stayed|remain|remains|remained|keep|keeps|are|is) (?:exactly |just |always )?(?:the same|unchanged|constant|fixed|as (?:it|they) (?:is|are|was|were))\b",
    re.IGNORECASE,
)
"""Ways to say that nothing changes, which have no word of denial."""
TALK: Final = 5
"""Words of content of a reply that may say a point in words of one's own."""
LITTLE: Final = 0.3
"""The score up to which a copy with changed words is scored all the same."""
MOSTLY: Final = 1.0
"""The share of points that may not stay unsure if a score is to be given: with none told there is none."""
_NOTHING: Final = marks.Chance(0.0, 0.0)
_ORDERED: Final = "What speaks to the examiner was left out."


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found for one point: its verdict and chance, and the stretch of the text that bears on it."""

    verdict: MarkVerdict
    chance: marks.Chance
    window: Span | None = None


def grade(question: Question | Mapping[str, object], attempt: str, reply: str, reader: Reader, second: Second | None = None) -> Grade:
    """Mark an attempt point by point; `reply` answers the follow-up question of the grade without it, and settles its point.
    `second` is a chat model that is asked for its word on each point; see `tutor.grading.reader`.

    Deterministic without it; some 50 ms for four points and 80 words. Raises InputError for a question that is none, and for an
    attempt or reply of more than LONGEST characters.
    """
    began = time.perf_counter()
    read_task = task.read(question)
    for text, name in ((attempt, "answer"), (reply, "reply")):
        if not isinstance(text, str):
            raise InputError(f"The {name} to grade must be a text.")
        if len(text) > LONGEST:
            raise InputError(f"That {name} has {len(text):,} characters; write at most {LONGEST:,}.")
    made = _graded(read_task, attempt, reader, second)
    if reply.strip() and made.follow_up:
        made = _settled(read_task, attempt, reply, reader, made, second)
    made = second.signed(made) if second else made
    return replace(made, seconds=time.perf_counter() - began)


def _graded(task_: Task, attempt: str, reader: Reader, second: Second | None) -> Grade:
    subject = (task_.question, task_.reference, *(p.text for p in task_.points))
    text, ordered = orders.answering(attempt, subject)
    if unmarkable.is_blank(text):
        return _empty(task_, _ORDERED if ordered else "There is no answer to mark.")
    if strange := unmarkable.strangeness(text, " ".join(subject)):
        unsure = tuple(_mark(task_, at, _Found("unsure", marks.Chance(0.5, 0.0)), attempt) for at in range(len(task_.points)))
        return Grade(None, unsure, strange, remark=strange)
    if unmarkable.is_echo(text, task_.question):
        return _empty(task_, "This answer says the question again.")
    if unmarkable.is_list(text, task_.question):
        return _empty(task_, "These are key words; say in sentences what they have to do with one another.")
    known, found = _found(task_, text, reader)
    found = _heard(task_, text, found, second, bool(ordered)) if second else found
    return _said(task_, known, found, attempt, text, _ORDERED if ordered else "")


def _empty(task_: Task, remark: str) -> Grade:
    """Every point missed."""
    made = tuple(_mark(task_, at, _Found("missed", _NOTHING), "") for at in range(len(task_.points)))
    return Grade(0.0, made, f"{remark} {feedback.feedback(made)}", remark=remark)


def _found(task_: Task, text: str, reader: Reader) -> tuple[Known, list[_Found]]:
    known = know(task_.question, task_.reference, _phrased(task_, text, reader), reader)
    by = marks.judge(len(task_.points) == 1)
    made = rows(known, text, reader)
    found = [_Found(by.verdict(c), c, r.window) for c, r in zip(by.chances(made), made, strict=True)]
    return known, [_doubted(task_, text, found[0])] if len(found) == 1 else found


def _doubted(task_: Task, text: str, one: _Found) -> _Found:
    """The only point of a question, which no other one is set against: covered by words that say it otherwise, it is unsure."""
    if one.verdict != "covered" or one.window is None:
        return one
    judged = judge(_SAME.sub("do not change", text[slice(*one.window)]), (task_.points[0].text,), task_.question)
    if judged.verdict != "unsupported" or judged.rule not in TURNING:
        return one
    return _Found("unsure", marks.Chance(0.5, max(one.chance.contrary, 0.5)), one.window)


def _heard(task_: Task, text: str, found: Sequence[_Found], second: Second, ordered: bool) -> list[_Found]:
    """What was found, with the word of a second reader. In an answer that speaks to the examiner its yes settles nothing."""
    heard: list[_Found] = []
    for one, point, word in zip(found, task_.points, second.words(task_, text), strict=True):
        telling = word is not None and not ordered and (_holds(word.evidence, one.window) or bears(point.text, text[slice(*word.evidence)], task_.question))
        verdict, chance = settled(one.verdict, one.chance, word, telling)
        heard.append(_Found(verdict, chance, word.evidence if word and verdict == "covered" != one.verdict else one.window))
    return heard


def _holds(sentence: Span, window: Span | None) -> bool:
    """Whether a sentence has a part of the window in which the rules see a point."""
    return window is not None and sentence[0] < window[1] and window[0] < sentence[1]


def _phrased(task_: Task, text: str, reader: Reader) -> tuple[str, ...]:
    """For each point its phrasing that comes nearest to the answer."""
    if not any(p.accepted for p in task_.points):
        return tuple(p.text for p in task_.points)
    whole = meaning.read(text, reader).whole()
    return tuple(max((p.text, *p.accepted), key=lambda t: float(meaning.read(t, reader).whole() @ whole)) if p.accepted else p.text for p in task_.points)


def _said(task_: Task, known: Known, found: Sequence[_Found], attempt: str, text: str, remark: str) -> Grade:
    made = tuple(_mark(task_, at, one, attempt) for at, one in enumerate(found))
    score, spread = marks.score([f.verdict for f in found], [f.chance for f in found])
    changed = _is_changed_copy(known, text)
    unsure = sum(f.verdict == "unsure" for f in found)
    sure = not unsure if len(found) == 1 else unsure < MOSTLY * len(found) and spread <= marks.judge(single=False).bands.bound
    told = score + spread <= LITTLE if changed else sure
    if not told:
        why = (
            "This is nearly the notes' own wording with words changed, so its score needs another look."
            if changed
            else "Too few points could be told for a score."
        )
        remark = f"{remark} {why}".strip()
    asked = _asked(found)
    back = feedback.follow_up(known, asked, _evidence(found[asked], attempt)) if asked is not None else ""
    return Grade(round(score, 4) if told else None, made, feedback.feedback(made), follow_up=back, remark=remark)


def _is_changed_copy(known: Known, text: str) -> bool:
    """Whether an answer is the reference but for words exchanged or put in: what such a change does is the hardest to tell."""
    reference = read(known.reference[:READ])
    kept, fate = roles.changes(reference, read(wording.corrected(text[:READ], reference)))
    whole = sum(f in ("kept", "split") for f in fate.values()) / max(1, len(reference.words))
    return kept >= COPIED and whole >= HELD and any(f in ("replaced", "split") for f in fate.values())


def _asked(found: Sequence[_Found]) -> int | None:
    """The unsure point that moves the score most."""
    unsure = [at for at, one in enumerate(found) if one.verdict == "unsure"]
    return max(unsure, key=lambda at: (found[at].chance.variance, -at), default=None)


def _settled(task_: Task, attempt: str, reply: str, reader: Reader, before: Grade, second: Second | None) -> Grade:
    """The grade with the point that was asked about marked again, by the reply and what bore on it before."""
    text, ordered = orders.answering(attempt, (task_.question, task_.reference))
    answer, _ = orders.answering(reply, (task_.question, task_.reference))
    known, found = _found(task_, text, reader)
    found = _heard(task_, text, found, second, bool(ordered)) if second else found
    at = _asked(found)
    if at is None or unmarkable.is_blank(answer) or unmarkable.strangeness(answer, f"{task_.question} {task_.reference}"):
        return before
    lead = _evidence(found[at], attempt)
    lead = lead if lead.endswith((".", "!", "?")) else f"{lead}. "
    _, again = _found(task_, f"{lead} {answer}", reader)
    verdict, chance = _replied(task_.points[at].text, task_.question, answer, again[at])
    found[at] = _Found(verdict, chance, found[at].window)
    made = _said(task_, known, found, attempt, text, "")
    mark = replace(made.marks[at], evidence=reply.strip() if verdict in ("covered", "contradicted") else "")
    listed = (*made.marks[:at], mark, *made.marks[at + 1 :])
    return replace(made, marks=listed, feedback=feedback.feedback(listed), remark=f"{before.remark} One point was marked by your reply.".strip())


def _replied(point: str, question: str, reply: str, again: _Found) -> tuple[MarkVerdict, marks.Chance]:
    """What a reply makes of the point that was asked about. One without a word of the point earns nothing, whatever bore on
    the point before: a few words of that kind say that there is no more, and more of them leave it open."""
    own = set(content_terms(point)) - set(content_terms(question)) or set(content_terms(point))
    said = set(content_terms(wording.corrected(reply[:READ], read(point))))
    if own & said:
        return again.verdict, again.chance
    return ("missed", _NOTHING) if len(said) < TALK else ("unsure", marks.Chance(min(0.5, again.chance.covered), again.chance.contrary))


def _evidence(one: _Found, attempt: str) -> str:
    if one.window is None:
        return ""
    return re.sub(r"^[\s,;:.)\]–—-]+|[\s,;:(\[–—-]+$", "", attempt[one.window[0] : one.window[1]])


def _mark(task_: Task, at: int, one: _Found, attempt: str) -> Mark:
    point = task_.points[at]
    evidence = "" if one.verdict == "missed" else _evidence(one, attempt)
    addition = "" if one.verdict == "covered" else point.text
    return Mark(point.text, one.verdict, evidence, point.citation, addition, round(marks.confidence(one.verdict, one.chance), 6))
