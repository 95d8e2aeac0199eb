"""Results come in the order of the input, so many in flight, and a fault that concerns all ends it."""

from __future__ import annotations

import asyncio
import threading
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


class Turnstile:
    """Lets so many lines through, and counts those that are within."""

    def __init__(self, through: int) -> None:
        self._free = asyncio.Semaphore(through)
        self.within = 0

    async def begin(self) -> None:
        await self._free.acquire()
        self.within += 1

    def end(self) -> None:
        self.within -= 1
        self._free.release()


async def all_of(judge: Judge, count: int, **how: object) -> list[Result]:
    asked = {"concurrency": 4, "stopped": lambda: False} | how
    return [r async for r in graded(jobs(count), judge, **asked)]  # type: ignore[arg-type]


def test_a_gate_says_how_many_are_in_flight() -> None:
    judge, gate = Judge(), Turnstile(2)
    asyncio.run(all_of(judge, 10, gate=gate))

    assert (judge.most, gate.within) == (2, 0)


def test_lines_that_need_no_grade_pass_by_the_gate() -> None:
    async def run() -> list[Result]:
        mixed = iter([Job(id="1", done=True), Job(id=None), Job(id="2", task=task("2"))])
        gate = Turnstile(1)
        return [r async for r in graded(mixed, Judge(), concurrency=1, stopped=lambda: False, gate=gate)]

    assert [r.ok for r in asyncio.run(run())] == [True, False, True]


def test_a_result_is_kept_before_its_turn() -> None:
    kept: list[str | None] = []
    asyncio.run(all_of(Judge(), 4, keep=lambda result: kept.append(result.job.id)))

    assert kept == ["3", "2", "1", "0"]


def test_a_service_that_fails_line_after_line_ends_the_run() -> None:
    judge = Judge({str(n): ServiceDownError("no route") for n in range(20)})
    found: list[Result] = []

    async def run() -> None:
        many = (Job(id=str(n), task=task("0")) for n in range(1_000))
        async for result in graded(many, judge, concurrency=4, stopped=lambda: False):
            found.append(result)  # noqa: PERF401 - what came before the end counts

    with pytest.raises(ServiceDownError):
        asyncio.run(run())
    assert 16 <= len(found) < 20


def test_failures_with_grades_between_them_end_nothing() -> None:
    judge = Judge({"1": ServiceDownError("no route")})

    async def run() -> list[Result]:
        many = (Job(id=str(n), task=task(str(n % 2))) for n in range(100))
        return [r async for r in graded(many, judge, concurrency=4, stopped=lambda: False)]

    assert sum(r.ok for r in asyncio.run(run())) == 50


def test_what_goes_wrong_in_reading_is_raised_after_the_results_before_it() -> None:
    found: list[Result] = []

    def broken() -> Iterator[Job]:
        yield from jobs(3)
        raise OSError("the disk is gone")

    async def run() -> None:
        async for result in graded(broken(), Judge(), concurrency=4, stopped=lambda: False):
            found.append(result)  # noqa: PERF401 - what came before the end counts

    with pytest.raises(OSError, match="gone"):
        asyncio.run(run())
    assert len(found) == 3


def test_while_a_pipe_is_silent_what_it_gave_is_graded() -> None:
    async def run() -> None:
        silence = threading.Event()

        def slow() -> Iterator[Job]:
            yield from jobs(2)
            silence.wait(10)

        results = graded(slow(), Judge(), concurrency=4, stopped=lambda: False, blocks=True)
        assert [(await anext(results)).job.id for _ in range(2)] == ["0", "1"]
        silence.set()
        assert [r async for r in results] == []

    asyncio.run(run())


def test_a_stop_does_not_wait_for_a_silent_pipe() -> None:
    silence = threading.Event()
    stops: list[bool] = []

    async def run() -> list[Result]:
        def slow() -> Iterator[Job]:
            yield from jobs(1)
            silence.wait(10)

        found = []
        async for r in graded(slow(), Judge(), concurrency=4, stopped=lambda: bool(stops), blocks=True):
            found.append(r)
            stops.append(True)
        return found

    assert len(asyncio.run(run())) == 1
    assert not silence.is_set()
    silence.set()
