"""The page of progress: scores week by week, what was missed, what is due."""

from __future__ import annotations

import pytest

from interviewer.memory.models import Memory, Outcome, Week
from interviewer.memory.names import Names
from interviewer.memory.progress import progress_of
from interviewer.memory.trend import week_of
from interviewer.report.html_progress import progress_html
from interviewer.report.phrases import change
from interviewer.text import printable
from tests.report.test_html import tags, text_of
from tests.support.memories import NOW, asked, day, memory, point
from tests.support.strings import STRINGS

NAMES = Names(
    bank="Bank of the tests",
    categories={"beginner": "Beginner", "advanced": "Advanced"},
    requirements={("latency", "one-request"): "says what latency is"},
)
THIS_WEEK = week_of(NOW)
PRACTISED = memory(
    asked("latency", point(last=Outcome.MISSING, in_a_row=2, due=-3), results=(40.0, 60.0)),
    asked(
        "kernels",
        point(question="kernels", due=5),
        category="advanced",
        results=(80.0,),
        weeks=(Week(THIS_WEEK - 1, 1, 80.0),),
    ),
)


def page_of(held: Memory, names: Names = NAMES) -> str:
    return progress_html([(progress_of(held, NOW), names)], NOW, "1.2.3")


def test_scores_are_told_by_category_and_question() -> None:
    told = text_of(page_of(PRACTISED))

    assert "3 graded answers" in told
    assert "Beginner 2 60 50" in told
    assert "latency 2 60 50 – 40, 60" in told


def test_the_heat_map_is_a_table_with_a_number_in_each_week() -> None:
    page = page_of(PRACTISED)

    assert '<td class="h8">80</td><td>·</td></tr>' in page
    assert '<td class="h5">50</td></tr>' in page
    assert f'<time datetime="{day(-2).date()}">' in page


def test_each_category_has_a_panel_in_the_chart() -> None:
    page = page_of(PRACTISED)
    chart = page[page.index("<svg") : page.index("</svg>")]

    assert ">Beginner<" in chart
    assert ">Advanced<" in chart


def test_what_was_missed_twice_is_told_with_what_it_asks_for() -> None:
    assert "latency, twice: says what latency is" in text_of(page_of(PRACTISED))


def test_what_is_due_is_told_and_what_comes_next() -> None:
    told = text_of(page_of(PRACTISED))

    assert "latency, 1 point, for 3 days" in told
    assert "Next: 1 point in 5 days" in told
    assert "interviewer start --due" in told


def test_a_point_that_the_bank_lacks_is_told_by_its_id() -> None:
    assert "twice: one-request" in text_of(page_of(PRACTISED, Names(bank="x")))


def test_what_was_only_drilled_has_no_score() -> None:
    told = text_of(page_of(memory(asked("latency", results=(), weeks=()))))

    assert "– of 100 now" in told


def test_without_a_past_it_says_how_to_begin() -> None:
    assert "interviewer start" in text_of(progress_html([], NOW, "1.2.3"))


@pytest.mark.parametrize("name", STRINGS)
def test_hostile_names_are_only_text(name: str) -> None:
    text = STRINGS[name][:300]
    hostile = Names(
        bank=text,
        categories={"beginner": text, "advanced": text},
        requirements={("latency", "one-request"): text},
    )

    page = page_of(PRACTISED, hostile)

    assert tags(page) == tags(page_of(PRACTISED))
    assert printable(page) == page


@pytest.mark.parametrize(
    ("points", "told"),
    [(None, "–"), (0.04, "0"), (-0.04, "0"), (3.0, "+3"), (-2.55, "−2.5"), (12.34, "+12.3")],
)
def test_a_change_has_its_sign(points: float | None, told: str) -> None:
    assert change(points) == told
