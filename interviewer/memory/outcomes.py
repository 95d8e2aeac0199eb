"""What a graded turn showed of each of its criteria."""

from __future__ import annotations

from collections.abc import Mapping

from interviewer.grading.models import Verdict
from interviewer.grading.score import Credited, credited
from interviewer.interview.models import Turn
from interviewer.interview.state import grades_of
from interviewer.memory.models import Outcome


def outcomes_of(turn: Turn) -> Mapping[str, Outcome]:
    """The outcome of each criterion, by id, with follow-ups and disputes credited.

    Empty while the first answer has no grade, and where the fake grader gave one: it judges nothing.
    """
    grades = grades_of(turn)
    if not grades or any(grade.grader.kind == "fake" for grade in grades):
        return {}
    return {one.id: _outcome(one) for one in credited(grades, turn.question.criteria, turn.rubric)}


def _outcome(earned: Credited) -> Outcome:
    if earned.verdict is Verdict.MET and earned.after_follow_up:
        return Outcome.HELPED
    return Outcome(earned.verdict)
