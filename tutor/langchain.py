"""A tutor in, a LangChain retriever over its notes and a LangChain runnable of its answers out, for people who build with LangChain.

    from tutor.langchain import FootnoteRetriever, runnable

    retriever = FootnoteRetriever(k=5)                       # over the default index, or FootnoteRetriever(tutor=tutor.load("DIR"))
    retriever.invoke("what is data drift?")[0].metadata      # note, heading, page, start, end, score, also

    answers = runnable(tutor.load())
    answers.invoke("what is data drift?").statements         # a tutor.Answer, checked as everywhere
    answers.invoke({"question": "and model drift?", "history": [Turn(question, answer)], "depth": "line"})

Both work in chains, in batches and in async code; errors are TutorError's family. Callbacks and tracers that you switch
on in LangChain are given what is asked and found, as with any other retriever or runnable: notes leave by them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator, Mapping, Sequence
from threading import Lock
from typing import Required, get_args

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import Field
from typing_extensions import TypedDict  # pydantic reads no other TypedDict before Python 3.12

from tutor.errors import InputError
from tutor.session import Tutor, load
from tutor.types import Answer, Depth, Hit, Turn


class FootnoteRetriever(BaseRetriever):
    """The passages of an index that are nearest to a query, best first; none for an empty query.

    `page_content` is the passage word for word: `tutor.note(metadata["note"]).text[start:end]`. The metadata is plain
    JSON: `note` (path), `heading` (list, outermost first), `page` (None without pages), `start` and `end` (characters of
    the note), `score` (comparable within one query only), `also` (other notes with the same words). `id` is the same
    for the same words at the same place in the notes.
    """

    tutor: Tutor = Field(default_factory=lambda: load(model=""), exclude=True, repr=False)
    """Whose notes; by default those of the default index. A language model is not needed."""
    k: int = Field(default=10, ge=1)
    """How many passages at most; `invoke(query, k=3)` overrides it once."""

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None) -> list[Document]:  # noqa: ARG002
        return [_document(hit) for hit in self.tutor.search(query, self.k if k is None else k)]

    async def _aget_relevant_documents(self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun, k: int | None = None) -> list[Document]:
        return await asyncio.to_thread(self._get_relevant_documents, query, run_manager=run_manager.get_sync(), k=k)


class Asked(TypedDict, total=False):
    """A question with its conversation, oldest turn first, and the depth of the answer."""

    question: Required[str]
    history: Sequence[Turn]
    depth: Depth


def runnable(tutor: Tutor) -> Runnable[str | Asked, Answer]:
    """The tutor as a runnable: a question, or a mapping with it, in; an Answer out.

    `stream` gives answers that grow, each in place of the one before; the last one stands, and is what `invoke` and the
    next link of a chain get. Closing the stream stops the model. Raises InputError for an input that holds no question.
    """

    def answers(asked: str | Asked) -> Generator[Answer]:
        yield from tutor.stream(*_read(asked))

    async def later(asked: str | Asked) -> AsyncIterator[Answer]:
        steps, turn = answers(asked), Lock()

        def step() -> Answer | None:
            with turn:
                return next(steps, None)

        def stop() -> None:
            with turn:  # a cancelled task leaves its step running: a generator cannot be closed while it runs
                steps.close()

        try:
            while (answer := await asyncio.to_thread(step)) is not None:
                yield answer
        finally:
            await asyncio.to_thread(stop)

    made = RunnableLambda(answers, afunc=later, name="footnote")
    return made.with_types(input_type=str | Asked, output_type=Answer)  # type: ignore[arg-type]  # a union is no type[...]


def _document(hit: Hit) -> Document:
    p = hit.passage
    place = {"note": p.note, "heading": list(p.heading), "page": p.page, "start": p.start, "end": p.end}
    return Document(id=p.id, page_content=p.text, metadata={**place, "score": hit.score, "also": list(hit.also)})


def _read(asked: object) -> tuple[str, Sequence[Turn], Depth]:
    """What a runnable was given, as the arguments of `Tutor.stream`."""
    given = {"question": asked} if isinstance(asked, str) else asked
    if not isinstance(given, Mapping) or set(given) - set(Asked.__annotations__) or not isinstance(question := given.get("question"), str):
        raise InputError("Give a question as a string, or as a mapping with a question and, if you like, a history and a depth.")
    history = given.get("history", ())
    if not isinstance(history, Sequence) or not all(isinstance(turn, Turn) for turn in history):
        raise InputError("Give the history as a list of Turn(question, answer), oldest first, with the answers that you were given.")
    depth = given.get("depth", "explain")
    if depth not in get_args(Depth):
        raise InputError(f"Give one of the depths: {', '.join(get_args(Depth))}.")
    return question, history, depth
