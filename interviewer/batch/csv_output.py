"""Graded lines as a CSV file. Its columns are known once all lines are; until then they are kept as JSON."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

from interviewer.batch.csv_rows import Line, head, is_ours, lines_of, row_of, shape_of
from interviewer.batch.output import Output
from interviewer.batch.run import Result
from interviewer.errors import InvalidFileError, UsageError
from interviewer.private import keep_mode, open_new

_LINES = ".lines"


class CsvOutput:
    """The file is written whenever the run ends, however it ends; a kill leaves its lines for the next run.

    A context manager, as `Output` is, which keeps the lines. A file that is there is taken as graded before.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines = lines_beside(path)
        self._output = Output(self._lines)
        self._is_finished = False

    def done(self, id: str | None) -> bool:
        """Whether an earlier run graded `id`."""
        return self._output.done(id)

    def keep(self, result: Result) -> None:
        """Keep the grade of `result` before its turn."""
        self._output.keep(result)

    def put(self, result: Result) -> None:
        """It is the turn of `result`."""
        self._output.put(result)

    def finish(self) -> None:
        """All results are put."""
        self._output.finish()
        self._is_finished = True

    def __enter__(self) -> CsvOutput:
        try:
            if self._path.exists() and not self._lines.exists():
                _write(self._lines, (json.dumps(line) + "\n" for line in graded_rows(self._path)))
        except OSError as error:
            raise _unwritable(self._path, error) from error
        self._output.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._output.__exit__(kind, error, trace)
        if not self._is_finished:
            self._output.gather()
        self._render()
        if self._is_finished:
            self._lines.unlink()

    def _render(self) -> None:
        """Write the CSV file anew."""
        shape = shape_of(_lines_in(self._lines))

        def rows() -> Iterator[str]:
            yield head(shape)
            yield from (row_of(line, shape) for line in _lines_in(self._lines))

        try:
            _write(self._path, rows())
        except OSError as error:
            raise _unwritable(self._path, error) from error


def lines_beside(path: Path) -> Path:
    """Where the lines for the CSV file `path` are kept until it is whole."""
    return path.with_name(path.name + _LINES)


def graded_rows(path: Path) -> Iterator[Line]:
    """The graded lines of a CSV file of grades. Raises InvalidFileError if it holds something else."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        header = file.readline()
        try:
            if header.strip() and not is_ours(header):
                raise _no_grades(path, 1)
            file.seek(0)
            yield from lines_of(file)
        except csv.Error as error:  # a cell that is too large for one of ours
            raise _no_grades(path) from error


def _no_grades(path: Path, line: int | None = None) -> InvalidFileError:
    return InvalidFileError(
        "this holds something else than grades",
        file=path,
        line=line,
        hint="Name a new file with -o; nothing was changed.",
    )


def _lines_in(path: Path) -> Iterator[Line]:
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n") and line.strip():
                yield json.loads(line)


def _write(path: Path, pieces: Iterable[str]) -> None:
    """Put a file of these pieces in the place of `path` in one step. A new one is its owner's alone."""
    scratch = path.with_name(path.name + ".new")
    handle = open_new(scratch)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        keep_mode(path, scratch)
        scratch.replace(path)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(f"cannot write {path}: {error.strerror or error}", hint="Choose another file with -o.")
