"""What is remembered of earlier interviews, criterion by criterion and question by question.

Dataclasses, not pydantic models: they come from our own tables, some thousands at a time.
Grades of the fake grader are in none of this: it judges nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What a graded turn showed of a criterion."""

    MET = "met"
    HELPED = "helped"  # met, but only after a follow-up
    PARTIAL = "partial"
    MISSING = "missing"
    WRONG = "wrong"

    @property
    def is_missed(self) -> bool:
        """Whether it was not shown in full, not even after a follow-up."""
        return self not in {Outcome.MET, Outcome.HELPED}


@dataclass(frozen=True, slots=True)
class Sighting:
    """One time that a criterion was asked about and judged. at: when the answer was submitted."""

    at: datetime
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class CriterionProgress:
    """A criterion over all graded turns that asked about it.

    share: of its question's weight, 0 to 1. seen, missed: number of turns, 1 or more and 0 or more.
    missed_in_a_row: how many of the latest turns missed it. due: when it should be asked again.
    """

    question: str
    id: str
    share: float
    seen: int
    missed: int
    missed_in_a_row: int
    last: Outcome
    last_at: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class Week:
    """The scores of one week, Monday to Sunday in UTC.

    number: whole weeks since Monday, 1 January of year 1. graded: turns. total: sum of their scores.
    """

    number: int
    graded: int = 0
    total: float = 0.0

    @property
    def mean(self) -> float | None:
        """The mean score, 0 to 100; None in a week without a graded turn."""
        return self.total / self.graded if self.graded else None

    @property
    def monday(self) -> date:
        """The day on which it begins."""
        return date.fromordinal(7 * self.number + 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it went so far.

    category: where it was when it was asked last. results: the latest scores, 0 to 100, oldest first, at most
    MOST_RESULTS. weeks: those with a score, oldest first. criteria: those that it had when it was last asked
    in full. A question that was tried again, or of which only some criteria were drilled, has no score for
    that; its criteria count.
    """

    id: str
    category: str
    last_at: datetime
    results: tuple[float, ...]
    weeks: tuple[Week, ...]
    criteria: tuple[CriterionProgress, ...]


#: Latest scores that are kept of each question.
MOST_RESULTS = 10


@dataclass(frozen=True, slots=True)
class Memory:
    """All that is remembered of a bank. questions: those with a graded turn, by id."""

    bank: str
    questions: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class BankNames:
    """A bank that was practised, under the names that it had then. categories: (id, title) in its order."""

    id: str
    title: str
    categories: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class QuestionProgress:
    """A question's row. now: its latest score. mean: over all its scores. graded: number of scores.

    trend: the mean of the last four weeks less that of the four before; None where one of them has no score.
    """

    id: str
    category: str
    now: float | None
    mean: float | None
    trend: float | None
    graded: int
    last_at: datetime
    results: tuple[float, ...]
    criteria: tuple[CriterionProgress, ...]


@dataclass(frozen=True, slots=True)
class CategoryProgress:
    """A category's row. now: mean of its questions' latest scores. mean: over all scores. weeks: the last
    twelve, this one last; also those without a score. trend: as of a question.
    """

    id: str
    now: float | None
    mean: float | None
    trend: float | None
    graded: int
    weeks: tuple[Week, ...]


@dataclass(frozen=True, slots=True)
class DueQuestion:
    """A question with criteria that are due. days: how long the longest of them is overdue, 0 for today."""

    id: str
    criteria: tuple[str, ...]
    days: int


@dataclass(frozen=True, slots=True)
class NextDue:
    """The next day on which something falls due, and how many criteria that are."""

    day: date
    criteria: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A bank's progress. categories, questions: by id. now, mean, trend: as of a category, over all.

    missed: criteria that were missed twice in a row or more, the longest row first. due: the most urgent
    first.
    """

    bank: str
    now: float | None
    mean: float | None
    trend: float | None
    graded: int
    categories: tuple[CategoryProgress, ...]
    questions: tuple[QuestionProgress, ...]
    missed: tuple[CriterionProgress, ...]
    due: tuple[DueQuestion, ...]
    next_due: NextDue | None
