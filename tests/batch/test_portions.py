"""Answers leave in portions, each grade comes back to who asked, and a lost portion is handed over again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from interviewer.background import Worker
from interviewer.batch.portions import Outcome, PortionGrader, judged
from interviewer.errors import ClusterError, GraderError, TooLittleTextError
from interviewer.grading.local import LocalGrader
from interviewer.grading.models import CriterionGrade, Grade, GradingTask
from tests.embedded import real_model
from tests.support.builders import grade, task

LOCAL = LocalGrader(real_model(), worker=Worker(), clock=lambda: 0.0)
#: Nobody waits so long in a test, and nothing is taken for lost.
PATIENT = 60.0


class Echo:
    """Judges every answer to have the answer as its feedback; keeps what portions it was handed.

    lose: so many portions are never brought back. fault: of the whole pool. failures: by answer.
    """

    def __init__(
        self,
        *,
        lose: int = 0,
        fault: GraderError | None = None,
        failures: dict[str, GraderError] | None = None,
    ) -> None:
        self.portions: list[list[str]] = []
        self._lose = lose
        self._fault = fault
        self._failures = failures or {}

    async def judge(self, tasks: Sequence[GradingTask]) -> Sequence[Outcome]:
        answers = [one.answer for one in tasks]
        self.portions.append(answers)
        if self._fault is not None:
            raise self._fault
        if len(self.portions) <= self._lose:
            await asyncio.Event().wait()
        return [self._failures.get(answer) or grade(feedback=answer) for answer in answers]


def asked(pool: Echo, *answers: str, size: int = 3, patience: float = PATIENT) -> list[str | BaseException]:
    """What comes of `answers`, asked all at once: the feedback, or the error."""

    async def run() -> list[str | BaseException]:
        grader = PortionGrader(pool, LOCAL, size=size, patience=patience)
        found = await asyncio.gather(*(grader.grade(task(a)) for a in answers), return_exceptions=True)
        await grader.aclose()
        return [one.feedback if isinstance(one, Grade) else one for one in found]

    return asyncio.run(run())


def test_each_grade_comes_back_to_who_asked() -> None:
    assert asked(Echo(), *"abcdefg") == list("abcdefg")


def test_a_portion_leaves_once_it_is_full_and_the_rest_after_a_moment() -> None:
    pool = Echo()
    asked(pool, *"abcdefg")

    assert pool.portions == [["a", "b", "c"], ["d", "e", "f"], ["g"]]


def test_an_answer_that_cannot_be_graded_is_its_own_fault() -> None:
    first, second, third = asked(Echo(failures={"b": TooLittleTextError("too little")}), *"abc")

    assert (first, third) == ("a", "c")
    assert isinstance(second, TooLittleTextError)


def test_a_pool_that_fails_fails_all_who_wait() -> None:
    assert all(isinstance(one, ClusterError) for one in asked(Echo(fault=ClusterError("gone")), *"abcd"))


def test_a_portion_that_is_lost_is_handed_over_again() -> None:
    pool = Echo(lose=1)

    assert asked(pool, *"abc", patience=0.01) == list("abc")
    assert pool.portions == [list("abc")] * 2


def test_it_gives_up_on_a_portion_that_never_comes_back() -> None:
    (one,) = asked(Echo(lose=99), "a", patience=0.01)

    assert isinstance(one, ClusterError)
    assert "no worker" in one.message


def test_nobody_is_waited_for_once_it_is_closed() -> None:
    async def run() -> None:
        grader = PortionGrader(Echo(lose=1), LOCAL, size=1)
        waiting = asyncio.create_task(grader.grade(task("a")))
        await asyncio.sleep(0)
        await grader.aclose()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(run())


def test_a_watcher_is_told_of_each_verdict() -> None:
    told: list[CriterionGrade] = []

    class Watcher:
        def verdict(self, grade: CriterionGrade) -> None:
            told.append(grade)

        def restart(self) -> None:
            raise AssertionError("a portion is judged once")

    found = asyncio.run(PortionGrader(Echo(), LOCAL, size=1).grade(task("a"), Watcher()))

    assert tuple(told) == found.criteria


def test_it_is_the_local_grader_to_all_who_compare() -> None:
    assert PortionGrader(Echo(), LOCAL, size=1).identity(task()) == LOCAL.identity(task())


def test_a_portion_is_judged_as_the_local_grader_judges() -> None:
    good, empty, short = task(), task(""), task("yes")

    first, second, third = judged(LOCAL, (good, empty, short))

    assert (first, second) == (LOCAL.judge(good), LOCAL.judge(empty))
    assert isinstance(third, TooLittleTextError)
