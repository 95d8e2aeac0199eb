"""A graded line is a row that no spreadsheet computes, and comes back as far as a rerun needs."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.batch.csv_rows import Shape, head, is_ours, lines_of, row_of, shape_of
from interviewer.batch.lines import Job, failed_line, graded_line
from interviewer.errors import ServiceDownError
from interviewer.text import printable, unguarded
from tests.support.builders import grade


def line(id: str = "1", question_id: str | None = "kv-cache", **changes: object) -> dict[str, Any]:
    """A graded line; `changes` of its grade."""
    return dict(json.loads(graded_line(Job(id=id, question_id=question_id), grade(**changes))))


def failed(id: str = "1") -> dict[str, Any]:
    return dict(json.loads(failed_line(Job(id=id), ServiceDownError("no route"))))


def written(*lines: dict[str, Any]) -> str:
    shape = shape_of(lines)
    return head(shape) + "".join(row_of(one, shape) for one in lines)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def criteria() -> list[str]:
    return [one["id"] for one in line()["criteria"]]


def test_answers_to_one_question_have_a_column_for_each_verdict() -> None:
    row = rows(written(line()))[0]

    assert {f"verdict: {one['id']}": one["verdict"] for one in line()["criteria"]}.items() <= row.items()


def test_answers_to_several_questions_have_their_verdicts_as_json() -> None:
    first, second = rows(written(line(), line("2", "gpu-kernel")))

    verdicts = {one["id"]: one["verdict"] for one in line()["criteria"]}
    assert json.loads(first["verdicts"]) == json.loads(second["verdicts"]) == verdicts


def test_a_row_tells_score_band_and_flags() -> None:
    one = line()
    row = rows(written(one))[0]

    assert (float(row["score"]), row["band"], row["flags"]) == (
        one["score"], one["band"], " ".join(one["flags"]),
    )  # fmt: skip


def test_a_line_that_was_not_graded_is_a_row_with_its_error() -> None:
    row = rows(written(line(), failed("2")))[1]

    assert (row["id"], row["score"], row["error"], row["message"]) == ("2", "", "service_down", "no route")


def test_a_calibrated_score_has_its_column() -> None:
    assert rows(written(line() | {"calibrated_score": 61.5}))[0]["calibrated_score"] == "61.5"
    assert "calibrated_score" not in rows(written(line()))[0]


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=40))
def test_no_cell_is_computed_by_a_spreadsheet(text: str) -> None:
    for row in rows(written(line(text, question_id=text, feedback=text), failed(text))):
        assert not any(cell.startswith(tuple("=+-@\t\r\n")) for cell in row.values())


@given(
    st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20),
    st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=20),
)
def test_a_row_that_is_read_and_written_again_is_the_same(id: str, feedback: str) -> None:
    text = written(line(id, feedback=feedback), line("2"))

    assert written(*lines_of(io.StringIO(text, newline=""))) == text


def test_rows_change_their_shape_with_the_lines_beside_them() -> None:
    (earlier,) = lines_of(io.StringIO(written(line()), newline=""))
    both = rows(written(earlier, line("2", "gpu-kernel")))

    assert json.loads(both[0]["verdicts"]) == json.loads(both[1]["verdicts"])


def test_rows_without_a_grade_and_halves_of_rows_are_graded_again() -> None:
    whole = written(line(), failed("2"))
    half = written(line(), line("3"))
    half = half[: half.rindex('"","')]

    for text in (whole, half):
        assert [one["id"] for one in lines_of(io.StringIO(text, newline=""))] == ["1"]


def test_a_score_that_a_person_wrote_over_is_graded_again() -> None:
    text = written(line()).replace(str(line()["score"]), "good")

    assert list(lines_of(io.StringIO(text, newline=""))) == []


@pytest.mark.parametrize("shape", [Shape(), Shape(("a", "b")), Shape(is_calibrated=True)])
def test_a_file_of_another_kind_is_known_by_its_header(shape: Shape) -> None:
    assert is_ours(head(shape))
    assert not is_ours("id,question_id,answer\n")


@pytest.mark.parametrize("verdicts", ["[]", "1", "[" * 100_000])
def test_a_row_whose_verdicts_are_none_is_graded_again(verdicts: str) -> None:
    table = written(line(), line("2", "gpu-kernel"))
    changed = [row | {"verdicts": verdicts if row["id"] == "1" else row["verdicts"]} for row in rows(table)]
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(changed[0]))
    writer.writeheader()
    writer.writerows(changed)

    assert [one["id"] for one in lines_of(file.getvalue().splitlines(keepends=True))] == ["2"]


def test_nothing_in_a_row_is_obeyed_but_an_id_is_kept_to_the_letter() -> None:
    hostile = "\x1b[2Jx\u202e\r"
    one = line(hostile, feedback=hostile)
    row = rows(written(one))[0]

    assert row["feedback"] == printable(hostile)
    assert unguarded(row["id"]) == hostile


def test_an_id_that_is_shown_is_not_obeyed() -> None:
    one = line("\x1b[2Jx\u202e\r")

    assert (
        rows(head(shape_of([one])) + row_of(one, shape_of([one]), is_shown=True))[0]["id"] == "␛[2Jx⟨U+202E⟩␍"
    )
