"""A provisional grade counts, and is replaced by the grade of the grader that was out of reach."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from interviewer.errors import ServiceDownError, TooLittleTextError
from interviewer.grading.models import Flag, GraderKind
from interviewer.interview.events import AnswerGraded, Begin, FollowUpAsked, GradeWanted, Submit
from interviewer.interview.session import Session
from interviewer.interview.summary import summary_of
from interviewer.store.store import Store
from tests.support.builders import grade, interview
from tests.support.doubles import Clock, MemoryRecords, ScriptedGrader

PROVISIONAL = grade(40.0).model_copy(update={"flags": (Flag.PROVISIONAL,)})
FINAL = grade(90.0)


def session_with(*script: object, kind: GraderKind = "llm") -> Session:
    grader = ScriptedGrader(*script, kind=kind)  # type: ignore[arg-type]
    return Session(interview(), records=MemoryRecords(), grader=grader, now=Clock())


def answered(session: Session) -> None:
    session.do(Begin())
    events = session.do(Submit(text="Latency is the time that one request takes."))
    (wanted,) = (event for event in events if isinstance(event, GradeWanted))
    asyncio.run(session.grade(wanted))


def test_it_counts_like_any_other_and_is_told_in_the_summary() -> None:
    session = session_with(PROVISIONAL)

    answered(session)

    assert session.interview.turns[0].score is not None
    assert summary_of(session.interview).provisional == 1


def test_a_language_model_grades_it_again() -> None:
    session = session_with(PROVISIONAL, FINAL)
    answered(session)

    asyncio.run(session.grade(session.ungraded()[0]))

    assert session.ungraded() == ()
    assert summary_of(session.interview).provisional == 0


@pytest.mark.parametrize("kind", ["local", "fake"])
def test_no_other_grader_takes_its_place(kind: GraderKind) -> None:
    session = session_with(PROVISIONAL, kind=kind)

    answered(session)

    assert session.ungraded() == ()


def test_it_stands_while_the_service_is_still_down() -> None:
    session = session_with(PROVISIONAL, PROVISIONAL)
    answered(session)

    asyncio.run(session.grade(session.ungraded()[0]))

    (answer,) = session.interview.turns[0].answers
    assert answer.grade == PROVISIONAL
    assert answer.failure is not None
    assert answer.failure.code == ServiceDownError.code


def test_a_grade_that_comes_while_a_follow_up_is_judged_does_not_move_the_interview_on() -> None:
    asks = PROVISIONAL.model_copy(update={"follow_up": "And for one request?"})
    session = session_with(asks, FINAL)
    answered(session)
    session.do(Submit(text="It is the time from its start to its end."))

    (event,) = asyncio.run(session.grade(session.provisional()[0]))

    assert isinstance(event, AnswerGraded)


def test_a_grade_that_comes_while_a_follow_up_is_open_asks_nothing_else() -> None:
    asks = PROVISIONAL.model_copy(update={"follow_up": "And for one request?"})
    session = session_with(asks, FINAL)
    answered(session)

    events = asyncio.run(session.grade(session.provisional()[0]))

    assert not any(isinstance(event, FollowUpAsked) for event in events)
    assert session.interview.turns[0].open_follow_up is not None


def test_the_local_grader_is_not_asked_again_about_what_it_cannot_judge() -> None:
    session = session_with(TooLittleTextError("too little"), kind="local")

    answered(session)

    assert session.ungraded() == ()


def test_a_language_model_is_asked_about_what_the_local_grader_could_not_judge() -> None:
    session = session_with(TooLittleTextError("too little"), kind="llm")

    answered(session)

    assert len(session.ungraded()) == 1


def test_the_store_lists_it_as_pending_until_then(tmp_path: Path) -> None:
    grader = ScriptedGrader(PROVISIONAL, FINAL, kind="llm")
    with Store.open(tmp_path) as store:
        session = Session.start(interview(), records=store, grader=grader, now=Clock())
        answered(session)
        before = len(store.pending())
        asyncio.run(session.grade(session.ungraded()[0]))

        assert (before, len(store.pending())) == (1, 0)
