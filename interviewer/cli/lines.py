"""Answers from a file or a pipe, graded line by line in the order of the input."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from interviewer.bank.keep import kept_bank
from interviewer.bank.models import Bank
from interviewer.batch.lines import Job, LineError, job_of
from interviewer.batch.output import Output
from interviewer.batch.run import Result, graded
from interviewer.cli import options, wiring
from interviewer.cli.edge import Exit
from interviewer.errors import InvalidFileError
from interviewer.grading.grader import Grader
from interviewer.grading.sample import sample_task
from interviewer.settings import Settings
from interviewer.text import printable


@dataclass
class _Count:
    """How many lines came to what."""

    graded: int = 0
    failed: int = 0
    kept: int = 0
    stopped: bool = False


def grade_lines(
    settings: Settings,
    source: str,
    output: Path | None,
    concurrency: int,
    *,
    quiet: bool,
    calibration: Path | None = None,
) -> None:
    """Grade every line of `source` (`-` is a pipe) to `output`, or to standard output.

    calibration: a map of scores whose results stand beside the scores; UsageError for another grader's.
    Ends with exit code 1 if lines could not be graded, and 130 if it was interrupted.
    """
    bank = kept_bank(settings.path("bank"), settings.path("rubrics"), settings.folders.cache / "banks")
    judge = wiring.grader_of(settings)
    count = _Count()
    line_of = _calibrated_by(calibration, judge, bank)
    if not quiet:
        typer.echo(f"grading by {printable(wiring.describe(settings))}", err=True)
    with _lines_of(source) as lines:
        jobs = _jobs(lines, bank)
        output = options.file_of(output)
        if output is None:
            asyncio.run(_grade(jobs, judge, concurrency, count, lambda one: _print(line_of(one))))
        else:
            with Output(output) as out:
                marked = (replace(job, done=job.error is None and out.done(job.id)) for job in jobs)
                asyncio.run(_grade(marked, judge, concurrency, count, lambda one: out.put(line_of(one))))
                if not count.stopped:
                    out.finish()
    if not quiet:
        kept = f", {count.kept} were graded before" if count.kept else ""
        typer.echo(f"{count.graded} graded, {count.failed} could not be graded{kept}", err=True)
    if count.stopped:
        typer.echo("Interrupted: what was graded is kept; the same command goes on.", err=True)
        raise typer.Exit(code=Exit.INTERRUPTED)
    if count.failed:
        raise typer.Exit(code=Exit.FAILED)


async def _grade(
    jobs: Iterator[Job], judge: Grader, concurrency: int, count: _Count, put: Callable[[Result], None]
) -> None:
    def stop() -> None:
        count.stopped = True
        loop.remove_signal_handler(signal.SIGINT)  # the second Ctrl-C does not wait

    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):  # on Windows Ctrl-C ends at once
        loop.add_signal_handler(signal.SIGINT, stop)
    try:
        async for result in graded(jobs, judge, concurrency=concurrency, stopped=lambda: count.stopped):
            put(result)
            count.kept += result.job.done
            count.graded += result.ok and not result.job.done
            count.failed += not result.ok
    finally:
        await judge.aclose()


def _calibrated_by(file: Path | None, judge: Grader, bank: Bank) -> Callable[[Result], Result]:
    """What adds the calibrated score to a result; without a file results stay as they are."""
    if file is None:
        return lambda result: result
    from interviewer.evaluation.calibration import calibration_in
    from interviewer.report.files import read_text

    learned = calibration_in(read_text(file), file=file)
    learned.refuse_other(judge.identity(sample_task(bank.first_rubric)))
    return lambda one: replace(one, text=learned.added_to(one.text)) if one.ok and one.text else one


def _jobs(lines: Iterator[str], bank: Bank) -> Iterator[Job]:
    """A job for each line that is not blank; an id that came before is an error."""
    seen: set[str] = set()
    for line in lines:
        if not line.strip():
            continue
        job = job_of(line, bank)
        if job.id is not None and job.id in seen:
            yield Job(id=job.id, error=LineError("double_id", "an earlier line has the same id"))
            continue
        if job.id is not None:
            seen.add(job.id)
        yield job


def _print(result: Result) -> None:
    typer.echo(result.text)


@contextlib.contextmanager
def _lines_of(source: str) -> Iterator[Iterator[str]]:
    """The lines of the file, read as they are needed. What is not UTF-8 becomes a replacement character."""
    if source == "-":
        yield iter(sys.stdin)
        return
    try:
        file = Path(source).open(encoding="utf-8-sig", errors="replace")  # noqa: SIM115 - closed below
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidFileError(f"it cannot be read: {reason}", file=source, hint="Check the path.") from error
    with file:
        yield iter(file)
