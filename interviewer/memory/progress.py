"""Progress over all interviews with a bank: how each category and question goes, and what is due."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from statistics import fmean

from interviewer.memory.models import (
    Asked,
    CategoryProgress,
    CriterionProgress,
    DueQuestion,
    Memory,
    NextDue,
    Progress,
    QuestionProgress,
)
from interviewer.memory.schedule import days_overdue, is_due
from interviewer.memory.trend import latest, mean_of, together, trend_of, week_of

#: Turns in a row that have to miss a criterion before it is told.
TELLING = 2


def progress_of(memory: Memory, now: datetime, categories: Collection[str] = ()) -> Progress:
    """The progress that `memory` shows at `now`, the zone of which says which day it is.

    categories: ids of those to look at; empty means all.
    """
    asked = [one for one in memory.questions if not categories or one.category in categories]
    this_week = week_of(now)
    weeks = together(week for one in asked for week in one.weeks)
    criteria = [point for one in asked for point in one.criteria]
    return Progress(
        bank=memory.bank,
        now=_now(asked),
        mean=mean_of(weeks),
        trend=trend_of(weeks, this_week),
        graded=sum(week.graded for week in weeks),
        categories=tuple(
            _category(id, [one for one in asked if one.category == id], this_week)
            for id in sorted({one.category for one in asked})
        ),
        questions=tuple(_question(one, this_week) for one in asked),
        missed=missed_often(criteria),
        due=due_questions(asked, now),
        next_due=_next_due(criteria, now),
    )


def missed_often(criteria: Iterable[CriterionProgress]) -> tuple[CriterionProgress, ...]:
    """Those that were missed TELLING times in a row or more, the longest row first, then the heaviest."""
    told = [one for one in criteria if one.missed_in_a_row >= TELLING]
    return tuple(sorted(told, key=lambda one: (-one.missed_in_a_row, -one.share, one.question, one.id)))


def due_questions(asked: Iterable[Asked], now: datetime) -> tuple[DueQuestion, ...]:
    """The questions with criteria that are due at `now`, the most urgent first, then by id."""
    found = []
    for one in asked:
        due = [point for point in one.criteria if is_due(point.due, now)]
        if due:
            days = max(days_overdue(point.due, now) for point in due)
            found.append((-urgency(due, now), one.id, DueQuestion(one.id, tuple(p.id for p in due), days)))
    return tuple(question for _, _, question in sorted(found, key=lambda entry: entry[:2]))


def urgency(criteria: Iterable[CriterionProgress], now: datetime) -> float:
    """How much it matters to ask now: for each of `criteria` that is due, its days times its share of the
    question's weight. The day on which it falls due is the first.
    """
    return sum(
        (1 + days_overdue(one.due, now)) * one.share for one in criteria if is_due(one.due, now)
    )  # fmt: skip


def _category(id: str, asked: Sequence[Asked], this_week: int) -> CategoryProgress:
    weeks = together(week for one in asked for week in one.weeks)
    return CategoryProgress(
        id=id,
        now=_now(asked),
        mean=mean_of(weeks),
        trend=trend_of(weeks, this_week),
        graded=sum(week.graded for week in weeks),
        weeks=latest(weeks, this_week),
    )


def _question(one: Asked, this_week: int) -> QuestionProgress:
    return QuestionProgress(
        id=one.id,
        category=one.category,
        now=_now([one]),
        mean=mean_of(one.weeks),
        trend=trend_of(one.weeks, this_week),
        graded=sum(week.graded for week in one.weeks),
        last_at=one.last_at,
        results=one.results,
        criteria=one.criteria,
    )


def _now(asked: Iterable[Asked]) -> float | None:
    scores = [one.results[-1] for one in asked if one.results]
    return fmean(scores) if scores else None


def _next_due(criteria: Iterable[CriterionProgress], now: datetime) -> NextDue | None:
    days = [p.due.astimezone(now.tzinfo).date() for p in criteria if not is_due(p.due, now)]
    return NextDue(min(days), days.count(min(days))) if days else None
