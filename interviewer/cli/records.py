"""`sessions`, `show` and `export`: what is kept of earlier interviews."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from interviewer.cli import exporting, options, wiring
from interviewer.cli.exporting import Format
from interviewer.errors import UsageError
from interviewer.numbers import decimal
from interviewer.text import printable

_WIDE = 100  # columns from which a list shows all it has


def sessions(
    as_json: options.AsJson = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many, newest first.")] = 20,
) -> None:
    """List earlier interviews, newest first."""
    from rich.table import Table
    from rich.text import Text

    from interviewer.store.store import Store

    with Store.open(wiring.settings_of().folders.data) as store:
        rows = store.sessions(limit)
    if as_json:
        typer.echo(json.dumps([row.model_dump(mode="json") for row in rows], indent=2))
        return
    console = wiring.console()
    if not rows:
        console.print("No interviews yet. Start one with: interviewer start")
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    is_wide = console.width >= _WIDE
    for title in ("id", "status"):
        table.add_column(title, no_wrap=True)
    for title in ("answered", "to grade", "score"):
        table.add_column(title, no_wrap=True, justify="right")
    if is_wide:
        table.add_column("started", no_wrap=True)  # the id tells it, too
        table.add_column("bank", overflow="fold")
    for row in rows:
        cells = [row.id, row.status, f"{row.answered}/{row.questions}", str(row.pending or "")]
        cells.append("–" if row.score is None else decimal(row.score))
        if is_wide:
            cells += [_moment(row.started_at), row.bank]
        table.add_row(*(Text(printable(cell)) for cell in cells))
    console.print(table)


def show(id: options.SessionId = None, as_json: options.AsJson = False) -> None:
    """Show an interview: answers, grades with their quotes, summary."""
    from interviewer.interview.models import TurnStatus
    from interviewer.interview.summary import summary_of
    from interviewer.store.store import Store
    from interviewer.terminal.screen import Screen

    with Store.open(wiring.settings_of().folders.data) as store:
        interview = store.load(store.find(id))
    if as_json:
        from interviewer import __version__
        from interviewer.report.json_format import to_json
        from interviewer.report.transcript import transcript_of

        typer.echo(to_json(transcript_of(interview, __version__)), nl=False)
        return
    screen = Screen(wiring.console())
    titles = dict(interview.bank.categories)
    screen.note(f"{interview.id} · {_moment(interview.started_at)} · {interview.status}")
    for turn in interview.turns:
        if turn.status is TurnStatus.PLANNED:
            continue
        category = titles.get(turn.question.category, turn.question.category)
        screen.question(turn.question, turn.index + 1, len(interview.turns), category, again=False)
        for answer in turn.answers:
            if answer.prompt is not None:
                screen.note(f"Follow-up: {answer.prompt}")
            screen.echo("(gave up)" if answer.gave_up else answer.text)
            if answer.grade is None and answer.failure is not None:
                screen.failure(answer.failure)
        if turn.status in {TurnStatus.SKIPPED, TurnStatus.ASKED}:
            screen.note("Skipped." if turn.status is TurnStatus.SKIPPED else "Not answered yet.")
            continue
        screen.feedback(turn)
        screen.outline(turn.question)
    screen.summary(summary_of(interview))


def export(
    id: options.SessionId = None,
    format: Annotated[
        Format,
        typer.Option(
            "--format",
            "-f",
            help="md or html to read, pdf to print, json or jsonl (one a line) for programs, csv for "
            "spreadsheets.",
        ),
    ] = Format.MD,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write [default: standard output].")
    ] = None,
    every: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Every interview: csv and jsonl as one file, the rest as files in the folder that -o names.",
        ),
    ] = False,
    redact: Annotated[
        bool,
        typer.Option(
            "--redact", help="Leave out answers and all that quotes them: scores and verdicts only."
        ),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of json, and end.")] = False,
) -> None:
    """Export an interview's transcript, or those of all."""
    if schema:
        exporting.print_schema()
        return
    if every and id is not None:
        raise UsageError("--all and an interview's id were given", hint="Leave one of them out.")

    from interviewer.store.store import Store

    output = options.file_of(output)
    with Store.open(wiring.settings_of().folders.data) as store:
        if every:
            exporting.export_all(store, format, output, force=force, redact=redact)
        else:
            exporting.export_one(store, id, format, output, force=force, redact=redact)


def _moment(at: datetime) -> str:
    """A time for people: local, to the minute."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"
