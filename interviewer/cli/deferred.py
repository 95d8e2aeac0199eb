"""A grader that is put together off the way to the first question."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from interviewer.background import in_background
from interviewer.bank.models import Question, Rubric
from interviewer.errors import GraderError
from interviewer.grading.grader import Grader, Watcher
from interviewer.grading.models import Grade, GraderIdentity, GradingTask


class DeferredGrader:
    """Builds its grader when it is first needed.

    prepare: imports what the grader needs, which may take seconds; run in a thread while nobody waits.
    """

    def __init__(self, build: Callable[[], Grader], prepare: Callable[[], None]) -> None:
        self._build = build
        self._prepare = prepare
        self._grader: Grader | None = None

    def identity(self, task: GradingTask) -> GraderIdentity:
        """As the grader that is built says."""
        return self._built().identity(task)

    async def grade(self, task: GradingTask, watcher: Watcher | None = None) -> Grade:
        """As the grader that is built grades. Raises GraderError."""
        return await self._built().grade(task, watcher)

    async def warm(self, question: Question, rubric: Rubric) -> None:
        """Import in the background, then warm the grader that is built."""
        if self._grader is None:
            await in_background(self._prepare)
        # A grader that cannot be built is told of when it is to grade.
        with contextlib.suppress(GraderError):
            await self._built().warm(question, rubric)

    async def aclose(self) -> None:
        """Close the grader, if it was ever built."""
        if self._grader is not None:
            await self._grader.aclose()

    def _built(self) -> Grader:
        if self._grader is None:
            self._grader = self._build()
        return self._grader
