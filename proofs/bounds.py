"""The lowest and the highest allowed dependencies pass the tests on every Python that is named.

    python -m proofs bounds                                    # all of it: some minutes a row
    python -m proofs bounds --lowest --python /usr/bin/python3.11 tests/bank

Each row is a fresh environment, set up and used by scripts/test and scripts/lint, as a newcomer would.
The lowest versions are the bounds in pyproject.toml themselves, given to pip as constraints: nothing but pip
has to resolve them. What they depend on is the newest there is, and may call what they use of it deprecated:
that fails no row of lowest versions, and does fail one of highest. Style and types are those of the highest,
checked by the newest tools and by the oldest that are allowed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proofs._running import ROOT, programs, run

ENDS = ("lowest", "highest")
#: What checks style and types.
TOOLS = ("mypy", "ruff")

# "name[extras] >=1.2,<2 ; marker": the name, the range and the marker.
_REQUIREMENT = re.compile(r"([\w.-]+)(?:\[[^\]]*\])?\s*([^;]*?)\s*(;.*)?")
_LOWER = re.compile(r">=\s*([\w.]+)")
_NAMED = re.compile(r"Programming Language :: Python :: (3\.\d+)")
_OUTCOME = re.compile(r"^=*\s*(.*\b(?:passed|failed|errors?|no tests ran)\b.*?) in [\d.]+s", re.MULTILINE)
_AGED = ("-W", "default::DeprecationWarning", "-W", "default::PendingDeprecationWarning")
_COLUMNS = ("python", "bounds", "set up", "pip check", "tests", "lint", "lint by the oldest tools")
_WIDTHS = (10, 8, 7, 9, 30, 7, 0)

#: Commands that make up one step, run one after the other.
Step = tuple[tuple[str | Path, ...], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A fresh environment in `folder`: the Python that it is made by, and the end of the bounds."""

    python: str
    version: str
    end: str
    folder: Path
    constraints: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.version}-{self.end}"

    def steps(self, tests: Sequence[str]) -> Iterator[Step]:
        """What is run, one after the other."""
        pip = (programs(self.folder / self.name) / "python", "-m", "pip")
        yield ((self.python, "scripts/test", "--version"),)
        yield ((*pip, "check"),)
        if self.end == "lowest":
            yield ((self.python, "scripts/test", *_AGED, *tests),)
            return
        yield ((self.python, "scripts/test", *tests),)
        yield ((self.python, "scripts/lint"),)
        oldest = [line for line in self.constraints if line.startswith(TOOLS)]
        yield ((*pip, "install", *oldest), (self.python, "scripts/lint"))

    def environment(self) -> dict[str, str]:
        """Variables for all of the commands."""
        told = {
            **os.environ,
            "INTERVIEWER_VENV": str(self.folder / self.name),
            "PIP_VERBOSE": "1",  # the scripts ask pip to be quiet; here it shall say what conflicts
            "PIP_ONLY_BINARY": ":all:",
        }
        if self.end == "lowest":
            lines = self.folder / "lowest.txt"
            lines.write_text("\n".join(self.constraints) + "\n", encoding="utf-8")
            told |= {"PIP_CONSTRAINT": str(lines), "PIP_BUILD_CONSTRAINT": str(lines)}
        return told


def main(arguments: list[str]) -> int:
    """Print a row for each Python and end of the bounds; 1 if any is not green."""
    asked = _asked(arguments)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    constraints = tuple(lowest(project))
    ends = [end for end in ENDS if getattr(asked, end)] or ENDS
    print(_line(*_COLUMNS), flush=True)
    green = True
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(asked.folder or temporary).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        for wanted in asked.python or [f"python{minor}" for minor in _named(project)]:
            python = _found(wanted)
            if python is None:
                print(_line(wanted, "there is no such Python here"), flush=True)
                green = False
                continue
            version = run(python, "--version").told.split()[-1]
            for end in ends:
                outcomes = _tried(Row(python, version, end, folder, constraints), asked.tests)
                green = green and not any(outcome.startswith("FAILED") for outcome in outcomes)
                print(_line(version, end, *outcomes), flush=True)
    return 0 if green else 1


def lowest(project: dict[str, Any]) -> Iterator[str]:
    """Each direct dependency of `project` (a pyproject.toml) at its lower bound, as a line of constraints.

    ValueError names a dependency that has none.
    """
    for requirement in dict.fromkeys(_requirements(project)):
        found = _REQUIREMENT.fullmatch(requirement)
        name, versions, marker = found.groups() if found else (requirement, "", None)
        bound = _LOWER.search(versions)
        if bound is None:
            raise ValueError(f"{requirement!r} has no lower bound")
        yield f"{name}=={bound[1]}{marker or ''}"


def _requirements(project: dict[str, Any]) -> Iterator[str]:
    """What `project` needs to be built, run, extended and developed, but for the project itself."""
    yield from project["build-system"]["requires"]
    yield from project["project"]["dependencies"]
    for requirements in project["project"]["optional-dependencies"].values():
        yield from requirements
    for requirements in project["dependency-groups"].values():
        yield from (one for one in requirements if not one.startswith(project["project"]["name"]))


def _named(project: dict[str, Any]) -> list[str]:
    """The minors of Python that `project` says it runs on, such as "3.11"."""
    return [found[1] for line in project["project"]["classifiers"] if (found := _NAMED.fullmatch(line))]


def _tried(row: Row, tests: Sequence[str]) -> list[str]:
    """What the steps of `row` came to; the first alone where nothing could be set up."""
    shutil.rmtree(row.folder / row.name, ignore_errors=True)
    log = row.folder / f"{row.name}.log"
    log.unlink(missing_ok=True)
    outcomes: list[str] = []
    for step in row.steps(tests):
        outcomes.append(_outcome(step, row.environment(), log))
        if outcomes[0].startswith("FAILED"):
            break
    return outcomes


def _outcome(step: Step, environment: dict[str, str], log: Path) -> str:
    """What `step` came to: pytest's closing line, "ok" or "FAILED"; `log` gets its output at the end."""
    closing: list[str] = []
    for command in step:
        done = run(*command, environment=environment)
        with log.open("a", encoding="utf-8") as file:
            print("$", *command, f"\n{done.told}\nexit code {done.code}", file=file)
        closing = _OUTCOME.findall(done.told)
        if done.code:
            print(done.told[-4000:], file=sys.stderr)
            return f"FAILED {closing[-1] if closing else ''}".rstrip()
    return closing[-1] if closing else "ok"


def _line(*cells: str) -> str:
    return " ".join(f"{cell:<{width}}" for cell, width in zip(cells, _WIDTHS, strict=False)).rstrip()


def _found(python: str) -> str | None:
    """The program that `python` names, on the PATH or among pyenv's; None if there is none that runs."""
    homes = sorted(Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/*/bin"))
    for candidate in (python, *(str(home / python) for home in reversed(homes))):
        try:
            done = run(candidate, "--version")
        except OSError:
            continue
        if done.code == 0:  # pyenv's stand-in for a version that is not chosen runs, and fails
            return candidate
    return None


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m proofs bounds", description="Try the bounds' ends.")
    parser.add_argument("--lowest", action="store_true", help="only the lowest versions")
    parser.add_argument("--highest", action="store_true", help="only the highest versions")
    parser.add_argument("--python", action="append", help="a Python to try; without, all that are named")
    parser.add_argument("--folder", help="where environments and logs stay; without, nothing stays")
    parser.add_argument("tests", nargs="*", help="what pytest is given; without, all tests run")
    return parser.parse_args(arguments)
