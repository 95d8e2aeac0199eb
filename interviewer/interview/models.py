"""An interview as data: what was asked, answered and graded, and where it stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from interviewer.bank.models import Question, Rubric
from interviewer.grading.models import Grade
from interviewer.models import Frozen


class Status(StrEnum):
    """Where an interview stands."""

    RUNNING = "running"  # also after a crash: whatever is not finished can be resumed
    PAUSED = "paused"
    FINISHED = "finished"


class TurnStatus(StrEnum):
    """Where a turn stands. A turn with an answer but no grade is `pending`, never scored by default."""

    PLANNED = "planned"  # not asked yet
    ASKED = "asked"  # on screen, no answer yet
    PENDING = "pending"  # answered; the grade is awaited, or the grader failed
    GRADED = "graded"
    SKIPPED = "skipped"  # no answer, no score, in no average


class Failure(Frozen):
    """Why an answer has no grade yet. code: the error's stable word. message: for people."""

    code: str
    message: str
    at: datetime


class Answer(Frozen):
    """What the candidate submitted, exactly.

    prompt: the follow-up question it replies to; None for the first answer to a question.
    criteria: ids that the follow-up asks about; empty for the first answer.
    seconds: from question on screen to submit. gave_up: the candidate said "I don't know".
    """

    prompt: str | None = None
    criteria: tuple[str, ...] = ()
    text: str
    submitted_at: datetime
    seconds: Annotated[float, Field(ge=0)]
    gave_up: bool = False
    grade: Grade | None = None
    failure: Failure | None = None


class FollowUp(Frozen):
    """A follow-up question. criteria: ids it asks about, the probed one first."""

    text: str
    asked_at: datetime
    criteria: Annotated[tuple[str, ...], Field(min_length=1)]


class Turn(Frozen):
    """One question and all that came of it. answers: the first, then one for each follow-up answered.

    score: 0 to 100 with follow-ups credited; None until the first answer is graded.
    nudges, repeats: how often the candidate asked for one.
    open_follow_up: asked and not yet answered.
    """

    index: Annotated[int, Field(ge=0)]
    question: Question
    rubric: Rubric
    status: TurnStatus = TurnStatus.PLANNED
    asked_at: datetime | None = None
    answers: tuple[Answer, ...] = ()
    open_follow_up: FollowUp | None = None
    nudges: int = 0
    repeats: int = 0
    score: Annotated[float, Field(ge=0, le=100)] | None = None


class Settings(Frozen):
    """What was chosen for this interview. seed: makes the plan repeatable. follow_ups: most per question."""

    seed: int
    follow_ups: Annotated[int, Field(ge=0, le=3)] = 1
    grader: str
    model: str | None = None


class BankLabel(Frozen):
    """Which bank an interview came from."""

    id: str
    title: str
    role: str
    fingerprint: str
    categories: tuple[tuple[str, str], ...]  # (id, title) in the bank's order


class Interview(Frozen):
    """One session. turns: in the order in which they are asked."""

    id: str
    status: Status = Status.RUNNING
    started_at: datetime
    finished_at: datetime | None = None
    bank: BankLabel
    settings: Settings
    turns: Annotated[tuple[Turn, ...], Field(min_length=1)]
