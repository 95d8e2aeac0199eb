"""Text files that the product writes and reads for a person: transcripts, new banks, answers."""

from __future__ import annotations

import os
import re
import stat
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from interviewer import private
from interviewer.errors import InterviewerError, InvalidFileError, UsageError
from interviewer.interview.models import Interview
from interviewer.text import printable

#: Largest file that is read.
MAX_BYTES = 50_000_000

_SURROGATES = re.compile("[\ud800-\udfff]+")
_NAME_CHARACTERS = 80


def default_name(interview: Interview, ending: str) -> Path:
    """The name of a transcript's file, in the current folder. ending: without the dot, such as `md`."""
    return name_of(interview.id, ending)


def name_of(interview_id: str, ending: str) -> Path:
    """The same by the interview's id, of which it is made alone: no text of a candidate, a bank or a model
    is in it.
    """
    safe = re.sub(r"[^A-Za-z0-9_-]+", "-", interview_id)[:_NAME_CHARACTERS].strip("-")
    return Path(f"interview-{safe}.{ending}" if safe else f"interview.{ending}")


def write_text(path: Path, text: str, *, force: bool) -> None:
    """Write `text` as UTF-8, whole or not at all. Lone surrogates are written as visible signs.

    Raises as `write_parts` does.
    """
    write_parts(path, (encoded(text),), force=force)


def encoded(text: str) -> bytes:
    """`text` as UTF-8. Lone surrogates, which have no place in it, become visible signs."""
    return _SURROGATES.sub(lambda m: printable(m.group()), text).encode()


def write_parts(path: Path, parts: Iterable[bytes], *, force: bool) -> None:
    """Write `parts`, one after the other as they come, to a file that is there whole or not at all.

    A new file can be read by its owner alone, since transcripts are personal; one that is overwritten
    keeps its permissions. Raises UsageError if the path cannot be a new file's or, without `force`, if
    there is a file; InterviewerError if the disk refuses.
    """
    try:
        target, mode = _writable(path, force=force)
        _replace(target, parts, 0o600 if mode is None else stat.S_IMODE(mode))
    except OSError as error:
        raise InterviewerError(f"{path} cannot be written: {error.strerror or error}") from error


def refuse_taken(path: Path, *, force: bool) -> None:
    """Raise as `write_parts` would before it writes: for many files, so that none is written in vain."""
    try:
        _writable(path, force=force)
    except OSError as error:
        raise InterviewerError(f"{path} cannot be written: {error.strerror or error}") from error


def make_folder(path: Path) -> None:
    """Make a folder for transcripts that its owner alone can read, where none is. Raises as `write_parts`."""
    try:
        private.make_folder(path)
    except FileExistsError as error:
        raise UsageError(f"{path} is not a folder", hint="Name a folder.") from error
    except OSError as error:
        raise InterviewerError(f"{path} cannot be made: {error.strerror or error}") from error
    except ValueError as error:  # a NUL in the path
        raise UsageError(f"{path} cannot be a folder's name: {error}") from error


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, a byte-order mark dropped and all line breaks as `\\n`.

    Raises InvalidFileError if it cannot be read, is larger than MAX_BYTES or is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise InvalidFileError("it is not there", file=path, hint="Check the path.") from error
    except IsADirectoryError as error:
        raise InvalidFileError("this is a folder", file=path, expected="a file") from error
    except (OSError, ValueError) as error:  # ValueError: no name that a file can have
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidFileError(f"it cannot be read: {reason}", file=path) from error
    return _text_in(data, path)


def read_pipe() -> str:
    """The same of standard input."""
    return _text_in(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input")


def _text_in(data: bytes, file: Path | str) -> str:
    if len(data) > MAX_BYTES:
        raise InvalidFileError("the file is too large", file=file, expected=f"at most {MAX_BYTES:,} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidFileError(
            "the text is not UTF-8",
            file=file,
            line=data.count(b"\n", 0, error.start) + 1,
            hint="Save it as UTF-8 in your editor.",
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _writable(path: Path, *, force: bool) -> tuple[Path, int | None]:
    """Where `path` leads, and type and permissions of what is there; None for a new file."""
    try:
        target = path.resolve() if path.is_symlink() else path
        mode = _mode_of(target)
        if (mode is not None or path.is_symlink()) and not force:
            raise UsageError(f"{path} is already there", hint="--force overwrites it.")
        if mode is not None and not stat.S_ISREG(mode):
            kind = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
            raise UsageError(f"{path} is {kind}", hint="Name a file.")
        if not target.parent.is_dir():
            raise UsageError(f"the folder {target.parent} is not there", hint="Create it, or name another.")
    except (ValueError, RuntimeError) as error:  # a NUL in the path; a link that leads to itself
        raise UsageError(f"{path} cannot be a file's name: {error}") from error
    return target, mode


def _mode_of(path: Path) -> int | None:
    """Type and permissions of what is there, or None."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _replace(target: Path, parts: Iterable[bytes], permissions: int) -> None:
    """Put `parts` in place of `target` in one step, so that no reader sees half of it."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".interviewer-", suffix=".tmp")
    scratch = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        scratch.chmod(permissions)
        scratch.replace(target)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise
