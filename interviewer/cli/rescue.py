"""An answer that the store would not take is put where its writer finds it again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from interviewer.errors import InterviewerError, StoreError
from interviewer.report.files import name_of, write_text

_MOST_FILES = 100  # of one interview in one folder


def rescued(error: StoreError, text: str, interview_id: str, data: Path) -> StoreError:
    """`error` with a hint that says where `text` is now, and how to go on.

    text: what was written and not stored, if anything. It goes into a file of the data folder, else of the
    current one, else of the one for temporary files; if none takes it, the hint is the text itself.
    """
    hints = [error.hint] if error.hint else []
    if text.strip():
        path = _written(text, interview_id, data)
        if path is None:
            hints.append(f"What you wrote last could be saved nowhere. Copy it from here:\n{text}\n")
        else:
            hints.append(f"What you wrote last is in {path}; send it once the interview goes on.")
    hints.append(f"All that was sent before is kept: interviewer resume {interview_id}")
    return StoreError(error.message, hint=" ".join(hints))


def _written(text: str, interview_id: str, data: Path) -> Path | None:
    for path in _places(interview_id, data):
        try:
            write_text(path, text, force=False)
        except InterviewerError:  # taken, full, or nobody may write there: the next one then
            continue
        return path
    return None


def _places(interview_id: str, data: Path) -> Iterator[Path]:
    name = name_of(interview_id, "txt")
    for folder in (data, Path.cwd(), Path(tempfile.gettempdir())):
        yield from (
            folder / f"{name.stem}-unsaved{f'-{number}' if number else ''}{name.suffix}"
            for number in range(_MOST_FILES)
        )
