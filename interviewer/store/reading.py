"""How an interview is put together again from the tables; the counterpart of `interviewer.store.writing`."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from interviewer.bank.models import Question, Rubric
from interviewer.grading.models import Grade
from interviewer.interview.models import (
    Answer,
    BankLabel,
    Dispute,
    Draft,
    Failure,
    FollowUp,
    Interview,
    Settings,
    Turn,
)
from interviewer.store.codec import unpack_json, unpack_model, unpack_text, unpack_time
from interviewer.store.models import PendingAnswer, PendingDispute, SessionRow

_SESSIONS = """
    SELECT i.id, i.started_at, i.finished_at, i.status, i.bank,
        count(t.turn) AS questions,
        count(a.turn) AS answered,
        count(*) FILTER (WHERE t.status = 'graded') AS graded,
        count(*) FILTER (WHERE t.status = 'pending') AS pending,
        count(*) FILTER (WHERE t.status = 'skipped') AS skipped,
        avg(t.score) FILTER (WHERE t.status = 'graded') AS score
    FROM interviews i
    LEFT JOIN turns t ON t.interview_id = i.id AND t.retry_of IS NULL
    LEFT JOIN answers a ON a.interview_id = t.interview_id AND a.turn = t.turn AND a.position = 0
    GROUP BY i.id ORDER BY i.started_at DESC, i.id DESC LIMIT ?
"""
_PENDING = """
    SELECT a.interview_id, a.turn, a.position FROM answers a JOIN interviews i ON i.id = a.interview_id
    WHERE (? IS NULL OR a.interview_id = ?) AND NOT EXISTS (
        SELECT 1 FROM grades g
        WHERE g.interview_id = a.interview_id AND g.turn = a.turn AND g.position = a.position
            AND NOT g.provisional)
    ORDER BY i.started_at, a.interview_id, a.turn, a.position
"""

_DISPUTES = """
    SELECT d.interview_id, d.turn, d.dispute FROM disputes d JOIN interviews i ON i.id = d.interview_id
    WHERE ? IS NULL OR d.interview_id = ?
    ORDER BY i.started_at, d.interview_id, d.turn, d.id
