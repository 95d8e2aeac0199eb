"""What tokens cost by a person's own prices, and how it is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import UsageError
from interviewer.llm.usage import Prices, Usage, cost_of, usage_text
from interviewer.settings import resolve

PRICES = Prices(input=0.5, cached=0.1, output=2)
SPENT = Usage(requests=3, input_tokens=5120, cached_tokens=3072, output_tokens=410)
COUNTS = st.one_of(st.none(), st.integers(min_value=0, max_value=10**9))
USAGES = st.builds(
    Usage, requests=st.integers(0, 99), input_tokens=COUNTS, cached_tokens=COUNTS, output_tokens=COUNTS
)
AMOUNTS = st.floats(min_value=0, max_value=100_000)
TABLES = st.builds(Prices, input=AMOUNTS, cached=st.one_of(st.none(), AMOUNTS), output=AMOUNTS)


def test_cached_tokens_are_paid_at_their_own_price() -> None:
    spent = Usage(requests=1, input_tokens=3_000_000, cached_tokens=1_000_000, output_tokens=1_000_000)

    assert cost_of(spent, PRICES) == pytest.approx(2 * 0.5 + 0.1 + 2)


def test_without_a_price_of_their_own_cached_tokens_cost_what_others_do() -> None:
    spent = Usage(requests=1, input_tokens=2_000_000, cached_tokens=1_000_000, output_tokens=0)

    assert cost_of(spent, Prices(input=0.5, output=2)) == pytest.approx(1.0)


def test_cached_tokens_that_are_not_reported_are_none() -> None:
    assert cost_of(Usage(requests=1, input_tokens=1_000_000, output_tokens=0), PRICES) == pytest.approx(0.5)


@pytest.mark.parametrize("reported", [{}, {"input_tokens": 5}, {"output_tokens": 5}])
def test_the_cost_of_tokens_that_are_not_reported_is_not_known(reported: dict[str, int]) -> None:
    assert cost_of(Usage(requests=1, **reported), PRICES) is None


def test_what_was_not_asked_costs_nothing() -> None:
    assert cost_of(Usage(requests=0), PRICES) == 0


@given(USAGES, TABLES)
def test_no_service_s_numbers_make_a_cost_negative(usage: Usage, prices: Prices) -> None:
    cost = cost_of(usage, prices)

    assert cost is None or cost >= 0


def test_tokens_are_told_with_the_cached_share_and_the_cost() -> None:
    assert usage_text(SPENT, PRICES) == ("tokens: 5,120 in (3,072 cached), 410 out, 3 requests, about 0.0022")


def test_without_prices_no_cost_is_told() -> None:
    assert usage_text(SPENT) == "tokens: 5,120 in (3,072 cached), 410 out, 3 requests"


@pytest.mark.parametrize(
    ("usage", "told"),
    [
        (Usage(requests=1), "tokens: not reported, 1 request"),
        (Usage(requests=0), "tokens: none, 0 requests, about 0"),
        (Usage(requests=1, input_tokens=9), "tokens: 9 in, not reported out, 1 request"),
    ],
)
def test_what_is_not_known_is_not_made_up(usage: Usage, told: str) -> None:
    assert usage_text(usage, PRICES) == told


@pytest.mark.parametrize(
    ("millions", "told"),
    [
        (0.00001, "less than 0.0001"),
        (0.00042, "about 0.00042"),
        (0.126, "about 0.13"),
        (0.999, "about 1.00"),
        (1234.567, "about 1,234.57"),
    ],
)
def test_a_cost_is_told_to_two_digits_that_matter(millions: float, told: str) -> None:
    spent = Usage(requests=1, input_tokens=1_000_000, output_tokens=0)

    assert usage_text(spent, Prices(input=millions, output=0)).endswith(f", {told}")


@given(USAGES, TABLES)
def test_it_is_told_without_exponents(usage: Usage, prices: Prices) -> None:
    assert "e-" not in usage_text(usage, prices)
    assert "e+" not in usage_text(usage, prices)


# The person's own table


def prices_under(**environment: str) -> Prices | None:
    return resolve(
        {}, {f"INTERVIEWER_PRICE_{name.upper()}": text for name, text in environment.items()}
    ).prices


def test_none_is_shipped() -> None:
    assert prices_under() is None


def test_prices_come_from_the_settings() -> None:
    assert prices_under(input="0.5", cached="0.1", output="2") == PRICES


def test_the_price_of_cached_tokens_may_be_left_out() -> None:
    assert prices_under(input="0.5", output="2") == Prices(input=0.5, output=2)


def test_a_price_may_be_zero() -> None:
    assert prices_under(input="0", output="0") == Prices(input=0, output=0)


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"input": "0.5"}, "not price_output"),
        ({"output": "2"}, "not price_input"),
        ({"cached": "0.1"}, "not price_input"),
        ({"input": "cheap", "output": "2"}, "price_input is 'cheap'"),
        ({"input": "-1", "output": "2"}, "price_input is '-1'"),
        ({"input": "1", "output": "nan"}, "price_output is 'nan'"),
        ({"input": "1", "output": "inf"}, "price_output is 'inf'"),
    ],
)
def test_half_a_table_or_a_price_that_is_none_is_told(environment: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        prices_under(**environment)


@pytest.mark.parametrize("unknown", [Usage(requests=1), Usage(requests=1, input_tokens=5)])
def test_a_sum_with_tokens_that_nobody_reported_has_no_cost(unknown: Usage) -> None:
    assert cost_of(SPENT + unknown, PRICES) is None


def test_nothing_added_is_nothing_changed() -> None:
    assert Usage() + SPENT == SPENT + Usage() == SPENT


def test_a_cached_share_that_only_some_tell_is_that_of_those() -> None:
    silent = Usage(requests=1, input_tokens=10, output_tokens=1)

    assert (SPENT + silent).cached_tokens == SPENT.cached_tokens
