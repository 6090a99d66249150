"""An answer in one line, in depth and with an analogy: from the notes' own words, and from what they hold around them."""

from __future__ import annotations

from typing import get_args

import pytest
from fakes import quiet

from ingest.build import ingest
from tutor import embed, session
from tutor.embed import Model
from tutor.extractive.teacher import NO_ANALOGY, NO_MODEL
from tutor.session import Tutor
from tutor.types import Answer, Depth

NOTES = {
    "drying.md": """# Drying pots

## What leather-hard clay is

Leather-hard clay is clay that has dried so far that it keeps its shape but can still be cut. Leather-hard clay is like
cold butter: it takes a knife and does not sag. Trimming matters because a thick foot cracks in the kiln.

Choose leather-hard clay when handles are to be joined, because both parts shrink alike. Avoid joining to bone-dry clay;
it takes up water and crumbles. A common misconception is that leather-hard clay may be fired at once; in fact, the water
in it turns to steam and bursts the pot. For example, a mug trimmed at noon waits two days before it is fired.

## Wheels and tables

A wheel stands by the window. It belongs to the school. The table is made of oak, and nobody remembers who built it.
""",
    "glazes.md": """# Glazes

## Ash glaze

Ash glaze is a glaze whose flux is the ash of wood or straw. Ash glaze melts at about 1,240 degrees.

## Tin glaze

Tin glaze is a glaze that is made white and opaque by tin oxide. Tin glaze hides a red body, whereas ash glaze shows it.

The steps to glaze a bowl are:

1. Brush the dust off the bowl.
2. Wax the foot of the bowl.
3. Dip the bowl for three seconds.
4. Wipe the foot with a sponge.
""",
    "clay.md": """# Clay

## Grog

Grog is fired clay that has been ground and is mixed into fresh clay, which keeps large pots from cracking. Grog works
like gravel in concrete: it takes the strain.
""",
}


@pytest.fixture(scope="module")
def tutor(minilm: Model, tmp_path_factory: pytest.TempPathFactory) -> Tutor:
    folder = tmp_path_factory.mktemp("depth")
    for name, text in NOTES.items():
        (folder / name).write_text(text, encoding="utf-8")
    ingest(folder / "index", [folder], minilm, quiet, encoder=embed.question_encoder)
    return session.load(folder / "index", model="")


def texts(answer: Answer) -> list[str]:
    return [" ".join(s.text.split()) for s in answer.statements]


def whole(answer: Answer) -> str:
    return " ".join(texts(answer))


QUESTIONS = (
    "What is leather-hard clay?",
    "ash glaze vs tin glaze",
    "how do I glaze a bowl?",
    "what is grog",
    "at how many degrees does ash glaze melt",
    "why trim a pot",
)


@pytest.mark.parametrize("depth", get_args(Depth))
def test_at_every_depth_the_words_are_the_notes_and_no_number_is_skipped(depth: Depth, tutor: Tutor) -> None:
    for question in QUESTIONS:
        answer = tutor.ask(question, depth=depth)
        assert answer.depth == depth
        assert answer.statements
        for c in answer.citations:
            assert tutor.note(c.note).text[c.start : c.end] == c.quote
        quotes = {c.number: c.quote for c in answer.citations}
        assert all(any(s.text in quotes[n] for n in s.citations) for s in answer.statements)
        assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
        assert len(set(texts(answer))) == len(answer.statements)


@pytest.mark.parametrize("depth", get_args(Depth))
def test_whether_the_notes_answer_does_not_depend_on_the_depth(depth: Depth, tutor: Tutor) -> None:
    for question in (*QUESTIONS, "who won the football world cup in 1998", "how much does grog cost in dollars", "best recipe for tomato soup"):
        plain, other = tutor.ask(question), tutor.ask(question, depth=depth)
        assert (plain.outcome, plain.nearest, plain.missing) == (other.outcome, other.nearest, other.missing)


