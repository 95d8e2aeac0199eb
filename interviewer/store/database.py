"""One connection to the database file: private, durable, and every fault of SQLite told as a StoreError."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from interviewer.errors import StoreError
from interviewer.private import make_own_folder, narrow
from interviewer.store.migrations import migrate, refuse_newer
from interviewer.text import one_line

FILE_NAME = "interviews.sqlite3"


class Database:
    """A connection in autocommit mode: nothing is written outside `writing`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    @classmethod
    def open(cls, folder: Path, *, wait: float) -> Database:
        """The database in `folder`, which is created if need be; its tables are brought up to date.

        wait: seconds to wait for another process that writes. Raises StoreError.
        """
        path = folder / FILE_NAME
        with faults_told(path):
            _make_private(folder, path)
            connection = sqlite3.connect(path, timeout=wait, isolation_level=None)
            connection.row_factory = sqlite3.Row
            try:
                refuse_newer(connection)  # before anything could change the file
                # Readers and a writer do not block each other. Where the file system cannot do it, SQLite
                # stays with its rollback journal, which is as safe.
                _log_ahead(connection)
                # In WAL mode, NORMAL may lose the last commits when the power fails. An answer is minutes
                # of work and a commit comes at the pace of a person: each one is worth its fsync.
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA foreign_keys = ON")
                migrate(connection)
            except BaseException:
                connection.close()
                raise
        return cls(connection, path)

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent view of the data, whatever others write meanwhile. Raises StoreError."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; on disk once the block is left. Raises StoreError."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    def close(self) -> None:
        """Close the connection; the last one to close folds the log into the file."""
        with faults_told(self.path):
            self._connection.close()

    @contextlib.contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with faults_told(self.path):
            self._connection.execute(begin)
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


@contextlib.contextmanager
def faults_told(path: Path) -> Iterator[None]:
    """Faults of SQLite, of the file system and of stored data at `path` come out as StoreError."""
    shown = one_line(str(path), 300)
    try:
        yield
    except sqlite3.Error as error:
        raise _told(error, shown) from error
    except UnicodeEncodeError as error:
        raise StoreError("an id holds characters that cannot be stored") from error
    except OSError as error:
        raise StoreError(
            f"cannot open the interviews at {shown}: {error.strerror or error}",
            hint="Set INTERVIEWER_HOME to a folder that you can write to.",
        ) from error
    except ValueError as error:  # pydantic's ValidationError, bad JSON, bad UTF-8
        raise StoreError(
            f"the interviews at {shown} hold data that this program did not write",
            hint=_AFTER_DAMAGE,
        ) from error


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging; a new file may be switched by several processes at once.

    Where two are at it, SQLite tells one of them that the file is busy, without waiting. So this waits for
    the lock of the other, within the time of the connection, and tries again. Raises sqlite3.Error.
    """
    for _ in range(_TRIES):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")


#: How often the switch to write-ahead logging is tried again: once for each process that opens a new file.
_TRIES = 16

_AFTER_DAMAGE = (
    "Copy the file, and those with -wal and -shm after its name if they are there, then try "
    "`sqlite3 FILE .recover | sqlite3 NEW` to save what can be read. With them moved away, the program "
    "starts a new one."
)

# By primary result code, https://www.sqlite.org/rescode.html: what happened, and the way out.
_FAULTS = {
    sqlite3.SQLITE_BUSY: (
        "the interviews at {} are in use by another process",
        "Wait for it to finish, or close it, and try again.",
    ),
    sqlite3.SQLITE_LOCKED: (
        "the interviews at {} are in use by another process",
        "Wait for it to finish, or close it, and try again.",
    ),
    sqlite3.SQLITE_READONLY: (
        "the interviews at {} can be read but not written",
        "Give yourself write permission on file and folder, or set INTERVIEWER_HOME to another folder.",
    ),
    sqlite3.SQLITE_PERM: (
        "no permission for the interviews at {}",
        "Give yourself read and write permission, or set INTERVIEWER_HOME to another folder.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "cannot open the interviews at {}",
        "Give yourself read and write permission, or set INTERVIEWER_HOME to another folder.",
    ),
    sqlite3.SQLITE_FULL: (
        "the disk is full: nothing more can be saved at {}",
        "Free some space and try again.",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk reports an error at {}",
        "Check the disk and its free space, then try again. What was saved before is not changed.",
    ),
    sqlite3.SQLITE_CORRUPT: ("the file of the interviews is damaged: {}", _AFTER_DAMAGE),
    sqlite3.SQLITE_NOTADB: ("the file of the interviews is damaged, or is none: {}", _AFTER_DAMAGE),
    sqlite3.SQLITE_CONSTRAINT: (
        "this does not fit what is stored at {}",
        "Is the same interview open in another window? Close one of them and resume the interview.",
    ),
}


def _told(error: sqlite3.Error, path: str) -> StoreError:
    # Errors of the module itself, such as use after close, carry no code.
    code = getattr(error, "sqlite_errorcode", None)
    told = _FAULTS.get(code & 0xFF) if code is not None else None
    if told is None:
        return StoreError(f"the interviews at {path} cannot be used: {error}")
    return StoreError(told[0].format(path), hint=told[1])


def _make_private(folder: Path, path: Path) -> None:
    """The folder and an empty database file for this user alone. SQLite gives its log files the same mode."""
    make_own_folder(folder)
    try:
        # Only a new file is opened here: closing a descriptor drops the locks that this process holds on it.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        for file in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
            narrow(file)  # the logs come and go
