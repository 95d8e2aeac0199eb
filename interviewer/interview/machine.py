"""The session loop without I/O: `decide` says what follows from a command; `state.evolve` applies it.

ask → answer → grade → feedback → follow-up or next → summary. In an exam: ask → answer → next, and grades
come in behind. The clock is an argument, grading is a `GradeWanted` that somebody else carries out and
answers with `TakeGrade` or `TakeFailure`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from interviewer.errors import OutOfTurnError
from interviewer.grading.models import Flag, Verdict
from interviewer.grading.score import credited, heaviest_first, turn_score
from interviewer.interview import looking_back
from interviewer.interview.events import (
    AnswerGraded,
    AnswerSubmitted,
    AskNudge,
    AskRepeat,
    Begin,
    Command,
    DisputeVerdict,
    DraftKept,
    End,
    Event,
    FollowUpAsked,
    FollowUpDeclined,
    GiveUp,
    GradingFailed,
    InterviewFinished,
    InterviewPaused,
    InterviewResumed,
    KeepDraft,
    NudgeGiven,
    Pause,
    QuestionAsked,
    QuestionRepeated,
    Retry,
    Skip,
    Submit,
    TakeFailure,
    TakeGrade,
    TakeRuling,
    TakeRulingFailure,
    TimeUp,
    TurnSkipped,
)
from interviewer.interview.models import (
    Answer,
    Draft,
    Failure,
    FollowUp,
    Interview,
    Mode,
    Status,
    Turn,
    TurnStatus,
)
from interviewer.interview.state import awaited, evolve, grade_wanted, grades_of, on_screen, ungraded
from interviewer.interview.timing import is_over, seconds_on_screen, spent_before

#: A first answer with one of these shows that there is nothing to follow up on.
_NOTHING_SAID = {Flag.EMPTY, Flag.RESTATED}


def decide(interview: Interview, command: Command, now: datetime) -> tuple[Event, ...]:
    """What follows from `command`, in order. Raises OutOfTurnError if it does not fit the moment."""
    match command:
        case Begin():
            return _begin(interview, now)
        case Submit(text=text):
            return _submitted(interview, _on_screen(interview), text, now)
        case GiveUp() | Skip():
            return _left(interview, command, now)
        case TimeUp(text=text):
            turn = _on_screen(interview)
            if turn.open_follow_up is not None and not text.strip():
                return _then_go_on(interview, (FollowUpDeclined(turn=turn.index),), now)
            return _submitted(interview, turn, text, now, timed_out=True)
        case KeepDraft(text=text):
            turn = _on_screen(interview)
            return (DraftKept(turn=turn.index, draft=_draft(turn, text, now)),)
        case AskRepeat():
            turn = _on_screen(interview)
            text = turn.open_follow_up.text if turn.open_follow_up else turn.question.text
            return (QuestionRepeated(turn=turn.index, text=text),)
        case AskNudge():
            turn = _on_screen(interview)
            return (NudgeGiven(turn=turn.index, text=turn.question.nudge),)
        case TakeGrade():
            return _graded(interview, command, now)
        case TakeFailure():
            return _failed(interview, command, now)
        case Retry(turn=index):
            return looking_back.retried(interview, index, now)
        case DisputeVerdict():
            return looking_back.disputed(interview, command, now)
        case TakeRuling() | TakeRulingFailure():
            return looking_back.settled(interview, command, now)
        case Pause():
            return _paused(interview, now)
        case End():
            return _ended(interview, now)


def _begin(interview: Interview, now: datetime) -> tuple[Event, ...]:
    if interview.status is Status.FINISHED:
        raise OutOfTurnError(
            "this interview is finished", hint="Read it with `interviewer show`, or start a new one."
        )
    fresh = all(t.status is TurnStatus.PLANNED for t in interview.turns)
    opening: tuple[Event, ...] = ()
    if not fresh:
        opening = (InterviewResumed(at=now), *ungraded(interview), *awaited(interview))
    turn = on_screen(interview)
    if turn is None and _stands_still(interview):
        return opening  # its grade goes on, to a follow-up perhaps
    if turn is None:
        return _then_go_on(interview, opening, now)
    if turn.open_follow_up is not None:
        follow_up = turn.open_follow_up.model_copy(update={"asked_at": now})
        spent = spent_before(turn)
        return (*opening, FollowUpAsked(turn=turn.index, follow_up=follow_up, again=True, spent=spent))
    return (*opening, _asked(turn, now, again=True))


def _stands_still(interview: Interview) -> bool:
    """Whether the question that was asked last waits for a grade, which says what is asked next."""
    if interview.settings.mode is Mode.EXAM or interview.latest is None:
        return False
    return any(a.grade is None and a.failure is None for a in interview.turns[interview.latest].answers)


def _submitted(
    interview: Interview,
    turn: Turn,
    text: str,
    now: datetime,
    *,
    gave_up: bool = False,
    timed_out: bool = False,
) -> tuple[Event, ...]:
    follow_up = turn.open_follow_up
    answer = Answer(
        prompt=follow_up.text if follow_up else None,
        criteria=follow_up.criteria if follow_up else (),
        text=text,
        submitted_at=now,
        seconds=seconds_on_screen(turn, now),
        gave_up=gave_up,
        timed_out=timed_out,
    )
    position = len(turn.answers)
    events = (
        AnswerSubmitted(turn=turn.index, position=position, answer=answer),
        grade_wanted(turn, position, answer),
    )
    # In an exam nobody waits for a grade: it comes in behind the next question.
    return _then_go_on(interview, events, now) if interview.settings.mode is Mode.EXAM else events


def _asked(turn: Turn, now: datetime, *, again: bool) -> QuestionAsked:
    return QuestionAsked(
        turn=turn.index, question=turn.question, at=now, again=again, spent=spent_before(turn)
    )


def _left(interview: Interview, command: GiveUp | Skip, now: datetime) -> tuple[Event, ...]:
    turn = _on_screen(interview)
    if turn.open_follow_up is not None:
        return _then_go_on(interview, (FollowUpDeclined(turn=turn.index),), now)
    if isinstance(command, GiveUp):
        return _submitted(interview, turn, "", now, gave_up=True)
    return _then_go_on(interview, (_skipped(turn, now),), now)


def _skipped(turn: Turn, now: datetime) -> TurnSkipped:
    return TurnSkipped(turn=turn.index, seconds=seconds_on_screen(turn, now))


def _draft(turn: Turn, text: str, now: datetime) -> Draft:
    return Draft(text=text, seconds=seconds_on_screen(turn, now), at=now)


def _paused(interview: Interview, now: datetime) -> tuple[Event, ...]:
    if interview.status is Status.FINISHED:
        return ()
    turn = on_screen(interview)
    if turn is None or interview.status is not Status.RUNNING:
        return (InterviewPaused(at=now),)
    # The draft keeps the time, too, so that a pause wins none.
    draft = _draft(turn, turn.draft.text if turn.draft else "", now)
    return (DraftKept(turn=turn.index, draft=draft), InterviewPaused(at=now))


def _ended(interview: Interview, now: datetime) -> tuple[Event, ...]:
    """The open question and all that were not reached are left out."""
    if interview.status is not Status.RUNNING:
        raise OutOfTurnError("no interview is going on")
    events: list[Event] = []
    for turn in interview.turns:
        if turn.open_follow_up is not None:
            events.append(FollowUpDeclined(turn=turn.index))
        elif turn.status is TurnStatus.ASKED:
            events.append(_skipped(turn, now))
    return _then_end(interview, tuple(events), now)


def _graded(interview: Interview, command: TakeGrade, now: datetime) -> tuple[Event, ...]:
    turn = _answered(interview, command.turn, command.position)
    graded_turn = turn.model_copy(
        update={
            "answers": tuple(
                a.model_copy(update={"grade": command.grade}) if i == command.position else a
                for i, a in enumerate(turn.answers)
            )
        }
    )
    grades = grades_of(graded_turn)
    if not grades:  # a follow-up graded before its first answer: the score must wait
        raise OutOfTurnError("the first answer of this question has no grade yet")
    score = turn_score(grades, turn.question, turn.rubric)
    graded = AnswerGraded(
        turn=turn.index, position=command.position, grade=command.grade, score=score, at=now
    )
    after = evolve(interview, graded)
    if not _is_waiting(interview, after.turns[turn.index]):
        return (graded, *_finish(after, now))
    follow_up = _follow_up(after, after.turns[turn.index], now)
    if follow_up is not None:
        return (graded, FollowUpAsked(turn=turn.index, follow_up=follow_up))
    return _then_go_on(interview, (graded,), now)


def _failed(interview: Interview, command: TakeFailure, now: datetime) -> tuple[Event, ...]:
    turn = _answered(interview, command.turn, command.position)
    failed = GradingFailed(
        turn=turn.index,
        position=command.position,
        failure=Failure(code=command.code, message=command.message, at=now),
    )
    after = evolve(interview, failed)
    if not _is_waiting(interview, after.turns[turn.index]):
        return (failed, *_finish(after, now))
    return _then_go_on(interview, (failed,), now)


def _is_waiting(interview: Interview, turn: Turn) -> bool:
    """Whether the interview stood still for `turn`, which has just been dealt with: it was asked last.

    While another answer of the turn is being graded it still does.
    """
    if interview.status is not Status.RUNNING or on_screen(interview) is not None:
        return False
    if any(answer.grade is None and answer.failure is None for answer in turn.answers):
        return False
    return turn.index == interview.latest


def _then_go_on(interview: Interview, events: tuple[Event, ...], now: datetime) -> tuple[Event, ...]:
    """`events`, then the next question, or the end."""
    after = _after(interview, events)
    if is_over(after):
        return _then_end(interview, events, now)
    following = next((t for t in after.turns if t.status is TurnStatus.PLANNED), None)
    if following is not None:
        return (*events, _asked(following, now, again=following.spent > 0))
    return (*events, *_finish(after, now))


def _then_end(interview: Interview, events: tuple[Event, ...], now: datetime) -> tuple[Event, ...]:
    """`events`, then what was not reached is left out."""
    after = _after(interview, events)
    # What was put back had its time on screen.
    left = tuple(
        TurnSkipped(turn=t.index, seconds=t.spent) for t in after.turns if t.status is TurnStatus.PLANNED
    )
    return (*events, *left, *_finish(_after(after, left), now))


def _after(interview: Interview, events: Iterable[Event]) -> Interview:
    for event in events:
        interview = evolve(interview, event)
    return interview


def _finish(interview: Interview, now: datetime) -> tuple[Event, ...]:
    """The end, once: nothing is asked, planned, or being graded; failed grades do not hold it up."""
    open_turns = any(
        t.status in {TurnStatus.PLANNED, TurnStatus.ASKED} or t.open_follow_up for t in interview.turns
    )
    being_graded = any(a.grade is None and a.failure is None for t in interview.turns for a in t.answers)
    if interview.status is not Status.RUNNING or open_turns or being_graded:
        return ()
    return (InterviewFinished(at=now),)


def _follow_up(interview: Interview, turn: Turn, now: datetime) -> FollowUp | None:
    """The follow-up to ask after the latest grade of `turn`; None if there is nothing to ask."""
    first = turn.answers[0]
    if interview.settings.mode is Mode.EXAM or is_over(interview):
        return None
    if len(turn.answers) > interview.settings.follow_ups or first.gave_up or first.grade is None:
        return None
    if _NOTHING_SAID & set(first.grade.flags):
        return None
    grades = grades_of(turn)
    met = {c.id for c in credited(grades, turn.question.criteria, turn.rubric) if c.verdict is Verdict.MET}
    unmet = tuple(heaviest_first([c for c in turn.question.criteria if c.id not in met]))
    asked = {a.prompt for a in turn.answers}
    for text in (grades[-1].follow_up, *(c.probe for c in unmet)):
        if unmet and text and text not in asked:
            return FollowUp(text=text, asked_at=now, criteria=tuple(c.id for c in unmet))
    return None


def _on_screen(interview: Interview) -> Turn:
    turn = on_screen(interview)
    if turn is None or interview.status is not Status.RUNNING:
        raise OutOfTurnError("no question is waiting for an answer")
    return turn


def _answered(interview: Interview, turn: int, position: int) -> Turn:
    if turn >= len(interview.turns) or position >= len(interview.turns[turn].answers):
        raise OutOfTurnError(f"turn {turn} has no answer {position} to grade")
    return interview.turns[turn]
