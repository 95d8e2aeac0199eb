"""The answers of earlier interviews that could not be graded when they were given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import typer

from interviewer.cli import hooks, wiring
from interviewer.errors import GraderError
from interviewer.grading.grader import Grader
from interviewer.grading.models import Grade
from interviewer.interview.events import AnswerGraded, GradingFailed
from interviewer.interview.models import Failure
from interviewer.interview.session import Session
from interviewer.llm.usage import Prices, Usage, usage_text
from interviewer.settings import Settings
from interviewer.store.store import Store
from interviewer.text import printable


def grade_pending(settings: Settings, id: str | None, *, quiet: bool) -> None:
    """Grade what is open, of the interview `id` or of all. Raises GraderError if something stays open."""
    judge = wiring.grader_of(settings)
    with Store.open(settings.folders.data) as store:
        wanted = store.pending(store.find(id) if id else None)
        ids = list(dict.fromkeys(p.interview_id for p in wanted))
        sessions = [Session(store.load(i), records=store, grader=judge, now=wiring.now) for i in ids]
        count = sum(len(session.ungraded()) for session in sessions)
        if not quiet:
            told = f"{count} to grade in {len(ids)} interviews, by {wiring.describe(settings)}"
            others = len(wanted) - count
            left = f"; {others} more wait for a language model" if others else ""
            typer.echo(printable(f"{told}{left}"), err=True)
        grades, failures = hooks.run(_grade_all(sessions, judge, quiet=quiet))
    if not quiet:
        _tell_usage(grades, settings.prices)
    typer.echo(f"{len(grades)} graded, {len(failures)} still open")
    if failures:
        raise GraderError(f"{len(failures)} answers have no grade yet: {failures[-1].message}")


def _tell_usage(grades: Sequence[Grade], prices: Prices | None) -> None:
    """What the grades took, on stderr; nothing where no service was asked."""
    spent = [g.usage for g in grades if g.usage is not None and g.grader.kind != "fake"]
    if spent:
        kept = sum(g.cached for g in grades)
        told = usage_text(sum(spent, Usage()), prices)
        typer.echo(f"{told}, {kept} from the cache" if kept else told, err=True)


async def _grade_all(
    sessions: Iterable[Session], judge: Grader, *, quiet: bool
) -> tuple[list[Grade], list[Failure]]:
    graded: list[Grade] = []
    failures: list[Failure] = []
    try:
        for session in sessions:
            for wanted in session.ungraded():
                for event in await session.grade(wanted):
                    if isinstance(event, AnswerGraded):
                        graded.append(event.grade)
                    if isinstance(event, GradingFailed):
                        failures.append(event.failure)
            if not quiet:
                open_ = len(session.ungraded())
                told = "all graded" if not open_ else f"{open_} still open"
                typer.echo(printable(f"{session.interview.id}: {told}", keep=""), err=True)
    finally:
        await judge.aclose()
    return graded, failures
