"""An interview after an event, and what can be read from it as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from interviewer.grading.models import CriterionGrade, Flag, Grade, GradingTask
from interviewer.interview.events import (
    AnswerGraded,
    AnswerSubmitted,
    DisputeFailed,
    DisputeSettled,
    DraftKept,
    Event,
    FollowUpAsked,
    FollowUpDeclined,
    GradeWanted,
    GradingFailed,
    InterviewFinished,
    InterviewPaused,
    InterviewResumed,
    InterviewStarted,
    NudgeGiven,
    QuestionAsked,
    QuestionPutBack,
    QuestionRepeated,
    RulingWanted,
    TurnAdded,
    TurnSkipped,
    VerdictDisputed,
)
from interviewer.interview.models import Answer, Dispute, Interview, Status, Turn, TurnStatus


def evolve(interview: Interview, event: Event) -> Interview:
    """`interview` after `event`. Events that change nothing leave it as it is."""
    match event:
        case InterviewStarted():
            return event.interview
        case InterviewResumed():
            return interview.model_copy(update={"status": Status.RUNNING, "finished_at": None})
        case InterviewPaused():
            return interview.model_copy(update={"status": Status.PAUSED})
        case InterviewFinished(at=at):
            return interview.model_copy(update={"status": Status.FINISHED, "finished_at": at})
        case GradeWanted() | RulingWanted():
            return interview
        case TurnAdded(added=added):
            return interview.model_copy(update={"turns": (*interview.turns, added)})
        case _:
            turn = _evolve_turn(interview.turns[event.turn], event)
            turns = (*interview.turns[: event.turn], turn, *interview.turns[event.turn + 1 :])
            latest = event.turn if isinstance(event, QuestionAsked) else interview.latest
            return interview.model_copy(update={"turns": turns, "latest": latest})


def _evolve_turn(turn: Turn, event: Event) -> Turn:
    match event:
        case QuestionAsked(at=at, spent=spent):
            return turn.model_copy(update={"status": TurnStatus.ASKED, "asked_at": at, "spent": spent})
        case FollowUpAsked(follow_up=follow_up, spent=spent):
            return turn.model_copy(update={"open_follow_up": follow_up, "spent": spent})
        case FollowUpDeclined():
            return turn.model_copy(update={"open_follow_up": None, "draft": None, "spent": 0.0})
        case QuestionRepeated():
            return turn.model_copy(update={"repeats": turn.repeats + 1})
        case NudgeGiven():
            return turn.model_copy(update={"nudges": turn.nudges + 1})
        case DraftKept(draft=draft):
            return turn.model_copy(update={"draft": draft})
        case QuestionPutBack(seconds=seconds):
            return turn.model_copy(update={"status": TurnStatus.PLANNED, "asked_at": None, "spent": seconds})
        case TurnSkipped(seconds=seconds):
            return turn.model_copy(update={"status": TurnStatus.SKIPPED, "spent": seconds})
        case AnswerSubmitted(answer=answer):
            # A turn that has its grade keeps it while a follow-up answer is judged.
            status = turn.status if turn.answers else TurnStatus.PENDING
            return turn.model_copy(
                update={
                    "status": status,
                    "answers": (*turn.answers, answer),
                    "open_follow_up": None,
                    "draft": None,
                    "spent": 0.0,
                }
            )
        case AnswerGraded(position=position, grade=grade, score=score):
            answers = _replaced(turn.answers, position, {"grade": grade, "failure": None})
            status = TurnStatus.GRADED if answers[0].grade is not None else turn.status
            return turn.model_copy(update={"status": status, "answers": answers, "score": score})
        case GradingFailed(position=position, failure=failure):
            answers = _replaced(turn.answers, position, {"failure": failure})
            return turn.model_copy(update={"answers": answers})
        case VerdictDisputed(dispute=dispute):
            others = tuple(d for d in turn.disputes if d.criterion != dispute.criterion)
            return turn.model_copy(update={"disputes": (*others, dispute)})
        case DisputeSettled(criterion=criterion, grade=grade, score=score):
            disputes = _settled(turn, criterion, {"grade": grade, "failure": None})
            return turn.model_copy(update={"disputes": disputes, "score": score})
        case DisputeFailed(criterion=criterion, failure=failure):
            return turn.model_copy(update={"disputes": _settled(turn, criterion, {"failure": failure})})
        case _:
            raise TypeError(f"not an event of a turn: {type(event).__name__}")


def _replaced(answers: tuple[Answer, ...], position: int, update: dict[str, object]) -> tuple[Answer, ...]:
    return (
        *answers[:position],
        answers[position].model_copy(update=update),
        *answers[position + 1 :],
    )


def _settled(turn: Turn, criterion: str, update: dict[str, object]) -> tuple[Dispute, ...]:
    return tuple(
        d.model_copy(update=update) if d.criterion == criterion and d.grade is None else d
        for d in turn.disputes
    )


def on_screen(interview: Interview) -> Turn | None:
    """The turn whose question or follow-up waits for the candidate; None if none does."""
    return next(
        (t for t in interview.turns if t.status is TurnStatus.ASKED or t.open_follow_up is not None), None
    )


def grades_of(turn: Turn) -> list[Grade]:
    """The grades of the turn's answers, in order, each with what a dispute came to in it.

    Empty while the first answer has none.
    """
    if not turn.answers or turn.answers[0].grade is None:
        return []
    return [
        with_rulings(answer.grade, [d for d in turn.disputes if d.position == position])
        for position, answer in enumerate(turn.answers)
        if answer.grade is not None
    ]


def with_rulings(grade: Grade, disputes: list[Dispute]) -> Grade:
    """`grade` with the verdicts that the settled ones of `disputes` came to."""
    rulings: dict[str, CriterionGrade] = {
        one.id: one for d in disputes if d.grade is not None for one in d.grade.criteria
    }
    if not rulings:
        return grade
    return grade.model_copy(update={"criteria": tuple(rulings.get(c.id, c) for c in grade.criteria)})


def ungraded(interview: Interview) -> Iterator[GradeWanted]:
    """What is still to be graded: every answer without a grade, whether it failed before or not."""
    return _wanted_where(interview, lambda answer: answer.grade is None)


def provisional(interview: Interview) -> Iterator[GradeWanted]:
    """What was graded for the time being, and is to be graded by the grader that was out of reach."""
    return _wanted_where(interview, is_provisional)


def is_provisional(answer: Answer) -> bool:
    """Whether the answer's grade is one for the time being."""
    return answer.grade is not None and Flag.PROVISIONAL in answer.grade.flags


