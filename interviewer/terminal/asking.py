"""What the candidate sees before anything is graded: banner, questions, notes.

Nothing is imported here that is slow to import: the first question waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from interviewer.numbers import counted
from interviewer.terminal import theme
from interviewer.terminal.commands import MEANINGS
from interviewer.text import printable

_WIDEST = 100
_MOST_STEPS = 20
_KEYS_HELP = (
    "Keys: Ctrl-D sends, Ctrl-C pauses or quits, Ctrl-_ takes back, Up shows earlier answers, Ctrl-X Ctrl-E "
    "opens what is typed in $EDITOR, Ctrl-Z suspends. For a point of an earlier question say which: /why 3.2 "
    "is point 2 of question 3."
)


class Posed(Protocol):
    """What is shown of a question. minutes: its time guide."""

    @property
    def text(self) -> str: ...
    @property
    def minutes(self) -> float: ...


class Asking:
    """Writes to a rich console. Works without colour, without a terminal, and from 60 columns on.

    plain: for screen readers: no lines, bars or signs, words instead.
    """

    def __init__(self, console: Console, *, plain: bool = False) -> None:
        self.console = console
        self.plain = plain
        self._ascii = not (console.encoding or "").lower().startswith("utf")

    @property
    def width(self) -> int:
        """Columns used; long lines of prose are hard to read, so never over 100."""
        return min(self.console.width, _WIDEST)

    def banner(self, role: str, bank: str, minutes: Sequence[float], grader: str, how: str | None) -> None:
        """Who asks what, and who grades.

        bank: its id. minutes: the time guide of each question. how: how to get another grader, or None.
        """
        self._print()
        self._print(Text("Mock interview", theme.TITLE).append(f" · {safe(role)}", theme.ACCENT))
        plan = f"{counted(len(minutes), 'question')}, about {sum(minutes):.0f} minutes"
        self._print(Text(f"{plan} · bank {safe(bank)} · /help for commands", theme.QUIET))
        self._print(Text(f"Grader: {safe(grader)}", theme.QUIET))
        if how:
            self._print(Text(how, theme.WARNING))

    def question(
        self, question: Posed, number: int, count: int, category: str, *, again: bool, retry: bool = False
    ) -> None:
        """The question as it is asked. number: from 1. category: its title. retry: it has a grade already."""
        head = f"Question {number} of {count} · {safe(category)} · {question.minutes:g} min"
        if not self.plain and 1 < count <= _MOST_STEPS:
            head += f" · {theme.steps(number, count, ascii_only=self._ascii)}"
        self._rule(f"{head}{' · once more' if retry else ' · again' if again else ''}", theme.ACCENT)
        self._print(padded(Text(safe(question.text), theme.TITLE), (0, 1)))
        self._print()

    def points(self, probes: Sequence[str]) -> None:
        """What a drill asks about, in the probes of the criteria that were missed."""
        self._print(Text("This time, what was missed before:", theme.QUIET))
        for probe in probes:
            self._print(padded(Text(f"- {safe(probe)}"), (0, 2)))
        self._print()

    def follow_up(self, text: str) -> None:
        """A follow-up question."""
        self._rule("Follow-up", theme.ACCENT)
        self._print(padded(Text(safe(text), theme.TITLE), (0, 1)))
        self._print()

    def echo(self, text: str) -> None:
        """An answer that was not typed here, so that a log of the interview can be read."""
        self._print(padded(Text(safe(text), theme.QUIET), (0, 1, 1, 3)))

    def note(self, text: str) -> None:
        """A short message about the interview itself."""
        self._print(Text(safe(text), theme.QUIET))

    def warning(self, text: str, hint: str | None = None) -> None:
        """Something the candidate should know."""
        self._print(Text(safe(text), theme.WARNING))
        if hint:
            self._print(Text(safe(hint), theme.QUIET))

    def help(self) -> None:
        """The commands."""
        from rich.table import Table

        table = Table.grid(padding=(0, 2))
        for word, meaning in MEANINGS.items():
            table.add_row(Text(word.value, theme.ACCENT), Text(meaning))
        self._print(padded(table, (1, 1)))
        self._print(padded(Text(_KEYS_HELP, theme.QUIET), (0, 1, 1, 1)))

    def nudge(self, text: str | None) -> None:
        """A push in the right direction; None where the bank has none."""
        told = safe(text or "there is none for this question.")
        self._print(Text("Nudge: ", theme.ACCENT).append(told))

    def _rule(self, title: str, style: str) -> None:
        self._print()
        if self.plain:
            self._print(Text(title, style))
            return
        self._print(
            Rule(Text(title, style), align="left", style=theme.QUIET, characters="-" if self._ascii else "─")
        )

    def _print(self, *parts: object) -> None:
        self.console.print(*parts, width=self.width)


def padded(what: RenderableType, space: tuple[int, int] | tuple[int, int, int, int]) -> Padding:
    """`what` with space around it, but none at the ends of lines: output is piped, copied and compared."""
    return Padding(what, space, expand=False)


def safe(text: str) -> str:
    """Foreign text as it may be shown."""
    return printable(text)
