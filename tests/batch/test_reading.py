"""Rows of CSV are the same jobs as lines of JSON; what is wrong with a row is one error."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.batch.lines import Job, job_of
from interviewer.batch.reading import columns_of, jobs_in, jobs_in_rows
from interviewer.errors import InvalidFileError, UsageError
from tests.support.builders import bank, question, rubric

BANK = bank(question("kv-cache"), rubrics=(rubric("technical"),))
NAMED = {"id": "student", "answer": "text"}


def jobs(text: str, columns: Mapping[str, str] | None = None) -> list[Job]:
    return list(jobs_in_rows(io.StringIO(text, newline=""), BANK, columns or {}, "in.csv"))


def test_a_row_is_the_job_that_a_line_of_json_is() -> None:
    (found,) = jobs('id,question_id,answer\r\n1,kv-cache,"It keeps, in short,\nwhat it knows."\r\n')
    line = {"id": "1", "question_id": "kv-cache", "answer": "It keeps, in short,\nwhat it knows."}

    assert found == job_of(json.dumps(line), BANK)


@given(st.text(max_size=60), st.text(min_size=1, max_size=20))
def test_any_answer_and_id_come_through(answer: str, id: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["id", "question_id", "answer"], [id, "kv-cache", answer]])
    (found,) = jobs(file.getvalue())

    assert found.task is not None
    assert (found.id, found.task.answer) == (id, answer)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_columns_have_names_and_marks_of_their_own(mark: str) -> None:
    rows = [["student", "note", "text", "question_id"], ["ann", "late", "It waits.", "kv-cache"]]
    (found,) = jobs("\n".join(mark.join(row) for row in rows), NAMED)

    assert found.task is not None
    assert (found.id, found.task.answer) == ("ann", "It waits.")


def test_a_row_brings_its_own_question() -> None:
    criteria = json.dumps([{"id": "a", "requirement": "says a"}]).replace('"', '""')
    first, second = jobs(
        f'id,question,criteria,reference,answer\n1,Why?,"{criteria}",,x\n2,Why?,,because of heat,x\n'
    )

    assert [c.id for c in first.task.criteria] == ["a"] if first.task else False
    assert [c.id for c in second.task.criteria] == ["reference"] if second.task else False


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("1,kv-cache,x,more", "more cells"),
        ("1,,x", "neither question_id nor question"),
        (",kv-cache,x", "id"),
        ("1,kv-cache", "answer"),
        ("1,nowhere,x", "no question"),
    ],
)
def test_a_row_that_cannot_be_graded_says_why_and_the_next_is_read(row: str, told: str) -> None:
    first, second = jobs(f"id,question_id,answer\n{row}\n2,kv-cache,x\n")

    assert first.error is not None
    assert told in first.error.message
    assert second.task is not None


def test_criteria_that_are_not_json_are_told() -> None:
    (found,) = jobs("id,question,criteria,answer\n1,Why?,nope,x\n")

    assert found.error is not None
    assert "not JSON" in found.error.message


def test_blank_rows_are_no_rows_and_a_byte_order_mark_no_name() -> None:
    assert len(jobs("\ufeffid,question_id,answer\n\n1,kv-cache,x\n\n")) == 1


def test_an_id_that_came_before_is_an_error() -> None:
    first, second = jobs("id,question_id,answer\n1,kv-cache,x\n1,kv-cache,y\n")

    assert first.error is None
    assert second.error is not None
    assert second.error.code == "double_id"


def test_the_same_holds_for_lines_of_json() -> None:
    line = '{"id": "1", "question_id": "kv-cache", "answer": "x"}\n'

    assert [job.error is None for job in jobs_in([line, "\n", line], BANK)] == [True, False]


@pytest.mark.parametrize("header", ["", "student,text,question_id", "id,answer", "name"])
def test_a_header_without_the_columns_is_told(header: str) -> None:
    with pytest.raises(InvalidFileError, match="columns are"):
        jobs(f"{header}\n1,2,3\n")


def test_a_column_that_was_named_and_is_not_there_is_told() -> None:
    with pytest.raises(InvalidFileError, match="model answer"):
        jobs("id,question_id,answer\n", {"reference": "model answer"})


def test_columns_are_named_by_field() -> None:
    assert columns_of("id=student, answer=the text") == {"id": "student", "answer": "the text"}
    assert columns_of(None) == {}


@pytest.mark.parametrize("text", ["id", "id=", "score=x", "id=a,,", "=a"])
def test_columns_that_say_nothing_are_refused(text: str) -> None:
    with pytest.raises(UsageError):
        columns_of(text)
