"""The draft on disk: read back as a bank before it is put in place, whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from interviewer.bank.load import load_bank
from interviewer.bank.places import rubric_folder
from interviewer.bank.schema import bank_schema, schema_text
from interviewer.bank.starter import SCHEMA_FILE
from interviewer.errors import InterviewerError, InvalidFileError, UsageError
from interviewer.importing.reply import KINDS
from interviewer.private import keep_mode, open_new


def refuse_unfit_target(target: Path, *, force: bool) -> None:
    """Raise UsageError if no bank can be written to `target`: before a model is asked for anything."""
    try:
        if target.is_dir():
            raise UsageError(f"{target} is a folder", hint="Name a file.")
        if _is_taken(target) and not force:
            raise UsageError(f"{target} is already there", hint="--force overwrites it.")
        if not target.parent.is_dir():
            raise UsageError(f"the folder {target.parent} is not there", hint="Create it, or name another.")
        if not os.access(target.parent, os.W_OK | os.X_OK):
            raise UsageError(f"nothing can be written in {target.parent}", hint="Name another place with -o.")
    except (OSError, ValueError) as error:  # ValueError: no name that a file can have
        raise UsageError(f"{target!s} cannot be a file's name: {error}") from error


def rubrics_for(target: Path) -> tuple[str, ...]:
    """The names of the rubrics that a bank at `target` is graded by: the shipped ones, or those beside it.

    Raises InvalidFileError if there is none.
    """
    folder = rubric_folder(target)
    found = sorted(f.stem for f in folder.iterdir() if f.suffix in {".yaml", ".yml"} and f.name[0] != ".")
    if not found:
        raise InvalidFileError("no rubric is there", file=folder, expected="rubric files (*.yaml)")
    return tuple(sorted(found, key=lambda name: (KINDS.index(name) if name in KINDS else len(KINDS), name)))


def write_bank(target: Path, text: str, *, force: bool) -> None:
    """Write the bank `text` to `target` in one step, once it has been read back; the schema beside it.

    Raises InvalidFileError if it is no valid bank, UsageError as `refuse_unfit_target` does,
    InterviewerError if the disk refuses.
    """
    refuse_unfit_target(target, force=force)
    place = target.resolve() if target.is_symlink() else target
    scratch = place.with_name(f".interviewer-{secrets.token_hex(4)}.yaml")
    try:
        try:
            _write_new(scratch, text)
            load_bank(scratch)
            keep_mode(place, scratch)
            scratch.replace(place)
        finally:
            scratch.unlink(missing_ok=True)
        schema = place.with_name(SCHEMA_FILE)
        if not schema.exists():
            _write_new(schema, schema_text(bank_schema()))
    except OSError as error:
        raise InterviewerError(f"{target} cannot be written: {error.strerror or error}") from error


def _is_taken(target: Path) -> bool:
    """Whether something is there, if only a link to nowhere. Raises OSError or ValueError for no name."""
    try:
        target.lstat()
    except FileNotFoundError:
        return False
    return True


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet; it is its owner's alone, as all that the program writes."""
    with os.fdopen(open_new(path), "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
