"""What a grader is to the rest of the product."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from interviewer.grading.models import CriterionGrade, Grade, GraderIdentity, GradingTask


class Watcher(Protocol):
    """Is told of verdicts while the grade is still being made. They may change until it is there."""

    def verdict(self, grade: CriterionGrade) -> None:
        """A criterion was decided, and its quotes stand in the answer."""

    def restart(self) -> None:
        """The grader begins again: what was told before is void."""


class Grader(Protocol):
    """An answer goes in, a grade comes out."""

    def identity(self, task: GradingTask) -> GraderIdentity:
        """Who would judge `task`, by which prompt and rubric."""

    async def grade(self, task: GradingTask, watcher: Watcher | None = None) -> Grade:
        """The grade of `task`. Raises GraderError if there is none: a grade is never made up."""

    async def aclose(self) -> None:
        """Close connections, in the event loop that they were used in."""


class DeferredGrader:
    """A grader that is put together when it is first needed, off the way to the first question."""

    def __init__(self, build: Callable[[], Grader]) -> None:
        self._build = build
        self._grader: Grader | None = None

    def identity(self, task: GradingTask) -> GraderIdentity:
        """As the grader that is built says."""
        return self._built().identity(task)

    async def grade(self, task: GradingTask, watcher: Watcher | None = None) -> Grade:
        """As the grader that is built grades. Raises GraderError."""
        return await self._built().grade(task, watcher)

    async def aclose(self) -> None:
        """Close the grader, if it was ever built."""
        if self._grader is not None:
            await self._grader.aclose()

    def _built(self) -> Grader:
        if self._grader is None:
            self._grader = self._build()
        return self._grader
