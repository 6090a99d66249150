"""Scripts of faults, played by a server to the real clients under our model: each ends in time, in one of our few errors or in
the text that came, after the one layer of retries; and through the tutor, in an answer from the notes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from fakes import Tiny, write_notes
from scripts import AMPLE, FAULTS, GOOD, PIECES, TEXT, TIGHT, Fault
from servers import Asked, Line, Server, deaf, mute, nobody, speaking
from wire import PROTOCOLS, Protocol, Say, body

from tutor import budget, models, pace
from tutor.chat import Limits, Message, Reply
from tutor.clients.retries import Retries
from tutor.embed import Model as Weights
from tutor.errors import ModelBusy, ModelFailed, ModelGarbled, ModelSlow, ModelUnreachable
from tutor.extractive.teacher import Extractive
from tutor.generative.teacher import Generative
from tutor.session import Tutor
from tutor.settings import Settings
from tutor.types import Answer, Usage

pytestmark = pytest.mark.loopback

NAMES: dict[Protocol, str] = {"bedrock": "bedrock_converse:amazon.nova-lite-v1:0", "openai": "openai:tiny", "ollama": "ollama:tiny"}
QUESTION = "What makes most of the chemical energy of a cell?"
ASKED = (Message("system", "Answer from the notes."), Message("user", QUESTION))
SLACK = 1.0
"""Seconds from a deadline until the caller has its error, on a busy machine."""
TIRELESS = Retries(failures=1_000_000)
"""So that the failures of one test do not close the model to the next."""


@dataclass
class Skipped:
    """A clock on which waiting takes none of our time, and what was waited."""

    waits: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return time.monotonic() + sum(self.waits)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


@dataclass(frozen=True)
class Outcome:
    """How a call ended: the text given by then, less what was taken back; the reply or the error; and what it took."""

    text: str
    reply: Reply | None
    error: ModelFailed | None
    requests: int
    waits: tuple[float, ...]


@dataclass
class Call:
    """A server, our model that speaks to it, and the clock between them."""

    server: Server
    model: models.Model
    time: Skipped

    def drive(self, script: Sequence[Line], limits: Limits = AMPLE, schema: Mapping[str, object] | None = None) -> Outcome:
        """Play a script and listen to the end; fails where that takes longer than the limits allow."""
        self.server.play(*script)
        self.time.waits.clear()
        began = time.monotonic()
        said, reply, error = "", None, None
        stream = self.model.stream(ASKED, limits, schema)
        try:
            while True:
                piece = next(stream)
                said = "" if piece is None else said + piece
        except StopIteration as end:
            reply = end.value
        except ModelFailed as failed:
            error = failed
        assert time.monotonic() - began < limits.total + SLACK
        return Outcome(said, reply, error, len(self.server.requests), tuple(self.time.waits))


def connected(protocol: Protocol, url: str, clock: Skipped, retries: Retries = TIRELESS) -> models.Model:
    settings = Settings(model=NAMES[protocol], model_url=url)
    return models.connect(settings, retries, clock.clock, clock.sleep, dice=lambda: 1.0)


@pytest.fixture(scope="module", autouse=True)
def _credentials(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Of nobody, and none of the machine's own."""
    nothing = tmp_path_factory.mktemp("aws") / "none"
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "not-a-key")
        patch.setenv("AWS_REGION", "eu-west-1")
        for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            patch.setenv(name, str(nothing))
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "OPENAI_API_KEY"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="module")
def calls() -> Iterator[Callable[[Protocol], Call]]:
    """A server and a model of each protocol, for the whole module: making a client takes far longer than a script."""
    made: dict[Protocol, Call] = {}
    with speaking("bedrock") as bedrock, speaking("openai") as openai, speaking("ollama") as ollama:

        def call(protocol: Protocol) -> Call:
            if protocol not in made:
                server, clock = {"bedrock": bedrock, "openai": openai, "ollama": ollama}[protocol], Skipped()
                made[protocol] = Call(server, connected(protocol, server.url, clock), clock)
                assert made[protocol].drive([GOOD]).text == TEXT  # and its libraries are loaded, before anything is timed
            return made[protocol]

        yield call


