"""What every transcript for people says in the same words, as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from interviewer.bank.models import Criterion
from interviewer.grading.score import is_lost
from interviewer.interview.models import Answer, Dispute, Settings, Status, Turn, TurnStatus
from interviewer.interview.summary import Summary
from interviewer.numbers import counted
from interviewer.report.phrases import duration, number
from interviewer.report.points import Point, graded_answers
from interviewer.report.transcript import TurnResult

STATUS_TEXTS = {
    Status.RUNNING: "not finished",
    Status.PAUSED: "paused",
    Status.FINISHED: "finished",
}
REDACTED = (
    "The candidate's words, and all that quotes them or was written about them, are left out. Scores, "
    "verdicts and times are as they were."
)


def heading(turn: Turn, turns: int) -> str:
    """`Question 2 of 5`. turns: how many there are, without those that ask a question once more."""
    first = turn.index if turn.retry_of is None else turn.retry_of
    return f"Question {first + 1} of {turns}{', once more' if turn.retry_of is not None else ''}"


def label(turn: Turn) -> str:
    """A question's number; `2 again` where it is asked once more."""
    return str(turn.index + 1) if turn.retry_of is None else f"{turn.retry_of + 1} again"


def limits(settings: Settings) -> str:
    """The time limits, empty without any."""
    told = [
        f"{duration(settings.question_seconds)} for each question" if settings.question_seconds else "",
        f"{duration(settings.total_seconds)} in all" if settings.total_seconds else "",
    ]
    return ", ".join(filter(None, told))


def not_judged(summary: Summary) -> str:
    """What a reader must know before any score of the fake grader; empty if it gave none."""
    fakes = sum(grader.kind == "fake" for grader in summary.graders)
    if not fakes:
        return ""
    some = "Some grades here" if fakes < len(summary.graders) else "The grades here"
    return (
        f"{some} come from the fake grader. Nobody judged those answers: verdicts and scores only show how a "
        "grade looks."
    )


def helped(turn: Turn) -> str:
    """The help that was asked for; empty if none was."""
    told = [
        counted(turn.nudges, "nudge") if turn.nudges else "",
        f"question repeated {counted(turn.repeats, 'time')}" if turn.repeats else "",
    ]
    return ", ".join(filter(None, told))


def unanswered(turn: Turn) -> str:
    """Why there is no answer, in a word or two; empty if nothing waits for one."""
    if turn.status is TurnStatus.SKIPPED:
        return "Skipped" if turn.asked_at is not None else "Not reached"
    return "Not answered yet" if turn.status is TurnStatus.ASKED or turn.open_follow_up is not None else ""


def time_taken(turn: Turn, position: int) -> str:
    """How long the answer at `position` took, beside the guide, and whether the limit sent it."""
    answer = turn.answers[position]
    guide = "" if position else f"; the guide is {duration(60 * turn.question.minutes)}"
    return f"{duration(answer.seconds)}{guide}{'; sent by the time limit' if answer.timed_out else ''}"


def no_words(answer: Answer, *, redacted: bool) -> str:
    """What stands in place of an answer that shows no words; empty for one that does."""
    if redacted:
        return "The answer is left out."
    if answer.text.strip() or answer.gave_up:
        return ""
    return "No words: the answer is empty."


def about_the_score(turn: Turn, result: TurnResult) -> Iterator[str]:
    """Sentences that explain a turn's score where it is no plain sum."""
    grades = graded_answers(turn)
    if len(grades) > 1:
        yield (
            f"The first answer alone: {number(grades[0][1].score)}. A follow-up wins back "
            f"{number(100 * turn.rubric.follow_up_credit)} % of what was lost on a point."
        )
    if len(grades) < len(turn.answers):
        yield "An answer to a follow-up is not graded yet; it is not in this score."
    lost = {c.id for c in result.criteria if is_lost(c.verdict)}
    if any(c.must_have and c.id in lost for c in turn.question.criteria):
        cap = number(turn.rubric.must_have_cap)
        yield f"A point that must be there is not: the score cannot be over {cap}."


def traits(criterion: Criterion) -> str:
    """What sets a point apart from others; empty for a common one."""
    told = [
        f"weight {criterion.weight:g}" if criterion.weight != 1 else "",
        "must be there" if criterion.must_have else "",
    ]
    return ", ".join(filter(None, told))


def after_follow_up(point: Point) -> str:
    """How a follow-up changed the point; empty if none did."""
    if point.before is None:
        return ""
    return f"after follow-up ({point.before} before; {number(100 * point.earned.credit)} % of the credit)"


def ruling(dispute: Dispute) -> str:
    """What a second look came to."""
    if dispute.outcome is None:
        return "It was not judged again; the verdict stands."
    return f"Judged again: {dispute.outcome}"
