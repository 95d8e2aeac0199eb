"""What a service lists, asked over real sockets."""

from __future__ import annotations

import asyncio

import pytest

from interviewer.errors import BadRequestError, DeadlineError, KeyRejectedError, ServiceDownError
from interviewer.llm.probe import models_of
from tests.llm.asking import KEY, a_wire
from tests.support.server import Answer, ScriptedServer, failure, models


def listed(answer: Answer, timeout: float = 20) -> tuple[str, ...] | None:
    with ScriptedServer(answer) as server:
        return asyncio.run(models_of(a_wire(server.url), timeout=timeout))


def test_the_models_are_named_in_the_services_order() -> None:
    with ScriptedServer(models("b", "a")) as server:
        assert asyncio.run(models_of(a_wire(server.url), timeout=20)) == ("b", "a")

    (request,) = server.requests
    assert (request.method, request.path) == ("GET", "/v1/models")
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_a_bare_list_is_read_and_odd_entries_are_left_out() -> None:
    assert listed(Answer(body=[{"id": "a"}, {"id": 3}, "x", {}, {"id": "\x1b[2Jb"}])) == ("a", "␛[2Jb")


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_service_without_a_list_is_told_apart_from_an_empty_one(status: int) -> None:
    assert listed(failure(status, "no such page")) is None
    assert listed(models()) == ()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (failure(401, "no"), KeyRejectedError),
        (failure(503, "busy"), ServiceDownError),
        (Answer(body=b"<html>", headers={"content-type": "text/html"}), BadRequestError),
        (Answer(body={"data": "none"}), BadRequestError),
        (Answer(manner="resets"), ServiceDownError),
    ],
)
def test_what_goes_wrong_is_an_error_of_ours(answer: Answer, error: type[Exception]) -> None:
    with pytest.raises(error):
        listed(answer)


def test_a_silent_service_is_not_waited_for() -> None:
    with pytest.raises(DeadlineError):
        listed(Answer(manner="silent"), timeout=0.1)


def test_where_nobody_listens_the_service_is_down() -> None:
    with ScriptedServer() as server:
        url = server.url
    with pytest.raises(ServiceDownError, match="no connection"):
        asyncio.run(models_of(a_wire(url), timeout=20))
