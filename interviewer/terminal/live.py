"""What is on screen while an answer is graded: a spinner, and each verdict as soon as it is decided."""

from __future__ import annotations

from types import TracebackType

from rich.console import Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from interviewer.grading.models import CriterionGrade, Verdict
from interviewer.terminal import theme
from interviewer.terminal.screen import Screen


class LiveVerdicts:
    """A watcher of graders that shows while it is entered, and leaves nothing behind: the feedback follows.

    Without a terminal nothing is shown; a screen reader is told once.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._live: Live | None = None
        self._decided: dict[str, CriterionGrade] = {}
        self._waiting = 1

    def waiting_for(self, count: int) -> None:
        """How many grades are still to come."""
        self._waiting = count
        self._refresh()

    def verdict(self, grade: CriterionGrade) -> None:
        """Show a verdict. What is missing would help with a follow-up: it is only counted."""
        self._decided[grade.id] = grade
        self._refresh()

    def restart(self) -> None:
        """Forget what was shown."""
        self._decided.clear()
        self._refresh()

    def __enter__(self) -> LiveVerdicts:
        if self._screen.plain:
            self._screen.note("Grading.")
        elif self._screen.console.is_terminal:
            self._live = Live(self._view(), console=self._screen.console, transient=True)
            self._live.start(refresh=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()
        self._live = None
        self._decided.clear()

    def _refresh(self) -> None:
        if self._live is not None:
            self._live.update(self._view(), refresh=True)

    def _view(self) -> RenderableType:
        decided = self._decided.values()
        shown = [self._screen.verdict_view(one) for one in decided if one.verdict is not Verdict.MISSING]
        count = len(self._decided)
        told = "Grading…" if self._waiting < 2 else f"Grading {self._waiting} answers…"
        if count:
            told += f" {count} decided"
        return Group(*shown, Spinner("dots", Text(told, theme.QUIET)))
