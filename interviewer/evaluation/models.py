"""What `calibrate` reports, as frozen models: its JSON is these, key by key. Described in docs/agreement.md.

Scores are 0 to 100, shares and coefficients 0 to 1 or -1 to 1; None where something is not defined.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import PlainSerializer

from interviewer.evaluation.calibration import Calibration
from interviewer.evaluation.grades import Judge
from interviewer.grading.models import Verdict
from interviewer.models import Count, Frozen

VERSION = 1
#: From this many questions on an interval says something: answers to one question stand and fall together.
FEW_QUESTIONS = 10

#: A measured number, told to four decimals.
Number = Annotated[
    float | None, PlainSerializer(lambda x: None if x is None else round(x, 4), return_type=float | None)
]


class Measure(Frozen):
    """A measured number and its 95 % interval. low, high: None where there is no interval."""

    value: Number
    low: Number = None
    high: Number = None


class Confusion(Frozen):
    """How often the machine said which class of which human one. counts: a row each human class."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


class Bin(Frozen):
    """The answers whose machine score is from `low` up to `high`, and the means of both scores."""

    low: Number
    high: Number
    answers: Count
    machine: Number
    human: Number


class Point(Frozen):
    """Answers with the same two scores, to one decimal."""

    human: Number
    machine: Number
    answers: Count


class Scores(Frozen):
    """Agreement of the scores, over the answers that have both.

    bias: mean of machine less human. qwk: quadratic weighted kappa over the rubric's bands. exact, adjacent:
    share in the same band; in the same or a neighbouring one. with_unscored: Pearson, if an answer without a
    grade counts as 0. calibration_error: mean distance of the bins' means, weighted by answers.
    """

    answers: Count
    human_mean: Number
    machine_mean: Number
    pearson: Measure
    spearman: Measure
    mean_error: Measure
    bias: Measure
    qwk: Measure
    exact: Measure
    adjacent: Measure
    with_unscored: Number
    calibration_error: Number
    bands: Confusion
    bins: tuple[Bin, ...]
    points: tuple[Point, ...]


class VerdictRow(Frozen):
    """One verdict against the three others. support: how often people gave it."""

    verdict: Verdict
    precision: Number
    recall: Number
    f1: Number
    support: Count


class Verdicts(Frozen):
    """Agreement on criteria. Shown is met or partial, against missing or wrong.

    accuracy, kappa, precision, recall, f1: of shown. exact, exact_kappa: of the four verdicts.
    """

    verdicts: Count
    accuracy: Measure
    kappa: Measure
    precision: Measure
    recall: Measure
    f1: Measure
    exact: Measure
    exact_kappa: Measure
    by_verdict: tuple[VerdictRow, ...]
    confusion: Confusion


class CriterionRow(Frozen):
    """Agreement on one criterion, without intervals; keys as in Verdicts."""

    question: str
    id: str
    requirement: str
    verdicts: Count
    accuracy: Number
    kappa: Number
    precision: Number
    recall: Number
    f1: Number
    exact: Number
    confusion: Confusion


class Correct(Frozen):
    """Correct against not, by one rule. An answer without a grade counts as said to be not correct.

    rule: `met`, the verdict; or `half`, a score over 50.
    """

    rule: str
    answers: Count
    accuracy: Measure
    macro_f1: Measure
    weighted_f1: Measure
    kappa: Measure
    precision: Number
    recall: Number


class Between(Frozen):
    """How far two raters' scores agree. alpha: Krippendorff's, on an interval scale."""

    pearson: Measure
    spearman: Measure
    qwk: Measure
    mean_error: Measure
    exact: Measure
    adjacent: Measure
    alpha: Number


class Humans(Frozen):
    """Two people beside the machine, over the answers that all three scored.

    people: one with the other. first, second: the machine with each. both: the machine with their mean.
    """

    answers: Count
    people: Between
    first: Between
    second: Between
    both: Between


class Coverage(Frozen):
    """What was graded, and how sure the grader was.

    missing: labels without a line in the grades. errors: by code. flags: answers, by flag. criteria:
    verdicts that people gave, too; not_sure: those that the grader flagged. sure, unsure: share of these that
    is right (shown or not). sure_answers: without a flagged criterion; their pearson and mean_error.
    """

    labels: Count
    graded: Count
    missing: Count
    errors: dict[str, int]
    flags: dict[str, int]
    criteria: Count
    not_sure: Count
    sure: Number
    unsure: Number
    sure_answers: Count
    sure_pearson: Number
    sure_mean_error: Number


class Group(Frozen):
    """The answers to one question, of one category or kind; no intervals."""

    key: str
    title: str
    answers: Count
    scored: Count
    human: Number
    machine: Number
    bias: Number
    mean_error: Number
    pearson: Number
    accuracy: Number


class Side(Frozen):
    """A criterion on which the two do not agree, with what the machine quotes and says."""

    id: str
    requirement: str
    human: Verdict
    machine: Verdict
    quotes: tuple[str, ...]
    reason: str


class Disagreement(Frozen):
    """An answer on which the two differ most. note: the person's, where the label has one."""

    id: str
    line: Count
    title: str
    kind: str | None
    question: str
    answer: str
    human: Number
    machine: Number
    criteria: tuple[Side, ...]
    note: str | None


class Flip(Frozen):
    """A criterion whose verdict changed between runs. answers: graded in all runs; flipped: of these."""

    question: str
    id: str
    answers: Count
    flipped: Count


class Repeats(Frozen):
    """The same answers, graded several times without the cache.

    flipped: share of verdicts that are not the same in all runs. spread, largest_spread: highest less lowest
    score in points, mean and largest. bands: share of answers that change their band.
    """

    runs: Count
    answers: Count
    verdicts: Count
    flipped: Number
    spread: Number
    largest_spread: Number
    bands: Number
    criteria: tuple[Flip, ...]


class Bootstrap(Frozen):
    """How intervals came about: questions drawn with all their answers. is_telling: enough questions."""

    resamples: Count
    seed: int
    questions: Count
    is_telling: bool


class Agreement(Frozen):
    """The whole report. calibration: the map of scores that was learned, where one was asked for."""

    version: int = VERSION
    file: str
    bank: str
    grader: Judge | None
    bootstrap: Bootstrap
    coverage: Coverage
    scores: Scores | None
    verdicts: Verdicts | None
    criteria: tuple[CriterionRow, ...]
    correct: tuple[Correct, ...]
    humans: Humans | None
    repeats: Repeats | None
    questions: tuple[Group, ...]
    categories: tuple[Group, ...]
    kinds: tuple[Group, ...]
    worst: tuple[Disagreement, ...]
    notes: tuple[str, ...]
    calibration: Calibration | None = None
