"""Where banks and rubrics lie: those that come with the program, and those of a person."""

from __future__ import annotations

from pathlib import Path

import interviewer
from interviewer.errors import InvalidFileError

BANK_FILE = "questions.yaml"
RUBRIC_FOLDER = "rubrics"


def shipped() -> Path:
    """The folder that holds the shipped questions.yaml and rubrics/.

    That is `shipped` inside an installed package, and the top of the project in a checkout. Raises
    InvalidFileError where neither has them.
    """
    package = Path(interviewer.__file__).resolve().parent
    for folder in (package / "shipped", package.parent):
        if (folder / BANK_FILE).is_file():
            return folder
    raise InvalidFileError(
        "the shipped bank is not there",
        file=package / "shipped" / BANK_FILE,
        hint="install the package again",
    )


def rubric_folder(path: Path | None, rubrics: Path | None = None) -> Path:
    """Where `load_bank` with these arguments looks for rubrics."""
    if rubrics is not None:
        return rubrics
    beside = path.parent / RUBRIC_FOLDER if path is not None else None
    return beside if beside is not None and beside.is_dir() else shipped() / RUBRIC_FOLDER
