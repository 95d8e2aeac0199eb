"""Transcripts as CSV: a row for each criterion of each turn, for spreadsheets and statistics."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence

from interviewer.grading.models import Evidence
from interviewer.interview.models import Interview, Turn, TurnStatus
from interviewer.report.points import Point, points_of
from interviewer.report.transcript import Transcript, TurnResult
from interviewer.text import guarded, printable

COLUMNS = (
    "interview_id",
    "date",
    "mode",
    "question_id",
    "category",
    "try",
    "status",
    "criterion_id",
    "requirement",
    "weight",
    "must_have",
    "verdict",
    "credit",
    "after_follow_up",
    "disputed_from",
    "evidence",
    "turn_score",
    "band",
    "seconds",
    "grader_kind",
    "model",
)

Cell = str | int | float | None


def to_csv(transcript: Transcript) -> str:
    """The transcript as CSV with a head; see docs/reports.md for the columns."""
    return csv_head() + csv_rows(transcript)


def csv_head() -> str:
    """The names of the columns as a line."""
    return _lines([COLUMNS])


def csv_rows(transcript: Transcript) -> str:
    """A row for each criterion of each question that was reached, whether it has a grade or not."""
    results = {result.turn: result for result in transcript.results}
    return _lines(
        row
        for turn in transcript.interview.turns
        if turn.status is not TurnStatus.PLANNED
        for row in _rows(transcript.interview, turn, results.get(turn.index))
    )


def _lines(rows: Iterator[Sequence[Cell]] | list[Sequence[Cell]]) -> str:
    file = io.StringIO()
    # Text in quotation marks, all of it: where a spreadsheet takes another sign for the separator, a cell
    # that was cut in two could begin with what was in its middle.
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return file.getvalue()


def _rows(interview: Interview, turn: Turn, result: TurnResult | None) -> Iterator[Sequence[Cell]]:
    points = {} if result is None else {point.criterion.id: point for point in points_of(turn, result)}
    for criterion in turn.question.criteria:
        point = points.get(criterion.id)
        yield (
            printable(interview.id, keep=""),
            interview.started_at.isoformat(),
            interview.settings.mode,
            turn.question.id,
            turn.question.category,
            _try_of(interview, turn),
            turn.status,
            criterion.id,
            printable(criterion.requirement),
            criterion.weight,
            _yes_or_no(criterion.must_have),
            *_judged(point),
            None if result is None else result.score,
            "" if result is None else printable(result.band, keep=""),
            round(sum(answer.seconds for answer in turn.answers), 1),
            "" if point is None or point.grader is None else point.grader.kind,
            "" if point is None or point.grader is None else printable(point.grader.model, keep=""),
        )


def _judged(point: Point | None) -> Sequence[Cell]:
    """Verdict, credit, after_follow_up, disputed_from and evidence; empty without a grade."""
    if point is None:
        return ("", None, "", "", "")
    settled = point.dispute is not None and point.dispute.grade is not None
    return (
        point.earned.verdict,
        round(point.earned.credit, 4),
        _yes_or_no(point.earned.after_follow_up),
        point.dispute.before if point.dispute is not None and settled else "",
        "" if point.judged is None else _quotes(point.judged.evidence),
    )


def _quotes(evidence: Sequence[Evidence]) -> str:
    """The quotes as a JSON list; empty without any. All that is not shown as itself is escaped."""
    if not evidence:
        return ""
    text = json.dumps([proof.quote for proof in evidence], ensure_ascii=False)
    if printable(text, keep="") == text:
        return text
    return "".join(c if printable(c, keep="") == c else json.dumps(c)[1:-1] for c in text)


def _try_of(interview: Interview, turn: Turn) -> int:
    """1 for a question that is asked for the first time, 2 for the next try, and so on."""
    if turn.retry_of is None:
        return 1
    earlier = (one for one in interview.turns if one.retry_of == turn.retry_of and one.index <= turn.index)
    return 1 + sum(1 for _ in earlier)


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"
