"""Where graded lines go, so that a rerun grades only what is missing and the order stays that of the input.

A first run writes straight to the file. A rerun writes beside it, copies what is there, and puts the new
file in the old one's place at the end. Lines that are there before their turn are kept in a third file. What
a run that was cut off has left in either is taken into account by the next.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol

from interviewer.batch.ahead import Ahead
from interviewer.batch.index import Ids
from interviewer.batch.run import Result
from interviewer.errors import InvalidFileError, UsageError
from interviewer.private import keep_mode, open_new

try:
    import fcntl
except ImportError:  # Windows, where a file that is open cannot be replaced anyway
    fcntl = None  # type: ignore[assignment]

_PART = ".part"
_AHEAD = ".ahead"
#: What a file system says that has no locks: then nothing tells of another run.
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EINVAL})


class Sink(Protocol):
    """Where the results of a run go. A context manager."""

    def done(self, id: str | None) -> bool:
        """Whether an earlier run graded `id`."""

    def keep(self, result: Result) -> None:
        """Keep `result` before its turn: nothing may lose it from now on."""

    def put(self, result: Result) -> None:
        """It is the turn of `result`."""

    def finish(self) -> None:
        """All results are put."""

    def __enter__(self) -> Sink: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Output:
    """Lines in the order in which they are put. A context manager; `done` says what earlier runs graded."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(path.name + _PART)
        self._left = path.with_name(path.name + _AHEAD)
        self._target = path
        self._is_regular = True
        self._ahead = Ahead(self._left)
        self._kept = Ids()  # with the offset of each in the file of earlier runs
        self._earlier: IO[bytes] | None = None
        self._out: IO[bytes] | None = None

    def done(self, id: str | None) -> bool:
        """Whether an earlier run graded `id`."""
        return id is not None and id in self._kept

    def keep(self, result: Result) -> None:
        """Keep the grade of `result` before its turn; the system has it when this returns."""
        if self._is_regular and result.ok and result.text is not None and result.job.id is not None:
            self._ahead.add(result.job.id, _bytes_of(result.text))

    def put(self, result: Result) -> None:
        """Write the line of `result`, or that of an earlier run; the system has it when this returns.

        Raises ValueError outside of the sink's context.
        """
        if self._out is None:
            raise ValueError("the output is not open")
        is_fresh = result.text is not None
        self._out.write(_bytes_of(result.text or "") if is_fresh else self._line_of(str(result.job.id)))
        self._out.flush()
        if result.job.id is not None:
            self._ahead.drop(result.job.id)

    def finish(self) -> None:
        """All lines are written: the file takes its place."""
        self._close()
        if self._target != self._path:
            keep_mode(self._path, self._target)
            self._target.replace(self._path)

    def gather(self) -> None:
        """After a run that was cut off: have all that was graded in the file, whatever its order."""
        again = Output(self._path)
        try:
            again._earlier = _locked(self._path)
            again._absorb()
        finally:
            again._close()
            again._kept.close()

    def __enter__(self) -> Output:
        try:
            # /dev/null has nothing beside it
            self._is_regular = self._path.is_file() or not self._path.exists()
            self._earlier = _locked(self._path)
            self._absorb()
            self._target = self._part if self._kept else self._path
            if self._target == self._path:  # locked just now, and perhaps a link that was meant
                handle = os.open(self._path, os.O_WRONLY | os.O_TRUNC)
            else:
                handle = open_new(self._target)
            self._out = os.fdopen(handle, "wb")
        except OSError as error:
            self._close()
            raise UsageError(
                f"cannot write {self._path}: {error.strerror or error}", hint="Choose another file with -o."
            ) from error
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        self._kept.close()

    def _absorb(self) -> None:
        """Learn what the file holds, and take what runs that were cut off have left over into it.

        The order is restored at the end.
        """
        for id, offset in graded_in(self._path):
            self._kept.add(id, offset)
        for left in (self._part, self._left):
            if left.exists():
                self._take_over(left)
                left.unlink()

    def _take_over(self, left: Path) -> None:
        with left.open("rb") as part, self._path.open("ab") as out:
            out.write(b"\n")  # the file may end in a line that was cut off
            for id, offset in graded_in(left):
                if self._kept.add(id, out.tell()):
                    part.seek(offset)
                    out.write(part.readline())
            out.flush()
            os.fsync(out.fileno())

    def _line_of(self, id: str) -> bytes:
        offset = self._kept.place(id)
        if self._earlier is None or offset is None:
            raise ValueError("no earlier run is known")
        self._earlier.seek(offset)
        return self._earlier.readline()

    def _close(self) -> None:
        for file in (self._earlier, self._out):
            if file is not None:
                file.close()
        self._earlier = self._out = None
        self._ahead.close()


def files_of(path: Path) -> list[Path]:
    """The output `path`, and what runs that were cut off have left beside it, as far as they are there."""
    beside = (path.with_name(path.name + ending) for ending in ("", _PART, _AHEAD))
    return [file for file in beside if file.exists()]


def graded_in(path: Path) -> Iterator[tuple[str, int]]:
    """Id and offset of each line that holds a grade; lines with errors and halves of lines are left out.

    Raises InvalidFileError if the file holds something else.
    """
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


def _locked(path: Path) -> IO[bytes]:
    """The file, created if need be, for this run alone. Raises UsageError if another one has it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    file = os.fdopen(handle, "rb")
    if fcntl is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise UsageError(
                f"another run is writing {path}", hint="Wait for its end, or choose another file with -o."
            ) from None
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
    return file


def _bytes_of(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _graded_id(line: bytes) -> str | None:
    if not line.endswith(b"\n"):
        return None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    is_graded = isinstance(value, dict) and isinstance(value.get("id"), str) and "score" in value
    return value["id"] if is_graded else None
