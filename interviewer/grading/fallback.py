"""A grader that stands in while the service is down, so that a candidate is not left without a grade."""

from __future__ import annotations

from collections.abc import Callable

from interviewer.bank.models import Question, Rubric
from interviewer.errors import GraderError, TransientServiceError
from interviewer.grading.grader import Grader, Watcher
from interviewer.grading.models import Flag, Grade, GraderIdentity, GradingTask


class FallbackGrader:
    """Asks `first`, and where its service is out of reach once all tries are used up, the grader of
    `stand_in`.

    Such a grade is flagged provisional: it counts until `first` has graded the answer.
    """

    def __init__(self, first: Grader, stand_in: Callable[[], Grader]) -> None:
        self._first = first
        self._stand_in = stand_in

    def identity(self, task: GradingTask) -> GraderIdentity:
        """As the first grader says."""
        return self._first.identity(task)

    async def grade(self, task: GradingTask, watcher: Watcher | None = None) -> Grade:
        """The grade of the first grader, or a provisional one. Raises the first grader's GraderError."""
        try:
            return await self._first.grade(task, watcher)
        except TransientServiceError as error:
            try:
                if watcher is not None:
                    watcher.restart()
                grade = await self._stand_in().grade(task, watcher)
            except GraderError:
                raise error from None
            return grade.model_copy(update={"flags": (*grade.flags, Flag.PROVISIONAL), "usage": error.spent})

    async def warm(self, question: Question, rubric: Rubric) -> None:
        """As the first grader does."""
        await self._first.warm(question, rubric)

    async def aclose(self) -> None:
        """Close the first grader; the one that stands in holds nothing open."""
        await self._first.aclose()
