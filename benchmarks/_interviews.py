"""Finished interviews over the shipped bank: each turn with answer, evidence and reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from interviewer.bank.models import Bank, Question
from interviewer.grading.models import CriterionGrade, Evidence, Grade, GraderIdentity, Verdict
from interviewer.grading.score import turn_score
from interviewer.interview.events import InterviewStarted
from interviewer.interview.models import Answer, BankLabel, Interview, Settings, Status, Turn, TurnStatus
from interviewer.store.database import Database
from interviewer.store.writing import write_event

START = datetime(2026, 1, 5, 19, tzinfo=UTC)
A_SITTING = 10
A_YEAR = timedelta(days=365)
_SENTENCE = "So what happens is this, and that is why it takes the time that it takes. "
ANSWER = _SENTENCE * 12


def interview_of(bank: Bank, id: str, turns: Sequence[Turn], at: datetime = START) -> Interview:
    """A finished interview of these turns."""
    return Interview(
        id=id,
        status=Status.FINISHED,
        started_at=at,
        finished_at=at + timedelta(hours=1),
        bank=BankLabel(
            id=bank.id,
            title=bank.title,
            role=bank.role,
            fingerprint=bank.fingerprint,
            categories=tuple((c.id, c.title) for c in bank.categories),
        ),
        settings=Settings(seed=1, grader="llm", model="benchmark", question_seconds=240),
        turns=tuple(turns),
    )


def turns_of(bank: Bank, count: int, at: datetime = START) -> Iterator[Turn]:
    """So many graded turns, a minute apart: the bank's questions over and over, verdicts of every kind."""
    for index in range(count):
        question = bank.questions[index % len(bank.questions)]
        verdicts = [list(Verdict)[(index + n) % len(Verdict)] for n in range(len(question.criteria))]
        yield turn_of(bank, index, question, verdicts, at + timedelta(minutes=index))


def turn_of(
    bank: Bank, index: int, question: Question, verdicts: Sequence[Verdict], at: datetime = START
) -> Turn:
    """A graded turn. verdicts: one for each criterion."""
    rubric = bank.rubric_of(question)
    grade = grade_of(bank, question, verdicts)
    return Turn(
        index=index,
        question=question,
        rubric=rubric,
        status=TurnStatus.GRADED,
        asked_at=at,
        answers=(Answer(text=ANSWER, submitted_at=at, seconds=60 + index % 200, grade=grade),),
        score=turn_score([grade], question, rubric),
    )


def grade_of(bank: Bank, question: Question, verdicts: Sequence[Verdict]) -> Grade:
    """A grade with evidence for each criterion but those that are missing."""
    return Grade(
        score=0,
        band=bank.rubric_of(question).bands[-1].id,
        criteria=tuple(
            CriterionGrade(
                id=criterion.id,
                verdict=verdict,
                evidence=() if verdict is Verdict.MISSING else (_quote(position),),
                reason="The relation between the two is not said.",
            )
            for position, (criterion, verdict) in enumerate(zip(question.criteria, verdicts, strict=True))
        ),
        feedback="You name what matters; say next why it does.",
        grader=GraderIdentity(kind="llm", model="benchmark", prompt_version="p", rubric_version="r"),
    )


def _quote(position: int) -> Evidence:
    """A quote of a sentence or so that overlaps with those beside it."""
    start = 50 * position
    return Evidence(quote=ANSWER[start : start + 80], start=start, end=start + 80)


def fill(folder: Path, bank: Bank, turns: int, end: datetime) -> int:
    """Write a store of so many turns in `folder`; its size in bytes.

    Ten a sitting, over the year up to `end`; the candidate gets better over it.
    """
    chance = Random(1)
    database = Database.open(folder, wait=10)
    sittings = -(-turns // A_SITTING)
    with database.writing() as connection:
        for number in range(sittings):
            at = end - (sittings - 1 - number) * A_YEAR / sittings
            count = min(A_SITTING, turns - number * A_SITTING)
            skill = 0.3 + 0.5 * number / sittings
            asked = [
                turn_of(
                    bank, index, question, _verdicts(question, skill, chance), at + timedelta(minutes=index)
                )
                for index, question in enumerate(chance.sample(bank.questions, count))
            ]
            interview = interview_of(bank, f"{at:%Y%m%d-%H%M%S}-{number:06}", asked, at)
            write_event(connection, interview.id, InterviewStarted(interview=interview))
    database.close()
    return database.path.stat().st_size


def _verdicts(question: Question, skill: float, chance: Random) -> list[Verdict]:
    return [
        Verdict.MET if chance.random() < skill else chance.choice((Verdict.PARTIAL, Verdict.MISSING))
        for _ in question.criteria
    ]
