"""An interview without the candidate's words: for a coach who may see scores and nothing that was said."""

from __future__ import annotations

from interviewer.grading.models import CriterionGrade, Grade, MisconceptionGrade
from interviewer.interview.models import Answer, Dispute, Failure, Interview, Turn


def redacted(interview: Interview) -> Interview:
    """`interview` with every answer, draft and argument emptied, and all that quotes them or was written
    about them: evidence, reasons, feedback, follow-ups, withheld passages, and messages of failures.

    Verdicts, credit, scores, flags, times and who graded stay, and so does the bank's own text.
    """
    return interview.model_copy(update={"turns": tuple(map(_turn, interview.turns))})


def _turn(turn: Turn) -> Turn:
    follow_up = turn.open_follow_up
    return turn.model_copy(
        update={
            "answers": tuple(map(_answer, turn.answers)),
            "open_follow_up": follow_up and follow_up.model_copy(update={"text": ""}),
            "draft": None,
            "disputes": tuple(map(_dispute, turn.disputes)),
        }
    )


def _answer(answer: Answer) -> Answer:
    return answer.model_copy(
        update={
            # Whether there was a prompt says whether this answers a follow-up.
            "prompt": None if answer.prompt is None else "",
            "text": "",
            "grade": _grade(answer.grade),
            "failure": _failure(answer.failure),
        }
    )


def _dispute(dispute: Dispute) -> Dispute:
    return dispute.model_copy(
        update={"argument": "", "grade": _grade(dispute.grade), "failure": _failure(dispute.failure)}
    )


def _grade(grade: Grade | None) -> Grade | None:
    return grade and grade.model_copy(
        update={
            "criteria": tuple(map(_criterion, grade.criteria)),
            "misconceptions": tuple(map(_misconception, grade.misconceptions)),
            "feedback": "",
            "follow_up": None,
            "withheld": (),
        }
    )


def _criterion(one: CriterionGrade) -> CriterionGrade:
    return one.model_copy(update={"evidence": (), "reason": ""})


def _misconception(one: MisconceptionGrade) -> MisconceptionGrade:
    return one.model_copy(update={"evidence": ()})


def _failure(failure: Failure | None) -> Failure | None:
    # The message may hold a part of a reply, and that a part of the answer; the code tells what happened.
    return failure and failure.model_copy(update={"message": ""})
