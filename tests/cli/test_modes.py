"""Exams, drills, review, limits and plain words, over a pipe."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.program import Program

FAKE = ("--grader", "fake", "--seed", "7", "--follow-ups", "0")
#: Says nothing about anything that the bank asks: the embedded model finds every point missing.
NOTHING = "I would go and buy some bread and a newspaper first.\n"


def turns(program: Program) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(program("export", "--format", "json").out)["interview"]["turns"]
    return found


class TestExam:
    def test_all_questions_come_before_any_feedback(self, program: Program) -> None:
        said = program(
            "start", *FAKE, "-n", "2", "--mode", "exam", stdin="One thing.\n---\nAnother thing.\n"
        ).out

        assert said.index("Question 2 of 2") < said.index("A full answer")
        assert said.index("A full answer") < said.index("Summary")

    def test_the_transcript_says_that_it_was_one(self, program: Program) -> None:
        program("start", *FAKE, "-n", "1", "--mode", "exam", stdin="One thing or another.\n")

        assert "- **Mode**: exam" in program("export").out


class TestDrill:
    def test_it_asks_about_what_was_missed_alone(self, program: Program) -> None:
        program("start", "-q", "kv-cache", "--grader", "local", "--follow-ups", "0", stdin=NOTHING)
        missed = [c["id"] for c in turns(program)[0]["question"]["criteria"]]

        outcome = program("start", "--mode", "drill", "--grader", "local", stdin="/quit")

        assert "Drill: kv-cache" in outcome.words
        assert "This time, what was missed before:" in outcome.out
        drilled = [c["id"] for c in turns(program)[0]["question"]["criteria"]]
        assert set(drilled) <= set(missed)
        assert len(turns(program)) == 1

    def test_without_anything_missed_there_is_nothing_to_drill(self, program: Program) -> None:
        outcome = program("start", "--mode", "drill")

        assert outcome.code == 2
        assert "nothing was missed yet" in outcome.err

    def test_what_the_fake_grader_says_is_not_drilled(self, program: Program) -> None:
        program("start", *FAKE, "-n", "1", stdin="One thing or another.\n")

        assert program("start", "--mode", "drill").code == 2


class TestReview:
    def test_what_was_missed_comes_first_and_new_questions_after_it(self, program: Program) -> None:
        program("start", "-q", "kv-cache", "--grader", "local", "--follow-ups", "0", stdin=NOTHING)

        outcome = program("start", "--due", "--grader", "local", stdin="/quit")

        assert "Chosen for review: kv-cache (" in outcome.words
        assert "(new)" in outcome.words
        assert turns(program)[0]["question"]["id"] == "kv-cache"

    def test_in_an_empty_store_all_is_new(self, program: Program) -> None:
        outcome = program("start", "--due", "-n", "3", "--grader", "local", stdin="/quit")

        assert outcome.words.count("(new)") == 3

    def test_it_keeps_to_a_category(self, program: Program) -> None:
        program("start", "--due", "-c", "beginner", "--grader", "local", stdin="/quit")

        assert {t["question"]["category"] for t in turns(program)} == {"beginner"}

    @pytest.mark.parametrize("mode", [("--due",), ("--mode", "drill")])
    def test_questions_by_name_do_not_go_with_it(self, program: Program, mode: tuple[str, ...]) -> None:
        assert program("start", *mode, "-q", "kv-cache").code == 2


class TestLimits:
    def test_they_are_in_the_transcript(self, program: Program) -> None:
        program(
            "start",
            *FAKE,
            "-n",
            "1",
            "--time-limit",
            "3",
            "--total-time",
            "20",
            stdin="One thing or another.\n",
        )

        assert "; limits: 3 min for each question, 20 min in all" in program("export").out

    @pytest.mark.parametrize("minutes", ["0", "-1", "soon", "1441", "1e999"])
    def test_a_limit_that_is_none_is_refused(self, program: Program, minutes: str) -> None:
        assert program("start", *FAKE, "--time-limit", minutes).code == 2


class TestPlain:
    def test_nothing_is_drawn(self, program: Program) -> None:
        said = program("start", *FAKE, "-n", "1", "--plain", stdin="One thing or another.\n").out

        assert not set(said) & set("─█░●○✓✗◐")

    def test_the_environment_can_ask_for_it(self, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("INTERVIEWER_PLAIN", "on")

        assert "─" not in program("start", *FAKE, "-n", "1", stdin="/quit").out


class TestLookingBack:
    def test_a_dispute_over_a_pipe_is_in_the_transcript_with_both_verdicts(self, program: Program) -> None:
        said = "The cache holds the keys and values.\n---\n/dispute 1 I said the keys and values.\n"

        outcome = program("start", *FAKE, "-q", "kv-cache", stdin=said)

        assert outcome.code == 0
        assert "Disputed, and judged again" in outcome.words
        text = program("export").out
        assert "Disputed: “I said the keys and values.”" in text
        assert "Judged again:" in text

    def test_a_second_try_is_in_the_transcript(self, program: Program) -> None:
        program(
            "start", *FAKE, "-q", "kv-cache", stdin="It holds keys.\n---\n/retry\nIt holds keys and values.\n"
        )

        assert "## Question 1 of 1, once more" in program("export").out

    def test_a_finished_interview_is_left_at_the_end_of_the_input(self, program: Program) -> None:
        outcome = program("start", *FAKE, "-q", "kv-cache", stdin="It holds keys and values.\n")

        assert outcome.code == 0
        assert "Paused" not in outcome.out
