"""How long a candidate has been at it, and how long is left. Only answering takes time, never grading."""

from __future__ import annotations

from datetime import datetime

from interviewer.interview.models import Interview, Turn, TurnStatus
from interviewer.models import Frozen


class TimeLeft(Frozen):
    """Seconds left, below 0 once it is over; None where there is no limit."""

    question: float | None
    total: float | None

    @property
    def soonest(self) -> float | None:
        """The seconds until one of the limits is reached."""
        limits = [one for one in (self.question, self.total) if one is not None]
        return min(limits) if limits else None


def seconds_on_screen(turn: Turn, now: datetime) -> float:
    """How long what waits for an answer in `turn` has been on screen, earlier sittings included."""
    asked_at = turn.open_follow_up.asked_at if turn.open_follow_up else turn.asked_at
    if asked_at is None:
        return turn.spent
    # A clock that was set back must not make a negative time.
    return turn.spent + max(0.0, (now - asked_at).total_seconds())


def spent_before(turn: Turn) -> float:
    """Seconds that what waits in `turn` was on screen in earlier sittings; after a crash the draft knows."""
    return max(turn.spent, turn.draft.seconds if turn.draft else 0.0)


def seconds_used(interview: Interview) -> float:
    """The time that answering took up to now, what is on screen left out."""
    return sum(
        sum(answer.seconds for answer in turn.answers)
        + (turn.spent if turn.status in {TurnStatus.SKIPPED, TurnStatus.PLANNED} else 0.0)
        for turn in interview.turns
    )


def is_over(interview: Interview) -> bool:
    """Whether the time for the whole interview is used up."""
    limit = interview.settings.total_seconds
    return limit is not None and seconds_used(interview) >= limit


def time_left(interview: Interview, turn: Turn, now: datetime) -> TimeLeft:
    """What is left for what waits for an answer in `turn`, and for the interview."""
    chosen, spent, used = interview.settings, seconds_on_screen(turn, now), seconds_used(interview)
    return TimeLeft(
        question=None if chosen.question_seconds is None else chosen.question_seconds - spent,
        total=None if chosen.total_seconds is None else chosen.total_seconds - used - spent,
    )
