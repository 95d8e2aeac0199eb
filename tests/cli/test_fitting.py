"""`start --role` and `start --jd`: what is asked, what is told of it, and what does not go together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import Outcome, Program

START = ("start", "--grader", "fake", "--seed", "3", "-n", "3")


@pytest.fixture
def description(tmp_path: Path) -> Path:
    """A job description that speaks of kernels, as a web page."""
    file = tmp_path / "job.html"
    file.write_text(
        "<h1>GPU engineer</h1><p>You write CUDA&nbsp;kernels, profile and fuse them.</p>", encoding="utf-8"
    )
    return file


def asked(program: Program) -> list[str]:
    """The ids of the questions of the latest interview."""
    interview = json.loads(program("export", "--format", "json").out)["interview"]
    return [turn["question"]["id"] for turn in interview["turns"]]


def refused(outcome: Outcome, code: int = 2) -> str:
    """What was told; nothing was asked and nothing kept."""
    assert (outcome.code, outcome.out) == (code, "")
    return outcome.err


def test_a_description_brings_its_questions_and_the_words_that_chose_them(
    program: Program, description: Path
) -> None:
    told = program(*START, "--jd", str(description), stdin="/quit").words

    assert {"custom-cuda-kernel", "activation-functions-and-fusion"} < set(asked(program))
    assert "Chosen for: 1 " in told
    assert "CUDA, kernels" in told


def test_a_role_in_a_line_will_do(program: Program) -> None:
    told = program(*START, "--role", "engineer for speculative execution", stdin="/quit").words

    assert "speculative-decoding" in asked(program)
    assert "drawn from the rest" in told


def test_role_and_description_are_read_together(program: Program, description: Path) -> None:
    program(*START, "--role", "RAG tracing", "--jd", str(description), stdin="/quit")

    assert {"langchain-latency-tracing", "custom-cuda-kernel"} < set(asked(program))


@pytest.mark.parametrize("more", [(), ("--quiet",)])
def test_where_nothing_matches_the_plan_is_as_ever_and_it_is_told(
    program: Program, more: tuple[str, ...]
) -> None:
    told = program(*START, *more, "--role", "baker", stdin="/quit").words
    chosen = asked(program)
    program(*START, stdin="/quit")

    assert "no telling word" in told
    assert chosen == asked(program)


def test_quiet_leaves_the_words_out(program: Program, description: Path) -> None:
    assert "Chosen for" not in program(*START, "--quiet", "--jd", str(description), stdin="/quit").out


def test_the_words_of_a_description_are_shown_and_not_obeyed(program: Program, tmp_path: Path) -> None:
    (tmp_path / "job.txt").write_text("[bold]CUDA[/x]\x1b[2J kernels", encoding="utf-8")

    outcome = program(*START, "--jd", str(tmp_path / "job.txt"), stdin="/quit")

    assert outcome.code == 0
    assert "\x1b[2J" not in outcome.out


def test_a_pipe_holds_the_answers_and_no_description(program: Program) -> None:
    assert "--role" in refused(program(*START, "--jd", "-", stdin="We look for a GPU engineer."))


def test_questions_by_id_leave_nothing_to_choose(program: Program) -> None:
    assert "not both" in refused(program("start", "-q", "kv-cache", "--role", "GPU engineer"))


def test_a_pdf_is_told_to_be_no_text(program: Program, tmp_path: Path) -> None:
    assert "Save the description as text" in refused(program(*START, "--jd", str(tmp_path / "job.pdf")))


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00G"])
def test_a_file_that_cannot_be_read_is_told(program: Program, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "job.txt"
    if content is not None:
        file.write_bytes(content)

    assert str(file) in refused(program(*START, "--jd", str(file)), code=4)
    assert "No interviews yet" in program("sessions").out
