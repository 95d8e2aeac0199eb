"""An interview as data: what was asked, answered and graded, and where it stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from interviewer.bank.models import Question, Rubric
from interviewer.grading.models import Grade, Verdict
from interviewer.models import Frozen

Seconds = Annotated[float, Field(ge=0)]


class Status(StrEnum):
    """Where an interview stands."""

    RUNNING = "running"  # also after a crash: whatever is not finished can be resumed
    PAUSED = "paused"
    FINISHED = "finished"


class Mode(StrEnum):
    """How an interview is held."""

    PRACTICE = "practice"  # feedback and follow-ups after each answer
    EXAM = "exam"  # no feedback until the end; grading runs behind the next question
    DRILL = "drill"  # as practice, but of each question only the criteria that were missed before


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
    seconds: the question was on screen until it was submitted. gave_up: the candidate said "I don't know".
    timed_out: the time limit sent what was typed.
    """

    prompt: str | None = None
    criteria: tuple[str, ...] = ()
    text: str
    submitted_at: datetime
    seconds: Seconds
    gave_up: bool = False
    timed_out: bool = False
    grade: Grade | None = None
    failure: Failure | None = None


class FollowUp(Frozen):
    """A follow-up question. criteria: ids it asks about, the probed one first."""

    text: str
    asked_at: datetime
    criteria: Annotated[tuple[str, ...], Field(min_length=1)]


class Draft(Frozen):
    """What was typed and not sent. seconds: how long the question had been on screen then."""

    text: str
    seconds: Seconds
    at: datetime


class Dispute(Frozen):
    """A verdict that the candidate does not agree with, and what came of it.

    position: of the answer that is looked at again. before: the verdict in dispute. argument: what the
    candidate says for it; it is no evidence. grade: of that criterion alone, by a second look; it counts.
    None while it is awaited, or where the grader failed.
    """

    criterion: str
    position: Annotated[int, Field(ge=0)]
    argument: str
    at: datetime
    before: Verdict
    grade: Grade | None = None
    failure: Failure | None = None

    @property
    def outcome(self) -> str | None:
        """What the second look came to, such as `missing → met` or `it stays met`; None without one."""
        if self.grade is None:
            return None
        after = self.grade.criteria[0].verdict
        return f"it stays {after}" if after is self.before else f"{self.before} → {after}"


class Turn(Frozen):
    """One question and all that came of it. answers: the first, then one for each follow-up answered.

    score: 0 to 100 with follow-ups and disputes credited; None until the first answer is graded.
    nudges, repeats: how often the candidate asked for one.
    open_follow_up: asked and not yet answered.
    draft: of the answer to what is on screen. spent: seconds that it was on screen before `asked_at`, in
    earlier sittings; of a question that was left, how long it was on screen in all.
    disputes: at most one a criterion. retry_of: the turn whose question is asked again here.
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
    draft: Draft | None = None
    spent: Seconds = 0.0
    disputes: tuple[Dispute, ...] = ()
    retry_of: Annotated[int, Field(ge=0)] | None = None
    score: Annotated[float, Field(ge=0, le=100)] | None = None


class Settings(Frozen):
    """What was chosen for this interview. seed: makes the plan repeatable. follow_ups: most per question.

    question_seconds: that each question and each follow-up may take; total_seconds: that answering may take
    in all. None: no limit.
    """

    seed: int
    follow_ups: Annotated[int, Field(ge=0, le=3)] = 1
    grader: str
    model: str | None = None
    mode: Mode = Mode.PRACTICE
    question_seconds: Annotated[float, Field(gt=0)] | None = None
    total_seconds: Annotated[float, Field(gt=0)] | None = None


class BankLabel(Frozen):
    """Which bank an interview came from."""

    id: str
    title: str
    role: str
    fingerprint: str
    categories: tuple[tuple[str, str], ...]  # (id, title) in the bank's order


class Interview(Frozen):
    """One session. turns: in the order in which they are planned; what is asked again comes last.

    latest: the turn that was asked last; None before the first.
    """

    id: str
    status: Status = Status.RUNNING
    started_at: datetime
    finished_at: datetime | None = None
    bank: BankLabel
    settings: Settings
    turns: Annotated[tuple[Turn, ...], Field(min_length=1)]
    latest: Annotated[int, Field(ge=0)] | None = None
