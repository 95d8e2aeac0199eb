"""Grades that can be had again: one file each in the cache folder, private to the person.

It is a cache: a file that is broken, unreadable or cannot be written is a miss, and never an error.
"""

from __future__ import annotations

import logging
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from interviewer.grading.models import Grade
from interviewer.private import make_own_folder
from interviewer.store.codec import pack_model, unpack_model

#: Grades kept; a grade takes some 2 to 10 kB.
MOST_FILES = 2_000
_MOST_BYTES = 1_000_000
_log = logging.getLogger(__name__)


class GradeCache:
    """Grades by key, in `grades/ab/cdef….json` under `folder`, for the key `abcdef…` in hex digits.

    most_files: once there are more, the oldest tenth goes. Other processes may use the same folder.
    """

    def __init__(self, folder: Path, *, most_files: int = MOST_FILES) -> None:
        self._top = folder / "grades"
        self._most_files = most_files
        self._count: int | None = None  # of files; counted once, when the first is written

    def get(self, key: str) -> Grade | None:
        """The grade that was kept under `key`; None for none, or one that cannot be read."""
        path = self._path(key)
        try:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode) or found.st_size > _MOST_BYTES:
                return None
            return unpack_model(Grade, path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            _log.debug("a kept grade cannot be read: %s", type(error).__name__)
            return None

    def put(self, key: str, grade: Grade) -> None:
        """Keep `grade` under `key`, in one step, so that no reader sees half of it."""
        path = self._path(key)
        scratch: Path | None = None
        try:
            handle, name = self._scratch_in(path.parent)
            scratch = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(pack_model(grade))
            scratch.replace(path)
            self._stay_small()
        except OSError as error:
            _log.debug("a grade is not kept: %s", error.strerror)
            if scratch is not None:
                _drop(scratch)

    def _path(self, key: str) -> Path:
        return self._top / key[:2] / f"{key[2:]}.json"

    def _scratch_in(self, folder: Path) -> tuple[int, str]:
        """A new file in `folder`, which is made if need be. It is this user's alone from the start."""
        try:
            return tempfile.mkstemp(dir=folder, prefix=".grade-", suffix=".tmp")
        except FileNotFoundError:
            self._make_folders(folder)
            return tempfile.mkstemp(dir=folder, prefix=".grade-", suffix=".tmp")

    def _make_folders(self, folder: Path) -> None:
        for one in (self._top.parent, self._top, folder):
            make_own_folder(one)  # quotes of answers stand in the files

    def _stay_small(self) -> None:
        """Drop the oldest files if there are too many. Looks at the folder only where that seems so."""
        if self._count is not None:
            self._count += 1
        if self._count is not None and self._count <= self._most_files:
            return
        by_age = sorted((_written_at(file), str(file)) for file in self._files())
        self._count = len(by_age)
        if self._count > self._most_files:
            spare = self._count - (self._most_files - self._most_files // 10)
            for _, name in by_age[:spare]:
                _drop(Path(name))
            self._count -= spare

    def _files(self) -> Iterator[Path]:
        """All files, with those that a killed process left half written."""
        return (Path(entry) for shard in _entries(self._top) for entry in _entries(Path(shard)))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:  # gone, or a file that is not ours
        return []


def _written_at(file: Path) -> float:
    """Seconds since the epoch; 0 for what is gone or cannot be looked at."""
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def _drop(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        _log.debug("a kept grade cannot be dropped: %s", error.strerror)
