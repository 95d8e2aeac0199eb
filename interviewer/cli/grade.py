"""`grade`: answers from a file or a pipe, or those that earlier interviews left open."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interviewer.batch.formats import Format
from interviewer.batch.repair import Repair
from interviewer.cli import completion, options, wiring
from interviewer.cli.batch_options import Wanted
from interviewer.cli.engines import Engine, EngineName
from interviewer.cli.unencrypted import warn_of_clear_key
from interviewer.errors import UsageError


def grade(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE|-]", help="Answers: a JSON object a line, or CSV with a header; - is a pipe."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write here; a rerun grades only what is missing."),
    ] = None,
    format: Annotated[
        Format | None,
        typer.Option("--format", help="jsonl or csv, where a file's name does not say it, and for pipes."),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns", help="Columns of CSV that have other names: id=student,answer=text,question_id=q."
        ),
    ] = None,
    concurrency: Annotated[
        int | None,
        typer.Option(
            "--concurrency",
            min=1,
            max=1024,
            help="How many answers are graded at once, at most [default: 32 at a service, 8 at one on this "
            "network, 2 by the local grader]. A service that has enough gets fewer.",
        ),
    ] = None,
    requests_per_minute: Annotated[
        int | None,
        typer.Option("--requests-per-minute", min=1, help="Send a service no more requests than this."),
    ] = None,
    tokens_per_minute: Annotated[
        int | None,
        typer.Option("--tokens-per-minute", min=1, help="Take no more tokens of a service than this."),
    ] = None,
    pending: Annotated[
        bool,
        typer.Option(
            "--pending",
            help="Grade what earlier interviews left open: no grade, a provisional one, or a dispute.",
        ),
    ] = False,
    id: Annotated[
        str | None,
        typer.Option(
            "--id", help="With --pending: only of this interview.", autocompletion=completion.session_ids
        ),
    ] = None,
    calibration: Annotated[
        Path | None,
        typer.Option(
            "--calibration", help="Add a calibrated score by the map that `calibrate --fit` learned."
        ),
    ] = None,
    engine: Annotated[
        EngineName,
        typer.Option("--engine", help="Where the local grader works: in this process, or on a Ray cluster."),
    ] = EngineName.LOCAL,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", min=1, help="With --engine ray: models at work [default: one for each CPU]."
        ),
    ] = None,
    ray_address: Annotated[
        str | None,
        typer.Option(
            "--ray-address",
            help="With --engine ray: the cluster, as HOST:6379 [default: RAY_ADDRESS, else this machine].",
        ),
    ] = None,
    batch: Annotated[
        bool,
        typer.Option(
            "--batch", help="Put FILE into batches of the service, at half the price, within a day."
        ),
    ] = False,
    batch_status: Annotated[
        bool,
        typer.Option("--batch-status", help="With -o: how its batches stand; exit code 0 once all ended."),
    ] = False,
    batch_collect: Annotated[
        bool, typer.Option("--batch-collect", help="With -o: write the grades of its batches.")
    ] = False,
    repair: Annotated[
        Repair | None,
        typer.Option(
            "--repair",
            help="With --batch-collect: where a reply is not enough, ask directly, in another batch, or not "
            "at all [default: direct].",
        ),
    ] = None,
    bank: options.Bank = None,
    rubrics: options.Rubrics = None,
    grader: options.Grader = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    samples: options.Samples = None,
    no_cache: options.NoCache = False,
    quiet: options.Quiet = False,
) -> None:
    """Grade answers: a file of them, or what earlier interviews left open (--pending)."""
    wanted = Wanted(file, output, submits=batch, tells=batch_status, collects=batch_collect, repair=repair)
    if wanted.is_batch:
        wanted.refuse_unfit(
            pending=pending,
            is_direct=concurrency is not None or Engine(engine, workers, ray_address) != Engine(),
            has_table=format is not None or columns is not None,
            has_calibration=calibration is not None,
        )
    elif pending == (file is not None):
        raise UsageError(
            "give either a file of answers or --pending",
            hint="`interviewer grade FILE -o OUT` grades a file; `-` reads a pipe.",
        )
    if pending and calibration is not None:
        raise UsageError(
            "--calibration belongs to a file of answers: interviews keep the score itself",
            hint="Leave it away, or give a file.",
        )
    where = Engine(engine, workers, ray_address)
    if pending and where != Engine():
        raise UsageError(
            "--engine, --workers and --ray-address belong to a file of answers",
            hint="Leave them away, or give a file.",
        )
    if engine is EngineName.RAY and concurrency is not None:
        raise UsageError(
            "--concurrency belongs to one process: on Ray it follows from the workers",
            hint="Give --workers instead.",
        )
    settings = wiring.settings_of(
        bank=bank,
        rubrics=rubrics,
        grader=grader,
        model=model,
        base_url=base_url,
        samples=samples,
        no_cache=no_cache,
    )
    wiring.refuse_unfit(settings)
    warn_of_clear_key(settings)
    if pending:
        from interviewer.cli.pending import grade_pending

        grade_pending(settings, id, quiet=quiet)
        return
    from interviewer.batch.reading import columns_of
    from interviewer.cli.many import Budgets
    from interviewer.cli.sources import Table

    table = Table(format, columns_of(columns))
    budgets = Budgets(requests_per_minute, tokens_per_minute)
    if wanted.is_batch:
        wanted.work(settings, table, budgets, calibration, quiet=quiet)
    elif file is not None:
        from interviewer.cli.lines import grade_lines

        where.refuse_unfit(settings)
        grade_lines(
            settings,
            file,
            output,
            concurrency,
            quiet=quiet,
            calibration=calibration,
            engine=where,
            table=table,
            budgets=budgets,
        )
