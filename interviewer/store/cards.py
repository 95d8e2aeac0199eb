"""Cards: when each criterion is due again, computed from its reviews and kept with them.

The tables' triggers drop a card when a review that it has applied comes or goes: it is then computed anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from interviewer.memory.models import Outcome, Sighting
from interviewer.memory.schedule import reviewed
from interviewer.store.codec import pack_time, unpack_time

#: Bank, question and criterion, by id.
CardKey = tuple[str, str, str]

_SAME = "bank_id = ? AND question_id = ? AND criterion_id = ?"
_BEHIND = """
    SELECT r.bank_id, r.question_id, r.criterion_id
    FROM (
        SELECT bank_id, question_id, criterion_id, max(at) AS at FROM reviews
        WHERE bank_id = ? GROUP BY bank_id, question_id, criterion_id
    ) r
    LEFT JOIN cards c
        ON c.bank_id = r.bank_id AND c.question_id = r.question_id AND c.criterion_id = r.criterion_id
    WHERE c.until IS NULL OR c.until < r.at
"""


def behind(connection: sqlite3.Connection, bank_id: str) -> list[CardKey]:
    """The criteria of the bank that have reviews which no card has applied."""
    return [
        (bank, question, criterion) for bank, question, criterion in connection.execute(_BEHIND, (bank_id,))
    ]


def renew_cards(connection: sqlite3.Connection, keys: Iterable[CardKey]) -> None:
    """Apply to the card of each criterion the reviews that it has not applied yet."""
    for key in keys:
        card = connection.execute(f"SELECT card, until FROM cards WHERE {_SAME}", key).fetchone()  # noqa: S608 - our own words
        new = _sightings(connection, key, card["until"] if card else "")
        if new:
            _keep(connection, key, *_reviewed(connection, key, card, new), until=new[-1].at)


def _reviewed(
    connection: sqlite3.Connection, key: CardKey, card: sqlite3.Row | None, new: list[Sighting]
) -> tuple[str, datetime]:
    try:
        return reviewed(card["card"] if card else None, new)
    except ValueError:  # a card of another version of fsrs, or a damaged one
        return reviewed(None, _sightings(connection, key, ""))


def _sightings(connection: sqlite3.Connection, key: CardKey, after: str) -> list[Sighting]:
    rows = connection.execute(
        f"SELECT at, outcome FROM reviews WHERE {_SAME} AND at > ? ORDER BY at, interview_id, turn",  # noqa: S608 - as above
        (*key, after),
    )
    return [Sighting(unpack_time(at), Outcome(outcome)) for at, outcome in rows]


def _keep(connection: sqlite3.Connection, key: CardKey, card: str, due: datetime, *, until: datetime) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO cards (bank_id, question_id, criterion_id, due, until, card)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (*key, pack_time(due), pack_time(until), card),
    )
