"""Where graded lines go: to a file that a rerun goes on with, or to standard output as they are done."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from interviewer.batch.csv_output import CsvOutput, graded_rows, lines_beside
from interviewer.batch.csv_rows import Shape, head, row_of
from interviewer.batch.formats import Format, format_of
from interviewer.batch.index import Ids
from interviewer.batch.output import Output, Sink, files_of, graded_in
from interviewer.batch.run import Result


@contextlib.contextmanager
def sink_of(output: Path | None, otherwise: Format | None, *, is_calibrated: bool) -> Iterator[Sink]:
    """The sink for `output`; None is standard output. otherwise: the format where no name says it.

    is_calibrated: lines hold a calibrated score, too. Raises UsageError, InvalidFileError.
    """
    form = format_of(output, otherwise)
    if output is None:
        with Printed(Shape(is_calibrated=is_calibrated) if form is Format.CSV else None) as printed:
            yield printed
        return
    with CsvOutput(output) if form is Format.CSV else Output(output) as sink:
        yield sink


def graded_before(output: Path, otherwise: Format | None) -> Ids:
    """The ids that have a grade in `output`, or beside it from a run that was cut off. Nothing is written."""
    found = Ids()
    is_csv = format_of(output, otherwise) is Format.CSV
    lines = lines_beside(output) if is_csv else output
    for file in files_of(lines):
        for id, _ in graded_in(file):
            found.add(id)
    if is_csv and output.exists():
        for line in graded_rows(output):
            found.add(line["id"])
    return found


class Printed:
    """Lines on standard output, each as soon as it is its turn. shape: as CSV of that shape."""

    def __init__(self, shape: Shape | None) -> None:
        self._shape = shape

    def done(self, id: str | None) -> bool:
        """Nothing was graded before."""
        return False

    def keep(self, result: Result) -> None:
        """Nothing is kept: what is not printed yet is lost with the process."""

    def put(self, result: Result) -> None:
        """Print the line of `result`."""
        if result.text is not None:
            self._print(
                result.text + "\n"
                if self._shape is None
                else row_of(json.loads(result.text), self._shape, is_shown=True)
            )

    def finish(self) -> None:
        """All is printed."""

    def __enter__(self) -> Printed:
        if self._shape is not None:
            self._print(head(self._shape))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to close."""

    @staticmethod
    def _print(text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()
