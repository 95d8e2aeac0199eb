"""A rerun keeps what is graded, in the order of the input, whatever was left behind."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from interviewer.batch.lines import Job
from interviewer.batch.output import Output
from interviewer.batch.run import Result
from interviewer.errors import InvalidFileError, UsageError


def line(id: str, score: float = 50) -> str:
    return json.dumps({"id": id, "score": score})


def run(path: Path, *ids: str, cut_off_after: int | None = None) -> list[str]:
    """Write `ids` as `grade` does; the ids that were not done before. cut_off_after: lines until a kill."""
    asked = []
    with Output(path) as out:
        for number, id in enumerate(ids):
            if number == cut_off_after:
                return asked
            if out.done(id):
                out.put(Result(Job(id=id, done=True), None, ok=True))
            else:
                asked.append(id)
                out.put(Result(Job(id=id), line(id), ok=True))
        out.finish()
    return asked


def ids_in(path: Path) -> list[str]:
    return [json.loads(text)["id"] for text in path.read_text().splitlines()]


def test_a_first_run_writes_in_order_for_the_owner_alone(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    run(out, "a", "b", "c")

    assert ids_in(out) == ["a", "b", "c"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_rerun_asks_only_for_what_is_missing(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    run(out, "a", "b", "c", cut_off_after=2)

    assert run(out, "a", "b", "c") == ["c"]
    assert ids_in(out) == ["a", "b", "c"]


def test_half_a_line_is_graded_again(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    run(out, "a", "b")
    out.write_text(out.read_text()[:-5])

    assert run(out, "a", "b") == ["b"]
    assert ids_in(out) == ["a", "b"]


def test_a_line_with_an_error_is_graded_again(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text(f'{line("a")}\n{{"id": "b", "error": {{"code": "x", "message": "y"}}}}\n{line("c")}\n')

    assert run(out, "a", "b", "c") == ["b"]
    assert ids_in(out) == ["a", "b", "c"]


@pytest.mark.parametrize("second", range(4))
@pytest.mark.parametrize("first", range(4))
def test_nothing_is_graded_twice_however_often_it_is_cut_off(tmp_path: Path, first: int, second: int) -> None:
    out = tmp_path / "out.jsonl"
    asked = run(out, "a", "b", "c", "d", cut_off_after=first)
    asked += run(out, "a", "b", "c", "d", cut_off_after=second)
    asked += run(out, "a", "b", "c", "d")

    assert sorted(asked) == ["a", "b", "c", "d"]
    assert ids_in(out) == ["a", "b", "c", "d"]
    assert [p.name for p in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "diary.txt"
    out.write_text("Dear diary,\n")

    with pytest.raises(InvalidFileError):
        run(out, "a")
    assert out.read_text() == "Dear diary,\n"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot write"):
        run(tmp_path / "nowhere" / "out.jsonl", "a")
