"""Times, verdicts and flags in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.grading.models import Flag, Verdict
from interviewer.report.phrases import FLAG_TEXTS, duration, moment


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "0 s"), (59.4, "59 s"), (59.6, "1 min"), (125, "2 min 5 s"), (3600, "60 min")]
)
def test_a_duration_is_told_in_minutes_and_seconds(seconds: float, told: str) -> None:
    assert duration(seconds) == told


def test_a_moment_is_told_in_utc() -> None:
    assert moment(datetime(2026, 1, 5, 1, 30, tzinfo=timezone(timedelta(hours=2)))) == "2026-01-04 23:30 UTC"


@given(
    st.datetimes(
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=12))])
    )
)
def test_any_moment_can_be_told(when: datetime) -> None:
    assert moment(when)


def test_every_flag_has_words() -> None:
    assert set(FLAG_TEXTS) == set(Flag)


def test_every_verdict_has_a_sign() -> None:
    assert len({verdict.sign for verdict in Verdict}) == len(Verdict)
