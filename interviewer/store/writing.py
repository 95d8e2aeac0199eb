"""What each event changes in the tables. It mirrors `interviewer.interview.machine.evolve`."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from interviewer.errors import StoreError
from interviewer.grading.models import Flag, Grade
from interviewer.interview.events import (
    AnswerGraded,
    AnswerSubmitted,
    Event,
    FollowUpAsked,
    FollowUpDeclined,
    GradeWanted,
    GradingFailed,
    InterviewFinished,
    InterviewPaused,
    InterviewResumed,
    InterviewStarted,
    NudgeGiven,
    QuestionAsked,
    QuestionRepeated,
    TurnSkipped,
)
from interviewer.interview.models import Answer, Interview, Status, Turn, TurnStatus
from interviewer.models import Frozen
from interviewer.store.codec import pack_json, pack_model, pack_text, pack_time

Value = str | bytes | float | int | None


def write_event(connection: sqlite3.Connection, interview_id: str, event: Event) -> None:
    """Apply `event` to the tables, inside the caller's transaction.

    Raises StoreError for an event about something that is not stored, sqlite3.Error as SQLite does.
    """
    match event:
        case InterviewStarted(interview=interview):
            if interview.id != interview_id:
                raise StoreError("the event belongs to another interview")
            _insert_interview(connection, interview)
        case InterviewResumed():
            _set_interview(connection, interview_id, status=Status.RUNNING)
        case InterviewPaused():
            _set_interview(connection, interview_id, status=Status.PAUSED)
        case InterviewFinished(at=at):
            _set_interview(connection, interview_id, status=Status.FINISHED, finished_at=pack_time(at))
        case QuestionAsked(turn=turn, at=at):
            _set_turn(connection, interview_id, turn, status=TurnStatus.ASKED, asked_at=pack_time(at))
        case FollowUpAsked(turn=turn, follow_up=follow_up):
            _set_turn(connection, interview_id, turn, open_follow_up=pack_model(follow_up))
        case FollowUpDeclined(turn=turn):
            _set_turn(connection, interview_id, turn, open_follow_up=None)
        case TurnSkipped(turn=turn):
            _set_turn(connection, interview_id, turn, status=TurnStatus.SKIPPED)
        case QuestionRepeated(turn=turn):
            _count(connection, interview_id, turn, "UPDATE turns SET repeats = repeats + 1")
        case NudgeGiven(turn=turn):
            _count(connection, interview_id, turn, "UPDATE turns SET nudges = nudges + 1")
        case AnswerSubmitted():
            _submitted(connection, interview_id, event)
        case AnswerGraded():
            _graded(connection, interview_id, event)
        case GradingFailed(turn=turn, position=position, failure=failure):
            _set_failure(connection, (interview_id, turn, position), pack_model(failure))
        case GradeWanted():
            pass  # an answer without a grade says it


def _submitted(connection: sqlite3.Connection, interview_id: str, event: AnswerSubmitted) -> None:
    (known,) = connection.execute(
        "SELECT count(*) FROM answers WHERE interview_id = ? AND turn = ?", (interview_id, event.turn)
    ).fetchone()
    if event.position != known:
        raise StoreError(
            f"answer {event.position} of turn {event.turn} does not follow the {known} that are stored",
            hint="Is the same interview open in another window? Close one of them and resume the interview.",
        )
    _set_turn(connection, interview_id, event.turn, open_follow_up=None)
    if event.position == 0:
        # A turn that has its grade keeps it while a follow-up answer is judged.
        _set_turn(connection, interview_id, event.turn, status=TurnStatus.PENDING)
    _insert_answer(connection, (interview_id, event.turn, event.position), event.answer)


def _graded(connection: sqlite3.Connection, interview_id: str, event: AnswerGraded) -> None:
    key = (interview_id, event.turn, event.position)
    _set_failure(connection, key, None)
    _insert_grade(connection, key, event.grade, event.at)
    _set_turn(connection, interview_id, event.turn, score=event.score)
    first_is_graded = connection.execute(
        "SELECT 1 FROM grades WHERE interview_id = ? AND turn = ? AND position = 0",
        (interview_id, event.turn),
    ).fetchone()
    if first_is_graded:
        _set_turn(connection, interview_id, event.turn, status=TurnStatus.GRADED)


def _insert_interview(connection: sqlite3.Connection, interview: Interview) -> None:
    connection.execute(
        "INSERT INTO interviews (id, status, started_at, finished_at, bank_id, bank, settings)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            interview.id,
            interview.status,
            pack_time(interview.started_at),
            _time(interview.finished_at),
            interview.bank.id,
            pack_model(interview.bank),
            pack_model(interview.settings),
        ),
    )
    for turn in interview.turns:
        _insert_turn(connection, interview.id, turn)


def _insert_turn(connection: sqlite3.Connection, interview_id: str, turn: Turn) -> None:
    connection.execute(
        "INSERT INTO turns (interview_id, turn, question_id, category_id, question, rubric, status, asked_at,"
        " open_follow_up, nudges, repeats, score) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            interview_id,
            turn.index,
            turn.question.id,
            turn.question.category,
            pack_model(turn.question),
            pack_model(turn.rubric),
            turn.status,
            _time(turn.asked_at),
            _model(turn.open_follow_up),
            turn.nudges,
            turn.repeats,
            turn.score,
        ),
    )
    for position, answer in enumerate(turn.answers):
        _insert_answer(connection, (interview_id, turn.index, position), answer)


def _insert_answer(connection: sqlite3.Connection, key: tuple[str, int, int], answer: Answer) -> None:
    connection.execute(
        "INSERT INTO answers (interview_id, turn, position, prompt, criteria, text, submitted_at, seconds,"
        " gave_up, failure) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *key,
            pack_text(answer.prompt) if answer.prompt is not None else None,
            pack_json(answer.criteria),
            pack_text(answer.text),
            pack_time(answer.submitted_at),
            answer.seconds,
            answer.gave_up,
            _model(answer.failure),
        ),
    )
    if answer.grade is not None:
        _insert_grade(connection, key, answer.grade, answer.submitted_at)


def _insert_grade(
    connection: sqlite3.Connection, key: tuple[str, int, int], grade: Grade, at: datetime
) -> None:
    grade_id = connection.execute(
        "INSERT INTO grades (interview_id, turn, position, graded_at, grader_kind, score, grade, provisional)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *key,
            pack_time(at),
            grade.grader.kind,
            grade.score,
            pack_model(grade),
            Flag.PROVISIONAL in grade.flags,
        ),
    ).lastrowid
    connection.executemany(
        "INSERT INTO criterion_grades (grade_id, criterion_id, verdict) VALUES (?, ?, ?)",
        [(grade_id, one.id, one.verdict) for one in grade.criteria],
    )


def _set_interview(connection: sqlite3.Connection, interview_id: str, **columns: Value) -> None:
    sql = f"UPDATE interviews SET {_assigned(columns)} WHERE id = ?"  # noqa: S608 - our own column names
    _update(connection, sql, columns, interview_id)


def _set_turn(connection: sqlite3.Connection, interview_id: str, turn: int, **columns: Value) -> None:
    sql = f"UPDATE turns SET {_assigned(columns)} WHERE interview_id = ? AND turn = ?"  # noqa: S608 - as above
    _update(connection, sql, columns, interview_id, turn)


def _count(connection: sqlite3.Connection, interview_id: str, turn: int, update: str) -> None:
    _update(connection, f"{update} WHERE interview_id = ? AND turn = ?", {}, interview_id, turn)


def _set_failure(connection: sqlite3.Connection, key: tuple[str, int, int], failure: bytes | None) -> None:
    sql = "UPDATE answers SET failure = ? WHERE interview_id = ? AND turn = ? AND position = ?"
    _update(connection, sql, {"failure": failure}, *key)


def _update(connection: sqlite3.Connection, sql: str, columns: dict[str, Value], *key: str | int) -> None:
    if connection.execute(sql, (*columns.values(), *key)).rowcount != 1:
        where = " ".join(f"{name} {value}" for name, value in zip(("", "turn", "answer"), key, strict=False))
        raise StoreError(f"the event is about something that is not stored: interview{where}")


def _assigned(columns: dict[str, Value]) -> str:
    return ", ".join(f"{name} = ?" for name in columns)


def _time(moment: datetime | None) -> str | None:
    return pack_time(moment) if moment is not None else None


def _model(model: Frozen | None) -> bytes | None:
    return pack_model(model) if model is not None else None
