"""Databases of every earlier version, as its program wrote them, are brought up to date and lose nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from interviewer.interview.models import Status, TurnStatus
from interviewer.store.migrations import MIGRATIONS
from interviewer.store.store import Store
from tests.support.older import VERSIONS, columns_in, older_database, rows_of
from tests.support.program import Program, program

__all__ = ["program"]


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def old(version: int, home: Path) -> Path:
    """A database of that version in the home."""
    return older_database(version, home / "data")


def test_there_is_a_database_of_each_version() -> None:
    assert tuple(range(1, len(MIGRATIONS) + 1)) == VERSIONS


def test_every_value_of_every_row_is_still_there(old: Path) -> None:
    tables, before = columns_in(old), rows_of(old)

    Store.open(old.parent).close()

    assert rows_of(old, tables) == before
    assert sum(map(len, before.values())) >= 20


def test_every_interview_can_be_read(old: Path, version: int) -> None:
    with Store.open(old.parent) as store:
        interviews = [store.load(id) for id in store.ids()]
        listed = store.sessions(99)

    answers = [answer for i in interviews for turn in i.turns for answer in turn.answers]
    assert len(listed) == len(interviews) == (3 if version == 1 else 4 if version == 2 else 6)
    assert all(answer.text or answer.gave_up for answer in answers)
    assert any(answer.prompt for answer in answers)
    assert any(turn.status is TurnStatus.SKIPPED for i in interviews for turn in i.turns)


def test_what_had_no_grade_still_waits_for_one(old: Path, version: int) -> None:
    with Store.open(old.parent) as store:
        waiting = store.pending()

    assert len(waiting) == (1 if version == 1 else 2)  # from 2 on, one that was graded for the time being


def test_what_was_graded_before_is_remembered(old: Path) -> None:
    with Store.open(old.parent) as store:
        memory = store.memory("older")

    assert {question.id for question in memory.questions} == {"latency", "cache"}
    assert all(question.criteria for question in memory.questions)


def test_an_interview_that_was_left_then_goes_on_now(old: Path, program: Program) -> None:
    with Store.open(old.parent) as store:
        id = store.find(unfinished=True)
        before = store.load(id)

    said = program(
        "resume", id, "--grader", "fake", stdin="The one answer that was left.\n---\n/skip\n/skip\n"
    )

    assert said.code == 0, said.err
    with Store.open(old.parent) as store:
        after = store.load(id)
    assert after.status is Status.FINISHED
    for turn, then in zip(after.turns, before.turns, strict=True):
        assert [a.text for a in turn.answers][: len(then.answers)] == [a.text for a in then.answers]
