"""The teacher that needs no model: which statements it takes, in which order, with which subject, and when it abstains."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes import quiet

from ingest.build import ingest
from tutor import embed, session
from tutor import question as asking
from tutor.cues import defined_terms
from tutor.embed import Model
from tutor.extractive.candidates import Candidate, collect
from tutor.extractive.opening import misplaced, opened, sort
from tutor.extractive.select import select
from tutor.extractive.subject import FULL, names
from tutor.session import Tutor
from tutor.text import terms
from tutor.types import Answer, Hit, Passage, Unit

NOTES = {
    "press.md": """# Printing

## Letterpress

Letterpress is a way of printing in which raised type is inked and pressed on paper. It was the usual way for five
centuries. A press makes about 240 sheets an hour.

The steps to print a sheet are:

1. Set the type in a forme.
2. Ink the type with a roller.
3. Press the paper on the type.

## Offset

Offset is a way of printing in which ink goes from a plate to a rubber blanket and then to paper.

| Attribute | Letterpress | Offset |
| --- | --- | --- |
| Carrier | raised type | flat plate |
| Good for | short runs | long runs |

Offset does not need raised type, so its plates are cheap.

## Paper sizes

Sizes in use are:

- A4: 210 by 297 mm
- A5: 148 by 210 mm
""",
    "garden.txt": """Compost

Compost is decayed plant matter that feeds the soil. Turn the heap once a week so that air gets in.

Mulch

Mulch is a layer of straw or bark over the soil. It keeps water in during dry weeks.
""",
}


@pytest.fixture(scope="module")
def tutor(minilm: Model, tmp_path_factory: pytest.TempPathFactory) -> Tutor:
    folder = tmp_path_factory.mktemp("extractive")
    for name, text in NOTES.items():
        (folder / "notes").mkdir(exist_ok=True)
        (folder / "notes" / name).write_text(text, encoding="utf-8")
    ingest(folder / "index", [folder / "notes"], minilm, quiet, encoder=embed.question_encoder)
    return session.load(folder / "index")


def texts(answer: Answer) -> list[str]:
    return [" ".join(s.text.split()) for s in answer.statements]


def test_every_statement_is_verbatim_and_every_citation_stands(tutor: Tutor) -> None:
    for question in ("what is letterpress", "letterpress vs offset", "how do I print a sheet", "how many sheets an hour", "what does mulch do"):
        answer = tutor.ask(question)
        quotes = {c.number: c for c in answer.citations}
        assert answer.statements
        for c in answer.citations:
            assert tutor.note(c.note).text[c.start : c.end] == c.quote
        for s in answer.statements:
            assert any(s.text == quotes[n].quote for n in s.citations)
            assert not s.label or any(s.label in quotes[n].quote for n in s.citations)


def test_a_definition_leads(tutor: Tutor) -> None:
    answer = tutor.ask("what is letterpress?")
    assert answer.outcome == "answered"
    assert answer.statements[0].role == "lead"
    assert texts(answer)[0].startswith("Letterpress is a way of printing")
    assert answer.statements[0].label == ""


def test_a_comparison_tells_both_sides_first_and_then_the_table(tutor: Tutor) -> None:
    answer = tutor.ask("letterpress vs offset")
    assert [t.split(" is ")[0] for t in texts(answer)[:2]] == ["Letterpress", "Offset"]
    rows = [s for s in answer.statements if s.role == "row"]
    assert [(s.columns, s.cells) for s in rows] == [
        (("Attribute", "Letterpress", "Offset"), ("Carrier", "raised type", "flat plate")),
        (("Attribute", "Letterpress", "Offset"), ("Good for", "short runs", "long runs")),
    ]


TEACHING = {
    "a.md": """# Glazes

## What a glaze is

A glaze is like a raincoat for a pot: water runs off it. A glaze is a glassy layer that seals fired clay. Choose a
glaze when a pot must hold water.

## What slip is

Slip is clay thinned with water until it pours like cream.

## Drying racks

Racks, shelves and boards in a pottery differ in depth, and the racks by the window dry pots in two days.
""",
    "words.md": """# Words of the pottery

The words of glazes are:

