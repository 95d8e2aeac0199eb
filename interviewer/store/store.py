"""The store: interviews by id, kept event by event."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from interviewer.errors import UsageError
from interviewer.interview.events import Event
from interviewer.interview.models import Interview
from interviewer.memory.models import BankNames, Memory
from interviewer.store.database import Database
from interviewer.store.memory import memory_of, practised_banks
from interviewer.store.models import PendingAnswer, PendingDispute, SessionRow
from interviewer.store.reading import (
    read_ids,
    read_interview,
    read_pending,
    read_sessions,
    read_unsettled,
)
from interviewer.store.writing import write_event
from interviewer.text import one_line

#: Seconds to wait for another process that is writing.
WAIT = 10.0
_NAMED = 5  # ids told where a prefix fits several


class Store:
    """The interviews of one data folder. A context manager: leaving it closes the database.

    Every method raises StoreError if the file cannot be read or written.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, folder: Path, *, wait: float = WAIT) -> Store:
        """The store in `folder`, created for this user alone if it is not there."""
        return cls(Database.open(folder, wait=wait))

    def record(self, interview_id: str, *events: Event) -> None:
        """Keep `events`, all or none. They are on disk when this returns."""
        with self._database.writing() as connection:
            for event in events:
                write_event(connection, interview_id, event)

    def load(self, interview_id: str) -> Interview:
        """The interview exactly as its events left it. Raises UsageError if there is none."""
        with self._database.reading() as connection:
            interview = read_interview(connection, interview_id)
        if interview is None:
            raise _unknown(interview_id)
        return interview

    def find(self, prefix: str | None = None, *, unfinished: bool = False) -> str:
        """The id that begins with `prefix`; without one, that of the newest interview.

        unfinished: only interviews that can go on. Raises UsageError if none fits, or several do.
        """
        with self._database.reading() as connection:
            found = read_ids(connection, prefix or "", unfinished=unfinished)
        if not found:
            raise _nothing(unfinished=unfinished) if prefix is None else _unknown(prefix)
        if prefix is not None and len(found) > 1:
            named = ", ".join(found[:_NAMED])
            raise UsageError(
                f"{len(found)} interviews begin with {one_line(prefix, 40)!r}",
                hint=f"Give more of the id: {named}{', …' if len(found) > _NAMED else ''}",
            )
        return found[0]

    def ids(self) -> tuple[str, ...]:
        """The ids of all interviews, the oldest first."""
        with self._database.reading() as connection:
            return tuple(reversed(read_ids(connection, "", unfinished=False)))

    def sessions(self, limit: int) -> tuple[SessionRow, ...]:
        """The newest `limit` interviews, newest first."""
        with self._database.reading() as connection:
            return read_sessions(connection, limit)

    def pending(self, interview_id: str | None = None) -> tuple[PendingAnswer, ...]:
        """Every answer without a grade, oldest first; of one interview, or of all."""
        with self._database.reading() as connection:
            return read_pending(connection, interview_id)

    def unsettled(self, interview_id: str | None = None) -> tuple[PendingDispute, ...]:
        """Every dispute that still waits for its second look, or whose second look failed; as `pending`."""
        with self._database.reading() as connection:
            return read_unsettled(connection, interview_id)

    def memory(self, bank_id: str) -> Memory:
        """What is remembered of the bank over all interviews; empty for one that was never graded."""
        return memory_of(self._database, bank_id)

    def practised_banks(self) -> tuple[BankNames, ...]:
        """The banks of which something is remembered, the one practised last first."""
        return practised_banks(self._database)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _unknown(wanted: str) -> UsageError:
    return UsageError(
        f"there is no interview {one_line(wanted, 40)!r}", hint="`interviewer sessions` lists them."
    )


def _nothing(*, unfinished: bool) -> UsageError:
    if unfinished:
        return UsageError("no interview is waiting to go on", hint="Start one with: interviewer start")
    return UsageError("there are no interviews yet", hint="Start one with: interviewer start")
