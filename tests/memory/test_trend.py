"""How scores move from week to week."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.memory.models import Week
from interviewer.memory.trend import MAP_WEEKS, latest, mean_of, together, trend_of, week_of
from tests.support.builders import at

WEEKS = st.lists(st.builds(Week, st.integers(0, 30), st.integers(1, 9), st.floats(0, 900)), max_size=30)


@given(moment=st.integers(-3 * 10**9, 3 * 10**9).map(at))
def test_a_week_begins_on_the_monday_before(moment: datetime) -> None:
    monday = Week(week_of(moment)).monday

    assert monday.weekday() == 0
    assert timedelta(0) <= moment.date() - monday < timedelta(days=7)


def test_the_trend_compares_four_weeks_with_the_four_before() -> None:
    weeks = [Week(93, 2, 80), Week(96, 1, 60), Week(97, 1, 70), Week(100, 1, 90)]

    assert trend_of(weeks, 100) == pytest.approx(80 - 140 / 3)


@pytest.mark.parametrize("numbers", [(), (100,), (93, 95), (92, 100), (50, 100)])
def test_without_scores_on_both_sides_there_is_no_trend(numbers: tuple[int, ...]) -> None:
    assert trend_of([Week(number, 1, 50) for number in numbers], 100) is None


def test_a_week_without_a_turn_has_no_mean() -> None:
    assert [week.mean for week in latest([Week(100, 2, 150)], 100, 2)] == [None, 75]


@given(weeks=WEEKS, this_week=st.integers(0, 40))
def test_a_heat_map_has_every_week_up_to_this_one(weeks: list[Week], this_week: int) -> None:
    shown = latest(together(weeks), this_week)

    assert [week.number for week in shown] == list(range(this_week - MAP_WEEKS + 1, this_week + 1))


@given(weeks=WEEKS)
def test_weeks_put_together_keep_every_score(weeks: list[Week]) -> None:
    put = together(weeks)

    assert len({week.number for week in put}) == len(put)
    assert sum(week.graded for week in put) == sum(week.graded for week in weeks)
    assert mean_of(put) == (None if not weeks else pytest.approx(mean_of(weeks)))


def test_a_week_knows_its_monday() -> None:
    assert Week(week_of(datetime(2026, 1, 5, tzinfo=UTC))).monday == date(2026, 1, 5)
