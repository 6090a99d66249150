"""Settings in; which model is meant, where it stands, and what LangChain is to be told of it, for each provider, out."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args
from urllib.parse import SplitResult, urlsplit, urlunsplit

from tutor.chat import Limits, Message
from tutor.errors import ModelUnusable
from tutor.settings import Settings

Provider = Literal["bedrock_converse", "ollama", "openai"]
PROVIDERS: Final[tuple[Provider, ...]] = get_args(Provider)
OLLAMA: Final = "http://127.0.0.1:11434"
OPENAI: Final = "https://api.openai.com/v1"
ROOM: Final = 1_000
"""Tokens added for a model that thinks whether it is asked to or not; they count as output, and nobody sees them."""
WINDOW: Final = 2_048
"""Ollama loads a model anew for each size of its context, so the size grows in few steps of so many tokens."""

_GEOGRAPHY: Final = ("us", "eu", "apac", "us-gov", "sa", "amer", "global", "jp", "au", "ca", "il", "me", "af", "uk", "mx")
_ARN: Final = re.compile(r"arn:aws[a-z-]*:bedrock:(?P<region>[a-z0-9-]*):\d*:(?P<kind>[a-z-]+)/(?P<id>\S+)")
_THINKERS: Final = ("gpt-oss", "deepseek.r1", "deepseek-r1", "qwq", "magistral", "kimi-k2-thinking", "kimi-k3", "minimax", "-thinking", "-reasoning")
_REASONERS: Final = re.compile(r"(?:o\d|gpt-[5-9])(?!.*chat)")  # of OpenAI itself: these refuse a temperature
_CLAUDE_THINKS: Final = re.compile(r"claude-(?:[a-z]+-)?[5-9]")  # without being asked, from the fifth on
_CACHES: Final = re.compile(r"amazon\.nova|anthropic\.claude-(?:3-5-haiku|3-5-sonnet-20241022|3-7|[a-z]+-\d)")


@dataclass(frozen=True, slots=True)
class Target:
    """A model and its place. `model` is as in TUTOR_MODEL, `name` without the provider; `url` is "" for AWS's own endpoint.

    `base` is Bedrock's id of the model behind an inference profile or ARN, "" where it cannot be told; `region` is the one
    that an ARN names. `local` says that nothing leaves this machine or its network.
    """

    model: str
    provider: Provider
    name: str
    url: str = ""
    base: str = ""
    region: str = ""

    @property
    def local(self) -> bool:
        """Whether the model runs on this machine or in its network."""
        return bool(self.url) and is_local(self.url)

    @property
    def place(self) -> str:
        """The address, for the reader."""
        return self.url or "Amazon Bedrock"


def read(settings: Settings) -> Target:
    """What the settings mean. Raises ModelUnusable with what to change."""
    known, name = settings.model.partition(":")[::2]
    if known not in PROVIDERS or not name.strip():
        # What stands there is not said again: it may be a key, put there by mistake.
        raise ModelUnusable(f"TUTOR_MODEL must be provider:name, with one of the providers {', '.join(PROVIDERS)}, such as ollama:llama3.2.")
    if settings.guardrail and known != "bedrock_converse":
        raise ModelUnusable("TUTOR_GUARDRAIL is a guardrail of Amazon Bedrock: unset it, or choose a model of bedrock_converse.")
    provider, name, url = known, name.strip(), _address(settings.model_url)
    match provider:
        case "ollama":
            return Target(settings.model, provider, name, (url or OLLAMA).removesuffix("/v1"))
        case "openai":
            return Target(settings.model, provider, name, (url if not url or urlsplit(url).path else f"{url}/v1") or OPENAI)
        case "bedrock_converse":
            arn = _ARN.fullmatch(name)
            if name.startswith("arn:") and not arn:
                raise ModelUnusable(f"{name} is no ARN of a Bedrock model: copy it from the Bedrock console into TUTOR_MODEL.")
            named = name if not arn else arn["id"] if arn["kind"] in {"foundation-model", "inference-profile"} else ""
            return Target(settings.model, provider, name, url, _base(named), arn["region"] if arn else "")


def parse(url: str) -> SplitResult | None:
    """A server's address in its parts, of http where it names no scheme; None where it is none."""
    try:
        parts = urlsplit(url if "//" in url else f"http://{url}")
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts if usable and "@" not in parts.path else None  # one there is mostly a password's, with a slash in it


def is_local(url: str) -> bool:
    """Whether an address is of this machine or a private network; told by its text, without a look-up."""
    host = (urlsplit(url).hostname or "").lower()
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local")) or "." not in host
    return address.is_loopback or address.is_private


def guardrail(settings: Settings) -> dict[str, Any] | None:
    """Bedrock's guardrail, which looks at a stream before we do; None where none is set. Raises ModelUnusable."""
    if not settings.guardrail:
        return None
    name, _, version = settings.guardrail.rpartition(":")
    if not re.fullmatch(r"[A-Za-z0-9:/_-]+", name) or not re.fullmatch(r"\d{1,8}|DRAFT", version):
        raise ModelUnusable('TUTOR_GUARDRAIL must be "id:version", such as abc123:1 or abc123:DRAFT.')
    return {"guardrailIdentifier": name, "guardrailVersion": version, "streamProcessingMode": "sync"}


