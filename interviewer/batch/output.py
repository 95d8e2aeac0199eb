"""Where graded lines go, so that a rerun grades only what is missing and the order stays that of the input.

A first run writes straight to the file. A rerun writes beside it, copies what is there, and puts the new
file in the old one's place at the end; a rerun that was cut off is taken into account by the next.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

from interviewer.batch.run import Result
from interviewer.errors import InvalidFileError, UsageError

_PART = ".part"


class Output:
    """Lines in the order in which they are put. A context manager; `done` says what earlier runs graded."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(path.name + _PART)
        self._target = path
        self._kept: dict[str, int] = {}  # offsets in the file of earlier runs
        self._earlier: IO[bytes] | None = None
        self._out: IO[bytes] | None = None

    def done(self, id: str | None) -> bool:
        """Whether an earlier run graded `id`."""
        return id is not None and id in self._kept

    def put(self, result: Result) -> None:
        """Write the line of `result`, or that of an earlier run; the system has it when this returns."""
        if self._out is None:
            raise ValueError("the output is not open")
        if result.text is not None:
            line = result.text.encode("utf-8", "backslashreplace") + b"\n"
        else:
            line = self._line_of(str(result.job.id))
        self._out.write(line)
        self._out.flush()

    def finish(self) -> None:
        """All lines are written: the file takes its place."""
        self._close()
        if self._target != self._path:
            self._target.replace(self._path)

    def __enter__(self) -> Output:
        try:
            self._absorb()
            if self._path.exists():
                self._kept.update(_graded_in(self._path))
                self._earlier = self._path.open("rb")
            self._target = self._part if self._kept else self._path
            handle = os.open(self._target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._out = os.fdopen(handle, "wb")
        except OSError as error:
            raise UsageError(
                f"cannot write {self._path}: {error.strerror or error}", hint="Choose another file with -o."
            ) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _absorb(self) -> None:
        """Take what a rerun that was cut off has graded over into the file; order is restored at the end."""
        if not self._part.exists():
            return
        known = {id for id, _ in _graded_in(self._path)} if self._path.exists() else set()
        with self._part.open("rb") as part, self._path.open("ab") as out:
            out.write(b"\n")  # the file may end in a line that was cut off
            for id, offset in _graded_in(self._part):
                if id not in known:
                    part.seek(offset)
                    out.write(part.readline())
            out.flush()
            os.fsync(out.fileno())
        self._part.unlink()

    def _line_of(self, id: str) -> bytes:
        if self._earlier is None:
            raise ValueError("no earlier run is known")
        self._earlier.seek(self._kept[id])
        return self._earlier.readline()

    def _close(self) -> None:
        for file in (self._earlier, self._out):
            if file is not None:
                file.close()
        self._earlier = self._out = None


def _graded_in(path: Path) -> Iterator[tuple[str, int]]:
    """Id and offset of each line that holds a grade; lines with errors and halves of lines are left out."""
    with path.open("rb") as file:
        offset = 0
        for number, line in enumerate(file, start=1):
            found = _graded_id(line)
            if found is not None:
                yield found, offset
            elif number == 1 and line.strip() and not line.lstrip().startswith(b"{"):
                raise InvalidFileError(
                    "this holds something else than graded lines",
                    file=path,
                    line=1,
                    hint="Name a new file with -o; nothing was changed.",
                )
            offset += len(line)


def _graded_id(line: bytes) -> str | None:
    if not line.endswith(b"\n"):
        return None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    is_graded = isinstance(value, dict) and isinstance(value.get("id"), str) and "score" in value
    return value["id"] if is_graded else None
