"""The tables, as the steps that lead to them. `PRAGMA user_version` counts the steps that were applied.

To change the tables, add a script at the end; never change one that was released.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from interviewer.errors import StoreError

# Columns of type BLOB hold foreign text, or JSON of a model, as `interviewer.store.codec` packs it.
# Times are UTC, ISO 8601 with microseconds, so that their order as text is their order in time.
# `turn` and `position` count from 0.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE interviews (
        id TEXT PRIMARY KEY,
        status TEXT NOT NULL CHECK (status IN ('running', 'paused', 'finished')),
        started_at TEXT NOT NULL,
        finished_at TEXT,
        bank_id TEXT NOT NULL,
        bank BLOB NOT NULL,
        settings BLOB NOT NULL
    );
    CREATE INDEX interviews_by_start ON interviews (started_at, id);

    CREATE TABLE turns (
        interview_id TEXT NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
        turn INTEGER NOT NULL CHECK (turn >= 0),
        question_id TEXT NOT NULL,
        category_id TEXT NOT NULL,
        question BLOB NOT NULL,
        rubric BLOB NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('planned', 'asked', 'pending', 'graded', 'skipped')),
        asked_at TEXT,
        open_follow_up BLOB,
        nudges INTEGER NOT NULL,
        repeats INTEGER NOT NULL,
        score REAL CHECK (score BETWEEN 0 AND 100),
        PRIMARY KEY (interview_id, turn)
    );
    CREATE INDEX turns_by_question ON turns (question_id);

    CREATE TABLE answers (
        interview_id TEXT NOT NULL,
        turn INTEGER NOT NULL,
        position INTEGER NOT NULL CHECK (position >= 0),
        prompt BLOB,
        criteria BLOB NOT NULL,
        text BLOB NOT NULL,
        submitted_at TEXT NOT NULL,
        seconds REAL NOT NULL CHECK (seconds >= 0),
        gave_up INTEGER NOT NULL CHECK (gave_up IN (0, 1)),
        failure BLOB,
        PRIMARY KEY (interview_id, turn, position),
        FOREIGN KEY (interview_id, turn) REFERENCES turns (interview_id, turn) ON DELETE CASCADE
    );

    -- An answer may be graded again: the newest grade (highest id) counts, the older ones are history.
    CREATE TABLE grades (
        id INTEGER PRIMARY KEY,
        interview_id TEXT NOT NULL,
        turn INTEGER NOT NULL,
        position INTEGER NOT NULL,
        graded_at TEXT NOT NULL,
        grader_kind TEXT NOT NULL,
        score REAL NOT NULL CHECK (score BETWEEN 0 AND 100),
        grade BLOB NOT NULL,
        FOREIGN KEY (interview_id, turn, position)
            REFERENCES answers (interview_id, turn, position) ON DELETE CASCADE
    );
    CREATE INDEX grades_by_answer ON grades (interview_id, turn, position);

    CREATE TABLE criterion_grades (
        grade_id INTEGER NOT NULL REFERENCES grades (id) ON DELETE CASCADE,
        criterion_id TEXT NOT NULL,
        verdict TEXT NOT NULL CHECK (verdict IN ('met', 'partial', 'missing', 'wrong')),
        PRIMARY KEY (grade_id, criterion_id)
    ) WITHOUT ROWID;

    CREATE VIEW latest_grades AS
        SELECT * FROM grades WHERE id IN (SELECT max(id) FROM grades GROUP BY interview_id, turn, position);
    """,
    """
    -- A provisional grade counts until the grader that was out of reach has judged the answer.
    ALTER TABLE grades ADD COLUMN provisional INTEGER NOT NULL DEFAULT 0 CHECK (provisional IN (0, 1));
    """,
    """
    -- latest: the turn that was asked last. spent: seconds on screen before asked_at.
    ALTER TABLE interviews ADD COLUMN latest INTEGER;
    UPDATE interviews SET latest = (
        SELECT max(t.turn) FROM turns t WHERE t.interview_id = interviews.id AND t.asked_at IS NOT NULL);
    ALTER TABLE turns ADD COLUMN spent REAL NOT NULL DEFAULT 0 CHECK (spent >= 0);
    ALTER TABLE turns ADD COLUMN draft BLOB;
    ALTER TABLE turns ADD COLUMN retry_of INTEGER;
    ALTER TABLE answers ADD COLUMN timed_out INTEGER NOT NULL DEFAULT 0 CHECK (timed_out IN (0, 1));

    CREATE TABLE disputes (
        id INTEGER PRIMARY KEY,
        interview_id TEXT NOT NULL,
        turn INTEGER NOT NULL,
        criterion_id TEXT NOT NULL,
        dispute BLOB NOT NULL,
        UNIQUE (interview_id, turn, criterion_id),
        FOREIGN KEY (interview_id, turn) REFERENCES turns (interview_id, turn) ON DELETE CASCADE
    );
    """,
    """
    -- What graded turns came to, small and indexed, so that looking back reads no question, grade or answer.
    -- at: when the first answer was submitted. drill: only some of the question's criteria were asked about.
    CREATE TABLE reviewed_turns (
        interview_id TEXT NOT NULL,
        turn INTEGER NOT NULL,
        bank_id TEXT NOT NULL,
        category_id TEXT NOT NULL,
        question_id TEXT NOT NULL,
        at TEXT NOT NULL,
        score REAL NOT NULL CHECK (score BETWEEN 0 AND 100),
        drill INTEGER NOT NULL CHECK (drill IN (0, 1)),
        retry INTEGER NOT NULL CHECK (retry IN (0, 1)),
        PRIMARY KEY (interview_id, turn),
        FOREIGN KEY (interview_id, turn) REFERENCES turns (interview_id, turn) ON DELETE CASCADE
    ) WITHOUT ROWID;
    CREATE INDEX reviewed_turns_by_question
        ON reviewed_turns (bank_id, question_id, at, category_id, score, drill, retry);

    -- helped: met only after a follow-up. weight: of the criterion, as the question had it.
    CREATE TABLE reviews (
        interview_id TEXT NOT NULL,
        turn INTEGER NOT NULL,
        bank_id TEXT NOT NULL,
        question_id TEXT NOT NULL,
        criterion_id TEXT NOT NULL,
        at TEXT NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('met', 'helped', 'partial', 'missing', 'wrong')),
        weight REAL NOT NULL CHECK (weight > 0),
        PRIMARY KEY (interview_id, turn, criterion_id),
        FOREIGN KEY (interview_id, turn) REFERENCES reviewed_turns (interview_id, turn) ON DELETE CASCADE
    ) WITHOUT ROWID;
    CREATE INDEX reviews_by_criterion
        ON reviews (bank_id, question_id, criterion_id, at, outcome, weight);

    -- When a criterion is due again: the card, as JSON, with all reviews up to `until` applied.
    CREATE TABLE cards (
        bank_id TEXT NOT NULL,
        question_id TEXT NOT NULL,
        criterion_id TEXT NOT NULL,
        due TEXT NOT NULL,
        until TEXT NOT NULL,
        card TEXT NOT NULL,
        PRIMARY KEY (bank_id, question_id, criterion_id)
    ) WITHOUT ROWID;
    -- A review that comes or goes in what a card has applied: the card is computed anew.
    CREATE TRIGGER cards_after_insert AFTER INSERT ON reviews BEGIN
        DELETE FROM cards WHERE bank_id = NEW.bank_id AND question_id = NEW.question_id
            AND criterion_id = NEW.criterion_id AND until >= NEW.at;
    END;
    CREATE TRIGGER cards_after_delete AFTER DELETE ON reviews BEGIN
        DELETE FROM cards WHERE bank_id = OLD.bank_id AND question_id = OLD.question_id
            AND criterion_id = OLD.criterion_id AND until >= OLD.at;
    END;

    -- Turns that were graded before there were reviews. Verdicts over follow-ups are no work for SQL: the
    -- first look back reviews them.
    CREATE TABLE unreviewed (
        interview_id TEXT NOT NULL,
        turn INTEGER NOT NULL,
        PRIMARY KEY (interview_id, turn),
        FOREIGN KEY (interview_id, turn) REFERENCES turns (interview_id, turn) ON DELETE CASCADE
    ) WITHOUT ROWID;
    INSERT INTO unreviewed SELECT DISTINCT interview_id, turn FROM grades WHERE position = 0;
    """,
)


