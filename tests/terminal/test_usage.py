"""What grades took, as the candidate sees it: quietly, and only where a service was asked."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from interviewer.grading.models import Grade, GraderIdentity
from interviewer.interview.events import Begin, Command, Submit, TakeGrade
from interviewer.interview.machine import decide
from interviewer.interview.models import Interview
from interviewer.interview.state import evolve
from interviewer.interview.summary import summary_of
from interviewer.llm.usage import Prices, Usage
from interviewer.terminal.screen import Screen
from tests.support.builders import ANSWER, at, grade, interview, question

SPENT = Usage(requests=2, input_tokens=2560, cached_tokens=1536, output_tokens=205)
JUDGED = grade().model_copy(update={"usage": SPENT})
FROM_CACHE = grade().model_copy(update={"usage": Usage(requests=0), "cached": True})
FAKE = JUDGED.model_copy(update={"grader": GraderIdentity(kind="fake", model="fake")})
NOT_ASKED = grade().model_copy(update={"usage": None})
PRICES = Prices(input=1, cached=0.5, output=10)


def graded(*grades: Grade) -> Interview:
    """A finished interview with one question for each of `grades`."""
    state = interview(*(question(f"q{n}") for n in range(len(grades))), follow_ups=0)
    steps: list[Command] = [Begin()]
    for turn, one in enumerate(grades):
        steps += [Submit(text=ANSWER), TakeGrade(turn=turn, position=0, grade=one)]
    for tick, step in enumerate(steps):
        for event in decide(state, step, at(tick)):
            state = evolve(state, event)
    return state


def screen(prices: Prices | None, width: int) -> tuple[Screen, io.StringIO]:
    out = io.StringIO()
    console = Console(file=out, width=width, markup=False, emoji=False, highlight=False, color_system=None)
    return Screen(console, prices), out


def summary(*grades: Grade, prices: Prices | None = None, width: int = 80) -> str:
    shown, out = screen(prices, width)
    shown.summary(summary_of(graded(*grades)))
    return out.getvalue()


def feedback(one: Grade, prices: Prices | None = None) -> str:
    shown, out = screen(prices, 80)
    shown.feedback(graded(one).turns[0])
    return out.getvalue()


def test_the_summary_ends_with_the_tokens_of_all_grades() -> None:
    assert summary(JUDGED, JUDGED).rstrip().endswith(" tokens: 5,120 in (3,072 cached), 410 out, 4 requests")


def test_with_prices_it_tells_the_cost() -> None:
    told = " ".join(summary(JUDGED, JUDGED, prices=PRICES).split())

    assert told.endswith("410 out, 4 requests, about 0.0077")


def test_grades_from_the_cache_are_told_apart() -> None:
    told = " ".join(summary(JUDGED, FROM_CACHE, FROM_CACHE).split())

    assert told.endswith("205 out, 2 requests, 2 grades from the cache")


def test_an_interview_that_asked_nothing_cost_nothing() -> None:
    told = " ".join(summary(FROM_CACHE, prices=PRICES).split())

    assert told.endswith("tokens: none, 0 requests, about 0, 1 grade from the cache")


@pytest.mark.parametrize("one", [FAKE, NOT_ASKED], ids=["fake", "not asked"])
def test_where_no_service_was_asked_no_tokens_are_told(one: Grade) -> None:
    assert "tokens" not in summary(one, prices=PRICES) + feedback(one, PRICES)


def test_each_grade_tells_what_it_took() -> None:
    told = "tokens: 2,560 in (1,536 cached), 205 out, 2 requests, about 0.0038"

    assert told in feedback(JUDGED, PRICES)


def test_a_grade_from_the_cache_says_so() -> None:
    told = "From the cache: the same answer was graded before. --no-cache asks again."

    assert told in feedback(FROM_CACHE)


def test_while_a_follow_up_is_open_the_tokens_are_told_too() -> None:
    shown, out = screen(None, 80)
    shown.first_look(JUDGED, JUDGED.score, graded(JUDGED).turns[0].rubric)

    assert "tokens: 2,560 in" in out.getvalue()


@pytest.mark.parametrize("width", [60, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    told = summary(JUDGED, FROM_CACHE, prices=PRICES, width=width)

    assert max(len(line) for line in told.splitlines()) <= width
