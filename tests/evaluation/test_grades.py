"""Grades of earlier runs are read as `grade` wrote them, and belong to the labels with the same id."""

from __future__ import annotations

import json

import pytest

from interviewer.batch.lines import Job, graded_line
from interviewer.errors import InvalidFileError
from interviewer.evaluation.grades import grades_in, paired
from tests.evaluation.labelling import grade, grades_of, label, labels_of
from tests.support import builders


def test_a_line_that_grade_writes_is_read_back() -> None:
    line = graded_line(Job(id="a", question_id="latency"), builders.grade(score=62.5))

    found = grades_of(line)["a"]

    assert found.score == 62.5
    assert [one.verdict.value for one in found.criteria] == ["met", "partial"]
    assert found.grader is not None
    assert found.grader.told == "llm test-model (p1)"


def test_keys_of_other_versions_are_left_alone() -> None:
    assert grades_of(grade("a", 50, {"x": "met"}, flags=["a_new_flag"], new_key=1))["a"].flags == (
        "a_new_flag",
    )


def test_a_grade_stays_where_another_line_of_the_same_id_failed() -> None:
    assert grades_of(grade("a", 50), grade("a", None))["a"].score == 50
    assert grades_of(grade("a", None), grade("a", 50))["a"].score == 50


def test_an_answer_that_could_not_be_graded_has_no_grade() -> None:
    labels = labels_of(label("a", human_score=1), label("b", human_score=1), label("c", human_score=1))

    found = paired(labels, grades_of(grade("a", 50), grade("b", None), grade("stranger", 1)))

    assert [pair.score for pair in found] == [50, None, None]


@pytest.mark.parametrize("line", ["nope", "{}", '{"id": "a"}', '{"id": "a", "score": 101}', "[1]"])
def test_something_else_than_a_grade_is_told_by_its_line(line: str) -> None:
    with pytest.raises(InvalidFileError, match=r"graded.jsonl:2: .*interviewer grade"):
        grades_in([json.dumps({"id": "x", "score": 1}), line], file="graded.jsonl")
