"""`config`: every setting and where it comes from; `config set|unset|get|path` for the file they stand in."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from interviewer.cli import completion, options, wiring
from interviewer.config_file import text_with, text_without
from interviewer.errors import InterviewerError, InvalidFileError, UsageError
from interviewer.private import make_folder, narrow
from interviewer.setting import Setting, setting_named
from interviewer.settings import Resolved, expanded, folders
from interviewer.text import printable

config_app = typer.Typer(rich_markup_mode=None)

Name = Annotated[
    str, typer.Argument(help="The setting, such as model.", autocompletion=completion.setting_names)
]


@config_app.callback(invoke_without_command=True)
def config(context: typer.Context, as_json: options.AsJson = False) -> None:
    """Show every setting, its value and where it comes from."""
    if context.invoked_subcommand is not None:
        return
    from rich.table import Table
    from rich.text import Text

    settings = wiring.settings_of()
    places = {
        "config file": settings.folders.config,
        "interviews": settings.folders.data,
        "cache": settings.folders.cache,
    }
    if as_json:
        found = {
            r.setting.name: {"value": None if r.value is None else r.shown, "source": r.source}
            for r in settings.resolved
        }
        typer.echo(
            json.dumps({"settings": found, "folders": {k: str(v) for k, v in places.items()}}, indent=2)
        )
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("setting", "value", "from", "about"):
        table.add_column(title, overflow="fold")
    for one in settings.resolved:
        cells = (one.setting.name, one.shown, one.source, one.setting.about)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    console = wiring.console()
    console.print(table)
    console.print()
    for name, path in places.items():
        console.print(Text(f"{name}: {printable(str(path))}"), soft_wrap=True)
    console.print("Change one with: interviewer config set NAME VALUE", style="dim", soft_wrap=True)


@config_app.command("set")
def set_value(
    name: Name,
    value: Annotated[
        str,
        typer.Argument(
            help="Its value; - reads it from standard input, which keeps a key out of the shell's history.",
            autocompletion=completion.setting_values,
        ),
    ],
) -> None:
    """Keep a setting in the config file."""
    setting = setting_named(name)
    fit = _fit(setting, _read(setting) if value == "-" else value)
    path = folders(os.environ).config
    _write(path, text_with(path, setting.name, fit))
    shown = Resolved(setting, str(fit), "config file").shown
    _tell(f"{setting.name} is {shown} in {path}")
    if setting.secret or _holds_secret(setting, str(fit)):
        _tell(
            f"It stands there in plain text: {setting.environment[-1]} in the environment is a better place."
        )
    _tell_override(setting)
    _tell_what_does_not_fit(setting)


@config_app.command("unset")
def unset(name: Name) -> None:
    """Take a setting out of the config file."""
    path = folders(os.environ).config
    text = text_without(path, name)
    if text is None:  # what is no setting can be taken out, too: it may be the very fault of the file
        setting = setting_named(name)
        name, text = setting.name, text_without(path, setting.name)
    if text is None:
        _tell(f"{name} is not set in {path}")
    else:
        _write(path, text)
        _tell(f"{name} is no longer set in {path}")
    with contextlib.suppress(UsageError):
        _tell_override(setting_named(name))


@config_app.command("get")
def get(name: Name) -> None:
    """Print the value of a setting alone, wherever it comes from."""
    setting = setting_named(name)
    (found,) = (r for r in wiring.settings_of().resolved if r.setting is setting)
    if setting.secret:
        where = "not set" if found.value is None else f"set, from the {found.source}"
        raise UsageError(f"{setting.name} is a secret and is not shown", hint=f"It is {where}.")
    if found.value is None:
        raise InterviewerError(f"{setting.name} is not set", hint=f"{setting.name}: {setting.about}")
    typer.echo(printable(found.shown))


@config_app.command("path")
def path() -> None:
    """Print where the config file is, or would be."""
    typer.echo(printable(str(folders(os.environ).config)))


def _read(setting: Setting) -> str:
    """One line of standard input; a secret is not echoed where a person types it."""
    if setting.secret and sys.stdin.isatty():
        from getpass import getpass

        return getpass(f"{setting.name}: ")
    return sys.stdin.buffer.readline().decode("utf-8", "replace")


def _fit(setting: Setting, value: str) -> str | int | float:
    """`value` as it is kept: a number where the setting is one, a path that holds in any folder.

    Raises UsageError for what the program would refuse once it is used.
    """
    value = value.strip()
    if not value:
        raise UsageError(
            f"{setting.name} would be empty",
            hint=f"Take it out with: interviewer config unset {setting.name}",
        )
    if printable(value, keep="") != value or (setting.secret and not (value.isascii() and " " not in value)):
        raise UsageError(f"{setting.name} cannot hold such characters", hint="Was it copied whole?")
    setting.refuse_unknown_choice(value)
    if setting.range is not None:
        number = setting.number(value)
        return int(number) if number == int(number) else number
    if setting.path is not None:
        return _path(setting, value)
    if setting.name == "base_url":
        from interviewer.llm.address import Address

        _ = Address(value, None)
    return value


def _path(setting: Setting, value: str) -> str:
    try:
        path = expanded(setting.name, value)
        is_there = path.is_file() if setting.path == "file" else path.is_dir()
    except (OSError, ValueError) as error:
        raise UsageError(f"{setting.name} cannot be {value!r}: {error}") from error
    if not is_there:
        raise UsageError(f"{value!r} is no {setting.path} that is there", hint="Check the path.")
    return value if value.startswith("~") else str(path.absolute())


def _holds_secret(setting: Setting, value: str) -> bool:
    """Whether there is a password, or the like, in a URL."""
    from interviewer.llm.address import Address

    return setting.name == "base_url" and bool(Address(value, None).secrets)


def _write(path: Path, text: str) -> None:
    """Write the config file, for its owner alone: a key may stand in it."""
    from interviewer.report.files import write_text

    try:
        make_folder(path.parent)
        narrow(path)  # a file that is overwritten keeps its mode
    except OSError as error:
        raise InterviewerError(f"{path} cannot be written: {error.strerror or error}") from error
    write_text(path, text, force=True)


def _tell_override(setting: Setting) -> None:
    name = next((name for name in setting.environment if os.environ.get(name)), None)
    if name is not None:
        _tell(f"{name} is set in the environment and goes before the config file.")


def _tell_what_does_not_fit(setting: Setting) -> None:
    """What a command would refuse now, one setting beside the other; the value itself is sound."""
    try:
        settings = wiring.settings_of()
        if setting.name.startswith("price_"):
            _ = settings.prices
        if setting.path is not None:
            from interviewer.bank.load import load_bank

            load_bank(settings.path("bank"), settings.path("rubrics"))
        if setting.name == "base_url":
            _ = settings.model
    except (UsageError, InvalidFileError) as error:
        _tell(f"Not ready yet: {error.message}")
        if error.hint:
            _tell(f"  {error.hint}")


def _tell(text: str) -> None:
    typer.echo(printable(text), err=True)
