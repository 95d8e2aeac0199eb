"""`start --role` and `start --jd`: the questions that fit a job, and why they were chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from interviewer.bank.keep import kept_bank
from interviewer.errors import UsageError
from interviewer.interview.fit import Fit, fitting
from interviewer.report.files import read_text

if TYPE_CHECKING:
    from interviewer.settings import Settings

#: Files that hold a description, but not as text.
_NO_TEXT = {".pdf", ".doc", ".docx", ".odt", ".pages", ".rtf", ".png", ".jpg", ".jpeg"}
_NO_MATCH = (
    "The description shares no telling word with this bank: the questions are drawn as in any interview."
)


class Job(NamedTuple):
    """What is told of a job. role: in a line. file: a description; either may be None."""

    role: str | None
    file: Path | None


class Chosen(NamedTuple):
    """ids: of the questions, in order. why: for the candidate. is_fit: whether any question fits the job."""

    ids: tuple[str, ...]
    why: str
    is_fit: bool


def chosen(
    settings: Settings,
    job: Job,
    *,
    categories: Sequence[str],
    ids: Sequence[str],
    count: int | None,
    seed: int,
) -> Chosen:
    """The questions for `job`. Raises UsageError for what does not go together; InvalidFileError."""
    if ids:
        raise UsageError(
            "questions are chosen by id, or for a job, not both",
            hint="Leave out --question, or --role and --jd.",
        )
    bank = kept_bank(settings.path("bank"), settings.path("rubrics"), settings.folders.cache / "banks")
    fits = fitting(bank, _description(job), categories=categories, count=count, seed=seed)
    is_fit = any(fit.words for fit in fits)
    return Chosen(
        ids=tuple(fit.question.id for fit in fits),
        why=f"Chosen for: {_reasons(fits)}." if is_fit else _NO_MATCH,
        is_fit=is_fit,
    )


def _description(job: Job) -> str:
    if job.file is None:
        return job.role or ""
    if job.file == Path("-"):
        raise UsageError(
            "--jd takes a file: what is piped in are the answers",
            hint="Save the description as a file, or say it in a line with --role.",
        )
    if job.file.suffix.lower() in _NO_TEXT:
        raise UsageError(
            f"{job.file} is no text", hint="Save the description as text; a web page's HTML will do, too."
        )
    return f"{job.role or ''}\n{read_text(job.file)}"


def _reasons(fits: Sequence[Fit]) -> str:
    """For each question, by its number, the words that spoke for it."""
    return "; ".join(
        f"{number} {', '.join(fit.words)}" if fit.words else f"{number} drawn from the rest"
        for number, fit in enumerate(fits, start=1)
    )