def unsettled(interview: Interview) -> Iterator[RulingWanted]:
    """The disputes without a ruling, whether a second look failed before or not."""
    return _rulings_where(interview, lambda dispute: dispute.grade is None)


def awaited(interview: Interview) -> Iterator[RulingWanted]:
    """Those of them that still wait for a second look, after a crash for example."""
    return _rulings_where(interview, lambda dispute: dispute.grade is None and dispute.failure is None)


def grade_wanted(turn: Turn, position: int, answer: Answer) -> GradeWanted:
    """That `answer`, at `position` of `turn`, is to be graded."""
    return GradeWanted(
        turn=turn.index,
        position=position,
        task=_task(turn, answer).model_copy(update={"only": answer.criteria}),
    )


def ruling_wanted(turn: Turn, dispute: Dispute) -> RulingWanted:
    """That the disputed criterion of `turn` is to be looked at again."""
    task = _task(turn, turn.answers[dispute.position])
    return RulingWanted(
        turn=turn.index,
        criterion=dispute.criterion,
        task=task.model_copy(update={"only": (dispute.criterion,), "argument": dispute.argument}),
    )


def _task(turn: Turn, answer: Answer) -> GradingTask:
    return GradingTask(
        question=turn.question, rubric=turn.rubric, answer=answer.text, follow_up=answer.prompt
    )


def _rulings_where(interview: Interview, is_wanted: Callable[[Dispute], bool]) -> Iterator[RulingWanted]:
    for turn in interview.turns:
        for dispute in turn.disputes:
            if is_wanted(dispute):
                yield ruling_wanted(turn, dispute)


def _wanted_where(interview: Interview, is_wanted: Callable[[Answer], bool]) -> Iterator[GradeWanted]:
    for turn in interview.turns:
        for position, answer in enumerate(turn.answers):
            if is_wanted(answer):
                yield grade_wanted(turn, position, answer)
