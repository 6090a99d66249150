"""The web app with a model that says what it is told: how an answer grows, stops, falls back, asks back, and what it costs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from chats import Said, Scripted
from fakes import Tiny
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.testing.v1 import AppTest
from test_render import HOSTILE, check_inert, shown
from test_ui import ASK, NOTES, asked, chips_of, opened, said, texts

from tutor import models, pace, prompts, render
from tutor.chat import Limits, Message, Reply
from tutor.errors import ModelSlow
from tutor.session import Tutor
from tutor.types import Answer, Depth
from tutor.ui import answers, ask, side, suggestions, writing

QUESTION = "What makes most of the chemical energy of a cell?"
ENERGY = "A mitochondrion makes most of the chemical energy of a cell."
FOLDS = "The folds give room for adenosine triphosphate (ATP) to be made."
MEMBRANES = "It has two membranes, and the inner one is folded into"
KEY = "canary0f7c5e"

Press = Callable[[], None]


@dataclass
class Interrupted(Scripted):
    """A scripted model; once it has said `after` characters, something is pressed on the page."""

    presses: Press = lambda: None
    after: int = 10**9
    pressed: int = 0

    def stream(self, messages: Sequence[Message], limits: Limits, schema: Mapping[str, object] | None = None) -> Generator[str | None, None, Reply]:
        pieces, length = super().stream(messages, limits, schema), 0
        try:
            while True:
                try:
                    piece = next(pieces)
                except StopIteration as end:
                    reply: Reply = end.value
                    return reply
                yield piece
                length += len(piece or "")
                if length >= self.after and not self.pressed:
                    self.pressed += 1
                    self.presses()
                    yield ""  # as a model does that is waited for
        finally:
            pieces.close()


def press(key: str) -> Press:
    """Press a button while the script runs, as a browser would."""

    def pressing() -> None:
        context = get_script_run_ctx()
        assert context is not None
        assert context.script_requests is not None
        button = context.session_state._state._get_widget_id(key)
        states = WidgetStates(widgets=[WidgetState(id=button, trigger_value=True)])
        assert context.script_requests.request_rerun(RerunData(widget_states=states))

    return pressing


def leave() -> None:
    """Close the page while the script runs."""
    context = get_script_run_ctx()
    assert context is not None
    assert context.script_requests is not None
    context.script_requests.request_stop()


@pytest.fixture
def home(tiny_index: Tiny, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment set to an index of three notes, and to a model."""
    home = tiny_index.index.parent
    monkeypatch.setenv("TUTOR_HOME", str(home))
    monkeypatch.setenv("TUTOR_EMBEDDING", str(tiny_index.model.folder))
    monkeypatch.setenv("TUTOR_MODEL", "scripted:model")
    return home


Speaks = Callable[[Scripted], AppTest]


@pytest.fixture
def speaks(home: Path, monkeypatch: pytest.MonkeyPatch) -> Speaks:
    """The app, opened with a model."""

    def made(chat: Scripted) -> AppTest:
        monkeypatch.setattr(models, "connect", lambda settings: chat)
        return opened()

    return made


@dataclass
class Drawn:
    """What was drawn of answers while they grew: the number of statements, and whether their footnotes were buttons."""

    grown: list[int] = field(default_factory=list)
    still: list[bool] = field(default_factory=list)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    seen, body = Drawn(), answers.body

    def watched(tutor: Tutor, answer: Answer, key: str, still: bool = True) -> None:
        seen.still.append(still)
        if not still:
            seen.grown.append(len(answer.statements))
        body(tutor, answer, key, still)

    monkeypatch.setattr(answers, "body", watched)
    return seen


def folded(app: AppTest) -> list[str]:
    return [e.label for e in app.expander]


def buttons(app: AppTest) -> list[str]:
    return [str(b.key) for b in app.button]


def test_the_models_answer_grows_below_and_takes_the_place_of_the_first(speaks: Speaks, drawn: Drawn) -> None:
    app = asked(speaks(Scripted([f"The mitochondrion makes most of a cell's chemical energy [1.1]. {FOLDS} Whales sing at night."])), QUESTION)
    (turn,) = app.session_state["turns"]
    assert [s.verdict for s in turn.answer.statements] == ["supported", "exact"]
    assert drawn.grown == [1, 2]
    assert drawn.still[0] is True, "the answer from the notes comes first"
    assert "From your notes, word for word" in folded(app)
    assert "stop" not in buttons(app)
    assert "is writing" not in said(app)
    assert any(re.fullmatch(r"scripted:model · [\d.]+ m?s · 100 tokens in, \d+ out · free", shown(c.value)) for c in app.caption)
    assert len({c.key for c in chips_of(app)}) == len(chips_of(app)) >= 2
    chips_of(app)[0].click().run()
    assert not app.exception
    assert any(":yellow-background[" in m.value for m in app.markdown)
    for text in texts(app):
        check_inert(text)


