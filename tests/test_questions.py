"""Questions made of notes: what each kind asks, that the notes prove it, and that the same seed asks the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fakes import Tiny, write_notes

from tutor.embed import Model
from tutor.errors import InputError
from tutor.exam import Question
from tutor.questions.draw import KINDS
from tutor.questions.wording import lowered, nominal, plural, raised, singular
from tutor.session import Tutor

NOTES = {
    "tea.md": """---
title: Brewing tea
statements:
  "1.1.1": ["Kinds of kettle"]
  "2.3.1": ["Steps of brewing"]
---
# Brewing tea

## Kinds of kettle
The kettles of the tea room differ in these ways:

| Kettle | Material | Heat source | Whistle | Choose it when |
|---|---|---|---|---|
| Camper | Steel | Gas flame | Loud | People brew far from any socket |
| Gooseneck | Steel | Mains power | Silent | A thin stream has to wet the leaves slowly |
| Samovar | Brass | Mains power | Loud | Many guests drink for a whole evening |
| Tetsubin | Iron | Gas flame | Silent | Water should gain minerals |
| Urn | Brass | Charcoal bed | Loud | Power fails at a garden party |

## Steps of brewing
To brew a pot of tea, work in this order:

1. Fill a kettle with fresh water.
2. Boil the water without haste.
3. Rinse a pot with what has boiled, and then add leaves.
4. Cover the leaves for three minutes.

## Terms of tasting
The terms of tasting are:

- **Astringency**: Astringency is the drying feeling that tannins leave on the tongue.
- **Body**: Body is the weight of a liquor in the mouth, from thin to syrupy.
- **Briskness**: Briskness is the lively edge that a fresh black tea has.
- **Flush**: Flush is one harvest season of a garden, named by its place in the year.
- **Tippy**: Tippy is a grade with many golden buds among the rolled pieces.

## Traps of brewing
A common misconception is that green tea needs water at the boil; in fact, green tea turns bitter above 80 degrees. A common misconception is that tea bags hold nothing but dust; in fact, tea bags hold whole pieces in pyramid form. A common misconception is that white tea is free of caffeine; in fact, white tea made of buds is rich in caffeine. A common misconception is that hard water makes a liquor brighter; in fact, hard water leaves a film on a liquor. A common misconception is that cold milk is always the first in a cup; in fact, cold milk is first or last by taste.

## Which tea for which guest
The table matches guests with teas:

| Need | Choose | Not | Why not |
|---|---|---|---|
| A guest must sleep soon | Rooibos | Matcha | Carries much caffeine |
| Breakfast has heavy food | Assam | White Peony | Too faint beside bacon |
| A host needs a long talk | Oolong | Earl Grey | Scent tires after two cups |
| A cook needs a smoky taste | Lapsang Souchong | Sencha | Tastes of grass |

## Storing tea
Choose a tin when the kitchen is bright. Choose a vacuum bag when the harvest must last two years. Choose a paper pouch when the stock turns over each week. Choose a porcelain jar when guests watch the ceremony. Avoid a paper pouch when the larder smells of spices; choose a tin instead.

## Tea houses
Choose the Amber Room when a family must sit around one table. Choose the Birch Room when a speaker needs quiet walls. Choose the Cedar Room when a dog has to lie near the door. Choose the Dune Room when a painter needs northern light. Choose the Elm Room when a clerk must print papers.

