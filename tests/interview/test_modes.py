"""Exams, time limits and drafts: what follows when nobody waits, and when the clock runs."""

from __future__ import annotations

import pytest

from interviewer.errors import OutOfTurnError
from interviewer.interview.events import (
    AnswerGraded,
    AnswerSubmitted,
    Begin,
    DraftKept,
    End,
    FollowUpAsked,
    FollowUpDeclined,
    GradeWanted,
    InterviewFinished,
    KeepDraft,
    Pause,
    QuestionAsked,
    Skip,
    Submit,
    TakeGrade,
    TimeUp,
    TurnSkipped,
)
from interviewer.interview.models import Interview, Mode, Status, TurnStatus
from interviewer.interview.timing import seconds_used, time_left
from tests.interview.test_machine import GAPS, MET, Run, kinds
from tests.support.builders import at, interview, question


def begun(start: Interview) -> Run:
    run = Run(start)
    run.do(Begin())
    return run


@pytest.fixture
def exam() -> Run:
    return begun(interview(question("a"), question("b"), mode=Mode.EXAM))


class TestExam:
    def test_the_next_question_comes_without_the_grade(self, exam: Run) -> None:
        assert kinds(exam.do(Submit(text="words"))) == [AnswerSubmitted, GradeWanted, QuestionAsked]

    def test_a_grade_that_comes_in_behind_changes_nothing_on_screen(self, exam: Run) -> None:
        exam.do(Submit(text="words"))

        assert kinds(exam.do(TakeGrade(turn=0, position=0, grade=GAPS))) == [AnswerGraded]

    def test_no_follow_up_is_asked(self, exam: Run) -> None:
        exam.do(Submit(text="words"))
        exam.do(Submit(text="words"))
        exam.do(TakeGrade(turn=0, position=0, grade=GAPS))

        events = exam.do(TakeGrade(turn=1, position=0, grade=GAPS))

        assert kinds(events) == [AnswerGraded, InterviewFinished]

    def test_it_ends_with_the_last_grade_whichever_that_is(self, exam: Run) -> None:
        exam.do(Submit(text="words"))
        exam.do(Submit(text="words"))

        assert kinds(exam.do(TakeGrade(turn=1, position=0, grade=MET))) == [AnswerGraded]
        assert kinds(exam.do(TakeGrade(turn=0, position=0, grade=MET))) == [AnswerGraded, InterviewFinished]


class TestTimeLimits:
    def test_what_was_typed_is_sent_and_marked(self) -> None:
        run = begun(interview(question("a"), question_seconds=60))

        run.do(TimeUp(text="half a sen"), now=at(61))

        answer = run.interview.turns[0].answers[0]
        assert (answer.text, answer.timed_out, answer.gave_up) == ("half a sen", True, False)

    def test_a_follow_up_without_a_word_is_left(self) -> None:
        run = begun(interview(question("a"), question_seconds=60))
        run.do(Submit(text="words"))
        run.do(TakeGrade(turn=0, position=0, grade=GAPS))

        assert kinds(run.do(TimeUp(text=" "))) == [FollowUpDeclined, InterviewFinished]

    def test_the_nearer_limit_counts(self) -> None:
        run = begun(interview(question("a"), question("b"), question_seconds=60, total_seconds=90))
        run.do(Submit(text="words"), now=at(51))
        run.do(TakeGrade(turn=0, position=0, grade=MET), now=at(200))

        left = time_left(run.interview, run.interview.turns[1], at(210))

        assert (left.question, left.total, left.soonest) == (50.0, 30.0, 30.0)

    def test_waiting_for_a_grade_takes_no_time(self) -> None:
        run = begun(interview(question("a"), question("b")))
        run.do(Submit(text="words"), now=at(31))
        run.do(TakeGrade(turn=0, position=0, grade=MET), now=at(500))

        assert seconds_used(run.interview) == 30.0

    def test_a_skipped_question_took_its_time(self) -> None:
        run = begun(interview(question("a"), question("b")))

        run.do(Skip(), now=at(41))

        assert seconds_used(run.interview) == 40.0

    def test_once_the_whole_time_is_used_no_question_follows(self) -> None:
        run = begun(interview(question("a"), question("b"), question("c"), total_seconds=30))
        run.do(TimeUp(text="words"), now=at(32))

        events = run.do(TakeGrade(turn=0, position=0, grade=GAPS), now=at(40))

        assert kinds(events) == [AnswerGraded, TurnSkipped, TurnSkipped, InterviewFinished]

    def test_a_pause_wins_no_time(self) -> None:
        run = begun(interview(question("a"), question_seconds=60))
        run.do(Pause(), now=at(41))
        run.do(Begin(), now=at(9000))

        assert time_left(run.interview, run.interview.turns[0], at(9005)).question == 15.0


