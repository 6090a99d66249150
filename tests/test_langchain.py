"""The adapter for people who build with LangChain: its standard tests, what documents hold, answers in chains, streams and threads."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import NOTES, Tiny, pdf_bytes, write_notes
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.documents import Document
from langchain_core.runnables import RunnablePassthrough
from langchain_tests.integration_tests import RetrieversIntegrationTests
from pydantic import ValidationError

import tutor
from ingest.__main__ import main as ingest
from tutor import embed
from tutor.bert import NumpyBert
from tutor.embed import Model, QuestionEncoder
from tutor.errors import IndexMissing, InputError
from tutor.langchain import FootnoteRetriever, runnable
from tutor.session import Tutor
from tutor.teacher import Asking
from tutor.types import Answer, Passage, Turn

LIGHT = "chlorophyll absorbs light"
QUESTIONS = ("What do ribosomes build?", "why are leaves green anyway", "who printed a Bible in Mainz", "what does the xylem carry", "what is a leverage ratio")


class TestStandard(RetrieversIntegrationTests):
    """LangChain's own tests of a retriever, all of them, on the tiny index."""

    @pytest.fixture(autouse=True)
    def _open(self, tiny_index: Tiny) -> None:
        self.opened = tiny_index.tutor()

    @property
    def retriever_constructor(self) -> type[FootnoteRetriever]:
        return FootnoteRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"tutor": self.opened}

    @property
    def retriever_query_example(self) -> str:
        return LIGHT


class Growing:
    """A teacher whose answer grows by a remark a step; `before` runs ahead of each. Remembers what it was asked, and its end."""

    mode = "growing"

    def __init__(self, before: Callable[[str], object] = lambda remark: None) -> None:
        self.before = before
        self.asked: list[Asking] = []
        self.said: list[str] = []
        self.stopped = threading.Event()

    def drafts(self, asking: Asking) -> Iterator[Answer]:
        self.asked.append(asking)
        try:
            for remark in ("one", "two", "three"):
                self.before(remark)
                self.said.append(remark)
                yield Answer(asking.query.text, "absent", remark=remark)
        finally:
            self.stopped.set()


@pytest.fixture
def opened(tiny_index: Tiny) -> Tutor:
    return tiny_index.tutor()


@pytest.fixture
def growing(tiny_index: Tiny, encoder: QuestionEncoder) -> tuple[Tutor, Growing]:
    teacher = Growing()
    return Tutor(tiny_index.open(), encoder, teacher), teacher


def untimed(answer: Answer) -> Answer:
    return replace(answer, seconds=0.0)


def test_a_document_says_where_its_words_stand(opened: Tutor) -> None:
    found = FootnoteRetriever(tutor=opened, k=3).invoke(LIGHT)
    for document in found:
        place = document.metadata
        assert NOTES[place["note"]][place["start"] : place["end"]] == document.page_content
        assert json.loads(json.dumps(place)) == place
        assert set(place) == {"note", "heading", "page", "start", "end", "score", "also"}
    first = found[0].metadata
    assert (first["note"], first["heading"], first["page"], first["also"]) == ("biology/plants.md", ["Plants", "Photosynthesis"], None, [])
    scores = [d.metadata["score"] for d in found]
    assert scores == sorted(scores, reverse=True)
    assert scores == [hit.score for hit in opened.search(LIGHT, 3)]


def test_a_document_names_its_page_and_the_other_notes_that_say_the_same(tiny: Tiny) -> None:
    write_notes(tiny.notes, {"copy.txt": NOTES["history.txt"]})
    (tiny.notes / "tides.pdf").write_bytes(pdf_bytes([[f"The {what} {n} of the sea rises and falls." for n in range(40)] for what in ("wave", "tide")]))
    tiny.ingest()
    opened = tiny.tutor()
    retriever = FootnoteRetriever(tutor=opened, k=1)
    press = retriever.invoke("Gutenberg printed a Bible in Mainz")[0].metadata
    assert {press["note"], *press["also"]} == {"copy.txt", "history.txt"}
    assert len(press["also"]) == 1
    paged = [d for d in retriever.invoke("the tide of the sea", k=99) if d.metadata["note"] == "tides.pdf"]
    assert {d.metadata["page"] for d in paged if d.page_content.startswith("The tide")} == {2}
    assert {d.metadata["page"] for d in paged if d.page_content.startswith("The wave")} == {1}
    for d in paged:
        assert opened.note("tides.pdf").text[d.metadata["start"] : d.metadata["end"]] == d.page_content


def test_an_id_belongs_to_words_and_place(tiny_index: Tiny) -> None:
    retriever = FootnoteRetriever(tutor=tiny_index.tutor(), k=6)
    ids = {d.id: d.page_content for d in retriever.invoke(LIGHT)}
    assert len(ids) == 6
    tiny_index.ingest(rebuild=True)
    assert {d.id: d.page_content for d in FootnoteRetriever(tutor=tiny_index.tutor(), k=6).invoke(LIGHT)} == ids