- **Glaze**: A glaze is a coat of glass on clay, melted in the kiln, shiny or matt.
- **Kiln**: A kiln is an oven for clay.
""",
}


@pytest.fixture(scope="module")
def pottery(minilm: Model, tmp_path_factory: pytest.TempPathFactory) -> Tutor:
    folder = tmp_path_factory.mktemp("pottery")
    for name, text in TEACHING.items():
        (folder / name).write_text(text, encoding="utf-8")
    ingest(folder / "index", [folder], minilm, quiet, encoder=embed.question_encoder)
    return session.load(folder / "index")


SERVICES = {
    "services.md": """# Services of the shop

## Potworks Kilnmaster

Kilnmaster is confused with Dryfold; Kilnmaster fires pots, whereas Dryfold dries them. Choose Kilnmaster when many pots must
be fired in one night. Avoid Kilnmaster when a single pot is wanted; choose the small oven instead. Kilnmaster bills for every
hour of heat. Potworks Kilnmaster is a hired kiln that fires the pots of several shops at once.

## Potworks Dryfold

Dryfold bills for shelf space. Dryfold is confused with Kilnmaster; Dryfold only dries. Potworks Dryfold is a warm room that
dries pots on shelves before they are fired. Choose Dryfold when the air is damp. Avoid Dryfold when pots are glazed already.
Dryfold works like an airing cupboard.

## Shape drift

Shape drift is the slow change of a mold's shape over many casts. Shape drift is found by measuring every tenth cast.

## Kiln drift

