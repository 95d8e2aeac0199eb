"""Trying a question once more, and disputing a verdict."""

from __future__ import annotations

import pytest

from interviewer.errors import OutOfTurnError
from interviewer.grading.models import CriterionGrade, Verdict
from interviewer.interview.events import (
    AnswerGraded,
    Begin,
    DisputeFailed,
    DisputeSettled,
    DisputeVerdict,
    InterviewFinished,
    InterviewResumed,
    QuestionAsked,
    QuestionPutBack,
    Retry,
    RulingWanted,
    Skip,
    Submit,
    TakeGrade,
    TakeRuling,
    TakeRulingFailure,
    TurnAdded,
    VerdictDisputed,
)
from interviewer.interview.looking_back import MOST_ARGUMENT_CHARACTERS
from interviewer.interview.models import Mode, TurnStatus
from interviewer.interview.state import awaited, grades_of, unsettled
from interviewer.interview.summary import summary_of
from tests.interview.test_machine import GAPS, MET, Run, kinds
from tests.support.builders import grade, interview, question

RULED_MET = grade(100, criteria=(CriterionGrade(id="many-requests", verdict=Verdict.MET),))


@pytest.fixture
def run() -> Run:
    """The first of two questions is graded with a gap, and the second is on screen."""
    run = Run(interview(question("a"), question("b"), follow_ups=0))
    for command in (Begin(), Submit(text="what one request takes, and many"), graded(0, GAPS)):
        run.do(command)
    return run


def graded(turn: int, found: object, position: int = 0) -> TakeGrade:
    return TakeGrade.model_validate({"turn": turn, "position": position, "grade": found})


def dispute(argument: str = "I named many requests.", criterion: str = "many-requests") -> DisputeVerdict:
    return DisputeVerdict(turn=0, criterion=criterion, argument=argument)


class TestRetry:
    def test_the_question_comes_once_more_and_the_one_on_screen_waits(self, run: Run) -> None:
        assert kinds(run.do(Retry(turn=0))) == [QuestionPutBack, TurnAdded, QuestionAsked]
        assert run.interview.turns[2].question.id == "a"
        assert run.interview.turns[2].retry_of == 0

    def test_then_the_one_that_waited_comes_again(self, run: Run) -> None:
        run.do(Retry(turn=0))
        run.do(Submit(text="better words"))

        events = run.do(graded(2, MET))

        assert kinds(events) == [AnswerGraded, QuestionAsked]
        assert isinstance(events[1], QuestionAsked)
        assert (events[1].turn, events[1].again) == (1, True)

    def test_after_that_the_interview_goes_on_to_its_end(self, run: Run) -> None:
        for command in (Retry(turn=0), Submit(text="better"), graded(2, MET), Submit(text="words")):
            run.do(command)

        assert kinds(run.do(graded(1, MET))) == [AnswerGraded, InterviewFinished]

    def test_the_first_try_keeps_its_score_and_the_second_is_in_no_average(self, run: Run) -> None:
        for command in (Retry(turn=0), Submit(text="better"), graded(2, MET)):
            run.do(command)

        summary = summary_of(run.interview)

        assert run.interview.turns[2].score == 100.0
        assert (summary.score, summary.graded, summary.retries) == (50.0, 1, 1)

    def test_a_finished_interview_goes_on_for_it(self, run: Run) -> None:
        run.do(Skip())

        assert kinds(run.do(Retry(turn=0))) == [InterviewResumed, TurnAdded, QuestionAsked]
        run.do(Submit(text="better"))
        assert kinds(run.do(graded(2, MET))) == [AnswerGraded, InterviewFinished]

    def test_a_try_of_a_try_belongs_to_the_first(self, run: Run) -> None:
        for command in (Retry(turn=0), Submit(text="better"), graded(2, GAPS), Retry(turn=2)):
            run.do(command)

        assert run.interview.turns[3].retry_of == 0

    def test_a_question_without_a_grade_cannot_be_tried_again(self, run: Run) -> None:
        with pytest.raises(OutOfTurnError):
            run.do(Retry(turn=1))

    def test_one_question_is_tried_again_at_a_time(self, run: Run) -> None:
        run.do(Retry(turn=0))

        with pytest.raises(OutOfTurnError, match="already"):
            run.do(Retry(turn=0))

    def test_in_an_exam_a_question_is_asked_once(self) -> None:
        run = Run(interview(question("a"), question("b"), mode=Mode.EXAM))
        for command in (Begin(), Submit(text="words"), graded(0, GAPS)):
            run.do(command)

        with pytest.raises(OutOfTurnError, match="exam"):
            run.do(Retry(turn=0))


