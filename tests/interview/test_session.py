"""A session: events are stored before they count, and a failing grader never loses an answer."""

from __future__ import annotations

import asyncio

import pytest

from interviewer.errors import ServiceDownError, StoreError
from interviewer.grading.models import GraderKind
from interviewer.interview.events import (
    Begin,
    DisputeVerdict,
    Event,
    GradeWanted,
    Skip,
    Submit,
    TakeRulingFailure,
)
from interviewer.interview.models import TurnStatus
from interviewer.interview.session import Session
from tests.support.builders import ANSWER, grade, interview, question
from tests.support.doubles import Clock, MemoryRecords, ScriptedGrader


def started(grader: ScriptedGrader, records: MemoryRecords) -> Session:
    session = Session.start(interview(question()), records=records, grader=grader, now=Clock())
    session.do(Begin())
    return session


def wanted(events: tuple[Event, ...]) -> GradeWanted:
    return next(e for e in events if isinstance(e, GradeWanted))


def test_an_answer_is_stored_before_the_grader_hears_of_it() -> None:
    records = MemoryRecords()

    class Suspicious(ScriptedGrader):
        async def grade(self, task, watcher=None):  # type: ignore[no-untyped-def]
            assert "AnswerSubmitted" in records.kinds()
            return await super().grade(task)

    session = started(Suspicious(grade()), records)
    asyncio.run(session.grade(wanted(session.do(Submit(text=ANSWER)))))

    assert records.kinds()[-2:] == ["AnswerGraded", "FollowUpAsked"]


def test_a_grade_and_what_it_leads_to_are_stored_in_one_step() -> None:
    class Steps(MemoryRecords):
        def __init__(self) -> None:
            super().__init__()
            self.steps: list[list[str]] = []

        def record(self, interview_id: str, *events: Event) -> None:
            self.steps.append([type(event).__name__ for event in events])
            super().record(interview_id, *events)

    records = Steps()
    session = started(ScriptedGrader(grade()), records)

    asyncio.run(session.grade(wanted(session.do(Submit(text=ANSWER)))))

    assert records.steps[-1] == ["AnswerGraded", "FollowUpAsked"]


class TestUnsettled:
    """A verdict is disputed, and the second look fails with `code`; then a grader of `kind` is at hand."""

    @pytest.mark.parametrize(
        ("code", "kind", "is_wanted"),
        [
            ("service_down", "llm", True),
            ("service_down", "local", True),
            ("nothing_quoted", "llm", True),
            ("nothing_quoted", "local", False),
        ],
    )
    def test_what_this_grader_could_settle_is_wanted(
        self, code: str, kind: GraderKind, is_wanted: bool
    ) -> None:
        session = started(ScriptedGrader(grade(0), kind=kind), MemoryRecords())
        asyncio.run(session.grade(wanted(session.do(Submit(text=ANSWER)))))
        session.do(Skip())
        session.do(DisputeVerdict(turn=0, criterion="one-request", argument="I said so."))
        assert len(session.unsettled()) == 1

        session.do(TakeRulingFailure(turn=0, criterion="one-request", code=code, message="no"))

        assert bool(session.unsettled()) is is_wanted


def test_an_event_that_cannot_be_stored_does_not_count() -> None:
    class Full(MemoryRecords):
        def record(self, interview_id: str, *events: Event) -> None:
            if any(type(event).__name__ == "AnswerSubmitted" for event in events):
                raise StoreError("the disk is full")
            super().record(interview_id, *events)

    session = started(ScriptedGrader(), Full())

    with pytest.raises(StoreError):
        session.do(Submit(text=ANSWER))
    assert session.interview.turns[0].answers == ()


def test_a_failing_grader_leaves_the_answer_with_the_reason_and_the_way_out() -> None:
    session = started(
        ScriptedGrader(ServiceDownError("no route", hint="Check the network.")), MemoryRecords()
    )

    asyncio.run(session.grade(wanted(session.do(Submit(text=ANSWER)))))

    turn = session.interview.turns[0]
    assert turn.status is TurnStatus.PENDING
    assert turn.answers[0].failure is not None
    assert turn.answers[0].failure.code == "service_down"
    assert turn.answers[0].failure.message == "no route. Check the network."


def test_what_failed_can_be_graded_later() -> None:
    session = started(ScriptedGrader(ServiceDownError("no route"), grade(75)), MemoryRecords())
    asyncio.run(session.grade(wanted(session.do(Submit(text=ANSWER)))))

    (late,) = session.ungraded()
    asyncio.run(session.grade(late))

    assert session.interview.turns[0].status is TurnStatus.GRADED
    assert session.ungraded() == ()
