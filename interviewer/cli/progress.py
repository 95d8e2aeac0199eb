"""`progress`: how it goes over all interviews, what keeps being missed, and what is due."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.cli import options, wiring
from interviewer.errors import UsageError
from interviewer.text import did_you_mean, one_line, printable

if TYPE_CHECKING:
    from interviewer.bank.models import Bank
    from interviewer.memory.models import BankNames, Memory, Progress
    from interviewer.memory.names import Names
    from interviewer.settings import Settings


def progress(
    category: Annotated[
        list[str] | None, typer.Option("--category", "-c", help="Only this category; may be repeated.")
    ] = None,
    bank: Annotated[
        Path | None, typer.Option("--bank", help="Only this bank [default: all that were practised].")
    ] = None,
    rubrics: options.Rubrics = None,
    as_json: options.AsJson = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Write a page with charts to this file; - is standard output."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    plain: options.Plain = False,
) -> None:
    """Show how it goes over all interviews, what keeps being missed, and what is due."""
    from interviewer.memory.names import names_of
    from interviewer.memory.progress import progress_of
    from interviewer.store.store import Store

    settings = wiring.settings_of(bank=bank, rubrics=rubrics, plain=plain)
    wanted = _bank_at_hand(settings) if bank is not None else None
    with Store.open(settings.folders.data) as store:
        practised = [one for one in store.practised_banks() if wanted is None or one.id == wanted.id]
        memories = [store.memory(one.id) for one in practised]
    at_hand = wanted or (_bank_at_hand(settings) if practised else None)
    _check_categories(category or (), memories, practised)
    now = wiring.now().astimezone()  # the zone of this machine says which day it is
    told = [
        (progress_of(memory, now, category or ()), names_of(one, at_hand))
        for memory, one in zip(memories, practised, strict=True)
    ]
    told = [(progress, names) for progress, names in told if progress.questions]
    if html is not None:
        _write_page(told, now, html, force=force)
        return
    if as_json:
        from interviewer.report.progress import progress_json

        typer.echo(progress_json(told, now))
        return
    from interviewer.terminal.progress import ProgressScreen

    screen = ProgressScreen(wiring.console(), plain=settings.plain)
    if not told:
        screen.nothing()
    for progress, names in told:
        screen.progress(progress, names, now)


def _write_page(told: Iterable[tuple[Progress, Names]], now: datetime, target: Path, *, force: bool) -> None:
    from interviewer import __version__
    from interviewer.report.files import encoded, write_parts
    from interviewer.report.html_progress import progress_html

    page = encoded(progress_html(told, now, __version__))
    file = options.file_of(target)
    if file is None:
        typer.echo(page, nl=False)
        return
    write_parts(file, (page,), force=force)
    typer.echo(f"wrote {printable(str(file))}", err=True)


def _bank_at_hand(settings: Settings) -> Bank:
    """The bank that an interview would be held with now."""
    from interviewer.bank.keep import kept_bank

    return kept_bank(settings.path("bank"), settings.path("rubrics"), settings.folders.cache / "banks")


def _check_categories(
    wanted: Collection[str], memories: Iterable[Memory], practised: Iterable[BankNames]
) -> None:
    """Raise UsageError for the first of `wanted` that no practised bank has."""
    known = {one.category for memory in memories for one in memory.questions}
    known.update(id for one in practised for id, _ in one.categories)
    for one in wanted:
        if known and one not in known:
            raise UsageError(
                f"there is no category {one_line(one, 40)!r} in what was practised",
                hint=did_you_mean(one, known) or f"There are: {one_line(', '.join(sorted(known)), 300)}.",
            )
