"""What an interview comes to: an ungraded turn is in no score."""

from __future__ import annotations

from interviewer.grading.models import Flag, Grade
from interviewer.interview.events import Begin, Command, GiveUp, Skip, Submit, TakeFailure, TakeGrade
from interviewer.interview.machine import decide
from interviewer.interview.models import Interview
from interviewer.interview.state import evolve
from interviewer.interview.summary import Summary, summary_of
from interviewer.llm.usage import Usage
from tests.support.builders import ANSWER, at, grade, interview, question


def after(*commands: Command, of: Interview | None = None) -> Summary:
    """The summary after `commands`, one every ten seconds."""
    state = of or interview(question("a"), question("b", category="advanced"), follow_ups=0)
    for tick, command in enumerate((Begin(), *commands)):
        for event in decide(state, command, at(10 * tick)):
            state = evolve(state, event)
    return summary_of(state)


def graded(turn: int, usage: Usage | None = None) -> TakeGrade:
    judged: Grade = grade().model_copy(update={"usage": usage})
    return TakeGrade(turn=turn, position=0, grade=judged)


def test_an_interview_without_a_grade_has_no_score() -> None:
    assert after().score is None


def test_a_turn_whose_grading_failed_is_in_no_average() -> None:
    failure = TakeFailure(turn=1, position=0, code="service_down", message="no route")

    summary = after(Submit(text=ANSWER), graded(0), Submit(text=ANSWER), failure)

    assert (summary.score, summary.pending) == (75.0, 1)


def test_a_skipped_turn_is_in_no_average() -> None:
    summary = after(Submit(text=ANSWER), graded(0), Skip())

    assert (summary.score, summary.skipped) == (75.0, 1)


def test_giving_up_counts_as_zero() -> None:
    nothing = grade(0.0).model_copy(update={"criteria": (), "flags": (Flag.EMPTY,)})

    summary = after(Submit(text=ANSWER), graded(0), GiveUp(), TakeGrade(turn=1, position=0, grade=nothing))

    assert summary.score == 37.5


def test_categories_come_in_the_banks_order_with_their_own_scores() -> None:
    summary = after(Submit(text=ANSWER), graded(0))

    assert [(c.id, c.score) for c in summary.by_category] == [("beginner", 75.0), ("advanced", None)]


def test_turns_of_every_state_add_up_to_all() -> None:
    summary = after(Submit(text=ANSWER), graded(0))

    assert summary.graded + summary.pending + summary.skipped + summary.planned == 2


def test_time_is_what_was_spent_answering() -> None:
    summary = after(Submit(text=ANSWER), graded(0), Submit(text=ANSWER))

    assert summary.seconds == 20  # the first answer took 10 s, the second was on screen for another 10


def test_usage_is_summed_over_the_grades_that_report_it() -> None:
    spent = Usage(requests=1, input_tokens=100, output_tokens=20)

    summary = after(Submit(text=ANSWER), graded(0, spent), Submit(text=ANSWER), graded(1))

    assert summary.usage == spent


def test_grades_from_the_cache_are_counted_and_take_no_requests() -> None:
    spent = Usage(requests=1, input_tokens=100, output_tokens=20)
    from_cache = grade().model_copy(update={"usage": Usage(requests=0), "cached": True})
    again = TakeGrade(turn=1, position=0, grade=from_cache)

    summary = after(Submit(text=ANSWER), graded(0, spent), Submit(text=ANSWER), again)

    assert (summary.cached, summary.usage) == (1, spent)


def test_each_grader_is_named_once() -> None:
    summary = after(Submit(text=ANSWER), graded(0), Submit(text=ANSWER), graded(1))

    assert [g.model for g in summary.graders] == ["test-model"]
