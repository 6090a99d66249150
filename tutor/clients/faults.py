"""An error of a model's client in, by its name, code or HTTP status; which of our few it is, and the sentence for the reader, out.

Knows the libraries by name only and imports none. A name here is a class name, in lower case, under its package.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Final, Literal

from tutor.errors import ModelBusy, ModelDeclined, ModelDenied, ModelFailed, ModelGarbled, ModelOverlong, ModelSlow, ModelUnreachable, ModelUnusable

Reason = Literal[
    "setup", "missing", "request", "inference", "credentials", "denied", "busy", "late", "timeout", "connect", "server", "cut", "overlong", "declined", "garbled"
]  # fmt: skip
"""*late*: our own time ran out; *timeout*: the server says that its did."""

KINDS: Final[dict[Reason, type[ModelFailed]]] = {
    "setup": ModelUnusable, "missing": ModelUnusable, "request": ModelUnusable, "inference": ModelUnusable,
    "credentials": ModelDenied, "denied": ModelDenied, "busy": ModelBusy, "late": ModelSlow, "timeout": ModelSlow,
    "connect": ModelUnreachable, "server": ModelUnreachable, "cut": ModelUnreachable,
    "overlong": ModelOverlong, "declined": ModelDeclined, "garbled": ModelGarbled,
}  # fmt: skip
AGAIN: Final[frozenset[Reason]] = frozenset({"busy", "timeout", "server", "cut"})
"""What may have passed a moment later. A refused connection has not: nothing listens there."""

SENTENCES: Final[dict[Reason, str]] = {
    "setup": "{model} cannot be used as it is set up: check TUTOR_MODEL, TUTOR_MODEL_URL and, for Bedrock, AWS_REGION and AWS_PROFILE.",
    "missing": "There is no model {model} there: check its name in TUTOR_MODEL and, for Bedrock, that your region has it.",
    "request": "{model} does not take the request in this form: choose another model in TUTOR_MODEL.",
    "inference": "{model} can only be used through an inference profile: put its id, such as us.{name}, into TUTOR_MODEL.",
    "credentials": "No valid credentials for {model} were found: sign in (for AWS with `aws login` or `aws sso login`, or set AWS_PROFILE).",
    "denied": "Access to {model} was denied: check your credentials, and that they may use this model.",
    "busy": "{model} is overloaded or your limit there is reached: try again in a minute.",
    "late": "{model} did not answer in time: try again, or choose a smaller model in TUTOR_MODEL.",
    "timeout": "{model} did not answer in time: try again in a minute.",
    "connect": "Nothing answers at {place}: start the server of {model}, or check TUTOR_MODEL_URL and your connection.",
    "server": "{model} failed on its server: try again in a minute.",
    "cut": "The connection to {model} broke off: try again.",
    "overlong": "The question and its passages do not fit into the context of {model}: ask a shorter question, or choose a model with a larger context.",
    "declined": "{model}, or a filter before it, declined to answer: put the question in other words.",
    "garbled": "{model} gave an empty or malformed reply: try again, or choose another model in TUTOR_MODEL.",
}

_CODES: Final[dict[Reason, str]] = {
    "busy": """throttlingexception throttling throttledexception requestthrottled requestthrottledexception toomanyrequestsexception requestlimitexceeded
        provisionedthroughputexceededexception limitexceededexception servicequotaexceededexception slowdown bandwidthlimitexceeded transactioninprogressexception
        modelnotreadyexception serviceunavailableexception serviceunavailable rate_limit_exceeded unavailable_error overloaded_error""",
    "server": "internalserverexception internalservererror internalfailure modelerrorexception modelstreamerrorexception server_error internal_error",
    "timeout": "modeltimeoutexception requesttimeout requesttimeoutexception gatewaytimeoutexception",
    "denied": """accessdeniedexception accessdenied unrecognizedclientexception invalidsignatureexception signaturedoesnotmatch incompletesignature
        invalidclienttokenid missingauthenticationtoken missingauthenticationtokenexception optinrequired notauthorized unauthorizedexception
        invalid_api_key insufficient_quota authentication_error permission_error""",
    "credentials": "expiredtokenexception expiredtoken requestexpired",
    "missing": "resourcenotfoundexception model_not_found not_found_error",
    "request": "validationexception conflictexception serializationexception unknownoperationexception",
    "overlong": "context_length_exceeded exceed_context_size_error string_above_max_length",
    "declined": "content_filter content_policy_violation",
}
CODES: Final = {code: reason for reason, codes in _CODES.items() for code in codes.split()}
"""Error codes of AWS (those inside an event stream start with a small letter) and of servers that speak OpenAI's protocol."""

