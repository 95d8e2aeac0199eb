"""The session loop without I/O: `decide` says what follows from a command, `evolve` applies it.

ask → answer → grade → feedback → follow-up or next → summary. The clock is an argument, grading is a
`GradeWanted` that somebody else carries out and answers with `TakeGrade` or `TakeFailure`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from interviewer.errors import OutOfTurnError
from interviewer.grading.models import Flag, Grade, GradingTask, Verdict
from interviewer.grading.score import credited, heaviest_first, turn_score
from interviewer.interview.events import (
    AnswerGraded,
    AnswerSubmitted,
    AskNudge,
    AskRepeat,
    Begin,
    Command,
    Event,
    FollowUpAsked,
    FollowUpDeclined,
    GiveUp,
    GradeWanted,
    GradingFailed,
    InterviewFinished,
    InterviewPaused,
    InterviewResumed,
    InterviewStarted,
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
from interviewer.interview.models import (
    Answer,
    Failure,
    FollowUp,
    Interview,
    Status,
    Turn,
    TurnStatus,
)

#: A first answer with one of these shows that there is nothing to follow up on.
_NOTHING_SAID = {Flag.EMPTY, Flag.RESTATED}


def decide(interview: Interview, command: Command, now: datetime) -> tuple[Event, ...]:
    """What follows from `command`, in order. Raises OutOfTurnError if it does not fit the moment."""
    match command:
        case Begin():
            return _begin(interview, now)
        case Submit(text=text):
            return _submitted(interview, text, now, gave_up=False)
        case GiveUp():
            turn = _on_screen(interview)
            if turn.open_follow_up is not None:
                return _declined(interview, turn, now)
            return _submitted(interview, "", now, gave_up=True)
        case Skip():
            turn = _on_screen(interview)
            if turn.open_follow_up is not None:
                return _declined(interview, turn, now)
            return _then_go_on(interview, (TurnSkipped(turn=turn.index),), now)
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
        case Pause():
            return () if interview.status is Status.FINISHED else (InterviewPaused(at=now),)


def evolve(interview: Interview, event: Event) -> Interview:
    """`interview` after `event`. Events that change nothing leave it as it is."""
    match event:
        case InterviewStarted():
            return event.interview
        case InterviewResumed():
            return interview.model_copy(update={"status": Status.RUNNING})
        case InterviewPaused():
            return interview.model_copy(update={"status": Status.PAUSED})
        case InterviewFinished(at=at):
            return interview.model_copy(update={"status": Status.FINISHED, "finished_at": at})
        case GradeWanted():
            return interview
        case _:
            turn = _evolve_turn(interview.turns[event.turn], event)
            turns = (*interview.turns[: event.turn], turn, *interview.turns[event.turn + 1 :])
            return interview.model_copy(update={"turns": turns})


def on_screen(interview: Interview) -> Turn | None:
    """The turn whose question or follow-up waits for the candidate; None if none does."""
    return next(
        (t for t in interview.turns if t.status is TurnStatus.ASKED or t.open_follow_up is not None), None
    )


def ungraded(interview: Interview) -> Iterator[GradeWanted]:
    """What is still to be graded: every answer without a grade, whether it failed before or not."""
    return _wanted_where(interview, lambda answer: answer.grade is None)


def provisional(interview: Interview) -> Iterator[GradeWanted]:
    """What was graded for the time being, and is to be graded by the grader that was out of reach."""
    return _wanted_where(interview, is_provisional)


def is_provisional(answer: Answer) -> bool:
    """Whether the answer's grade is one for the time being."""
    return answer.grade is not None and Flag.PROVISIONAL in answer.grade.flags


def _wanted_where(interview: Interview, is_wanted: Callable[[Answer], bool]) -> Iterator[GradeWanted]:
    for turn in interview.turns:
        for position, answer in enumerate(turn.answers):
            if is_wanted(answer):
                yield _wanted(turn, position, answer)


