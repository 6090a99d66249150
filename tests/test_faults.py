"""Every error of the libraries below a model is one of our few: none is forgotten, and none of its words reach the reader."""

from __future__ import annotations

import http.client
import importlib
import inspect
import json
import re
from typing import Any

import pytest

from tutor.clients import faults
from tutor.clients.faults import AGAIN, CODES, KINDS, NAMES, SENTENCES, Fault, Reason
from tutor.errors import ModelBusy, ModelDenied, ModelFailed, ModelGarbled, ModelOverlong, ModelSlow, ModelUnreachable, ModelUnusable

MODULES = {
    "botocore": ("botocore.exceptions", "botocore.eventstream", "botocore.parsers"),
    "urllib3": ("urllib3.exceptions",),
    "http": ("http.client",),
    "httpx": ("httpx",),
    "httpx2": ("httpx2",),
    "openai": ("openai", "openai._exceptions"),
    "ollama": ("ollama", "ollama._types"),
    "langchain_core": ("langchain_core.exceptions",),
    "langchain_aws": ("langchain_aws.chat_models.bedrock_converse",),
    "langchain_openai": ("langchain_openai.chat_models.base", "langchain_openai.chatgpt_oauth"),
    "langchain_ollama": ("langchain_ollama.chat_models", "langchain_ollama._utils"),
    "langchain": ("langchain.chat_models.base",),
}
"""By package: where its errors are. Only those that the package itself defines are looked at: the others come in their turn."""


def errors(package: str) -> list[type[BaseException]]:
    """The errors that a package defines, warnings left out; none where the package is not installed."""
    found: dict[str, type[BaseException]] = {}
    for name in MODULES[package]:
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError:
            continue
        for _, error in inspect.getmembers(module, inspect.isclass):
            if issubclass(error, BaseException) and not issubclass(error, Warning) and error.__module__.partition(".")[0] == package:
                found[error.__name__] = error
    return list(found.values())


@pytest.mark.parametrize("package", MODULES)
def test_no_error_is_forgotten(package: str) -> None:
    """By its own name, not only by that of a base class."""
    assert [e.__name__ for e in errors(package) if e.__name__.lower() not in NAMES.get(package, {})] == []


@pytest.mark.parametrize("package", MODULES)
def test_every_error_is_caught(package: str) -> None:
    for name in MODULES[package]:
        importlib.import_module(name)
    caught = faults.foreign()
    assert [e.__name__ for e in errors(package) if not issubclass(e, caught)] == []


def test_libraries_that_are_not_loaded_are_not_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, _ in faults.BASES:
        monkeypatch.delitem(importlib.sys.modules, module, raising=False)  # type: ignore[attr-defined]
    caught = faults.foreign()
    assert {e.__module__.partition(".")[0] for e in caught} == {"http", "builtins"}
    assert Exception not in caught
    assert not any(issubclass(StopIteration, e) or issubclass(KeyboardInterrupt, e) for e in caught)


def test_errors_that_bedrock_models_are_known_by_their_codes() -> None:
    import botocore.session

    model = botocore.session.Session().get_service_model("bedrock-runtime")
    codes = {shape.name for operation in ("Converse", "ConverseStream") for shape in model.operation_model(operation).error_shapes}
    members = model.operation_model("ConverseStream").output_shape.members["stream"].members
    events = {name for name, shape in members.items() if shape.metadata.get("exception")}
    assert len(codes) >= 9
    assert len(events) >= 5
    assert sorted(code for code in codes | events if code.lower() not in CODES) == []


CLIENT = {
    "ThrottlingException": "busy", "throttlingException": "busy", "serviceUnavailableException": "busy", "ModelNotReadyException": "busy",
    "ServiceQuotaExceededException": "busy", "TooManyRequestsException": "busy",
    "AccessDeniedException": "denied", "UnrecognizedClientException": "denied", "InvalidSignatureException": "denied",
    "ExpiredTokenException": "credentials", "ResourceNotFoundException": "missing", "ValidationException": "request", "validationException": "request",
    "InternalServerException": "server", "modelStreamErrorException": "server", "ModelErrorException": "server", "ModelTimeoutException": "timeout",
}  # fmt: skip


@pytest.mark.parametrize(("code", "reason"), CLIENT.items())
def test_a_code_of_bedrock(code: str, reason: Reason) -> None:
    assert faults.read(client(code)).reason == reason


def client(code: str, message: str = "no", status: int = 400, headers: dict[str, str] | None = None) -> Exception:
    """An error of botocore as its client raises it."""
    from botocore.exceptions import ClientError

    metadata: Any = {"HTTPStatusCode": status, "HTTPHeaders": headers or {}}
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}, "ConverseStream")


