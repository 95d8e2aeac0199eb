"""Looking back on a year of daily practice, beside an empty store: whole commands, side by side.

A store of graded turns over the shipped bank, ten a sitting, is written to a temporary folder. `interviewer
progress`, the same with `--json`, and `interviewer start --due`, left at once, are run with it and with an
empty one in turn. The bar is a difference of 300 ms. What is paid once is told apart: the first
look back after an update from a version that kept no reviews.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks._command import main
from benchmarks._interviews import fill
from benchmarks._measure import Bar, Measure, beside, in_turn
from benchmarks._running import seconds
from interviewer.bank.load import load_bank
from interviewer.store.database import FILE_NAME

COMMAND = "python -m benchmarks memory"
QUICK = {"turns": 50, "runs": 1}
BAR = Bar(300.0, of="difference")
COMMANDS = ("progress", "progress --json", "start --due --grader local")


def measured(turns: int = 10_000, runs: int = 9) -> Iterator[Measure]:
    """Milliseconds of each command with so many turns, the last of them yesterday, and with none."""
    with tempfile.TemporaryDirectory() as folder:
        full, empty = Path(folder, "full"), Path(folder, "empty")
        fill(full / "data", load_bank(), turns, datetime.now(UTC) - timedelta(days=1))
        for command in COMMANDS:
            words = command.split()
            for home in (full, empty):
                seconds(home, *words)  # warm the disk cache, keep the bank, make the empty store
            pairs = in_turn(runs, partial(seconds, full, *words), partial(seconds, empty, *words))
            yield beside(
                f"`{command}` after {turns:,} turns", [(1000 * a, 1000 * b) for a, b in pairs],
                "ms", "after none", command=COMMAND, bar=BAR,
            )  # fmt: skip
        _forget(full / "data" / FILE_NAME)
        taken = 1000 * seconds(full, "progress")
        yield Measure("the first look back after an update, once", taken, "ms", COMMAND)


def _forget(database: Path) -> None:
    """Leave the store as an update finds it: graded, and nothing reviewed."""
    with closing(sqlite3.connect(database)) as connection, connection:
        for table in ("reviews", "reviewed_turns", "cards"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute("INSERT INTO unreviewed SELECT DISTINCT interview_id, turn FROM grades")


if __name__ == "__main__":
    sys.exit(main(measured, QUICK))
