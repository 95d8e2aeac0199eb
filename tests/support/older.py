"""Databases of earlier versions: `tests/store/older/` holds what each of them wrote, as SQL.

A version is the number of migrations that it knew. Each file was dumped from interviews that the last program
of that version had held: finished, paused, with follow-ups, without a grade; from 2 on with a provisional
grade, from 3 on with a retry, a dispute and an exam.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from interviewer.store.database import FILE_NAME

#: Columns by name of the table.
Tables = dict[str, list[str]]
_FOLDER = Path(__file__).parents[1] / "store" / "older"
_NAME = "version-{}.sql"
VERSIONS = tuple(range(1, 1 + len(list(_FOLDER.glob(_NAME.format("*"))))))


def older_database(version: int, data: Path) -> Path:
    """The database of `version` in the folder `data`, which is made."""
    data.mkdir(parents=True)
    path = data / FILE_NAME
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript((_FOLDER / _NAME.format(version)).read_text(encoding="utf-8"))
    connection.close()
    return path


def rows_of(path: Path, tables: Tables | None = None) -> dict[str, list[tuple[object, ...]]]:
    """The rows of each table, sorted; of `tables`, those columns alone."""
    wanted = columns_in(path) if tables is None else tables
    connection = sqlite3.connect(path)
    found = {
        name: sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {name}"), key=repr)
        for name, columns in wanted.items()
    }
    connection.close()
    return found


def columns_in(path: Path) -> Tables:
    """The tables of a database."""
    connection = sqlite3.connect(path)
    names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    found = {name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] for (name,) in names}
    connection.close()
    return found
