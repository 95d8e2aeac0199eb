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


def ahead_of(path: Path, *ids: str) -> None:
    """A run that is killed while `ids` wait for an earlier line."""
    with Output(path) as out:
        for id in ids:
            out.keep(Result(Job(id=id), line(id), ok=True))


def test_lines_that_waited_for_their_turn_are_not_graded_again(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    run(out, "a", "b", "c", "d", cut_off_after=1)
    ahead_of(out, "c", "d")

    assert run(out, "a", "b", "c", "d") == ["b"]
    assert ids_in(out) == ["a", "b", "c", "d"]
    assert [p.name for p in tmp_path.iterdir()] == ["out.jsonl"]


def test_half_a_line_that_waited_is_graded_again(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    ahead_of(out, "b", "c")
    left = tmp_path / "out.jsonl.ahead"
    left.write_text(left.read_text()[:-3])

    assert run(out, "a", "b", "c") == ["a", "c"]
    assert ids_in(out) == ["a", "b", "c"]


def test_failures_do_not_wait_on_disk(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with Output(out) as opened:
        opened.keep(Result(Job(id="a"), '{"id": "a", "error": {}}', ok=False))

    assert not (tmp_path / "out.jsonl.ahead").exists()


def test_two_runs_do_not_write_one_file(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with Output(out), pytest.raises(UsageError, match="another run"):
        run(out, "a")


def test_what_is_no_regular_file_has_nothing_beside_it() -> None:
    with Output(Path("/dev/null")) as out:
        out.keep(Result(Job(id="a"), line("a"), ok=True))

    assert not Path("/dev/null.ahead").exists()
