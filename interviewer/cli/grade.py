"""`grade`: answers from a file or a pipe, or those that earlier interviews left open."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interviewer.cli import completion, options, wiring
from interviewer.errors import UsageError


def grade(
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE|-]", help="Answers, one JSON object a line; - is a pipe.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write here; a rerun grades only what is missing."),
    ] = None,
    concurrency: Annotated[
        int, typer.Option("--concurrency", min=1, max=256, help="How many answers are graded at once.")
    ] = 4,
    pending: Annotated[
        bool,
        typer.Option(
            "--pending", help="Grade what earlier interviews left open: no grade, or a provisional one."
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
    if pending == (file is not None):
        raise UsageError(
            "give either a file of answers or --pending",
            hint="`interviewer grade FILE -o OUT` grades a file; `-` reads a pipe.",
        )
    if pending and calibration is not None:
        raise UsageError(
            "--calibration belongs to a file of answers: interviews keep the score itself",
            hint="Leave it away, or give a file.",
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
    if file is None:
        from interviewer.cli.pending import grade_pending

        grade_pending(settings, id, quiet=quiet)
    else:
        from interviewer.cli.lines import grade_lines

        grade_lines(settings, file, output, concurrency, quiet=quiet, calibration=calibration)