async def test_async_finds_the_same_also_with_its_own_k(opened: Tutor) -> None:
    retriever = FootnoteRetriever(tutor=opened, k=3)
    assert await retriever.ainvoke(LIGHT) == retriever.invoke(LIGHT)
    assert await retriever.ainvoke(LIGHT, k=1) == retriever.invoke(LIGHT)[:1]


def test_what_cannot_be_looked_for(opened: Tutor) -> None:
    retriever = FootnoteRetriever(tutor=opened)
    assert retriever.invoke("  ") == []
    with pytest.raises(InputError, match="characters"):
        retriever.invoke("x" * 10_000)
    with pytest.raises(ValidationError):
        FootnoteRetriever(tutor=opened, k=0)
    with pytest.raises(TypeError):
        retriever.invoke(LIGHT, top=3)


def test_without_a_tutor_it_opens_the_default_index(tiny_settings: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        FootnoteRetriever()
    assert ingest([str(write_notes(tmp_path / "notes")), "--json"]) == 0
    assert FootnoteRetriever(k=1).invoke(LIGHT)[0].metadata["note"] == "biology/plants.md"


@pytest.mark.parametrize("asked", QUESTIONS)
def test_a_question_is_answered_as_by_the_tutor(asked: str, opened: Tutor) -> None:
    expected = untimed(opened.ask(asked))
    made = runnable(opened)
    assert untimed(made.invoke(asked)) == expected
    assert untimed(made.invoke({"question": asked})) == expected
    assert untimed(asyncio.run(made.ainvoke(asked))) == expected
    for c in expected.citations:
        assert NOTES[c.note][c.start : c.end] == c.quote


def test_history_and_depth_reach_the_teacher(growing: tuple[Tutor, Growing]) -> None:
    opened, teacher = growing
    turn = Turn("what is a stoma", Answer("what is a stoma", "absent"))
    answer = runnable(opened).invoke({"question": "What is the xylem?", "history": [turn], "depth": "line"})
    assert (answer.question, answer.depth) == ("What is the xylem?", "line")
    assert (teacher.asked[0].history, teacher.asked[0].depth) == ((turn,), "line")


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        (None, "a question"),
        (7, "a question"),
        ([], "a question"),
        ({}, "a question"),
        ({"question": 7}, "a question"),
        ({"question": "why?", "dept": "line"}, "a question"),
        ({"question": "why?", "depth": "deeper"}, "one of the depths: line, explain, deep, analogy, socratic"),
        ({"question": "why?", "history": [("why?", "because")]}, r"Turn\(question, answer\)"),
        ({"question": "why?", "history": 7}, r"Turn\(question, answer\)"),
        ("  ", "a question"),
        ("x" * 10_000, "at most 4,000"),
    ],
)
def test_an_input_without_a_question_gets_a_sentence(asked: Any, what: str, opened: Tutor) -> None:
    made = runnable(opened)
    with pytest.raises(InputError, match=what) as told:
        made.invoke(asked)
    assert str(told.value).endswith(".")
    with pytest.raises(InputError):
        list(made.stream(asked))
    with pytest.raises(InputError):
        asyncio.run(made.ainvoke(asked))


def test_a_stream_grows_and_its_last_answer_stands(growing: tuple[Tutor, Growing]) -> None:
    made = runnable(growing[0])
    assert [a.remark for a in made.stream("why?")] == ["one", "two", "three"]
    assert made.invoke("why?").remark == "three"


async def test_an_async_stream_grows_as_well(growing: tuple[Tutor, Growing]) -> None:
    made = runnable(growing[0])
    assert [a.remark async for a in made.astream("why?")] == ["one", "two", "three"]
    assert (await made.ainvoke("why?")).remark == "three"


def test_a_chain_gets_the_answer_that_stands(growing: tuple[Tutor, Growing]) -> None:
    opened, teacher = growing

    def told(answer: Answer) -> str:
        return f"{answer.question} {answer.remark}"

    chain = {"question": RunnablePassthrough()} | runnable(opened) | told
    assert chain.invoke("why?") == "why? three"
    assert list(chain.stream("why?")) == ["why? three"]
    assert asyncio.run(chain.ainvoke("why?")) == "why? three"
    assert {asking.query.text for asking in teacher.asked} == {"why?"}


def test_closing_a_stream_stops_the_teacher(growing: tuple[Tutor, Growing]) -> None:
    opened, teacher = growing
    answers = runnable(opened).stream("why?")
    assert next(answers).remark == "one"
    assert not teacher.stopped.is_set()
    answers.close()  # type: ignore[attr-defined]  # LangChain says iterator, and gives a generator
    assert teacher.stopped.is_set()
    assert teacher.said == ["one"]


async def test_closing_an_async_stream_stops_the_teacher(growing: tuple[Tutor, Growing]) -> None:
    opened, teacher = growing
    answers = runnable(opened).astream("why?")
    assert (await anext(answers)).remark == "one"
    assert not teacher.stopped.is_set()
    await answers.aclose()  # type: ignore[attr-defined]
    assert await asyncio.to_thread(teacher.stopped.wait, 10)
    assert teacher.said == ["one"]


