"""The program in a process of its own, up to its end or to the moment at which it is killed."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

#: Seconds without a word from the program after which it counts as stuck.
PATIENCE = 120.0
_KEPT = ("PATH", "LANG", "SYSTEMROOT", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill: after so many seconds, at a byte of output, or at a step (see `stepping`); from 1."""

    kind: Literal["second", "byte", "step"]
    at: float


@dataclass(frozen=True, slots=True)
class Length:
    """How long a program runs that is not killed: seconds, bytes of output, steps."""

    seconds: float
    size: int
    steps: int


@dataclass(frozen=True, slots=True)
class Ended:
    """What a process came to. step: at which it killed itself, or how many there were."""

    code: int
    out: str
    err: str
    seconds: float
    step: str

    @property
    def was_killed(self) -> bool:
        """Whether the kill came before the end."""
        return self.code == -signal.SIGKILL

    @property
    def length(self) -> Length:
        """As long as it was; of one that was not killed, and that counted its steps."""
        return Length(self.seconds, len(self.out.encode()), int(self.step))


class Talker(Protocol):
    """Someone at the other end of the program's pipes."""

    def hears(self, text: str) -> str:
        """What is said to `text`, which the program has just printed; perhaps nothing."""

    @property
    def is_done(self) -> bool:
        """Whether there is nothing more to say: the pipe is closed."""


class StuckError(AssertionError):
    """The program waits, and nobody knows for what."""


def environment(home: Path) -> dict[str, str]:
    """What the program finds around it: its home, and nothing of this machine's settings."""
    kept = {name: value for name, value in os.environ.items() if name in _KEPT}
    more = {"INTERVIEWER_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "100"}
    # A second opinion is not asked for again when it fails: with it, grades would not be the same each time.
    alone = {"INTERVIEWER_CROSS_CHECK": "never", "INTERVIEWER_SAMPLES": "1"}
    return kept | more | alone | {"PYTHONPATH": os.pathsep.join(sys.path)}


def run(
    home: Path,
    *arguments: str,
    moment: Moment | None = None,
    talker: Talker | None = None,
    settings: Mapping[str, str] | None = None,
    counts: bool = False,
    folder: Path | None = None,
) -> Ended:
    """Run the program in `folder` with `arguments`, up to its end or to `moment`. Raises StuckError.

    talker: None leaves its standard input empty. settings: on top of its environment. counts: its steps are
    counted.
    """
    told = home.parent / f"{home.name}.step"
    told.unlink(missing_ok=True)
    last = int(moment.at) if moment is not None and moment.kind == "step" else 0
    program = ["tests.support.kills.stepping", str(told), str(last)] if last or counts else ["interviewer"]
    began = time.monotonic()
    with (home.parent / f"{home.name}.err").open("w+b") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", *program, *arguments],
            env=environment(home) | dict(settings or {}),
            cwd=folder,
            stdin=subprocess.PIPE if talker is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=err,
            bufsize=0,
        )
        with process:
            try:
                out = _conversation(process, talker, moment, began)
            finally:
                process.kill()
        seconds = time.monotonic() - began
        err.seek(0)
        said = err.read().decode("utf-8", "replace")
    step = told.read_text(encoding="utf-8") if told.exists() else ""
    return Ended(process.returncode, out.decode("utf-8", "replace"), said, seconds, step)


def _conversation(
    process: subprocess.Popen[bytes], talker: Talker | None, moment: Moment | None, began: float
) -> bytes:
    """All that the program printed, until it closed its output or was killed."""
    assert process.stdout is not None
    out, shown = b"", 0
    ends = began + moment.at if moment is not None and moment.kind == "second" else None
    most = int(moment.at) if moment is not None and moment.kind == "byte" else None
    while True:
        wait = PATIENCE if ends is None else max(0.0, ends - time.monotonic())
        ready, _, _ = select.select([process.stdout], [], [], wait)
        if not ready and ends is None:
            raise StuckError(f"nothing more after: {out[-500:].decode('utf-8', 'replace')!r}")
        if not ready or (ends is not None and time.monotonic() >= ends):
            process.kill()
            ends = most = None
            talker = None
            continue
        piece = os.read(process.stdout.fileno(), 65536 if most is None else max(1, most - len(out)))
        out += piece
        if not piece:
            process.wait(PATIENCE)
            return out
        if most is not None and len(out) >= most:
            process.kill()
            ends = most = talker = None
            continue
        whole = out.rfind(b"\n") + 1
        if talker is not None and whole > shown:
            said = talker.hears(out[shown:whole].decode("utf-8", "replace"))
            shown = whole
            _say(process, said, is_over=talker.is_done)


def _say(process: subprocess.Popen[bytes], text: str, *, is_over: bool) -> None:
    assert process.stdin is not None
    try:
        if text:
            process.stdin.write(text.encode())
        if is_over and not process.stdin.closed:
            process.stdin.close()
    except BrokenPipeError:
        pass  # it has ended meanwhile, or was killed
