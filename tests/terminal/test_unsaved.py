"""A store that takes nothing: what was written stays in the candidate's hands."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable

import pytest
from rich.console import Console

from interviewer.errors import AnswerTooLongError, StoreError
from interviewer.grading.gates import MAX_ANSWER_CHARACTERS
from interviewer.interview.events import AnswerSubmitted, Begin, DraftKept, Event, InterviewPaused
from interviewer.interview.models import Status
from interviewer.interview.session import Session
from interviewer.terminal.chat import Chat
from interviewer.terminal.reader import LeaveError, Moment, TimeUpError
from interviewer.terminal.screen import Screen
from tests.support.builders import ANSWER, grade, interview, question
from tests.support.doubles import Clock, MemoryRecords, ScriptedGrader


class Failing(MemoryRecords):
    """Takes no event of `kinds`, the first `times`."""

    def __init__(self, *kinds: type, times: int = 99) -> None:
        super().__init__()
        self._kinds = kinds
        self._times = times

    def record(self, interview_id: str, *events: Event) -> None:
        if self._times and any(isinstance(event, self._kinds) for event in events):
            self._times -= 1
            raise StoreError("the disk is full", hint="Free some space and try again.")
        super().record(interview_id, *events)


Step = str | Exception | Callable[[Moment], str]


class Typist:
    """At each question takes the next step: says it, raises it, or asks it what to say."""

    def __init__(self, *steps: Step, echoes: bool) -> None:
        self._steps = iter(steps)
        self.echoes = echoes
        self.drafts: list[str] = []

    async def read(self, moment: Moment) -> str:
        self.drafts.append(moment.draft)
        step = next(self._steps, LeaveError())
        if isinstance(step, Exception):
            raise step
        return step if isinstance(step, str) else step(moment)

    async def aside(self) -> str | None:
        return None

    async def confirm(self, question: str, *, default: bool) -> bool:
        return default


class Sitting:
    """A chat over `records`, begun."""

    def __init__(self, records: MemoryRecords, grader: ScriptedGrader | None = None) -> None:
        self._out = io.StringIO()
        screen = Screen(Console(file=self._out, width=90, color_system=None))
        self.session = Session.start(
            interview(question(), follow_ups=0),
            records=records,
            grader=grader or ScriptedGrader(grade()),
            now=Clock(),
        )
        self.chat = Chat(self.session, screen)
        self.chat.show(self.session.do(Begin()))

    def run(self, reader: Typist) -> bool:
        return asyncio.run(self.chat.run(reader))

    @property
    def words(self) -> str:
        return " ".join(self._out.getvalue().split())

    @property
    def answers(self) -> list[str]:
        return [a.text for t in self.session.interview.turns for a in t.answers]


def resent(moment: Moment) -> str:
    return moment.draft


def test_an_answer_that_is_not_saved_stands_there_to_be_sent_again() -> None:
    sitting = Sitting(Failing(AnswerSubmitted, times=1))
    reader = Typist(ANSWER, resent, echoes=True)

    assert sitting.run(reader)
    assert reader.drafts == ["", ANSWER]
    assert sitting.answers == [ANSWER]
    assert "Not saved: the disk is full. Free some space and try again." in sitting.words
    assert sitting.chat.unsaved == ""


def test_an_answer_that_was_not_saved_outlives_leaving() -> None:
    sitting = Sitting(Failing(AnswerSubmitted, InterviewPaused))

    with pytest.raises(StoreError):
        sitting.run(Typist(ANSWER, echoes=True))
    assert sitting.chat.unsaved == ANSWER


def test_a_pipe_cannot_send_again_so_the_sitting_ends_with_the_answer_at_hand() -> None:
    sitting = Sitting(Failing(AnswerSubmitted))

    with pytest.raises(StoreError):
        sitting.run(Typist(ANSWER, echoes=False))
    assert sitting.chat.unsaved == ANSWER


def test_what_is_echoed_of_an_answer_is_stored() -> None:
    sitting = Sitting(Failing(AnswerSubmitted))

    with pytest.raises(StoreError):
        sitting.run(Typist(ANSWER, echoes=False))
    assert ANSWER not in sitting.words


def test_what_the_time_limit_sends_outlives_a_store_that_does_not_take_it() -> None:
    sitting = Sitting(Failing(AnswerSubmitted))

    with pytest.raises(StoreError):
        sitting.run(Typist(TimeUpError("half a sen"), echoes=True))
    assert sitting.chat.unsaved == "half a sen"


def test_what_the_time_limit_sends_is_kept_though_no_grader_takes_so_much() -> None:
    huge = "x " * MAX_ANSWER_CHARACTERS
    sitting = Sitting(MemoryRecords(), ScriptedGrader(AnswerTooLongError("it is too long")))

    assert sitting.run(Typist(TimeUpError(huge), echoes=True))
    assert sitting.answers == [huge]
    assert "Not graded yet. it is too long" in sitting.words


def test_a_draft_that_cannot_be_stored_is_kept_in_hand() -> None:
    def typed(moment: Moment) -> str:
        with pytest.raises(StoreError):
            moment.keep("half a sen")
        raise LeaveError

    sitting = Sitting(Failing(DraftKept))

    with pytest.raises(StoreError):
        sitting.run(Typist(typed, echoes=True))
    assert sitting.chat.unsaved == "half a sen"


def test_a_draft_that_is_stored_later_is_not_in_hand_any_more() -> None:
    def typed(moment: Moment) -> str:
        with pytest.raises(StoreError):
            moment.keep("half")
        moment.keep("half a sen")
        raise LeaveError

    sitting = Sitting(Failing(DraftKept, times=1))

    assert not sitting.run(Typist(typed, echoes=True))
    assert sitting.chat.unsaved == ""
    assert sitting.session.interview.status is Status.PAUSED


def test_a_command_that_is_not_saved_can_be_given_again() -> None:
    sitting = Sitting(Failing(AnswerSubmitted, times=1))

    assert sitting.run(Typist("/giveup", "/giveup", echoes=True))
