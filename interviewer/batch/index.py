"""Ids that were seen, with a place for each: millions of them in a few megabytes of memory."""

from __future__ import annotations

import sqlite3
import weakref


class Ids:
    """A map from id to place, in a temporary database of this process alone, which no other can see."""

    def __init__(self) -> None:
        # An empty name is a file without a name, which is only written to once its cache is full. Lines of a
        # pipe are read in a thread of their own, one after another.
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for setting in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE"):
            self._db.execute(f"PRAGMA {setting}")
        self._db.execute("CREATE TABLE ids (id BLOB PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID")
        self._db.execute("BEGIN")
        # What nobody else can see goes with its owner, which iterators hold that may be left halfway.
        self._end = weakref.finalize(self, self._db.close)

    def add(self, id: str, place: int = 0) -> bool:
        """Note `id`; whether it is new. One that is known keeps its place."""
        found = self._db.execute("INSERT OR IGNORE INTO ids VALUES (?, ?)", (_key(id), place))
        return found.rowcount == 1

    def place(self, id: str) -> int | None:
        """The place of `id`, or None."""
        row = self._db.execute("SELECT place FROM ids WHERE id = ?", (_key(id),)).fetchone()
        return None if row is None else int(row[0])

    def __contains__(self, id: str) -> bool:
        return self.place(id) is not None

    def __bool__(self) -> bool:
        return self._db.execute("SELECT 1 FROM ids LIMIT 1").fetchone() is not None

    def close(self) -> None:
        """Give the memory back."""
        self._end()


def _key(id: str) -> bytes:
    return id.encode("utf-8", "surrogatepass")
