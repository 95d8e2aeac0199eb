"""What is remembered over all interviews, read from the reviews: SQL adds up, nothing reads a grade."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import groupby

from interviewer.interview.models import BankLabel
from interviewer.memory.models import MOST_RESULTS, Asked, BankNames, CriterionProgress, Memory, Outcome, Week
from interviewer.store.cards import behind, renew_cards
from interviewer.store.codec import unpack_count, unpack_id, unpack_model, unpack_number, unpack_time
from interviewer.store.database import Database

_QUESTIONS = """
    SELECT question_id, max(at) AS last_at, max(at) FILTER (WHERE NOT drill) AS whole_at,
        (SELECT category_id FROM reviewed_turns o
            WHERE o.bank_id = t.bank_id AND o.question_id = t.question_id
            ORDER BY at DESC LIMIT 1) AS category_id
    FROM reviewed_turns t WHERE bank_id = ? GROUP BY bank_id, question_id ORDER BY question_id
"""
# Weeks count from Monday, 1 January of year 1; 1721425.5 is that day's Julian day.
_WEEKS = """
    SELECT question_id, CAST((julianday(substr(at, 1, 10)) - 1721425.5) / 7 AS INTEGER) AS week,
        count(*) AS graded, sum(score) AS total
    FROM reviewed_turns WHERE bank_id = ? AND NOT drill AND NOT retry
    GROUP BY question_id, week ORDER BY question_id, week
"""
_RESULTS = """
    SELECT question_id, score FROM (
        SELECT question_id, score,
            row_number() OVER (PARTITION BY question_id ORDER BY at DESC, interview_id DESC, turn DESC) AS nth
        FROM reviewed_turns WHERE bank_id = ? AND NOT drill AND NOT retry
    ) WHERE nth <= ? ORDER BY question_id, nth DESC
"""
_CRITERIA = """
    SELECT s.question_id, s.criterion_id, s.seen, s.missed, s.at, l.outcome, l.weight, c.due,
        CASE WHEN l.outcome IN ('met', 'helped') THEN 0 ELSE (
            SELECT count(*) FROM reviews m
            WHERE m.bank_id = s.bank_id AND m.question_id = s.question_id
                AND m.criterion_id = s.criterion_id AND m.at > coalesce(s.shown_at, '')
        ) END AS missed_in_a_row
    FROM (
        SELECT bank_id, question_id, criterion_id, count(*) AS seen, max(at) AS at,
            count(*) FILTER (WHERE outcome NOT IN ('met', 'helped')) AS missed,
            max(at) FILTER (WHERE outcome IN ('met', 'helped')) AS shown_at
        FROM reviews WHERE bank_id = ? GROUP BY bank_id, question_id, criterion_id
    ) s
    JOIN reviews l ON (l.interview_id, l.turn, l.criterion_id) = (
        SELECT interview_id, turn, criterion_id FROM reviews n
        WHERE n.bank_id = s.bank_id AND n.question_id = s.question_id AND n.criterion_id = s.criterion_id
        ORDER BY at DESC, interview_id DESC, turn DESC LIMIT 1)
    JOIN cards c
        ON c.bank_id = s.bank_id AND c.question_id = s.question_id AND c.criterion_id = s.criterion_id
    ORDER BY s.question_id, s.criterion_id
"""
_BANKS = """
    SELECT i.bank_id, i.bank, max(i.started_at) AS started_at FROM interviews i
    WHERE i.bank_id IN (SELECT DISTINCT bank_id FROM reviewed_turns)
    GROUP BY i.bank_id ORDER BY started_at DESC, i.bank_id
"""


def memory_of(database: Database, bank_id: str) -> Memory:
    """What is remembered of the bank; empty for one of which nothing is. Raises StoreError.

    It writes only where reviews or cards are not up to date, after an update of the program for example.
    """
    _catch_up(database)
    with database.reading() as connection:
        is_behind = behind(connection, bank_id)
        if not is_behind:
            return _read(connection, bank_id)
    with database.writing() as connection:
        renew_cards(connection, behind(connection, bank_id))
        return _read(connection, bank_id)


def practised_banks(database: Database) -> tuple[BankNames, ...]:
    """The banks with something to remember, the one practised last first. Raises StoreError."""
    _catch_up(database)
    with database.reading() as connection:
        return tuple(_names(row["bank_id"], row["bank"]) for row in connection.execute(_BANKS))


def _catch_up(database: Database) -> None:
    with database.reading() as connection:
        if connection.execute("SELECT 1 FROM unreviewed LIMIT 1").fetchone() is None:
            return
    from interviewer.store.reviews import review_the_unreviewed

    with database.writing() as connection:
        review_the_unreviewed(connection)


def _read(connection: sqlite3.Connection, bank_id: str) -> Memory:
    weeks = {
        question: tuple(
            Week(unpack_count(row["week"]), row["graded"], unpack_number(row["total"])) for row in rows
        )
        for question, rows in _by_question(connection.execute(_WEEKS, (bank_id,)))
    }
    results = {
        question: tuple(unpack_number(row["score"]) for row in rows)
        for question, rows in _by_question(connection.execute(_RESULTS, (bank_id, MOST_RESULTS)))
    }
    criteria = dict(_by_question(connection.execute(_CRITERIA, (bank_id,))))
    questions = connection.execute(_QUESTIONS, (bank_id,)).fetchall()
    return Memory(
        bank=bank_id,
        questions=tuple(
            Asked(
                id=unpack_id(row["question_id"]),
                category=unpack_id(row["category_id"]),
                last_at=unpack_time(row["last_at"]),
                results=results.get(row["question_id"], ()),
                weeks=weeks.get(row["question_id"], ()),
                criteria=_criteria(criteria.get(row["question_id"], []), row["whole_at"]),
            )
            for row in questions
        ),
    )


def _criteria(rows: list[sqlite3.Row], whole_at: str | None) -> tuple[CriterionProgress, ...]:
    """Those that the question still had when it was last asked in full: a bank may drop some, and what
    nobody asks about any more must not stay due for ever.
    """
    held = [row for row in rows if whole_at is None or row["at"] >= whole_at]
    weight = sum(unpack_number(row["weight"]) for row in held)
    return tuple(
        CriterionProgress(
            question=row["question_id"],
            id=unpack_id(row["criterion_id"]),
            share=row["weight"] / weight,
            seen=row["seen"],
            missed=row["missed"],
            missed_in_a_row=row["missed_in_a_row"],
            last=Outcome(row["outcome"]),
            last_at=unpack_time(row["at"]),
            due=unpack_time(row["due"]),
        )
        for row in held
    )


def _names(bank_id: str, stored: bytes) -> BankNames:
    label = unpack_model(BankLabel, stored)
    return BankNames(id=bank_id, title=label.title, categories=label.categories)


def _by_question(rows: Iterable[sqlite3.Row]) -> Iterable[tuple[str, list[sqlite3.Row]]]:
    """Rows that are sorted by question, a list for each."""
    return ((question, list(held)) for question, held in groupby(rows, key=lambda row: row["question_id"]))
