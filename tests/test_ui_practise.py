"""The page Practise, driven headless over one note: a quiz is chosen, answered, marked, reported, summed up."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from exams import CELLS, deal
from fakes import write_notes
from streamlit.testing.v1 import AppTest
from test_render import HOSTILE, check_inert
from test_ui import ASK, chips_of, opened, said, texts

from ingest.__main__ import main as ingest
from tutor import render
from tutor.errors import InputError
from tutor.exam import Grade, Mark, Option, Question, Quiz, Verification
from tutor.exam_layout import KINDS, lines
from tutor.questions.record import from_json
from tutor.session import Tutor
from tutor.ui import outline, reports, shell
from tutor.ui.sitting import Sitting

BADGE = re.compile(r":\w+-badge\[:material/\w+: [^]]*\]")
FREE = "I think parts are see-through. Also it is pretty."
COURSE = 'id = "bio"\n[[domains]]\nid = 1\ntitle = "Cells $x$"\n[[tasks]]\nid = "1.1"\ndomain = 1\ntitle = "Stain"\n[[tasks]]\nid = "2.1"\ndomain = 2\ntitle = "Elsewhere"\n'


@pytest.fixture
def home(tiny_settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment set to an index of one note; what is drawn is known."""
    monkeypatch.delenv("TUTOR_MODEL", raising=False)
    assert ingest([str(write_notes(tmp_path / "notes", {"cells.md": CELLS}))]) == 0
    deal(monkeypatch)
    return tiny_settings


def begun(*kinds: str, n: int = 2) -> AppTest:
    """The page after a quiz was started; the dice are 0."""
    app = opened(shell.PRACTISE)
    app.session_state["seed"] = 0
    if kinds:
        app.pills(key="kinds").set_value([KINDS[k] for k in kinds])
    app.number_input(key="number").set_value(n)
    return pressed(app, "start")


def pressed(app: AppTest, key: str) -> AppTest:
    """The page after a button, by how its key begins."""
    next(b for b in app.button if str(b.key).startswith(key)).click().run()
    assert not app.exception
    return app


def sitting(app: AppTest) -> Sitting:
    """The quiz that the session keeps."""
    found: Sitting = app.session_state["sitting"]
    return found


def up(app: AppTest) -> Question:
    """The question that is up."""
    return sitting(app).questions[sitting(app).at]


def keys_of(app: AppTest) -> str:
    """How the keys of the question's widgets end."""
    quiz = sitting(app)
    return f"{quiz.number}-{quiz.at}-{up(app).id[:8]}"


def answered(app: AppTest, right: bool = True) -> AppTest:
    """The page after the question that is up was answered by its key, or otherwise."""
    question, keys = up(app), keys_of(app)
    if question.kind == "multiple_response":
        wanted = question.key if right else [question.key[0], next(o.id for o in question.options if o.id not in question.key)]
        for one in wanted:
            app.checkbox(key=f"some-{keys}-{one}").check()
    elif question.kind == "ordering":
        for place, one in enumerate(question.key if right else reversed(question.key), 1):
            app.segmented_control(key=f"place-{keys}-{one}").set_value(place)
    elif question.kind == "matching":
        for prompt, one in (pair for pair in question.key if isinstance(pair, tuple)):
            app.segmented_control(key=f"pair-{keys}-{prompt}").set_value(one if right else "A")
    elif question.kind == "cloze":
        app.text_input(key=f"text-{keys}").set_value(question.reference if right else "a sandwich")
    elif question.kind == "free_text":
        app.text_area(key=f"text-{keys}").set_value(FREE)
    else:
        app.radio(key=f"one-{keys}").set_value(question.key[0] if right else next(o.id for o in question.options if o.id not in question.key))
    return pressed(app, "check-")


def test_the_page_offers_kinds_number_and_difficulty(home: Path) -> None:
    app = opened(shell.PRACTISE)
    assert app.pills(key="kinds").options == list(KINDS.values())
    assert app.number_input(key="number").value == 5
    assert app.segmented_control(key="level").value == "any"
    assert not app.selectbox, "there is no course to pick a part of"
    assert "**Practise**" in [p.label for p in app.page_link]


