"""A full disk, a folder that nobody may write to, a lock, a neighbour: no answer is lost, and all is told."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from interviewer.interview.models import Interview, Status
from interviewer.store import store as store_module
from interviewer.store.database import FILE_NAME
from interviewer.store.store import Store
from tests.support.older import VERSIONS, older_database
from tests.support.powers import heed_modes, no_file_over
from tests.support.program import Outcome, Program, program

__all__ = ["program"]

ASKED = ("--question", "kv-cache", "--question", "memory-wall", "--follow-ups", "0", "--grader", "fake")
LONG = ("Größe × Tempo " * 1400)[:19_000].strip()
KIB = 1024


def process(home: Path, *arguments: str, said: str = "", before: Callable[[], None] | None = None) -> Outcome:
    """The program in a process of its own, in the folder beside its home; `before` runs in it first."""
    done = subprocess.run(
        [sys.executable, "-m", "interviewer", *arguments],
        input=said.encode(),
        env={
            **os.environ,
            "INTERVIEWER_HOME": str(home),
            "INTERVIEWER_GRADER": "fake",
            "PYTHONPATH": os.pathsep.join(sys.path),
            "TMPDIR": str(home.parent),
        },
        cwd=home.parent,
        preexec_fn=before,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert b"Traceback" not in done.stderr
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


def left(home: Path) -> Interview:
    with Store.open(home / "data") as store:
        return store.load(store.find())


def answers(home: Path) -> list[str]:
    return [a.text for turn in left(home).turns for a in turn.answers]


@pytest.fixture
def paused(home: Path, program: Program) -> Path:
    """A home with an interview that can be gone on with."""
    assert program("start", *ASKED, stdin="/quit\n").code == 0
    return home


class TestFullDisk:
    def test_an_answer_that_does_not_fit_the_database_is_in_a_file_that_the_error_names(
        self, paused: Path
    ) -> None:
        said = process(paused, "resume", said=LONG, before=no_file_over(48 * KIB))

        (file,) = (paused / "data").glob("*unsaved*")
        assert said.code == 1
        assert file.read_text() == LONG
        assert f"What you wrote last is in {file}" in said.err
        assert f"interviewer resume {left(paused).id}" in said.err
        assert answers(paused) == []

    def test_with_room_again_the_interview_goes_on_with_it(self, paused: Path) -> None:
        process(paused, "resume", said=LONG, before=no_file_over(48 * KIB))
        (file,) = (paused / "data").glob("*unsaved*")

        said = process(paused, "resume", "--answers", str(file))

        assert said.code == 0, said.err
        assert answers(paused) == [LONG]

    def test_an_answer_that_fits_nowhere_is_told_itself(self, paused: Path) -> None:
        huge = "延迟 " * 7_900

        said = process(paused, "resume", said=huge, before=no_file_over(48 * KIB))

        assert said.code == 1
        assert f"Copy it from here:\n{huge.strip()}" in said.err

    def test_an_answer_whose_grade_does_not_fit_is_kept(self, paused: Path) -> None:
        said = process(paused, "resume", said=LONG, before=no_file_over(88 * KIB))

        assert said.code == 1
        assert "All that was sent before is kept" in said.err
        assert answers(paused) == [LONG]
        assert process(paused, "grade", "--pending").out == "1 graded, 0 still open\n"

    def test_an_interview_that_cannot_even_begin_leaves_nothing_half(self, home: Path) -> None:
        said = process(home, "start", *ASKED, said=LONG, before=no_file_over(36 * KIB))

        assert said.code == 1
        assert "free space" in said.err
        assert "there are no interviews yet" in process(home, "show").err

    @pytest.mark.parametrize("command", [("show",), ("export",)], ids=" ".join)
    def test_output_that_goes_nowhere_is_told(self, paused: Path, command: tuple[str, ...]) -> None:
        def full() -> None:
            os.dup2(os.open("/dev/full", os.O_WRONLY), 1)

        said = process(paused, *command, before=full)

        assert said.code == 1
        assert "the output cannot be written" in said.err


class TestReadOnly:
    @pytest.fixture
    def closed(self, home: Path) -> Iterator[Path]:
        """A home with a database, in which nothing may be written."""
        older_database(VERSIONS[-1], home / "data")
        Store.open(home / "data").close()
        folders = (home / "data", home)
        for folder in folders:
            folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
        (home / "data" / FILE_NAME).chmod(stat.S_IRUSR)
        yield home
        for folder in folders:
            folder.chmod(stat.S_IRWXU)

    @pytest.mark.parametrize(
        "command", [("start", *ASKED), ("resume",), ("show",), ("config", "set", "model", "m")], ids=str
    )
    def test_each_command_says_what_to_do(self, closed: Path, command: tuple[str, ...]) -> None:
        content = (closed / "data" / FILE_NAME).read_bytes()

        said = process(closed, *command, said=LONG, before=heed_modes)

        assert said.code == 1
        assert "INTERVIEWER_HOME" in said.err or "cannot be written" in said.err
        assert (closed / "data" / FILE_NAME).read_bytes() == content

    def test_no_question_is_asked_where_no_answer_could_be_kept(self, closed: Path) -> None:
        said = process(closed, "start", *ASKED, before=heed_modes)

        assert "Question 1" not in said.out
        assert "no interview can be kept in" in said.err

    @pytest.mark.parametrize("home", ["/proc/here", "/dev/null"])
    def test_a_home_that_cannot_be_is_told(
        self, home: str, program: Program, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("INTERVIEWER_HOME", home)

        said = program("start", *ASKED, stdin=LONG)

        assert said.code in {1, 4}
        assert home in said.err


class TestNeighbours:
    @pytest.fixture
    def locked(self, paused: Path) -> Iterator[sqlite3.Connection]:
        """The database, in the midst of another process's transaction."""
        connection = sqlite3.connect(paused / "data" / FILE_NAME, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.close()

    @pytest.fixture(autouse=True)
    def impatient(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The program waits a moment for others, not ten seconds."""
        assert Store.open.__kwdefaults__ == {"wait": store_module.WAIT}
        monkeypatch.setitem(Store.open.__kwdefaults__, "wait", 0.05)

    def test_a_lock_that_is_held_too_long_is_told_and_loses_nothing(
        self, paused: Path, locked: sqlite3.Connection, program: Program
    ) -> None:
        said = program("resume", "--grader", "fake", stdin=LONG)

        assert said.code == 1
        assert "in use by another process" in said.err
        assert "Wait for it to finish" in said.err
        locked.execute("ROLLBACK")
        assert program("resume", "--grader", "fake", stdin=LONG).code == 0
        assert answers(paused) == [LONG]

    def test_a_lock_does_not_keep_anyone_from_reading(
        self, locked: sqlite3.Connection, program: Program
    ) -> None:
        assert "paused" in program("sessions").out

    def test_two_interviews_at_once_in_one_home_both_come_to_their_end(self, home: Path) -> None:
        said = [
            [f"Answer {n} of {who}, in words of its own." for n in range(2)] for who in ("one", "another")
        ]

        with ThreadPoolExecutor() as pool:  # in a home that neither of them finds made
            ended = list(pool.map(lambda one: process(home, "start", *ASKED, said="\n---\n".join(one)), said))

        assert [one.code for one in ended] == [0, 0], [one.err for one in ended]
        with Store.open(home / "data") as store:
            kept = [store.load(id) for id in store.ids()]
        assert sorted([a.text for t in i.turns for a in t.answers] for i in kept) == sorted(said)
        assert {one.status for one in kept} == {Status.FINISHED}

    def test_many_may_open_a_database_at_once_that_is_not_there_yet(self, home: Path) -> None:
        def opened(_: int) -> None:
            with Store.open(home / "data", wait=30) as store:
                store.sessions(1)

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(opened, range(32))) == [None] * 32

    def test_an_interview_that_is_open_twice_takes_each_answer_once(
        self, paused: Path, program: Program
    ) -> None:
        with Store.open(paused / "data") as store:
            id = store.find()
        first = program("resume", id, "--grader", "fake", stdin="The first answer, of one window.\n---\n")
        second = program("resume", id, "--grader", "fake", stdin="The second answer, of another.\n---\n")

        assert (first.code, second.code) == (0, 0)
        assert answers(paused) == ["The first answer, of one window.", "The second answer, of another."]
