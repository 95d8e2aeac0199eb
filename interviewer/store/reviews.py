"""Reviews: what each graded turn showed of its question's criteria, kept beside the grades.

They follow from the grades at any time. They are kept so that looking back on years reads no grade.
Turns that the fake grader judged have none.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from functools import lru_cache
from typing import Any

from interviewer.bank.models import Question, Rubric
from interviewer.grading.models import Grade
from interviewer.interview.models import Answer, Dispute, Mode, Settings, Turn
from interviewer.memory.outcomes import outcomes_of
from interviewer.store.cards import CardKey, renew_cards
from interviewer.store.codec import pack_time, unpack_model, unpack_time

_TURN = """
    SELECT i.bank_id, i.settings, t.category_id, t.question_id, t.question, t.rubric, t.score, t.retry_of,
        a.submitted_at
    FROM turns t
    JOIN interviews i ON i.id = t.interview_id
    JOIN answers a ON a.interview_id = t.interview_id AND a.turn = t.turn AND a.position = 0
    WHERE t.interview_id = ? AND t.turn = ?
"""
# The newest grade of each answer counts, as in the view latest_grades, which would look at all interviews.
_GRADES = """
    SELECT position, grade FROM grades WHERE interview_id = ? AND turn = ? ORDER BY position, id
"""

#: No turn has so many answers.
_LAST_POSITION = 1_000


def keep_reviews(connection: sqlite3.Connection, interview_id: str, turn: int) -> None:
    """Replace the reviews of the turn by what its grades come to now, and bring its criteria's cards up to
    date. Raises ValueError for damaged data.
    """
    renew_cards(connection, _replace(connection, interview_id, turn))


def review_the_unreviewed(connection: sqlite3.Connection) -> None:
    """Write the reviews of turns that were graded by a version of this program that kept none."""
    keys: set[CardKey] = set()
    for interview_id, turn in connection.execute("SELECT interview_id, turn FROM unreviewed").fetchall():
        try:
            keys.update(_replace(connection, interview_id, turn))
        except ValueError:
            # One damaged turn must not hide all others. `show` of its interview tells of it.
            continue
    connection.execute("DELETE FROM unreviewed")
    renew_cards(connection, keys)


def _replace(connection: sqlite3.Connection, interview_id: str, index: int) -> list[CardKey]:
    """The criteria that the turn has reviews of now."""
    row = connection.execute(_TURN, (interview_id, index)).fetchone()
    turn = _turn(connection, interview_id, index, row) if row is not None else None
    key = (interview_id, index)
    connection.execute("DELETE FROM reviewed_turns WHERE interview_id = ? AND turn = ?", key)
    outcomes = outcomes_of(turn) if turn is not None else {}
    if turn is None or turn.score is None or not outcomes:
        return []
    at, bank_id, question_id = pack_time(turn.answers[0].submitted_at), row["bank_id"], row["question_id"]
    is_drill = unpack_model(Settings, row["settings"]).mode is Mode.DRILL
    is_retry = row["retry_of"] is not None
    connection.execute(
        "INSERT INTO reviewed_turns (interview_id, turn, bank_id, category_id, question_id, at, score, drill,"
        " retry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*key, bank_id, row["category_id"], question_id, at, turn.score, is_drill, is_retry),
    )
    weights = {criterion.id: criterion.weight for criterion in turn.question.criteria}
    connection.executemany(
        "INSERT INTO reviews (interview_id, turn, bank_id, question_id, criterion_id, at, outcome, weight)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(*key, bank_id, question_id, id, at, outcome, weights[id]) for id, outcome in outcomes.items()],
    )
    return [(bank_id, question_id, id) for id in outcomes]


def _turn(connection: sqlite3.Connection, interview_id: str, index: int, row: sqlite3.Row) -> Turn:
    """The turn as far as its outcomes need it: without the texts of its answers."""
    grades: dict[Any, bytes] = dict(connection.execute(_GRADES, (interview_id, index)).fetchall())
    # SQLite keeps any kind of value in any column.
    if any(not isinstance(position, int) or position > _LAST_POSITION for position in grades):
        raise ValueError("a grade stands where no answer can be")
    disputes = connection.execute(
        "SELECT dispute FROM disputes WHERE interview_id = ? AND turn = ? ORDER BY id", (interview_id, index)
    )
    submitted_at = unpack_time(row["submitted_at"])
    count = max(grades, default=0) + 1
    return Turn(
        index=index,
        question=_question(row["question"]),
        rubric=_rubric(row["rubric"]),
        score=row["score"],
        answers=tuple(_answer(grades.get(position), submitted_at) for position in range(count)),
        disputes=tuple(unpack_model(Dispute, one["dispute"]) for one in disputes),
    )


def _answer(grade: bytes | None, submitted_at: datetime) -> Answer:
    found = None if grade is None else unpack_model(Grade, grade)
    return Answer(text="", submitted_at=submitted_at, seconds=0, grade=found)


# Questions and rubrics come back again and again, in the same bytes.
@lru_cache(maxsize=256)
def _question(stored: bytes) -> Question:
    return unpack_model(Question, stored)


@lru_cache(maxsize=16)
def _rubric(stored: bytes) -> Rubric:
    return unpack_model(Rubric, stored)
