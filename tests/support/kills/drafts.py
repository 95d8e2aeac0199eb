"""A draft on a terminal: what was typed and not sent when the program was killed comes back."""

from __future__ import annotations

import contextlib
import os
import pty
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from interviewer.errors import InterviewerError
from interviewer.interview.state import on_screen
from interviewer.store.store import Store
from tests.support.kills.finding import Findings
from tests.support.kills.interviews import Trial
from tests.support.kills.process import PATIENCE, environment

_WORDS = (
    "The cache keeps keys and values of earlier tokens — größer, 延迟, so that each step is short.".split()
)
_SEND = b"\x04"
_READY = b"\x1b[?2004h"  # from now on pasted text is marked as such: the prompt is there
_TICK = 0.05  # seconds between looks


class Terminal:
    """The program on a terminal of its own."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.out = b""
        self._ours, theirs = pty.openpty()
        # It would ask the terminal where its cursor is, and wait for what never comes.
        more = {"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "LANG": "C.UTF-8"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "interviewer", *arguments],
            env=environment(home) | more,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def types(self, text: bytes) -> None:
        """Press the keys."""
        os.write(self._ours, text)

    def look(self) -> None:
        """Read what came on screen, and wait a moment."""
        ready, _, _ = select.select([self._ours], [], [], _TICK)
        with contextlib.suppress(OSError):  # the other end is closed
            if ready:
                self.out += os.read(self._ours, 65536)

    def until(self, is_so: Callable[[], bool]) -> None:
        """Look on until `is_so`. Raises AssertionError if it never is."""
        ends = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < ends, self.out[-2000:]
            self.look()

    def kill(self) -> bool:
        """Kill it; whether it was still there."""
        self.process.kill()
        return self.process.wait() == -signal.SIGKILL

    def close(self) -> None:
        """End it if it is still there."""
        self.process.kill()
        self.process.wait()
        os.close(self._ours)


@contextlib.contextmanager
def terminal(home: Path, *arguments: str) -> Iterator[Terminal]:
    """The program on a terminal, killed at the end."""
    running = Terminal(home, *arguments)
    try:
        yield running
    finally:
        running.close()


def draft_in(home: Path) -> str:
    """What the store has of what is typed."""
    with contextlib.suppress(InterviewerError), Store.open(home / "data") as store:
        turn = on_screen(store.load(store.find()))
        return turn.draft.text if turn is not None and turn.draft is not None else ""
    return ""


def answers_in(home: Path) -> list[str]:
    """The answers that the newest interview has."""
    with Store.open(home / "data") as store:
        return [a.text for t in store.load(store.find()).turns for a in t.answers]


def killed(folder: Path, seed: int) -> Trial:
    """Type, be killed, go on, and send: at least what was in the store before the kill is in the answer."""
    chance = random.Random(seed)
    home, found = folder / "home", Findings()
    count = chance.randint(3, len(_WORDS))
    typed = ""
    with terminal(home, "start", "-q", "kv-cache", "--grader", "fake", "--follow-ups", "0") as first:
        first.until(lambda: _READY in first.out)
        for word in _WORDS[:count]:
            typed += f"{word} "
            first.types(f"{word} ".encode())
            first.look()
        least = chance.choice((1, len(typed)))
        first.until(lambda: len(draft_in(home)) >= least)
        before = draft_in(home)
        was_there = first.kill()
    kept = draft_in(home)
    if not typed.startswith(kept) or len(kept) < len(before):
        found.lost.append(f"a draft: {kept!r} of {typed!r}, {before!r} was stored")
    with terminal(home, "resume", "--grader", "fake") as second:
        second.until(lambda: _READY in second.out.partition(b"What you had typed is back.")[2])
        second.types(b"and more" + _SEND)
        second.until(lambda: bool(answers_in(home)))
    if answers_in(home) != [f"{kept}and more"]:
        found.differing.append(f"an answer from a draft: {answers_in(home)} of {kept!r}")
    return Trial(Counter({"typing": int(was_there)}), found)
