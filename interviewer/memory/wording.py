"""What was missed and what is due, in words, for the terminal and pages alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from interviewer.memory.models import CriterionProgress, DueQuestion, Progress, QuestionProgress
from interviewer.numbers import counted


def weakest_first(questions: Iterable[QuestionProgress]) -> list[QuestionProgress]:
    """Last those that were only tried again or drilled, which is in no score."""
    return sorted(questions, key=lambda one: (one.now is None, one.now or 0, one.id))


def times_missed(point: CriterionProgress) -> str:
    """`twice`, `3 times`: in a row."""
    return "twice" if point.missed_in_a_row == 2 else f"{point.missed_in_a_row} times"


def due_told(one: DueQuestion) -> str:
    """Such as `2 points, for 3 days`."""
    since = f"for {counted(one.days, 'day')}" if one.days else "today"
    return f"{counted(len(one.criteria), 'point')}, {since}"


def next_due_told(progress: Progress, now: datetime) -> str:
    """The next day on which something falls due, in a sentence; empty where nothing ever will."""
    following = progress.next_due
    if following is None:
        return ""
    days = (following.day - now.date()).days
    when = "tomorrow" if days == 1 else f"in {days} days, on {following.day:%a} {following.day}"
    head = "Next" if progress.due else "Nothing is due today. Next"
    return f"{head}: {counted(following.criteria, 'point')} {when}."