@pytest.mark.parametrize("kind", ["multiple_choice", "multiple_response", "ordering", "matching", "cloze"])
def test_a_right_answer_is_right_and_explained_with_its_places(kind: str, home: Path) -> None:
    app = begun(kind, n=1)
    question = up(app)
    assert question.kind == kind
    assert render.plain(question.stem) in [m.value for m in app.markdown]
    answered(app)
    assert [s.value for s in app.success] == ["**Right**"]
    told = lines(question)
    assert len(chips_of(app)) == len(told)
    for line in told:
        assert render.plain(line.why or line.text.removesuffix(".")) in said(app)
    chips_of(app)[0].click().run()
    quoted = [m.value for m in app.markdown if ":yellow-background[" in m.value]
    assert len(quoted) == 1
    assert [p.label for p in app.page_link if "note=cells.md" in p.proto.query_string] == ["Open the note"]
    assert any("cells\\.md" in c.value and "Cells" in c.value for c in app.caption)


@pytest.mark.parametrize(
    ("kind", "kind_of", "begins"),
    [
        ("multiple_choice", "error", "**Not right**  \nThe answer is"),
        ("multiple_response", "error", "**Not right**  \n1 of 2 answers found"),
        ("ordering", "error", "**Not right**  \n0 of 4 steps in place"),
        ("matching", "warning", "**Partly right**  \n1 of 4 pairs matched"),
        ("cloze", "error", "**Not right**  \nWhat belongs there is"),
    ],
)
def test_a_wrong_answer_is_told_with_the_key_in_words_and_icons(kind: str, kind_of: str, begins: str, home: Path) -> None:
    app = answered(begun(kind, n=1), right=False)
    banner = getattr(app, kind_of)[0]
    assert banner.value.replace("\\", "").startswith(begins)
    assert banner.icon
    if kind == "multiple_choice":
        badges = [m.value for m in app.markdown if "-badge[" in m.value]
        assert [("your answer" in b, "the answer" in b) for b in badges] == [("your answer" in b, "your answer" not in b) for b in badges]
        assert len(badges) == 2


def test_an_answer_that_is_none_gets_a_sentence_and_the_question_stays(home: Path) -> None:
    app = pressed(begun("multiple_choice"), "check-")
    assert [w.value for w in app.warning] == ["Answer first\\, or skip the question\\."]
    app = begun("multiple_response")
    app.checkbox(key=f"some-{keys_of(app)}-A").check()
    pressed(app, "check-")
    assert [w.value for w in app.warning] == ["Choose two options\\."]
    assert not sitting(app).done


def test_a_quiz_runs_to_its_end_and_is_summed_up(home: Path) -> None:
    app = begun("multiple_choice", n=3)
    first = sitting(app).questions[0].id
    assert "Question 1 of 3" in said(app)
    pressed(answered(app), "next-")
    assert "Question 2 of 3" in said(app)
    pressed(answered(app, right=False), "next-")
    pressed(app, "skip-")
    assert "**1 of 2 right\\, 1 skipped\\.**" in said(app)
    again = [e.label for e in app.expander if e.label]
    assert again == [render.plain(q.stem, 110) for q in sitting(app).questions[1:]]
    pressed(app, "more")
    assert sitting(app).wanted.seed == 1
    assert sitting(app).number == 2
    assert sitting(app).questions[0].id != first
    assert not sitting(app).done


def test_a_quiz_is_kept_while_another_page_is_read(home: Path) -> None:
    app = begun("multiple_choice")
    question = up(app)
    app.radio(key=f"one-{keys_of(app)}").set_value("B")
    app.switch_page(ASK).run()
    app.switch_page(shell.PRACTISE).run()
    assert not app.exception
    assert up(app) == question
    assert render.plain(question.stem) in said(app)
    pressed(app, "leave")
    assert "sitting" in app.session_state
    assert app.number_input(key="number").value == 2


