"""What happens in an interview. Commands go into the state machine, events come out of it.

Events are facts: the store writes each of them before anyone else hears of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from interviewer.bank.models import Question
from interviewer.grading.models import Grade, GradingTask
from interviewer.interview.models import Answer, Dispute, Draft, Failure, FollowUp, Interview, Turn
from interviewer.models import Frozen

Index = Annotated[int, Field(ge=0)]

# --- commands: what the candidate or the grader does -----------------------------------------


class Begin(Frozen):
    """Start, or go on after a pause or a crash: ask the question that is due."""


class Submit(Frozen):
    """The candidate's answer to the question or follow-up on screen, exactly as given."""

    text: str


class Skip(Frozen):
    """Leave the question or follow-up without an answer."""


class GiveUp(Frozen):
    """The candidate does not know: counts as an answer that shows nothing."""


class AskRepeat(Frozen):
    """Show the question again."""


class AskNudge(Frozen):
    """Give a push in the right direction."""


class TimeUp(Frozen):
    """The time for what is on screen is over. text: what was typed; it is sent, if it is anything."""

    text: str


class KeepDraft(Frozen):
    """What is typed so far, so that it outlives a crash."""

    text: str


class Retry(Frozen):
    """Ask the question of turn `turn`, which is graded, once more. It counts for no score but its own."""

    turn: Index


class DisputeVerdict(Frozen):
    """The candidate does not agree with a verdict: have it looked at again, once."""

    turn: Index
    criterion: str
    argument: str


class TakeRuling(Frozen):
    """The grader has looked at a disputed criterion again. grade: of that criterion alone."""

    turn: Index
    criterion: str
    grade: Grade


class TakeRulingFailure(Frozen):
    """The grader failed to look again; the verdict stands, and may be disputed once more."""

    turn: Index
    criterion: str
    code: str
    message: str


class TakeGrade(Frozen):
    """The grader is done with answer `position` (0 is the first) of turn `turn`."""

    turn: Index
    position: Index
    grade: Grade


class TakeFailure(Frozen):
    """The grader failed for good; the answer stays ungraded."""

    turn: Index
    position: Index
    code: str
    message: str


class Pause(Frozen):
    """The candidate leaves; the interview can be resumed."""


class End(Frozen):
    """The candidate ends the interview here: what is not answered is left out."""


Command = (
    Begin
    | Submit
    | Skip
    | GiveUp
    | TimeUp
    | KeepDraft
    | AskRepeat
    | AskNudge
    | Retry
    | DisputeVerdict
    | TakeGrade
    | TakeFailure
    | TakeRuling
    | TakeRulingFailure
    | Pause
    | End
)

# --- events: what follows ----------------------------------------------------------------------


class InterviewStarted(Frozen):
    interview: Interview


class InterviewResumed(Frozen):
    at: datetime


class QuestionAsked(Frozen):
    """The question came on screen: time runs from `at`.

    again: it was there before, until a pause or because another came first. spent: seconds that it was.
    """

    turn: Index
    question: Question
    at: datetime
    again: bool = False
    spent: float = 0.0


class FollowUpAsked(Frozen):
    """The follow-up came on screen. again: it was there before a pause. spent: seconds that it was."""

    turn: Index
    follow_up: FollowUp
    again: bool = False
    spent: float = 0.0


class QuestionRepeated(Frozen):
    """The candidate asked to hear it again. text: the question or the open follow-up."""

    turn: Index
    text: str


class NudgeGiven(Frozen):
    """text: None where the bank has no nudge for the question."""

    turn: Index
    text: str | None


class AnswerSubmitted(Frozen):
    """position: 0 for the first answer of the turn, then 1 for each follow-up."""

    turn: Index
    position: Index
    answer: Answer


class GradeWanted(Frozen):
    """A grader should judge this now. Nothing to store: the answer without a grade says it."""

    turn: Index
    position: Index
    task: GradingTask


class AnswerGraded(Frozen):
    """score: the turn's score, 0 to 100, with follow-ups credited."""

    turn: Index
    position: Index
    grade: Grade
    score: float
    at: datetime


class GradingFailed(Frozen):
    turn: Index
    position: Index
    failure: Failure


class FollowUpDeclined(Frozen):
    """The open follow-up was skipped; the turn keeps its score."""

    turn: Index


class TurnSkipped(Frozen):
    """Left without an answer. seconds: it had been on screen; 0 for one that was not reached."""

    turn: Index
    seconds: float = 0.0


class DraftKept(Frozen):
    turn: Index
    draft: Draft


class TurnAdded(Frozen):
    """A question is asked once more: `turn` comes last."""

    turn: Index
    added: Turn


class QuestionPutBack(Frozen):
    """The question on screen has to wait: another comes first. seconds: it had been on screen."""

    turn: Index
    seconds: float


class VerdictDisputed(Frozen):
    turn: Index
    dispute: Dispute


class RulingWanted(Frozen):
    """A grader should look at a disputed criterion again. Nothing to store: the dispute says it."""

    turn: Index
    criterion: str
    task: GradingTask


class DisputeSettled(Frozen):
    """score: the turn's score with the ruling, 0 to 100."""

    turn: Index
    criterion: str
    grade: Grade
    score: float
    at: datetime


class DisputeFailed(Frozen):
    turn: Index
    criterion: str
    failure: Failure


class InterviewPaused(Frozen):
    at: datetime


class InterviewFinished(Frozen):
    at: datetime


Event = (
    InterviewStarted
    | InterviewResumed
    | QuestionAsked
    | FollowUpAsked
    | QuestionRepeated
    | NudgeGiven
    | AnswerSubmitted
    | GradeWanted
    | AnswerGraded
    | GradingFailed
    | FollowUpDeclined
    | TurnSkipped
    | DraftKept
    | TurnAdded
    | QuestionPutBack
    | VerdictDisputed
    | RulingWanted
    | DisputeSettled
    | DisputeFailed
    | InterviewPaused
    | InterviewFinished
)
