"""An item of a run, and of the baseline, in; sentence by sentence, old beside new, what was said and whether its quotes hold it out."""

from __future__ import annotations

from collections.abc import Callable

from evals import detector
from evals.records import Item, Place, Said
from tutor import formulas
from tutor.ground import judge

Quotes = Callable[[Place], str]


def explain(new: Item, old: Item | None, quotes: Quotes, points: tuple[str, ...] = ()) -> str:
    """The item in words. `quotes` gives the words of a place, "" where they no longer stand there; `points` are the key points."""
    lines = [f"{new.id}  ({new.kind}, domain {new.domain}{', critical' if new.critical else ''})", f"asked: {new.question}"]
    if new.error:
        lines.append(f"error: {new.error}")
    lines += [f"key point: {p}" for p in points]
    lines += ["", *_checks(new, old), *_scores(new, old)]
    if old is not None and (old.said, old.outcome) != (new.said, new.outcome):
        lines += ["", f"BEFORE: {old.outcome}", *_said(old, quotes), "", f"NOW: {new.outcome}", *_said(new, quotes)]
    else:
        lines += ["", f"{'NOW, as before' if old else 'NOW'}: {new.outcome}", *_said(new, quotes)]
    return "\n".join(lines)


def _checks(new: Item, old: Item | None) -> list[str]:
    names = dict.fromkeys((*new.checks, *(old.checks if old else ())))
    return [f"{_word(new.checks.get(n)):8}{n}{_was(_word(old.checks.get(n)) if old else '', _word(new.checks.get(n)))}" for n in names]


def _scores(new: Item, old: Item | None) -> list[str]:
    names = dict.fromkeys((*new.scores, *new.unscored))
    lines = []
    for n in names:
        now = f"{new.scores[n]:g}" if n in new.scores else f"not computed: {new.unscored[n]}"
        before = f"{old.scores[n]:g}" if old and n in old.scores else ""
        lines.append(f"        {n} {now}{_was(before, now)}")
    return lines


def _word(holds: bool | None) -> str:
    return "" if holds is None else "holds" if holds else "FAILS"


def _was(before: str, now: str) -> str:
    return f"  (was {before})" if before and before != now else ""


def _said(item: Item, quotes: Quotes) -> list[str]:
    lines = []
    for number, said in enumerate(item.said, 1):
        words = [quotes(p) for p in said.cites]
        lines += [f"{number:3}. {said.whole}", f"     shown as {said.verdict}; {_judged(said, words, item.question)}"]
        lines += [f"     [{p}] {' '.join(w.split()) if w else 'no longer stands there'}" for p, w in zip(said.cites, words, strict=True)]
    return lines or ["     nothing was said"]


def _judged(said: Said, quotes: list[str], question: str) -> str:
    known = [q for q in quotes if q]
    if not known:
        return "cites nothing that stands"
    if said.verdict == "exact" and any(said.text in q for q in known):
        return "word for word in its quote"
    if said.verdict == "computed":
        return "comes out of its formula" if formulas.stands(said.text, question, known) else "does not come out of its formula"
    lent = (said.label,) if said.label else ()
    found = judge(said.text, known, question, lent)
    why = f" by the rule {found.rule} ({', '.join(found.words)})" if found.rule else ""
    return f"judged {detector.verdict(said.text, known, question, lent)}, score {found.score:.2f}{why}"
