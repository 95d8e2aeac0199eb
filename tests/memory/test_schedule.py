"""When a criterion is due again: sooner after it was missed, ever later while it is shown."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.memory.models import Outcome, Sighting
from interviewer.memory.schedule import LONGEST_INTERVAL, days_overdue, is_due, reviewed
from tests.support.builders import START, at

SIGHTINGS = st.lists(
    st.builds(
        Sighting,
        at=st.integers(0, 3 * 10**9).map(at),
        outcome=st.sampled_from(Outcome),
    ),
    min_size=1,
    max_size=12,
).map(lambda found: sorted(found, key=lambda one: one.at))


def interval(*outcomes: Outcome) -> timedelta:
    """From the last sighting to the day that it is due, each sighting being on the day it was due."""
    card, due = None, START
    for outcome in outcomes:
        seen = due
        card, due = reviewed(card, [Sighting(seen, outcome)])
    return due - seen


@pytest.mark.parametrize("outcome", [Outcome.MISSING, Outcome.WRONG])
def test_what_was_not_shown_is_due_the_next_day(outcome: Outcome) -> None:
    assert interval(outcome) == timedelta(days=1)


def test_what_is_shown_again_and_again_is_due_ever_later() -> None:
    first, second, third = (interval(*[Outcome.MET] * times) for times in (1, 2, 3))

    assert timedelta(days=1) <= first < second < third


@pytest.mark.parametrize("outcome", [Outcome.HELPED, Outcome.PARTIAL])
def test_half_shown_is_due_before_what_was_met_and_after_what_was_missed(outcome: Outcome) -> None:
    well, half, badly = (interval(Outcome.MET, Outcome.MET, o) for o in (Outcome.MET, outcome, Outcome.WRONG))

    assert badly < half < well


def test_nothing_rests_for_longer_than_a_year() -> None:
    assert interval(*[Outcome.MET] * 12) == timedelta(days=LONGEST_INTERVAL)


@given(sightings=SIGHTINGS, split=st.integers(1, 12))
def test_a_card_that_is_brought_up_to_date_equals_one_that_is_computed_anew(
    sightings: list[Sighting], split: int
) -> None:
    card, due = reviewed(None, sightings[:split])
    if sightings[split:]:
        card, due = reviewed(card, sightings[split:])

    assert (card, due) == reviewed(None, sightings)


@given(sightings=SIGHTINGS)
def test_it_is_never_due_on_the_day_it_was_seen(sightings: list[Sighting]) -> None:
    _, due = reviewed(None, sightings)

    assert timedelta(days=1) <= due - sightings[-1].at <= timedelta(days=LONGEST_INTERVAL)


def test_the_zone_of_a_sighting_does_not_matter() -> None:
    elsewhere = START.astimezone(timezone(timedelta(hours=9)))

    assert reviewed(None, [Sighting(elsewhere, Outcome.MET)]) == reviewed(
        None, [Sighting(START, Outcome.MET)]
    )


@pytest.mark.parametrize("card", ["", "{}", "[]", "null", '{"card_id": 1}', "\x00"])
def test_a_card_that_is_none_is_refused(card: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - what the text says is the library's
        reviewed(card, [Sighting(START, Outcome.MET)])


def test_without_a_sighting_there_is_no_card() -> None:
    with pytest.raises(ValueError, match="never asked"):
        reviewed(None, [])


def test_it_is_due_on_its_day_whatever_the_hour() -> None:
    due = datetime(2026, 1, 7, 19, 0, tzinfo=UTC)

    assert is_due(due, datetime(2026, 1, 7, 0, 1, tzinfo=UTC))
    assert not is_due(due, datetime(2026, 1, 6, 23, 59, tzinfo=UTC))


def test_the_day_is_that_of_the_person() -> None:
    due = datetime(2026, 1, 7, 2, 0, tzinfo=UTC)
    evening_before = datetime(2026, 1, 6, 20, 0, tzinfo=timezone(timedelta(hours=-5)))

    assert days_overdue(due, evening_before) == 0


def test_the_library_is_not_imported_before_something_is_scheduled() -> None:
    code = (
        "import sys; import interviewer.cli.progress, interviewer.memory.plan, interviewer.store; "
        "sys.exit('fsrs' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
