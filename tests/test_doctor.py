"""`python -m tutor doctor`: what it says of a model, of where it is, and of how to sign in; and that it never says a secret."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from fakes import NOTES, write_notes

from ingest.__main__ import main as ingest
from tutor import doctor, pace
from tutor.__main__ import main as tutor
from tutor.settings import from_environment

CANARY = "canary7Qz"
CLAUDE = "bedrock_converse:us.anthropic.claude-haiku-4-5-20251001-v1:0"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of this machine's, and a home without AWS files."""
    for name in os.environ:
        if name.startswith(("AWS_", "OPENAI_", "OLLAMA_", "TUTOR_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))


@pytest.fixture
def home(_nothing_set: None, tiny_settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert ingest([str(write_notes(tmp_path / "notes")), "--json"]) == 0
    capsys.readouterr()
    return tiny_settings


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which asking the network for anything is a mistake."""

    def refuse(*asked: object) -> None:
        raise AssertionError(f"asked the network for {asked}")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def server() -> Iterator[int]:
    """The port of something on 127.0.0.1 that takes connections."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def model(**settings: str) -> tuple[dict[str, object], list[str]]:
    """What the doctor says of a model, and its remarks, with these settings set."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        report = doctor.examine(from_environment())
    assert report["ready"], "a model is no reason not to answer from the notes"
    found, remarks = report["model"], report["remarks"]
    assert isinstance(found, dict)
    assert isinstance(remarks, list)
    assert all(r.endswith(".") for r in remarks)
    return found, remarks


def test_it_says_what_is_there_and_what_is_missing(home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert tutor(["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["ready"]
    assert report["generation"]["notes"] == len(NOTES)
    assert tutor(["doctor", "--index", str(tmp_path / "nowhere")]) == 1
    assert "Make one with `python -m ingest`" in capsys.readouterr().out


@pytest.mark.usefixtures("alone")
def test_without_a_model_there_is_nothing_to_remark_and_nobody_to_ask(home: Path) -> None:
    report = doctor.examine(from_environment())
    assert (report["mode"], report["model"], report["remarks"], report["problems"]) == ("notes-only", None, [], [])


@pytest.mark.loopback
def test_a_server_that_takes_a_connection_answers(home: Path, server: int) -> None:
    found, remarks = model(TUTOR_MODEL="ollama:llama3.2", TUTOR_MODEL_URL=f"http://127.0.0.1:{server}")
    assert (found["name"], found["server"], found["url"]) == ("ollama:llama3.2", "answers", f"http://127.0.0.1:{server}")
    assert found["package"] == f"langchain-ollama {version('langchain-ollama')}"
    assert remarks == []


@pytest.mark.loopback
@pytest.mark.parametrize("name", ["ollama:llama3.2", "openai:qwen"])
def test_a_server_that_does_not_is_a_remark(name: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    monkeypatch.setenv("TUTOR_MODEL", name)
    monkeypatch.setenv("TUTOR_MODEL_URL", f"http://127.0.0.1:{port}/v1")
    assert tutor(["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["mode"], report["model"]["server"], report["problems"]) == (name, "does not answer", [])
    assert report["remarks"] == [f"Nothing answers at http://127.0.0.1:{port}/v1: start the model's server there, or set TUTOR_MODEL_URL to where it is."]


def test_ollama_is_looked_for_where_it_listens_by_default(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def refuse(at: tuple[str, int], patience: float) -> socket.socket:
        asked.append((at, patience))
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    found, remarks = model(TUTOR_MODEL="ollama:llama3.2")
    assert asked == [(("127.0.0.1", 11434), 1.0)]
    assert (found["url"], found["server"]) == ("http://127.0.0.1:11434", "does not answer")
    assert len(remarks) == 1


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(
    ("name", "settings", "url"),
    [
        ("openai:gpt-5-mini", {"OPENAI_API_KEY": CANARY}, None),
        ("openai:qwen", {"TUTOR_MODEL_URL": "https://models.example/v1"}, "https://models.example/v1"),
        (CLAUDE, {"AWS_REGION": "us-east-1"}, None),
    ],
)
def test_a_model_that_is_not_local_is_not_asked(name: str, settings: dict[str, str], url: str | None, home: Path) -> None:
    found, _ = model(TUTOR_MODEL=name, **settings)
    assert "server" not in found
    assert found["url"] == url


@pytest.mark.usefixtures("alone")
def test_a_package_that_is_missing_comes_with_its_command(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking(name: str) -> str:
        if name == "langchain-ollama":
            raise PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(doctor, "version", lacking)
    found = model(TUTOR_MODEL="ollama:llama3.2", TUTOR_MODEL_URL="https://models.example")[0]
    assert found["package"] == 'langchain-ollama is not installed: pip install "footnote-tutor[ollama]"'


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("name", [CANARY, "gpt-4o", f"sk-{CANARY}:x", "anthropic:claude"])
def test_a_name_without_a_known_provider_is_not_repeated(name: str, home: Path) -> None:
    found, remarks = model(TUTOR_MODEL=name)
    assert found == {"name": "not understood"}
    assert remarks == ["Set TUTOR_MODEL to bedrock_converse:NAME, ollama:NAME or openai:NAME, or leave it empty."]


@pytest.mark.parametrize(
    ("url", "shown", "at"),
    [
        ("http://localhost:1234/v1", "http://localhost:1234/v1", ("localhost", 1234)),
        (f"http://me:{CANARY}@Host:8080/v1?key={CANARY}#{CANARY}", "http://host:8080/v1", ("host", 8080)),
        (f"http://{CANARY}@127.0.0.1", "http://127.0.0.1", ("127.0.0.1", 80)),
        ("https://models.example/v1", "https://models.example/v1", ("models.example", 443)),
        ("http://[::1]:8000", "http://[::1]:8000", ("::1", 8000)),
        (f"http://me:1/{CANARY}@host/v1", "not understood", None),
        (f"me:{CANARY}@host:8080/v1", "http://host:8080/v1", ("host", 8080)),
        (f"ftp://{CANARY}.example", "not understood", None),
        ("localhost:1234", "http://localhost:1234", ("localhost", 1234)),
        (f"http://host:{CANARY}", "not understood", None),
        ("http://host:99999", "not understood", None),
        ("http://[::1", "not understood", None),
        ("http://", "not understood", None),
        ("http://host:0", "not understood", None),
    ],
)
def test_a_url_is_shown_without_what_may_be_secret(url: str, shown: str, at: tuple[str, int] | None) -> None:
    assert doctor.address(url) == (shown, at)


@pytest.mark.loopback
@pytest.mark.parametrize("name", ["ollama:llama3.2", "openai:qwen", CLAUDE])
def test_no_secret_is_ever_said(name: str, home: Path, server: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    secrets = "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_BEARER_TOKEN_BEDROCK OPENAI_API_KEY OLLAMA_API_KEY TUTOR_PRICE".split()
    for variable in secrets:
        monkeypatch.setenv(variable, CANARY)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("TUTOR_MODEL", name)
    monkeypatch.setenv("TUTOR_MODEL_URL", f"http://me:{CANARY}@127.0.0.1:{server}/v1?key={CANARY}")
    for arguments in (["doctor"], ["doctor", "--json"]):
        assert tutor(arguments) == 0
        captured = capsys.readouterr()
        assert name in captured.out
        assert f"http://127.0.0.1:{server}/v1" in captured.out
        assert CANARY not in captured.out + captured.err


SIGNING = {
    "nothing": ({}, {}, False),
    "a key without its secret": ({"AWS_ACCESS_KEY_ID": "AKIA"}, {}, False),
    "a key and its secret": ({"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "x"}, {}, True),
    "a key file": ({}, {"credentials": "[default]\naws_access_key_id = AKIA\naws_secret_access_key = x\n"}, True),
    "another profile's key": ({}, {"credentials": "[study]\naws_access_key_id = AKIA\naws_secret_access_key = x\n"}, False),
    "the profile's key": ({"AWS_PROFILE": "study"}, {"credentials": "[study]\naws_access_key_id = AKIA\naws_secret_access_key = x\n"}, True),
    "a key in the configuration": ({"AWS_PROFILE": "study"}, {"config": "[profile study]\naws_access_key_id=AKIA\naws_secret_access_key=x%\n"}, True),
    "a region only": ({}, {"config": "[default]\nregion = us-east-1\n"}, False),
}
BEYOND = {
    "an API key for Bedrock": ({"AWS_BEARER_TOKEN_BEDROCK": "x"}, {}, True),
    "a container's role": ({"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/role"}, {}, True),
    "a role": ({"AWS_PROFILE": "study"}, {"config": "[profile study]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = default\n"}, True),
    "single sign-on": ({}, {"config": "[default]\nsso_session = mine\nsso_account_id = 1\n[sso-session mine]\nsso_region = us-east-1\n"}, True),
    "a command": ({}, {"config": "[default]\ncredential_process = /bin/false\n"}, True),
    "a damaged file": ({}, {"config": "no section\n", "credentials": "\xff\xfe"}, False),
}


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(("variables", "files", "signed"), [*SIGNING.values(), *BEYOND.values()], ids=[*SIGNING, *BEYOND])
def test_credentials_are_found_by_variables_and_files(variables: dict[str, str], files: dict[str, str], signed: bool, home: Path, tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    for name, text in files.items():
        (tmp_path / ".aws" / name).write_bytes(text.encode("latin-1"))
    found, remarks = model(TUTOR_MODEL=CLAUDE, AWS_REGION="us-east-1", **variables)
    assert (found["region"], found["profile"]) == ("us-east-1", variables.get("AWS_PROFILE"))
    assert found["credentials"] == ("found" if signed else "not found")
    assert any("aws configure" in r for r in remarks) is not signed


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(("variables", "files", "signed"), SIGNING.values(), ids=SIGNING)
def test_botocore_finds_the_same(variables: dict[str, str], files: dict[str, str], signed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import botocore.exceptions
    import botocore.session

    for name, text in files.items():
        write_notes(tmp_path / ".aws", {name: text})
    for name, value in {"AWS_EC2_METADATA_DISABLED": "true", **variables}.items():
        monkeypatch.setenv(name, value)
    try:
        found = botocore.session.Session().get_credentials() is not None
    except botocore.exceptions.PartialCredentialsError:
        found = False
    assert found is signed


@pytest.mark.usefixtures("alone")
def test_files_elsewhere_are_read_where_the_variables_say(home: Path, tmp_path: Path) -> None:
    write_notes(tmp_path, {"mine": "[default]\naws_access_key_id = AKIA\n", "other": "[profile work]\nsso_session = x\n"})
    assert model(TUTOR_MODEL=CLAUDE, AWS_SHARED_CREDENTIALS_FILE=str(tmp_path / "mine"))[0]["credentials"] == "found"
    assert model(TUTOR_MODEL=CLAUDE, AWS_CONFIG_FILE=str(tmp_path / "other"), AWS_PROFILE="work")[0]["credentials"] == "found"


@pytest.mark.usefixtures("alone")
def test_the_region_may_be_the_default_one(home: Path) -> None:
    assert model(TUTOR_MODEL=CLAUDE, AWS_DEFAULT_REGION="eu-central-1")[0]["region"] == "eu-central-1"
    found, remarks = model(TUTOR_MODEL=CLAUDE)
    assert found["region"] is None
    assert any("set AWS_REGION" in r for r in remarks), "what stands against connecting is a remark"


@pytest.mark.usefixtures("alone")
def test_settings_beside_the_model_are_named_but_not_the_price(home: Path) -> None:
    found, _ = model(TUTOR_MODEL=CLAUDE, AWS_REGION="us-east-1", TUTOR_GUARDRAIL="g-1:3", TUTOR_PRICE="1,5")
    assert (found["guardrail"], found["price"]) == ("g-1:3", "set")
    assert model(TUTOR_MODEL=CLAUDE, AWS_REGION="us-east-1")[0]["price"] == "not set"
    assert str(found["tokens"]).startswith(("tiktoken", "estimate"))


@pytest.mark.usefixtures("alone")
def test_what_was_measured_of_a_model_is_said(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    measured = pace.Pace(prompt_rate=180.5, output_rate=8.25, start=0.75)
    pace.write(home, CLAUDE, measured)
    found, _ = model(TUTOR_MODEL=CLAUDE)
    assert found["speed"] == {"prompt_rate": 180.5, "output_rate": 8.25, "start": 0.75}
    assert found["fit"] is None
    examined = {"fit": {"explain": True, "quiz": True}, "passed": 17, "of": 20, "truncates": False, "date": "2026-01-02"}
    pace.keep(home, CLAUDE, "fit", examined)
    verdict = "explain yes, long prompts no, grade no, quiz yes, asks no, JSON no"
    assert model(TUTOR_MODEL=CLAUDE)[0]["fit"] == verdict
    monkeypatch.setenv("TUTOR_MODEL", CLAUDE)
    assert tutor(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "prompt_rate 180.5, output_rate 8.25, start 0.75" in said
    assert verdict in said
    assert model(TUTOR_MODEL="bedrock_converse:another")[0]["speed"] is None


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(
    "kept",
    [
        "",
        "[]",
        "7",
        "{",
        '{"pace": 3}',
        "null",
        "[" * 100_000,
        "\ud800",
        f'{{"{CLAUDE}": []}}',
        f'{{"{CLAUDE}": {{"pace": {{"prompt_rate": "x"}}}}}}',
        f'{{"{CLAUDE}": {{"fit": {{"explain": true}}}}}}',
    ],
)
def test_a_file_of_measures_that_is_damaged_measured_nothing(kept: str, home: Path) -> None:
    (home / pace.FILE).write_bytes(kept.encode("utf-8", "surrogatepass"))
    found, _ = model(TUTOR_MODEL=CLAUDE)
    assert (found["speed"], found["fit"]) == (None, None)


def test_the_table_is_for_a_person() -> None:
    report = {
        "mode": "notes-only",
        "model": None,
        "packages": {"torch": None},
        "weights": {"on": True, "speed": {"a": 1.5, "b": 2}, "url": None},
        "problems": [],
    }
    assert doctor.table(report).splitlines() == [
        "mode:         notes-only",
        "model:        none",
        "packages:",
        f"  {'torch':<24}not installed",
        "weights:",
        f"  {'on':<24}yes",
        f"  {'speed':<24}a 1.5, b 2",
        f"  {'url':<24}-",
        "problems: none",
    ]