def _evolve_turn(turn: Turn, event: Event) -> Turn:
    match event:
        case QuestionAsked(at=at):
            return turn.model_copy(update={"status": TurnStatus.ASKED, "asked_at": at})
        case FollowUpAsked(follow_up=follow_up):
            return turn.model_copy(update={"open_follow_up": follow_up})
        case FollowUpDeclined():
            return turn.model_copy(update={"open_follow_up": None})
        case QuestionRepeated():
            return turn.model_copy(update={"repeats": turn.repeats + 1})
        case NudgeGiven():
            return turn.model_copy(update={"nudges": turn.nudges + 1})
        case TurnSkipped():
            return turn.model_copy(update={"status": TurnStatus.SKIPPED})
        case AnswerSubmitted(answer=answer):
            # A turn that has its grade keeps it while a follow-up answer is judged.
            status = turn.status if turn.answers else TurnStatus.PENDING
            return turn.model_copy(
                update={"status": status, "answers": (*turn.answers, answer), "open_follow_up": None}
            )
        case AnswerGraded(position=position, grade=grade, score=score):
            answers = _replaced(turn.answers, position, {"grade": grade, "failure": None})
            status = TurnStatus.GRADED if answers[0].grade is not None else turn.status
            return turn.model_copy(update={"status": status, "answers": answers, "score": score})
        case GradingFailed(position=position, failure=failure):
            return turn.model_copy(
                update={"answers": _replaced(turn.answers, position, {"failure": failure})}
            )
        case _:
            raise TypeError(f"not an event of a turn: {type(event).__name__}")


def _replaced(answers: tuple[Answer, ...], position: int, update: dict[str, object]) -> tuple[Answer, ...]:
    return (
        *answers[:position],
        answers[position].model_copy(update=update),
        *answers[position + 1 :],
    )


def _begin(interview: Interview, now: datetime) -> tuple[Event, ...]:
    if interview.status is Status.FINISHED:
        raise OutOfTurnError(
            "this interview is finished", hint="Read it with `interviewer show`, or start a new one."
        )
    fresh = all(t.status is TurnStatus.PLANNED for t in interview.turns)
    opening: tuple[Event, ...] = () if fresh else (InterviewResumed(at=now), *ungraded(interview))
    turn = on_screen(interview)
    if turn is None:
        return _then_go_on(interview, opening, now)
    if turn.open_follow_up is not None:
        follow_up = turn.open_follow_up.model_copy(update={"asked_at": now})
        return (*opening, FollowUpAsked(turn=turn.index, follow_up=follow_up, again=True))
    return (*opening, QuestionAsked(turn=turn.index, question=turn.question, at=now, again=True))


def _submitted(interview: Interview, text: str, now: datetime, *, gave_up: bool) -> tuple[Event, ...]:
    turn = _on_screen(interview)
    follow_up = turn.open_follow_up
    asked_at = follow_up.asked_at if follow_up else turn.asked_at
    answer = Answer(
        prompt=follow_up.text if follow_up else None,
        criteria=follow_up.criteria if follow_up else (),
        text=text,
        submitted_at=now,
        # A clock that was set back must not make a negative time.
        seconds=max(0.0, (now - asked_at).total_seconds()) if asked_at else 0.0,
        gave_up=gave_up,
    )
    position = len(turn.answers)
    return (
        AnswerSubmitted(turn=turn.index, position=position, answer=answer),
        _wanted(turn, position, answer),
    )


def _wanted(turn: Turn, position: int, answer: Answer) -> GradeWanted:
    return GradeWanted(
        turn=turn.index,
        position=position,
        task=GradingTask(
            question=turn.question,
            rubric=turn.rubric,
            answer=answer.text,
            only=answer.criteria,
            follow_up=answer.prompt,
        ),
    )


def _declined(interview: Interview, turn: Turn, now: datetime) -> tuple[Event, ...]:
    return _then_go_on(interview, (FollowUpDeclined(turn=turn.index),), now)


