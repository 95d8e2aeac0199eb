"""`grade FILE` in a process of its own, against a service on loopback: kills, interrupts, limits, a bar."""

from __future__ import annotations

import json
import os
import pty
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.support.server import Answer, Received, ScriptedServer, failure
from tests.support.service import judged

LINES = 60
AT_ONCE = 8


def source_in(folder: Path, count: int = LINES) -> Path:
    """A file of so many answers, all different."""
    path = folder / "in.jsonl"
    answers = (f"The cache keeps keys and values of all tokens, as answer {n} says." for n in range(count))
    lines = (
        json.dumps({"id": f"line-{n}", "question_id": "kv-cache", "answer": answer})
        for n, answer in enumerate(answers)
    )
    path.write_text("\n".join(lines) + "\n")
    return path


class Grading:
    """The program, grading what is in `folder`; its cache is off, so that only the file remembers."""

    def __init__(
        self, folder: Path, server: ScriptedServer, *more: str, stderr: int = subprocess.PIPE
    ) -> None:
        self.out = folder / "out.jsonl"
        command = [sys.executable, "-m", "interviewer", "grade", str(folder / "in.jsonl")]
        options = ["-o", str(self.out), "--grader", "llm", "--base-url", server.url, "--model", "m"]
        alone = ["--no-cache", "--samples", "1", "--concurrency", str(AT_ONCE)]
        self.process = subprocess.Popen(
            [*command, *options, *alone, *more],
            env={**os.environ, "INTERVIEWER_HOME": str(folder / "home")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )

    def end(self) -> tuple[int, str]:
        """Its exit code and what it said."""
        _, said = self.process.communicate(timeout=120)
        return self.process.returncode, said

    @property
    def ids(self) -> list[str]:
        """The ids in the file, in order."""
        return [json.loads(line)["id"] for line in self.out.read_text().splitlines()]


def test_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    source_in(tmp_path)
    chance = random.Random(3)
    until_kill = 0
    running: Grading

    def answer(received: Received) -> Answer:
        nonlocal until_kill
        until_kill -= 1
        if until_kill == 0:
            running.process.kill()
        return judged(received)

    kills = 4
    with ScriptedServer(behaviour=answer) as server:
        for _ in range(kills):
            until_kill = chance.randrange(2, 20)
            running = Grading(tmp_path, server)
            assert running.end()[0] == -signal.SIGKILL
        until_kill = 0
        running = Grading(tmp_path, server)
        code, said = running.end()

    assert code == 0, said
    assert running.ids == [f"line-{n}" for n in range(LINES)]
    assert len(server.requests) - LINES <= kills * AT_ONCE
    assert [path.name for path in tmp_path.glob("out*")] == ["out.jsonl"]


def test_an_interrupt_finishes_what_is_in_flight_and_keeps_it(tmp_path: Path) -> None:
    source_in(tmp_path)
    asked, go_on = threading.Event(), threading.Event()

    def answer(received: Received) -> Answer:
        asked.set()
        go_on.wait(60)
        return judged(received)

    with ScriptedServer(behaviour=answer) as server:
        grading = Grading(tmp_path, server)
        assert asked.wait(60)
        grading.process.send_signal(signal.SIGINT)
        go_on.set()
        code, said = grading.end()
        first = grading.ids
        again = Grading(tmp_path, server)
        assert again.end()[0] == 0

    assert code == 130, said
    assert "the same command goes on" in said
    assert 0 < len(first) < LINES
    assert again.ids == [f"line-{n}" for n in range(LINES)]
    assert len(server.requests) == LINES


def test_a_service_that_refuses_a_third_of_its_requests_grades_all_lines(tmp_path: Path) -> None:
    source_in(tmp_path)
    chance = random.Random(5)

    def answer(received: Received) -> Answer:
        if chance.random() < 0.3:
            return failure(429, "slow down", headers={"retry-after-ms": "5"})
        return judged(received)

    with ScriptedServer(behaviour=answer) as server:
        grading = Grading(tmp_path, server)
        code, said = grading.end()

    assert code == 0, said
    assert grading.ids == [f"line-{n}" for n in range(LINES)]
    assert len(server.requests) <= 2 * LINES


def test_a_service_that_is_gone_ends_the_run(tmp_path: Path) -> None:
    source_in(tmp_path)
    with ScriptedServer(behaviour=lambda received: failure(401, "no such key")) as server:
        code, said = Grading(tmp_path, server).end()

    assert code == 3
    assert "no such key" in said
    assert len(server.requests) <= AT_ONCE


@pytest.mark.parametrize("is_quiet", [False, True])
def test_a_terminal_gets_a_bar_unless_it_is_to_be_quiet(tmp_path: Path, is_quiet: bool) -> None:
    source_in(tmp_path)
    ours, theirs = pty.openpty()
    with ScriptedServer(behaviour=judged) as server:
        grading = Grading(tmp_path, server, *(["--quiet"] if is_quiet else []), stderr=theirs)
        os.close(theirs)
        said = b""
        try:
            while piece := os.read(ours, 4096):
                said += piece
        except OSError:  # the other end is closed
            os.close(ours)
        assert grading.end()[0] == 0

    assert (f"{LINES}/{LINES}".encode() in said) is not is_quiet
    assert (b"/s" in said) is not is_quiet
