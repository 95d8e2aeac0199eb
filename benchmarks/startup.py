"""From process start to the first question on screen, beside `python -c "import typer, rich"`, in one run.

    python benchmarks/startup.py [RUNS]

Both are timed in turn, so that a busy machine slows both; the medians and their ratio are printed. The
interview runs on a terminal of its own (a pty), as for a person; the bar is a ratio of at most 3.
"""

from __future__ import annotations

import os
import platform
import pty
import signal
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 15
BAR = 3.0
# As the installed command runs it.
PROGRAM = "from interviewer.cli import main; main()"
START = (sys.executable, "-c", PROGRAM, "start", "--grader", "fake", "--seed", "1")
IMPORTS = (sys.executable, "-c", "import typer, rich")


def main() -> int:
    """Print the medians; the exit code is 1 above the bar."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "INTERVIEWER_HOME": home, "TERM": "xterm-256color"}
        seconds_to_question(environment)  # warm the disk cache, write the byte code
        pairs = [(seconds_to_import(), seconds_to_question(environment)) for _ in range(RUNS)]
    imports, question = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = question / imports
    print(f"machine: {platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}")
    print(f"import typer, rich: {1000 * imports:.0f} ms (median of {RUNS})")
    print(f"first question:     {1000 * question:.0f} ms (median of {RUNS})")
    print(f"ratio:              {ratio:.2f} (bar {BAR:g})")
    return int(ratio > BAR)


def seconds_to_import() -> float:
    started = time.perf_counter()
    subprocess.run(IMPORTS, check=True)
    return time.perf_counter() - started


def seconds_to_question(environment: dict[str, str]) -> float:
    """Until the first question's head is on the terminal."""
    screen, terminal = pty.openpty()
    started = time.perf_counter()
    process = subprocess.Popen(START, stdin=terminal, stdout=terminal, stderr=terminal, env=environment)
    os.close(terminal)
    seen = b""
    while b"Question 1 of" not in seen:
        seen += os.read(screen, 65536)
    taken = time.perf_counter() - started
    process.send_signal(signal.SIGKILL)
    process.wait()
    os.close(screen)
    return taken


if __name__ == "__main__":
    sys.exit(main())