class TestDrafts:
    def test_a_draft_is_kept_with_the_time_it_took(self) -> None:
        run = begun(interview(question("a")))

        (event,) = run.do(KeepDraft(text="half a"), now=at(11))

        assert isinstance(event, DraftKept)
        assert (event.draft.text, event.draft.seconds) == ("half a", 10.0)

    def test_after_a_crash_the_draft_and_its_time_are_still_there(self) -> None:
        run = begun(interview(question("a")))
        run.do(KeepDraft(text="half a"), now=at(11))

        run.do(Begin(), now=at(500))

        turn = run.interview.turns[0]
        assert turn.draft is not None
        assert (turn.draft.text, turn.spent) == ("half a", 10.0)

    def test_an_answer_takes_the_place_of_its_draft(self) -> None:
        run = begun(interview(question("a")))
        run.do(KeepDraft(text="half a"))

        run.do(Submit(text="half a sentence"))

        assert run.interview.turns[0].draft is None

    def test_a_pause_keeps_the_draft(self) -> None:
        run = begun(interview(question("a")))
        run.do(KeepDraft(text="half a"))

        run.do(Pause())

        draft = run.interview.turns[0].draft
        assert draft is not None
        assert draft.text == "half a"

    def test_without_a_question_there_is_nothing_to_draft(self) -> None:
        run = begun(interview(question("a")))
        run.do(Submit(text="words"))

        with pytest.raises(OutOfTurnError):
            run.do(KeepDraft(text="more"))


class TestEnd:
    def test_what_is_not_answered_is_left_out(self) -> None:
        run = begun(interview(question("a"), question("b"), question("c")))

        assert kinds(run.do(End())) == [TurnSkipped, TurnSkipped, TurnSkipped, InterviewFinished]
        assert run.interview.status is Status.FINISHED

    def test_what_was_not_reached_was_never_asked(self) -> None:
        run = begun(interview(question("a"), question("b")))

        run.do(End())

        assert [t.asked_at is None for t in run.interview.turns] == [False, True]

    def test_an_open_follow_up_is_left_and_the_turn_keeps_its_grade(self) -> None:
        run = begun(interview(question("a")))
        run.do(Submit(text="words"))
        assert kinds(run.do(TakeGrade(turn=0, position=0, grade=GAPS))) == [AnswerGraded, FollowUpAsked]

        assert kinds(run.do(End())) == [FollowUpDeclined, InterviewFinished]
        assert run.interview.turns[0].status is TurnStatus.GRADED

    def test_grades_on_their_way_are_waited_for(self) -> None:
        run = begun(interview(question("a"), question("b"), mode=Mode.EXAM))
        run.do(Submit(text="words"))

        assert kinds(run.do(End())) == [TurnSkipped]
        assert kinds(run.do(TakeGrade(turn=0, position=0, grade=MET))) == [AnswerGraded, InterviewFinished]

    def test_an_interview_that_is_over_cannot_be_ended_again(self) -> None:
        run = begun(interview(question("a")))
        run.do(End())

        with pytest.raises(OutOfTurnError):
            run.do(End())
