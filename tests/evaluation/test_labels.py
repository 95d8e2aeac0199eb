"""Labels: what a line may say, and what is wrong with one that cannot be used, told by its line."""

from __future__ import annotations

import pytest

from interviewer.errors import InvalidFileError
from interviewer.grading.models import Verdict
from tests.evaluation.labelling import about, label, labels_of

GOOD = label("good", human_score=0.5)


def test_a_score_of_0_to_1_is_told_in_points() -> None:
    assert [one.score for one in labels_of(label("a", human_score=0.25), label("b", human_score=1))] == [
        25,
        100,
    ]


def test_the_mean_of_two_people_is_the_score_where_no_other_is_given() -> None:
    alone, given = labels_of(
        label("a", human_scores=[0.2, 0.6]), label("b", human_scores=[0.2, 0.6], human_score=0.5)
    )

    assert (alone.score, alone.annotators) == (40, (20, 60))
    assert given.score == 50


def test_verdicts_belong_to_criteria_and_may_leave_some_out() -> None:
    one, _ = labels_of(label("a", human_verdicts={"one-request": "partial"}), GOOD)

    assert one.verdicts == {"one-request": Verdict.PARTIAL}
    assert one.is_correct is None


def test_a_single_verdict_is_that_on_the_reference_answer() -> None:
    met, wrong = labels_of(
        label("a", **about("Why?"), human_verdict="met"), label("b", **about("Why?"), human_verdict="wrong")
    )

    assert (met.verdicts, met.is_correct) == ({"reference": Verdict.MET}, True)
    assert (wrong.verdicts, wrong.is_correct) == ({"reference": Verdict.WRONG}, False)


@pytest.mark.parametrize("text", ["incorrect", "contradictory", "non_domain"])
def test_a_label_tells_correct_from_not_and_is_no_verdict(text: str) -> None:
    right, not_right = labels_of(
        label("a", **about("Why?"), label="correct"), label("b", **about("Why?"), label=text)
    )

    assert (right.is_correct, not_right.is_correct) == (True, False)
    assert right.verdicts is None


def test_a_category_is_that_of_the_bank_unless_the_line_has_one() -> None:
    of_bank, own, none = labels_of(
        GOOD, label("b", category="Mine", human_score=0), label("c", **about("Why?"), human_score=0)
    )

    assert (of_bank.category, own.category, none.category) == ("beginner", "Mine", None)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "not JSON"),
        (label("x"), "no person's score, verdict or label"),
        (label("x", human_score=1.5), "human_score"),
        (label("x", human_score="0.5"), "human_score"),
        (label("x", human_score=True), "human_score"),
        (label("x", human_scores=[0.5]), "human_scores"),
        (label("x", human_verdicts={"one-request": "good"}), "human_verdicts.one-request"),
        (label("x", human_verdicts={"one-requst": "met"}), "'one-request'"),
        (label("x", human_verdict="met"), "several criteria"),
        (label("x", label="corect"), "'correct'"),
        (label("x", question_id="kv-cahce", human_score=1), "'kv-cache'"),
        (label("x", human_score=1).replace('"answer"', '"anwser"'), "answer"),
        (label("good", human_score=1), "stands on line 1, too"),
    ],
)
def test_a_faulty_line_is_told_with_its_number_before_anything_is_graded(line: str, told: str) -> None:
    with pytest.raises(InvalidFileError) as error:
        labels_of(GOOD, "", line)

    assert error.value.line == 3
    assert told in error.value.message


def test_the_first_fault_is_told_in_full_and_the_next_ones_beside_it() -> None:
    with pytest.raises(InvalidFileError, match=r"labels.jsonl:1: .*and 2 more") as error:
        labels_of("nope", GOOD, label("x"), "{}")

    assert error.value.hint is not None
    assert "line 3: no person's" in error.value.hint
    assert "line 4:" in error.value.hint


@pytest.mark.parametrize("lines", [(), (GOOD,), (GOOD, "  ")])
def test_fewer_than_two_answers_are_refused(lines: tuple[str, ...]) -> None:
    with pytest.raises(InvalidFileError, match="at least 2"):
        labels_of(*lines)
