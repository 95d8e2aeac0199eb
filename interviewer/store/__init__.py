"""Interviews on disk: every event is in SQLite before anyone hears of it."""

from interviewer.store.models import PendingAnswer, SessionRow
from interviewer.store.store import Store

__all__ = ["PendingAnswer", "SessionRow", "Store"]
