"""From process start to the first question on screen, beside `python -c "import typer, rich"`.

The interview runs on a terminal of its own (a pty), as for a person. The bar is a ratio of at most 3.
"""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks._command import main
from benchmarks._measure import Bar, Measure, beside, in_turn
from benchmarks._running import PROGRAM, environment

COMMAND = "python -m benchmarks startup"
QUICK = {"runs": 2}
BAR = Bar(3.0, of="ratio")
START = (*PROGRAM, "start", "--grader", "fake", "--seed", "1")
IMPORTS = (sys.executable, "-c", "import typer, rich")


def measured(runs: int = 15) -> Iterator[Measure]:
    """Milliseconds to the first question, and those of the imports."""
    with tempfile.TemporaryDirectory() as home:
        settings = {**environment(Path(home)), "TERM": "xterm-256color"}
        to_question(settings)  # warm the disk cache, write the byte code
        pairs = in_turn(runs, lambda: to_question(settings), to_import)
    yield beside("first question on screen", pairs, "ms", "`import typer, rich`", command=COMMAND, bar=BAR)


def to_import() -> float:
    """Milliseconds of a Python that imports what any such program does."""
    started = time.perf_counter()
    subprocess.run(IMPORTS, check=True)
    return 1000 * (time.perf_counter() - started)


def to_question(settings: dict[str, str]) -> float:
    """Milliseconds until the first question's head is on the terminal. OSError if it never comes."""
    screen, terminal = pty.openpty()
    started = time.perf_counter()
    process = subprocess.Popen(START, stdin=terminal, stdout=terminal, stderr=terminal, env=settings)
    os.close(terminal)
    seen = b""
    while b"Question 1 of" not in seen:
        seen += os.read(screen, 65536)
    taken = 1000 * (time.perf_counter() - started)
    process.send_signal(signal.SIGKILL)
    process.wait()
    os.close(screen)
    return taken


if __name__ == "__main__":
    sys.exit(main(measured, QUICK))
