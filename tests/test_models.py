"""A model by its settings: what it is refused for, what it asks of each provider, and what never leaves this machine."""

from __future__ import annotations

import gc
import json
import logging
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from servers import speaking
from wire import PROTOCOLS, Protocol, Say

from tutor import models
from tutor.chat import Chat, Limits, Message, Reply
from tutor.clients import providers
from tutor.clients.retries import Breaker, Retries
from tutor.errors import InputError, ModelDenied, ModelFailed, ModelUnusable
from tutor.settings import Settings
from tutor.types import Usage

NAMES: dict[Protocol, str] = {"bedrock": "bedrock_converse:us.anthropic.claude-haiku-4-5-20251001-v1:0", "openai": "openai:tiny", "ollama": "ollama:tiny"}
ASKED = (Message("system", "Answer from the notes."), Message("user", "What is a pelican?"))
LIMITS = Limits(tokens=60, first=20, idle=20, total=30)
SCHEMA = {"type": "object", "properties": {"points": {"type": "array", "items": {"type": "object", "properties": {}}}}, "required": ["points"]}
CANARY = "sk-canary-7f3a"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A region and credentials of nobody; none of the machine's own settings."""
    for name in os.environ:
        if name.startswith(("AWS_", "OPENAI_", "OLLAMA_", "LANG")) or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    for name, value in {"AWS_ACCESS_KEY_ID": CANARY, "AWS_SECRET_ACCESS_KEY": CANARY, "AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}.items():
        monkeypatch.setenv(name, value)


def listened(model: Chat, limits: Limits = LIMITS, asked: Sequence[Message] = ASKED, schema: dict[str, Any] | None = None) -> Reply:
    """The whole reply; its pieces must add up to it."""
    stream, said = model.stream(asked, limits, schema), ""
    while True:
        try:
            piece = next(stream)
        except StopIteration as end:
            reply: Reply = end.value
            assert said == reply.text
            return reply
        said = "" if piece is None else said + piece


def asked_of(protocol: Protocol, name: str = "", **settings: str) -> Any:
    """The body of the one request that a model of this name makes."""
    with speaking(protocol, Say()) as server:
        schema = SCHEMA if settings.pop("schema", "") else None
        model = models.connect(Settings(model=name or NAMES[protocol], model_url=server.url, **settings))
        assert listened(model, schema=schema).text == "Mitochondria make ATP. They have two membranes."
        assert len(server.requests) == 1
        return server.requests[0].body


# What a setting is refused for


def refused(settings: Settings) -> str:
    with pytest.raises(ModelUnusable) as error:
        models.connect(settings)
    return str(error.value)


@pytest.mark.parametrize("name", ["", "llama3.2", "gpt-4o", "anthropic:claude", "ollama:", "ollama: ", CANARY, f"{CANARY}:x"])
def test_a_name_without_one_of_our_providers_is_refused_and_not_repeated(name: str) -> None:
    said = refused(Settings(model=name))
    assert "bedrock_converse, ollama, openai" in said
    assert CANARY not in said


@pytest.mark.parametrize("url", ["ftp://x", "http://", "http://x:port", "//", "http://x/?key=1", "http://[", "http://x:99999", f"http://me:1/{CANARY}@x"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    said = refused(Settings(model="ollama:tiny", model_url=url))
    assert "TUTOR_MODEL_URL must be" in said
    assert CANARY not in said


def test_an_address_with_a_password_is_refused_without_saying_it() -> None:
    said = refused(Settings(model="openai:tiny", model_url=f"http://me:{CANARY}@127.0.0.1/v1"))
    assert "must not hold a user name or password" in said
    assert CANARY not in said


@pytest.mark.parametrize("guardrail", ["abc", "abc:", ":1", "abc:x", "a b:1"])
def test_a_guardrail_that_is_none_is_refused(guardrail: str) -> None:
    assert "TUTOR_GUARDRAIL must be" in refused(Settings(model=NAMES["bedrock"], guardrail=guardrail))


def test_a_guardrail_that_nobody_would_hold_is_refused() -> None:
    assert "TUTOR_GUARDRAIL is a guardrail of Amazon Bedrock" in refused(Settings(model="ollama:tiny", guardrail="abc:1"))


def test_a_price_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="TUTOR_PRICE"):
        models.connect(Settings(model="ollama:tiny", price="cheap"))


@pytest.mark.parametrize(("provider", "extra"), [("ollama", "[ollama]"), ("openai", "[openai]"), ("bedrock_converse", "")])
def test_a_missing_package_names_the_command_that_brings_it(provider: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "find_spec", lambda name: None)
    assert refused(Settings(model=f"{provider}:x")).endswith(f"pip install 'footnote-tutor{extra}'")


def test_bedrock_needs_a_region_and_takes_it_from_where_aws_does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AWS_REGION")
    assert "needs a region: set AWS_REGION" in refused(Settings(model=NAMES["bedrock"]))
    models.connect(Settings(model="bedrock_converse:arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0"))
    (tmp_path / "config").write_text("[profile mine]\nregion = eu-west-1\n", encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_PROFILE", "mine")
    models.connect(Settings(model=NAMES["bedrock"]))
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert "AWS_PROFILE" in refused(Settings(model=NAMES["bedrock"]))


def test_openai_itself_needs_a_key_and_a_server_of_ones_own_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelDenied, match="Set OPENAI_API_KEY"):
        models.connect(Settings(model="openai:gpt-4o-mini"))
    models.connect(Settings(model="openai:tiny", model_url="http://localhost:1234"))
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    models.connect(Settings(model="openai:gpt-4o-mini"))


@pytest.mark.parametrize("name", ["LANGCHAIN_TRACING", "LANGCHAIN_HANDLER"])
def test_a_variable_over_which_langchain_stumbles_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "true")
    assert refused(Settings(model="ollama:tiny")) == f"Unset {name}: LangChain does not work while it is set."


# What is asked of each provider


@pytest.mark.loopback
def test_what_bedrock_is_asked() -> None:
    assert asked_of("bedrock", schema="yes") == {
        "system": [{"text": "Answer from the notes."}, {"cachePoint": {"type": "default"}}],
        "messages": [{"role": "user", "content": [{"text": "What is a pelican?"}]}],
        "inferenceConfig": {"maxTokens": 60, "temperature": 0.0},
        "outputConfig": {
            "textFormat": {
                "type": "json_schema",
                "structure": {"jsonSchema": {"schema": json.dumps(providers.closed(SCHEMA)), "name": "reply", "description": "reply"}},
            }
        },
    }


@pytest.mark.loopback
def test_what_ollama_is_asked() -> None:
    body = asked_of("ollama", schema="yes")
    assert body["options"] == {"num_ctx": 4096, "num_predict": 60, "temperature": 0.0}
    assert (body["keep_alive"], body["think"], body["format"], body["stream"]) == ("30m", False, SCHEMA, True)
    assert not body["tools"]


@pytest.mark.loopback
def test_what_a_server_that_speaks_openais_protocol_is_asked() -> None:
    assert asked_of("openai", schema="yes") == {
        "model": "tiny",
        "messages": [{"role": "system", "content": "Answer from the notes."}, {"role": "user", "content": "What is a pelican?"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.0,
        "max_tokens": 60,
        "chat_template_kwargs": {"enable_thinking": False, "reasoning_effort": "low"},
        "response_format": {"type": "json_schema", "json_schema": {"name": "reply", "strict": True, "schema": providers.closed(SCHEMA)}},
    }


@pytest.mark.loopback
def test_a_guardrail_looks_at_the_stream_first_and_at_the_last_turn_only() -> None:
    body = asked_of("bedrock", guardrail="abc123:DRAFT")
    assert body["guardrailConfig"] == {"guardrailIdentifier": "abc123", "guardrailVersion": "DRAFT", "streamProcessingMode": "sync"}
    assert body["messages"] == [{"role": "user", "content": [{"guardContent": {"text": {"text": "What is a pelican?"}}}]}]


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("name", "inference", "fields", "cached", "schema"),
    [
        ("us.amazon.nova-lite-v1:0", {"maxTokens": 60, "temperature": 0.0}, None, True, False),
        ("meta.llama3-1-8b-instruct-v1:0", {"maxTokens": 60, "temperature": 0.0}, None, False, False),
        ("anthropic.claude-3-haiku-20240307-v1:0", {"maxTokens": 60, "temperature": 0.0}, None, False, False),
        ("global.anthropic.claude-opus-4-7", {"maxTokens": 60}, None, True, True),  # refuses a temperature
        ("openai.gpt-oss-20b-1:0", {"maxTokens": 1060, "temperature": 0.0}, {"reasoning_effort": "low"}, False, True),
        ("us.deepseek.r1-v1:0", {"maxTokens": 1060, "temperature": 0.0}, None, False, False),
        ("acme.model-v1:0", {"maxTokens": 60, "temperature": 0.0}, None, False, False),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0", {"maxTokens": 60, "temperature": 0.0}, None, True, False),
        ("arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0", {"maxTokens": 60, "temperature": 0.0}, None, True, False),
        ("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123", {"maxTokens": 60}, None, False, False),  # could be any model
        ("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc123", {"maxTokens": 60}, None, False, False),
    ],
)
def test_a_bedrock_model_is_asked_for_what_it_knows_of(name: str, inference: Any, fields: Any, cached: bool, schema: bool) -> None:
    body = asked_of("bedrock", f"bedrock_converse:{name}", schema="yes")
    assert body["inferenceConfig"] == inference
    assert body.get("additionalModelRequestFields") == fields
    assert ({"cachePoint": {"type": "default"}} in body["system"]) is cached
    assert ("outputConfig" in body) is schema
    assert "toolConfig" not in body


def test_openai_itself_is_asked_in_its_own_words() -> None:
    def request(name: str) -> Any:
        return providers.request(providers.Target(f"openai:{name}", "openai", name, providers.OPENAI), {}, LIMITS, 0, None)

    assert request("gpt-4o-mini") == {"max_completion_tokens": 60, "temperature": 0.0}
    assert request("gpt-5-mini") == {"max_completion_tokens": 1060, "reasoning_effort": "low"}
    assert request("o4-mini") == {"max_completion_tokens": 1060, "reasoning_effort": "low"}


def test_a_server_elsewhere_is_not_sent_what_only_local_ones_know() -> None:
    target = providers.read(Settings(model="openai:tiny", model_url="https://models.example.org/v1"))
    assert providers.request(target, {}, LIMITS, 0, None) == {"temperature": 0.0, "extra_body": {"max_tokens": 60}}


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("", "http://127.0.0.1:11434"), ("localhost:11434", "http://localhost:11434"), ("http://localhost:11434/", "http://localhost:11434"),
        ("http://localhost:11434/v1", "http://localhost:11434"),
    ],
)  # fmt: skip
def test_where_ollama_is(url: str, place: str) -> None:
    assert providers.read(Settings(model="ollama:tiny", model_url=url)).place == place


