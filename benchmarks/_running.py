"""The program as benchmarks run it: in processes of its own, with a home of its own and nobody's settings."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

#: As the installed command runs it.
PROGRAM = (sys.executable, "-c", "from interviewer.cli import main; main()")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a process came to. cpu: seconds that it computed. memory_mb: the most that it held.

    memory_mb is never less than what this process held when it started the other one: keep this one small.
    """

    code: int
    seconds: float
    cpu: float
    memory_mb: float
    errors: str


def environment(home: Path) -> dict[str, str]:
    """This process's, with `home`, and without the settings and keys of whoever runs a benchmark."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("INTERVIEWER_", "OPENAI_"))}
    return {**kept, "INTERVIEWER_HOME": str(home), "COLUMNS": "100"}


def run(command: Sequence[str], home: Path, *, kill_after: float | None = None) -> Outcome:
    """A process to its end; killed after so many seconds, if it is still there."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            env=environment(home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        if kill_after is not None:
            time.sleep(kill_after)
            process.kill()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        return Outcome(
            code=process.returncode,
            seconds=seconds,
            cpu=used.ru_utime + used.ru_stime,
            memory_mb=used.ru_maxrss / 1024,
            errors=errors.read(),
        )


def must(outcome: Outcome) -> Outcome:
    """The outcome. SystemExit, with what the process said, if it failed."""
    if outcome.code:
        raise SystemExit(f"a measured process ended with {outcome.code}:\n{outcome.errors}")
    return outcome


def seconds(home: Path, *arguments: str) -> float:
    """What the whole command `interviewer ARGUMENTS` takes. SystemExit if it fails."""
    return must(run((*PROGRAM, *arguments), home)).seconds