class TestDispute:
    def test_a_second_look_at_that_criterion_alone_is_wanted(self, run: Run) -> None:
        events = run.do(dispute())

        assert kinds(events) == [VerdictDisputed, RulingWanted]
        assert isinstance(events[1], RulingWanted)
        task = events[1].task
        assert (task.only, task.argument) == (("many-requests",), "I named many requests.")

    def test_the_ruling_counts_and_the_first_verdict_stays_on_record(self, run: Run) -> None:
        run.do(dispute())

        (event,) = run.do(TakeRuling(turn=0, criterion="many-requests", grade=RULED_MET))

        turn = run.interview.turns[0]
        assert isinstance(event, DisputeSettled)
        assert (event.score, turn.score) == (100.0, 100.0)
        assert turn.disputes[0].before is Verdict.MISSING
        assert turn.answers[0].grade == GAPS
        assert [c.verdict for c in grades_of(turn)[0].criteria] == [Verdict.MET, Verdict.MET]

    def test_a_ruling_may_go_against_the_candidate(self, run: Run) -> None:
        run.do(dispute(criterion="one-request"))
        ruling = grade(0, criteria=(CriterionGrade(id="one-request", verdict=Verdict.MISSING),))

        run.do(TakeRuling(turn=0, criterion="one-request", grade=ruling))

        assert run.interview.turns[0].score == 0.0

    def test_a_verdict_is_disputed_once(self, run: Run) -> None:
        run.do(dispute())
        run.do(TakeRuling(turn=0, criterion="many-requests", grade=RULED_MET))

        with pytest.raises(OutOfTurnError, match="before"):
            run.do(dispute("And another thing."))

    def test_a_second_look_that_failed_may_be_asked_for_again(self, run: Run) -> None:
        failure = TakeRulingFailure(turn=0, criterion="many-requests", code="deadline", message="late")
        run.do(dispute())
        assert kinds(run.do(failure)) == [DisputeFailed]

        assert kinds(run.do(dispute("Once more."))) == [VerdictDisputed, RulingWanted]
        assert len(run.interview.turns[0].disputes) == 1

    def test_one_that_failed_stays_unsettled_but_nobody_waits_for_it(self, run: Run) -> None:
        run.do(dispute())
        run.do(TakeRulingFailure(turn=0, criterion="many-requests", code="deadline", message="late"))

        assert [w.criterion for w in unsettled(run.interview)] == ["many-requests"]
        assert list(awaited(run.interview)) == []

    def test_what_a_crash_left_open_is_looked_at_on_resume(self, run: Run) -> None:
        run.do(dispute())

        assert [w.criterion for w in awaited(run.interview)] == ["many-requests"]
        assert kinds(run.do(Begin())) == [InterviewResumed, RulingWanted, QuestionAsked]

    def test_the_argument_chooses_the_answer_that_it_is_about(self) -> None:
        run = Run(interview(question("a"), question("b")))
        for command in (Begin(), Submit(text="one request"), graded(0, GAPS)):
            run.do(command)
        run.do(Submit(text="throughput counts finished requests per second"))
        only = grade(0, criteria=(CriterionGrade(id="many-requests", verdict=Verdict.MISSING),))
        run.do(graded(0, only, position=1))

        run.do(dispute("I said that throughput counts finished requests."))

        assert run.interview.turns[0].disputes[0].position == 1

    @pytest.mark.parametrize(
        "refused",
        [
            dispute(criterion="no-such-point"),
            dispute("  "),
            dispute("x" * (MOST_ARGUMENT_CHARACTERS + 1)),
            DisputeVerdict(turn=1, criterion="many-requests", argument="It has no grade."),
            DisputeVerdict(turn=9, criterion="many-requests", argument="There is no such turn."),
        ],
    )
    def test_what_cannot_be_disputed_is_refused(self, run: Run, refused: DisputeVerdict) -> None:
        with pytest.raises(OutOfTurnError):
            run.do(refused)

    def test_while_a_follow_up_is_open_nothing_is_disputed(self) -> None:
        run = Run(interview(question("a")))
        for command in (Begin(), Submit(text="words"), graded(0, GAPS)):
            run.do(command)
        assert run.interview.turns[0].status is TurnStatus.GRADED

        with pytest.raises(OutOfTurnError, match="follow-up"):
            run.do(dispute())

    def test_a_dispute_is_counted_in_the_summary(self, run: Run) -> None:
        run.do(dispute())
        run.do(TakeRuling(turn=0, criterion="many-requests", grade=RULED_MET))

        assert summary_of(run.interview).disputes == 1
