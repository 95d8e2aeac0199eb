"""What a graded turn came to, point by point: the grade that each verdict rests on, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from interviewer.bank.models import Criterion
from interviewer.grading.models import CriterionGrade, Flag, Grade, GraderIdentity, Verdict
from interviewer.grading.score import Credited
from interviewer.interview.models import Dispute, Turn
from interviewer.interview.state import grades_of
from interviewer.report.transcript import TurnResult


@dataclass(frozen=True, slots=True)
class Point:
    """A criterion of a graded turn.

    number: from 1, in the question's order. earned: verdict and credit with follow-ups and disputes.
    position, judged, grader: the answer whose grade the verdict rests on, what that grade says of the point,
    and who said it; None where no grade names it. before: the verdict on the first answer, where a
    follow-up won credit; else None.
    """

    number: int
    criterion: Criterion
    earned: Credited
    position: int | None
    judged: CriterionGrade | None
    grader: GraderIdentity | None
    before: Verdict | None
    dispute: Dispute | None


def points_of(turn: Turn, result: TurnResult) -> tuple[Point, ...]:
    """The points of `turn`, which came to `result`, in the question's order."""
    grades = graded_answers(turn)
    earned = {one.id: one for one in result.criteria}
    disputes = {one.criterion: one for one in turn.disputes}
    return tuple(
        _point(number, criterion, earned[criterion.id], grades, disputes.get(criterion.id))
        for number, criterion in enumerate(turn.question.criteria, 1)
        if criterion.id in earned
    )


def graded_answers(turn: Turn) -> list[tuple[int, Grade]]:
    """The grades of the turn's answers, each with its answer's position, and with what disputes came to.

    Empty while the first answer has none.
    """
    grades = grades_of(turn)
    positions = [at for at, answer in enumerate(turn.answers) if answer.grade is not None]
    return list(zip(positions, grades, strict=True)) if grades else []


def flags_of(turn: Turn) -> list[Flag]:
    """The flags of all grades of `turn` and of the criteria in them, each once."""
    grades = [grade for _, grade in graded_answers(turn)]
    return list(
        dict.fromkeys(f for g in grades for f in (*g.flags, *(f for c in g.criteria for f in c.flags)))
    )


def _point(
    number: int,
    criterion: Criterion,
    earned: Credited,
    grades: list[tuple[int, Grade]],
    dispute: Dispute | None,
) -> Point:
    history = [(at, grade, one) for at, grade in grades for one in grade.criteria if one.id == criterion.id]
    # The grade that the credit rests on: the last with that verdict.
    at, grade, judged = next(
        (entry for entry in reversed(history) if entry[2].verdict is earned.verdict), (None, None, None)
    )
    grader = grade.grader if grade is not None else None
    if dispute is not None and dispute.grade is not None and dispute.position == at:
        grader = dispute.grade.grader
    return Point(
        number=number,
        criterion=criterion,
        earned=earned,
        position=at,
        judged=judged,
        grader=grader,
        before=history[0][2].verdict if earned.after_follow_up and history else None,
        dispute=dispute,
    )
