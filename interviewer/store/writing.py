"""What each event changes in the tables. It mirrors `interviewer.interview.machine.evolve`."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from interviewer.errors import StoreError
from interviewer.grading.models import Flag, Grade
from interviewer.interview.events import (
    AnswerGraded,
    AnswerSubmitted,
    DisputeFailed,
    DisputeSettled,
    DraftKept,
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
    QuestionPutBack,
    QuestionRepeated,
    RulingWanted,
    TurnAdded,
    TurnSkipped,
    VerdictDisputed,
)
from interviewer.interview.models import Answer, Dispute, Failure, Interview, Status, Turn, TurnStatus
from interviewer.models import Frozen
from interviewer.store.codec import pack_json, pack_model, pack_text, pack_time, unpack_model
from interviewer.store.reviews import keep_reviews

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
            _set_interview(connection, interview_id, status=Status.RUNNING, finished_at=None)
        case InterviewPaused():
            _set_interview(connection, interview_id, status=Status.PAUSED)
        case InterviewFinished(at=at):
            _set_interview(connection, interview_id, status=Status.FINISHED, finished_at=pack_time(at))
        case QuestionAsked(turn=turn, at=at, spent=spent):
            asked = pack_time(at)
            _set_turn(connection, interview_id, turn, status=TurnStatus.ASKED, asked_at=asked, spent=spent)
            _set_interview(connection, interview_id, latest=turn)
        case QuestionPutBack(turn=turn, seconds=seconds):
            status = TurnStatus.PLANNED
            _set_turn(connection, interview_id, turn, status=status, asked_at=None, spent=seconds)
        case FollowUpAsked(turn=turn, follow_up=follow_up, spent=spent):
            _set_turn(connection, interview_id, turn, open_follow_up=pack_model(follow_up), spent=spent)
        case FollowUpDeclined(turn=turn):
            _set_turn(connection, interview_id, turn, open_follow_up=None, draft=None, spent=0.0)
        case TurnSkipped(turn=turn, seconds=seconds):
            _set_turn(connection, interview_id, turn, status=TurnStatus.SKIPPED, spent=seconds)
        case DraftKept(turn=turn, draft=draft):
            _set_turn(connection, interview_id, turn, draft=pack_model(draft))
        case TurnAdded(added=added):
            _insert_turn(connection, interview_id, added)
        case VerdictDisputed(turn=turn, dispute=dispute):
            _insert_dispute(connection, (interview_id, turn), dispute)
        case DisputeSettled(turn=turn, criterion=criterion, grade=grade, score=score):
            _settle(connection, (interview_id, turn), criterion, grade=grade, failure=None)
            _set_turn(connection, interview_id, turn, score=score)
            keep_reviews(connection, interview_id, turn)
        case DisputeFailed(turn=turn, criterion=criterion, failure=failure):
            _settle(connection, (interview_id, turn), criterion, failure=failure)
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
        case GradeWanted() | RulingWanted():
            pass  # an answer without a grade says it, and a dispute without one


def _submitted(connection: sqlite3.Connection, interview_id: str, event: AnswerSubmitted) -> None:
    (known,) = connection.execute(
        "SELECT count(*) FROM answers WHERE interview_id = ? AND turn = ?", (interview_id, event.turn)
    ).fetchone()
    if event.position != known:
        raise StoreError(
            f"answer {event.position} of turn {event.turn} does not follow the {known} that are stored",
            hint="Is the same interview open in another window? Close one of them and resume the interview.",
        )
    _set_turn(connection, interview_id, event.turn, open_follow_up=None, draft=None, spent=0.0)
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
    keep_reviews(connection, interview_id, event.turn)


def _insert_interview(connection: sqlite3.Connection, interview: Interview) -> None:
    connection.execute(
        "INSERT INTO interviews (id, status, started_at, finished_at, bank_id, bank, settings, latest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            interview.id,
            interview.status,
            pack_time(interview.started_at),
            _time(interview.finished_at),
            interview.bank.id,
            pack_model(interview.bank),
            pack_model(interview.settings),
            interview.latest,
        ),
    )
    for turn in interview.turns:
        _insert_turn(connection, interview.id, turn)


def _insert_turn(connection: sqlite3.Connection, interview_id: str, turn: Turn) -> None:
    connection.execute(
        "INSERT INTO turns (interview_id, turn, question_id, category_id, question, rubric, status, asked_at,"
        " open_follow_up, nudges, repeats, score, spent, draft, retry_of)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
            turn.spent,
            _model(turn.draft),
            turn.retry_of,
        ),
    )
    for position, answer in enumerate(turn.answers):
        _insert_answer(connection, (interview_id, turn.index, position), answer)
    for dispute in turn.disputes:
        _insert_dispute(connection, (interview_id, turn.index), dispute)
    if turn.score is not None:
        keep_reviews(connection, interview_id, turn.index)


def _insert_dispute(connection: sqlite3.Connection, key: tuple[str, int], dispute: Dispute) -> None:
    """A dispute that failed may be tried again: the new one takes its place."""
    connection.execute(
        "DELETE FROM disputes WHERE interview_id = ? AND turn = ? AND criterion_id = ?",
        (*key, dispute.criterion),
    )
    connection.execute(
        "INSERT INTO disputes (interview_id, turn, criterion_id, dispute) VALUES (?, ?, ?, ?)",
        (*key, dispute.criterion, pack_model(dispute)),
    )


def _settle(
    connection: sqlite3.Connection, key: tuple[str, int], criterion: str, **told: Grade | Failure | None
) -> None:
    where = "interview_id = ? AND turn = ? AND criterion_id = ?"
    row = connection.execute(f"SELECT dispute FROM disputes WHERE {where}", (*key, criterion)).fetchone()  # noqa: S608 - our own words
    if row is None:
        raise StoreError(f"the event is about a dispute that is not stored: turn {key[1]} {criterion}")
    dispute = unpack_model(Dispute, row["dispute"]).model_copy(update=told)
    connection.execute(
        f"UPDATE disputes SET dispute = ? WHERE {where}",  # noqa: S608 - as above
        (pack_model(dispute), *key, criterion),
    )


def _insert_answer(connection: sqlite3.Connection, key: tuple[str, int, int], answer: Answer) -> None:
    connection.execute(
        "INSERT INTO answers (interview_id, turn, position, prompt, criteria, text, submitted_at, seconds,"
        " gave_up, failure, timed_out) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *key,
            pack_text(answer.prompt) if answer.prompt is not None else None,
            pack_json(answer.criteria),
            pack_text(answer.text),
            pack_time(answer.submitted_at),
            answer.seconds,
            answer.gave_up,
            _model(answer.failure),
            answer.timed_out,
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
