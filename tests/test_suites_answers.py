"""The suite of answers scores what is stored of an answer: what it says, cites, leaves unsaid and declines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evals.cases import Case, Evidence
from evals.records import Item, Place, Said, sha
from evals.suites import answers
from tutor.types import Answer, Citation, Note, Statement

TEXT = "A shard is the unit of capacity of a stream. One shard takes in up to 1 MB a second. Streams keep records for 24 hours."
NOTE = Note("a.md", "A", TEXT)
NOTES = {"a.md": NOTE}
UNIT, RATE, KEPT = (TEXT[a:b] for a, b in ((0, 44), (45, 84), (85, 119)))
CASE = Case(
    "q1", "fact", "What is a shard?", (Evidence("a.md", ((0, 44),)),), key_points=("unit of capacity", "takes in 1 MB a second"),
    must_not=("One shard takes in up to 5 MB a second.",), family="f", domain="1", sha="s",
)  # fmt: skip
ABSENT = Case("q2", "unanswerable_near", "What does a shard cost?", (), family="q2", sha="s")


def quoted(text: str, verdict: str = "exact", said: str = "") -> Said:
    """A statement that cites words of the note."""
    start = TEXT.index(text)
    return Said(said or text, verdict, (Place("a.md", start, start + len(text), sha(text)),))


def scored(*said: Said, case: Case = CASE, outcome: str = "answered") -> Item:
    return answers.scored(case, "notes", outcome, said, NOTES)


def test_a_full_answer_passes_with_full_scores() -> None:
    found = scored(quoted(UNIT), quoted(RATE))
    assert found.passed
    assert found.checks == {"answered": True, "evidence": True, "not_said": True, "quotes": True, "cited": True}
    assert {n: v for n, v in found.scores.items() if v != 1} == {"over_abstained": 0, "must_not": 0, "words": 20}
    assert (found.id, found.domain, found.cluster, found.suite) == ("answers/q1", "1", "f", "answers")


def test_the_evidence_has_to_be_said_and_not_only_its_neighbour() -> None:
    found = scored(quoted(KEPT))
    assert (found.checks["evidence"], found.scores["evidence_any"], found.scores["key_points"]) == (False, 0, 0)


def test_what_stands_below_the_first_eight_statements_is_not_read() -> None:
    assert not scored(*[quoted(KEPT)] * answers.FIRST, quoted(UNIT)).checks["evidence"]
    assert scored(*[quoted(KEPT)] * (answers.FIRST - 1), quoted(UNIT)).checks["evidence"]


def test_a_key_point_needs_most_of_its_words_close_together() -> None:
    assert scored(quoted(UNIT)).scores["key_points"] == 0.5
    assert answers.makes("unit of capacity", [Said("The capacity", "exact"), Said("is counted in this unit.", "exact")])
    assert not answers.makes("unit of capacity", [Said("The capacity.", "exact"), Said("Else.", "exact"), Said("This unit.", "exact")])
    assert not answers.makes("", [Said("Anything.", "exact")])


def test_what_must_not_be_said_is_heard() -> None:
    found = scored(quoted(UNIT), quoted(RATE, "supported", "One shard takes in up to 5 MB a second."))
    assert (found.checks["not_said"], found.scores["must_not"], found.passed) == (False, 1, False)
    assert scored(quoted(RATE)).checks["not_said"]


def test_a_false_premise_is_a_check_of_its_own() -> None:
    premise = replace(CASE, kind="false_premise")
    found = scored(quoted(RATE, "supported", "One shard takes in up to 5 MB a second."), case=premise)
    assert (found.checks["premise"], found.scores["premise_affirmed"]) == (False, 1)
    assert "not_said" not in found.checks


def test_silence_is_an_outcome_of_its_own() -> None:
    silent = scored(case=ABSENT, outcome="absent")
    assert (silent.passed, silent.scores) == (True, {"abstained_rightly": 1, "abstention_precision": 1, "words": 0})
    talking = scored(quoted(KEPT), case=ABSENT)
    assert (talking.passed, talking.scores["abstained_rightly"]) == (False, 0)
    assert "grounded" not in silent.scores
    shy = scored(outcome="absent")
    assert (shy.passed, shy.scores["over_abstained"], shy.scores["abstention_precision"], shy.scores["key_points"]) == (False, 1, 0, 0)


def test_a_quote_that_no_longer_stands_fails() -> None:
    moved = Said(UNIT, "exact", (Place("a.md", 1, 45, sha(UNIT)),))
    found = scored(moved)
    assert (found.checks["quotes"], found.checks["cited"], found.scores["quotes_exact"], found.scores["citation_recall"]) == (False, False, 0, 0)


def test_a_statement_without_a_citation_has_no_recall() -> None:
    found = scored(quoted(UNIT), Said("Shards are cheap.", "supported"))
    assert (found.checks["cited"], found.scores["citation_recall"], found.scores["citation_precision"]) == (False, 0.5, 1)


def test_words_that_are_not_the_notes_own_are_judged() -> None:
    good = scored(quoted(UNIT, "supported", "The unit of capacity of a stream is a shard."))
    assert (good.scores["grounded"], good.checks["cited"]) == (1, True)
    bad = scored(quoted(UNIT, "supported", "A shard is not the unit of capacity of a stream."))
    assert (bad.scores["grounded"], bad.checks["cited"]) == (0, False)
    assert "grounded" not in scored(quoted(UNIT)).scores


def test_a_citation_that_adds_nothing_is_not_right() -> None:
    both = Said(UNIT, "exact", (*quoted(UNIT).cites, *quoted(KEPT).cites))
    assert scored(both).scores["citation_precision"] == 0.5
    assert scored(both).scores["citation_recall"] == 1


def test_a_label_counts_as_said_and_has_to_be_cited() -> None:
    labelled = replace(quoted(RATE), label="A shard is the unit")
    assert labelled.whole == f"A shard is the unit: {RATE}"
    assert not scored(labelled).checks["cited"]
    assert scored(replace(labelled, cites=(*labelled.cites, *quoted(UNIT).cites))).checks["cited"]


def test_an_answer_is_stored_with_the_digest_of_what_was_shown() -> None:
    shown = Answer("q", "answered", (Statement(UNIT, (1,)), Statement("x", (2,))), (Citation(1, "a.md", (), None, 0, 44, UNIT),))
    assert answers.record(shown) == (quoted(UNIT), Said("x", "exact"))
    forged = replace(shown, citations=(Citation(1, "a.md", (), None, 0, 44, "other words"),))
    assert answers.record(forged)[0].cites[0].words(NOTES) is None


def test_a_stored_answer_is_scored_again_by_what_judges_now() -> None:
    stored = replace(scored(quoted(UNIT)), checks={"answered": False}, scores={"words": 1})
    assert answers.again(stored, CASE, "notes", NOTES) == scored(quoted(UNIT))
    assert answers.again(replace(stored, sha="other"), CASE, "notes", NOTES).scores == {"words": 1}
    edited = {"a.md": replace(NOTE, text=f"New. {TEXT}")}
    assert answers.again(stored, CASE, "notes", edited).scores == {"words": 1}


def test_wordings_of_a_question_are_consistent_where_they_pass_alike() -> None:
    one, two = scored(quoted(UNIT), quoted(RATE)), replace(scored(quoted(UNIT)), id="answers/q1b")
    (found,) = answers.families([one, two])
    assert (found.id, found.scores, found.outcome) == ("answers/families/f", {"consistent": 1, "same_quotes": 0.5}, "2 of 2 wordings pass")
    (split,) = answers.families([one, replace(scored(quoted(KEPT)), id="answers/q1b")])
    assert split.scores == {"consistent": 0, "same_quotes": 0}
    assert list(answers.families([one])) == []


@pytest.mark.parametrize("case", [CASE, ABSENT])
def test_every_score_has_a_metric(case: Case) -> None:
    from evals.metrics import BY_KEY

    assert {f"answers/{n}" for n in scored(quoted(UNIT), case=case).scores} <= set(BY_KEY)
