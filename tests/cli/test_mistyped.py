"""A command line that cannot be read, or asks for what cannot be, is told without obeying it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.harmless import refuse_controls
from tests.support.program import Program

HOSTILE = "\u202ex\u2066\x1b]0;t\x07\x9b"


@pytest.mark.parametrize(
    "arguments",
    [
        (f"--{HOSTILE}",),
        (HOSTILE,),
        ("start", HOSTILE),
        ("start", "--mode", HOSTILE),
        ("start", f"-{HOSTILE}"),
        ("bank", HOSTILE),
        ("config", "get", "model", HOSTILE),
    ],
)
def test_what_was_typed_is_told_and_not_obeyed(program: Program, arguments: tuple[str, ...]) -> None:
    outcome = program(*arguments)

    assert outcome.code == 2
    assert "Error: " in outcome.err
    refuse_controls(outcome.err, "stderr")


@pytest.mark.parametrize("arguments", [("bank",), ("bank", "check"), ("start", "--mode")])
def test_what_is_missing_is_told(program: Program, arguments: tuple[str, ...]) -> None:
    outcome = program(*arguments)

    assert outcome.code == 2
    assert outcome.err


LONG = "x" * 5_000


@pytest.mark.parametrize(
    "arguments",
    [
        ("grade", "in.jsonl", "-o", LONG),
        ("grade", "in.jsonl", "-o", f"{LONG}.csv"),
        ("grade", LONG),
        ("calibrate", "in.jsonl", "--html", LONG),
        ("calibrate", "in.jsonl", "--fit-to", LONG),
        ("progress", "--html", LONG),
        ("bank", "new", LONG),
        ("bank", "check", LONG),
        ("start", "--jd", LONG),
        ("start", "--bank", LONG),
    ],
)
def test_a_name_that_no_file_can_have_is_told(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INTERVIEWER_GRADER", "fake")
    (tmp_path / "in.jsonl").write_text('{"id": "1", "question_id": "kv-cache", "answer": "a"}\n')

    outcome = program(*arguments)

    assert outcome.code in {1, 2, 4}
    assert "fault of the program" not in outcome.err
    assert {path.name for path in tmp_path.iterdir()} <= {"in.jsonl", "home"}
