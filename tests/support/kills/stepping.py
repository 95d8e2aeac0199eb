"""python -m tests.support.kills.stepping FILE STEP ARGUMENTS: the program, which kills itself at a step.

A step is a statement of SQLite, or an operation that changes files. SIGKILL comes before it is carried out.
What it was goes into FILE; if the program ends before, the number of its steps does.
"""

from __future__ import annotations

import atexit
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_FILE_EVENTS = frozenset(
    {"os.rename", "os.remove", "os.chmod", "os.mkdir", "os.truncate", "tempfile.mkstemp"}
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Steps:
    """Counts steps, and kills the process at one of them. last: 1 is the first step; 0 for none."""

    def __init__(self, told: Path, last: int) -> None:
        self._told = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        self._last = last
        self._count = 0

    def step(self, what: str) -> None:
        """A step is about to be carried out."""
        self._count += 1
        if self._count == self._last:
            os.write(self._told, what.encode("utf-8", "replace"))
            os.kill(os.getpid(), signal.SIGKILL)

    def tell(self) -> None:
        """Write how many steps there were."""
        os.write(self._told, str(self._count).encode())

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take notice of what changes files."""
        is_writing = event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & _WRITES)
        if event in _FILE_EVENTS or is_writing:
            self.step(event)


def _traced(connect: Callable[..., sqlite3.Connection], steps: Steps) -> Callable[..., sqlite3.Connection]:
    def connected(*arguments: Any, **more: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **more)
        connection.set_trace_callback(lambda statement: steps.step(statement.lstrip()[:40]))
        return connection

    return connected


def main(told: str, last: str, *arguments: str) -> int:
    """The program's exit code."""
    steps = Steps(Path(told), int(last))
    sqlite3.connect = _traced(sqlite3.connect, steps)  # type: ignore[assignment]
    atexit.register(steps.tell)
    sys.addaudithook(steps.audit)
    from interviewer.cli.edge import run

    return run(list(arguments))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
