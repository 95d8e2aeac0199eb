"""A transcript as JSON, complete, and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from interviewer.bank.schema import Schema, schema_of
from interviewer.errors import InvalidFileError
from interviewer.report.json_place import Step, line_of
from interviewer.report.transcript import SCHEMA, SCHEMA_VERSION, Transcript
from interviewer.text import one_line

_FIELD_CHARACTERS = 200


def to_json(transcript: Transcript) -> str:
    """The transcript as indented JSON in ASCII, with a line break at the end.

    ASCII keeps lone surrogates, and nothing in it is obeyed by a terminal.
    """
    return json.dumps(_data(transcript), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def to_json_line(transcript: Transcript) -> str:
    """The same on one line, for a file of many."""
    return json.dumps(_data(transcript), ensure_ascii=True, allow_nan=False, separators=(",", ":")) + "\n"


def transcript_schema() -> Schema:
    """The JSON Schema of a transcript.

    docs/transcript.schema.json holds it; `interviewer export --schema > docs/transcript.schema.json` writes
    it anew.
    """
    return schema_of(Transcript)


def from_json(text: str, file: Path | str = "the transcript") -> Transcript:
    """The transcript that `to_json` was given. file: named in errors.

    Raises InvalidFileError with line and field for what is no JSON, no transcript, or one of a version
    that this program does not know.
    """
    data = _parsed(text, file)
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise InvalidFileError(
            "this is not a transcript",
            file=file,
            field="schema",
            expected=SCHEMA,
            hint="`interviewer export --format json` writes one.",
        )
    version = data.get("schema_version")
    told = f"version {version:,}" if type(version) is int else "this version"
    if type(version) is not int or version != SCHEMA_VERSION:
        raise InvalidFileError(
            f"{told} of the transcript format is not known to this program",
            file=file,
            line=line_of(text, ("schema_version",)),
            field="schema_version",
            expected=str(SCHEMA_VERSION),
            hint="Read it with the version of mock-interviewer that wrote it, or a newer one.",
        )
    try:
        return Transcript.model_validate(data)
    except ValidationError as error:
        raise _fault(error, text, file) from error


def _data(transcript: Transcript) -> dict[str, Any]:
    return transcript.model_dump(mode="json", by_alias=True)


def _parsed(text: str, file: Path | str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise InvalidFileError(f"this is not JSON: {error.msg}", file=file, line=error.lineno) from error
    except RecursionError as error:
        raise InvalidFileError("the JSON is nested too deeply", file=file) from error
    except ValueError as error:  # NaN, or a number of thousands of digits
        raise InvalidFileError("a number is out of range", file=file) from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _fault(error: ValidationError, text: str, file: Path | str) -> InvalidFileError:
    """The first thing that is wrong, and how many more there are."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    way: tuple[Step, ...] = faults[0]["loc"]
    field = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in way).lstrip(".")
    return InvalidFileError(
        faults[0]["msg"].removeprefix("Value error, "),
        file=file,
        line=line_of(text, way),
        field=one_line(field, _FIELD_CHARACTERS) or None,
        more=len(faults) - 1,
    )
