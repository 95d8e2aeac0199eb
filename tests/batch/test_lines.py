"""A line is a task or says why not; what goes out for it is the contract."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.batch.lines import Job, failed_line, graded_line, job_of
from interviewer.errors import ServiceDownError
from tests.support.builders import bank, grade, question, rubric

BANK = bank(question("kv-cache"), rubrics=(rubric("other"), rubric("technical")))


def job(**line: Any) -> Job:
    return job_of(json.dumps({"id": "1", "answer": "An answer.", **line}), BANK)


def test_a_question_of_the_bank_is_graded_by_its_criteria_and_rubric() -> None:
    task = job(question_id="kv-cache").task

    assert task is not None
    assert (task.question, task.rubric.id) == (question("kv-cache"), "technical")


def test_a_question_of_its_own_is_graded_by_its_own_criteria() -> None:
    criteria = [{"id": "a", "requirement": "says a", "weight": 2}, {"id": "b", "requirement": "says b"}]

    task = job(question="Why?", criteria=criteria).task

    assert task is not None
    assert [(c.id, c.weight) for c in task.criteria] == [("a", 2), ("b", 1)]
    assert task.rubric.id == "technical"


@pytest.mark.parametrize("reference", ["because of heat", ["because of heat", "due to warmth"]])
def test_a_reference_answer_becomes_one_criterion(reference: object) -> None:
    task = job(question="Why?", reference=reference).task

    assert task is not None
    assert [c.id for c in task.criteria] == ["reference"]
    assert "because of heat" in task.criteria[0].requirement


def test_human_scores_and_other_keys_are_left_alone() -> None:
    assert job(question_id="kv-cache", human_score=0.5, human_verdicts={"a": "met"}).error is None


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("nope", "invalid_line", "not JSON"),
        ("[1]", "invalid_line", "no JSON object"),
        ('{"question_id": "kv-cache", "answer": "x"}', "invalid_line", "id"),
        ('{"id": "1", "question_id": "kv-cache"}', "invalid_line", "answer"),
        ('{"id": "1", "answer": "x"}', "invalid_line", "neither question_id nor question"),
        ('{"id": "1", "question": "Why?", "answer": "x"}', "invalid_line", "criteria or a reference"),
        ('{"id": "1", "question_id": "kv-cahce", "answer": "x"}', "unknown_question", "'kv-cache'"),
        (
            '{"id": "1", "question": "Q?", "criteria": [{"id": "a", "requirement": " "}], "answer": "x"}',
            "invalid_line",
            "requirement",
        ),
    ],
)
def test_a_line_that_cannot_be_graded_says_why(line: str, code: str, told: str) -> None:
    error = job_of(line, BANK).error

    assert error is not None
    assert error.code == code
    assert told in error.message


@given(st.text(max_size=200))
def test_any_line_is_a_job_with_a_task_or_an_error(text: str) -> None:
    found = job_of(text, BANK)

    assert (found.task is None) == (found.error is not None)


def test_a_graded_line_holds_what_the_contract_names() -> None:
    line = json.loads(graded_line(job(question_id="kv-cache"), grade()))

    assert set(line) >= {
        "id", "question_id", "score", "band", "criteria", "misconceptions", "delivery", "feedback",
        "follow_up", "flags", "grader", "usage", "latency_ms",
    }  # fmt: skip
    assert set(line["criteria"][0]) >= {"id", "verdict", "evidence", "reason", "credit"}
    assert set(line["grader"]) >= {"kind", "model", "prompt_version"}


def test_reference_answers_reach_the_grader_one_by_one() -> None:
    line = '{"id": "1", "question": "Why?", "reference": ["It waits.", "It is busy."], "answer": "It waits."}'
    task = job_of(line, BANK).task

    assert task is not None
    assert task.question.criteria[0].references == ("It waits.", "It is busy.")


def test_a_failed_line_holds_code_and_message() -> None:
    line = json.loads(failed_line(job(question_id="kv-cache"), ServiceDownError("no route")))

    assert line == {"id": "1", "error": {"code": "service_down", "message": "no route"}}


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_what_goes_out_is_one_line_of_ascii(text: str) -> None:
    line = graded_line(Job(id=text), grade(feedback=text))

    assert line.isascii()
    assert "\n" not in line
    assert json.loads(line)["feedback"] == text
