"""`config`: every setting, and where it comes from."""

from __future__ import annotations

import json

import typer

from interviewer.cli import options, wiring
from interviewer.text import printable


def config(as_json: options.AsJson = False) -> None:
    """Show every setting, its value and where it comes from."""
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
    console.print(
        'A setting stands in the config file as a line such as:  model = "NAME"', style="dim", soft_wrap=True
    )
