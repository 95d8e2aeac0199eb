"""The command line: parse, call, render. `main` is the program."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program on `arguments` (default: the process's own) and exit with its code."""
    from interviewer.cli.edge import run

    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


__all__ = ["main"]