## Why the pot matters
A tea cosy is a padded cover that keeps a pot warm on the table. A tea cosy matters because a second cup from a cold pot tastes flat.
""",
}


@pytest.fixture(scope="module")
def tea(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Tutor:
    """A tutor over one note on tea."""
    folder = tmp_path_factory.mktemp("tea")
    tiny = Tiny(write_notes(folder / "notes", NOTES), folder / "index", model)
    tiny.ingest()
    return tiny.tutor()


def drawn(tutor: Tutor, kind: str, maker: str) -> list[Question]:
    return [q for q in tutor.quiz(kinds=[kind], n=200) if q.proof.maker == maker]  # type: ignore[list-item]


def texts(question: Question, right: bool = True) -> set[str]:
    return {o.text for o in question.options if (o.id in question.key) == right}


def test_a_table_asks_for_the_one_thing_that_meets_all_needs(tea: Tutor) -> None:
    found = [q for q in drawn(tea, "multiple_choice", "table") if len(q.proof.needs) > 1]
    table = {"Camper": "Steel, Gas flame, Loud", "Gooseneck": "Steel, Mains power, Silent", "Samovar": "Brass, Mains power, Loud",
             "Tetsubin": "Iron, Gas flame, Silent", "Urn": "Brass, Charcoal bed, Loud"}  # fmt: skip
    assert found
    for question in found:
        wanted = [n.value for n in question.proof.needs]
        meets = {thing for thing, has in table.items() if all(v in has for v in wanted)}
        assert meets == texts(question)
        for wrong in texts(question, right=False):
            assert sum(v not in table[wrong] for v in wanted) == 1


def test_each_wrong_option_is_refuted_by_the_cell_it_fails_by(tea: Tutor) -> None:
    for question in drawn(tea, "multiple_choice", "table"):
        for reason in question.proof.reasons:
            if not reason.holds:
                (claim,) = reason.claims
                need = question.proof.needs[reason.fails]
                assert claim.attribute == need.attribute
                assert claim.value != need.value
                assert any(claim.value in question.proof.citations[n - 1].quote for n in claim.citations)


def test_a_column_of_conditions_becomes_a_scenario(tea: Tutor) -> None:
    stems = [q.stem for q in drawn(tea, "multiple_choice", "table")]
    assert any(s == "Which kettle fits when a thin stream has to wet the leaves slowly?" for s in stems)


def test_a_situation_is_answered_by_what_its_row_chooses_and_the_rejected_rival_is_an_option(tea: Tutor) -> None:
    found = {q.stem: q for q in drawn(tea, "multiple_choice", "situation")}
    question = found["A guest must sleep soon. What fits best?"]
    assert texts(question) == {"Rooibos"}
    assert "Matcha" in texts(question, right=False)
    assert "Carries much caffeine" in next(r.text for r in question.proof.reasons if dict(question.options)[r.option] == "Matcha")


def test_choose_and_avoid_sentences_become_scenarios(tea: Tutor) -> None:
    chosen = {q.stem: texts(q) for q in drawn(tea, "multiple_choice", "choose")}
    assert any("the harvest must last two years" in stem.lower() and key == {"Vacuum bag"} for stem, key in chosen.items())


def test_two_tasks_are_met_by_two_things_of_which_each_meets_one(tea: Tutor) -> None:
    rooms = {"Amber Room": "a family must sit around one table", "Birch Room": "a speaker needs quiet walls", "Cedar Room": "a dog has to lie near the door",
             "Dune Room": "a painter needs northern light", "Elm Room": "a clerk must print papers"}  # fmt: skip
    for question in drawn(tea, "multiple_response", "both"):
        assert texts(question) == {room for room, task in rooms.items() if task in question.stem}
        assert len(texts(question)) == 2


def test_a_definition_asks_for_its_term(tea: Tutor) -> None:
    found = {q.stem: texts(q) for q in drawn(tea, "multiple_choice", "term")}
    assert found["What is the name for the lively edge that a fresh black tea has?"] == {"Briskness"}


def test_a_statement_is_true_or_a_misconception(tea: Tutor) -> None:
    true = {"Green tea turns bitter above 80 degrees.", "Tea bags hold whole pieces in pyramid form.", "White tea made of buds is rich in caffeine.",
            "Hard water leaves a film on a liquor.", "Cold milk is first or last by taste."}  # fmt: skip
    found = drawn(tea, "multiple_choice", "statement") + drawn(tea, "multiple_response", "statement")
    assert found
    for question in found:
        said = texts(question, right="NOT" not in question.stem)
        assert said <= true
        assert not texts(question, right="NOT" in question.stem) & true


def test_steps_are_put_in_their_order(tea: Tutor) -> None:
    (question,) = drawn(tea, "ordering", "steps")
    options = dict(question.options)
    assert question.stem == "To brew a pot of tea, in which order are these steps taken?"
    assert [options[i].split()[0] for i in question.key] == ["Fill", "Boil", "Rinse", "Cover"]  # type: ignore[index]


def test_pairs_match_as_in_the_table(tea: Tutor) -> None:
    question = next(q for q in drawn(tea, "matching", "pairs") if q.stem == "Match each term with its description.")
    prompts, options = dict(question.prompts), dict(question.options)
    said = {prompts[p]: options[o] for p, o in question.key}  # type: ignore[misc]
    assert len(said) >= 3
    assert all(name != "Body" or text.startswith("The weight of a liquor") for name, text in said.items())


def test_a_blank_stands_for_the_term_alone(tea: Tutor) -> None:
    found = {q.reference: q.stem for q in drawn(tea, "cloze", "blank")}
    assert found["Flush"] == "Fill in the blank (topic: tasting; one word: F…): ____ is one harvest season of a garden, named by its place in the year."


def test_what_a_thing_is_and_why_it_matters_are_asked_together_point_by_point(tea: Tutor) -> None:
    (question,) = [q for q in drawn(tea, "free_text", "explain") if "cosy" in q.stem]
    assert question.stem == "What is a tea cosy, and why does it matter?"
    assert [p.text for p in question.key_points] == [
        "A tea cosy is a padded cover that keeps a pot warm on the table.",
        "A tea cosy matters because a second cup from a cold pot tastes flat.",
    ]


def test_a_case_has_one_scenario_and_a_question_on_each_need(tea: Tutor) -> None:
    found = tea.quiz(kinds=["case_study"], n=3)
    assert len(found) == 3
    assert len({q.scenario for q in found}) == 1
    assert [q.stem for q in found] == [f"What fits the {place} project best?" for place in ("first", "second", "third")]
    assert found[0].scenario.startswith("A company works on three projects. In the first, ")
    for question in found:
        (need,) = question.proof.needs
        assert need.text.lower() in question.scenario.lower()


@pytest.mark.parametrize("kind", KINDS)
def test_every_question_is_valid_and_cites_exactly(tea: Tutor, kind: str) -> None:
    found = tea.quiz(kinds=[kind], n=50)  # type: ignore[list-item]
    assert found
    for question in found:
        assert tea.verify(question).status == "valid"
        for citation in question.proof.citations:
            assert tea.note(citation.note).text[citation.start : citation.end] == citation.quote
        assert question.explanation
        assert (question.note, question.kind) == ("tea.md", kind)


def test_the_same_seed_asks_the_same_and_another_seed_something_else(tea: Tutor) -> None:
    assert tea.quiz(n=12, seed=3) == tea.quiz(n=12, seed=3)
    assert tea.quiz(n=12, seed=3) != tea.quiz(n=12, seed=4)


def test_a_question_that_is_not_valid_is_not_drawn(tea: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    deck = tea._deck()
    doomed = {q.id for q in tea.quiz(kinds=["cloze"], n=50)[:2]}
    verify = deck.verify
    monkeypatch.setattr(deck, "verify", lambda q: replace(verify(q), status="broken") if q.id in doomed else verify(q))
    left = {q.id for q in tea.quiz(kinds=["cloze"], n=50)}
    assert left
    assert not left & doomed


def test_statements_tasks_and_domains_choose_the_sections(tea: Tutor) -> None:
    assert {q.heading[-1] for q in tea.quiz("1.1.1", n=50)} == {"Kinds of kettle"}
    assert {q.heading[-1] for q in tea.quiz("task 2.3", n=50)} == {"Steps of brewing"}
    assert {q.tags for q in tea.quiz("Domain 1", n=50)} == {("1.1.1", "1.1", "domain 1")}


def test_a_difficulty_is_kept_to(tea: Tutor) -> None:
    for level in ("easy", "medium", "hard"):
        assert {q.difficulty for q in tea.quiz(n=30, difficulty=level)} == {level}  # type: ignore[arg-type]


def test_fewer_facts_than_asked_for_are_said(tea: Tutor) -> None:
    quiz = tea.draw(kinds=["ordering"], n=9)
    assert len(quiz.questions) == 1
    assert quiz.remark == "Your notes prove 1 of the 9 questions asked for; more would not be certain."
    assert tea.draw("9.9", n=3).remark == "Your notes hold no fact here that a question could be proven by."


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"kinds": ["essay"]}, "There is no kind of question called essay; the kinds are multiple_choice"),
        ({"n": 0}, "Ask for 1 to 1,000 questions; 0 is not between them."),
        ({"n": 5000}, "Ask for 1 to 1,000 questions"),
        ({"difficulty": "brutal"}, "There is no difficulty called brutal; the levels are easy, medium, hard."),
        ({"topic": "x" * 5000}, "has 5,000 characters"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(tea: Tutor, options: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said.replace("(", r"\(")):
        tea.quiz(**options)  # type: ignore[arg-type]


def test_a_note_that_changed_makes_its_questions_stale(tmp_path: Path, model: Model) -> None:
    tiny = Tiny(write_notes(tmp_path / "notes", NOTES), tmp_path / "index", model)
    tiny.ingest()
    question = next(q for q in tiny.tutor().quiz(kinds=["cloze"], n=50) if q.reference == "Flush")
    write_notes(tmp_path / "notes", {"tea.md": NOTES["tea.md"].replace("one harvest season", "two harvest seasons")})
    tiny.ingest()
    changed = tiny.tutor().verify(question)
    assert changed.status == "stale"
    assert "tea.md" in changed.findings[0].text


def test_wording() -> None:
    common = frozenset({"cost", "random", "a"})
    assert lowered("Cost while idle", common) == "cost while idle"
    assert lowered("Spark jobs", common) == "Spark jobs"
    assert lowered("Random Cut Forest", common) == "Random Cut Forest"
    assert (raised("vacuum bag"), raised("s3:GetObject"), raised("num_trees 100")) == ("Vacuum bag", "s3:GetObject", "num_trees 100")
    assert [singular(n) for n in ("inference options", "services for storage", "batches", "series", "policies")] == [
        "inference option", "service for storage", "batch", "series", "policy"]  # fmt: skip
    assert [nominal(a) for a in ("Typical cause", "Starts when", "Grows by", "DataBrew", "Choose it when")] == [True, False, False, False, False]
    assert [plural(n) for n in ("tags", "list of changes", "storage classes", "bias", "Amazon EKS")] == [True, False, True, False, False]


def test_a_topic_that_the_notes_do_not_know_is_refused_and_a_typo_is_not(tea: Tutor) -> None:
    with pytest.raises(InputError, match="Your notes hold nothing on monetary policy"):
        tea.quiz("monetary policy")
    assert {q.heading[-1] for q in tea.quiz("astringancy", kinds=["cloze"], n=9)} == {"Terms of tasting"}


def test_a_condition_that_begins_with_a_capital_is_one_wherever_it_is_looked_at(tmp_path: Path, model: Model) -> None:
    rows = "".join(
        f"| {name} | {when} |\n"
        for name, when in (
            ("Kite", "Labels arrive late"),
            ("Drum", "A crowd must hear the beat"),
            ("Flute", "The room is small"),
            ("Horn", "A herd must come home"),
        )
    )
    note = f"# Games\n\n## Things to play with\nThe things differ in their use, as some labels come by sea and other labels by land:\n\n| Thing | Choose it when |\n|---|---|\n{rows}"
    tiny = Tiny(write_notes(tmp_path / "notes", {"games.md": note}), tmp_path / "index", model)
    tiny.ingest()
    found = [q for q in tiny.tutor().quiz(n=50) if q.proof.maker == "table"]
    assert all(len(q.proof.needs) == 1 and " fits when " in q.stem for q in found)
