"""What a candidate can do about a question that has its grade: try it once more, or dispute a verdict."""

from __future__ import annotations

from datetime import datetime

from interviewer.errors import OutOfTurnError
from interviewer.grading.score import credited, turn_score
from interviewer.interview.events import (
    DisputeFailed,
    DisputeSettled,
    DisputeVerdict,
    Event,
    InterviewResumed,
    QuestionAsked,
    QuestionPutBack,
    TakeRuling,
    TakeRulingFailure,
    TurnAdded,
    VerdictDisputed,
)
from interviewer.interview.models import Dispute, Failure, Interview, Mode, Status, Turn, TurnStatus
from interviewer.interview.state import grades_of, on_screen, ruling_wanted
from interviewer.interview.timing import is_over, seconds_on_screen
from interviewer.text import did_you_mean

#: Longest argument of a dispute: it points at the answer, it is none.
MOST_ARGUMENT_CHARACTERS = 2_000
_LEAST_LETTERS = 4  # of a word that tells what an argument is about


def retried(interview: Interview, index: int, now: datetime) -> tuple[Event, ...]:
    """The question of turn `index` is asked again; what is on screen waits. A finished interview goes on.

    Raises OutOfTurnError where it has no grade, or now is not the moment.
    """
    turn = _graded(interview, index)
    if interview.settings.mode is Mode.EXAM and interview.status is not Status.FINISHED:
        raise OutOfTurnError("in an exam a question is asked once", hint="Try it again after the end.")
    if is_over(interview):
        raise OutOfTurnError("the time for this interview is over")
    events: list[Event] = [InterviewResumed(at=now)] if interview.status is Status.FINISHED else []
    waiting = on_screen(interview)
    if waiting is not None and waiting.open_follow_up is not None:
        raise OutOfTurnError("a follow-up is open", hint="Answer it or /skip it first.")
    if waiting is not None and waiting.retry_of is not None:
        raise OutOfTurnError("a question is being tried again already", hint="Answer it or /skip it first.")
    if waiting is not None:
        events.append(QuestionPutBack(turn=waiting.index, seconds=seconds_on_screen(waiting, now)))
    again = Turn(
        index=len(interview.turns),
        question=turn.question,
        rubric=turn.rubric,
        retry_of=turn.index if turn.retry_of is None else turn.retry_of,
    )
    asked = QuestionAsked(turn=again.index, question=again.question, at=now)
    return (*events, TurnAdded(turn=again.index, added=again), asked)


def disputed(interview: Interview, command: DisputeVerdict, now: datetime) -> tuple[Event, ...]:
    """A second look at one verdict is wanted. Each verdict can be disputed once.

    Raises OutOfTurnError where it cannot be, or the argument is none.
    """
    turn = _graded(interview, command.turn)
    if turn.open_follow_up is not None:
        raise OutOfTurnError("a follow-up is open", hint="Answer it or /skip it first.")
    known = [c.id for c in turn.question.criteria]
    if command.criterion not in known:
        raise OutOfTurnError(
            f"this question has no criterion {command.criterion!r}",
            hint=did_you_mean(command.criterion, known) or f"They are: {', '.join(known)}.",
        )
    if not command.argument.strip():
        raise OutOfTurnError("a dispute needs an argument", hint="Say why: /dispute CRITERION your reason")
    if len(command.argument) > MOST_ARGUMENT_CHARACTERS:
        raise OutOfTurnError(
            f"the argument has {len(command.argument):,} characters",
            hint=f"Keep it to {MOST_ARGUMENT_CHARACTERS:,}.",
        )
    before = next((d for d in turn.disputes if d.criterion == command.criterion), None)
    if before is not None and before.failure is None:
        raise OutOfTurnError("this verdict was disputed before", hint="Each is looked at again once.")
    earned = credited(grades_of(turn), turn.question.criteria, turn.rubric)
    dispute = Dispute(
        criterion=command.criterion,
        position=_position(turn, command.criterion, command.argument),
        argument=command.argument,
        at=now,
        before=next(c.verdict for c in earned if c.id == command.criterion),
    )
    return (VerdictDisputed(turn=turn.index, dispute=dispute), ruling_wanted(turn, dispute))


def settled(
    interview: Interview, command: TakeRuling | TakeRulingFailure, now: datetime
) -> tuple[Event, ...]:
    """What the second look came to. Raises OutOfTurnError where no dispute is open."""
    turn = _graded(interview, command.turn)
    dispute = next((d for d in turn.disputes if d.criterion == command.criterion), None)
    if dispute is None or dispute.grade is not None:
        raise OutOfTurnError(f"no dispute about {command.criterion!r} is open")
    if isinstance(command, TakeRulingFailure):
        failure = Failure(code=command.code, message=command.message, at=now)
        return (DisputeFailed(turn=turn.index, criterion=command.criterion, failure=failure),)
    ruled = dispute.model_copy(update={"grade": command.grade})
    others = tuple(d for d in turn.disputes if d is not dispute)
    grades = grades_of(turn.model_copy(update={"disputes": (*others, ruled)}))
    return (
        DisputeSettled(
            turn=turn.index,
            criterion=command.criterion,
            grade=command.grade,
            score=turn_score(grades, turn.question, turn.rubric),
            at=now,
        ),
    )


def _graded(interview: Interview, index: int) -> Turn:
    if index >= len(interview.turns) or interview.turns[index].status is not TurnStatus.GRADED:
        raise OutOfTurnError("there is no grade yet to come back to")
    return interview.turns[index]


def _position(turn: Turn, criterion: str, argument: str) -> int:
    """The answer that the argument is about: of those judged on the criterion, the likest in words."""
    judged = [
        position
        for position, answer in enumerate(turn.answers)
        if answer.grade is not None and any(c.id == criterion for c in answer.grade.criteria)
    ]
    wanted = _words(argument)
    return max(judged, key=lambda at: len(wanted & _words(turn.answers[at].text)), default=0)


def _words(text: str) -> set[str]:
    return {word for word in text.lower().split() if len(word) >= _LEAST_LETTERS}