def test_the_stop_button_keeps_what_was_shown(speaks: Speaks) -> None:
    chat = Interrupted([f"{ENERGY} [1.1] " + "Whales sing at night. " * 40], presses=press("stop"), after=80)
    app = asked(speaks(chat), QUESTION)
    (turn,) = app.session_state["turns"]
    assert (chat.pressed, chat.closed) == (1, 1)
    assert [s.text for s in turn.answer.statements] == [ENERGY]
    assert (turn.answer.incomplete, turn.answer.remark) == (True, writing.STOPPED)
    assert "The answer is incomplete\\: it broke off\\." in said(app)
    assert "is writing" not in said(app)
    assert "stop" not in buttons(app)
    assert writing.STREAM not in app.session_state
    asked(app, QUESTION)
    assert len(app.session_state["turns"]) == 2


def test_stopped_before_a_word_the_answer_from_the_notes_stands(speaks: Speaks) -> None:
    chat = Interrupted(["Hm, well, let me see. " * 20], presses=press("stop"), after=7)
    app = asked(speaks(chat), QUESTION)
    (turn,) = app.session_state["turns"]
    assert (chat.closed, turn.answer.mode, turn.answer.incomplete) == (1, "notes-only", False)
    assert ENERGY in [s.text for s in turn.answer.statements]
    assert writing.UNSAID.replace(".", "\\.") in said(app)


def test_a_page_that_is_left_stops_the_model_and_keeps_the_turn(speaks: Speaks) -> None:
    chat = Interrupted([f"{ENERGY} [1.1] " + "Whales sing at night. " * 40], presses=leave, after=80)
    app = speaks(chat)
    app.chat_input[0].set_value(QUESTION).run()
    (turn,) = app.session_state["turns"]
    assert chat.closed == 1
    assert [s.text for s in turn.answer.statements] == [ENERGY]
    assert "is writing" in said(app), "this is the page as it grew"
    assert "\\[1\\]" in [m.value for m in app.markdown]
    assert not [key for key in buttons(app) if "grown" in key]
    app.run()
    assert not app.exception
    assert "it broke off" in said(app)


def test_what_is_pressed_meanwhile_does_not_stop_the_model(speaks: Speaks) -> None:
    chat = Interrupted(
        [f"{ENERGY} [1.1] Whales sing at night. The folds give room to make adenosine triphosphate (ATP)."], presses=press("chip-0-first-0-1-1"), after=75
    )
    app = asked(speaks(chat), QUESTION)
    (turn,) = app.session_state["turns"]
    assert (chat.pressed, chat.closed, len(chat.asked)) == (1, 0, 1)
    assert [s.verdict for s in turn.answer.statements] == ["exact", "supported"]
    assert (turn.answer.incomplete, turn.answer.left_out, turn.answer.remark) == (False, 1, "")
    assert len([m for m in app.markdown if ":yellow-background[" in m.value]) == 1, "the quote that was opened stays open"


def test_a_new_question_stops_the_model_that_answers_the_one_before(speaks: Speaks) -> None:
    def ask_on() -> None:
        context = get_script_run_ctx()
        assert context is not None
        assert context.script_requests is not None
        context.session_state["suggested"] = "What do ribosomes build?", None
        context.script_requests.request_rerun(RerunData())

    chat = Interrupted([f"{ENERGY} [1.1] " + "Whales sing at night. " * 40, "NOT IN NOTES"], presses=ask_on, after=80)
    app = asked(speaks(chat), QUESTION)
    first, second = app.session_state["turns"]
    assert chat.closed == 1
    assert (first.answer.incomplete, first.answer.remark) == (True, writing.STOPPED)
    assert second.question == "What do ribosomes build?"


