"""The typer application: every command of the program, one file a group."""

from __future__ import annotations

from typing import Annotated

import typer

from interviewer import __version__
from interviewer.cli import bank, config, doctor, grade, interview, records

app = typer.Typer(
    name="interviewer",
    help="A mock interviewer for the terminal. Without a command it starts an interview.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"interviewer {__version__}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """A mock interviewer for the terminal. Without a command it starts an interview."""


app.command("start")(interview.start)
app.command("resume")(interview.resume)
app.command("sessions")(records.sessions)
app.command("show")(records.show)
app.command("export")(records.export)
app.command("questions")(bank.questions)
app.add_typer(bank.bank_app, name="bank")
app.command("grade")(grade.grade)
app.command("doctor")(doctor.doctor)
app.command("config")(config.config)
