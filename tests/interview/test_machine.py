"""The session loop: what follows from what, without any I/O."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import OutOfTurnError
from interviewer.grading.models import CriterionGrade, Flag, Grade, Verdict
from interviewer.interview.events import (
    AnswerGraded,
    AnswerSubmitted,
    AskNudge,
    AskRepeat,
    Begin,
    Command,
    DraftKept,
    Event,
    FollowUpAsked,
    FollowUpDeclined,
    GiveUp,
    GradeWanted,
    GradingFailed,
    InterviewFinished,
    InterviewPaused,
    InterviewResumed,
    NudgeGiven,
    Pause,
    QuestionAsked,
    QuestionRepeated,
    Skip,
    Submit,
    TakeFailure,
    TakeGrade,
    TurnSkipped,
)
from interviewer.interview.machine import decide
from interviewer.interview.models import Interview, Status, TurnStatus
from interviewer.interview.state import evolve, on_screen, ungraded
from tests.support.builders import at, grade, interview, question

MET = grade(
    100, criteria=tuple(CriterionGrade(id=i, verdict=Verdict.MET) for i in ("one-request", "many-requests"))
)
GAPS = grade(
    50,
    criteria=(
        CriterionGrade(id="one-request", verdict=Verdict.MET),
        CriterionGrade(id="many-requests", verdict=Verdict.MISSING),
    ),
    follow_up="And when many come at once?",
)
FAILED = TakeFailure(turn=0, position=0, code="service_down", message="no answer")


class Run:
    """An interview that commands are played on, one second apart."""

    def __init__(self, start: Interview) -> None:
        self.interview = start
        self.seconds = 0.0

    def do(self, command: Command, now: datetime | None = None) -> tuple[Event, ...]:
        self.seconds += 1
        events = decide(self.interview, command, now or at(self.seconds))
        for event in events:
            self.interview = evolve(self.interview, event)
        return events


@pytest.fixture
def run() -> Run:
    begun = Run(interview())
    begun.do(Begin())
    return begun


def kinds(events: tuple[Event, ...]) -> list[type]:
    return [type(e) for e in events]


def test_an_interview_begins_with_its_first_question() -> None:
    events = Run(interview()).do(Begin())

    assert kinds(events) == [QuestionAsked]
    assert isinstance(events[0], QuestionAsked)
    assert (events[0].turn, events[0].again) == (0, False)


def test_an_answer_is_stored_before_its_grade_is_wanted(run: Run) -> None:
    assert kinds(run.do(Submit(text="my answer"))) == [AnswerSubmitted, GradeWanted]


def test_an_answer_is_kept_exactly_with_the_time_it_took(run: Run) -> None:
    run.do(Submit(text="  my\n answer "))

    answer = run.interview.turns[0].answers[0]
    assert (answer.text, answer.seconds) == ("  my\n answer ", 1.0)


def test_a_clock_that_was_set_back_gives_no_negative_time(run: Run) -> None:
    run.do(Submit(text="my answer"), now=at(-500))

    assert run.interview.turns[0].answers[0].seconds == 0.0


def test_a_submitted_answer_is_pending_and_has_no_score(run: Run) -> None:
    run.do(Submit(text="my answer"))

    assert (run.interview.turns[0].status, run.interview.turns[0].score) == (TurnStatus.PENDING, None)


def test_a_full_answer_is_followed_by_the_next_question(run: Run) -> None:
    run.do(Submit(text="my answer"))

    assert kinds(run.do(TakeGrade(turn=0, position=0, grade=MET))) == [AnswerGraded, QuestionAsked]


def test_a_gap_is_followed_up_with_the_grader_s_question(run: Run) -> None:
    run.do(Submit(text="my answer"))

    events = run.do(TakeGrade(turn=0, position=0, grade=GAPS))

    assert isinstance(events[1], FollowUpAsked)
    assert events[1].follow_up.text == "And when many come at once?"
    assert events[1].follow_up.criteria == ("many-requests",)


def test_without_follow_ups_a_gap_is_left() -> None:
    run = Run(interview(follow_ups=0))
    run.do(Begin())
    run.do(Submit(text="my answer"))

    assert kinds(run.do(TakeGrade(turn=0, position=0, grade=GAPS))) == [AnswerGraded, QuestionAsked]


def test_a_follow_up_s_answer_is_judged_on_the_gaps_alone(run: Run) -> None:
    run.do(Submit(text="my answer"))
    run.do(TakeGrade(turn=0, position=0, grade=GAPS))

    wanted = run.do(Submit(text="more"))[1]

    assert isinstance(wanted, GradeWanted)
    assert (wanted.position, wanted.task.only) == (1, ("many-requests",))
    assert wanted.task.follow_up == "And when many come at once?"


def test_what_a_follow_up_wins_is_in_the_turn_s_score(run: Run) -> None:
    run.do(Submit(text="my answer"))
    run.do(TakeGrade(turn=0, position=0, grade=GAPS))
    run.do(Submit(text="more"))

    won = grade(100, criteria=(CriterionGrade(id="many-requests", verdict=Verdict.MET),))
    events = run.do(TakeGrade(turn=0, position=1, grade=won))

    assert kinds(events) == [AnswerGraded, QuestionAsked]
    assert run.interview.turns[0].score == 75.0


@pytest.mark.parametrize("decline", [Skip(), GiveUp()])
def test_a_declined_follow_up_leaves_the_score(run: Run, decline: Command) -> None:
    run.do(Submit(text="my answer"))
    run.do(TakeGrade(turn=0, position=0, grade=GAPS))

    assert kinds(run.do(decline)) == [FollowUpDeclined, QuestionAsked]
    assert run.interview.turns[0].score == 50.0


def test_a_skipped_question_has_neither_answer_nor_score(run: Run) -> None:
    assert kinds(run.do(Skip())) == [TurnSkipped, QuestionAsked]
    turn = run.interview.turns[0]
    assert (turn.status, turn.answers, turn.score) == (TurnStatus.SKIPPED, (), None)


def test_giving_up_is_an_answer_that_shows_nothing(run: Run) -> None:
    assert kinds(run.do(GiveUp())) == [AnswerSubmitted, GradeWanted]
    answer = run.interview.turns[0].answers[0]
    assert (answer.text, answer.gave_up) == ("", True)


def test_nobody_is_probed_after_giving_up(run: Run) -> None:
    run.do(GiveUp())

    assert kinds(run.do(TakeGrade(turn=0, position=0, grade=GAPS))) == [AnswerGraded, QuestionAsked]


def test_nobody_is_probed_when_there_was_nothing_to_grade(run: Run) -> None:
    run.do(Submit(text="..."))

    nothing = GAPS.model_copy(update={"flags": (Flag.EMPTY,)})
    assert kinds(run.do(TakeGrade(turn=0, position=0, grade=nothing))) == [AnswerGraded, QuestionAsked]


def test_a_question_is_repeated_on_request(run: Run) -> None:
    (event,) = run.do(AskRepeat())

    assert isinstance(event, QuestionRepeated)
    assert event.text == run.interview.turns[0].question.text
    assert run.interview.turns[0].repeats == 1


def test_a_follow_up_is_repeated_on_request(run: Run) -> None:
    run.do(Submit(text="my answer"))
    run.do(TakeGrade(turn=0, position=0, grade=GAPS))

    (event,) = run.do(AskRepeat())

    assert isinstance(event, QuestionRepeated)
    assert event.text == "And when many come at once?"


def test_a_nudge_is_given_and_counted(run: Run) -> None:
    (event,) = run.do(AskNudge())

    assert event == NudgeGiven(turn=0, text="Think of one request, then of many.")
    assert run.interview.turns[0].nudges == 1


def test_a_question_without_a_nudge_says_so() -> None:
    run = Run(interview(question(nudge=None)))
    run.do(Begin())

    assert run.do(AskNudge()) == (NudgeGiven(turn=0, text=None),)


def test_a_failed_grade_leaves_the_answer_pending_and_the_interview_goes_on(run: Run) -> None:
    run.do(Submit(text="my answer"))

    assert kinds(run.do(FAILED)) == [GradingFailed, QuestionAsked]
    turn = run.interview.turns[0]
    assert (turn.status, turn.score, turn.answers[0].text) == (TurnStatus.PENDING, None, "my answer")


def test_an_interview_finishes_with_answers_that_could_not_be_graded() -> None:
    run = Run(interview(question()))
    run.do(Begin())
    run.do(Submit(text="my answer"))

    assert kinds(run.do(FAILED)) == [GradingFailed, InterviewFinished]
    assert [w.position for w in ungraded(run.interview)] == [0]


def test_a_grade_that_comes_after_the_end_is_taken() -> None:
    run = Run(interview(question()))
    for command in (Begin(), Submit(text="my answer"), FAILED):
        run.do(command)

    assert kinds(run.do(TakeGrade(turn=0, position=0, grade=GAPS))) == [AnswerGraded]
    assert run.interview.turns[0].status is TurnStatus.GRADED


def test_a_paused_interview_asks_the_same_question_again(run: Run) -> None:
    assert kinds(run.do(Pause())) == [DraftKept, InterviewPaused]

    events = run.do(Begin())

    assert kinds(events) == [InterviewResumed, QuestionAsked]
    assert isinstance(events[1], QuestionAsked)
    assert (events[1].turn, events[1].again) == (0, True)


def test_time_away_does_not_count_and_time_before_it_does(run: Run) -> None:
    run.do(Pause(), now=at(21))
    run.do(Begin(), now=at(5000))
    run.do(Submit(text="my answer"), now=at(5030))

    assert run.interview.turns[0].answers[0].seconds == 20.0 + 30.0


def test_a_resumed_interview_asks_an_open_follow_up_again(run: Run) -> None:
    run.do(Submit(text="my answer"))
    run.do(TakeGrade(turn=0, position=0, grade=GAPS))
    run.do(Pause())

    events = run.do(Begin())

    assert kinds(events) == [InterviewResumed, FollowUpAsked]
    assert isinstance(events[1], FollowUpAsked)
    assert events[1].again


def test_an_answer_that_a_crash_left_ungraded_is_graded_on_resume(run: Run) -> None:
    run.do(Submit(text="my answer"))

    assert kinds(run.do(Begin())) == [InterviewResumed, GradeWanted]
    assert kinds(run.do(TakeGrade(turn=0, position=0, grade=GAPS))) == [AnswerGraded, FollowUpAsked]


def test_what_cannot_be_graded_after_a_crash_holds_nothing_up(run: Run) -> None:
    run.do(Submit(text="my answer"))
    run.do(Begin())

    assert kinds(run.do(FAILED)) == [GradingFailed, QuestionAsked]


def test_a_late_grade_does_not_disturb_the_question_on_screen(run: Run) -> None:
    run.do(Submit(text="my answer"))
    run.do(FAILED)

    assert kinds(run.do(TakeGrade(turn=0, position=0, grade=GAPS))) == [AnswerGraded]


def test_the_last_answer_s_grade_ends_the_interview(run: Run) -> None:
    run.do(Skip())
    run.do(Submit(text="my answer"))

    assert kinds(run.do(TakeGrade(turn=1, position=0, grade=MET))) == [AnswerGraded, InterviewFinished]
    assert run.interview.status is Status.FINISHED


def test_skipping_the_last_question_ends_the_interview(run: Run) -> None:
    run.do(Skip())

    assert kinds(run.do(Skip())) == [TurnSkipped, InterviewFinished]


@pytest.mark.parametrize("command", [Submit(text="again"), Skip(), GiveUp(), AskRepeat(), AskNudge()])
def test_what_does_not_fit_the_moment_is_refused(run: Run, command: Command) -> None:
    run.do(Submit(text="my answer"))

    with pytest.raises(OutOfTurnError):
        run.do(command)


def test_a_finished_interview_does_not_begin_again(run: Run) -> None:
    run.do(Skip())
    run.do(Skip())

    with pytest.raises(OutOfTurnError):
        run.do(Begin())


def test_a_grade_for_an_answer_that_is_not_there_is_refused(run: Run) -> None:
    with pytest.raises(OutOfTurnError):
        run.do(TakeGrade(turn=0, position=0, grade=MET))


def graded_or_failed(run: Run, found: Grade | None) -> tuple[Event, ...]:
    wanted = next(iter(ungraded(run.interview)))
    where = {"turn": wanted.turn, "position": wanted.position}
    if found is None:
        return run.do(TakeFailure(code="service_down", message="no answer", **where))
    return run.do(TakeGrade(grade=found, **where))


@given(st.lists(st.sampled_from("submit skip give-up nudge repeat pause met gaps fail".split()), max_size=40))
def test_whatever_a_candidate_does_no_answer_is_lost_and_the_end_is_reached_once(said: list[str]) -> None:
    run = Run(interview(question("a"), question("b"), question("c")))
    run.do(Begin())
    submitted = 0
    ends = 0
    commands: dict[str, Command] = {
        "submit": Submit(text="words"),
        "skip": Skip(),
        "give-up": GiveUp(),
        "nudge": AskNudge(),
        "repeat": AskRepeat(),
    }
    for word in said:
        try:
            if word == "pause":
                events = run.do(Pause())
                events += run.do(Begin()) if run.interview.status is Status.PAUSED else ()
            elif word in commands:
                events = run.do(commands[word])
                submitted += word in {"submit", "give-up"} and isinstance(events[0], AnswerSubmitted)
            elif any(ungraded(run.interview)):
                events = graded_or_failed(run, {"met": MET, "gaps": GAPS, "fail": None}[word])
            else:
                continue
        except OutOfTurnError:
            continue
        ends += sum(isinstance(e, InterviewFinished) for e in events)

    assert sum(len(t.answers) for t in run.interview.turns) == submitted
    assert ends == (run.interview.status is Status.FINISHED)
    asked = [t for t in run.interview.turns if t.status is TurnStatus.ASKED or t.open_follow_up]
    assert len(asked) <= 1
    assert on_screen(run.interview) == (asked[0] if asked else None)
    for turn in run.interview.turns:
        assert (turn.score is not None) == bool(turn.answers and turn.answers[0].grade)
