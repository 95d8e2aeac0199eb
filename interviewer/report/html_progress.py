"""Progress over all interviews as a page of HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from interviewer.memory.models import (
    CategoryProgress,
    CriterionProgress,
    Progress,
    QuestionProgress,
)
from interviewer.memory.names import Names
from interviewer.memory.wording import due_told, next_due_told, times_missed, weakest_first
from interviewer.numbers import counted
from interviewer.report.charts import Weekly, weekly_chart
from interviewer.report.html import page
from interviewer.report.phrases import change
from interviewer.report.vega import Chart


@dataclass(frozen=True, slots=True)
class Row:
    """A category or a question. Scores are 0 to 100, None where there is none; the trend is text."""

    name: str
    graded: int
    now: float | None
    mean: float | None
    trend: str
    results: Sequence[float]


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A row of the heat map: a mean for each week, 0 to 100; None in a week without a score."""

    name: str
    means: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class MissedPoint:
    """A point that was missed twice in a row or more."""

    question: str
    times: str
    requirement: str


@dataclass(frozen=True, slots=True)
class BankView:
    """All that is told of a bank."""

    anchor: str
    title: str
    graded: str
    now: float | None
    mean: float | None
    trend: str
    categories: Sequence[Row]
    questions: Sequence[Row]
    mondays: Sequence[date]
    heat: Sequence[HeatRow]
    answers: Sequence[int]
    weekly: Chart | None
    missed: Sequence[MissedPoint]
    due: Sequence[tuple[str, str]]
    next_due: str


def progress_html(banks: Iterable[tuple[Progress, Names]], now: datetime, version: str) -> str:
    """Each bank's progress as it stands at `now`, as one self-contained page. version: the program's.

    Raises InterviewerError where a chart cannot be drawn.
    """
    views = [_bank(f"b{n}", progress, names, now) for n, (progress, names) in enumerate(banks, 1)]
    return page("progress.html.j2", banks=views, now=now, version=version)


def _bank(anchor: str, progress: Progress, names: Names, now: datetime) -> BankView:
    by_id = {one.id: one for one in progress.categories}
    categories = [by_id[id] for id in names.in_order(by_id)]
    weeks = [one.weeks for one in categories]
    return BankView(
        anchor=anchor,
        title=names.bank,
        graded=counted(progress.graded, "graded answer"),
        now=progress.now,
        mean=progress.mean,
        trend=change(progress.trend),
        categories=[_row(names.category(one.id), one, ()) for one in categories],
        questions=[_row(one.id, one, one.results) for one in weakest_first(progress.questions)],
        mondays=[week.monday for week in weeks[0]] if weeks else [],
        heat=[HeatRow(names.category(one.id), [w.mean for w in one.weeks]) for one in categories],
        answers=[sum(week.graded for week in column) for column in zip(*weeks, strict=True)],
        weekly=_weekly(categories, names),
        missed=[_missed(point, names) for point in progress.missed],
        due=[(one.id, due_told(one)) for one in progress.due],
        next_due=next_due_told(progress, now),
    )


def _row(name: str, one: CategoryProgress | QuestionProgress, results: Sequence[float]) -> Row:
    return Row(
        name=name, graded=one.graded, now=one.now, mean=one.mean, trend=change(one.trend), results=results
    )  # fmt: skip


def _weekly(categories: Sequence[CategoryProgress], names: Names) -> Chart | None:
    """A panel for each category with a score in these weeks; None where there is none."""
    panels = [
        Weekly(names.category(one.id), tuple((week.monday, week.mean) for week in one.weeks))
        for one in categories
        if any(week.graded for week in one.weeks)
    ]
    return weekly_chart(panels) if panels else None


def _missed(point: CriterionProgress, names: Names) -> MissedPoint:
    return MissedPoint(
        question=point.question,
        times=times_missed(point),
        requirement=names.requirement(point.question, point.id) or point.id,
    )