def test_pressed_too_late_the_stop_button_changes_nothing(speaks: Speaks, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = writing._draw

    def last_drawn(tutor: Tutor, answer: Answer, place: Any, key: str) -> None:
        draw(tutor, answer, place, key)
        if answer.usage:
            press("stop")()

    monkeypatch.setattr(writing, "_draw", last_drawn)
    app = asked(speaks(Scripted([f"{ENERGY} [1.1]"])), QUESTION)
    (turn,) = app.session_state["turns"]
    assert [s.text for s in turn.answer.statements] == [ENERGY]
    assert (turn.answer.incomplete, turn.answer.remark) == (False, "")
    assert "is writing" not in said(app)


def test_a_new_conversation_stops_the_model(speaks: Speaks) -> None:
    chat = Interrupted([f"{ENERGY} [1.1] " + "Whales sing at night. " * 40], presses=press("new"), after=80)
    app = asked(speaks(chat), QUESTION)
    assert chat.closed == 1
    assert app.session_state["turns"] == []
    assert not app.chat_message


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("Whales sing at night. Rome fell long ago.", "Of what scripted:model wrote, 2 of 2 sentences are not in your notes."),
        (Said("", fails=ModelSlow("scripted:model gave no first word within 9 s.")), "scripted:model gave no first word within 9 s."),
    ],
)
def test_where_the_model_fails_the_notes_answer_and_say_why(speaks: Speaks, reply: str | Said, why: str) -> None:
    app = asked(speaks(Scripted([reply])), QUESTION)
    (turn,) = app.session_state["turns"]
    assert turn.answer.mode == "notes-only"
    assert turn.answer.remark.startswith(why)
    assert "This answer is from your notes alone\\." in said(app)
    assert "From your notes, word for word" not in folded(app)
    assert any(c.value.startswith("Notes only · ") for c in app.caption)
    assert chips_of(app)


def test_what_is_left_out_is_counted(speaks: Speaks) -> None:
    app = asked(speaks(Scripted([f"{ENERGY} [1.1] Whales sing at night."])), QUESTION)
    assert "1 sentence left out\\: not in your notes\\." in said(app)


def test_asked_back_the_learner_can_have_a_hint_and_the_answer(speaks: Speaks) -> None:
    chat = Scripted(["What do you think it is for?", "Think of a power station.", f"{ENERGY} [1.1]"])
    app = speaks(chat)
    app.pills[0].set_value("socratic").run()
    asked(app, QUESTION)
    assert [b.label for b in app.button if str(b.key).startswith("step-")] == list(ask.STEPS)
    assert app.session_state["turns"][0].answer.prompt
    assert not chips_of(app)
    app.pills[0].set_value("explain").run()
    app.button(key="step-0").click().run()
    assert not app.exception
    hint = app.session_state["turns"][1]
    assert (hint.question, hint.answer.understood, hint.answer.depth) == ("Give me a hint", QUESTION, "socratic")
    assert hint.answer.prompt
    assert len([b for b in buttons(app) if b.startswith("step-")]) == 2
    app.button(key="step-1").click().run()
    assert not app.exception
    told = app.session_state["turns"][2].answer
    assert not told.prompt
    assert ENERGY in [s.text for s in told.statements]
    assert f"Understood as\\: {QUESTION}".replace("?", "\\?") in said(app)
    assert not [b for b in buttons(app) if b.startswith("step-")]


@pytest.mark.parametrize("depth", ["line", "explain", "deep", "analogy"])
def test_the_depth_is_passed_on(speaks: Speaks, depth: Depth) -> None:
    chat = Scripted([f"{ENERGY} [1.1]"])
    app = speaks(chat)
    app.pills[0].set_value(depth).run()
    asked(app, QUESTION)
    assert app.session_state["turns"][0].answer.depth == depth
    assert chat.limits[0].tokens == prompts.TOKENS[depth]


def test_the_depth_holds_on_the_way_to_the_notes_and_back(speaks: Speaks) -> None:
    app = speaks(Scripted([f"{ENERGY} [1.1]"]))
    app.pills[0].set_value("deep").run()
    for page in (NOTES, ASK):
        app.switch_page(page).run()
        assert not app.exception
        assert (app.pills[0].value, app.pills[0].proto.set_value) == ("deep", True)
    assert "In depth" in said(app)
    asked(app, QUESTION)
    assert app.session_state["turns"][0].answer.depth == "deep"