"""


def read_interview(connection: sqlite3.Connection, interview_id: str) -> Interview | None:
    """The interview as it stands, or None if it is not stored. Raises ValueError for damaged data."""
    row = connection.execute("SELECT * FROM interviews WHERE id = ?", (interview_id,)).fetchone()
    if row is None:
        return None
    answers, disputes = _answers(connection, interview_id), _disputes(connection, interview_id)
    turns = connection.execute("SELECT * FROM turns WHERE interview_id = ? ORDER BY turn", (interview_id,))
    finished_at = row["finished_at"]
    found = Interview(
        id=row["id"],
        status=row["status"],
        started_at=unpack_time(row["started_at"]),
        finished_at=None if finished_at is None else unpack_time(finished_at),
        bank=unpack_model(BankLabel, row["bank"]),
        settings=unpack_model(Settings, row["settings"]),
        turns=tuple(_turn(turn, answers, disputes) for turn in turns),
        latest=row["latest"],
    )
    _check(found)
    return found


def _check(interview: Interview) -> None:
    """Raise ValueError where turns do not count up, or point at others or have grades that cannot be."""
    count = len(interview.turns)
    if [turn.index for turn in interview.turns] != list(range(count)):
        raise ValueError("the turns of an interview are not in order")
    for other in (interview.latest, *(turn.retry_of for turn in interview.turns)):
        if other is not None and other >= count:
            raise ValueError(f"turn {other} is meant, of {count}")
    for turn in interview.turns:
        _check_grades(turn)


def _check_grades(turn: Turn) -> None:
    """Raise ValueError where the grades of a turn do not fit its question."""
    grades = [answer.grade for answer in turn.answers if answer.grade is not None]
    judged = {c.id for grade in grades for c in grade.criteria}
    if grades and {c.id for c in turn.question.criteria} - judged:
        raise ValueError("the grades of an answer leave out criteria of its question")
    asserted = [one for grade in grades for one in grade.misconceptions]
    if {one.id for one in asserted} - {m.id for m in turn.question.misconceptions}:
        raise ValueError("a grade names misconceptions that its question does not have")
    if not all(one.evidence for one in asserted):
        raise ValueError("a misconception is charged without evidence")


def read_sessions(connection: sqlite3.Connection, limit: int) -> tuple[SessionRow, ...]:
    """The newest interviews, newest first."""
    return tuple(
        SessionRow(
            id=row["id"],
            started_at=unpack_time(row["started_at"]),
            finished_at=None if row["finished_at"] is None else unpack_time(row["finished_at"]),
            status=row["status"],
            bank=unpack_model(BankLabel, row["bank"]).title,
            questions=row["questions"],
            answered=row["answered"],
            graded=row["graded"],
            pending=row["pending"],
            skipped=row["skipped"],
            score=row["score"],
        )
        for row in connection.execute(_SESSIONS, (limit,))
    )


def read_pending(connection: sqlite3.Connection, interview_id: str | None) -> tuple[PendingAnswer, ...]:
    """Every answer without a grade that lasts, oldest interview first; of one interview, or of all."""
    rows = connection.execute(_PENDING, (interview_id, interview_id))
    return tuple(PendingAnswer(interview_id=i, turn=turn, position=position) for i, turn, position in rows)


def read_unsettled(connection: sqlite3.Connection, interview_id: str | None) -> tuple[PendingDispute, ...]:
    """Every dispute without a ruling, oldest interview first; of one interview, or of all."""
    rows = connection.execute(_DISPUTES, (interview_id, interview_id))
    found = ((id, turn, unpack_model(Dispute, stored)) for id, turn, stored in rows)
    return tuple(
        PendingDispute(interview_id=id, turn=turn, criterion=dispute.criterion)
        for id, turn, dispute in found
        if dispute.grade is None
    )


def read_ids(connection: sqlite3.Connection, prefix: str, *, unfinished: bool) -> list[str]:
    """Ids that begin with `prefix`, newest interview first. An id that is exactly `prefix` stands alone."""
    rows = connection.execute(
        "SELECT id FROM interviews WHERE substr(id, 1, length(?)) = ? AND (NOT ? OR status <> 'finished')"
        " ORDER BY started_at DESC, id DESC",
        (prefix, prefix, unfinished),
    )
    found = [str(row["id"]) for row in rows]
    return [prefix] if prefix in found else found


def _turn(
    row: sqlite3.Row, answers: Mapping[int, list[Answer]], disputes: Mapping[int, list[Dispute]]
) -> Turn:
    follow_up, asked_at, draft = row["open_follow_up"], row["asked_at"], row["draft"]
    return Turn(
        index=row["turn"],
        question=unpack_model(Question, row["question"]),
        rubric=unpack_model(Rubric, row["rubric"]),
        status=row["status"],
        asked_at=None if asked_at is None else unpack_time(asked_at),
        answers=tuple(answers.get(row["turn"], ())),
        open_follow_up=None if follow_up is None else unpack_model(FollowUp, follow_up),
        nudges=row["nudges"],
        repeats=row["repeats"],
        spent=row["spent"],
        draft=None if draft is None else unpack_model(Draft, draft),
        disputes=tuple(disputes.get(row["turn"], ())),
        retry_of=row["retry_of"],
        score=row["score"],
    )


def _answers(connection: sqlite3.Connection, interview_id: str) -> dict[int, list[Answer]]:
    """The answers by turn, each list in order, with the newest grade of each."""
    rows = connection.execute(
        "SELECT a.*, g.grade FROM answers a LEFT JOIN latest_grades g"
        " ON g.interview_id = a.interview_id AND g.turn = a.turn AND g.position = a.position"
        " WHERE a.interview_id = ? ORDER BY a.turn, a.position",
        (interview_id,),
    )
    found: dict[int, list[Answer]] = {}
    for row in rows:
        answers = found.setdefault(row["turn"], [])
        if row["position"] != len(answers):
            raise ValueError("the answers of a turn are not in order")
        answers.append(_answer(row))
    return found


def _disputes(connection: sqlite3.Connection, interview_id: str) -> dict[int, list[Dispute]]:
    """The disputes by turn, each list in order."""
    rows = connection.execute(
        "SELECT turn, dispute FROM disputes WHERE interview_id = ? ORDER BY turn, id", (interview_id,)
    )
    found: dict[int, list[Dispute]] = {}
    for row in rows:
        found.setdefault(row["turn"], []).append(unpack_model(Dispute, row["dispute"]))
    return found


def _answer(row: sqlite3.Row) -> Answer:
    return Answer(
        prompt=None if row["prompt"] is None else unpack_text(row["prompt"]),
        criteria=unpack_json(row["criteria"]),
        text=unpack_text(row["text"]),
        submitted_at=unpack_time(row["submitted_at"]),
        seconds=row["seconds"],
        gave_up=bool(row["gave_up"]),
        timed_out=bool(row["timed_out"]),
        grade=None if row["grade"] is None else unpack_model(Grade, row["grade"]),
        failure=None if row["failure"] is None else unpack_model(Failure, row["failure"]),
    )
