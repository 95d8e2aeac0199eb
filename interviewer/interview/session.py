"""One interview as it runs: the state machine with a store, a grader and a clock in its hands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from interviewer.errors import NOT_SCORED, GraderError, NothingQuotedError, ServiceDownError
from interviewer.grading.grader import Grader, Watcher
from interviewer.grading.models import Flag, GraderKind
from interviewer.interview.events import (
    Command,
    Event,
    GradeWanted,
    InterviewStarted,
    RulingWanted,
    TakeFailure,
    TakeGrade,
    TakeRuling,
    TakeRulingFailure,
)
from interviewer.interview.machine import decide
from interviewer.interview.models import Interview
from interviewer.interview.state import evolve, is_provisional, on_screen, provisional, ungraded, unsettled
from interviewer.interview.timing import TimeLeft, time_left


class Records(Protocol):
    """Where events are kept. `record` keeps all or none of them, and returns once they are safe."""

    def record(self, interview_id: str, *events: Event) -> None: ...


class Session:
    """Carries out commands: what follows is stored before it counts, and before anyone hears of it."""

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
        """What follows from `command`, already stored. Raises OutOfTurnError, StoreError.

        What follows from one command is stored as a whole: a crash between a grade and the follow-up that it
        leads to would lose the follow-up.
        """
        events = decide(self._interview, command, self._now())
        if events:
            self._records.record(self._interview.id, *events)
        for event in events:
            self._interview = evolve(self._interview, event)
        return events

    async def grade(self, wanted: GradeWanted, watcher: Watcher | None = None) -> tuple[Event, ...]:
        """The grade asked for, taken in, or its failure; the answer stays either way."""
        before = self._interview.turns[wanted.turn].answers[wanted.position]
        try:
            grade = await self._grader.grade(wanted.task, watcher)
            if is_provisional(before) and Flag.PROVISIONAL in grade.flags:
                raise ServiceDownError("the service is still out of reach; the provisional grade stands")
        except GraderError as error:
            return self.do(
                TakeFailure(turn=wanted.turn, position=wanted.position, code=error.code, message=_told(error))
            )
        return self.do(TakeGrade(turn=wanted.turn, position=wanted.position, grade=grade))

    async def rule(self, wanted: RulingWanted, watcher: Watcher | None = None) -> tuple[Event, ...]:
        """The second look asked for, taken in, or its failure; the first verdict stays either way."""
        try:
            grade = await self._grader.grade(wanted.task, watcher)
            if Flag.PROVISIONAL in grade.flags:
                raise ServiceDownError("the service is out of reach, and only it can look again")
        except GraderError as error:
            return self.do(
                TakeRulingFailure(
                    turn=wanted.turn, criterion=wanted.criterion, code=error.code, message=_told(error)
                )
            )
        return self.do(TakeRuling(turn=wanted.turn, criterion=wanted.criterion, grade=grade))

    def time_left(self) -> TimeLeft | None:
        """What is left of the time for what is on screen; None if nothing is."""
        turn = on_screen(self._interview)
        return None if turn is None else time_left(self._interview, turn, self._now())

    async def warm(self) -> None:
        """Have the grader get ready for an answer to the question on screen."""
        turn = on_screen(self._interview)
        if turn is not None:
            await self._grader.warm(turn.question, turn.rubric)

    def ungraded(self) -> tuple[GradeWanted, ...]:
        """What this grader can still grade: answers without a grade, then those with a provisional one.

        A provisional grade is replaced by a language model's alone. What the local grader could not judge
        it is not asked about again.
        """
        return (*filter(self._can_grade, ungraded(self._interview)), *self.provisional())

    def unsettled(self) -> tuple[RulingWanted, ...]:
        """The disputes that this grader can still settle, whether a second look failed before or not.

        An argument that points at nothing says nothing to the local grader, which is not asked again.
        """
        return tuple(filter(self._can_rule, unsettled(self._interview)))

    def provisional(self) -> tuple[GradeWanted, ...]:
        """The provisional grades that this grader can replace."""
        return tuple(one for one in provisional(self._interview) if self._kind_for(one) == "llm")

    def _can_grade(self, wanted: GradeWanted) -> bool:
        failure = self._interview.turns[wanted.turn].answers[wanted.position].failure
        is_settled = failure is not None and failure.code in NOT_SCORED
        return not is_settled or self._kind_for(wanted) != "local"

    def _can_rule(self, wanted: RulingWanted) -> bool:
        disputes = self._interview.turns[wanted.turn].disputes
        failure = next(d.failure for d in disputes if d.criterion == wanted.criterion)
        points_at_nothing = failure is not None and failure.code == NothingQuotedError.code
        return not points_at_nothing or self._kind_for(wanted) != "local"

    def _kind_for(self, wanted: GradeWanted | RulingWanted) -> GraderKind:
        return self._grader.identity(wanted.task).kind


def _told(error: GraderError) -> str:
    return f"{error.message}. {error.hint}" if error.hint else error.message
