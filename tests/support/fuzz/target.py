"""A way into the program that is tried with arbitrary input, and the place where it is called."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import typer
from hypothesis.strategies import SearchStrategy

from interviewer.cli import app, crash, hooks
from tests.support.harmless import refuse_controls
from tests.support.program import Outcome, called

#: Exit codes of the contract that a call without an interrupt may come to.
CODES = frozenset({0, 1, 2, 3, 4})
#: So that no call asks a service that is not there, or lays tables out in another way.
_SETTINGS = {"COLUMNS": "100", "INTERVIEWER_GRADER": "fake", "INTERVIEWER_DEADLINE": "5"}

#: Half of a call is reading the signatures of commands, which are always the same.
_command_of = cache(typer.main.get_command)
_built = cache(app.app_of)

#: Takes one input, and raises what is wrong with what came of it.
Check = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Target:
    """A way into the program.

    inputs: what is tried. prepared: the check, ready for many inputs, in a folder of its own. each: so many
    texts are in an input, where one call takes them all. few: inputs in tests, which take seconds in all.
    """

    name: str
    inputs: SearchStrategy[Any]
    prepared: Callable[[Place], Check]
    each: int = 1
    few: int = 15


class Place:
    """A folder with a home of its own, where the program is called and every call is looked at."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.work = folder / "work"
        self.work.mkdir(parents=True, exist_ok=True)

    def call(
        self,
        *arguments: str,
        stdin: bytes = b"",
        codes: frozenset[int] | set[int] = CODES,
        environment: Mapping[str, str] | None = None,
    ) -> Outcome:
        """Call the program in the work folder. What it would report as a fault of its own is raised."""
        aside: list[BaseException] = []
        wanted = {"INTERVIEWER_HOME": str(self.home), **_SETTINGS, **(environment or {})}
        with (
            contextlib.chdir(self.work),
            patch.object(crash, "tell", _raised),
            patch.object(hooks, "set_aside", aside.append),
            patch.object(app, "app_of", _app_of),
            patch.object(typer.main, "get_command", _command_of),
        ):
            outcome = called(*arguments, stdin=stdin, environment=wanted)
        refuse_aside(aside)
        told = f"{' '.join(arguments)[:120]!r}: {outcome.code}, {outcome.err[-400:]!r}"
        assert outcome.code in codes, told
        assert "Traceback" not in outcome.err, told
        assert "the output cannot be written" not in outcome.err, told
        refuse_controls(outcome.err, f"stderr of {told}")
        refuse_controls(outcome.out.replace("\r\n", "\n"), f"stdout of {told}")
        return outcome

    def write(self, name: str, content: bytes) -> str:
        """Write a file in the work folder; its name."""
        (self.work / name).write_bytes(content)
        return name


def refuse_aside(errors: list[BaseException]) -> None:
    """Nothing went wrong where nobody waited for it."""
    for error in errors:
        raise error


def refuse_unsound(line: Mapping[str, Any], answer: str) -> None:
    """A graded line has a score in range and quotes that stand in `answer`, where they say."""
    assert 0 <= line["score"] <= 100, line["score"]
    for part in (*line["criteria"], *line["misconceptions"]):
        for proof in part["evidence"]:
            assert proof["quote"] == answer[proof["start"] : proof["end"]], proof
            assert proof["quote"].strip(), proof


def lines_of(out: str) -> list[dict[str, Any]]:
    """The JSON objects on standard output, one a line, and nothing else."""
    found = [json.loads(line, parse_constant=_refused) for line in out.split("\n") if line]
    assert all(isinstance(one, dict) for one in found)
    return found


def _app_of(commands: Iterable[str] = app.COMMANDS, **more: bool) -> typer.Typer:
    return _built(tuple(commands), **more)


def _refused(constant: str) -> float:
    raise AssertionError(f"{constant} is no JSON")


def _raised(error: BaseException, arguments: list[str]) -> None:
    raise error


@contextlib.contextmanager
def keys_away() -> Iterator[None]:
    """This process's environment without anybody's settings or keys."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("INTERVIEWER_", "OPENAI_"))}
    with patch.dict(os.environ, kept, clear=True):
        yield