def on_each(faults: Mapping[str, Fault]) -> list[tuple[str, Protocol]]:
    return [(name, protocol) for name, fault in faults.items() for protocol in fault.on]


@pytest.mark.parametrize(("name", "protocol"), on_each(FAULTS))
def test_a_fault_ends_typed_and_in_time(calls: Callable[[Protocol], Call], name: str, protocol: Protocol) -> None:
    fault = FAULTS[name]
    outcome = calls(protocol).drive(fault.script, fault.limits)
    if isinstance(fault.end, str):
        assert outcome.error is None
        assert outcome.reply is not None
        assert (outcome.reply.text, outcome.reply.stop) == (fault.text, fault.end)
    else:
        assert type(outcome.error) is fault.end, outcome
        sentence = str(outcome.error)
        assert sentence.rstrip("`").endswith(".")
        assert NAMES[protocol].partition(":")[2] in sentence
        assert "server says" not in sentence
    assert outcome.requests == fault.requests
    assert outcome.text == fault.text if fault.text is not None else outcome.text
    assert sum(outcome.waits) <= TIRELESS.waiting
    assert fault.waits is None or sum(outcome.waits) == pytest.approx(sum(fault.waits))
    assert max(outcome.waits, default=0.0) <= models.BEAT


def test_there_are_forty_scripts_and_more_for_each_protocol() -> None:
    assert all(sum(p == protocol for _, p in on_each(FAULTS)) >= 40 for protocol in PROTOCOLS)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_stream_cut_after_every_byte(protocol: Protocol) -> None:
    """Both as a connection that breaks and as one that ends in good order; inside a letter of several bytes too."""
    said = Say(("Für – ", "ATP 😀."), usage=None)
    whole = b"".join(body(protocol, said))
    assert "😀".encode() in whole
    clock = Skipped()
    with speaking(protocol) as server:
        call = Call(server, connected(protocol, server.url, clock, replace(TIRELESS, tries=1)), clock)
        ends = [(cut, call.drive([replace(said, cut=cut, tidy=bool(cut % 2))])) for cut in range(len(whole))]
    for cut, outcome in ends:
        came = [p for p in said.pieces if p.encode() in whole[:cut]]
        if outcome.reply:
            assert outcome.reply.text == "".join(said.pieces), cut
            assert outcome.reply.stop == "end"
        else:
            assert type(outcome.error) in {ModelUnreachable, ModelGarbled}, (cut, outcome)
            assert outcome.text in {"".join(came), "".join(came[:-1])}, cut  # the last one may want its closing bracket or line
        assert outcome.requests == 1
    assert [o.text for _, o in ends] == sorted((o.text for _, o in ends), key=len)
    assert len(ends) > 300
    assert sum(o.reply is not None for _, o in ends) < len(whole) / 2


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("address", [mute, deaf])
def test_an_address_that_never_answers(protocol: Protocol, address: Callable[[], AbstractContextManager[str]]) -> None:
    clock = Skipped()
    with address() as url:
        stream = connected(protocol, url, clock).stream(ASKED, TIGHT)
        began = time.monotonic()
        with pytest.raises(ModelSlow, match="no first word"):
            list(stream)
        assert time.monotonic() - began < TIGHT.first + SLACK
    assert clock.waits == []


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_address_where_nobody_listens(protocol: Protocol) -> None:
    clock, url = Skipped(), nobody()
    with pytest.raises(ModelUnreachable, match=url):
        list(connected(protocol, url, clock).stream(ASKED, AMPLE))
    assert clock.waits == []


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    "said", [replace(GOOD, between=30), replace(GOOD, first=30), replace(GOOD, wait=30)], ids=["after a sentence", "after the headers", "before them"]
)
def test_the_stop_button_hangs_up(protocol: Protocol, said: Say) -> None:
    before = set(threading.enumerate())
    with speaking(protocol, GOOD, said) as server:
        model = connected(protocol, server.url, Skipped())
        listened(model.stream(ASKED, AMPLE))
        stream = model.stream(ASKED, AMPLE)
        assert next(stream) == (PIECES[0] if said.between else "")
        stream.close()
        assert server.requests[1].gone.wait(2)
        until = time.monotonic() + 2
        while reading := [t for t in threading.enumerate() if t.name == "model" and t not in before]:
            assert time.monotonic() < until, reading
            time.sleep(0.01)


