"""Graded lines that are there before their turn: on disk, so that no kill loses what was paid for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from interviewer.private import open_new

#: The file is written anew once it is larger than this and mostly holds what is in its place by now.
_LARGE = 8_000_000
_MOSTLY = 4


class Ahead:
    """Lines that wait for their turn, by id. The file is there as long as one does, and for its owner alone.

    large: bytes from which on it is worth to write it anew.
    """

    def __init__(self, path: Path, *, large: int = _LARGE) -> None:
        self._path = path
        self._large = large
        self._waiting: dict[str, bytes] = {}
        self._waiting_bytes = 0
        self._file: IO[bytes] | None = None

    def add(self, id: str, line: bytes) -> None:
        """Keep `line`, which ends in a line break; the system has it when this returns."""
        if self._file is None:
            self._file = _opened(self._path)
        self._file.write(line)
        self._file.flush()
        self._waiting[id] = line
        self._waiting_bytes += len(line)

    def drop(self, id: str) -> None:
        """The line of `id` is in its place."""
        line = self._waiting.pop(id, None)
        if line is None or self._file is None:
            return
        self._waiting_bytes -= len(line)
        if not self._waiting:
            self._file.truncate(0)
            self._file.seek(0)
        elif self._file.tell() > max(self._large, _MOSTLY * self._waiting_bytes):
            self._write_anew()

    def close(self) -> None:
        """Close the file. It stays if lines are still waiting."""
        if self._file is not None:
            self._file.close()
            self._file = None
            if not self._waiting:
                self._path.unlink(missing_ok=True)

    def _write_anew(self) -> None:
        fresh = self._path.with_name(self._path.name + "~")
        file = _opened(fresh)
        file.writelines(self._waiting.values())
        file.flush()
        fresh.replace(self._path)
        if self._file is not None:
            self._file.close()
        self._file = file


def _opened(path: Path) -> IO[bytes]:
    return os.fdopen(open_new(path), "wb")
