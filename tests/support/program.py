"""The program as a script calls it: arguments in, exit code and output out, in this process."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO
from unittest.mock import patch

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
        with _piped(stdin.encode()) as piped:
            monkeypatch.setattr(sys, "stdin", piped)
            capsys.readouterr()
            code = run(list(arguments))
        said = capsys.readouterr()
        return Outcome(code=int(code), out=said.out, err=said.err)

    return call


def called(*arguments: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> Outcome:
    """The same anywhere, with bytes piped in, and with `environment` on top of this process's."""
    with contextlib.ExitStack() as stack:
        piped, out, err = (stack.enter_context(_piped(content)) for content in (stdin, b"", b""))
        stack.enter_context(patch.dict(os.environ, environment or {}))
        for name, stream in (("stdin", piped), ("stdout", out), ("stderr", err)):
            stack.enter_context(patch.object(sys, name, stream))
        # The program may lead its standard output elsewhere, and what was there is read all the same.
        files = [stack.enter_context(os.fdopen(os.dup(one.fileno()), "rb")) for one in (out, err)]
        code = int(run(list(arguments)))
        return Outcome(code, *map(_content_of, (out, err), files))


def _piped(content: bytes) -> IO[str]:
    """A file in place of a pipe, at its beginning."""
    file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115 - closed by the caller
    file.buffer.write(content)
    file.buffer.flush()
    file.seek(0)
    return file


def _content_of(stream: IO[str], file: IO[bytes]) -> str:
    stream.flush()
    file.seek(0)
    return file.read().decode()
