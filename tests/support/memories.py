"""Memories as the store would tell them. Each builder takes what the test is about and fills in the rest."""

from __future__ import annotations

from datetime import datetime, timedelta

from interviewer.memory.models import Asked, CriterionProgress, Memory, Outcome, Week
from interviewer.memory.trend import week_of
from tests.support.builders import START

#: Noon of the Wednesday after the tests' start of time, in the week of it.
NOW = START.replace(day=7, hour=12)


def day(number: float) -> datetime:
    """`number` days after NOW."""
    return NOW + timedelta(days=number)


def point(
    id: str = "one-request",
    *,
    question: str = "latency",
    share: float = 0.5,
    last: Outcome = Outcome.MET,
    in_a_row: int | None = None,
    due: float = 30,
) -> CriterionProgress:
    """A criterion that was asked about yesterday. due: days after NOW."""
    row = in_a_row if in_a_row is not None else int(last.is_missed)
    return CriterionProgress(
        question=question,
        id=id,
        share=share,
        seen=max(1, row),
        missed=row,
        missed_in_a_row=row,
        last=last,
        last_at=day(-1),
        due=day(due),
    )


def asked(
    id: str = "latency",
    *points: CriterionProgress,
    category: str = "beginner",
    results: tuple[float, ...] = (50.0,),
    weeks: tuple[Week, ...] | None = None,
) -> Asked:
    """A question that was asked yesterday; all its scores are of this week unless told."""
    this_week = (Week(week_of(NOW), len(results), sum(results)),) if results else ()
    return Asked(
        id=id,
        category=category,
        last_at=day(-1),
        results=results,
        weeks=this_week if weeks is None else weeks,
        criteria=points or (point(question=id),),
    )


def memory(*questions: Asked) -> Memory:
    return Memory(bank="tests", questions=questions)
