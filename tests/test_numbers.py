"""Numbers in words: plurals, decimals and signs."""

from __future__ import annotations

import pytest

from interviewer.numbers import change, counted, decimal


@pytest.mark.parametrize(("many", "told"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (1200, "1,200 days")])
def test_one_is_singular_and_all_else_plural(many: int, told: str) -> None:
    assert counted(many, "day") == told


def test_a_plural_may_be_its_own_word() -> None:
    assert [counted(n, "criterion", "criteria") for n in (1, 2)] == ["1 criterion", "2 criteria"]


@pytest.mark.parametrize(
    ("value", "told"), [(70.0, "70"), (69.96, "70"), (69.94, "69.9"), (-0.04, "0"), (100, "100")]
)
def test_a_decimal_is_told_where_there_is_one(value: float, told: str) -> None:
    assert decimal(value) == told


@pytest.mark.parametrize(
    ("points", "told"), [(4.5, "+4.5"), (-3.0, "-3"), (0.04, "0"), (-0.04, "0"), (None, "-")]
)
def test_a_change_has_its_sign(points: float | None, told: str) -> None:
    assert change(points) == told
