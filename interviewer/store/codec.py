"""How Python values become SQLite values and come back equal.

Foreign text is stored as bytes: as text, SQLite stops at a NUL in places, and Python refuses lone surrogates.
UTF-8 with "surrogatepass" keeps every string, code point by code point, even two surrogates that would
merge into one character in JSON escapes.

SQLite keeps any kind of value in any column, and another hand may have put it there: its kind is looked at.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any, TypeVar

from interviewer.errors import StoreError
from interviewer.models import Frozen

M = TypeVar("M", bound=Frozen)
#: No clock shows this year, and what is planned from it could not be told.
_NO_YEAR = 9000


def pack_text(text: str) -> bytes:
    """`text` as it is stored."""
    return text.encode("utf-8", "surrogatepass")


def unpack_text(stored: bytes) -> str:
    """The text that `pack_text` was given. Raises ValueError for what it never gives."""
    if not isinstance(stored, bytes):
        raise ValueError(f"text is stored as {type(stored).__name__}")
    return stored.decode("utf-8", "surrogatepass")


def pack_json(value: Any) -> bytes:
    """JSON of `value`, which must be plain data."""
    return pack_text(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")))


def unpack_json(stored: bytes) -> Any:
    """The plain data that `pack_json` was given. Raises ValueError for bytes that it never gives."""
    try:
        return json.loads(unpack_text(stored))
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def pack_model(model: Frozen) -> bytes:
    """`model` as it is stored."""
    return pack_json(model.model_dump(mode="json"))


def unpack_model(kind: type[M], stored: bytes) -> M:
    """The model that `pack_model` was given. Raises ValueError for bytes that it never gives."""
    return kind.model_validate(unpack_json(stored))


def unpack_id(stored: str) -> str:
    """An id as it is stored, as plain text. Raises ValueError for what is none."""
    if not isinstance(stored, str):
        raise ValueError(f"an id is stored as {type(stored).__name__}")
    return stored


def unpack_number(stored: object) -> float:
    """A number as it is stored. Raises ValueError for what is none, or has no end."""
    if not isinstance(stored, float | int) or not math.isfinite(stored):
        raise ValueError(f"a number is stored as {type(stored).__name__}")
    return stored


def unpack_count(stored: object) -> int:
    """A whole number as it is stored. Raises ValueError for what is none."""
    if not isinstance(stored, int):
        raise ValueError(f"a count is stored as {type(stored).__name__}")
    return stored


def pack_time(moment: datetime) -> str:
    """`moment` in UTC, as text that sorts by time. Raises StoreError for a time without a zone."""
    if moment.tzinfo is None:
        raise StoreError(f"a time without a time zone cannot be stored: {moment.isoformat()}")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def unpack_time(stored: str) -> datetime:
    """The same moment, in UTC. Raises ValueError for what `pack_time` never gives."""
    if not isinstance(stored, str):
        raise ValueError(f"a time is stored as {type(stored).__name__}")
    moment = datetime.fromisoformat(stored)
    if moment.tzinfo is None:
        raise ValueError("a time is stored without its zone")
    if moment.year >= _NO_YEAR:
        raise ValueError(f"a time is stored in the year {moment.year}")
    return moment