def status(code: int, message: str = "no", body: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> Exception:
    """An error of the OpenAI client as it raises it."""
    import httpx2
    import openai

    response = httpx2.Response(code, headers=headers or {}, request=httpx2.Request("POST", "http://127.0.0.1/v1"))
    return openai.OpenAI(api_key="none", base_url="http://127.0.0.1/v1")._make_status_error(message, body=body, response=response)


STATUS = {
    302: ModelUnusable, 400: ModelUnusable, 401: ModelDenied, 402: ModelDenied, 403: ModelDenied, 404: ModelUnusable, 405: ModelUnusable, 408: ModelSlow,
    413: ModelOverlong, 418: ModelUnusable, 422: ModelUnusable, 424: ModelUnreachable, 429: ModelBusy, 500: ModelUnreachable, 502: ModelUnreachable,
    503: ModelBusy, 504: ModelSlow, 529: ModelBusy, 599: ModelUnreachable,
}  # fmt: skip


@pytest.mark.parametrize(("code", "kind"), STATUS.items())
def test_a_status_means_the_same_to_all_clients(code: int, kind: type[ModelFailed]) -> None:
    import ollama

    seen = [faults.read(e).reason for e in (client("Unknown", status=code), status(code), ollama.ResponseError("no", code))]
    assert [KINDS[reason] for reason in seen] == [kind] * 3


def test_nothing_that_a_second_try_cannot_mend_is_tried_again() -> None:
    assert not any(faults.read(status(code)).again for code in (302, 400, 401, 402, 403, 404, 413, 422))
    assert all(faults.read(status(code)).again for code in (408, 424, 429, 500, 502, 503, 504, 529))
    assert not Fault("connect").again
    assert {"busy", "timeout", "server", "cut"} == AGAIN


@pytest.mark.parametrize(
    "message",
    [
        "Input is too long for requested model.",
        "prompt is too long: 210000 tokens > 200000 maximum",
        "This model's maximum context length is 4096 tokens.",
        "the request exceeds the available context size. try increasing the context size or enable context shift",
        "Input Tokens Exceeded: Number of input tokens exceeds maximum length",
        "too many input tokens",
    ],
)
def test_a_prompt_that_does_not_fit(message: str) -> None:
    import ollama

    assert [faults.read(e).reason for e in (client("ValidationException", message), status(400, message), ollama.ResponseError(message, 400))] == [
        "overlong"
    ] * 3


def test_a_model_that_wants_an_inference_profile_says_which() -> None:
    refusal = client("ValidationException", "Invocation of model ID a.b with on-demand throughput isn't supported. Retry with an inference profile.")
    assert faults.read(refusal).reason == "inference"
    assert "such as us.anthropic.claude-x" in faults.sentence("inference", "bedrock_converse:anthropic.claude-x", "Amazon Bedrock")


def test_a_model_that_ollama_has_not_is_to_be_pulled() -> None:
    assert faults.sentence("missing", "ollama:qwen3:4b", "http://127.0.0.1:11434") == "Ollama has no model qwen3:4b: run `ollama pull qwen3:4b`."


def test_json_that_ends_too_early_is_a_cut_and_other_json_is_garbled() -> None:
    def broken(text: str) -> Reason:
        try:
            json.loads(text)
        except json.JSONDecodeError as error:
            return faults.read(error).reason
        raise AssertionError(text)

    assert {broken(text) for text in ('{"a": "b', '{"a"', '{"a": ', "", '{"a": 1, ')} == {"cut"}
    assert {broken(text) for text in ("<html>", '{"a": x}', "{'a': 1}", '{"a": 1}}')} == {"garbled"}


def test_names_that_libraries_share_are_told_apart_by_their_package() -> None:
    import botocore.exceptions
    import ollama
    import urllib3.exceptions
    from pydantic import TypeAdapter, ValidationError

    assert faults.read(ollama.ResponseError("an error", -1)).reason == "server"
    assert faults.read(urllib3.exceptions.ResponseError("x")).reason == "cut"
    assert faults.read(botocore.exceptions.ValidationError(value="x", param="y", type_name="z")).reason == "setup"
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(int).validate_python("no number")
    assert faults.read(caught.value).reason == "garbled"


def test_a_connection_error_of_openai_is_what_it_was_raised_for() -> None:
    import httpx2
    import openai

    def raised(cause: Exception) -> Reason:
        error = openai.APIConnectionError(request=httpx2.Request("POST", "http://127.0.0.1"))
        error.__cause__ = cause
        return faults.read(error).reason

    assert raised(httpx2.RemoteProtocolError("peer closed connection")) == "cut"
    assert raised(httpx2.ConnectError("refused")) == "connect"
    assert faults.read(openai.APITimeoutError(request=httpx2.Request("POST", "http://127.0.0.1"))).reason == "late"


def test_when_to_come_back_is_read_from_the_header() -> None:
    assert faults.read(client("ThrottlingException", headers={"retry-after": "3"})).after == 3.0
    assert faults.read(status(429, headers={"retry-after": "2.5"})).after == 2.5
    assert faults.read(http.client.IncompleteRead(b""), retry_after="7").after == 7.0
    assert faults.after("Wed, 21 Oct 2015 07:28:00 GMT", 1445412470.0) == 10.0
    assert faults.after("Wed, 21 Oct 2015 07:28:00 GMT", 1445412490.0) == 0.0
    assert [faults.after(text, 0.0) for text in ("", "soon", "-1", "1e9", "nan")] == [None] * 5


@pytest.mark.parametrize("reason", KINDS)
def test_each_sentence_says_what_happened_and_what_to_do(reason: Reason) -> None:
    said = faults.sentence(reason, "openai:tiny", "http://127.0.0.1:1/v1")
    assert re.fullmatch(r"[A-Z]?\S[^{}\n]+: [^{}\n]+\.", said), said
    assert set(KINDS) == set(SENTENCES)


def test_a_malformed_reply_is_no_reason_to_try_again() -> None:
    assert faults.read(TypeError("string indices must be integers")) == Fault("garbled")
    assert KINDS["garbled"] is ModelGarbled
