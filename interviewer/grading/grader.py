"""What a grader is to the rest of the product."""

from __future__ import annotations

from typing import Protocol

from interviewer.bank.models import Question, Rubric
from interviewer.grading.models import CriterionGrade, Grade, GraderIdentity, GradingTask


class Watcher(Protocol):
    """Is told of verdicts while the grade is still being made. They may change until it is there."""

    def verdict(self, grade: CriterionGrade) -> None:
        """A criterion was decided, and its quotes stand in the answer."""

    def restart(self) -> None:
        """The grader begins again: what was told before is void."""


def tell(watcher: Watcher | None, grade: Grade) -> None:
    """Tell whoever watches each verdict of a grade that is there at once."""
    if watcher is not None:
        for one in grade.criteria:
            watcher.verdict(one)


class Grader(Protocol):
    """An answer goes in, a grade comes out."""

    def identity(self, task: GradingTask) -> GraderIdentity:
        """Who would judge `task`, by which prompt and rubric."""

    async def grade(self, task: GradingTask, watcher: Watcher | None = None) -> Grade:
        """The grade of `task`. Raises GraderError if there is none: a grade is never made up."""

    async def warm(self, question: Question, rubric: Rubric) -> None:
        """Get ready to grade answers to `question`, while the candidate is still answering. Never fails."""

    async def aclose(self) -> None:
        """Close connections, in the event loop that they were used in."""
