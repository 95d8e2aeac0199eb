"""`calibrate`: how far a grader agrees with people, and a map of its scores onto theirs."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.cli import options, wiring
from interviewer.cli.edge import Exit
from interviewer.cli.unencrypted import warn_of_clear_key
from interviewer.errors import InterviewerError, UsageError
from interviewer.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interviewer.bank.models import Bank
    from interviewer.evaluation.calibration import Calibration
    from interviewer.evaluation.grades import GradeLine
    from interviewer.evaluation.labels import Labelled
    from interviewer.evaluation.models import Agreement
    from interviewer.settings import Settings

_PIPE = "-"


def calibrate(
    labels: Annotated[
        str,
        typer.Argument(
            metavar="LABELS",
            help="Answers with what people said of them, a JSON object a line; - is a pipe.",
        ),
    ],
    grades: Annotated[
        list[Path] | None,
        typer.Option(
            "--grades", help="Grades made earlier with `grade`, in place of grading now; more are repeats."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Keep the grades here; a rerun grades only what is missing."),
    ] = None,
    concurrency: Annotated[
        int, typer.Option("--concurrency", min=1, max=256, help="How many answers are graded at once.")
    ] = 4,
    repeat: Annotated[
        int,
        typer.Option("--repeat", min=1, max=20, help="Grade so often, without the cache, to see what stays."),
    ] = 1,
    worst: Annotated[
        int, typer.Option("--worst", min=0, max=1000, help="How many of the furthest apart are listed.")
    ] = 5,
    resamples: Annotated[
        int, typer.Option("--bootstrap", min=0, max=100_000, help="Resamples for intervals; 0 takes none.")
    ] = 1000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Equal seeds give equal intervals.")] = 0,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the report as a page with plots, too.")
    ] = None,
    fit: Annotated[
        bool,
        typer.Option("--fit", help="Learn a map of scores, kept beside the bank for `grade --calibration`."),
    ] = False,
    fit_to: Annotated[Path | None, typer.Option("--fit-to", help="Keep that map in this file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite existing files.")] = False,
    bank: options.Bank = None,
    rubrics: options.Rubrics = None,
    grader: options.Grader = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    samples: options.Samples = None,
    no_cache: options.NoCache = False,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Measure how far a grader agrees with people who graded the same answers."""
    if grades and (output is not None or repeat > 1):
        raise UsageError(
            "--grades names grades that are there: there is nothing to grade",
            hint="Leave -o and --repeat away, or --grades. Several --grades count as repeats.",
        )
    if output is not None and options.named_file(output) is None:
        raise UsageError("-o keeps the grades in a file: standard output has the report", hint="Name a file.")
    from interviewer.extras import refuse_missing

    refuse_missing("calibrate", purpose="`interviewer calibrate`")
    settings = wiring.settings_of(
        bank=bank,
        rubrics=rubrics,
        grader=grader,
        model=model,
        base_url=base_url,
        samples=samples,
        no_cache=no_cache or repeat > 1,
    )
    if not grades:
        wiring.refuse_unfit(settings)
        warn_of_clear_key(settings)
    from interviewer.bank.keep import kept_bank
    from interviewer.evaluation.labels import labelled

    known = kept_bank(settings.path("bank"), settings.path("rubrics"), settings.folders.cache / "banks")
    target = fit_to or _beside(settings, known) if fit or fit_to is not None else None
    for file in (html, target):
        _refuse_existing(file, force=force)
    text = _text_of(labels)
    answers = labelled(_lines(text), known, file=labels)
    runs: list[Mapping[str, GradeLine]] = [_grades_of(file) for file in grades or ()]
    if not grades:
        runs = _graded(settings, labels, text, output, concurrency, repeat, quiet=quiet)
    report = _report(answers, runs, known, labels, resamples=resamples, seed=seed, worst=worst)
    if target is not None:
        report = report.model_copy(update={"calibration": _learned(answers, runs, report, known)})
    _show(report, as_json=as_json)
    _keep(report, html, target, force=force, quiet=quiet)


def _text_of(file: str) -> str:
    """The lines of the file, or of a pipe. Raises InvalidFileError."""
    from interviewer.report.files import read_pipe, read_text

    return read_pipe() if file == _PIPE else read_text(Path(file))


def _lines(text: str) -> list[str]:
    """The lines of `text`; other characters that break lines may stand in an answer."""
    return text.split("\n")


def _grades_of(file: Path) -> dict[str, GradeLine]:
    from interviewer.evaluation.grades import grades_in
    from interviewer.report.files import read_text

    return grades_in(_lines(read_text(file)), file=str(file))


