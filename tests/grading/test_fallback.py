"""While the service is down the embedded model stands in, and says so."""

from __future__ import annotations

import asyncio

import pytest

from interviewer.errors import (
    GraderError,
    KeyRejectedError,
    RefusedError,
    ServiceDownError,
    TooLittleTextError,
)
from interviewer.grading.fallback import FallbackGrader
from interviewer.grading.models import Flag, Grade
from tests.support.builders import grade, task
from tests.support.doubles import ScriptedGrader


def graded(first: Grade | GraderError, second: Grade | GraderError) -> Grade:
    grader = FallbackGrader(ScriptedGrader(first), lambda: ScriptedGrader(second))
    return asyncio.run(grader.grade(task()))


def test_a_grade_of_the_service_is_passed_on() -> None:
    assert Flag.PROVISIONAL not in graded(grade(), ServiceDownError("down")).flags


def test_the_stand_in_s_grade_is_provisional() -> None:
    assert graded(ServiceDownError("down"), grade()).flags == (Flag.PROVISIONAL,)


@pytest.mark.parametrize("error", [KeyRejectedError("no"), RefusedError("no")])
def test_what_a_person_has_to_mend_is_told_instead(error: GraderError) -> None:
    with pytest.raises(type(error)):
        graded(error, grade())


def test_where_neither_can_grade_it_is_the_service_s_fault_that_is_told() -> None:
    with pytest.raises(ServiceDownError):
        graded(ServiceDownError("down"), TooLittleTextError("too little"))
