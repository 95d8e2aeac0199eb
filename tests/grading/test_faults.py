"""Whatever a service does, a grade or a clear error comes of it, after a bounded number of requests.

Real sockets, the whole path from the grader down; only the waits between tries are taken out.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from interviewer.errors import GraderError
from interviewer.grading.llm import LlmGrader
from interviewer.grading.models import Grade
from interviewer.llm.client import ChatClient, RetryPolicy
from interviewer.llm.openai_wire import OpenAIWire
from tests.support.builders import task
from tests.support.server import Answer, ScriptedServer, completion, completion_body, failure

QUOTES = {
    "one-request": "the time that one request takes",
    "many-requests": "how many requests finish per second",
}


def said(*ids: str, verdict: str = "met") -> str:
    criteria = [
        {"criterion_id": id, "evidence": [{"quote": QUOTES[id], "s": "s1"}], "gap": "", "verdict": verdict}
        for id in ids
    ]
    return json.dumps({"criteria": criteria, "delivery": [], "feedback": "Good.", "follow_up": ""})


GOOD = said("one-request", "many-requests")


class Outcome:
    """What came of one answer at a service that gives `answers`, the last of them for ever."""

    def __init__(self, *answers: Answer) -> None:
        left = list(answers)

        def behaviour(received: Any) -> Answer:
            return left.pop(0) if len(left) > 1 else left[0]

        with ScriptedServer(behaviour=behaviour) as server:
            self.grade, self.error = asyncio.run(_graded(server.url))
            self.requests = len(server.requests)


async def _graded(url: str) -> tuple[Grade | None, GraderError | None]:
    async def no_wait(seconds: float) -> None:
        return None

    wire = OpenAIWire(base_url=url, api_key="sk-test", model="m", api_version=None)
    client = ChatClient(wire, None, RetryPolicy(deadline=20), sleep=no_wait)
    grader = LlmGrader(client, model="m", clock=lambda: 0.0)
    try:
        return await grader.grade(task()), None
    except GraderError as error:
        return None, error
    finally:
        await grader.aclose()


RATE = failure(429, "Rate limit reached", type="requests", code="rate_limit_exceeded")
NO_USAGE = Answer(body={k: v for k, v in completion_body(GOOD).items() if k != "usage"})


@pytest.mark.parametrize(
    ("answers", "requests"),
    [
        pytest.param((completion(GOOD),), 1, id="a plain reply"),
        pytest.param((failure(408, "timeout"), completion(GOOD)), 2, id="408"),
        pytest.param((failure(409, "conflict"), completion(GOOD)), 2, id="409"),
        pytest.param((RATE, completion(GOOD)), 2, id="429"),
        pytest.param(
            (failure(429, "slow down", headers={"retry-after": "1"}), completion(GOOD)), 2, id="429, wait"
        ),
        pytest.param((failure(500, "oops"), completion(GOOD)), 2, id="500"),
        pytest.param((failure(503, "overloaded"), RATE, completion(GOOD)), 3, id="503, then 429"),
        pytest.param((Answer(manner="resets"), completion(GOOD)), 2, id="reset"),
        pytest.param((completion(f"```json\n{GOOD}\n```"),), 1, id="fenced JSON"),
        pytest.param((completion(f"{GOOD}\n\nI hope this helps!"),), 1, id="text behind"),
        pytest.param((completion(f"<think>hm, {{}}</think>{GOOD}"),), 1, id="thoughts before"),
        pytest.param((NO_USAGE,), 1, id="no usage"),
        pytest.param((completion(None), completion(GOOD)), 2, id="no content"),
        pytest.param((Answer(body={"choices": []}), completion(GOOD)), 2, id="no choices"),
        pytest.param((completion("fine"), completion(GOOD)), 2, id="prose"),
        pytest.param((completion(GOOD[:60], finish_reason="length"), completion(GOOD)), 2, id="cut off"),
        pytest.param((completion(said("one-request")), completion(GOOD)), 2, id="a criterion left out"),
        pytest.param(
            (completion(said("one-request", "one-request", "many-requests")),), 1, id="the same verdict twice"
        ),
        pytest.param(
            (completion(said("one-request", "many-requests", verdict="great")), completion(GOOD)),
            2,
            id="a verdict of its own",
        ),
    ],
)
def test_a_passing_fault_ends_in_the_grade(answers: tuple[Answer, ...], requests: int) -> None:
    outcome = Outcome(*answers)

    assert outcome.grade is not None, outcome.error
    assert outcome.grade.score == 100
    assert outcome.requests == requests


@pytest.mark.parametrize(
    ("answer", "code", "requests"),
    [
        pytest.param(RATE, "rate_limited", 4, id="429"),
        pytest.param(failure(500, "oops"), "service_down", 4, id="500"),
        pytest.param(Answer(manner="resets"), "service_down", 4, id="reset"),
        pytest.param(
            failure(429, "You exceeded your current quota", code="insufficient_quota"),
            "quota_exceeded",
            1,
            id="quota",
        ),
        pytest.param(failure(401, "Incorrect API key", code="invalid_api_key"), "key_rejected", 1, id="401"),
        pytest.param(failure(403, "not allowed"), "key_rejected", 1, id="403"),
        pytest.param(
            failure(404, "The model `m` does not exist", code="model_not_found"), "unknown_model", 1, id="404"
        ),
        pytest.param(failure(400, "context length exceeded"), "bad_request", 1, id="400"),
        pytest.param(completion("", finish_reason="content_filter"), "refused", 1, id="content filter"),
        pytest.param(completion(None, refusal="I cannot do that."), "refused", 1, id="refusal"),
        pytest.param(completion("fine"), "malformed_reply", 2, id="prose"),
        pytest.param(completion('{"criteria": 3}'), "malformed_reply", 2, id="another shape"),
        pytest.param(completion(GOOD[:60], finish_reason="length"), "truncated", 2, id="cut off"),
        pytest.param(Answer(body=b"<html>login</html>"), "service_down", 4, id="HTML with 200"),
    ],
)
def test_a_lasting_fault_ends_in_a_clear_error_and_no_score(answer: Answer, code: str, requests: int) -> None:
    outcome = Outcome(answer)

    assert outcome.error is not None
    assert (outcome.error.code, outcome.requests) == (code, requests)
    assert outcome.error.message


def test_a_service_that_takes_schemas_and_ignores_them_is_told_the_schema_in_the_prompt() -> None:
    def ollama_cloud(received: Any) -> Answer:
        is_told = "JSON Schema" in received.body["messages"][0]["content"]
        return completion(GOOD if is_told else '{"verdict": "the answer is good"}')

    with ScriptedServer(behaviour=ollama_cloud) as server:
        grade, error = asyncio.run(_graded(server.url))

    assert error is None
    assert grade is not None
    assert (grade.score, len(server.requests)) == (100, 2)
