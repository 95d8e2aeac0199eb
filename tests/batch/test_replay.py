"""Replies are looked up by what was asked; what cannot be had is said, and nothing is made up."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.batch.replay import BatchedGrader, Replies, custom_id
from interviewer.errors import BatchFailedError, GraderError, NotInBatchError, WaitsForBatchError
from interviewer.grading.llm import LlmGrader
from interviewer.grading.models import Grade, GradingTask
from interviewer.grading.prompt import grading_request
from interviewer.llm.faults import Service
from interviewer.llm.wire import ChatRequest
from interviewer.text import sentences
from tests.llm.asking import a_request
from tests.support.builders import task
from tests.support.server import completion_body

SERVICE = Service(name="s", model="m", has_key=True, secrets=("sk-secret-0123",))
TASK = task("Latency is the time for one request.")


def request_of(one: GradingTask) -> ChatRequest:
    return grading_request(one, tuple(sentences(one.answer)))


def replies_in(folder: Path, *lines: dict[str, Any] | str) -> Replies:
    path = folder / "replies"
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines) + "\n")
    return Replies([path])


def answered(id: str, text: str | None) -> dict[str, Any]:
    return {"custom_id": id, "response": {"status_code": 200, "body": completion_body(text)}, "error": None}


def grade(replies: Replies, one: GradingTask = TASK, **how: Any) -> Grade:
    grader = BatchedGrader(
        lambda client: LlmGrader(client, model="m", clock=lambda: 0.0), replies, SERVICE, **how
    )
    with replies:
        return asyncio.run(grader.grade(one))


def everything(verdict: str) -> str:
    """A reply with that verdict on all criteria, and no quote."""
    criteria = [{"criterion_id": c.id, "evidence": [], "gap": "", "verdict": verdict} for c in TASK.criteria]
    return json.dumps({"criteria": criteria, "delivery": [], "feedback": "", "follow_up": ""})


def test_the_reply_to_the_same_request_is_the_grade(tmp_path: Path) -> None:
    replies = replies_in(
        tmp_path, answered("other", "{}"), answered(custom_id(request_of(TASK), 0), everything("missing"))
    )

    found = grade(replies)
    assert (found.score, found.usage.requests if found.usage else 0) == (0, 1)


def test_without_a_reply_there_is_no_grade(tmp_path: Path) -> None:
    with pytest.raises(NotInBatchError):
        grade(replies_in(tmp_path))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"response": None, "error": {"code": "batch_expired", "message": "not in time"}}, "not in time"),
        ({"response": {"status_code": 500, "body": {"error": {"message": "sorry"}}}}, "500: sorry"),
        (
            {"response": {"status_code": 401, "body": {"error": {"message": "bad sk-secret-0123"}}}},
            "bad \\[key",
        ),
        ({"response": {"status_code": 429, "body": {"error": {"code": "insufficient_quota"}}}}, "quota"),
        ({"response": {"status_code": 200, "body": "<html>"}}, "does not answer as"),
        ({"response": {"status_code": 200, "body": {"error": {"message": "odd"}}}}, "odd"),
        ({"response": "nonsense"}, "no reason"),
        ({}, "no reason"),
    ],
)
def test_what_failed_in_the_batch_says_so_for_that_answer_alone(
    tmp_path: Path, line: dict[str, Any], told: str
) -> None:
    id = custom_id(request_of(TASK), 0)

    with pytest.raises(BatchFailedError, match=told):
        grade(replies_in(tmp_path, {"custom_id": id, **line}))


def test_a_reply_counts_before_a_failure_of_the_same_request(tmp_path: Path) -> None:
    id = custom_id(request_of(TASK), 0)
    failed = {"custom_id": id, "response": None, "error": {"message": "not in time"}}

    assert grade(replies_in(tmp_path, failed, answered(id, everything("missing")))).score == 0


def test_lines_that_are_none_are_passed_over(tmp_path: Path) -> None:
    id = custom_id(request_of(TASK), 0)
    lines = ("nope", "[]", "", {"custom_id": 7}, answered(id, everything("missing")), '{"custom_id"')

    assert grade(replies_in(tmp_path, *lines)).score == 0


def test_a_reply_that_cannot_be_read_is_asked_for_once_more(tmp_path: Path) -> None:
    wanted: list[tuple[str, ChatRequest]] = []
    id = custom_id(request_of(TASK), 0)
    with pytest.raises(WaitsForBatchError):
        grade(replies_in(tmp_path, answered(id, "no JSON at all")), wanted=lambda *one: wanted.append(one))

    ((again, request),) = wanted
    assert request.spell_schema
    assert again == custom_id(request, 0) != id


def test_where_nothing_further_is_asked_a_reply_that_cannot_be_read_is_no_grade(tmp_path: Path) -> None:
    id = custom_id(request_of(TASK), 0)
    with pytest.raises(GraderError) as found:
        grade(replies_in(tmp_path, answered(id, "no JSON at all")))

    assert found.value.code == "malformed_reply"
    assert found.value.spent is not None
    assert found.value.spent.input_tokens == 100


def test_a_repair_that_failed_takes_nothing_from_the_first_reply(tmp_path: Path) -> None:
    wanted: list[tuple[str, ChatRequest]] = []
    first = answered(custom_id(request_of(TASK), 0), everything("met"))
    with pytest.raises(WaitsForBatchError):
        grade(replies_in(tmp_path, first), wanted=lambda *one: wanted.append(one))
    failed = {"custom_id": wanted[0][0], "response": None, "error": {"message": "not in time"}}

    found = grade(replies_in(tmp_path, first, failed))
    assert {"repaired", "unverified"} <= set(found.flags)


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=40), st.integers(0, 3))
def test_an_id_tells_requests_apart_and_fits_the_api(answer: str, occurrence: int) -> None:
    id = custom_id(a_request(answer), occurrence)

    assert id == custom_id(a_request(answer), occurrence)
    assert id not in {
        custom_id(a_request(answer), occurrence + 1),
        custom_id(a_request(answer + "."), occurrence),
    }
    assert len(id) <= 64
    assert id.isalnum()
