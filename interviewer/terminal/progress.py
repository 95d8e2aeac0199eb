"""Progress on the terminal: tables, sparklines and a heat map that read without colour, too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console, OverflowMethod, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from interviewer.memory.models import MOST_RESULTS, CategoryProgress, Progress, QuestionProgress, Week
from interviewer.memory.names import Names
from interviewer.memory.wording import due_told, next_due_told, times_missed, weakest_first
from interviewer.numbers import change, counted, decimal
from interviewer.terminal import theme
from interviewer.terminal.asking import padded, safe
from interviewer.text import one_line

_WIDEST = 100
_MOST_ROWS = 25  # questions in the table; the weakest are shown
_MOST_LINES = 10  # of what was missed, and of what is due
_REQUIREMENT_CHARACTERS = 200
_BARS = "▁▂▃▄▅▆▇█"
_CELL = 4  # columns of a week in the heat map
_NUMBERS = (("answers", 7), ("now", 4), ("mean", 4), ("trend", 5))  # and their columns, at least
_TITLE = 10  # columns of a heat map's titles, at least

NOTHING = "Nothing to look back on yet. Start with: interviewer start"


class ProgressScreen:
    """Writes to a rich console, from 60 columns on.

    plain: for screen readers: sentences in place of tables, bars and maps.
    """

    def __init__(self, console: Console, *, plain: bool = False) -> None:
        self._console = console
        self._plain = plain
        self._ascii = not (console.encoding or "").lower().startswith("utf")
        self._overflow: OverflowMethod = "crop" if self._ascii else "ellipsis"
        self._width = min(console.width, _WIDEST)

    def nothing(self) -> None:
        """There is no graded answer yet."""
        self._print(Text(NOTHING))
        self._print(Text("The fake grader's grades do not count here: it judges nothing.", theme.QUIET))

    def progress(self, progress: Progress, names: Names, now: datetime) -> None:
        """All that is known of one bank."""
        self._head(progress, names)
        by_id = {one.id: one for one in progress.categories}
        categories = [by_id[id] for id in names.in_order(by_id)]
        if categories:
            self._categories(categories, names)
            self._questions(progress.questions)
            self._weeks(categories, names)
        self._missed(progress, names)
        self._due(progress, now)

    def _head(self, progress: Progress, names: Names) -> None:
        answers = counted(progress.graded, "graded answer")
        self._rule(f"{safe(names.bank)}, {answers}", theme.TITLE)
        told = f"Now {_number(progress.now)}, mean of all {_number(progress.mean)}"
        trend = (
            f", last 4 weeks against the 4 before {change(progress.trend)}"
            if progress.trend is not None
            else ""
        )
        self._print(padded(Text(f"{told}{trend}."), (0, 0, 0, 1)))

    def _categories(self, categories: Sequence[CategoryProgress], names: Names) -> None:
        rows = [
            (names.category(one.id), one.graded, one.now, one.mean, one.trend, self._bar(one.now))
            for one in categories
        ]
        self._table("By category", "category", "", rows)

    def _questions(self, questions: Sequence[QuestionProgress]) -> None:
        weakest = weakest_first(questions)
        rows = [
            (one.id, one.graded, one.now, one.mean, one.trend, self._spark(one.results))
            for one in weakest[:_MOST_ROWS]
        ]
        self._table("By question, the weakest first", "question", "latest", rows)
        self._more(len(weakest) - _MOST_ROWS, "question")

    def _table(
        self,
        title: str,
        what: str,
        last: str,
        rows: Sequence[tuple[str, int, float | None, float | None, float | None, str]],
    ) -> None:
        """A row each: name, answers, score now, mean, trend, and a picture."""
        self._section(title)
        if self._plain:
            for name, graded, now, mean, trend, picture in rows:
                told = f"{safe(name)}: now {_number(now)}, mean {_number(mean)}"
                told_trend = f", trend {change(trend)}" if trend is not None else ""
                results = f", {last}: {picture}" if picture else ""
                self._print(Text(f"{told}{told_trend}, {counted(graded, 'answer')}{results}."))
            return
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style=theme.QUIET)
        limit = self._width - 2 - sum(width + 1 for _, width in _NUMBERS) - MOST_RESULTS
        table.add_column(what, no_wrap=True, overflow=self._overflow, max_width=limit)
        for head, width in _NUMBERS:
            table.add_column(head, justify="right", no_wrap=True, min_width=width)
        table.add_column(last, no_wrap=True, overflow=self._overflow, max_width=MOST_RESULTS)
        for name, graded, now, mean, trend, picture in rows:
            style = theme.QUIET if now is None else theme.score_style(now)
            cells = (str(graded), _number(now), _number(mean), change(trend))
            table.add_row(Text(safe(name)), *(Text(cell) for cell in cells), Text(picture, style))
        self._print(padded(table, (0, 0, 0, 1)))

    def _weeks(self, categories: Sequence[CategoryProgress], names: Names) -> None:
        """The heat map: a mean score each category and week."""
        fit = max(1, (self._width - 2 - _TITLE) // _CELL)
        shown = [(names.category(one.id), one.weeks[-fit:]) for one in categories]
        self._section("Mean score by week, from Monday on")
        if self._plain:
            for title, weeks in shown:
                told = [f"{week.monday}: {_number(week.mean)}" for week in weeks if week.graded]
                self._print(Text(f"{safe(title)}: {', '.join(told) or 'nothing in these weeks'}."))
            return
        mondays = [week.monday for week in shown[0][1]]
        table = Table.grid(padding=(0, 1, 0, 0))
        limit = self._width - 2 - _CELL * len(mondays)
        table.add_column(no_wrap=True, overflow=self._overflow, max_width=limit)
        for _ in mondays:
            table.add_column(justify="right", width=_CELL - 1, no_wrap=True)
        is_new = [i == 0 or mondays[i - 1].month != day.month for i, day in enumerate(mondays)]
        months = (f"{day:%b}" if new else "" for day, new in zip(mondays, is_new, strict=True))
        table.add_row("", *(Text(month, theme.QUIET) for month in months))
        table.add_row("", *(Text(str(day.day), theme.QUIET) for day in mondays))
        for title, weeks in shown:
            table.add_row(Text(safe(title)), *(self._cell(week) for week in weeks))
        counts = [sum(weeks[i].graded for _, weeks in shown) for i in range(len(mondays))]
        table.add_row(Text("answers", theme.QUIET), *(Text(str(n or ""), theme.QUIET) for n in counts))
        self._print(padded(table, (0, 0, 0, 1)))

    def _cell(self, week: Week) -> Text:
        if week.mean is None:
            return Text("." if self._ascii else "·", theme.QUIET)
        return Text(f"{week.mean:.0f}", theme.score_style(week.mean))

    def _missed(self, progress: Progress, names: Names) -> None:
        if not progress.missed:
            return
        self._section("Missed twice in a row or more")
        for point in progress.missed[:_MOST_LINES]:
            known = names.requirement(point.question, point.id)
            self._print(
                padded(Text(f"{safe(point.question)}, {times_missed(point)}", theme.ACCENT), (0, 0, 0, 1))
            )
            told = one_line(known, _REQUIREMENT_CHARACTERS) if known else safe(point.id)
            self._print(padded(Text(told), (0, 0, 0, 3)))
        self._more(len(progress.missed) - _MOST_LINES, "point")
        self._hint("Ask about these alone: interviewer start --mode drill")

    def _due(self, progress: Progress, now: datetime) -> None:
        if not progress.due and progress.next_due is None:
            return
        self._section("Due")
        for one in progress.due[:_MOST_LINES]:
            line = Text(safe(one.id), theme.ACCENT).append(f", {due_told(one)}")
            self._print(padded(line, (0, 0, 0, 1)))
        self._more(len(progress.due) - _MOST_LINES, "question")
        if progress.next_due is not None:
            self._print(padded(Text(next_due_told(progress, now)), (0, 0, 0, 1)))
        if progress.due:
            self._hint("Ask what is due: interviewer start --due")

    def _bar(self, score: float | None) -> str:
        if score is None or self._plain:
            return ""
        return theme.bar(score, 10, ascii_only=self._ascii)

    def _spark(self, scores: Sequence[float]) -> str:
        """A sign for each score, low to high; in ASCII its tens, 9 for 90 and above; in plain the numbers."""
        if self._plain:
            return ", ".join(map(decimal, scores))
        if self._ascii:
            return "".join(str(min(9, int(score / 10))) for score in scores)
        return "".join(_BARS[min(len(_BARS) - 1, int(score * len(_BARS) / 100))] for score in scores)

    def _more(self, left: int, what: str) -> None:
        if left > 0:
            self._print(
                padded(Text(f"and {counted(left, what)} more: --json has all", theme.QUIET), (0, 0, 0, 1))
            )

    def _hint(self, text: str) -> None:
        self._print(padded(Text(text, theme.QUIET), (0, 0, 0, 1)))

    def _section(self, title: str) -> None:
        self._print()
        self._print(Text(title, theme.TITLE))

    def _rule(self, title: str, style: str) -> None:
        sign = "-" if self._ascii else "─"
        line = Rule(Text(title, style), align="left", style=theme.QUIET, characters=sign)
        self._print(Text(title, style) if self._plain else line)

    def _print(self, *parts: RenderableType) -> None:
        self._console.print(*parts, width=self._width)


def _number(score: float | None) -> str:
    return "-" if score is None else decimal(score)
