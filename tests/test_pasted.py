"""A pasted exam question is recognised for what it is, judged by the notes with exact quotes, and answered only where one set stands out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import Tiny, within_cpu, write_notes

from evals.measures import pasted as measured
from tutor import explain, layout, terminal
from tutor.embed import Model
from tutor.errors import InputError
from tutor.pasted import Pasted, read
from tutor.pasted.evidence import name, share
from tutor.pasted.fit import Assessed, Cuts
from tutor.pasted.judging import KEYED, stands_out
from tutor.session import LONGEST_PASTED, Tutor
from tutor.text import terms

ASK = "Sensor readings must be kept for a second reading by several programs. Which store should be used?"
OPTIONS = ("Amber Queue", "Birch Stream", "Cedar Archive", "Dune Cache")
NOTES = {
    "stores.md": """# Stores

## Amber Queue

Amber Queue is a store that hands each message to one worker.

- Choose Amber Queue when work must wait until a worker is free.
- Avoid Amber Queue when several programs read the same readings again; choose Birch Stream instead.

## Birch Stream

Birch Stream is a store that keeps sensor readings for several programs.

- Choose Birch Stream when several programs need a second reading of the sensor readings.
- Avoid Birch Stream when documents only have to be archived; choose Cedar Archive instead.

## Cedar Archive

Cedar Archive is a store for documents that nobody opens.

- Choose Cedar Archive when documents must rest for years at the lowest price.

## Dune Cache

Dune Cache is a store in memory for hot pages.

- Choose Dune Cache when the same page is opened every second.

## Limits of the stores

The table compares what the stores accept:

