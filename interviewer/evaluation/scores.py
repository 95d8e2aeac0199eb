"""Agreement of scores: correlation, error, bands, and whether a score means what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from interviewer.bank.models import Rubric
from interviewer.evaluation import metrics
from interviewer.evaluation.bootstrap import Resampling, measured, plain
from interviewer.evaluation.grades import Pair
from interviewer.evaluation.metrics import Numbers, Table, Whole
from interviewer.evaluation.models import Between, Bin, Confusion, Humans, Point, Scores

_BINS = 10


def scores_of(pairs: Sequence[Pair], how: Resampling) -> Scores | None:
    """Agreement over the answers with both scores; None where there are fewer than two."""
    both = [pair for pair in pairs if pair.label.score is not None and pair.score is not None]
    if len(both) < 2:
        return None
    human, machine = _numbers(p.label.score for p in both), _numbers(p.score for p in both)
    names = _band_names(both)
    human_bands, machine_bands = _bands(both, human), _bands(both, machine)

    def statistic(rows: Whole) -> dict[str, float]:
        table = Table(human_bands[rows], machine_bands[rows], len(names))
        return {**_numeric(human[rows], machine[rows]), **_banded(table)}

    found = measured(statistic, [pair.label.question for pair in both], how)
    bins = _bins(human, machine)
    return Scores(
        answers=len(both),
        human_mean=float(human.mean()),
        machine_mean=float(machine.mean()),
        **found,
        with_unscored=_with_unscored(pairs),
        calibration_error=sum(
            b.answers * abs((b.machine or 0.0) - (b.human or 0.0)) for b in bins
        ) / len(both),
        bands=confusion(Table(human_bands, machine_bands, len(names)), names),
        bins=bins,
        points=_points(human, machine),
    )  # fmt: skip


def humans_of(pairs: Sequence[Pair], how: Resampling) -> Humans | None:
    """Two people and the machine; None where fewer than two answers were scored by all three."""
    all_three = [pair for pair in pairs if pair.label.annotators is not None and pair.score is not None]
    if len(all_three) < 2:
        return None
    first, second = (_numbers(p.label.annotators[i] for p in all_three if p.label.annotators) for i in (0, 1))
    machine = _numbers(pair.score for pair in all_three)
    return Humans(
        answers=len(all_three),
        people=_between(all_three, first, second, how),
        first=_between(all_three, first, machine, how),
        second=_between(all_three, second, machine, how),
        both=_between(all_three, (first + second) / 2, machine, how),
    )


def confusion(table: Table, labels: Sequence[str]) -> Confusion:
    """The table with names."""
    counts = tuple(tuple(int(count) for count in row) for row in table.counts)
    return Confusion(labels=tuple(labels), counts=counts)


def band_index(rubric: Rubric, score: float) -> int:
    """The band of `score`, 0 for the lowest."""
    floors = sorted(band.floor for band in rubric.bands)
    return sum(score >= floor for floor in floors) - 1


def _between(pairs: Sequence[Pair], one: Numbers, other: Numbers, how: Resampling) -> Between:
    count = len(_band_names(pairs))
    bands, other_bands = _bands(pairs, one), _bands(pairs, other)

    def statistic(rows: Whole) -> dict[str, float]:
        numeric = _numeric(one[rows], other[rows])
        del numeric["bias"]
        table = Table(bands[rows], other_bands[rows], count)
        return {**numeric, **_banded(table)}

    found = measured(statistic, [pair.label.question for pair in pairs], how)
    return Between(**found, alpha=plain(metrics.alpha(one, other)))


def _numeric(human: Numbers, machine: Numbers) -> dict[str, float]:
    return {
        "pearson": metrics.pearson(human, machine),
        "spearman": metrics.spearman(human, machine),
        "mean_error": metrics.mean_error(human, machine),
        "bias": metrics.bias(human, machine),
    }


def _banded(table: Table) -> dict[str, float]:
    return {"qwk": table.kappa("quadratic"), "exact": table.accuracy(), "adjacent": table.adjacent()}


def _with_unscored(pairs: Sequence[Pair]) -> float | None:
    known = [pair for pair in pairs if pair.label.score is not None]
    human, machine = _numbers(p.label.score for p in known), _numbers(p.score or 0.0 for p in known)
    return plain(metrics.pearson(human, machine))


def _bins(human: Numbers, machine: Numbers) -> tuple[Bin, ...]:
    """The bins that have answers, from the lowest score to the highest."""
    width = 100 / _BINS
    which = np.minimum((machine / width).astype(np.int64), _BINS - 1)
    return tuple(
        Bin(
            low=width * i,
            high=width * (i + 1),
            answers=int((which == i).sum()),
            machine=float(machine[which == i].mean()),
            human=float(human[which == i].mean()),
        )
        for i in range(_BINS)
        if (which == i).any()
    )


def _points(human: Numbers, machine: Numbers) -> tuple[Point, ...]:
    found = Counter((round(float(a), 1), round(float(b), 1)) for a, b in zip(human, machine, strict=True))
    return tuple(Point(human=a, machine=b, answers=count) for (a, b), count in sorted(found.items()))


def _band_names(pairs: Sequence[Pair]) -> tuple[str, ...]:
    """The bands from the lowest up; numbers where the rubrics' bands have different names."""
    rubrics = {tuple(band.id for band in reversed(pair.label.task.rubric.bands)) for pair in pairs}
    if len(rubrics) == 1:
        return next(iter(rubrics))
    return tuple(f"band {i + 1}" for i in range(max(map(len, rubrics))))


def _bands(pairs: Sequence[Pair], scores: Numbers) -> Whole:
    found = (band_index(p.label.task.rubric, float(s)) for p, s in zip(pairs, scores, strict=True))
    return np.fromiter(found, dtype=np.int64, count=len(pairs))


def _numbers(values: Iterable[float | None]) -> Numbers:
    return np.array([value for value in values if value is not None], dtype=np.float64)
