"""Interviews of which every text is hostile, as the database of another machine or program may hold."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from interviewer.bank.models import Criterion, Misconception, Question
from interviewer.grading.models import (
    CriterionGrade,
    Evidence,
    Grade,
    GraderIdentity,
    MisconceptionGrade,
    Verdict,
)
from interviewer.interview.models import BankLabel, Failure, FollowUp, Interview, Settings
from interviewer.store.database import FILE_NAME
from tests.report.samples import answer, turn
from tests.support.builders import at, interview, rubric


def of_words(words: str, bank: str) -> Interview:
    """An interview in which every text that comes from elsewhere is `words`, or `bank` in the bank."""
    asked = Question(
        id="latency",
        category="beginner",
        text=bank,
        hint=bank,
        criteria=(Criterion(id="one-request", requirement=bank),),
        misconceptions=(Misconception(id="same-thing", claim=bank, correction=bank),),
    )
    proof = (Evidence(quote=words, start=0, end=len(words)),)
    grade = Grade(
        score=50,
        band=words,
        criteria=(CriterionGrade(id="one-request", verdict=Verdict.PARTIAL, evidence=proof, reason=words),),
        misconceptions=(MisconceptionGrade(id="same-thing", evidence=proof, penalty=10),),
        feedback=words,
        withheld=proof,
        grader=GraderIdentity(kind="llm", model=words, prompt_version=words, rubric_version=words),
    )
    named = rubric()
    named = named.model_copy(
        update={"bands": tuple(b.model_copy(update={"title": bank}) for b in named.bands)}
    )
    failure = Failure(code=words, message=words, at=at(9))
    turns = (
        turn(answer(words, grade=grade), of=asked, rubric=named),
        turn(answer(words, failure=failure), of=asked, index=1),
        turn(
            answer(words, grade=grade),
            answer(words, prompt=words, grade=grade),
            of=asked,
            index=2,
            open_follow_up=FollowUp(text=words, asked_at=at(9), criteria=("one-request",)),
        ),
    )
    return interview(id=words).model_copy(
        update={
            "turns": turns,
            "bank": BankLabel(
                id=words, title=words, role=words, fingerprint=words, categories=(("beginner", words),)
            ),
            "settings": Settings(seed=1, grader=words, model=words),
        }
    )


def raw(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / FILE_NAME, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def as_before_there_was_memory(folder: Path) -> None:
    """Take away all that the fourth migration made."""
    connection = raw(folder)
    for table in ("reviews", "reviewed_turns", "cards", "unreviewed"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("PRAGMA user_version = 3")
    connection.close()
