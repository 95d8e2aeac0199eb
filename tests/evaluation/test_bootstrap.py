"""Intervals: questions are drawn whole, equal seeds give equal intervals, and none is made up."""

from __future__ import annotations

import math

import numpy as np

from interviewer.evaluation.bootstrap import Resampling, measured, resamples
from interviewer.evaluation.metrics import Whole

VALUES = np.array([1.0, 2.0, 3.0, 10.0, 11.0, 12.0])
GROUPS = ["a", "a", "a", "b", "b", "b"]


def mean(rows: Whole) -> dict[str, float]:
    return {"mean": float(VALUES[rows].mean())}


def test_answers_to_one_question_are_drawn_together() -> None:
    for rows in resamples(GROUPS, Resampling(50, seed=3)):
        assert {tuple(part) for part in rows.reshape(-1, 3)} <= {(0, 1, 2), (3, 4, 5)}


def test_an_interval_comes_from_whole_questions() -> None:
    found = measured(mean, GROUPS, Resampling(200, seed=0))["mean"]

    assert found.value == 6.5
    assert (found.low, found.high) == (2, 11)  # both of one question, or both of the other


def test_equal_seeds_give_equal_intervals() -> None:
    groups = [str(i) for i in range(6)]

    first, again, other = (measured(mean, groups, Resampling(40, seed)) for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_with_one_question_or_no_resamples_there_is_no_interval() -> None:
    for groups, count in ((["a"] * 6, 100), (GROUPS, 0)):
        found = measured(mean, groups, Resampling(count))["mean"]
        assert (found.value, found.low, found.high) == (6.5, None, None)


def test_a_measure_that_most_resamples_leave_undefined_has_no_interval() -> None:
    def only_with_all(rows: Whole) -> dict[str, float]:
        return {"mean": 1.0 if len(set(rows.tolist())) == len(VALUES) else math.nan}

    found = measured(only_with_all, [str(i) for i in range(6)], Resampling(50))["mean"]

    assert (found.value, found.low) == (1.0, None)
