"""The machine and the checkout that numbers come from."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Machine:
    """What numbers depend on. cpus: those that the system counts. python: its version."""

    processor: str
    cpus: int
    system: str
    python: str

    def __str__(self) -> str:
        return f"{self.processor}, {self.cpus} CPUs, {self.system}, Python {self.python}"


def this_machine() -> Machine:
    """The one that this runs on."""
    return Machine(
        processor=_processor(),
        cpus=os.cpu_count() or 1,
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
    )


def revision() -> str | None:
    """That of the checkout, with a + if files of the product were changed; None outside of git."""
    try:
        found = _git("rev-parse", "--short", "HEAD")
        changed = _git("status", "--porcelain", "--", "interviewer", "rubrics", "questions.yaml")
    except (OSError, subprocess.CalledProcessError):
        return None
    return f"{found}+" if changed else found


def _processor() -> str:
    """The processor's name, or its architecture where the system does not tell."""
    file = Path("/proc/cpuinfo")
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _git(*words: str) -> str:
    done = subprocess.run(("git", "-C", str(ROOT), *words), capture_output=True, text=True, check=True)
    return done.stdout.strip()
