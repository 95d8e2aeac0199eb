"""The results of a run as JSON, with the machine that gave them, and the README's table made from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter

from benchmarks._machine import Machine, revision, this_machine
from benchmarks._measure import Measure, bar_text, told
from interviewer import __version__

#: What stands before and after the table in the README.
BEGIN = "<!-- made by `python -m benchmarks --docs` from benchmarks/results.json -->"
END = "<!-- end of the table -->"


@dataclass(frozen=True, slots=True)
class Results:
    """What a run of the benchmarks came to.

    version: of the product. quick: with small sizes, so that the numbers say little. revision: of the
    checkout; None outside of git.
    """

    machine: Machine
    version: str
    day: date
    quick: bool
    rows: tuple[Measure, ...]
    revision: str | None = None


_RESULTS: TypeAdapter[Results] = TypeAdapter(Results)
_ROWS: TypeAdapter[tuple[Measure, ...]] = TypeAdapter(tuple[Measure, ...])


def results(rows: Iterable[Measure], day: date, *, quick: bool) -> Results:
    """The results of a run on this machine."""
    return Results(
        machine=this_machine(),
        version=__version__,
        day=day,
        quick=quick,
        rows=tuple(_rounded(row) for row in rows),
        revision=revision(),
    )


def write_results(file: Path, found: Results) -> None:
    """Write `found` as JSON."""
    file.write_bytes(_RESULTS.dump_json(found, indent=1, exclude_none=True) + b"\n")


def read_results(file: Path) -> Results:
    """What `write_results` wrote. Raises OSError, and ValueError for anything else."""
    return _RESULTS.validate_json(file.read_bytes())


def write_rows(file: Path, rows: Sequence[Measure]) -> None:
    """Write rows alone, as one benchmark hands them to the run of all."""
    file.write_bytes(_ROWS.dump_json(tuple(rows)))


def read_rows(file: Path) -> tuple[Measure, ...]:
    """What `write_rows` wrote. Raises OSError, and ValueError for anything else."""
    return _ROWS.validate_json(file.read_bytes())


def with_table(text: str, found: Results) -> str:
    """`text` with the table of `found` between BEGIN and END.

    Raises ValueError if these do not stand there once each, or for a quick run.
    """
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"there must be one line {BEGIN!r} and one line {END!r}")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{table(found)}\n{END}{tail}"


def table(found: Results) -> str:
    """The rows that have a bar, as Markdown, with the machine below. Raises ValueError for a quick run."""
    if found.quick:
        raise ValueError("a run with --quick says too little to be shown: run it without")
    at = f" ({found.revision})" if found.revision else ""
    return "\n".join(
        (
            "| what | measured | beside | ratio | bar | command |",
            "| --- | ---: | --- | ---: | ---: | --- |",
            *(_line(row) for row in found.rows if row.bar is not None),
            "",
            f"Version {found.version}{at} on {found.day}: {found.machine}.",
        )
    )


def _line(row: Measure) -> str:
    assert row.bar is not None
    other = "" if row.against_value is None else f"{row.against}: {told(row.against_value, row.unit)}"
    cells = (
        row.name,
        told(row.value, row.unit),
        other,
        "" if row.ratio is None else told(row.ratio),
        bar_text(row.bar, row.unit) + ("" if row.is_held else ", **missed**"),
        f"`{row.command}`",
    )
    return f"| {' | '.join(cells)} |"


def _rounded(row: Measure) -> Measure:
    """Four digits: more would only make the file longer."""

    def short(value: float | None) -> float | None:
        return None if value is None else float(f"{value:.4g}")

    return replace(
        row,
        value=float(f"{row.value:.4g}"),
        against_value=short(row.against_value),
        ratio=short(row.ratio),
    )
