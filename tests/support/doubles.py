"""Doubles for what an interview is handed: a grader that is told what to say, and records in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime
from itertools import count

from interviewer.bank.models import Question, Rubric
from interviewer.errors import GraderError
from interviewer.grading.grader import Watcher
from interviewer.grading.models import Grade, GraderIdentity, GraderKind, GradingTask
from interviewer.interview.events import Event
from interviewer.terminal.reader import Moment
from tests.support.builders import at


class ScriptedGrader:
    """Gives the grades, or raises the errors, that it was handed, in order; `tasks` is what it was asked."""

    def __init__(self, *script: Grade | GraderError, kind: GraderKind = "fake") -> None:
        self._script = list(script)
        self._kind = kind
        self.tasks: list[GradingTask] = []
        self.warmed: list[str] = []
        self.closed = False

    def identity(self, task: GradingTask) -> GraderIdentity:
        return GraderIdentity(kind=self._kind, model="scripted")

    async def grade(self, task: GradingTask, watcher: Watcher | None = None) -> Grade:
        self.tasks.append(task)
        step = self._script.pop(0)
        if isinstance(step, GraderError):
            raise step
        return step

    async def warm(self, question: Question, rubric: Rubric) -> None:
        self.warmed.append(question.id)

    async def aclose(self) -> None:
        self.closed = True


class MemoryRecords:
    """Keeps events in a list."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def record(self, interview_id: str, *events: Event) -> None:
        self.events += events

    def kinds(self) -> list[str]:
        return [type(e).__name__ for e in self.events]


class Clock:
    """A clock that moves one second each time it is read."""

    def __init__(self) -> None:
        self._ticks = count()

    def __call__(self) -> datetime:
        return at(next(self._ticks))


class ListReader:
    """A reader that says what it was handed, then leaves; echoes as a keyboard would if `echoes`."""

    def __init__(self, said: Iterable[str], *, echoes: bool = False) -> None:
        self._said = iter(said)
        self.echoes = echoes

    async def read(self, moment: Moment) -> str:
        from interviewer.terminal.reader import LeaveError

        await asyncio.sleep(0)  # a person takes time: others get their turn
        try:
            return next(self._said)
        except StopIteration:
            raise LeaveError("no more") from None

    async def aside(self) -> str | None:
        return next(self._said, None)

    async def confirm(self, question: str, *, default: bool) -> bool:
        return default
