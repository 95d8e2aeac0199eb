"""Where answers come from: a file or a pipe, as lines of JSON or as CSV."""

from __future__ import annotations

import contextlib
import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from os import fstat
from pathlib import Path

from interviewer.bank.models import Bank
from interviewer.batch.formats import Format, format_of
from interviewer.batch.lines import Job
from interviewer.batch.reading import jobs_in, jobs_in_rows
from interviewer.errors import InvalidFileError, UsageError

#: Names a pipe.
PIPE = "-"


@dataclass(frozen=True, slots=True)
class Table:
    """How lines are written. format: of files whose names do not say it, and of pipes. columns: of CSV that
    comes in, by field."""

    format: Format | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def jobs_of(source: str, table: Table, bank: Bank) -> Iterator[Iterator[Job]]:
    """The jobs of `source`, read as they are needed. Raises InvalidFileError."""
    is_pipe = source == PIPE
    form = format_of(None if is_pipe else Path(source), table.format)
    if table.columns and form is not Format.CSV:
        raise UsageError("--columns belongs to CSV", hint="Lines of JSON name their fields themselves.")
    with _lines_of(source, newline="" if form is Format.CSV else None) as lines:
        if form is Format.CSV:
            yield jobs_in_rows(lines, bank, table.columns, "standard input" if is_pipe else source)
        else:
            yield jobs_in(lines, bank)


def may_block(source: str) -> bool:
    """Whether reading `source` may have to wait for whoever writes it."""
    return source == PIPE and not stat.S_ISREG(fstat(sys.stdin.fileno()).st_mode)


@contextlib.contextmanager
def _lines_of(source: str, *, newline: str | None) -> Iterator[Iterator[str]]:
    """The lines of the file, read as they are needed. What is not UTF-8 becomes a replacement character.

    newline: as `open` takes it; empty leaves line breaks as they are.
    """
    if source == PIPE:
        if hasattr(sys.stdin, "reconfigure"):
            sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace", newline=newline)
        yield iter(sys.stdin)
        return
    try:
        file = Path(source).open(encoding="utf-8-sig", errors="replace", newline=newline)  # noqa: SIM115 - closed below
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidFileError(f"it cannot be read: {reason}", file=source, hint="Check the path.") from error
    with file:
        yield iter(file)