async def test_a_cancelled_task_stops_the_teacher_once_its_step_is_done(tiny_index: Tiny, encoder: QuestionEncoder) -> None:
    begun, go = threading.Event(), threading.Event()

    def held(remark: str) -> None:
        begun.set()
        assert go.wait(10)

    teacher = Growing(held)
    task = asyncio.ensure_future(runnable(Tutor(tiny_index.open(), encoder, teacher)).ainvoke("why?"))
    assert await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    go.set()
    with pytest.raises(asyncio.CancelledError) as kept:  # and with it the frames that hold the stream
        await task
    assert await asyncio.to_thread(teacher.stopped.wait, 10)
    assert kept.tb is not None
    assert teacher.said == ["one"]


def test_a_batch_of_threads_gives_what_one_by_one_gives(tiny_index: Tiny) -> None:
    opened = tiny_index.tutor()
    asked = [*QUESTIONS * 8, "  "]
    found = runnable(opened).batch(asked, {"max_concurrency": 8}, return_exceptions=True)
    documents = FootnoteRetriever(tutor=tiny_index.tutor(), k=4).batch(list(QUESTIONS * 8), {"max_concurrency": 8})
    alone = tiny_index.tutor()
    expected = {q: untimed(alone.ask(q)) for q in QUESTIONS}
    assert isinstance(found[-1], InputError)
    assert [untimed(a) for a in found[:-1]] == [expected[q] for q in QUESTIONS * 8]
    assert [[d.page_content for d in row] for row in documents] == [[h.passage.text for h in alone.search(q, 4)] for q in QUESTIONS * 8]


def test_a_thread_that_asks_while_another_gathers_copies_sees_them_all(tiny: Tiny) -> None:
    write_notes(tiny.notes, {"copy.txt": NOTES["history.txt"]})
    tiny.ingest()
    index = tiny.open()
    text = next(p.text for p in index.passages if p.note == "history.txt")
    seen: list[Sequence[str]] = []

    class Interrupted(list[Passage]):
        """Passages between the second last and the last of which somebody else asks, once."""

        def __iter__(self) -> Iterator[Passage]:
            for at in range(len(self)):
                if at == len(self) - 1 and not seen:
                    seen.append(())
                    seen.append(tuple(index.notes_of(text)))
                yield self[at]

    index.passages = Interrupted(sorted(index.passages, key=lambda p: p.text == text))
    assert sorted(index.notes_of(text)) == ["copy.txt", "history.txt"]
    assert sorted(seen[1]) == ["copy.txt", "history.txt"]


def test_a_thread_that_forgets_what_another_is_reading_does_no_harm(model: Model) -> None:
    class Forgotten(dict[str, list[int]]):
        """Topics that somebody else clears whenever they have just been looked for."""

        def __contains__(self, key: object) -> bool:
            return super().__contains__(key) and self.clear() is None

        def get(self, key: str, default: Any = None) -> Any:
            found = super().get(key, default)
            self.clear()
            return found

    encode = embed.question_encoder(model)
    assert isinstance(encode, NumpyBert)
    expected = encode.nearness(["light"], ["red light", "wind"])
    encode._topics = Forgotten(encode._topics)
    assert (encode.nearness(["light"], ["red light", "wind"]) == expected).all()


def test_callbacks_are_told_what_was_found_and_answered(growing: tuple[Tutor, Growing]) -> None:
    class Ear(BaseCallbackHandler):
        """Remembers what runs gave."""

        def __init__(self) -> None:
            self.heard: list[object] = []

        def on_retriever_end(self, documents: Sequence[Document], **kwargs: Any) -> None:
            self.heard.append(documents[0].metadata["note"])

        def on_chain_end(self, outputs: Any, **kwargs: Any) -> None:
            self.heard.append(outputs.remark)

    ear = Ear()
    FootnoteRetriever(tutor=growing[0]).invoke(LIGHT, {"callbacks": [ear]})
    runnable(growing[0]).invoke("why?", {"callbacks": [ear]})
    assert ear.heard == ["biology/plants.md", "three"]


def test_schemas_say_what_goes_in_and_comes_out(opened: Tutor) -> None:
    made = runnable(opened)
    asked = made.get_input_jsonschema()["$defs"]["Asked"]
    assert set(asked["properties"]) == {"question", "history", "depth"}
    assert asked["required"] == ["question"]
    out = made.get_output_schema()
    assert {"outcome", "statements", "citations", "remark"} <= set(out.model_json_schema()["$defs"]["Answer"]["properties"])
    assert out.model_validate(made.invoke(QUESTIONS[0])) is not None


def run(code: str) -> str:
    """What a fresh interpreter prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", timeout=120, check=True).stdout.strip()


def test_importing_tutor_does_not_import_langchain() -> None:
    code = "import sys, tutor, tutor.__main__; print(sorted({m.split('.')[0] for m in sys.modules} & {'langchain', 'langchain_core', 'langsmith', 'boto3'}))"
    assert run(code) == "[]"


def test_the_module_does_not_hide_langchain() -> None:
    found = run("import tutor.langchain, langchain; print(langchain.__file__)")
    assert not Path(found).is_relative_to(Path(tutor.__file__).parent)
    assert Path(found).parent.name == "langchain"