def _graded(interview: Interview, command: TakeGrade, now: datetime) -> tuple[Event, ...]:
    turn = _answered(interview, command.turn, command.position)
    grades = _grades(turn, command.position, command.grade)
    if not grades:  # a follow-up graded before its first answer: the score must wait
        raise OutOfTurnError("the first answer of this question has no grade yet")
    score = turn_score(grades, turn.question, turn.rubric)
    graded = AnswerGraded(
        turn=turn.index, position=command.position, grade=command.grade, score=score, at=now
    )
    after = evolve(interview, graded)
    if not _is_waiting(interview, after.turns[turn.index]):
        return (graded, *_finish(after, now))
    follow_up = _follow_up(after.turns[turn.index], after.settings.follow_ups, now)
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
    """Whether the interview stood still for `turn`, which has just been dealt with: it is the last one.

    While another answer of the turn is being graded it still does.
    """
    if interview.status is not Status.RUNNING or on_screen(interview) is not None:
        return False
    if any(answer.grade is None and answer.failure is None for answer in turn.answers):
        return False
    later = interview.turns[turn.index + 1 :]
    return all(t.status is TurnStatus.PLANNED for t in later)


def _then_go_on(interview: Interview, events: tuple[Event, ...], now: datetime) -> tuple[Event, ...]:
    """`events`, then the next question, or the end."""
    for event in events:
        interview = evolve(interview, event)
    following = next((t for t in interview.turns if t.status is TurnStatus.PLANNED), None)
    if following is not None:
        return (*events, QuestionAsked(turn=following.index, question=following.question, at=now))
    return (*events, *_finish(interview, now))


def _finish(interview: Interview, now: datetime) -> tuple[Event, ...]:
    """The end, once: nothing is asked, planned, or being graded; failed grades do not hold it up."""
    open_turns = any(
        t.status in {TurnStatus.PLANNED, TurnStatus.ASKED} or t.open_follow_up for t in interview.turns
    )
    being_graded = any(a.grade is None and a.failure is None for t in interview.turns for a in t.answers)
    if interview.status is not Status.RUNNING or open_turns or being_graded:
        return ()
    return (InterviewFinished(at=now),)


def _follow_up(turn: Turn, most: int, now: datetime) -> FollowUp | None:
    """The follow-up to ask after the latest grade of `turn`; None if there is nothing to ask."""
    first = turn.answers[0]
    if len(turn.answers) > most or first.gave_up or first.grade is None:
        return None
    if _NOTHING_SAID & set(first.grade.flags):
        return None
    grades = [a.grade for a in turn.answers if a.grade is not None]
    met = {c.id for c in credited(grades, turn.question.criteria, turn.rubric) if c.verdict is Verdict.MET}
    unmet = tuple(heaviest_first([c for c in turn.question.criteria if c.id not in met]))
    asked = {a.prompt for a in turn.answers}
    for text in (grades[-1].follow_up, *(c.probe for c in unmet)):
        if unmet and text and text not in asked:
            return FollowUp(text=text, asked_at=now, criteria=tuple(c.id for c in unmet))
    return None


def _grades(turn: Turn, position: int, grade: Grade) -> list[Grade]:
    """The turn's grades in order, with `grade` at `position`; empty if the first answer has none."""
    grades = [grade if i == position else a.grade for i, a in enumerate(turn.answers)]
    return [g for g in grades if g is not None] if grades[0] is not None else []


def _on_screen(interview: Interview) -> Turn:
    turn = on_screen(interview)
    if turn is None or interview.status is not Status.RUNNING:
        raise OutOfTurnError("no question is waiting for an answer")
    return turn


def _answered(interview: Interview, turn: int, position: int) -> Turn:
    if turn >= len(interview.turns) or position >= len(interview.turns[turn].answers):
        raise OutOfTurnError(f"turn {turn} has no answer {position} to grade")
    return interview.turns[turn]