STATUS: Final[Mapping[int, Reason]] = {
    400: "request", 401: "denied", 402: "denied", 403: "denied", 404: "missing", 407: "denied", 408: "timeout", 413: "overlong", 422: "request",
    424: "server", 425: "server", 429: "busy", 503: "busy", 504: "timeout", 529: "busy",
}  # fmt: skip

_NAMES: Final[dict[str, dict[Reason, str]]] = {
    "botocore": {
        "setup": """botocoreerror datanotfounderror unknownserviceerror unknownregionerror apiversionnotfounderror invalidimdsendpointerror
            invalidimdsendpointmodeerror unknowntokenprovidererror unknownsignatureversionerror servicenotinregionerror baseendpointresolvererror noregionerror
            endpointvarianterror unknownendpointerror unknownfipsendpointerror profilenotfound configparseerror confignotfound missingparameterserror
            validationerror paramvalidationerror unknownkeyerror rangeerror unknownparametererror invalidregionerror aliasconflictparametererror
            unknownservicestyle paginationerror operationnotpageableerror unseekablestreamerror waitererror invalidexpressionerror waiterconfigerror
            unknownclientmethoderror unsupportedsignatureversionerror invaliddnsnameerror invalids3addressingstyleerror unsupporteds3arnerror
            unsupporteds3controlarnerror invalidhostlabelerror unsupportedoutpostresourceerror unsupporteds3configurationerror
            unsupporteds3accesspointconfigurationerror invalidendpointdiscoveryconfigurationerror unsupporteds3controlconfigurationerror
            invalidretryconfigurationerror invalidmaxretryattemptserror invalidretrymodeerror invalids3useast1regionalendpointconfigerror
            invalidstsregionalendpointsconfigerror stubresponseerror stubassertionerror unstubbedresponseerror invalidconfigerror infiniteloopconfigerror
            md5unavailableerror missingdependencyexception undefinedmodelattributeerror missingserviceiderror invalidproxiesconfigerror invaliddefaultsmode
            awschunkedwrappererror invalidendpointconfigurationerror endpointprovidererror endpointresolutionerror unknownendpointresolutionbuiltinname
            invalidchecksumconfigerror unsupportedserviceprotocolserror""",
        "credentials": """nocredentialserror noauthtokenerror tokenretrievalerror partialcredentialserror credentialretrievalerror unknowncredentialerror
            refreshwithmfaunsupportederror metadataretrievalerror ssoerror ssotokenloaderror unauthorizedssotokenerror loginerror loginrefreshrequired
            logininsufficientpermissions logintokenloaderror loginauthorizationcodeerror""",
        "busy": "capacitynotavailableerror",
        "late": "readtimeouterror",
        "connect": "connectionerror endpointconnectionerror sslerror connecttimeouterror proxyconnectionerror",
        "server": "clienterror eventstreamerror",
        "cut": "httpclienterror connectionclosederror responsestreamingerror incompletereaderror",
        "garbled": """checksumerror flexiblechecksumerror parsererror duplicateheader invalidheaderslength invalidpayloadlength checksummismatch
            noinitialresponseerror responseparsererror xmlparseerror""",
    },
    "urllib3": {
        "setup": "locationvalueerror locationparseerror urlschemeunknown proxyschemeunknown proxyschemeunsupported",
        "late": "timeouterror readtimeouterror",
        "connect": """connectionerror connecttimeouterror newconnectionerror nameresolutionerror sslerror proxyerror maxretryerror hostchangederror""",
        "cut": """httperror poolerror requesterror protocolerror incompleteread timeoutstateerror emptypoolerror fullpoolerror closedpoolerror responseerror
            unrewindablebodyerror""",
        "garbled": "decodeerror responsenotchunked bodynothttplibcompatible invalidchunklength invalidheader headerparsingerror",
    },
    "http": {
        "setup": "invalidurl unimplementedfilemode",
        "cut": "httpexception notconnected incompleteread improperconnectionstate cannotsendrequest cannotsendheader responsenotready remotedisconnected",
        "garbled": "unknownprotocol unknowntransferencoding badstatusline linetoolong",
    },
    "httpx": {
        "setup": "invalidurl unsupportedprotocol toomanyredirects localprotocolerror requestnotread",
        "late": "timeoutexception readtimeout writetimeout pooltimeout",
        "connect": "connecterror connecttimeout proxyerror",
        "server": "httpstatuserror",
        "cut": """httperror requesterror transporterror networkerror readerror writeerror closeerror protocolerror remoteprotocolerror streamerror streamclosed
            streamconsumed responsenotread""",
        "garbled": "decodingerror cookieconflict sseerror",
    },
    "openai": {
        "setup": "openaierror invalidwebhooksignatureerror _ambiguousmoduleclientusageerror websocketqueuefullerror",
        "missing": "notfounderror",
        "request": "badrequesterror unprocessableentityerror conflicterror",
        "denied": "authenticationerror oautherror permissiondeniederror subjecttokenprovidererror",
        "busy": "ratelimiterror",
        "late": "apitimeouterror",
        "connect": "apiconnectionerror",
        "server": "apierror apistatuserror internalservererror",
        "cut": "websocketconnectionclosederror",
        "declined": "contentfilterfinishreasonerror",
        "garbled": "apiresponsevalidationerror lengthfinishreasonerror",
    },
    "ollama": {"setup": "requesterror", "server": "responseerror"},
    "langchain_core": {
        "missing": "modelnotfounderror",
        "request": "modelinvalidrequesterror",
        "denied": "modelauthenticationerror modelpermissiondeniederror",
        "busy": "modelratelimiterror",
        "late": "modeltimeouterror",
        "connect": "modelconnectionerror",
        "server": "langchainexception modelerror modelapierror tracerexception",
        "overlong": "contextoverflowerror",
        "garbled": "outputparserexception",
    },
    "langchain_aws": {"overlong": "bedrockcontextoverflowerror"},
    "langchain_openai": {
        "missing": "openaimodelnotfounderror",
        "request": "openaiinvalidrequesterror",
        "denied": "openaiauthenticationerror openaipermissiondeniederror _chatgptoauthrefresherror",
        "busy": "openairatelimiterror",
        "late": "openaitimeouterror",
        "connect": "openaiconnectionerror",
        "server": "openaiapierror",
        "overlong": "openaicontextoverflowerror openaiapicontextoverflowerror",
        "declined": "openairefusalerror",
    },
    "pydantic_core": {"garbled": "validationerror"},
    "ssl": {"connect": "sslerror sslcertverificationerror"},
    "socket": {"connect": "gaierror herror"},
    "builtins": {
        "setup": "importerror modulenotfounderror",
        "late": "timeouterror",
        "connect": "connectionrefusederror",
        "cut": "oserror connectionerror connectionreseterror connectionabortederror brokenpipeerror",
        "garbled": """valueerror typeerror keyerror indexerror lookuperror attributeerror assertionerror runtimeerror notimplementederror arithmeticerror
            unicodedecodeerror recursionerror""",
    },
}
NAMES: Final[dict[str, dict[str, Reason]]] = {
    package: {name: reason for reason, names in table.items() for name in names.split()} for package, table in _NAMES.items()
}
NAMES["httpx2"] = NAMES["httpx"]  # httpx under its newer name

