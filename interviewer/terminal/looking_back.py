"""What is typed about a question that has its grade: which one is meant, and what is shown of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from interviewer.errors import OutOfTurnError
from interviewer.grading.score import credited
from interviewer.interview.models import Interview, Turn, TurnStatus
from interviewer.interview.state import grades_of
from interviewer.terminal.commands import Said, Word
from interviewer.terminal.screen import Screen

_PLACE = re.compile(r"(?:(\d{1,4})\.)?([a-z0-9][a-z0-9-]*)", re.IGNORECASE)

#: Digits of a number that could be meant; Python refuses to read thousands of them.
_LONGEST_NUMBER = 4


def turn_meant(interview: Interview, latest: int | None, number: int | None = None) -> Turn:
    """The graded turn of question `number`, from 1, its last try; without a number the turn `latest`.

    Raises OutOfTurnError if there is none.
    """
    if number is None:
        if latest is None:
            raise OutOfTurnError("no question has its grade yet")
        return interview.turns[latest]
    tries = [
        t
        for t in interview.turns
        if t.status is TurnStatus.GRADED and (t.index if t.retry_of is None else t.retry_of) == number - 1
    ]
    if not tries:
        raise OutOfTurnError(f"question {number} has no grade")
    return tries[-1]


def point_meant(interview: Interview, latest: int | None, said: Said) -> tuple[Turn, str, str]:
    """Turn, criterion id and what follows, for `2`, `3.2` or `3.some-id` with more behind it.

    Raises OutOfTurnError if that is no point of a graded question.
    """
    place, _, rest = said.rest.partition(" ")
    match = _PLACE.fullmatch(place.strip(":,"))
    if match is None:
        raise OutOfTurnError(
            "which point?", hint=f"Say its number: {said.word} 2, or {said.word} 3.2 for question 3."
        )
    turn = turn_meant(interview, latest, int(match[1]) if match[1] else None)
    ids = [c.id for c in turn.question.criteria]
    number = _number(match[2])
    if number is not None and 1 <= number <= len(ids):
        return turn, ids[number - 1], rest.strip()
    if match[2] in ids:
        return turn, match[2], rest.strip()
    raise OutOfTurnError(f"there is no point {match[2]}", hint=f"This question has points 1 to {len(ids)}.")


def show(screen: Screen, interview: Interview, latest: int | None, said: Said) -> None:
    """Show what `/why` or `/outline` asks for. Raises OutOfTurnError if there is nothing to show yet."""
    if said.word is Word.OUTLINE:
        screen.outline(question_meant(interview, latest, said).question)
        return
    turn, criterion_id, _ = point_meant(interview, latest, said)
    if turn.open_follow_up is not None:
        raise OutOfTurnError("a follow-up is open", hint="Answer it or /skip it first.")
    number, criterion = next(
        (n, c) for n, c in enumerate(turn.question.criteria, start=1) if c.id == criterion_id
    )
    grades = grades_of(turn)
    earned = next(c for c in credited(grades, turn.question.criteria, turn.rubric) if c.id == criterion_id)
    dispute = next((d for d in turn.disputes if d.criterion == criterion_id), None)
    screen.why(turn, number, criterion, earned, grades, dispute)


def question_meant(interview: Interview, latest: int | None, said: Said) -> Turn:
    """The graded turn for `/retry` or `/outline`, alone or with a question's number.

    Raises OutOfTurnError if there is none.
    """
    number = _number(said.rest)
    if said.rest and number is None:
        raise OutOfTurnError("which question?", hint=f"Say its number: {said.word} 3.")
    return turn_meant(interview, latest, number)


def _number(said: str) -> int | None:
    """The number that a person means; None for what is none, such as a superscript, and for endless ones."""
    return int(said) if said.isdecimal() and len(said) <= _LONGEST_NUMBER else None


def answered(turns: Sequence[Turn]) -> int:
    """How many questions have an answer, tries again left out."""
    return sum(bool(t.answers) for t in turns if t.retry_of is None)
