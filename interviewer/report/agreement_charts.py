"""The charts of agreement with people: points for pairs of scores, larger where more answers have them.

Colours as in `charts`; no text but this program's own is in them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from interviewer.evaluation.models import Bin, Point
from interviewer.report.charts import FIRST, GUIDE, WIDTH
from interviewer.report.vega import Chart, Spec, drawn

_WIDTH, _HEIGHT = WIDTH - 50, 250
_SMALLEST, _LARGEST = 14, 300  # areas of points, in square units of a chart
_SPREADS = 1.96  # standard deviations of a normal distribution that hold 95 % of it on either side


@dataclass(frozen=True, slots=True)
class Limits:
    """By how many points the grader differs: the mean, and between what 95 % would lie."""

    mean: float
    low: float
    high: float


def limits_of(points: Sequence[Point]) -> Limits:
    """Bland and Altman's limits of agreement. points: one at least."""
    apart = [((one.machine or 0) - (one.human or 0), one.answers) for one in points]
    answers = sum(many for _, many in apart)
    mean = sum(by * many for by, many in apart) / answers
    spread = math.sqrt(sum((by - mean) ** 2 * many for by, many in apart) / answers)
    return Limits(mean, mean - _SPREADS * spread, mean + _SPREADS * spread)


def scatter_chart(points: Sequence[Point]) -> Chart:
    """The grader's score against people's, beside the line on which both are the same."""
    shown = [_point(one.human, one.machine, one.answers) for one in points]
    return _drawn([_diagonal(), _points(shown)], _scores("People's score"), _scores("Grader's score"))


def differences_chart(points: Sequence[Point], limits: Limits) -> Chart:
    """Bland and Altman's plot: by how much the grader differs, against the mean of both scores."""
    shown = []
    for one in points:
        human, machine = one.human or 0, one.machine or 0
        shown.append(_point((human + machine) / 2, machine - human, one.answers))
    lines = [
        _line([(0, limits.mean), (100, limits.mean)]),
        *(_line([(0, end), (100, end)], dashes=(2, 3)) for end in (limits.low, limits.high)),
    ]
    return _drawn(
        [*lines, _points(shown)], _scores("Mean of both"), _axis("Grader less people", (-100, 100), 50)
    )


def reliability_chart(bins: Sequence[Bin]) -> Chart:
    """What people give, on the average, to answers that the grader scores alike."""
    shown = [_point(one.machine, one.human, one.answers) for one in bins]
    line: Spec = {"data": {"values": shown}, "mark": {"type": "line", "color": FIRST, "strokeWidth": 1.5}}
    return _drawn(
        [_diagonal(), line, _points(shown, opacity=1.0)],
        _scores("Grader's score, by tens"),
        _scores("People's mean score"),
    )


def _drawn(layers: Sequence[Spec], x: Spec, y: Spec) -> Chart:
    encoding = {"x": {"field": "x", **x}, "y": {"field": "y", **y}}
    return drawn({"width": _WIDTH, "height": _HEIGHT, "encoding": encoding, "layer": list(layers)})


def _point(x: float | None, y: float | None, answers: int) -> Spec:
    area = min(_LARGEST, _SMALLEST * answers)
    return {"x": x or 0, "y": y or 0, "area": area}


def _points(values: Sequence[Spec], opacity: float = 0.5) -> Spec:
    return {
        "data": {"values": list(values)},
        "mark": {"type": "circle", "color": FIRST, "opacity": opacity},
        "encoding": {"size": {"field": "area", "type": "quantitative", "scale": None, "legend": None}},
    }


def _line(ends: Sequence[tuple[float, float]], dashes: tuple[int, int] = (1, 0)) -> Spec:
    return {
        "data": {"values": [{"x": x, "y": y} for x, y in ends]},
        "mark": {"type": "line", "color": GUIDE, "strokeWidth": 1, "strokeDash": list(dashes)},
    }


def _diagonal() -> Spec:
    return _line([(0, 0), (100, 100)], dashes=(4, 3))


def _scores(title: str) -> Spec:
    return _axis(title, (0, 100), 20)


def _axis(title: str, domain: tuple[int, int], step: int) -> Spec:
    low, high = domain
    return {
        "type": "quantitative",
        "scale": {"domain": [low, high], "padding": 6, "nice": False},
        "axis": {"title": title, "values": list(range(low, high + 1, step)), "domain": False, "ticks": False},
    }
