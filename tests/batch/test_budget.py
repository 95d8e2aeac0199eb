"""What may be sent in a minute, whatever comes when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.batch.budget import Bucket, requests_per_minute, tokens_per_minute


def taken(bucket: Bucket, costs: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """When each cost was taken, as early as the bucket allows; each comes so long after the one before."""
    now, found = 0.0, []
    for pause, cost in costs:
        now += pause
        while wait := bucket.wait(cost, now):
            now += wait
        bucket.take(cost, now)
        found.append((now, cost))
    return found


def most_in_a_minute(found: list[tuple[float, float]]) -> float:
    return max(sum(c for at, c in found if start <= at < start + 60 - 1e-6) for start, _ in found)


@given(
    st.integers(1, 500),
    st.lists(st.floats(0, 5), min_size=1, max_size=120),
)
def test_no_minute_has_more_requests_than_allowed(many: int, pauses: list[float]) -> None:
    found = taken(requests_per_minute(many, 0.0), [(pause, 1.0) for pause in pauses])

    assert most_in_a_minute(found) <= many


@given(
    st.integers(1_000, 100_000),
    st.lists(st.tuples(st.floats(0, 5), st.floats(0.001, 0.1)), min_size=1, max_size=100),
)
def test_no_minute_has_more_tokens_than_allowed(many: int, shares: list[tuple[float, float]]) -> None:
    found = taken(tokens_per_minute(many, 0.0), [(pause, share * many) for pause, share in shares])

    assert most_in_a_minute(found) <= many * 1.000001


def test_a_request_that_is_larger_than_the_bucket_is_lent_what_it_takes() -> None:
    bucket = tokens_per_minute(600, 0.0)

    assert bucket.wait(300, 0.0) == 0
    bucket.take(300, 0.0)
    assert bucket.wait(60, 0.0) == pytest.approx(300 / 9)


def test_what_was_expected_and_not_used_comes_back() -> None:
    bucket = tokens_per_minute(600, 0.0)
    bucket.take(60, 0.0)
    bucket.take(-50, 0.0)

    assert bucket.wait(50, 0.0) == 0


@given(st.floats(0.1, 1e6), st.floats(0.1, 1e6), st.floats(0, 1e6))
def test_waiting_as_long_as_told_is_enough(per_second: float, most: float, cost: float) -> None:
    bucket = Bucket(per_second, most, 0.0)
    bucket.take(most, 0.0)

    assert bucket.wait(cost, bucket.wait(cost, 0.0)) == 0


def test_a_clock_that_goes_back_gives_nothing() -> None:
    bucket = requests_per_minute(60, 10.0)
    bucket.take(1, 10.0)

    assert bucket.wait(1, 5.0) == 1.0
