"""The second opinion: what is disputed, and who decides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.grading.models import CriterionGrade, Verdict
from interviewer.grading.second_opinion import disputed, majority, settled
from tests.support.builders import criterion_grade, task

MET, PARTIAL, MISSING, WRONG = Verdict.MET, Verdict.PARTIAL, Verdict.MISSING, Verdict.WRONG
VOTES = st.lists(st.sampled_from(Verdict), min_size=1, max_size=5)


# The majority


@given(VOTES.flatmap(lambda votes: st.tuples(st.just(votes), st.permutations(votes))))
def test_the_order_of_opinions_does_not_matter(orders: tuple[list[Verdict], list[Verdict]]) -> None:
    one, other = orders

    assert majority(one) is majority(other)


@given(VOTES)
def test_the_majority_is_one_of_the_votes(votes: list[Verdict]) -> None:
    assert majority(votes) in votes


@given(st.sampled_from(Verdict), st.integers(1, 5))
def test_a_unanimous_vote_stands(verdict: Verdict, count: int) -> None:
    assert majority([verdict] * count) is verdict


@given(st.sampled_from(Verdict), VOTES)
def test_more_than_half_of_the_votes_decide(verdict: Verdict, others: list[Verdict]) -> None:
    assert majority([*others, *[verdict] * (len(others) + 1)]) is verdict


@pytest.mark.parametrize(
    ("votes", "lower"),
    [
        ((MET, PARTIAL), PARTIAL),
        ((PARTIAL, MISSING), MISSING),
        ((MISSING, WRONG), WRONG),
        ((MET, PARTIAL, MISSING), MISSING),
        ((MET, MET, PARTIAL, PARTIAL), PARTIAL),
    ],
)
def test_a_tie_goes_to_the_lower_verdict(votes: tuple[Verdict, ...], lower: Verdict) -> None:
    assert majority(votes) is lower


@given(VOTES)
def test_what_stands_was_said_by_one_of_the_opinions_and_carries_all_votes(votes: list[Verdict]) -> None:
    opinions = [
        criterion_grade("one-request", verdict).model_copy(update={"reason": f"opinion {nth}"})
        for nth, verdict in enumerate(votes)
    ]

    stands = settled(opinions[0], opinions[1:])

    assert stands.model_copy(update={"votes": ()}) in opinions
    assert stands.votes == (tuple(votes) if len(votes) > 1 else ())


def test_how_far_opinions_agree_is_told() -> None:
    decided = CriterionGrade(id="one-request", verdict=MET, votes=(MET, MISSING, MET))

    assert decided.agreement == "2 of 3 opinions agree"


def test_of_one_opinion_there_is_nothing_to_tell() -> None:
    assert criterion_grade("one-request").agreement == ""


# What is disputed


def in_dispute(
    *verdicts: Verdict, repaired: tuple[str, ...] = (), suspect: bool = False, score: float = 60.0
) -> tuple[str, ...]:
    """Of one-request and many-requests, under bands with floors 80, 40 and 0."""
    ids = ("one-request", "many-requests")
    grades = {id: criterion_grade(id, verdict) for id, verdict in zip(ids, verdicts, strict=True)}
    return disputed(task(), grades, repaired=repaired, suspect=suspect, score=score)


@pytest.mark.parametrize("score", [0, 3, 36.9, 43.1, 60, 76.9, 83.1, 100])
def test_far_from_the_edge_of_a_band_nothing_is_disputed(score: float) -> None:
    assert in_dispute(MET, PARTIAL, score=score) == ()


@pytest.mark.parametrize("score", [37, 40, 43, 77, 79.9, 80, 83])
def test_near_the_edge_of_a_band_partial_verdicts_are_disputed(score: float) -> None:
    assert in_dispute(MET, PARTIAL, score=score) == ("many-requests",)


@pytest.mark.parametrize("verdict", [MET, MISSING, WRONG])
def test_near_the_edge_of_a_band_other_verdicts_are_not(verdict: Verdict) -> None:
    assert in_dispute(verdict, verdict, score=80) == ()


@pytest.mark.parametrize("verdict", Verdict)
def test_what_had_to_be_repaired_is_disputed(verdict: Verdict) -> None:
    assert in_dispute(MET, verdict, repaired=("many-requests",)) == ("many-requests",)


@pytest.mark.parametrize(("verdict", "is_disputed"), [(MET, True), (PARTIAL, True), (MISSING, False)])
def test_what_is_credited_beside_orders_to_the_grader_is_disputed(
    verdict: Verdict, is_disputed: bool
) -> None:
    assert ("many-requests" in in_dispute(MISSING, verdict, suspect=True)) is is_disputed


@given(
    st.tuples(st.sampled_from(Verdict), st.sampled_from(Verdict)),
    st.sets(st.sampled_from(["one-request", "many-requests"])),
    st.booleans(),
    st.floats(0, 100),
)
def test_each_disputed_criterion_is_named_once_in_the_order_of_the_question(
    verdicts: tuple[Verdict, Verdict], repaired: set[str], suspect: bool, score: float
) -> None:
    ids = in_dispute(*verdicts, repaired=tuple(repaired), suspect=suspect, score=score)

    assert ids in {(), ("one-request",), ("many-requests",), ("one-request", "many-requests")}