def test_a_line_is_one_whole_sentence(tutor: Tutor) -> None:
    for question, begins in (
        ("What is leather-hard clay?", "Leather-hard clay is clay that has dried"),
        ("When should I use leather-hard clay?", "Choose leather-hard clay when handles"),
        ("at how many degrees does ash glaze melt", "Ash glaze melts at about 1,240 degrees."),
        ("what is grog", "Grog is fired clay"),
    ):
        answer = tutor.ask(question, depth="line")
        assert len(answer.statements) == 1
        assert texts(answer)[0].startswith(begins)
        assert len(texts(answer)[0].split()) <= 40
        assert answer.statements[0].role in ("lead", "number")


def test_a_line_of_a_comparison_tells_the_difference(tutor: Tutor) -> None:
    assert texts(tutor.ask("ash glaze vs tin glaze", depth="line")) == ["Tin glaze hides a red body, whereas ash glaze shows it."]


def test_a_line_of_a_comparison_that_the_notes_do_not_draw_says_what_each_is(tutor: Tutor) -> None:
    said = texts(tutor.ask("difference between grog and tin glaze", depth="line"))
    assert [s.split(" is ")[0] for s in said] == ["Grog", "Tin glaze"]


def test_a_line_of_steps_is_the_first_under_its_lead_in(tutor: Tutor) -> None:
    (step,) = tutor.ask("how do I glaze a bowl?", depth="line").statements
    assert (step.text, step.label) == ("Brush the dust off the bowl.", "The steps to glaze a bowl are:")


def test_a_line_about_what_is_near_is_one_statement_with_its_own_footnotes(tutor: Tutor) -> None:
    near = tutor.ask("how much does grog cost in dollars", depth="line")
    assert near.outcome != "answered"
    assert len(near.statements) <= 1
    assert [c.number for c in near.citations] == sorted({n for s in near.statements for n in s.citations}) == list(range(1, len(near.citations) + 1))


def test_in_depth_adds_what_rounds_off_and_strays_nowhere(tutor: Tutor) -> None:
    plain, deep = tutor.ask("What is leather-hard clay?"), tutor.ask("What is leather-hard clay?", depth="deep")
    assert texts(deep)[0].startswith("Leather-hard clay is clay that has dried")
    assert sum(len(t.split()) for t in texts(deep)) > sum(len(t.split()) for t in texts(plain))
    for words in ("A common misconception is", "Choose leather-hard clay when", "Avoid joining", "For example, a mug"):
        assert words in whole(deep)
    assert "wheel" not in whole(deep)
    assert "oak" not in whole(deep)


def test_in_depth_has_limits_and_keeps_lists_whole(tutor: Tutor) -> None:
    for question in QUESTIONS:
        answer = tutor.ask(question, depth="deep")
        assert len(answer.statements) <= 14
        assert sum(len(t.split()) for t in texts(answer)) <= 330
        assert len({(c.note, c.heading) for c in answer.citations}) <= 5
        steps = [s.text for s in answer.statements if s.text in NOTES["glazes.md"] and s.label == "The steps to glaze a bowl are:"]
        assert len(steps) in (0, 4)
    assert [s.text for s in tutor.ask("how do I glaze a bowl?", depth="deep").statements if s.role == "step"] == [
        "Brush the dust off the bowl.",
        "Wax the foot of the bowl.",
        "Dip the bowl for three seconds.",
        "Wipe the foot with a sponge.",
    ]


def test_a_sentence_that_refers_back_comes_with_what_it_refers_to(tutor: Tutor) -> None:
    for question in (*QUESTIONS, "where is the wheel"):
        said = whole(tutor.ask(question, depth="deep"))
        assert "It belongs to the school." not in said or "A wheel stands by the window. It belongs" in said


def test_an_analogy_leads_and_the_explanation_follows(tutor: Tutor) -> None:
    answer = tutor.ask("What is leather-hard clay?", depth="analogy")
    assert texts(answer)[0].startswith("Leather-hard clay is like cold butter")
    assert answer.statements[0].role == "lead"
    assert texts(answer)[1].startswith("Leather-hard clay is clay that has dried")
    assert sum("cold butter" in t for t in texts(answer)) == 1
    assert answer.remark == ""
    assert texts(tutor.ask("what is grog", depth="analogy"))[0].startswith("Grog works like gravel")


