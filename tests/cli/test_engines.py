"""`grade --engine`: what does not go together is told before anything is read or started."""

from __future__ import annotations

import pytest

from tests.support.program import Program


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--workers", "2"), "belong to --engine ray"),
        (("--ray-address", "auto"), "belong to --engine ray"),
        (("--engine", "ray", "--grader", "fake"), "--grader local"),
        (("--engine", "ray", "--base-url", "http://127.0.0.1:9/v1", "--model", "m"), "--grader local"),
        (("--engine", "ray", "--concurrency", "4"), "--workers"),
        (("--engine", "ray", "--ray-address", "ray://head:10001"), "Ray Client"),
    ],
)
def test_what_does_not_go_together_is_told(program: Program, arguments: tuple[str, ...], told: str) -> None:
    outcome = program("grade", "-", *arguments, stdin="nope\n")

    assert (outcome.code, outcome.out) == (2, "")
    assert told in " ".join(outcome.err.split())


def test_earlier_interviews_are_graded_in_this_process(program: Program) -> None:
    outcome = program("grade", "--pending", "--engine", "ray")

    assert outcome.code == 2
    assert "belong to a file" in outcome.err


def test_this_process_is_the_engine_unless_told_otherwise(program: Program) -> None:
    line = '{"id": "1", "question_id": "kv-cache", "answer": "Keys and values are kept."}\n'

    asked = program("grade", "-", "--engine", "local", "--grader", "fake", stdin=line)

    assert asked.code == 0
    assert len(asked.out.splitlines()) == 1
