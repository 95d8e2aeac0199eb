"""How a transcript says things in words: verdicts, flags, times, numbers."""

from __future__ import annotations

from datetime import UTC, datetime

from interviewer import numbers
from interviewer.grading.models import Flag

#: What a flag of a grade says to its reader.
FLAG_TEXTS = {
    Flag.NOT_JUDGED: "Not judged: the fake grader's verdicts only show how a grade looks.",
    Flag.EMPTY: "There were no words to grade in this answer.",
    Flag.RESTATED: "The answer only repeats the question.",
    Flag.UNVERIFIED: "For some points the grader could not quote the answer; they count as missing.",
    Flag.INSTRUCTIONS: "Text that speaks to the grader was withheld from it; it counts neither way.",
    Flag.REPAIRED: "For some points the grader had to be asked a second time.",
    Flag.SECOND_OPINION: "Disputed points were judged more than once; the majority decided.",
    Flag.DISPUTED: "Some points are disputed, and a second opinion could not be had.",
    Flag.NOT_SURE: "The small local model is not sure of some points; what it expects is credited there.",
    Flag.DOUBTED: "On some points the local model is sure of another verdict.",
    Flag.PROVISIONAL: "Provisional: the service was out of reach, and the local model stood in for it.",
}


def moment(at: datetime) -> str:
    """A time to the minute, in UTC, so that a transcript reads the same everywhere."""
    try:
        aware = at if at.tzinfo else at.replace(tzinfo=UTC)
        return f"{aware.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    except OverflowError:  # the first or the last day that there is, in another zone
        return at.isoformat(" ", "minutes")


def duration(seconds: float) -> str:
    """A time span, such as `45 s`, `3 min` or `2 min 5 s`."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def number(value: float | None) -> str:
    """A score or penalty with at most one decimal; a dash where there is none."""
    return "–" if value is None else numbers.decimal(value)


def change(points: float | None) -> str:
    """A change of a score with its sign; a dash where it is not known."""
    return "–" if points is None else numbers.change(points).replace("-", "−")
