"""Answers handed to others in portions: one by one, handing them over would cost more than judging them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, Protocol

from interviewer.bank.models import Question, Rubric
from interviewer.errors import ClusterError, GraderError
from interviewer.grading.grader import Watcher, tell
from interviewer.grading.local import LocalGrader
from interviewer.grading.models import Grade, GraderIdentity, GradingTask

#: What came of an answer.
Outcome = Grade | GraderError
#: Seconds that a portion waits for more answers once it has one.
_LINGERS = 0.05
#: Seconds after which a portion is taken for lost with its worker, and how often it is handed over.
_PATIENCE, _TIMES = 120.0, 3


class Pool(Protocol):
    """Others who judge, several portions at once."""

    def judge(self, tasks: Sequence[GradingTask]) -> Coroutine[Any, Any, Sequence[Outcome]]:
        """What came of each task, in order. Raises GraderError if the pool can no longer judge.

        It may be asked for the same tasks again, and is cancelled once another call has brought them.
        """


class PortionGrader:
    """Grades by a pool that judges as `local` would.

    size: answers in a portion, 1 or more. A portion goes out once it is full, or a moment after its first
    answer. patience: seconds after which one that is not back is handed over once more: its worker may be
    lost, and judging twice gives the same grades.
    """

    def __init__(self, pool: Pool, local: LocalGrader, *, size: int, patience: float = _PATIENCE) -> None:
        self._pool = pool
        self._local = local
        self._size = size
        self._patience = patience
        self._filling: list[tuple[GradingTask, asyncio.Future[Outcome]]] = []
        self._leaves: asyncio.TimerHandle | None = None
        self._out: set[asyncio.Task[None]] = set()

    def identity(self, task: GradingTask) -> GraderIdentity:
        """As of the local grader."""
        return self._local.identity(task)

    async def grade(self, task: GradingTask, watcher: Watcher | None = None) -> Grade:
        """The grade of `task`. Raises GraderError."""
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[Outcome] = loop.create_future()
        self._filling.append((task, outcome))
        if len(self._filling) == self._size:
            self._send()
        elif self._leaves is None:
            self._leaves = loop.call_later(_LINGERS, self._send)
        grade = await outcome
        if isinstance(grade, GraderError):
            raise grade
        tell(watcher, grade)
        return grade

    async def warm(self, question: Question, rubric: Rubric) -> None:
        """Nothing to do: the pool has its models loaded."""

    async def aclose(self) -> None:
        """Wait for nobody any more."""
        if self._leaves is not None:
            self._leaves.cancel()
        for task in self._out:
            task.cancel()
        await asyncio.gather(*self._out, return_exceptions=True)

    def _send(self) -> None:
        if self._leaves is not None:
            self._leaves.cancel()
            self._leaves = None
        portion, self._filling = self._filling, []
        sent = asyncio.ensure_future(self._judged(portion))
        self._out.add(sent)
        sent.add_done_callback(self._out.discard)

    async def _judged(self, portion: Sequence[tuple[GradingTask, asyncio.Future[Outcome]]]) -> None:
        tasks = [task for task, _ in portion]
        try:
            outcomes = await self._patiently(tasks)
        except GraderError as error:
            outcomes = [error] * len(tasks)
        for (_, waiting), outcome in zip(portion, outcomes, strict=True):
            if not waiting.done():  # nobody waits for one that was cancelled
                waiting.set_result(outcome)

    async def _patiently(self, tasks: Sequence[GradingTask]) -> Sequence[Outcome]:
        calls: list[asyncio.Task[Sequence[Outcome]]] = []
        try:
            for _ in range(_TIMES):
                calls.append(asyncio.create_task(self._pool.judge(tasks)))
                done, _pending = await asyncio.wait(
                    calls, timeout=self._patience, return_when=asyncio.FIRST_COMPLETED
                )
                for call in done:
                    return call.result()
            raise ClusterError(
                f"no worker has brought some answers back in {_TIMES * self._patience:.0f} seconds",
                hint="See whether the cluster's nodes are at work; the same command goes on.",
            )
        finally:
            for call in calls:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)


def judged(local: LocalGrader, tasks: Sequence[GradingTask]) -> tuple[Outcome, ...]:
    """What comes of each task, at once and in order."""
    return tuple(_outcome(local, task) for task in tasks)


def _outcome(local: LocalGrader, task: GradingTask) -> Outcome:
    try:
        return local.judge(task)
    except GraderError as error:
        return error