def test_without_a_model_it_cannot_be_asked_back(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_MODEL", "")
    app = opened()
    assert app.pills[0].options == [side.DEPTHS[d] for d in ("line", "explain", "deep", "analogy")]
    assert "Socratic, which asks before it tells, needs a model." in said(app)
    assert "Notes only · 3 notes" in said(app)


def test_the_first_questions_are_not_put_to_the_model(speaks: Speaks, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_of: list[str] = []
    monkeypatch.setattr(suggestions, "suggest", lambda tutor: asked_of.append(tutor.mode) or [QUESTION])
    app = speaks(Scripted(["Anything."]))
    assert asked_of == ["notes-only"]
    assert "scripted" in app.sidebar.markdown[0].value
    assert app.button(key="suggested-0").label == render.plain(QUESTION)


def test_the_sidebar_says_what_the_model_is_fit_for_and_what_it_has_cost(speaks: Speaks, home: Path) -> None:
    found = {"fit": {"explain": True}, "passed": 17, "of": 20, "truncates": False, "date": "2026-01-01"}
    pace.keep(home, "scripted:model", "fit", found)
    app = speaks(Scripted([f"{ENERGY} [1.1]"]))
    words = "\n".join(c.value for c in app.sidebar.caption).replace("\\", "")
    assert "explain yes" in words
    assert "grade no" in words
    assert "(17 of 20 tasks)" in words
    assert "tokens" not in words
    asked(asked(app, QUESTION), QUESTION)
    assert any(m.value.replace("\\", "").startswith("200 tokens in, ") and m.value.endswith("free") for m in app.sidebar.markdown)
    app.button(key="new").click().run()
    assert not any("tokens" in m.value for m in app.sidebar.markdown)


@pytest.mark.parametrize("name", ["nonsense", "openai:", "martian:model", f"openai:x\n{KEY}"])
def test_a_model_that_cannot_be_set_up_leaves_the_notes(home: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_MODEL", name)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    app = opened()
    assert len(app.sidebar.warning) == 1
    assert not app.error
    assert "Notes only" in app.sidebar.markdown[0].value
    asked(app, QUESTION)
    assert ENERGY in [s.text for s in app.session_state["turns"][0].answer.statements]
    for text in texts(app):
        check_inert(text)


def everything(app: AppTest) -> str:
    """All that the page was sent, widgets' settings included."""
    found = [str(getattr(element, "proto", "")) for element in app.main] + [str(getattr(element, "proto", "")) for element in app.sidebar]
    return "\n".join([*found, *texts(app), str(app.main), str(app.sidebar)])


@pytest.mark.loopback
def test_no_key_is_ever_shown(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "OPENAI_API_KEY", "TUTOR_SECRET"):
        monkeypatch.setenv(name, f"{KEY}{name}")
    monkeypatch.setenv("TUTOR_MODEL", "openai:puppet")
    monkeypatch.setenv("TUTOR_MODEL_URL", f"http://reader:{KEY}@127.0.0.1:9/v1?key={KEY}")
    app = opened()
    pages = [everything(app), everything(opened(NOTES))]
    asked(app, QUESTION)
    pages.append(everything(app))
    assert app.session_state["turns"][0].answer.mode == "notes-only"
    assert all("puppet" in page or app.sidebar.warning for page in pages)
    assert not [page for page in pages if KEY in page]


def hostile_page() -> None:
    """A page of answers in which everything that a model, a provider or a learner words is hostile."""
    import streamlit as st
    from test_render import HOSTILE

    from tutor.session import load
    from tutor.types import Answer, Citation, Statement, Usage
    from tutor.ui import answers

    tutor = load(model="")
    note = tutor.notes()[0]
    for n, text in enumerate(HOSTILE):
        citation = Citation(1, note.path, (text,), None, 0, 5, note.text[:5])
        statements = (Statement(text, (1,), "lead", verdict="unsure"), Statement(text, (1,), verdict="supported"), Statement(text, (1,), "step", label=text))
        answer = Answer(text, "answered", statements, (citation,), mode=text, understood=text, prompt=text, remark=text, usage=Usage(text, 1, 1))
        with st.chat_message("assistant"):
            answers.draw(tutor, answer, f"{n}", answer)
            answers.body(tutor, answer, f"{n}-grown", still=False)


def test_a_hostile_model_shows_words_only(home: Path) -> None:
    app = AppTest.from_function(hostile_page, default_timeout=120).run()
    assert not app.exception
    assert len(texts(app)) > 12 * len(HOSTILE)
    for text in texts(app):
        check_inert(text.replace(":orange-badge[?]", "x"))


def test_a_hostile_reply_reaches_the_page_as_words_or_not_at_all(speaks: Speaks) -> None:
    lines = "\n".join(f"- {ENERGY[:-1]} {' '.join(text.split())} [1.1]." for text in HOSTILE)
    app = asked(speaks(Scripted([f"{ENERGY} [1.1]\n{lines}"])), QUESTION)
    assert not app.exception
    assert any("chemical energy" in text for text in texts(app))
    for text in texts(app):
        check_inert(text)


def test_what_goes_further_than_its_words_is_marked(home: Path) -> None:
    def page() -> None:
        from tutor.session import load
        from tutor.types import Answer, Citation, Statement
        from tutor.ui import answers

        tutor = load(model="")
        note = tutor.notes()[0]
        said_by = (Citation(1, note.path, (), None, 0, 5, note.text[:5]),)
        answers.draw(tutor, Answer("q", "answered", (Statement("a", (1,), "lead", verdict="unsure"), Statement("b", (1,))), said_by, mode="m"), "0")

    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    assert [m.value for m in app.markdown].count(":orange-badge[?]") == 1
    assert any("goes further than the words it cites" in c.value for c in app.caption)


def test_runs_of_the_page_do_not_overlap() -> None:
    """Else the next run would take up a stream that the one before still reads."""
    config = tomllib.loads((Path(__file__).resolve().parent.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["runner"]["fastReruns"] is False
