"""`grade --pending`: what earlier interviews left open is graded, and what is in dispute judged again."""

from __future__ import annotations

from pathlib import Path

import pytest

from interviewer.grading.models import Verdict
from interviewer.interview.events import InterviewStarted
from interviewer.interview.models import Dispute, Failure
from interviewer.store.store import Store
from tests.report.samples import GRADED, WAITING, with_turns
from tests.support.builders import at
from tests.support.program import Program

LATE = Failure(code="deadline", message="late", at=at(90))


def in_dispute(failure: Failure | None = None) -> Dispute:
    return Dispute(
        criterion="one-request",
        position=0,
        argument="I named it.",
        at=at(80),
        before=Verdict.PARTIAL,
        failure=failure,
    )


def disputes(home: Path) -> tuple[Dispute, ...]:
    with Store.open(home / "data") as store:
        return store.load("one").turns[0].disputes


def keep(home: Path, *, failure: Failure | None = None) -> None:
    """An interview in which a verdict is in dispute and another answer has no grade."""
    disputed = GRADED.model_copy(update={"disputes": (in_dispute(failure),)})
    interview = with_turns(disputed, WAITING, id="one")
    with Store.open(home / "data") as store:
        store.record("one", InterviewStarted(interview=interview))


@pytest.mark.parametrize("failure", [None, LATE])
def test_a_dispute_that_is_not_settled_is_judged_again(
    program: Program, home: Path, failure: Failure | None
) -> None:
    keep(home, failure=failure)

    outcome = program("grade", "--pending", "--grader", "fake")

    assert outcome.out.strip() == "1 graded, 1 judged again, 0 still open"
    assert "1 to grade and 1 dispute to judge again in 1 interviews" in outcome.err
    (settled,) = disputes(home)
    assert settled.grade is not None
    assert settled.failure is None


def test_nothing_is_said_of_disputes_where_there_are_none(program: Program, home: Path) -> None:
    keep(home)
    program("grade", "--pending", "--grader", "fake")

    outcome = program("grade", "--pending", "--grader", "fake")

    assert outcome.out.strip() == "0 graded, 0 still open"
    assert "dispute" not in outcome.err


@pytest.mark.usefixtures("impatient")
def test_a_dispute_stays_open_while_the_service_is_down(program: Program, home: Path) -> None:
    keep(home)

    outcome = program(
        "grade", "--pending", "--grader", "llm", "--base-url", "http://127.0.0.1:9/v1", "--model", "m"
    )

    assert outcome.code == 3
    (still_open,) = disputes(home)
    assert still_open.grade is None
    assert still_open.failure is not None
