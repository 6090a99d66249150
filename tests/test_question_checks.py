"""tutor.questions.checks: for each check questions that it must object to, and sound neighbours that it must let pass."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.exam import Claim, KeyPoint, Need, Option, Proof, Question, Reason
from tutor.questions import checks
from tutor.questions.checks import balance
from tutor.questions.record import identified
from tutor.types import Citation

QUOTE = "Option | Waits | Payload\nAsynchronous endpoint | minutes | up to 1 GB"
CITED = Citation(1, "serving.md", ("Serving",), None, 0, len(QUOTE), QUOTE)


def choice(
    *texts: str, stem: str = "A caller can wait for minutes and sends a large file. Which way of serving fits best?", key: str = "A", **changes: Any
) -> Question:
    """A question with these options, of which `key` is right; without texts, a sound one."""
    shown = texts or ("Asynchronous endpoint", "Batch transform", "Serverless endpoint", "Real-time instance")
    options = tuple(Option(letter, text) for letter, text in zip("ABCDEFGH", shown, strict=False))
    reasons = tuple(Reason(o.id, o.id in key, (Claim(o.text, "waits", "minutes", (1,)),), f"{o.text}.") for o in options)
    made = Question("", "multiple_choice", stem, options, tuple(key), (), Proof("table", "thing", (CITED,), reasons))
    return replace(made, **changes)


def names(question: Question) -> set[str]:
    return {f.check for f in checks.examine(question)}


RESPONSE: dict[str, Any] = {"kind": "multiple_response"}
TWO = "Which TWO ways of serving take a large file? (Select TWO.)"
WAYS = ("Asynchronous endpoint", "Batch transform", "Serverless endpoint", "Real-time instance", "Edge device")
ORDER: dict[str, Any] = {"kind": "ordering", "key": ("C", "A", "B")}
STEPS = ("Train the model.", "Deploy the model.", "Collect the data.")
ORDERED = "In which order are these steps of a project taken?"
PAIRS: dict[str, Any] = {
    "kind": "matching",
    "key": (("1", "A"), ("2", "B"), ("3", "C")),
    "prompts": (Option("1", "Queue"), Option("2", "Topic"), Option("3", "Stream")),
}
VALUES = ("One reader takes each message", "Every subscriber gets a copy", "Readers keep their own place")
MATCHED = "Match each messaging service with what its readers get."
POINT = KeyPoint("Pages are evicted by age.", (1,))


def free(reference: str = "Pages are evicted by age. Writes go first.", points: tuple[KeyPoint, ...] = (POINT,)) -> Question:
    return choice(stem="Explain in your own words how a page cache works.", kind="free_text", options=(), key=(), reference=reference, key_points=points)


def cloze(stem: str, reference: str = "page cache") -> Question:
    return choice(stem=stem, kind="cloze", options=(), key=(), reference=reference)


SOUND = {
    "a choice": choice(),
    "two of five": choice(*WAYS, stem=TWO, key="AB", **RESPONSE),
    "all that apply": choice(*WAYS, stem="Which ways of serving take a large file? Select all that apply.", key="ABC", **RESPONSE),
    "steps": choice(*STEPS, stem=ORDERED, **ORDER),
    "pairs": choice(*VALUES, stem=MATCHED, **PAIRS),
    "a pair of which one value is none": choice("None", "One a second", "Many", stem=MATCHED, **PAIRS),
    "a sentence with a blank": cloze("Fill in the blank: A(n) ____ keeps recently read blocks in memory, not on disk."),
    "free text": free(),
    "a case": choice(stem="Which way of serving fits the first point best?", kind="case_study", scenario="A company lists what it needs: (1) Callers can wait for minutes. (2) Traffic is rare."),
    "a name within another, both wrong": choice("Recall", "Accuracy", "Balanced accuracy", "Specificity", stem="Which metric counts the found share of all positives?"),
    "a longer name that is another thing": choice("S3", "S3 Glacier", "EFS", "EBS", stem="Which store holds objects that are read every day?"),
    "a number that ends in another": choice("600 messages", "800 messages", "2,400 messages", "9,600 messages", stem="What is the backlog of one worker here?"),
    "percentages": choice("95 %", "80 %", "50 %", "5 %", stem="How large is the chance of a hit in this cache?"),
    "a growth above a hundred": choice("120 %", "80 %", "50 %", "5 %", stem="By how much did the traffic grow in a year?"),
    "an emphasised negation": choice(stem="Which way of serving is NOT billed while it idles?"),
    "a bold negation": choice(stem="Which way of serving is **not** billed while it idles?"),
    "a denial in a condition": choice(stem="Which way of serving fits best if callers do not wait?"),
    "a denial in the scenario": choice(stem="The team does not want servers. Which way of serving fits best?"),
    "a denial in a second condition": choice(stem="Which way of serving is cheap and does not keep callers waiting?"),
    "a denial in a relative clause": choice(stem="Which way of serving is for callers that do not wait?"),
    "at least": choice(stem="Which way of serving keeps at least one instance?"),
    "a denial within a need": replace(
        choice(stem="Which way of serving does not need a server?"),
        proof=replace(choice().proof, needs=(Need("servers", "does not need a server", "does not need a server"),), reasons=()),
    ),
    "a long key among long options": choice("A cache that keeps the blocks which were read last", "A cache that keeps the blocks which were written", "A queue", "A log of writes"),
    "always on both sides": choice("It is always encrypted", "It is always free of charge", "It is always empty", "It is never shared", stem="What is true of a bucket by default?"),
    "always among true statements": choice("It is public", "It is always encrypted", "It always has a name", "It has an owner", stem="Which of these statements on a bucket is NOT true?"),
    "may not forbids": choice("Caller may not pass the role", "New key for the bucket", "Old key for the bucket", "Code of another account", stem="A job start is denied. What is the likely cause?"),
    "clauses with and without an article": choice("A database must stay online", "Files land at irregular times", "Results can wait", "Value fades soon", stem="When should a replication service be chosen?"),
    "a short demand for an account": replace(free(), stem="Why does caching matter?"),
    "an initialism with its article": choice(stem="A team trains an ML model on an S3 bucket with a GPU and a URL. Which way of serving fits?"),
    "a plural and its verb": choice(stem="Which services for streams fit best in this case?"),
    "a singular that ends in s": choice(stem="Which process for releases fits best in this case?"),
    "had had": choice(stem="A team had had errors before. Which way of serving fits best?"),
}  # fmt: skip


@pytest.mark.parametrize("question", SOUND.values(), ids=SOUND.keys())
def test_a_sound_question_passes_every_check(question: Question) -> None:
    assert checks.examine(question) == []


FLAWED = [
    ("ids", replace(choice(), options=(*choice().options[:3], Option("E", "Real-time instance")))),
    ("ids", replace(choice(), options=(*choice().options[:3], Option("A", "Real-time instance")))),
    ("ids", choice(*VALUES, stem=MATCHED, **{**PAIRS, "prompts": (Option("x", "Queue"), Option("2", "Topic"), Option("3", "Stream"))})),
    ("number of options", choice("Batch transform", "Real-time instance")),
    ("number of options", choice(*"one two three four five six seven".split())),
    ("number of options", choice("Train the model.", "Deploy it.", stem=ORDERED, kind="ordering", key=("B", "A"))),
    ("key", choice(key=())),
    ("key", choice(key=("A", "B"))),
    ("key", choice(key=("E",))),
    ("key", choice(key=("A", "A"))),
    ("key", choice(key=(("1", "A"),))),
    ("key", choice(*WAYS, stem=TWO, key="ABC", **RESPONSE)),
    ("key", choice(*WAYS, stem="Which ways of serving take a large file?", key="AB", **RESPONSE)),
    ("key", choice(*STEPS, stem=ORDERED, kind="ordering", key=("C", "A"))),
    ("key", replace(free(), key=("A",))),
    ("several keys", choice(*WAYS, stem="Which way takes a large file? Select all that apply.", key="A", **RESPONSE)),
    ("several keys", choice(*WAYS, stem="Which ways take a large file? Select all that apply.", key="ABCDE", **RESPONSE)),
    ("matching", choice(*VALUES, stem=MATCHED, **{**PAIRS, "key": (("1", "A"), ("2", "A"), ("3", "C"))})),
    ("matching", choice(*VALUES, stem=MATCHED, **{**PAIRS, "key": (("1", "A"), ("2", "B"))})),
    ("matching", choice(*VALUES, stem=MATCHED, **{**PAIRS, "prompts": (Option("1", "Queue"), Option("2", "queue"), Option("3", "Stream"))})),
    ("matching", choice("Each message of a queue has one reader", *VALUES[1:], stem=MATCHED, **PAIRS)),
    ("matching", choice(prompts=(Option("1", "Queue"),))),
    ("ordering", choice("First train the model.", "Deploy the model.", "Collect the data.", stem=ORDERED, **ORDER)),
    ("ordering", choice("Train the model.", "Finally, deploy the model.", "Collect the data.", stem=ORDERED, **ORDER)),
    ("ordering", choice("Step 2: train the model.", "Deploy the model.", "Collect the data.", stem=ORDERED, **ORDER)),
    ("ordering", choice(*STEPS, stem=ORDERED, kind="ordering", key=("A", "B", "C"))),
    ("blank", cloze("Fill in the blank: A page cache keeps recently read blocks in memory.")),
    ("blank", cloze("Fill in the blank: A(n) ____ keeps recently ____ blocks in memory.")),
    ("blank", cloze("Fill in the blank: A(n) ____ keeps the pages of a page cache in memory.")),
    ("blank", cloze("Fill in the blank: A(n) ____ keeps the cached pages in memory.", "cache of pages")),
    ("blank", cloze("Fill in the blank: A(n) ____ keeps recently read blocks in memory.", " ")),
    ("blank", replace(free(), stem="Explain how a ____ works in your own words.")),
    ("key points", free(points=())),
    ("key points", free(points=(replace(POINT, citations=()),))),
    ("key points", free(points=(replace(POINT, citations=(7,)),))),
    ("key points", free(points=(POINT, POINT))),
    ("key points", free(reference="Writes go first.")),
    ("key points", free(points=tuple(KeyPoint(f"Pages are evicted by age {n}.", (1,)) for n in range(7)))),
    ("scenario", choice(kind="case_study")),
    ("empty option", choice("Batch transform", " – ", "Serverless endpoint", "Real-time instance")),
    ("same option", choice("Batch transform", "batch transforms", "Serverless endpoint", "Real-time instance")),
    ("same option", choice("Amazon EFS", "EFS", "FSx", "EBS")),
    ("same option", choice("Population stability index (PSI)", "PSI", "Recall", "Drift score")),
    ("same option", choice("Receiver operating characteristic", "ROC", "Recall", "Drift score")),
    ("same option", choice("The drop in accuracy", "A drop of accuracy", "More traffic", "Higher cost")),
    ("nested option", choice("Spot instance", "Instance", "Queue", "Bucket")),
    ("nested option", choice("Recall", "Recall and precision", "Queue", "Bucket")),
    ("nested option", choice("Drift", "Drift in production", "Queue", "Bucket")),
    ("option about options", choice("Queue", "Bucket", "Topic", "All of the above")),
    ("option about options", choice("Queue", "Bucket", "Topic", "None of these")),
    ("option about options", choice("Queue", "Bucket", "Topic", "Both A and C")),
    ("option about options", choice("Queue", "Bucket", "Topic", "A and B only")),
    ("option about options", choice("Queue", "Bucket", "Topic", "None")),
    ("option about options", choice("Queue", "Bucket", "Topic", "It cannot be determined")),
    ("numbers", choice("0.50", ".5", "0.7", "0.9")),
    ("numbers", choice("1,000 ms", "1000 ms", "20 ms", "5 ms")),
    ("numbers", replace(choice("5", "9", "7", "11"), proof=replace(choice().proof, asks="number"))),
    ("plausible numbers", choice("95 %", "120 %", "50 %", "5 %")),
    ("plausible numbers", choice("3", "-2", "5", "7")),
    ("negation", choice(stem="Which way of serving is not billed while it idles?")),
    ("negation", choice(stem="Which networking and hybrid connection does not fit best?")),
    ("negation", choice(stem="A team pays for 4 instances. What does it cost in that month except one?")),
    ("negation", choice(stem="All of these take large files except which way of serving?")),
    ("negation", choice(stem="Which way of serving is the worst fit for a caller who waits?")),
    ("negation", choice(stem="Which of these statements is false?")),
    ("negation", choice(stem="Which way of serving is NOT one that never idles?")),
    ("negation", choice("It is not billed", "Batch transform", "It is free", "It is slow", stem="Which is NOT true of a serverless endpoint?")),
    ("stem holds the key", choice(stem="A team likes the asynchronous endpoint. Which way of serving fits best?")),
    ("stem holds the key", choice(stem="An asynchronous caller waits. Which way of serving fits best?")),
    ("length", choice(stem="Which one fits?")),
    ("length", choice(stem=f"A team {'really ' * 90}waits. Which way fits best?")),
    ("length", choice("one two " * 21, "Batch transform", "Serverless endpoint", "Real-time instance")),
    ("needs", replace(choice(), proof=replace(choice().proof, needs=(Need("waits", "minutes", "callers wait for hours"),)))),
    ("answerable", replace(choice(), proof=replace(choice().proof, reasons=(Reason("A", True, (Claim("Asynchronous endpoint", "runs on", "quantum hardware", (1,)),), "So."),)))),
    ("longest option", choice("An asynchronous endpoint that keeps its requests in a queue", "Batch transform", "Serverless endpoint", "Real-time instance")),
    ("article", choice("Eviction", "Queue", "Topic", "Bucket", stem="The removal of old pages from a cache is called an ____.")),
    ("agreement", choice("old pages", "queue", "topic", "bucket", stem="Which of these are removed from a full cache?")),
    ("form", choice("An eviction", "Queue", "Topic", "Bucket", stem="What removes old blocks from a full cache?")),
    ("form", choice("12 MB", "Queue", "Topic", "Bucket", stem="What limits the payload of a request?")),
    ("form", choice("Eviction", "Queue", "Topic", "A place where blocks that were read are kept for a later reader", stem="What removes old blocks?")),
    ("absolute words", choice("It is encrypted", "It is always public", "It never costs", "It is only a copy", stem="What is true of a bucket by default?")),
    ("absolute words", choice("It is always public", "It is encrypted", "It has a name", "It has an owner", stem="Which of these statements on a bucket is NOT true?")),
    ("vague words", choice("It is usually encrypted", "It is public", "It is free", "It is a copy", stem="What is true of a bucket by default?")),
    ("sentence", choice(stem="a caller waits for minutes. Which way of serving fits best?")),
    ("sentence", choice(stem="Which way of serving fits best for a caller")),
    ("sentence", choice(stem="")),
    ("brackets", choice(stem="A caller (who waits. Which way of serving fits best?")),
    ("brackets", choice(stem="A caller says “wait. Which way of serving fits best?")),
    ("doubled word", choice(stem="Which way of of serving fits a caller best?")),
    ("unfilled", choice(stem="A caller needs {need}. Which way of serving fits best?")),
    ("unfilled", choice(stem="A caller needs None. Which way of serving fits best?")),
    ("unfilled", choice(stem="A caller needs . Which way of serving fits best?")),
    ("unfilled", choice(stem="A caller asks: who waits?. Which way of serving fits best?")),
    ("markup", choice("**Queue**", "Bucket", "Topic", "Stream")),
    ("markup", choice("- Queue", "Bucket", "Topic", "Stream")),
    ("markup", choice("Queue | 5", "Bucket", "Topic", "Stream")),
    ("pronoun", choice(stem="It waits for minutes. Which way of serving fits best?")),
    ("pronoun", choice(stem="This is a caller who waits. Which way of serving fits best?")),
    ("a or an", choice(stem="A team trains a EC2 model. Which way of serving fits best?")),
    ("a or an", choice(stem="A team has an large file. Which way of serving fits best?")),
    ("a or an", choice(stem="A team has a old file. Which way of serving fits best?")),
    ("number", choice(stem="Which services for streams fits best in this case?")),
]  # fmt: skip


@pytest.mark.parametrize(("check", "question"), FLAWED, ids=[f"{n} {check}" for n, (check, _) in enumerate(FLAWED)])
def test_a_planted_defect_is_seen_by_its_check(check: str, question: Question) -> None:
    assert check in names(question), checks.examine(question)
    assert all(f.text.endswith(".") for f in checks.examine(question))


def test_every_check_has_a_planted_defect() -> None:
    assert {check for check, _ in FLAWED} == set(checks.CHECKS)


@given(
    st.text(max_size=60),
    st.lists(st.text(max_size=30), max_size=8),
    st.lists(st.text(max_size=3), max_size=4),
    st.sampled_from(["multiple_choice", "ordering", "matching", "cloze"]),
)
def test_no_text_makes_a_check_fail(stem: str, texts: list[str], key: list[str], kind: Any) -> None:
    made = replace(choice(stem=stem, kind=kind, key=tuple(key)), options=tuple(Option(f"{n}", text) for n, text in enumerate(texts)))
    assert {f.check for f in checks.examine(made)} <= set(checks.CHECKS)


def numbered(count: int, key: int = 0, long: bool = False, shared: bool = False) -> list[Question]:
    """Questions on different things, with the key at a position, the longest option, or the one of the stem's words."""
    made = []
    for n in range(count):
        at = key if key >= 0 else n % 4
        lengths = random.Random(n).sample(range(4), 4)
        texts = [f"{'distant ' * lengths[p]}place {'abcdefghij'[n // 10]}{'abcdefghij'[n % 10]}{p}" for p in range(4)]
        texts[at] = f"{'very distant ' * 4 if long else ''}{texts[at]}{' harbor' if shared else ''}"
        made.append(identified(choice(*texts, stem=f"Ship {n} left the harbor on day {n * 7}. Where did its voyage end?", key="ABCD"[at])))
    return made


