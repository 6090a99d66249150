"""A chat model by its setting in; one that streams text under deadlines, with one retry layer and few errors, out.

The one module that knows LangChain and the clients below it. They are imported when the first question is asked.
"""

from __future__ import annotations

import contextlib
import os
import queue
import random
import threading
import time
import warnings
from collections.abc import Callable, Generator, Mapping, Sequence
from importlib.util import find_spec
from typing import Any, Final

from tutor.chat import Limits, Message, Reply
from tutor.clients import faults, prices, providers
from tutor.clients.calls import CONNECT, Call, Chunk, Stopwatch, on_request, on_response, watch
from tutor.clients.faults import Fault, Reason
from tutor.clients.prices import Price
from tutor.clients.providers import OPENAI, Target
from tutor.clients.retries import Breaker, Retries
from tutor.clients.speech import Speech
from tutor.errors import ModelDenied, ModelFailed, ModelUnusable
from tutor.settings import Settings
from tutor.types import Usage

BEAT: Final = 0.25
"""Seconds without a visible piece after which an empty one is given, so that who listens can stop at once."""
SILENCE: Final = Chunk()
"""What is heard when nothing came."""
LONGEST: Final = 1_000_000
"""Characters of a reply; a server that sends more ignores its limit."""
WARM: Final = 60.0
"""Seconds that importing and making a client may take."""
BEDROCK_READ: Final = 60.0
"""Seconds that Bedrock may be silent; botocore fixes it for all requests."""

STALE: Final = ("LANGCHAIN_TRACING", "LANGCHAIN_HANDLER")
"""Variables of an earlier LangChain, over which the present one raises an error with each request."""
PACKAGES: Final = {"bedrock_converse": "langchain_aws", "ollama": "langchain_ollama", "openai": "langchain_openai"}


def connect(
    settings: Settings,
    retries: Retries = Retries(),  # noqa: B008 - it is frozen
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    dice: Callable[[], float] = random.random,
) -> Model:
    """The model that TUTOR_MODEL names; the network is not touched. Raises ModelUnusable or ModelDenied with what to do."""
    target = providers.read(settings)
    providers.guardrail(settings)
    if find_spec(PACKAGES[target.provider]) is None:
        extra = "" if target.provider == "bedrock_converse" else f"[{target.provider}]"
        raise ModelUnusable(f"{target.model} needs a package that is not installed: pip install 'footnote-tutor{extra}'")
    if target.provider == "openai" and target.url == OPENAI and not os.environ.get("OPENAI_API_KEY"):
        raise ModelDenied("Set OPENAI_API_KEY for OpenAI's own service, or TUTOR_MODEL_URL for a local server.")
    if stale := next((name for name in STALE if os.environ.get(name, "").lower() not in {"", "0", "false"}), None):
        raise ModelUnusable(f"Unset {stale}: LangChain does not work while it is set.")
    if target.provider == "bedrock_converse":
        _region(target)
    return Model(settings, target, prices.price(target.model, settings.price, target.local), retries, clock, sleep, dice)


