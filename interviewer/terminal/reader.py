"""Where answers come from: piped text here, a person's keyboard in `prompt`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from interviewer.background import in_background
from interviewer.terminal.commands import looks_like_command, word_in

#: A line with only this ends an answer in piped text.
SEPARATOR = "---"


class LeaveError(Exception):
    """The candidate left: Ctrl-C, or no more input. The message says more to the candidate, or is empty."""


class Reader(Protocol):
    """Gives what the candidate says next, an answer or a command word, exactly as said."""

    #: Whether what is read is already on the screen.
    echoes: bool

    async def read(self) -> str:
        """The next answer. Raises LeaveError if there is none."""

    async def confirm(self, question: str, *, default: bool) -> bool:
        """A yes or no; `default` where nobody can be asked."""


class PipedReader:
    """Answers from lines of text, divided by lines of `---`; a command word stands on a line of its own."""

    echoes = False

    def __init__(self, lines: Iterable[str]) -> None:
        self._answers = split_answers(lines)

    async def read(self) -> str:
        """The next answer. Raises LeaveError at the end of the input."""
        # In a thread: a pipe may be slow, and what runs beside the conversation goes on meanwhile.
        answer = await in_background(lambda: next(self._answers, None))
        if answer is None:
            raise LeaveError("The answers ended before the questions did.")
        return answer

    async def confirm(self, question: str, *, default: bool) -> bool:
        """`default`: nobody can be asked."""
        return default


def split_answers(lines: Iterable[str]) -> Iterator[str]:
    """The answers and commands in `lines`, each as soon as it is complete; blank answers are left out.

    A command stands where an answer would begin; within an answer it is part of it. So does a line that
    looks like a command: most likely a slip, which is told.
    """
    held: list[str] = []
    for number, line in enumerate(lines):
        text = line.rstrip("\r\n")
        if number == 0:
            text = text.removeprefix("\ufeff")  # a byte order mark
        has_begun = any(part.strip() for part in held)
        if text.strip() == SEPARATOR:
            if has_begun:
                yield "\n".join(held)
            held = []
        elif not has_begun and (word_in(text) is not None or looks_like_command(text)):
            held = []
            yield text.strip()
        else:
            held.append(text)
    if any(part.strip() for part in held):
        yield "\n".join(held)
