"""The report as sentences and tables, for the terminal and the page alike. Foreign text is as it came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from interviewer.evaluation.calibration import Calibration
from interviewer.evaluation.models import (
    Agreement,
    Confusion,
    CriterionRow,
    Group,
    Humans,
    Measure,
    Repeats,
    Scores,
    Verdicts,
)
from interviewer.evaluation.wording import BETWEEN, interval, number, value_of

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """words: how many of the first columns are words; the others are numbers."""

    heads: Cells
    rows: Sequence[Cells]
    words: int = 1

    def without(self, *heads: str) -> Table:
        """The table without these columns of numbers."""
        kept = [at for at, head in enumerate(self.heads) if head not in heads]
        rows = [[row[at] for at in kept] for row in self.rows]
        return Table([self.heads[at] for at in kept], rows, self.words)


def coverage_told(report: Agreement) -> Iterator[str]:
    """What was graded, and how sure the grader was."""
    cover = report.coverage
    yield (
        f"{cover.labels:,} labelled answers to {report.bootstrap.questions:,} questions, "
        f"{cover.graded:,} graded."
    )
    if cover.missing:
        yield f"Without a line in the grades: {cover.missing:,}."
    if cover.errors:
        yield f"Not graded: {_counts(cover.errors)}."
    if cover.flags:
        yield f"Flags: {_counts(cover.flags)}."
    if cover.criteria:
        yield (
            f"Not sure of {cover.not_sure:,} of {cover.criteria:,} criteria; right about "
            f"{number(cover.sure)} of the others, about {number(cover.unsure)} of these."
        )
    if 0 < cover.sure_answers < cover.graded:
        yield (
            f"{cover.sure_answers:,} answers without an unsure criterion: Pearson "
            f"{number(cover.sure_pearson)}, mean error {number(cover.sure_mean_error, 1)} points."
        )


def scores_told(scores: Scores) -> str:
    """The means, and what Pearson comes to where an answer without a grade counts as 0."""
    human, machine = number(scores.human_mean, 1), number(scores.machine_mean, 1)
    told = f"Mean of people {human}, of the grader {machine}."
    if scores.with_unscored is not None and scores.with_unscored != scores.pearson.value:
        told += f" Pearson with answers without a grade as 0: {number(scores.with_unscored)}."
    return told


def repeats_told(repeats: Repeats) -> Iterator[str]:
    """What changed from run to run."""
    yield (
        f"Verdicts that changed: {number(repeats.flipped)} of {repeats.verdicts:,}; answers that changed "
        f"their band: {number(repeats.bands)}."
    )
    yield (
        f"Highest less lowest score: {number(repeats.spread, 1)} points in the mean, "
        f"{number(repeats.largest_spread, 1)} at most."
    )


def measures_table(of: BaseModel, measures: Sequence[tuple[str, str, int]]) -> Table:
    """A row for each of `measures`: field of `of`, title, decimals."""
    rows = []
    for name, title, decimals in measures:
        found = getattr(of, name)
        one = found if isinstance(found, Measure) else Measure(value=found)
        rows.append((title, number(one.value, decimals), interval(one, decimals)))
    return Table(("measure", "value", "95 % interval"), rows)


def confusion_table(confusion: Confusion) -> Table:
    """A row as people say, a column as the grader says."""
    rows = [
        (label, *(f"{count:,}" for count in row))
        for label, row in zip(confusion.labels, confusion.counts, strict=True)
    ]
    return Table(("people", *confusion.labels), rows)


def bins_table(scores: Scores) -> Table:
    """What people give to answers that the grader scores alike, by tens."""
    rows = [
        (
            f"{number(one.low, 0)} to {number(one.high, 0)}",
            f"{one.answers:,}",
            number(one.machine, 1),
            number(one.human, 1),
        )
        for one in scores.bins
    ]
    return Table(("score", "answers", "grader", "people"), rows)


def verdicts_table(verdicts: Verdicts) -> Table:
    """Each verdict against the three others."""
    rows = [
        (one.verdict.value, number(one.precision), number(one.recall), number(one.f1), f"{one.support:,}")
        for one in verdicts.by_verdict
    ]
    return Table(("verdict", "precision", "recall", "F1", "by people"), rows)


def humans_table(humans: Humans) -> Table:
    """Two people with each other, and the grader with each of them and with their mean."""
    columns = (humans.people, humans.first, humans.second, humans.both)
    rows = [
        (title, *(number(value_of(getattr(column, name)), decimals) for column in columns))
        for name, title, decimals in BETWEEN
    ]
    return Table(("measure", "people", "with 1st", "with 2nd", "with mean"), rows)


def changed_table(repeats: Repeats) -> Table:
    """The criteria whose verdict changed, the one that changed most often first."""
    rows = [(one.question, one.id, f"{one.flipped} of {one.answers}") for one in repeats.criteria]
    return Table(("question", "criterion", "changed"), rows, words=2)


def groups_table(groups: Sequence[Group], head: str) -> Table:
    """Means of both scores, their difference in points, their correlation, the share of right criteria."""
    rows = [
        (
            one.title,
            f"{one.answers:,}",
            *(number(value, 1) for value in (one.human, one.machine, one.bias, one.mean_error)),
            number(one.pearson),
            number(one.accuracy),
        )
        for one in groups
    ]
    return Table((head, "answers", "people", "grader", "bias", "error", "Pearson", "criteria"), rows)


def criteria_table(criteria: Sequence[CriterionRow], *, requirements: bool = False) -> Table:
    """A row for each criterion, with what it requires where that is wanted."""
    rows = [
        (
            one.question,
            one.id,
            *([one.requirement] if requirements else []),
            f"{one.verdicts:,}",
            *map(number, (one.accuracy, one.kappa, one.precision, one.recall)),
        )
        for one in criteria
    ]
    words = ("question", "criterion", *(["requirement"] if requirements else []))
    return Table((*words, "verdicts", "right", "kappa", "precision", "recall"), rows, len(words))


def map_table(learned: Calibration) -> Table:
    """What a map of scores is worth on held-out answers, in points."""
    held = learned.held_out
    rows = [
        ("root mean squared", number(held.root_error_before, 1), number(held.root_error_after, 1)),
        ("mean error", number(held.mean_error_before, 1), number(held.mean_error_after, 1)),
        ("bias", number(held.bias_before, 1), number(held.bias_after, 1)),
    ]
    return Table(("points", "before", "after"), rows)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())
