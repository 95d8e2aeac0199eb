"""What the candidate sees of grades: one method per thing shown, on top of what `asking` shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.text import Text

from interviewer.bank.models import Criterion, Question, Rubric
from interviewer.errors import NOT_SCORED
from interviewer.grading.models import CriterionGrade, Flag, Grade, Verdict, feedback_of
from interviewer.grading.score import Credited, credited, is_lost
from interviewer.interview.models import Dispute, Failure, Turn
from interviewer.interview.state import grades_of
from interviewer.llm.usage import Prices, usage_text
from interviewer.numbers import counted, decimal
from interviewer.terminal import theme
from interviewer.terminal.asking import Asking, padded, safe
from interviewer.text import one_line

if TYPE_CHECKING:
    from interviewer.interview.summary import Summary
    from interviewer.interview.timing import TimeLeft

_QUOTE_CHARACTERS = 160

VERDICT_STYLES = {
    Verdict.MET: "green",
    Verdict.PARTIAL: "yellow",
    Verdict.MISSING: "dim",
    Verdict.WRONG: "red",
}
_ASCII_SIGNS = {Verdict.MET: "+", Verdict.PARTIAL: "~", Verdict.MISSING: "-", Verdict.WRONG: "x"}

#: What a flag says to the candidate.
FLAG_TEXTS = {
    Flag.NOT_JUDGED: "Fake grader: nobody judged this answer. The verdicts only show how a grade looks.",
    Flag.EMPTY: "No words to grade in this answer.",
    Flag.RESTATED: "The answer only repeats the question.",
    Flag.INSTRUCTIONS: "Text that speaks to the grader was set aside; it counts neither for nor against you.",
    Flag.UNVERIFIED: "For some points the grader could not quote your words; they count as missing.",
    Flag.NOT_SURE: "The small local model is not sure of some points; what it expects is credited there.",
    Flag.DOUBTED: "On some points the local model sees it otherwise; look at them yourself.",
    Flag.PROVISIONAL: "Provisional: the service was out of reach and the local model stood in. "
    "`interviewer grade --pending` has it graded again.",
}


class Screen(Asking):
    """Writes to a rich console. Works without colour, without a terminal, and from 60 columns on.

    prices: what tokens cost; without them no cost is shown.
    """

    def __init__(self, console: Console, prices: Prices | None = None, *, plain: bool = False) -> None:
        super().__init__(console, plain=plain)
        self._prices = prices

    def verdict_view(
        self, grade: CriterionGrade, *, before: Sequence[Text] = (), after: Sequence[Text] = ()
    ) -> RenderableType:
        """A verdict with its quotes, and without what would help with a follow-up.

        before, after: lines above and below the quotes; how far opinions agree comes last.
        """
        quotes = [one_line(proof.quote, _QUOTE_CHARACTERS) for proof in grade.evidence]
        if self.plain:
            said = [Text(f"Your words: “{quote}”") for quote in quotes]
            agreement = [Text(grade.agreement)] if grade.votes else []
            verdict = Text(f"{str(grade.verdict).capitalize()}: ")
            head = [verdict.append_text(before[0]), *before[1:]] if before else [verdict]
            return Group(*head, *said, *after, *agreement)
        from rich.table import Table

        table = Table.grid(padding=(0, 1))
        table.add_column(width=9, no_wrap=True)
        table.add_column(ratio=1, overflow="fold")
        sign = _ASCII_SIGNS[grade.verdict] if self._ascii else grade.verdict.sign
        verdict = Text(f"{sign} {grade.verdict}", VERDICT_STYLES[grade.verdict])
        told = [Text(f"“{quote}”", theme.QUOTE) for quote in quotes]
        opinions = [Text(grade.agreement, theme.QUIET)] if grade.votes else []
        table.add_row(verdict, Group(*before, *told, *after, *opinions))
        return padded(table, (0, 2))

    def first_look(self, grade: Grade, score: float, rubric: Rubric) -> None:
        """Feedback while a follow-up is to come: what was shown, and nothing that gives the rest away."""
        self._score(score, rubric)
        for one in grade.criteria:
            if one.verdict is not Verdict.MISSING:
                self._print(self.verdict_view(one))
        still_open = len(grade.criteria) - sum(c.verdict is Verdict.MET for c in grade.criteria)
        self._print(Text(f"  {counted(still_open, 'point')} still open.", theme.QUIET))
        self._flags(grade)
        self._usage(grade)

    def feedback(self, turn: Turn) -> None:
        """All that is known of a graded turn: score, a line per criterion, what was missing."""
        grades = grades_of(turn)
        if turn.score is None or not grades:
            return
        self._score(turn.score, turn.rubric)
        self._criteria(turn, grades)
        self._misconceptions(grades[0], turn.question)
        if grades[0].delivery:
            titles = {d.id: d.title for d in turn.rubric.delivery}
            told = ", ".join(f"{safe(titles.get(d.id, d.id))} {d.level}" for d in grades[0].delivery)
            self._print(Text(f"  Delivery: {told}", theme.QUIET))
        for feedback in feedback_of(grades):
            self._print(padded(Text(safe(feedback)), (1, 2, 0, 2)))
        self._flags(*grades)
        self._usage(grades[-1])

    def outline(self, question: Question) -> None:
        """What a full answer holds."""
        self._print(padded(Text("A full answer: ", theme.ACCENT).append(safe(question.hint)), (1, 2, 0, 2)))

    def why(
        self,
        turn: Turn,
        number: int,
        criterion: Criterion,
        earned: Credited,
        grades: Sequence[Grade],
        dispute: Dispute | None,
    ) -> None:
        """One point in full: what it asks for, what it is worth, what was said, why, and how to disagree."""
        total = sum(c.weight for c in turn.question.criteria)
        worth = f"{100 * criterion.weight / total:.0f} % of the question's score"
        must = "; without it the score is capped" if criterion.must_have else ""
        self._print()
        self._criterion(criterion, _latest(criterion.id, earned, grades), number, earned.after_follow_up)
        told = [f"Worth {worth}{must}; you earned {100 * earned.credit:.0f} % of that."]
        if criterion.partial:
            told.append(f"Half of it: {safe(criterion.partial)}")
        if dispute is None:
            told.append(f"Not right? /dispute {number} and your reason has it judged again, once.")
        for line in told:
            self._print(padded(Text(line, theme.QUIET), (0, 2)))
        if dispute is not None:
            self._print(padded(Text(_dispute_text(dispute), theme.ACCENT), (0, 2)))

    def settled(self, turn: Turn, criterion_id: str) -> None:
        """What a dispute came to."""
        number, criterion = next(
            (n, c) for n, c in enumerate(turn.question.criteria, start=1) if c.id == criterion_id
        )
        dispute = next(d for d in turn.disputes if d.criterion == criterion_id)
        grade = dispute.grade
        self._print()
        self._print(Text(_dispute_text(dispute), theme.ACCENT))
        if grade is not None:
            self._criterion(criterion, grade.criteria[0], number)
            self._flags(grade)
            self._usage(grade)
        if turn.score is not None:
            self._score(turn.score, turn.rubric)

    def not_settled(self, failure: Failure) -> None:
        """A dispute that came to nothing: the verdict stands, and can be disputed again."""
        self._print(Text("Not judged again. ", theme.WARNING).append(safe(failure.message)))
        self._print(Text("The verdict stands; you can dispute it once more.", theme.QUIET))

    def time(self, used: float, left: TimeLeft | None) -> None:
        """The time that answering took, and what is left of the limits."""
        told = [f"Time used for answers: {theme.clock(used)}."]
        if left is not None and left.question is not None:
            told.append(f"Left for this one: {theme.clock(left.question)}.")
        if left is not None and left.total is not None:
            told.append(f"Left in all: {theme.clock(left.total)}.")
        self.note(" ".join(told))

    def failure(self, failure: Failure) -> None:
        """An answer that could not be graded: kept, and never scored by default."""
        told, then = (
            "Not graded yet. ",
            "Your answer is saved; `interviewer grade --pending` grades it later.",
        )
        if failure.code in NOT_SCORED:
            told, then = "Not scored. ", "Your answer is saved. It is in no average."
        self._print(Text(told, theme.WARNING).append(safe(failure.message)))
        self._print(Text(then, theme.QUIET))

    def summary(self, summary: Summary) -> None:
        """The interview by category."""
        self._rule("Summary", theme.TITLE)
        rows = [
            (safe(c.title), c.score, f"{c.graded} of {c.asked} graded" if c.asked else "not reached")
            for c in summary.by_category
        ]
        rows.append(("Overall", summary.score, summary.told))
        if self.plain:
            for title, score, told in rows:
                number = "no score" if score is None else f"{decimal(score)} of 100"
                self._print(Text(f"{title}: {number}, {told}."))
        else:
            self._print(padded(self._scores(rows), (0, 1)))
        if summary.usage is not None and any(grader.kind != "fake" for grader in summary.graders):
            kept = f"{counted(summary.cached, 'grade')} from the cache"
            spent = usage_text(summary.usage, self._prices)
            line = f"{spent}, {kept}" if summary.cached else spent
            self._print(padded(Text(line, theme.QUIET), (1, 1, 0, 1)))

    def _scores(self, rows: Sequence[tuple[str, float | None, str]]) -> RenderableType:
        """A row each: title, score from 0 to 100, and what is told of it."""
        from rich.table import Table

        table = Table.grid(padding=(0, 2))
        table.add_column(overflow="fold")
        table.add_column(justify="right")
        table.add_column()
        table.add_column(style=theme.QUIET)
        for title, score, told in rows:
            style = theme.score_style(score) if score is not None else theme.QUIET
            cells = theme.bar(score, 14, ascii_only=self._ascii) if score is not None else ""
            number = decimal(score) if score is not None else "–"
            table.add_row(Text(title), Text(number, style), Text(cells, style), Text(told))
        return table

    def _criteria(self, turn: Turn, grades: Sequence[Grade]) -> None:
        earned = {c.id: c for c in credited(grades, turn.question.criteria, turn.rubric)}
        disputes = {d.criterion: d for d in turn.disputes if d.grade is not None}
        for number, criterion in enumerate(turn.question.criteria, start=1):
            credit = earned[criterion.id]
            one = _latest(criterion.id, credit, grades)
            after = (
                [Text(_dispute_text(disputes[criterion.id]), theme.ACCENT)]
                if criterion.id in disputes
                else []
            )
            self._criterion(criterion, one, number, credit.after_follow_up, after)

    def _criterion(
        self,
        criterion: Criterion,
        grade: CriterionGrade,
        number: int,
        after_follow_up: bool = False,
        notes: Sequence[Text] = (),
    ) -> None:
        """One criterion in full: number, requirement, quotes, reason."""
        after = [Text(safe(grade.reason), theme.QUIET)] if grade.reason else []
        if after_follow_up and not is_lost(grade.verdict):
            after.append(Text(f"{grade.verdict} after follow-up", theme.ACCENT))
        head = Text(f"{number}. {safe(criterion.requirement)}")
        self._print(self.verdict_view(grade, before=[head], after=[*after, *notes]))

    def _misconceptions(self, grade: Grade, question: Question) -> None:
        by_id = {m.id: m for m in question.misconceptions}
        for asserted in grade.misconceptions:
            known = by_id[asserted.id]
            quote = one_line(asserted.evidence[0].quote, _QUOTE_CHARACTERS)
            line = Text(f"Misconception, −{asserted.penalty:g} points: ", "red")
            line.append(f"“{quote}” ", theme.QUOTE).append(safe(known.correction))
            self._print(padded(line, (0, 2)))

    def _flags(self, *grades: Grade) -> None:
        for flag in dict.fromkeys(flag for grade in grades for flag in grade.flags):
            if flag in FLAG_TEXTS:
                self._print(padded(Text(FLAG_TEXTS[flag], theme.WARNING), (0, 2)))
        for passage in (passage for grade in grades for passage in grade.withheld):
            quote = one_line(passage.quote, _QUOTE_CHARACTERS)
            self._print(padded(Text(f"“{quote}”", theme.QUIET), (0, 4)))

    def _usage(self, grade: Grade) -> None:
        """What a grade took; nothing where no service was asked."""
        if grade.cached:
            told = "From the cache: the same answer was graded before. --no-cache asks again."
        elif grade.usage is not None and grade.grader.kind != "fake":
            told = usage_text(grade.usage, self._prices)
        else:
            return
        self._print(padded(Text(told, theme.QUIET), (0, 2)))

    def _score(self, score: float, rubric: Rubric) -> None:
        band = rubric.band_of(score)
        if self.plain:
            self._print(Text(f"\nScore {decimal(score)} of 100: {safe(band.title)}."))
            return
        style = theme.score_style(score)
        cells = theme.bar(score, max(10, min(30, self.width - 40)), ascii_only=self._ascii)
        line = Text(f"{decimal(score)} ", f"bold {style}").append(cells, style)
        self._print()
        self._print(padded(line.append(f" {safe(band.title)}", theme.TITLE), (0, 1)))


def _dispute_text(dispute: Dispute) -> str:
    if dispute.outcome is None:
        return "Disputed; it is not judged again yet."
    return f"Disputed, and judged again: {dispute.outcome}."


def _latest(criterion_id: str, credit: Credited, grades: Sequence[Grade]) -> CriterionGrade:
    """The criterion's grade that its credit rests on: the last with that verdict."""
    found = [c for g in grades for c in g.criteria if c.id == criterion_id]
    fitting = [c for c in found if c.verdict is credit.verdict]
    return (fitting or found)[-1]
