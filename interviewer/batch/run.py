"""Grading many lines at once: so many in flight, results in the order of the input, memory bounded."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

from interviewer.batch.lines import Job, LineError, failed_line, graded_line
from interviewer.errors import (
    GraderError,
    KeyRejectedError,
    MissingKeyError,
    QuotaExceededError,
    UnknownModelError,
)
from interviewer.grading.grader import Grader

#: Nothing will get better by sending the next line.
FATAL = (MissingKeyError, KeyRejectedError, UnknownModelError, QuotaExceededError)
#: Lines that may wait for an earlier one, for each that is in flight.
_WINDOW = 4


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a job. text: the line to write; None if it was done before. ok: it has a grade."""

    job: Job
    text: str | None
    ok: bool


async def graded(
    jobs: Iterator[Job], grader: Grader, *, concurrency: int, stopped: Callable[[], bool]
) -> AsyncIterator[Result]:
    """A result for each job, in order, as soon as those before it are there.

    stopped: once it says so, no further job is begun; those in flight are finished. Raises the GraderError
    of a fault that concerns all lines, after the results before it; such a line gets no result.
    """
    gate = asyncio.Semaphore(concurrency)
    waiting: deque[asyncio.Task[Result | None]] = deque()
    try:
        while True:
            while len(waiting) < concurrency * _WINDOW and not stopped():
                job = next(jobs, None)
                if job is None:
                    break
                waiting.append(asyncio.create_task(_one(job, grader, gate, stopped)))
            if not waiting:
                return
            result = await waiting[0]
            waiting.popleft()
            if result is None:
                return
            yield result
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def _one(
    job: Job, grader: Grader, gate: asyncio.Semaphore, stopped: Callable[[], bool]
) -> Result | None:
    """The job's result; None if it was stopped before it was begun."""
    if job.done:
        return Result(job, None, ok=True)
    if job.task is None:
        error = job.error or LineError("invalid_line", "the line cannot be read")
        return Result(job, failed_line(job, error), ok=False)
    async with gate:
        if stopped():
            return None
        try:
            return Result(job, graded_line(job, await grader.grade(job.task)), ok=True)
        except FATAL:
            raise
        except GraderError as error:
            return Result(job, failed_line(job, error), ok=False)