def _graded(
    settings: Settings,
    labels: str,
    text: str,
    output: Path | None,
    concurrency: int,
    repeat: int,
    *,
    quiet: bool,
) -> list[Mapping[str, GradeLine]]:
    """The answers graded `repeat` times, as `grade` does it. Raises typer.Exit where it was interrupted."""
    from interviewer.cli.lines import grade_lines

    runs: list[Mapping[str, GradeLine]] = []
    with tempfile.TemporaryDirectory(prefix="interviewer-") as name:
        folder, source = Path(name), labels
        if labels == _PIPE:
            source = str(folder / "labels.jsonl")
            Path(source).write_text(text, encoding="utf-8", errors="backslashreplace")
        for run in range(1, repeat + 1):
            file = _run_file(output or folder / "graded.jsonl", run)
            try:
                grade_lines(settings, source, file, concurrency, quiet=quiet)
            except typer.Exit as stop:
                if stop.exit_code == Exit.FAILED:  # lines without a grade are part of the report
                    pass
                elif output is None:
                    raise InterviewerError(
                        "interrupted, and the grades were not to be kept",
                        hint="With -o FILE the same command goes on where it was.",
                    ) from None
                else:
                    raise
            runs.append(_grades_of(file))
    return runs


def _run_file(first: Path, run: int) -> Path:
    """Where a run's grades go: graded.jsonl, then graded.run-2.jsonl and so on."""
    return first if run == 1 else first.with_name(f"{first.stem}.run-{run}{first.suffix}")


def _report(
    answers: Sequence[Labelled],
    runs: Sequence[Mapping[str, GradeLine]],
    bank: Bank,
    file: str,
    *,
    resamples: int,
    seed: int,
    worst: int,
) -> Agreement:
    from interviewer.evaluation.bootstrap import Resampling
    from interviewer.evaluation.report import agreement_of

    return agreement_of(answers, runs, bank, file=file, how=Resampling(resamples, seed), worst=worst)


def _learned(
    answers: Sequence[Labelled], runs: Sequence[Mapping[str, GradeLine]], report: Agreement, bank: Bank
) -> Calibration | None:
    """The map of scores; None, and said why, where none is to be learned."""
    from interviewer.evaluation.fitting import NothingLearnedError, fitted
    from interviewer.evaluation.grades import paired

    if report.grader is None:
        raise InterviewerError(
            "the grades do not say who gave them, and a map of scores belongs to one grader",
            hint="Grade again with `interviewer grade`.",
        )
    try:
        today = wiring.now().astimezone().date()
        return fitted(paired(answers, runs[0]), report.grader, bank, made=today)
    except NothingLearnedError as error:
        typer.echo(printable(f"no calibration: {error.message}. {error.hint or ''}".rstrip()), err=True)
        return None


def _show(report: Agreement, *, as_json: bool) -> None:
    if as_json:
        from interviewer.evaluation.json_text import agreement_json

        typer.echo(agreement_json(report))
        return
    from interviewer.terminal.agreement import AgreementScreen

    AgreementScreen(wiring.console()).agreement(report)


def _keep(report: Agreement, html: Path | None, target: Path | None, *, force: bool, quiet: bool) -> None:
    """Write the page and the map, and say so."""
    from interviewer.evaluation.calibration import calibration_text
    from interviewer.report.files import make_folder, write_text

    written = []
    if html is not None:
        from interviewer import __version__
        from interviewer.report.html_agreement import agreement_html

        write_text(html, agreement_html(report, __version__), force=force)
        written.append(html)
    if target is not None and report.calibration is not None:
        make_folder(target.parent)
        write_text(target, calibration_text(report.calibration), force=force)
        written.append(target)
    for file in () if quiet else written:
        typer.echo(f"wrote {printable(str(file))}", err=True)


def _beside(settings: Settings, bank: Bank) -> Path:
    """The calibration's file: beside a bank of one's own; in the data folder for the shipped one."""
    from interviewer.evaluation.calibration import ENDING

    path = settings.path("bank")
    return path.with_name(path.stem + ENDING) if path else settings.folders.data / f"{bank.id}{ENDING}"


def _refuse_existing(file: Path | None, *, force: bool) -> None:
    """Raise UsageError before anything is graded, where the result could not be written in the end."""
    try:
        is_there = file is not None and file.exists()
    except OSError as error:
        raise UsageError(f"{file} cannot be a file's name: {error.strerror}", hint="Name another.") from error
    if is_there and not force:
        raise UsageError(f"{file} is already there", hint="--force overwrites it.")