def test_after_five_failures_a_model_is_left_alone_for_half_a_minute() -> None:
    clock = Skipped()
    with speaking("ollama") as server:
        call = Call(server, connected("ollama", server.url, clock, Retries(tries=1)), clock)
        assert [type(call.drive([Say(status=503)]).error) for _ in range(5)] == [ModelBusy] * 5
        alone = call.drive([GOOD])
        assert (type(alone.error), alone.requests) == (ModelBusy, 0)
        clock.waits[:] = [29.0]
        server.play(GOOD)
        with pytest.raises(ModelBusy):
            next(call.model.stream(ASKED, AMPLE))
        clock.waits[:] = [31.0]
        assert next(call.model.stream(ASKED, AMPLE)) == PIECES[0]


def test_a_sentence_that_came_is_no_failure_though_no_more_was_wanted() -> None:
    clock = Skipped()
    with speaking("ollama", GOOD, Say(status=503), GOOD, Say(status=503), GOOD) as server:
        model = connected("ollama", server.url, clock, Retries(tries=1, failures=2))
        listened(model.stream(ASKED, AMPLE))
        for _ in range(2):
            with pytest.raises(ModelBusy):
                listened(model.stream(ASKED, AMPLE))
            stream = model.stream(ASKED, AMPLE)
            assert next(piece for piece in stream if piece) == PIECES[0]
            stream.close()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_waits_are_jittered_and_bounded(protocol: Protocol) -> None:
    clock, dice = Skipped(), iter([0.25, 0.5, 1.0])
    with speaking(protocol, Say(status=503)) as server:
        model = models.connect(Settings(model=NAMES[protocol], model_url=server.url), TIRELESS, clock.clock, clock.sleep, lambda: next(dice))
        with pytest.raises(ModelBusy):
            list(model.stream(ASKED, AMPLE))
    assert clock.waits == [0.25 * TIRELESS.base, *[models.BEAT] * 2]  # the second is 0.5 * base * 2, in slices


def test_who_listens_can_stop_the_wait_between_two_tries() -> None:
    clock = Skipped()
    with speaking("ollama", GOOD, Say(status=429, headers=(("retry-after", "6"),)), GOOD) as server:
        model = connected("ollama", server.url, clock)
        listened(model.stream(ASKED, AMPLE))
        stream = model.stream(ASKED, AMPLE)
        assert next(stream) == ""
        assert clock.waits == [models.BEAT]
        stream.close()
        assert len(server.requests) == 2


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_listener_who_takes_their_time_does_not_make_a_model_late(protocol: Protocol) -> None:
    clock = Skipped()
    with speaking(protocol, GOOD, replace(GOOD, pieces=("One. ",) * 5)) as server:
        model = connected(protocol, server.url, clock)
        listened(model.stream(ASKED, AMPLE))
        stream, said = model.stream(ASKED, AMPLE), ""
        for piece in stream:
            said += piece or ""
            clock.sleep(2 * AMPLE.total)
    assert said == "One. " * 5