def arguments(target: Target, settings: Settings) -> dict[str, Any]:
    """What LangChain's model is made with, beside its client. Its retries are off: ours are the only ones."""
    match target.provider:
        case "ollama":
            return {"base_url": target.url}
        case "openai":
            # A key is the user's to give; a server of their own mostly needs none, but the client insists.
            key = os.environ.get("OPENAI_API_KEY") or "none-needed"
            return {"base_url": target.url, "api_key": key, "openai_proxy": None, "max_retries": 0, "stream_usage": True, "use_responses_api": False}
        case "bedrock_converse":
            made: dict[str, Any] = {"provider": target.base.partition(".")[0] or "unknown", "disable_streaming": False}
            if target.name.startswith("arn:"):
                made["base_model_id"] = target.base or "unknown"  # else LangChain asks AWS for it
            if guard := guardrail(settings):
                made |= {"guardrails": guard, "guard_last_turn_only": True}
            return made


def prompt(target: Target, messages: Sequence[Message]) -> list[tuple[str, Any]]:
    """The messages for LangChain, with a cache point after the system prompt where Bedrock knows of them."""
    caches = target.provider == "bedrock_converse" and _CACHES.match(target.base)
    made: list[tuple[str, Any]] = []
    for message in messages:
        block = [{"type": "text", "text": message.text}, {"cachePoint": {"type": "default"}}]
        made.append((message.speaker, block if caches and message.speaker == "system" else message.text))
    return made


def request(target: Target, profile: Mapping[str, Any], limits: Limits, window: int, schema: Mapping[str, object] | None) -> dict[str, Any]:
    """What one request says beside its messages. `profile` is what LangChain knows of the model, `window` Ollama's context.

    The temperature is 0, or left out where the model refuses one; the tokens always have a limit.
    """
    match target.provider:
        case "ollama":
            options = {"num_ctx": window, "num_predict": limits.tokens + room(target, profile), "temperature": 0.0}
            # gpt-oss cannot be told not to think, others can; the model and the cache of its prompt stay for half an hour.
            return {"options": options, "keep_alive": "30m", "reasoning": "low" if "gpt-oss" in target.name else False, "format": schema}
        case "openai":
            return _openai(target, limits.tokens + room(target, profile), schema)
        case "bedrock_converse":
            made: dict[str, Any] = {"max_tokens": limits.tokens + room(target, profile)}
            if target.base and profile.get("temperature") is not False:
                made["temperature"] = 0.0
            if fields := _effort(target.base, profile.get("reasoning_effort_levels") or ()):
                made["additional_model_request_fields"] = fields
            if schema is not None and profile.get("structured_output"):
                made["response_format"] = {"type": "json_schema", "json_schema": {"name": "reply", "schema": dict(schema)}}
            return made


def window(tokens: int, before: int = 0) -> int:
    """The context that so many tokens need, in steps, and never less than before."""
    return max(2 * WINDOW, before, -(-tokens // WINDOW) * WINDOW)


def tokens(size: int) -> int:
    """An estimate of the tokens of so many bytes of UTF-8, on the high side: a third of them."""
    return -(-size // 3)


def room(target: Target, profile: Mapping[str, Any]) -> int:
    """Tokens for the thoughts of a model that cannot do without them."""
    name = (target.base or target.name).lower()
    if any(thinker in name for thinker in _THINKERS) or _CLAUDE_THINKS.search(name):
        return ROOM
    if target.provider == "openai":
        return ROOM if target.url == OPENAI and _REASONERS.match(name) else 0
    asked_only = target.provider == "ollama" or "claude" in name or "nova" in name
    return ROOM if profile.get("reasoning_output") and not asked_only else 0


def _openai(target: Target, tokens: int, schema: Mapping[str, object] | None) -> dict[str, Any]:
    made: dict[str, Any] = {}
    body: dict[str, Any] = {}
    if target.url != OPENAI:
        made["temperature"], body["max_tokens"] = 0.0, tokens  # the name of the limit that every server knows
        if target.local:
            body["chat_template_kwargs"] = {"enable_thinking": False, "reasoning_effort": "low"}  # llama.cpp, vLLM, SGLang; the others pass it over
    elif _REASONERS.match(target.name):
        made["max_completion_tokens"], made["reasoning_effort"] = tokens, "low"
    else:
        made["max_completion_tokens"], made["temperature"] = tokens, 0.0
    if schema is not None:
        # Past LangChain, which would take the whole reply to pieces and build it again.
        body["response_format"] = {"type": "json_schema", "json_schema": {"name": "reply", "strict": True, "schema": closed(schema)}}
    return made | ({"extra_body": body} if body else {})


def _effort(base: str, levels: Sequence[str]) -> dict[str, Any]:
    """How Bedrock is told that a model should think little, where it would think by itself."""
    least = levels[0] if levels else "low"
    if base.startswith("openai.gpt-oss") or (levels and base.startswith(("moonshot", "zai."))):
        return {"reasoning_effort": least}
    if base.startswith("openai.gpt-"):
        return {"reasoning": {"effort": least}}
    if levels and _CLAUDE_THINKS.search(base):
        return {"thinking": {"type": "adaptive"}, "output_config": {"effort": least}}
    return {}


def closed(schema: Mapping[str, object]) -> dict[str, object]:
    """A JSON Schema whose objects have no other properties than those named: what strict servers ask for."""
    made = {key: closed(value) if isinstance(value, Mapping) else value for key, value in schema.items()}
    return made | ({"additionalProperties": False} if made.get("type") == "object" else {})


def _base(named: str) -> str:
    geography, _, rest = named.partition(".")
    return rest if geography in _GEOGRAPHY else named


def _address(url: str) -> str:
    if not url:
        return ""
    parts = parse(url)
    if parts is None or parts.query or parts.fragment:
        raise ModelUnusable("TUTOR_MODEL_URL must be the address of a server, such as http://localhost:11434.")
    if parts.username or parts.password:
        raise ModelUnusable("TUTOR_MODEL_URL must not hold a user name or password: addresses end up in logs.")
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))
