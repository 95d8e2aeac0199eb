"""What the proofs share: programs that are run to their end, and environments of their own."""

from __future__ import annotations

import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Ran:
    """A program that has ended: its exit code, and standard output and error as one text."""

    code: int
    told: str


def run(
    *command: str | Path,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    stdin: str = "",
) -> Ran:
    """Run `command` in `folder` to its end; `stdin` is piped in. OSError if there is no such program."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=environment,
        input=stdin,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    return Ran(done.returncode, done.stdout)


def programs(home: Path) -> Path:
    """The folder of programs of the virtual environment in `home`."""
    return Path(sysconfig.get_path("scripts", "venv", vars={"base": str(home)}))
