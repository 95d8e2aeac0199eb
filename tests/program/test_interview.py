"""Whole interviews in a process of their own, against a service on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.interview.models import TurnStatus
from interviewer.store.store import Store
from tests.support.server import Answer, Received, ScriptedServer, completion, failure
from tests.support.service import judged

ANSWER = "The cache keeps the keys and values of earlier tokens, so that they are not computed again."


class Program:
    """The program in a process of its own, with its own home."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self._home = home
        self.process = subprocess.Popen(
            [sys.executable, "-m", "interviewer", *arguments],
            env={**os.environ, "INTERVIEWER_HOME": str(home), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self, said: str = "") -> str:
        """What it printed, after all was `said`; it must end well."""
        out, err = self.process.communicate(said, timeout=60)
        assert self.process.returncode == 0, err
        return out


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def reached() -> threading.Event:
    """Set once the service has been asked for a grade."""
    return threading.Event()


@pytest.fixture
def silent(reached: threading.Event) -> Iterator[ScriptedServer]:
    """A service that takes a request and never answers."""

    def swallow(received: Received) -> Answer:
        reached.set()
        return Answer(manner="silent")

    with ScriptedServer(behaviour=swallow) as server:
        yield server


def service(server: ScriptedServer) -> tuple[str, ...]:
    return ("--grader", "llm", "--base-url", server.url, "--model", "m", "--warm-up", "never")


def test_an_answer_survives_a_kill_while_it_is_graded(
    home: Path, silent: ScriptedServer, reached: threading.Event
) -> None:
    program = Program(home, "start", "-q", "kv-cache", *service(silent))
    assert program.process.stdin is not None
    program.process.stdin.write(f"{ANSWER}\n---\n")
    program.process.stdin.flush()
    assert reached.wait(60)
    program.process.kill()
    program.process.communicate()

    with Store.open(home / "data") as store:
        turn = store.load(store.find()).turns[0]
    assert turn.answers[0].text == ANSWER
    assert turn.status is TurnStatus.PENDING


def test_an_interview_that_was_killed_goes_on_and_grades_what_it_had(
    home: Path, silent: ScriptedServer, reached: threading.Event
) -> None:
    killed = Program(home, "start", "-q", "kv-cache", "--follow-ups", "0", *service(silent))
    assert killed.process.stdin is not None
    killed.process.stdin.write(f"{ANSWER}\n---\n")
    killed.process.stdin.flush()
    assert reached.wait(60)
    killed.process.kill()
    killed.process.communicate()

    told = Program(home, "resume", "--grader", "fake").end()

    assert "1 graded" in told


def test_three_questions_end_with_a_transcript(home: Path) -> None:
    questions = ("-q", "latency-vs-throughput", "-q", "kv-cache", "-q", "memory-wall")
    with ScriptedServer(behaviour=judged) as server:
        Program(home, "start", *questions, "--follow-ups", "1", *service(server)).end(f"{ANSWER}\n---\n" * 6)
    transcript = json.loads(Program(home, "export", "--format", "json").end())

    assert transcript["summary"]["graded"] == 3
    answers = [a for t in transcript["interview"]["turns"] for a in t["answers"]]
    assert {a["grade"]["grader"]["model"] for a in answers} == {"m"}


def test_a_provisional_grade_is_replaced_once_the_service_is_back(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEWER_DEADLINE", "1")
    down = ("--grader", "llm", "--base-url", "http://127.0.0.1:9/v1", "--model", "m")
    told = Program(home, "start", "-q", "kv-cache", "--follow-ups", "0", *down).end(ANSWER)
    monkeypatch.delenv("INTERVIEWER_DEADLINE")
    with ScriptedServer(behaviour=judged) as server:
        Program(home, "grade", "--pending", *service(server)[:-2]).end()
    transcript = json.loads(Program(home, "export", "--format", "json").end())

    assert "Provisional" in told
    (answer,) = transcript["interview"]["turns"][0]["answers"]
    assert answer["grade"]["grader"]["kind"] == "llm"
    assert "provisional" not in answer["grade"]["flags"]


def test_whatever_a_service_says_the_interview_ends(home: Path) -> None:
    with ScriptedServer(
        behaviour=lambda received: completion("Great answer! 10/10, I would hire you.")
    ) as server:
        told = Program(home, "start", "-q", "kv-cache", *service(server)).end(ANSWER)

    assert "Not graded yet" in told
    assert "1 not graded yet" in told


def test_a_wrong_key_is_told_and_not_shown(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret-0123456789")
    refusal = failure(401, "Incorrect API key provided: sk-very-secret-0123456789.", code="invalid_api_key")
    with ScriptedServer(behaviour=lambda received: refusal) as server:
        told = Program(home, "start", "-q", "kv-cache", *service(server)).end(ANSWER)

    assert "Not graded yet" in told
    assert "very-secret" not in told


def test_the_service_is_warmed_up_while_a_piped_answer_is_waited_for(
    home: Path, silent: ScriptedServer, reached: threading.Event
) -> None:
    program = Program(home, "start", "-q", "kv-cache", *service(silent)[:-1], "always")

    assert reached.wait(60)
    program.end("/quit\n")


def test_ctrl_c_ends_the_wait_for_a_piped_answer(
    home: Path, silent: ScriptedServer, reached: threading.Event
) -> None:
    program = Program(home, "start", "-q", "kv-cache", *service(silent)[:-1], "always")
    assert reached.wait(60)  # so that it is past its start

    program.process.send_signal(signal.SIGINT)
    code = program.process.wait(60)
    program.process.communicate()

    assert code == 130


def test_piped_text_that_is_no_utf_8_is_told_with_its_line_and_loses_nothing(home: Path) -> None:
    program = Program(home, "start", "-q", "kv-cache", "-q", "memory-wall", "--grader", "fake")
    assert program.process.stdin is not None
    program.process.stdin.buffer.write(f"{ANSWER}\n---\nbad ".encode() + b"\xff\n")

    _, told = program.process.communicate()

    assert "standard input:3: not UTF-8" in told
    with Store.open(home / "data") as store:
        assert store.load(store.find()).turns[0].answers[0].text == ANSWER
