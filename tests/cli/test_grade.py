"""`grade FILE`: lines in, lines out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.support.program import Program

LINES = (
    '{"id": "1", "question_id": "kv-cache", "answer": "Keys and values are kept in memory."}\n'
    '{"id": "2", "question": "Why?", "reference": "because of heat", "answer": "It is the heat, I think."}\n'
)


def test_a_pipe_is_graded_to_standard_output(program: Program) -> None:
    outcome = program("grade", "-", "--grader", "fake", stdin=LINES)

    assert outcome.code == 0
    assert [json.loads(line)["id"] for line in outcome.out.splitlines()] == ["1", "2"]
    assert "fake (does not judge" in outcome.err


def test_a_hyphen_is_standard_output(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    outcome = program("grade", "-", "-o", "-", "--grader", "fake", stdin=LINES)

    assert len(outcome.out.splitlines()) == 2
    assert not list(tmp_path.glob("-"))


@pytest.mark.parametrize("output", ["", ".", "/"])
@pytest.mark.parametrize("command", ["grade", "calibrate"])
def test_an_output_without_a_name_is_refused(program: Program, command: str, output: str) -> None:
    outcome = program(command, "-", "-o", output, "--grader", "fake", stdin=LINES)

    assert outcome.code == 2
    assert "names no file" in outcome.err


def test_a_bad_line_is_one_error_line_and_exit_code_1(program: Program) -> None:
    outcome = program("grade", "-", "--grader", "fake", stdin=f"nope\n{LINES}")

    first, *others = (json.loads(line) for line in outcome.out.splitlines())
    assert (first["error"]["code"], len(others), outcome.code) == ("invalid_line", 2, 1)


def test_a_rerun_grades_only_what_is_missing(program: Program, tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(LINES.splitlines()[0], encoding="utf-8")
    program("grade", str(source), "-o", str(out), "--grader", "fake")
    source.write_text(LINES, encoding="utf-8")

    outcome = program("grade", str(source), "-o", str(out), "--grader", "fake")

    assert "1 graded, 0 could not be graded, 1 were graded before" in outcome.err
    assert len(out.read_text(encoding="utf-8").splitlines()) == 2


def test_a_file_that_is_not_there_is_told(program: Program) -> None:
    assert program("grade", "/nowhere.jsonl", "--grader", "fake").code == 4


def test_file_and_pending_exclude_each_other(program: Program) -> None:
    assert program("grade").code == 2
    assert program("grade", "-", "--pending", "--grader", "fake").code == 2


def test_a_key_that_is_missing_is_told_before_anything_is_read(program: Program, tmp_path: Path) -> None:
    outcome = program("grade", "-", "-o", str(tmp_path / "out"), "--grader", "llm", stdin=LINES)

    assert outcome.code == 3
    assert not (tmp_path / "out").exists()


TABLE = (
    "student;text;question_id\n"
    'ann;"Keys and values are kept in memory,\nso nothing is computed again.";kv-cache\n'
    "=bob;Something else.;kv-cache\n"
)
COLUMNS = ("--columns", "id=student,answer=text")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_comes_in_and_goes_out_by_the_names_of_the_files(program: Program, table: Path) -> None:
    out = table.with_name("out.csv")
    outcome = program("grade", str(table), "-o", str(out), "--grader", "fake", *COLUMNS)
    found = rows(out.read_text(encoding="utf-8"))

    assert outcome.code == 0
    assert [row["id"] for row in found] == ["ann", "'=bob"]
    assert any(name.startswith("verdict: ") for name in found[0])


def test_rows_are_graded_to_lines_of_json_too(program: Program, table: Path) -> None:
    outcome = program("grade", str(table), "--grader", "fake", *COLUMNS)

    assert [json.loads(line)["id"] for line in outcome.out.splitlines()] == ["ann", "=bob"]


def test_a_pipe_of_csv_is_named_as_such(program: Program) -> None:
    outcome = program("grade", "-", "--format", "csv", "--grader", "fake", *COLUMNS, stdin=TABLE)

    assert [row["id"] for row in rows(outcome.out)] == ["ann", "'=bob"]
    assert json.loads(rows(outcome.out)[0]["verdicts"])


def test_a_rerun_of_csv_grades_only_what_is_missing(program: Program, table: Path) -> None:
    out = table.with_name("out.csv")
    whole = table.read_text(encoding="utf-8")
    table.write_text(whole[: whole.index("=bob")], encoding="utf-8")
    program("grade", str(table), "-o", str(out), "--grader", "fake", *COLUMNS)
    table.write_text(whole, encoding="utf-8")

    outcome = program("grade", str(table), "-o", str(out), "--grader", "fake", *COLUMNS)

    assert "1 graded, 0 could not be graded, 1 were graded before" in outcome.err
    assert len(rows(out.read_text(encoding="utf-8"))) == 2


def test_a_header_that_names_nothing_needed_is_told(program: Program, table: Path) -> None:
    outcome = program("grade", str(table), "--grader", "fake")

    assert outcome.code == 4
    assert "--columns" in outcome.err


@pytest.mark.parametrize(
    "more",
    [
        ("--columns", "score=x"),
        ("--columns", "id=student"),
        ("--requests-per-minute", "10"),
        ("--tokens-per-minute", "10"),
    ],
)
def test_options_that_could_do_nothing_are_refused(program: Program, more: tuple[str, ...]) -> None:
    assert program("grade", "-", "--grader", "fake", *more, stdin=LINES).code == 2


def test_where_nobody_looks_there_is_no_bar(program: Program, tmp_path: Path) -> None:
    outcome = program("grade", "-", "-o", str(tmp_path / "o"), "--grader", "fake", stdin=LINES)

    assert len(outcome.err.splitlines()) == 2


def test_quiet_says_nothing(program: Program, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    outcome = program("grade", "-", "-o", out, "--grader", "fake", "--quiet", stdin=LINES)

    assert outcome.err == ""
