"""Packages that only some commands need: installed as an extra, and told of where they are missing."""

from __future__ import annotations

import shlex
import sys
from importlib.util import find_spec

from interviewer.errors import UsageError

#: The packages of each extra, by the names that they are imported under, as pyproject.toml has them.
EXTRAS = {
    "calibrate": {
        "scipy": "scipy",
        "sklearn": "scikit-learn",
    },
    "pdf": {"weasyprint": "WeasyPrint"},
    "ray": {"ray": "ray[data]"},
}


def refuse_missing(extra: str, *, purpose: str) -> None:
    """Raise UsageError if a package of `extra` is not installed. Nothing is imported.

    purpose: what needs it, as the subject of a sentence.
    """
    missing = [name for module, name in EXTRAS[extra].items() if find_spec(module) is None]
    if missing:
        raise UsageError(
            f"{purpose} needs what is not installed: {', '.join(missing)}",
            hint=f"Install it with: {how_to_install(extra)}",
        )


def how_to_install(extra: str) -> str:
    """The command that installs `extra` where this program is: another pip would put it elsewhere."""
    return f"{shlex.quote(sys.executable)} -m pip install 'mock-interviewer[{extra}]'"
