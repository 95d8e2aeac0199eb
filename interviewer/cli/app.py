"""The typer application: every command of the program, one file a group.

Only what the command at hand needs is imported: a person waits for the first question.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from interviewer import __version__
from interviewer.text import printable

#: Each command, and where it lives: a function, or the typer application of a group.
COMMANDS = {
    "start": "interview:start",
    "resume": "interview:resume",
    "sessions": "records:sessions",
    "show": "records:show",
    "export": "records:export",
    "progress": "progress:progress",
    "questions": "bank:questions",
    "bank": "bank:bank_app",
    "grade": "grade:grade",
    "calibrate": "calibrate:calibrate",
    "doctor": "doctor:doctor",
    "config": "config:config_app",
}

#: What typer raises for a command line that it cannot read: a class that it gives no public name.
_MISTYPED = cast(type[typer.BadParameter], typer.BadParameter.__mro__[1])


class _Group(TyperGroup):
    """Tells what is wrong with a command line, which may be anyone's text, as all foreign text is told."""

    def main(self, *arguments: Any, **more: Any) -> Any:
        """What the command returns, or the exit code."""
        try:
            return super().main(*arguments, **{**more, "standalone_mode": False})
        except _MISTYPED as error:
            told = io.StringIO()
            error.show(told)
            sys.stderr.write(printable(told.getvalue()))
            return error.exit_code
        except typer.Abort:
            sys.stderr.write("Aborted.\n")
            return 1


def app_of(commands: Iterable[str] = COMMANDS, *, complete: bool = True) -> typer.Typer:
    """The application with these commands. complete: with the options that set up shell completion."""
    app = typer.Typer(
        name="interviewer",
        cls=_Group,
        add_completion=complete,
        help="A mock interviewer for the terminal. Without a command it starts an interview.",
        no_args_is_help=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_program)
    for name in commands:
        found = _found(COMMANDS[name])
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)
    return app


def _found(place: str) -> typer.Typer | Callable[..., Any]:
    module, _, name = place.partition(":")
    found: typer.Typer | Callable[..., Any] = getattr(import_module(f"interviewer.cli.{module}"), name)
    return found


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"interviewer {__version__}")
        raise typer.Exit


def _program(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """A mock interviewer for the terminal. Without a command it starts an interview."""
