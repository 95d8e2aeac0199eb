"""Between two sittings the clock may be set to anything: nothing is lost, and no time is below nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.errors import OutOfTurnError
from interviewer.interview.events import (
    Begin,
    Command,
    KeepDraft,
    Pause,
    Retry,
    Skip,
    Submit,
    TakeGrade,
    TimeUp,
)
from interviewer.interview.models import Interview, Status
from interviewer.interview.session import Session
from interviewer.interview.state import ungraded
from interviewer.interview.timing import seconds_used, time_left
from interviewer.memory.plan import due_plan
from interviewer.memory.schedule import days_overdue
from interviewer.store.store import Store
from interviewer.terminal.theme import clock as shown
from tests.support.builders import ANSWER, START, bank, grade, interview, question
from tests.support.doubles import ScriptedGrader

DAY, YEAR = timedelta(days=1), timedelta(days=365)
LIMIT = 600.0
JUMPS = st.sampled_from(
    [timedelta(seconds=2), timedelta(minutes=3), -DAY, YEAR, -60 * YEAR, 100 * YEAR, timedelta(hours=-1)]
)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-9, minutes=-30))])
COMMANDS = st.sampled_from(
    [
        Submit(text=ANSWER),
        Skip(),
        Pause(),
        Begin(),
        KeepDraft(text="half a"),
        TimeUp(text="cut"),
        Retry(turn=0),
    ]
)


class Clock:
    """A clock that is set at will."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def planned() -> Interview:
    asked = (question("a"), question("b"), question("c"))
    return interview(*asked, question_seconds=LIMIT, total_seconds=2 * LIMIT)


def begun(store: Store, clock: Clock) -> Session:
    session = Session.start(planned(), records=store, grader=ScriptedGrader(), now=clock)
    session.do(Begin())
    return session


def graded(session: Session) -> None:
    """Take a grade for each answer that has none."""
    for wanted in tuple(ungraded(session.interview)):
        session.do(TakeGrade(turn=wanted.turn, position=wanted.position, grade=grade()))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data") as opened:
        yield opened


@given(steps=st.lists(st.tuples(COMMANDS, JUMPS, ZONES), max_size=12))
@settings(max_examples=60)
def test_whenever_things_happen_they_are_kept_and_take_no_negative_time(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Command, timedelta, timezone]]
) -> None:
    clock = Clock()
    with Store.open(tmp_path_factory.mktemp("data")) as store:
        session = begun(store, clock)
        for command, jump, zone in steps:
            clock.now = (clock.now + jump).astimezone(zone)
            try:
                session.do(command)
                graded(session)
            except OutOfTurnError:
                continue
            one = session.interview
            assert store.load(one.id) == one
            assert seconds_used(one) >= 0
            for turn in one.turns:
                left = time_left(one, turn, clock.now)
                assert left.question is not None
                assert left.question <= LIMIT
                assert not shown(left.question).startswith("-")
        memory = store.memory("tests")
        assert due_plan(memory, bank(question("a")), 3, 1, clock.now) is not None
        for asked in memory.questions:
            assert all(isinstance(days_overdue(point.due, clock.now), int) for point in asked.criteria)


def test_a_clock_that_is_set_back_gives_the_whole_time_and_no_more(store: Store) -> None:
    clock = Clock()
    session = begun(store, clock)
    clock.now -= DAY

    left = session.time_left()

    assert left is not None
    assert (left.question, left.total) == (LIMIT, 2 * LIMIT)


def test_after_a_jump_of_a_year_what_was_typed_is_sent_and_not_lost(store: Store) -> None:
    clock = Clock()
    session = begun(store, clock)
    clock.now += YEAR

    session.do(TimeUp(text="half a sen"))

    assert store.load(session.interview.id).turns[0].answers[0].text == "half a sen"


def test_a_year_between_two_sittings_is_no_time_for_an_answer(store: Store) -> None:
    clock = Clock()
    session = begun(store, clock)
    clock.now += timedelta(seconds=20)
    session.do(Pause())
    clock.now += YEAR
    session.do(Begin())
    clock.now += timedelta(seconds=5)

    session.do(Submit(text=ANSWER))

    assert session.interview.turns[0].answers[0].seconds == 25.0


@pytest.mark.parametrize(
    "start", [datetime(1955, 11, 5, 6, 15, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)]
)
def test_an_interview_before_1970_is_kept_graded_and_remembered(store: Store, start: datetime) -> None:
    clock = Clock(start)
    session = begun(store, clock)
    session.do(Submit(text=ANSWER))
    graded(session)

    (row,) = store.sessions(9)
    (asked,) = store.memory("tests").questions
    assert row.started_at == START  # as the interview was planned
    assert asked.last_at == start
    assert all(point.due > start for point in asked.criteria)


def test_an_answer_over_the_end_of_summer_time_takes_the_time_that_passed(store: Store) -> None:
    summer, winter = timezone(timedelta(hours=2)), timezone(timedelta(hours=1))
    clock = Clock(datetime(2026, 10, 25, 2, 59, 50, tzinfo=summer))
    session = begun(store, clock)
    clock.now = datetime(2026, 10, 25, 2, 0, 10, tzinfo=winter)

    session.do(Submit(text=ANSWER))

    assert session.interview.turns[0].answers[0].seconds == 20.0
    assert session.interview.status is Status.RUNNING
