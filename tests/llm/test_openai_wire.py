"""What goes over the wire to a service, and what is made of its reply."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import respx
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import (
    BadRequestError,
    GraderError,
    KeyRejectedError,
    MalformedReplyError,
    QuotaExceededError,
    RefusedError,
    ServiceDownError,
    TruncatedError,
    UsageError,
)
from interviewer.llm.wire import ChatReply, Dialect, Message, Rung
from tests.llm.asking import GOOD, KEY, SCHEMA, a_request, a_wire, send
from tests.support.server import completion_body

URL = "http://service.test/v1"


@pytest.fixture
def service() -> Iterator[respx.Route]:
    """A service at URL that replies with GOOD unless a test says otherwise."""
    with respx.mock:
        route = respx.post(f"{URL}/chat/completions")
        route.respond(json=completion_body(GOOD))
        yield route


def sent(route: respx.Route) -> Any:
    """The body of the one request that was sent."""
    assert route.call_count == 1
    return json.loads(route.calls.last.request.content)


def body_for(route: respx.Route, rung: Rung) -> Any:
    send(a_wire(URL), dialect=Dialect(rung=rung))
    return sent(route)


def test_the_request_names_the_model_and_carries_messages_cap_and_temperature(service: respx.Route) -> None:
    send(a_wire(URL, model="m7"), a_request("Hello."))

    body = sent(service)
    assert body["model"] == "m7"
    assert body["messages"] == [
        {"role": "system", "content": "Judge."},
        {"role": "user", "content": "Hello."},
    ]
    assert (body["max_tokens"], body["temperature"]) == (300, 0)
    assert "stream" not in body


def test_the_key_goes_as_a_bearer_token(service: respx.Route) -> None:
    send(a_wire(URL, key=f" {KEY}\n"))

    assert service.calls.last.request.headers["authorization"] == f"Bearer {KEY}"


def test_a_server_without_keys_is_asked_without_one(service: respx.Route) -> None:
    send(a_wire(URL, key=None))

    assert service.calls.last.request.headers["authorization"] == "Bearer none"


def test_no_key_of_the_environment_goes_to_a_service_it_was_not_configured_for(
    service: respx.Route, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    send(a_wire(URL, key=None))

    assert KEY not in str(service.calls.last.request.headers.raw)


@pytest.mark.parametrize("key", ["sk one", "sk-ключ", "sk-a\x00b", "sk-a\nHost: evil"])
def test_a_key_that_cannot_be_a_header_is_rejected_before_anything_is_sent(key: str) -> None:
    with pytest.raises(KeyRejectedError) as caught:
        send(a_wire(URL, key=key))

    assert key not in str(caught.value)


def test_strict_schema_asks_for_a_strict_json_schema(service: respx.Route) -> None:
    assert body_for(service, Rung.STRICT_SCHEMA)["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "grade", "schema": SCHEMA, "strict": True},
    }


def test_strict_schema_leaves_out_bounds_that_strict_services_may_refuse(service: respx.Route) -> None:
    bounded = {
        "type": "object",
        "properties": {"list": {"type": "array", "items": {"type": "string", "maxLength": 9}, "maxItems": 3}},
    }
    send(a_wire(URL), a_request().model_copy(update={"reply_schema": bounded}))
    schema = sent(service)["response_format"]["json_schema"]["schema"]

    assert schema["properties"]["list"] == {"type": "array", "items": {"type": "string"}}


def test_schema_asks_without_strict(service: respx.Route) -> None:
    assert body_for(service, Rung.SCHEMA)["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "grade", "schema": SCHEMA},
    }


def test_tool_offers_one_tool_that_must_be_called(service: respx.Route) -> None:
    body = body_for(service, Rung.TOOL)

    assert body["tools"] == [{"type": "function", "function": {"name": "grade", "parameters": SCHEMA}}]
    assert body["tool_choice"] == "required"
    assert "response_format" not in body


def test_json_object_schema_puts_the_schema_beside_the_type(service: respx.Route) -> None:
    body = body_for(service, Rung.JSON_OBJECT_SCHEMA)

    assert body["response_format"] == {"type": "json_object", "schema": SCHEMA}


def test_json_object_leaves_the_schema_to_the_prompt(service: respx.Route) -> None:
    assert body_for(service, Rung.JSON_OBJECT)["response_format"] == {"type": "json_object"}


def test_prompt_asks_in_words_alone(service: respx.Route) -> None:
    assert not {"response_format", "tools", "tool_choice"} & set(body_for(service, Rung.PROMPT))


@pytest.mark.parametrize("rung", [Rung.JSON_OBJECT_SCHEMA, Rung.JSON_OBJECT, Rung.PROMPT])
def test_where_the_prompt_must_tell_the_schema_the_system_part_does(service: respx.Route, rung: Rung) -> None:
    system, user = body_for(service, rung)["messages"]

    assert system["content"].startswith("Judge.\n\n")
    assert json.loads(system["content"].splitlines()[-1]) == SCHEMA
    assert user["content"] == "It takes time."


def test_a_request_without_a_system_part_gets_one_for_the_schema(service: respx.Route) -> None:
    request = a_request().model_copy(update={"messages": (Message(role="user", content="Hi"),)})
    send(a_wire(URL), request, Dialect(rung=Rung.PROMPT))

    assert [m["role"] for m in sent(service)["messages"]] == ["system", "user"]


def test_the_dialect_names_the_output_cap(service: respx.Route) -> None:
    send(a_wire(URL), dialect=Dialect(token_field="max_completion_tokens"))

    body = sent(service)
    assert body["max_completion_tokens"] == 300
    assert "max_tokens" not in body


@pytest.mark.parametrize(("sampling", "temperature"), [(False, 0.0), (True, None)])
def test_temperature_is_left_out_where_the_service_or_the_caller_wants_none(
    service: respx.Route, sampling: bool, temperature: float | None
) -> None:
    send(a_wire(URL), a_request(temperature=temperature), Dialect(sampling=sampling))

    assert "temperature" not in sent(service)


@given(st.text(st.characters(), max_size=40))
def test_any_answer_can_be_sent(text: str) -> None:
    with respx.mock:
        route = respx.post(f"{URL}/chat/completions").respond(json=completion_body(GOOD))
        send(a_wire(URL), a_request(text))

        assert len(sent(route)["messages"][1]["content"]) == len(text)


def test_a_lone_surrogate_arrives_as_a_replacement_character(service: respx.Route) -> None:
    send(a_wire(URL), a_request("a\ud800b"))

    assert sent(service)["messages"][1]["content"] == "a\ufffdb"


def test_the_reply_has_text_model_and_usage(service: respx.Route) -> None:
    reply = send(a_wire(URL))

    assert (reply.text, reply.model, reply.finish_reason) == (GOOD, "served-model", "stop")
    usage = reply.usage
    assert (usage.requests, usage.input_tokens, usage.cached_tokens, usage.output_tokens) == (1, 100, 64, 20)


@pytest.mark.parametrize(
    "usage", [None, {}, {"prompt_tokens": "7", "completion_tokens": True}, [], {"prompt_tokens": -1}]
)
def test_usage_that_is_absent_or_nonsense_is_unknown(service: respx.Route, usage: object) -> None:
    service.respond(json=completion_body(GOOD) | {"usage": usage})

    assert send(a_wire(URL)).usage.input_tokens is None


@pytest.mark.parametrize("arguments", [GOOD, {"verdict": "met"}])
def test_the_arguments_of_the_called_tool_are_the_reply(service: respx.Route, arguments: object) -> None:
    call = {"id": "t", "type": "function", "function": {"name": "grade", "arguments": arguments}}
    service.respond(json=completion_body(None, finish_reason="tool_calls", tool_calls=[call]))

    assert send(a_wire(URL), dialect=Dialect(rung=Rung.TOOL)).text == GOOD


def test_a_model_that_talks_instead_of_calling_the_tool_is_heard(service: respx.Route) -> None:
    assert send(a_wire(URL), dialect=Dialect(rung=Rung.TOOL)).text == GOOD


def test_content_in_parts_is_put_together_without_the_thinking(service: respx.Route) -> None:
    parts = [{"type": "thinking", "thinking": []}, {"type": "text", "text": GOOD[:5]}, {"text": GOOD[5:]}]
    service.respond(json=completion_body(None, content=parts))

    assert send(a_wire(URL)).text == GOOD


def test_json_under_another_content_type_is_read(service: respx.Route) -> None:
    service.respond(content=json.dumps(completion_body(GOOD)), content_type="text/plain")

    assert send(a_wire(URL)).text == GOOD


def test_a_model_name_from_the_service_is_made_safe_to_show(service: respx.Route) -> None:
    service.respond(json=completion_body(GOOD) | {"model": "\x1b[2Jm\n" + "x" * 999})

    reply = send(a_wire(URL))
    assert reply.model.isprintable()
    assert len(reply.model) <= 200


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (completion_body(GOOD, finish_reason="length"), TruncatedError),
        (completion_body(None, finish_reason="content_filter"), RefusedError),
        (completion_body(None, refusal="I can't help with that."), RefusedError),
        (completion_body(None), MalformedReplyError),
        (completion_body(""), MalformedReplyError),
        (completion_body(GOOD) | {"choices": []}, MalformedReplyError),
        (completion_body(GOOD) | {"choices": [None]}, MalformedReplyError),
        (completion_body(GOOD) | {"choices": [{"message": "hello"}]}, MalformedReplyError),
        (completion_body(None, finish_reason="error"), ServiceDownError),
        (completion_body(GOOD) | {"choices": None}, BadRequestError),
        ([], BadRequestError),
        ({"ok": True}, BadRequestError),
        ({"error": {"code": 402, "message": "Insufficient credits"}}, QuotaExceededError),
    ],
)
def test_a_reply_that_cannot_be_a_grade_says_why(
    service: respx.Route, body: object, error: type[GraderError]
) -> None:
    service.respond(json=body)

    with pytest.raises(error):
        send(a_wire(URL))


def test_a_refusal_is_shown_on_one_safe_line(service: respx.Route) -> None:
    service.respond(json=completion_body(None, refusal="No.\n\x1b[31mNever."))

    with pytest.raises(RefusedError) as caught:
        send(a_wire(URL))
    assert caught.value.message.isprintable()


@pytest.mark.parametrize(
    ("content", "content_type"),
    [("<html>Welcome</html>", "text/html"), ("Ollama is running", "text/plain"), ("", "text/plain")],
)
def test_a_page_in_place_of_a_reply_points_to_the_base_url(
    service: respx.Route, content: str, content_type: str
) -> None:
    service.respond(content=content, content_type=content_type)

    with pytest.raises(BadRequestError, match="does not answer as an OpenAI-compatible API") as caught:
        send(a_wire(URL))
    assert "/v1" in (caught.value.hint or "")
    assert caught.value.parameter is None


def test_broken_json_may_be_better_at_another_try(service: respx.Route) -> None:
    service.respond(content='{"choices": [', content_type="application/json")

    with pytest.raises(ServiceDownError, match="not JSON"):
        send(a_wire(URL))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(
                    ["choices", "message", "content", "tool_calls", "function", "arguments", "usage", "error"]
                ),
                inner,
                max_size=3,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_shape_a_service_answers_in_gives_a_reply_or_an_error_of_ours(body: object) -> None:
    with respx.mock:
        respx.post(f"{URL}/chat/completions").respond(json=body)
        try:
            reply = send(a_wire(URL))
        except GraderError:
            return
    assert isinstance(reply, ChatReply)


def test_without_a_base_url_openai_is_asked() -> None:
    with respx.mock:
        route = respx.post("https://api.openai.com/v1/chat/completions").respond(json=completion_body(GOOD))
        send(a_wire(None, version="2024-10-21"))

        assert route.called
    assert a_wire(None).name == "https://api.openai.com/v1"


@pytest.mark.parametrize(
    ("url", "version", "asked"),
    [
        (
            "https://res.openai.azure.com",
            None,
            "https://res.openai.azure.com/openai/deployments/m1/chat/completions?api-version=2024-10-21",
        ),
        (
            "https://res.openai.azure.com/",
            "2025-01-01-preview",
            "https://res.openai.azure.com/openai/deployments/m1/chat/completions?api-version=2025-01-01-preview",
        ),
        (
            "https://gateway.test/openai?api-version=2025-04-01",
            None,
            "https://gateway.test/openai/deployments/m1/chat/completions?api-version=2025-04-01",
        ),
    ],
)
def test_azure_is_asked_by_deployment_version_and_api_key(url: str, version: str | None, asked: str) -> None:
    with respx.mock:
        route = respx.post(asked).respond(json=completion_body(GOOD))
        send(a_wire(url, version=version))

        assert route.calls.last.request.headers["api-key"] == KEY


def test_azures_newer_api_is_plain_openai() -> None:
    with respx.mock:
        url = "https://res.openai.azure.com/openai/v1"
        route = respx.post(f"{url}/chat/completions").respond(json=completion_body(GOOD))
        send(a_wire(url))

        assert route.called


def test_user_password_and_query_of_the_base_url_are_sent_but_not_shown() -> None:
    wire = a_wire("https://me:s3cret%21@Service.test:8443/v1/?token=hidden-token", key=None)
    with respx.mock:
        route = respx.post("https://service.test:8443/v1/chat/completions").respond(
            json=completion_body(GOOD)
        )
        send(wire)
        request = route.calls.last.request

    assert request.headers["authorization"].startswith("Basic ")
    assert request.url.params["token"] == "hidden-token"
    assert wire.name == "https://service.test:8443/v1"
    assert not {"s3cret", "hidden"} & set(repr(wire).replace("-", " ").split())


@pytest.mark.parametrize(
    "url", ["localhost:8080", "ftp://x/v1", "http://", "http://[::1", "http://x:port/v1"]
)
def test_a_base_url_that_is_no_http_address_is_a_usage_error(url: str) -> None:
    with pytest.raises(UsageError):
        a_wire(url)


def test_a_closed_wire_opens_anew(service: respx.Route) -> None:
    wire = a_wire(URL)
    send(wire)
    send(wire)

    assert service.call_count == 2


def test_a_connection_that_fails_names_the_service_and_the_cause() -> None:
    with respx.mock:
        respx.post(f"{URL}/chat/completions").mock(side_effect=httpx.ConnectError("Name not known"))
        with pytest.raises(
            ServiceDownError, match=r"no connection to http://service.test/v1: Name not known"
        ):
            send(a_wire(URL))


def test_a_time_out_is_the_services_fault() -> None:
    with respx.mock:
        respx.post(f"{URL}/chat/completions").mock(side_effect=httpx.ReadTimeout("slow"))
        with pytest.raises(ServiceDownError, match="in time"):
            send(a_wire(URL))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_one_send_is_one_request_whatever_comes_back(service: respx.Route, status: int) -> None:
    service.respond(status, json={"error": {"message": "no"}})

    with pytest.raises(GraderError):
        send(a_wire(URL))
    assert service.call_count == 1


def test_importing_the_wire_does_not_import_openai() -> None:
    code = (
        "import sys, interviewer.llm.openai_wire, interviewer.llm.faults; assert 'openai' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