BASES: Final = (
    ("botocore.exceptions", ("BotoCoreError", "ClientError", "UndefinedModelAttributeError")),
    ("botocore.eventstream", ("ParserError",)),
    ("botocore.parsers", ("ResponseParserError",)),
    ("urllib3.exceptions", ("HTTPError",)),
    ("httpx", ("HTTPError", "InvalidURL", "CookieConflict")),
    ("httpx2", ("HTTPError", "InvalidURL", "CookieConflict")),
    ("openai", ("OpenAIError",)),
    ("ollama", ("RequestError", "ResponseError")),
    ("langchain_core.exceptions", ("LangChainException",)),
    ("langchain_openai.chat_models.base", ("OpenAIRefusalError",)),
)
_OVERLONG: Final = re.compile(
    r"too long|too large|maximum context|context (?:length|size|window)|context_length|n_ctx|(?:input|prompt) tokens? exceed|too many (?:input )?tokens|exceeds? model maximum",
    re.IGNORECASE,
)
_ON_DEMAND: Final = re.compile(r"on-demand throughput|inference profile", re.IGNORECASE)
_RELAYED: Final = re.compile(r"AWS exception (\w+)")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a model gave nothing; `after` is when its server asks to be tried again, in seconds. `detail` is a sentence that
    says it better than the reason's own."""

    reason: Reason
    after: float | None = None
    detail: str = ""

    @property
    def again(self) -> bool:
        """Whether a second try may help."""
        return self.reason in AGAIN


