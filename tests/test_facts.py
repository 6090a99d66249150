"""What the fact matrix reads out of notes: values that can be checked by eye, and spans that give them back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from fakes import Tiny, within_cpu, write_notes
from hypothesis import given
from hypothesis import strategies as st

from ingest.split import split
from tutor.embed import Model
from tutor.exam import Claim
from tutor.facts import Fact, FactKind, Matrix, build, holds, same
from tutor.facts.forms import sayings
from tutor.facts.line import plain, read
from tutor.facts.names import is_name, plural
from tutor.facts.numbers import quantity
from tutor.index import Index
from tutor.types import Citation, Note

DRIFT = """# Drift

## Kinds of drift
The kinds of drift met in scenarios are:

- **Data drift**: Data drift is a change in the distribution of the inputs.
- **Label shift**: Label shift is a change in how common each class is, also called prior probability shift.
- **Concept drift (CD)**: Concept drift is a change in the relationship between the inputs and the target.

| Drift | What changes | Labels needed |
|---|---|---|
| Data drift | Inputs | No |
| Label shift | Class shares | Yes |
| Concept drift | Rule from `x` to **y** | - |
| Bias | | Yes |
| Bias | Gap | Yes |

## Remedies
Choose scheduled retraining when drift is slow and labels arrive steadily. Choose retraining over a *new* model when the
alarm fires. Avoid p-values alone when rows are many, because tiny changes become significant; choose a distance instead.
A common misconception is that drift always calls for retraining; in fact, a broken feed needs repair. It is a trap.

To respond to drift, work in this order:

1. Check the feed.
2. Measure the loss of quality.
3. Retrain on recent labels.

| Attribute | Shadow test | Canary release |
|---|---|---|
| Users see its answers | No | Yes |
| Risk | None | Small |
"""
SERVICES = """# Storage services

## Amazon S3
Amazon S3 is an object store that keeps files of any kind in buckets. S3 exists because files need a durable home.

- **Choose it when**: Choose S3 when a data lake needs cheap, durable storage.
- **Avoid it when**: Avoid S3 when many nodes need a file system; choose Amazon FSx for Lustre instead.
- **Confused with**: S3 is confused with Amazon EFS; S3 stores objects, whereas instances mount EFS.
- **Billing**: S3 bills for storage by class and for requests.

## Amazon EFS
Amazon EFS is a serverless file system that many instances mount at once.

- **Choose it when**: Choose EFS when several notebooks share code.
- **Avoid it when**: Avoid EFS when one fast disk is enough; choose Amazon EBS instead.
- **Confused with**: EFS is confused with Amazon EBS; many clients mount EFS, whereas a volume stays in one zone.
- **Billing**: EFS bills for storage by class.

## Amazon EBS
Amazon EBS is a block store that attaches to one instance like a hard disk.

- **Choose it when**: Choose EBS when a database needs a low-latency disk.
- **Avoid it when**: Avoid EBS when a fleet shares one dataset; choose Amazon EFS instead.
- **Confused with**: EBS is confused with instance store; a volume survives a stop, whereas instance store loses its data.
- **Billing**: EBS bills for provisioned gigabytes.
"""
PLAIN = """Storage in a cluster

PersistentVolume (PV): a piece of storage in the cluster, created by an admin.
StorageClass: a recipe for making volumes on demand; it may delay them.
Reclaim policy: The rule that says what happens to a volume after its claim is gone.

Fields

