"""Progress: what a memory comes to at a moment."""

from __future__ import annotations

from interviewer.memory.models import Outcome, Week
from interviewer.memory.progress import progress_of
from interviewer.memory.trend import MAP_WEEKS, week_of
from tests.support.memories import NOW, asked, day, memory, point

THIS_WEEK = week_of(NOW)


def test_a_category_tells_where_it_stands_now_and_over_all() -> None:
    held = memory(asked("a", results=(20, 80)), asked("b", results=(60,)), asked("c", category="advanced"))

    (_, beginner) = progress_of(held, NOW).categories

    assert (beginner.id, beginner.now, beginner.graded) == ("beginner", 70, 3)
    assert beginner.mean == 160 / 3


def test_the_heat_map_ends_with_this_week() -> None:
    held = memory(asked("a", weeks=(Week(THIS_WEEK - 20, 1, 10), Week(THIS_WEEK - 1, 2, 150))))

    (category,) = progress_of(held, NOW).categories

    assert len(category.weeks) == MAP_WEEKS
    assert [week.mean for week in category.weeks[-2:]] == [75, None]
    assert category.graded == 3


def test_only_what_was_missed_twice_in_a_row_is_told_longest_first() -> None:
    held = memory(
        asked("a", point("x", question="a", last=Outcome.WRONG, in_a_row=2), point("y", question="a")),
        asked("b", point("x", question="b", last=Outcome.PARTIAL, in_a_row=4)),
        asked("c", point("x", question="c", last=Outcome.MISSING, in_a_row=1)),
    )

    told = progress_of(held, NOW).missed

    assert [(one.question, one.id) for one in told] == [("b", "x"), ("a", "x")]


def test_what_is_due_is_told_with_its_days() -> None:
    held = memory(asked("a", point("x", question="a", due=-3), point("y", question="a", due=0)), asked("b"))

    (due,) = progress_of(held, NOW).due

    assert (due.id, due.criteria, due.days) == ("a", ("x", "y"), 3)


def test_the_next_day_on_which_something_is_due_is_told() -> None:
    points = [point(f"c-{due}", due=due) for due in (-1, 2, 5)]
    held = memory(asked("latency", *points), asked("b", point(question="b", due=2.2)))

    following = progress_of(held, NOW).next_due

    assert following is not None
    assert (following.day, following.criteria) == (day(2).date(), 2)


def test_a_question_that_was_only_drilled_has_no_score() -> None:
    (question,) = progress_of(memory(asked("a", results=())), NOW).questions

    assert (question.now, question.mean, question.trend, question.graded) == (None, None, None, 0)


def test_other_categories_can_be_left_out() -> None:
    held = memory(asked("a"), asked("b", category="advanced"))

    told = progress_of(held, NOW, ["advanced"])

    assert [one.id for one in told.questions] == ["b"]
    assert told.graded == 1


def test_an_empty_memory_comes_to_nothing() -> None:
    told = progress_of(memory(), NOW)

    assert (told.graded, told.now, told.questions, told.due, told.next_due) == (0, None, (), (), None)