class Model:
    """A chat model that stays connected: its client, the breaker before it, and the size of Ollama's context."""

    def __init__(
        self,
        settings: Settings,
        target: Target,
        price: Price | None,
        retries: Retries,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        dice: Callable[[], float],
    ) -> None:
        self.name = target.model
        self._settings, self._target, self._price, self._retries = settings, target, price, retries
        self._clock, self._sleep, self._dice = clock, sleep, dice
        self._breaker = Breaker(retries, clock)
        self._lock, self._making = threading.Lock(), threading.Lock()
        self._made: Any = None
        self._window = 0

    def stream(self, messages: Sequence[Message], limits: Limits, schema: Mapping[str, object] | None = None) -> Generator[str | None, None, Reply]:
        """The visible text, piece by piece; thinking is never part of it. None takes back everything said so far.

        An empty piece comes every quarter of a second while there is nothing to say, also between two tries, so that who
        listens can stop; what they take for a piece counts towards no limit. Raises ModelFailed's family, each with a
        sentence that holds nothing of what the server said.
        """
        if closed := self._breaker.enter():
            raise self._error(closed)
        yield from self._warm()
        timer = Stopwatch(self._clock)
        deadline, waited = timer.read() + limits.total, 0.0
        for attempt in range(self._retries.tries):
            said = Speech()
            try:
                outcome = yield from self._try(messages, limits, schema, timer, deadline, said)
            except GeneratorExit:
                if said.begun:
                    self._breaker.succeed()
                return self._told(messages, said)
            if isinstance(outcome, Reply):
                self._breaker.succeed()
                return outcome
            fault = outcome
            wait = self._retries.wait(attempt, waited, fault.after, self._dice)
            last = attempt + 1 == self._retries.tries or waited >= self._retries.waiting or timer.read() + wait >= deadline
            if said.given or last or not fault.again:
                break
            yield from self._wait(wait, timer)
            waited += wait
        if fault.reason in {"busy", "late", "timeout", "connect", "server", "cut"}:
            self._breaker.fail(fault.reason)
        raise self._error(fault.reason, fault.detail)

    def _wait(self, seconds: float, timer: Stopwatch) -> Generator[str | None, None, None]:
        """Wait between two tries, and let who listens stop it."""
        while seconds > 0:
            self._sleep(min(seconds, BEAT))
            seconds -= BEAT
            yield from timer.hand("")

    def _warm(self) -> Generator[str, None, None]:
        """Make the client, once; importing it takes seconds, which are not the model's."""
        if self._made is not None:
            return
        call, silent = Call(CONNECT), 0.0
        call.start(self._build)
        try:
            while silent < WARM:
                try:
                    event = call.take(BEAT)
                except queue.Empty:
                    silent += BEAT
                    yield ""
                    continue
                if isinstance(event, Fault):
                    raise self._error(event.reason)
                return
            raise self._error("late")
        finally:
            call.stop()

    def _try(
        self, messages: Sequence[Message], limits: Limits, schema: Mapping[str, object] | None, timer: Stopwatch, deadline: float, said: Speech
    ) -> Generator[str | None, None, Reply | Fault]:
        """One request: its visible pieces, then the reply or why there is none."""
        call = Call(max(limits.first, limits.idle) + CONNECT)
        call.start(lambda call: self._read(call, messages, limits, schema))
        began, chunks = self._clock(), 0
        heard = spoke = timer.read()
        try:
            while True:
                allowed = limits.first if chunks < 2 and not said.begun else limits.idle  # some servers greet before they read the prompt
                if timer.read() >= deadline:  # asked here too, for a server that always has more
                    return said.late(self.name, limits.total, over=True)
                try:
                    event = call.take(min(heard + allowed - timer.read(), deadline - timer.read(), BEAT))
                except queue.Empty:
                    if timer.read() >= heard + allowed:
                        return said.late(self.name, allowed)
                    event = SILENCE
                else:
                    heard, chunks = timer.read(), chunks + 1
                if isinstance(event, Fault):
                    return event
                pieces = said.hear(event) if event else said.close()
                if said.begun and event is not SILENCE:  # by the clock itself: a model goes on while who listens works
                    since = self._clock() - began
                    said.first = said.first or since
                    said.rest = since - said.first
                if not pieces and timer.read() - spoke >= BEAT:
                    pieces = [""]
                for piece in pieces:
                    spoke = timer.read()
                    yield from timer.hand(piece)
                if event is None:
                    return said.fault(self.name) or self._told(messages, said)
                if said.length > LONGEST:
                    return Fault("garbled")
        finally:
            call.stop()

    def _told(self, messages: Sequence[Message], said: Speech) -> Reply:
        """What a stream has come to."""
        usage = self._usage(said.tokens, counted=True) if said.tokens else self._usage((_size(messages), providers.tokens(said.bytes)), counted=False)
        return Reply(said.text, said.stop, usage, said.first, said.rest)

    def spent(self, messages: Sequence[Message], text: str) -> Usage:
        """An estimate for a stream that was not read to its end."""
        return self._usage((_size(messages), providers.tokens(len(text.encode("utf-8", "replace")))), counted=False)

    def _usage(self, tokens: tuple[int, int], counted: bool) -> Usage:
        return Usage(self.name, *tokens, prices.cost(self._price, tokens), counted)

    def _read(self, call: Call, messages: Sequence[Message], limits: Limits, schema: Mapping[str, object] | None) -> None:
        """Read one stream into its call: runs in a thread."""
        try:
            # Of a reply of the wrong types; the warning would print a piece of it.
            warnings.filterwarnings("ignore", "Pydantic serializer warnings")
            window = self._grow(messages, limits)
            request = providers.request(self._target, getattr(self._made, "profile", None) or {}, limits, window, schema)
            with _untraced(), contextlib.closing(self._made.stream(providers.prompt(self._target, messages), **request)) as stream:
                for message in stream:
                    if not call.give(_chunk(message)):
                        return
        except faults.foreign() as error:
            fault = faults.read(error, time.time(), call.retry_after)
            call.give(Fault("garbled") if fault.reason == "cut" and "html" in call.kind else fault)  # a page, such as a hotel's

    def _build(self, call: Call) -> None:
        """Make the client, if nobody else has meanwhile: runs in a thread."""
        try:
            with self._making:
                self._made = self._made or _make(self._target, self._settings)
        except faults.foreign() as error:
            fault = faults.read(error)
            call.give(fault if fault.reason == "credentials" else Fault("setup"))  # nothing was asked yet, so nothing was garbled

    def _grow(self, messages: Sequence[Message], limits: Limits) -> int:
        needed = _size(messages) + 8 * len(messages) + limits.tokens + providers.room(self._target, {})
        with self._lock:
            self._window = providers.window(needed, self._window)
            return self._window

    def _error(self, reason: Reason, detail: str = "") -> ModelFailed:
        return faults.KINDS[reason](detail or faults.sentence(reason, self.name, self._target.place))


