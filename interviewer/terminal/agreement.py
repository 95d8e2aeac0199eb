"""Agreement with people on the terminal: tables from 60 columns on that read without colour, too."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console, OverflowMethod, RenderableType
from rich.rule import Rule
from rich.table import Table as Grid
from rich.text import Text

from interviewer.evaluation import tables
from interviewer.evaluation.calibration import Calibration
from interviewer.evaluation.models import (
    Agreement,
    Bootstrap,
    CriterionRow,
    Disagreement,
    Group,
    Repeats,
    Scores,
    Verdicts,
)
from interviewer.evaluation.tables import Table
from interviewer.evaluation.wording import (
    CORRECT_MEASURES,
    CORRECT_RULES,
    SCORE_MEASURES,
    VERDICT_MEASURES,
    interval_told,
    number,
)
from interviewer.terminal import theme
from interviewer.terminal.asking import padded, safe
from interviewer.text import one_line

_WIDEST = 120
_ROOMY = 76  # columns from which tables show all they have
_GAP, _LEAST_WORDS = 2, 8
_MOST_ROWS = 10
_ANSWER_CHARACTERS = 300
_REQUIREMENT_CHARACTERS = 160


class AgreementScreen:
    """Writes to a rich console."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._ascii = not (console.encoding or "").lower().startswith("utf")
        self._overflow: OverflowMethod = "crop" if self._ascii else "ellipsis"
        self._width = min(console.width, _WIDEST)
        self._is_narrow = self._width < _ROOMY

    def agreement(self, report: Agreement) -> None:
        """The whole report."""
        self._head(report)
        if report.scores is not None:
            self._scores(report.scores)
        if report.verdicts is not None:
            self._verdicts(report.verdicts)
        for one in report.correct:
            title = f"Correct against not, {CORRECT_RULES[one.rule]}, {one.answers:,} answers"
            self._table(title, tables.measures_table(one, CORRECT_MEASURES))
        if report.humans is not None:
            title = f"Two people with each other, and the grader with them, {report.humans.answers:,} answers"
            self._table(title, tables.humans_table(report.humans))
        if report.repeats is not None:
            self._repeats(report.repeats)
        self._groups("By kind", "kind", report.kinds)
        self._groups("By category", "category", report.categories)
        self._groups("By question, the furthest apart first", "question", report.questions)
        self._criteria(report.criteria)
        self._worst(report.worst)
        self._calibration(report.calibration)
        self._notes(report.notes, report.bootstrap)

    def _head(self, report: Agreement) -> None:
        grader = safe(report.grader.told) if report.grader else "unknown grader"
        sign = "-" if self._ascii else "─"
        title = Text(f"{grader}, beside people", theme.TITLE)
        self._print(Rule(title, align="left", style=theme.QUIET, characters=sign))
        for line in tables.coverage_told(report):
            self._line(line)

    def _scores(self, scores: Scores) -> None:
        title = f"Scores, 0 to 100, {scores.answers:,} answers"
        self._table(title, tables.measures_table(scores, SCORE_MEASURES))
        self._line(tables.scores_told(scores), theme.QUIET)
        title = "Bands: a row as people say, a column as the grader says"
        self._table(title, tables.confusion_table(scores.bands))

    def _verdicts(self, verdicts: Verdicts) -> None:
        title = f"Criteria, {verdicts.verdicts:,} verdicts; shown is met or partial"
        self._table(title, tables.measures_table(verdicts, VERDICT_MEASURES))
        self._table("Each verdict", tables.verdicts_table(verdicts))
        title = "Verdicts: a row as people say, a column as the grader says"
        self._table(title, tables.confusion_table(verdicts.confusion))

    def _repeats(self, repeats: Repeats) -> None:
        self._section(f"Graded {repeats.runs} times, {repeats.answers:,} answers")
        for line in tables.repeats_told(repeats):
            self._line(line)
        if repeats.criteria:
            self._table("Criteria that changed most", tables.changed_table(repeats), most=_MOST_ROWS)

    def _groups(self, title: str, head: str, groups: Sequence[Group]) -> None:
        if not groups:
            return
        table = tables.groups_table(groups, head)
        if self._is_narrow:  # the bias tells how the means differ
            table = table.without("people", "grader")
        self._table(title, table, most=_MOST_ROWS)
        self._more(len(groups) - _MOST_ROWS)

    def _criteria(self, criteria: Sequence[CriterionRow]) -> None:
        if len(criteria) < 2:
            return
        table = tables.criteria_table(criteria)
        if self._is_narrow:
            table = table.without("precision", "recall")
        self._table("By criterion, the worst first", table, most=_MOST_ROWS)
        self._more(len(criteria) - _MOST_ROWS)

    def _worst(self, worst: Sequence[Disagreement]) -> None:
        if not worst:
            return
        self._section("Furthest apart")
        for one in worst:
            head = Text(f"{safe(one.id)}, line {one.line}", theme.ACCENT)
            both = f": people {number(one.human, 1)}, grader {number(one.machine, 1)}"
            self._print(padded(head.append(both, "default"), (0, 0, 0, 1)))
            self._print(padded(Text(one_line(one.answer, _ANSWER_CHARACTERS), theme.QUOTE), (0, 0, 0, 3)))
            for side in one.criteria:
                line = f"{safe(side.id)}: people {side.human}, grader {side.machine}. "
                told = Text(line).append(one_line(side.requirement, _REQUIREMENT_CHARACTERS), theme.QUIET)
                self._print(padded(told, (0, 0, 0, 3)))
                for quote in side.quotes:
                    shown = one_line(quote, _REQUIREMENT_CHARACTERS)
                    self._print(padded(Text(f'"{shown}"', theme.QUOTE), (0, 0, 0, 5)))
                if side.reason:
                    self._print(padded(Text(one_line(side.reason, _ANSWER_CHARACTERS)), (0, 0, 0, 5)))
            if one.note:
                note = f"Note: {one_line(one.note, _ANSWER_CHARACTERS)}"
                self._print(padded(Text(note), (0, 0, 0, 3)))

    def _calibration(self, learned: Calibration | None) -> None:
        if learned is None:
            return
        title = f"Map of scores ({learned.map.kind}), on {learned.held_out.folds} held-out parts, points"
        self._table(title, tables.map_table(learned))

    def _notes(self, notes: Sequence[str], how: Bootstrap) -> None:
        self._print()
        for note in notes:
            self._print(Text(safe(note), theme.WARNING))
        self._print(Text(interval_told(how), theme.QUIET))

    def _table(self, title: str, table: Table, *, most: int | None = None) -> None:
        """Words are cut where there is no room; numbers never are. most: so many rows are shown."""
        self._section(title)
        rows = [[safe(cell) for cell in row] for row in (table.heads, *table.rows[:most])]
        widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
        room = self._width - 1 - sum(width + _GAP for width in widths[table.words :])
        grid = Grid(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style=theme.QUIET)
        for at, head in enumerate(rows[0]):
            if at < table.words:
                widest = max(_LEAST_WORDS, room // table.words - _GAP)
                grid.add_column(head, no_wrap=True, overflow=self._overflow, max_width=widest)
            else:
                grid.add_column(head, justify="right", no_wrap=True, width=widths[at])
        for row in rows[1:]:
            grid.add_row(*map(Text, row))
        self._print(padded(grid, (0, 0, 0, 1)))

    def _more(self, count: int) -> None:
        if count > 0:
            self._print(padded(Text(f"and {count:,} more: --json has all", theme.QUIET), (0, 0, 0, 1)))

    def _line(self, told: str, style: str = "") -> None:
        self._print(padded(Text(safe(told), style), (0, 0, 0, 1)))

    def _section(self, title: str) -> None:
        self._print()
        self._print(Text(title, theme.TITLE))

    def _print(self, *parts: RenderableType) -> None:
        self._console.print(*parts, width=self._width)
