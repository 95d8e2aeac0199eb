"""Answers from a file or a pipe, graded line by line in the order of the input."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from interviewer.bank.keep import kept_bank
from interviewer.bank.models import Bank
from interviewer.batch.formats import Format, format_of
from interviewer.batch.lines import Job
from interviewer.batch.output import Sink
from interviewer.batch.run import Gate, Result, graded
from interviewer.cli import grading_bar, hooks, options, wiring
from interviewer.cli.edge import Exit
from interviewer.cli.engines import AtWork, Engine, at_work
from interviewer.cli.grading_bar import Spent
from interviewer.cli.many import Budgets, concurrency_of, many_grader_of, pacer_of
from interviewer.cli.sinks import sink_of
from interviewer.cli.sources import PIPE, Table, jobs_of, may_block
from interviewer.errors import UsageError
from interviewer.grading.grader import Grader
from interviewer.grading.sample import sample_task
from interviewer.llm.usage import usage_text
from interviewer.settings import Settings
from interviewer.text import printable

#: So many new objects, a few megabytes, are worth looking for garbage among them.
_OBJECTS = 20_000


@dataclass
class Outcome:
    """How many lines came to what, and what their grades took."""

    spent: Spent
    graded: int = 0
    failed: int = 0
    kept: int = 0
    stopped: bool = False

    def tell(self, *, quiet: bool) -> None:
        """Tell it, on stderr. Raises typer.Exit for what is no success."""
        if not quiet:
            kept = f", {self.kept} were graded before" if self.kept else ""
            typer.echo(f"{self.graded} graded, {self.failed} could not be graded{kept}", err=True)
            if self.spent.usage.requests:
                typer.echo(usage_text(self.spent.usage, self.spent.prices), err=True)
        if self.stopped:
            typer.echo("Interrupted: what was graded is kept; the same command goes on.", err=True)
            raise typer.Exit(code=Exit.INTERRUPTED)
        if self.failed:
            raise typer.Exit(code=Exit.FAILED)


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
    table: Table = Table(),  # noqa: B008 - frozen
    budgets: Budgets = Budgets(),  # noqa: B008 - frozen
) -> None:
    """Grade every line of `source` (`-` is a pipe) to `output`, or to standard output.

    concurrency: the most answers at once; None leaves it to what the grader is. calibration: a map of scores
    whose results stand beside the scores; UsageError for another grader's. Ends with exit code 1 if lines
    could not be graded, and 130 if it was interrupted.
    """
    working = _at_work(engine, settings, concurrency or concurrency_of(settings), budgets)
    outcome = work_off(settings, source, output, working, table=table, calibration=calibration, quiet=quiet)
    outcome.tell(quiet=quiet)


def work_off(
    settings: Settings,
    source: str,
    output: Path | None,
    working: AbstractContextManager[tuple[AtWork, Gate | None]],
    *,
    table: Table,
    calibration: Path | None,
    quiet: bool,
) -> Outcome:
    """What came of all lines of `source`, which are graded by whoever is `working`."""
    bank = kept_bank(settings.path("bank"), settings.path("rubrics"), settings.folders.cache / "banks")
    output = options.named_file(output)
    outcome = Outcome(Spent(settings.prices, counts=wiring.kind_of(settings) == "llm"))
    with contextlib.ExitStack() as stack:
        jobs = stack.enter_context(jobs_of(source, table, bank))
        worker, gate = stack.enter_context(working)
        calibrated = _calibrated_by(calibration, worker.grader, bank)
        if not quiet:
            typer.echo(f"grading by {printable(worker.description)}", err=True)
        run = _Run(worker.grader, worker.concurrency, gate, may_block(source), calibrated)
        sink = stack.enter_context(sink_of(output, table.format, is_calibrated=calibration is not None))
        tell = stack.enter_context(_bar(source, table, output, outcome.spent, quiet=quiet))
        # The program starts without looking for garbage; thousands of grades leave some.
        gc.set_threshold(_OBJECTS)
        gc.enable()
        marked = (replace(job, done=job.error is None and sink.done(job.id)) for job in jobs)
        hooks.run(_grade(marked, run, sink, outcome, tell))
        if not outcome.stopped:
            sink.finish()
    return outcome


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
    source: str, table: Table, output: Path | None, spent: Spent, *, quiet: bool
) -> Iterator[Callable[[Result], None]]:
    """What is to be told of each result; shows it where a person looks."""
    if not grading_bar.is_wanted(output, quiet=quiet):
        yield lambda result: None
        return
    # A row of CSV may be several lines.
    is_counted = source != PIPE and format_of(Path(source), table.format) is Format.JSONL
    total = grading_bar.lines_in(Path(source)) if is_counted else None
    with grading_bar.bar(total, spent, wiring.console(stderr=True)) as tell:
        yield tell


async def _grade(
    jobs: Iterator[Job],
    run: _Run,
    sink: Sink,
    outcome: Outcome,
    tell: Callable[[Result], None],
) -> None:
    def stop() -> None:
        outcome.stopped = True
        loop.remove_signal_handler(signal.SIGINT)  # the second Ctrl-C does not wait

    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):  # on Windows Ctrl-C ends at once
        loop.add_signal_handler(signal.SIGINT, stop)
    results = graded(
        jobs,
        run.judge,
        concurrency=run.concurrency,
        stopped=lambda: outcome.stopped,
        gate=run.gate,
        keep=lambda result: sink.keep(run.calibrated(result)),
        blocks=run.blocks,
    )
    try:
        async for result in results:
            sink.put(run.calibrated(result))
            outcome.kept += result.job.done
            outcome.graded += result.ok and not result.job.done
            outcome.failed += not result.ok
            outcome.spent.add(result)
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
