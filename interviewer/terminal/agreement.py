"""Agreement with people on the terminal: tables from 60 columns on that read without colour, too."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel
from rich.console import Console, OverflowMethod, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from interviewer.evaluation.calibration import Calibration
from interviewer.evaluation.models import (
    Agreement,
    Bootstrap,
    Confusion,
    CriterionRow,
    Disagreement,
    Group,
    Humans,
    Measure,
    Scores,
    Verdicts,
)
from interviewer.evaluation.wording import (
    BETWEEN,
    CORRECT_MEASURES,
    CORRECT_RULES,
    SCORE_MEASURES,
    VERDICT_MEASURES,
    interval_told,
    number,
    value_of,
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
            self._measures(title, one, CORRECT_MEASURES)
        if report.humans is not None:
            self._humans(report.humans)
        self._repeats(report)
        self._groups("By kind", report.kinds)
        self._groups("By category", report.categories)
        self._groups("By question, the furthest apart first", report.questions)
        self._criteria(report.criteria)
        self._worst(report.worst)
        self._calibration(report.calibration)
        self._notes(report.notes, report.bootstrap)

    def _head(self, report: Agreement) -> None:
        grader = safe(report.grader.told) if report.grader else "unknown grader"
        sign = "-" if self._ascii else "─"
        title = Text(f"{grader}, beside people", theme.TITLE)
        self._print(Rule(title, align="left", style=theme.QUIET, characters=sign))
        cover = report.coverage
        lines = [
            f"{cover.labels:,} labelled answers to {report.bootstrap.questions:,} questions, "
            f"{cover.graded:,} graded."
        ]
        if cover.missing:
            lines.append(f"Without a line in the grades: {cover.missing:,}.")
        if cover.errors:
            lines.append(f"Not graded: {_counts(cover.errors)}.")
        if cover.flags:
            lines.append(f"Flags: {_counts(cover.flags)}.")
        if cover.criteria:
            lines.append(
                f"Not sure of {cover.not_sure:,} of {cover.criteria:,} criteria; right about "
                f"{number(cover.sure)} of the others, about {number(cover.unsure)} of these."
            )
        if 0 < cover.sure_answers < cover.graded:
            lines.append(
                f"{cover.sure_answers:,} answers without an unsure criterion: Pearson "
                f"{number(cover.sure_pearson)}, mean error {number(cover.sure_mean_error, 1)} points."
            )
        for line in lines:
            self._print(padded(Text(line), (0, 0, 0, 1)))

    def _scores(self, scores: Scores) -> None:
        self._measures(f"Scores, 0 to 100, {scores.answers:,} answers", scores, SCORE_MEASURES)
        human, machine = number(scores.human_mean, 1), number(scores.machine_mean, 1)
        told = f"Mean of people {human}, of the grader {machine}."
        if scores.with_unscored is not None and scores.with_unscored != scores.pearson.value:
            told += f" Pearson with answers without a grade as 0: {number(scores.with_unscored)}."
        self._print(padded(Text(told, theme.QUIET), (0, 0, 0, 1)))
        self._confusion("Bands: a row as people say, a column as the grader says", scores.bands)

    def _verdicts(self, verdicts: Verdicts) -> None:
        title = f"Criteria, {verdicts.verdicts:,} verdicts; shown is met or partial"
        self._measures(title, verdicts, VERDICT_MEASURES)
        cells = [
            (one.verdict.value, number(one.precision), number(one.recall), number(one.f1), f"{one.support:,}")
            for one in verdicts.by_verdict
        ]
        self._table("Each verdict", ("verdict", "precision", "recall", "F1", "by people"), cells)
        self._confusion("Verdicts: a row as people say, a column as the grader says", verdicts.confusion)

    def _humans(self, humans: Humans) -> None:
        columns = (humans.people, humans.first, humans.second, humans.both)
        cells = [
            (title, *(number(value_of(getattr(column, name)), decimals) for column in columns))
            for name, title, decimals in BETWEEN
        ]
        heads = ("", "people", "with 1st", "with 2nd", "with mean")
        title = f"Two people with each other, and the grader with them, {humans.answers:,} answers"
        self._table(title, heads, cells)

    def _repeats(self, report: Agreement) -> None:
        told = report.repeats
        if told is None:
            return
        self._section(f"Graded {told.runs} times, {told.answers:,} answers")
        lines = [
            f"Verdicts that changed: {number(told.flipped)} of {told.verdicts:,}; answers that changed "
            f"their band: {number(told.bands)}.",
            f"Highest less lowest score: {number(told.spread, 1)} points in the mean, "
            f"{number(told.largest_spread, 1)} at most.",
        ]
        for line in lines:
            self._print(padded(Text(line), (0, 0, 0, 1)))
        cells = [
            (safe(one.question), safe(one.id), f"{one.flipped} of {one.answers}")
            for one in told.criteria[:_MOST_ROWS]
        ]
        if cells:
            heads = ("question", "criterion", "changed")
            self._table("Criteria that changed most", heads, cells, words=2)

    def _groups(self, title: str, groups: Sequence[Group]) -> None:
        if not groups:
            return
        heads = ["", "answers", "people", "grader", "bias", "error", "Pearson", "criteria"]
        rows = [
            [
                safe(one.title),
                f"{one.answers:,}",
                *(number(value, 1) for value in (one.human, one.machine, one.bias, one.mean_error)),
                number(one.pearson),
                number(one.accuracy),
            ]
            for one in groups[:_MOST_ROWS]
        ]
        if self._is_narrow:  # the bias tells how the means differ
            for row in (heads, *rows):
                del row[2:4]
        self._table(title, heads, rows)
        self._more(len(groups) - _MOST_ROWS)

    def _criteria(self, criteria: Sequence[CriterionRow]) -> None:
        if len(criteria) < 2:
            return
        heads = ["question", "criterion", "verdicts", "right", "kappa", "precision", "recall"]
        rows = [
            [
                safe(one.question),
                safe(one.id),
                f"{one.verdicts:,}",
                *map(number, (one.accuracy, one.kappa, one.precision, one.recall)),
            ]
            for one in criteria[:_MOST_ROWS]
        ]
        if self._is_narrow:
            for row in (heads, *rows):
                del row[5:]
        self._table("By criterion, the worst first", heads, rows, words=2)
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
        held, kind = learned.held_out, learned.map.kind
        rows = [
            ("root mean squared", number(held.root_error_before, 1), number(held.root_error_after, 1)),
            ("mean error", number(held.mean_error_before, 1), number(held.mean_error_after, 1)),
            ("bias", number(held.bias_before, 1), number(held.bias_after, 1)),
        ]
        title = f"Map of scores ({kind}), on {held.folds} held-out parts, points"
        self._table(title, ("", "before", "after"), rows)

    def _notes(self, notes: Sequence[str], how: Bootstrap) -> None:
        self._print()
        for note in notes:
            self._print(Text(safe(note), theme.WARNING))
        self._print(Text(interval_told(how), theme.QUIET))

    def _measures(self, title: str, of: BaseModel, measures: Sequence[tuple[str, str, int]]) -> None:
        rows = []
        for name, told, decimals in measures:
            found = getattr(of, name)
            one = found if isinstance(found, Measure) else Measure(value=found)
            middle = "to" if one.low is not None else ""
            ends = [number(end, decimals) if middle else "" for end in (one.low, one.high)]
            rows.append((told, number(one.value, decimals), ends[0], middle, ends[1]))
        self._table(title, ("", "", "95 %", "", ""), rows)

    def _confusion(self, title: str, confusion: Confusion) -> None:
        rows = [
            (safe(label), *(f"{count:,}" for count in row))
            for label, row in zip(confusion.labels, confusion.counts, strict=True)
        ]
        self._table(title, ("", *map(safe, confusion.labels)), rows)

    def _table(
        self, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, words: int = 1
    ) -> None:
        """The first columns are words, cut where there is no room; the others are numbers, and never cut."""
        self._section(title)
        table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style=theme.QUIET)
        widths = [max(len(line[at]) for line in (heads, *rows)) for at in range(len(heads))]
        room = self._width - 1 - sum(width + _GAP for width in widths[words:])
        for at, head in enumerate(heads):
            if at < words:
                most = max(_LEAST_WORDS, room // words - _GAP)
                table.add_column(head, no_wrap=True, overflow=self._overflow, max_width=most)
            else:
                table.add_column(head, justify="right", no_wrap=True, width=widths[at])
        for row in rows:
            table.add_row(*map(Text, row))
        self._print(padded(table, (0, 0, 0, 1)))

    def _more(self, count: int) -> None:
        if count > 0:
            self._print(padded(Text(f"and {count:,} more: --json has all", theme.QUIET), (0, 0, 0, 1)))

    def _section(self, title: str) -> None:
        self._print()
        self._print(Text(title, theme.TITLE))

    def _print(self, *parts: RenderableType) -> None:
        self._console.print(*parts, width=self._width)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{safe(name)} {count:,}" for name, count in counts.items())
