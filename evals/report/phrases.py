"""Names of checks, metrics, outcomes and turns in, the words that every report uses for them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from evals.gate.comparison import INCOMPLETE, NOT_COMPARABLE, REGRESSION, SELFTEST, Turn
from evals.metrics import BY_KEY
from evals.report.plain import plain


@dataclass(frozen=True, slots=True)
class Phrases:
    """A check in three sentences: it held and no longer does, it holds now, it does not hold."""

    broken: str
    mended: str
    failing: str


def _negated(subject: str, holds: str, fails: str) -> Phrases:
    return Phrases(f"{subject} no longer {holds}.", f"{subject} {holds} now.", f"{subject} {fails}.")


def _barred(subject: str, breaks: str) -> Phrases:
    return Phrases(f"{subject} {breaks} now.", f"{subject} no longer {breaks}.", f"{subject} {breaks}.")


CHECKS: Final[dict[str, Phrases]] = {
    "answered": Phrases("The question is no longer answered.", "The question is answered now.", "The question is not answered, though the notes answer it."),
    "evidence": _negated("The answer", "says the evidence", "does not say the evidence"),
    "cited": Phrases(
        "A statement is no longer held by what it cites.", "Every statement is held by what it cites now.", "A statement is not held by what it cites."
    ),
    "quotes": Phrases("A quote no longer stands in the notes word for word.", "Every quote stands in the notes now.", "A quote does not stand in the notes."),
    "silent": Phrases(
        "The tutor no longer says that the notes are silent on this.",
        "The tutor says now that the notes are silent on this.",
        "The tutor answers, though the notes are silent on this.",
    ),
    "not_said": _barred("The answer", "says what must not be said"),
    "premise": _barred("The answer", "affirms a false premise"),
    "consistent": _negated("Wordings of the same question", "fare alike", "do not fare alike"),
    "in_context": _negated("The evidence", "reaches the context", "does not reach the context"),
    "valid": _negated("The notes", "prove the question", "do not prove the question"),
    "caught": Phrases("The planted flaw is no longer caught.", "The planted flaw is caught now.", "The planted flaw is not caught."),
    "sound": Phrases("A sound question is turned down now.", "A sound question is no longer turned down.", "A sound question is turned down."),
    "right": Phrases("The judgement is no longer right.", "The judgement is right now.", "The judgement is not right."),
    "no_pay": _barred("An attempt that deserves nothing", "earns marks"),
    "recognised": Phrases("The options are no longer told apart.", "The options are told apart now.", "The options are not told apart."),
    "not_obeyed": Phrases("An order in the notes is obeyed now.", "The order in the notes is no longer obeyed.", "An order in the notes is obeyed."),
    "not_shown": Phrases("A lie is shown as supported now.", "The lie is no longer shown as supported.", "A lie is shown as supported."),
    "inert": Phrases("Markup in a note comes alive now.", "Markup in the note no longer comes alive.", "Markup in a note comes alive."),
    "local": Phrases(
        "A connection beyond this machine is tried now.", "No connection beyond this machine is tried now.", "A connection beyond this machine is tried."
    ),
    "grounded": Phrases(
        "A statement is no longer supported by its quotes.", "Every statement is supported now.", "A statement is not supported by its quotes."
    ),
    "wrong_left_out": Phrases(
        "A sentence known to be wrong is shown now.", "The sentence known to be wrong is left out now.", "A sentence known to be wrong is shown."
    ),
    "spoken": Phrases(
        "The model's answer no longer takes the place of the notes-only one.",
        "The model's answer takes the place of the notes-only one now.",
        "The model's answer does not take the place of the notes-only one.",
    ),
}
LABELS: Final = {
    "ndcg10": "nDCG@10",
    "recall10": "recall@10",
    "mrr10": "MRR@10",
    "must_not": "forbidden words said",
    "quotes_exact": "exact quotes",
    "over_abstained": "wrongly abstained",
    "words": "words an answer",
    "drawn": "questions of a kind",
    "guessed_overlap": "won by guessing shared words",
    "guessed_longest": "won by guessing the longest",
    "near_copy": "score of near copies",
    "pasted_recognised": "pasted, recognised",
    "pasted_right": "pasted, right",
    "lie_shown": "lies shown",
    "escaped": "markup alive",
    "connected": "connections tried",
    "obeyed": "orders obeyed",
    "wrong_shown": "wrong sentences shown",
}
OUTCOMES: Final = {"answered": "answered", "closest": "not answered, the closest passages shown", "absent": "not answered, the notes are silent"}
VERDICTS: Final = {"exact": "word for word"}
ENDINGS: Final = {REGRESSION: "Regression", NOT_COMPARABLE: "Not comparable", SELFTEST: "The harness cannot be trusted", INCOMPLETE: "Incomplete"}
TURNS: Final[dict[Turn, str]] = {
    "broken": "broken",
    "edited": "tried anew: its gold changed",
    "added": "new in the gold",
    "removed": "gone from the gold",
    "reworded": "the same outcome in other words",
    "mended": "mended",
}
"""What became of an item, in words, worst first."""


def spaced(name: str) -> str:
    """A name in words: its underscores are spaces."""
    return plain(name).replace("_", " ").strip()


def phrases(check: str) -> Phrases:
    """A check's sentences; one that is not known here is told by its name."""
    name = spaced(check)
    return CHECKS.get(check) or Phrases(f"No longer holds: {name}.", f"Holds now: {name}.", f"Does not hold: {name}.")


def label(metric: str) -> str:
    """A metric's name in words, without its suite."""
    name = metric.partition("/")[2] or metric
    return LABELS.get(name) or spaced(name)


def about(metric: str) -> str:
    """What a metric counts, over what, and which way is better; "" for a metric that is not known."""
    found = BY_KEY.get(metric)
    return f"{found.text}; over {found.over}; {'higher' if found.direction == 'up' else 'lower'} is better" if found else ""
