"""What the store tells without loading whole interviews."""

from __future__ import annotations

from datetime import datetime

from interviewer.bank.models import Points
from interviewer.interview.models import Status
from interviewer.models import Count, Frozen


class SessionRow(Frozen):
    """One interview in a list.

    bank: its title. questions: turns in all. answered: turns with an answer. graded, pending, skipped:
    turns that stand so.
    score: mean over graded turns, 0 to 100; None while there is none.
    """

    id: str
    started_at: datetime
    finished_at: datetime | None
    status: Status
    bank: str
    questions: Count
    answered: Count
    graded: Count
    pending: Count
    skipped: Count
    score: Points | None


class PendingDispute(Frozen):
    """A dispute that no second look has settled. criterion: its id."""

    interview_id: str
    turn: Count
    criterion: str


class PendingAnswer(Frozen):
    """An answer without a grade. position: 0 is the turn's first answer, then 1 for each follow-up."""

    interview_id: str
    turn: Count
    position: Count