@pytest.mark.parametrize(
    ("url", "place"),
    [("", "https://api.openai.com/v1"), ("http://localhost:1234", "http://localhost:1234/v1"), ("http://localhost:1234/api/", "http://localhost:1234/api")],
)
def test_where_a_server_of_openais_protocol_is(url: str, place: str) -> None:
    assert providers.read(Settings(model="openai:tiny", model_url=url)).place == place


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:1", True), ("http://[::1]:1", True), ("http://localhost", True), ("http://192.168.1.7:11434", True), ("http://nas:11434", True),
        ("http://nas.local", True), ("https://api.openai.com/v1", False), ("http://8.8.8.8", False), ("https://localhost.example.org", False),
    ],
)  # fmt: skip
def test_what_counts_as_local(url: str, local: bool) -> None:
    assert providers.is_local(url) is local


def test_ollamas_window_grows_in_steps_and_never_shrinks() -> None:
    assert [providers.window(t, b) for t, b in ((10, 0), (4096, 0), (4097, 0), (10, 6144), (9000, 6144))] == [4096, 4096, 6144, 6144, 10240]


# What is counted


@pytest.mark.loopback
def test_tokens_are_counted_by_the_provider_and_cost_by_the_price() -> None:
    for protocol in PROTOCOLS:
        with speaking(protocol, Say(usage=(1_000, 200))) as server:
            usage = listened(models.connect(Settings(model=NAMES[protocol], model_url=server.url, price="3,15"))).usage
        assert (usage.model, usage.input_tokens, usage.output_tokens, usage.counted) == (NAMES[protocol], 1_000, 200, True)
        assert usage.cost == pytest.approx(0.006)


