"""Grades from the cache: the same request is asked once, and any difference asks again."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviewer.errors import ServiceDownError
from interviewer.grading.cached import CachedGrader, key_of
from interviewer.grading.grader import Watcher
from interviewer.grading.models import (
    CriterionGrade,
    Evidence,
    Flag,
    Grade,
    GraderIdentity,
    GradingTask,
    MisconceptionGrade,
    Verdict,
)
from interviewer.llm.usage import Usage
from tests.support.builders import (
    ANSWER,
    criterion,
    criterion_grade,
    grade,
    misconception,
    question,
    rubric,
    task,
)
from tests.support.doubles import ScriptedGrader

SERVICE = "http://127.0.0.1:8080/v1"
IDENTITY = GraderIdentity(kind="llm", model="test-model", prompt_version="p1", rubric_version="r1")
JUDGED = grade().model_copy(update={"usage": Usage(requests=1, input_tokens=900, output_tokens=80)})
TEXTS = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)


class Judge(ScriptedGrader):
    """A scripted grader that is a language model by name."""

    def identity(self, task: GradingTask) -> GraderIdentity:
        return IDENTITY


class MemoryShelf(dict[str, Grade]):
    """A shelf in memory."""

    def put(self, key: str, grade: Grade) -> None:
        self[key] = grade


class Heard(Watcher):
    """What a watcher was told."""

    def __init__(self) -> None:
        self.verdicts: list[CriterionGrade] = []

    def verdict(self, grade: CriterionGrade) -> None:
        self.verdicts.append(grade)

    def restart(self) -> None:
        self.verdicts.clear()


def cached(judge: ScriptedGrader, shelf: MemoryShelf | None = None) -> CachedGrader:
    kept = MemoryShelf() if shelf is None else shelf
    return CachedGrader(judge, kept, service=SERVICE, samples=1, clock=count().__next__)


def twice(first: Grade, *, of: GradingTask | None = None) -> list[Grade]:
    """Two grades of the same task, by a judge that says `first` and then something else."""
    grader = cached(Judge(first, JUDGED.model_copy(update={"feedback": "Asked again."})))
    return [asyncio.run(grader.grade(of or task())) for _ in range(2)]


# The second time


def test_the_same_request_is_asked_once() -> None:
    judge = Judge(JUDGED)
    grader = cached(judge)

    for _ in range(3):
        asyncio.run(grader.grade(task()))

    assert len(judge.tasks) == 1


def test_it_is_the_same_grade() -> None:
    first, second = twice(JUDGED)

    taken = {"cached", "usage", "latency_ms"}
    assert second.model_dump(exclude=taken) == first.model_dump(exclude=taken)


def test_a_grade_from_the_cache_says_so() -> None:
    first, second = twice(JUDGED)

    assert (first.cached, second.cached) == (False, True)


def test_it_took_no_request() -> None:
    assert twice(JUDGED)[1].usage == Usage(requests=0)


def test_its_latency_is_that_of_the_lookup() -> None:
    assert twice(JUDGED.model_copy(update={"latency_ms": 90_000.0}))[1].latency_ms == 1000


def test_a_watcher_is_told_all_verdicts_at_once() -> None:
    grader, heard = cached(Judge(JUDGED)), Heard()
    asyncio.run(grader.grade(task()))

    asyncio.run(grader.grade(task(), heard))

    assert heard.verdicts == list(JUDGED.criteria)


@given(answer=TEXTS, follow_up=st.none() | TEXTS)
def test_whatever_the_answer_the_same_task_hits(answer: str, follow_up: str | None) -> None:
    bare = tuple(criterion_grade(c, Verdict.MISSING) for c in ("one-request", "many-requests"))
    judge = Judge(JUDGED.model_copy(update={"criteria": bare}))
    asked = task(answer).model_copy(update={"follow_up": follow_up})
    grader = cached(judge)

    asyncio.run(grader.grade(asked))

    assert asyncio.run(grader.grade(asked.model_copy(deep=True))).cached


# What makes a difference


@given(TEXTS, TEXTS)
def test_answers_have_the_same_key_only_if_they_are_the_same(one: str, other: str) -> None:
    assert (key(task(one)) == key(task(other))) is (one == other)


def key(
    asked: GradingTask, identity: GraderIdentity = IDENTITY, *, service: str = SERVICE, samples: int = 1
) -> str:
    return key_of(asked, identity, service=service, samples=samples)


def test_a_grade_that_another_model_read_beside_is_another_one() -> None:
    asked = task()
    identity = GraderIdentity(kind="llm", model="m")
    keys = {
        key_of(asked, identity, service="s", samples=3, reader=reader) for reader in (None, "one", "other")
    }

    assert len(keys) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\U0001f600", "\ud83d\ude00"),  # the same JSON escapes
        ("\ud800", "\\ud800"),
        ("\ud800", "?"),
        ("\u00e9", "e\u0301"),
        ("a", "a "),
        ("a", "A"),
        ("a\x00", "a"),
    ],
)
def test_answers_that_look_alike_are_told_apart(one: str, other: str) -> None:
    assert key(task(one)) != key(task(other))


@given(st.none() | TEXTS, st.none() | TEXTS)
def test_follow_ups_have_the_same_key_only_if_they_are_the_same(one: str | None, other: str | None) -> None:
    asked = [task().model_copy(update={"follow_up": text}) for text in (one, other)]

    assert (key(asked[0]) == key(asked[1])) is (one == other)


ONLY = st.lists(st.sampled_from(["one-request", "many-requests"]), unique=True).map(tuple)


@given(ONLY, ONLY)
def test_other_criteria_make_another_key(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    asked = [task().model_copy(update={"only": ids}) for ids in (one, other)]

    assert (key(asked[0]) == key(asked[1])) is (one == other)


@pytest.mark.parametrize(
    "change",
    [
        {"model": "m2"},
        {"kind": "local"},
        {"prompt_version": "p2"},
        {"prompt_version": None},
        {"rubric_version": "r2"},
    ],
)
def test_another_grader_makes_another_key(change: dict[str, Any]) -> None:
    assert key(task()) != key(task(), IDENTITY.model_copy(update=change))


@given(TEXTS, TEXTS)
def test_models_have_the_same_key_only_if_they_are_the_same(one: str, other: str) -> None:
    keys = {key(task(), IDENTITY.model_copy(update={"model": name})) for name in (one, other)}

    assert len(keys) == len({one, other})


@pytest.mark.parametrize(
    "changed",
    [
        task(by=rubric(must_have_cap=61)),
        task(by=rubric(follow_up_credit=0.6)),
        task(of=question(criteria=(criterion("one-request", weight=2), criterion("many-requests")))),
        task(of=question(misconceptions=(misconception(),))),
        task(of=question(nudge=None)),
    ],
)
def test_another_question_or_rubric_makes_another_key(changed: GradingTask) -> None:
    assert key(changed) != key(task())


@pytest.mark.parametrize("how", [{"service": "other"}, {"samples": 3}])
def test_another_service_or_number_of_samples_makes_another_key(how: dict[str, Any]) -> None:
    assert key(task(), **how) != key(task())


def test_another_version_of_the_program_makes_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key(task())
    monkeypatch.setattr("interviewer.grading.cached.__version__", "99")

    assert key(task()) != before


def test_a_key_is_64_hex_digits() -> None:
    assert len(bytes.fromhex(key(task()))) == 32


# What is not kept


def test_a_failure_is_not_kept() -> None:
    judge = Judge(ServiceDownError("down"), JUDGED)
    grader = cached(judge)

    with pytest.raises(ServiceDownError):
        asyncio.run(grader.grade(task()))

    assert not asyncio.run(grader.grade(task())).cached


@pytest.mark.parametrize(
    "change",
    [
        {"grader": IDENTITY.model_copy(update={"kind": "fake"})},
        {"usage": None},
        {"usage": Usage(requests=0)},
        {"flags": (Flag.REPAIRED, Flag.UNVERIFIED)},
        {"flags": (Flag.DISPUTED,)},
        {"criteria": (CriterionGrade(id="one-request", verdict=Verdict.MISSING, flags=(Flag.UNVERIFIED,)),)},
    ],
    ids=["fake", "not asked", "no request", "unverified", "disputed", "criterion unverified"],
)
def test_what_no_model_stands_behind_is_not_kept(change: dict[str, Any]) -> None:
    assert [g.cached for g in twice(JUDGED.model_copy(update=change))] == [False, False]


# What is not believed


def kept_as(kept: Grade) -> Grade:
    """The grade of a task for which `kept` was on the shelf."""
    grader = cached(Judge(JUDGED), MemoryShelf({key(task()): kept}))
    return asyncio.run(grader.grade(task()))


FORGED = Evidence(quote="the time that nobody took", start=0, end=25)


@pytest.mark.parametrize(
    "change",
    [
        {"criteria": (JUDGED.criteria[0].model_copy(update={"evidence": (FORGED,)}), JUDGED.criteria[1])},
        {"criteria": JUDGED.criteria[:1]},
        {"criteria": JUDGED.criteria[::-1]},
        {"misconceptions": (MisconceptionGrade(id="never-heard-of", evidence=(), penalty=1),)},
        {"withheld": (FORGED,)},
        {"band": "strong"},
        {"grader": IDENTITY.model_copy(update={"model": "m2"})},
    ],
    ids=["quote", "criterion lost", "order", "misconception", "withheld", "band", "grader"],
)
def test_a_kept_grade_that_cannot_be_of_this_answer_is_asked_for_again(change: dict[str, Any]) -> None:
    assert not kept_as(JUDGED.model_copy(update=change)).cached


def test_a_kept_grade_that_fits_is_believed() -> None:
    assert kept_as(JUDGED).cached


# The rest is the grader's


def test_it_is_known_by_its_grader_s_identity() -> None:
    assert cached(Judge()).identity(task(ANSWER)) == IDENTITY


def test_warming_and_closing_reach_the_grader() -> None:
    judge = Judge()
    grader = cached(judge)

    async def use() -> None:
        await grader.warm(question(), rubric())
        await grader.aclose()

    asyncio.run(use())

    assert (judge.warmed, judge.closed) == (["latency"], True)
