"""`start` and `resume` over a pipe, with the fake grader and with a service on loopback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.program import Program

DOWN = ("--grader", "llm", "--base-url", "http://127.0.0.1:9/v1", "--model", "m", "--follow-ups", "0")
ASKED = ("--grader", "fake", "--seed", "7", "--follow-ups", "0")
ANSWERS = "Latency is the time of one request.\n---\nIt depends on the batch size, mostly.\n"


def last_interview(program: Program) -> dict[str, object]:
    found: dict[str, object] = json.loads(program("export", "--format", "json").out)["interview"]
    return found


def test_without_a_command_an_interview_starts(program: Program) -> None:
    assert "Question 1 of" in program("--grader", "fake", stdin="/quit").out


def test_an_interview_ends_with_a_summary(program: Program) -> None:
    outcome = program("start", *ASKED, "-n", "2", stdin=ANSWERS)

    assert outcome.code == 0
    assert "Summary" in outcome.out


def test_the_fake_grader_says_on_screen_that_it_does_not_judge(program: Program) -> None:
    outcome = program("start", *ASKED, "-n", "1", stdin=ANSWERS)

    assert "fake (does not judge: for tests and demos)" in outcome.words
    assert "nobody judged this answer" in outcome.words


def test_the_screen_says_how_to_get_a_grader_that_judges(program: Program) -> None:
    assert "set OPENAI_API_KEY" in program("start", *ASKED, "-n", "1", stdin="/quit").words


def test_without_a_service_the_embedded_model_judges(program: Program) -> None:
    outcome = program("start", "-n", "1", stdin="/quit")

    assert "local (a small model in this package, no network)" in outcome.words
    assert "set OPENAI_API_KEY" in outcome.words


def test_the_same_seed_asks_the_same_questions(program: Program) -> None:
    program("start", *ASKED, stdin="/quit")
    first = [t["question"]["id"] for t in last_interview(program)["turns"]]  # type: ignore[attr-defined]
    program("start", *ASKED, stdin="/quit")

    assert [t["question"]["id"] for t in last_interview(program)["turns"]] == first  # type: ignore[attr-defined]


@pytest.mark.parametrize("quiet", [(), ("--quiet",)])
def test_where_fewer_questions_fit_than_were_asked_for_it_is_told(
    program: Program, quiet: tuple[str, ...]
) -> None:
    outcome = program("start", *ASKED, "-n", "500", *quiet, stdin="/quit")

    assert "23 questions fit, not 500: all of them are asked." in outcome.words
    assert "Question 1 of 23" in outcome.out


def test_as_many_questions_as_were_asked_for_need_no_word(program: Program) -> None:
    assert "questions fit" not in program("start", *ASKED, "-n", "23", stdin="/quit").words


def test_questions_can_be_chosen_by_id(program: Program) -> None:
    program("start", "--grader", "fake", "-q", "kv-cache", "-q", "memory-wall", stdin="/quit")

    assert [t["question"]["id"] for t in last_interview(program)["turns"]] == ["kv-cache", "memory-wall"]  # type: ignore[attr-defined]


def test_answers_can_come_from_a_file(program: Program, tmp_path: Path) -> None:
    (tmp_path / "answers.txt").write_text(ANSWERS, encoding="utf-8")

    outcome = program("start", *ASKED, "-n", "2", "--answers", str(tmp_path / "answers.txt"))

    assert "Summary" in outcome.out


def test_an_interview_that_was_left_goes_on(program: Program) -> None:
    left = program("start", *ASKED, "-n", "2", stdin="The first answer is here.\n")
    resumed = program("resume", "--grader", "fake", stdin="The second answer is here.\n")

    assert "interviewer resume" in left.out
    assert "1 of 2 answered" in resumed.out
    assert "Summary" in resumed.out


def test_nothing_to_resume_is_told(program: Program) -> None:
    outcome = program("resume", "--grader", "fake")

    assert (outcome.code, "interviewer start" in outcome.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("-q", "kv-cahce"), "did you mean 'kv-cache'?"),
        (("-c", "beginers"), "did you mean 'beginner'?"),
        (("--grader", "oracle"), "auto, llm, local, fake"),
        (("--grader", "llm"), "Set OPENAI_API_KEY"),
        (("--grader", "llm", "--base-url", "http://127.0.0.1:1/v1"), "--model NAME"),
    ],
)
def test_what_is_impossible_is_told_with_a_way_out(
    program: Program, arguments: tuple[str, ...], told: str
) -> None:
    outcome = program("start", *arguments)

    assert outcome.code in {2, 3}
    assert told in " ".join(outcome.err.split())


def test_a_missing_answers_file_creates_no_interview(program: Program) -> None:
    outcome = program("start", *ASKED, "--answers", "/nowhere/answers.txt")

    assert outcome.code == 4
    assert "No interviews yet" in program("sessions").out


def test_an_invalid_bank_is_refused_with_file_and_line(program: Program, tmp_path: Path) -> None:
    (tmp_path / "bank.yaml").write_text("version: 1\nid: [", encoding="utf-8")

    outcome = program("start", "--grader", "fake", "--bank", str(tmp_path / "bank.yaml"))

    assert outcome.code == 4
    assert f"{tmp_path / 'bank.yaml'}:" in outcome.err


@pytest.mark.usefixtures("impatient")
def test_where_the_service_is_down_the_embedded_model_grades_for_the_time_being(program: Program) -> None:
    told = program("start", "-q", "gpu-kernel", *DOWN, stdin="A kernel is code that the host launches.\n")

    assert "Provisional" in told.words
    (turn,) = last_interview(program)["turns"]  # type: ignore[misc]
    (answer,) = turn["answers"]
    assert answer["grade"]["grader"]["kind"] == "local"
    assert "provisional" in answer["grade"]["flags"]


@pytest.mark.usefixtures("impatient")
def test_an_answer_that_nobody_can_grade_is_kept_without_a_score(program: Program) -> None:
    refused = program("start", "-q", "gpu-kernel", *DOWN, stdin="fine\n")

    assert "Not graded yet" in refused.out
    (turn,) = last_interview(program)["turns"]  # type: ignore[misc]
    assert turn["answers"][0]["text"] == "fine"
    assert turn["score"] is None


@pytest.mark.usefixtures("impatient")
def test_a_provisional_grade_waits_for_a_language_model(program: Program) -> None:
    program("start", "-q", "gpu-kernel", *DOWN, stdin="A kernel is code that the host launches.\n")

    graded = program("grade", "--pending", "--grader", "local")

    assert graded.out.strip() == "0 graded, 0 still open"
    assert "1 more wait for a language model" in graded.err


@pytest.mark.usefixtures("impatient")
def test_a_provisional_grade_stands_while_the_service_is_still_down(program: Program) -> None:
    program("start", "-q", "gpu-kernel", *DOWN, stdin="A kernel is code that the host launches.\n")

    again = program("grade", "--pending", *DOWN[:-2])

    assert again.code == 3
    assert "provisional" in last_interview(program)["turns"][0]["answers"][0]["grade"]["flags"]  # type: ignore[index]


def test_terminal_escapes_in_an_answer_do_not_reach_the_screen(program: Program) -> None:
    outcome = program(
        "start", *ASKED, "-n", "1", stdin="\x1b[2J\x1b]0;owned\x07 Latency is time per request.\n"
    )

    assert "\x1b]0;owned" not in outcome.out
    assert "\x07" not in outcome.out


def test_it_is_told_that_the_answers_ended(program: Program) -> None:
    assert "answers ended" in program("start", *ASKED, "-n", "2", stdin="Only one answer.\n").out


def test_who_quits_is_not_told_that_answers_ended(program: Program) -> None:
    assert "answers ended" not in program("start", *ASKED, stdin="/quit").out
