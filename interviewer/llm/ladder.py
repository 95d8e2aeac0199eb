"""How a service wants to be asked: the next thing to try after a refusal, and what was learned so far."""

from __future__ import annotations

import json
import logging
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from interviewer.errors import BadRequestError
from interviewer.llm.wire import Dialect, Rung
from interviewer.private import make_own_folder

_log = logging.getLogger(__name__)
_RUNGS = tuple(Rung)
_FORMAT_WORDS = frozenset(
    "response_format json_schema json_object schema strict grammar guided_json structured_outputs "
    "tools tool tool_choice functions function function_call parallel_tool_calls".split()
)
_TOKEN_FIELDS = ("max_tokens", "max_completion_tokens")
# The field is known to the service; it is our number that does not fit.
_VALUE_REFUSED = re.compile(
    r"too (?:large|small|high|low|many)|context (?:length|window|size)|exceed|at (?:least|most)",
    re.IGNORECASE,
)
_TAKES_JSON_OBJECT = re.compile(r"(?:should|must) be\b.{0,60}json_object", re.IGNORECASE)
_TAKES_NO_JSON_OBJECT = re.compile(r"(?:should|must) be\b(?!.{0,60}json_object)", re.IGNORECASE)


def next_dialect(dialect: Dialect, error: BadRequestError) -> Dialect | None:
    """The dialect to try after a service refused `dialect` with `error`; None if the error asks for none.

    Only what the error names is changed: the way to ask for JSON goes down the ladder, the name of the
    output cap changes to its other name, the temperature or the wish for a stream's usage is left out.
    """
    named = {part for part in re.split(r"[^a-z_]+", (error.parameter or "").lower()) if part}
    if "stream_options" in named and dialect.stream_usage:
        return dialect.model_copy(update={"stream_usage": False})
    if "temperature" in named and dialect.sampling:
        return dialect.model_copy(update={"sampling": False})
    if dialect.token_field in named and not _VALUE_REFUSED.search(error.message):
        other = _TOKEN_FIELDS[1 - _TOKEN_FIELDS.index(dialect.token_field)]
        return dialect.model_copy(update={"token_field": other})
    if named & _FORMAT_WORDS:
        rung = _next_rung(dialect.rung, error.message)
        return dialect.model_copy(update={"rung": rung}) if rung else None
    return None


def _next_rung(rung: Rung, message: str) -> Rung | None:
    """The rung below, or the one further down that the service's message says it takes."""
    if rung in {Rung.STRICT_SCHEMA, Rung.SCHEMA} and _TAKES_JSON_OBJECT.search(message):
        return Rung.JSON_OBJECT_SCHEMA
    if rung is Rung.JSON_OBJECT_SCHEMA and _TAKES_NO_JSON_OBJECT.search(message):
        return Rung.PROMPT
    below = _RUNGS.index(rung) + 1
    return _RUNGS[below] if below < len(_RUNGS) else None


class DialectStore:
    """Learned dialects in a file of the cache folder, by service and model.

    It is a cache: a file that is broken or cannot be written costs a few refused requests, and no more.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "dialects.json"

    def get(self, name: str, model: str) -> Dialect | None:
        """What was learned of `model` at the service `name`, or None."""
        try:
            return Dialect.model_validate(self._read().get(_key(name, model)))
        except ValidationError:
            return None

    def put(self, name: str, model: str, dialect: Dialect) -> None:
        """Remember `dialect`; where the file cannot be written, for this process alone it is not."""
        entries = self._read()
        entries[_key(name, model)] = dialect.model_dump(mode="json")
        temporary: str | None = None
        try:
            make_own_folder(self._path.parent)
            handle, temporary = tempfile.mkstemp(dir=self._path.parent, prefix=".dialects-", suffix=".json")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(entries, file, indent=1)
            Path(temporary).replace(self._path)
        except OSError as error:
            _log.debug("learned dialects are not kept: %s", error.strerror)
            if temporary is not None:
                Path(temporary).unlink(missing_ok=True)

    def _read(self) -> dict[str, Any]:
        try:
            entries = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return entries if isinstance(entries, dict) else {}


def _key(name: str, model: str) -> str:
    return f"{name} {model}"
