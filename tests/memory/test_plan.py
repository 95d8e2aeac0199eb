"""What is asked for the sake of memory: due first, then weak, then new; and drills of what was missed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.memory.models import Asked, Memory, Outcome
from interviewer.memory.plan import ROOM_FOR_NEW, Chosen, drill_plan, due_plan
from tests.support.builders import bank, question
from tests.support.memories import NOW, asked, memory, point

IDS = [f"q-{number}" for number in range(8)]
POOL = bank(*(question(id, category=("beginner", "advanced")[i % 2]) for i, id in enumerate(IDS)))


def due(id: str, *, days: float = 0, share: float = 1.0) -> Asked:
    return asked(id, point(question=id, share=share, due=-days))


def weak(id: str, last: Outcome = Outcome.MISSING, in_a_row: int = 1) -> Asked:
    return asked(id, point(question=id, share=1.0, last=last, in_a_row=in_a_row, due=3))


def known(id: str) -> Asked:
    return asked(id, point(question=id, share=1.0))


def planned(*questions: Asked, count: int = 5, seed: int = 1) -> tuple[Chosen, ...]:
    return due_plan(memory(*questions), POOL, count, seed, NOW)


def ids(chosen: tuple[Chosen, ...]) -> list[str]:
    return [one.question for one in chosen]


def test_what_is_due_comes_before_what_is_weak_and_what_is_new() -> None:
    chosen = planned(weak("q-0"), due("q-1"), known("q-2"))

    assert [one.reason for one in chosen] == ["1 point due", "1 point missed last time", "new", "new", "new"]
    assert ids(chosen)[:2] == ["q-1", "q-0"]


def test_the_longer_overdue_the_earlier() -> None:
    assert ids(planned(due("q-0", days=1), due("q-1", days=9), due("q-2")))[:3] == ["q-1", "q-0", "q-2"]


def test_the_heavier_of_two_that_are_due_comes_first() -> None:
    assert ids(planned(due("q-0", share=0.2), due("q-1", share=0.9)))[:2] == ["q-1", "q-0"]


def test_one_of_four_is_new_though_all_places_could_be_taken_by_what_is_due() -> None:
    chosen = planned(*(due(id) for id in IDS[:6]), count=ROOM_FOR_NEW)

    assert [one.reason for one in chosen] == ["1 point due"] * 3 + ["new"]


def test_short_interviews_ask_what_is_due_alone() -> None:
    chosen = planned(*(due(id) for id in IDS[:6]), count=ROOM_FOR_NEW - 1)

    assert {one.reason for one in chosen} == {"1 point due"}


def test_without_anything_new_all_places_go_to_what_is_due() -> None:
    chosen = planned(*(due(id) for id in IDS), count=5)

    assert len(chosen) == 5
    assert {one.reason for one in chosen} == {"1 point due"}


def test_a_person_without_a_past_gets_new_questions_of_all_categories() -> None:
    chosen = planned(count=4)

    assert {one.reason for one in chosen} == {"new"}
    assert {POOL.question(id).category for id in ids(chosen)} == {"beginner", "advanced"}


def test_what_is_known_and_not_due_may_rest() -> None:
    assert planned(*(known(id) for id in IDS)) == ()


def test_what_the_pool_does_not_have_is_not_asked() -> None:
    assert "gone" not in ids(planned(due("gone"), due("q-1")))


@pytest.mark.parametrize(
    ("in_a_row", "reason"),
    [(1, "1 point missed last time"), (2, "missed twice"), (5, "missed 5 times in a row")],
)
def test_the_reason_tells_how_often_it_was_missed(in_a_row: int, reason: str) -> None:
    assert planned(weak("q-0", in_a_row=in_a_row))[0] == Chosen("q-0", reason)


def test_points_that_are_due_are_counted() -> None:
    points = (point(f"c-{n}", question="q-0", share=0.25, due=n - 2) for n in range(4))

    assert planned(asked("q-0", *points))[0].reason == "3 points due"


def test_the_seed_decides_between_equals() -> None:
    plans = {tuple(ids(planned(*(due(id) for id in IDS), seed=seed))) for seed in range(20)}

    assert len(plans) > 1


QUESTIONS = st.builds(
    lambda id, share, last, in_a_row, days: asked(
        id, point(question=id, share=share, last=last, in_a_row=in_a_row * last.is_missed, due=days)
    ),
    st.sampled_from([*IDS, "gone"]),
    st.floats(0.01, 1),
    st.sampled_from(Outcome),
    st.integers(1, 5),
    st.integers(-30, 30),
)
MEMORIES = st.lists(QUESTIONS, unique_by=lambda one: one.id).map(lambda found: memory(*found))


@given(held=MEMORIES, count=st.integers(1, 12), seed=st.integers(0, 9))
def test_a_plan_is_repeatable_and_asks_nothing_twice(held: Memory, count: int, seed: int) -> None:
    chosen = due_plan(held, POOL, count, seed, NOW)

    assert chosen == due_plan(held, POOL, count, seed, NOW)
    assert len(set(ids(chosen))) == len(chosen) <= count
    assert set(ids(chosen)) <= set(IDS)


@given(held=MEMORIES, count=st.integers(1, 12), seed=st.integers(0, 9))
def test_a_place_stays_empty_only_where_nothing_is_due_weak_or_new(
    held: Memory, count: int, seed: int
) -> None:
    resting = {
        one.id
        for one in held.questions
        if all(p.due.date() > NOW.date() and not p.last.is_missed for p in one.criteria)
    }

    assert len(due_plan(held, POOL, count, seed, NOW)) == min(count, len(set(IDS) - resting))


@given(held=MEMORIES, count=st.integers(ROOM_FOR_NEW, 12), seed=st.integers(0, 9))
def test_something_new_is_among_four_and_more(held: Memory, count: int, seed: int) -> None:
    fresh = set(IDS) - {one.id for one in held.questions}

    assert not fresh or fresh & set(ids(due_plan(held, POOL, count, seed, NOW)))


def test_a_drill_asks_about_exactly_what_was_missed_last_time() -> None:
    points = [
        point(last.value, question="q-0", share=0.2, last=last, due=due)
        for last, due in zip(Outcome, (0, 1, 2, 3, -4), strict=True)
    ]

    (drill,) = drill_plan(memory(asked("q-0", *points), known("q-1")), POOL, 5)

    assert drill.question == "q-0"
    assert set(drill.criteria) == {"partial", "missing", "wrong"}


def test_the_worst_is_drilled_first() -> None:
    held = memory(weak("q-0", Outcome.PARTIAL), weak("q-1"), weak("q-2", in_a_row=3))

    assert [drill.question for drill in drill_plan(held, POOL, 2)] == ["q-2", "q-1"]


def test_where_nothing_was_missed_there_is_no_drill() -> None:
    assert drill_plan(memory(known("q-0"), due("q-1")), POOL, 5) == ()


@given(held=MEMORIES, count=st.integers(1, 12))
def test_a_drill_never_asks_for_what_was_shown(held: Memory, count: int) -> None:
    last = {(p.question, p.id): p.last for one in held.questions for p in one.criteria}

    for drill in drill_plan(held, POOL, count):
        assert drill.criteria
        assert all(last[drill.question, id].is_missed for id in drill.criteria)
