"""Maps of scores: monotone whatever the labels, saved with what they belong to, applied only there."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import InvalidFileError, UsageError
from interviewer.evaluation.calibration import (
    Calibration,
    HeldOut,
    Logistic,
    Steps,
    calibration_in,
    calibration_text,
)
from interviewer.evaluation.fitting import FEWEST_FOR_STEPS, NothingLearnedError, fitted
from interviewer.evaluation.grades import Judge, paired
from interviewer.grading.models import GraderIdentity
from tests.evaluation.labelling import BANK, BY, grade, grades_of, labels_of, scored

DAY = date(2026, 1, 5)
JUDGE = Judge.model_validate(BY)


def learned(pairs: list[tuple[float, float]], *, questions: int = 5) -> Calibration:
    """The map for pairs of (people's, machine's) scores."""
    labels, grades = scored(pairs, questions=questions)
    return fitted(paired(labels_of(*labels), grades_of(*grades)), JUDGE, BANK, made=DAY)


def kept(map: Steps | Logistic) -> Calibration:
    held = HeldOut(
        folds=2, root_error_before=2, root_error_after=1, mean_error_before=2, mean_error_after=1,
        bias_before=1, bias_after=0,
    )  # fmt: skip
    return Calibration(
        made=DAY,
        grader=JUDGE,
        bank="tests",
        bank_fingerprint="0",
        labels=10,
        questions=2,
        held_out=held,
        map=map,
    )


def too_strict(count: int) -> list[tuple[float, float]]:
    """A grader that gives a good half of what people give."""
    return [(100 * i / count, 60 * i / count) for i in range(count)]


def test_a_grader_that_is_too_strict_is_lifted() -> None:
    found = learned(too_strict(60))

    assert found.calibrated(30) == pytest.approx(50, abs=8)
    assert abs(found.held_out.bias_after) < abs(found.held_out.bias_before)
    assert found.held_out.root_error_after < found.held_out.root_error_before


def test_few_labels_get_two_parameters_and_many_may_get_a_free_curve() -> None:
    steps = [(80.0 if i % 100 > 50 else 20.0, float(i % 100)) for i in range(FEWEST_FOR_STEPS * 2)]

    assert learned(too_strict(FEWEST_FOR_STEPS - 1)).map.kind == "logistic"
    assert learned(steps).map.kind == "isotonic"


def test_it_says_what_it_belongs_to() -> None:
    found = learned(too_strict(60))

    assert (found.labels, found.questions, found.made, found.grader) == (60, 5, DAY, JUDGE)
    assert (found.bank, found.bank_fingerprint) == ("tests", "0" * 12)
    assert found.held_out.folds == 5


def test_answers_to_one_question_are_split_among_themselves() -> None:
    assert learned(too_strict(40), questions=1).held_out.folds == 5


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        (too_strict(9), "9 graded answers"),
        ([(float(i), float(i)) for i in range(0, 100, 5)], "no map helps"),
        ([(float(100 - i), float(i)) for i in range(0, 100, 5)], "do not rise"),
        ([(float(i), 50.0) for i in range(0, 100, 5)], "do not rise"),
    ],
)
def test_where_nothing_is_to_be_learned_nothing_is(pairs: list[tuple[float, float]], told: str) -> None:
    with pytest.raises(NothingLearnedError, match=told):
        learned(pairs)


scores = st.integers(0, 1000).map(lambda x: x / 10)


@given(st.lists(st.tuples(scores, scores), min_size=10, max_size=130), scores, scores)
def test_more_points_never_become_fewer(
    pairs: list[tuple[float, float]], first: float, second: float
) -> None:
    try:
        found = learned(pairs, questions=3)
    except NothingLearnedError:
        return
    low, high = sorted((first, second))
    assert 0 <= found.calibrated(low) <= found.calibrated(high) <= 100


@given(st.floats(-20, 20), st.floats(0.01, 50), scores, scores)
def test_a_logistic_map_never_falls(intercept: float, slope: float, first: float, second: float) -> None:
    found = kept(Logistic(intercept=intercept, slope=slope))
    low, high = sorted((first, second))

    assert 0 <= found.calibrated(low) <= found.calibrated(high) <= 100


def test_a_logistic_map_of_0_and_1_changes_nothing_but_the_very_ends() -> None:
    found = kept(Logistic(intercept=0, slope=1))

    assert [found.calibrated(s) for s in (1, 30.5, 99)] == [1, 30.5, 99]


def test_between_points_a_map_is_straight_and_beyond_them_level() -> None:
    found = kept(Steps(points=((10, 20), (50, 60), (90, 60))))

    assert [found.calibrated(s) for s in (0, 10, 30, 50, 70, 100)] == [20, 20, 40, 60, 60, 60]


def test_a_saved_map_is_read_back_as_it_was(tmp_path: Path) -> None:
    found = learned(too_strict(60))

    assert calibration_in(calibration_text(found), file=tmp_path / "x") == found


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"map": {"kind": "isotonic", "points": [[0, 50], [100, 40]]}},
        {"map": {"kind": "isotonic", "points": [[50, 50], [0, 60]]}},
        {"map": {"kind": "logistic", "intercept": 0, "slope": -1}},
        {"map": {"kind": "spline"}},
        {"grader": None},
    ],
)
def test_a_file_that_holds_no_map_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    told = json.loads(calibration_text(kept(Logistic(intercept=0, slope=1))))

    with pytest.raises(InvalidFileError, match="calibrate --fit"):
        calibration_in(json.dumps({**told, **change}), file=tmp_path / "x")


def test_it_stands_beside_the_score_and_never_in_its_place() -> None:
    found = kept(Steps(points=((0, 10), (100, 90))))

    line = json.loads(found.added_to(grade("a", 50)))

    assert (line["score"], line["calibrated_score"]) == (50, 50)
    assert list(line)[1:3] == ["score", "calibrated_score"]


def test_a_line_without_a_score_stays_as_it_is() -> None:
    line = grade("a", None)

    assert kept(Logistic(intercept=0, slope=1)).added_to(line) == line


@pytest.mark.parametrize("change", [{"kind": "llm"}, {"model": "judge 2"}, {"prompt_version": "new"}])
def test_another_grader_is_refused(change: dict[str, str]) -> None:
    found = kept(Logistic(intercept=0, slope=1))
    found.refuse_other(GraderIdentity.model_validate({**BY, "rubric_version": "any"}))

    with pytest.raises(UsageError, match="belongs to local judge 1"):
        found.refuse_other(GraderIdentity.model_validate({**BY, **change}))
