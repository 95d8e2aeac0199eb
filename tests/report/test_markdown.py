"""The document: its head, its summary, its technical data."""

from __future__ import annotations

import pytest

from interviewer.grading.models import Verdict
from interviewer.interview.models import Status
from interviewer.llm.usage import Usage
from interviewer.report.markdown import to_markdown
from interviewer.report.transcript import transcript_of
from tests.report.samples import (
    ASKED,
    FAILED,
    FAKED,
    FOLLOWED_UP,
    GRADED,
    PLANNED,
    SKIPPED,
    WHOLE,
    answer,
    judged,
    markdown_of,
    turn,
)
from tests.support.builders import at, question


def test_the_title_names_the_role() -> None:
    assert markdown_of(GRADED).startswith("# Mock interview: tester\n")


def test_the_date_is_told_in_utc() -> None:
    assert "- **Date**: 2026-01-05 19:00 UTC, finished 2026-01-05 19:31 UTC\n" in markdown_of(
        GRADED, status=Status.FINISHED, finished_at=at(1900)
    )


def test_the_bank_is_told_with_its_fingerprint() -> None:
    assert "- **Bank**: Bank of the tests, fingerprint `000000000000`\n" in markdown_of(GRADED)


def test_the_grader_is_told_once_however_many_questions_it_graded() -> None:
    assert "- **Grader**: llm, model `test-model`\n" in markdown_of(GRADED, FOLLOWED_UP)


def test_before_the_first_grade_the_chosen_grader_is_told() -> None:
    assert "- **Grader**: llm, model `test-model`; nothing is graded yet\n" in markdown_of(ASKED)


@pytest.mark.parametrize(
    ("status", "told"),
    [(Status.RUNNING, "not finished"), (Status.PAUSED, "paused"), (Status.FINISHED, "finished")],
)
def test_the_status_is_told(status: Status, told: str) -> None:
    assert f"- **Status**: {told}; 1 graded, 1 not graded yet, 1 skipped, 1 not answered yet\n" in (
        markdown_of(GRADED, FAILED, SKIPPED, PLANNED, status=status)
    )


def test_the_fake_grader_is_told_before_any_score() -> None:
    told = markdown_of(FAKED)

    assert told.index("**Not judged.** The grades here come from the fake grader.") < told.index("## Summary")


def test_some_fake_grades_are_told_as_some() -> None:
    assert "**Not judged.** Some grades here come from the fake grader." in markdown_of(FAKED, GRADED)


def test_a_model_s_grades_are_not_called_fake() -> None:
    assert "not judged" not in markdown_of(GRADED).lower()


# The summary


def test_the_summary_has_a_row_for_each_category() -> None:
    advanced = GRADED.model_copy(update={"question": question(category="advanced"), "score": 74.6})

    told = markdown_of(GRADED, advanced, FAILED)

    assert (
        "| Beginner | 50 | 1 of 2 |\n| Advanced | 74.6 | 1 of 1 |\n| **Overall** | **62.3** | 2 of 3 |"
        in told
    )


def test_without_a_grade_there_is_no_score() -> None:
    assert "| **Overall** | **–** | 0 of 1 |" in markdown_of(FAILED)


def test_it_says_that_what_is_not_graded_is_in_no_score() -> None:
    assert "Answers that are not graded yet and skipped questions are in no score." in markdown_of(SKIPPED)


# Technical data


def test_it_names_interview_program_and_seed() -> None:
    assert (
        "| Interview | `20260105-190000-aaaa` |\n"
        "| Program | mock-interviewer `1.2.3` |\n"
        "| Transcript | mock-interviewer/transcript, version 1 |\n"
        "| Bank | `tests`, fingerprint `000000000000` |\n"
        "| Seed | 1 |\n" in markdown_of(GRADED)
    )


def test_it_names_the_prompt_s_version() -> None:
    assert "| Grader | llm, model `test-model`, prompt version `p1` |\n" in markdown_of(GRADED)


def test_it_sums_the_tokens() -> None:
    told = markdown_of(GRADED, GRADED)

    assert (
        "| Requests to the grader | 4 |\n| Tokens | 2,468 in, of these 2,000 from a cache; 112 out |\n"
        in told
    )


def test_it_says_what_each_grade_took() -> None:
    assert "| 1, `latency` | first | llm | `r1` | 2 | 1,234 | 1,000 | 56 | 2.3 |\n" in markdown_of(GRADED)


def test_it_says_which_grades_came_from_the_cache() -> None:
    from_cache = turn(
        answer(grade=judged(Verdict.MET, usage=Usage(requests=0), latency_ms=1.2, cached=True)),
    )

    told = markdown_of(GRADED, from_cache)

    assert "| Grades from this program's cache | 1; nothing was asked for them |\n" in told
    assert "| 2, `latency` | first | llm | `r1` | from cache | – | – | – | 0.0 |\n" in told


def test_without_grades_from_the_cache_none_are_told() -> None:
    assert "this program's cache" not in markdown_of(GRADED)


def test_it_ends_with_one_line_break() -> None:
    told = to_markdown(transcript_of(WHOLE, "1.2.3"))

    assert told.endswith("|\n")


def test_it_holds_every_kind_of_turn_at_once() -> None:
    assert to_markdown(transcript_of(WHOLE, "1.2.3")).count("\n## Question ") == 11
