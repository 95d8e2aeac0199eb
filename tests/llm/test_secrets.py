"""A key is in no message, representation, log or cause, even if the service says it aloud."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import GraderError
from interviewer.llm.client import RetryPolicy
from interviewer.llm.faults import Service, fault_of_status
from tests.llm.asking import GOOD, KEY, a_client, a_wire, complete
from tests.support.server import (
    Answer,
    Received,
    ScriptedServer,
    completion,
    completion_body,
    failure,
    raw_sse,
)

Echo = Callable[[Received], Answer]


def echoes(make: Callable[[str], Answer]) -> Echo:
    """A service that says the key that it was sent."""
    return lambda received: make(received.headers["authorization"].removeprefix("Bearer "))


@pytest.mark.parametrize(
    "make",
    [
        lambda key: failure(401, f"Incorrect API key provided: {key}."),
        lambda key: failure(400, f"bad header {key}", param=key, code=key),
        lambda key: failure(500, key * 40),
        lambda key: failure(429, "x", metadata={"raw": key}),
        lambda key: Answer(status=403, body={"detail": [{"input": {"authorization": key}}]}),
        lambda key: Answer(status=503, body=key.encode(), headers={"content-type": "text/plain"}),
        lambda key: Answer(body={"error": {"message": key}}),
        lambda key: Answer(body=f"<p>{key}".encode(), headers={"content-type": "text/html"}),
        lambda key: completion(None, refusal=f"Your key is {key}"),
        lambda key: Answer(manner="resets"),
        lambda key: raw_sse(f'{{"error": {{"message": "{key}"}}}}'),
    ],
)
@pytest.mark.parametrize("is_streamed", [False, True])
def test_no_error_holds_the_key(
    make: Callable[[str], Answer], is_streamed: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    on_text = (lambda _: None) if is_streamed else None
    with ScriptedServer(behaviour=echoes(make)) as server:
        wire = a_wire(server.url)
        client = a_client(wire, policy=RetryPolicy(attempts=2))
        with pytest.raises(GraderError) as caught:
            complete(client, on_text=on_text)

    error: BaseException | None = caught.value
    chain = "".join(traceback.format_exception(caught.value))
    assert KEY not in chain
    while error is not None:
        assert KEY not in f"{error} {error!r} {error.args} {vars(error)}"
        error = error.__cause__ or error.__context__
    assert KEY not in caplog.text
    assert KEY not in f"{wire} {wire!r} {vars(wire)}"


def test_no_package_error_hangs_behind_ours() -> None:
    with ScriptedServer(failure(401, "no")) as server, pytest.raises(GraderError) as caught:
        complete(a_client(a_wire(server.url)))

    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_reply_that_goes_well_leaves_no_key_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with ScriptedServer(completion(GOOD)) as server:
        complete(a_client(a_wire(server.url)))

    assert KEY not in caplog.text
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_user_and_password_of_the_base_url_are_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with ScriptedServer(Answer(body=completion_body(GOOD))) as server:
        complete(a_client(a_wire(server.url.replace("//", "//me:s3cret-word@"), key=None)))

    assert "s3cret-word" not in caplog.text
    assert server.requests[0].headers["authorization"].startswith("Basic ")


@given(st.text(), st.text(), st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8))
def test_whatever_a_service_writes_around_the_key(before: str, after: str, key: str) -> None:
    service = Service(name="http://service.test", model="m", has_key=True, secrets=(key,))
    fault = fault_of_status(401, {"error": {"message": before + key + after}}, {}, service)

    assert key not in fault.message.removeprefix("http://service.test answered 401: ").replace("[key]", "")


@pytest.mark.parametrize("shown", ["sk-proj-ab************************wxyz", "sk-ant-1234567890"])
def test_what_looks_like_a_key_is_hidden_too(shown: str) -> None:
    service = Service(name="http://service.test", model="m", has_key=True, secrets=(KEY,))
    fault = fault_of_status(401, {"error": {"message": f"Incorrect API key: {shown}."}}, {}, service)

    assert shown[:10] not in fault.message


def test_a_placeholder_for_no_key_is_not_blotted_out_of_messages() -> None:
    service = Service(name="http://service.test", model="m", has_key=True, secrets=("none", ""))

    assert service.quote("none of these") == "none of these"
