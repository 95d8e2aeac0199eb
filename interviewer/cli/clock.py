"""The clock of a sitting: it goes on steadily, whatever happens to the clock of the machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SteadyClock:
    """The time of day, read once from `wall`; what has passed since, by `passed`, is added to it.

    So a clock that is set in the middle of a sitting neither ends an answer nor mixes up the order of events.
    wall: the time with its zone. passed: seconds since some moment, which never jump.
    """

    def __init__(self, wall: Callable[[], datetime], passed: Callable[[], float]) -> None:
        self._began = wall()
        self._passed = passed
        self._passed_then = passed()

    def __call__(self) -> datetime:
        """The time now."""
        return self._began + timedelta(seconds=self._passed() - self._passed_then)


def steady_clock() -> SteadyClock:
    """The machine's: the time in UTC. Where the system can count it, time asleep passes, too."""
    return SteadyClock(lambda: datetime.now(UTC), _seconds_passed)


def _seconds_passed() -> float:
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)
