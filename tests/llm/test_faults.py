"""A service's errors in the words of our tree: what they are, what they hint at, what they hide."""

from __future__ import annotations

from email.utils import formatdate
from typing import Any

import pytest
import respx
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import (
    BadRequestError,
    GraderError,
    KeyRejectedError,
    MalformedReplyError,
    MissingKeyError,
    QuotaExceededError,
    RateLimitedError,
    RefusedError,
    ServiceDownError,
    TransientServiceError,
    UnknownModelError,
)
from interviewer.llm.faults import Service, fault_of_event, fault_of_status, retry_after
from tests.llm.asking import KEY, a_wire, send

URL = "http://service.test/v1"
SERVICE = Service(name=URL, model="m1", has_key=True, secrets=(KEY,))
GEMINI_RATE = [
    {
        "error": {
            "code": 429,
            "message": "You exceeded your current quota, please check your plan and billing details.",
            "status": "RESOURCE_EXHAUSTED",
        }
    }
]


def error(message: str, **more: object) -> dict[str, Any]:
    return {"error": {"message": message} | more}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, error("Incorrect API key provided"), KeyRejectedError),
        (403, error("not allowed"), KeyRejectedError),
        (402, error("Insufficient Balance"), QuotaExceededError),
        (404, error("The model `m1` does not exist", code="model_not_found"), UnknownModelError),
        (403, error("Project has no access", code="model_not_found"), UnknownModelError),
        (404, error('model "m1" not found, try pulling it first'), UnknownModelError),
        (404, error("The API deployment does not exist", code="DeploymentNotFound"), UnknownModelError),
        (400, error("m1 is not a valid model ID", param="model"), UnknownModelError),
        (404, "<html>Not Found</html>", BadRequestError),
        (404, {"detail": "Not Found"}, BadRequestError),
        (405, {"detail": "Method Not Allowed"}, BadRequestError),
        (429, error("You exceeded your current quota", code="insufficient_quota"), QuotaExceededError),
        (429, error("quota", type="insufficient_quota", code=None), QuotaExceededError),
        (429, error("Insufficient credits"), QuotaExceededError),
        (429, error("Rate limit reached", code="rate_limit_exceeded"), RateLimitedError),
        (429, GEMINI_RATE, RateLimitedError),
        (429, "", RateLimitedError),
        (400, error("bad"), BadRequestError),
        (413, "", BadRequestError),
        (422, {"detail": [{"loc": ["body", "x"], "msg": "no"}]}, BadRequestError),
        (400, error("filtered", code="content_filter"), RefusedError),
        (400, error("Failed to generate JSON", code="json_validate_failed"), MalformedReplyError),
        (408, "", ServiceDownError),
        (409, "", ServiceDownError),
        (500, error("The server had an error"), ServiceDownError),
        (502, "<html>Bad Gateway</html>", ServiceDownError),
        (503, error("overloaded"), ServiceDownError),
        (529, None, ServiceDownError),
    ],
)
def test_each_status_and_body_has_its_error(status: int, body: object, kind: type[GraderError]) -> None:
    with respx.mock:
        route = respx.post(f"{URL}/chat/completions")
        route.respond(status, **({"text": body} if isinstance(body, str) else {"json": body}))
        with pytest.raises(kind) as caught:
            send(a_wire(URL))

    assert type(caught.value) is kind
    assert URL in caught.value.message


@pytest.mark.parametrize(
    ("message", "more", "parameter"),
    [
        ("Invalid schema", {"param": "response_format"}, "response_format"),
        ("This response_format type is unavailable now", {}, "response_format"),
        ("'response_format.type' must be 'json_schema' or 'text'", {}, "response_format"),
        ("This model does not support response format `json_schema`.", {}, "response_format"),
        ("value as json_schema is enabled only for api versions 2024-08-01-preview", {}, "response_format"),
        ("Failed to parse grammar", {}, "response_format"),
        ("tools param requires --jinja flag", {}, "tools"),
        ("m does not support this tool_choice", {}, "tool_choice"),
        ('"auto" tool choice requires --enable-auto-tool-choice', {}, "tool_choice"),
        ("'max_tokens' is not supported. Use 'max_completion_tokens' instead.", {}, "max_tokens"),
        ("Unrecognized request argument supplied: max_completion_tokens", {}, "max_completion_tokens"),
        ("Unsupported value: 'temperature' does not support 0 with this model", {}, "temperature"),
        ("Unknown parameter: 'stream_options'", {}, "stream_options"),
        ("Please shorten your messages", {}, None),
    ],
)
def test_a_bad_request_names_the_parameter(message: str, more: dict[str, Any], parameter: str | None) -> None:
    fault = fault_of_status(400, error(message, **more), {}, SERVICE)

    assert isinstance(fault, BadRequestError)
    assert fault.parameter == parameter