def _make(target: Target, settings: Settings) -> Any:
    """LangChain's model, with a client of ours: its hooks let us hang up, and it asks the environment for no proxy on the
    way to this machine. Follows no redirect: the notes go where the learner sent them."""
    from langchain.chat_models import init_chat_model

    made = providers.arguments(target, settings)
    hooks: Any = {"request": [on_request], "response": [on_response]}
    client: Any = {"trust_env": not target.local, "follow_redirects": False, "headers": {"Connection": "close"}}
    if target.provider == "ollama":
        return init_chat_model(target.name, model_provider="ollama", client_kwargs=client, sync_client_kwargs={"event_hooks": hooks}, **made)
    if target.provider == "openai":
        from openai import DefaultHttpxClient

        return _openai_class()(model=target.name, http_client=DefaultHttpxClient(event_hooks=hooks, **client), **made)
    bedrock = _bedrock(target)
    return init_chat_model(target.name, model_provider="bedrock_converse", client=bedrock, bedrock_client=bedrock, **made)


def _openai_class() -> Any:
    """LangChain's model of OpenAI, but a refusal in a stream is handed on."""
    from langchain_openai import ChatOpenAI

    class Refusing(ChatOpenAI):
        def _convert_chunk_to_generation_chunk(self, chunk: dict[str, Any], default_chunk_class: type, base_generation_info: dict[str, Any] | None) -> Any:
            made = super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)
            if made is not None and any((choice.get("delta") or {}).get("refusal") for choice in chunk.get("choices") or ()):
                made.message.additional_kwargs["refusal"] = True
            return made

    return Refusing


def _bedrock(target: Target) -> Any:
    """Bedrock's client. Made by us, so that no variable of LangSmith's points it elsewhere."""
    from botocore.config import Config
    from botocore.session import Session

    config = Config(
        connect_timeout=CONNECT, read_timeout=BEDROCK_READ, retries={"total_max_attempts": 1}, proxies={} if target.local else None, user_agent_extra="footnote"
    )
    made = Session().create_client("bedrock-runtime", region_name=_region(target), endpoint_url=target.url or None, config=config)
    watch(made)
    return made


def _region(target: Target) -> str:
    """The region by AWS's own settings, which are read without the network. Raises ModelUnusable where there is none."""
    from botocore.exceptions import BotoCoreError
    from botocore.session import Session

    try:
        found = target.region or os.environ.get("AWS_REGION") or Session().get_config_variable("region")
    except BotoCoreError as error:
        raise ModelUnusable(faults.sentence(faults.read(error).reason, target.model, target.place)) from None
    if not found:
        raise ModelUnusable(f"{target.model} needs a region: set AWS_REGION, such as us-east-1, or one in your AWS profile.")
    return str(found)


@contextlib.contextmanager
def _untraced() -> Generator[None, None, None]:
    """Keep LangSmith out, whatever the environment says: the notes are nobody else's."""
    from langsmith.run_helpers import tracing_context  # noqa: PLC0415 - as slow as what brings it

    with tracing_context(enabled=False):
        yield


def _chunk(message: Any) -> Chunk:
    """A piece of LangChain's stream in our words."""
    told, usage = message.response_metadata, getattr(message, "usage_metadata", None)
    stop = told.get("stopReason") or told.get("finish_reason") or told.get("done_reason") or ("stop" if told.get("done") else "")
    tokens = (int(usage["input_tokens"]), int(usage["output_tokens"])) if usage else None
    text = str(message.text).encode("utf-8", "replace").decode()
    return Chunk(text, str(stop), tokens, "refusal" in message.additional_kwargs, bool(getattr(message, "tool_call_chunks", ())))


def _size(messages: Sequence[Message]) -> int:
    """An estimate of a prompt's tokens."""
    return sum(providers.tokens(len(m.text.encode("utf-8", "replace"))) for m in messages)
