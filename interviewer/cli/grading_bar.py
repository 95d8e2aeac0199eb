"""How far `grade FILE` is, on a terminal: lines, their pace, what they cost, and the time that is left."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from interviewer.batch.run import Result
from interviewer.llm.usage import Prices, Usage, cost_of, money_text

if TYPE_CHECKING:
    from rich.console import Console

_READ_AT_ONCE = 1_000_000


class Spent:
    """What the grades of a run took. counts: whether there is a service that is paid for."""

    def __init__(self, prices: Prices | None, *, counts: bool) -> None:
        self.prices = prices
        self.usage = Usage()
        self._counts = counts

    def add(self, result: Result) -> None:
        """Count the usage of `result`."""
        if self._counts and result.usage is not None:
            self.usage += result.usage

    @property
    def money(self) -> str:
        """What it cost so far; empty where that is not known."""
        cost = cost_of(self.usage, self.prices) if self.prices is not None else None
        return "" if cost is None else money_text(cost)


def is_wanted(output: Path | None, *, quiet: bool) -> bool:
    """Whether a person sees the bar, and no results are printed between."""
    return not quiet and sys.stderr.isatty() and (output is not None or not sys.stdout.isatty())


def lines_in(file: Path) -> int:
    """How many lines `file` has, blank ones included; 0 if it cannot be read."""
    count = 0
    with contextlib.suppress(OSError), file.open("rb") as source:
        while piece := source.read(_READ_AT_ONCE):
            count += piece.count(b"\n")
    return count


@contextlib.contextmanager
def bar(total: int | None, spent: Spent, console: Console) -> Iterator[Callable[[Result], None]]:
    """A bar until the block ends; to be told of each result. total: lines, if that is known."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    shown = Progress(
        MofNCompleteColumn(),
        BarColumn(bar_width=None),
        TextColumn("{task.fields[pace]}"),
        TextColumn("{task.fields[money]}"),
        TimeElapsedColumn() if total is None else TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    task = shown.add_task("", total=total, pace="", money="")
    fresh = 0

    def tell(result: Result) -> None:
        nonlocal fresh
        fresh += not result.job.done
        elapsed = shown.tasks[0].elapsed or 0.0
        pace = f"{fresh / elapsed:.1f}/s" if fresh and elapsed else ""
        shown.update(task, advance=1, pace=pace, money=spent.money)

    with shown:
        yield tell