def migrate(connection: sqlite3.Connection, scripts: Sequence[str] = MIGRATIONS) -> None:
    """Bring the database up to the newest of `scripts`, each in a transaction of its own.

    Safe when two processes do it at once. The connection must be in autocommit mode. Raises StoreError
    for a database that a newer product wrote, sqlite3.Error if a script fails: that script is undone.
    """
    while (version := version_of(connection)) != len(scripts):
        refuse_newer(connection, scripts)
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have been here while this one waited for the lock.
            if version_of(connection) == version:
                for statement in _statements(scripts[version]):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {version + 1}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def refuse_newer(connection: sqlite3.Connection, scripts: Sequence[str] = MIGRATIONS) -> None:
    """Raise StoreError for a database that a newer product wrote, ValueError for one that none did.

    Nothing is changed.
    """
    version = version_of(connection)
    if version < 0:
        raise ValueError(f"no program counts tables as {version}")
    if version > len(scripts):
        raise StoreError(
            f"the interviews on disk were written by a newer version of this program (tables {version}, "
            f"this version knows {len(scripts)})",
            hint="Update the program, or set INTERVIEWER_HOME to another folder.",
        )


def version_of(connection: sqlite3.Connection) -> int:
    """How many migrations were applied; 0 for an empty database."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _statements(script: str) -> Iterator[str]:
    """The statements of `script`. `executescript` would commit the open transaction before it runs."""
    statement = ""
    for part in script.split(";"):  # a semicolon in a string or a trigger ends no statement
        statement += f"{part};"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
