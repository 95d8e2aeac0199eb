"""Results come in the order of the input, so many in flight, and a fault that concerns all ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from interviewer.batch.lines import Job
from interviewer.batch.run import Result, graded
from interviewer.errors import GraderError, KeyRejectedError, ServiceDownError
from interviewer.grading.grader import Watcher
from interviewer.grading.models import Grade, GradingTask
from tests.support.builders import grade, task
from tests.support.doubles import ScriptedGrader


class Judge(ScriptedGrader):
    """Grades the answer `N` after letting N others go first; `failures` by answer."""

    def __init__(self, failures: dict[str, GraderError] | None = None) -> None:
        super().__init__()
        self._failures = failures or {}
        self.now = self.most = 0

    async def grade(self, task: GradingTask, watcher: Watcher | None = None) -> Grade:
        self.now += 1
        self.most = max(self.most, self.now)
        for _ in range(20 - int(task.answer)):
            await asyncio.sleep(0)
        self.now -= 1
        if task.answer in self._failures:
            raise self._failures[task.answer]
        return grade(feedback=task.answer)


def jobs(count: int) -> Iterator[Job]:
    return (Job(id=str(n), task=task(str(n))) for n in range(count))


def results(
    judge: Judge, count: int = 10, *, concurrency: int = 4, stop_after: int | None = None
) -> list[Result]:
    found: list[Result] = []

    async def run() -> None:
        stopped = lambda: stop_after is not None and len(found) >= stop_after  # noqa: E731
        async for result in graded(jobs(count), judge, concurrency=concurrency, stopped=stopped):
            found.append(result)  # noqa: PERF401 - `stopped` looks at it meanwhile

    asyncio.run(run())
    return found


def test_results_come_in_the_order_of_the_input_whoever_is_done_first() -> None:
    assert [r.job.id for r in results(Judge())] == [str(n) for n in range(10)]


def test_no_more_are_in_flight_than_allowed() -> None:
    judge = Judge()
    results(judge, concurrency=3)

    assert judge.most == 3


def test_a_failed_line_does_not_stop_the_others() -> None:
    found = results(Judge({"3": ServiceDownError("no route")}))

    assert [r.job.id for r in found if not r.ok] == ["3"]
    assert len(found) == 10


def test_a_fault_of_the_key_ends_the_run_after_what_came_before() -> None:
    with pytest.raises(KeyRejectedError):
        results(Judge({"3": KeyRejectedError("refused")}))


def test_once_stopped_nothing_new_is_begun() -> None:
    found = results(Judge(), count=20, concurrency=2, stop_after=4)

    assert 4 <= len(found) < 20


def test_a_job_that_was_done_before_costs_nothing() -> None:
    judge = Judge()

    async def run() -> list[Result]:
        done = iter([Job(id="1", task=task("1"), done=True)])
        return [r async for r in graded(done, judge, concurrency=1, stopped=lambda: False)]

    (result,) = asyncio.run(run())
    assert (result.text, judge.most) == (None, 0)