Sentiment: The model may show preferences for some faces.
Note: A thing that is said aside.
Question 1: Which service is the cheapest?
"""


Open = Callable[[dict[str, str]], Index]


@pytest.fixture
def opened(tmp_path: Path, model: Model) -> Open:
    """Opens an index of the given notes."""

    def make(notes: dict[str, str]) -> Index:
        tiny = Tiny(write_notes(tmp_path / "notes", notes), tmp_path / "index", model)
        tiny.ingest()
        return tiny.open()

    return make


def facts(matrix: Matrix, *kinds: FactKind) -> list[Fact]:
    return [f for g in matrix.groups.values() for f in g.facts if not kinds or f.kind in kinds]


def told(matrix: Matrix, *kinds: FactKind) -> list[tuple[str, str, str]]:
    return [(f.thing, f.attribute, f.value) for f in facts(matrix, *kinds)]


def said(sentence: str) -> list[tuple[str, str, str, str]]:
    return [(s.thing, s.attribute, s.value, s.other) for s in sayings(read(sentence, (0, len(sentence))))]


def test_a_table_is_things_by_attributes_without_rows_that_are_named_twice_and_without_empty_cells(opened: Open) -> None:
    tables = [g for g in build(opened({"drift.md": DRIFT})).groups.values() if g.kind == "table"]
    drift, tests = tables
    assert (drift.noun, drift.title, drift.lead) == ("drifts", "Kinds of drift", "")
    assert [(f.thing, f.attribute, f.value) for f in drift.facts] == [
        ("Data drift", "What changes", "Inputs"),
        ("Data drift", "Labels needed", "No"),
        ("Label shift", "What changes", "Class shares"),
        ("Label shift", "Labels needed", "Yes"),
        ("Concept drift", "What changes", "Rule from x to y"),
    ]
    assert tests.things() == ("Shadow test", "Canary release")
    assert tests.attributes() == ("Users see its answers", "Risk")
    cell = tests.cell("Canary release", "Risk")
    assert cell is not None
    assert cell.value == "Small"


def test_a_list_of_terms_gives_definitions_and_members_under_the_noun_of_its_lead_in(opened: Open) -> None:
    matrix = build(opened({"drift.md": DRIFT}))
    (group,) = (g for g in matrix.groups.values() if g.kind == "list")
    assert (group.noun, group.lead) == ("kinds of drift", "The kinds of drift met in scenarios are:")
    assert group.things() == ("Data drift", "Label shift", "Concept drift (CD)")
    assert told(matrix, "definition") == [
        ("Data drift", "is", "a change in the distribution of the inputs"),
        ("Label shift", "is", "a change in how common each class is"),
        ("Concept drift (CD)", "is", "a change in the relationship between the inputs and the target"),
    ]
    assert {f.value for f in facts(matrix, "member")} == {"The kinds of drift met in scenarios are"}


def test_sentences_that_choose_avoid_and_correct(opened: Open) -> None:
    matrix = build(opened({"drift.md": DRIFT}))
    chosen, over = facts(matrix, "choose")
    assert (chosen.thing, chosen.attribute, chosen.value) == ("scheduled retraining", "choose when", "drift is slow and labels arrive steadily")
    assert (over.thing, over.other, over.value) == ("retraining", "new model", "the alarm fires")
    (avoided,) = facts(matrix, "avoid")
    assert (avoided.thing, avoided.value, avoided.other) == ("p-values alone", "rows are many", "distance")
    false, true = facts(matrix, "misconception")
    assert (false.attribute, false.value, false.other) == ("misconception", "drift always calls for retraining", "a broken feed needs repair")
    assert (true.attribute, true.value, true.unit) == ("fact", "a broken feed needs repair", false.unit)


def test_steps_keep_their_order_and_a_list_that_is_none_has_no_steps(opened: Open) -> None:
    loose = DRIFT.replace("To respond to drift, work in this order:", "These are some tips:")
    steps = facts(build(opened({"drift.md": DRIFT})), "step")
    assert [(f.place, f.value) for f in steps] == [(0, "Check the feed"), (1, "Measure the loss of quality"), (2, "Retrain on recent labels")]
    assert {f.thing for f in steps} == {"To respond to drift, work in this order"}
    assert facts(build(opened({"drift.md": loose})), "step") == []


def test_sections_about_the_thing_of_their_heading_are_the_rows_of_one_group(opened: Open) -> None:
    matrix = build(opened({"storage.md": SERVICES}))
    (group,) = matrix.groups.values()
    assert (group.noun, group.kind) == ("storage services", "section")
    assert group.things() == ("Amazon S3", "Amazon EFS", "Amazon EBS")
    assert [f.value for f in group.facts if f.attribute == "Billing"] == [
        "bills for storage by class and for requests",
        "bills for storage by class",
        "bills for provisioned gigabytes",
    ]
    confused = group.cell("Amazon S3", "confused with")
    assert confused is not None
    assert (confused.other, confused.value) == ("Amazon EFS", "S3 stores objects, whereas instances mount EFS")
    assert [f.other for f in group.facts if f.kind == "avoid"] == ["Amazon FSx for Lustre", "Amazon EBS", "Amazon EFS"]


def test_lines_that_begin_with_a_term_are_a_list_without_marks_and_sentences_behind_a_colon_are_no_definitions(opened: Open) -> None:
    assert told(build(opened({"cluster.txt": PLAIN})), "definition") == [
        ("PersistentVolume (PV)", "is", "a piece of storage in the cluster, created by an admin"),
        ("StorageClass", "is", "a recipe for making volumes on demand"),
        ("Reclaim policy", "is", "The rule that says what happens to a volume after its claim is gone"),
    ]


def test_every_span_gives_back_its_words(opened: Open) -> None:
    index = opened({"drift.md": DRIFT, "storage.md": SERVICES, "cluster.txt": PLAIN})
    found = facts(build(index))
    assert len(found) >= 40
    for fact in found:
        text = index.notes[fact.note].text
        assert plain(text[slice(*fact.at)]) == fact.value
        assert fact.kind == "misconception" or same(plain(text[slice(*fact.thing_at)]), fact.thing)
        assert fact.attribute_at is None or plain(text[slice(*fact.attribute_at)]) == fact.attribute
        assert fact.kind in ("member", "step") or (fact.unit[0] <= fact.at[0] and fact.at[1] <= fact.unit[1])


def test_a_claim_holds_where_its_citations_cover_all_its_words_and_nowhere_else(opened: Open) -> None:
    index = opened({"drift.md": DRIFT})
    matrix = build(index)
    (fact,) = (f for f in facts(matrix, "cell") if (f.thing, f.attribute) == ("Label shift", "What changes"))
    spans = (fact.unit, fact.attribute_at or (0, 0))
    cited = [Citation(n, fact.note, fact.heading, None, *span, index.notes[fact.note].text[slice(*span)]) for n, span in enumerate(spans, 1)]
    claim = Claim("Label shift", "What changes", "Class shares", (1, 2))
    assert holds(claim, cited, matrix)
    assert not holds(Claim("Data drift", "What changes", "Class shares", (1, 2)), cited, matrix)
    assert not holds(Claim("Label shift", "What changes", "Inputs", (1, 2)), cited, matrix)
    assert not holds(Claim("Label shift", "What changes", "Class shares", (1,)), cited, matrix)  # the column's header is not cited
    assert not holds(Claim("Label shift", "What changes", "Class shares", (1, 3)), cited, matrix)
    assert not holds(claim, [replace(c, note="other.md") for c in cited], matrix)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "The population stability index (PSI) is a number that sums up a shift.",
            [("population stability index (PSI)", "is", "a number that sums up a shift", "")],
        ),
        ("Choose JS over KL when a bounded value is wanted.", [("JS", "choose when", "a bounded value is wanted", "KL")]),
        ("Choose FSx for Lustre when nodes read much, or when files are small.", [("FSx for Lustre", "choose when", "nodes read much", "")]),
        ("In-place is the wrong choice when downtime hurts; choose blue/green instead.", [("In-place", "avoid when", "downtime hurts", "blue/green")]),
        ("Sampling exists because tracing everything costs money.", [("Sampling", "exists because", "tracing everything costs money", "")]),
        ("K-means is used to partition a dataset into groups.", [("K-means", "is used to", "partition a dataset into groups", "")]),
        (
            "Precision divides by predicted positives, whereas recall divides by actual positives.",
            [("Precision", "whereas", "divides by predicted positives", "recall"), ("recall", "whereas", "divides by actual positives", "Precision")],
        ),
    ],
)
def test_what_a_sentence_says(sentence: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert said(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "It is a number that sums up a shift.",
        "The default is a value that nobody changes.",
        "Grid search is a good choice that many teams make first.",
        "A cold start is like a car that has stood in the snow.",
        "Choose KS for numeric features and chi squared for categories.",
        "Is precision a share of the flagged cases that are right?",
        "A mismatch means the result must be thrown away.",
        "This approach is a way to save money in every month.",
        "Peeking is the commonest sin.",
        "x" * 700 + " is a thing that is too long to be read.",
    ],
)
def test_what_a_sentence_does_not_say(sentence: str) -> None:
    assert said(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("An asynchronous request times out after 15 minutes by default.", ("asynchronous request", "times out after … by default", "15 minutes")),
        ("The payload limit of a real-time endpoint is 25 MB.", ("real-time endpoint", "payload limit", "25 MB")),
        ("A canary may take at most 50% of the capacity.", ("canary", "may take … of the capacity", "at most 50%")),
        ("One bucket has up to 5 targets; more need a second bucket.", ("bucket", "has …", "up to 5 targets")),
        ("A stream keeps 1 or 2 days of records.", None),
        ("In 2024 the limit was 6 MB.", None),
        ("The script needs Python 3.10 or later.", None),
        ("For example, a job runs for 20 minutes.", None),
        ("The rate is 0.05.", None),
    ],
)
def test_the_one_quantity_of_a_sentence(sentence: str, expected: tuple[str, str, str] | None) -> None:
    found = quantity(read(sentence, (0, len(sentence))))
    assert (found and (found.thing, found.attribute, found.value)) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [("Amazon S3", "S3"), ("canary release", "Canary releases"), ("PSI", "Population stability index (PSI)"), ("the K-means", "k-means")],
)
def test_one_thing_in_two_spellings(left: str, right: str) -> None:
    assert same(left, right)
    assert same(right, left)


def test_two_things_are_two_and_abbreviations_of_the_notes_are_known() -> None:
    assert not same("Amazon S3", "Amazon S3 Glacier")
    assert not same("precision", "recall")
    assert not same("PSI", "population stability index")
    assert same("PSI", "population stability index", {"psi": "population stability index"})


@pytest.mark.parametrize(
    ("noun", "several"), [("option", "options"), ("strategy", "strategies"), ("way to serve", "ways to serve"), ("series", "series"), ("basis", "bases")]
)
def test_plurals(noun: str, several: str) -> None:
    assert plural(noun) == several


def test_what_names_a_thing() -> None:
    assert all(map(is_name, ("S3", "real-time endpoint", "One-hot encoding", "FSx for Lustre", "Recall (sensitivity)")))
    assert not any(
        map(
            is_name, ("It", "this one", "example", "when traffic is low", "a", "one two three four five six seven eight", "CloudTrail shows the", "What is it?")
        )
    )


@given(st.lists(st.sampled_from(["**", "`", "*", "__", " ", "\n", "word", "a_b", "2 * 3", "é", "."]), max_size=12).map("".join))
def test_any_piece_of_a_line_stands_where_it_says(text: str) -> None:
    line = read(text, (0, len(text)))
    assert line.text == plain(text)
    for start in range(len(line.text)):
        words, at = line.piece(start, len(line.text))
        assert not words or text[at[0]] == words[0]
        assert not words or text[at[1] - 1] == words[-1]


def test_hostile_lines_take_no_time() -> None:
    long = 100_000
    texts = {
        "a.md": "# A\n\n" + "Choose a " * (long // 9) + "\n\n- **" + "x" * long + "**: it\n\n| " + "a | " * (long // 4) + "\n|---|\n| b |\n",
        "b.md": "# B\n\n" + "a is the, whereas " * (long // 18) + ".\n\n" + "1 " * (long // 2) + "\n\n" + "*" * long + "\n",
        "c.txt": "Term: a\n" * 4000,
    }
    notes = {path: Note(path, path, text) for path, text in texts.items()}
    passages = [p for n in notes.values() for p in split(n, lambda found: [len(t) // 4 for t in found], n.path.endswith(".md"))]
    with within_cpu(3):
        matrix = build(cast(Index, SimpleNamespace(notes=notes, passages=passages)))
    assert facts(matrix, "choose", "number", "contrast", "definition") == []
