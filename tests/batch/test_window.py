"""As many in flight as a service stands: up by one, down by half, and never out of bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from interviewer.batch.window import Window

EVENTS = st.lists(st.one_of(st.floats(0, 100), st.none()), max_size=200)
MOST = st.integers(1, 256)


def happen(window: Window, events: list[float | None]) -> None:
    """A reply after so many seconds, or a refusal (None), one request after another."""
    for seconds in events:
        number = window.sent()
        if seconds is None:
            window.refused(number)
        else:
            window.answered(seconds)


def rounds(window: Window, count: int, seconds: float = 1.0) -> None:
    """All that may be in flight is sent, and answered, so many times."""
    for _ in range(count):
        for _ in range(window.size):
            window.sent()
            window.answered(seconds)


@given(MOST, EVENTS)
def test_it_stays_between_one_and_the_most(most: int, events: list[float | None]) -> None:
    window = Window(most)
    for event in events:
        happen(window, [event])
        assert 1 <= window.size <= most


@given(MOST, EVENTS)
def test_a_refusal_leaves_half(most: int, events: list[float | None]) -> None:
    window = Window(most)
    happen(window, events)
    before = window.size

    assert window.refused(window.sent())
    assert max(1, before // 2) <= window.size <= max(1, (before + 1) // 2)


@given(MOST, EVENTS, st.integers(1, 50))
def test_refusals_of_requests_that_were_out_together_count_once(
    most: int, events: list[float | None], together: int
) -> None:
    window = Window(most)
    happen(window, events)
    numbers = [window.sent() for _ in range(together)]

    assert [window.refused(number) for number in numbers] == [True, *[False] * (together - 1)]


@given(MOST, st.lists(st.sampled_from([1.0, 1.5, None]), max_size=200))
def test_with_a_latency_that_holds_it_comes_back_to_the_most(most: int, events: list[float | None]) -> None:
    window = Window(most)
    happen(window, events)

    rounds(window, 2 * most)

    assert window.size == most


@given(st.integers(1, 32), st.integers(1, 20))
def test_after_a_refusal_a_round_adds_at_most_one(size: int, count: int) -> None:
    window = Window(256, start=size)
    window.refused(window.sent())
    before = window.size

    rounds(window, count)

    assert window.size <= before + count


def test_at_first_it_doubles_in_a_round() -> None:
    window = Window(256, start=8)
    rounds(window, 3)

    assert window.size == 64


@given(st.floats(0.001, 10), st.floats(4, 100))
def test_it_does_not_grow_while_requests_wait_within_the_service(seconds: float, slower: float) -> None:
    window = Window(256, start=8)
    rounds(window, 2, seconds)
    for _ in range(40):
        window.answered(slower * seconds)
    before = window.size

    for _ in range(50):
        window.answered(slower * seconds)

    assert not window.holds
    assert window.size == before


def test_a_service_that_stays_slower_is_in_time_taken_for_what_it_is() -> None:
    window = Window(64, start=8)
    rounds(window, 1, 1.0)
    for _ in range(10_000):
        window.answered(3.0)

    assert window.size == 64


def test_cuts_in_a_row_are_counted_until_a_reply_comes() -> None:
    window = Window(64)
    for _ in range(3):
        window.refused(window.sent())
    assert window.cuts_in_a_row == 3

    window.answered(1.0)
    assert window.cuts_in_a_row == 0