def test_a_wait_that_ends_after_the_deadline_is_not_begun(calls: Callable[[Protocol], Call]) -> None:
    outcome = calls("openai").drive([Say(status=429, headers=(("retry-after", "9"),)), GOOD], replace(AMPLE, total=5))
    assert (type(outcome.error), outcome.requests, outcome.waits) == (ModelBusy, 1, ())


@dataclass
class Hurried:
    """A clock that runs so many times as fast: a slow model is slow by it."""

    times: float

    def clock(self) -> float:
        return time.monotonic() * self.times


PATIENT = Limits(tokens=60, first=1e6, idle=1e6, total=1e6)


def laptop(hurry: float = 1e6, window: int | None = None) -> Callable[[Asked], Say]:
    """A model on a laptop: 20 tokens of prompt and 8 of reply a second, `hurry` times as fast; a word is a token. It names the
    first word that it has seen of its prompt: of a longer one than its window it sees the end only, as Ollama does without a
    word. The window is what num_ctx asks for, unless it is fixed."""

    def reply(asked: Asked) -> Say:
        options = asked.body.get("options", {})
        seen = " ".join(text for _, text in asked.said).split()
        seen = seen[-(window or options["num_ctx"] - options["num_predict"]) :]
        pieces = (f"{seen[0]} was first. ", *PIECES)
        return Say(pieces, usage=(len(seen), 36), first=len(seen) / 20 / hurry, between=12 / 8 / hurry)

    return reply


def test_a_slow_laptop_model_is_waited_for_and_its_pace_measured() -> None:
    clock, known = Hurried(100), None
    prompt = (Message("system", "word " * 600), Message("user", QUESTION))
    with speaking("ollama") as server:
        model = models.connect(Settings(model=NAMES["ollama"], model_url=server.url), clock=clock.clock)
        list(model.stream(ASKED, PATIENT))  # loads the libraries
        server.play(laptop(hurry=100))
        for _ in range(3):
            began = clock.clock()
            stream = model.stream(prompt, pace.limits(known, 610, 36))
            said = [next(piece for piece in stream if piece)]
            first = clock.clock() - began
            said += [piece for piece in stream if piece]
            known = pace.seen(known, 610, first, 36, clock.clock() - began - first)
            assert "".join(said) == f"word was first. {TEXT}"
            assert first > 30
    assert known is not None
    assert 10 < known.prompt_rate < 30
    assert 3 < known.output_rate < 12
    assert pace.limits(known, 610, 36).first > 60


def test_the_pace_is_measured_of_who_is_never_listened_to_to_the_end(tmp_path: Path) -> None:
    clock = Hurried(100)
    prompt = (Message("system", "word " * 600), Message("user", QUESTION))
    with speaking("ollama") as server:
        model = models.connect(Settings(model=NAMES["ollama"], model_url=server.url), clock=clock.clock)
        list(model.stream(ASKED, PATIENT))  # loads the libraries
        server.play(laptop(hurry=100))
        stream = pace.stream(model, prompt, 60, tmp_path)
        assert [next(piece for piece in stream if piece) for _ in range(2)] == ["word was first. ", PIECES[0]]
        stream.close()
        assert server.requests[0].gone.wait(2)
    known = pace.read(tmp_path, model.name)
    assert known is not None
    tokens = budget.counter()
    assert known.prompt_rate == pytest.approx(tokens(prompt[0].text) / 30, rel=0.5)
    assert known.output_rate == pytest.approx(tokens(PIECES[0]) / 1.5, rel=0.7)


def test_ollama_is_asked_for_a_window_that_holds_the_prompt() -> None:
    with speaking("ollama", laptop()) as server:
        call = Call(server, connected("ollama", server.url, Skipped()), Skipped())
        for words in (100, 6_000, 100):
            *_, reply = listened(call.model.stream((Message("system", "PELICAN " + "word " * words), Message("user", QUESTION)), AMPLE))
            assert isinstance(reply, Reply)
            assert reply.text.startswith("PELICAN was first.")
    sizes = [asked.body["options"]["num_ctx"] for asked in server.requests]
    assert sizes == sorted(sizes)  # never smaller again: the model would be loaded anew
    assert len(set(sizes)) == 2


