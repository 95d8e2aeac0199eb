"""`grade FILE`: lines in, lines out."""

from __future__ import annotations

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
