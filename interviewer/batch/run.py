"""Grading many lines at once: so many in flight, results in the order of the input, memory bounded."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from interviewer.background import in_background
from interviewer.batch.lines import Job, LineError, failed_line, graded_line
from interviewer.errors import LASTING, ClusterError, GraderError, TransientServiceError
from interviewer.grading.grader import Grader
from interviewer.llm.usage import Usage

#: Nothing will get better by sending the next line.
FATAL = (*LASTING, ClusterError)
#: So many lines in a row that the service failed, each after all its tries: it will not serve the next one.
_GONE_AFTER = 20
#: Lines that may wait for an earlier one, for each that is in flight, and at least.
_WINDOW = 16
_SMALLEST_WINDOW = 256
#: Seconds after which one who waits for the next line of a pipe looks up.
_LOOKS_UP = 0.2


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a job. text: the line to write; None if it was done before. ok: it has a grade.

    usage: what the grade took, where that is known.
    """

    job: Job
    text: str | None
    ok: bool
    usage: Usage | None = None


class Gate(Protocol):
    """Says when the next line may be begun."""

    async def begin(self) -> None:
        """Wait until a line may be begun."""

    def end(self) -> None:
        """A line that was begun is done."""


class FixedGate:
    """Lets `most` lines, 1 or more, be in flight at any time."""

    def __init__(self, most: int) -> None:
        self._free = asyncio.Semaphore(most)

    async def begin(self) -> None:
        """Wait until a line may be begun."""
        await self._free.acquire()

    def end(self) -> None:
        """A line that was begun is done."""
        self._free.release()


async def graded(
    jobs: Iterator[Job],
    grader: Grader,
    *,
    concurrency: int,
    stopped: Callable[[], bool],
    gate: Gate | None = None,
    keep: Callable[[Result], None] | None = None,
    blocks: bool = False,
) -> AsyncIterator[Result]:
    """A result for each job, in order, as soon as those before it are there.

    concurrency: the most lines that are in flight; gate: says when one of them may be begun, if not at once.
    stopped: once it says so, no further job is begun; those in flight are finished. keep: is told of each
    result as soon as it is there, which may be before its turn. blocks: the next job may be long in coming,
    as from a pipe.

    Raises the GraderError of a fault that concerns all lines, after the results before it; such a line gets
    no result. A service that fails line after line is such a fault.
    """
    run = _Run(jobs, grader, gate or FixedGate(concurrency), stopped, keep, blocks=blocks)
    run.most_ahead = max(_SMALLEST_WINDOW, concurrency * _WINDOW)
    beginning = asyncio.create_task(run.begin_all())
    try:
        while (task := await run.next()) is not None:
            result = await task
            run.has_room.set()
            yield result
        await beginning  # what reading the jobs has raised
    finally:
        beginning.cancel()
        for line in run.begun:
            line.cancel()
        await asyncio.gather(beginning, *run.begun, return_exceptions=True)


class _Run:
    """Lines that were begun, in order, and the one who begins them."""

    def __init__(
        self,
        jobs: Iterator[Job],
        grader: Grader,
        gate: Gate,
        stopped: Callable[[], bool],
        keep: Callable[[Result], None] | None,
        *,
        blocks: bool,
    ) -> None:
        self._jobs = jobs
        self._grader = grader
        self._gate = gate
        self._stopped = stopped
        self._keep = keep
        self._blocks = blocks
        self._failed_in_a_row = 0
        self._is_doomed = False  # by a fault that concerns all lines
        self._is_over = False
        self._has_next = asyncio.Event()
        self.has_room = asyncio.Event()
        self.most_ahead = _SMALLEST_WINDOW
        self.begun: deque[asyncio.Future[Result]] = deque()

    async def next(self) -> asyncio.Future[Result] | None:
        """The next line's result, which may still be coming; None if there is none."""
        while not self.begun and not self._is_over:
            self._has_next.clear()
            await self._has_next.wait()
        return self.begun.popleft() if self.begun else None

    async def begin_all(self) -> None:
        """Begin one job after another, as the gate and the room for results allow."""
        try:
            while not self._has_ended() and (job := await self._next_job()) is not None:
                await self._begin(job)
                while len(self.begun) >= self.most_ahead and not self._has_ended():
                    self.has_room.clear()
                    await self.has_room.wait()
        finally:
            self._is_over = True
            self._has_next.set()

    async def _next_job(self) -> Job | None:
        if not self._blocks:
            return next(self._jobs, None)
        read = asyncio.ensure_future(in_background(lambda: next(self._jobs, None)))
        try:
            while not read.done() and not self._has_ended():
                await asyncio.wait({read}, timeout=_LOOKS_UP)
            return read.result() if read.done() else None
        finally:
            read.cancel()

    async def _begin(self, job: Job) -> None:
        if job.done or job.task is None:
            ready: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
            ready.set_result(_without_grading(job))
            self._add(ready)
            return
        await self._gate.begin()
        if self._has_ended():
            self._gate.end()
            return
        self._add(asyncio.ensure_future(self._grade(job)))

    def _has_ended(self) -> bool:
        """Whether no further line is to be begun."""
        return self._is_doomed or self._stopped()

    def _add(self, line: asyncio.Future[Result]) -> None:
        self.begun.append(line)
        self._has_next.set()

    async def _grade(self, job: Job) -> Result:
        assert job.task is not None  # noqa: S101 - else it would not have been begun
        try:
            grade = await self._grader.grade(job.task)
            result = Result(job, graded_line(job, grade), ok=True, usage=grade.usage)
            self._failed_in_a_row = 0
        except FATAL:
            self._is_doomed = True
            raise
        except GraderError as error:
            self._note(error)
            result = Result(job, failed_line(job, error), ok=False, usage=error.spent)
        finally:
            self._gate.end()
        if self._keep is not None:
            self._keep(result)
        return result

    def _note(self, error: GraderError) -> None:
        """Count failures of the service. Raises `error` if it is gone."""
        self._failed_in_a_row = self._failed_in_a_row + 1 if isinstance(error, TransientServiceError) else 0
        if self._failed_in_a_row >= _GONE_AFTER:
            self._is_doomed = True
            raise error


def _without_grading(job: Job) -> Result:
    if job.done:
        return Result(job, None, ok=True)
    error = job.error or LineError("invalid_line", "the line cannot be read")
    return Result(job, failed_line(job, error), ok=False)
