"""One interview as it runs: the state machine with a store, a grader and a clock in its hands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from interviewer.errors import GraderError
from interviewer.grading.grader import Grader, Watcher
from interviewer.interview.events import (
    Command,
    Event,
    GradeWanted,
    InterviewStarted,
    TakeFailure,
    TakeGrade,
)
from interviewer.interview.machine import decide, evolve, on_screen, ungraded
from interviewer.interview.models import Interview


class Records(Protocol):
    """Where events are kept. `record` returns once the event is safe."""

    def record(self, interview_id: str, event: Event) -> None: ...


class Session:
    """Carries out commands: each event is stored before it counts, and before anyone hears of it."""

    def __init__(
        self, interview: Interview, *, records: Records, grader: Grader, now: Callable[[], datetime]
    ) -> None:
        self._interview = interview
        self._records = records
        self._grader = grader
        self._now = now

    @classmethod
    def start(
        cls, interview: Interview, *, records: Records, grader: Grader, now: Callable[[], datetime]
    ) -> Session:
        """A session of a new interview, stored with its plan."""
        records.record(interview.id, InterviewStarted(interview=interview))
        return cls(interview, records=records, grader=grader, now=now)

    @property
    def interview(self) -> Interview:
        """The interview as it stands."""
        return self._interview

    def do(self, command: Command) -> tuple[Event, ...]:
        """What follows from `command`, already stored. Raises OutOfTurnError, StoreError."""
        events = decide(self._interview, command, self._now())
        for event in events:
            self._records.record(self._interview.id, event)
            self._interview = evolve(self._interview, event)
        return events

    async def grade(self, wanted: GradeWanted, watcher: Watcher | None = None) -> tuple[Event, ...]:
        """The grade asked for, taken in, or its failure; the answer stays either way."""
        try:
            grade = await self._grader.grade(wanted.task, watcher)
        except GraderError as error:
            message = f"{error.message}. {error.hint}" if error.hint else error.message
            return self.do(
                TakeFailure(turn=wanted.turn, position=wanted.position, code=error.code, message=message)
            )
        return self.do(TakeGrade(turn=wanted.turn, position=wanted.position, grade=grade))

    async def warm(self) -> None:
        """Have the grader get ready for an answer to the question on screen."""
        turn = on_screen(self._interview)
        if turn is not None:
            await self._grader.warm(turn.question, turn.rubric)

    def ungraded(self) -> tuple[GradeWanted, ...]:
        """What can still be graded, in the order in which it was answered."""
        return tuple(ungraded(self._interview))
