"""What went wrong at a service, in the words of our error tree. No message ever holds a key."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from interviewer.errors import (
    BadRequestError,
    GraderError,
    KeyRejectedError,
    MalformedReplyError,
    MissingKeyError,
    QuotaExceededError,
    RateLimitedError,
    RefusedError,
    ReplyError,
    ServiceDownError,
    TruncatedError,
    UnknownModelError,
)
from interviewer.llm.connection import ElsewhereError
from interviewer.llm.secrets import MARK, Secrets
from interviewer.text import one_line

_SAID_CHARACTERS = 300
_SEE_MODELS = "`interviewer doctor` lists the models that the service has; choose one with --model NAME."
_CHECK_URL = "Check the base URL: often it must end in /v1."
_LOOKS_LIKE_KEY = re.compile(r"\bsk-[\w*.-]{4,}", re.ASCII)
_QUOTA_CODES = frozenset(
    "insufficient_quota billing_hard_limit_reached billing_not_active insufficient_balance".split()
)
_QUOTA_WORDS = re.compile(r"insufficient.(?:quota|balance|credit|funds)|\bbilling\b", re.IGNORECASE)
_REFUSAL_CODES = frozenset("content_filter content_policy_violation".split())
_BAD_OUTPUT_CODES = frozenset("json_validate_failed tool_use_failed".split())
_MODEL_CODES = frozenset("model_not_found deploymentnotfound invalid_model".split())
_NO_SUCH_MODEL = re.compile(
    r"\b(?:model|deployment)\b.{0,120}?\b(?:not found|not exist|no such|not a valid model|unknown)"
    r"|\b(?:unknown|invalid|no such) model\b|not a valid model",
    re.IGNORECASE | re.DOTALL,
)
_CONTEXT = re.compile(r"context.(?:length|window|size)|n_ctx|too many tokens", re.IGNORECASE)

# What a message calls a field of the request -> the field. The first field that is named is the culprit:
# "'max_tokens' is not supported, use 'max_completion_tokens'".
_FIELDS = re.compile(
    r"(?P<response_format>response.format|json_schema|json_object|guided.json|guided.decoding)"
    r"|(?P<tool_choice>tool.choice|function_call)"
    r"|(?P<tools>\btools\b|\bfunctions\b|--jinja)"
    r"|(?P<max_completion_tokens>max_completion_tokens)"
    r"|(?P<max_tokens>max_tokens)"
    r"|(?P<temperature>\btemperature\b)"
    r"|(?P<stream_options>stream_options)",
    re.IGNORECASE,
)
_FORMAT_WORDS = re.compile(r"\bgrammar\b|schema\b|\bstrict\b|structured.outputs?", re.IGNORECASE)
_FORMAT_FIELDS = frozenset({"response_format", "tool_choice", "tools"})


@dataclass(frozen=True, slots=True)
class Service:
    """What an error may say of a service, and what it must not.

    name: its URL without secrets. has_key: whether a key is sent. secrets: never shown. hidden: those that
    a reply must not say, either.
    """

    name: str
    model: str
    has_key: bool
    secrets: tuple[str, ...] = field(default=(), repr=False)
    hidden: Secrets = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # What a URL's query says of the model is told in every reply.
        found = Secrets((s for s in self.secrets if s != self.model), in_replies=True)
        object.__setattr__(self, "hidden", found)

    def quote(self, text: str) -> str:
        """Foreign `text`, short, safe to show, and without the secrets."""
        hidden = Secrets(self.secrets).hide(text)
        return one_line(_LOOKS_LIKE_KEY.sub(MARK, hidden), _SAID_CHARACTERS)


@dataclass(frozen=True, slots=True)
class Complaint:
    """The body of an error, whatever its shape. Absent parts are empty."""

    text: str = ""
    code: str = ""
    param: str = ""


def complaint_in(body: object) -> Complaint:
    """What `body` says went wrong: OpenAI's `{"error": {…}}`, a bare string, FastAPI's `detail`, a list."""
    if isinstance(body, list) and body:
        body = body[0]
    if isinstance(body, Mapping) and isinstance(body.get("error"), Mapping | str):
        body = body["error"]
    if isinstance(body, str):
        return Complaint(text="an HTML page" if body.lstrip().startswith("<") else body)
    if not isinstance(body, Mapping):
        return Complaint()
    said = next((body[name] for name in ("message", "detail", "msg") if body.get(name)), body)
    text = said if isinstance(said, str) else json.dumps(said, default=str)
    metadata = body.get("metadata")  # a router tells there what the service behind it said
    if isinstance(metadata, Mapping) and isinstance(metadata.get("raw"), str):
        text = f"{text}: {metadata['raw']}"
    code, kind, param = (body.get(name) for name in ("code", "type", "param"))
    return Complaint(
        text=text,
        code=str(code if isinstance(code, str | int) and code else kind or "").lower(),
        param=param if isinstance(param, str) else "",
    )


def fault_of(error: Exception, service: Service) -> GraderError:
    """The error of our tree for what the openai package, or reading its answer, raised."""
    import openai

    if isinstance(error, openai.APITimeoutError):
        return ServiceDownError(f"{service.name} did not answer in time")
    elsewhere = error.__cause__ if isinstance(error, openai.APIConnectionError) else error
    if isinstance(elsewhere, ElsewhereError):
        return BadRequestError(
            f"{service.name} sends on to {service.quote(str(elsewhere))}: nothing was sent there",
            hint="If you trust that address, make it the base URL.",
        )
    if isinstance(error, openai.APIConnectionError):
        cause = service.quote(str(error.__cause__ or ""))
        return ServiceDownError(
            f"no connection to {service.name}" + (f": {cause}" if cause else ""),
            hint="Check that the service runs, the network, and the base URL.",
        )
    if isinstance(error, openai.APIStatusError):
        return fault_of_status(error.status_code, error.body, error.response.headers, service)
    if isinstance(error, openai.APIError):
        return fault_of_event(error.body, service)
    if isinstance(error, ValueError | RecursionError):
        return ServiceDownError(f"{service.name} sent an answer that is not JSON", hint=_CHECK_URL)
    return ServiceDownError(f"the answer of {service.name} broke off: {service.quote(str(error))}")


def fault_of_event(body: object, service: Service) -> GraderError:
    """The error for a complaint that came with status 200: in a stream, or in place of a reply."""
    code = complaint_in(body).code
    if code.isascii() and code.isdigit() and 400 <= int(code[:4]) < 600:
        return fault_of_status(int(code), body, {}, service)
    if "rate_limit" in code:
        return fault_of_status(429, body, {}, service)
    if "invalid_request" in code:
        return fault_of_status(400, body, {}, service)
    return fault_of_status(429 if code in _QUOTA_CODES else 500, body, {}, service)


def fault_of_status(status: int, body: object, headers: Mapping[str, str], service: Service) -> GraderError:
    """The error for an answer with `status` (400 to 599) and this body."""
    complaint = complaint_in(body)
    said = service.quote(complaint.text)
    message = f"{service.name} answered {status}" + (f": {said}" if said else "")
    if complaint.code in _REFUSAL_CODES:
        return RefusedError(message, hint="The service's content filter took offence at the request.")
    if complaint.code in _BAD_OUTPUT_CODES:
        return MalformedReplyError(message)
    if status == 402 or (status == 429 and _is_quota(complaint)):
        return QuotaExceededError(message, hint="The account has no credit left: see its billing page.")
    if _is_unknown_model(status, complaint, service):
        return UnknownModelError(message, hint=_SEE_MODELS)
    if status in {401, 403}:
        return _key_fault(message, service)
    if status == 429:
        return RateLimitedError(message, retry_after=retry_after(headers))
    parameter = parameter_in(complaint)
    if status >= 500 and parameter not in _FORMAT_FIELDS:
        return ServiceDownError(message, retry_after=retry_after(headers))
    if status in {408, 409, 425}:
        return ServiceDownError(message, retry_after=retry_after(headers))
    named = one_line(service.quote(parameter), 80) if parameter else None
    return BadRequestError(message, hint=_hint(status, complaint), parameter=named)


def not_an_api(service: Service) -> BadRequestError:
    """The error for a page with status 200 where a reply should be."""
    return BadRequestError(f"{service.name} does not answer as an OpenAI-compatible API", hint=_CHECK_URL)


def finish_fault(finish_reason: str | None) -> ReplyError | None:
    """The error that a reply's end stands for; None if it ended as it should."""
    if finish_reason == "length":
        return TruncatedError("the model's reply was cut off at the output limit")
    if finish_reason == "content_filter":
        return RefusedError("the service's content filter stopped the model's reply")
    return None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, 0 or more, that the service asks to wait; None if it does not say, or not readably."""
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers[name]) / unit
        except (KeyError, ValueError):
            continue
        return max(0.0, seconds) if math.isfinite(seconds) else None
    try:
        until = parsedate_to_datetime(headers["retry-after"]).timestamp()
    except (KeyError, ValueError, OverflowError, OSError):
        return None
    try:
        # The service's own clock, where it tells it: ours may be wrong.
        now = parsedate_to_datetime(headers["date"]).timestamp()
    except (KeyError, ValueError, OverflowError, OSError):
        now = time.time()
    return max(0.0, until - now)


def parameter_in(complaint: Complaint) -> str | None:
    """The request's field that `complaint` names, or None."""
    if complaint.param:
        return complaint.param
    if match := _FIELDS.search(complaint.text):
        return match.lastgroup
    return "response_format" if _FORMAT_WORDS.search(complaint.text) else None


def _is_quota(complaint: Complaint) -> bool:
    if complaint.code in _QUOTA_CODES:
        return True
    # A code of its own (rate_limit_exceeded, 429) beats the words: some say "billing" in any rate limit.
    return not complaint.code and bool(_QUOTA_WORDS.search(complaint.text))


def _is_unknown_model(status: int, complaint: Complaint, service: Service) -> bool:
    if complaint.code in _MODEL_CODES:
        return True
    named = bool(_NO_SUCH_MODEL.search(complaint.text)) or (service.model or "\0") in complaint.text
    return (status == 404 and named) or (status in {400, 422} and complaint.param == "model" and named)


def _key_fault(message: str, service: Service) -> GraderError:
    if not service.has_key:
        return MissingKeyError(message, hint="The service wants a key: set OPENAI_API_KEY.")
    return KeyRejectedError(message, hint="Check the key, and that it may use this service and model.")


def _hint(status: int, complaint: Complaint) -> str | None:
    if status in {404, 405}:
        return _CHECK_URL
    if _CONTEXT.search(complaint.text):
        return "The request is longer than the model's context: give the server or the model a longer one."
    return None
