"""Charts: well-formed SVG that holds the numbers, without styles, roles or addresses of its own."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from pathlib import Path

import pytest

from interviewer.evaluation.models import Bin, Point
from interviewer.grading.models import Verdict
from interviewer.report import charts
from interviewer.report.agreement_charts import (
    Limits,
    differences_chart,
    limits_of,
    reliability_chart,
    scatter_chart,
)
from interviewer.report.charts import (
    Chart,
    Coverage,
    Spent,
    Weekly,
    coverage_chart,
    timeline_chart,
    weekly_chart,
)
from tests.support.strings import STRINGS

STYLE = Path(charts.__file__).parent / "templates" / "style.css"
MONDAYS = [date(2026, 1, 5) + timedelta(weeks=n) for n in range(12)]
COVERED = Coverage("Beginner", {Verdict.MET: 3, Verdict.PARTIAL: 2, Verdict.MISSING: 4, Verdict.WRONG: 1})
SPENT = Spent("1", first=100, follow_ups=30, guide=180, limit=240)


def weekly(title: str = "Beginner") -> Weekly:
    return Weekly(title, tuple((day, None if n % 3 else 40.0 + n) for n, day in enumerate(MONDAYS)))


POINTS = (Point(human=0, machine=10, answers=3), Point(human=100, machine=70, answers=1))
BINS = (
    Bin(low=10, high=20, answers=3, machine=10, human=0),
    Bin(low=70, high=80, answers=1, machine=70, human=100),
)

DRAWN = [
    coverage_chart([COVERED]),
    timeline_chart([SPENT]),
    weekly_chart([weekly()]),
    scatter_chart(POINTS),
    differences_chart(POINTS, limits_of(POINTS)),
    reliability_chart(BINS),
]


def texts(chart: Chart) -> list[str]:
    root = ET.fromstring(f'<svg xmlns:xlink="http://www.w3.org/1999/xlink">{chart.inner}</svg>')
    return [element.text or "" for element in root.iter() if element.tag.endswith("text")]


@pytest.mark.parametrize("chart", DRAWN)
def test_it_brings_no_style_role_script_or_address(chart: Chart) -> None:
    assert not re.search(r"style=|<style|<script|role=|aria-|href|url\(", chart.inner)


def test_a_bar_tells_each_verdict_by_sign_and_number() -> None:
    assert {"✓ 3", "◐ 2", "· 4", "✗ 1"} <= set(texts(DRAWN[0]))


def test_a_piece_too_narrow_for_its_number_has_none() -> None:
    chart = coverage_chart([Coverage("Beginner", {Verdict.MET: 99, Verdict.WRONG: 1})])

    assert "✗ 1" not in texts(chart)


def test_questions_are_named_under_their_columns() -> None:
    again = Spent("1 again", first=10, follow_ups=0, guide=180, limit=None)

    assert {"1", "1 again"} <= set(texts(timeline_chart([SPENT, again])))


def test_a_thousand_columns_fit_the_same_width() -> None:
    chart = timeline_chart([SPENT] * 1000)

    assert chart.width < charts.WIDTH + 20


def test_each_category_has_its_panel() -> None:
    assert {"Beginner", "Advanced"} <= set(texts(weekly_chart([weekly(), weekly("Advanced")])))


def test_limits_hold_what_95_percent_of_the_answers_would_differ_by() -> None:
    found = limits_of(POINTS)

    assert found.mean == 0  # three times 10 more, once 30 less
    assert found.high == -found.low == pytest.approx(1.96 * 300**0.5)


def test_one_pair_of_scores_is_enough_for_charts_of_agreement() -> None:
    point = Point(human=50, machine=60, answers=1)

    assert limits_of([point]) == Limits(10, 10, 10)
    assert differences_chart([point], limits_of([point])).width > 0


def test_the_style_sheet_knows_every_colour() -> None:
    """On a dark page it puts another in the place of each."""
    drawn = "".join(chart.inner for chart in DRAWN)
    used = set(re.findall(r'(?:fill|stroke)="(#\w+)"', drawn))

    assert {colour for colour in used if f'"{colour}"]' not in STYLE.read_text("utf-8")} == set()


@pytest.mark.parametrize("name", [name for name in STRINGS if name != "long"])
def test_a_hostile_title_is_only_text(name: str) -> None:
    title = STRINGS[name]

    for chart in (coverage_chart([Coverage(title, {Verdict.MET: 1})]), weekly_chart([weekly(title)])):
        assert not re.search(r"<(?:script|img|iframe|a|style)\b", chart.inner)
        assert texts(chart)