def foreign() -> tuple[type[BaseException], ...]:
    """What the libraries loaded so far raise, to be caught by name. The builtin ones stand for replies that are not as the
    protocol has them: the clients index and convert what came without looking."""
    loaded = [(sys.modules[module], names) for module, names in BASES if module in sys.modules]
    theirs = tuple(getattr(module, name) for module, names in loaded for name in names if hasattr(module, name))
    return (*theirs, HTTPException, OSError, ValueError, TypeError, LookupError, AttributeError, AssertionError, RuntimeError, ArithmeticError, ImportError)


def read(error: BaseException, now: float = 0.0, retry_after: str = "") -> Fault:
    """What an error means. `now` is the time of day, in seconds since the epoch, for a Retry-After that is a date;
    `retry_after` is that header where the error itself does not hold it."""
    response = getattr(error, "response", None)
    headers = response.get("ResponseMetadata", {}).get("HTTPHeaders", {}) if isinstance(response, dict) else getattr(response, "headers", {})
    return Fault(_reason(error), after(headers.get("retry-after", "") or retry_after, now))


def after(text: str, now: float) -> float | None:
    """A Retry-After header in seconds from `now`; None where there is none or it cannot be read (RFC 9110, 10.2.3)."""
    if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", text.strip()):
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None


def sentence(reason: Reason, model: str, place: str) -> str:
    """The sentence for the reader: what happened and what to do. Never a word of what the server or client said: that may
    hold a key or a piece of the notes. `model` is "provider:name", `place` an address without its user and query."""
    provider, _, name = model.partition(":")
    if reason == "missing" and provider == "ollama":
        return f"Ollama has no model {name}: run `ollama pull {name}`."
    return SENTENCES[reason].format(model=model, name=name, place=place)


def _reason(error: BaseException) -> Reason:
    error = _innermost(error)
    text = str(error)
    told = CODES.get(_code(error, text)) or _by_status(_status(error))
    named = _by_name(error)
    reason: Reason = named if told is None or named == "overlong" else told
    if _truncated(error, text):
        return "cut"
    if reason == "request" and _ON_DEMAND.search(text):
        return "inference"
    if reason in {"request", "server"} and _OVERLONG.search(text):
        return "overlong"
    return reason


def _innermost(error: BaseException) -> BaseException:
    """What a client's "connection error" was raised for, by the library below it: none was made, or it broke off."""
    while type(error).__name__.endswith("APIConnectionError") or type(error).__name__ == "OpenAIConnectionError":
        if error.__cause__ is None:
            break
        error = error.__cause__
    return error


def _code(error: BaseException, text: str) -> str:
    """An error code in lower case: of AWS, in or out of a stream, or of a server that speaks OpenAI's protocol."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return str(response.get("Error", {}).get("Code", "")).lower()
    if relayed := _RELAYED.search(text):
        return relayed[1].lower()
    codes = (str(getattr(error, name, "") or "").lower() for name in ("code", "type"))
    return next((c for c in codes if c in CODES), "")


def _status(error: BaseException) -> int:
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    else:
        status = getattr(error, "status_code", None) or getattr(response, "status_code", 0)
    return status if isinstance(status, int) and status >= 300 else 0


def _by_status(status: int) -> Reason | None:
    if not status or status in STATUS:
        return STATUS.get(status)
    if status >= 500:
        return "server"
    return "request" if status >= 400 else "setup"  # a redirect: notes are not sent on to where they were not meant to go


def _by_name(error: BaseException) -> Reason:
    names = ((c.__module__.partition(".")[0], c.__name__.lower()) for c in type(error).__mro__)
    return next((NAMES[package][name] for package, name in names if name in NAMES.get(package, {})), "server")


def _truncated(error: BaseException, text: str) -> bool:
    """Whether JSON ended too early or nothing came at all: a cut, not a malformed reply."""
    if isinstance(error, json.JSONDecodeError):
        return error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
    return isinstance(error, ValueError) and text.startswith("No generation chunks")