Kiln drift is a loss of heat in old bricks, and has nothing to do with shape drift. The drift of a shape is noted in the book.
""",
}


@pytest.fixture(scope="module")
def shop(minilm: Model, tmp_path_factory: pytest.TempPathFactory) -> Tutor:
    folder = tmp_path_factory.mktemp("shop")
    for name, text in SERVICES.items():
        (folder / name).write_text(text, encoding="utf-8")
    ingest(folder / "index", [folder], minilm, quiet, encoder=embed.question_encoder)
    return session.load(folder / "index", model="")


@pytest.mark.parametrize(
    "question", ["what is {}?", "whats {}", "what does {} do?", "explain {}", "{}", "ok so what is {}", "tell me about {}", "what is Potworks {}?"]
)
@pytest.mark.parametrize(("name", "begins"), [("Kilnmaster", "Potworks Kilnmaster is a hired kiln"), ("Dryfold", "Potworks Dryfold is a warm room")])
def test_what_a_thing_is_leads_under_its_full_name_too(question: str, name: str, begins: str, shop: Tutor) -> None:
    answer = shop.ask(question.format(name))
    assert answer.outcome == "answered"
    assert texts(answer)[0].startswith(begins)


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("when should I use Kilnmaster?", "Choose Kilnmaster when"),
        ("when should I not use Kilnmaster?", "Avoid Kilnmaster when"),
        ("when shouldn't I use Dryfold?", "Avoid Dryfold when"),
        ("when shouldnt i use dryfold", "Avoid Dryfold when"),
        ("when do I use Dryfold?", "Choose Dryfold when"),
        ("how is Kilnmaster billed?", "Kilnmaster bills for"),
        ("how is dryfold billed", "Dryfold bills for"),
    ],
)
def test_an_answer_begins_with_the_sort_of_statement_that_was_asked_for(question: str, begins: str, shop: Tutor) -> None:
    for depth in ("explain", "line", "deep"):
        assert texts(shop.ask(question, depth=depth))[0].startswith(begins)


def test_what_a_thing_is_confused_with_leads_where_that_is_asked(shop: Tutor) -> None:
    query = asking.read("what is Kilnmaster confused with?", shop.index)
    drafts = collect(shop.context(query.text), shop.index.notes)
    confused = next(c for c in drafts if c.text.startswith("Kilnmaster is confused"))
    assert not misplaced(query, confused)
    assert misplaced(asking.read("what is Kilnmaster?", shop.index), confused)


def test_a_sentence_that_denies_the_topic_does_not_lead(shop: Tutor) -> None:
    query = asking.read("how is shape drift found", shop.index)
    drafts = collect(shop.context(query.text), shop.index.notes)
    denial, other = (next(i for i, c in enumerate(drafts) if c.text.startswith(words)) for words in ("Kiln drift is a loss", "Shape drift is found"))
    assert opened(query, drafts, np.zeros(len(drafts)), [denial, other]) == [other, denial]
    claim = asking.read("does kiln drift cause shape drift?", shop.index)
    assert opened(claim, drafts, np.zeros(len(drafts)), [denial, other]) == [denial, other]


def test_a_definition_takes_the_last_ones_turn_and_no_more(shop: Tutor) -> None:
    query = asking.read("what is Kilnmaster?", shop.index)
    drafts = collect(shop.context(query.text), shop.index.notes)
    defined = next(i for i, c in enumerate(drafts) if c.text.startswith("Potworks Kilnmaster is"))
    short = [i for i, c in enumerate(drafts) if i != defined][:3]
    scores = -np.arange(len(drafts), dtype=np.float64)
    assert opened(query, drafts, scores, short) == [defined, *short]
    assert opened(query, drafts, scores, [*short, defined]) == [defined, *short]


def test_a_longer_name_that_is_another_thing_is_not_the_same(shop: Tutor) -> None:
    query = asking.read("what is drift?", shop.index)
    drafts = collect(shop.context("drift of shapes and kilns"), shop.index.notes)
    kiln = next(c for c in drafts if c.text.startswith("Potworks Kilnmaster is"))
    assert names("Potworks Kilnmaster", frozenset(terms("kilnmaster")), kiln) == FULL
    assert names("a Kilnmaster", frozenset(terms("kilnmaster")), kiln) == 1.0
    assert names("Kilnmaster Potworks", frozenset(terms("kilnmaster")), kiln) == 0.0
    assert names("Great Kilnmaster", frozenset(terms("kilnmaster")), kiln) == 0.0
    assert sort(query) == "what"


def test_a_likeness_never_leads(pottery: Tutor) -> None:
    for question in ("what is a glaze?", "what does a glaze do for a pot"):
        assert not texts(pottery.ask(question))[0].startswith("A glaze is like")


def test_what_two_notes_define_is_said_once(pottery: Tutor) -> None:
    said = texts(pottery.ask("what is a glaze?"))
    assert sum("glassy layer" in t or "coat of glass" in t for t in said) == 1


def test_an_item_that_defines_another_term_is_no_answer_to_what_is(pottery: Tutor) -> None:
    query = asking.read("what is a glaze", pottery.index)
    drafts = collect(pottery.context(query.text), pottery.index.notes)
    kiln = next(i for i, c in enumerate(drafts) if c.text.startswith("A kiln is"))
    scores = np.array([float(i == kiln) for i in range(len(drafts))])
    assert kiln not in select(query, drafts, scores, fall=9.0)[1:]
    how = asking.read("how do I dry a glaze", pottery.index)
    assert kiln in select(how, drafts, scores, fall=9.0)


def test_a_lone_step_is_taken_only_where_steps_are_asked_for(tutor: Tutor) -> None:
    which, how = asking.read("which type goes into the forme", tutor.index), asking.read("how do I set type in a forme", tutor.index)
    drafts = collect(tutor.context("how do I set type in a forme"), tutor.index.notes)
    step = next(i for i, c in enumerate(drafts) if c.text.startswith("Ink the type"))
    scores = np.array([0.0 if i == step else -1.0 - k / 10 for k, i in enumerate(range(len(drafts)))])
    other = next(i for i, c in enumerate(drafts) if c.unit.kind == "sentence")
    scores[other] = 1.0
    assert step in select(how, drafts, scores, fall=3.0)
    assert step not in select(which, drafts, scores, fall=3.0)


def drafted(places: str) -> list[Candidate]:
    """Sentences of their own words, each standing in the section its letter names."""
    found = []
    for at, letter in enumerate(places):
        words = f"Alpha{at} beta{at} gamma{at} delta{at}."
        unit = Unit(0, len(words), "sentence", None, (), 5)
        passage = Passage("n.md", (letter,), 0, len(words), None, words, (unit,), ((0, 1),), 5)
        found.append(Candidate(Hit(passage, 0.0), unit, words, "", frozenset(terms(words)), frozenset(), frozenset(), tuple(terms(words)), at))
    return found


def test_an_answer_keeps_to_three_sections_unless_it_compares(tutor: Tutor) -> None:
    scores = np.array([5.0, 4.9, 4.8, 4.7, 4.6])
    other, compare = asking.read("could the press do it", tutor.index), asking.read("difference between ink and type", tutor.index)
    assert select(other, drafted("ABCDA"), scores, fall=9.0) == [0, 4, 1, 2]
    assert sorted(select(compare, drafted("ABCDA"), scores, fall=9.0)) == [0, 1, 2, 3, 4]


def test_a_list_may_be_longer_than_another_answer(tutor: Tutor) -> None:
    scores = 5.0 - np.arange(10) / 10
    for question, most in (("could the press do it", 6), ("what is ink", 6), ("how do I print a sheet", 8), ("difference between ink and type", 8)):
        assert len(select(asking.read(question, tutor.index), drafted("AAAAAAAAAA"), scores, fall=9.0)) == most


def test_the_best_ones_section_comes_before_a_slightly_better_stranger(tutor: Tutor) -> None:
    query = asking.read("could the press do it", tutor.index)
    assert select(query, drafted("ABA"), np.array([5.0, 4.5, 4.0]), fall=9.0) == [0, 2, 1]
    assert select(query, drafted("ABA"), np.array([5.0, 4.9, 4.0]), fall=9.0) == [0, 1, 2]
    assert select(query, drafted("ABA"), np.array([5.0, 4.5, 4.0]), fall=0.9) == [0, 2, 1]


def test_a_likeness_defines_nothing() -> None:
    assert defined_terms("A glaze is a glassy layer.") == {"glaze"}
    assert defined_terms("A glaze is like a raincoat.") == frozenset()


def test_a_comparison_tells_both_sides_though_one_scores_low(pottery: Tutor) -> None:
    query = asking.read("difference between a glaze and slip", pottery.index)
    drafts = collect(pottery.context(query.text), pottery.index.notes)
    slip = next(i for i, c in enumerate(drafts) if c.text.startswith("Slip is clay"))
    scores = np.array([-9.0 if i == slip else -k / 10 for k, i in enumerate(range(len(drafts)))])
    assert slip in select(query, drafts, scores, fall=2.0)
    alone = asking.read("what is a glaze", pottery.index)
    assert slip not in select(alone, drafts, scores, fall=2.0)


def test_steps_come_in_the_notes_order_under_their_lead_in(tutor: Tutor) -> None:
    steps = [s for s in tutor.ask("how do I print a sheet?").statements if s.role == "step"]
    assert [s.text for s in steps] == ["Set the type in a forme.", "Ink the type with a roller.", "Press the paper on the type."]
    assert {s.label for s in steps} == {"The steps to print a sheet are:"}


def test_a_number_question_gets_its_number(tutor: Tutor) -> None:
    answer = tutor.ask("how many sheets does a press make in an hour?")
    assert answer.outcome == "answered"
    assert "240 sheets" in texts(answer)[0]


def test_a_sentence_that_refers_back_is_given_its_subject(tutor: Tutor) -> None:
    answer = tutor.ask("what keeps water in during dry weeks")
    told = next(s for s in answer.statements if "keeps water in" in s.text)
    assert "Mulch is a layer" in told.text or told.label == "Mulch"


def test_a_false_premise_meets_the_notes_words(tutor: Tutor) -> None:
    answer = tutor.ask("since offset needs raised type its plates are dear, right?")
    assert "Offset does not need raised type, so its plates are cheap." in " ".join(texts(answer))


@pytest.mark.parametrize("question", ["who won the football world cup in 1998", "best recipe for tomato soup"])
def test_another_subject_is_absent_with_headings_and_nothing_said(question: str, tutor: Tutor) -> None:
    answer = tutor.ask(question)
    assert answer.outcome == "absent"
    assert answer.abstained
    assert answer.statements == ()
    assert answer.citations == ()
    assert answer.nearest
    assert answer.missing


def test_a_near_miss_is_not_answered_and_names_what_is_lacking(tutor: Tutor) -> None:
    answer = tutor.ask("how much does a letterpress machine cost in dollars")
    assert answer.abstained
    assert "dollars" in answer.missing


def test_the_same_question_gives_the_same_answer(tutor: Tutor) -> None:
    first, second = tutor.ask("letterpress vs offset"), tutor.ask("letterpress vs offset")
    assert (first.statements, first.citations) == (second.statements, second.citations)


def test_an_answer_stays_short(tutor: Tutor) -> None:
    for question in ("what is letterpress", "tell me about printing and compost and mulch and paper"):
        answer = tutor.ask(question)
        assert len(answer.statements) <= 8
        assert sum(len(s.text.split()) for s in answer.statements) <= 180


def test_no_socket_is_opened_to_answer(tutor: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*arguments: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert tutor.ask("what is compost").outcome == "answered"


def test_the_fitted_numbers_name_the_command_that_makes_them() -> None:
    import json

    for path in (Path(session.__file__).parent / "data").glob("*.json"):
        assert json.loads(path.read_text(encoding="utf-8"))["made_by"].startswith("python -m evals calibrate")
