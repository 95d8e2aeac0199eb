"""All measures of a set of labelled answers, put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from interviewer.bank.models import Bank
from interviewer.errors import InvalidFileError
from interviewer.evaluation.bootstrap import Resampling
from interviewer.evaluation.coverage import coverage_of, groups_of, worst_of
from interviewer.evaluation.grades import GradeLine, Judge, Pair, paired
from interviewer.evaluation.labels import FEWEST, Labelled
from interviewer.evaluation.models import FEW_QUESTIONS, Agreement, Bootstrap, Coverage
from interviewer.evaluation.repeats import repeats_of
from interviewer.evaluation.scores import humans_of, scores_of
from interviewer.evaluation.verdicts import correct_of, criteria_of, judgements_of, verdicts_of

#: From this many answers on two decimals of a coefficient mean something.
_FEW_ANSWERS = 30


def agreement_of(
    labels: Sequence[Labelled],
    runs: Sequence[Mapping[str, GradeLine]],
    bank: Bank,
    *,
    file: str,
    how: Resampling,
    worst: int,
) -> Agreement:
    """The report on `labels`. runs: grades by id; the first is measured, the others are repeats of it.

    Raises InvalidFileError where fewer than FEWEST of the labelled answers have a grade.
    """
    pairs = paired(labels, runs[0])
    if sum(pair.grade is not None for pair in pairs) < FEWEST:
        raise InvalidFileError(
            "hardly any labelled answer has a grade",
            file=file,
            expected=f"at least {FEWEST} that do",
            hint="The grades belong to the answers with the same id.",
        )
    judgements = judgements_of(pairs)
    questions = len({label.question for label in labels})
    titles = {category.id: category.title for category in bank.categories}

    def category_title(pair: Pair) -> str:
        category = str(pair.label.category)
        return titles.get(category, category)

    coverage = coverage_of(pairs, runs[0], judgements)
    judges = _judges(pairs)
    return Agreement(
        file=file,
        bank=bank.id,
        grader=judges[0] if judges else None,
        bootstrap=Bootstrap(
            resamples=how.count if questions > 1 else 0,
            seed=how.seed,
            questions=questions,
            is_telling=questions >= FEW_QUESTIONS and how.count > 0,
        ),
        coverage=coverage,
        scores=scores_of(pairs, how),
        verdicts=verdicts_of(judgements, how),
        criteria=criteria_of(judgements),
        correct=correct_of(pairs, how),
        humans=humans_of(pairs, how),
        repeats=repeats_of(labels, runs),
        questions=groups_of(pairs, lambda p: p.label.question, lambda p: p.label.title),
        categories=groups_of(pairs, lambda p: p.label.category, category_title),
        kinds=groups_of(pairs, lambda p: p.label.kind, lambda p: str(p.label.kind)),
        worst=worst_of(pairs, worst),
        notes=tuple(_notes(pairs, judges, coverage, questions, how)),
    )


def _judges(pairs: Sequence[Pair]) -> list[Judge]:
    """Who graded, the one with the most grades first."""
    count: dict[Judge, int] = {}
    for pair in pairs:
        if pair.grade is not None and pair.grade.grader is not None:
            count[pair.grade.grader] = count.get(pair.grade.grader, 0) + 1
    return sorted(count, key=lambda judge: -count[judge])


def _notes(
    pairs: Sequence[Pair], judges: Sequence[Judge], coverage: Coverage, questions: int, how: Resampling
) -> Iterator[str]:
    """What a reader must know before any number is believed."""
    if questions == 1:
        yield "All answers are to one question: there is no interval, and nothing is said of other questions."
    elif questions < FEW_QUESTIONS and how.count:
        yield (
            f"Intervals from {questions} questions mean little: a few more could move them anywhere. "
            f"Label answers to {FEW_QUESTIONS} questions or more."
        )
    if coverage.graded < _FEW_ANSWERS:
        yield f"{coverage.graded} graded answers are few: expect every number to move."
    if coverage.graded < coverage.labels:
        left = coverage.labels - coverage.graded
        yield (
            f"{left} of {coverage.labels} labelled answers have no grade. They are left out, but count as "
            "not correct where correct is told from not."
        )
    if len(judges) > 1:
        yield f"The grades come from {len(judges)} different graders: {'; '.join(j.told for j in judges)}."
    if any(pair.grade is not None and pair.grade.grader is None for pair in pairs):
        yield "Some grades do not say who gave them."
    if any(judge.kind == "fake" for judge in judges):
        yield "The fake grader judges nothing: these numbers only show that the command works."
