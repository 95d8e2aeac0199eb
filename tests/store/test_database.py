"""The database file: private, migrated, and every fault of it told in words."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from interviewer.errors import StoreError
from interviewer.interview.events import Begin, Submit, TakeGrade
from interviewer.interview.session import Session
from interviewer.store.database import FILE_NAME
from interviewer.store.migrations import MIGRATIONS, migrate, version_of
from interviewer.store.store import Store
from tests.support.builders import ANSWER, criterion_grade, grade, interview
from tests.support.doubles import Clock, ScriptedGrader


def connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    (tmp_path / FILE_NAME).chmod(0o644)

    Store.open(tmp_path).close()

    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_the_database_writes_ahead(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    connection = connected(tmp_path / FILE_NAME)

    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_many_that_open_a_new_home_at_once_all_get_in(tmp_path: Path) -> None:
    def open_and_close(folder: Path) -> None:
        Store.open(folder).close()

    with ThreadPoolExecutor(4) as pool:
        for home in range(150):  # each a new chance to meet while the file is made
            list(pool.map(open_and_close, [tmp_path / str(home)] * 4))


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("my diary, and nothing else\n" * 100)

    with pytest.raises(StoreError, match="damaged"):
        Store.open(tmp_path)
    assert (tmp_path / FILE_NAME).read_text().startswith("my diary")


@pytest.mark.parametrize(
    "damage",
    [
        "turns SET question = x'ff'",
        "turns SET question = 'text where bytes should be'",
        "turns SET question = zeroblob(100000)",
        "turns SET question = CAST(replace(hex(zeroblob(100000)), '00', '[') AS BLOB)",
        "interviews SET started_at = x'00'",
        "interviews SET started_at = '2026-01-05'",
        "interviews SET settings = 7",
        "interviews SET started_at = '9999-12-31T23:59:59+00:00'",
        "interviews SET latest = 9",
        "turns SET turn = turn + 5",
        "turns SET retry_of = 9",
        "answers SET position = 5",
        "grades SET grade = CAST(replace(CAST(grade AS TEXT), '\"misconceptions\":[]',"
        ' \'"misconceptions":[{"id":"m9","evidence":[],"penalty":5}]\') AS BLOB)',
        "grades SET grade = CAST(replace(CAST(grade AS TEXT), 'one-request', 'other') AS BLOB)",
    ],
)
def test_a_damaged_row_is_told_with_a_way_out(tmp_path: Path, damage: str) -> None:
    with Store.open(tmp_path) as store:
        session = Session.start(interview(), records=store, grader=ScriptedGrader(), now=Clock())
        session.do(Begin())
        session.do(Submit(text=ANSWER))
        session.do(TakeGrade(turn=0, position=0, grade=grade()))
    connection = connected(tmp_path / FILE_NAME)
    connection.execute(f"UPDATE {damage}")
    connection.close()

    with Store.open(tmp_path) as store, pytest.raises(StoreError, match="did not write") as told:
        store.load("20260105-190000-aaaa")
    assert told.value.hint


def test_a_follow_up_whose_first_answer_lost_its_grade_is_told_as_damage(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        session = Session.start(interview(), records=store, grader=ScriptedGrader(), now=Clock())
        session.do(Begin())
        session.do(Submit(text=ANSWER))
        session.do(TakeGrade(turn=0, position=0, grade=grade(follow_up="And many requests?")))
        session.do(Submit(text=ANSWER))
        session.do(TakeGrade(turn=0, position=1, grade=grade(criteria=(criterion_grade("many-requests"),))))
    connection = connected(tmp_path / FILE_NAME)
    connection.execute("DELETE FROM grades WHERE position = 0")
    connection.close()

    with Store.open(tmp_path) as store, pytest.raises(StoreError, match="did not write"):
        store.load("20260105-190000-aaaa")


def test_a_count_of_tables_that_none_wrote_is_told_as_damage(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    connection = connected(tmp_path / FILE_NAME)
    connection.execute("PRAGMA user_version = -3")
    connection.close()

    with pytest.raises(StoreError, match="did not write"):
        Store.open(tmp_path)


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    connection = connected(tmp_path / FILE_NAME)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()

    with pytest.raises(StoreError, match="newer version"):
        Store.open(tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError) as told:
        Store.open(tmp_path / "file" / "data")
    assert "INTERVIEWER_HOME" in str(told.value.hint)


def test_a_store_that_is_locked_is_told(tmp_path: Path) -> None:
    from interviewer.interview.events import InterviewStarted

    with Store.open(tmp_path, wait=0) as store:
        other = connected(tmp_path / FILE_NAME)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="in use"):
            store.record("20260105-190000-aaaa", InterviewStarted(interview=interview()))
        other.close()


def test_migrations_run_once_and_in_order(tmp_path: Path) -> None:
    connection = connected(tmp_path / "db")
    steps = ("CREATE TABLE a (x);", "CREATE TABLE b (x); INSERT INTO b VALUES ('1;2');")

    migrate(connection, steps)
    migrate(connection, steps)

    assert connection.execute("SELECT x FROM b").fetchall() == [("1;2",)]
    assert version_of(connection) == 2
    connection.close()


def test_a_migration_that_fails_is_undone_and_can_be_tried_again(tmp_path: Path) -> None:
    connection = connected(tmp_path / "db")

    with pytest.raises(sqlite3.Error):
        migrate(connection, ("CREATE TABLE a (x); CREATE TABLE a (x);",))

    assert version_of(connection) == 0
    migrate(connection, ("CREATE TABLE a (x);",))
    assert version_of(connection) == 1
    connection.close()


def test_data_of_an_older_version_survives_a_migration(tmp_path: Path) -> None:
    connection = connected(tmp_path / "db")
    first = "CREATE TABLE a (x);"
    migrate(connection, (first,))
    connection.execute("INSERT INTO a VALUES (1)")

    migrate(connection, (first, "ALTER TABLE a ADD COLUMN y DEFAULT 2;"))

    assert connection.execute("SELECT x, y FROM a").fetchall() == [(1, 2)]
    connection.close()


def test_grades_of_the_first_version_are_not_provisional(tmp_path: Path) -> None:
    connection = connected(tmp_path / "old.sqlite3")
    migrate(connection, MIGRATIONS[:1])
    connection.execute(
        "INSERT INTO grades (interview_id, turn, position, graded_at, grader_kind, score, grade)"
        " VALUES ('i', 0, 0, '2026-01-05T19:00:00+00:00', 'llm', 50, x'00')"
    )

    migrate(connection)

    assert connection.execute("SELECT provisional FROM latest_grades").fetchone() == (0,)
    connection.close()
