"""A virtual environment in the checkout, made on first use with nothing but Python's own tools."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("INTERVIEWER_VENV", ROOT / ".venv"))
BIN = FOLDER / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")


def ready(*, dev: bool = False) -> Path:
    """The environment's folder of programs, with the product (and with `dev` its tools) installed."""
    if sys.version_info < (3, 11):  # noqa: UP036 - said before anything newer is needed
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
    mark = FOLDER / ("installed-dev" if dev else "installed")
    wanted = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    if mark.exists() and mark.read_text(encoding="utf-8") == wanted:
        return BIN
    if not PYTHON.exists():
        print(f"Setting up {FOLDER} (once)", file=sys.stderr)
        venv.create(FOLDER, with_pip=True)
    _pip("--upgrade", "pip>=25.1")  # the first that knows dependency groups
    _pip("--editable", str(ROOT), *(["--group", f"{ROOT / 'pyproject.toml'}:dev"] if dev else []))
    mark.write_text(wanted, encoding="utf-8")
    return BIN


def call(*command: str | Path) -> int:
    """The exit code of `command`, run in the checkout."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode


def _pip(*arguments: str) -> None:
    code = call(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments)
    if code:
        sys.exit(code)
