"""The report: what each part counts, on a few answers whose numbers can be seen at a glance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import InvalidFileError
from interviewer.evaluation.bootstrap import Resampling
from interviewer.evaluation.models import Agreement
from tests.evaluation.labelling import BANK, about, grade, grades_of, label, labels_of, scored

BOTH = ("one-request", "many-requests")


def report(
    labels: list[str], *runs: list[str], resamples: int = 0, seed: int = 0, worst: int = 5
) -> Agreement:
    from interviewer.evaluation.report import agreement_of

    return agreement_of(
        labels_of(*labels),
        [grades_of(*run) for run in runs],
        BANK,
        file="labels.jsonl",
        how=Resampling(resamples, seed),
        worst=worst,
    )


def judged(*verdicts: tuple[str, str], unsure: tuple[str, ...] = ()) -> tuple[list[str], list[str]]:
    """Label and grade lines with (a person's, the machine's) verdict on the criterion `one-request`."""
    labels = [label(str(i), human_verdicts={BOTH[0]: human}) for i, (human, _) in enumerate(verdicts)]
    grades = [grade(str(i), 50, {BOTH[0]: said}, unsure=unsure) for i, (_, said) in enumerate(verdicts)]
    return labels, grades


def test_scores_are_compared_in_points_and_in_bands() -> None:
    found = report(*scored([(0, 10), (50, 50), (100, 30)])).scores

    assert found is not None
    assert (found.answers, found.human_mean, found.machine_mean) == (3, 50, 30)
    assert found.mean_error.value == pytest.approx(80 / 3)
    assert found.bias.value == pytest.approx(-20)
    assert found.exact.value == pytest.approx(2 / 3)  # weak, developing; strong against weak
    assert found.adjacent.value == pytest.approx(2 / 3)
    assert found.bands.labels == ("weak", "developing", "strong")
    assert found.bands.counts == ((1, 0, 0), (0, 1, 0), (1, 0, 0))


def test_bins_tell_what_people_give_where_the_machine_gives_so_much() -> None:
    found = report(*scored([(20, 11), (40, 19), (100, 100)])).scores

    assert found is not None
    assert [(b.low, b.answers, b.machine, b.human) for b in found.bins] == [
        (10, 2, 15, 30),
        (90, 1, 100, 100),
    ]
    assert found.calibration_error == pytest.approx(2 / 3 * 15)


def test_answers_without_a_grade_are_left_out_and_told() -> None:
    labels, grades = scored([(0, 0), (100, 90), (50, 60), (80, 0)])
    found = report(labels, [*grades[:2], grade("2", None)])

    assert found.scores is not None
    assert found.scores.answers == 2
    assert (found.coverage.graded, found.coverage.missing) == (2, 1)
    assert found.coverage.errors == {"too_little_text": 1}
    assert any("2 of 4 labelled answers have no grade" in note for note in found.notes)
    assert found.scores.with_unscored != found.scores.pearson.value


def test_met_and_partial_are_shown_missing_and_wrong_are_not() -> None:
    found = report(*judged(("met", "partial"), ("missing", "wrong"), ("met", "missing"), ("wrong", "met")))

    assert found.verdicts is not None
    assert found.verdicts.accuracy.value == 0.5
    assert (found.verdicts.precision.value, found.verdicts.recall.value) == (0.5, 0.5)
    assert found.verdicts.exact.value == 0
    assert found.verdicts.confusion.counts[0] == (0, 1, 1, 0)


def test_each_verdict_has_its_own_precision_and_recall() -> None:
    found = report(*judged(("met", "met"), ("met", "missing"), ("missing", "missing"))).verdicts

    assert found is not None
    met, partial, missing, _ = found.by_verdict
    assert (met.precision, met.recall, met.support) == (1, 0.5, 2)
    assert (missing.precision, missing.recall) == (0.5, 1)
    assert (partial.recall, partial.support) == (None, 0)


def test_criteria_are_told_one_by_one_the_worst_first() -> None:
    labels = [label(str(i), human_verdicts=dict.fromkeys(BOTH, "met")) for i in range(2)]
    grades = [grade(str(i), 50, {BOTH[0]: "met", BOTH[1]: "missing"}) for i in range(2)]

    assert [(row.id, row.accuracy) for row in report(labels, grades).criteria] == [(BOTH[1], 0), (BOTH[0], 1)]


def test_criteria_that_no_person_judged_are_not_counted() -> None:
    labels = [label(str(i), human_verdicts={BOTH[0]: "met"}) for i in range(2)]
    grades = [grade(str(i), 50, dict.fromkeys(BOTH, "met")) for i in range(2)]

    assert report(labels, grades).coverage.criteria == 2


def test_what_the_grader_is_not_sure_of_is_told_apart() -> None:
    labels, sure = judged(("met", "met"), ("met", "met"), ("met", "missing"), ("met", "met"))
    _, unsure = judged(*[("met", "missing")] * 4, unsure=(BOTH[0],))

    found = report(labels, [*sure[:3], unsure[3]]).coverage

    assert (found.criteria, found.not_sure) == (4, 1)
    assert found.sure == pytest.approx(2 / 3)
    assert found.unsure == 0
    assert found.flags == {"not_sure": 1}


def test_correct_against_not_counts_every_answer_by_verdict_and_by_score() -> None:
    said = [
        ("correct", 90, "met"),
        ("correct", 60, "partial"),
        ("incorrect", 10, "wrong"),
        ("incorrect", None, ""),
    ]
    labels = [label(str(i), **about("Why?"), label=text) for i, (text, _, _) in enumerate(said)]
    grades = [grade(str(i), score, {"reference": verdict}) for i, (_, score, verdict) in enumerate(said)]

    by_verdict, by_score = report(labels, grades).correct

    assert (by_verdict.rule, by_verdict.answers, by_verdict.accuracy.value) == ("met", 4, 0.75)
    assert by_verdict.macro_f1.value == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert (by_score.rule, by_score.accuracy.value, by_score.weighted_f1.value) == ("half", 1, 1)


def test_two_people_stand_beside_the_machine() -> None:
    both = [(0.0, 0.1), (0.5, 0.4), (1.0, 1.0)]
    labels = [label(str(i), human_scores=list(pair)) for i, pair in enumerate(both)]
    found = report(labels, [grade("0", 10), grade("1", 40), grade("2", 100)]).humans

    assert found is not None
    assert found.second.mean_error.value == pytest.approx(0)
    assert found.second.alpha == pytest.approx(1)
    assert found.people.mean_error.value == pytest.approx(found.first.mean_error.value)
    assert found.both.mean_error.value == pytest.approx(10 / 3)


def test_repeats_tell_flips_and_spread_whether_or_not_people_judged() -> None:
    labels = [label("a", human_score=1), label("b", human_score=0)]
    first = [grade("a", 80, {BOTH[0]: "met", BOTH[1]: "met"}), grade("b", 10, {BOTH[0]: "missing"})]
    second = [grade("a", 50, {BOTH[0]: "met", BOTH[1]: "wrong"}), grade("b", 10, {BOTH[0]: "missing"})]

    found = report(labels, first, second).repeats

    assert found is not None
    assert (found.runs, found.answers, found.verdicts) == (2, 2, 3)
    assert found.flipped == pytest.approx(1 / 3)
    assert (found.spread, found.largest_spread, found.bands) == (15, 30, 0.5)
    assert [(row.id, row.flipped, row.answers) for row in found.criteria] == [(BOTH[1], 1, 1)]


def test_one_run_says_nothing_of_repeats() -> None:
    assert report(*scored([(0, 0), (100, 100)])).repeats is None


def test_answers_fall_into_kinds_categories_and_questions() -> None:
    labels = [
        label("a", human_score=1, kind="full"),
        label("b", human_score=0, kind="wrong"),
        label("c", **about("Why?"), human_score=0, kind="wrong", category="Physics"),
    ]
    found = report(labels, [grade("a", 90), grade("b", 0), grade("c", 40)])

    assert [(g.key, g.answers, g.mean_error) for g in found.kinds] == [("wrong", 2, 20), ("full", 1, 10)]
    assert {g.title for g in found.categories} == {"Beginner", "Physics"}
    assert [g.title for g in found.questions] == ["Why?", "kv-cache"]


def test_the_furthest_apart_come_with_both_sides() -> None:
    labels = [
        label("near", human_score=0.5),
        label("far", human_score=1, human_verdicts={BOTH[0]: "met"}, note="says it in other words"),
        label("same", human_score=0.2),
    ]
    grades = [grade("near", 40), grade("far", 0, {BOTH[0]: "wrong", BOTH[1]: "missing"}), grade("same", 20)]

    far, near = report(labels, grades).worst

    assert (far.id, far.line, far.human, far.machine, far.note) == (
        "far",
        2,
        100,
        0,
        "says it in other words",
    )
    (side,) = far.criteria
    assert (side.id, side.human, side.machine) == (BOTH[0], "met", "wrong")
    assert side.quotes == ("kept in memory",)
    assert side.reason == "one-request is wrong"
    assert near.id == "near"


def test_no_more_are_listed_than_wanted() -> None:
    assert len(report(*scored([(0, 50), (0, 60), (0, 70)]), worst=2).worst) == 2


def test_few_questions_are_called_few() -> None:
    one = report(*scored([(0, 10), (50, 60), (90, 80)]), resamples=20)
    three = report(*scored([(0, 10), (50, 60), (90, 80)], questions=3), resamples=20)
    many = report(*scored([(i, i) for i in range(0, 100, 5)], questions=20), resamples=20)

    assert one.scores is not None
    assert (one.scores.bias.low, one.bootstrap.resamples, one.bootstrap.is_telling) == (None, 0, False)
    assert any("no interval" in note for note in one.notes)
    assert not three.bootstrap.is_telling
    assert any("3 questions mean little" in note for note in three.notes)
    assert many.bootstrap.is_telling
    assert not any("mean little" in note for note in many.notes)


def test_grades_of_several_graders_and_of_the_fake_one_are_called_so() -> None:
    labels, grades = scored([(0, 10), (50, 60)])
    grades[1] = grade("1", 60, grader={"kind": "fake", "model": "fake"})

    notes = " ".join(report(labels, grades).notes)

    assert "2 different graders" in notes
    assert "judges nothing" in notes


def test_hardly_any_grade_is_no_report() -> None:
    labels, grades = scored([(0, 10), (50, 60), (90, 80)])

    with pytest.raises(InvalidFileError, match="at least 2"):
        report(labels, grades[:1])


pairs = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=2, max_size=12)


@given(pairs, st.permutations(range(12)))
def test_the_order_of_lines_changes_no_measure(found: list[tuple[int, int]], order: list[int]) -> None:
    labels, grades = scored(found, questions=3)
    turned = [labels[i] for i in order if i < len(labels)]

    one, other = report(labels, grades).scores, report(turned, grades[::-1]).scores

    assert one is not None
    assert other is not None
    for name in ("pearson", "spearman", "qwk", "mean_error", "bias", "exact"):
        assert getattr(one, name).value == pytest.approx(getattr(other, name).value)


@given(pairs)
def test_equal_seeds_give_equal_reports(found: list[tuple[int, int]]) -> None:
    lines = scored(found, questions=3)

    assert report(*lines, resamples=5, seed=7) == report(*lines, resamples=5, seed=7)
