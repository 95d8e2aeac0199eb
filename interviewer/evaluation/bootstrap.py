"""Intervals by the bootstrap: questions are drawn, each with all its answers, since those go together."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn import config_context

from interviewer.evaluation.metrics import Whole
from interviewer.evaluation.models import Measure

_LEVEL = 95.0
#: No interval where more than this share of the resamples leave the measure undefined.
_MOST_UNDEFINED = 0.1

#: Measures by name, of the answers with these indices; some may stand there several times.
Statistic = Callable[[Whole], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Resampling:
    """count: resamples; 0 takes no interval. seed: equal seeds give equal intervals."""

    count: int = 1000
    seed: int = 0


def measured(statistic: Statistic, groups: Sequence[Hashable], how: Resampling) -> dict[str, Measure]:
    """Each measure of all answers, with its interval. groups: the question of each answer.

    With a single question there is nothing to draw, and no interval.
    """
    values = statistic(np.arange(len(groups)))
    drawn: dict[str, list[float]] = {name: [] for name in values}
    with config_context(skip_parameter_validation=True, assume_finite=True):  # the same call, many times over
        for rows in resamples(groups, how):
            for name, value in statistic(rows).items():
                drawn[name].append(value)
    return {name: _measure(value, drawn[name]) for name, value in values.items()}


def plain(value: float) -> float | None:
    """A number for the report: None for NaN."""
    return None if math.isnan(value) else value


def resamples(groups: Sequence[Hashable], how: Resampling) -> Iterator[Whole]:
    """Indices of the answers in each resample."""
    members: dict[Hashable, list[int]] = {}
    for index, group in enumerate(groups):
        members.setdefault(group, []).append(index)
    rows = [np.array(one, dtype=np.int64) for one in members.values()]
    if len(rows) < 2:
        return
    random = np.random.default_rng(how.seed)
    for _ in range(how.count):
        yield np.concatenate([rows[i] for i in random.integers(0, len(rows), len(rows))])


def _measure(value: float, drawn: Sequence[float]) -> Measure:
    known = [one for one in drawn if not math.isnan(one)]
    if math.isnan(value) or not drawn or len(known) < (1 - _MOST_UNDEFINED) * len(drawn):
        return Measure(value=plain(value))
    tail = (100 - _LEVEL) / 2
    low, high = np.percentile(known, [tail, 100 - tail])
    return Measure(value=value, low=float(low), high=float(high))
