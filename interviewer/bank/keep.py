"""Banks as they were read before: the same files need not be parsed and checked again.

Parsing and checking YAML takes longer than all else that is done before the first question.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from interviewer import __version__
from interviewer.bank.outline import Outline, outline_in, outline_of, outline_text
from interviewer.bank.places import BANK_FILE, rubric_folder, shipped
from interviewer.errors import InvalidFileError
from interviewer.private import make_own_folder, open_new

if TYPE_CHECKING:
    from interviewer.bank.models import Bank

#: Banks that are kept; the oldest go first.
MOST_KEPT = 20
_BANK, _OUTLINE = ".bank.json", ".outline.json"


def kept_bank(path: Path | None, rubrics: Path | None, folder: Path) -> Bank:
    """What `load_bank` gives for `path` and `rubrics`, kept in `folder`. Raises InvalidFileError as it does.

    What is kept belongs to the very bytes of the files: a changed file is read anew. A folder that cannot
    be read or written costs time, and nothing else.
    """
    from interviewer.bank.models import Bank

    try:
        kept = folder / f"{_digest(path, rubrics)}{_BANK}"
        return Bank.model_validate_json(kept.read_bytes())
    except (OSError, ValueError):  # not kept yet, or broken, or the bank's own files cannot be read
        pass
    from interviewer.bank.load import load_bank

    bank = load_bank(path, rubrics)
    with contextlib.suppress(OSError):
        _keep(bank, folder, _digest(path, rubrics))
    return bank


def outline_of_bank(path: Path | None, rubrics: Path | None, folder: Path) -> Outline:
    """The outline of the bank: at once if `kept_bank` has read these very files before, else after it has."""
    return kept_outline(path, rubrics, folder) or outline_of(kept_bank(path, rubrics, folder))


def kept_outline(path: Path | None, rubrics: Path | None, folder: Path) -> Outline | None:
    """The outline that `kept_bank` left of these very files; None if there is none. Nothing is written."""
    with contextlib.suppress(OSError, ValueError, TypeError, InvalidFileError):
        return outline_in((folder / f"{_digest(path, rubrics)}{_OUTLINE}").read_text(encoding="utf-8"))
    return None


def _digest(path: Path | None, rubrics: Path | None) -> str:
    """SHA-256 of the program's version and of every file that makes the bank. Raises OSError."""
    bank = path if path is not None else shipped() / BANK_FILE
    found = hashlib.sha256(__version__.encode())
    for file in (bank, *_rubric_files(rubric_folder(path, rubrics))):
        content = file.read_bytes()
        found.update(f"\0{file.name}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        found.update(content)
    return found.hexdigest()


def _rubric_files(folder: Path) -> Iterable[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix in {".yaml", ".yml"})


def _keep(bank: Bank, folder: Path, digest: str) -> None:
    make_own_folder(folder)
    others = sorted(folder.glob(f"*{_BANK}"), key=lambda kept: kept.stat().st_mtime)
    for old in others[: max(0, len(others) - MOST_KEPT + 1)]:
        old.unlink(missing_ok=True)
        old.with_name(old.name.removesuffix(_BANK) + _OUTLINE).unlink(missing_ok=True)
    for ending, text in ((_BANK, bank.model_dump_json()), (_OUTLINE, outline_text(outline_of(bank)))):
        fresh = folder / f"{digest}{ending}.{os.getpid()}"
        with os.fdopen(open_new(fresh), "w", encoding="utf-8") as file:
            file.write(text)
        fresh.replace(folder / f"{digest}{ending}")
