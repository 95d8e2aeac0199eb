"""The measures, against numbers worked out by hand, and what must hold for any ratings."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.evaluation import metrics
from interviewer.evaluation.metrics import Table

ratings = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=40)
scores = st.lists(st.integers(0, 100), min_size=3, max_size=40).filter(lambda x: len(set(x)) > 1)


def array(*values: float) -> metrics.Numbers:
    return np.array(values, dtype=np.float64)


def table(pairs: list[tuple[int, int]], classes: int = 5) -> Table:
    return Table([a for a, _ in pairs], [b for _, b in pairs], classes)


def test_correlations_of_a_small_case() -> None:
    one, other = array(1, 2, 3, 4), array(2, 1, 4, 3)  # covariance 0.75 against variances of 1.25

    assert metrics.pearson(one, other) == pytest.approx(0.6)
    assert metrics.spearman(one, other) == pytest.approx(0.6)
    assert metrics.spearman(one, one**3) == pytest.approx(1)


def test_errors_of_a_small_case() -> None:
    truth, said = array(0, 50, 100), array(10, 50, 80)

    assert metrics.mean_error(truth, said) == pytest.approx(10)
    assert metrics.bias(truth, said) == pytest.approx(-10 / 3)
    assert metrics.root_error(truth, said) == pytest.approx(math.sqrt(500 / 3))


def test_kappa_of_a_small_case() -> None:
    # Of 50, both say yes 20 times and no 15 times: 0.7 agree, 0.5 would by chance (Cohen's own example).
    found = Table([1] * 20 + [1] * 5 + [0] * 10 + [0] * 15, [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15, 2)

    assert found.kappa() == pytest.approx(0.4)
    assert found.accuracy() == pytest.approx(0.7)


def test_quadratic_kappa_of_a_small_case() -> None:
    # Three classes, one answer two steps off: observed 4, expected by chance (4+1+1+4+4)/3 each squared step.
    found = table([(0, 0), (1, 1), (2, 0)], classes=3)
    expected = sum(
        (i - j) ** 2 * t * s
        for i, t in enumerate([1 / 3, 1 / 3, 1 / 3])
        for j, s in enumerate([2 / 3, 1 / 3, 0])
    )

    assert found.kappa("quadratic") == pytest.approx(1 - (4 / 3) / expected)
    assert found.adjacent() == pytest.approx(2 / 3)


def test_precision_recall_and_f1_of_a_small_case() -> None:
    found = Table([1, 1, 1, 0, 0], [1, 1, 0, 1, 0], 2)  # 2 hits of 3 said and of 3 true

    assert found.of_class(1) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert found.f1("macro") == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert found.f1("weighted") == pytest.approx((3 * 2 / 3 + 2 * 1 / 2) / 5)


def test_alpha_of_a_small_case() -> None:
    # Values 0, 0, 1, 2 from pairs (0, 0) and (1, 2): observed (0 + 1)/2, expected 22/12 over all pairs.
    assert metrics.alpha(array(0, 1), array(0, 2)) == pytest.approx(1 - 0.5 / (22 / 12))


@pytest.mark.parametrize(
    "value",
    [
        metrics.pearson(array(1, 1, 1), array(1, 2, 3)),
        metrics.spearman(array(1), array(2)),
        metrics.alpha(array(3, 3), array(3, 3)),
        metrics.mean_error(array(), array()),
        table([(2, 2), (2, 2)]).kappa(),
        table([]).accuracy(),
        table([]).f1("macro"),
        table([(0, 0)]).of_class(3)[0],
    ],
)
def test_what_is_not_defined_is_no_number(value: float) -> None:
    assert math.isnan(value)


def test_a_class_that_one_side_never_uses_gives_no_warning() -> None:
    assert table([(0, 0), (0, 1), (0, 1)], classes=2).kappa() == pytest.approx(0)
    assert table([(0, 1), (0, 1)], classes=2).kappa("quadratic") == pytest.approx(0)


@given(scores)
def test_perfect_agreement_is_1(values: list[int]) -> None:
    same = np.array(values, dtype=np.float64)
    bands = [(v // 25, v // 25) for v in values]

    assert metrics.pearson(same, same) == pytest.approx(1)
    assert metrics.spearman(same, same) == pytest.approx(1)
    assert metrics.alpha(same, same) == pytest.approx(1)
    assert metrics.mean_error(same, same) == 0
    if len(set(bands)) > 1:
        assert table(bands).kappa() == pytest.approx(1)
        assert table(bands).kappa("quadratic") == pytest.approx(1)
        assert table(bands).f1("macro") == pytest.approx(1)


@given(ratings, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(pairs: list[tuple[int, int]], random: object) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for weights in (None, "quadratic"):
        one, other = table(pairs).kappa(weights), table(shuffled).kappa(weights)  # type: ignore[arg-type]
        assert one == pytest.approx(other, nan_ok=True)


@given(ratings)
def test_agreement_between_two_is_the_same_from_both_sides(pairs: list[tuple[int, int]]) -> None:
    turned = [(b, a) for a, b in pairs]

    assert table(pairs).kappa() == pytest.approx(table(turned).kappa(), nan_ok=True)
    assert table(pairs).accuracy() == table(turned).accuracy()


@given(ratings)
def test_measures_stay_in_their_range(pairs: list[tuple[int, int]]) -> None:
    found = table(pairs)

    assert 0 <= found.accuracy() <= found.adjacent() <= 1
    assert 0 <= found.f1("macro") <= 1
    assert math.isnan(found.kappa()) or -1 <= found.kappa() <= 1 + 1e-9
