"""The score: computed from verdicts and weights, by the rules in the rubric."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.grading.models import CriterionGrade, MisconceptionGrade, Verdict
from interviewer.grading.score import credited, score_of, turn_score
from tests.support.builders import criterion, grade, question, rubric

VERDICTS = st.sampled_from(list(Verdict))


def graded(**verdicts: Verdict) -> tuple[CriterionGrade, ...]:
    return tuple(CriterionGrade(id=id, verdict=v) for id, v in verdicts.items())


def asserted(penalty: float) -> MisconceptionGrade:
    return MisconceptionGrade(id="same-thing", evidence=(), penalty=penalty)


def test_verdicts_count_by_their_criterion_s_weight() -> None:
    criteria = (criterion("a", weight=3), criterion("b", weight=1))

    assert score_of(graded(a=Verdict.MET, b=Verdict.MISSING), (), criteria, rubric()) == 75.0


def test_partial_earns_the_rubric_s_share() -> None:
    assert score_of(graded(a=Verdict.PARTIAL), (), (criterion("a"),), rubric()) == 50.0


def test_a_missing_must_have_caps_the_score() -> None:
    criteria = (criterion("a", must_have=True), criterion("b", weight=9))

    assert score_of(graded(a=Verdict.MISSING, b=Verdict.MET), (), criteria, rubric(must_have_cap=60)) == 60.0


def test_a_wrong_must_have_caps_it_too() -> None:
    criteria = (criterion("a", must_have=True), criterion("b", weight=9))

    assert score_of(graded(a=Verdict.WRONG, b=Verdict.MET), (), criteria, rubric(must_have_cap=60)) == 60.0


def test_a_partial_must_have_does_not_cap() -> None:
    criteria = (criterion("a", must_have=True), criterion("b", weight=9))

    assert score_of(graded(a=Verdict.PARTIAL, b=Verdict.MET), (), criteria, rubric(must_have_cap=60)) == 95.0


def test_each_misconception_takes_its_penalty_off() -> None:
    both = (asserted(10), asserted(15))

    assert score_of(graded(a=Verdict.MET), both, (criterion("a"),), rubric()) == 75.0


def test_the_score_never_falls_below_zero() -> None:
    assert score_of(graded(a=Verdict.MISSING), (asserted(50),), (criterion("a"),), rubric()) == 0.0


def test_a_criterion_without_a_grade_earns_nothing() -> None:
    assert score_of(graded(a=Verdict.MET), (), (criterion("a"), criterion("b")), rubric()) == 50.0


@given(st.lists(st.tuples(VERDICTS, st.floats(0.1, 100)), min_size=1, max_size=20), st.integers(0, 5))
def test_any_verdicts_give_a_score_from_0_to_100(given: list[tuple[Verdict, float]], wrongs: int) -> None:
    criteria = tuple(criterion(f"c{i}", weight=w) for i, (_, w) in enumerate(given))
    verdicts = graded(**{f"c{i}": v for i, (v, _) in enumerate(given)})

    assert 0 <= score_of(verdicts, (asserted(10),) * wrongs, criteria, rubric()) <= 100


def test_a_follow_up_wins_back_the_rubric_s_share_of_what_was_lost() -> None:
    asked = question(criteria=(criterion("a"),))
    first = grade(criteria=graded(a=Verdict.MISSING))
    second = grade(criteria=graded(a=Verdict.MET))

    assert turn_score((first, second), asked, rubric(follow_up_credit=0.5)) == 50.0


def test_what_a_follow_up_won_is_marked() -> None:
    first = grade(criteria=graded(a=Verdict.PARTIAL, b=Verdict.MET))
    second = grade(criteria=graded(a=Verdict.MET))

    earned = credited((first, second), (criterion("a"), criterion("b")), rubric(follow_up_credit=0.5))

    assert [(e.id, e.verdict, e.credit, e.after_follow_up) for e in earned] == [
        ("a", Verdict.MET, 0.75, True),
        ("b", Verdict.MET, 1.0, False),
    ]


def test_a_follow_up_lifts_the_cap_of_a_must_have() -> None:
    asked = question(criteria=(criterion("a", must_have=True), criterion("b", weight=9)))
    first = grade(criteria=graded(a=Verdict.MISSING, b=Verdict.MET))
    second = grade(criteria=graded(a=Verdict.MET))

    assert turn_score((first, second), asked, rubric(must_have_cap=60, follow_up_credit=0.5)) == 95.0


@given(st.lists(st.tuples(VERDICTS, VERDICTS), min_size=1, max_size=6), st.booleans())
def test_a_follow_up_never_lowers_the_score(pairs: list[tuple[Verdict, Verdict]], must_have: bool) -> None:
    asked = question(criteria=tuple(criterion(f"c{i}", must_have=must_have) for i in range(len(pairs))))
    first = grade(criteria=graded(**{f"c{i}": a for i, (a, _) in enumerate(pairs)}))
    second = grade(criteria=graded(**{f"c{i}": b for i, (_, b) in enumerate(pairs)}))

    assert turn_score((first, second), asked, rubric()) >= turn_score((first,), asked, rubric())


@pytest.mark.parametrize(
    ("score", "band"), [(100, "strong"), (80, "strong"), (79.9, "developing"), (0, "weak")]
)
def test_a_band_begins_at_its_floor(score: float, band: str) -> None:
    assert rubric().band_of(score).id == band