| Store | Largest message | Kept for |
| --- | --- | --- |
| Amber Queue | 1 MB | 14 days |
| Birch Stream | 5 MB | 365 days |
| Cedar Archive | 900 MB | 10 years |
""",
    "birds.md": "# Birds\n\nThe wren sings. The heron fishes in the river.\n\n# Bread\n\nFlour, water and salt make a dough that rests overnight.\n",
    "maps.md": "# Maps\n\nA legend explains the signs of a map.\n\n# Chess\n\nA bishop moves along the diagonals, and a rook along files and ranks.\n",
}


def laid(form: str, options: tuple[str, ...] = OPTIONS, ask: str = ASK) -> str:
    """A question with its options, each laid out by a format of its letter and text."""
    return (
        ask
        + "\n"
        + "\n".join(
            form.format(letter=letter, small=letter.lower(), number=n, text=o) for n, (letter, o) in enumerate(zip("ABCDEFGH", options, strict=False), 1)
        )
    )


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory, minilm: Model) -> Tutor:
    """A tutor over four invented stores; with the real model, for what is near by meaning decides what bears on a stem."""
    folder = tmp_path_factory.mktemp("stores")
    made = Tiny(write_notes(folder / "notes", NOTES), folder / "index", minilm)
    made.ingest()
    return made.tutor()


@pytest.mark.parametrize("form", ["{letter}. {text}", "{small}) {text}", "({letter}) {text}", "- {letter}: {text}", "{letter}: {text}", "**{letter}.** {text}", "{letter} - {text}", "Option {letter}: {text}", "{number}. {text}", "{number}) {text}", "- {text}", "• {text}", "{text}", "\n{text}\n", "[ ] {text}"])  # fmt: skip
def test_options_are_read_however_they_are_labelled(form: str) -> None:
    found = read(laid(form))
    assert found is not None
    assert found.stem == ASK
    assert tuple(o.text for o in found.options) == OPTIONS
    assert [o.id for o in found.options] == (list("1234") if "number" in form else list("ABCD"))
    assert (found.asked, found.negative, found.keyed) == (1, False, False)


def test_options_on_one_line() -> None:
    found = read(f"{ASK} A. Amber Queue B. Birch Stream. C. Cedar Archive D. Dune Cache")
    assert found is not None
    assert [o.text for o in found.options] == ["Amber Queue", "Birch Stream.", "Cedar Archive", "Dune Cache"]
    assert found.stem == ASK


def test_options_on_one_line_may_end_in_a_letter() -> None:
    found = read("Which vitamin deficiency causes scurvy? A. Vitamin A. B. Vitamin B12. C. Vitamin C. D. Vitamin D.")
    assert found is not None
    assert [o.text for o in found.options] == ["Vitamin A.", "Vitamin B12.", "Vitamin C.", "Vitamin D."]


def test_an_option_may_go_on_over_lines() -> None:
    found = read(f"{ASK}\nA. Amber Queue with a very\nlong second line\nB. Birch Stream\nC. Cedar Archive\n\nThanks in advance!")
    assert found is not None
    assert [o.text for o in found.options] == ["Amber Queue with a very long second line", "Birch Stream", "Cedar Archive"]


@pytest.mark.parametrize("before", ["Question 12 of 65\n", "Question #3: ", "QUESTION 7\n\n", "12. ", "Q4. ", "Topic 2\nQuestion 9\n"])
def test_counters_around_a_question_are_left_out(before: str) -> None:
    found = read(before + laid("{letter}. {text}"))
    assert found is not None
    assert found.stem == ASK


@pytest.mark.parametrize(
    "behind",
    [
        "\n\nCorrect answer: A",
        "\nAnswer: A\nExplanation: Amber Queue is the cheapest.",
        "\n\nThe correct answer is A.",
        "\nExplanation:\nAmber Queue keeps everything.",
        "\n\nCorrect Answer\nA",
        " (Correct)",
        " ✓",
        "\nCommunity vote distribution\nA (80%)",
    ],
)
def test_a_key_that_came_along_is_cut_off(behind: str) -> None:
    found = read(laid("{letter}. {text}") + behind)
    assert found is not None
    assert tuple(o.text for o in found.options) == OPTIONS
    assert found.keyed


def test_the_word_key_in_an_option_is_no_key() -> None:
    found = read(laid("{small}) {text}", ("A managed key", "A customer key", "An answer by mail")))
    assert found is not None
    assert ([o.text for o in found.options], found.keyed) == (["A managed key", "A customer key", "An answer by mail"], False)


@pytest.mark.parametrize(
    ("ask", "asked"),
    [
        ("Which stores fit? (Select TWO.)", 2),
        ("Which stores fit? (Choose two.)", 2),
        ("Which THREE stores fit?", 3),
        ("Which stores fit? Choose 2", 2),
        ("Which two of the following fit?", 2),
        ("Which stores fit? Select all that apply.", 0),
        ("Which combination of stores fits?", 2),
        ("Which store fits for 2 hours?", 1),
    ],
)
def test_how_many_are_asked_for(ask: str, asked: int) -> None:
    found = read(laid("{letter}. {text}", (*OPTIONS, "Elm Table"), ask))
    assert found is not None
    assert found.asked == asked


@pytest.mark.parametrize(
    ("ask", "negative"),
    [
        ("Which store is NOT suitable?", True),
        ("All of these keep readings EXCEPT:", True),
        ("Which store is least likely to lose readings?", True),
        ("Which store does not keep readings?", True),
        ("Which statement about stores is false?", True),
        ("Which store has the LEAST operational overhead?", False),
        ("The team does not want servers. Which store fits?", False),
    ],
)
def test_questions_for_what_does_not_hold(ask: str, negative: bool) -> None:
    found = read(laid("{letter}. {text}", OPTIONS, ask))
    assert found is not None
    assert found.negative is negative


@pytest.mark.parametrize(
    "text",
    [
        "explain: 1. bias 2. variance",
        "Explain:\n1. bias\n2. variance\n3. noise",
        "What is the difference between\n- bias\n- variance\n- noise?",
        "What is the difference between these?\nA. bias\nB. variance",
        "Can you explain these?\n1. bias\n2. variance\n3. drift",
        "what are\n1) precision\n2) recall\n3) f1",
        "How do I:\n- create an endpoint\n- update it\n- delete it",
        "What is bias?\nI mean in ML\nnot in society\nthanks",
        "My plan: A. read the notes. B. practise. C. sleep. Is that good?",
        "Which is better for my case?\nWe have 3 GB.\nWe read it once.\nIt is CSV.",
        "what finds or blocks personal data in a) buckets b) plain texts c) chatbot answers",
        "Which notes cover vitamin A. B. and C.?",
        "What should I read?\n1. What is drift?\n2. What is bias?\n3. What is noise?",
        "Which is right?\nA. yes\nB. yes",
        "A. Which is right?",
        "Which do I take? A. this or that",
        "",
        "which store should I use for readings",
    ],
)
def test_an_ordinary_question_is_not_taken_for_one(text: str) -> None:
    assert read(text) is None


def test_reading_is_quick_whatever_was_pasted() -> None:
    with within_cpu(2.0):
        for text in ("key: " * 1600, "A. " * 2600, "answer is A " * 600, "\n- x" * 2000, "(a) " * 2000 + "?", "Which?\n" + "\n" * 7900, "*_" * 4000):
            read(text[:LONGEST_PASTED])


def test_the_option_that_the_notes_single_out(stores: Tutor) -> None:
    found = stores.ask(laid("{letter}. {text}"))
    assert (found.outcome, found.choice) == ("answered", ("B",))
    standings = {o.id: o.standing for o in found.options}
    assert standings == {"A": "refuted", "B": "supported", "C": "silent", "D": "silent"}
    told = {o.id: o.statement for o in found.options}
    assert told["A"] is not None
    assert told["A"].text.startswith("Avoid Amber Queue when several programs read")
    assert told["B"] is not None
    assert told["B"] in found.statements
    for citation in found.citations:
        assert stores.note(citation.note).text[citation.start : citation.end] == citation.quote


def test_a_pasted_key_changes_nothing_and_is_mentioned(stores: Tutor) -> None:
    found = stores.ask(laid("{letter}. {text}") + "\n\nCorrect answer: A\nExplanation: It is the cheapest.")
    assert (found.choice, found.remark) == (("B",), KEYED)


def test_nothing_is_chosen_where_the_notes_do_not_tell(stores: Tutor) -> None:
    found = stores.ask(laid("{letter}. {text}", ask="A poet looks for a rhyme on silver. Which store should be used?"))
    assert (found.choice, found.abstained) == ((), True)
    assert {o.standing for o in found.options} == {"silent"}
    assert layout.opening(found).startswith("Your notes do not single out an answer.")


def test_nothing_is_chosen_among_options_that_no_note_has(stores: Tutor) -> None:
    found = stores.ask(laid("{letter}. {text}", ("Quartz Pipe", "Onyx Gate", "Topaz Loom")))
    assert (found.outcome, found.choice, found.statements) == ("absent", (), ())
    assert [o.statement for o in found.options] == [None] * 3
    assert layout.opening(found) == "Your notes say nothing that tells these options apart."


def test_a_limit_that_is_too_small_refutes(stores: Tutor) -> None:
    found = stores.ask(laid("{letter}. {text}", OPTIONS[:3], "Each message has 300 MB and is a document. Which store takes such a message?"))
    standings = {o.id: o for o in found.options}
    assert [standings[i].standing for i in "AB"] == ["refuted", "refuted"]
    assert standings["A"].statement is not None
    assert standings["A"].statement.cells == ("Amber Queue", "1 MB", "14 days")
    assert standings["A"].statement.columns == ("Store", "Largest message", "Kept for")
    assert standings["C"].standing != "refuted"


def test_a_choice_falls_with_the_words_it_rests_on(stores: Tutor) -> None:
    found = stores.ask(laid("{letter}. {text}"))
    changed = {path: replace(n, text=n.text.replace("Choose Birch Stream", "Choose Beech Stream")) for path, n in stores.index.notes.items()}
    checked = explain.checked(found, changed)
    assert (checked.choice, checked.abstained) == ((), True)
    assert {o.id: (o.standing, o.statement) for o in checked.options}["B"] == ("silent", None)


def test_a_long_paste_is_read_and_a_long_question_is_not(stores: Tutor) -> None:
    scene = "A team keeps readings. " * 200
    assert 4_000 < len(laid("{letter}. {text}", ask=scene + ASK)) < LONGEST_PASTED
    assert len(stores.ask(laid("{letter}. {text}", ask=scene + ASK)).options) == 4
    with pytest.raises(InputError, match="ask one of at most 4,000"):
        stores.ask(scene)


def test_on_the_terminal_each_option_has_its_standing_and_quote(stores: Tutor) -> None:
    shown = terminal.answer(stores.ask(laid("{letter}. {text}")))
    assert "Your notes single out B." in shown
    assert "> B. Birch Stream (supported)" in shown
    assert "  A. Amber Queue (refuted)" in shown
    assert "Avoid Amber Queue when several programs" in shown


def assessed(known: float = 1.0, fit: float = 1.0, sayings: int = 9) -> Assessed:
    """An option with nothing said against it."""
    return Assessed((), (), (fit, fit, fit, 0.0), known, sayings)


CUTS = Cuts(margin=1.0, score=3.0)


@pytest.mark.parametrize(
    ("scores", "asked", "chosen"),
    [
        ([5.0, 3.9, 1.0], 1, [0]),
        ([5.0, 4.1, 1.0], 1, []),
        ([2.9, 1.0, 0.0], 1, []),
        ([5.0, 4.5, 1.0], 2, [0, 1]),
        ([5.0, 4.5, 3.0], 2, []),
        ([5.0, 4.5, 1.0], 0, [0, 1]),
    ],
)
def test_one_set_stands_out_or_none(scores: list[float], asked: int, chosen: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Assessed, "fit", property(lambda self: self.features[0]))
    found = read(laid("{letter}. {text}", OPTIONS[:3]))
    assert found is not None
    assert stands_out(replace(found, asked=asked), [assessed() for _ in scores], scores, frozenset(), CUTS) == chosen


def test_an_option_that_the_notes_hardly_know_makes_the_choice_harder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Assessed, "fit", property(lambda self: self.features[0]))
    found = read(laid("{letter}. {text}", OPTIONS[:3]))
    assert found is not None
    scores = [5.0, 1.0, 0.0]
    assert stands_out(found, [assessed(), assessed(), assessed(known=0.2)], scores, frozenset(), CUTS) == []
    assert stands_out(found, [assessed(), assessed(), assessed(sayings=1)], scores, frozenset(), CUTS) == []
    assert stands_out(found, [assessed(), assessed(), assessed()], scores, frozenset(), CUTS) == [0]


def test_the_head_of_an_option_names_it(stores: Tutor) -> None:
    named = name("Use Amber Queue with a custom reader", stores.index)
    assert share(named, set(terms("Amber Queue hands out messages"))) > share(named, set(terms("a custom reader")))
    assert share(named, set(terms("Use Amber Queue with a custom reader"))) == 1.0


def test_the_labelled_questions_name_words_of_the_course() -> None:
    course = Path(__file__).resolve().parent.parent / "corpus" / "mla-c01"
    cases = measured.read()
    assert {c.kind for c in cases} == set(measured.KINDS)
    assert len({c.id for c in cases}) == len(cases)
    for case in cases:
        assert len(case.spans) == (len(case.key) if case.answerable else 0), case.id
        for span in case.spans:
            assert span["quote"] in (course / span["note"]).read_text(encoding="utf-8"), case.id


def test_every_labelled_question_is_recognised_and_its_key_not_believed() -> None:
    for case in measured.read():
        found = read(case.text)
        assert isinstance(found, Pasted), case.id
        assert [o.text.rstrip(".") for o in found.options] == [o.rstrip(".") for o in case.options], case.id
        assert found.keyed == ("Correct answer:" in case.text), case.id
        assert set(case.key) <= {o.id for o in found.options}, case.id
        assert found.negative == (case.kind == "negative"), case.id


def test_right_means_the_whole_key_of_notes_that_hold_it() -> None:
    case = replace(measured.read()[0], kind="multi", key=("A", "C"))
    made = [measured.Result(case, True, choice, 0.1) for choice in (("A", "C"), ("A",), ("A", "B"), ())]
    assert [r.right for r in made] == [True, False, False, False]
    assert not measured.Result(replace(case, kind="absent"), True, ("A", "C"), 0.1).right
    figures = measured.figures(made)
    assert (figures["questions"], figures["answered"], figures["right"]) == (4, 3, 1)
    json.dumps(figures)
    assert np.isclose(made[0].seconds, 0.1)
