"""A key that would go over a network unencrypted is told of before it does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.commands import SAID, lay_out
from tests.support.program import Program, program

__all__ = ["program"]

#: A name that only a network of one's own could have; nobody answers to it.
CLEAR = "http://gpu-box.invalid/v1"
WARNING = f"{CLEAR} is not encrypted"


@pytest.fixture(autouse=True)
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INTERVIEWER_BASE_URL", CLEAR)
    monkeypatch.setenv("INTERVIEWER_MODEL", "m")
    monkeypatch.setenv("INTERVIEWER_DEADLINE", "1")


@pytest.mark.parametrize(
    "line",
    [
        "start -q kv-cache --quiet",
        "grade answers.jsonl --quiet",
        "grade answers.jsonl --batch -o out.jsonl",
        "calibrate labels.jsonl --bootstrap 0",
        "bank import page.md",
    ],
)
def test_each_command_that_would_send_it_says_so_once(
    program: Program, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setenv("INTERVIEWER_API_KEY", "sk-0123456789")
    told = program(*line.split(), stdin=SAID)

    assert told.err.count(WARNING) == 1
    assert "sk-0123456789" not in told.err + told.out


def test_doctor_says_so(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEWER_API_KEY", "sk-0123456789")
    found = {one["name"]: one for one in json.loads(program("doctor", "--json").out)}

    assert found["key"]["state"] == "note"
    assert "others can read the key" in found["key"]["told"]
    assert "https://" in found["key"]["hint"]


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://127.0.0.1:9/v1", "sk-0123456789"),
        ("http://localhost:9/v1", "sk-0123456789"),
        ("https://gpu-box.invalid/v1", "sk-0123456789"),
        (CLEAR, "ollama"),
        (CLEAR, ""),
    ],
)
def test_what_cannot_be_read_or_is_no_secret_is_not_told_of(
    program: Program, monkeypatch: pytest.MonkeyPatch, url: str, key: str
) -> None:
    monkeypatch.setenv("INTERVIEWER_BASE_URL", url)
    monkeypatch.setenv("INTERVIEWER_API_KEY", key)

    assert "not encrypted" not in program("grade", "answers.jsonl").err


def test_a_password_in_the_base_url_is_a_key(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEWER_BASE_URL", CLEAR.replace("//", "//me:passw0rd@"))

    assert WARNING in program("grade", "answers.jsonl").err


def test_a_grader_that_sends_nothing_warns_of_nothing(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEWER_API_KEY", "sk-0123456789")

    assert "not encrypted" not in program("grade", "answers.jsonl", "--grader", "fake").err
