"""A database that comes from elsewhere: of an older program, or changed by another hand."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from interviewer.interview.events import InterviewStarted
from interviewer.interview.models import Interview, Status
from interviewer.store.store import Store
from tests.support.hostile.kept import as_before_there_was_memory, of_words, raw
from tests.support.hostile.looking import exported, progress
from tests.support.hostile.world import World
from tests.support.payloads import KINDS


def made_elsewhere(world: World) -> None:
    """Two interviews of which every text is the payload, in tables of an older version."""
    _keep(world)
    as_before_there_was_memory(world.home / "data")
    _look(world)
    world.call("grade", "--pending", "--grader", "fake")
    world.call("grade", "--pending", "--grader", "local")
    world.call("resume", "--grader", "fake", stdin="It is an answer of some length.\n---\n")
    exported(world)
    progress(world)


def changed_by_hand(world: World) -> None:
    """What no column of that kind holds, in each column, one at a time; it is shown, or told as damage."""
    world.payload = KINDS["terminal"]["csi"]
    whole = world.home = world.top / "whole"
    _keep(world)
    _look(world)  # what is remembered fills tables, too
    columns = _columns(whole / "data")
    for number, (table, column) in enumerate(columns):
        for value in (world.payload, world.payload.encode(), b"[1]", b"null", -1.5):
            world.home = world.top / "changed"
            shutil.copytree(whole, world.home)
            if _is_changed(world.home / "data", table, column, value):
                _LOOKS[number % len(_LOOKS)](world)
                world.call("export", "--all", "-f", "csv")
                world.call("progress", "--json")
            shutil.rmtree(world.home)


def _columns(folder: Path) -> list[tuple[str, str]]:
    connection = raw(folder)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = [(one, row[1]) for one in tables for row in connection.execute(f"PRAGMA table_info({one})")]
    connection.close()
    return found


def _is_changed(folder: Path, table: str, column: str, value: str | bytes | float) -> bool:
    """Whether the database takes `value` there."""
    connection = raw(folder)
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        connection.execute(f"UPDATE {table} SET {column} = ?", (value,))
    except sqlite3.Error:
        return False
    finally:
        connection.close()
    return True


def _keep(world: World) -> None:
    words = world.payload.encode("utf-8", "replace").decode().replace("\0", "") or " "
    bank = words.strip() or "x"
    with Store.open(world.home / "data") as store:
        for number, status in enumerate((Status.RUNNING, Status.FINISHED)):
            one = of_words(f"{words}{number}", bank)
            finished = one.started_at if status is Status.FINISHED else None
            one = one.model_copy(update={"status": status, "finished_at": finished})
            store.record(one.id, InterviewStarted(interview=Interview.model_validate(one.model_dump())))


def _look(world: World) -> None:
    world.call("sessions")
    world.call("sessions", "--json")
    world.call("show")
    world.call("show", "--", world.as_argument)
    world.call("show", "--json")
    world.call("doctor", "--json")
    world.call("export", "-f", "md")
    world.call("progress")
    for how in (("--due",), ("--mode", "drill")):
        world.call("start", *how, "-n", "1", "--grader", "local", stdin="/quit\n")


def _resume(world: World) -> None:
    world.call("resume", stdin="It is an answer of some length.\n---\n")


def _grade(world: World) -> None:
    world.call("grade", "--pending")


_LOOKS = (_look, _resume, _grade)

SCENES = (made_elsewhere,)
#: What does not depend on the payload.
ONCE = (changed_by_hand,)
