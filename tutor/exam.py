"""The vocabulary of practice: questions with their proof, and grades with their marks. Imports the nouns of answers only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from tutor.types import Citation, Statement, Usage

QuestionKind = Literal["multiple_choice", "multiple_response", "ordering", "matching", "cloze", "free_text", "case_study"]
Difficulty = Literal["easy", "medium", "hard"]
MarkVerdict = Literal["covered", "partly", "missed", "contradicted", "unsure"]
Status = Literal["valid", "stale", "broken"]
"""Of a question against the notes as they are now: *stale* where words that it leans on have changed, *broken* where
they stand and do not make its key right, or where the question itself is unsound."""


class Option(NamedTuple):
    """One choice of a question. Ids are canonical: a key names them and never the text."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One fact that a proof leans on: the notes give `value` as the `attribute` of `thing`, in the words that the
    numbered citations quote."""

    thing: str
    attribute: str
    value: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """One condition that the stem sets: that `attribute` be `value`; `text` is how the stem says it, word for word."""

    attribute: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an option belongs to the key (`holds`) or not: the claims that settle it, and the same in a sentence.

    `fails` is the place in the proof's needs of the one that a wrong option does not meet; -1 where that is not how it
    is told.
    """

    option: str
    holds: bool
    claims: tuple[Claim, ...]
    text: str
    fails: int = -1


@dataclass(frozen=True, slots=True)
class Proof:
    """What makes a question's key right and everything else wrong, and can be checked against the notes again.

    `maker` names the way the question was made, which tells how its reasons are checked; `asks` what the options are:
    things that have the needed attributes ("thing"), values of one attribute of `about` ("value"), whole statements
    ("statement"), steps, or the result of a computation ("number"). `checks` names the checks that it passed.
    """

    maker: str
    asks: Literal["thing", "value", "statement", "step", "number", "words"]
    citations: tuple[Citation, ...]
    reasons: tuple[Reason, ...] = ()
    needs: tuple[Need, ...] = ()
    about: str = ""
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """One atomic thing that a free-text answer should say. `citations` number the proof's citations that hold it;
    `accepted` are other phrasings that say the same."""

    text: str
    citations: tuple[int, ...] = ()
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a quiz.

    `key` holds option ids: one, several, in their order (ordering), or pairs of a prompt's and an option's id
    (matching); it is empty for cloze and free text, whose `reference` is an answer in full and whose `key_points` are
    what is marked. Questions of one case study follow one another and share their `scenario`. `explanation` says, with
    the proof's citations, why the key is right and each other option wrong. `tags` are the statements, task and domain
    of a course that the question serves ("4.1.1", "4.1", "domain 4"). `mode` is who drafted it.
    """

    id: str
    kind: QuestionKind
    stem: str
    options: tuple[Option, ...]
    key: tuple[str, ...] | tuple[tuple[str, str], ...]
    explanation: tuple[Statement, ...]
    proof: Proof
    tags: tuple[str, ...] = ()
    prompts: tuple[Option, ...] = ()
    scenario: str = ""
    reference: str = ""
    key_points: tuple[KeyPoint, ...] = ()
    difficulty: Difficulty = "medium"
    mode: str = "notes-only"

    @property
    def note(self) -> str:
        """The note that makes the key right."""
        return self.proof.citations[0].note if self.proof.citations else ""

    @property
    def heading(self) -> tuple[str, ...]:
        """The headings that it stands under there."""
        return self.proof.citations[0].heading if self.proof.citations else ()


@dataclass(frozen=True, slots=True)
class Quiz:
    """Questions as drawn; `remark` is one sentence where they are fewer than asked for, "" else."""

    questions: tuple[Question, ...]
    remark: str = ""
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check holds against a question: the check's name, and a sentence."""

    check: str
    text: str


@dataclass(frozen=True, slots=True)
class Verification:
    """A question held against the notes as they are now."""

    status: Status
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """What an attempt says of one key point; `evidence` is a verbatim piece of the attempt, "" where none bears on it.

    `citation` is where the notes say the point, None where that is not known. `addition` is the smallest sentence, in
    the notes' words, that would have earned it. `confidence` estimates the probability that the verdict is right, 0 to 1.
    """

    key_point: str
    verdict: MarkVerdict
    evidence: str = ""
    citation: Citation | None = None
    addition: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Grade:
    """An attempt, marked point by point. `score` is computed from the marks, 0 to 1, and None where too few can be told.

    `follow_up` is one short question on a point that stayed unsure, "" where there is none; grading again with the reply
    to it settles the point. `remark` says how the grade came about where that needs saying.
    """

    score: float | None
    marks: tuple[Mark, ...]
    feedback: str
    mode: str = "notes-only"
    follow_up: str = ""
    remark: str = ""
    usage: Usage | None = None
    seconds: float = 0.0
