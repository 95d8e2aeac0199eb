"""The clock of a sitting goes on steadily while the machine's is set back, forth, or to winter time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from interviewer.cli.clock import SteadyClock, steady_clock
from tests.support.builders import START


class Machine:
    """A clock that is set at will, and seconds that pass."""

    def __init__(self) -> None:
        self.wall = START
        self.passed = 1_000.0

    def later(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.passed += seconds


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def clock(machine: Machine) -> SteadyClock:
    return SteadyClock(lambda: machine.wall, lambda: machine.passed)


def test_it_tells_the_time(machine: Machine, clock: SteadyClock) -> None:
    machine.later(90)

    assert clock() == START + timedelta(seconds=90)


@pytest.mark.parametrize(
    "set_to",
    [
        START - timedelta(days=1),
        START + timedelta(days=365),
        datetime(1969, 12, 31, 23, 59, tzinfo=UTC),
        START.astimezone(timezone(timedelta(hours=2))).replace(tzinfo=timezone(timedelta(hours=1))),
    ],
    ids=["back a day", "forward a year", "before 1970", "as at the end of summer time"],
)
def test_it_does_not_jump_with_the_machine_s(machine: Machine, clock: SteadyClock, set_to: datetime) -> None:
    machine.later(10)
    machine.wall = set_to
    machine.later(5)

    assert clock() == START + timedelta(seconds=15)


def test_the_machine_s_own_goes_forward_and_knows_its_zone() -> None:
    clock = steady_clock()
    first, second = clock(), clock()

    assert first <= second
    assert first.utcoffset() == timedelta(0)
    assert abs((first - datetime.now(UTC)).total_seconds()) < 60
