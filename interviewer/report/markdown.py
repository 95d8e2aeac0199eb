"""A transcript as Markdown: for people to read, on a site or in an editor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from interviewer.interview.models import TurnStatus
from interviewer.interview.summary import Summary
from interviewer.numbers import counted
from interviewer.report.escape import code, inline
from interviewer.report.markdown_turn import turn_lines
from interviewer.report.phrases import duration, moment, number
from interviewer.report.technical import CALL_HEAD, CALL_NUMBERS, Cell, Foreign, Id, calls, facts, graders
from interviewer.report.transcript import Transcript
from interviewer.report.wording import REDACTED, STATUS_TEXTS, limits, not_judged


def to_markdown(transcript: Transcript) -> str:
    """The transcript as Markdown, with a line break at the end.

    Questions that were not asked yet are counted and not shown. No text of a candidate, a bank or a
    model becomes markup.
    """
    interview = transcript.interview
    results = {result.turn: result for result in transcript.results}
    titles = dict(interview.bank.categories)
    lines = [*_head(transcript), *_notice(transcript), *_summary(transcript.summary)]
    asked = sum(turn.retry_of is None for turn in interview.turns)
    for turn in interview.turns:
        if turn.status is not TurnStatus.PLANNED:
            category = titles.get(turn.question.category, turn.question.category)
            lines += turn_lines(turn, results.get(turn.index), asked, category, redacted=transcript.redacted)
    planned = sum(turn.status is TurnStatus.PLANNED for turn in interview.turns)
    if planned:
        lines += ["", f"Not asked yet: {counted(planned, 'question')}."]
    lines += _technical(transcript)
    return "\n".join(lines) + "\n"


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, numbers_from: int | None = None
) -> list[str]:
    """The lines of a table, a blank one before it. Cells must be escaped.

    numbers_from: columns from this index on are set right; None sets all left.
    """
    right = len(head) if numbers_from is None else numbers_from
    rule = ["---" if column < right else "---:" for column in range(len(head))]
    return ["", *(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))]


def _head(transcript: Transcript) -> Iterator[str]:
    interview, summary = transcript.interview, transcript.summary
    ended = f", finished {moment(interview.finished_at)}" if interview.finished_at else ""
    yield f"# Mock interview: {inline(interview.bank.role)}"
    yield ""
    yield f"- **Date**: {moment(interview.started_at)}{ended}"
    yield f"- **Bank**: {inline(interview.bank.title)}, fingerprint {code(interview.bank.fingerprint)}"
    yield f"- **Grader**: {_told(graders(interview, summary))}"
    yield f"- **Status**: {STATUS_TEXTS[interview.status]}; {summary.told}"
    yield f"- **Mode**: {interview.settings.mode}"
    limited = limits(interview.settings)
    yield f"- **Time answering**: {duration(summary.seconds)}{f'; limits: {limited}' if limited else ''}"


def _notice(transcript: Transcript) -> Iterator[str]:
    """What a reader must know before any score."""
    fakes = not_judged(transcript.summary)
    yield ""
    if fakes:
        yield f"> **Not judged.** {fakes}"
    else:
        yield "Scores are computed from the verdicts and the weights of the points. " + (
            "" if transcript.redacted else "Every quote under a verdict stands in the answer."
        )
    if transcript.redacted:
        yield from ("", f"**Left out:** {REDACTED}")


def _summary(summary: Summary) -> Iterator[str]:
    yield from ("", "## Summary")
    rows = [
        *((inline(c.title), number(c.score), f"{c.graded} of {c.asked}") for c in summary.by_category),
        ("**Overall**", f"**{number(summary.score)}**", f"{summary.graded} of {_asked(summary)}"),
    ]
    yield from table(("Category", "Score of 100", "Graded of asked"), rows, numbers_from=1)
    if summary.pending or summary.skipped:
        yield from ("", "Answers that are not graded yet and skipped questions are in no score.")


def _asked(summary: Summary) -> int:
    return sum(c.asked for c in summary.by_category)


def _technical(transcript: Transcript) -> Iterator[str]:
    yield from ("", "## Technical data")
    yield from table(("What", "Value"), [(name, _told(cell)) for name, cell in facts(transcript)])
    rows = [tuple(map(_told, row)) for turn in transcript.interview.turns for row in calls(turn)]
    if rows:
        yield from table(CALL_HEAD, rows, numbers_from=CALL_NUMBERS)


def _told(cell: Cell) -> str:
    """A cell as Markdown."""
    return "".join(
        code(piece) if isinstance(piece, Id) else inline(piece) if isinstance(piece, Foreign) else piece
        for piece in cell
    )