@pytest.mark.loopback
def test_tokens_that_nobody_counted_are_estimated_and_said_to_be() -> None:
    with speaking("openai", Say(usage=None)) as server:
        usage = listened(models.connect(Settings(model="openai:tiny", model_url=server.url))).usage
    assert (usage.input_tokens, usage.output_tokens, usage.counted, usage.cost) == (8 + 6, 16, False, 0.0)


def test_what_several_replies_took_adds_up() -> None:
    one, two = Usage("a:b", 100, 10, 0.5), Usage("a:c", 20, 3, 0.25)
    assert one + two == Usage("a:c", 120, 13, 0.75)
    assert one + replace(two, cost=None) == replace(two, cost=None) + Usage("a:c", 100, 10, 0.5) == Usage("a:c", 120, 13, None)
    assert (one + replace(two, counted=False)).counted is (replace(one, counted=False) + two).counted is False


# What never leaves


def plant(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Every variable that is known to send a LangChain program's prompts somewhere else."""
    for name in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGCHAIN_CALLBACKS_BACKGROUND", "LANGSMITH_OTEL_ENABLED"):
        monkeypatch.setenv(name, "true")
    for name in ("LANGSMITH_API_KEY", "LANGCHAIN_API_KEY", "LANGSMITH_GATEWAY_API_KEY"):
        monkeypatch.setenv(name, f"lsv2_{CANARY}")
    for name in (
        *("LANGSMITH_GATEWAY", "LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"),
        *("OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_PROXY", "OLLAMA_HOST", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"),
    ):
        monkeypatch.setenv(name, url)


class Ear(socketserver.BaseRequestHandler):
    """Whoever connects is told that all is well, and noted."""

    def handle(self) -> None:
        self.server.heard.append(self.request.recv(200))  # type: ignore[attr-defined]
        self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")


@pytest.fixture
def ear() -> Iterator[socketserver.ThreadingTCPServer]:
    """A server to which nothing should be sent; `heard` says what was."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Ear) as server:
        server.heard = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


TALK = """
import sys
from tutor import models
from tutor.chat import Limits, Message
from tutor.settings import Settings
model = models.connect(Settings(model=sys.argv[1], model_url=sys.argv[2]))
print("".join(piece or "" for piece in model.stream([Message("user", "Hi")], Limits())))
from langchain_core.tracers.langchain import wait_for_all_tracers
wait_for_all_tracers()
"""


@pytest.mark.loopback
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_no_variable_sends_the_notes_elsewhere(protocol: Protocol, monkeypatch: pytest.MonkeyPatch, ear: Any) -> None:
    """In a process of its own: LangSmith reads its variables once, and sends from a thread."""
    plant(monkeypatch, "http://127.0.0.1:{}".format(*ear.server_address[1:]))
    with speaking(protocol, Say()) as server:
        done = subprocess.run([sys.executable, "-c", TALK, NAMES[protocol], server.url], capture_output=True, text=True, timeout=60, check=False)
        assert done.stdout.strip() == "Mitochondria make ATP. They have two membranes.", done.stderr
        assert len(server.requests) == 1
        assert "lsv2" not in json.dumps(server.requests[0].headers)
    assert ear.heard == []


@pytest.mark.loopback
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_no_key_and_no_word_of_the_notes_is_in_an_error_or_a_log(
    protocol: Protocol, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    asked = (Message("system", "PELICANS"), Message("user", "PELICANS"))
    secret = f"{CANARY} PELICANS"
    script = [
        *(Say(status=status, message=secret, headers=(("x-secret", CANARY),)) for status in (400, 401, 403, 404, 418, 429, 500)),
        Say(fault="throttlingException", message=secret),
        *(Say(raw=raw) for raw in (f'{{"{secret}": ['.encode(), f"data: {secret}\n\n".encode(), f'data: {{"id": 7, "choices": "{secret}"}}\n\n'.encode())),
    ]
    with speaking(protocol, *script) as server:
        model = models.connect(Settings(model=NAMES[protocol], model_url=server.url), Retries(tries=1, failures=10**6))
        said = [repr(model), str(vars(model).get("name"))]
        for _ in script:
            with pytest.raises(ModelFailed) as error:
                listened(model, asked=asked)
            said += [str(error.value), repr(error.value), repr(error.value.__cause__), repr(error.value.__context__)]
        assert len(server.requests) == len(script)
    out, err = capfd.readouterr()
    everything = "\n".join([*said, out, err, caplog.text, *(repr(record.__dict__) for record in caplog.records)])
    assert CANARY not in everything
    assert "PELICANS" not in everything


@pytest.mark.loopback
def test_an_ollama_or_openai_server_is_not_sent_aws_keys_nor_the_other_way_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai-canary")
    sent = {}
    for protocol in PROTOCOLS:
        with speaking(protocol, Say()) as server:
            listened(models.connect(Settings(model=NAMES[protocol], model_url=server.url)))
            sent[protocol] = json.dumps(server.requests[0].headers)
    assert CANARY in sent["bedrock"]  # the id of the access key, beside the signature
    assert [p for p in PROTOCOLS if "sk-openai-canary" in sent[p]] == ["openai"]
    assert [p for p in PROTOCOLS if CANARY in sent[p]] == ["bedrock"]


# How it is used


def run(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True, env={**os.environ, "TUTOR_MODEL": ""})
    return json.loads(done.stdout)


SLOW = ("langchain", "langchain_core", "langchain_aws", "langchain_ollama", "langchain_openai", "langsmith", "boto3", "httpx", "httpx2", "openai", "ollama")


def test_importing_and_connecting_loads_no_client() -> None:
    show = f"import sys, json; print(json.dumps([name for name in {(*SLOW, 'botocore')!r} if name in sys.modules]))"
    assert run(f"from tutor import models; {show}") == []
    connect = "from tutor import models; from tutor.settings import Settings; models.connect(Settings(model='ollama:x')); "
    assert run(connect + show) == []
    assert run(connect.replace("ollama", "bedrock_converse") + show) == ["botocore"]  # reads AWS's settings


def test_connecting_touches_no_network() -> None:
    """That nothing is connected to outside tests marked so is the network guard's to see."""
    for protocol in PROTOCOLS:
        assert models.connect(Settings(model=NAMES[protocol], model_url="http://127.0.0.1:9")).name == NAMES[protocol]


@pytest.mark.loopback
def test_two_learners_share_a_model() -> None:
    with speaking("ollama", lambda asked: Say((asked.said[-1][1],), between=0.05)) as server:
        model = models.connect(Settings(model="ollama:tiny", model_url=server.url))
        heard: dict[int, str] = {}

        def ask(number: int) -> None:
            heard[number] = listened(model, asked=(Message("user", f"question {number}"),)).text

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert heard == {number: f"question {number}" for number in range(8)}


@pytest.mark.loopback
def test_a_stream_that_is_forgotten_is_stopped() -> None:
    with speaking("ollama", Say(between=30)) as server:
        model = models.connect(Settings(model="ollama:tiny", model_url=server.url))
        stream: Iterator[str | None] | None = model.stream(ASKED, LIMITS)
        assert next(piece for piece in stream if piece)
        stream = None
        gc.collect()
        assert server.requests[0].gone.wait(5)


@pytest.mark.loopback
def test_while_nothing_comes_an_empty_piece_lets_the_listener_stop() -> None:
    with speaking("ollama", Say(), Say(("One.",), wait=0.8)) as server:
        model = models.connect(Settings(model="ollama:tiny", model_url=server.url))
        listened(model)
        *empty, last = model.stream(ASKED, LIMITS)
    assert last == "One."
    assert empty in ([""], ["", ""], ["", "", ""])


def test_the_breaker_lets_one_try_through_after_its_pause() -> None:
    now = [0.0]
    breaker = Breaker(Retries(failures=2, pause=30.0), lambda: now[0])
    assert breaker.enter() is None
    breaker.fail("busy")
    assert breaker.enter() is None
    breaker.fail("timeout")
    assert breaker.enter() == "server"
    now[0] = 30.0
    assert (breaker.enter(), breaker.enter()) == (None, "server")  # the second waits for what comes of the first
    breaker.fail("busy")
    now[0] = 59.0
    assert breaker.enter() == "busy"
    now[0] = 60.0
    assert breaker.enter() is None
    breaker.succeed()
    assert (breaker.enter(), breaker.enter()) == (None, None)


def test_waits_are_drawn_and_bounded() -> None:
    retries = Retries(base=0.5, waiting=10.0)
    assert [retries.wait(attempt, 0.0, None, lambda: 1.0) for attempt in range(3)] == [0.5, 1.0, 2.0]
    assert retries.wait(0, 0.0, None, lambda: 0.25) == 0.125
    assert retries.wait(0, 0.0, 3.0, lambda: 1.0) == 3.0
    assert retries.wait(1, 8.0, 60.0, lambda: 1.0) == 2.0
