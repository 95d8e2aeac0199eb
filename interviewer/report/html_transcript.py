"""A transcript as a page of HTML: what its template needs, worked out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from interviewer.grading.models import Verdict
from interviewer.interview.models import Interview, Turn, TurnStatus
from interviewer.report import wording
from interviewer.report.charts import Coverage, Spent, coverage_chart, timeline_chart
from interviewer.report.html import page
from interviewer.report.html_turn import TurnView, turn_view
from interviewer.report.phrases import duration
from interviewer.report.technical import CALL_HEAD, CALL_NUMBERS, calls, facts, graders
from interviewer.report.transcript import Transcript
from interviewer.report.vega import Chart


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category's scores and verdicts; the last row is for all. verdicts: number of points for each."""

    title: str
    score: float | None
    graded: int
    asked: int
    verdicts: Sequence[int]


@dataclass(frozen=True, slots=True)
class TimeRow:
    """How long a question took, in words. told: what is to be said about a limit; may be empty."""

    anchor: str
    label: str
    id: str
    first: str
    follow_ups: str
    guide: str
    limit: str
    told: str


def to_html(transcript: Transcript) -> str:
    """The transcript as one self-contained page.

    Questions that were not asked yet are counted and not shown. No text of a candidate, a bank or a model
    becomes markup. Raises InterviewerError where a chart cannot be drawn.
    """
    interview, summary = transcript.interview, transcript.summary
    reached = [turn for turn in interview.turns if turn.status is not TurnStatus.PLANNED]
    categories = list(_categories(transcript))
    spent = [_spent(interview, turn) for turn in reached]
    return page(
        "transcript.html.j2",
        transcript=transcript,
        interview=interview,
        summary=summary,
        graders="".join(graders(interview, summary)),
        status=wording.STATUS_TEXTS[interview.status],
        counts=summary.told,
        limits=wording.limits(interview.settings),
        not_judged=wording.not_judged(summary),
        left_out=wording.REDACTED if transcript.redacted else "",
        verdicts=[(verdict.value, verdict.sign) for verdict in Verdict],
        categories=categories,
        coverage=_coverage(categories),
        times=[
            _time_row(turn, one, interview.settings.question_seconds)
            for turn, one in zip(reached, spent, strict=True)
        ],
        timeline=timeline_chart(spent) if any(one.first + one.follow_ups for one in spent) else None,
        turns=list(_turns(transcript, reached)),
        planned=len(interview.turns) - len(reached),
        facts=[(name, "".join(cell)) for name, cell in facts(transcript)],
        call_head=CALL_HEAD,
        call_numbers=CALL_NUMBERS,
        calls=[["".join(cell) for cell in row] for turn in interview.turns for row in calls(turn)],
    )


def _turns(transcript: Transcript, reached: Sequence[Turn]) -> Iterator[TurnView]:
    interview = transcript.interview
    results = {result.turn: result for result in transcript.results}
    titles = dict(interview.bank.categories)
    asked = sum(turn.retry_of is None for turn in interview.turns)
    for turn in reached:
        category = titles.get(turn.question.category, turn.question.category)
        yield turn_view(turn, results.get(turn.index), asked, category, redacted=transcript.redacted)


def _categories(transcript: Transcript) -> Iterator[CategoryRow]:
    """A row for each category and one for all; what was tried again is in none."""
    summary, turns = transcript.summary, transcript.interview.turns
    verdicts: dict[str, dict[Verdict, int]] = {}
    for result in transcript.results:
        turn = turns[result.turn]
        if turn.retry_of is None:
            counted = verdicts.setdefault(turn.question.category, dict.fromkeys(Verdict, 0))
            for one in result.criteria:
                counted[one.verdict] += 1
    rows = [
        CategoryRow(
            title=one.title,
            score=one.score,
            graded=one.graded,
            asked=one.asked,
            verdicts=[verdicts.get(one.id, {}).get(verdict, 0) for verdict in Verdict],
        )
        for one in summary.by_category
    ]
    yield from rows
    yield CategoryRow(
        title="Overall",
        score=summary.score,
        graded=summary.graded,
        asked=sum(row.asked for row in rows),
        verdicts=[sum(column) for column in zip(*(row.verdicts for row in rows), strict=True)],
    )


def _coverage(rows: Sequence[CategoryRow]) -> Chart | None:
    """The chart of the rows that have points; None while nothing is graded."""
    bars = [
        Coverage(row.title, dict(zip(Verdict, row.verdicts, strict=True)))
        for row in rows
        if any(row.verdicts)
    ]
    # Of a single category, all is the same bar again.
    return coverage_chart(bars[:1] if len(rows) == 2 else bars) if bars else None


def _spent(interview: Interview, turn: Turn) -> Spent:
    """The time of a turn; of one without an answer, how long it was on screen in all."""
    return Spent(
        label=wording.label(turn),
        first=turn.answers[0].seconds if turn.answers else turn.spent,
        follow_ups=sum(answer.seconds for answer in turn.answers[1:]),
        guide=60 * turn.question.minutes,
        limit=interview.settings.question_seconds,
    )


def _time_row(turn: Turn, spent: Spent, limit: float | None) -> TimeRow:
    over = spent.first - spent.guide
    told = [
        "sent by the time limit" if any(answer.timed_out for answer in turn.answers) else "",
        f"{duration(over)} over the guide" if turn.answers and round(over) > 0 else "",
        wording.unanswered(turn).lower() if not turn.answers else "",
    ]
    return TimeRow(
        anchor=f"q{turn.index + 1}",
        label=spent.label,
        id=turn.question.id,
        first=duration(spent.first),
        follow_ups=duration(spent.follow_ups) if len(turn.answers) > 1 else "–",
        guide=duration(spent.guide),
        limit="–" if limit is None else duration(limit),
        told=", ".join(filter(None, told)),
    )
