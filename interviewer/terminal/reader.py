"""Where answers come from: piped text here, a person's keyboard in `prompt`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from interviewer.background import in_background
from interviewer.interview.timing import TimeLeft
from interviewer.terminal.commands import command_in, looks_like_command

#: A line with only this ends an answer in piped text.
SEPARATOR = "---"


class LeaveError(Exception):
    """The candidate left: Ctrl-C, or no more input. The message says more to the candidate, or is empty."""


class EndError(Exception):
    """The candidate ends the interview, and wants to see what it came to."""


class TimeUpError(Exception):
    """The time for an answer is over. The message is what was typed."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a reader needs to know of the question that it reads an answer to.

    draft: what was typed in an earlier sitting. keep: called with what is typed, now and then, and when the
    candidate leaves. left: the time that is left.
    """

    draft: str = ""
    keep: Callable[[str], None] = lambda _: None
    left: Callable[[], TimeLeft | None] = lambda: None

    @property
    def seconds_left(self) -> float | None:
        """Until a limit is reached; None without one."""
        left = self.left()
        return None if left is None else left.soonest


class Reader(Protocol):
    """Gives what the candidate says next, an answer or a command, exactly as said."""

    #: Whether what is read is already on the screen.
    echoes: bool

    async def read(self, moment: Moment) -> str:
        """The next answer. Raises LeaveError if there is none, EndError, TimeUpError."""

    async def aside(self) -> str | None:
        """After the end: a command that looks back, or None once the candidate is done."""

    async def confirm(self, question: str, *, default: bool) -> bool:
        """A yes or no; `default` where nobody can be asked."""


class PipedReader:
    """Answers from lines of text, divided by lines of `---`; a command stands on a line of its own."""

    echoes = False

    def __init__(self, lines: Iterable[str]) -> None:
        self._answers = split_answers(lines)
        self._coming: asyncio.Task[str | None] | None = None

    async def read(self, moment: Moment) -> str:
        """The next answer. Raises LeaveError at the end of the input, TimeUpError if it does not come."""
        left = moment.seconds_left
        try:
            # What comes too late is an answer to the next question, and is not lost.
            answer = await asyncio.wait_for(asyncio.shield(self._next()), left and max(0.0, left))
        except TimeoutError:
            raise TimeUpError("") from None
        self._coming = None
        if answer is None:
            raise LeaveError("The answers ended before the questions did.")
        return answer

    async def aside(self) -> str | None:
        """The next command; None at the end of the input."""
        answer = await self._next()
        self._coming = None
        return answer

    async def confirm(self, question: str, *, default: bool) -> bool:
        """`default`: nobody can be asked."""
        return default

    def _next(self) -> asyncio.Task[str | None]:
        if self._coming is None:
            # In a thread: a pipe may be slow, and what runs beside the conversation goes on meanwhile.
            reading = in_background(lambda: next(self._answers, None))
            self._coming = asyncio.ensure_future(reading)
        return self._coming


def split_answers(lines: Iterable[str]) -> Iterator[str]:
    """The answers and commands in `lines`, each as soon as it is complete; blank answers are left out.

    A command stands where an answer would begin; within an answer it is part of it. So does a line that
    looks like a command: most likely a slip, which is told.
    """
    held: list[str] = []
    has_begun = False
    for number, line in enumerate(lines):
        text = line.rstrip("\r\n")
        if number == 0:
            text = text.removeprefix("\ufeff")  # a byte order mark
        if text.strip() == SEPARATOR:
            if has_begun:
                yield "\n".join(held)
            held, has_begun = [], False
        elif not has_begun and (command_in(text) is not None or looks_like_command(text)):
            held = []
            yield text.strip()
        else:
            held.append(text)
            has_begun = has_begun or bool(text.strip())
    if has_begun:
        yield "\n".join(held)
