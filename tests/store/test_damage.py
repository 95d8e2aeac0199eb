"""A damaged database, or one of a newer version: told clearly, with a way out, and never overwritten."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from interviewer.errors import StoreError
from interviewer.interview.events import InterviewStarted
from interviewer.store.database import FILE_NAME
from interviewer.store.migrations import MIGRATIONS
from interviewer.store.store import Store
from tests.support.builders import interview
from tests.support.older import VERSIONS, older_database
from tests.support.program import Program, program

__all__ = ["program"]

PAGE = 4096
COMMANDS = (("sessions",), ("show",), ("export",), ("progress",), ("resume",), ("grade", "--pending"))


@pytest.fixture
def database(home: Path) -> Path:
    """A database with interviews in it, closed."""
    path = older_database(VERSIONS[-1], home / "data")
    Store.open(path.parent).close()
    return path


def use(folder: Path) -> None:
    """Read all there is, and write an interview. Raises StoreError where the damage is met."""
    with Store.open(folder) as store:
        store.sessions(99)
        store.pending()
        store.memory("older")
        for id in store.ids():
            store.load(id)
        store.record("new", InterviewStarted(interview=interview(id="new")))


def pages(path: Path) -> int:
    return path.stat().st_size // PAGE


def test_a_file_cut_off_at_any_page_is_told_and_left_as_it_is(database: Path) -> None:
    whole = database.read_bytes()
    cuts = (n * PAGE + extra for n in range(1, pages(database)) for extra in (0, 1 - PAGE // 2))
    for size in (17, 99, *cuts):
        database.write_bytes(whole[:size])

        with pytest.raises(StoreError, match="damaged") as told:
            use(database.parent)

        assert ".recover" in str(told.value.hint)
        assert database.read_bytes() == whole[:size]


def test_bytes_out_of_place_end_in_nothing_worse_than_an_error_that_tells_of_it(database: Path) -> None:
    whole = database.read_bytes()
    chance = random.Random(11)
    told = []
    for page in range(pages(database)):
        damaged = bytearray(whole)
        at = page * PAGE + chance.randrange(PAGE // 2)
        damaged[at : at + 64] = chance.randbytes(64)
        database.write_bytes(bytes(damaged))
        try:
            use(database.parent)
        except StoreError as error:
            told.append(error)
        for end in ("-wal", "-shm"):
            database.with_name(database.name + end).unlink(missing_ok=True)

    assert len(told) > pages(database) // 3  # the others hit room that is free, or words of someone
    assert all(error.hint for error in told if "cannot be used" not in error.message)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_command_tells_of_the_damage_in_words(
    database: Path, program: Program, command: tuple[str, ...]
) -> None:
    content = random.Random(5).randbytes(5 * PAGE)
    database.write_bytes(content)

    said = program(*command, *(("--grader", "fake") if command[0] in {"resume", "grade"} else ()))

    assert said.code == 1
    assert "damaged" in said.err
    assert ".recover" in said.err
    assert database.read_bytes() == content


def test_with_the_damaged_file_moved_away_the_program_starts_anew(database: Path, program: Program) -> None:
    database.write_bytes(random.Random(5).randbytes(5 * PAGE))
    assert program("sessions").code == 1

    database.rename(database.with_suffix(".damaged"))

    assert "No interviews yet" in program("sessions").out


def test_an_empty_file_is_a_new_database(home: Path, program: Program) -> None:
    (home / "data").mkdir(parents=True)
    (home / "data" / FILE_NAME).touch()

    assert "No interviews yet" in program("sessions").out


@pytest.fixture
def newer(database: Path) -> Path:
    """A database as a program might write it that knows one migration more; not in WAL mode."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("CREATE TABLE of_the_future (x)")
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.commit()
    connection.close()
    return database


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_newer_database_is_refused_in_words_and_left_as_it_is(
    newer: Path, program: Program, command: tuple[str, ...]
) -> None:
    content = newer.read_bytes()

    said = program(*command, *(("--grader", "fake") if command[0] in {"resume", "grade"} else ()))

    assert said.code == 1
    assert "written by a newer version" in said.err
    assert "Update the program" in said.err
    assert newer.read_bytes() == content
