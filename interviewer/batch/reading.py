"""Answers as they come in, one by one: from lines of JSON, or from rows of CSV with named columns."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from interviewer.bank.models import Bank
from interviewer.batch.index import Ids
from interviewer.batch.lines import MAX_LINE, Job, LineError, job_of, job_of_value
from interviewer.errors import InvalidFileError, UsageError
from interviewer.text import one_line

#: What a row may say, and so what a column may be named for.
FIELDS = ("id", "question_id", "question", "criteria", "reference", "answer")
_NEEDED = ("id", "answer")
_ASKED = ("question_id", "question")
_DELIMITERS = (",", ";", "\t")
_SPARE = "\0spare"  # no header can hold it
_HEADER_CHARACTERS = 200


def jobs_in(lines: Iterable[str], bank: Bank) -> Iterator[Job]:
    """A job for each line of JSON that is not blank; an id that came before is an error."""
    return _without_doubles(job_of(line, bank) for line in lines if line.strip())


def jobs_in_rows(lines: Iterable[str], bank: Bank, columns: Mapping[str, str], file: str) -> Iterator[Job]:
    """A job for each row of CSV; an id that came before is an error.

    lines: with their line breaks as they are. columns: the name of a field's column, where it is not the
    field's own. Raises InvalidFileError if the header lacks a column.
    """
    csv.field_size_limit(MAX_LINE)
    rest = iter(lines)
    header = next(rest, "").lstrip("\ufeff")
    delimiter, names = _header_of(header, columns, file)
    rows = csv.DictReader(rest, names, restkey=_SPARE, delimiter=delimiter)
    return _without_doubles(_jobs_of(rows, bank, columns))


def columns_of(text: str | None) -> dict[str, str]:
    """The columns that `text` names, as in `id=student,answer=text`. Raises UsageError."""
    found: dict[str, str] = {}
    for pair in (text or "").split(",") if text else ():
        field, is_pair, column = (part.strip() for part in pair.partition("="))
        if field not in FIELDS or not is_pair or not column:
            raise UsageError(
                f"--columns: {one_line(pair, 60)!r} is no field with its column",
                hint=f"Such as id=student,answer=text. Fields: {', '.join(FIELDS)}.",
            )
        found[field] = column
    return found


def _header_of(header: str, columns: Mapping[str, str], file: str) -> tuple[str, Sequence[str]]:
    """The sign between cells, and the names of the columns."""
    wanted = {columns.get(field, field) for field in _NEEDED}
    wanted |= {column for field, column in columns.items() if field not in _NEEDED}
    for delimiter in _DELIMITERS:
        names = [name.strip() for name in next(csv.reader([header], delimiter=delimiter), [])]
        if wanted <= set(names) and {columns.get(field, field) for field in _ASKED} & set(names):
            return delimiter, names
    raise InvalidFileError(
        f"its columns are {one_line(header, _HEADER_CHARACTERS)!r}",
        file=file,
        line=1,
        expected=f"{', '.join(sorted(wanted))}, and question_id or question",
        hint="Name the columns with --columns, such as id=student,answer=text.",
    )


def _jobs_of(rows: csv.DictReader[str], bank: Bank, columns: Mapping[str, str]) -> Iterator[Job]:
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            told = f"the row cannot be read: {one_line(str(error), 100)}"
            yield Job(id=None, error=LineError("invalid_line", told))
            continue
        if row is None:
            return
        yield _job_of_row(row, bank, columns)


def _job_of_row(row: Mapping[str, str | None], bank: Bank, columns: Mapping[str, str]) -> Job:
    cells = {field: row.get(columns.get(field, field)) for field in FIELDS}
    value: dict[str, object] = {
        field: cell for field, cell in cells.items() if cell is not None and (cell or field == "answer")
    }
    id = cells["id"]
    if _SPARE in row:
        return Job(id=id, error=LineError("invalid_line", "the row has more cells than there are columns"))
    if "criteria" in value:
        try:
            value["criteria"] = json.loads(str(value["criteria"]))
        except (ValueError, RecursionError):
            return Job(id=id, error=LineError("invalid_line", "criteria: the cell is not JSON"))
    return job_of_value(value, bank)


def _without_doubles(jobs: Iterable[Job]) -> Iterator[Job]:
    seen = Ids()
    try:
        for job in jobs:
            if job.id is not None and not seen.add(job.id):
                yield Job(id=job.id, error=LineError("double_id", "an earlier line has the same id"))
            else:
                yield job
    finally:
        seen.close()
