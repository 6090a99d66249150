"""Structure in, passages out: what each kind of line becomes, where exactly it stands, and what never gets in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from fakes import spans_hold
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.blocks import sections
from ingest.lines import classify, is_furniture
from ingest.read import File, read
from ingest.split import LIMIT, TARGET, split
from tutor.embed import Count
from tutor.text import fold
from tutor.types import Note, Passage

QUOKKA = "The quokka lives on Rottnest Island. It is a small marsupial."
WOMBAT = "The wombat digs a burrow. It sleeps all day."

Cut = Callable[..., list[Passage]]


@dataclass(frozen=True)
class Said:
    """A unit in words: its text, its kind, and the words of its label and cells."""

    text: str
    kind: str
    label: str | None = None
    cells: tuple[str, ...] = ()


@pytest.fixture
def cut(count: Count) -> Cut:
    """Split a text, having checked that every offset is true and that nothing is said twice."""

    def do(text: str, markdown: bool = True, start: int = 0, **sizes: int) -> list[Passage]:
        note = Note("note", "note", text)
        found = split(note, count, markdown, start, **sizes)
        invariants(note, found, count, sizes.get("limit", LIMIT))
        return found

    return do


def invariants(note: Note, found: list[Passage], count: Count, limit: int = LIMIT) -> None:
    """What holds for the passages of any note."""
    spans_hold(note, found)
    assert [p.tokens for p in found] == count([p.text for p in found])
    for before, after in pairwise(found):
        assert before.end <= after.start
    for p in found:
        assert p.text.strip()
        for before, after in pairwise(p.units):
            assert before.end <= after.start
        if not any(u.kind == "code" for u in p.units):
            assert p.tokens <= limit
    assert len({fold(p.text) for p in found}) == len(found)


def outline(found: list[Passage]) -> list[tuple[tuple[str, ...], str]]:
    return [(p.heading, p.text) for p in found]


def said(text: str, found: list[Passage]) -> list[Said]:
    """The units of all passages."""
    return [
        Said(text[u.start : u.end], u.kind, text[slice(*u.label)] if u.label else None, tuple(text[a:b] for a, b in u.cells)) for p in found for u in p.units
    ]


# --- headings --------------------------------------------------------------------------------------------------------


def test_markdown_headings_make_a_path(cut: Cut) -> None:
    text = f"Before any.\n\n# One\n\n{QUOKKA}\n\n## Two ##\n\n{WOMBAT}\n\n#### Deep\n\nThe zebra runs.\n\n## Three\n\nThe emu stands.\n\n# Four\n\nThe end is near.\n"
    assert outline(cut(text)) == [
        ((), "Before any."),
        (("One",), QUOKKA),
        (("One", "Two"), WOMBAT),
        (("One", "Two", "Deep"), "The zebra runs."),
        (("One", "Three"), "The emu stands."),
        (("Four",), "The end is near."),
    ]


def test_setext_headings(cut: Cut) -> None:
    text = f"One\n===\n\n{QUOKKA}\n\nTwo\n---\n\n{WOMBAT}\n\n## Three\n\nThe zebra runs.\n"
    assert outline(cut(text)) == [(("One",), QUOKKA), (("One", "Two"), WOMBAT), (("One", "Three"), "The zebra runs.")]


def test_a_rule_is_no_heading(cut: Cut) -> None:
    assert outline(cut("# One\n\nFirst.\n\n---\n\nSecond.\n\n***\n\nThird.\n"))[0][0] == ("One",)
    assert [p.heading for p in cut("# One\n\nFirst.\n\n---\n\nSecond.\n")] == [("One",)]


def test_a_line_that_is_all_bold_is_a_heading_and_with_a_colon_a_lead_in(cut: Cut) -> None:
    text = f"# One\n\n**Two**\n\n{QUOKKA}\n\n**Mind this:**\n\n{WOMBAT}\n"
    found = cut(text)
    assert [p.heading for p in found] == [("One", "Two"), ("One", "Two")]
    assert said(text, found[1:]) == [Said("The wombat digs a burrow.", "sentence", "**Mind this:**"), Said("It sleeps all day.", "sentence", "**Mind this:**")]


def test_an_anchor_is_no_part_of_a_heading_and_an_empty_heading_is_none(cut: Cut) -> None:
    assert outline(cut(f'# <a name="x"></a> One\n\n{QUOKKA}\n\n#\n\n{WOMBAT}\n')) == [(("One",), QUOKKA), (("One",), WOMBAT)]


@pytest.mark.parametrize("text", ["#hashtag is a word.\n", "C# is a language.\n", "\\# escaped\n"])
def test_a_hash_that_is_no_heading(text: str, cut: Cut) -> None:
    assert [p.heading for p in cut(text)] == [()]


def test_plain_text_headings_are_short_lines_of_their_own(cut: Cut) -> None:
    text = f"Chapter 1: Animals\n\nQuokkas\n\n{QUOKKA}\n\nWombats and their kin\n\n{WOMBAT}\n\nChapter 2: Plants\n\nThe gum tree grows fast.\n"
    assert outline(cut(text, markdown=False)) == [
        (("Chapter 1: Animals", "Quokkas"), QUOKKA),
        (("Chapter 1: Animals", "Wombats and their kin"), WOMBAT),
        (("Chapter 2: Plants",), "The gum tree grows fast."),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Just a sentence.",
        "and so on",
        "Is it, or,",
        "x",
        "It ends with a colon:",
        "http://example.org/page",
        "a = b + c",
        "Far too many words to be the heading of anything that anybody would ever want to read",
    ],
)
def test_a_line_of_its_own_that_is_no_heading(line: str, cut: Cut) -> None:
    found = cut(f"Animals\n\n{QUOKKA}\n\n{line}\n\n{WOMBAT}\n", markdown=False)
    assert {p.heading for p in found} == {("Animals",)}


def test_the_same_lines_in_markdown_are_no_headings(cut: Cut) -> None:
    assert {p.heading for p in cut(f"Quokkas\n\n{QUOKKA}\n\nWombats\n\n{WOMBAT}\n")} == {()}


def test_numbered_headings_and_numbered_lists(cut: Cut) -> None:
    text = f"1. Introduction\n\n{QUOKKA}\n\n2.1 Wombats\n\n{WOMBAT}\n\n3) Zebras\n\nThe zebra runs.\n"
    assert outline(cut(text, markdown=False)) == [(("1. Introduction",), QUOKKA), (("2.1 Wombats",), WOMBAT), (("3) Zebras",), "The zebra runs.")]
    for gap in ("\n", "\n\n"):
        text = f"Making tea\n\n1. Boil the water{gap}2. Add the leaves{gap}3. Wait a while\n"
        found = cut(text, markdown=False)
        assert {p.heading for p in found} == {("Making tea",)}
        assert said(text, found) == [Said("Boil the water", "step"), Said("Add the leaves", "step"), Said("Wait a while", "step")]


def test_heading_words_are_the_notes_own(cut: Cut) -> None:
    text = "#   Spaced\t out  #\n\nWords.\n"
    (found,) = cut(text)
    assert found.heading == ("Spaced out",)
    assert text[slice(*found.headings_at[0])] == "Spaced\t out"


# --- lists -----------------------------------------------------------------------------------------------------------


def test_items_have_their_lead_in_and_nested_items_their_parent(cut: Cut) -> None:
    text = "# Food\n\nA quokka eats:\n\n- leaves\n- bark\n  - of trees\n    - of gum trees\n  - of shrubs\n* roots\n\nIt sleeps by day.\n"
    lead = "A quokka eats:"
    found = cut(text)
    assert said(text, found) == [
        Said(lead, "sentence"),
        Said("leaves", "item", lead),
        Said("bark", "item", lead),
        Said("of trees", "item", "bark"),
        Said("of gum trees", "item", "of trees"),
        Said("of shrubs", "item", "bark"),
        Said("roots", "item", lead),
        Said("It sleeps by day.", "sentence"),
    ]
    assert len(found) == 1  # the lead-in stays with its list


def test_a_lead_in_is_never_parted_from_its_first_item(cut: Cut) -> None:
    """However full the passage is when the list begins."""
    for words in range(1, 40):
        text = f"The {'island ' * words}is long.\n\nA quokka of the island eats these:\n\n- green leaves of the tree\n- brown bark of the tree\n"
        (found,) = [p for p in cut(text) if "eats these" in p.text]
        assert "green leaves" in found.text, words


def test_only_the_last_sentence_before_a_list_leads_in(cut: Cut) -> None:
    text = "The quokka is small. It eats these:\n- leaves\n- bark\n"
    assert said(text, cut(text))[2:] == [Said("leaves", "item", "It eats these:"), Said("bark", "item", "It eats these:")]


def test_a_list_without_a_lead_in_has_no_label(cut: Cut) -> None:
    text = "# Food\n\nIt eats a lot.\n\n- leaves\n- bark\n"
    assert said(text, cut(text)) == [Said("It eats a lot.", "sentence"), Said("leaves", "item"), Said("bark", "item")]


def test_a_lead_in_does_not_reach_past_the_next_paragraph_or_heading(cut: Cut) -> None:
    text = "It eats:\n\n- leaves\n\nA pause.\n\n- unrelated\n\nIt drinks:\n\n## Other\n\n- apart\n"
    labels = {s.text: s.label for s in said(text, cut(text))}
    assert labels == {"It eats:": None, "leaves": "It eats:", "A pause.": None, "unrelated": None, "It drinks:": None, "apart": None}


def test_steps_are_ordered_items_and_keep_their_second_line(cut: Cut) -> None:
    text = "To make tea:\n\n1. Boil water.\n2. Add leaves.\n   Stir them well.\n3) Wait.\n"
    assert said(text, cut(text))[1:] == [
        Said("Boil water.", "step", "To make tea:"),
        Said("Add leaves.\n   Stir them well.", "step", "To make tea:"),
        Said("Wait.", "step", "To make tea:"),
    ]


@pytest.mark.parametrize("mark", ["-", "*", "+", "•", "–", "▪"])
def test_bullets(mark: str, cut: Cut) -> None:
    text = f"It eats:\n{mark} leaves\n{mark} bark\n"
    assert said(text, cut(text, markdown=False))[1:] == [Said("leaves", "item", "It eats:"), Said("bark", "item", "It eats:")]


@pytest.mark.parametrize(
    ("item", "quoted"),
    [
        ("**Quokka**: A quokka is a small wallaby.", "A quokka is a small wallaby."),
        ("**Confused with**: Quokkas are confused with potoroos.", "Quokkas are confused with potoroos."),
        ("**Diet**: Quokkas eat green leaves.", "**Diet**: Quokkas eat green leaves."),
        ("**Quokka**: eats green leaves.", "**Quokka**: eats green leaves."),
    ],
)
def test_an_item_whose_sentence_says_its_label_is_quoted_without_it(cut: Cut, item: str, quoted: str) -> None:
    text = f"The animals are:\n\n- {item}\n"
    assert said(text, cut(text))[-1].text == quoted


def test_a_long_item_is_quoted_by_sentences_under_its_term(cut: Cut) -> None:
    sentences = [f"Sentence {i} says that a quokka eats green leaves and bark." for i in range(8)]
    text = f"- **Quokka**: {' '.join(sentences)}\n"
    found = said(text, cut(text))
    assert [s.text for s in found] == [f"**Quokka**: {sentences[0]}", *sentences[1:]]
    assert [s.label for s in found] == [None] + ["**Quokka**"] * 7


# --- tables ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "table",
    [
        "| Animal | Food |\n|---|:--:|\n| Quokka | leaves |\n| Wombat | grass |\n",
        "|Animal|Food|\n|-|-|\n|Quokka|leaves|\n|Wombat|grass|\n",
        "| Animal | Food\n| --- | ---\n| Quokka | leaves\n| Wombat | grass\n",
        "Animal | Food\n--- | ---\nQuokka | leaves\nWombat | grass\n",
    ],
    ids=["bars", "tight", "no closing bars", "no outer bars"],
)
def test_pipe_tables(table: str, cut: Cut) -> None:
    text = f"# Zoo\n\n{table}\nAfter it.\n"
    header = next(line for line in table.split("\n")).strip("| ")
    found = said(text, cut(text))
    assert [(s.kind, s.label, s.cells) for s in found[:-1]] == [("row", header, ("Quokka", "leaves")), ("row", header, ("Wombat", "grass"))]
    assert found[-1] == Said("After it.", "sentence")


def test_a_table_of_three_columns_without_outer_bars(cut: Cut) -> None:
    text = "Animal | Food | Home\n--- | --- | ---\nQuokka | leaves | Rottnest\n"
    assert said(text, cut(text)) == [Said("Quokka | leaves | Rottnest", "row", "Animal | Food | Home", ("Quokka", "leaves", "Rottnest"))]


def test_empty_cells_and_escaped_bars(cut: Cut) -> None:
    text = "| A | B | C |\n|---|---|---|\n| one | | three |\n| x \\| y | z | |\n| | b | c |\n"
    assert [s.cells for s in said(text, cut(text))] == [("one", "", "three"), ("x \\| y", "z", ""), ("", "b", "c")]  # as many as the header has


def test_a_table_is_cut_between_rows_and_every_row_keeps_its_header(cut: Cut) -> None:
    rows = [f"| Animal number {i} | eats the leaves of tree number {i} |" for i in range(30)]
    text = "\n".join(["| Animal | Food |", "| --- | --- |", *rows, ""])
    found = cut(text)
    assert len(found) > 3
    assert [s.text for s in said(text, found)] == [row.strip("| ") for row in rows]
    assert {s.label for s in said(text, found)} == {"Animal | Food"}


def test_tables_whose_cells_extraction_glued_together(cut: Cut) -> None:
    text = "Animals compared\n\nAnimalFoodHome\nQuokkaLeavesRottnest\nWombatGrassVictoria\nZebraGrassKenya\n\nAfter the table there is text.\n"
    header = "AnimalFoodHome"
    assert said(text, cut(text, markdown=False)) == [
        Said("QuokkaLeavesRottnest", "row", header, ("Quokka", "Leaves", "Rottnest")),
        Said("WombatGrassVictoria", "row", header, ("Wombat", "Grass", "Victoria")),
        Said("ZebraGrassKenya", "row", header, ("Zebra", "Grass", "Kenya")),
        Said("After the table there is text.", "sentence"),
    ]


def test_tables_whose_cells_a_space_parts(cut: Cut) -> None:
    text = "Animals compared\n\nAnimal Food Home\nQuokka leaves Rottnest\nWombat grass Victoria\nZebra grass Kenya\n\nAfter the table there is text.\n"
    found = said(text, cut(text, markdown=False))
    assert [(s.text, s.kind, s.label, s.cells) for s in found[:-1]] == [
        (row, "row", "Animal Food Home", ()) for row in ("Quokka leaves Rottnest", "Wombat grass Victoria", "Zebra grass Kenya")
    ]


def test_a_name_that_the_note_writes_as_one_word_is_not_cut(cut: Cut) -> None:
    text = "Tools\n\nToolUse\nSageMakerTrains models\nAutoGluonTabular data\n\nSageMaker and AutoGluon are tools. SageMaker is the older one, AutoGluon the newer.\n"
    rows = [s for s in said(text, cut(text, markdown=False)) if s.kind == "row"]
    assert [s.cells for s in rows] == [("SageMaker", "Trains models"), ("AutoGluon", "Tabular data")]


# --- code ------------------------------------------------------------------------------------------------------------


def test_code_is_kept_whole_and_read_as_nothing_else(cut: Cut) -> None:
    code = "import os\n\n# not a heading\n- not an item\n| not | a row |\n\nprint('x.  Y. Z.')"
    text = f"# One\n\nRun this:\n\n```python\n{code}\n```\n\nDone.\n"
    assert said(text, cut(text)) == [Said("Run this:", "sentence"), Said(code, "code", "Run this:"), Said("Done.", "sentence")]


def test_long_code_is_kept_whole_over_the_limit(cut: Cut, count: Count) -> None:
    code = "\n".join(f"line_{i} = compute({i}) + compute({i + 1})" for i in range(80))
    text = f"# One\n\nBefore.\n\n~~~\n{code}\n~~~\n\nAfter.\n"
    found = cut(text)
    assert count([code])[0] > 2 * LIMIT
    assert Said(code, "code") in said(text, found)
    assert [p.text for p in found if "line_0" in p.text] == [p.text for p in found if "line_79" in p.text]


def test_an_open_fence_reaches_to_the_end(cut: Cut) -> None:
    text = "# One\n\n```\n# not a heading\n- no item"
    assert said(text, cut(text)) == [Said("# not a heading\n- no item", "code")]


# --- what does not get in --------------------------------------------------------------------------------------------


def test_front_matter_is_skipped_and_offsets_are_the_files(tmp_path: Path, count: Count) -> None:
    text = f"---\ntitle: A title\nasks:\n  One: [what is that]\n---\n# One\n\n{QUOKKA}\n"
    (tmp_path / "a.md").write_bytes(text.encode())
    reading = read(File(tmp_path / "a.md", "a.md"))
    assert reading.note.text == text
    assert reading.note.title == "A title"
    assert reading.asks == (("One", ("what is that",)),)
    (found,) = split(reading.note, count, reading.markdown, reading.start)
    assert (found.start, found.end) == (text.index(QUOKKA), text.index(QUOKKA) + len(QUOKKA))
    assert found.headings_at == ((text.index("# One") + 2, text.index("# One") + 5),)


FURNITURE = (
    "Skip to main content", "Skip to content", "Home", "Menu", "Search", "Sign in", "Sign up", "Log in", "Loading...", "Loading Diagram...", "Loading comments…", "Table of contents",
    "Back to top", "Previous", "Next", "Next page", "Read more", "Continue reading", "Share on Facebook", "Copy link", "Copy code", "Subscribe now", "Advertisement", "Accept all cookies",
    "We use cookies to improve your visit.", "Privacy policy", "All rights reserved.", "© 2024 The Zoo", "Copyright 2024 The Zoo", "Posted on 3 May 2024", "Last updated on 3 May 2024",
    "5 min read", "Page 3 of 12", "12", "3 / 12", "Introduction ........ 3", "Chapter two . . . . . . 14", "Appendix…12", "Quokkas\t\t7", "![a picture](x.png)", "![a picture][ref]",
    '<a name="top"></a>', "<!-- hidden -->",
)  # fmt: skip


@pytest.mark.parametrize("markdown", [True, False])
@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_does_not_get_in(line: str, markdown: bool, cut: Cut) -> None:
    assert is_furniture(line)
    text = f"# Zoo\n\n{QUOKKA}\n\n{line}\n\n{WOMBAT}\n"
    found = cut(text, markdown=markdown)
    assert [p.text for p in found] == [QUOKKA, WOMBAT]  # and the gap parts the passages, so that no quote runs across it
    assert {p.heading for p in found} == {("Zoo",)}


@pytest.mark.parametrize(
    "line",
    [
        "Home is where the quokka lives.",
        "Search engines find things.",
        "Loading a truck takes an hour.",
        "Share prices fell in 1929.",
        "Next, the wombat digs.",
        "Copyright protects works of authors for a long time.",
        "Copyright lasts for 70 years.",
        "Updated figures put it at 1500",
        "Menu costs are the costs of changing prices.",
        "Sign language has its own grammar.",
        "Registers hold the words that a processor works on.",
        "Wait... 3 quokkas?",
        "Printing came to Europe.",
        "Contents under pressure burst.",
    ],
)
def test_sentences_that_begin_like_furniture_do(line: str, cut: Cut) -> None:
    text = f"# Zoo\n\n{line}\n"
    assert " ".join(s.text for s in said(text, cut(text))) == line


def test_lists_of_links_do_not_get_in(cut: Cut) -> None:
    text = f"# Zoo\n\n- [Quokkas](#quokkas)\n- [Wombats](#wombats)\n- [Elsewhere](https://example.org)\n- [Read](x.md) this on quokkas\n\n{QUOKKA}\n"
    assert [s.text for s in said(text, cut(text))] == ["[Read](x.md) this on quokkas", "The quokka lives on Rottnest Island.", "It is a small marsupial."]


def test_repeats_within_a_note_are_dropped(cut: Cut) -> None:
    long = "This same paragraph stands at the foot of every page."
    text = f"# One\n\n{QUOKKA}\n\n{long}\n\n# Two\n\n{WOMBAT}\n\n{long}\n\n# Three\n\n{QUOKKA}\n\n**{long.upper()}**\n"
    found = cut(text)
    assert "".join(p.text for p in found).count("This same paragraph") == 1
    assert "".join(p.text for p in found).count(QUOKKA) == 1
    assert [p.heading for p in found] == [("One",), ("One",), ("Two",)]


def test_a_dropped_repeat_parts_passages(cut: Cut) -> None:
    """No quote runs across what is left out."""
    long = "This same paragraph stands at the foot of every page."
    found = cut(f"# One\n\n{long}\n\nFirst.\n\n{long}\n\nSecond.\n")
    assert [p.text for p in found] == [f"{long}\n\nFirst.", "Second."]


def test_flashcards_become_a_question_with_its_answer(cut: Cut) -> None:
    text = "Question\nWhat does a quokka eat?\nAnswer\nLeaves and bark of shrubs.\n\nQuestion:\nWhere does it live?\nAnswer:\nOn Rottnest Island.\n"
    assert outline(cut(text, markdown=False)) == [
        (("What does a quokka eat?",), "Leaves and bark of shrubs."),
        (("Where does it live?",), "On Rottnest Island."),
    ]


def test_the_answer_of_a_flashcard_may_be_a_number(cut: Cut) -> None:
    """It looks like a page number, but it is what the card is for."""
    text = "Question\nHow many pairs of chromosomes has a human cell?\nAnswer\n23\n\nQuestion\nWhere does a quokka live?\nAnswer\nOn Rottnest Island.\n"
    assert outline(cut(text, markdown=False))[0] == (("How many pairs of chromosomes has a human cell?",), "23")


# --- wrapped lines and sizes -----------------------------------------------------------------------------------------


def test_markdown_lines_are_joined_and_hard_breaks_kept(cut: Cut) -> None:
    text = "The quokka lives\non Rottnest\nIsland.\n\nLine one  \nLine two\n"
    assert [s.text for s in said(text, cut(text))] == ["The quokka lives\non Rottnest\nIsland.", "Line one", "Line two"]


def test_wrapped_plain_text_is_joined(cut: Cut) -> None:
    text = (
        "Quokkas\n\nThe quokka lives on Rottnest Island and it is a small\nmarsupial that eats leaves and bark. It sleeps by day\nand wakes at night when the air is cool and the wind\n"
        "is low. Its young stay in the pouch for half a year\nand then follow the mother. They are not shy of\npeople at all.\n"
    )
    assert [" ".join(s.text.split()) for s in said(text, cut(text, markdown=False))] == [
        "The quokka lives on Rottnest Island and it is a small marsupial that eats leaves and bark.",
        "It sleeps by day and wakes at night when the air is cool and the wind is low.",
        "Its young stay in the pouch for half a year and then follow the mother.",
        "They are not shy of people at all.",
    ]


def test_lines_that_are_facts_of_their_own_are_not_joined(cut: Cut) -> None:
    text = "Facts\n\nQuokkas live on islands.\nWombats live in burrows.\nEmus live on the plain.\n"
    assert [s.text for s in said(text, cut(text, markdown=False))] == ["Quokkas live on islands.", "Wombats live in burrows.", "Emus live on the plain."]


def test_a_long_paragraph_is_cut_at_sentence_ends(cut: Cut) -> None:
    sentences = [f"Sentence {i} says that a quokka eats green leaves and bark." for i in range(60)]
    text = " ".join(sentences)
    found = cut(text)
    assert [s.text for s in said(text, found)] == sentences
    assert len(found) >= 60 * 14 / LIMIT
    assert all(p.tokens <= LIMIT for p in found)


def test_small_blocks_are_packed_to_the_target(cut: Cut) -> None:
    text = "# One\n\n" + "\n\n".join(f"Fact {i} is short." for i in range(40)) + "\n"
    found = cut(text)
    assert all(p.tokens <= TARGET for p in found)
    assert all(a.tokens + b.tokens > TARGET for a, b in pairwise(found))
    assert cut(text, target=10**6, limit=10**6)[0].text == text[len("# One\n\n") :].strip()


@pytest.mark.parametrize("markdown", [True, False])
@pytest.mark.parametrize(
    "text",
    [" ".join(f"word{i}" for i in range(3000)), "\n".join(f"a quick note number {i}" for i in range(400)), "- " + " ".join(f"word{i}" for i in range(1000)), "| A | B |\n|---|---|\n| " + " ".join(f"word{i}" for i in range(1000)) + " | x |\n", "x" * 5000, "漢字" * 1000],
    ids=["no full stop", "short lines", "an item", "a row", "a word", "no spaces"],
)  # fmt: skip
def test_nothing_but_code_is_over_the_limit(text: str, markdown: bool, cut: Cut) -> None:
    """`cut` checks the sizes; what is cut off the first passage is in a later one."""
    found = cut(text, markdown=markdown)
    assert found
    ends = text.rsplit(maxsplit=1)[-1][-5:] if not text.endswith("x |\n") else "word999"
    assert ends in found[-1].text


def test_pages_are_those_of_the_passages_beginning(count: Count) -> None:
    text = f"Quokkas\n\n{QUOKKA}\n\nWombats\n\n{WOMBAT}\n"
    at = text.index("Wombats")
    note = Note("a.pdf", "a", text, (0, at))
    assert [(p.heading, p.page) for p in split(note, count, False)] == [(("Quokkas",), 1), (("Wombats",), 2)]


# --- any text --------------------------------------------------------------------------------------------------------

pieces = st.sampled_from(
    ["# One", "## Two", "###### Six", "Three\n===", "Four\n---", "**Five**", "**Five:**", "Quokkas", "Chapter 1: Animals", "1. Introduction", "2.1 Wombats", "A) Part", QUOKKA, WOMBAT,
     "It eats:", "- leaves", "  - bark", "\t* roots", "1. open", "2) close", "   more of it", "• dot", "o   ring", "| A | B |", "|---|---|", "| x | y |", "A | B | C", "AnimalFoodHome", "QuokkaLeavesRottnest",
     "```", "~~~", "```python", "code()", "    indented", "---", "***", "> quoted", "> - item", ">", "Question", "Answer", "Note:", "Example", "Loading...", "Page 3", "Intro ..... 3", "![x](y)", "- [a](#b)",
     "[a](b) and more", "<a name='x'></a>", "<!-- c -->", "python", "import os", "é漢🐨", "\u200b", "\u202eword\u202c", "wo\u00adrd", "$$x = y$$", "e.g. This.", "word " * 30, "Sentence here. " * 20, "\x0b", "\f", "\x85", "\u2028", "\r", "\x00", "\ud800", " ", "|", "||", "-", "#", "**", "()", ".", "...", ":"]
)  # fmt: skip
texts = st.lists(st.tuples(pieces, st.sampled_from(["\n", "\n\n", "\n\n\n", "  \n", " "])), max_size=25).map(
    lambda parts: "".join(a + b for a, b in parts)
) | st.text(max_size=300)


@settings(max_examples=250)
@example("| A |\n|", True)
@example("- a\n\x0b- b", False)
@example("Question\nAnswer\nQuestion", False)
@given(texts, st.booleans())
def test_any_text_splits_and_every_offset_is_true(count: Count, text: str, markdown: bool) -> None:
    text = text.encode("utf-8", "replace").decode()  # a reader never hands over lone surrogates
    note = Note("note", "note", text)
    invariants(note, split(note, count, markdown), count)


@settings(max_examples=60)
@given(texts, texts, st.booleans())
def test_a_start_is_where_reading_begins(count: Count, skipped: str, text: str, markdown: bool) -> None:
    """Passages behind a start are those of the rest alone, moved."""
    skipped, text = (t.encode("utf-8", "replace").decode() for t in (skipped + "\n", text))
    whole = split(Note("note", "note", skipped + text), count, markdown, len(skipped))
    rest = split(Note("note", "note", text), count, markdown)
    assert [(p.heading, p.text, p.start - len(skipped)) for p in whole] == [(p.heading, p.text, p.start) for p in rest]


@settings(max_examples=100)
@given(texts, st.booleans())
def test_lines_are_in_order_and_within_the_text(text: str, markdown: bool) -> None:
    here = 0
    for line in classify(text, markdown):
        assert here <= line.start <= line.end <= len(text)
        here = line.end
        if line.kind not in ("blank", "rule", "code", "furniture"):
            assert text[line.start : line.end].strip()


@settings(max_examples=100)
@given(texts, st.booleans())
def test_blocks_are_in_order_and_apart(text: str, markdown: bool) -> None:
    here = 0
    for section in sections(text, markdown):
        for block in section.blocks:
            assert here <= block.start < block.end <= len(text)
            here = block.end


names = st.lists(st.sampled_from(["quokka", "wombat", "zebra", "emu", "bark", "leaf", "island", "burrow", "night", "water"]), min_size=4, max_size=9).map(
    " ".join
)


@settings(max_examples=80)
@given(st.lists(st.lists(names, min_size=1, max_size=6), min_size=1, max_size=8), st.booleans())
def test_every_sentence_of_plain_paragraphs_gets_in_once(count: Count, paragraphs: list[list[str]], markdown: bool) -> None:
    """Numbered, so that no two are alike; in order, whole, and nothing else."""
    number = iter(range(10_000))
    written = [[f"The {words} has number {next(number)}." for words in paragraph] for paragraph in paragraphs]
    text = "# Zoo\n\n" + "\n\n".join(" ".join(paragraph) for paragraph in written)
    note = Note("note", "note", text)
    found = split(note, count, markdown)
    invariants(note, found, count)
    assert [s.text for s in said(text, found)] == [sentence for paragraph in written for sentence in paragraph]