def test_fewer_than_asked_for_are_given_and_it_is_said(home: Path) -> None:
    app = begun("ordering", n=9)
    assert len(sitting(app).questions) == 1
    assert [i.value.replace("\\", "") for i in app.info] == ["Your notes prove 1 of the 9 questions asked for."]


def test_a_topic_without_facts_is_a_sentence_and_the_form_stays(home: Path) -> None:
    app = opened(shell.PRACTISE)
    app.text_input(key="topic").set_value("domain 7")
    pressed(app, "start")
    assert [w.value.replace("\\", "") for w in app.warning] == ["Your notes prove 0 of the 5 questions asked for."]
    assert app.text_input(key="topic").value == "domain 7"


def test_a_question_whose_words_changed_is_not_shown(home: Path, tmp_path: Path) -> None:
    app = begun("multiple_response", "ordering", "matching", n=3)
    before = list(sitting(app).questions)
    changed = CELLS.replace("Dry the slide in warm air", "Dry the slide in the sun").replace("Wash the slide with", "Rinse the slide in some")
    (tmp_path / "notes" / "cells.md").write_text(changed, encoding="utf-8")
    assert ingest([]) == 0
    told = []
    while not sitting(app).ended:
        app.run()
        told.append([i.value.replace("\\", "") for i in app.info])
        pressed(app, "skip-")
    steps = [n for n, q in enumerate(before) if q.kind == "ordering"]
    assert len(steps) == 1
    assert [q.id for q in sitting(app).questions] == [q.id for q in before if q.kind != "ordering"]
    why = told[steps[0]][0]
    assert why.startswith("A question was left out. Your notes have changed since this question was made")
    assert told == [[why] if n == steps[0] else [] for n in range(2)], "where it would have stood"
    assert [i.value.replace("\\", "") for i in app.info] == [why], "and at the end"


def test_a_broken_question_is_never_shown(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tutor, "verify", lambda *_: Verification("broken"))
    app = begun("multiple_choice")
    assert sitting(app).questions == []
    assert not [b for b in app.button if str(b.key).startswith("check-")]
    assert app.button(key="start").label == "Start"


def graded(score: float | None, follow_up: str = "") -> Grade:
    """A grade with one mark of each kind."""
    marks = (
        Mark("Parts are transparent", "covered", "see-through", None),
        Mark("They cannot be told apart", "missed", "", None, "They cannot be told apart without colour."),
        Mark("Colour is pretty", "contradicted", "pretty", None),
        Mark("Something else", "unsure", "", None),
    )
    return Grade(score, marks, "Say why colour helps.", follow_up=follow_up)


def test_free_text_is_shown_with_marks_beside_the_learners_words(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tutor, "grade", lambda *_: graded(0.25))
    app = answered(begun("free_text", n=1))
    assert [w.value.replace("\\", "") for w in app.warning] == ["**Partly right · 25% of the points**  \nSay why colour helps."]
    assert "I think parts are :yellow-background[see\\-through]\\. Also it is :yellow-background[pretty]\\." in [m.value for m in app.markdown]
    shown = [m.value for m in app.markdown if "-badge[:material/" in m.value]
    assert [m.split("]")[0] for m in shown] == [
        ":green-badge[:material/check_circle: Covered",
        ":red-badge[:material/remove_circle: Missing",
        ":red-badge[:material/cancel: Contradicts your notes",
        ":gray-badge[:material/help: Could not tell",
    ]
    assert "To add\\: They cannot be told apart without colour\\." in shown[1]


def test_what_cannot_be_told_is_said_and_a_follow_up_settles_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, str]] = []

    def grade(tutor: Tutor, question: Question, attempt: str, reply: str = "") -> Grade:
        heard.append((attempt, reply))
        return graded(1.0, "And then?") if reply else graded(None, "What does colour do?")

    monkeypatch.setattr(Tutor, "grade", grade)
    app = answered(begun("free_text", n=1))
    assert [i.value.replace("\\", "") for i in app.info] == ["**Could not tell**  \nSay why colour helps."]
    assert "What does colour do?" in said(app).replace("\\", "")
    assert "One point is still open\\." in said(app)
    assert "Something else" not in said(app), "the point would answer the question"
    app.text_input(key=f"reply-{keys_of(app)}").set_value("It shows the parts.")
    pressed(app, "send-")
    assert heard == [(FREE, ""), (FREE, "It shows the parts.")]
    assert app.success[0].value.startswith("**Right")
    assert "And then" not in said(app), "one follow-up is enough"
    assert "It shows the parts\\." in said(app)
    assert "Something else" in said(app)


