"""A folder with a home of its own, in which the program is called, and every call is checked."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from interviewer.cli.app import COMMANDS
from interviewer.store.store import Store
from tests.support import harmless
from tests.support.program import Outcome, called

#: Exit codes that a call may come to; 130 belongs to interrupts.
CODES = frozenset({0, 1, 2, 3, 4})
_GROUPS = frozenset({"bank", "config"})
#: So that no call is slow, asks a service that is not there, or lays tables out in another way.
_SETTINGS = {"COLUMNS": "100", "INTERVIEWER_GRADER": "fake", "INTERVIEWER_DEADLINE": "5"}


class World:
    """payload: the hostile text at hand. driven: the commands that were called."""

    def __init__(self, folder: Path, payload: str) -> None:
        self.payload = payload
        self.top = folder
        self.home = folder / "home"
        self.work = folder / "a" / "b" / "work"
        self.work.mkdir(parents=True)
        self.driven: set[str] = set()

    @property
    def as_argument(self) -> str:
        """The payload as a command line or an environment can hold it: no NUL, bytes that are no UTF-8."""
        return os.fsdecode(self.payload.replace("\0", "").encode("utf-8", "surrogatepass"))

    @property
    def as_file_name(self) -> str:
        """The payload as a name of a file, never empty."""
        return "x" + self.as_argument.replace("/", "_")[:60]

    def call(
        self,
        *arguments: str,
        stdin: str | bytes = b"",
        codes: frozenset[int] | set[int] = CODES,
        writes: tuple[str, ...] = (),
        environment: Mapping[str, str] | None = None,
    ) -> Outcome:
        """Call the program in the work folder. writes: the paths, or beginnings of paths, that may change."""
        piped = stdin if isinstance(stdin, bytes) else stdin.encode("utf-8", "surrogatepass")
        line = " ".join(arguments)[:200]
        self.driven.add(command_of(arguments))
        before = self._files()
        with contextlib.chdir(self.work):
            wanted = {"INTERVIEWER_HOME": str(self.home), **_SETTINGS, **(environment or {})}
            outcome = called(*arguments, stdin=piped, environment=wanted)
        said = f"{line!r}: {outcome.code}: {outcome.err[-500:]!r}"
        assert outcome.code in codes, said
        for told in ("Traceback", "a fault of the program", "the output cannot be written"):
            assert told not in outcome.err, said
        harmless.refuse_controls(outcome.err, f"{line!r}, stderr")
        harmless.refuse_controls(outcome.out.replace("\r\n", "\n"), f"{line!r}, stdout")
        self._refuse_other_files(before, writes, line)
        return outcome

    def write(self, name: str, content: str | bytes) -> str:
        """Write a file in the work folder; its name."""
        data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        (self.work / name).write_bytes(data)
        return name

    def answers(self) -> list[list[str]]:
        """The answers that the newest interview keeps, by question."""
        with Store.open(self.home / "data") as store:
            return [[a.text for a in turn.answers] for turn in store.load(store.find()).turns]

    def _files(self) -> dict[Path, tuple[int, int]]:
        """Size and time of change of each file outside the home."""
        told = {path: path.stat() for path in self._outside_home()}
        return {path: (one.st_size, one.st_mtime_ns) for path, one in told.items()}

    def _outside_home(self) -> Iterator[Path]:
        for folder, _, names in os.walk(self.top):
            if not Path(folder).is_relative_to(self.home):
                yield from (Path(folder) / name for name in names)

    def _refuse_other_files(
        self, before: Mapping[Path, tuple[int, int]], writes: tuple[str, ...], told: str
    ) -> None:
        after = self._files()
        asked = tuple(os.path.normpath(self.work / path) for path in writes)
        touched = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
        strange = [str(path) for path in touched if not str(path).startswith(asked or "\0")]
        assert not strange, f"{told!r} touched {strange}"


def command_of(arguments: tuple[str, ...]) -> str:
    """The command that a command line calls, such as `bank check`; a group alone is called, too."""
    first = arguments[0] if arguments and arguments[0] in COMMANDS else "start"
    is_group = first in _GROUPS and len(arguments) > 1 and re.fullmatch("[a-z]+", arguments[1])
    return f"{first} {arguments[1]}" if is_group else first
