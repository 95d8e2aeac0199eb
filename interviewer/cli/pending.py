"""What earlier interviews left open: answers without a grade that lasts, and disputes without a ruling."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import typer

from interviewer.cli import graders, hooks, wiring
from interviewer.errors import GraderError
from interviewer.grading.grader import Grader
from interviewer.grading.models import Grade
from interviewer.interview.events import AnswerGraded, DisputeFailed, DisputeSettled, Event, GradingFailed
from interviewer.interview.models import Failure
from interviewer.interview.session import Session
from interviewer.llm.usage import Prices, Usage, usage_text
from interviewer.numbers import counted
from interviewer.settings import Settings
from interviewer.store.store import Store
from interviewer.text import printable


def grade_pending(settings: Settings, id: str | None, *, quiet: bool) -> None:
    """Grade what is open, of the interview `id` or of all, and judge again what is in dispute.

    Raises GraderError if something stays open.
    """
    judge = graders.grader_of(settings)
    with Store.open(settings.folders.data) as store:
        one = store.find(id) if id else None
        wanted = [p.interview_id for p in store.pending(one)] + [d.interview_id for d in store.unsettled(one)]
        ids = list(dict.fromkeys(wanted))
        sessions = [Session(store.load(i), records=store, grader=judge, now=wiring.now) for i in ids]
        count = sum(len(session.ungraded()) for session in sessions)
        disputes = sum(len(session.unsettled()) for session in sessions)
        if not quiet:
            told = f"{count} to grade{_and_disputes(disputes)} in {len(ids)} interviews"
            others = len(wanted) - count - disputes
            left = f"; {others} more wait for a language model" if others else ""
            typer.echo(printable(f"{told}, by {wiring.describe(settings)}{left}"), err=True)
        done = hooks.run(_grade_all(sessions, judge, quiet=quiet))
    if not quiet:
        _tell_usage([*done.grades, *done.rulings], settings.prices)
    again = f", {len(done.rulings)} judged again" if disputes else ""
    typer.echo(f"{len(done.grades)} graded{again}, {len(done.failures)} still open")
    if done.failures:
        last = done.failures[-1].message
        raise GraderError(f"{len(done.failures)} have no grade yet: {last}")


def _and_disputes(many: int) -> str:
    if not many:
        return ""
    return f" and {counted(many, 'dispute')} to judge again"


@dataclass(frozen=True, slots=True)
class _Done:
    """rulings: what disputes came to. failures: of either."""

    grades: list[Grade] = field(default_factory=list)
    rulings: list[Grade] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def take(self, events: Iterable[Event]) -> None:
        """Add what `events` tell."""
        for event in events:
            match event:
                case AnswerGraded(grade=grade):
                    self.grades.append(grade)
                case DisputeSettled(grade=grade):
                    self.rulings.append(grade)
                case GradingFailed(failure=failure) | DisputeFailed(failure=failure):
                    self.failures.append(failure)


def _tell_usage(grades: Sequence[Grade], prices: Prices | None) -> None:
    """What the grades took, on stderr; nothing where no service was asked."""
    spent = [g.usage for g in grades if g.usage is not None and g.grader.kind != "fake"]
    if spent:
        kept = sum(g.cached for g in grades)
        told = usage_text(sum(spent, Usage()), prices)
        typer.echo(f"{told}, {kept} from the cache" if kept else told, err=True)


async def _grade_all(sessions: Iterable[Session], judge: Grader, *, quiet: bool) -> _Done:
    done = _Done()
    try:
        for session in sessions:
            for answer in session.ungraded():
                done.take(await session.grade(answer))
            for dispute in session.unsettled():
                done.take(await session.rule(dispute))
            if not quiet:
                open_ = len(session.ungraded()) + len(session.unsettled())
                told = "all graded" if not open_ else f"{open_} still open"
                typer.echo(printable(f"{session.interview.id}: {told}", keep=""), err=True)
    finally:
        await judge.aclose()
    return done
