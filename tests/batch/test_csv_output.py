"""A CSV file is whole whenever a run ends, and a rerun grades only what is missing."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest

from interviewer.batch.csv_output import CsvOutput
from interviewer.batch.lines import Job, LineError, failed_line, graded_line
from interviewer.batch.run import Result
from interviewer.errors import InvalidFileError, UsageError
from tests.support.builders import grade


def graded(id: str, question_id: str = "kv-cache") -> Result:
    job = Job(id=id, question_id=question_id)
    return Result(job, graded_line(job, grade()), ok=True)


def failed(id: str) -> Result:
    job = Job(id=id)
    return Result(job, failed_line(job, LineError("no", "no")), ok=False)


def run(path: Path, *results: Result, is_cut_off: bool = False) -> list[str | None]:
    """Write `results` as `grade` does; the ids that were not done before."""
    asked = []
    with CsvOutput(path) as out:
        for result in results:
            if out.done(result.job.id):
                out.put(Result(Job(id=result.job.id, done=True), None, ok=True))
            else:
                asked.append(result.job.id)
                out.put(result)
        if not is_cut_off:
            out.finish()
    return asked


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_run_leaves_one_file_in_order_for_its_owner_alone(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    run(out, graded("a"), failed("b"), graded("c"))

    assert [row["id"] for row in rows(out)] == ["a", "b", "c"]
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_rerun_asks_only_for_what_has_no_grade(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    run(out, graded("a"), failed("b"))
    before = rows(out)

    assert run(out, graded("a"), graded("b"), graded("c")) == ["b", "c"]
    assert [row["id"] for row in rows(out)] == ["a", "b", "c"]
    assert rows(out)[0] == before[0]


def test_a_run_that_is_interrupted_leaves_what_it_has(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    run(out, graded("a"), is_cut_off=True)
    assert [row["id"] for row in rows(out)] == ["a"]

    assert run(out, graded("a"), graded("b"), is_cut_off=True) == ["b"]
    assert sorted(row["id"] for row in rows(out)) == ["a", "b"]

    assert run(out, graded("a"), graded("b"), graded("c")) == ["c"]
    assert [row["id"] for row in rows(out)] == ["a", "b", "c"]


def test_an_interrupted_rerun_loses_nothing_of_the_file(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    run(out, graded("a"), graded("b"))
    run(out, graded("c"), is_cut_off=True)

    assert sorted(row["id"] for row in rows(out)) == ["a", "b", "c"]


def test_verdicts_move_into_one_cell_when_another_question_comes(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    run(out, graded("a"))
    assert any(name.startswith("verdict: ") for name in rows(out)[0])

    run(out, graded("a"), graded("b", "gpu-kernel"))
    assert rows(out)[0]["verdicts"] == rows(out)[1]["verdicts"] != ""


def test_a_table_of_something_else_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "answers.csv"
    out.write_text("id,answer\n1,x\n")

    with pytest.raises(InvalidFileError):
        run(out, graded("a"))
    assert out.read_text() == "id,answer\n1,x\n"
    assert [p.name for p in tmp_path.iterdir()] == ["answers.csv"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot write"):
        run(tmp_path / "nowhere" / "out.csv", graded("a"))


@pytest.mark.parametrize("content", [b"\xed\xa0\x80,b\n", b"\xff\xfeid\x00"])
def test_a_file_that_is_no_text_is_left_alone(tmp_path: Path, content: bytes) -> None:
    out = tmp_path / "out.csv"
    out.write_bytes(content)

    with pytest.raises(InvalidFileError, match="something else"):
        run(out, graded("a"))
    assert out.read_bytes() == content


def test_a_cell_that_is_larger_than_any_of_ours_is_told(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    run(out, graded("a"))
    with out.open("a", encoding="utf-8") as file:
        file.write('"' + "x" * 2_000_000 + '"\n')

    with pytest.raises(InvalidFileError, match="something else"):
        run(out, graded("a"))
