"""Answers that need no grader: nothing said, the question said back, or more than can be judged."""

from __future__ import annotations

from interviewer.errors import AnswerTooLongError
from interviewer.grading.models import (
    CriterionGrade,
    Evidence,
    Flag,
    Grade,
    GraderIdentity,
    GradingTask,
    Verdict,
)
from interviewer.text import fold, words

#: Longest answer, in characters, that is sent to a grader; about 4,000 words. Nothing is ever cut.
MAX_ANSWER_CHARACTERS = 24_000


def refuse_over_long(answer: str) -> None:
    """Raise AnswerTooLongError if `answer` is over the limit."""
    if len(answer) > MAX_ANSWER_CHARACTERS:
        raise AnswerTooLongError(
            f"the answer has {len(answer):,} characters; a grader takes at most {MAX_ANSWER_CHARACTERS:,}",
            hint="Send a shorter one: nothing is cut for you, so that nothing is graded unseen.",
        )


def gate(task: GradingTask, answer: str) -> Flag | None:
    """The flag that settles the grade without a call, or None if the answer must be judged.

    answer: that of the task, with what is no part of it painted over.
    """
    said = words(fold(answer).text)
    if not said:
        return Flag.EMPTY
    asked = [words(fold(text).text) for text in (task.question.text, task.follow_up or "")]
    return Flag.RESTATED if any(_restates(said, question) for question in asked) else None


def grade_of_nothing(
    task: GradingTask, flags: tuple[Flag, ...], grader: GraderIdentity, withheld: tuple[Evidence, ...] = ()
) -> Grade:
    """The grade of an answer that shows nothing: all criteria missing, score 0, no call made."""
    return Grade(
        score=0.0,
        band=task.rubric.band_of(0.0).id,
        criteria=tuple(CriterionGrade(id=c.id, verdict=Verdict.MISSING) for c in task.criteria),
        flags=flags,
        withheld=withheld,
        grader=grader,
    )


def _restates(said: list[str], asked: list[str]) -> bool:
    """Whether `said` holds nothing but the question's words, in their order."""
    if len(said) < 3:
        return False
    remaining = iter(asked)
    return all(word in remaining for word in said)