def test_a_set_is_turned_away_for_what_gives_its_keys_away() -> None:
    def found(questions: list[Question]) -> set[str]:
        return {f.check for f in checks.examine_set(questions)}

    assert found(numbered(40, key=-1)) == set()
    assert found(numbered(40, key=1)) == {"positions over the set"}
    assert found(numbered(40, key=-1, long=True)) == {"longest over the set"}
    assert "words over the set" in found(numbered(40, key=-1, shared=True))
    assert found(numbered(2, key=1)) == set()


def test_the_tails_are_those_of_the_distributions() -> None:
    scipy = pytest.importorskip("scipy.stats")
    for freedom in range(1, 7):
        for statistic in (0.0, 0.5, 3.0, 15.0):
            assert balance.survival(statistic, freedom) == pytest.approx(scipy.chi2.sf(statistic, freedom), rel=1e-12)
    assert balance.tail([0.25] * 20, 9) == pytest.approx(scipy.binom.sf(8, 20, 0.25), rel=1e-12)
    assert balance.tail([0.5, 0.25], 2) == 0.125
    assert balance.tail([], 0) == 1.0


def test_near_duplicates_are_the_same_answer_asked_alike() -> None:
    first = identified(choice())
    reworded = identified(choice(stem="A caller can wait for minutes and sends a very large file. Which way of serving fits best?"))
    other_key = identified(choice(key="B"))
    other_fact = replace(
        choice(stem="Requests pile up in a queue of their own. What serves them?"),
        proof=Proof("table", "thing", (CITED,), (Reason("A", True, (Claim("Asynchronous endpoint", "keeps", "a queue", (1,)),), "So."),)),
    )
    same_fact = replace(choice(stem="Nobody is in a hurry here. What should serve the model?"), proof=first.proof)
    known = checks.Known()
    known.add(first)
    assert known.near(reworded)
    assert known.near(identified(same_fact))
    assert not known.near(other_key)
    assert not known.near(identified(other_fact))
    assert [f.check for f in checks.examine_set([first, reworded, other_key])] == ["near-duplicates"]


def test_matching_questions_that_share_most_pairs_are_near_duplicates() -> None:
    first = choice(
        *VALUES, "Old ones drop out", stem=MATCHED, **{**PAIRS, "prompts": (*PAIRS["prompts"], Option("4", "Buffer")), "key": (*PAIRS["key"], ("4", "D"))}
    )
    other = choice("Fast", "Slow", "Dear", stem=MATCHED, **PAIRS)
    assert checks.alike(identified(first), identified(choice(*VALUES, stem=MATCHED, **PAIRS)))
    assert not checks.alike(identified(first), identified(other))