def test_a_500_that_names_the_format_is_a_bad_request() -> None:
    said = (
        "[{'loc': ('body', 'response_format', 'type'), 'msg': \"Input should be 'text' or 'json_object'\"}]"
    )
    fault = fault_of_status(500, error(said, type="internal_server_error"), {}, SERVICE)

    assert isinstance(fault, BadRequestError)
    assert fault.parameter == "response_format"


def test_what_a_router_passes_on_from_behind_it_is_read() -> None:
    raw = '{"error": {"message": "response_format is not supported"}}'
    fault = fault_of_status(400, error("Provider returned error", metadata={"raw": raw}), {}, SERVICE)

    assert isinstance(fault, BadRequestError)
    assert fault.parameter == "response_format"


def test_without_a_key_a_401_says_that_one_is_missing() -> None:
    keyless = Service(name=URL, model="m1", has_key=False)
    fault = fault_of_status(401, error("no key"), {}, keyless)

    assert isinstance(fault, MissingKeyError)
    assert "OPENAI_API_KEY" in (fault.hint or "")


def test_an_unknown_model_hints_how_to_see_the_models() -> None:
    fault = fault_of_status(404, error("The model `m1` does not exist"), {}, SERVICE)

    assert "interviewer doctor" in (fault.hint or "")


def test_a_404_that_names_no_model_hints_at_the_base_url() -> None:
    assert "/v1" in (fault_of_status(404, "<html>", {}, SERVICE).hint or "")


def test_a_request_over_the_context_hints_at_a_longer_one() -> None:
    fault = fault_of_status(400, error("Requested tokens exceed context window of 2048"), {}, SERVICE)

    assert "longer" in (fault.hint or "")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": formatdate(2030, usegmt=True), "date": formatdate(2000, usegmt=True)}, 30.0),
        ({"retry-after": formatdate(2000, usegmt=True), "date": formatdate(2030, usegmt=True)}, 0.0),
        ({"retry-after": formatdate(0, usegmt=True)}, 0.0),
        ({"retry-after": "Mon, 99 Foo 20x0 00:00:00 GMT"}, None),
    ],
)
def test_retry_after_is_read_in_all_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


@pytest.mark.parametrize("status", [429, 503, 500])
def test_the_wait_that_is_asked_for_is_handed_on(status: int) -> None:
    fault = fault_of_status(status, error("later"), {"retry-after": "3"}, SERVICE)

    assert isinstance(fault, TransientServiceError)
    assert fault.retry_after == 3


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (error("x", code=429), RateLimitedError),
        (error("x", type="rate_limit_error"), RateLimitedError),
        (error("x", code="insufficient_quota"), QuotaExceededError),
        (error("x", code=401), KeyRejectedError),
        (error("x", type="invalid_request_error"), BadRequestError),
        (error("x", code="content_filter"), RefusedError),
        (error("overloaded", type="server_error"), ServiceDownError),
        ("boom", ServiceDownError),
        (error("x", code=200), ServiceDownError),
        (error("x", code="9" * 5000), ServiceDownError),
    ],
)
def test_a_complaint_that_came_with_status_200_is_told_by_its_code(
    body: object, kind: type[GraderError]
) -> None:
    assert type(fault_of_event(body, SERVICE)) is kind


@given(st.integers(400, 599), st.text(), st.text())
def test_what_a_service_says_is_shown_short_and_safe(status: int, said: str, param: str) -> None:
    fault = fault_of_status(status, error(said * 50, param=param, code=said), {}, SERVICE)

    assert len(fault.message) < 400
    assert not [c for c in fault.message if ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 or c in "\u202e\x7f\x9b"]


BODIES = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["error", "message", "detail", "code", "type", "param", "metadata", "raw"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(st.integers(400, 599), BODIES)
def test_a_body_of_any_shape_has_an_error(status: int, body: object) -> None:
    assert isinstance(fault_of_status(status, body, {}, SERVICE), GraderError)
    assert isinstance(fault_of_event(body, SERVICE), GraderError)


def test_a_page_of_html_is_not_shown() -> None:
    assert "<" not in fault_of_status(502, "\n<html><b>x", {}, SERVICE).message