def test_a_prompt_cut_in_silence_shows_in_what_was_counted_only() -> None:
    with speaking("openai", laptop(window=500)) as server:
        model = connected("openai", server.url, Skipped())
        *_, reply = listened(model.stream((Message("system", "PELICAN " + "word " * 2_000), Message("user", QUESTION)), AMPLE))
    assert isinstance(reply, Reply)
    assert reply.text.startswith("word was first.")
    assert reply.usage.counted
    assert reply.usage.input_tokens == 500


def test_a_model_that_thinks_for_long_is_alive(calls: Callable[[Protocol], Call]) -> None:
    for protocol in PROTOCOLS:
        outcome = calls(protocol).drive([replace(GOOD, thinking=("hm ",) * 12, between=0.05)], replace(TIGHT, total=5))
        assert outcome.error is None
        assert outcome.text == TEXT
        inline = replace(GOOD, pieces=("<thi", "nk>", *("hm ",) * 10, "</th", "ink>", *PIECES), between=0.05)
        assert calls(protocol).drive([inline], replace(TIGHT, total=5)).text == TEXT


def listened(stream: Generator[str | None, None, Reply]) -> list[str | Reply | None]:
    """The pieces of a stream, and last its reply."""
    heard: list[str | Reply | None] = []
    while True:
        try:
            heard.append(next(stream))
        except StopIteration as end:
            return [*heard, end.value]


@dataclass
class Bounded:
    """A model under limits of the test's own, whatever its teacher allows."""

    name: str
    model: models.Model
    limits: Limits

    def stream(self, messages: Sequence[Message], limits: Limits, schema: Mapping[str, object] | None = None) -> Generator[str | None, None, Reply]:
        return (yield from self.model.stream(messages, self.limits, schema))

    def spent(self, messages: Sequence[Message], text: str) -> Usage:
        return self.model.spent(messages, text)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, model: Weights) -> Tutor:
    """The three notes without a model."""
    folder = tmp_path_factory.mktemp("course")
    tiny = Tiny(write_notes(folder / "notes"), folder / "index", model)
    tiny.ingest()
    return tiny.tutor()


@pytest.fixture(scope="module")
def notes(plain: Tutor) -> Answer:
    """What stands where the model fails."""
    return plain.ask(QUESTION)


@pytest.mark.parametrize(("name", "protocol"), on_each(FAULTS))
def test_every_fault_ends_in_an_answer_from_the_notes(
    calls: Callable[[Protocol], Call], plain: Tutor, notes: Answer, tmp_path: Path, name: str, protocol: Protocol
) -> None:
    fault, call = FAULTS[name], calls(protocol)
    call.server.play(*fault.script)
    call.time.waits.clear()
    tutor = Tutor(
        plain.index,
        plain.encoder,
        Generative(plain.index, Extractive(plain.index, plain.encoder), Bounded(NAMES[protocol], call.model, fault.limits), tmp_path),
    )
    first, *_, last = tutor.stream(QUESTION)
    assert call.server.requests
    assert replace(first, seconds=0.0) == replace(notes, seconds=0.0)
    assert last.outcome == "answered"
    assert last.statements
    for citation in last.citations:
        assert plain.note(citation.note).text[citation.start : citation.end] == citation.quote
    if last.mode == "notes-only":
        assert last.statements == notes.statements
        assert last.remark.endswith(" This answer is from your notes alone.")
    else:
        assert last.mode == NAMES[protocol]
        assert {s.text for s in last.statements} <= {piece.strip() for piece in PIECES}
        assert last.incomplete == (fault.end != "end")
        assert fault.text is None or PIECES[0] in fault.text
    assert (last.mode == "notes-only") == (fault.text is None or PIECES[0] not in fault.text)