def test_where_the_notes_draw_no_analogy_the_explanation_stands_and_says_so(tutor: Tutor) -> None:
    for question in ("What is tin glaze?", "how do I glaze a bowl?"):
        plain, answer = tutor.ask(question), tutor.ask(question, depth="analogy")
        assert (answer.statements, answer.citations) == (plain.statements, plain.citations)
        assert answer.remark == NO_ANALOGY


@pytest.fixture(scope="module")
def forest(minilm: Model, tmp_path_factory: pytest.TempPathFactory) -> Tutor:
    folder = tmp_path_factory.mktemp("forest")
    (folder / "forest.md").write_text(FOREST, encoding="utf-8")
    ingest(folder / "index", [folder], minilm, quiet, encoder=embed.question_encoder)
    return session.load(folder / "index", model="")


FOREST = """# Woods

## Old wood

An old wood is a wood of trees that were never felled. Choose an old wood when quiet is wanted.

## Old cut wood

Old cut wood is timber that has lain for years. Old cut wood is like stale bread: dry and light. Old cut wood costs two coins.

## Wardens of the wood

A warden is like a shepherd of trees. A night warden is a warden who walks the wood after dark. A night warden bills by the
hour. Night wardens exist because trees are stolen after dark.

## Night wardens in winter

A night warden charges double by the hour in winter. The steps of a round are:

1. Light the lamp.
2. Walk the night warden's path.
3. Write the log.
"""


def test_an_analogy_is_that_of_the_head_noun_and_never_that_of_a_longer_name(forest: Tutor) -> None:
    assert texts(forest.ask("what is a night warden?", depth="analogy"))[0].startswith("A warden is like a shepherd")
    wood = forest.ask("what is an old wood?", depth="analogy")
    assert not texts(wood)[0].startswith("Old cut wood is like")
    assert wood.remark == NO_ANALOGY or "is like" in whole(wood)


def test_no_answer_that_shows_a_likeness_denies_that_there_is_one(forest: Tutor, tutor: Tutor) -> None:
    for one, questions in ((tutor, QUESTIONS), (forest, ("what is old cut wood", "what is a warden", "what is an old wood"))):
        for question in questions:
            answer = one.ask(question, depth="analogy")
            assert ("is like" in whole(answer) or "works like" in whole(answer)) == (answer.remark != NO_ANALOGY)


def test_in_depth_tells_a_things_price_once_and_a_list_whole_or_not_at_all(forest: Tutor) -> None:
    for question in ("what is a night warden?", "night warden", "explain night wardens"):
        answer = forest.ask(question, depth="deep")
        assert texts(answer)[0].startswith("A night warden is a warden")
        assert ("bills by the hour" in whole(answer)) + ("charges double" in whole(answer).replace("\n", " ")) <= 1
        assert sum(step in whole(answer) for step in ("Light the lamp.", "Walk the night", "Write the log.")) in (0, 3)


def test_in_depth_a_comparison_says_what_both_sides_are(tutor: Tutor) -> None:
    said = whole(tutor.ask("grog vs tin glaze", depth="deep"))
    assert "Grog is fired clay" in said
    assert "Tin glaze is a glaze" in said


def test_an_analogy_for_another_thing_is_none(tutor: Tutor) -> None:
    assert "gravel" not in whole(tutor.ask("What is leather-hard clay?", depth="analogy"))
    assert "butter" not in whole(tutor.ask("what is grog", depth="analogy"))


def test_without_a_model_socratic_explains_and_says_what_it_needs(tutor: Tutor) -> None:
    plain, answer = tutor.ask("what is grog"), tutor.ask("what is grog", depth="socratic")
    assert (answer.statements, answer.citations) == (plain.statements, plain.citations)
    assert answer.remark == NO_MODEL
    assert plain.remark == ""
