"""The program as a script calls it: arguments in, exit code and output out, in this process."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from interviewer.cli.edge import run


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call of the program came to."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """Standard output without its line breaks."""
        return " ".join(self.out.split())


Program = Callable[..., Outcome]


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Program:
    """Call the program with arguments; `stdin` is what is piped into it."""

    def call(*arguments: str, stdin: str = "") -> Outcome:
        with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as piped:
            piped.write(stdin)
            piped.seek(0)
            monkeypatch.setattr(sys, "stdin", piped)
            capsys.readouterr()
            code = run(list(arguments))
        said = capsys.readouterr()
        return Outcome(code=int(code), out=said.out, err=said.err)

    return call
