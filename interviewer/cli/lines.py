"""Answers from a file or a pipe, graded line by line in the order of the input."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from os import fstat
from pathlib import Path

import typer

from interviewer.bank.keep import kept_bank
from interviewer.bank.models import Bank
from interviewer.batch.formats import Format, format_of
from interviewer.batch.lines import Job
from interviewer.batch.output import Sink
from interviewer.batch.reading import jobs_in, jobs_in_rows
from interviewer.batch.run import Gate, Result, graded
from interviewer.cli import grading_bar, options, wiring
from interviewer.cli.edge import Exit
from interviewer.cli.engines import AtWork, Engine, at_work
from interviewer.cli.grading_bar import Spent
from interviewer.cli.many import Budgets, concurrency_of, many_grader_of, pacer_of
from interviewer.cli.sinks import sink_of
from interviewer.errors import InvalidFileError, UsageError
from interviewer.grading.grader import Grader
from interviewer.grading.sample import sample_task
from interviewer.llm.usage import usage_text
from interviewer.settings import Settings
from interviewer.text import printable

_PIPE = "-"
#: So many new objects, a few megabytes, are worth looking for garbage among them.
_OBJECTS = 20_000


@dataclass
class _Count:
    """How many lines came to what."""

    graded: int = 0
    failed: int = 0
    kept: int = 0
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """How lines are written. format: of files whose names do not say it, and of pipes. columns: of CSV that
    comes in, by field."""

    format: Format | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Run:
    """What stays the same for all lines of a run. calibrated: adds the calibrated score to a result."""

    judge: Grader
    concurrency: int
    gate: Gate | None
    blocks: bool
    calibrated: Callable[[Result], Result]


def grade_lines(
    settings: Settings,
    source: str,
    output: Path | None,
    concurrency: int | None,
    *,
    quiet: bool,
    calibration: Path | None = None,
    engine: Engine = Engine(),  # noqa: B008 - frozen
    table: Table = Table(),
    budgets: Budgets = Budgets(),  # noqa: B008 - frozen
) -> None:
    """Grade every line of `source` (`-` is a pipe) to `output`, or to standard output.

    concurrency: the most answers at once; None leaves it to what the grader is. calibration: a map of scores
    whose results stand beside the scores; UsageError for another grader's. Ends with exit code 1 if lines
    could not be graded, and 130 if it was interrupted.
    """
    bank = kept_bank(settings.path("bank"), settings.path("rubrics"), settings.folders.cache / "banks")
    output = options.file_of(output)
    most = concurrency or concurrency_of(settings)
    count = _Count()
    spent = Spent(settings.prices, counts=wiring.kind_of(settings) == "llm")
    with contextlib.ExitStack() as stack:
        jobs = stack.enter_context(jobs_of(source, table, bank))
        working, gate = stack.enter_context(_at_work(engine, settings, most, budgets))
        calibrated = _calibrated_by(calibration, working.grader, bank)
        if not quiet:
            typer.echo(f"grading by {printable(working.description)}", err=True)
        run = _Run(working.grader, working.concurrency, gate, _blocks(source), calibrated)
        sink = stack.enter_context(sink_of(output, table.format, is_calibrated=calibration is not None))
        tell = stack.enter_context(_bar(source, output, spent, quiet=quiet))
        # The program starts without looking for garbage; thousands of grades leave some.
        gc.set_threshold(_OBJECTS)
        gc.enable()
        marked = (replace(job, done=job.error is None and sink.done(job.id)) for job in jobs)
        asyncio.run(_grade(marked, run, sink, count, spent, tell))
        if not count.stopped:
            sink.finish()
    _tell_outcome(count, spent, quiet=quiet)


@contextlib.contextmanager
def jobs_of(source: str, table: Table, bank: Bank) -> Iterator[Iterator[Job]]:
    """The jobs of `source`, read as they are needed. Raises InvalidFileError."""
    is_pipe = source == _PIPE
    form = format_of(None if is_pipe else Path(source), table.format)
    if table.columns and form is not Format.CSV:
        raise UsageError("--columns belongs to CSV", hint="Lines of JSON name their fields themselves.")
    with _lines_of(source, newline="" if form is Format.CSV else None) as lines:
        if form is Format.CSV:
            yield jobs_in_rows(lines, bank, table.columns, "standard input" if is_pipe else source)
        else:
            yield jobs_in(lines, bank)


@contextlib.contextmanager
def _at_work(
    engine: Engine, settings: Settings, concurrency: int, budgets: Budgets
) -> Iterator[tuple[AtWork, Gate | None]]:
    """Who grades, and who says when the next line may be begun, if not everyone at once."""
    if wiring.kind_of(settings) == "llm":
        pacer = pacer_of(budgets, concurrency)
        yield AtWork(many_grader_of(settings, pacer), concurrency, wiring.describe(settings)), pacer
    elif budgets != Budgets():
        raise UsageError(
            "--requests-per-minute and --tokens-per-minute belong to a language model",
            hint="Leave them away, or name a service.",
        )
    else:
        with at_work(engine, settings, concurrency) as working:
            yield working, None


@contextlib.contextmanager
def _bar(
    source: str, output: Path | None, spent: Spent, *, quiet: bool
) -> Iterator[Callable[[Result], None]]:
    """What is to be told of each result; shows it where a person looks."""
    if not grading_bar.is_wanted(output, quiet=quiet):
        yield lambda result: None
        return
    total = None if source == _PIPE else grading_bar.lines_in(Path(source))
    with grading_bar.bar(total, spent, wiring.console(stderr=True)) as tell:
        yield tell


def _tell_outcome(count: _Count, spent: Spent, *, quiet: bool) -> None:
    """What the run came to, on stderr. Raises typer.Exit for what is no success."""
    if not quiet:
        kept = f", {count.kept} were graded before" if count.kept else ""
        typer.echo(f"{count.graded} graded, {count.failed} could not be graded{kept}", err=True)
        if spent.usage.requests:
            typer.echo(usage_text(spent.usage, spent.prices), err=True)
    if count.stopped:
        typer.echo("Interrupted: what was graded is kept; the same command goes on.", err=True)
        raise typer.Exit(code=Exit.INTERRUPTED)
    if count.failed:
        raise typer.Exit(code=Exit.FAILED)


async def _grade(
    jobs: Iterator[Job],
    run: _Run,
    sink: Sink,
    count: _Count,
    spent: Spent,
    tell: Callable[[Result], None],
) -> None:
    def stop() -> None:
        count.stopped = True
        loop.remove_signal_handler(signal.SIGINT)  # the second Ctrl-C does not wait

    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):  # on Windows Ctrl-C ends at once
        loop.add_signal_handler(signal.SIGINT, stop)
    results = graded(
        jobs,
        run.judge,
        concurrency=run.concurrency,
        stopped=lambda: count.stopped,
        gate=run.gate,
        keep=lambda result: sink.keep(run.calibrated(result)),
        blocks=run.blocks,
    )
    try:
        async for result in results:
            sink.put(run.calibrated(result))
            count.kept += result.job.done
            count.graded += result.ok and not result.job.done
            count.failed += not result.ok
            spent.add(result)
            tell(result)
    finally:
        await run.judge.aclose()


def _calibrated_by(file: Path | None, judge: Grader, bank: Bank) -> Callable[[Result], Result]:
    """What adds the calibrated score to a result; without a file results stay as they are."""
    if file is None:
        return lambda result: result
    from interviewer.evaluation.calibration import calibration_in
    from interviewer.report.files import read_text

    learned = calibration_in(read_text(file), file=file)
    learned.refuse_other(judge.identity(sample_task(bank.first_rubric)))
    return lambda one: replace(one, text=learned.added_to(one.text)) if one.ok and one.text else one


def _blocks(source: str) -> bool:
    """Whether reading `source` may have to wait for whoever writes it."""
    return source == _PIPE and not stat.S_ISREG(fstat(sys.stdin.fileno()).st_mode)


@contextlib.contextmanager
def _lines_of(source: str, *, newline: str | None) -> Iterator[Iterator[str]]:
    """The lines of the file, read as they are needed. What is not UTF-8 becomes a replacement character.

    newline: as `open` takes it; empty leaves line breaks as they are.
    """
    if source == _PIPE:
        if hasattr(sys.stdin, "reconfigure"):
            sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace", newline=newline)
        yield iter(sys.stdin)
        return
    try:
        file = Path(source).open(encoding="utf-8-sig", errors="replace", newline=newline)  # noqa: SIM115 - closed below
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidFileError(f"it cannot be read: {reason}", file=source, hint="Check the path.") from error
    with file:
        yield iter(file)
