"""Agreement with people as a page of HTML: what its template needs, worked out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from interviewer.evaluation import tables
from interviewer.evaluation.models import Agreement, Confusion, Measure, Scores
from interviewer.evaluation.tables import Table
from interviewer.evaluation.wording import (
    CORRECT_MEASURES,
    CORRECT_RULES,
    SCORE_MEASURES,
    VERDICT_MEASURES,
    interval,
    interval_told,
    number,
)
from interviewer.report.agreement_charts import (
    Limits,
    differences_chart,
    limits_of,
    reliability_chart,
    scatter_chart,
)
from interviewer.report.html import page
from interviewer.report.vega import Chart

_MOST_ROWS = 100
_TINTS = 10  # of the style sheet: h0 to h10


@dataclass(frozen=True, slots=True)
class Told:
    """A measure in words. interval: empty without one."""

    title: str
    value: str
    interval: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A class of people's. cells: how often the grader said each class, with a tint for its share."""

    label: str
    cells: Sequence[tuple[int, int | None]]


@dataclass(frozen=True, slots=True)
class Matrix:
    """What people said and what the grader said, counted."""

    labels: Sequence[str]
    rows: Sequence[MatrixRow]


@dataclass(frozen=True, slots=True)
class ScoresView:
    """All about the scores."""

    answers: int
    told: str
    measures: Table
    bins: Table
    bands: Matrix
    limits: Limits
    scatter: Chart
    differences: Chart
    reliability: Chart


@dataclass(frozen=True, slots=True)
class CriteriaView:
    """All about the verdicts on criteria."""

    verdicts: int
    measures: Table
    each: Table
    confusion: Matrix


@dataclass(frozen=True, slots=True)
class Titled:
    """A table with its caption. more: how many rows are not in it."""

    caption: str
    table: Table
    more: int = 0


def agreement_html(report: Agreement, version: str) -> str:
    """The report as one self-contained page. version: the program's.

    Raises InterviewerError where a chart cannot be drawn.
    """
    return page(
        "agreement.html.j2",
        report=report,
        version=version,
        grader=report.grader.told if report.grader else "Unknown grader",
        coverage=list(tables.coverage_told(report)),
        intervals=interval_told(report.bootstrap),
        lead=list(_lead(report)),
        scores=None if report.scores is None else _scores(report.scores),
        criteria=_criteria(report),
        correct=[
            Titled(
                f"{CORRECT_RULES[one.rule].capitalize()}, {one.answers:,} answers",
                tables.measures_table(one, CORRECT_MEASURES),
            )
            for one in report.correct
        ],
        humans=None if report.humans is None else tables.humans_table(report.humans),
        repeats=[] if report.repeats is None else list(tables.repeats_told(report.repeats)),
        changed=_changed(report),
        groups=list(_groups(report)),
        map=None if report.calibration is None else tables.map_table(report.calibration),
    )


def _lead(report: Agreement) -> Iterator[Told]:
    """What is told first, the one that says most before the others."""
    if report.scores is not None:
        yield _told("Pearson r", report.scores.pearson, 3)
        yield _told("QWK over bands", report.scores.qwk, 3)
        yield _told("Mean error, points", report.scores.mean_error, 1)
        yield _told("Bias, points", report.scores.bias, 1)
    if report.verdicts is not None:
        yield _told("Criteria right", report.verdicts.accuracy, 3)
    for one in report.correct:
        if one.rule == "half":
            yield _told("Correct or not, macro-F1", one.macro_f1, 3)


def _told(title: str, one: Measure, decimals: int) -> Told:
    return Told(title, number(one.value, decimals), interval(one, decimals) if one.low is not None else "")


def _scores(scores: Scores) -> ScoresView:
    limits = limits_of(scores.points)
    return ScoresView(
        answers=scores.answers,
        told=tables.scores_told(scores),
        measures=tables.measures_table(scores, SCORE_MEASURES),
        bins=tables.bins_table(scores),
        bands=_matrix(scores.bands),
        limits=limits,
        scatter=scatter_chart(scores.points),
        differences=differences_chart(scores.points, limits),
        reliability=reliability_chart(scores.bins),
    )


def _criteria(report: Agreement) -> CriteriaView | None:
    if report.verdicts is None:
        return None
    return CriteriaView(
        verdicts=report.verdicts.verdicts,
        measures=tables.measures_table(report.verdicts, VERDICT_MEASURES),
        each=tables.verdicts_table(report.verdicts),
        confusion=_matrix(report.verdicts.confusion),
    )


def _matrix(confusion: Confusion) -> Matrix:
    rows = [
        MatrixRow(label, [(many, _tint(many, sum(counts))) for many in counts])
        for label, counts in zip(confusion.labels, confusion.counts, strict=True)
    ]
    return Matrix(confusion.labels, rows)


def _tint(many: int, total: int) -> int | None:
    return _TINTS * many // total if many else None


def _changed(report: Agreement) -> Titled | None:
    if report.repeats is None or not report.repeats.criteria:
        return None
    return _cut("Criteria that changed most", tables.changed_table(report.repeats))


def _groups(report: Agreement) -> Iterator[Titled]:
    for caption, head, groups in (
        ("By kind", "kind", report.kinds),
        ("By category", "category", report.categories),
        ("By question, the furthest apart first", "question", report.questions),
    ):
        if groups:
            yield _cut(caption, tables.groups_table(groups, head))
    if len(report.criteria) > 1:
        table = tables.criteria_table(report.criteria, requirements=True)
        yield _cut("By criterion, the worst first", table)


def _cut(caption: str, table: Table) -> Titled:
    shown = Table(table.heads, table.rows[:_MOST_ROWS], table.words)
    return Titled(caption, shown, len(table.rows) - len(shown.rows))