def test_an_attempt_that_cannot_be_marked_is_a_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def grade(*_: object) -> Grade:
        raise InputError("That attempt has 100,000 characters.")

    monkeypatch.setattr(Tutor, "grade", grade)
    app = answered(begun("free_text", n=1))
    assert [w.value.replace("\\", "") for w in app.warning] == ["That attempt has 100,000 characters."]
    assert app.text_area(key=f"text-{keys_of(app)}").value == FREE


def test_a_report_keeps_the_question_with_its_proof_and_the_answer(home: Path) -> None:
    app = answered(begun("multiple_choice", n=1), right=False)
    question = up(app)
    app.text_area(key=f"wrong-{keys_of(app)}").set_value("B is right too")
    pressed(app, "keep-")
    path = home / "reports" / f"{question.id}.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert from_json(kept["question"]) == question
    assert (kept["attempt"], kept["remark"], kept["grade"]["score"]) == (sitting(app).done[0].attempt, "B is right too", 0.0)
    assert render.plain(str(path)) in app.success[0].value
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_report_has_its_limits(home: Path, tmp_path: Path) -> None:
    question = up(begun("multiple_choice", n=1))
    with pytest.raises(InputError, match="write at most 2,000"):
        reports.keep(tmp_path, question, "A", None, "x" * 2001, "now")
    with pytest.raises(InputError, match="larger than 500 kB"):
        reports.keep(tmp_path, question, "x" * 600_000, None, "", "now")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        reports.keep(tmp_path / "file", question, "A", None, "", "now")
    assert not (tmp_path / "reports").exists()


def test_parts_of_a_course_are_offered_and_fill_the_topic(home: Path, tmp_path: Path) -> None:
    (tmp_path / "notes" / "course.toml").write_text(COURSE, encoding="utf-8")
    app = opened(shell.PRACTISE)
    assert app.selectbox(key="part").options == ["Everything", "Domain 1: Cells $x$", "1.1 Stain"]
    app.selectbox(key="part").set_value("1.1").run()
    assert app.text_input(key="topic").value == "1.1"


@pytest.mark.parametrize("blueprint", ["", "=", 'domains = "x"', "[[domains]]\nid = 1", "domains = [1]", "#" + "x" * 1_000_001])
def test_a_blueprint_that_is_none_offers_nothing(blueprint: str, tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(blueprint, encoding="utf-8")
    assert outline.parts([str(tmp_path), str(tmp_path / "gone")]) == []


def test_hostile_questions_show_words_only(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = " ".join(HOSTILE)[:3000]
    draw = Tutor.draw

    def drawn(tutor: Tutor, *arguments: object) -> Quiz:
        made = draw(tutor, *arguments)  # type: ignore[arg-type]
        questions = (
            replace(q, stem=f"{hostile} {q.stem}", scenario=hostile, reference=hostile, options=tuple(Option(o.id, f"{o.text} {hostile}") for o in q.options))
            for q in made.questions
        )
        return Quiz(tuple(questions), hostile)

    monkeypatch.setattr(Tutor, "draw", drawn)
    monkeypatch.setattr(Tutor, "verify", lambda *_: Verification("valid"))
    monkeypatch.setattr(Tutor, "grade", lambda *_: replace(graded(0.5, hostile), feedback=hostile, remark=hostile))
    app = begun("multiple_choice", "free_text", "cloze", "matching", n=4)
    for _ in range(4):
        for text in [*texts(app), *(r.label for r in app.radio), *(o for r in app.radio for o in r.options)]:
            check_inert(text)
        pressed(answered(app), "next-")
        for text in texts(app):
            check_inert(BADGE.sub("", text))
