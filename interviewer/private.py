"""Files and folders that their owner alone can read, whatever the umask says."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_folder(folder: Path) -> None:
    """Make `folder`, and what is missing above it. One that is there stays as it is.

    Raises OSError; FileExistsError if something else is there.
    """
    for missing in reversed([one for one in folder.parents if not one.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def make_own_folder(folder: Path) -> None:
    """The same for a folder that is the program's own: one that others can read is narrowed."""
    make_folder(folder)
    narrow(folder)


def narrow(path: Path) -> None:
    """Take others' permissions off what is there. What is not, or belongs to someone else, is let be."""
    with contextlib.suppress(FileNotFoundError, PermissionError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS:
            path.chmod(mode & ~_OTHERS)


def is_open(path: Path) -> bool:
    """Whether others can read or write what is at `path`. Raises OSError."""
    return os.name == "posix" and bool(path.stat().st_mode & _OTHERS)


def open_new(path: Path) -> int:
    """A descriptor of a new file for writing; what was at `path` is gone.

    A link is replaced, and what it leads to is left alone: such names can be guessed, and a link may be laid
    there by someone else. Raises OSError.
    """
    path.unlink(missing_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def keep_mode(old: Path, new: Path) -> None:
    """Give the file `new`, which is to take the place of `old`, the permissions of that. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        new.chmod(stat.S_IMODE(old.stat().st_mode))
