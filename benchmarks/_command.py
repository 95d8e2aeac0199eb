"""The command of one benchmark: sizes from the command line, rows to the screen, and to a file if wanted."""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks._machine import this_machine
from benchmarks._measure import Measure
from benchmarks._results import write_rows

#: Yields its rows as they are measured. Its parameters are sizes, with those of a full run as defaults.
Measured = Callable[..., Iterator[Measure]]


def main(measured: Measured, quick: Mapping[str, Any], arguments: Sequence[str] | None = None) -> int:
    """Print each row as it comes; the exit code is 1 if a bar is missed.

    Positional parameters of `measured` are optional arguments, `*names` is a list of words, and those that
    can only be given by name are options. quick: the small sizes.
    """
    asked = vars(_parser(measured).parse_args(sys.argv[1:] if arguments is None else arguments))
    file, is_quick = asked.pop("json"), asked.pop("quick")
    sizes = {**(quick if is_quick else {}), **{k: v for k, v in asked.items() if v is not None}}
    words = sizes.pop("words", ())
    if file is None:
        print(f"machine: {this_machine()}")
    rows = []
    for row in measured(*words, **sizes):
        print(row, flush=True)
        rows.append(row)
    if file is not None:
        write_rows(file, rows)
    return int(not all(row.is_held for row in rows))


def _parser(measured: Measured) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=inspect.getmodule(measured).__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for name, one in inspect.signature(measured).parameters.items():
        kind = type(one.default)
        unless = f"{one.default or 'none'} unless told"
        if one.kind is one.VAR_POSITIONAL:
            parser.add_argument("words", nargs="*", metavar=name.upper())
        elif one.kind is one.KEYWORD_ONLY:
            parser.add_argument(f"--{name}", type=kind, help=unless)
        else:
            parser.add_argument(name, nargs="?", type=kind, help=unless)
    parser.add_argument("--quick", action="store_true", help="small sizes: whether it works, not how fast")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there, too")
    return parser
