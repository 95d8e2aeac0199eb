"""How scores move from week to week."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from interviewer.memory.models import Week

#: Weeks that a heat map shows, and those that a trend compares with as many before.
MAP_WEEKS = 12
TREND_WEEKS = 4


def week_of(moment: datetime) -> int:
    """The number of the week that `moment` is in."""
    return (moment.astimezone(UTC).toordinal() - 1) // 7


def together(weeks: Iterable[Week]) -> tuple[Week, ...]:
    """The weeks of several questions as one of each number, oldest first."""
    graded: dict[int, int] = {}
    totals: dict[int, float] = {}
    for week in weeks:
        graded[week.number] = graded.get(week.number, 0) + week.graded
        totals[week.number] = totals.get(week.number, 0.0) + week.total
    return tuple(Week(number, graded[number], totals[number]) for number in sorted(graded))


def latest(weeks: Iterable[Week], this_week: int, count: int = MAP_WEEKS) -> tuple[Week, ...]:
    """The `count` weeks up to `this_week`, oldest first; those that are not in `weeks` are empty."""
    known = {week.number: week for week in weeks}
    return tuple(known.get(n, Week(n)) for n in range(this_week - count + 1, this_week + 1))


def mean_of(weeks: Iterable[Week]) -> float | None:
    """The mean over all scores in `weeks`, 0 to 100; None where there is none."""
    held = list(weeks)
    graded = sum(week.graded for week in held)
    return sum(week.total for week in held) / graded if graded else None


def trend_of(weeks: Iterable[Week], this_week: int) -> float | None:
    """The mean of the last TREND_WEEKS weeks less that of as many before, -100 to 100.

    None where one of the two has no score.
    """
    both = latest(weeks, this_week, 2 * TREND_WEEKS)
    before, after = mean_of(both[:TREND_WEEKS]), mean_of(both[TREND_WEEKS:])
    return None if before is None or after is None else after - before
